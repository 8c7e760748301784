"""What happens while nobody answers: step by step as the plan says, to those who are silent and to nobody else.

Each step is one row of the outbox that writes the next one. It stops by itself: when the alert is over, or when nobody is silent any more. One
pause after the last step the sender is told, and the plan's next group, where it names one, becomes recipients too.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core import escalation
from app.messaging import alert_rows, late, notices, queue, resolve
from app.messaging.activate import ESCALATE, admit
from app.messaging.models import Message, Recipient
from app.messaging.tally import tell_soon
from app.outbox.publish import publish
from app.ports import Deps


def on_step(session: Session, organization_id: int, body: Mapping[str, Any], now: datetime, deps: Deps) -> None:
    """The handler of `messaging.escalate` {message, step}."""
    message = alert_rows.alert(session, organization_id, UUID(body["message"]), lock=True)
    if message is None or message.stage != "active" or (message.expires_at is not None and message.expires_at <= now):
        return
    plan, step = escalation.parse(message.plan), int(body["step"])
    silent = alert_rows.silent(session, organization_id, message)
    if step >= plan.steps:
        _outlasted(session, message, plan, silent, now, deps)
        return
    queue.deliver(session, organization_id, message, silent, now=now, step=step)
    session.execute(update(Recipient).where(Recipient.organization_id == organization_id, Recipient.id.in_(silent)).values(step=step))
    again = {"message": str(message.id), "step": step + 1}
    publish(session, organization_id, ESCALATE, again, due_at=now + timedelta(seconds=plan.seconds_between))
    tell_soon(session, organization_id, message.id, now)


def _outlasted(session: Session, message: Message, plan: escalation.Plan, silent: Sequence[UUID], now: datetime, deps: Deps) -> None:  # noqa: PLR0913, PLR0917
    if not silent:
        return
    organization_id = message.organization_id
    people = alert_rows.tally(session, organization_id, message.id).people
    said = notices.texts("silence_group" if plan.silence_group else "silence", people=people, silent=len(silent))
    notices.notify_sender(session, message, said, now, deps)
    if plan.silence_group is not None:
        others = resolve.people_of_group(session, organization_id, plan.silence_group, now, deps)
        added = admit(session, organization_id, message, dict.fromkeys(sorted(others), False), deps.settings)
        late.send(session, organization_id, message, added, now)
        tell_soon(session, organization_id, message.id, now)
