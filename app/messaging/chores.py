"""What the pipeline asks for every minute: nothing may wait for work that no longer exists."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.messaging import outcomes, queue, references, rows
from app.messaging.models import Delivery
from app.messaging.receipts import match_waiting, place_strays
from app.outbox.carry import waits

__all__ = ["forget_references", "match_waiting", "place_strays", "resume"]

STUCK_AFTER: Final = timedelta(minutes=10)
"""Longer than any lease: whatever is older and has no work waiting for it lost its work (given up, or deleted by hand)."""
AT_ONCE: Final = 1_000

forget_references = references.forget


def resume(session: Session, organization_id: int, now: datetime) -> int:
    """Offer deliveries again whose work is gone; how many."""
    if waits(session, organization_id, (queue.DELIVER, queue.DELIVER_URGENT, outcomes.SETTLE)):
        return 0
    stuck = (
        select(Delivery.id, Delivery.message_id, Delivery.update_number, Delivery.channel, (Delivery.status == "unknown").label("unknown"))
        .where(
            Delivery.organization_id == organization_id,
            Delivery.status.in_(("queued", "retry", "submitting", "unknown")),
            func.greatest(Delivery.due_at, Delivery.submitted_at) < now - STUCK_AFTER,
        )
        .order_by(Delivery.due_at)
        .limit(AT_ONCE)
        .subquery()
    )
    alike = (stuck.c.message_id, stuck.c.update_number, stuck.c.channel, stuck.c.unknown)
    groups = select(stuck.c.message_id, stuck.c.channel, stuck.c.unknown, func.array_agg(stuck.c.id)).group_by(*alike)
    count = 0
    for message_id, channel, unknown, ids in session.execute(groups).all():
        if unknown:
            outcomes.await_receipts(session, organization_id, ids, now)
        else:
            queue.offer(session, rows.get_message(session, organization_id, message_id), channel, ids, now)
        count += len(ids)
    return count
