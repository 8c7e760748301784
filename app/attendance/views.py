"""Looking at presence: who is where, who looked, and what was seen.

Whoever looks at others leaves one row per viewing session, and the people looked at can read it. Whoever looks at themselves leaves none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CursorResult, delete, func
from sqlalchemy import Row as SqlRow
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.actor import Actor
from app.attendance import lookups
from app.attendance.board import Board, Narrowed, Row, boards
from app.attendance.models import Correction, Crossing, PresenceView, Punch, Stay, Workday
from app.core.fix import to_ms
from app.core.presence import StandingNow, standing_now
from app.errors import NotFound
from app.geofences import fence_set
from app.geofences import service as geofences

CROSSINGS_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose presence: of one fence, one group, one person, or people in whose name, number or address the text is found."""

    fence_id: UUID | None = None
    group_id: UUID | None = None
    person_id: UUID | None = None
    text: str | None = None


def others(session: Session, actor: Actor, wanted: Wanted, now: datetime) -> list[Board]:
    """Everybody's presence, by fence; the look is written down. Few statements, however many people.

    Raises `NotFound` for an unknown person.
    """
    if wanted.person_id is not None and not accounts.names_of(session, actor.tenant, [wanted.person_id]):
        raise NotFound
    lookups.write_down(session, actor, wanted.person_id, now)
    people = None if wanted.person_id is None else {wanted.person_id}
    if wanted.group_id is not None:
        members = set(accounts.people_in_group(session, actor.tenant, wanted.group_id))
        people = members if people is None else people & members
    return boards(session, actor.tenant, Narrowed(wanted.fence_id, people, wanted.text), now)


def own(session: Session, organization_id: int, person_id: UUID, now: datetime) -> list[Board]:
    """A person's own presence, as they see it themselves."""
    fences, rules = geofences.fence_names(session, organization_id), fence_set.of_session(session, organization_id, now).rules
    name = accounts.names_of(session, organization_id, [person_id])[person_id]
    found = []
    for fence, since, last_seen_at in lookups.own_presence(session, organization_id, person_id):
        seen = last_seen_at or since
        standing = standing_now(rules, fence, to_ms(seen), to_ms(now))
        counts: dict[StandingNow, int] = {"inside": 0, "unknown": 0, "assumed_left": 0, standing: 1}
        unknown_since = None if standing == "inside" else seen
        row: Row = {"person_id": str(person_id), "name": name, "standing": standing, "since": since, "unknown_since": unknown_since}
        found.append(Board(str(fence), fences[fence], counts, [row]))
    return found


def who_looked(
    session: Session, organization_id: int, person_id: UUID, before: UUID | None, limit: int
) -> Sequence[SqlRow[UUID, datetime, UUID, UUID | None]]:
    """(id, created_at, viewer, person) of the looks at this person or at everybody, the newest first."""
    return lookups.looks(session, organization_id, person_id, before, limit)


def crossings_seen(session: Session, organization_id: int, person_id: UUID) -> Sequence[Crossing]:
    """The last crossings of this person, as the organization saw them."""
    return lookups.last_crossings(session, organization_id, person_id, CROSSINGS_SHOWN)


def forget_looks(session: Session, organization_id: int, before: datetime) -> int:
    """Delete looks of before; how many."""
    result: Any = session.execute(
        delete(PresenceView).where(PresenceView.organization_id == organization_id, PresenceView.created_at < before)
    )
    return _count(result)


def forget_crossings(session: Session, organization_id: int, before: datetime) -> int:
    """Delete crossings decided before, with their evidence; how many. The stays they made remain, and "why?" says that the term has passed."""
    result: Any = session.execute(delete(Crossing).where(Crossing.organization_id == organization_id, Crossing.decided_at < before))
    return _count(result)


def forget_attendance(session: Session, organization_id: int, before: datetime) -> int:
    """Delete what the payroll term covers and lies before: stays (those that silence left open too), punches, workdays and corrections; how many rows."""
    ended: tuple[tuple[Any, Any], ...] = (
        (Stay, func.coalesce(Stay.left_at, Stay.last_inside_at) < before),
        (Punch, Punch.at < before),
        (Workday, Workday.worked_on < before.date()),
        (Correction, Correction.worked_on < before.date()),
    )
    gone = 0
    for model, old in ended:
        result: Any = session.execute(delete(model).where(model.organization_id == organization_id, old))
        gone += _count(result)
    return gone


def _count(result: "CursorResult[Any]") -> int:
    return int(result.rowcount)


def names(session: Session, organization_id: int, people: Sequence[UUID]) -> dict[UUID, str]:
    """The names of these people."""
    return accounts.names_of(session, organization_id, list(set(people)))


def fence_names(session: Session, organization_id: int) -> dict[UUID, str]:
    """The names of all fences, retired ones too."""
    return geofences.fence_names(session, organization_id)
