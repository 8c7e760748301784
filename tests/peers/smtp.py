"""A mail server (aiosmtpd) with TLS, an account, and faults on demand."""

import asyncio
import ssl
from collections import deque
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, Literal, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from app.config import SmtpProvider

Fault = str
"""`drop_after_dot`, `silent_after_dot`, or what to say instead."""
USER, PASSWORD = "muster", "secret of the mail server"


@dataclass(frozen=True)
class Mail:
    """One that was taken."""

    sender: str
    recipient: str
    raw: bytes
    over_tls: bool

    @property
    def parsed(self) -> EmailMessage:
        mail = message_from_bytes(self.raw, policy=default)
        assert isinstance(mail, EmailMessage)
        return mail


class SmtpPeer:
    """`recipients`, `mails`: answers instead of the usual one, or faults; used up one by one."""

    def __init__(self, certificate: Path, tls: Literal["start", "implicit", "none"] = "start", *, account: bool = True) -> None:
        self.recipients: deque[str] = deque()
        self.faults: deque[Fault] = deque()
        self.mails: list[Mail] = []
        self.sessions = 0
        self.tls = tls
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate / "certificate.pem", certificate / "key.pem")
        options: dict[str, Any] = {"hostname": "127.0.0.1", "port": 0, "ready_timeout": 20, "command_call_limit": 100_000}
        if tls == "implicit":
            options["ssl_context"] = context
        if tls == "start":
            options |= {"tls_context": context, "require_starttls": True}
        if account:
            options |= {"authenticator": self._authenticate, "auth_required": True, "auth_require_tls": True}
        self._controller = _Controller(self, **options)

    @property
    def port(self) -> int:
        return _port(self._controller.server)

    def provider(self, name: str = "mail", **given: Any) -> SmtpProvider:
        chosen = {"name": name, "host": "127.0.0.1", "port": self.port, "tls": self.tls, "user": USER, "password": PASSWORD}
        return SmtpProvider(**(chosen | given))

    def _authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: LoginPassword) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False)

    async def handle_EHLO(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.sessions += 1
        return responses

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.recipients:
            return self.recipients.popleft()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        fault = self.faults.popleft() if self.faults else None
        if fault == "silent_after_dot":
            await asyncio.sleep(30)
        if fault == "drop_after_dot":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            return "250 too late"
        if fault is not None:
            return fault
        assert isinstance(envelope.content, bytes)
        assert envelope.mail_from
        self.mails.append(
            Mail(envelope.mail_from, envelope.rcpt_tos[0], envelope.content, session.ssl is not None or self.tls == "implicit")
        )
        return "250 taken"

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()


class _Controller(Controller):
    """On a free port."""

    def _trigger_server(self) -> None:
        self.port = _port(self.server)
        super()._trigger_server()  # type: ignore[no-untyped-call]


def _port(server: asyncio.AbstractServer | None) -> int:
    assert isinstance(server, asyncio.Server)
    port: int = server.sockets[0].getsockname()[1]
    return port
