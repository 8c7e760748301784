"""Stand-ins for the world outside, so that a demo reaches nobody: a mail server, an SMS provider and a push service, on this machine alone.

1. Each speaks what the real one speaks, keeps what it gets in an `Outbox`, and says yes.
2. The SMS provider also tells what became of a message, a moment later, and hands on what its phones answer; signed.
3. The push service has one browser for everybody who signs in. Its key is derived from SECRET_KEY and its port is kept in the notes, so that a
   browser that was subscribed in an earlier run still takes pushes. Push needs HTTPS, so it makes itself a certificate.
4. `settings` is what the processes of the demo are told, so that they use these and no others.
"""

import json
import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import SimpleQueue
from secrets import token_urlsafe
from socketserver import BaseServer, StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any, Final, cast
from urllib.parse import urlsplit

import http_ece

from app.adapters.outbound import Peer, Unreachable
from app.adapters.sms.http import signature
from app.config import Settings
from app.demo.browser import Browser, certificate
from app.demo.outbox import Outbox

HOST: Final = "127.0.0.1"
NUMBER: Final = "+3197010580"
"""What texts come from and are answered to. Invented."""
BODY_MAX: Final = 1_000_000
LINE_MAX: Final = 4_096
RECEIPT_TIMEOUT_S: Final = 5.0


