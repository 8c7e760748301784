"""The pipeline's SQL: whole batches in one statement each, because an alert may have ten thousand recipients."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from app.core.delivery import SETTLED
from app.db.types import any_of
from app.messaging.models import WHO, Delivery, Message, MessageUpdate, PushSubscription, Recipient

_ADMIT: Final = text(
    """
    INSERT INTO recipient (organization_id, id, message_id, person_id, possibly, late, reply_hash)
    SELECT :organization_id, w.id, :message_id, w.person_id, w.possibly, :late, w.reply_hash
    FROM unnest(CAST(:ids AS uuid[]), CAST(:people AS uuid[]), CAST(:possibly AS boolean[]), CAST(:hashes AS bytea[]))
      AS w(id, person_id, possibly, reply_hash)
    ON CONFLICT (organization_id, message_id, person_id) DO NOTHING
    RETURNING id
    """
)
_ADMIT_GUESTS: Final = text(_ADMIT.text.replace("person_id", "guest_id"))
_QUEUE: Final = text(
    """
    INSERT INTO delivery (organization_id, id, message_id, recipient_id, update_number, step, channel, subscription_id, may_be_double, due_at)
    SELECT :organization_id, w.id, :message_id, w.recipient_id, :update_number, :step, w.channel, w.subscription_id, :may_be_double, w.due_at
    FROM unnest(CAST(:ids AS uuid[]), CAST(:recipients AS uuid[]), CAST(:channels AS text[]), CAST(:subscriptions AS uuid[]),
                CAST(:due AS timestamptz[])) AS w(id, recipient_id, channel, subscription_id, due_at)
    ON CONFLICT DO NOTHING
    RETURNING id
    """
)
_SUBMIT: Final = text(
    """
    UPDATE delivery SET status = 'submitting', submitted_at = :now, tries = tries + 1, reason = NULL
    WHERE organization_id = :organization_id AND id = ANY(CAST(:ids AS uuid[]))
    """
)
_CHANGE: Final = text(
    """
    UPDATE delivery d
    SET status = w.status, reason = w.reason, due_at = coalesce(w.due_at, d.due_at), parts = coalesce(w.parts, d.parts),
        provider = coalesce(w.provider, d.provider), provider_ids = coalesce(w.provider_ids, d.provider_ids),
        handed_over_at = CASE WHEN w.status IN ('accepted', 'delivered') THEN coalesce(d.handed_over_at, :now) ELSE d.handed_over_at END,
        settled_at = CASE WHEN w.status = ANY(CAST(:settled AS text[])) THEN CAST(:now AS timestamptz) END
    FROM jsonb_to_recordset(CAST(:changes AS jsonb))
      AS w(id uuid, status text, reason text, due_at timestamptz, provider text, provider_ids text[], parts smallint)
    WHERE d.organization_id = :organization_id AND d.id = w.id
    """
)
_SISTERS: Final = text(
    """
    SELECT d.id FROM delivery d WHERE d.organization_id = :organization_id AND d.id = ANY(CAST(:ids AS uuid[])) AND EXISTS (
      SELECT FROM delivery s
      WHERE s.organization_id = :organization_id AND s.message_id = d.message_id AND s.recipient_id = d.recipient_id AND s.id <> d.id
        AND s.update_number = d.update_number AND s.step = d.step AND s.channel = d.channel
        AND s.status NOT IN ('failed', 'expired', 'withdrawn', 'unknown')
    )
    """
)
_UNREACHABLE: Final = text(
    """
    UPDATE recipient r SET unreachable = w.reason
    FROM unnest(CAST(:ids AS uuid[]), CAST(:reasons AS text[])) AS w(id, reason)
    WHERE r.organization_id = :organization_id AND r.id = w.id
    """
)


def lock_message(session: Session, organization_id: int, message_id: UUID) -> Message | None:
    """The message, locked until the transaction ends."""
    found = select(Message).where(Message.organization_id == organization_id, Message.id == message_id).with_for_update()
    return session.scalars(found).one_or_none()


def get_message(session: Session, organization_id: int, message_id: UUID) -> Message:
    """The message of a delivery."""
    return session.get_one(Message, (organization_id, message_id))


def admit(session: Session, organization_id: int, message_id: UUID, *, late: bool, guests: bool, **columns: Sequence[Any]) -> list[UUID]:
    """Add recipients (columns `ids`, `people`, `possibly`, `hashes`, as long as each other); the ids of those who were none yet.

    `guests`: these are ids of guests rather than of people.
    """
    given = {"organization_id": organization_id, "message_id": message_id, "late": late}
    return list(session.scalars(_ADMIT_GUESTS if guests else _ADMIT, given | {name: _array(column) for name, column in columns.items()}))


def known(session: Session, organization_id: int, message_id: UUID) -> frozenset[UUID]:
    """The people and guests who are recipients of a message."""
    found = select(WHO).where(Recipient.organization_id == organization_id, Recipient.message_id == message_id)
    return frozenset(session.scalars(found))


def people_of(session: Session, organization_id: int, recipient_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Recipient -> person or guest."""
    among = Recipient.id == any_of(recipient_ids)
    found = select(Recipient.id, WHO.label("who")).where(Recipient.organization_id == organization_id, among)
    return {row.id: row.who for row in session.execute(found)}


