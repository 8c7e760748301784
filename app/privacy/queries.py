"""Every SQL statement of privacy."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Row, delete, func, or_, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.privacy.gates import Body
from app.privacy.models import (
    Gate,
    Instruction,
    OrganizationKey,
    RefusalCount,
    StatementAcceptance,
    StatementVersion,
    SwitchEvent,
    WorkingWindow,
)

GATE: Final = """(
SELECT jsonb_build_array(
  (SELECT g.body FROM gate g WHERE g.organization_id = %(organization_id)s AND g.person_id = {person}),
  coalesce(jsonb_agg(jsonb_build_array(
    i.purposes, floor(extract(epoch FROM i.signed_at) * 1000)::bigint, floor(extract(epoch FROM i.withdrawn_at) * 1000)::bigint,
    i.evaluation)), '[]')
) FROM instruction i WHERE i.organization_id = %(organization_id)s
)"""
"""Scalar: the person's gate or null, and the organization's instructions, each [purposes, signed_ms, withdrawn_ms or null, evaluation]."""
GATES: Final = text("SELECT person_id, body FROM gate WHERE organization_id = :organization_id AND person_id = ANY(:people)")
COUNT_REFUSAL: Final = """
INSERT INTO refusal_count (organization_id, day, reason, slot, count) VALUES (%(organization_id)s, %(day)s, %(reason)s, %(slot)s, %(count)s)
ON CONFLICT (organization_id, day, reason, slot) DO UPDATE SET count = refusal_count.count + EXCLUDED.count
"""
LOCK_GATES: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('privacy gates', :organization_id))")
"""One writer of gates at a time in an organization; pings only read. Taken after the change is written and before anything is read back."""
SAVE_GATES: Final = text("""
INSERT INTO gate (organization_id, person_id, body)
SELECT :organization_id, g.person_id, g.body FROM jsonb_to_recordset(CAST(:gates AS jsonb)) AS g(person_id uuid, body jsonb)
ON CONFLICT (organization_id, person_id) DO UPDATE SET body = EXCLUDED.body WHERE gate.body <> EXCLUDED.body
""")


def lock_gates(session: Session, organization_id: int) -> None:
    """Wait until nobody else rewrites gates of the organization."""
    session.flush()
    session.execute(LOCK_GATES, {"organization_id": organization_id})


def save_gates(session: Session, organization_id: int, bodies: Mapping[UUID, Body]) -> None:
    """Rewrite the gates of these people, in one statement."""
    rows = [{"person_id": str(person_id), "body": body} for person_id, body in sorted(bodies.items())]
    session.execute(SAVE_GATES, {"organization_id": organization_id, "gates": json.dumps(rows)})


def switch_events(session: Session, organization_id: int, person_ids: Sequence[UUID]) -> Sequence[SwitchEvent]:
    """The whole ledger of these people, oldest first."""
    query = select(SwitchEvent).where(SwitchEvent.organization_id == organization_id, SwitchEvent.person_id.in_(person_ids))
    return session.scalars(query.order_by(SwitchEvent.at, SwitchEvent.id)).all()


def switch_events_after(  # noqa: PLR0913 (a page and its limits)
    session: Session,
    organization_id: int,
    person_id: UUID,
    *,
    before: tuple[datetime, UUID] | None,
    limit: int,
    since: datetime | None = None,
) -> Sequence[SwitchEvent]:
    """A person's ledger, newest first, from `before` on and back to `since`."""
    query = select(SwitchEvent).where(SwitchEvent.organization_id == organization_id, SwitchEvent.person_id == person_id)
    if since:
        query = query.where(SwitchEvent.at >= since)
    if before:
        query = query.where(tuple_(SwitchEvent.at, SwitchEvent.id) < before)
    return session.scalars(query.order_by(SwitchEvent.at.desc(), SwitchEvent.id.desc()).limit(limit)).all()


def people_with_gates(session: Session, organization_id: int) -> list[UUID]:
    """Everybody who ever used the switch."""
    return list(session.scalars(select(Gate.person_id).where(Gate.organization_id == organization_id).order_by(Gate.person_id)))


def instructions(
    session: Session, organization_id: int, before: tuple[datetime, UUID] | None = None, limit: int | None = None
) -> Sequence[Instruction]:
    """Newest first."""
    query = select(Instruction).where(Instruction.organization_id == organization_id)
    if before is not None:
        query = query.where(tuple_(Instruction.signed_at, Instruction.id) < before)
    return session.scalars(query.order_by(Instruction.signed_at.desc(), Instruction.id.desc()).limit(limit)).all()


