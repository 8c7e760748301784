"""A visit as an entry of a calendar (RFC 5545), for invitations by mail (RFC 5546) and as a file.

The entry keeps its UID for ever and counts its changes, so that every calendar shows the newest. Times are local times of the site with their zone
described, so that repetitions keep the wall clock when clocks are set.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

import icalendar

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is put into a calendar. `organizer` and `attendee` are addresses; a file without either is nobody's invitation."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    rule: str | None
    title: str = field(repr=False)
    text: str = field(repr=False)
    place: str = field(repr=False)
    link: str | None = field(default=None, repr=False)
    organizer: str | None = None
    organizer_name: str = ""
    attendee: str | None = field(default=None, repr=False)


def written(entry: Entry, method: Method, now: datetime) -> str:
    """The iCalendar object, with CRLF as it must be."""
    zone = ZoneInfo(entry.zone)
    event = icalendar.Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", entry.starts_at.astimezone(zone))
    event.add("dtend", entry.ends_at.astimezone(zone))
    event.add("summary", entry.title)
    event.add("description", entry.text)
    event.add("location", entry.place)
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    if entry.link:
        event.add("url", entry.link)
    if entry.rule:
        event.add("rrule", _rule(entry.rule, zone))
    if entry.organizer and entry.attendee and method != "PUBLISH":
        event.add("organizer", f"mailto:{entry.organizer}", {"CN": entry.organizer_name})
        event.add("attendee", f"mailto:{entry.attendee}", {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "FALSE"})
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Muster//Visits//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return str(calendar.to_ical().decode())


def _rule(text: str, zone: ZoneInfo) -> icalendar.vRecur:
    """As the RFC wants it beside a local start: an end is said in UTC."""
    rule: icalendar.vRecur = icalendar.vRecur.from_ical(text.removeprefix("RRULE:"))
    until = rule.get("UNTIL")
    if until:
        [last] = until if isinstance(until, list) else [until]
        rule["UNTIL"] = [_in_utc(last, zone)]
    return rule


def _in_utc(last: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(last, datetime):
        last = datetime.combine(last, time(23, 59, 59))
    return (last if last.tzinfo else last.replace(tzinfo=zone)).astimezone(UTC)
