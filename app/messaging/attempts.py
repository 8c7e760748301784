"""Claim deliveries for an attempt: the first transaction of handing over."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.delivery import WAITING
from app.messaging import outcomes, references, render, rows, traffic
from app.messaging.activate import CLOCKS_APART
from app.messaging.models import Delivery, Message
from app.messaging.outcomes import Change
from app.messaging.render import Found
from app.ports import Deps, Parcel

DEAD_AFTER_S: Final = 40
"""An attempt that began so long ago has ended, one way or the other: its deadlines are shorter."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """What an attempt has in hand. `held`: some of it is in the hands of another attempt, which may be alive."""

    parcels: list[Parcel] = field(default_factory=list)
    held: bool = False


def claim(session: Session, organization_id: int, delivery_ids: Sequence[UUID], now: datetime, deps: Deps) -> Claimed:
    """Make those that wait *submitting* and give their parcels; those that a dead attempt left submitting become unknown.

    All are of one message and update, as the work was cut.
    """
    found = rows.lock_deliveries(session, organization_id, delivery_ids)
    if not found:
        return Claimed()
    message = rows.get_message(session, organization_id, found[0][0].message_id)
    submitting = [delivery for delivery, _ in found if delivery.status == "submitting"]
    dead = [delivery for delivery in submitting if _is_dead(delivery, now)]
    outcomes.write(session, message, [(delivery, Change("unknown", "attempt_died")) for delivery in dead], now)
    due = [one for one in found if one[0].status in WAITING and one[0].due_at <= now + CLOCKS_APART]
    return Claimed(_begin(session, message, due, now, deps), held=len(dead) < len(submitting))


def _is_dead(delivery: Delivery, now: datetime) -> bool:
    return delivery.submitted_at is None or delivery.submitted_at <= now - timedelta(seconds=DEAD_AFTER_S)


def _begin(session: Session, message: Message, due: Sequence[Found], now: datetime, deps: Deps) -> list[Parcel]:
    stopped = [(delivery, change) for delivery, _ in due if (change := _stop(message, delivery, now, deps))]
    left = due if not stopped else [one for one in due if not _stop(message, one[0], now, deps)]
    made = render.parcels(session, message, left, deps) if left else {}
    stopped += [(delivery, Change("failed", reason)) for delivery, _ in left if isinstance(reason := made[delivery.id], str)]
    outcomes.write(session, message, stopped, now)
    parcels = {id_: parcel for id_, parcel in made.items() if isinstance(parcel, Parcel)}
    if parcels:
        rows.submit(session, message.organization_id, list(parcels), now)
        sent = [(delivery, _recorded(delivery, person_id, parcels[delivery.id])) for delivery, person_id in left if delivery.id in parcels]
        traffic.record(session, message, sent, now)
        texted = [
            (references.NUMBER, references.hash_of_number(deps.settings, address), one.id) for one, address in sent if one.channel == "sms"
        ]
        references.note(session, message.organization_id, texted, now)
    return list(parcels.values())


def _recorded(delivery: Delivery, person_id: UUID, parcel: Parcel) -> str:
    """The address of a push or of a chat is a credential: the person stands in its place."""
    return str(person_id) if delivery.channel in {"push", "apprise"} else parcel.address


def _stop(message: Message, delivery: Delivery, now: datetime, deps: Deps) -> Change | None:
    """Why this delivery is not begun at all."""
    if delivery.update_number == 0 and message.stage in (("cancelled", "ended", "expired") if message.kind == "alert" else ("cancelled",)):
        return Change("withdrawn", message.stage)
    if render.expires_at(message, delivery) <= now:
        return Change("expired", "too_old")
    return None if delivery.channel in deps.channels else Change("failed", "channel_off")
