"""What an SMSC brings: receipts, and what people send back.

A receipt is a text whose form is each vendor's own (the specification gives a "typical example"), sometimes with fields beside it, which then
count for more. Its dates have 10 or 12 digits and its id may be written otherwise than in the answer to the message.
"""

import re
from typing import Final

from app.adapters.sms.parts import text_of
from app.adapters.sms.pdu import MESSAGE_STATE, RECEIPTED_MESSAGE_ID, Delivered, Garbled
from app.config import IdForm, SmppProvider
from app.ports import Incoming

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


def incoming(body: bytes, smsc: SmppProvider) -> Incoming:
    """What a deliver_sm is. Never fails: what cannot be understood is a receipt without `ref` and `status`, and is kept all the same."""
    try:
        delivered = Delivered.read(body)
    except Garbled:
        return Incoming(smsc.name, "receipt", body)
    text = text_of(delivered.data, delivered.data_coding, delivered.esm_class)
    if not (delivered.esm_class & RECEIPT_BITS or RECEIPTED_MESSAGE_ID in delivered.extras):
        return Incoming(smsc.name, "inbound", body, sender=delivered.sender, text=text)
    said = {name.lower(): value for name, value in reversed(_FIELD.findall(text.partition("text:")[0]))}
    id_ = delivered.extras.get(RECEIPTED_MESSAGE_ID, b"").rstrip(b"\0").decode("ascii", "replace") or said.get("id")
    state = STATES.get(int.from_bytes(delivered.extras.get(MESSAGE_STATE, b""), "big")) or said.get("stat", "")
    ref = normal_id(id_, smsc.receipt_ids) if id_ else None
    return Incoming(smsc.name, "receipt", body, ref=ref, status=STATUSES.get(state.upper()[:5]))


def normal_id(text: str, form: IdForm) -> str:
    """An id as it is kept and compared. What is not written in that form is taken as text."""
    try:
        return _plain(text) if form == "text" else str(int(text, 16 if form == "hex" else 10))
    except ValueError:
        return _plain(text)


def _plain(text: str) -> str:
    printable = "".join(character for character in text if "!" <= character <= "~")
    return printable.lower().lstrip("0")[:100] or "0"
