"""Who receives lets visitors in and out; so may a host, for their own.

The reception may let somebody in who has not agreed to what is asked: it stands with the visit until they do (`agreements.lacking`).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.actor import Actor
from app.core.visits import OPEN, deletes_on
from app.errors import Conflict, Invalid, NotFound
from app.ports import Deps
from app.visitors import agreements, arrive, chain, fields, listing, rows
from app.visitors.agreements import Agreed
from app.visitors.arrive import Manner, Told, WalkIn
from app.visitors.leave import changed, leave
from app.visitors.listing import Line
from app.visitors.models import AgreementVersion, Visit
from app.visitors.set_up import require_people

LATENESS: Final = timedelta(days=1)


def walk_in(session: Session, actor: Actor, site_id: UUID, new: WalkIn, told_: Told, now: datetime, deps: Deps) -> Line:  # noqa: PLR0913, PLR0917 (who lets whom in where)
    """The reception lets somebody in who was not invited. Raises `NotFound`, `Invalid`, `Conflict`."""
    require_people(session, actor.tenant, {"host_id": new.host_id})
    place = arrive.place_of(session, actor.tenant, site_id)
    done = arrive.walk_in(session, place, new, told_, Manner("reception", now, strict=False, trusted=True), deps, now)
    return listing.line_of(session, done.visit)


def arrival(session: Session, actor: Actor, visit_id: UUID, at: datetime | None, now: datetime, deps: Deps) -> Line:  # noqa: PLR0913, PLR0917 (who, when)
    """Somebody expected is here, or who waits may come in; whom the deny list has waits for an approval. Raises `NotFound`, `VisitOver`, `VisitNotNow`."""
    line = listing.one(session, actor.tenant, visit_id, own=None, lock=True)
    visit = line.visit
    if visit.state == "expected":
        visit.stopped = arrive.is_stopped(session, visit, line.name, now, deps)
    if visit.state != "waiting" or not visit.stopped:
        place = arrive.place_of(session, actor.tenant, visit.site_id)
        arrive.expected(session, place, visit, Manner("reception", _seen(at, now)), now)
    return line


def departure(session: Session, actor: Actor, visit_id: UUID, own: UUID | None, at: datetime | None, now: datetime) -> Line:  # noqa: PLR0913, PLR0917 (who, when)
    """They left. Raises `NotFound`, `Conflict`."""
    line = listing.one(session, actor.tenant, visit_id, own=own, lock=True)
    leave(session, line.visit, "host" if own else "reception", _seen(at, now), now)
    return line


def approval(session: Session, actor: Actor, visit_id: UUID, own: UUID | None, *, receives: bool, now: datetime) -> Line:  # noqa: PLR0913 (who lets whom in)
    """Who waits may come in. Raises `NotFound`, `Conflict`."""
    line = listing.one(session, actor.tenant, visit_id, own=own, lock=True)
    if line.visit.state == "on_site":
        return line
    if line.visit.state != "waiting" or (line.visit.stopped and not receives):
        raise Conflict("Nobody waits for your approval here. Ask the reception.")
    place = arrive.place_of(session, actor.tenant, line.visit.site_id)
    arrive.expected(session, place, line.visit, Manner("host" if own else "reception", now), now)
    return line


def refusal(session: Session, actor: Actor, visit_id: UUID, own: UUID | None) -> Line:
    """They may not come in. Raises `NotFound`, `Conflict`."""
    line = listing.one(session, actor.tenant, visit_id, own=own, lock=True)
    arrive.refuse(session, line.visit)
    return line


def answer(session: Session, actor: Actor, visit_id: UUID, own: UUID | None, said: str, now: datetime, deps: Deps) -> Line:  # noqa: PLR0913, PLR0917 (who says what)
    """What the host, or whoever was told in their stead, says: see `chain.answer`. Raises `NotFound`, `Conflict`."""
    line = listing.one(session, actor.tenant, visit_id, own=None, lock=True)
    if own is not None and line.visit.host_id != own and visit_id not in set(session.scalars(rows.told_of(actor.tenant, own))):
        raise NotFound
    chain.answer(session, line.visit, said, actor.person_id, now, deps)
    return line


def unsigned(session: Session, organization_id: int, visit_id: UUID, now: datetime) -> list[tuple[str, AgreementVersion]]:
    """(name, newest version) of what the visitor did not agree to. Raises `NotFound`."""
    visit = rows.visit(session, organization_id, visit_id)
    return agreements.texts_of(session, organization_id, agreements.lacking(session, organization_id, [visit], now).get(visit_id, []))


def sign(session: Session, actor: Actor, visit_id: UUID, agreed: Sequence[Agreed], now: datetime, deps: Deps) -> Line:  # noqa: PLR0913, PLR0917 (who agrees to what, when)
    """They read it at the desk and agree; again: nothing. Raises `NotFound`, `Conflict` once the visit is over, `Invalid` for another text."""
    line = listing.one(session, actor.tenant, visit_id, own=None, lock=True)
    if line.visit.state not in ("expected", *OPEN):
        raise Conflict("This visit is over. There is nothing to sign any more.")
    visitor = rows.visitor(session, actor.tenant, line.visit.visitor_id)
    agreements.sign(session, actor.tenant, visitor, agreed, now, deps)
    changed(session, line.visit)
    return line


def edit(session: Session, visit: Visit, name: str | None, host_id: UUID | None, values: Mapping[str, str], deps: Deps) -> None:  # noqa: PLR0913, PLR0917 (what of which)
    """Correct it. Raises `Invalid`, `NotFound`."""
    require_people(session, visit.organization_id, {"host_id": host_id})
    if name is not None:
        rows.visitor(session, visit.organization_id, visit.visitor_id, lock=True).name = fields.name_of(name)
    if host_id is not None:
        visit.host_id = host_id
    if values:
        kind = rows.visit_type(session, visit.organization_id, visit.visit_type_id)
        place = arrive.place_of(session, visit.organization_id, visit.site_id)
        fields.keep(session, visit.organization_id, visit.visitor_id, kind, values, visit.expected_until, place.zone, deps)
    changed(session, visit)


def told(session: Session, visit: Visit, deps: Deps) -> Mapping[str, str]:
    """What the visitor told beyond the name, without a photo."""
    return fields.read(session, visit.organization_id, [visit.visitor_id], deps).get(visit.visitor_id, {})


def terms(session: Session, visit: Visit) -> Mapping[str, date]:
    """On which day each of what the visitor told is deleted; a photo, too."""
    kept = fields.terms(session, visit.organization_id, visit.visitor_id)
    return {name: deletes_on(last) for name, last in kept.items()}


def photo(session: Session, organization_id: int, visit_id: UUID, deps: Deps) -> bytes:
    """The visitor's photo, a JPEG. Raises `NotFound`, also when there is none."""
    visit = rows.visit(session, organization_id, visit_id)
    found = fields.photo_of(session, organization_id, visit.visitor_id, deps)
    if found is None:
        raise NotFound
    return found


def _seen(at: datetime | None, now: datetime) -> datetime:
    """Told later by whoever had no network: at most a day. Raises `Invalid` for what lies further back."""
    if at is not None and at < now - LATENESS:
        raise Invalid.of("at", "This was too long ago", "Enter it again, without a time.")
    return min(at or now, now)
