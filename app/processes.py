"""The processes behind the scenes: workers, and the relay with the tick."""

import signal
from threading import Event, Thread
from typing import Final

import click
import psycopg
import structlog
from redis import Redis

from app import logs, wiring
from app.adapters.hints import NEWS
from app.config import Settings, libpq, load_settings
from app.outbox.carry import Long
from app.outbox.relay import Relay
from app.outbox.tick import Tick
from app.subscriptions import CHORES, HANDLERS
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
    logs.configure(settings.log_level)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    thread = Thread(target=_tick, args=(settings, stop), name="tick")
    thread.start()
    try:
        redis = Redis.from_url(settings.redis_url, socket_timeout=REDIS_TIMEOUT_S, socket_connect_timeout=REDIS_TIMEOUT_S)
        alone = {kind for kind, handler in HANDLERS.items() if isinstance(handler, Long)}
        Relay(lambda: _direct(settings), redis, NEWS, alone, stop).run()
    finally:
        stop.set()
        thread.join()


def _tick(settings: Settings, stop: Event) -> None:
    """Should it ever end by itself, the relay ends too, and both are started again."""
    try:
        Tick(wiring.build(settings), CHORES, lambda: _direct(settings), stop).run()
    finally:
        stop.set()


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
