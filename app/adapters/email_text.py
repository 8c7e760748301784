"""A parcel as an e-mail: plain text, and the same as simple HTML. Whatever stands in a parcel, it cannot add a header or markup."""

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from html import escape
from io import BytesIO
from typing import Final

import segno

from app.ports import Parcel

SUBJECT_MAX: Final = 200
WORDS: Final = {
    "nl": {"reply": "Antwoorden", "leave": "Geen gewone berichten meer ontvangen"},
    "en": {"reply": "Answer", "leave": "Stop receiving ordinary messages"},
}
_ADDRESS: Final = re.compile(r"([A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64})@([^\s@<>\"(),:;\[\]\\]{1,253})")
_METHOD: Final = re.compile(r"^METHOD:([A-Z]+)\r?$", re.MULTILINE | re.ASCII)
QR: Final = "qr@muster"
"""Names the picture of a QR code inside its mail."""
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def mailbox(text: str, display_name: str = "") -> Address:
    """An address as headers and the envelope take it: in ASCII, its domain as the DNS knows it. Raises `ValueError`."""
    found = _ADDRESS.fullmatch(text)
    if found is None:
        raise ValueError("no address")
    return Address(_line(display_name), found[1], found[2].encode("idna").decode())


def sender_of(email_from: str, name: str) -> Address:
    """Who it is from: the organization's name, at the installation's address."""
    own_name, address = parseaddr(email_from)
    return mailbox(address, name or own_name)


def compose(parcel: Parcel, sender: Address, recipient: Address, now: datetime) -> bytes:
    """The whole mail. The same delivery has the same Message-ID, so that a mail sent twice is shown once."""
    mail = EmailMessage(SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, recipient, _line(parcel.subject or parcel.text)[:SUBJECT_MAX]
    mail["Date"], mail["Message-ID"] = format_datetime(now), f"<{parcel.delivery_id.hex}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    if parcel.urgent:
        mail["Importance"] = "high"
    elif parcel.leave_url:
        mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"] = f"<{parcel.leave_url}>", "List-Unsubscribe=One-Click"
    mail.set_content(_text(parcel), cte="quoted-printable")
    mail.add_alternative(_html(parcel), subtype="html", cte="quoted-printable")
    if parcel.qr:
        list(mail.iter_parts())[1].add_related(_qr(parcel.qr), "image", "png", cid=f"<{QR}>", filename="qr.png")
    if parcel.calendar:
        _add_calendar(mail, parcel.calendar)
    mail["Content-Language"] = parcel.locale  # last: content moves the headers about content that were there before
    return mail.as_bytes()


def _add_calendar(mail: EmailMessage, calendar: str) -> None:
    """As mail programs want it (RFC 6047): a part of its own kind, which they show with buttons, and a file for all others."""
    found = _METHOD.search(calendar)
    method = found[1] if found else "PUBLISH"
    mail.add_alternative(calendar, subtype="calendar", params={"method": method}, cte="base64")
    mail.add_attachment(calendar.encode(), "application", "ics", filename="invite.ics")


def _qr(text: str) -> bytes:
    picture = BytesIO()
    segno.make(text, error="m", micro=False).save(picture, kind="png", scale=6, border=4)
    return picture.getvalue()


def _line(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()


def _links(parcel: Parcel) -> list[tuple[str, str]]:
    words = WORDS.get(parcel.locale, WORDS["en"])
    leave = None if parcel.urgent else parcel.leave_url
    return [(words[name], url) for name, url in (("reply", parcel.reply_url), ("leave", leave)) if url]


def _text(parcel: Parcel) -> str:
    return "\n\n".join([parcel.text.strip(), *(f"{word}: {url}" for word, url in _links(parcel))]) + "\n"


def _html(parcel: Parcel) -> str:
    blocks = [escape(block).replace("\n", "<br>\n") for block in re.split(r"\n\s*\n", parcel.text.replace("\r\n", "\n").strip())]
    blocks += [f'<a href="{escape(url)}">{escape(word)}</a>' for word, url in _links(parcel)]
    paragraphs = "\n".join(f"<p>{block}</p>" for block in blocks)
    if parcel.qr:
        paragraphs += f'\n<p><img src="cid:{QR}" alt="QR" width="200" height="200"></p>'
    head = f'<!doctype html>\n<html lang="{escape(parcel.locale)}"><meta charset="utf-8"><title>{escape(_line(parcel.subject))}</title>'
    return f'{head}\n<body style="font:16px/1.5 sans-serif">\n{paragraphs}\n</body></html>\n'
