"""Web Push (RFC 8030): sealed for one browser (RFC 8291), signed with our key (RFC 8292), handed to the browser's push service.

A subscription is given up for 404 and 410 alone. An answer that blames our key (400, 401, 403) is told to the operator and the subscription
stays: with the key mended it works again.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Final, Self
from urllib.parse import urlsplit
from uuid import UUID

import http_ece
import py_vapid.jwt
import structlog
from cryptography.hazmat.primitives.asymmetric import ec

from app import vapid
from app.adapters.lanes import spread
from app.adapters.outbound import Answer, Peers, Refused, Unreachable, Wall, retry_after_s
from app.config import Settings
from app.ports import Clock, Outcome, Parcel, Verdict

BODY_MAX_BYTES: Final = 2_744
"""What even a bridge to another network takes (autopush)."""
OVERHEAD_BYTES: Final = 86 + 17
"""Of a sealed body: its header with our one-time key, and one record's delimiter and tag."""
PAYLOAD_MAX_BYTES: Final = BODY_MAX_BYTES - OVERHEAD_BYTES - 1
TITLE_MAX: Final = 120
ANSWER_S: Final = 10.0
TTL_MAX: Final = timedelta(days=28)
TOKEN_LIFE: Final = timedelta(hours=12)
LANES: Final = 8
FINAL: Final[dict[int, tuple[Verdict, str]]] = {
    404: ("gone", "gone"),
    410: ("gone", "gone"),
    413: ("rejected", "too_large"),
    400: ("rejected", "our_key"),
    401: ("rejected", "our_key"),
    403: ("rejected", "our_key"),
}
_ENDPOINT: Final = re.compile(r"https?://[!-~]{1,1000}")

_log = structlog.get_logger("push")


@dataclass(frozen=True, slots=True)
class Subscription:
    """A browser. Raises `ValueError` for what is none."""

    endpoint: str = field(repr=False)
    key: bytes = field(repr=False)
    secret: bytes = field(repr=False)

    @classmethod
    def of(cls, text: str) -> Self:
        """From a parcel's address."""
        try:
            given = json.loads(text)
            endpoint, key, secret = str(given["endpoint"]), _bytes(str(given["p256dh"])), _bytes(str(given["auth"]))
        except (TypeError, KeyError, binascii.Error) as error:
            raise ValueError("no subscription") from error
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)  # ValueError
        if len(secret) != 16 or not _ENDPOINT.fullmatch(endpoint) or urlsplit(endpoint).port == 0:
            raise ValueError("no subscription")
        return cls(endpoint, key, secret)

    @property
    def origin(self) -> str:
        """Of its push service."""
        parts = urlsplit(self.endpoint)
        return f"{parts.scheme}://{parts.netloc}"


class Signer:
    """Signs for each push service once in a while: some count how often a token changes."""

    def __init__(self, settings: Settings) -> None:
        self._key, self._public, self._contact = vapid.private_key(settings), vapid.public_key(settings), vapid.contact(settings)
        self._tokens: dict[str, tuple[datetime, str]] = {}
        self._lock = Lock()

    def authorization(self, origin: str, now: datetime) -> str:
        """The Authorization header for a push service."""
        with self._lock:
            until, header = self._tokens.get(origin, (now, ""))
            if until - now < TOKEN_LIFE / 2:
                until = now + TOKEN_LIFE
                claims = {"aud": origin, "exp": int(until.timestamp())} | ({"sub": self._contact} if self._contact else {})
                header = f"vapid t={py_vapid.jwt.sign(claims, self._key)},k={self._public}"
                self._tokens[origin] = (until, header)
            return header


class PushChannel:
    """Pushes, several at once, over connections that are kept."""

    def __init__(self, settings: Settings, clock: Clock, *, timeout_s: float = ANSWER_S) -> None:
        wall = Wall(settings.push_hosts, settings.outbound_private, tls_only=True, ca=settings.outbound_ca)
        self._peers, self._signer, self._clock = Peers(wall, timeout_s), Signer(settings), clock

    def send(self, parcels: Sequence[Parcel], deadline_s: float) -> Iterator[tuple[UUID, Outcome]]:
        """Each parcel's outcome, as soon as it is known."""
        return spread(parcels, deadline_s, LANES, lambda: nullcontext(self._push), Outcome("retry", "push", "deadline"))

    def close(self) -> None:
        """End the kept connections."""
        self._peers.close()

    def _push(self, parcel: Parcel) -> Outcome:
        now = self._clock.now()
        try:
            browser = Subscription.of(parcel.address)
        except ValueError:
            return Outcome("gone", "push", "bad_subscription")
        service = (urlsplit(browser.endpoint).hostname or "push")[:60]
        if parcel.expires_at <= now:
            return Outcome("rejected", service, "expired")
        try:
            answer = self._peers.send(browser.endpoint, sealed(parcel, browser), self._headers(parcel, browser, now))
        except Refused:
            return Outcome("rejected", service, "host_not_allowed")
        except Unreachable as error:
            return Outcome("unknown", service, "no_answer") if error.sent else Outcome("retry", service, "unreachable")
        return _read(answer, service, now)

    def _headers(self, parcel: Parcel, browser: Subscription, now: datetime) -> dict[str, str]:
        headers = {
            "TTL": str(int(min(parcel.expires_at - now, TTL_MAX).total_seconds())),
            "Urgency": "high" if parcel.urgent else "normal",
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "Authorization": self._signer.authorization(browser.origin, now),
        }
        return headers | ({"Topic": topic(browser.endpoint, parcel.replaces)} if parcel.replaces else {})


def topic(endpoint: str, replaces: str) -> str:
    """What the push service may replace: 32 characters. Another for each browser, so that it does not tell who got the same."""
    return base64.urlsafe_b64encode(hashlib.sha256(f"{endpoint} {replaces}".encode()).digest()[:24]).decode()


def sealed(parcel: Parcel, browser: Subscription) -> bytes:
    """The body, which only the browser can open."""
    once = ec.generate_private_key(ec.SECP256R1())
    body: bytes = http_ece.encrypt(payload(parcel), private_key=once, dh=browser.key, auth_secret=browser.secret, version="aes128gcm")
    return body


def payload(parcel: Parcel) -> bytes:
    """What the service worker shows, as JSON. A long text is cut; all of it stands in the app."""
    title = _cut(parcel.subject or parcel.sender_name, TITLE_MAX)

    def made(length: int) -> bytes:
        shown = {
            "title": title,
            "body": _cut(parcel.text, length),
            "url": parcel.reply_url,
            "tag": parcel.replaces,
            "locale": parcel.locale,
        }
        return json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()

    if len(whole := made(len(parcel.text))) <= PAYLOAD_MAX_BYTES:
        return whole
    fits, too_long = 0, len(parcel.text)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        fits, too_long = (middle, too_long) if len(made(middle)) <= PAYLOAD_MAX_BYTES else (fits, middle)
    return made(fits)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: max(0, length - 1)].rstrip() + "…"


def _read(answer: Answer, service: str, now: datetime) -> Outcome:
    status = answer.status
    if 200 <= status < 300:
        return Outcome("accepted", service)
    if status == 429 or status >= 500:
        return Outcome("retry", service, "throttled" if status == 429 else "service_error", retry_after_s=retry_after_s(answer, now))
    verdict, reason = FINAL.get(status, ("rejected", f"status_{status}"))
    if reason == "our_key":
        _log.error("push_service_refuses_our_key", service=service, status=status)
    return Outcome(verdict, service, reason)


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
