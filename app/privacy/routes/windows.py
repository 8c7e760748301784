"""Working windows. A person reads their own, those of their groups included."""

from uuid import UUID

from app.errors import NotFound
from app.privacy.schemas import WeeklyIn, WindowIn, WindowOut, WindowQuery
from app.privacy.service import windows as service
from app.web.paging import Page, page
from app.web.route import Call, Created, Routes

routes = Routes("working_windows")


@routes.get("/working-windows", action="window.read", problems=(NotFound,))
def list_windows(call: Call, query: WindowQuery) -> Page[WindowOut]:
    """Working windows in force or to come."""
    own = call.own()
    if own is not None and query.person_id not in (None, own):
        raise NotFound
    whose = service.Holder(own or query.person_id, query.group_id)
    rows = service.list_windows(call.session, call.actor.tenant, whose, after=query.after_id(), limit=query.limit + 1)
    return page(rows, query, key=lambda row: (row.id,), show=WindowOut.model_validate)


@routes.get("/working-windows/<uuid:window_id>", action="window.read")
def read_window(call: Call, window_id: UUID) -> WindowOut:
    """One working window."""
    return WindowOut.model_validate(service.get_window(call.session, call.actor.tenant, window_id, own=call.own()))


@routes.post("/working-windows", action="window.edit")
def create_window(call: Call, body: WindowIn) -> Created[WindowOut]:
    """Set a window for a person or a group. It counts from now on."""
    holder = service.Holder(body.person_id, body.group_id)
    return Created(WindowOut.model_validate(service.create_window(call.session, call.actor.tenant, holder, _weekly(body), call.now)))


@routes.put("/working-windows/<uuid:window_id>", action="window.edit", edits=True)
def edit_window(call: Call, window_id: UUID, body: WeeklyIn) -> WindowOut:
    """End this window now and set another in its place; the answer is the new one, with an id of its own."""
    window = service.get_window(call.session, call.actor.tenant, window_id, lock=True)
    call.check_match(WindowOut.model_validate(window))
    return WindowOut.model_validate(service.edit_window(call.session, window, _weekly(body), call.now))


@routes.delete("/working-windows/<uuid:window_id>", action="window.edit")
def end_window(call: Call, window_id: UUID) -> None:
    """End a window now. Without any, the location may be looked at whenever the switch is on."""
    service.end_window(call.session, service.get_window(call.session, call.actor.tenant, window_id, lock=True), call.now)


def _weekly(body: WeeklyIn) -> service.Weekly:
    return service.Weekly(body.weekdays, body.starts_at, body.ends_at, body.timezone, body.valid_from, body.valid_until)
