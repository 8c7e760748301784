"""Webhooks over HTTP: where doors and printers are told of arrivals and departures."""

from uuid import UUID

from app.errors import Conflict, Invalid, NotFound
from app.visitors import webhooks
from app.visitors.webhook_schemas import WebhookChange, WebhookIn, WebhookMadeOut, WebhookOut
from app.web.route import Call, Created, Routes

routes = Routes("visit_webhooks", module="visitors")


@routes.get("/visit-webhooks", action="visit.set_up")
def list_webhooks(call: Call) -> list[WebhookOut]:
    """Where arrivals and departures are posted to."""
    return [WebhookOut.model_validate(one) for one in webhooks.listed(call.session, call.actor.tenant)]


@routes.post("/visit-webhooks", action="visit.set_up", problems=(Conflict, Invalid), secret_answer=True)
def create_webhook(call: Call, body: WebhookIn) -> Created[WebhookMadeOut]:
    """Add one. Its secret, by which posts are signed, is in this answer and never again."""
    made, secret = webhooks.create(call.session, call.actor.tenant, body.model_dump(), call.deps)
    return Created(WebhookMadeOut(**WebhookOut.model_validate(made).model_dump(), secret=secret))


@routes.get("/visit-webhooks/<uuid:webhook_id>", action="visit.set_up", problems=(NotFound,))
def read_webhook(call: Call, webhook_id: UUID) -> WebhookOut:
    """One webhook, and how it stands with it."""
    return WebhookOut.model_validate(webhooks.one(call.session, call.actor.tenant, webhook_id))


@routes.patch("/visit-webhooks/<uuid:webhook_id>", action="visit.set_up", edits=True, problems=(Conflict, Invalid, NotFound))
def edit_webhook(call: Call, webhook_id: UUID, body: WebhookChange) -> WebhookOut:
    """Change one, pause it, or go on with it."""
    webhook = webhooks.one(call.session, call.actor.tenant, webhook_id, lock=True)
    call.check_match(WebhookOut.model_validate(webhook))
    webhooks.change(call.session, webhook, body.facts(), call.now)
    return WebhookOut.model_validate(webhook)


@routes.delete("/visit-webhooks/<uuid:webhook_id>", action="visit.set_up", problems=(NotFound,))
def delete_webhook(call: Call, webhook_id: UUID) -> None:
    """Nothing is posted there any more."""
    webhooks.delete(call.session, webhooks.one(call.session, call.actor.tenant, webhook_id, lock=True))


@routes.post("/visit-webhooks/<uuid:webhook_id>/test", action="visit.set_up", status=202, problems=(NotFound,))
def test_webhook(call: Call, webhook_id: UUID) -> WebhookOut:
    """Post something there now, also when it is paused. What became of it stands with the webhook a moment later."""
    webhook = webhooks.one(call.session, call.actor.tenant, webhook_id)
    webhooks.test(call.session, webhook, call.now)
    return WebhookOut.model_validate(webhook)