def queue(session: Session, organization_id: int, message_id: UUID, given: Mapping[str, Any], **columns: Sequence[Any]) -> set[UUID]:
    """Add deliveries (`given`: update_number, step, may_be_double; columns `ids`, `recipients`, `channels`, `subscriptions`, `due`).

    The ids of those that did not exist: one for each recipient, update, step, channel and subscription, ever.
    """
    row = {"organization_id": organization_id, "message_id": message_id, **given}
    return set(session.scalars(_QUEUE, row | {name: _array(column) for name, column in columns.items()}))


def add_deliveries(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Of many messages, new ones: whole rows."""
    if rows:
        session.execute(insert(Delivery), rows)


def messages_of(session: Session, organization_id: int, message_ids: Sequence[UUID]) -> dict[UUID, Message]:
    """Messages by id."""
    found = select(Message).where(Message.organization_id == organization_id, Message.id == any_of(message_ids))
    return {message.id: message for message in session.scalars(found)}


def _array(column: Sequence[UUID | str | bool | bytes | datetime | None]) -> str:
    """An array as PostgreSQL reads it, ten times as fast as element by element through the driver. Texts are names of channels: nothing to quote."""
    return "{" + ",".join(map(_element, column)) + "}"


def _element(value: UUID | str | bool | bytes | datetime | None) -> str:  # noqa: FBT001  (a column's)
    if value.__class__ is UUID:
        return "%032x" % value.int  # noqa: UP031 (an f-string takes twice as long)
    match value:
        case None:
            return "NULL"
        case bytes():
            return f'"\\\\x{value.hex()}"'
        case datetime():
            return f'"{value.isoformat()}"'
    return str(value)


def unreachable(session: Session, organization_id: int, reasons: Mapping[UUID, str]) -> None:
    """Say of these recipients why nothing could be sent."""
    if reasons:
        session.execute(_UNREACHABLE, {"organization_id": organization_id, "ids": list(reasons), "reasons": list(reasons.values())})


def lock_deliveries(session: Session, organization_id: int, delivery_ids: Sequence[UUID]) -> list[tuple[Delivery, UUID]]:
    """These deliveries, locked, each with its person or guest; always in the same order, so that two who lock never wait for each other."""
    joined = (Recipient.organization_id == Delivery.organization_id) & (Recipient.id == Delivery.recipient_id)
    found = select(Delivery, WHO).join(Recipient, joined)
    mine = found.where(Delivery.organization_id == organization_id, Delivery.id.in_(delivery_ids)).order_by(Delivery.id)
    rows = session.execute(mine.with_for_update(of=Delivery).execution_options(populate_existing=True))
    return [(row[0], row[1]) for row in rows]


def submit(session: Session, organization_id: int, delivery_ids: Sequence[UUID], now: datetime) -> None:
    """From here on they may be with their provider."""
    session.execute(_SUBMIT, {"organization_id": organization_id, "ids": list(delivery_ids), "now": now})


def change(session: Session, organization_id: int, changes: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Write how deliveries ended or go on: `id`, `status`, `reason` and, where known, `due_at`, `provider`, `provider_ids`, `parts`. Lock them first."""
    given = {"organization_id": organization_id, "changes": json.dumps(changes), "now": now, "settled": list(SETTLED)}
    session.execute(_CHANGE, given)


def update_of(session: Session, organization_id: int, message_id: UUID, number: int) -> MessageUpdate:
    """What was sent later under this number."""
    found = select(MessageUpdate).where(
        MessageUpdate.organization_id == organization_id, MessageUpdate.message_id == message_id, MessageUpdate.number == number
    )
    return session.scalars(found).one()


def subscriptions(session: Session, organization_id: int, subscription_ids: Sequence[UUID]) -> dict[UUID, PushSubscription]:
    """Browsers by id."""
    found = select(PushSubscription).where(PushSubscription.organization_id == organization_id, PushSubscription.id.in_(subscription_ids))
    return {subscription.id: subscription for subscription in session.scalars(found)}


def forget_subscriptions(session: Session, organization_id: int, subscription_ids: Sequence[UUID]) -> None:
    """Browsers whose service said that they are gone."""
    session.execute(
        delete(PushSubscription).where(PushSubscription.organization_id == organization_id, PushSubscription.id.in_(subscription_ids))
    )


def lock_recipients(session: Session, organization_id: int, recipient_ids: Sequence[UUID]) -> None:
    """So that of a person's browsers the last to fail is known to be the last."""
    found = select(Recipient.id).where(Recipient.organization_id == organization_id, Recipient.id.in_(recipient_ids))
    session.execute(found.order_by(Recipient.id).with_for_update(key_share=True)).all()


def still_hopeful(session: Session, organization_id: int, delivery_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these deliveries have a sister (another browser of the person, same step and update) that was handed over or still may be."""
    given = {"organization_id": organization_id, "ids": list(delivery_ids)}
    return set(session.scalars(_SISTERS, given))
