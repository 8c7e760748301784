"""What was sent, to look up: messages by number and date, what became of each delivery, and the traffic records.

The archive is searched by who and when. What was said cannot be searched: it is sealed, and opened one message at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.service import contact
from app.accounts.service.people import home_region
from app.errors import Invalid, NotFound
from app.messaging.models import Delivery, Message, Recipient, TrafficRecord

Before = tuple[datetime, UUID] | None
NEVER_SENT: Final = "not_sent"
"""In the filter of statuses: recipients to whom nothing could be sent."""
NOTICE: Final = "notice"
_NIL: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Period:
    """Local days of the organization, both included; None: without end."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages. `address`: a telephone number or e-mail address that somebody was reached at."""

    address: str | None = None
    period: Period = Period()
    kind: str | None = None
    before: Before = None
    limit: int = 50


def messages(session: Session, organization_id: int, wanted: Wanted) -> Sequence[Message]:
    """Newest first, up to `limit`. Raises `Invalid` for what is neither a number nor an address."""
    query = select(Message).where(Message.organization_id == organization_id, Message.kind != NOTICE)
    if wanted.kind:
        query = query.where(Message.kind == wanted.kind)
    if wanted.address:
        query = query.where(_went_to(session, organization_id, address_of(session, organization_id, wanted.address, "query.search_number")))
    query = _within(session, organization_id, query, Message.created_at, wanted.period)
    if wanted.before:
        query = query.where(tuple_(Message.created_at, Message.id) < wanted.before)
    return session.scalars(query.order_by(Message.created_at.desc(), Message.id.desc()).limit(wanted.limit)).all()


def message(session: Session, organization_id: int, message_id: UUID) -> Message:
    """Raises `NotFound`; for a notice too: it is its recipient's alone, and may hold a link or a code that opens something."""
    found = session.get(Message, (organization_id, message_id))
    if found is None or found.kind == NOTICE:
        raise NotFound
    return found


def deliveries(  # noqa: PLR0913, PLR0917 (a page and its filter)
    session: Session, organization_id: int, message_id: UUID, status: str | None, after: tuple[UUID, UUID] | None, limit: int
) -> Sequence[tuple[Recipient, Delivery | None]]:
    """(recipient, delivery or None) in order of recipients, up to `limit`; `status`: of a delivery, or `NEVER_SENT`."""
    mine = and_(Delivery.organization_id == Recipient.organization_id, Delivery.recipient_id == Recipient.id)
    key = (Recipient.id, func.coalesce(Delivery.id, _NIL))
    query = select(Recipient, Delivery).outerjoin(Delivery, mine)
    query = query.where(Recipient.organization_id == organization_id, Recipient.message_id == message_id)
    if status:
        query = query.where(Delivery.id.is_(None) if status == NEVER_SENT else Delivery.status == status)
    if after:
        query = query.where(tuple_(*key) > after)
    return [(row[0], row[1]) for row in session.execute(query.order_by(*key).limit(limit))]


def traffic(  # noqa: PLR0913, PLR0917 (a page and its filters)
    session: Session, organization_id: int, address: str | None, period: Period, before: Before, limit: int
) -> Sequence[TrafficRecord]:
    """Newest first, up to `limit`. Raises `Invalid`."""
    query = select(TrafficRecord).where(TrafficRecord.organization_id == organization_id)
    if address:
        query = query.where(TrafficRecord.address == address_of(session, organization_id, address, "query.address"))
    query = _within(session, organization_id, query, TrafficRecord.at, period)
    if before:
        query = query.where(tuple_(TrafficRecord.at, TrafficRecord.id) < before)
    return session.scalars(query.order_by(TrafficRecord.at.desc(), TrafficRecord.id.desc()).limit(limit)).all()


def address_of(session: Session, organization_id: int, text: str, at: str) -> str:
    """As it is kept: E.164, or an e-mail address in lower case. Raises `Invalid` naming the field `at`."""
    try:
        return contact.email(text) if "@" in text else contact.telephone(text, home_region(session, organization_id))
    except ValueError:
        raise Invalid.of(at, "Neither a telephone number nor an e-mail address", "Write it whole, as +31 6 12345678.") from None


def _went_to(session: Session, organization_id: int, address: str) -> Any:  # noqa: ANN401 (an SQL condition)
    """By the traffic record, which knows the number of that day; and by whose number it is now, for pushes and what could not be sent."""
    people = accounts.list_people(session, organization_id, accounts.PeopleFilter(text=address))
    owners = [person.id for person in people if address in (person.telephone, person.email)]
    recorded = exists().where(
        TrafficRecord.organization_id == organization_id, TrafficRecord.message_id == Message.id, TrafficRecord.address == address
    )
    meant = exists().where(
        Recipient.organization_id == organization_id, Recipient.message_id == Message.id, Recipient.person_id.in_(owners)
    )
    return or_(recorded, meant)


def _within(session: Session, organization_id: int, query: Select[Any], column: Any, period: Period) -> Select[Any]:  # noqa: ANN401
    zone = ZoneInfo(accounts.get_organization(session, organization_id).timezone)
    if period.first:
        query = query.where(column >= datetime.combine(period.first, time.min, zone))
    if period.last:
        query = query.where(column < datetime.combine(period.last + timedelta(days=1), time.min, zone))
    return query