class _Mail(StreamRequestHandler):
    """As much of SMTP as our own sender needs."""

    timeout = 60
    disable_nagle_algorithm = True

    def handle(self) -> None:
        self._say("220 demo")
        while line := self.rfile.readline(LINE_MAX):
            word = line[:4].strip().upper()
            if word == b"DATA":
                self._say("354 go on")
                self._take()
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 demo")

    def _take(self) -> None:
        raw = bytearray()
        while (line := self.rfile.readline(LINE_MAX)) not in {b".\r\n", b""} and len(raw) < BODY_MAX:
            raw += line[1:] if line.startswith(b"..") else line
        mail = message_from_bytes(bytes(raw), policy=default)
        body = mail.get_body(("plain",))
        text = str(body.get_content()) if body else ""
        words = (str(mail["Subject"]), text.strip())
        _outbox(self.server).put("email", str(mail["To"]), str(mail["From"]), words, _reply_link(text))
        self._say("250 taken")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _Http(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 120

    def body(self) -> bytes:
        return self.rfile.read(min(int(self.headers.get("Content-Length", 0)), BODY_MAX))

    def say(self, status: int, body: object = None) -> None:
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401  (as the base calls it)
        """Say nothing."""


class _Sms(_Http):
    """The SMS provider; it is also asked for what arrived."""

    def do_GET(self) -> None:
        self.say(200, _outbox(self.server).rows())

    def do_POST(self) -> None:
        said = json.loads(self.body())
        server = cast("_HttpServer", self.server)
        if self.path == "/answers":
            server.tell({"from": said["from"], "to": NUMBER, "text": said["text"]})
            return self.say(202)
        server.callback = said["callback"]
        server.outbox.put("sms", said["to"], said["from"], ("", said["text"]), _reply_link(said["text"]))
        server.tell({"id": said["id"], "provider_id": said["id"][-12:], "status": "delivered"})
        return self.say(202, {"id": said["id"][-12:]})


class _Push(_Http):
    """The push service, with its browser."""

    def do_POST(self) -> None:
        server = cast("_HttpServer", self.server)
        browser = server.browser
        try:
            shown = json.loads(http_ece.decrypt(self.body(), private_key=browser.key, auth_secret=browser.secret, version="aes128gcm"))
        except (http_ece.ECEException, ValueError):
            return self.say(400)
        whose = self.path.rpartition("/")[2]
        server.outbox.put("push", whose, "", (shown["title"], shown["body"]), shown["url"])
        return self.say(201)


class _MailServer(ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True

    def __init__(self, outbox: Outbox) -> None:
        self.outbox = outbox
        super().__init__((HOST, 0), _Mail)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """A client that hangs up is no news."""


class _HttpServer(ThreadingHTTPServer):
    def __init__(self, outbox: Outbox, handler: type[_Http], browser: Browser, port: int = 0) -> None:
        self.outbox, self.browser = outbox, browser
        self.news = SimpleQueue[tuple[str, Mapping[str, str]] | None]()
        self.callback: str | None = None
        super().__init__((HOST, port), handler)

    def tell(self, said: Mapping[str, str]) -> None:
        """Have it posted to where the last message said; before any message there is nobody to tell."""
        if self.callback is not None:
            self.news.put((self.callback, said))

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """A client that hangs up is no news."""


def _reply_link(text: str) -> str | None:
    return next((word for word in text.split() if re.match(r"https?://[^/]+/r/", word)), None)


def _outbox(server: BaseServer) -> Outbox:
    return cast("_MailServer | _HttpServer", server).outbox


@dataclass(frozen=True)
class StandIns:
    """Running. `settings`: for the processes of the demo, by name of the environment."""

    outbox: Outbox
    browser: Browser
    push_url: str
    settings: Mapping[str, str]

    @property
    def push_port(self) -> int:
        """Where browsers are pushed to."""
        return urlsplit(self.push_url).port or 0


@contextmanager
def standing_in(settings: Settings, push_port: int) -> Iterator[StandIns]:
    """The stand-ins, while they are needed. `push_port`: of an earlier run, 0 for none."""
    outbox, browser = Outbox(), Browser.of(settings.secret_key)
    secret, files = token_urlsafe(32), certificate(settings.var_dir / "demo-tls", HOST)
    mail, sms = _MailServer(outbox), _HttpServer(outbox, _Sms, browser)
    push = _at(outbox, browser, push_port)
    push.socket = _tls(files).wrap_socket(push.socket, server_side=True, do_handshake_on_connect=False)
    with ExitStack() as stack:
        for server in (mail, sms, push):
            stack.enter_context(_serving(server))
        stack.enter_context(_telling(sms, secret))
        url = f"http://{HOST}:{sms.server_address[1]}"
        yield StandIns(
            outbox,
            browser,
            f"https://{HOST}:{push.server_address[1]}",
            _settings(settings, url, int(mail.server_address[1]), secret, files),
        )


def _settings(settings: Settings, url: str, mail_port: int, secret: str, files: Path) -> Mapping[str, str]:
    mail = {"name": "demo-mail", "host": HOST, "port": mail_port, "tls": "none"}
    sms = {"name": "demo-sms", "kind": "http", "url": f"{url}/messages", "token": token_urlsafe(16), "secret": secret, "sender": NUMBER}
    return {
        "DEMO_OUTBOX": url,
        "EMAIL_FROM": "Muster <demo@muster.example>",
        "EMAIL_PROVIDERS": json.dumps([mail]),
        "SMS_PROVIDERS": json.dumps([sms]),
        "APPRISE_URLS": "",
        "PUSH_HOSTS": " ".join([*settings.push_hosts, HOST]),
        "OUTBOUND_PRIVATE": f"{HOST}/32",
        "OUTBOUND_CA": str(files / "certificate.pem"),
    }


def _at(outbox: Outbox, browser: Browser, port: int) -> _HttpServer:
    try:
        return _HttpServer(outbox, _Push, browser, port)
    except OSError:
        return _HttpServer(outbox, _Push, browser)


def _tls(files: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files / "certificate.pem", files / "key.pem")
    return context


@contextmanager
def _serving(server: BaseServer) -> Iterator[None]:
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def _telling(server: _HttpServer, secret: str) -> Iterator[None]:
    """Post what there is to tell, signed, one thing at a time."""

    def run() -> None:
        while (news := server.news.get()) is not None:
            url, body = urlsplit(news[0]), json.dumps(news[1]).encode()
            with suppress(Unreachable, ValueError), Peer(f"{url.scheme}://{url.netloc}", RECEIPT_TIMEOUT_S) as peer:
                headers = {"Content-Type": "application/json", "X-Signature": signature(body, secret, datetime.now(UTC))}
                peer.send("POST", url.path, body, headers)

    thread = Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.news.put(None)
        thread.join()
