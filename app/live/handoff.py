"""One public address for everything: a web process passes the sockets of event streams on, instead of holding a thread for each.

1. `HandoffWorker` is our threaded worker of gunicorn (`door`). A request for the stream is not given to the application: its socket, TLS and all,
   goes to the `Splicer` with a fresh connection to the live process, to which the request's head is repeated.
2. The `Splicer`, one thread for each web process, copies bytes from live process to browser until either ends. All checks are the
   live process's; nothing is changed on the way.
3. A browser that is slow to read stops the copying of its own stream only; the live process then ends it, and the browser comes back.
Every other request takes the way it always took, so the pings pay nothing for this. In front of many servers a proxy does the same.
"""

import json
import selectors
import socket
import ssl
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from typing import Any, Final

import structlog

from app.config import load_settings
from app.errors import Unavailable
from app.live import STREAM_PATH
from app.live.door import Door

CHUNK_BYTES: Final = 65_536
CONNECT_TIMEOUT_S: Final = 2.0
PASSED_ON: Final = frozenset({"HOST", "COOKIE", "LAST-EVENT-ID", "ACCEPT", "USER-AGENT"})
"""Headers the live process needs; none of them says anything about the connection."""
_NOT_NOW: Final = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)

_log = structlog.get_logger("handoff")


@dataclass(eq=False, slots=True)
class Pair:
    """A browser and the live process's side of its stream; `rest` is what the browser was too slow to take."""

    browser: socket.socket
    live: socket.socket
    rest: bytes = b""


class Splicer:
    """Copies streams to browsers in one thread. `adopt` may be called from any thread."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._arrived: deque[Pair] = deque()
        self._bell, bell_end = socket.socketpair()
        bell_end.setblocking(False)
        self._selector.register(bell_end, selectors.EVENT_READ)
        self._bell_end = bell_end
        Thread(target=self._run, name="splicer", daemon=True).start()

    def adopt(self, browser: socket.socket, live: socket.socket) -> None:
        """Copy from `live` to `browser` until one of them ends; both are closed then."""
        browser.setblocking(False)
        live.setblocking(False)
        self._arrived.append(Pair(browser, live))
        self._bell.send(b"!")

    def _run(self) -> None:
        while True:
            for key, _ in self._selector.select():
                if key.data is None:
                    self._welcome()
                elif self._selector.get_map().get(key.fd) is not None:
                    self._serve(key.data, key.fileobj)

    def _welcome(self) -> None:
        with suppress(BlockingIOError):
            self._bell_end.recv(CHUNK_BYTES)
        while self._arrived:
            pair = self._arrived.popleft()
            self._selector.register(pair.browser, selectors.EVENT_READ, pair)
            self._selector.register(pair.live, selectors.EVENT_READ, pair)

    def _serve(self, pair: Pair, ready: Any) -> None:  # noqa: ANN401  (one of the pair's two sockets)
        try:
            going = self._flush(pair) if pair.rest else self._copy(pair) if ready is pair.live else _listens(pair.browser)
        except (OSError, KeyError, ValueError):  # gone, or its file number was given to another meanwhile
            going = False
        if not going:
            self._end(pair)

    def _copy(self, pair: Pair) -> bool:
        try:
            pair.rest = pair.live.recv(CHUNK_BYTES)
        except _NOT_NOW:
            return True
        return bool(pair.rest) and self._flush(pair)

    def _flush(self, pair: Pair) -> bool:
        """Send what waits; while something does, the live process is not read and the browser is watched for room."""
        waited = self._selector.get_key(pair.browser).events & selectors.EVENT_WRITE
        with suppress(*_NOT_NOW):
            pair.rest = pair.rest[pair.browser.send(pair.rest) :]
        if pair.rest and not waited:
            self._selector.unregister(pair.live)
            self._selector.modify(pair.browser, selectors.EVENT_WRITE, pair)
        elif waited and not pair.rest:
            self._selector.register(pair.live, selectors.EVENT_READ, pair)
            self._selector.modify(pair.browser, selectors.EVENT_READ, pair)
        return True

    def _end(self, pair: Pair) -> None:
        for end in (pair.browser, pair.live):
            with suppress(KeyError, ValueError):
                self._selector.unregister(end)
            end.close()


def _listens(browser: socket.socket) -> bool:
    """Whether the browser is still there. It has nothing to say; what it says is thrown away."""
    try:
        return bool(browser.recv(CHUNK_BYTES))
    except _NOT_NOW:
        return True


class HandoffWorker(Door):
    """Passes event streams on to the live process of the settings."""

    def init_process(self) -> None:
        """After the fork: the splicer's thread is this process's own."""
        host, _, port = load_settings().live_bind.rpartition(":")
        self.live_address = (host.strip("[]"), int(port))
        self.splicer = Splicer()
        super().init_process()

    def handle_request(self, req: Any, conn: Any) -> bool:  # noqa: ANN401  (as gunicorn calls it)
        """Runs in a worker thread; False: gunicorn is done with this connection."""
        if req.path != STREAM_PATH or req.method != "GET":
            return bool(super().handle_request(req, conn))
        browser, conn.sock = conn.sock, _spent()
        self.forget(browser)
        try:
            live = socket.create_connection(self.live_address, CONNECT_TIMEOUT_S)
            live.sendall(head_of(req.uri, req.headers))
        except OSError as error:
            _log.warning("live_process_away", error=type(error).__name__)
            with suppress(OSError):
                browser.sendall(_away())
            browser.close()
            return False
        self.splicer.adopt(browser, live)
        return False


def head_of(uri: str, headers: list[tuple[str, str]]) -> bytes:
    """The request as the live process gets it. gunicorn has refused what is no header."""
    lines = [f"GET {uri} HTTP/1.1", *(f"{name}: {value}" for name, value in headers if name in PASSED_ON), "Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1")


def _spent() -> socket.socket:
    """Something for gunicorn to close in place of the socket that is not its own any more."""
    end, other = socket.socketpair()
    other.close()
    return end


def _away() -> bytes:
    body = json.dumps(Unavailable().document()).encode()
    head = f"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"Retry-After: 5\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n" + body
