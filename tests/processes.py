"""Processes beside the tests, and waiting for them."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from threading import Event
from time import monotonic

from redis import Redis
from redis.exceptions import RedisError


def until(true: Callable[[], object], within_s: float = 90.0) -> None:
    """Wait for others' processes; fail when it does not come true."""
    end, pause = monotonic() + within_s, Event()
    while not true():
        assert monotonic() < end, "it did not come true in time"
        pause.wait(0.02)


class OwnRedis:
    """A Redis that can be killed and started again; what it held is gone then."""

    def __init__(self, directory: Path) -> None:
        self.url = f"unix://{directory}/redis.sock"
        self._command = ["redis-server", "--port", "0", "--unixsocket", f"{directory}/redis.sock", "--save", "", "--dir", str(directory)]
        self.client = Redis.from_url(self.url)

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        until(self.answers)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except RedisError:
            return False
