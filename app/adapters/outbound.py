"""The only module that opens connections to the outside.

1. A `Wall` says who may be called: which names, whether in clear, and which networks that are not public.
2. It resolves a name once, refuses every address that is not allowed, and connects to the very address it looked at. A name that means
   something else a moment later (DNS rebinding) changes nothing.
3. A `Line` is an open connection on which everything must be over by one moment, however slowly the other side drips.
4. A `Peer` is one HTTP server over one kept connection: no redirects, no proxies, no cookies, bounded answers. `Peers` keeps several for several threads.
5. What went wrong says whether the whole question had left (`Unreachable.sent`): only then may the other side have acted.
"""

import http.client
import io
import select
import socket
import ssl
import time
from collections import OrderedDict, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path
from threading import Lock
from typing import Any, Final, Self, cast
from urllib.parse import urlsplit

CONNECT_TIMEOUT_S: Final = 5.0
TIMEOUT_S: Final = 30.0
MAX_ANSWER_BYTES: Final = 4 * 2**20
DOWN_S: Final = 2.0
"""So long nobody tries again to connect to a server that did not take a connection."""
RETRY_AFTER_MAX_S: Final = 3600.0
KEPT_MAX: Final = 32
EVERYWHERE: Final = (ip_network("0.0.0.0/0"), ip_network("::/0"))
_CARRIERS: Final = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "::/96", "::ffff:0:0:0/96")))
"""Public addresses that stand for an IPv4 address, which may be a private one: NAT64, 6to4, and the older ways to write one inside IPv6."""
_LOCAL: Final = tuple(map(ip_network, ("fec0::/10", "192.0.0.0/24")))
"""Taken for public by `ipaddress`: the private addresses of IPv6 before fc00::/7, and a block of which clouds use one for their secrets."""


class Unreachable(Exception):
    """The peer did not answer. `sent`: it may have acted all the same, so only what is idempotent may be sent again."""

    def __init__(self, why: str, *, sent: bool = True) -> None:
        super().__init__(why)
        self.sent = sent


class Refused(Unreachable):
    """Our own wall: this server may not be called."""

    def __init__(self, why: str) -> None:
        super().__init__(why, sent=False)


@dataclass(frozen=True, slots=True)
class Wall:
    """Who may be called. `hosts`: these names and all below them, None for any; `private`: networks allowed although they are not public."""

    hosts: tuple[str, ...] | None = None
    private: tuple[IPv4Network | IPv6Network, ...] = ()
    tls_only: bool = False
    ca: Path | None = None
    """Certificates to trust besides those of the system."""

    def check(self, host: str, *, tls: bool) -> None:
        """Raises `Refused` when the name may not be called."""
        if self.tls_only and not tls:
            raise Refused("in clear")
        name = host.lower().rstrip(".")
        if self.hosts is not None and not any(name == each or name.endswith(f".{each}") for each in self.hosts):
            raise Refused("host")

    def connect(self, host: str, port: int, *, tls: bool = False, timeout_s: float = CONNECT_TIMEOUT_S) -> socket.socket:
        """A connection, with TLS for the name when asked. Raises `Unreachable` with nothing sent."""
        self.check(host, tls=tls)
        ends = time.monotonic() + timeout_s
        why = "no address"
        for family, address in self._addresses(host, port):
            plain = socket.socket(family, socket.SOCK_STREAM)
            try:
                plain.settimeout(max(0.01, ends - time.monotonic()))
                plain.connect(address)
                plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return self.secured(plain, host) if tls else plain
            except OSError as error:
                plain.close()
                why = type(error).__name__
        raise Unreachable(why, sent=False)

    def secured(self, plain: socket.socket, host: str) -> ssl.SSLSocket:
        """TLS over an open connection; the certificate must be the host's."""
        return _context(self.ca).wrap_socket(plain, server_hostname=host)

    def _addresses(self, host: str, port: int) -> list[tuple[socket.AddressFamily, Any]]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Unreachable("name", sent=False) from error
        allowed: list[tuple[socket.AddressFamily, Any]] = [
            (family, address) for family, _, _, _, address in found if self._allows(str(address[0]))
        ]
        if not allowed:
            raise Refused("address")
        return allowed

    def _allows(self, text: str) -> bool:
        address = ip_address(text.partition("%")[0])
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        if any(address in network for network in self.private):
            return True
        return address.is_global and not address.is_multicast and not any(address in network for network in (*_CARRIERS, *_LOCAL))


