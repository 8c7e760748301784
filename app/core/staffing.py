"""Whether enough of a group are inside a fence: a warning when it falls below, a word when it has recovered.

1. Only who is inside for certain counts. Somebody unknown may be there, but whoever counts on them should hear that nobody is sure.
2. Below is said at once, and once.
3. Recovered is said when enough have been there for five minutes without a break. So one person walking to and fro across the border makes one
   warning, and not a message at every crossing.
4. Outside the rule's hours nothing is said, and a shortage is forgotten: when the hours begin again it is a new one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from app.core.fix import to_ms
from app.core.schedule import Weekly, windows

STEADY: Final = timedelta(minutes=5)

Change = Literal["below", "recovered"]


@dataclass(frozen=True, slots=True)
class Staffing:
    """What is remembered of a rule. `below_since`: since when there are too few; `enough_since`: since when, while that was not yet taken back."""

    below_since: datetime | None = None
    enough_since: datetime | None = None


def judge(was: Staffing, present: int, at_least: int, now: datetime, *, on_duty: bool) -> tuple[Staffing, Change | None]:
    """What is remembered from now on, and what must be said. `present`: how many of the group are inside for certain."""
    if not on_duty:
        return Staffing(), None
    if present < at_least:
        return Staffing(was.below_since or now), None if was.below_since else "below"
    if was.below_since is None:
        return Staffing(), None
    since = was.enough_since or now
    return (Staffing(), "recovered") if now - since >= STEADY else (Staffing(was.below_since, since), None)


def on_duty(weekdays: Iterable[int], starts_at: time, ends_at: time, zone: str, now: datetime) -> bool:
    """Whether now is within the weekly hours, in local time of the zone. Hours over midnight belong to the weekday on which they start."""
    hours = Weekly("staffing", frozenset(weekdays), starts_at, ends_at, zone, date.min)
    return bool(windows([hours], to_ms(now), to_ms(now) + 1))
