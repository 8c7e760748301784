"""All that Muster sends to, at once and for real: a carrier, a mail server, a push service; and what Muster must be told to find them."""

import json
import secrets
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from app import vapid
from app.config import Settings
from tests.peers.between import Between
from tests.peers.http import make_certificate
from tests.peers.push import PushPeer, base64url
from tests.peers.smsc import Smsc, Submitted
from tests.peers.smtp import PASSWORD, USER, SmtpPeer


class WorldOutside:
    """`wires` stand between us and each of them."""

    def __init__(self, directory: Path) -> None:
        certificate = make_certificate(directory)
        key = base64url(secrets.token_bytes(31).rjust(32, b"\1"))
        fixed: dict[str, Any] = {"database_url": "postgresql://none", "redis_url": "redis://none", "secret_key": "x" * 32}
        self.smsc, self.smtp = Smsc(), SmtpPeer(certificate)
        self.smsc.answer_id = lambda _: secrets.token_hex(8)
        self.push = PushPeer(certificate, vapid.public_key(Settings(**fixed, vapid_private_key=key)))
        self._certificate, self._key, self._stack = certificate, key, ExitStack()
        self.wires: dict[str, Between] = {}

    def __enter__(self) -> Self:
        for peer in (self.smsc, self.smtp, self.push):
            self._stack.enter_context(peer)
        ports = {"sms": self.smsc.port, "email": self.smtp.port, "push": int(self.push.url.rpartition(":")[2])}
        self.wires = {name: self._stack.enter_context(Between(port)) for name, port in ports.items()}
        self.push.url = f"https://127.0.0.1:{self.wires['push'].port}"
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def settings(self) -> dict[str, str]:
        """As text."""
        carrier = {"kind": "smpp", "name": "carrier", "host": "127.0.0.1", "port": self.wires["sms"].port, "system_id": "muster"}
        mail = {"name": "mail", "host": "127.0.0.1", "port": self.wires["email"].port, "tls": "start", "user": USER, "password": PASSWORD}
        return {
            "outbound_private": "127.0.0.0/8",
            "outbound_ca": str(self._certificate / "certificate.pem"),
            "push_hosts": "127.0.0.1",
            "vapid_private_key": self._key,
            "email_from": "Muster <alarm@muster.example>",
            "email_providers": json.dumps([mail]),
            "sms_providers": json.dumps([carrier | {"password": "secret", "sender": "Muster", "window": 20}]),
        }

    def subscription(self, browser: str) -> dict[str, str]:
        """Of a browser that the push service knows."""
        found: dict[str, str] = json.loads(self.push.subscription(browser))
        return found

    def texts(self) -> list[Submitted]:
        """Text messages that the carrier took."""
        return list(self.smsc.accepted)
