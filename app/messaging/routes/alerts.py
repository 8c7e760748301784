"""Sending alerts over HTTP: a draft, the second person, the countdown, and what follows."""

from typing import Final
from uuid import UUID

from app.db.types import uuid7
from app.errors import AlertTooOld, Conflict, Forbidden, Invalid, NotFound, PurposeMissing
from app.geofences import service as geofences
from app.messaging import alert_views, alerts
from app.messaging.alert_schemas import AlertIn, AlertOut, LineOut, UpdateIn, UpdateOut, alert, line
from app.messaging.routes import ALERTS
from app.messaging.schemas import texts_of
from app.web.route import Call, Created, Routes

routes = Routes("alerts", module=ALERTS)
TROUBLES: Final = (Conflict, Invalid, NotFound, PurposeMissing, AlertTooOld, geofences.ShapeInvalid)


@routes.post(
    "/alerts",
    action="alert.send",
    status=202,
    problems=TROUBLES,
    max_body_bytes=512 * 1024,
)
def create_alert(call: Call, body: AlertIn) -> Created[LineOut]:
    """Send an alert, or keep it as a draft.

    202: everything that must happen is written down. The countdown runs until `due_at`; before that it can be cancelled.
    """
    alert_id = body.id or uuid7()
    known = alerts.existing(call.session, call.actor, alert_id)
    if known is not None:
        return Created(_line(call, known))
    if not body.draft:
        alerts.require_fresh(alerts.Written(body.written_at, body.confirmed), call.now)
    message = alerts.create(call.session, call.actor, draft_of(call, body, alert_id), call.now, call.deps)
    if not body.draft:
        alerts.begin(call.session, call.actor, message, call.now)
    return Created(_line(call, message))


@routes.post("/alerts/<uuid:alert_id>/activation", action="alert.send", status=202, problems=(Conflict, Invalid, NotFound))
def send_draft(call: Call, alert_id: UUID) -> LineOut:
    """Send a draft: to the second person where the organization wants one, else into the countdown."""
    return _line(call, alerts.begin(call.session, call.actor, _locked(call, alert_id), call.now))


@routes.post("/alerts/<uuid:alert_id>/approval", action="alert.send", status=202, problems=(Conflict, Forbidden, NotFound))
def approve_alert(call: Call, alert_id: UUID) -> LineOut:
    """As the second person: let it go. Not by its sender."""
    return _line(call, alerts.approve(call.session, call.actor, _locked(call, alert_id), call.now))


@routes.post("/alerts/<uuid:alert_id>/refusal", action="alert.send", problems=(Conflict, Forbidden, NotFound))
def refuse_alert(call: Call, alert_id: UUID) -> LineOut:
    """As the second person: do not let it go."""
    return _line(call, alerts.refuse(call.session, call.actor, _locked(call, alert_id), call.now))


@routes.post("/alerts/<uuid:alert_id>/cancellation", action="alert.send", problems=(Conflict, NotFound))
def cancel_alert(call: Call, alert_id: UUID) -> LineOut:
    """Take it back before it goes out. Once it did, this is 409: send an update of kind `cancel` instead."""
    return _line(call, alerts.cancel(call.session, call.actor, _locked(call, alert_id), call.now))


@routes.post("/alerts/<uuid:alert_id>/updates", action="alert.send", status=202, problems=(Conflict, NotFound))
def send_update(call: Call, alert_id: UUID, body: UpdateIn) -> Created[UpdateOut]:
    """Tell everybody who had it, latecomers too. `all_clear` ends it, `cancel` takes it back."""
    message = _locked(call, alert_id)
    sent = alerts.update(call.session, call.actor, message, body.kind, texts_of(body.texts), call.now, call.deps)
    shown = _whole(call, message).updates
    return Created(next(one for one in shown if one.number == sent.number))


@routes.post("/alerts/<uuid:alert_id>/ending", action="alert.send", problems=(Conflict, NotFound))
def end_alert(call: Call, alert_id: UUID) -> LineOut:
    """No more latecomers and no more escalation. Nobody is told."""
    return _line(call, alerts.end(call.session, call.actor, _locked(call, alert_id), call.now))


def draft_of(call: Call, body: AlertIn, alert_id: UUID) -> alerts.AlertDraft:
    """What was sent, as the service takes it. Raises `Invalid` for a shape that cannot be a geofence, `NotFound` for an unknown template."""
    texts, version_id = (texts_of(body.texts), None) if body.texts else ({}, None)
    return alerts.AlertDraft(
        alert_id,
        texts,
        body.target,
        exercise=body.exercise,
        severity=body.severity,
        area=geofences.drawn(body.area.geometry, body.area.radius_m) if body.area else None,
        channels=tuple(body.channels) if body.channels else None,
        plan=body.plan.said() if body.plan else None,
        asks_reply=body.asks_reply,
        late_entry=body.late_entry,
        expires_at=body.expires_at,
        template_version_id=version_id,
    )


def _locked(call: Call, alert_id: UUID) -> alerts.Alert:
    return alerts.locked(call.session, call.actor, alert_id)


def _line(call: Call, message: alerts.Alert) -> LineOut:
    return line(alert_views.lines(call.session, call.actor.tenant, [message], call.deps)[0])


def _whole(call: Call, message: alerts.Alert) -> AlertOut:
    return alert(alert_views.whole(call.session, call.actor.tenant, message, call.deps))
