"""A message's moment has come: decide who it is for, and write down everything that must happen, in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.config import Settings
from app.core.escalation import parse
from app.db.types import uuid7
from app.messaging import queue, resolve, rows, visiting
from app.messaging.links import reply_hash, reply_token
from app.messaging.models import Message
from app.messaging.stages import move
from app.messaging.tally import tell_soon
from app.outbox.publish import publish
from app.ports import Deps

ACTIVATE: Final = "messaging.activate"
ESCALATE: Final = "messaging.escalate"
SECOND_LOOK: Final = "messaging.second_look"
SECOND_LOOK_AFTER: Final = timedelta(seconds=5)
"""Longer than a ping's transaction lasts."""
CLOCKS_APART: Final = timedelta(seconds=5)
"""The relay goes by the database's clock; what is due by it must not be passed over by ours."""
_WAITING: Final = ("scheduled", "countdown")


def on_due(session: Session, organization_id: int, body: Mapping[str, Any], now: datetime, deps: Deps) -> None:
    """The handler of `messaging.activate` {"message"}: nothing happens for a message that was cancelled or moved to a later time."""
    message = rows.lock_message(session, organization_id, UUID(body["message"]))
    if (
        message is not None
        and message.stage in _WAITING
        and (message.due_at is None or message.in_their_zone or message.due_at <= now + CLOCKS_APART)
    ):
        activate(session, organization_id, message, now, deps)


def activate(session: Session, organization_id: int, message: Message, now: datetime, deps: Deps) -> int:
    """Make everybody it is for a recipient and queue their first deliveries; how many recipients. The message must be locked.

    An alert goes on being active; an ordinary message has done all it ever does.
    """
    message.active_at = now
    if message.kind == "alert":
        move(message, "active")
    else:
        move(message, "ended")
        message.ended_at = now
    people = resolve.of_message(session, organization_id, message, now, deps)
    recipients = admit(session, organization_id, message, people, deps.settings)
    if message.kind == "alert":
        recipients |= welcome(session, organization_id, message, visiting.of_message(session, organization_id, message, now, deps), deps)
    queue.deliver(session, organization_id, message, recipients, now=now)
    if message.kind == "alert":
        pause = timedelta(seconds=parse(message.plan, message.channels).seconds_between)
        publish(session, organization_id, ESCALATE, {"message": str(message.id), "step": 1}, due_at=now + pause)
        if message.late_entry:
            publish(session, organization_id, SECOND_LOOK, {"message": str(message.id)}, due_at=now + SECOND_LOOK_AFTER)
        tell_soon(session, organization_id, message.id, now)
    return len(recipients)


def welcome(  # noqa: PLR0913 (who to whom)
    session: Session, organization_id: int, message: Message, visitors: Mapping[UUID, bool], deps: Deps, *, late: bool = False
) -> dict[UUID, UUID]:
    """Make these visitors (id -> whether only possibly meant) recipients, once, ever. Those who were none yet: recipient -> visitor."""
    if not visitors:
        return {}
    visiting.know(session, organization_id, list(visitors), deps)
    return admit(session, organization_id, message, visitors, deps.settings, late=late, guests=True)


def admit(  # noqa: PLR0913  (who to whom)
    session: Session,
    organization_id: int,
    message: Message,
    people: Mapping[UUID, bool],
    settings: Settings,
    *,
    late: bool = False,
    guests: bool = False,
) -> dict[UUID, UUID]:
    """Make these people (id -> whether only possibly meant) recipients, once, ever. Those who were none yet: recipient -> person.

    `guests`: they are guests, who are known already (`guests.keep`).
    """
    ids = [uuid7() for _ in people]
    hashes = [reply_hash(reply_token(settings, organization_id, id_)) for id_ in ids]
    columns: dict[str, Sequence[Any]] = {"ids": ids, "people": list(people), "possibly": list(people.values()), "hashes": hashes}
    whose = dict(zip(ids, people, strict=True))
    return (
        {id_: whose[id_] for id_ in rows.admit(session, organization_id, message.id, late=late, guests=guests, **columns)} if people else {}
    )
