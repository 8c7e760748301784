"""A mail with a calendar entry and a QR code."""

import email
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from uuid import uuid4

from app.adapters.email_text import compose, mailbox
from app.ports import Parcel

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nEND:VCALENDAR\r\n"


def mail(calendar: str | None = None, qr: str | None = None) -> EmailMessage:
    parcel = Parcel(uuid4(), "jane@example.org", "Invitation", "Welcome\n\nto HQ", "en", False, NOW, calendar=calendar, qr=qr)
    made = compose(parcel, mailbox("muster@example.org"), mailbox("jane@example.org"), NOW)
    return email.message_from_bytes(made, policy=SMTP)


def kinds(message: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in message.walk()]


def test_the_calendar_is_a_part_of_its_own_and_a_file() -> None:
    found = mail(CALENDAR)
    assert kinds(found) == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics"]
    part = next(one for one in found.walk() if one.get_content_type() == "text/calendar")
    assert part["Content-Type"].params["method"] == "CANCEL"
    assert part.get_content().replace("\r\n", "\n") == CALENDAR.replace("\r\n", "\n")
    assert [one.get_filename() for one in found.iter_attachments()] == ["invite.ics"]


def test_the_qr_code_is_shown_in_the_mail_and_nothing_is_fetched_from_elsewhere() -> None:
    found = mail(CALENDAR, "muster:visit:v1-x")
    assert kinds(found)[:6] == ["multipart/mixed", "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"]
    picture = next(one for one in found.walk() if one.get_content_type() == "image/png")
    html = found.get_body(("html",))
    assert html is not None
    assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in html.get_content()
    assert "http" not in html.get_content()


def test_any_other_mail_is_as_it_was() -> None:
    assert kinds(mail()) == ["multipart/alternative", "text/plain", "text/html"]
