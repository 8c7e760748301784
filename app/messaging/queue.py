"""The one place that writes deliveries, and the work that hands them over.

1. How each recipient can be reached is asked once for all of them.
2. An alert goes by its plan: step n begins with channel n of the plan, and a recipient who has no address for a channel gets the next one at
   once. An ordinary message goes by the first channel that the message allows, in the order that the person prefers.
3. Quiet hours and opting out hold back whatever is not an actual alert of some severity. Held by quiet hours, a delivery is due after them.
4. Who can be reached by no channel at all is marked so. Never is anybody silently left out.
5. Rows are written in one statement; a delivery is made once for each recipient, update, step, channel and subscription, whoever asks again.
6. Work carries up to 50 ids of one channel and one time.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.db.types import uuid7
from app.messaging import rows
from app.messaging.models import Message
from app.messaging.preferences import Reach, reach
from app.outbox.publish import Work, publish_all

AT_ONCE: Final = 50
DELIVER: Final = "messaging.deliver"
DELIVER_URGENT: Final = "messaging.deliver_urgent"
"""The relay offers this kind before everything else."""


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch of the road. `channel`: this one alone. `after`: only the channels that come behind this one in the step."""

    step: int = 0
    update_number: int = 0
    channel: str | None = None
    after: str | None = None
    may_be_double: bool = False


@dataclass(frozen=True, slots=True)
class _Planned:
    recipient_id: UUID
    channel: str
    subscription_id: UUID | None
    due_at: datetime


def deliver(
    session: Session,
    organization_id: int,
    message: Message,
    recipient_ids: Collection[UUID],
    *,
    now: datetime,
    step: int = 0,
    update_number: int = 0,
    channel: str | None = None,
) -> int:
    """Queue what these recipients get in this step, by the first channel they can be reached by, or by `channel` alone.

    How many deliveries that makes. Asking again makes none.
    """
    return follow(session, organization_id, message, recipient_ids, Leg(step, update_number, channel), now)


def follow(session: Session, organization_id: int, message: Message, recipient_ids: Collection[UUID], leg: Leg, now: datetime) -> int:
    """The same for any leg; how many deliveries that makes."""
    people = rows.people_of(session, organization_id, list(recipient_ids))
    ways = reach(session, organization_id, list(people.values()))
    planned: list[_Planned] = []
    nowhere: dict[UUID, str] = {}
    for recipient_id, person_id in people.items():
        found = _held(message, ways.get(person_id)) or list(_planned(message, recipient_id, ways[person_id], leg, now))
        if isinstance(found, str):
            nowhere[recipient_id] = found
        elif found:
            planned += found
        elif leg.after is None and leg.channel is None:
            nowhere[recipient_id] = "no_address"
    rows.unreachable(session, organization_id, nowhere)
    return _write(session, organization_id, message, planned, leg)


def is_urgent(message: Message) -> bool:
    """Whether it goes before ordinary messages, and on by the next channel when one fails."""
    return message.kind == "alert"


def overrides(message: Message) -> bool:
    """Whether neither quiet hours nor opting out hold it back."""
    return message.kind == "alert" and message.exercise == "actual" and message.severity in {"severe", "extreme"}


def channels_of(message: Message) -> list[str]:
    """In the order of its plan."""
    return list(message.plan.get("channels") or message.channels)


def turned(channels: Sequence[str], leg: Leg) -> list[str]:
    """The channels of a step in the order in which they are tried: from channel n on, each once; behind `after`, if that is among them."""
    start = leg.step % len(channels) if channels else 0
    order = [*channels[start:], *channels[:start]]
    if leg.channel is not None:
        return [leg.channel]
    return order[order.index(leg.after) + 1 :] if leg.after in order else order


def _held(message: Message, way: Reach | None) -> str | None:
    if way is None:
        return "no_address"
    return "opted_out" if way.opted_out and not overrides(message) else None


def _planned(message: Message, recipient_id: UUID, way: Reach, leg: Leg, now: datetime) -> Iterator[_Planned]:
    """By the first channel that has an address for them: one delivery, or one for each of their browsers."""
    channels = channels_of(message)
    if not is_urgent(message) and way.channels:
        channels = [channel for channel in way.channels if channel in channels]
    for channel in turned(channels, leg):
        ends = ends_of(way, channel)
        if ends:
            return (_Planned(recipient_id, channel, end, now) for end in ends)
    return iter(())


def ends_of(way: Reach, channel: str) -> list[UUID | None]:
    """Where a channel ends for somebody: None is their number or address; a push has an end for each browser."""
    if channel == "push":
        return [subscription.id for subscription in way.subscriptions]
    address = {"sms": way.telephone, "email": way.email}.get(channel)
    return [None] if address else []


def _write(session: Session, organization_id: int, message: Message, planned: Sequence[_Planned], leg: Leg) -> int:
    if not planned:
        return 0
    ids = [uuid7() for _ in planned]
    given = {"update_number": leg.update_number, "step": leg.step, "may_be_double": leg.may_be_double}
    made = rows.queue(
        session,
        organization_id,
        message.id,
        given,
        ids=ids,
        recipients=[one.recipient_id for one in planned],
        channels=[one.channel for one in planned],
        subscriptions=[one.subscription_id for one in planned],
        due=[one.due_at for one in planned],
    )
    grouped: dict[tuple[datetime, str], list[UUID]] = defaultdict(list)
    for id_, one in zip(ids, planned, strict=True):
        if id_ in made:
            grouped[one.due_at, one.channel].append(id_)
    publish_all(session, organization_id, list(chain.from_iterable(work(message, *key, found) for key, found in grouped.items())))
    return len(made)


def work(message: Message, due_at: datetime, channel: str, delivery_ids: Sequence[UUID]) -> Iterator[Work]:
    """The pieces of work that hand these deliveries over."""
    kind = DELIVER_URGENT if is_urgent(message) else DELIVER
    for start in range(0, len(delivery_ids), AT_ONCE):
        yield kind, {"deliveries": [str(id_) for id_ in delivery_ids[start : start + AT_ONCE]], "channel": channel}, due_at
