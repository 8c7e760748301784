"""The pipeline's SQL: whole batches in one statement each, because an alert may have ten thousand recipients."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from app.messaging.models import Message, Recipient

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


def message(session: Session, organization_id: int, message_id: UUID) -> Message | None:
    """The message as it is."""
    return session.get(Message, (organization_id, message_id))


def admit(session: Session, organization_id: int, message_id: UUID, *, late: bool, **columns: Sequence[Any]) -> list[UUID]:
    """Add recipients (columns `ids`, `people`, `possibly`, `hashes`, as long as each other); the ids of those who were none yet."""
    given = {"organization_id": organization_id, "message_id": message_id, "late": late}
    return list(session.scalars(_ADMIT, {**given, **{name: list(column) for name, column in columns.items()}}))


def people_of(session: Session, organization_id: int, recipient_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Recipient -> person."""
    found = select(Recipient.id, Recipient.person_id).where(Recipient.organization_id == organization_id, Recipient.id.in_(recipient_ids))
    return {recipient: person for recipient, person in session.execute(found)}


def queue(session: Session, organization_id: int, message_id: UUID, given: Mapping[str, Any], **columns: Sequence[Any]) -> set[UUID]:
    """Add deliveries (`given`: update_number, step, may_be_double; columns `ids`, `recipients`, `channels`, `subscriptions`, `due`).

    The ids of those that did not exist: one for each recipient, update, step, channel and subscription, ever.
    """
    row = {"organization_id": organization_id, "message_id": message_id, **given}
    return set(session.scalars(_QUEUE, {**row, **{name: list(column) for name, column in columns.items()}}))


def unreachable(session: Session, organization_id: int, reasons: Mapping[UUID, str]) -> None:
    """Say of these recipients why nothing could be sent."""
    if reasons:
        session.execute(_UNREACHABLE, {"organization_id": organization_id, "ids": list(reasons), "reasons": list(reasons.values())})
