"""Sending messages over HTTP."""

from typing import Final
from uuid import UUID

from app.db.types import uuid7
from app.errors import Conflict, Invalid, NotFound, PurposeMissing
from app.messaging import compose
from app.messaging.drafts import FromTemplate
from app.messaging.routes import MESSAGES
from app.messaging.schemas import AcceptedOut, MessageIn, MessagePreviewOut, preview_out, texts_of
from app.web.route import Call, Routes

routes = Routes("messages", module=MESSAGES)
TROUBLES: Final = (Conflict, Invalid, NotFound, PurposeMissing)


@routes.post("/messages", action="message.send", status=202, idempotent=True, problems=TROUBLES)
def send_message(call: Call, body: MessageIn) -> AcceptedOut:
    """Send a message, now or at `due_at`. 202: everything that must happen is written down. The same id again is the same message."""
    return AcceptedOut.model_validate(compose.create(call.session, call.actor, _draft(body, body.id or uuid7()), call.now, call.deps))


@routes.post("/messages/preview", action="message.send", problems=TROUBLES)
def preview_message(call: Call, body: MessageIn) -> MessagePreviewOut:
    """What sending it would mean: how many people by which channel, what it costs, and who cannot be reached and why. Nothing is sent."""
    return preview_out(compose.look(call.session, call.actor, _draft(body, body.id or uuid7()), call.now, call.deps))


@routes.post("/messages/test", action="message.send", status=202, limit="20 per minute", problems=TROUBLES)
def test_message(call: Call, body: MessageIn) -> AcceptedOut:
    """Send it now to oneself alone, marked as a test."""
    return AcceptedOut.model_validate(
        compose.create(call.session, call.actor, compose.to_self(call.actor, _draft(body, uuid7())), call.now, call.deps)
    )


@routes.post("/messages/<uuid:message_id>/cancellation", action="message.send", problems=(Conflict,))
def cancel_message(call: Call, message_id: UUID) -> AcceptedOut:
    """Take a scheduled message back before it goes out."""
    return AcceptedOut.model_validate(compose.cancel(call.session, call.actor.tenant, message_id, call.actor, call.now))


def _draft(body: MessageIn, message_id: UUID) -> compose.Draft:
    template = FromTemplate(body.template.id, body.template.fields) if body.template else None
    return compose.Draft(
        message_id,
        body.target,
        texts_of(body.texts) if body.texts else {},
        template,
        body.channels,
        body.due_at,
        body.in_their_zone,
        body.asks_reply,
    )