OPEN: Final = Wall(private=EVERYWHERE)
"""For commands: whoever starts one says whom it calls."""
_contexts: dict[Path | None, ssl.SSLContext] = {}


def _context(ca: Path | None) -> ssl.SSLContext:
    if ca not in _contexts:
        _contexts[ca] = ssl.create_default_context()
        if ca is not None:
            _contexts[ca].load_verify_locations(ca)
    return _contexts[ca]


class Line:
    """An open connection with an end to patience; what `http.client` and `smtplib` take for a socket."""

    def __init__(self, plain: socket.socket) -> None:
        self.plain = plain
        self._ends = time.monotonic() + TIMEOUT_S
        self._files = 0
        self._closed = False

    def allow(self, seconds: float) -> None:
        """All that follows must be over within so many seconds."""
        self._ends = time.monotonic() + seconds

    @property
    def left_s(self) -> float:
        """How much patience is left."""
        return max(0.0, self._ends - time.monotonic())

    def sendall(self, data: bytes) -> None:
        """Send everything, in time. Raises `OSError`."""
        self._wait()
        self.plain.sendall(data)

    def receive_into(self, buffer: memoryview | bytearray) -> int:
        """What comes next; 0 at the end. Raises `OSError`."""
        self._wait()
        return self.plain.recv_into(buffer)

    def makefile(self, mode: str = "rb") -> io.BufferedReader:  # noqa: ARG002  (as a socket's)
        """For reading."""
        self._files += 1
        return io.BufferedReader(_Reading(self))

    def is_quiet(self) -> bool:
        """Whether nothing waits to be read: no data, and no end."""
        return not select.select([self.plain], [], [], 0)[0]

    def close(self) -> None:
        """Once nobody reads any more."""
        self._closed = True
        if self._files == 0:
            self.plain.close()

    def release(self) -> None:
        """A reader has ended."""
        self._files -= 1
        if self._closed:
            self.close()

    def _wait(self) -> None:
        left_s = self.left_s
        if not left_s:
            raise TimeoutError
        self.plain.settimeout(left_s)


class _Reading(io.RawIOBase):
    def __init__(self, line: Line) -> None:
        self._line = line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401  (any that can be written to)
        return self._line.receive_into(buffer)

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._line.release()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


def retry_after_s(answer: Answer, now: datetime) -> float | None:
    """After how long the other side wants to be asked again, at most an hour; None when it does not say."""
    text = answer.headers.get("retry-after", "").strip()
    try:
        seconds = float(text) if text.isascii() and text.isdigit() else (parsedate_to_datetime(text) - now).total_seconds()
    except (ValueError, TypeError):
        return None
    return min(max(seconds, 0.0), RETRY_AFTER_MAX_S)


class _Connection(http.client.HTTPConnection):
    def __init__(self, host: str, port: int | None, wall: Wall, *, tls: bool) -> None:
        self.default_port = 443 if tls else 80
        super().__init__(host, port)
        self._wall, self._tls = wall, tls

    def connect(self) -> None:
        self.sock = cast("socket.socket", Line(self._wall.connect(self.host, self.port, tls=self._tls)))

    @property
    def line(self) -> Line | None:
        """What it speaks over, when it is open."""
        return cast("Line | None", self.sock)


