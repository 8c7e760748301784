"""SMS through a provider with an HTTP interface, in the plainest form such a thing has.

We POST {id, to, from, text, callback} with a bearer token. `id` is ours and stays the same when we ask again, so that the provider can tell.
It answers 2xx {"id": its own}, or 409 for an id it has already. To `callback` it posts receipts {"id": ours, "provider_id", "status"} and what
people send {"from", "to", "text"}, one or a list, with the header `X-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`.

What a provider may have taken (silence, a server error, an answer that means nothing) is `unknown`.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import structlog

from app.adapters.lanes import spread
from app.adapters.outbound import Answer, Peers, Refused, Unreachable, Wall, retry_after_s
from app.adapters.sms.sender import sender
from app.config import HttpSmsProvider, KannelProvider, Settings
from app.core.sms import measure
from app.errors import Invalid, Unauthorized
from app.ports import Clock, Incoming, Outcome, Parcel

LANES: Final = 8
ANSWER_S: Final = 10.0
SIGNED_FOR: Final = timedelta(minutes=5)
ITEMS_MAX: Final = 1000
TEXT_MAX: Final = 5000
STATUSES: Final = {
    "accepted": "accepted",
    "sent": "accepted",
    "delivered": "delivered",
    "failed": "failed",
    "rejected": "failed",
    "undeliverable": "failed",
    "expired": "expired",
}
_ID: Final = re.compile(r"[!-~]{1,100}")
_SIGNATURE: Final = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})", re.ASCII)

_log = structlog.get_logger("sms")


class HttpSmsChannel:
    """Hands short messages to a provider, several at once."""

    def __init__(self, provider: HttpSmsProvider, settings: Settings, clock: Clock, *, timeout_s: float = ANSWER_S) -> None:
        self._provider, self._clock = provider, clock
        self._callback = callback(settings, provider)
        self._peers = peers(provider, settings, timeout_s)

    def send(self, parcels: Sequence[Parcel], deadline_s: float) -> Iterator[tuple[UUID, Outcome]]:
        """Each parcel's outcome, as soon as it is known."""
        return spread(parcels, deadline_s, LANES, lambda: nullcontext(self._post), Outcome("retry", self._provider.name, "deadline"))

    def close(self) -> None:
        """End the kept connections."""
        self._peers.close()

    def _post(self, parcel: Parcel) -> Outcome:
        now = self._clock.now()
        if parcel.expires_at <= now:
            return Outcome("rejected", self._provider.name, "expired")
        id_ = parcel.reference or parcel.delivery_id.hex
        said = {
            "id": id_,
            "to": parcel.address,
            "from": sender(parcel.sender_name, self._provider.sender),
            "text": parcel.text,
            "callback": self._callback,
        }
        headers = {"Authorization": f"Bearer {self._provider.token}", "Content-Type": "application/json", "Idempotency-Key": id_}
        try:
            answer = self._peers.send(self._provider.url, json.dumps(said).encode(), headers)
        except Unreachable as error:
            return unanswered(error, self._provider.name)
        return self._read(answer, len(measure(parcel.text).parts), now)

    def _read(self, answer: Answer, parts: int, now: datetime) -> Outcome:
        if (outcome := refused(answer, self._provider.name, now)) is not None:
            return outcome
        id_ = _given_id(answer.body)
        if answer.status == 409:
            return Outcome("accepted", self._provider.name, "had_it_already", (id_,) if id_ else (), parts)
        if id_ is None:
            return Outcome("unknown", self._provider.name, "nonsense")
        return Outcome("accepted", self._provider.name, None, (id_,), parts)


def peers(provider: HttpSmsProvider | KannelProvider, settings: Settings, timeout_s: float) -> Peers:
    """Connections to this provider alone."""
    return Peers(Wall((urlsplit(provider.url).hostname or "",), settings.outbound_private, ca=settings.outbound_ca), timeout_s)


