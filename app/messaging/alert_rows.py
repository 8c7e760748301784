"""SQL of alerts: how one stands, who is silent, who is listed how. Whole alerts in one statement each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, bindparam, func, select, text, tuple_, update
from sqlalchemy.orm import Session

from app.db.types import Uuid
from app.messaging.models import WHO, Delivery, Message, MessageUpdate, Recipient, Reply, TrafficRecord

WAYS: Final = """
SELECT r.id, r.person_id, r.guest_id, r.reply, r.replied_at, r.late, r.possibly, r.unreachable,
  coalesce(bool_or(d.status = 'delivered'), false) AS delivered,
  coalesce(bool_or(d.status IN ('accepted', 'delivered')), false) AS handed_over,
  coalesce(bool_or(d.status IN ('unknown', 'submitting')), false) AS unknown,
  CASE WHEN count(d.id) = 0 THEN r.unreachable IS NOT NULL
       ELSE bool_and(d.status IN ('failed', 'expired', 'withdrawn')) END AS failed
FROM recipient r LEFT JOIN delivery d ON d.organization_id = r.organization_id AND d.message_id = r.message_id AND d.recipient_id = r.id
  AND d.update_number = 0
WHERE r.organization_id = :organization_id AND r.message_id = :message_id
GROUP BY r.organization_id, r.id
"""
"""How each recipient was reached by the message itself, whatever became of its updates."""
NUMBERS: Final = f"""
SELECT count(*) AS people, count(*) FILTER (WHERE handed_over) AS handed_over, count(*) FILTER (WHERE delivered) AS delivered,
  count(*) FILTER (WHERE failed) AS failed, count(*) FILTER (WHERE unknown AND NOT handed_over) AS unknown,
  count(*) FILTER (WHERE reply = 'safe') AS safe, count(*) FILTER (WHERE reply = 'need_help') AS need_help,
  count(*) FILTER (WHERE reply = 'on_my_way') AS on_my_way, count(*) FILTER (WHERE reply IS NULL) AS silent,
  count(*) FILTER (WHERE late) AS late, count(*) FILTER (WHERE possibly) AS possibly
FROM ({WAYS}) ways
"""  # noqa: S608 (constants)
NOT_ANSWERED: Final = f"SELECT id FROM ({WAYS}) ways WHERE reply IS NULL AND (:asks_reply OR NOT handed_over)"  # noqa: S608 (constants)
IN_STATE: Final = f"""
SELECT * FROM ({WAYS}) ways WHERE (CAST(:after AS uuid) IS NULL OR id > :after)
AND CASE CAST(:state AS text) WHEN 'silent' THEN reply IS NULL WHEN 'failed' THEN failed WHEN 'unknown' THEN unknown AND NOT handed_over
  WHEN 'late' THEN late WHEN 'possibly' THEN possibly ELSE coalesce(reply = :state, CAST(:state AS text) IS NULL) END
