"""SMS through a Kannel's `sendsms`.

Its answer has to be read: 202 stands for "0: Accepted for delivery" and for "3: Queued for later delivery", and either is a yes. It gives no id of
its own, so the address of its receipts carries ours, signed. Kannel asks for that address with GET; of a text in several parts it tells once.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode
from uuid import UUID

from app.adapters.lanes import spread
from app.adapters.outbound import Unreachable
from app.adapters.sms.http import ANSWER_S, LANES, callback, peers, refused, unanswered
from app.adapters.sms.sender import sender
from app.config import KannelProvider, Settings
from app.core.sms import measure
from app.errors import Invalid, Unauthorized
from app.ports import Clock, Incoming, Outcome, Parcel

DLR_MASK: Final = 31
"""Everything that becomes of it: delivered 1, failed 2, queued 4, taken by the SMSC 8, refused by the SMSC 16."""
STATUSES: Final = {"1": "delivered", "2": "failed", "4": "accepted", "8": "accepted", "16": "failed"}
CODINGS: Final = {"gsm": "0", "ucs2": "2"}
YES: Final = re.compile(rb"\s*[03]:")


class KannelChannel:
    """Hands short messages to a Kannel, several at once."""

    def __init__(self, provider: KannelProvider, settings: Settings, clock: Clock, *, timeout_s: float = ANSWER_S) -> None:
        self._provider, self._clock = provider, clock
        self._callback = callback(settings, provider)
        self._peers = peers(provider, settings, timeout_s)

    def send(self, parcels: Sequence[Parcel], deadline_s: float) -> Iterator[tuple[UUID, Outcome]]:
        """Each parcel's outcome, as soon as it is known."""
        return spread(parcels, deadline_s, LANES, lambda: nullcontext(self._ask), Outcome("retry", self._provider.name, "deadline"))

    def close(self) -> None:
        """End the kept connections."""
        self._peers.close()

    def _ask(self, parcel: Parcel) -> Outcome:
        now, name = self._clock.now(), self._provider.name
        if parcel.expires_at <= now:
            return Outcome("rejected", name, "expired")
        segments = measure(parcel.text)
        query = {
            "username": self._provider.user,
            "password": self._provider.password,
            "to": parcel.address,
            "from": sender(parcel.sender_name, self._provider.sender),
            "text": parcel.text,
            "charset": "UTF-8",
            "coding": CODINGS[segments.encoding],
            "validity": str(max(1, int((parcel.expires_at - now).total_seconds()) // 60)),
            "dlr-mask": str(DLR_MASK),
            "dlr-url": self._dlr_url(parcel.reference or parcel.delivery_id.hex),
        }
        try:
            answer = self._peers.send(f"{self._provider.url}?{urlencode(query, quote_via=quote)}", None, {}, method="GET")
        except Unreachable as error:
            return unanswered(error, name)
        if (outcome := refused(answer, name, now)) is not None:
            return outcome
        if not YES.match(answer.body):
            return Outcome("unknown", name, "nonsense")
        return Outcome("accepted", name, None, (), len(segments.parts))

    def _dlr_url(self, reference: str) -> str:
        return f"{self._callback}?ref={reference}&sig={signed(reference, self._provider.secret)}&status=%d"


def signed(reference: str, secret: str) -> str:
    """Shows that an address of receipts is one of ours."""
    return hmac.new(secret.encode(), f"receipt {reference}".encode(), hashlib.sha256).hexdigest()


class KannelReceipts:
    """Reads what Kannel tells by asking for the address we gave it."""

    def __init__(self, provider: KannelProvider) -> None:
        self._provider = provider

    def read(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes, now: datetime) -> Sequence[Incoming]:  # noqa: ARG002
        """See `app.ports.ReceiptReader`."""
        reference, status = query.get("ref", ""), query.get("status", "")
        if not hmac.compare_digest(signed(reference, self._provider.secret).encode(), query.get("sig", "").encode("utf-8", "replace")):
            raise Unauthorized
        if status not in STATUSES:
            raise Invalid.of("query.status", "is none of Kannel's")
        return [Incoming(self._provider.name, "receipt", status.encode(), reference=reference, status=STATUSES[status])]
