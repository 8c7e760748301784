"""Visits in calendars: what a mail program makes of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

import icalendar
import pytest
from dateutil.rrule import rrulestr

from app.visitors.calendar import Entry, written

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ENTRY = Entry(
    uid="1-2@muster.example", sequence=3, starts_at=datetime(2026, 3, 27, 8, tzinfo=UTC), ends_at=datetime(2026, 3, 27, 10, tzinfo=UTC),
    zone="Europe/Amsterdam", rule=None, title="Bezoek; aan, Ørsted 🏭", text="https://muster.example/v/x", place="Hal 4, Kade 1",
    organizer="muster@muster.example", organizer_name="Ørsted", attendee="jane@example.org",
)  # fmt: skip


def read(entry: Entry, method: str = "REQUEST") -> tuple[icalendar.Calendar, icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(written(entry, method, NOW))  # type: ignore[arg-type]
    return calendar, calendar.events[0]


def test_a_request_says_who_asks_whom_when_and_where() -> None:
    calendar, event = read(ENTRY)
    assert (calendar["METHOD"], event["UID"], event["SEQUENCE"], event["STATUS"]) == ("REQUEST", "1-2@muster.example", 3, "CONFIRMED")
    assert (event["SUMMARY"], event["LOCATION"]) == (ENTRY.title, ENTRY.place)
    assert (event["ORGANIZER"], event["ATTENDEE"]) == ("mailto:muster@muster.example", "mailto:jane@example.org")
    assert cast("datetime", event.start).utcoffset() == timedelta(hours=1)


def test_the_entry_of_a_cancelled_visit_takes_the_same_one_out() -> None:
    calendar, event = read(replace(ENTRY, sequence=4), "CANCEL")
    assert (calendar["METHOD"], event["UID"], event["SEQUENCE"], event["STATUS"]) == ("CANCEL", "1-2@muster.example", 4, "CANCELLED")


def test_a_file_invites_nobody() -> None:
    _, event = read(ENTRY, "PUBLISH")
    assert "ATTENDEE" not in event
    assert "ORGANIZER" not in event


@pytest.mark.parametrize(
    "rule", ["FREQ=WEEKLY;COUNT=3", "FREQ=WEEKLY;UNTIL=20260410", "FREQ=WEEKLY;UNTIL=20260410T090000", "FREQ=WEEKLY;UNTIL=20260410T070000Z"]
)
def test_a_repeated_visit_keeps_its_wall_clock_when_clocks_are_set(rule: str) -> None:
    calendar, event = read(replace(ENTRY, rule=rule))
    assert calendar.timezones, "the zone is described, so that no calendar must know it"
    text = event["RRULE"].to_ical().decode()  # type: ignore[union-attr]
    assert "UNTIL" not in text or text.endswith("Z"), "beside a local time an end is said in UTC"
    starts = list(rrulestr(text, dtstart=event.start))
    assert [f"{one:%d %H:%M %z}" for one in starts] == ["27 09:00 +0100", "03 09:00 +0200", "10 09:00 +0200"]


def test_no_line_is_longer_than_a_mail_program_reads_and_all_end_as_they_must() -> None:
    lines = written(replace(ENTRY, title="é" * 300), "REQUEST", NOW).split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    assert not any("\n" in line for line in lines)
