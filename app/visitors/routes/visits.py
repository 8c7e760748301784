"""Visits over HTTP: the day list, who arrives and leaves, and what was."""

from collections.abc import Sequence
from uuid import UUID

from flask import Response

from app.authority import allowed
from app.db.types import uuid7
from app.errors import Conflict, NotFound, VisitNotNow, VisitOver
from app.visitors import agreements, desk, invitations, listing
from app.visitors.agreements import Lacking
from app.visitors.arrive import Told, WalkIn
from app.visitors.listing import Line, Wanted
from app.visitors.photo import MOST_BODY_BYTES, TOO_LARGE
from app.visitors.visit_schemas import (
    HostAnswerIn,
    PastQuery,
    ReceptionWalkInIn,
    SeenIn,
    SignaturesIn,
    StatisticsOut,
    StatisticsQuery,
    UnsignedTextOut,
    VisitChange,
    VisitDayQuery,
    VisitOut,
    VisitWhole,
    cells,
    facts,
    unsigned,
    visit,
)
from app.web.paging import Page, page
from app.web.route import Call, Created, Routes

routes = Routes("visits", module="visitors")
CSV = "text/csv"


@routes.get("/visits", action="visit.read")
def list_visits(call: Call, query: VisitDayQuery) -> Page[VisitOut]:
    """The visits of a day at a site, by time; of today also whoever came earlier and has not left."""
    wanted = Wanted(query.site_id, query.state, call.own(), after=query.after_moment(), limit=query.limit + 1)
    lines = listing.day(call.session, call.actor.tenant, query.on, wanted, call.now)
    lacks = _lacks(call, lines)
    return page(lines, query, key=lambda line: (line.visit.expected_from.isoformat(), line.visit.id), show=lambda line: visit(line, lacks))


@routes.get("/me/visits", action="visit.read", problems=(NotFound,))
def list_own_visits(call: Call) -> list[VisitOut]:
    """Who comes for me: waiting, on site, and expected within two weeks."""
    if call.actor.person_id is None:
        raise NotFound
    lines = listing.mine(call.session, call.actor.tenant, call.actor.person_id, call.now)
    lacks = _lacks(call, lines)
    return [visit(line, lacks) for line in lines]


@routes.get("/visits/history", action="visit.history")
def list_past_visits(call: Call, query: PastQuery) -> Page[VisitOut]:
    """Who was here in a period, the newest first; by a part of the name."""
    wanted = Wanted(query.site_id, name=query.name, after=query.after_moment(), limit=query.limit + 1)
    lines = listing.history(call.session, call.actor.tenant, query.from_, query.until, wanted)
    lacks = _lacks(call, lines)
    return page(lines, query, key=lambda line: (_came(line), line.visit.id), show=lambda line: visit(line, lacks))


@routes.get("/visits/statistics", action="visit.history")
def read_statistics(call: Call, query: StatisticsQuery) -> StatisticsOut:
    """How many came, by day, hour, kind and site. Nothing is said of fewer than five visitors."""
    return cells(listing.statistics(call.session, call.actor.tenant, query.from_, query.until, query.site_id))


@routes.get("/visits/export", action="visit.history", produces=(CSV,), limit="30 per minute")
def export_visits(call: Call, query: StatisticsQuery) -> Response:
    """Who was here in a period, as CSV. No cell is a formula to a spreadsheet."""
    text = listing.export(call.session, call.actor.tenant, query.from_, query.until, query.site_id)
    name = f"visits-{query.from_}-{query.until}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(text, headers=headers, content_type=f"{CSV}; charset=utf-8")


@routes.post("/visits", action="visit.receive", problems=(NotFound, Conflict), max_body_bytes=MOST_BODY_BYTES, too_large=TOO_LARGE)
def walk_in(call: Call, body: ReceptionWalkInIn) -> Created[VisitOut]:
    """Let somebody in who was not invited. Sent again with the same `id` it is the same visit."""
    new = WalkIn(body.id or uuid7(), body.name, body.visit_type_id, body.locale, body.host_id)
    told = Told(body.fields.values())
    return Created(_shown(call, desk.walk_in(call.session, call.actor, body.site_id, new, told, call.now, call.deps)))


@routes.get("/visits/<uuid:visit_id>", action="visit.read", problems=(NotFound,))
def read_visit(call: Call, visit_id: UUID) -> VisitWhole:
    """One visit, with what the visitor told."""
    return _whole(call, _line(call, visit_id))


@routes.get("/visits/<uuid:visit_id>/photo", action="visit.receive", produces=("image/jpeg",), problems=(NotFound,))
def read_photo(call: Call, visit_id: UUID) -> Response:
    """The visitor's photo, for who receives, as long as it is kept."""
    headers = {"Content-Disposition": "inline", "Cache-Control": "private, no-store"}
    return Response(desk.photo(call.session, call.actor.tenant, visit_id, call.deps), headers=headers, content_type="image/jpeg")