def instruction(session: Session, organization_id: int, instruction_id: UUID) -> Instruction | None:
    """By id, locked."""
    query = select(Instruction).where(Instruction.organization_id == organization_id, Instruction.id == instruction_id)
    return session.scalars(query.with_for_update()).one_or_none()


def windows_of(
    session: Session, organization_id: int, *, person_ids: Sequence[UUID] = (), group_ids: Sequence[UUID] = ()
) -> Sequence[WorkingWindow]:
    """Windows set for these people or groups, ended ones too."""
    query = select(WorkingWindow).where(
        WorkingWindow.organization_id == organization_id,
        or_(WorkingWindow.person_id.in_(person_ids), WorkingWindow.group_id.in_(group_ids)),
    )
    return session.scalars(query).all()


def current_windows(  # noqa: PLR0913 (a page and its filters)
    session: Session, organization_id: int, *, person_id: UUID | None, group_ids: Sequence[UUID] | None, after: UUID | None, limit: int
) -> Sequence[WorkingWindow]:
    """Windows that did not end, by id; narrowed to a person's and to groups', where given (both: either)."""
    query = select(WorkingWindow).where(WorkingWindow.organization_id == organization_id, WorkingWindow.ended_at.is_(None))
    if person_id is not None or group_ids is not None:
        query = query.where(or_(WorkingWindow.person_id == person_id, WorkingWindow.group_id.in_(group_ids or ())))
    if after:
        query = query.where(WorkingWindow.id > after)
    return session.scalars(query.order_by(WorkingWindow.id).limit(limit)).all()


def window(session: Session, organization_id: int, window_id: UUID, *, lock: bool) -> WorkingWindow | None:
    """One that did not end."""
    query = select(WorkingWindow).where(
        WorkingWindow.organization_id == organization_id, WorkingWindow.id == window_id, WorkingWindow.ended_at.is_(None)
    )
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def forget_windows(session: Session, organization_id: int, ended_before: datetime) -> int:
    """Delete windows that ended before; how many."""
    query = delete(WorkingWindow).where(WorkingWindow.organization_id == organization_id, WorkingWindow.ended_at < ended_before)
    return len(session.scalars(query.returning(WorkingWindow.id)).all())


def acceptances(session: Session, organization_id: int) -> Sequence[StatementAcceptance]:
    """All of them, newest first."""
    query = select(StatementAcceptance).where(StatementAcceptance.organization_id == organization_id)
    return session.scalars(query.order_by(StatementAcceptance.accepted_at.desc(), StatementAcceptance.id)).all()


def refusals(session: Session, organization_id: int, first: date, last: date) -> Sequence[Row[date, str, int]]:
    """(day, reason, count), by day and reason."""
    query = select(RefusalCount.day, RefusalCount.reason, func.sum(RefusalCount.count)).where(
        RefusalCount.organization_id == organization_id, RefusalCount.day.between(first, last)
    )
    return session.execute(query.group_by(RefusalCount.day, RefusalCount.reason).order_by(RefusalCount.day, RefusalCount.reason)).all()


def published(session: Session) -> dict[tuple[str, str], StatementVersion]:
    """(version, locale) -> the row, of every statement ever published."""
    return {(row.version, row.locale): row for row in session.scalars(select(StatementVersion))}


def current_key(session: Session, organization_id: int) -> tuple[UUID, bytes] | None:
    """(id, wrapped) of the key under which is sealed now."""
    query = select(OrganizationKey.id, OrganizationKey.wrapped).where(
        OrganizationKey.organization_id == organization_id, OrganizationKey.destroyed_at.is_(None)
    )
    found = session.execute(query).one_or_none()
    return None if found is None or found.wrapped is None else (found.id, found.wrapped)


def add_key(session: Session, organization_id: int, key_id: UUID, wrapped: bytes) -> tuple[UUID, bytes]:
    """This key, or the one that somebody else made first; with READ COMMITTED the second look sees it."""
    row = {"organization_id": organization_id, "id": key_id, "wrapped": wrapped}
    session.execute(insert(OrganizationKey).values(row).on_conflict_do_nothing())
    return current_key(session, organization_id) or (key_id, wrapped)


def wrapped_key(session: Session, organization_id: int, key_id: UUID) -> bytes | None:
    """A key by id, wrapped; None when it was destroyed or never was."""
    return session.scalars(
        select(OrganizationKey.wrapped).where(OrganizationKey.organization_id == organization_id, OrganizationKey.id == key_id)
    ).one_or_none()
