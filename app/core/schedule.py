"""Local time. The only module of the product that knows zones; everything else counts UTC milliseconds.

Two decisions, the same everywhere, so that clock times keep their order and nothing ever lasts less than zero:

- A local time that does not exist (clocks jump from 02:00 to 03:00) means the moment of the jump.
- A local time that comes twice (clocks fall back from 03:00 to 02:00) means the first of the two.

So a shift from 22:00 to 06:00 lasts 7 hours in the night when clocks jump and 9 in the night when they fall back, as people really work it.
A shift belongs to the local date on which it starts.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.core.fix import from_ms, to_ms
from app.core.intervals import Interval

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Weekly:
    """A working window or a shift that returns every week, in local time of an IANA zone.

    `weekdays`: 0 is Monday, and means the day on which it starts. An end at or before the start is on the next day (equal: 24 hours).
    `valid_from` and `valid_until` are the first and last local dates on which it starts, both included; None: no last one.
    """

    id: str
    weekdays: frozenset[int]
    starts: time
    ends: time
    zone: str
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that a `Weekly` takes place: whole, even where it reaches beyond the period that was asked for."""

    weekly: str
    worked_on: date
    from_ms: int
    until_ms: int

    @property
    def interval(self) -> Interval:
        """[from_ms, until_ms)."""
        return (self.from_ms, self.until_ms)


def moment_ms(day: date, clock: time, zone: str) -> int:
    """The UTC moment of a local date and time in an IANA zone; see the two decisions above. Unknown zone: `zoneinfo.ZoneInfoNotFoundError`."""
    local = datetime.combine(day, clock, ZoneInfo(zone))
    moment = local.astimezone(UTC)
    if moment.astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None):
        moment = _jump(local.replace(fold=1).astimezone(UTC), moment, ZoneInfo(zone))
    return to_ms(moment)


def worked_on(at_ms: int, zone: str) -> date:
    """The local date of a moment."""
    return from_ms(at_ms).astimezone(ZoneInfo(zone)).date()


def midnight(day: date, zone: str) -> datetime:
    """The UTC moment at which a local date begins."""
    return from_ms(moment_ms(day, time(), zone))


def local_days(interval: Interval, zone: str) -> Iterator[tuple[date, Interval]]:
    """The interval split at local midnights, with the local date of each part. Days last 23, 24 or 25 hours."""
    start, end = interval
    while start < end:
        day = worked_on(start, zone)
        next_day = max(moment_ms(day + DAY, time(), zone), start + 1)
        yield day, (start, min(next_day, end))
        start = next_day


def occurrences(weeklies: Iterable[Weekly], from_ms: int, until_ms: int) -> list[Occurrence]:
    """Every occurrence that overlaps [from_ms, until_ms), by time. Give a bounded period: one step per day and `Weekly`."""
    found = [one for weekly in weeklies for one in _of(weekly, from_ms, until_ms)]
    return sorted(found, key=lambda one: (one.from_ms, one.until_ms, one.weekly))


def windows(weeklies: Iterable[Weekly], from_ms: int, until_ms: int) -> tuple[Interval, ...]:
    """The working windows around a period, as `consent.Gate` wants them; whole, so that no end is an artefact of the period."""
    return tuple(one.interval for one in occurrences(weeklies, from_ms, until_ms))


def _of(weekly: Weekly, from_ms: int, until_ms: int) -> Iterator[Occurrence]:
    first = max(worked_on(from_ms, weekly.zone) - 2 * DAY, weekly.valid_from)
    last = worked_on(until_ms, weekly.zone)
    if weekly.valid_until is not None:
        last = min(last, weekly.valid_until)
    for day in (first + number * DAY for number in range((last - first).days + 1)):
        if day.weekday() not in weekly.weekdays:
            continue
        start = moment_ms(day, weekly.starts, weekly.zone)
        end = moment_ms(day if weekly.ends > weekly.starts else day + DAY, weekly.ends, weekly.zone)
        if max(start, from_ms) < min(end, until_ms):
            yield Occurrence(weekly.id, day, start, end)


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The second at which the zone's offset changes between two UTC moments."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=int((after - before).total_seconds()) // 2)
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
