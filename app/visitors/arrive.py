"""Somebody arrives. Nobody who came in is ever lost, and who arrives twice has arrived once.

1. Who: a visitor's row is locked, so that two tablets wait for each other. `core.visits.opens` says which of their visits it is: unknown, over and
   not for today are problems of their own. A walk-in brings a name, and an id of the kiosk's own, which makes a repetition recognisable.
2. When: now, or when a kiosk without a network saw it. A clock that runs ahead is taken for now.
3. What they told and agreed to is kept (`fields`, `agreements`). What is missing is asked for, but never of an arrival that lies in the past.
4. Where the type asks for approval of walk-ins, or the deny list has the name, they wait. To them both look the same.
5. On site: a badge's number of the day, work for whoever must be told, news for the screens.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.core.fix import to_ms
from app.core.schedule import midnight, worked_on
from app.core.visits import opens, purge_after
from app.db.types import uuid7
from app.errors import Conflict, Invalid, VisitNotNow, VisitOver
from app.outbox import publish
from app.ports import Deps
from app.visitors import agreements, deny, fields, rows, tokens
from app.visitors.agreements import Agreed
from app.visitors.leave import changed, told
from app.visitors.models import Visit, Visitor, VisitType

ARRIVED: Final = "visitors.arrived"
WAITS: Final = "visitors.waits"

_log = structlog.get_logger(area="visitors")


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody arrives, and by which local time."""

    organization_id: int
    site_id: UUID
    zone: str


