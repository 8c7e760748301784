"""An HTTP server for tests: kept connections, TLS when given a certificate, and faults on demand."""

import ssl
import subprocess
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, Self


@dataclass(frozen=True)
class Fault:
    """What happens instead of the usual answer."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    silent: bool = False
    """Read everything, answer nothing."""
    hangs_up: bool = False
    """Read everything, close."""
    drips_s: float = 0.0
    """One byte of the answer each so often."""


@dataclass(frozen=True)
class Request:
    """As it came."""

    path: str
    headers: dict[str, str]
    body: bytes


class HttpPeer:
    """Serves on a thread of its own; subclasses answer."""

    def __init__(self, certificate: Path | None = None) -> None:
        self.faults: deque[Fault] = deque()
        self.requests: list[Request] = []
        self.connections = 0
        self.lock, self.over = Lock(), Event()
        self.server = _Server(self)
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate / "certificate.pem", certificate / "key.pem")
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{self.server.server_address[1]}"
        self._thread = Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def answer(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        raise NotImplementedError(request.path)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, peer: HttpPeer) -> None:
        self.peer = peer
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 20
    disable_nagle_algorithm = True

    @property
    def peer(self) -> HttpPeer:
        assert isinstance(self.server, _Server)
        return self.server.peer

    def setup(self) -> None:
        super().setup()
        peer = self.peer
        with peer.lock:
            peer.connections += 1

    def do_POST(self) -> None:
        peer = self.peer
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        request = Request(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        with peer.lock:
            peer.requests.append(request)
            fault = peer.faults.popleft() if peer.faults else None
        if fault is None:
            self.say(*peer.answer(request))
        else:
            self.misbehave(fault)

    def do_GET(self) -> None:
        self.do_POST()

    def misbehave(self, fault: Fault) -> None:
        if fault.silent:
            self.peer.over.wait(20)
        if fault.silent or fault.hangs_up:
            self.close_connection = True
        elif fault.drips_s:
            for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n":
                self.wfile.write(bytes([byte]))
                if self.peer.over.wait(fault.drips_s):
                    return
        else:
            self.say(fault.status, fault.headers, fault.body)

    def say(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (as the base calls it)
        """Say nothing."""


def make_certificate(directory: Path) -> Path:
    """A key and a certificate for this machine, in a directory."""
    subject = (
        "-subj",
        "/CN=127.0.0.1",
        "-addext",
        "subjectAltName=IP:127.0.0.1,DNS:localhost",
        "-days",
        "2",
        "-nodes",
        "-newkey",
        "rsa:2048",
    )
    files = ("-keyout", directory / "key.pem", "-out", directory / "certificate.pem")
    subprocess.run(["openssl", "req", "-x509", *subject, *files], check=True, capture_output=True)
    return directory


@contextmanager
def nobody() -> Iterator[str]:
    """An address where nobody listens."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    port = server.server_address[1]
    server.server_close()
    yield f"127.0.0.1:{port}"
