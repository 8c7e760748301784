"""The one place that writes deliveries, and the work that hands them over.

1. How each recipient can be reached is asked once for all of them.
2. An alert goes by its plan, each recipient by the channels they have. An ordinary message goes by the first channel that the message allows
   and the person has, in the order that the person prefers. When a channel fails, the next step comes at once (`after`).
3. Quiet hours and opting out hold back ordinary messages: not an actual alert of some severity, and not what the server itself has to tell about one
   (a second person is waited for, nobody answers) or about too few on duty. Held by quiet hours, a delivery is due after them.
4. Who can be reached by no channel at all is marked so. Never is anybody silently left out.
5. Rows are written in one statement; a delivery is made once for each recipient, update, step, channel and subscription, whoever asks again.
6. Work carries up to 50 ids of one channel and one time.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.service.sites import zones_of_sites
from app.core.escalation import Plan, channel_at, parse
from app.core.quiet import breaks_through, goes_at, same_clock
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
    """A stretch of the road. `channel`: this one alone. `after`: the next that comes behind this one, which failed."""

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


def deliver(  # noqa: PLR0913  (what a step of a plan is)
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

    `recipient_ids`: or, by whoever knows them, recipient -> person or guest, which saves asking. How many deliveries that makes. Asking again makes none.
    """
    if message.organization_id != organization_id:
        raise LookupError("a message of another organization")
    return follow(session, message, recipient_ids, Leg(step, update_number, channel), now)


def follow(session: Session, message: Message, recipient_ids: Collection[UUID], leg: Leg, now: datetime) -> int:
    """The same for any leg; how many deliveries that makes."""
    if isinstance(recipient_ids, Mapping):
        people: Mapping[UUID, UUID] = recipient_ids
    else:
        people = rows.people_of(session, message.organization_id, list(recipient_ids))
    ways = reach(session, message.organization_id, list(people.values()))
    course = _Course.read(session, message, now)
    planned: list[_Planned] = []
    nowhere: dict[UUID, str] = {}
    for recipient_id, person_id in people.items():
        found = _planned(recipient_id, ways.get(person_id), leg, course)
        if not isinstance(found, str):
            planned += found
        elif leg.step == 0:
            nowhere[recipient_id] = found
    rows.unreachable(session, message.organization_id, nowhere)
    return _write(session, message, planned, leg)


def deliver_each(session: Session, organization_id: int, recipients: Mapping[UUID, tuple[UUID, UUID]], now: datetime) -> None:
    """Queue the first delivery of many messages that have one recipient each: recipient -> (message, person or guest)."""
    ways = reach(session, organization_id, [who for _, who in recipients.values()])
    messages = rows.messages_of(session, organization_id, [message_id for message_id, _ in recipients.values()])
    zone = accounts.get_organization(session, organization_id).timezone
    planned: list[tuple[Message, _Planned]] = []
    nowhere: dict[UUID, str] = {}
    for recipient_id, (message_id, who) in recipients.items():
        message = messages[message_id]
        found = _planned(recipient_id, ways.get(who), Leg(), _Course(message, now, None, not overrides(message), zone, {}))
        if isinstance(found, str):
            nowhere[recipient_id] = found
        else:
            planned += [(message, one) for one in found]
    rows.unreachable(session, organization_id, nowhere)
    _write_each(session, organization_id, planned)


def _write_each(session: Session, organization_id: int, planned: Sequence[tuple[Message, _Planned]]) -> None:
    work: list[Work] = []
    made = []
    for message, one in planned:
        id_ = uuid7()
        given = {"organization_id": organization_id, "id": id_, "message_id": message.id, "recipient_id": one.recipient_id, "step": 0}
        made.append(given | {"channel": one.channel, "subscription_id": one.subscription_id, "due_at": one.due_at})
        work += _work(message, one.channel, [id_], one.due_at)
    rows.add_deliveries(session, made)
    publish_all(session, organization_id, work)


def is_urgent(message: Message) -> bool:
    """Whether it goes before ordinary messages, and on by the next channel when one fails."""
    return message.kind == "alert" or overrides(message)