@dataclass(frozen=True, slots=True)
class Manner:
    """How and when: `way` is one of `WAYS_IN`; `strict`: what is asked must be there; `trusted`: nobody else needs to approve."""

    way: str
    at: datetime
    strict: bool = True
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What they told beyond their name, and agreed to."""

    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    agreed: Sequence[Agreed] = ()


@dataclass(frozen=True, slots=True)
class WalkIn:
    """Somebody whom nobody announced. `id`: the client's own."""

    id: UUID
    name: str = field(repr=False)
    visit_type_id: UUID
    locale: str
    host_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of it. `already`: it was known."""

    visit: Visit
    visitor: Visitor
    visit_type: VisitType
    already: bool


def place_of(session: Session, organization_id: int, site_id: UUID) -> Place:
    """Raises `NotFound` for a site of others."""
    site = accounts.get_site(session, organization_id, site_id)
    return Place(organization_id, site_id, site.timezone or accounts.get_organization(session, organization_id).timezone)


def by_visitor(session: Session, place: Place, visitor: Visitor, told_: Told, manner: Manner, deps: Deps, now: datetime) -> Arrival:  # noqa: PLR0913, PLR0917 (where, who, what, how, when)
    """An invited visitor, whose row is locked. Raises `VisitOver`, `VisitNotNow`, `Invalid`."""
    visit, kind, already = _opened(session, place, visitor, manner.at)
    if not already:
        _keep(session, place, visitor, kind, told_, manner, visit.expected_until, deps)
        visit.site_id = place.site_id
        visit.stopped = is_stopped(session, visit, visitor.name, now, deps)
        _come(session, place, visit, kind, manner, "waiting" if visit.stopped else "on_site", now)
    return Arrival(visit, visitor, kind, already)


def walk_in(session: Session, place: Place, new: WalkIn, told_: Told, manner: Manner, deps: Deps, now: datetime) -> Arrival:  # noqa: PLR0913, PLR0917 (as `by_visitor`)
    """Somebody without an invitation. Raises `NotFound` (no such type), `Conflict` (the id is another visit's), `Invalid`."""
    kind = rows.visit_type(session, place.organization_id, new.visit_type_id)
    if kind.retired_at is not None or not (kind.walk_in or manner.trusted):
        raise Invalid.of("visit_type_id", "Nobody can walk in for this kind of visit", "Choose another kind of visit.")
    until = manner.at + timedelta(minutes=kind.ends_after_min)
    kept = purge_after(until, kind.keep_days, place.zone)
    token = tokens.visit_token(deps.settings, place.organization_id, new.id)
    row = {"organization_id": place.organization_id, "id": new.id, "name": fields.name_of(new.name), "locale": new.locale, "purge_after": kept,
           "link_hash": tokens.token_hash(token), "created_at": now}  # fmt: skip
    visitor = rows.add_visitor(session, row)
    if visitor is None:
        return _known(session, place, new)
    _keep(session, place, visitor, kind, told_, manner, until, deps)
    stopped = deny.check(session, place.organization_id, visitor.name, now, deps)
    waits = stopped or (kind.approval and not manner.trusted)
    visit = Visit(id=new.id, organization_id=place.organization_id, visitor_id=new.id, visit_type_id=kind.id, site_id=place.site_id,
                  host_id=new.host_id, state="expected", expected_from=manner.at, expected_until=until, purge_after=kept, stopped=stopped,
                  revision=0)  # fmt: skip
    session.add(visit)
    _come(session, place, visit, kind, manner, "waiting" if waits else "on_site", now)
    return Arrival(visit, visitor, kind, already=False)


def is_stopped(session: Session, visit: Visit, name: str, now: datetime, deps: Deps) -> bool:
    """Whether the deny list has them, or had them when they were invited: another name since then leads past nobody."""
    return deny.check(session, visit.organization_id, name, now, deps) or visit.stopped


def expected(session: Session, place: Place, visit: Visit, manner: Manner, now: datetime) -> bool:
    """The reception lets in somebody who is expected or waits; the row is locked. False: they are on site. Raises `VisitOver`, `VisitNotNow`.

    Whom `visit.stopped` names waits first: to let them in is an approval.
    """
    if visit.state == "on_site":
        return False
    if visit.state == "cancelled":
        raise VisitNotNow
    if visit.state not in ("expected", "waiting"):
        raise VisitOver
    kind = rows.visit_type(session, place.organization_id, visit.visit_type_id)
    visit.site_id = place.site_id
    _come(session, place, visit, kind, manner, "waiting" if visit.stopped and visit.state == "expected" else "on_site", now)
    return True


def refuse(session: Session, visit: Visit) -> None:
    """They may not come in. Raises `Conflict` unless they wait."""
    if visit.state == "refused":
        return
    if visit.state not in ("expected", "waiting"):
        raise Conflict("Only somebody who is expected or waits can be refused.")
    visit.state = "refused"
    changed(session, visit)


def _opened(session: Session, place: Place, visitor: Visitor, at: datetime) -> tuple[Visit, VisitType, bool]:
    """Which visit, of what kind, and whether they arrived for it already."""
    theirs = rows.visits_to_come_in(session, place.organization_id, visitor.id)
    verdict, visit = opens([one for one, _ in theirs], at, place.zone)
    if verdict == "over":
        raise VisitOver
    if visit is None:
        raise VisitNotNow
    kind = next(kind for one, kind in theirs if one is visit)
    return (_another_day(session, visit, at), kind, False) if verdict == "again" else (visit, kind, verdict == "here")


def _another_day(session: Session, before: Visit, at: datetime) -> Visit:
    """A visit of several days goes on: the same, from now on."""
    same = ("organization_id", "visitor_id", "invitation_id", "visit_type_id", "site_id", "host_id", "purge_after", "stopped")
    until = max(before.expected_until, at + timedelta(minutes=1))
    visit = Visit(**{name: getattr(before, name) for name in same}, id=uuid7(), state="expected",
                  expected_from=at, expected_until=until, revision=0)  # fmt: skip
    session.add(visit)
    return visit


def _known(session: Session, place: Place, new: WalkIn) -> Arrival:
    """The same walk-in was told before."""
    visitor = rows.visitor(session, place.organization_id, new.id)
    visit = rows.visit(session, place.organization_id, new.id)
    if visit.site_id != place.site_id or visitor.invitation_id is not None:
        raise Conflict("This id is another visit's. Make a new one.")
    return Arrival(visit, visitor, rows.visit_type(session, place.organization_id, visit.visit_type_id), already=True)


def _keep(  # noqa: PLR0913, PLR0917 (who told what, when, and until when it is kept)
    session: Session, place: Place, visitor: Visitor, kind: VisitType, told_: Told, manner: Manner, until: datetime, deps: Deps
) -> None:
    fields.keep(session, place.organization_id, visitor.id, kind, told_.values, until, place.zone, deps)
    if manner.strict:
        there = (
            fields.told(session, place.organization_id, visitor.id) if any(one.get("required") for one in kind.fields.values()) else set()
        )
        missing = [name for name, rule in kind.fields.items() if rule.get("required") and name not in there]
        if missing:
            raise Invalid.of(f"fields.{missing[0]}", "This is asked of every visitor of this kind", "Fill it in.")
    if told_.agreed:
        agreements.sign(session, place.organization_id, visitor, told_.agreed, manner.at, deps)
    if manner.strict and kind.agreement_ids and agreements.unsigned(session, place.organization_id, visitor.id, kind.agreement_ids):
        raise Invalid.of(
            "agreed", "Something that every visitor agrees to was not agreed to, or has a newer text", "Show it and ask again."
        )


def _come(session: Session, place: Place, visit: Visit, kind: VisitType, manner: Manner, state: str, now: datetime) -> None:  # noqa: PLR0913, PLR0917 (as `by_visitor`)
    visit.state = state
    if visit.arrived_at is None:
        visit.arrived_at, visit.arrived_by = manner.at, manner.way
    if visit.expected_until <= manner.at:  # far too late, and yet they came: they are expected to stay as long as a walk-in
        visit.expected_until = manner.at + timedelta(minutes=kind.ends_after_min)
        visit.purge_after = max(visit.purge_after, purge_after(visit.expected_until, kind.keep_days, place.zone))
        rows.keep_longer(session, place.organization_id, visit)
    visit.revision += 1
    body = {"visit": str(visit.id)}
    if state == "on_site":
        body |= {"site": str(visit.site_id), "at": manner.at.isoformat()}
    with session.no_autoflush:  # the visit is written once, with its number
        publish.publish(session, place.organization_id, ARRIVED if state == "on_site" else WAITS, body, due_at=now)
        told(session, visit)
        if (
            state == "on_site" and kind.badge and visit.badge_number is None
        ):  # last: others who arrive at the site wait for this until the commit
            rows.one_at_a_time(session, place.organization_id, f"badge {place.site_id}")
            today = midnight(worked_on(to_ms(manner.at), place.zone), place.zone)
            visit.badge_number = rows.next_badge(session, place.organization_id, place.site_id, today)
    session.flush()
    _log.info("arrived", organization_id=place.organization_id, state=state, way=manner.way)
