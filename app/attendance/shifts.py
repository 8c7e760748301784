"""When people are expected: weekly, in local time, over midnight if need be. An edit ends the row and starts another, so the past keeps its own."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.attendance import lookups
from app.attendance.models import Shift
from app.core.fix import to_ms
from app.core.intervals import FOREVER
from app.core.schedule import Occurrence, Weekly, occurrences, worked_on
from app.core.workday import BreakRule
from app.errors import Invalid, NotFound

DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NewShift:
    """A shift as it shall be. `weekdays`: ISO, 1 is Monday; an end at or before the start is on the next day. No `timezone`: the organization's."""

    name: str
    weekdays: tuple[int, ...]
    starts_at: time
    ends_at: time
    valid_from: date
    valid_until: date | None = None
    break_minutes: int = 0
    site_id: UUID | None = None
    timezone: str | None = None


def list_shifts(  # noqa: PLR0913 (a page and its filters)
    session: Session,
    organization_id: int,
    *,
    person_id: UUID | None,
    group_id: UUID | None,
    after: UUID | None,
    limit: int,
    now: datetime,
) -> Sequence[Shift]:
    """Shifts in force or to come; of a person (those of their groups included) or of a group."""
    groups: list[UUID] | None = None if group_id is None else [group_id]
    if person_id is not None:
        groups = [*(groups or ()), *accounts.groups_of_people(session, organization_id, [person_id])[person_id]]
    today = now.date() - DAY
    return lookups.shifts(session, organization_id, person_id=person_id, group_ids=groups, ended_before=today, after=after, limit=limit)


def get_shift(session: Session, organization_id: int, shift_id: UUID, *, own: UUID | None = None, lock: bool = False) -> Shift:
    """By id; `own` restricts to a person's, those of their groups included. Raises `NotFound`."""
    found = lookups.shift(session, organization_id, shift_id, lock=lock)
    if found is None:
        raise NotFound
    if own is not None and found.person_id != own:
        groups = accounts.groups_of_people(session, organization_id, [own])[own]
        if found.group_id is None or found.group_id not in groups:
            raise NotFound
    return found


def create_shift(session: Session, organization_id: int, holder: tuple[UUID | None, UUID | None], new: NewShift) -> Shift:
    """For a person or a group: `holder` is (person, None) or (None, group). Raises `Invalid` when one of them is unknown."""
    person_id, group_id = holder
    if (person_id is None) == (group_id is None):
        raise Invalid.of("body", "A shift is for a person or for a group", "Give person_id or group_id, not both.")
    if person_id is not None and not accounts.names_of(session, organization_id, [person_id]):
        raise Invalid.of("person_id", "There is no such person", "Choose from GET /api/v1/people.")
    if group_id is not None:
        accounts.require_listed_groups(session, organization_id, [group_id], "group_id")
    accounts.require_site(session, organization_id, new.site_id)
    return _add(session, organization_id, holder, new)


def edit_shift(session: Session, shift: Shift, new: NewShift) -> Shift:
    """End this shift the day before the new one is valid, and start the new one. Returns the new one, with an id of its own."""
    accounts.require_site(session, shift.organization_id, new.site_id)
    shift.valid_until = new.valid_from - DAY
    return _add(session, shift.organization_id, (shift.person_id, shift.group_id), new)


def end_shift(session: Session, shift: Shift, now: datetime) -> None:
    """It starts for the last time today, in its own zone (one that has not begun never starts)."""
    shift.valid_until = min(worked_on(to_ms(now), shift.timezone), shift.valid_until or date.max)
    session.flush()


def _add(session: Session, organization_id: int, holder: tuple[UUID | None, UUID | None], new: NewShift) -> Shift:
    shift = Shift(
        organization_id=organization_id,
        person_id=holder[0],
        group_id=holder[1],
        name=new.name,
        site_id=new.site_id,
        weekdays=sorted(set(new.weekdays)),
        starts_at=new.starts_at,
        ends_at=new.ends_at,
        break_minutes=new.break_minutes,
        timezone=new.timezone or accounts.get_organization(session, organization_id).timezone,
        valid_from=new.valid_from,
        valid_until=new.valid_until,
    )
    session.add(shift)
    session.flush()
    return shift


@dataclass(frozen=True, slots=True)
class Expected:
    """What a period expects of people: each one's occurrences, and the breaks that come with their shifts."""

    occurrences: dict[UUID, list[Occurrence]]
    breaks: tuple[BreakRule, ...]
    shifts: dict[str, Shift]


def expected(session: Session, organization_id: int, people: Sequence[UUID], from_ms: int, until_ms: int) -> Expected:
    """The shifts of all these people in a period, in at most two statements. A group's shift counts for who was in the group when it started."""
    first, last = worked_on(from_ms, "UTC") - 2 * DAY, worked_on(until_ms, "UTC") + DAY
    shifts = lookups.shifts_between(session, organization_id, people, first, last)
    found: dict[UUID, list[Occurrence]] = defaultdict(list)
    members = _members(session, organization_id, people) if any(shift.group_id for shift in shifts) else {}
    for shift in shifts:
        times = _occurrences(weekly(shift), from_ms, until_ms)
        if shift.person_id is not None:
            found[shift.person_id] += times
        for person, start, end in members.get(shift.group_id, ()):
            found[person] += [one for one in times if start <= one.from_ms < end]
    breaks = tuple(_break(shift) for shift in shifts if shift.break_minutes)
    return Expected(found, breaks, {str(shift.id): shift for shift in shifts})


def weekly(shift: Shift) -> Weekly:
    """As `core.schedule` takes it, where 0 is Monday."""
    weekdays = frozenset(day - 1 for day in shift.weekdays)
    return Weekly(str(shift.id), weekdays, shift.starts_at, shift.ends_at, shift.timezone, shift.valid_from, shift.valid_until)


@lru_cache(maxsize=1024)
def _occurrences(weekly: Weekly, from_ms: int, until_ms: int) -> tuple[Occurrence, ...]:
    return tuple(occurrences([weekly], from_ms, until_ms))


def _members(session: Session, organization_id: int, people: Sequence[UUID]) -> dict[UUID | None, list[tuple[UUID, int, int]]]:
    found: dict[UUID | None, list[tuple[UUID, int, int]]] = defaultdict(list)
    rows: Iterable[tuple[UUID, UUID, datetime, datetime | None]] = (
        (row.group_id, row.person_id, row.valid_from, row.valid_until)
        for row in accounts.memberships_of_people(session, organization_id, people)
    )
    for group, person, start, end in rows:
        found[group].append((person, to_ms(start), FOREVER if end is None else to_ms(end)))
    return found


def _break(shift: Shift) -> BreakRule:
    """The break of a shift is owed by who works more than half of it."""
    length = datetime.combine(date.min, shift.ends_at) - datetime.combine(date.min, shift.starts_at)
    length_s = int(length.total_seconds()) % 86_400 or 86_400
    return BreakRule(length_s // 2, shift.break_minutes * 60, str(shift.id))
