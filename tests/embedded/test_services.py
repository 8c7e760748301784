import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from sqlalchemy.engine import make_url

from app.config import libpq
from app.embedded import server
from app.embedded.errors import EmbeddedError
from app.embedded.place import find_place
from app.embedded.services import Endpoints, Services, destroy, over_tcp


@pytest.fixture(scope="module")
def var_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One directory for the module: initdb costs a second or two. Not below pytest's own, which no other user
    may enter; with a name that settings files must quote."""
    path = Path("var").resolve() / f"it's embedded {os.getpid()}"
    yield path
    destroy(path)


def services(var_dir: Path) -> Services:
    return Services(var_dir, durable=False)


def connect(endpoints: Endpoints) -> psycopg.Connection:
    return psycopg.connect(libpq(make_url(endpoints.database_url).set(database="postgres")), autocommit=True)


def postgres_pid(var_dir: Path) -> int | None:
    data = find_place(var_dir).base / "postgres/data"
    return server.main_pid(data, data / "postmaster.pid")


def redis_pid(var_dir: Path) -> int | None:
    data = find_place(var_dir).base / "redis"
    return server.main_pid(data, data / "redis.pid")


def test_the_servers_answer_as_an_ordinary_user_and_are_gone_afterwards(var_dir: Path) -> None:
    with services(var_dir) as endpoints:
        with connect(endpoints) as connection:
            assert connection.execute("SELECT count(*) FROM pg_available_extensions WHERE name = 'postgis'").fetchone() == (1,)
        with redis.Redis.from_url(endpoints.redis_url) as client:
            assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        pids = [postgres_pid(var_dir), redis_pid(var_dir)]
        assert all(pid and Path(f"/proc/{pid}").stat().st_uid != 0 for pid in pids)
    assert [postgres_pid(var_dir), redis_pid(var_dir)] == [None, None]


def test_data_and_secrets_are_there_on_the_second_run(var_dir: Path) -> None:
    with services(var_dir) as first, connect(first) as connection, redis.Redis.from_url(first.redis_url) as client:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (id int); INSERT INTO kept VALUES (1)")
        client.set("kept", "yes")
    with services(var_dir) as second, connect(second) as connection, redis.Redis.from_url(second.redis_url) as client:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1,)
        assert client.get("kept") == b"yes"
        assert second.secret_key == first.secret_key
    assert (var_dir / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_killed_servers_are_started_again_over_their_stale_pid_files(var_dir: Path) -> None:
    """The pid file that kill -9 leaves is rewritten to name a living stranger: this process."""
    with services(var_dir) as endpoints:
        with connect(endpoints) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS survives ()")
        for pid in (postgres_pid(var_dir), redis_pid(var_dir)):
            assert pid
            os.kill(pid, signal.SIGKILL)
        stale = find_place(var_dir).base / "postgres/data/postmaster.pid"
        _, rest = stale.read_text().split("\n", 1)
        stale.write_text(f"{os.getpid()}\n{rest}")
        with services(var_dir) as again, connect(again) as connection:
            assert connection.execute("SELECT to_regclass('survives') IS NOT NULL").fetchone() == (True,)


def test_servers_left_by_a_killed_user_are_taken_over_and_not_started_twice(var_dir: Path) -> None:
    command = ["python", "-m", "app.embedded", "run", "--throwaway", str(var_dir), "sh", "-c", "kill -9 $PPID"]
    killed = subprocess.run([".venv/bin/" + command[0], *command[1:]], check=False, env={"PATH": os.environ["PATH"]})
    left = (postgres_pid(var_dir), redis_pid(var_dir))
    assert killed.returncode == -signal.SIGKILL
    assert None not in left
    with services(var_dir):
        assert (postgres_pid(var_dir), redis_pid(var_dir)) == left
    assert postgres_pid(var_dir) is None


def test_the_last_user_stops_the_servers_and_not_the_first(var_dir: Path) -> None:
    first, second = services(var_dir), services(var_dir)
    first.start()
    endpoints = second.start()
    first.stop()
    with connect(endpoints) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    second.stop()
    assert postgres_pid(var_dir) is None


def test_a_taken_port_is_left_to_its_owner(var_dir: Path) -> None:
    with services(var_dir):
        port_file = find_place(var_dir).base / "redis.port"
        port = int(port_file.read_text())
    with socket.create_server(("127.0.0.1", port)), services(var_dir) as endpoints:
        assert make_url(endpoints.redis_url).port not in {None, port}


def test_values_of_failed_statements_stay_out_of_the_log(var_dir: Path) -> None:
    with services(var_dir) as endpoints, connect(endpoints) as connection:
        connection.execute("CREATE TEMP TABLE t (name text UNIQUE)")
        for _ in range(2):
            try:
                connection.execute("INSERT INTO t VALUES ('canary-name')")
            except psycopg.errors.UniqueViolation:
                continue
    log = (var_dir / "log/postgres.log").read_text()
    assert "violates unique constraint" in log
    assert "canary-name" not in log


def test_the_administrator_needs_the_password_on_every_way_in(var_dir: Path) -> None:
    with services(var_dir) as endpoints:
        url = make_url(endpoints.database_url).set(database="postgres")
        port = int((find_place(var_dir).base / "postgres.port").read_text())
        for way in (url, make_url(over_tcp(url.render_as_string(hide_password=False), port))):
            psycopg.connect(libpq(way)).close()
            with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
                psycopg.connect(libpq(way.set(password="wrong")))
        with redis.Redis.from_url(endpoints.redis_url.replace("://:", "://:x")) as client, pytest.raises(redis.AuthenticationError):
            client.ping()


def test_secrets_that_do_not_fit_the_data_are_named_as_the_cause(var_dir: Path) -> None:
    vault = var_dir / "secrets.json"
    kept = vault.read_text()
    vault.unlink()
    try:
        with pytest.raises(EmbeddedError, match=r"secrets\.json"):
            services(var_dir).__enter__()
    finally:
        vault.write_text(kept)


def test_servers_in_use_are_not_deleted(var_dir: Path) -> None:
    with services(var_dir), pytest.raises(EmbeddedError, match="in use"):
        destroy(var_dir)


def test_given_servers_are_used_and_none_is_started(tmp_path: Path) -> None:
    with Services(tmp_path, database_url="postgresql://given", redis_url="redis://given") as endpoints:
        assert (endpoints.database_url, endpoints.redis_url) == ("postgresql://given", "redis://given")
        assert not list(tmp_path.glob("*.port"))


def test_a_directory_no_other_user_may_enter_is_left_for_one_that_they_may(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    place = find_place(closed)
    assert (place.base == closed) is (os.geteuid() != 0)
    if place.base != closed:
        place.base.rmdir()


def test_a_path_too_long_for_a_socket_does_without_or_moves(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 100)
    deep.mkdir()
    place = find_place(deep)
    assert place.socket_dir is None or len(str(place.socket_dir)) < 90
    if place.base != deep:
        place.base.rmdir()
