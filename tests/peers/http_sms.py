"""An SMS provider over HTTP that knows an id it has already, and one that looks like Kannel's `sendsms`."""

import json
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from app.adapters.sms.http import signature
from app.config import HttpSmsProvider, KannelProvider
from tests.peers.http import HttpPeer, Request

TOKEN, SECRET = "token-of-the-provider", "secret-of-the-provider"
FIELDS: Final = {"id", "to", "from", "text", "callback"}


class HttpSmsPeer(HttpPeer):
    """`sent`: each message once, by our id."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, dict[str, str]] = {}

    def provider(self, name: str = "acme", **given: Any) -> HttpSmsProvider:
        chosen = {"kind": "http", "name": name, "url": f"{self.url}/v1/messages", "token": TOKEN, "secret": SECRET, "sender": "Muster"}
        return HttpSmsProvider(**(chosen | given))

    def answer(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return 401, {}, b""
        said = json.loads(request.body)
        if set(said) != FIELDS or not all(isinstance(value, str) for value in said.values()) or not said["to"].startswith("+"):
            return 422, {}, b""
        with self.lock:
            known = said["id"] in self.sent
            self.sent.setdefault(said["id"], said)
        return (409 if known else 202), {}, json.dumps({"id": f"acme-{said['id'][-6:]}"}).encode()


def posted(said: object, at: datetime, secret: str = SECRET) -> tuple[dict[str, str], bytes]:
    """What the provider posts to us: headers and body."""
    body = json.dumps(said).encode()
    return {"x-signature": signature(body, secret, at), "content-type": "application/json"}, body


class KannelPeer(HttpPeer):
    """Answers as a Kannel whose link is up."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[dict[str, str]] = []
        self.says = b"0: Accepted for delivery"

    def provider(self, **given: Any) -> KannelProvider:
        chosen = {"kind": "kannel", "name": "kannel", "url": f"{self.url}/cgi-bin/sendsms", "user": "u", "password": "p", "secret": SECRET}
        return KannelProvider(**(chosen | given))

    def answer(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        said = dict(parse_qsl(urlsplit(request.path).query, strict_parsing=True))
        if (said["username"], said["password"]) != ("u", "p"):
            return 403, {}, b"Authorization failed for sendsms"
        with self.lock:
            self.sent.append(said)
        return 202, {}, self.says