@routes.patch(
    "/visits/<uuid:visit_id>",
    action="visit.receive",
    edits=True,
    problems=(NotFound, Conflict),
    max_body_bytes=MOST_BODY_BYTES,
    too_large=TOO_LARGE,
)
def edit_visit(call: Call, visit_id: UUID, body: VisitChange) -> VisitWhole:
    """Correct the name, the host, or what was told."""
    line = listing.one(call.session, call.actor.tenant, visit_id, own=None, lock=True)
    call.check_match(_whole(call, line))
    desk.edit(call.session, line.visit, body.name, body.host_id, body.fields.values(), call.deps)
    return _whole(call, _line(call, visit_id))


@routes.post("/visits/<uuid:visit_id>/arrival", action="visit.receive", problems=(NotFound, VisitOver, VisitNotNow))
def record_arrival(call: Call, visit_id: UUID, body: SeenIn) -> VisitOut:
    """They arrived. Said again: nothing."""
    return _shown(call, desk.arrival(call.session, call.actor, visit_id, body.at, call.now, call.deps))


@routes.post("/visits/<uuid:visit_id>/departure", action="visit.read", problems=(NotFound, Conflict))
def record_departure(call: Call, visit_id: UUID, body: SeenIn) -> VisitOut:
    """They left: said by who receives, or by their host. Said again: nothing."""
    return _shown(call, desk.departure(call.session, call.actor, visit_id, call.own(), body.at, call.now))


@routes.post("/visits/<uuid:visit_id>/approval", action="visit.read", problems=(NotFound, Conflict))
def approve_visit(call: Call, visit_id: UUID) -> VisitOut:
    """Let somebody in who waits: who receives, or their host. Whoever the deny list stopped only by who receives."""
    return _shown(call, desk.approval(call.session, call.actor, visit_id, call.own(), receives=_receives(call), now=call.now))


@routes.post("/visits/<uuid:visit_id>/refusal", action="visit.read", problems=(NotFound, Conflict))
def refuse_visit(call: Call, visit_id: UUID) -> VisitOut:
    """Do not let somebody in who waits or is expected."""
    return _shown(call, desk.refusal(call.session, call.actor, visit_id, call.own()))


@routes.post("/visits/<uuid:visit_id>/answer", action="visit.read", problems=(NotFound, Conflict))
def answer_visit(call: Call, visit_id: UUID, body: HostAnswerIn) -> VisitOut:
    """Come for a visitor, send somebody, or say that it cannot be today: the host, or whoever was told in their stead."""
    return _shown(call, desk.answer(call.session, call.actor, visit_id, call.own(), body.answer, call.now, call.deps))


@routes.get("/visits/<uuid:visit_id>/agreements", action="visit.receive", problems=(NotFound,))
def list_unsigned(call: Call, visit_id: UUID) -> list[UnsignedTextOut]:
    """What the visitor did not agree to, with its newest text, to be signed at the desk."""
    return [unsigned(name, version) for name, version in desk.unsigned(call.session, call.actor.tenant, visit_id, call.now)]


@routes.post("/visits/<uuid:visit_id>/signatures", action="visit.receive", problems=(NotFound, Conflict))
def sign_agreements(call: Call, visit_id: UUID, body: SignaturesIn) -> VisitOut:
    """The visitor read this at the desk and agrees. Said again: nothing."""
    return _shown(call, desk.sign(call.session, call.actor, visit_id, body.signed(), call.now, call.deps))


@routes.delete("/visitors/<uuid:visitor_id>", action="visit.receive", problems=(NotFound, Conflict))
def erase_visitor(call: Call, visitor_id: UUID) -> None:
    """Erase what is known of a visitor, with their visits. What they signed stays for its own term."""
    invitations.erase(call.session, call.actor.tenant, visitor_id, call.deps)


def _line(call: Call, visit_id: UUID) -> Line:
    return listing.one(call.session, call.actor.tenant, visit_id, own=call.own())


def _shown(call: Call, line: Line) -> VisitOut:
    return visit(line, _lacks(call, [line]))


def _whole(call: Call, line: Line) -> VisitWhole:
    values, terms = desk.told(call.session, line.visit, call.deps), desk.terms(call.session, line.visit)
    return VisitWhole.model_validate(facts(line, _lacks(call, [line])) | {"fields": values, "fields_delete_on": terms})


def _lacks(call: Call, lines: Sequence[Line]) -> dict[UUID, list[Lacking]] | None:
    """Visit -> what is not signed; None: nobody tells a host."""
    visits = [line.visit for line in lines]
    return agreements.lacking(call.session, call.actor.tenant, visits, call.now) if _receives(call) else None


def _receives(call: Call) -> bool:
    return "visit.receive" in allowed(call.actor)


def _came(line: Line) -> str:
    return line.visit.arrived_at.isoformat() if line.visit.arrived_at else ""
