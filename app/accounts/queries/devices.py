"""Devices, enrolment codes, and what the hot path asks of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.accounts.lists import Window
from app.accounts.models import Credential, Device, Enrolment

DEVICE_OF_TOKEN: Final = """
SELECT d.id, d.person_id, d.client, d.payload_key,
  ARRAY(SELECT m.module FROM organization_module m WHERE m.organization_id = %(organization_id)s) AS modules
FROM device d JOIN organization o ON o.id = d.organization_id AND o.closed_at IS NULL
WHERE d.organization_id = %(organization_id)s AND d.token_hash = %(token_hash)s AND d.revoked_at IS NULL
  AND 'pings' = ANY (d.scopes) AND d.person_id IS NOT NULL
"""  # noqa: S105 (a query)

NOTE_HEALTH: Final = """
UPDATE device SET health = %(health)s WHERE organization_id = %(organization_id)s AND id = %(device_id)s AND health IS DISTINCT FROM %(health)s
"""
GROUPS_OF_PERSON: Final = """(
SELECT jsonb_agg(jsonb_build_array(
  g.group_id, floor(extract(epoch FROM g.valid_from) * 1000)::bigint, floor(extract(epoch FROM g.valid_until) * 1000)::bigint
) ORDER BY g.valid_from, g.group_id)
FROM group_member g WHERE g.organization_id = %(organization_id)s AND g.person_id = {person}
)"""
"""Scalar: [group, from_ms, until_ms or null] of every dated membership of a person; null: none."""


def device(session: Session, organization_id: int, device_id: UUID, *, own: UUID | None, lock: bool = False) -> Device | None:
    """By id; `own` restricts to a person's."""
    query = select(Device).where(Device.organization_id == organization_id, Device.id == device_id)
    if own:
        query = query.where(Device.person_id == own)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def devices(session: Session, organization_id: int, *, own: UUID | None, revoked: bool, window: Window) -> Sequence[Device]:
    """In order of enrolment; up to `limit + 1`."""
    query = select(Device).where(
        Device.organization_id == organization_id, Device.revoked_at.is_not(None) if revoked else Device.revoked_at.is_(None)
    )
    if own:
        query = query.where(Device.person_id == own)
    if window.after:
        query = query.where(Device.id > window.after)
    return session.scalars(query.order_by(Device.id).limit(window.limit + 1)).all()


def revoke_devices(session: Session, organization_id: int, person_id: UUID, now: datetime) -> None:
    """All devices of a person stop at once, and codes that were not used yet are worth nothing.

    Codes first: who is just turning one into a device is waited for, and that device then stops too.
    """
    session.execute(
        update(Enrolment)
        .where(Enrolment.organization_id == organization_id, Enrolment.person_id == person_id, Enrolment.used_at.is_(None))
        .values(expires_at=now)
    )
    session.execute(
        update(Device)
        .where(Device.organization_id == organization_id, Device.person_id == person_id, Device.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def organization_of_code(session: Session, code_hash: bytes, kind: str, now: datetime) -> int | None:
    """Where a short code belongs, while it is valid. Global."""
    query = select(Credential.organization_id).where(Credential.hash == code_hash, Credential.kind == kind, Credential.expires_at > now)
    return session.scalar(query)


def enrolment_of_code(session: Session, organization_id: int, code_hash: bytes, now: datetime) -> Enrolment | None:
    """The unused, unexpired enrolment of a code, locked, so that it is used once."""
    return session.scalars(
        select(Enrolment)
        .where(
            Enrolment.organization_id == organization_id,
            Enrolment.code_hash == code_hash,
            Enrolment.used_at.is_(None),
            Enrolment.expires_at > now,
        )
        .with_for_update()
    ).one_or_none()


def forget_enrolments(session: Session, organization_id: int, before: datetime) -> int:
    """Delete codes that expired before a moment, used or not; how many."""
    gone = session.execute(delete(Enrolment).where(Enrolment.organization_id == organization_id, Enrolment.expires_at < before))
    return int(getattr(gone, "rowcount", 0))


def credential(session: Session, code_hash: bytes) -> Credential | None:
    """The global row of a code."""
    return session.get(Credential, code_hash)
