"""The processes behind the scenes: workers, the relay with the tick, and the receiver of SMS."""

import signal
from collections.abc import Callable
from functools import partial
from threading import Event, Thread
from typing import Final

import click
import psycopg
import structlog
from redis import Redis

from app import logs, wiring
from app.adapters.hints import NEWS
from app.adapters.sms.receiver import Receiver
from app.config import Settings, libpq, load_settings
from app.messaging import receipts
from app.outbox.carry import Long
from app.outbox.relay import Relay
from app.outbox.tick import Tick
from app.subscriptions import CHORES, HANDLERS, URGENT
from app.worker import run

REDIS_TIMEOUT_S: Final = 5.0

_log = structlog.get_logger("processes")


@click.command
def worker() -> None:
    """Run one worker."""
    run(load_settings())


@click.command
def relay() -> None:
    """Run the relay, and the tick if no other relay runs it."""
    settings = load_settings()
    stop = _begin(settings)
    thread = Thread(target=_tick, args=(settings, stop), name="tick")
    thread.start()
    try:
        redis = Redis.from_url(settings.redis_url, socket_timeout=REDIS_TIMEOUT_S, socket_connect_timeout=REDIS_TIMEOUT_S)
        alone = {kind for kind, handler in HANDLERS.items() if isinstance(handler, Long)}
        Relay(lambda: _direct(settings), redis, NEWS, alone, stop, URGENT).run()
    finally:
        stop.set()
        thread.join()


@click.command
def sms() -> None:
    """Receive what the SMSCs of the settings bring: receipts, and what people send back."""
    settings = load_settings()
    smscs = settings.smscs_to_receive_from
    if not smscs:
        raise click.ClickException("SMS_PROVIDERS names no SMSC to receive from (kind smpp).")
    stop = _begin(settings)
    take = partial(receipts.take, wiring.build(settings))
    threads = [Thread(target=_until_stopped, args=(Receiver(smsc, settings, take, stop).run, stop), name=smsc.name) for smsc in smscs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _begin(settings: Settings) -> Event:
    """Logs, and what is set by a signal to end."""
    logs.configure(settings.log_level)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _until_stopped(run: Callable[[], None], stop: Event) -> None:
    """Should it ever end by itself, the process ends too, and is started again."""
    try:
        run()
    finally:
        stop.set()


def _tick(settings: Settings, stop: Event) -> None:
    _until_stopped(lambda: Tick(wiring.build(settings), CHORES, lambda: _direct(settings), stop).run(), stop)


def _direct(settings: Settings) -> "psycopg.Connection[tuple[object, ...]]":
    """A connection of the relay's role that stays open; notices that the other side is gone within seconds."""
    return psycopg.connect(
        libpq(settings.url_of("relay")),
        autocommit=True,
        connect_timeout=5,
        application_name="muster relay",
        keepalives_idle=10,
        options="-c timezone=UTC",
    )
