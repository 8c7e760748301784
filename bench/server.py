"""`muster serve` as a process of its own, on a database of its own, and what to look at beside it."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.error import URLError
from urllib.request import urlopen

import psycopg
from sqlalchemy.engine import make_url

from app.config import Settings, libpq
from app.db.transaction import Database, make_engine
from app.embedded.provision import drop_database
from app.embedded.server import free_port
from app.servers import KEEP_ALIVE_S
from bench.machine import parent_of
from tests.peers.world_outside import WorldOutside

ROOT: Final = Path(__file__).resolve().parents[1]
START_S: Final = 60.0
MUSTER: Final = (sys.executable, "-c", "from app.cli import main; main()")
PLAIN: Final = "bench.plain:create_app()"


@dataclass(slots=True)
class Server:
    """A running server. `pg` reads everything (the backup role); `roots` are the processes whose time is counted."""

    settings: Settings
    database: Database
    pg: "psycopg.Connection[Any]"
    outside: WorldOutside | None = None
    roots: dict[str, int] = field(default_factory=dict)

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        host, _, port = self.settings.bind.rpartition(":")
        return host, int(port)

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """What is in the database now."""
        with self.pg.transaction():
            return self.pg.execute(query.encode(), parameters).fetchall()

    def analyze(self) -> None:
        """Count what was written in bulk, as PostgreSQL does by itself within minutes: a plan made of an empty table's figures is nobody's."""
        with psycopg.connect(libpq(self.settings.url_of("owner")), autocommit=True) as owner:
            owner.execute("ANALYZE")


@contextmanager
def serving(*, threads: int | None = None, outside: WorldOutside | None = None) -> Iterator[Server]:
    """Everything `muster serve` runs, on a fresh database beside DATABASE_URL's. Gone at the end. It sends to the world `outside`."""
    given: dict[str, Any] = dict(outside.settings()) if outside else {}
    os.environ.update({name.upper(): value for name, value in given.items()})
    database_url = make_url(os.environ["DATABASE_URL"]).set(database="muster_bench", drivername="postgresql+psycopg")
    settings = Settings(
        database_url=database_url.render_as_string(hide_password=False),
        database_role_prefix="muster_bench",
        redis_url=os.environ["REDIS_URL"],
        secret_key=os.environ.get("SECRET_KEY") or secrets.token_urlsafe(32),
        bind=f"127.0.0.1:{free_port()}",
        live_bind=f"127.0.0.1:{free_port()}",
        var_dir=Path(os.environ.get("VAR_DIR", "var/bench")) / "bench",
        **({} if threads is None else {"web_threads": threads}),
    )
    drop_database(database_url, "muster_bench")
    process = started([*MUSTER, "serve"], settings)
    engine = make_engine(settings.url_of("app"))
    try:
        _await(process, f"http://{settings.bind}/readyz")
        with psycopg.connect(libpq(settings.url_of("backup"))) as pg:
            server = Server(settings, Database(engine), pg, outside)
            server.roots = {"muster": process.pid, "postgres": parent_of(pg.info.backend_pid)}
            yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        engine.dispose()
        drop_database(database_url, "muster_bench")


@contextmanager
def plain_beside(server: Server) -> Iterator[Server]:
    """The same work done the plain way (`bench/plain.py`), served by as many processes and threads, on the same database."""
    settings = server.settings.model_copy(update={"bind": f"127.0.0.1:{free_port()}"})
    options = [
        "--keep-alive",
        str(KEEP_ALIVE_S),
        "--bind",
        settings.bind,
        "--workers",
        str(settings.web_workers),
        "--threads",
        str(settings.web_threads),
    ]
    process = started([sys.executable, "-m", "gunicorn", "--log-level", "warning", "--no-control-socket", *options, PLAIN], settings)
    try:
        _await(process, f"http://{settings.bind}/healthz")
        yield Server(settings, server.database, server.pg, None, {"muster": process.pid, "postgres": server.roots["postgres"]})
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def started(command: list[str], settings: Settings) -> "subprocess.Popen[bytes]":
    """A process of Muster with these settings, besides those of the environment. It logs to a file."""
    names = (
        "database_url", "database_role_prefix", "redis_url", "secret_key", "bind", "live_bind", "var_dir", "web_workers", "web_threads"
    )  # fmt: skip
    environment = {**os.environ, **{name.upper(): str(getattr(settings, name)) for name in names}, "PYTHONPATH": str(ROOT)}
    environment["PUBLIC_URL"] = f"http://{settings.bind}"
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    log = (settings.var_dir / "serve.log").open("ab")
    return subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log)


def _await(process: "subprocess.Popen[bytes]", url: str) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            with urlopen(url, timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise SystemExit(f"The server did not come up at {url}.")
