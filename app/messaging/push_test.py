"""A push that shows its owner that pushes arrive on this browser."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.db.types import uuid7
from app.errors import Conflict
from app.messaging.models import PushSubscription
from app.messaging.push_subscriptions import address
from app.messaging.texts import Text
from app.outbox.carry import Long
from app.outbox.publish import publish
from app.ports import Deps, Outcome, Parcel

KIND: Final = "messaging.push_test"
DEADLINE_S: Final = 15.0
LIFE: Final = timedelta(minutes=5)
WORDS: Final = {
    "nl": Text("Proefmelding", "Meldingen komen op dit apparaat aan."),
    "en": Text("Test notification", "Notifications arrive on this device."),
}


def ask(session: Session, subscription: PushSubscription, now: datetime, deps: Deps) -> None:
    """Push to this browser, soon. Raises `Conflict` when the installation sends no pushes."""
    if "push" not in deps.channels:
        raise Conflict("This installation sends no pushes. Ask whoever runs it.")
    publish(session, subscription.organization_id, KIND, {"subscription": str(subscription.id)}, due_at=now)


def _run(organization_id: int, body: Mapping[str, Any], now: datetime, deps: Deps) -> None:
    with deps.database.tenant(organization_id) as session:
        found = _of(session, organization_id, UUID(body["subscription"]))
        parcel = None if found is None else _parcel(session, found, now)
    channel = deps.channels.get("push")
    if parcel is None or channel is None:
        return
    outcomes: list[Outcome] = [outcome for _, outcome in channel.send([parcel], DEADLINE_S)]
    with deps.database.tenant(organization_id) as session:
        subscription = _of(session, organization_id, UUID(body["subscription"]))
        if subscription is not None and outcomes[0].verdict == "gone":
            session.delete(subscription)
        elif subscription is not None and outcomes[0].verdict == "accepted":
            subscription.last_ok_at = now


RUN: Final = Long(_run, lease=timedelta(seconds=30), attempts_max=3)


def _of(session: Session, organization_id: int, subscription_id: UUID) -> PushSubscription | None:
    query = select(PushSubscription).where(PushSubscription.organization_id == organization_id, PushSubscription.id == subscription_id)
    return session.scalars(query).one_or_none()


def _parcel(session: Session, found: PushSubscription, now: datetime) -> Parcel:
    organization = accounts.get_organization(session, found.organization_id)
    locale = accounts.get_person(session, found.organization_id, found.person_id).locale or organization.locale
    return Parcel(
        delivery_id=uuid7(),
        address=address(found),
        subject=WORDS[locale].subject,
        text=WORDS[locale].body,
        locale=locale,
        urgent=True,
        expires_at=now + LIFE,
        sender_name=organization.name,
        replaces=f"test-{found.id}",
    )
