"""How alerts stand, over HTTP: who is safe, who is silent, what was sent how."""

from uuid import UUID

from app.errors import NotFound
from app.messaging import alert_views, alerts
from app.messaging.alert_schemas import AlertLineOut, AlertOut, AlertsQuery, RecipientOut, RecipientsQuery, alert, line, recipient
from app.messaging.alert_views import Listed
from app.messaging.routes import ALERTS
from app.web.paging import Page, page
from app.web.route import Call, Routes

routes = Routes("alert_board", module=ALERTS)


@routes.get("/alerts", action="alert.read")
def list_alerts(call: Call, query: AlertsQuery) -> Page[AlertLineOut]:
    """Alerts, the newest first."""
    found = alerts.listed(call.session, call.actor.tenant, Listed(query.stage, query.after_id(), query.limit + 1))
    return page(alert_views.lines(call.session, call.actor.tenant, found, call.deps), query, key=lambda one: (one.message.id,), show=line)


@routes.get("/alerts/<uuid:alert_id>", action="alert.read", problems=(NotFound,))
def read_alert(call: Call, alert_id: UUID) -> AlertOut:
    """One alert, with its numbers: so many of so many known people."""
    message = alerts.one(call.session, call.actor.tenant, alert_id)
    return alert(alert_views.whole(call.session, call.actor.tenant, message, call.deps))


@routes.get("/alerts/<uuid:alert_id>/recipients", action="alert.read", problems=(NotFound,))
def list_recipients(call: Call, alert_id: UUID, query: RecipientsQuery) -> Page[RecipientOut]:
    """Whom it is for, what they answered, and what was sent to each how."""
    message = alerts.one(call.session, call.actor.tenant, alert_id)
    shown = alert_views.recipients(call.session, call.actor.tenant, message, query.state, query.after_id(), query.limit + 1, call.deps)
    return page(shown, query, key=lambda one: (one.row.id,), show=recipient)
