"""Sending alerts over HTTP: a draft, the second person, the countdown, and what follows."""

from typing import Final
from uuid import UUID

from app.db.types import uuid7
from app.errors import AlertTooOld, Conflict, Forbidden, Invalid, NotFound, PurposeMissing
from app.geofences import service as geofences
from app.messaging import alert_views, alerts, drafts
from app.messaging.alert_schemas import (
    AlertIn,
    AlertLineOut,
    AlertOut,
    AlertPreviewOut,
    DraftIn,
    UpdateIn,
    UpdateOut,
    alert,
    line,
    preview,
)
from app.messaging.drafts import FromTemplate
from app.messaging.routes import ALERTS
from app.messaging.schemas import AcceptedOut, texts_of
from app.web.route import Call, Created, Routes

routes = Routes("alerts", module=ALERTS)
MAX_BYTES: Final = 512 * 1024
"""An area may have ten thousand corners."""
TROUBLES: Final = (Conflict, Invalid, NotFound, PurposeMissing, AlertTooOld, geofences.ShapeInvalid)


@routes.post(
    "/alerts",
    action="alert.send",
    status=202,
    problems=TROUBLES,
    max_body_bytes=MAX_BYTES,
)
def create_alert(call: Call, body: AlertIn) -> Created[AcceptedOut]:
    """Send an alert, or keep it as a draft.

    202: everything that must happen is written down. The countdown runs until `due_at`; before that it can be cancelled. The answer has none of its
    words, which are kept sealed alone: so it can be given again for the same Idempotency-Key.
    """
    alert_id = body.id or uuid7()
    known = drafts.known(call.session, call.actor, alert_id, "alert")
    if known is not None:
        return Created(AcceptedOut.model_validate(known))
    if not body.draft:
        alerts.require_fresh(alerts.Written(body.written_at, body.confirmed), call.now)
    message = alerts.create(call.session, call.actor, _draft(body, alert_id), call.now, call.deps)
    if not body.draft:
        alerts.begin(call.session, call.actor, message, call.now, call.deps)
    return Created(AcceptedOut.model_validate(message))


@routes.post("/alerts/preview", action="alert.send", problems=TROUBLES, max_body_bytes=MAX_BYTES)
def preview_alert(call: Call, body: AlertIn) -> AlertPreviewOut:
    """What sending it would mean: how many people by which channel, what it costs, who cannot be reached. Nothing is sent."""
    found = alerts.look(call.session, call.actor, _draft(body, uuid7()), call.now, call.deps)
    return preview(found.preview, found.possibly, found.unknown, found.visitors)


@routes.put("/alerts/<uuid:alert_id>", action="alert.send", edits=True, problems=TROUBLES, max_body_bytes=MAX_BYTES)
def edit_draft(call: Call, alert_id: UUID, body: DraftIn) -> AlertOut:
    """Change a draft, in all but its kind. Its words come back as they were kept: with the mark of an exercise."""
    message = _locked(call, alert_id)
    call.check_match(_whole(call, message))
    if (body.texts is None) == (body.template is None):  # only of what is there: an absent alert is absent, whatever is said of it
        raise Invalid.of("texts", "An alert has either texts or a template", "Write it in at least one language, or choose a template.")
    return _whole(call, alerts.edit(call.session, call.actor, message, _draft(body, alert_id), call.now, call.deps))


@routes.post("/alerts/<uuid:alert_id>/activation", action="alert.send", status=202, problems=(Conflict, Invalid, NotFound))
def send_draft(call: Call, alert_id: UUID) -> AlertLineOut:
    """Send a draft: to the second person where the organization wants one, else into the countdown."""
    return _line(call, alerts.begin_kept(call.session, call.actor, _locked(call, alert_id), call.now, call.deps))


@routes.post("/alerts/<uuid:alert_id>/approval", action="alert.send", status=202, problems=(Conflict, Forbidden, NotFound))
def approve_alert(call: Call, alert_id: UUID) -> AlertLineOut:
    """As the second person: let it go. Not by its sender."""
    return _line(call, alerts.approve(call.session, call.actor, _locked(call, alert_id), call.now))


@routes.post("/alerts/<uuid:alert_id>/refusal", action="alert.send", problems=(Conflict, Forbidden, NotFound))
def refuse_alert(call: Call, alert_id: UUID) -> AlertLineOut:
    """As the second person: do not let it go."""
    return _line(call, alerts.refuse(call.session, call.actor, _locked(call, alert_id), call.now))


@routes.post("/alerts/<uuid:alert_id>/cancellation", action="alert.send", problems=(Conflict, NotFound))
def cancel_alert(call: Call, alert_id: UUID) -> AlertLineOut:
    """Take it back before it goes out. Once it did, this is 409: send an update of kind `cancel` instead."""
    return _line(call, alerts.cancel(call.session, call.actor, _locked(call, alert_id), call.now))


@routes.post("/alerts/<uuid:alert_id>/updates", action="alert.send", status=202, problems=(Conflict, NotFound), secret_answer=True)
def send_update(call: Call, alert_id: UUID, body: UpdateIn) -> Created[UpdateOut]:
    """Tell everybody who had it, latecomers too. `all_clear` ends it, `cancel` takes it back."""
    message = _locked(call, alert_id)
    sent = alerts.update(call.session, call.actor, message, body.kind, texts_of(body.texts), call.now, call.deps)
    shown = _whole(call, message).updates
    return Created(next(one for one in shown if one.number == sent.number))


@routes.post("/alerts/<uuid:alert_id>/ending", action="alert.send", problems=(Conflict, NotFound))
def end_alert(call: Call, alert_id: UUID) -> AlertLineOut:
    """No more latecomers and no more escalation. Nobody is told."""
    return _line(call, alerts.end(call.session, call.actor, _locked(call, alert_id), call.now))


def _draft(body: DraftIn, alert_id: UUID) -> alerts.AlertDraft:
    """As the service takes it. Raises `ShapeInvalid`."""
    return alerts.AlertDraft(
        alert_id,
        body.target,
        texts_of(body.texts) if body.texts else {},
        FromTemplate(body.template.id, body.template.fields) if body.template else None,
        exercise=body.exercise,
        severity=body.severity,
        area=geofences.drawn(body.area.geometry, body.area.radius_m) if body.area else None,
        channels=tuple(body.channels) if body.channels else None,
        plan=body.plan.said() if body.plan else None,
        asks_reply=body.asks_reply,
        late_entry=body.late_entry,
        expires_at=body.expires_at,
    )


def _locked(call: Call, alert_id: UUID) -> alerts.Alert:
    return alerts.locked(call.session, call.actor, alert_id)


def _line(call: Call, message: alerts.Alert) -> AlertLineOut:
    return line(alert_views.lines(call.session, call.actor.tenant, [message], call.deps)[0])


def _whole(call: Call, message: alerts.Alert) -> AlertOut:
    return alert(alert_views.whole(call.session, call.actor.tenant, message, call.deps))
