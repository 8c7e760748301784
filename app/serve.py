"""`muster serve`: everything a small installation needs, under one supervisor, at one address."""

import logging
import socket
import ssl
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import click

from app.config import Settings, load_settings
from app.db.transaction import BypassRefusedError, make_engine, refuse_bypass
from app.setup import set_up
from app.supervisor import Emit, Program, Supervisor, print_line

LOG_BYTES_MAX: Final = 20_000_000
LOGS_KEPT: Final = 5
CONNECT_TIMEOUT_S: Final = 1.0
ANSWER_TIMEOUT_S: Final = 5.0
QUIET: Final = ('"level": "info"', '"level": "debug"')
"""Lines that go to the files only."""


def programs(settings: Settings) -> list[Program]:
    """Every process, as the supervisor keeps it."""
    muster = [sys.executable, "-c", "from app.cli import main; main()"]
    workers = [Program(f"worker{number}", [*muster, "worker"]) for number in range(1, settings.worker_processes + 1)]
    return [
        Program("live", [*muster, "live"], lambda: answers(settings.live_bind)),
        Program("web", [*muster, "web"], lambda: answers(settings.bind, tls=settings.tls_certificate is not None)),
        Program("relay", [*muster, "relay"]),
        *([Program("sms", [*muster, "sms"])] if settings.smscs_to_receive_from else []),
        *workers,
    ]


def keep(settings: Settings, *, on_ready: Callable[[], None], echo: Emit = print_line) -> int:
    """Run everything until told to stop; the exit status. Lines go to VAR_DIR/log, one file a process; what matters goes to `echo` too.

    Raises:
        click.ClickException: the database's run-time role could bypass the walls, or an address is taken.
    """
    _refuse(settings)
    with to_files(settings.var_dir / "log", echo) as emit:
        return Supervisor(programs(settings), emit=emit, on_ready=on_ready).run()


@contextmanager
def to_files(directory: Path, echo: Emit) -> Iterator[Emit]:
    """Write each program's lines into a file of its own, and hand on those that say more than that all goes well."""
    directory.mkdir(parents=True, exist_ok=True)
    files: dict[str, RotatingFileHandler] = {}

    def emit(name: str, line: str) -> None:
        if name not in files:
            files[name] = RotatingFileHandler(directory / f"{name}.log", maxBytes=LOG_BYTES_MAX, backupCount=LOGS_KEPT, encoding="utf-8")
        files[name].emit(logging.makeLogRecord({"msg": line}))
        if not any(word in line for word in QUIET):
            echo(name, line)

    yield emit
    for file in files.values():
        file.close()


def address(settings: Settings) -> list[str]:
    """What to tell whoever started it: where it is, and what will not work there."""
    url = settings.public_url
    return [f"Muster is at {url} (listening on {settings.bind})", f"For programs: {url}/api/v1/docs", *shortcomings(url)]


def shortcomings(public_url: str) -> list[str]:
    """What browsers do not do at an address without HTTPS."""
    url = urlsplit(public_url)
    if url.scheme == "https":
        return []
    if url.hostname in {"127.0.0.1", "localhost", "::1"}:
        return [
            "Without HTTPS it works on this machine only: for phones set TLS_CERTIFICATE, TLS_KEY and PUBLIC_URL=https://... (see deploy/)."
        ]
    return [
        "Without HTTPS, browsers give this address no location, no offline use and no notifications. Set TLS_CERTIFICATE and TLS_KEY",
        "(or put a proxy in front, see deploy/) and PUBLIC_URL=https://...",
    ]


@click.command
def serve() -> None:
    """Run everything: web, event stream, workers, relay. Ctrl-C ends it."""
    settings = load_settings()
    set_up(settings)
    sys.exit(keep(settings, on_ready=lambda: click.echo("\n".join(address(settings)))))


def _refuse(settings: Settings) -> None:
    engine = make_engine(settings.url_of("app"), pool_size=1)
    try:
        refuse_bypass(engine)
    except BypassRefusedError as error:
        raise click.ClickException(error.detail) from None
    finally:
        engine.dispose()
    for name, bind in (("BIND", settings.bind), ("LIVE_BIND", settings.live_bind)):
        if accepts(bind):
            raise click.ClickException(f"Somebody else listens at {bind}: end that, or choose another {name}.")


def answers(bind: str, *, tls: bool = False) -> bool:
    """Whether a process answers there. A gunicorn listens long before it does."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # it is ourselves we ask, by address
    with (
        suppress(OSError),
        socket.create_connection(_reached_at(bind), ANSWER_TIMEOUT_S) as plain,
        context.wrap_socket(plain) if tls else plain as asked,
    ):
        asked.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
        return b" 200 " in asked.recv(64)
    return False


def accepts(bind: str) -> bool:
    """Whether something listens there."""
    with suppress(OSError), socket.create_connection(_reached_at(bind), CONNECT_TIMEOUT_S):
        return True
    return False


def _reached_at(bind: str) -> tuple[str, int]:
    """Where to reach what listens at `bind`, from this machine."""
    host, _, port = bind.rpartition(":")
    return {"0.0.0.0": "127.0.0.1", "[::]": "::1"}.get(host, host.strip("[]")), int(port)  # noqa: S104  (compared, not bound)
