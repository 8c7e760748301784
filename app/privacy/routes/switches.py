"""The person's own switch, from a browser or from their phone. Nobody else's can be seen or set."""

from datetime import timedelta

from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.privacy.schemas import PauseIn, SwitchEventOut, SwitchOnIn, SwitchOut, TrackingDeviceIn
from app.privacy.service import switches as service
from app.web.paging import Page, PageQuery, page
from app.web.route import Call, Routes

routes = Routes("switch")


@routes.get("/me/switch", action="switch.read", problems=(NotFound, Forbidden))
def read_switch(call: Call) -> SwitchOut:
    """How your switch stands. A phone is told so while it is the one that speaks for you."""
    return SwitchOut.model_validate(service.read_switch(call.session, _whose(call), call.now))


@routes.get("/me/switch/events", action="switch.read", problems=(NotFound, Forbidden))
def list_events(call: Call, query: PageQuery) -> Page[SwitchEventOut]:
    """Everything you ever did with your switch, newest first; to a phone, since it speaks for you."""
    rows = service.ledger(call.session, _whose(call), before=query.after_moment(), limit=query.limit + 1)
    return page(rows, query, key=lambda row: (row.at.isoformat(), row.id), show=SwitchEventOut.model_validate)


@routes.post("/me/switch/on", action="switch.edit", problems=(NotFound,))
def switch_on(call: Call, body: SwitchOnIn) -> SwitchOut:
    """Share your location from now on, having read the current notice. Without a tracking device, your first phone becomes it."""
    accepted = service.Acceptance(body.notice_version, body.locale)
    return SwitchOut.model_validate(service.switch_on(call.session, _whose(call), accepted, call.now))


@routes.post("/me/switch/off", action="switch.edit", problems=(NotFound,))
def switch_off(call: Call) -> SwitchOut:
    """Stop at once. No reason is asked. Any of your phones can."""
    return SwitchOut.model_validate(service.switch_off(call.session, _whose(call), call.now))


@routes.post("/me/switch/pause", action="switch.edit", problems=(NotFound, Conflict, Forbidden))
def pause(call: Call, body: PauseIn) -> SwitchOut:
    """Stop for a while; sharing goes on by itself afterwards."""
    if (body.until is None) == (body.hours is None):
        raise Invalid.of("until", "A pause ends at a moment or after some hours", "Send either until or hours.")
    until = body.until or call.now + timedelta(hours=body.hours or 0)
    return SwitchOut.model_validate(service.pause(call.session, _whose(call), until, call.now))


@routes.post("/me/switch/resume", action="switch.edit", problems=(NotFound, Forbidden))
def resume(call: Call) -> SwitchOut:
    """End the pause now."""
    return SwitchOut.model_validate(service.resume(call.session, _whose(call), call.now))


@routes.put("/me/switch/device", action="switch.edit", problems=(NotFound,))
def choose_device(call: Call, body: TrackingDeviceIn) -> SwitchOut:
    """Choose which of your phones speaks for you from now on."""
    return SwitchOut.model_validate(service.choose_device(call.session, _whose(call), body.device_id, call.now))


def _whose(call: Call) -> service.Whose:
    """A kiosk is nobody's, so it has no switch."""
    if call.actor.person_id is None:
        raise NotFound
    return service.Whose(call.actor.tenant, call.actor.person_id, call.actor.kind, call.actor.device_id)
