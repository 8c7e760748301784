"""The threads of the web process: fetched work, and nobody keeps one of them for ever. One process, one thread, so that whoever waits is seen."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock

import pytest

from app.live import door
from app.live.door import Door, Guest
from app.serve import accepts, answers
from tests.live.conftest import free_port
from tests.processes import until

ANSWER_S = 5.0
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class House:
    """A process with one thread."""

    port: int
    process: "subprocess.Popen[bytes]"
    begun: Path
    release: Path

    def visit(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), ANSWER_S)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    port, begun, release = free_port(), tmp_path / "begun", tmp_path / "release"
    options = (
        f"--bind 127.0.0.1:{port} --workers 1 --threads 1 --keep-alive 2 --log-level warning --no-control-socket --graceful-timeout 30"
    )
    command = [sys.executable, "-m", "gunicorn", *options.split(), "--worker-class", "app.live.door.Door", "tests.live.echo:app"]
    environment = {**os.environ, "BEGUN": str(begun), "RELEASE": str(release)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        until(partial(answers, f"127.0.0.1:{port}"), within_s=60)
        yield House(port, process, begun, release)
    finally:
        release.touch()
        process.terminate()
        process.wait(30)


def ask(path: str, *headers: str) -> bytes:
    return "\r\n".join((f"GET {path} HTTP/1.1", "Host: here", *headers, "", "")).encode()


def heard(sock: socket.socket, end: bytes) -> bytes:
    """What comes until `end`, or until nothing more does."""
    found = b""
    while not found.endswith(end) and (more := sock.recv(4096)):
        found += more
    return found


def test_requests_on_one_connection_are_answered_in_their_order(house: House) -> None:
    with house.visit() as one:
        for path in ("/first", "/second"):
            one.sendall(ask(path))
            assert heard(one, path.encode()).startswith(b"HTTP/1.1 200")
        one.sendall(ask("/third") + ask("/fourth"))
        assert heard(one, b"/fourth").count(b"HTTP/1.1 200") == 2, "both, though they came together"


def test_who_says_nothing_and_who_does_not_hang_up_keep_nobody_waiting(house: House) -> None:
    silent = [house.visit() for _ in range(20)]
    for nth in range(20):
        silent.append(staying := house.visit())
        staying.sendall(ask(f"/{nth}", "Connection: close"))
        assert heard(staying, f"/{nth}".encode())
        assert staying.recv(1) == b"", "said to be the last answer"
    with house.visit() as late:
        late.settimeout(door.LAST_WORDS_S)  # all twenty took the thread for that long, one after the other, in gunicorn's own worker
        late.sendall(ask("/late"))
        assert heard(late, b"/late")
    for sock in silent:
        sock.close()


def test_a_parked_connection_is_closed_when_its_time_has_come(house: House) -> None:
    with house.visit() as kept, house.visit() as silent:
        kept.sendall(ask("/once"))
        assert heard(kept, b"/once")
        assert (kept.recv(1), silent.recv(1)) == (b"", b"")


def test_a_stop_answers_who_waits_be_it_before_the_door(house: House) -> None:
    with house.visit() as waiting, house.visit() as kept:
        waiting.sendall(ask("/slow"))
        until(house.begun.exists, within_s=ANSWER_S)
        kept.sendall(ask("/kept"))  # while the only thread is busy
        house.process.send_signal(signal.SIGTERM)
        until(lambda: not accepts(f"127.0.0.1:{house.port}"), within_s=ANSWER_S)
        house.release.touch()
        assert heard(waiting, b"/slow").startswith(b"HTTP/1.1 200")
        assert b"Connection: close" in heard(kept, b"/kept")
        assert (waiting.recv(1), kept.recv(1)) == (b"", b"")
    assert house.process.wait(20) == 0


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """(the phone, its connection here)"""
    phone, here = socket.socketpair()
    yield phone, here
    phone.close()
    here.close()


class Hurried(Door):
    """Without gunicorn around it: one connection is in work since the moment 0."""

    def __init__(self, sock: socket.socket) -> None:
        guest = object.__new__(Guest)
        guest.sock = sock
        self.begun, self._parked, self._parking = {guest: 0.0}, {}, Lock()


def read_whole(here: socket.socket) -> bytes:
    """As gunicorn reads a head: until it is whole, or the sender ends."""
    found = b""
    while not found.endswith(b"\r\n\r\n") and (more := here.recv(100)):
        found += more
    return found


def test_a_request_that_stops_half_way_is_given_up(pair: tuple[socket.socket, socket.socket]) -> None:
    phone, here = pair
    phone.sendall(b"GET / HT")
    worker = Hurried(here)
    with ThreadPoolExecutor(1) as threads:
        reading: Future[bytes] = threads.submit(read_whole, here)
        worker.hurry(door.ARRIVE_S)
        assert not reading.done()
        worker.hurry(door.ARRIVE_S + 1)
        assert reading.result(5) == b"GET / HT"
    here.sendall(b"408")
    assert phone.recv(3) == b"408", "an answer still goes out"


def test_an_answer_that_nobody_takes_is_given_up(pair: tuple[socket.socket, socket.socket]) -> None:
    worker = Hurried(pair[1])
    with ThreadPoolExecutor(1) as threads:
        sending = threads.submit(pair[1].sendall, b"x" * 10_000_000)
        worker.hurry(door.LONGEST_S + 1)
        with pytest.raises(OSError, match="pipe"):
            sending.result(5)