ORDER BY id LIMIT :limit
"""  # noqa: S608 (constants)
_MESSAGE: Final = bindparam("message_id", type_=Uuid)
TALLY: Final = text(NUMBERS).bindparams(_MESSAGE)
SILENT: Final = text(NOT_ANSWERED).bindparams(_MESSAGE)
LISTED: Final = text(IN_STATE).bindparams(_MESSAGE, bindparam("after", type_=Uuid))
LATE_ALERTS: Final = text("""
SELECT id FROM message WHERE organization_id = :organization_id AND kind = 'alert' AND stage IN ('countdown', 'active')
ORDER BY id FOR SHARE
""")
"""Waits for an activation that runs, and sees what became of it: whoever enters while it runs is missed by neither."""


def tally(session: Session, organization_id: int, message_id: UUID) -> Row[Any]:
    """people, handed_over, delivered, failed, unknown, safe, need_help, on_my_way, silent, late, possibly."""
    return session.execute(TALLY, {"organization_id": organization_id, "message_id": message_id}).one()


def silent(session: Session, organization_id: int, message: Message) -> list[UUID]:
    """The recipients who have not answered; of a message that asks nothing, those to whom nothing was handed over."""
    given = {"organization_id": organization_id, "message_id": message.id, "asks_reply": message.asks_reply}
    return list(session.scalars(SILENT, given))


def recipients(  # noqa: PLR0913 (a page and its filter)
    session: Session, organization_id: int, message_id: UUID, *, state: str | None, after: UUID | None, limit: int
) -> Sequence[Row[Any]]:
    """Recipients in this state (silent, failed, unknown, late, possibly, or an answer), by id; up to `limit`."""
    given = {"organization_id": organization_id, "message_id": message_id, "state": state, "after": after, "limit": limit}
    return session.execute(LISTED, given).all()


def deliveries_of(session: Session, organization_id: int, recipient_ids: Sequence[UUID]) -> Sequence[Delivery]:
    """Everything sent to these recipients, in order."""
    query = select(Delivery).where(Delivery.organization_id == organization_id, Delivery.recipient_id.in_(recipient_ids))
    return session.scalars(query.order_by(Delivery.update_number, Delivery.step, Delivery.id)).all()


def all_recipients(session: Session, organization_id: int, message_id: UUID) -> list[UUID]:
    """Everybody who has it, latecomers too."""
    query = select(Recipient.id).where(Recipient.organization_id == organization_id, Recipient.message_id == message_id)
    return list(session.scalars(query))


def answered(session: Session, organization_id: int, message_id: UUID, reply: str) -> int:
    """How many gave this answer last."""
    query = select(func.count()).where(
        Recipient.organization_id == organization_id, Recipient.message_id == message_id, Recipient.reply == reply
    )
    return int(session.execute(query).scalar_one())


@dataclass(frozen=True, slots=True)
class Listed:
    """Which alerts: of one stage or of all, older than `before`; one more than `limit` is not asked for here."""

    stage: str | None
    before: UUID | None
    limit: int


def alerts(session: Session, organization_id: int, wanted: Listed) -> Sequence[Message]:
    """The newest first."""
    query = select(Message).where(Message.organization_id == organization_id, Message.kind == "alert")
    if wanted.stage is not None:
        query = query.where(Message.stage == wanted.stage)
    if wanted.before is not None:
        query = query.where(Message.id < wanted.before)
    return session.scalars(query.order_by(Message.id.desc()).limit(wanted.limit)).all()


def gone_out(session: Session, organization_id: int, limit: int) -> Sequence[Message]:
    """The newest alerts that went out."""
    query = select(Message).where(Message.organization_id == organization_id, Message.kind == "alert", Message.active_at.is_not(None))
    return session.scalars(query.order_by(Message.id.desc()).limit(limit)).all()


def alert(session: Session, organization_id: int, message_id: UUID, *, lock: bool = False) -> Message | None:
    """One alert."""
    query = select(Message).where(Message.organization_id == organization_id, Message.id == message_id, Message.kind == "alert")
    return session.scalars(query.with_for_update() if lock else query, execution_options={"populate_existing": lock}).one_or_none()


def of_cap(session: Session, organization_id: int, identifier: str) -> Message | None:
    """The draft that was made from a CAP message."""
    query = select(Message).where(Message.organization_id == organization_id, Message.cap_identifier == identifier)
    return session.scalars(query).one_or_none()


def updates(session: Session, organization_id: int, message_id: UUID) -> list[MessageUpdate]:
    """What was sent later, in order."""
    return updates_of(session, organization_id, [message_id])[message_id]


def updates_of(session: Session, organization_id: int, message_ids: Collection[UUID]) -> dict[UUID, list[MessageUpdate]]:
    """Message -> what was sent later, in order; of each of these."""
    query = select(MessageUpdate).where(MessageUpdate.organization_id == organization_id, MessageUpdate.message_id.in_(message_ids))
    found: dict[UUID, list[MessageUpdate]] = {message_id: [] for message_id in message_ids}
    for one in session.scalars(query.order_by(MessageUpdate.number)):
        found[one.message_id].append(one)
    return found


def watching(session: Session, organization_id: int) -> list[Message]:
    """The alerts that whoever enters now may belong to, waiting for those that are just being activated."""
    ids = list(session.scalars(LATE_ALERTS, {"organization_id": organization_id}))
    query = select(Message).where(Message.organization_id == organization_id, Message.id.in_(ids), Message.stage == "active")
    return list(session.scalars(query.where(Message.late_entry), execution_options={"populate_existing": True})) if ids else []


def decided(session: Session, organization_id: int, message_id: UUID, person_ids: Sequence[UUID]) -> None:
    """Of these people it is certain now that they are meant."""
    mine = (Recipient.organization_id == organization_id, Recipient.message_id == message_id, WHO.in_(person_ids))
    session.execute(update(Recipient).where(*mine, Recipient.possibly).values(possibly=False))


def recipient_of_person(session: Session, organization_id: int, message_id: UUID, person_id: UUID) -> Recipient | None:
    """Somebody's own part of a message."""
    mine = (Recipient.organization_id == organization_id, Recipient.message_id == message_id, Recipient.person_id == person_id)
    return session.scalars(select(Recipient).where(*mine)).one_or_none()


