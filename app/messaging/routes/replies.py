"""What I got and what I answer; and the inbox of the organization, over HTTP."""

from typing import Literal
from uuid import UUID

from app.errors import Conflict, NotFound
from app.messaging import alert_views, replies
from app.messaging.alert_schemas import InboxOut, InboxQuery, MineOut, ReplyIn, ReplyOut, inbox, mine
from app.messaging.routes import ALERTS, MESSAGES
from app.web.paging import Page, PageQuery, page
from app.web.route import Call, Created, Routes

routes = Routes("own_alerts", module=ALERTS)
messages = Routes("inbox", module=MESSAGES)


@routes.get("/me/alerts", action="reply.send")
def list_own_alerts(call: Call, query: PageQuery) -> Page[MineOut]:
    """The alerts I got, in my language, the newest first."""
    return _got(call, query, "alert")


@messages.get("/me/messages", action="reply.send")
def list_own_messages(call: Call, query: PageQuery) -> Page[MineOut]:
    """The messages and alerts I got, in my language, the newest first."""
    return _got(call, query, None)


@routes.post("/me/alerts/<uuid:alert_id>/reply", action="reply.send", problems=(Conflict, NotFound))
def reply_to_alert(call: Call, alert_id: UUID, body: ReplyIn) -> Created[ReplyOut]:
    """Answer an alert or a message that asks for it. The latest answer counts; all are kept. The same one sent again is the same."""
    recipient = replies.own(call.session, call.actor.tenant, alert_id, _me(call))
    said_at = body.said_at or call.now
    said = replies.reply(call.session, call.actor.tenant, recipient, body.reply, body.text, "app", said_at, call.now, call.deps)
    stage = replies.stage_of(call.session, said)
    return Created(ReplyOut.model_validate({"id": said.id, "reply": said.kind, "said_at": said.said_at, "stage": stage}))


@messages.get("/replies", action="reply.read")
def list_replies(call: Call, query: InboxQuery) -> Page[InboxOut]:
    """What came in, by app, link and SMS, the newest first."""
    wanted = replies.Wanted(query.message_id, query.unmatched, query.after_moment(), query.limit + 1)
    found = replies.inbox(call.session, call.actor.tenant, wanted, call.deps)
    return page(found, query, key=lambda one: (one.reply.said_at.isoformat(), one.reply.id), show=inbox)


@messages.post("/replies/<uuid:reply_id>/reading", action="reply.read", problems=(NotFound,))
def read_reply(call: Call, reply_id: UUID) -> None:
    """Say that somebody looked after it."""
    replies.mark_read(call.session, call.actor.tenant, reply_id, call.now)


def _got(call: Call, query: PageQuery, kind: Literal["alert"] | None) -> Page[MineOut]:
    wanted = alert_views.Got(kind, query.after_moment(), query.limit + 1)
    found = alert_views.got(call.session, call.actor.tenant, _me(call), wanted, call.deps)
    return page(found, query, key=lambda one: (one.recipient.created_at.isoformat(), one.recipient.id), show=mine)


def _me(call: Call) -> UUID:
    if call.actor.person_id is None:
        raise NotFound
    return call.actor.person_id
