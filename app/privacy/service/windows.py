"""Working windows: when a location may be looked at. A change counts from the moment it is made, so the past stays as it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.service.groups import groups_of_people, people_in_group, require_listed_groups
from app.accounts.service.organizations import get_organization
from app.accounts.service.people import people_of_ids
from app.core.fix import to_ms
from app.core.schedule import worked_on
from app.errors import Invalid, NotFound
from app.privacy import gates, queries
from app.privacy.models import WorkingWindow
from app.privacy.service.projection import rewrite


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose window: a person's or a group's. As a filter: neither is everybody's, both are a person's by that group."""

    person_id: UUID | None = None
    group_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Weekly:
    """A week of a window: ISO weekdays (1 is Monday) on which it starts; an end at or before the start is on the next day. Zone None: the organization's."""

    weekdays: Sequence[int]
    starts_at: time
    ends_at: time
    timezone: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None


def list_windows(
    session: Session, organization_id: int, whose: Holder, *, after: UUID | None = None, limit: int = 200
) -> Sequence[WorkingWindow]:
    """Windows that did not end: everybody's; or those that hold for a person, by groups too; or those of a group."""
    groups = [whose.group_id] if whose.group_id else None
    if whose.person_id is not None:
        theirs = groups_of_people(session, organization_id, [whose.person_id]).get(whose.person_id, set())
        groups = sorted(theirs & {whose.group_id} if whose.group_id else theirs)
    own = whose.person_id if whose.group_id is None else None
    return queries.current_windows(session, organization_id, person_id=own, group_ids=groups, after=after, limit=limit)


def create_window(session: Session, organization_id: int, holder: Holder, weekly: Weekly, now: datetime) -> WorkingWindow:
    """Set a window for a person or a group. Raises `Invalid`."""
    person_id, group_id = holder.person_id, holder.group_id
    if (person_id is None) == (group_id is None):
        raise Invalid.of("person_id", "A window belongs to a person or to a group", "Send either person_id or group_id.")
    if person_id is not None:
        person = people_of_ids(session, organization_id, [person_id]).get(person_id)
        if person is None or person.left_at is not None:
            raise Invalid.of("person_id", "There is no such person here", "Choose somebody of this organization who has not left.")
    if group_id is not None:
        require_listed_groups(session, organization_id, [group_id], "group_id")
    window = _row(session, organization_id, holder, weekly, now)
    session.add(window)
    _rewrite(session, window, now)
    return window


def get_window(session: Session, organization_id: int, window_id: UUID, *, own: UUID | None = None, lock: bool = False) -> WorkingWindow:
    """Raises `NotFound`, also for an ended one, and with `own` for one that does not hold for that person."""
    found = queries.window(session, organization_id, window_id, lock=lock)
    if found is None or (own is not None and not _holds_for(session, found, own)):
        raise NotFound
    return found


def edit_window(session: Session, window: WorkingWindow, weekly: Weekly, now: datetime) -> WorkingWindow:
    """End the window now and set another in its place, with an id of its own. Raises `Invalid`."""
    replacing = _row(session, window.organization_id, Holder(window.person_id, window.group_id), weekly, now)
    window.ended_at = now
    session.add(replacing)
    _rewrite(session, window, now)
    return replacing


def end_window(session: Session, window: WorkingWindow, now: datetime) -> None:
    """From now on it limits nothing."""
    window.ended_at = now
    _rewrite(session, window, now)


def forget_windows(session: Session, organization_id: int, now: datetime) -> int:
    """A daily chore: windows that ended so long ago that no ping can be judged by them. Returns how many."""
    return queries.forget_windows(session, organization_id, now - gates.KEPT)


def _holds_for(session: Session, window: WorkingWindow, person_id: UUID) -> bool:
    if window.group_id is None:
        return window.person_id == person_id
    return window.group_id in groups_of_people(session, window.organization_id, [person_id]).get(person_id, set())


def _row(session: Session, organization_id: int, holder: Holder, weekly: Weekly, now: datetime) -> WorkingWindow:
    zone = weekly.timezone or get_organization(session, organization_id).timezone
    valid_from = weekly.valid_from or worked_on(to_ms(now), zone)
    if weekly.valid_until is not None and weekly.valid_until < valid_from:
        raise Invalid.of("valid_until", "The window would end before it begins", "Send a later date, or none.")
    return WorkingWindow(
        organization_id=organization_id,
        person_id=holder.person_id,
        group_id=holder.group_id,
        weekdays=sorted(set(weekly.weekdays)),
        starts_at=weekly.starts_at,
        ends_at=weekly.ends_at,
        timezone=zone,
        valid_from=valid_from,
        valid_until=weekly.valid_until,
        created_at=now,
    )


def _rewrite(session: Session, window: WorkingWindow, now: datetime) -> None:
    """The lock comes before asking who is in the group: somebody may be joining it."""
    queries.lock_gates(session, window.organization_id)
    people = (
        [window.person_id]
        if window.person_id
        else people_in_group(session, window.organization_id, window.group_id)
        if window.group_id
        else []
    )
    rewrite(session, window.organization_id, people, now)
