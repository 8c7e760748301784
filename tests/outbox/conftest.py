"""A database and a Redis of its own for each module: the relay sees every organization, and Redis gets killed."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from redis import Redis
from sqlalchemy.engine import make_url

from app.adapters.clock import SystemClock
from app.config import Settings, libpq
from app.db.transaction import Database, make_engine
from app.embedded.provision import Urls, drop_database
from app.outbox.relay import Connection
from app.ports import Deps
from tests.conftest import PREFIX, SECRET
from tests.factories import deps_of
from tests.outbox.effects import TABLE
from tests.processes import OwnRedis

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def own_redis() -> Iterator[OwnRedis]:
    with TemporaryDirectory(prefix="muster") as directory:
        server = OwnRedis(Path(directory))
        server.start()
        yield server
        server.client.close()
        server.kill()


@pytest.fixture
def redis(own_redis: OwnRedis) -> Redis:
    own_redis.client.flushall()
    return own_redis.client


@pytest.fixture(scope="module")
def urls(new_database: Callable[[str], Urls], admin_url: str) -> Iterator[Urls]:
    name = f"muster_outbox_{os.getpid()}"
    made = new_database(name)
    with psycopg.connect(libpq(made.owner)) as connection:
        connection.execute(TABLE)
        connection.execute(f"GRANT INSERT ON effect TO {PREFIX}_app")
    yield made
    drop_database(admin_url, name)


@pytest.fixture(scope="module")
def settings(urls: Urls, own_redis: OwnRedis, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        database_url=urls.owner.render_as_string(hide_password=False),
        database_role_prefix=PREFIX,
        redis_url=own_redis.url,
        secret_key=SECRET,
        var_dir=Path(tmp_path_factory.mktemp("var")),
    )


@pytest.fixture(scope="module")
def database(urls: Urls) -> Iterator[Database]:
    engine = make_engine(urls.app)
    yield Database(engine)
    engine.dispose()


@pytest.fixture
def deps(settings: Settings, database: Database) -> Deps:
    nobody: Any = None
    return deps_of(settings=settings, database=database, clock=SystemClock(), identity=nobody)


@pytest.fixture
def relay_connection(urls: Urls) -> Iterator[Connection]:
    with psycopg.connect(libpq(urls.relay), autocommit=True) as connection:
        yield connection


Connect = Callable[[], "psycopg.Connection[Any]"]


@pytest.fixture
def connect(urls: Urls, admin_url: str) -> Connect:
    """A connection of the administrator, who sees behind the walls and can make time pass."""
    return lambda: psycopg.connect(libpq(make_url(admin_url).set(database=urls.owner.database)), autocommit=True)


@pytest.fixture
def owner(connect: Connect) -> Iterator["psycopg.Connection[Any]"]:
    """The administrator; the outbox is empty when the test begins."""
    with connect() as connection:
        connection.execute("TRUNCATE outbox, live_event, effect")
        yield connection


Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(settings: Settings) -> Iterator[Start]:
    """Start a process of Muster: `start("-m", "tests.outbox.effects")`. Killed at the end."""
    given = {
        name.upper(): str(getattr(settings, name))
        for name in ("database_url", "database_role_prefix", "redis_url", "secret_key", "var_dir")
    }
    running: list[subprocess.Popen[bytes]] = []

    def run(*arguments: str, **more: str) -> "subprocess.Popen[bytes]":
        environment = {**os.environ, **given, "PYTHONPATH": str(ROOT), **more}
        process = subprocess.Popen([sys.executable, *arguments], env=environment, cwd=ROOT)
        running.append(process)
        return process

    yield run
    for process in running:
        process.kill()
        process.wait()
