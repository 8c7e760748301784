"""When planned visits take place: once, or by a rule of RFC 5545, in local time of the site.

A rule repeats by days, weeks, months or years and always ends, by COUNT or UNTIL. It is read into parts that are known to be few, so that no rule,
however odd, keeps us busy: what it means within two years is worked out once, and kept as visits.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule, weekday

from app.core.fix import from_ms
from app.core.schedule import moment_ms
from app.errors import Invalid

MOST: Final = 366
HORIZON: Final = timedelta(days=731)
_FREQUENCIES: Final = {"DAILY": DAILY, "WEEKLY": WEEKLY, "MONTHLY": MONTHLY, "YEARLY": YEARLY}
_DAYS: Final = {name: number for number, name in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}
_BYDAY: Final = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_UNTIL: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})Z?)?", re.ASCII)
_NUMBER: Final = re.compile(r"-?[0-9]{1,3}", re.ASCII)

Times = list[tuple[datetime, datetime]]


def times(starts_at: datetime, ends_at: datetime, zone: str, rule: str | None) -> Times:
    """(from, until) of each time, in UTC. Repetitions keep the wall clock. Raises `Invalid` for the rule."""
    first, last = _local(starts_at, zone), _local(ends_at, zone)
    if rule is None:
        return [(starts_at, ends_at)]
    starts = list(islice(_starts(rule, first, zone), MOST + 1))
    if not starts or starts[0] != first:
        raise Invalid.of("rule", "The first time is not one of those of the rule", "Let the rule begin at the first time.")
    if len(starts) > MOST:
        raise Invalid.of("rule", "These are more than 366 times", "Let the rule end earlier.")
    return [(_moment(start, zone), _moment(start + (last - first), zone)) for start in starts]


def _starts(rule: str, first: datetime, zone: str) -> Any:  # noqa: ANN401 (an iterator of naive local times)
    parts = _parts(rule)
    count = _number(parts, "COUNT", 1, MOST) if "COUNT" in parts else None
    if (count is None) == ("UNTIL" not in parts):
        raise _wrong("A rule ends by COUNT or by UNTIL")
    horizon = first + HORIZON
    until = horizon if count is not None else _until(parts["UNTIL"], zone)
    if until > horizon:
        raise _wrong("A rule ends within two years")
    options: dict[str, Any] = {"interval": _number(parts, "INTERVAL", 1, 366) if "INTERVAL" in parts else 1}
    if "BYDAY" in parts:
        options["byweekday"] = [_day(one) for one in parts["BYDAY"].split(",")]
    if "BYMONTHDAY" in parts:
        options["bymonthday"] = [_within(one, -31, 31) for one in parts["BYMONTHDAY"].split(",")]
    if "BYSETPOS" in parts:
        options["bysetpos"] = [_within(one, -5, 5) for one in parts["BYSETPOS"].split(",")]
    found = rrule(_FREQUENCIES[parts["FREQ"]], dtstart=first, until=until, cache=False, **options)
    return islice(found, count)


def _parts(rule: str) -> dict[str, str]:
    parts = dict(part.partition("=")[::2] for part in rule.upper().removeprefix("RRULE:").split(";"))
    if parts.pop("WKST", "MO") != "MO" or parts.get("FREQ") not in _FREQUENCIES:
        raise _wrong("This rule cannot be read")
    if not set(parts) <= {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYSETPOS"}:
        raise _wrong("This rule cannot be read")
    return parts


def _day(text: str) -> Any:  # noqa: ANN401 (dateutil's own kind of day)
    found = _BYDAY.fullmatch(text)
    if found is None:
        raise _wrong("This rule cannot be read")
    return weekday(_DAYS[found[2]], int(found[1]) if found[1] else None)


def _number(parts: dict[str, str], name: str, least: int, most: int) -> int:
    return _within(parts[name], least, most)


def _within(text: str, least: int, most: int) -> int:
    if not _NUMBER.fullmatch(text) or not least <= int(text) <= most or int(text) == 0:
        raise _wrong("This rule cannot be read")
    return int(text)


def _until(text: str, zone: str) -> datetime:
    """The last moment, as local time. With a Z it is UTC, as RFC 5545 wants it of times with a zone."""
    found = _UNTIL.fullmatch(text)
    try:
        if found is None:
            raise ValueError  # noqa: TRY301 (one answer for all that is no time)
        day = date(*(int(part) for part in found.groups()[:3]))
        if found[4] is None:
            return datetime.combine(day, datetime.max.time())
        moment = datetime.combine(day, time(int(found[4]), int(found[5]), int(found[6])), UTC)
    except ValueError:
        raise _wrong("This rule cannot be read") from None
    return _local(moment, zone) if text.endswith("Z") else moment.replace(tzinfo=None)


def _local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _moment(local: datetime, zone: str) -> datetime:
    return from_ms(moment_ms(local.date(), local.time(), zone))


def _wrong(message: str) -> Invalid:
    return Invalid.of("rule", message, "Write it as FREQ=WEEKLY;BYDAY=MO;COUNT=10.")
