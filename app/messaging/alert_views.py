"""Alerts as they are shown: to those who send them, and to whoever got one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.core import escalation
from app.core.policy import Shape
from app.errors import Unreadable
from app.messaging import alert_rows, areas, guests
from app.messaging.alert_rows import Got, Listed
from app.messaging.models import Delivery, Message, MessageUpdate, Recipient
from app.messaging.tally import tally
from app.messaging.texts import Text, in_locale, open_texts
from app.ports import Deps

__all__ = [
    "Got",
    "Line",
    "Listed",
    "Mine",
    "OfRecipient",
    "Sent",
    "Whole",
    "got",
    "lines",
    "locale_of",
    "mine",
    "names_of",
    "of_recipient",
    "opened",
    "recipients",
    "whole",
]


@dataclass(frozen=True, slots=True)
class Line:
    """One alert of a list. `texts` are empty once their term is over."""

    message: Message
    texts: Mapping[str, Text]
    subject: str | None
    sender: str | None
    people: int


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent later."""

    update: MessageUpdate
    texts: Mapping[str, Text]
    sender: str | None


@dataclass(frozen=True, slots=True)
class Whole:
    """One alert with all that is known of it. `quorum`: reply, how many are wanted and how many gave it."""

    line: Line
    tally: dict[str, Any]
    quorum: dict[str, Any] | None
    updates: Sequence[Sent]
    area: Shape | None
    """What was drawn, until it goes out."""


@dataclass(frozen=True, slots=True)
class OfRecipient:
    """One recipient: who, what they answered, and everything that was sent to them."""

    row: Row[Any]
    name: str | None
    deliveries: Sequence[Delivery]


@dataclass(frozen=True, slots=True)
class Mine:
    """What somebody got, in their own language: the words, and those of what was said later as (kind, text, when)."""

    message: Message
    recipient: Recipient
    text: Text | None
    updates: Sequence[tuple[str, Text, datetime]]


def lines(session: Session, organization_id: int, messages: Sequence[Message], deps: Deps) -> list[Line]:
    """Alerts of a list: their first words, who sent them, how many people have them."""
    names = accounts.names_of(session, organization_id, [message.sender_id for message in messages if message.sender_id])
    counts = alert_rows.people_counts(session, organization_id, [message.id for message in messages])
    fallback = accounts.get_organization(session, organization_id).locale
    found = []
    for message in messages:
        texts = opened(session, organization_id, message, deps)
        text = in_locale(texts, fallback, fallback) if texts else None
        subject = None if text is None else text.subject or text.body[:80]
        sender = names.get(message.sender_id) if message.sender_id else None
        found.append(Line(message, texts, subject, sender, counts.get(message.id, 0)))
    return found


def whole(session: Session, organization_id: int, message: Message, deps: Deps) -> Whole:
    """One alert."""
    numbers = tally(session, organization_id, message.id)
    updates = alert_rows.updates(session, organization_id, message.id)
    names = accounts.names_of(session, organization_id, [update.sender_id for update in updates if update.sender_id])
    sent = [
        Sent(update, opened(session, organization_id, update, deps), names.get(update.sender_id) if update.sender_id else None)
        for update in updates
    ]
    quorum = escalation.parse(message.plan).quorum
    met = {"reply": quorum.reply, "count": quorum.count, "reached": numbers["replies"][quorum.reply]} if quorum else None
    drawn = message.area_fence_id if message.stage in {"draft", "approval"} else None
    area = areas.shape_of(session, organization_id, drawn) if drawn else None
    return Whole(lines(session, organization_id, [message], deps)[0], numbers, met, sent, area)


def recipients(  # noqa: PLR0913, PLR0917 (a page and its filter)
    session: Session, organization_id: int, message: Message, state: str | None, after: UUID | None, limit: int, deps: Deps
) -> list[OfRecipient]:
    """Recipients of an alert, with their names and deliveries, by id; up to `limit`."""
    rows = alert_rows.recipients(session, organization_id, message.id, state=state, after=after, limit=limit)
    sent: defaultdict[UUID, list[Delivery]] = defaultdict(list)
    for delivery in alert_rows.deliveries_of(session, organization_id, [row.id for row in rows]):
        sent[delivery.recipient_id].append(delivery)
    names = names_of(session, organization_id, rows, deps)
    return [OfRecipient(row, names.get(row.id), sent[row.id]) for row in rows]


def names_of(session: Session, organization_id: int, recipients: Sequence[Recipient | Row[Any]], deps: Deps) -> dict[UUID, str]:
    """Recipient -> the name of the person or guest."""
    people = accounts.names_of(session, organization_id, [one.person_id for one in recipients if one.person_id])
    visitors = guests.opened(session, organization_id, [one.guest_id for one in recipients if one.guest_id], deps)
    names = people | {id_: guest.name for id_, guest in visitors.items()}
    return {one.id: name for one in recipients if (who := one.person_id or one.guest_id) and (name := names.get(who))}


def locale_of(session: Session, organization_id: int, recipient: Recipient) -> str:
    """The language of the person or guest, else the organization's."""
    fallback = accounts.get_organization(session, organization_id).locale
    if recipient.person_id is None:
        return next((guest.locale for guest in guests.known(session, organization_id, [recipient.guest_id])), fallback)
    return accounts.get_person(session, organization_id, recipient.person_id).locale or fallback


def got(session: Session, organization_id: int, person_id: UUID, wanted: Got, deps: Deps) -> list[Mine]:
    """What one person got, the newest first."""
    return mine(session, organization_id, [(row[0], row[1]) for row in alert_rows.got(session, organization_id, person_id, wanted)], deps)


def of_recipient(session: Session, organization_id: int, recipient: Recipient, deps: Deps) -> Mine:
    """What this recipient got."""
    return mine(session, organization_id, [(session.get_one(Message, (organization_id, recipient.message_id)), recipient)], deps)[0]


def mine(session: Session, organization_id: int, got: Sequence[tuple[Message, Recipient]], deps: Deps) -> list[Mine]:
    """Messages of one person as they see them."""
    if not got:
        return []
    fallback = accounts.get_organization(session, organization_id).locale
    locale = locale_of(session, organization_id, got[0][1])
    updates = alert_rows.updates_of(session, organization_id, [message.id for message, _ in got])
    found = []
    for message, recipient in got:
        texts = opened(session, organization_id, message, deps)
        later = [
            (update.kind, in_locale(words, locale, fallback), update.created_at)
            for update in updates[message.id]
            if (words := opened(session, organization_id, update, deps))
        ]
        found.append(Mine(message, recipient, in_locale(texts, locale, fallback) if texts else None, later))
    return found


def opened(session: Session, organization_id: int, holder: Message | MessageUpdate, deps: Deps) -> dict[str, Text]:
    """The words; none where nothing can be read any more: a list must not fail for one of its lines."""
    try:
        return open_texts(session, organization_id, holder, deps)
    except Unreadable:
        return {}
