"""A sender that stops half way keeps a thread of the web process for a while, not for ever."""

import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from gunicorn.workers.gthread import ThreadWorker

from app.live import handoff
from app.live.handoff import HandoffWorker


class Connection:
    """As gunicorn hands it out: known by identity."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """(the phone, its connection here)"""
    phone, here = socket.socketpair()
    yield phone, here
    phone.close()
    here.close()


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[HandoffWorker]:
    """Without gunicorn around it."""
    for name in ("enqueue_req", "finish_request", "murder_pending"):
        monkeypatch.setattr(ThreadWorker, name, lambda *_: None)
    worker = object.__new__(HandoffWorker)
    worker.busy, worker.begun = 0, {}
    yield worker
    for _, copy in worker.begun.values():
        copy.close()


def read_whole(here: socket.socket) -> bytes:
    """As gunicorn reads a head: until it is whole, or the sender ends."""
    found = b""
    while not found.endswith(b"\r\n\r\n") and (more := here.recv(100)):
        found += more
    return found


def test_a_request_that_stops_half_way_is_given_up(
    worker: HandoffWorker, pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, here = pair
    phone.sendall(b"GET / HT")
    with ThreadPoolExecutor(1) as threads:
        worker.enqueue_req(Connection(here))
        reading: Future[bytes] = threads.submit(read_whole, here)
        worker.murder_pending()
        assert not reading.done()
        monkeypatch.setattr(handoff, "ARRIVE_S", 0.0)
        worker.murder_pending()
        assert reading.result(5) == b"GET / HT"
    here.sendall(b"408")
    assert phone.recv(3) == b"408", "an answer still goes out"


def test_an_answer_that_nobody_takes_is_given_up(
    worker: HandoffWorker, pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, here = pair
    worker.enqueue_req(Connection(here))
    monkeypatch.setattr(handoff, "ARRIVE_S", 0.0)
    monkeypatch.setattr(handoff, "LONGEST_S", 0.0)
    with ThreadPoolExecutor(1) as threads:
        sending = threads.submit(here.sendall, b"x" * 10_000_000)
        worker.murder_pending()
        with pytest.raises(OSError, match="pipe"):
            sending.result(5)


def test_what_is_done_is_not_watched_any_more(worker: HandoffWorker, pair: tuple[socket.socket, socket.socket]) -> None:
    conn = Connection(pair[1])
    worker.enqueue_req(conn)
    ((_, copy),) = worker.begun.values()
    worker.finish_request(conn, None)
    assert (worker.busy, worker.begun, copy.fileno()) == (0, {}, -1)
