"""What recipients of an alert answered, told to whoever counts them: the roll call. One piece of work for each answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.messaging.models import Recipient, Reply
from app.outbox.publish import Body, publish, publish_all
from app.ports import Deps

REPLIED: Final = "messaging.replied"


def tell(session: Session, organization_id: int, said: Reply, recipient: Recipient, now: datetime) -> None:
    """Tell one answer to an alert."""
    publish(session, organization_id, REPLIED, _body(said, recipient.person_id, recipient.guest_id), due_at=now)


def on_roll_call(session: Session, organization_id: int, body: Mapping[str, Any], now: datetime, deps: Deps) -> None:  # noqa: ARG001 (a handler)
    """The handler of `roll_call.with_alert` {roll_call, message}: tell what was answered before the roll call began."""
    query = select(Reply, Recipient.person_id, Recipient.guest_id).join(
        Recipient, and_(Recipient.organization_id == Reply.organization_id, Recipient.id == Reply.recipient_id)
    )
    found = session.execute(query.where(Reply.organization_id == organization_id, Reply.message_id == UUID(body["message"])))
    publish_all(session, organization_id, [(REPLIED, _body(said, person_id, guest_id), now) for said, person_id, guest_id in found])


def _body(said: Reply, person_id: UUID | None, guest_id: UUID | None) -> Body:
    who = {"person": str(person_id)} if person_id else {"guest": str(guest_id)}
    return {"message": str(said.message_id), "reply_id": str(said.id), "reply": said.kind, "at": said.said_at.isoformat(), **who}
