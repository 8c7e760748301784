"""What a channel said of deliveries becomes their status, and what must follow: another try, the next channel, an end.

1. A status only climbs (`core.delivery`). An outcome that comes when the delivery stands higher already is for the record of nobody.
2. Try again: later each time, with jitter, and not for ever: at the end of tries it has failed, at the end of the message's time it is expired.
3. Failed: an alert or a notice goes on by the next channel at once. So does anything that was never tried, because there was no address or no such
   channel, or because there is nobody at that address.
4. Unknown: it may have been sent. An alert goes on by the next channel, marked "may be double"; a message waits. Who has heard nothing when
   the time for receipts is over has failed as unknown; a receipt that comes later still counts.
5. A browser that is gone is forgotten; of a person's browsers only the last to fail leads on to the next channel.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.delivery import Status, replaces
from app.messaging import queue, references, rows, traffic
from app.messaging.models import Delivery, Message
from app.messaging.render import expires_at
from app.messaging.tally import tell_soon
from app.outbox.publish import publish
from app.ports import Outcome

SETTLE: Final = "messaging.settle"
RECEIPT_AWAITED: Final = timedelta(seconds=60)
TRIES_MAX: Final = 20
FIRST_PAUSE_S: Final = 5.0
PAUSE_MAX_S: Final = 600.0
JITTER: Final = 0.25
NEVER_TRIED: Final = frozenset({"no_address", "channel_off", "gone", "invalid_address", "invalid_number"})
NOBODY_THERE: Final = "recipient_5"
"""How the reason begins when a mail server refuses the recipient for ever: such a mail comes back before it has left."""

_chance = SystemRandom()


@dataclass(frozen=True, slots=True)
class Change:
    """How a delivery ends or goes on."""

    status: Status
    reason: str | None = None
    due_at: datetime | None = None
    provider: str | None = None
    provider_ids: tuple[str, ...] = ()
    parts: int | None = None


Changes = Sequence[tuple[Delivery, Change]]


def record(session: Session, organization_id: int, found: Mapping[UUID, Outcome], now: datetime) -> None:
    """Write what a channel said of these deliveries, all of one message and update, and queue what follows."""
    locked = rows.lock_deliveries(session, organization_id, list(found))
    if not locked:
        return
    message = rows.get_message(session, organization_id, locked[0][0].message_id)
    changes = [(delivery, _change(message, delivery, found[delivery.id], now)) for delivery, _ in locked]
    gone = [one.subscription_id for one, _ in locked if one.subscription_id and found[one.id].verdict == "gone"]
    rows.forget_subscriptions(session, organization_id, gone)
    write(session, message, changes, now)


def write(session: Session, message: Message, changes: Changes, now: datetime) -> list[UUID]:
    """The same for changes made here; the deliveries must be locked. Which of them changed."""
    fresh = [(delivery, change) for delivery, change in changes if delivery.status in replaces(change.status)]
    if not fresh:
        return []
    organization_id = message.organization_id
    rows.change(session, organization_id, [_row(delivery, change) for delivery, change in fresh], now)
    traffic.update(session, organization_id, {delivery.id: change.status for delivery, change in fresh})
    noted = [(change.provider, ref, delivery.id) for delivery, change in fresh if change.provider for ref in change.provider_ids]
    references.note(session, organization_id, noted, now)
    _try_again(session, message, fresh)
    _go_on(session, message, fresh, now)
    if message.kind == "alert":
        tell_soon(session, organization_id, message.id, now)
    await_receipts(session, organization_id, [delivery.id for delivery, change in fresh if change.status == "unknown"], now)
    return [delivery.id for delivery, _ in fresh]


def _change(message: Message, delivery: Delivery, outcome: Outcome, now: datetime) -> Change:
    told = {"provider": outcome.provider, "provider_ids": outcome.provider_ids, "parts": outcome.parts}
    match outcome.verdict:
        case "accepted":
            return Change("accepted", outcome.reason, **cast("Any", told))
        case "unknown":
            return Change("unknown", outcome.reason, **cast("Any", told))
        case "retry":
            return _again(message, delivery, outcome, now)
        case "rejected" | "gone":
            return Change("failed", outcome.reason if outcome.verdict == "rejected" else "gone", provider=outcome.provider)


def _again(message: Message, delivery: Delivery, outcome: Outcome, now: datetime) -> Change:
    if delivery.tries >= TRIES_MAX:
        return Change("failed", "gave_up", provider=outcome.provider)
    pause_s = max(pause_after_s(delivery.tries), outcome.retry_after_s or 0.0)
    due_at = now + timedelta(seconds=pause_s)
    if due_at >= expires_at(message, delivery):
        return Change("expired", outcome.reason, provider=outcome.provider)
    return Change("retry", outcome.reason, due_at, outcome.provider)


def pause_after_s(tries: int) -> float:
    """How long to wait after so many tries: doubling, up to ten minutes, more or less a quarter, so that what failed together comes back apart."""
    return min(FIRST_PAUSE_S * 2.0 ** max(tries - 1, 0), PAUSE_MAX_S) * _chance.uniform(1 - JITTER, 1 + JITTER)


def _row(delivery: Delivery, change: Change) -> dict[str, Any]:
    due_at = change.due_at.isoformat() if change.due_at else None
    told = {"provider": change.provider, "provider_ids": list(change.provider_ids) or None, "parts": change.parts}
    return {"id": str(delivery.id), "status": change.status, "reason": change.reason, "due_at": due_at, **told}


def _try_again(session: Session, message: Message, changes: Changes) -> None:
    """Those that failed together are offered together: one pause for a bunch would do, but each has its own time in its row."""
    again: dict[str, list[tuple[datetime, UUID]]] = defaultdict(list)
    for delivery, change in changes:
        if change.status == "retry" and change.due_at:
            again[delivery.channel].append((change.due_at, delivery.id))
    for channel, waiting in again.items():
        queue.offer(session, message, channel, [id_ for _, id_ in waiting], max(due for due, _ in waiting))


def _go_on(session: Session, message: Message, changes: Changes, now: datetime) -> None:
    """The next channel for those whom this one did not reach."""
    urgent = queue.is_urgent(message)
    on = urgent or message.kind == "notice"
    stuck = [
        delivery
        for delivery, change in changes
        if (change.status == "failed" and (on or _was_nobody_reached(change.reason))) or (change.status == "unknown" and urgent)
    ]
    pushes = [delivery for delivery in stuck if delivery.channel == "push"]
    if pushes:
        rows.lock_recipients(session, message.organization_id, [delivery.recipient_id for delivery in pushes])
        hopeful = rows.still_hopeful(session, message.organization_id, [delivery.id for delivery in pushes])
        stuck = [delivery for delivery in stuck if delivery.id not in hopeful]
    legs: dict[queue.Leg, list[UUID]] = defaultdict(list)
    unknown = {delivery.id for delivery, change in changes if change.status == "unknown"}
    for delivery in stuck:
        double = delivery.may_be_double or delivery.id in unknown
        legs[queue.Leg(delivery.step + 1, delivery.update_number, None, delivery.channel, double)].append(delivery.recipient_id)
    for leg, recipients in legs.items():
        queue.follow(session, message, recipients, leg, now)


def _was_nobody_reached(reason: str | None) -> bool:
    return reason is not None and (reason in NEVER_TRIED or reason.startswith(NOBODY_THERE))


def await_receipts(session: Session, organization_id: int, delivery_ids: Sequence[UUID], now: datetime) -> None:
    """Of these unknown ones; then `settle`."""
    if delivery_ids:
        publish(session, organization_id, SETTLE, {"deliveries": list(map(str, delivery_ids))}, due_at=now + RECEIPT_AWAITED)


def settle(session: Session, organization_id: int, body: Mapping[str, Any], now: datetime, _deps: object) -> None:
    """The handler of `messaging.settle` {"deliveries"}: those of which no receipt came have failed, as far as anybody knows."""
    locked = rows.lock_deliveries(session, organization_id, [UUID(id_) for id_ in body["deliveries"]])
    silent = [delivery for delivery, _ in locked if delivery.status == "unknown"]
    if silent:
        rows.change(session, organization_id, [_row(delivery, Change("failed", "unknown")) for delivery in silent], now)
        traffic.update(session, organization_id, {delivery.id: "failed" for delivery in silent})
        tell_soon(session, organization_id, silent[0].message_id, now)
