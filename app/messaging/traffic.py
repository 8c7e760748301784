"""Traffic records: who sent when, by which channel, to which number or address. Written before a provider is called, so that nothing goes unrecorded."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.service.members import list_members
from app.messaging.models import Delivery, Message
from app.privacy.service.statements import traffic_months

_RECORD: Final = text(
    """
    INSERT INTO traffic_record (organization_id, id, at, message_id, sender, channel, address, status, purge_after)
    SELECT :organization_id, w.id, :now, :message_id, :sender, :channel, w.address, 'submitting', :purge_after
    FROM unnest(CAST(:ids AS uuid[]), CAST(:addresses AS text[])) AS w(id, address)
    ON CONFLICT (organization_id, id) DO UPDATE SET at = EXCLUDED.at, address = EXCLUDED.address, status = EXCLUDED.status
    """
)
_UPDATE: Final = text(
    """
    UPDATE traffic_record t SET status = w.status
    FROM unnest(CAST(:ids AS uuid[]), CAST(:statuses AS text[])) AS w(id, status)
    WHERE t.organization_id = :organization_id AND t.id = w.id
    """
)
NOBODY: Final = "staffing"
"""Who sends what no account sent."""
VISITORS: Final = "visitors"
"""Who sends what visits make."""


def record(session: Session, message: Message, sent: Sequence[tuple[Delivery, str]], now: datetime) -> None:
    """These deliveries, all by one channel, are about to go to these addresses. Of a try that is repeated the last one counts."""
    if sent:
        organization_id = message.organization_id
        zone = ZoneInfo(accounts.get_organization(session, organization_id).timezone)
        given = {
            "organization_id": organization_id,
            "now": now,
            "message_id": message.id,
            "sender": sender_of(session, organization_id, message),
            "channel": sent[0][0].channel,
            "purge_after": purge_after(now.astimezone(zone).date(), traffic_months(session, organization_id)),
            "ids": [delivery.id for delivery, _ in sent],
            "addresses": [address for _, address in sent],
        }
        session.execute(_RECORD, given)


def update(session: Session, organization_id: int, statuses: Mapping[UUID, str]) -> None:
    """What became of deliveries that were recorded."""
    if statuses:
        session.execute(_UPDATE, {"organization_id": organization_id, "ids": list(statuses), "statuses": list(statuses.values())})


def sender_of(session: Session, organization_id: int, message: Message) -> str:
    """Sign-in name of the account that sent it; the person's name once that account has ended or is another organization's."""
    if message.sender_id is None:
        return VISITORS if message.kind == "notice" else NOBODY
    found = list_members(session, organization_id, person_id=message.sender_id)
    if found and found[0].sign_in_name:
        return found[0].sign_in_name
    return accounts.names_of(session, organization_id, [message.sender_id]).get(message.sender_id) or str(message.sender_id)


def purge_after(sent_on: date, months: int) -> date:
    """The last day of the term: the same day so many months later, or the last of a shorter month."""
    year, month = divmod(sent_on.year * 12 + sent_on.month - 1 + months, 12)
    return date(year, month + 1, min(sent_on.day, monthrange(year, month + 1)[1]))