def recipient_of_hash(session: Session, organization_id: int, token_hash: bytes) -> Recipient | None:
    """Whose reply link this is."""
    query = select(Recipient).where(Recipient.organization_id == organization_id, Recipient.reply_hash == token_hash)
    return session.scalars(query).one_or_none()


def last_asked(session: Session, organization_id: int, person_ids: Sequence[UUID], since: datetime) -> Recipient | None:
    """What one of these people was asked last."""
    query = select(Recipient).join(Message, (Message.organization_id == Recipient.organization_id) & (Message.id == Recipient.message_id))
    mine = (Recipient.organization_id == organization_id, Recipient.person_id.in_(person_ids), Recipient.created_at >= since)
    newest = query.where(*mine, Message.asks_reply).order_by(Recipient.created_at.desc(), Recipient.id.desc()).limit(1)
    return session.scalars(newest).one_or_none()


def guest_asked(session: Session, organization_id: int, number: str, since: datetime) -> Recipient | None:
    """What a guest was asked last at this number: their numbers are sealed, so the traffic record says whose it was."""
    query = (
        select(Recipient)
        .join(Message, (Message.organization_id == Recipient.organization_id) & (Message.id == Recipient.message_id))
        .join(Delivery, (Delivery.organization_id == Recipient.organization_id) & (Delivery.recipient_id == Recipient.id))
        .join(TrafficRecord, (TrafficRecord.organization_id == Delivery.organization_id) & (TrafficRecord.id == Delivery.id))
        .where(Recipient.organization_id == organization_id, Recipient.guest_id.is_not(None), Recipient.created_at >= since)
        .where(Message.asks_reply, TrafficRecord.channel == "sms", TrafficRecord.address == number)
    )
    return session.scalars(query.order_by(Recipient.created_at.desc(), Recipient.id.desc()).limit(1)).one_or_none()


def same_reply(session: Session, organization_id: int, said: Reply) -> Reply | None:
    """The same answer, recorded before: a phone that sends it again because it heard nothing."""
    query = select(Reply).where(
        Reply.organization_id == organization_id,
        Reply.recipient_id == said.recipient_id,
        Reply.kind == said.kind,
        Reply.channel == said.channel,
        Reply.said_at == said.said_at,
    )
    return session.scalars(query.limit(1)).one_or_none()


def people_counts(session: Session, organization_id: int, message_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Message -> how many people have it."""
    query = select(Recipient.message_id, func.count()).where(
        Recipient.organization_id == organization_id, Recipient.message_id.in_(message_ids)
    )
    return {message_id: count for message_id, count in session.execute(query.group_by(Recipient.message_id))}  # noqa: C416 (rows)


@dataclass(frozen=True, slots=True)
class Got:
    """What somebody got: of this kind, or of every kind; older than `before` (when, recipient)."""

    kind: str | None
    before: tuple[datetime, UUID] | None
    limit: int


def got(session: Session, organization_id: int, person_id: UUID, wanted: Got) -> Sequence[Row[Message, Recipient]]:
    """The newest first."""
    query = (
        select(Message, Recipient)
        .join(Recipient, (Recipient.organization_id == Message.organization_id) & (Recipient.message_id == Message.id))
        .where(Recipient.organization_id == organization_id, Recipient.person_id == person_id)
    )
    if wanted.kind is not None:
        query = query.where(Message.kind == wanted.kind)
    if wanted.before is not None:
        query = query.where(tuple_(Recipient.created_at, Recipient.id) < wanted.before)
    return session.execute(query.order_by(Recipient.created_at.desc(), Recipient.id.desc()).limit(wanted.limit)).all()