def callback(settings: Settings, provider: HttpSmsProvider | KannelProvider) -> str:
    """Where the provider tells us what became of a message."""
    return f"{settings.public_url.rstrip('/')}/api/v1/receipts/{provider.name}"


def unanswered(error: Unreachable, provider: str) -> Outcome:
    """What no answer means."""
    if isinstance(error, Refused):
        _log.error("provider_behind_the_wall", provider=provider, why=str(error))
    return Outcome("unknown", provider, "no_answer") if error.sent else Outcome("retry", provider, "unreachable")


def refused(answer: Answer, provider: str, now: datetime) -> Outcome | None:
    """What an answer means that is not a yes; None for a yes, and for 409."""
    status = answer.status
    if 200 <= status < 300 or status == 409:
        return None
    if status in {429, 503}:
        return Outcome("retry", provider, "throttled" if status == 429 else "provider_error", retry_after_s=retry_after_s(answer, now))
    if status in {401, 403}:
        _log.error("provider_refuses_our_account", provider=provider, status=status)
        return Outcome("retry", provider, "our_account")
    if status >= 500:
        return Outcome("unknown", provider, f"status_{status}")
    return Outcome("rejected", provider, f"status_{status}")


def _given_id(body: bytes) -> str | None:
    try:
        given = json.loads(body)
    except ValueError:
        return None
    id_ = given.get("id") if isinstance(given, dict) else None
    return id_ if isinstance(id_, str) and _ID.fullmatch(id_) else None


class HttpReceipts:
    """Reads what such a provider posts."""

    def __init__(self, provider: HttpSmsProvider) -> None:
        self._provider = provider

    def read(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes, now: datetime) -> Sequence[Incoming]:  # noqa: ARG002
        """See `app.ports.ReceiptReader`."""
        check_signature(headers.get("x-signature", ""), body, self._provider.secret, now)
        try:
            given = json.loads(body)
        except (ValueError, RecursionError):
            raise Invalid.of("body", "is not JSON") from None
        items = given if isinstance(given, list) else [given]
        if len(items) > ITEMS_MAX:
            raise Invalid.of("body", "holds too many at once")
        return [self._incoming(item, f"body.{number}") for number, item in enumerate(items)]

    def _incoming(self, item: Any, where: str) -> Incoming:  # noqa: ANN401  (whatever a provider posts)
        if not isinstance(item, dict):
            raise Invalid.of(where, "is not an object")
        said = {key: _clean(value) for key, value in item.items() if isinstance(value, str) and len(value) <= TEXT_MAX}
        raw = json.dumps(item).encode()
        if "text" in said and "from" in said:
            return Incoming(self._provider.name, "inbound", raw, sender=said["from"], text=said["text"])
        ref = said.get("provider_id", "")
        if "id" not in said and not ref:
            raise Invalid.of(where, "names no message")
        status = STATUSES.get(said.get("status", "").lower())
        return Incoming(self._provider.name, "receipt", raw, ref if _ID.fullmatch(ref) else None, said.get("id", ""), status)


def _clean(text: str) -> str:
    """As a database takes it: no NUL, no half of a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def signature(body: bytes, secret: str, at: datetime) -> str:
    """The header that a provider sends with what it posts."""
    seconds = int(at.timestamp())
    return f"t={seconds},v1={hmac.new(secret.encode(), f'{seconds}.'.encode() + body, hashlib.sha256).hexdigest()}"


def check_signature(header: str, body: bytes, secret: str, now: datetime) -> None:
    """Raises `Unauthorized` unless the provider signed this body lately."""
    found = _SIGNATURE.fullmatch(header)
    if found is None or abs(now.timestamp() - int(found[1])) > SIGNED_FOR.total_seconds():
        raise Unauthorized
    expected = hmac.new(secret.encode(), f"{found[1]}.".encode() + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, found[2]):
        raise Unauthorized
