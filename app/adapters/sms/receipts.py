"""What an SMSC brings: receipts, and what people send back.

A receipt is a text whose form is each vendor's own (the specification gives a "typical example"), sometimes with fields beside it, which then
count for more. Its dates have 10 or 12 digits and its id may be written otherwise than in the answer to the message.
"""

import re
from dataclasses import dataclass, field
from typing import Final, Literal

from app.adapters.sms.parts import text_of
from app.adapters.sms.pdu import MESSAGE_STATE, RECEIPTED_MESSAGE_ID, Delivered
from app.config import IdForm

RECEIPT_BITS: Final = 0x3C
"""Of esm_class: a receipt of the SMSC or of the phone, or a notice on the way."""
STATES: Final = {
    1: "ENROUTE",
    2: "DELIVRD",
    3: "EXPIRED",
    4: "DELETED",
    5: "UNDELIV",
    6: "ACCEPTD",
    7: "UNKNOWN",
    8: "REJECTD",
}
STATUSES: Final = {
    "ENROU": "accepted",
    "ACCEP": "accepted",
    "DELIV": "delivered",
    "EXPIR": "expired",
    "DELET": "failed",
    "UNDEL": "failed",
    "REJEC": "failed",
}
"""By the first letters, as some write DELIVRD and others DELIVERED. UNKNOWN changes nothing."""
_FIELD: Final = re.compile(r"\b(id|stat|err):\s*(\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Brought:
    """A receipt or a text from a phone. `ref`: the SMSC's id of the message the receipt is about. `status`: as a delivery's, None when it says nothing."""

    kind: Literal["receipt", "inbound"]
    sender: str = field(repr=False)
    """Of a receipt: the number the message went to."""
    recipient: str = field(repr=False)
    text: str = field(repr=False)
    ref: str | None = None
    status: str | None = None


def read(delivered: Delivered, form: IdForm) -> Brought:
    """What it is. Never fails: a receipt that cannot be understood has no `ref` and no `status`."""
    text = text_of(delivered.data, delivered.data_coding, delivered.esm_class)
    if not (delivered.esm_class & RECEIPT_BITS or RECEIPTED_MESSAGE_ID in delivered.extras):
        return Brought("inbound", delivered.sender, delivered.recipient, text)
    said = {name.lower(): value for name, value in reversed(_FIELD.findall(text.partition("text:")[0]))}
    id_ = delivered.extras.get(RECEIPTED_MESSAGE_ID, b"").rstrip(b"\0").decode("ascii", "replace") or said.get("id")
    state = STATES.get(int.from_bytes(delivered.extras.get(MESSAGE_STATE, b""), "big")) or said.get("stat", "")
    ref = normal_id(id_, form)[:100] if id_ else None
    return Brought("receipt", delivered.sender, delivered.recipient, text, ref, STATUSES.get(state.upper()[:5]))


def normal_id(text: str, form: IdForm) -> str:
    """An id as it is kept and compared. What is not written in that form is taken as text."""
    try:
        return _plain(text) if form == "text" else str(int(text, 16 if form == "hex" else 10))
    except ValueError:
        return _plain(text)


def _plain(text: str) -> str:
    return text.strip().lower().lstrip("0") or "0"
