"""A push service that lets in only what is signed with the right key for it, and opens what it gets with its browsers' keys."""

import base64
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import http_ece
import py_vapid
import py_vapid.jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.peers.http import HttpPeer, Request


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass(frozen=True)
class Push:
    """One that came and could be opened."""

    browser: str
    shown: dict[str, Any]
    headers: dict[str, str]
    claims: dict[str, Any]
    body_bytes: int


class PushPeer(HttpPeer):
    """`public_key`: of whoever may push here."""

    def __init__(self, certificate: Path | None, public_key: str) -> None:
        super().__init__(certificate)
        self.public_key = public_key
        self.pushes: list[Push] = []
        self._key, self._secret = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)

    def subscription(self, browser: str = "one") -> str:
        """A browser's, as the address of a parcel."""
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return json.dumps({"endpoint": f"{self.url}/push/{browser}", "p256dh": base64url(point), "auth": base64url(self._secret)})

    def answer(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        authorization = request.headers["authorization"]
        fields = dict(part.split("=", 1) for part in authorization.removeprefix("vapid ").split(","))
        claims = py_vapid.jwt.decode(fields["t"], fields["k"])
        if not py_vapid.Vapid02.verify(authorization) or fields["k"] != self.public_key or claims["aud"] != self.url:
            return 403, {}, b""
        if not 0 < claims["exp"] - time.time() <= 86_400 or "ttl" not in request.headers:
            return 400, {}, b""
        shown = json.loads(http_ece.decrypt(request.body, private_key=self._key, auth_secret=self._secret, version="aes128gcm"))
        with self.lock:
            self.pushes.append(Push(request.path.removeprefix("/push/"), shown, request.headers, claims, len(request.body)))
        return 201, {"Location": f"{self.url}/message/1"}, b""
