"""The archive over HTTP."""

from typing import Any, Final
from uuid import UUID

from app.messaging import alert_views, archive
from app.messaging.alert_views import Line
from app.messaging.schemas import (
    ArchiveQuery,
    CountsOut,
    DeliveriesQuery,
    MessageDeliveryOut,
    MessageLineOut,
    MessageOut,
    RepliesCountOut,
    TrafficOut,
    TrafficQuery,
    WordsOut,
)
from app.messaging.tally import tally
from app.web.paging import Page, bad_cursor, page
from app.web.route import Call, Routes

routes = Routes("archive")
_NIL: Final = UUID(int=0)
_LINE: Final = ("id", "kind", "exercise", "stage", "created_at", "due_at", "active_at")


@routes.get("/messages", action="message.read")
def list_messages(call: Call, query: ArchiveQuery) -> Page[MessageLineOut]:
    """Messages and alerts, newest first; searched by number, address and date. What they say is sealed and cannot be searched."""
    wanted = archive.Wanted(
        query.search_number, archive.Period(query.from_, query.until), query.kind, query.after_moment(), query.limit + 1
    )
    rows = alert_views.lines(call.session, call.actor.tenant, archive.messages(call.session, call.actor.tenant, wanted), call.deps)
    return page(rows, query, key=lambda row: (row.message.created_at, row.message.id), show=lambda row: MessageLineOut(**_line(row)))


@routes.get("/messages/<uuid:message_id>", action="message.read")
def read_message(call: Call, message_id: UUID) -> MessageOut:
    """One message with its words and what became of it. Its words are empty once their term is over."""
    message = archive.message(call.session, call.actor.tenant, message_id)
    [line] = alert_views.lines(call.session, call.actor.tenant, [message], call.deps)
    return MessageOut(
        **_line(line),
        texts={locale: WordsOut.model_validate(text) for locale, text in line.texts.items()},
        **{name: getattr(message, name) for name in ("target", "channels", "in_their_zone", "asks_reply", "ended_at")},
        counts=_counts(tally(call.session, call.actor.tenant, message_id)),
    )


@routes.get("/messages/<uuid:message_id>/deliveries", action="message.read")
def list_deliveries(call: Call, message_id: UUID, query: DeliveriesQuery) -> Page[MessageDeliveryOut]:
    """What was sent to whom, how, and what became of it; those to whom nothing could be sent included."""
    archive.message(call.session, call.actor.tenant, message_id)
    after = _pair(query.after())
    rows = archive.deliveries(call.session, call.actor.tenant, message_id, query.status, after, query.limit + 1)
    names = alert_views.names_of(call.session, call.actor.tenant, [row[0] for row in rows], call.deps)
    return page(rows, query, key=lambda row: (row[0].id, row[1].id if row[1] else _NIL), show=lambda row: _delivery(row[0], row[1], names))


@routes.get("/traffic", action="traffic.read")
def list_traffic(call: Call, query: TrafficQuery) -> Page[TrafficOut]:
    """Who sent when, by which channel, to which number or address: newest first. Never what was said."""
    period = archive.Period(query.from_, query.until)
    rows = archive.traffic(call.session, call.actor.tenant, query.address, period, query.after_moment(), query.limit + 1)
    return page(rows, query, key=lambda row: (row.at, row.id), show=TrafficOut.model_validate)


def _line(line: Line) -> dict[str, Any]:
    given = {name: getattr(line.message, name) for name in _LINE}
    return given | {"subject": line.subject, "sender": line.sender, "people": line.people if line.message.active_at else None}


def _counts(numbers: dict[str, Any]) -> CountsOut:
    replies = RepliesCountOut(**numbers["replies"])
    return CountsOut(**{name: numbers[name] for name in CountsOut.model_fields if name != "replies"}, replies=replies)


def _delivery(recipient: Any, delivery: Any, names: dict[UUID, str]) -> MessageDeliveryOut:  # noqa: ANN401 (tables are the service's)
    return MessageDeliveryOut(
        person_id=recipient.person_id,
        guest_id=recipient.guest_id,
        name=names.get(recipient.id),
        channel=delivery and delivery.channel,
        status=delivery and delivery.status,
        reason=delivery.reason if delivery else recipient.unreachable,
        at=delivery and (delivery.settled_at or delivery.handed_over_at or delivery.submitted_at or delivery.due_at),
        may_be_double=bool(delivery and delivery.may_be_double),
    )


def _pair(key: list[str] | None) -> tuple[UUID, UUID] | None:
    try:
        return (UUID(key[0]), UUID(key[1])) if key else None
    except (ValueError, IndexError):
        raise bad_cursor() from None
