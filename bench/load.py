"""A light load generator: one thread, many connections, requests made beforehand as bytes. It takes some 40 microseconds a request.

Closed loop: every connection sends its next request when it has its answer; what is measured is the rate.
Open loop: requests leave on schedule whether answers came or not; latency counts from the scheduled time, so that a server that stalls cannot hide it.
"""

import selectors
import socket
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final, Self

HEAD_END: Final = b"\r\n\r\n"
CHUNK_BYTES: Final = 65_536
DRAIN_S: Final = 5.0


@dataclass(slots=True)
class Outcome:
    """What came of a run. `latencies_s` holds one number an answer; `bad` the first few answers that were not right."""

    seconds: float = 0.0
    latencies_s: list[float] = field(default_factory=list)
    bad: list[bytes] = field(default_factory=list)
    unanswered: int = 0
    disturbed_cores: float = 0.0
    """How many processors the machine's other work kept busy meanwhile."""

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies_s) / self.seconds

    def percentile_ms(self, percent: float) -> float:
        """Latency that `percent` of the answers do not exceed."""
        ordered = sorted(self.latencies_s)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] * 1000


class _Line:
    """One kept-alive connection with at most one request on its way."""

    __slots__ = ("address", "due", "rest", "sock")

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self.due = 0.0
        self.rest = b""
        self.sock = self._connected()

    def _connected(self) -> socket.socket:
        sock = socket.create_connection(self.address, 10)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock

    def send(self, request: bytes, due: float) -> None:
        self.due = due
        self.sock.sendall(request)

    def answer(self) -> bytes | None:
        """The whole answer, when it is all here."""
        chunk = self.sock.recv(CHUNK_BYTES)
        if not chunk:
            raise ConnectionResetError("the server closed a connection in the middle of an answer")
        self.rest += chunk
        end = self.rest.find(HEAD_END)
        if end < 0:
            return None
        head = self.rest[:end].lower()
        at = head.index(b"content-length:") + 15
        length = int(head[at:].split(b"\r\n", 1)[0])
        if len(self.rest) < end + 4 + length:
            return None
        whole, self.rest = self.rest, b""
        return whole


def _is_200(answer: bytes) -> bool:
    return answer.startswith(b"HTTP/1.1 200")


class Generator:
    """Sends `requests`, one after the other, over `connections` connections. `right`: whether an answer is as it must be."""

    def __init__(self, address: tuple[str, int], connections: int, right: Callable[[bytes], bool] = _is_200) -> None:
        self._right = right
        self._selector = selectors.DefaultSelector()
        self._lines = [_Line(address) for _ in range(connections)]
        for line in self._lines:
            self._selector.register(line.sock, selectors.EVENT_READ, line)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for line in self._lines:
            line.sock.close()
        self._selector.close()

    def closed(self, requests: Iterator[bytes], seconds: float) -> Outcome:
        """As fast as it goes, for a while or until the requests end."""
        outcome, began = Outcome(), perf_counter()
        waiting = 0
        for line in self._lines:
            waiting += self._next(line, requests)
        while waiting:
            for line in self._answered(outcome, 1.0):
                waiting -= 1
                if perf_counter() - began < seconds:
                    waiting += self._next(line, requests)
        outcome.seconds = perf_counter() - began
        return outcome

    def watch(self, sock: socket.socket, on_bytes: Callable[[], object]) -> None:
        """Call `on_bytes` whenever this other socket has something to read."""
        self._selector.register(sock, selectors.EVENT_READ, on_bytes)

    def open(self, requests: Iterator[bytes], rate: float, seconds: float) -> Outcome:
        """At a fixed rate."""
        outcome, began = Outcome(), perf_counter()
        idle, count = deque(self._lines), int(rate * seconds)
        sent = 0
        while sent < count or (len(idle) < len(self._lines) and perf_counter() - began < seconds + DRAIN_S):
            now = perf_counter() - began
            while sent < count and sent / rate <= now and idle:
                idle.popleft().send(next(requests), began + sent / rate)
                sent += 1
            wait = max(0.0, sent / rate - (perf_counter() - began)) if sent < count and idle else 0.02
            idle.extend(self._answered(outcome, min(wait, 0.02)))
        outcome.seconds = perf_counter() - began
        outcome.unanswered = count - len(outcome.latencies_s)
        return outcome

    @staticmethod
    def _next(line: _Line, requests: Iterator[bytes]) -> int:
        request = next(requests, None)
        if request is None:
            return 0
        line.send(request, perf_counter())
        return 1

    def _answered(self, outcome: Outcome, timeout_s: float) -> list[_Line]:
        done = []
        for key, _ in self._selector.select(timeout_s):
            if not isinstance(key.data, _Line):
                key.data()
                continue
            answer = key.data.answer()
            if answer is not None:
                outcome.latencies_s.append(perf_counter() - key.data.due)
                if not self._right(answer) and len(outcome.bad) < 5:
                    outcome.bad.append(answer)
                done.append(key.data)
        return done


def post(path: str, body: bytes, authorization: str, *more: str) -> bytes:
    """A request as bytes."""
    lines = (f"POST {path} HTTP/1.1", "Host: bench", f"Authorization: {authorization}", "Content-Type: application/json", *more)
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body
