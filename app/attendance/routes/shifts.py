"""Shifts over HTTP."""

from uuid import UUID

from app.attendance import shifts as service
from app.attendance.routes import MODULE, whose
from app.attendance.schemas import ShiftCreate, ShiftIn, ShiftOut, ShiftsQuery
from app.errors import NotFound
from app.web.paging import Page, page
from app.web.route import Call, Created, Routes

routes = Routes("shifts", module=MODULE)


@routes.get("/shifts", action="shift.read", problems=(NotFound,))
def list_shifts(call: Call, query: ShiftsQuery) -> Page[ShiftOut]:
    """Shifts in force or to come; a person reads their own, those of their groups included."""
    person_id = whose(call, query.person_id)
    rows = service.list_shifts(
        call.session,
        call.actor.tenant,
        person_id=person_id,
        group_id=query.group_id if call.own() is None else None,
        after=query.after_id(),
        limit=query.limit + 1,
        now=call.now,
    )
    return page(rows, query, key=lambda row: (row.id,), show=ShiftOut.model_validate)


@routes.get("/shifts/<uuid:shift_id>", action="shift.read")
def read_shift(call: Call, shift_id: UUID) -> ShiftOut:
    """One shift."""
    return ShiftOut.model_validate(service.get_shift(call.session, call.actor.tenant, shift_id, own=call.own()))


@routes.post("/shifts", action="shift.edit")
def create_shift(call: Call, body: ShiftCreate) -> Created[ShiftOut]:
    """Expect a person, or a group's people, every week at these times."""
    return Created(
        ShiftOut.model_validate(service.create_shift(call.session, call.actor.tenant, (body.person_id, body.group_id), body.new()))
    )


@routes.put("/shifts/<uuid:shift_id>", action="shift.edit", edits=True)
def edit_shift(call: Call, shift_id: UUID, body: ShiftIn) -> ShiftOut:
    """End this shift before the new one's `valid_from` and start the new one; the answer is the new one, with an id of its own."""
    shift = service.get_shift(call.session, call.actor.tenant, shift_id, lock=True)
    call.check_match(ShiftOut.model_validate(shift))
    return ShiftOut.model_validate(service.edit_shift(call.session, shift, body.new()))


@routes.delete("/shifts/<uuid:shift_id>", action="shift.edit")
def end_shift(call: Call, shift_id: UUID) -> None:
    """Today it starts for the last time."""
    service.end_shift(call.session, service.get_shift(call.session, call.actor.tenant, shift_id, lock=True), call.now)
