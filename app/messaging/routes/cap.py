"""CAP 1.2 over HTTP: documents and a feed out, drafts in."""

from uuid import UUID

from flask import Response

from app.core.cap import MEDIA_TYPE
from app.errors import Conflict, Invalid, NotFound, PurposeMissing, Unreadable
from app.geofences import service as geofences
from app.messaging import alert_views, alerts, cap_exchange
from app.messaging.alert_schemas import AlertLineOut, CapQuery, line
from app.messaging.routes import ALERTS
from app.web.route import Call, Created, Routes

routes = Routes("cap", module=ALERTS)


@routes.get("/alerts/<uuid:alert_id>/cap", action="alert.read", problems=(Conflict, NotFound, Unreadable), produces=(MEDIA_TYPE,))
def cap_document(call: Call, alert_id: UUID) -> Response:
    """An alert that went out, as other systems read it."""
    message = alerts.one(call.session, call.actor.tenant, alert_id)
    return Response(cap_exchange.document(call.session, call.actor.tenant, message, call.deps), content_type=MEDIA_TYPE)


@routes.get("/cap", action="alert.read", produces=(cap_exchange.ATOM_TYPE,))
def cap_feed(call: Call, query: CapQuery) -> Response:
    """The alerts that went out, as an Atom feed of CAP documents."""
    made = cap_exchange.feed(call.session, call.actor.tenant, query.locale, call.now, call.deps)
    return Response(made, content_type=cap_exchange.ATOM_TYPE)


@routes.post(
    "/cap",
    action="alert.send",
    consumes=(MEDIA_TYPE,),
    max_body_bytes=cap_exchange.MAX_BYTES,
    secret_answer=True,
    problems=(Conflict, Invalid, NotFound, PurposeMissing, geofences.ShapeInvalid),
)
def receive_cap(call: Call, body: bytes) -> Created[AlertLineOut]:
    """Make a draft of a CAP message. The same message is the same draft; a cancellation takes back a draft that nobody sent."""
    message = cap_exchange.receive(call.session, call.actor, body, call.now, call.deps)
    return Created(line(alert_views.lines(call.session, call.actor.tenant, [message], call.deps)[0]))
