"""A whole Muster of its own, made to be killed: private PostgreSQL and Redis, `muster serve` with all its processes, and one who kills.

Only what was started here is killed, each by its process id. What serves is started again by `muster serve`; PostgreSQL and Redis by the
killer, as systemd would.
"""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any, Final

import psycopg
from sqlalchemy.engine import make_url

from app.config import Settings, libpq
from app.embedded.place import find_place
from app.embedded.server import Layout, ensure_running, free_port, main_pid
from app.embedded.services import Services, destroy
from app.setup import set_up
from tests.processes import until

PATIENCE_S: Final = 30.0
ROOT: Final = Path(__file__).resolve().parents[2]
MUSTER: Final = (sys.executable, "-c", "from app.cli import main; main()")
WORDS: Final = {"web": "app.factory", "live": "app.live", "relay": "main() relay", "worker": "main() worker", "sms": "main() sms"}
"""How a process is known by its command line."""


@dataclass
class House:
    """The running installation."""

    settings: Settings
    services: Services
    serve: "subprocess.Popen[bytes]"

    @property
    def address(self) -> tuple[str, int]:
        host, _, port = self.settings.bind.rpartition(":")
        return host, int(port)

    def ask(self, path: str, method: str = "GET") -> tuple[int, str]:
        """Status and content type of an answer; (0, "") when there is none."""
        connection = HTTPConnection(*self.address, timeout=10)
        try:
            connection.request(method, path)
            answer = connection.getresponse()
            answer.read()
        except (OSError, HTTPException):
            return 0, ""
        else:
            return answer.status, answer.getheader("Content-Type") or ""
        finally:
            connection.close()

    def kill(self, name: str, chance: random.Random) -> bool:
        """Kill -9 one process of this kind, if there is one now."""
        pids = self._pids(name)
        if not pids:
            return False
        with suppress(ProcessLookupError):
            os.kill(chance.choice(pids), signal.SIGKILL)
        if name in {"postgres", "redis"}:
            self.start_again(name)
        return True

    def stop(self, name: str) -> bool:
        """Kill PostgreSQL or Redis and leave it dead."""
        pids = self._pids(name)
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        return bool(pids)

    def start_again(self, name: str) -> None:
        """What nobody else starts again."""
        ensure_running(self._layout(name), find_place(self.services.var_dir))

    def _pids(self, name: str) -> list[int]:
        if name in {"postgres", "redis"}:
            layout = self._layout(name)
            main = main_pid(layout.data_dir, layout.pid_file)
            return [main] if main else []
        if name == "backend":
            with suppress(psycopg.OperationalError), self.administrator() as connection:
                query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                return [pid for (pid,) in connection.execute(query).fetchall()]
            return []
        return [pid for pid, command in descendants(self.serve.pid) if WORDS[name] in command]

    def _layout(self, name: str) -> Layout:
        return next(layout for layout in self.services._layouts if layout.name == name)

    @contextmanager
    def administrator(self) -> "Iterator[psycopg.Connection[Any]]":
        """Who sees behind the walls and can make time pass. Waits for a PostgreSQL that is still getting up after what was killed."""
        end = monotonic() + PATIENCE_S
        while True:
            try:
                connection = psycopg.connect(libpq(make_url(self.settings.database_url)), autocommit=True, connect_timeout=5)
                break
            except psycopg.OperationalError:
                if monotonic() > end:
                    raise
                Event().wait(0.1)
        with connection:
            yield connection


@contextmanager
def running(var_dir: Path, **given: Any) -> Iterator[House]:
    """Everything, on a database of its own; gone at the end. `given`: more settings, as text."""
    services = Services(var_dir, durable=False)
    try:
        with services as endpoints:
            settings = Settings(
                database_url=endpoints.database_url,
                redis_url=endpoints.redis_url,
                secret_key=endpoints.secret_key,
                bind=f"127.0.0.1:{free_port()}",
                live_bind=f"127.0.0.1:{free_port()}",
                var_dir=services.var_dir,
                **given,
            )
            set_up(settings)
            serve = _serve(settings, given)
            house = House(settings, services, serve)
            try:
                until(lambda: house.ask("/readyz")[0] == 200, within_s=180)
                yield house
            finally:
                serve.send_signal(signal.SIGTERM)
                serve.wait(60)
    finally:
        destroy(var_dir)


def _serve(settings: Settings, given: dict[str, Any]) -> "subprocess.Popen[bytes]":
    names = ("database_url", "redis_url", "secret_key", "bind", "live_bind", "var_dir")
    environment = {**os.environ, **{name.upper(): str(getattr(settings, name)) for name in names}, "PYTHONPATH": str(ROOT)}
    environment |= {"PUBLIC_URL": f"http://{settings.bind}", **{name.upper(): str(value) for name, value in given.items()}}
    return subprocess.Popen([*MUSTER, "serve"], env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)


def descendants(root: int) -> list[tuple[int, str]]:
    """Living processes started by `root`, directly or not, each with its command line."""
    parents: dict[int, int] = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with suppress(OSError):
                stat = Path(f"/proc/{entry.name}/stat").read_text().rpartition(")")[2].split()
                if stat[0] != "Z":
                    parents[int(entry.name)] = int(stat[1])
    found = [pid for pid in parents if pid != root and root in _ancestors(pid, parents)]
    return [(pid, command) for pid in found if (command := _command(pid))]


def _ancestors(pid: int, parents: dict[int, int]) -> Iterator[int]:
    at: int | None = pid
    while at is not None:
        yield at
        at = parents.get(at)


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""
