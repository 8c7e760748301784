"""What becomes of a parcel whose text may need several short messages.

All parts carry the same reference, made from the delivery's id: a whole text that is sent again replaces its parts on the phone instead of
standing there twice. So a text of which one part certainly did not go may be sent again, whatever is unknown of the others.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC
from typing import Final
from uuid import UUID

from app.adapters.sms.parts import cut_up
from app.adapters.sms.pdu import Address, Command, Pdu, Status, Submit, message_id
from app.adapters.sms.receipts import normal_id
from app.adapters.sms.sender import sender
from app.config import SmppProvider
from app.ports import Outcome, Parcel, Verdict

LATER: Final[dict[int, str]] = {
    Status.WRONG_BIND_STATE: "not_signed_in",
    Status.SYSTEM_ERROR: "provider_error",
    Status.QUEUE_FULL: "queue_full",
    Status.SUBMIT_FAILED: "provider_error",
    Status.THROTTLED: "throttled",
    Status.TEMPORARY: "provider_error",
}
"""Not taken, and may be taken a little later. All other errors are final: what is not known to pass would be sent for ever."""
SLOWER: Final = frozenset({Status.QUEUE_FULL, Status.THROTTLED})
FINAL: Final[dict[int, str]] = {Status.INVALID_NUMBER: "invalid_number", Status.INVALID_SENDER: "invalid_sender", Status.EXPIRED: "expired"}
_WORST_FIRST: Final[tuple[Verdict, ...]] = ("rejected", "retry", "unknown")


@dataclass(slots=True)
class Letter:
    """A parcel under way."""

    delivery_id: UUID
    submits: deque[Submit] = field(repr=False)
    parts: int
    flying: int = 0
    ids: list[str] = field(default_factory=list)
    troubles: dict[Verdict, str] = field(default_factory=dict)
    """The first reason of each kind."""

    @classmethod
    def of(cls, parcel: Parcel, smsc: SmppProvider) -> "Letter":
        """Its short messages. Raises `ValueError` when it needs more than can be numbered."""
        data_coding, parts = cut_up(parcel.text, parcel.delivery_id.int & 0xFFFF)
        origin = Address.of(sender(parcel.sender_name, smsc.sender))
        recipient = Address.of(parcel.address)
        until = parcel.expires_at.astimezone(UTC).strftime("%y%m%d%H%M%S000+")
        submits = deque(Submit(origin, recipient, data, data_coding, len(parts) > 1, until) for data in parts)
        return cls(parcel.delivery_id, submits, len(submits))

    @property
    def begun(self) -> bool:
        """Whether a part of it was sent."""
        return self.flying > 0 or bool(self.ids) or bool(self.troubles)

    def next(self) -> Submit:
        """The next part, which counts as under way from now on."""
        self.flying += 1
        return self.submits.popleft()

    def unanswered(self) -> None:
        """One part was not answered in time."""
        self.flying -= 1
        self.troubles.setdefault("unknown", "no_answer")

    def lost(self) -> None:
        """The connection ended while parts were under way."""
        self.flying = 0
        self.troubles.setdefault("unknown", "connection_lost")

    def read(self, pdu: Pdu, smsc: SmppProvider) -> None:
        """The SMSC's answer about one part."""
        self.flying -= 1
        if pdu.status == Status.OK and pdu.command != Command.NACK:
            self.ids.append(normal_id(message_id(pdu.body), smsc.answer_ids))
        elif pdu.status in LATER:
            self.stop("retry", LATER[pdu.status])
        else:
            self.stop("rejected", FINAL.get(pdu.status) or f"smpp_{pdu.status:02x}")

    def stop(self, verdict: Verdict, reason: str) -> None:
        """A part certainly did not go; the parts not yet sent stay here."""
        self.troubles.setdefault(verdict, reason)
        self.submits.clear()

    @property
    def settled(self) -> bool:
        """Whether nothing more will happen to it."""
        return not self.submits and not self.flying

    def outcome(self, smsc: SmppProvider, retry_after_s: float | None) -> Outcome:
        """Of the whole, when it is settled."""
        for verdict in _WORST_FIRST:
            if verdict in self.troubles:
                after = retry_after_s if verdict == "retry" else None
                return Outcome(verdict, smsc.name, self.troubles[verdict], tuple(self.ids), self.parts, after)
        return Outcome("accepted", smsc.name, None, tuple(self.ids), self.parts)
