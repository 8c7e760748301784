"""Geofences: reading, drawing, editing, retiring, restoring, and for whom they count."""

from uuid import UUID

from app.accounts import service as accounts
from app.errors import Conflict, Invalid
from app.geofences.facts import Assigned, FenceFacts, FencesWanted
from app.geofences.routes import number_after
from app.geofences.schemas import (
    AssignedIn,
    AssignmentOut,
    FenceEdit,
    FenceIn,
    FenceLine,
    FenceOut,
    FenceQuery,
    Overlap,
    VersionOut,
    fence_of,
    line_of,
    version_of,
)
from app.geofences.service import fences as service
from app.geofences.service import lookups, shapes
from app.web.paging import Page, PageQuery, page
from app.web.route import Call, Created, Routes

routes = Routes("fences", module="geofence")
editing = Routes("fence_editing", module="geofence")
MAX_BODY_BYTES = 2 * 2**20
"""A shape may have 1 MiB; the rest is white space and names."""
LATEST = 2**31 - 1


@routes.get("/fences", action="fence.read", device_scope="pings")
def list_fences(call: Call, query: FenceQuery) -> Page[FenceLine]:
    """The geofences in use, or the retired ones; an employee or a phone sees those assigned to them now."""
    wanted = FencesWanted(query.retired, query.site_id, number_after(query, 0), query.limit)
    rows = service.list_fences(call.session, call.actor.tenant, wanted, only=call.own())
    return page(rows, query, key=lambda view: (view.fence.number,), show=line_of)


@routes.get("/fences/<uuid:fence_id>", action="fence.read", device_scope="pings")
def read_fence(call: Call, fence_id: UUID) -> FenceOut:
    """One geofence with its shape, area, covering circle, and what to look at."""
    return _shown(call, service.get_fence(call.session, call.actor.tenant, fence_id, only=call.own()))


@routes.get("/fences/<uuid:fence_id>/versions", action="fence.read")
def list_versions(call: Call, fence_id: UUID, query: PageQuery) -> Page[VersionOut]:
    """What the geofence was when, and who changed what; the newest first."""
    view = service.get_fence(call.session, call.actor.tenant, fence_id, only=call.own())
    rows = service.versions(call.session, call.actor.tenant, view, before=min(number_after(query, LATEST), LATEST), limit=query.limit)
    people = {person for row in rows for person in (row.version.changed_by, row.version.ended_by) if person and call.scope == "all"}
    names = {key: person.name for key, person in accounts.people_of_ids(call.session, call.actor.tenant, list(people)).items()}
    return page(rows, query, key=lambda row: (row.version.version,), show=lambda row: version_of(row, names))


@routes.get("/fences/<uuid:fence_id>/assignments", action="fence.read")
def list_assignments(call: Call, fence_id: UUID, query: PageQuery) -> Page[AssignmentOut]:
    """For whom the geofence counted when, the newest first."""
    service.get_fence(call.session, call.actor.tenant, fence_id, only=call.own())
    rows = service.assignments(call.session, call.actor.tenant, fence_id, query.after_moment(), query.limit + 1)
    return page(rows, query, key=lambda row: (row.valid_from.isoformat(), row.id), show=AssignmentOut.model_validate)


@editing.get("/fences/<uuid:fence_id>/overlaps", action="fence.edit")
def list_overlaps(call: Call, fence_id: UUID) -> list[Overlap]:
    """The geofences in use that this one covers, shares ground with or touches."""
    view = service.get_fence(call.session, call.actor.tenant, fence_id)
    return [Overlap.model_validate(row) for row in lookups.overlaps(call.session, call.actor.tenant, fence_id, view.shape)]


@editing.post("/fences", action="fence.edit", problems=(shapes.ShapeInvalid,), max_body_bytes=MAX_BODY_BYTES)
def create_fence(call: Call, body: FenceIn) -> Created[FenceOut]:
    """Draw a geofence. It counts from now on."""
    assigned = Assigned(body.assigned.everyone, body.assigned.group_ids)
    return Created(_shown(call, service.create_fence(call.session, call.actor, _facts(body), assigned, call.now)))


@editing.put(
    "/fences/<uuid:fence_id>", action="fence.edit", edits=True, problems=(Conflict, shapes.ShapeInvalid), max_body_bytes=MAX_BODY_BYTES
)
def edit_fence(call: Call, fence_id: UUID, body: FenceEdit) -> FenceOut:
    """Change a geofence from now on. What it was before still judges earlier pings."""
    facts = _facts(body)
    view = _locked(call, fence_id)
    return _shown(call, service.edit_fence(call.session, call.actor, view, facts, call.now))


@editing.post("/fences/<uuid:fence_id>/retire", action="fence.edit", edits=True, problems=(Conflict,))
def retire_fence(call: Call, fence_id: UUID) -> FenceOut:
    """Take a geofence out of use. Its past stays; open stays there end as assumed."""
    return _shown(call, service.retire_fence(call.session, call.actor, _locked(call, fence_id), call.now))


@editing.post("/fences/<uuid:fence_id>/restore", action="fence.edit", edits=True, problems=(Conflict, Invalid))
def restore_fence(call: Call, fence_id: UUID) -> FenceOut:
    """Take a retired geofence back into use, as it was."""
    return _shown(call, service.restore_fence(call.session, call.actor, _locked(call, fence_id), call.now))


@editing.put("/fences/<uuid:fence_id>/assignments", action="fence.edit", edits=True)
def assign_fence(call: Call, fence_id: UUID, body: AssignedIn) -> FenceOut:
    """Say for whom a geofence counts from now on. If-Match takes the ETag of the geofence."""
    view = _locked(call, fence_id)
    return _shown(call, service.assign_fence(call.session, call.actor, view, Assigned(body.everyone, body.group_ids), call.now))


def _facts(body: FenceEdit) -> FenceFacts:
    shape = shapes.drawn(body.geometry, body.radius_m)
    return FenceFacts(body.name, shape, body.site_id, body.policy.said(), body.counts_as_work)


def _locked(call: Call, fence_id: UUID) -> service.FenceView:
    """The fence as it is now, if it is what the editor saw."""
    view = service.lock_fence(call.session, call.actor.tenant, fence_id)
    call.check_match(_shown(call, view))
    return view


def _shown(call: Call, view: service.FenceView) -> FenceOut:
    return fence_of(view, shapes.warnings(call.session, call.actor.tenant, view.shape, but=view.fence.id))