class Peer:
    """One server, over one connection that is opened when needed and kept. Not for several threads at once."""

    def __init__(self, base_url: str, timeout_s: float = TIMEOUT_S, wall: Wall = OPEN) -> None:
        """Raises `ValueError` for anything but http and https with a host, `Refused` for a host that may not be called."""
        parts = urlsplit(base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.query or parts.fragment:
            raise ValueError("an address looks like https://muster.example.org")
        tls = parts.scheme == "https"
        wall.check(parts.hostname, tls=tls)
        self.base_url = base_url.rstrip("/")
        self._prefix, self._timeout_s = parts.path.rstrip("/"), timeout_s
        self._connection = _Connection(parts.hostname, parts.port, wall, tls=tls)

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None, timeout_s: float | None = None
    ) -> Answer:
        """One request, one answer, whatever its status; `timeout_s`: for all of it. Raises `Unreachable`."""
        fresh, sent = self._open(timeout_s or self._timeout_s), False
        try:
            self._connection.request(method, self._prefix + path, body, dict(headers or {}))
            sent = True
            return self._answer()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            if not sent and not fresh:  # a kept connection that ended at that moment; half a request is none
                return self.send(method, path, body, headers, timeout_s)
            raise Unreachable(type(error).__name__, sent=sent) from error

    def _open(self, timeout_s: float) -> bool:
        """Have a connection: the kept one, unless the other side has ended it meanwhile, or a new one. Whether it is new."""
        if self._connection.line is not None and not self._connection.line.is_quiet():
            self.close()
        fresh, ends = self._connection.line is None, time.monotonic() + timeout_s
        if fresh:
            self._connection.connect()
        if self._connection.line is not None:
            self._connection.line.allow(ends - time.monotonic())
        return fresh

    def _answer(self) -> Answer:
        response = self._connection.getresponse()
        content = response.read(MAX_ANSWER_BYTES)
        if not response.isclosed():
            raise http.client.HTTPException("the answer is too large")
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, content)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection; the next request opens another."""
        self._connection.close()


class Peers:
    """Kept connections to any servers the wall lets through, for several threads: each takes one and gives it back."""

    def __init__(self, wall: Wall, timeout_s: float) -> None:
        self._wall, self._timeout_s, self._lock = wall, timeout_s, Lock()
        self._idle: OrderedDict[str, deque[Peer]] = OrderedDict()
        self._down_until: dict[str, float] = {}

    def send(self, url: str, body: bytes | None, headers: Mapping[str, str], *, method: str = "POST") -> Answer:
        """One request to an address. Raises `Unreachable`; at once when its server took no connection a moment ago."""
        parts = urlsplit(url)
        origin, path = f"{parts.scheme}://{parts.netloc}", parts.path + (f"?{parts.query}" if parts.query else "")
        with self._borrowed(origin) as peer:
            return peer.send(method, path, body, headers)

    @contextmanager
    def _borrowed(self, origin: str) -> Iterator[Peer]:
        with self._lock:
            if self._down_until.get(origin, 0.0) > time.monotonic():
                raise Unreachable("down", sent=False)
            idle = self._idle.get(origin)
            peer = idle.pop() if idle else None
        if peer is None:
            try:
                peer = Peer(origin, self._timeout_s, self._wall)
            except ValueError:
                raise Refused("address") from None
        try:
            yield peer
        except Unreachable as error:
            peer.close()
            if not error.sent and not isinstance(error, Refused):
                self._down(origin)
            raise
        self._give_back(origin, peer)

    def _down(self, origin: str) -> None:
        now = time.monotonic()
        with self._lock:
            self._down_until = {name: until for name, until in self._down_until.items() if until > now} | {origin: now + DOWN_S}

    def _give_back(self, origin: str, peer: Peer) -> None:
        with self._lock:
            self._idle.setdefault(origin, deque()).append(peer)
            self._idle.move_to_end(origin)
            old = [self._idle.popitem(last=False)[1]] if len(self._idle) > KEPT_MAX else []
        for each in (each for idle in old for each in idle):
            each.close()

    def close(self) -> None:
        """End all connections that nobody uses."""
        with self._lock:
            idle, self._idle = self._idle, OrderedDict()
        for peer in (peer for peers in idle.values() for peer in peers):
            peer.close()
