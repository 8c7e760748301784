"""Make of deliveries what a channel is given: words in the recipient's language, an address, links."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.messaging import guests, push_subscriptions, queue, rows, settings
from app.messaging.links import leave_url, reply_url
from app.messaging.models import Delivery, Message, PushSubscription
from app.messaging.preferences import Reach, reach
from app.messaging.texts import Texts, as_sms, in_locale, open_texts
from app.ports import Deps, Parcel

MESSAGE_MAX_AGE: Final = timedelta(hours=24)
"""How long a message that names no end is tried."""

Found = tuple[Delivery, UUID]
"""A delivery and its person or guest."""


def expires_at(message: Message, delivery: Delivery) -> datetime:
    """After this nothing is sent any more. What came after the message itself has an age of its own: an all clear outlives its alert."""
    if delivery.update_number == 0 and message.expires_at is not None:
        return message.expires_at
    return delivery.created_at + MESSAGE_MAX_AGE


def parcels(session: Session, message: Message, found: Sequence[Found], deps: Deps) -> dict[UUID, Parcel | str]:
    """By delivery, all of the same update: its parcel, or why there can be none (`no_address`, `opted_out`, `no_text`)."""
    organization_id = message.organization_id
    ways = reach(session, organization_id, {person_id for _, person_id in found})
    ways |= _opened(session, organization_id, ways, deps)
    browsers = rows.subscriptions(session, organization_id, [delivery.subscription_id for delivery, _ in found if delivery.subscription_id])
    number = found[0][0].update_number
    holder = rows.update_of(session, organization_id, message.id, number) if number else message
    organization = accounts.get_organization(session, organization_id)
    sender = settings.read(session, organization_id).sender_name or ("" if found[0][0].channel == "sms" else organization.name)
    maker = _Maker(message, open_texts(session, organization_id, holder, deps), organization.locale, sender, deps)
    made: dict[UUID, Parcel | str] = {}
    for delivery, person_id in found:
        way = ways.get(person_id)
        address = None if way is None else _address(delivery, way, browsers)
        if way is None or address is None:
            made[delivery.id] = "no_address"
        elif way.opted_out and not queue.overrides(message):
            made[delivery.id] = "opted_out"
        elif not maker.words:
            made[delivery.id] = "no_text"
        else:
            made[delivery.id] = maker.parcel(delivery, way, address)
    return made


def _opened(session: Session, organization_id: int, ways: dict[UUID, Reach], deps: Deps) -> dict[UUID, Reach]:
    """The guests among them with their addresses, which are opened for this alone."""
    found = guests.opened(session, organization_id, [id_ for id_, way in ways.items() if way.guest is not None], deps)
    return {id_: replace(ways[id_], name=who.name, telephone=who.telephone, email=who.email) for id_, who in found.items()}


def _address(delivery: Delivery, way: Reach, browsers: dict[UUID, PushSubscription]) -> str | None:
    if delivery.channel == "push":
        browser = browsers.get(delivery.subscription_id) if delivery.subscription_id else None
        return None if browser is None else push_subscriptions.address(browser)
    return {"sms": way.telephone, "email": way.email, "apprise": way.apprise}.get(delivery.channel)


@dataclass(frozen=True, slots=True)
class _Maker:
    message: Message
    words: Texts
    fallback: str
    sender: str
    deps: Deps

    def parcel(self, delivery: Delivery, way: Reach, address: str) -> Parcel:
        organization_id, settings_ = delivery.organization_id, self.deps.settings
        text = in_locale(self.words, way.locale, self.fallback)
        ordinary = self.message.kind == "message" and way.guest is None
        answer_at = reply_url(settings_, organization_id, delivery.recipient_id) if self.message.asks_reply else text.link
        return Parcel(
            delivery_id=delivery.id,
            address=address,
            subject=text.subject,
            text=as_sms(text, answer_at) if delivery.channel == "sms" else text.body,
            locale=way.locale,
            urgent=queue.is_urgent(self.message),
            expires_at=expires_at(self.message, delivery),
            sender_name=self.sender,
            reply_url=answer_at,
            leave_url=leave_url(settings_, organization_id, way.person_id) if ordinary else None,
            replaces=str(self.message.id),
            reference=f"{organization_id:d}-{delivery.id.hex}",
            calendar=text.calendar if delivery.channel == "email" else None,
            qr=text.qr if delivery.channel == "email" else None,
        )
