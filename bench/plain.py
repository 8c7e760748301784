"""The plain way to do the same work, to compare with: one `ST_Covers` query for each ping, everything row by row through the ORM.

Served like the real thing (`gunicorn 'bench.plain:create_app()'`), with the same parsing, gates and walls. It judges more simply: inside is
inside, whatever the accuracy, and the second ping outside ends a stay. That is less work than the real thing does.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Flask, Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import factory
from app.accounts.models import Device, GroupMember, Organization, OrganizationModule
from app.actor import DeviceClaim
from app.attendance.models import AttendanceState, Crossing, Sighting, Stay
from app.core.consent import refusal
from app.core.fix import Ping, accuracy_class_m, from_ms, to_ms
from app.db.types import uuid7
from app.errors import Unauthorized
from app.geofences.models import FenceAssignment, FenceVersion
from app.ingest import native, owntracks
from app.outbox.publish import live
from app.privacy.gates import instruction, read
from app.privacy.models import Gate, Instruction
from app.web import health
from app.web.guards import anonymous, device, device_basic
from app.web.mount import Mount
from app.web.parsing import ANY_TYPE
from app.web.route import RawCall, Routes

single, batch = Routes("plain"), Routes("plain_batch")
LATENESS_MS = 7 * 86_400_000


def create_app() -> Flask:
    """The same application, with these routes instead."""
    table = (Mount(single, "/api/v1", device_basic), Mount(batch, "/api/v1", device), Mount(health.routes, "", anonymous))
    return factory.create_app(table=table)


@single.post("/ingest/owntracks", action="ping.record", transaction="own", consumes=(ANY_TYPE,))
def take_one(call: RawCall, body: bytes) -> Response:
    """One post of OwnTracks."""
    _take(call, list(owntracks.read(body, "").pings))
    return Response(b"[]", content_type="application/json")


@batch.post("/pings", action="ping.record", transaction="own", max_body_bytes=512 * 1024)
def take_many(call: RawCall, body: bytes) -> Response:
    """A native batch."""
    _take(call, [ping for _, ping in native.parse_pings(body, "").items])
    return Response(b"{}", content_type="application/json")


def _take(call: RawCall, pings: list[Ping]) -> None:
    with call.deps.database.tenant(call.device.organization_id) as session:
        holder = _holder(session, call.device)
        for ping in pings:
            _one(session, holder, ping, call.now)


def _holder(session: Session, claim: DeviceClaim) -> Device:
    holder = session.scalars(
        select(Device).where(
            Device.organization_id == claim.organization_id, Device.token_hash == claim.token_sha256, Device.revoked_at.is_(None)
        )
    ).one_or_none()
    if holder is None or session.get_one(Organization, claim.organization_id).closed_at:
        raise Unauthorized
    session.get_one(OrganizationModule, (claim.organization_id, "attendance"))
    return holder


def _one(session: Session, holder: Device, ping: Ping, now: datetime) -> None:
    organization_id, person_id = holder.organization_id, holder.person_id
    assert person_id is not None
    given = session.scalars(select(Instruction).where(Instruction.organization_id == organization_id)).all()
    gate = session.get_one(Gate, (organization_id, person_id), populate_existing=True)
    told = read(gate.body, [instruction(one.purposes, one.signed_at, one.withdrawn_at) for one in given], to_ms(now), 3600)
    if refusal(told, holder.id, ping.recorded_at_ms, to_ms(now), LATENESS_MS):
        return
    inside = _fences_around(session, organization_id, person_id, ping)
    state = session.get(AttendanceState, (organization_id, person_id), with_for_update=True)
    if state is None:
        state = AttendanceState(organization_id=organization_id, person_id=person_id, state={})
        session.add(state)
    state.last_seen_at = from_ms(ping.recorded_at_ms)
    session.add(
        Sighting(
            organization_id=organization_id,
            recorded_at=from_ms(ping.recorded_at_ms),
            device_id=holder.id,
            ping_id=ping.id,
            person_id=person_id,
            inside=inside,
            unclear=[],
            accuracy_class_m=accuracy_class_m(ping.accuracy_m or 50.0),
            source=ping.source,
        )
    )
    _move(session, state, inside, from_ms(ping.recorded_at_ms))
    session.flush()


def _fences_around(session: Session, organization_id: int, person_id: UUID, ping: Ping) -> list[UUID]:
    at = from_ms(ping.recorded_at_ms)
    groups = select(GroupMember.group_id).where(GroupMember.organization_id == organization_id, GroupMember.person_id == person_id)
    query = select(FenceVersion.fence_id).join(
        FenceAssignment,
        (FenceAssignment.organization_id == FenceVersion.organization_id) & (FenceAssignment.fence_id == FenceVersion.fence_id),
    )
    query = query.where(
        FenceVersion.organization_id == organization_id,
        FenceVersion.valid_from <= at,
        FenceVersion.valid_until.is_(None) | (FenceVersion.valid_until > at),
        FenceAssignment.group_id.is_(None) | FenceAssignment.group_id.in_(groups),
        func.ST_Covers(FenceVersion.geometry, func.ST_SetSRID(func.ST_MakePoint(ping.longitude, ping.latitude), 4326)),
    )
    return list(session.scalars(query))


def _move(session: Session, state: AttendanceState, inside: list[UUID], at: datetime) -> None:
    """Begin and end stays; `state.state` counts the pings outside, by fence."""
    organization_id, person_id = state.organization_id, state.person_id
    stays = session.scalars(
        select(Stay).where(Stay.organization_id == organization_id, Stay.person_id == person_id, Stay.left_at.is_(None))
    ).all()
    outside: dict[str, Any] = {}
    for stay in stays:
        if stay.fence_id in inside:
            stay.last_inside_at = at
        elif str(stay.fence_id) in state.state:
            stay.left_at, stay.ended, stay.decided_at = at, "confirmed", at
            _tell(session, state, stay.fence_id, "leave", at)
        else:
            outside[str(stay.fence_id)] = 1
    for fence_id in set(inside) - {stay.fence_id for stay in stays}:
        session.add(
            Stay(organization_id=organization_id, id=uuid7(), person_id=person_id, fence_id=fence_id, entered_at=at, last_inside_at=at)
        )
        _tell(session, state, fence_id, "enter", at)
    state.state = outside


def _tell(session: Session, state: AttendanceState, fence_id: UUID, kind: str, at: datetime) -> None:
    session.add(
        Crossing(
            organization_id=state.organization_id,
            id=uuid7(),
            person_id=state.person_id,
            fence_id=fence_id,
            kind=kind,
            at=at,
            decided_at=at,
            evidence={},
        )
    )
    live(session, state.organization_id, "presence", {"fence": str(fence_id), "standing": kind}, person_id=state.person_id)
