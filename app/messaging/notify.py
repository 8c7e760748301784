"""What another domain has to tell somebody: a message of one's own, with one recipient, on the road of all messages.

1. A notice is a message of kind `notice` under the id that its teller gave it: telling it again does nothing.
2. Guests are known from the moment that something is told to them (`guests.keep`).
3. Messages, recipients, deliveries and work are written set-based: an invitation of two hundred visitors costs as many statements as one of two.
4. From there on everything is as with any message: the next channel when one fails, receipts, traffic records.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.db.types import any_of, uuid7
from app.messaging import guests, queue
from app.messaging.links import reply_hash, reply_token
from app.messaging.models import Delivery, Message, Recipient
from app.messaging.texts import Text, seal_texts
from app.ports import Deps, GuestAddress, Notice


class MessagingNotifier:
    """`app.ports.Notifier`."""

    def notify(self, session: Session, organization_id: int, notices: Sequence[Notice], now: datetime, deps: Deps) -> None:
        """Queue them in this transaction. A notice that exists is left as it is."""
        if not notices:
            return
        guests.keep(session, organization_id, [one.to for one in notices if isinstance(one.to, GuestAddress)], deps)
        rows = [_message(session, organization_id, one, now, deps) for one in {one.id: one for one in notices}.values()]
        fresh = set(session.scalars(upsert(Message).on_conflict_do_nothing().returning(Message.id), rows))
        told = [one for one in {one.id: one for one in notices}.values() if one.id in fresh]
        if told:
            recipients = _admit(session, organization_id, told, deps)
            queue.deliver_each(session, organization_id, recipients, now)

    def handed_over(self, session: Session, organization_id: int, notice_ids: Collection[UUID]) -> Mapping[UUID, str]:
        """Notice -> how far it came: queued, handed_over, delivered, failed, unreachable."""
        joined = (Delivery.organization_id == Recipient.organization_id) & (Delivery.recipient_id == Recipient.id)
        query = (
            select(Recipient.message_id, Recipient.unreachable, func.array_agg(Delivery.status).label("statuses"))
            .outerjoin(Delivery, joined)
            .where(Recipient.organization_id == organization_id, Recipient.message_id == any_of(notice_ids))
            .group_by(Recipient.message_id, Recipient.unreachable)
        )
        return {row.message_id: _how_far(row.unreachable, row.statuses) for row in session.execute(query)}

    def forget(self, session: Session, organization_id: int, guest_ids: Collection[UUID]) -> None:
        """Delete what is known of these guests, with the notices only they had. Traffic records stay for their own term."""
        guests.forget(session, organization_id, list(guest_ids))


def _message(session: Session, organization_id: int, notice: Notice, now: datetime, deps: Deps) -> dict[str, Any]:
    said = {
        locale: Text(words.subject, words.body, notice.calendar, notice.qr, notice.link, words.short)
        for locale, words in notice.words.items()
    }
    return {
        "organization_id": organization_id,
        "id": notice.id,
        "kind": "notice",
        "exercise": "actual",
        "severity": "severe" if notice.urgent else "minor",
        "stage": "ended",
        "target": {},
        "channels": list(notice.channels),
        "sealed_texts": seal_texts(session, organization_id, said, Message, deps.keyring),
        "plan": {},
        "asks_reply": False,
        "late_entry": False,
        "sender_id": notice.sender_id,
        "due_at": now,
        "active_at": now,
        "ended_at": now,
        "expires_at": notice.expires_at,
    }


def _admit(session: Session, organization_id: int, told: Sequence[Notice], deps: Deps) -> dict[UUID, tuple[UUID, UUID]]:
    """Recipient -> (message, person or guest)."""
    made = {uuid7(): one for one in told}
    rows = [
        {
            "organization_id": organization_id,
            "id": id_,
            "message_id": one.id,
            "person_id": None if isinstance(one.to, GuestAddress) else one.to,
            "guest_id": one.to.id if isinstance(one.to, GuestAddress) else None,
            "reply_hash": reply_hash(reply_token(deps.settings, organization_id, id_)),
        }
        for id_, one in made.items()
    ]
    session.execute(insert(Recipient), rows)
    return {id_: (one.id, one.to.id if isinstance(one.to, GuestAddress) else one.to) for id_, one in made.items()}


def _how_far(unreachable: str | None, statuses: Sequence[str | None]) -> str:
    found = {status for status in statuses if status}
    if not found:
        return "unreachable" if unreachable else "queued"
    if "delivered" in found:
        return "delivered"
    if "accepted" in found:
        return "handed_over"
    return "failed" if found <= {"failed", "expired", "withdrawn"} else "queued"
