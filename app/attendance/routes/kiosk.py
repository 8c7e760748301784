"""A kiosk over HTTP: what it is, who stands before it, and their clocking in or out."""

from app.attendance import kiosk
from app.attendance.kiosk_schemas import KioskOut, KioskPersonOut, KioskPunchedOut, KioskPunchIn, ShownIn
from app.attendance.punches import NewPunch
from app.attendance.routes import MODULE
from app.errors import Conflict, Forbidden, NotFound, TooMany
from app.web.route import Call, Created, RawCall, Routes

routes = Routes("kiosk", module=MODULE)
place = Routes("kiosk_place")
"""Whatever the kiosk is for: to clock in, for visitors, or both."""
PROBLEMS = (NotFound, Forbidden, Conflict, TooMany)


@place.get("/kiosk", action="kiosk.use", device_scope=kiosk.SCOPE, problems=(NotFound, Forbidden))
def read_kiosk(call: Call) -> KioskOut:
    """Where this kiosk stands, what it is for, and whether it must ask a PIN."""
    return KioskOut.model_validate(kiosk.facts(call.session, call.actor))


@routes.post("/kiosk/person", action="kiosk.use", device_scope=kiosk.SCOPE, transaction="own", limit="60 per minute", problems=PROBLEMS)
def see_person(call: RawCall, body: ShownIn) -> KioskPersonOut:
    """Who stands there, by whole name or personal code, and PIN where one is asked.

    A part of a name finds nobody. After several failures the next attempt must wait.
    """
    return KioskPersonOut.model_validate(kiosk.see(call.device, body.shown(), call.now, call.deps))


@routes.post(
    "/kiosk/punches",
    action="kiosk.use",
    device_scope=kiosk.SCOPE,
    transaction="own",
    idempotent=False,
    limit="120 per minute",
    problems=PROBLEMS,
)
def record_punch(call: RawCall, body: KioskPunchIn) -> Created[KioskPunchedOut]:
    """Clock whoever stands there in or out. Sent again with the same `client_id` it is recognised, and what was recorded first stands."""
    done = kiosk.punch(call.device, body.shown(), NewPunch(body.kind, body.client_id, body.at), call.now, call.deps)
    return Created(KioskPunchedOut(kind=done.punch.kind, at=done.punch.at, repeat=done.repeat, already=done.already is not None))
