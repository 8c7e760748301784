"""When an ordinary message may go. Quiet hours are local times and may span midnight; what breaks through them breaks through an opt-out too."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from app.core.fix import from_ms, to_ms
from app.core.schedule import Weekly, moment_ms, windows

EVERY_DAY = frozenset(range(7))


def breaks_through(kind: str, exercise: str, severity: str) -> bool:
    """Whether it goes to people in their quiet hours, and to those who opted out: a severe or extreme actual alert, and what cannot wait.

    A notice that cannot wait (a visitor stands at the door) says so by its severity, too.
    """
    return kind in ("alert", "notice") and exercise == "actual" and severity in ("severe", "extreme")


def goes_at(at: datetime, zone: str, quiet_from: time | None, quiet_until: time | None) -> datetime:
    """The first moment from `at` on that is not quiet, in UTC; `at` itself outside quiet hours.

    The end of quiet hours is not quiet, unless others begin there (02:40 to 02:20, in the night when clocks jump over both). Equal times are no
    quiet hours: a message would wait for ever. On the two days when clocks are set, what `schedule.moment_ms` says holds: a time that does not
    exist is the jump, one that comes twice is the first.
    """
    if quiet_from is None or quiet_until is None or quiet_from == quiet_until:
        return at
    at_ms = to_ms(at)
    nights = windows([Weekly("quiet", EVERY_DAY, quiet_from, quiet_until, zone, date.min)], at_ms, at_ms + 1)
    return goes_at(from_ms(nights[-1][1]), zone, quiet_from, quiet_until) if nights else at


def same_clock(at: datetime, zone: str, their_zone: str) -> datetime:
    """The moment at which clocks in `their_zone` show what clocks in `zone` show at `at`, in UTC: for a message at nine wherever somebody works."""
    local = at.astimezone(ZoneInfo(zone))
    return from_ms(moment_ms(local.date(), local.time(), their_zone))