def overrides(message: Message) -> bool:
    """Whether neither quiet hours nor opting out hold it back."""
    is_own = message.kind == "message" and message.sender_id is None  # nobody's: `notices`
    return breaks_through("notice" if is_own else message.kind, message.exercise, message.severity)


@dataclass(frozen=True, slots=True)
class _Course:
    """When somebody's delivery is due, and an alert's plan. `zones`: of sites that have their own."""

    message: Message
    now: datetime
    plan: Plan | None
    held: bool
    zone: str
    zones: Mapping[UUID, str]

    @classmethod
    def read(cls, session: Session, message: Message, now: datetime) -> "_Course":
        organization_id = message.organization_id
        zone = accounts.get_organization(session, organization_id).timezone
        zones = zones_of_sites(session, organization_id) if message.in_their_zone else {}
        plan = parse(message.plan, message.channels) if message.kind == "alert" else None
        return cls(message, now, plan, not overrides(message), zone, zones)

    def due_at(self, way: Reach, leg: Leg) -> datetime:
        """Now; at the message's time on the clocks of their site, when it says so; after their quiet hours, when those hold it back."""
        at = self.now
        if self.message.in_their_zone and self.message.due_at is not None and leg.update_number == 0:
            theirs = self.zones.get(way.site_id, self.zone) if way.site_id else self.zone
            at = max(at, same_clock(self.message.due_at, self.zone, theirs))
        return goes_at(at, self.zone, *way.quiet) if self.held and way.quiet else at


def _planned(recipient_id: UUID, way: Reach | None, leg: Leg, course: _Course) -> list[_Planned] | str:
    """One delivery by the channel of this leg, or one for each of their browsers; none when they had all their channels. Or why they get nothing."""
    if way is None:
        return "no_address"
    if course.held and way.opted_out:
        return "opted_out"
    channel = _channel(course, way, leg)
    if channel is None:
        return "no_address" if leg == Leg(update_number=leg.update_number) else []
    due_at, ends_at = course.due_at(way, leg), course.message.expires_at
    if ends_at is not None and due_at >= ends_at and due_at > course.now:
        return "quiet_hours"
    return [_Planned(recipient_id, channel, end, due_at) for end in (way.subscriptions if channel == "push" else (None,))]


def _channel(course: _Course, way: Reach, leg: Leg) -> str | None:
    if leg.channel is not None:
        return leg.channel if way.has(leg.channel) else None
    order = list(course.plan.channels) if course.plan else way.order(course.message.channels)
    if leg.after is not None:
        left = order[order.index(leg.after) + 1 :] if leg.after in order else order
        return next(filter(way.has, left), None)
    own = [channel for channel in order if way.has(channel)]
    return channel_at(course.plan, leg.step, own) if course.plan else next(iter(own), None)


def _write(session: Session, message: Message, planned: Sequence[_Planned], leg: Leg) -> int:
    if not planned:
        return 0
    ids = [uuid7() for _ in planned]
    given = {"update_number": leg.update_number, "step": leg.step, "may_be_double": leg.may_be_double}
    made = rows.queue(
        session,
        message.organization_id,
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
    pieces = chain.from_iterable(_work(message, channel, ids, due_at) for (due_at, channel), ids in grouped.items())
    publish_all(session, message.organization_id, list(pieces))
    return len(made)


def offer(session: Session, message: Message, channel: str, delivery_ids: Sequence[UUID], due_at: datetime) -> None:
    """Have deliveries that exist handed over (again), all of one update and channel."""
    publish_all(session, message.organization_id, list(_work(message, channel, delivery_ids, due_at)))


def _work(message: Message, channel: str, delivery_ids: Sequence[UUID], due_at: datetime) -> Iterator[Work]:
    kind = DELIVER_URGENT if is_urgent(message) else DELIVER
    for start in range(0, len(delivery_ids), AT_ONCE):
        yield kind, {"deliveries": [str(id_) for id_ in delivery_ids[start : start + AT_ONCE]], "channel": channel}, due_at
