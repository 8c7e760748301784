"""Looking at presence: who is where, who looked, and what was seen.

Whoever looks at others leaves one row per viewing session, and the people looked at can read it. Whoever looks at themselves leaves none.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CursorResult, Row, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.actor import Actor
from app.attendance import lookups
from app.attendance.models import Crossing, PresenceView
from app.attendance.presence import Present, present
from app.db.types import uuid7
from app.errors import NotFound
from app.geofences import known

CROSSINGS_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose presence: of one fence, one group, one person, or people in whose name, number or address the text is found."""

    fence_id: UUID | None = None
    group_id: UUID | None = None
    person_id: UUID | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class AtFence:
    """Who is believed at one fence, by name."""

    fence_id: UUID
    name: str
    people: list[tuple[str, Present]]


def others(session: Session, actor: Actor, wanted: Wanted, now: datetime) -> list[AtFence]:
    """Everybody's presence, by fence; the look is written down. Few statements, however many people.

    Raises `NotFound` for an unknown person.
    """
    if wanted.person_id is not None and not accounts.names_of(session, actor.tenant, [wanted.person_id]):
        raise NotFound
    _write_down(session, actor, wanted.person_id, now)
    found = [one for one in present(session, actor.tenant, now) if wanted.fence_id in (None, one.fence_id)]
    if wanted.person_id is not None:
        found = [one for one in found if one.person_id == wanted.person_id]
    if wanted.group_id is not None:
        members = set(accounts.people_in_group(session, actor.tenant, wanted.group_id))
        found = [one for one in found if one.person_id in members]
    return _by_fence(session, actor.tenant, found, wanted.text)


def own(session: Session, organization_id: int, person_id: UUID, now: datetime) -> list[AtFence]:
    """A person's own presence, as they see it themselves."""
    return _by_fence(session, organization_id, present(session, organization_id, now, person_id=person_id), None)


def _by_fence(session: Session, organization_id: int, found: Sequence[Present], text: str | None) -> list[AtFence]:
    if not found:
        return []
    fences = known.names(session, organization_id)
    people = accounts.names_of(session, organization_id, list({one.person_id for one in found}), text=text)
    grouped: dict[UUID, list[tuple[str, Present]]] = {}
    for one in found:
        if one.person_id in people:
            grouped.setdefault(one.fence_id, []).append((people[one.person_id], one))
    shown = [AtFence(fence, fences[fence], sorted(at, key=lambda pair: (pair[0], pair[1].person_id))) for fence, at in grouped.items()]
    return sorted(shown, key=lambda fence: (fence.name, fence.fence_id))


def _write_down(session: Session, actor: Actor, person_id: UUID | None, now: datetime) -> None:
    if actor.session_id is None or actor.person_id is None or person_id == actor.person_id:
        return
    row = {
        "organization_id": actor.tenant,
        "id": uuid7(),
        "viewer_id": actor.person_id,
        "session_id": actor.session_id,
        "person_id": person_id,
        "created_at": now,
    }
    session.execute(insert(PresenceView).values(row).on_conflict_do_nothing())


def who_looked(
    session: Session, organization_id: int, person_id: UUID, before: UUID | None, limit: int
) -> Sequence[Row[UUID, datetime, UUID, UUID | None]]:
    """(id, created_at, viewer, person) of the looks at this person or at everybody, the newest first."""
    query = select(PresenceView.id, PresenceView.created_at, PresenceView.viewer_id, PresenceView.person_id).where(
        PresenceView.organization_id == organization_id,
        or_(PresenceView.person_id == person_id, PresenceView.person_id.is_(None)),
        PresenceView.viewer_id != person_id,
    )
    if before is not None:
        query = query.where(PresenceView.id < before)
    return session.execute(query.order_by(PresenceView.id.desc()).limit(limit)).all()


def crossings_seen(session: Session, organization_id: int, person_id: UUID) -> Sequence[Crossing]:
    """The last crossings of this person, as the organization saw them."""
    return lookups.last_crossings(session, organization_id, person_id, CROSSINGS_SHOWN)


def forget_looks(session: Session, organization_id: int, before: datetime) -> int:
    """Delete looks of before; how many."""
    result: Any = session.execute(
        delete(PresenceView).where(PresenceView.organization_id == organization_id, PresenceView.created_at < before)
    )
    return _count(result)


def forget_evidence(session: Session, organization_id: int, before: datetime) -> int:
    """Empty the evidence of crossings decided before; how many. The crossings stay: "why?" says that the term has passed."""
    query = update(Crossing).where(
        Crossing.organization_id == organization_id, Crossing.decided_at < before, Crossing.evidence.is_not(None)
    )
    result: Any = session.execute(query.values(evidence=None))
    return _count(result)


def _count(result: "CursorResult[Any]") -> int:
    return int(result.rowcount)


def counted(fence: AtFence) -> Counter[str]:
    """How many stand how."""
    return Counter(one.standing for _, one in fence.people)


def names(session: Session, organization_id: int, people: Sequence[UUID]) -> dict[UUID, str]:
    """The names of these people."""
    return accounts.names_of(session, organization_id, list(set(people)))


def fence_names(session: Session, organization_id: int) -> dict[UUID, str]:
    """The names of all fences, retired ones too."""
    return known.names(session, organization_id)
