"""A kiosk that receives visitors, over HTTP. The device's token, for visitors; the site is the device's."""

from uuid import UUID

from app.errors import Conflict, Forbidden, NotFound, TooMany, VisitNotNow, VisitOver
from app.visitors import kiosk
from app.visitors.kiosk_schemas import (
    ArrivalIn,
    ArrivedOut,
    DepartedOut,
    DepartureIn,
    FormOut,
    FoundOut,
    HostIn,
    HostOut,
    KeyIn,
    VisitStandingOut,
    arrived,
    form,
    found,
    standing,
)
from app.visitors.photo import MOST_BODY_BYTES, TOO_LARGE
from app.web.route import Call, Created, RawCall, Routes

routes = Routes("kiosk_visits", module=kiosk.MODULE)
PROBLEMS = (NotFound, Forbidden, Conflict, TooMany, VisitOver, VisitNotNow)
LIMIT = "120 per minute"


@routes.get("/kiosk/visits/form", action="kiosk.use", device_scope=kiosk.SCOPE, problems=(NotFound,))
def read_form(call: Call) -> FormOut:
    """What this site asks of whom, in all languages: for a kiosk to keep, so that it can receive people without a network."""
    return form(kiosk.form(call.session, call.actor))


@routes.post("/kiosk/visits/find", action="kiosk.use", device_scope=kiosk.SCOPE, transaction="own", limit=LIMIT, problems=PROBLEMS)
def find_visit(call: RawCall, body: KeyIn) -> FoundOut:
    """The visit behind a QR code or six digits. After several wrong codes the next attempt must wait."""
    return found(kiosk.find(call.device, body.key(), call.now, call.deps))


@routes.post(
    "/kiosk/visits/host", action="kiosk.use", device_scope=kiosk.SCOPE, transaction="own", limit="30 per minute", problems=PROBLEMS
)
def find_host(call: RawCall, body: HostIn) -> HostOut:
    """Whether one person has this whole name. A part of a name finds nobody."""
    return HostOut(known=kiosk.is_host(call.device, body.name, call.now, call.deps))


@routes.post(
    "/kiosk/visits/arrival",
    action="kiosk.use",
    device_scope=kiosk.SCOPE,
    transaction="own",
    idempotent=False,
    limit="600 per minute",
    max_body_bytes=MOST_BODY_BYTES,
    too_large=TOO_LARGE,
    problems=PROBLEMS,
)
def record_arrival(call: RawCall, body: ArrivalIn) -> Created[ArrivedOut]:
    """Somebody arrives. Told again it is the same arrival; who is on site already is told so."""
    return Created(arrived(kiosk.receive(call.device, body.new(), call.now, call.deps)))


@routes.get("/kiosk/visits/<uuid:visit_id>", action="kiosk.use", device_scope=kiosk.SCOPE, problems=(NotFound,))
def read_standing(call: Call, visit_id: UUID) -> VisitStandingOut:
    """How it stands with somebody who arrived here: whether they were let in, and what their host says."""
    return standing(kiosk.standing(call.session, call.actor, visit_id), call.actor.tenant, call.deps)


@routes.post("/kiosk/visits/departure", action="kiosk.use", device_scope=kiosk.SCOPE, transaction="own", limit=LIMIT, problems=PROBLEMS)
def record_departure(call: RawCall, body: DepartureIn) -> DepartedOut:
    """Somebody leaves: by what they scan, six digits, or the whole name."""
    return DepartedOut(left=True, name=kiosk.depart(call.device, body.key(), body.at, call.now, call.deps))
