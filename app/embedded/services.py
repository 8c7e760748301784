"""PostgreSQL and Redis for as long as someone needs them."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from sqlalchemy.engine import make_url

from app.embedded.errors import EmbeddedError
from app.embedded.place import find_place, make_var
from app.embedded.postgres import admin_url, postgres_layout
from app.embedded.redis import redis_layout, redis_url
from app.embedded.server import Layout, ensure_running, stop
from app.embedded.vault import open_vault

DATABASE: Final = "muster"


@dataclass(frozen=True, slots=True, repr=False)
class Endpoints:
    """Where the servers answer. `database_url` is the administrator's, on a database that `provision` has yet to make."""

    database_url: str
    redis_url: str
    secret_key: str


class Services:
    """Private servers under `var_dir`, except where a URL of an existing one is given.

    Several processes may use the same `var_dir`: the first starts the servers, the last one to leave stops them, and a process
    that is killed counts as gone.
    """

    def __init__(self, var_dir: Path, *, database_url: str | None = None, redis_url: str | None = None, durable: bool = True) -> None:
        self.var_dir = var_dir.resolve()
        self._database_url = database_url
        self._redis_url = redis_url
        self._durable = durable
        self._layouts: list[Layout] = []
        self._hold: IO[str] | None = None

    @property
    def log_dir(self) -> Path:
        """Where the servers write their logs, and our processes may too."""
        return self.var_dir / "log"

    def start(self) -> Endpoints:
        """Start what is not running. Raises `EmbeddedError`."""
        make_var(self.var_dir)
        with self._alone():
            vault = open_vault(self.var_dir / "secrets.json")
            self._hold = (self.var_dir / "users.lock").open("w")
            fcntl.flock(self._hold, fcntl.LOCK_SH)
            database_url = self._database_url or self._start_postgres(vault.postgres_password)
            url = self._redis_url or self._start_redis(vault.redis_password)
        return Endpoints(database_url, url, vault.secret_key)

    def stop(self) -> None:
        """Stop the servers, unless another process uses them."""
        if self._hold is None:
            return
        with self._alone(), self._hold as hold:
            self._hold = None
            try:
                fcntl.flock(hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            for layout in self._layouts:
                stop(layout.data_dir, layout.pid_file)

    def __enter__(self) -> Endpoints:
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _start_postgres(self, password: str) -> str:
        place = find_place(self.var_dir)
        layout = postgres_layout(place, password, durable=self._durable)
        self._layouts.append(layout)
        port = ensure_running(layout, place)
        return admin_url(place, password, port).set(database=DATABASE).render_as_string(hide_password=False)

    def _start_redis(self, password: str) -> str:
        place = find_place(self.var_dir)
        layout = redis_layout(place, password)
        self._layouts.append(layout)
        return redis_url(password, ensure_running(layout, place))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Starting and stopping exclude each other, across processes."""
        with (self.var_dir / "start.lock").open("w") as mutex:
            fcntl.flock(mutex, fcntl.LOCK_EX)
            yield


def destroy(var_dir: Path) -> None:
    """Delete the servers of `var_dir` with all their data, and `var_dir`. Raises `EmbeddedError` while somebody uses them."""
    var_dir = var_dir.resolve()
    if not var_dir.exists():
        return
    with (var_dir / "users.lock").open("w") as hold:
        try:
            fcntl.flock(hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EmbeddedError(f"{var_dir} is in use by a running muster: stop that first.") from None
        base = find_place(var_dir).base
        stop(base / "postgres/data", base / "postgres/data/postmaster.pid")
        stop(base / "redis", base / "redis/redis.pid")
        for directory in {base, var_dir}:
            shutil.rmtree(directory)


def over_tcp(url: str, port: int) -> str:
    """The same URL through 127.0.0.1, for tools that cannot reach the socket."""
    return make_url(url).set(host="127.0.0.1", port=port, query={}).render_as_string(hide_password=False)
