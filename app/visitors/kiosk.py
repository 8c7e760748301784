"""A kiosk that receives visitors.

1. Which kiosk: the token of a device that is for visitors and not revoked; it stands at a site, and that is where somebody arrives.
2. A personal link is 128 bits, so it is looked up at once. Six digits and the names of who is on site or works here can be tried out, also those of a
   walk-in's host: the kiosk's attempts are looked at one after the other, and each that was wrong is counted, whatever else it undoes.
3. Then somebody arrives (`arrive`) or leaves (`leave`). What was told without a network may hold a code and a name: where the code opens nothing,
   the name counts, so that nobody who came in is lost.
4. A host is chosen by their whole name. A name that nobody has, or several, is no error: the site's own host is told.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.service import guessing
from app.accounts.service import kiosk as people
from app.accounts.service.guessing import Patience
from app.actor import Actor, DeviceClaim
from app.core.names import words_of
from app.core.visits import OPEN, deletes_on, opens
from app.errors import Conflict, Forbidden, Invalid, ModuleOff, MusterError, NotFound, Unauthorized, VisitNotNow, VisitOver
from app.ports import Deps
from app.visitors import agreements, arrive, fields, rows, tokens
from app.visitors.arrive import Arrival, Manner, Place, Told, WalkIn
from app.visitors.leave import leave
from app.visitors.models import AgreementVersion, Visit, Visitor, VisitType

MODULE: Final = "visitors"
SCOPE: Final = "visitors"
PATIENCE: Final = Patience(free=10, weight=timedelta(minutes=2), most_s=30)
JUST_NOW: Final = timedelta(minutes=1)
NOBODY: Final = "No visit is known by that. Look at the code in the invitation, arrive without a code, or ask at the reception."
NOT_HERE: Final = "Nobody on site goes by that. Type the full name as on the badge, or ask at the reception."
SEVERAL: Final = "Several visitors on site have this name. Show the code of the invitation or the badge, or ask at the reception."


@dataclass(frozen=True, slots=True)
class Key:
    """By what somebody is known: one of these."""

    token: str | None = field(default=None, repr=False)
    code: str | None = field(default=None, repr=False)
    visit_id: UUID | None = None
    name: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class NewArrival:
    """What a kiosk tells. `id`: its own, and that of a walk-in's visit."""

    id: UUID
    key: Key
    at: datetime | None
    locale: str
    name: str | None = field(default=None, repr=False)
    visit_type_id: UUID | None = None
    host_name: str | None = field(default=None, repr=False)
    told: Told = field(default_factory=Told, repr=False)


@dataclass(frozen=True, slots=True)
class Form:
    """What this site asks of whom."""

    types: Sequence[VisitType]
    versions: Sequence[AgreementVersion]
    names: dict[UUID, str]
    house_rules: dict[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """A visit to come, and what is still asked."""

    visit: Visit
    name: str = field(repr=False)
    host: str | None = field(repr=False)
    asks: list[str]
    agreements: list[UUID]
    deletes_on: date


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of an arrival, as far as a kiosk may tell."""

    visit: Visit
    name: str = field(repr=False)
    already: bool
    host: str | None = field(repr=False)
    host_known: bool | None
    badge: bool
    deletes_on: date


def form(session: Session, actor: Actor) -> Form:
    """Everything, so that the kiosk can ask it without a network."""
    site_id = _site(session, actor)
    kinds = [kind for kind in rows.visit_types(session, actor.tenant) if kind.walk_in or kind.fields or kind.agreement_ids]
    versions = agreements.current(session, actor.tenant, list({one for kind in kinds for one in kind.agreement_ids}))
    kept = rows.settings_of(session, actor.tenant, site_id)
    names = agreements.names(session, actor.tenant, [one.agreement_id for one in versions])
    return Form(kinds, versions, names, kept.house_rules if kept else {})


def find(claim: DeviceClaim, key: Key, now: datetime, deps: Deps) -> Found:
    """Whose visit that is. Raises `NotFound`, `VisitOver`, `VisitNotNow`, `TooMany`."""
    with _at(claim, key, now, deps) as (session, place, right):
        _require_one(key)
        visitor = _visitor(session, place, key, deps)
        if visitor is None:
            raise NotFound(NOBODY)
        right()
        visit = _visit_now(session, place, visitor, now)
        kind = rows.visit_type(session, place.organization_id, visit.visit_type_id)
        there = fields.told(session, place.organization_id, visitor.id) if kind.fields else set()
        unsigned = agreements.unsigned(session, place.organization_id, visitor.id, kind.agreement_ids) if kind.agreement_ids else []
        host = _host_name(session, place.organization_id, visit.host_id)
        asks = [name for name in kind.fields if name not in there]
        return Found(visit, visitor.name, host, asks, list(unsigned), deletes_on(visitor.purge_after))


def receive(claim: DeviceClaim, new: NewArrival, now: datetime, deps: Deps) -> Seen:
    """They came in. Raises as `find`, and `Invalid`, `Conflict`."""
    with _at(claim, new.key, now, deps, host=new.host_name) as (session, place, right):
        known = new.key != Key()
        if known:
            _require_one(new.key)
        visitor = _visitor(session, place, new.key, deps, lock=True) if known else None
        if visitor is not None and new.host_name is None:
            right()
        at = _when(new.at, now, timedelta(days=deps.settings.lateness_days))
        manner = Manner("code" if known else "kiosk", at, strict=now - at < JUST_NOW and not (known and new.name))
        if visitor is not None:
            try:
                done = arrive.by_visitor(session, place, visitor, new.told, manner, deps, now)
                right()
                return _seen(session, place, done)
            except (VisitOver, VisitNotNow):
                if new.name is None:
                    raise
        if known and new.name is None:
            raise NotFound(NOBODY)
        return _walked_in(session, place, new, manner, right, deps, now)


def depart(claim: DeviceClaim, key: Key, at: datetime | None, now: datetime, deps: Deps) -> str:
    """They left; their name. Raises `NotFound`, `Conflict` (several have the name; not arrived)."""
    with _at(claim, key, now, deps) as (session, place, right):
        _require_one(key)
        when = _when(at, now, timedelta(days=deps.settings.lateness_days))
        if key.name is not None:
            return _by_name(session, place, key.name, when, now, right)
        visitor = _visitor(session, place, key, deps, lock=True)
        if visitor is None:
            raise NotFound(NOBODY)
        right()
        visits = rows.visits_of(session, place.organization_id, visitor.id, lock=True)
        here = [one for one in visits if one.state in (*OPEN, "left_assumed")] or [one for one in visits if one.left_at is not None]
        if not here:
            raise Conflict("This visitor has not arrived. Only somebody who is on site can leave.")
        leave(session, here[-1], "code", when, now)
        return visitor.name


def is_host(claim: DeviceClaim, name: str, now: datetime, deps: Deps) -> bool:
    """Whether exactly one person has this whole name. Raises `TooMany`."""
    with _at(claim, Key(name=name), now, deps) as (session, _, right):
        known = len(people.named(session, claim.organization_id, name)) == 1
        if known:
            right()
        return known


def standing(session: Session, actor: Actor, visit_id: UUID) -> Seen:
    """How it stands with somebody who arrived at this kiosk's site. Raises `NotFound`."""
    site_id = _site(session, actor)
    visit = rows.visit(session, actor.tenant, visit_id)
    if visit.site_id != site_id or visit.arrived_at is None:
        raise NotFound
    visitor = rows.visitor(session, actor.tenant, visit.visitor_id)
    kind = rows.visit_type(session, actor.tenant, visit.visit_type_id)
    return _seen(session, Place(actor.tenant, site_id, "UTC"), Arrival(visit, visitor, kind, already=True))


def _walked_in(  # noqa: PLR0913, PLR0917 (where, who, how, when)
    session: Session, place: Place, new: NewArrival, manner: Manner, right: Callable[[], None], deps: Deps, now: datetime
) -> Seen:
    if new.name is None or new.visit_type_id is None:
        raise Invalid.of("walk_in", "Nobody is named", "Give a code, or a name and a kind of visit.")
    hosts = people.named(session, place.organization_id, new.host_name) if new.host_name else []
    if len(hosts) == 1 and new.key.code is None:
        right()
    host_id = hosts[0] if len(hosts) == 1 else _default_host(session, place)
    who = WalkIn(new.id, new.name, new.visit_type_id, new.locale, host_id)
    manner = Manner("kiosk", manner.at, strict=manner.strict)
    done = arrive.walk_in(session, place, who, new.told, manner, deps, now)
    return _seen(session, place, done, host_known=len(hosts) == 1 if new.host_name else None)


def _seen(session: Session, place: Place, done: Arrival, *, host_known: bool | None = None) -> Seen:
    """To whoever waits nothing is told but that they wait: why is nobody's business."""
    inside = done.visit.state == "on_site"
    host = _host_name(session, place.organization_id, done.visit.host_id) if inside else None
    return Seen(
        done.visit,
        done.visitor.name,
        done.already,
        host,
        host_known,
        inside and done.visit_type.badge,
        deletes_on(done.visitor.purge_after),
    )


def _by_name(session: Session, place: Place, name: str, at: datetime, now: datetime, right: Callable[[], None]) -> str:  # noqa: PLR0913, PLR0917 (who, where, when)
    wanted = words_of(name)
    here = [(visit, known) for visit, known in rows.on_site(session, place.organization_id, place.site_id) if words_of(known) == wanted]
    if len(here) > 1:
        raise Conflict(SEVERAL)
    if not here:
        told_again = [known for known in rows.left_at(session, place.organization_id, place.site_id, at) if words_of(known) == wanted]
        if not told_again:
            raise NotFound(NOT_HERE)
        right()
        return told_again[0]
    right()
    visit, known = here[0]
    leave(session, rows.visit(session, place.organization_id, visit.id, lock=True), "kiosk", at, now)
    return known


def _visitor(session: Session, place: Place, key: Key, deps: Deps, *, lock: bool = False) -> Visitor | None:
    """Whom it names; None: nobody."""
    if key.visit_id is not None:
        visit = rows.visit(session, place.organization_id, key.visit_id)
        return rows.visitor(session, place.organization_id, visit.visitor_id, lock=lock)
    if key.token is not None:
        if tokens.organization_of_visit(key.token) != place.organization_id:
            return None
        return rows.visitor_of_link(session, place.organization_id, tokens.token_hash(key.token), lock=lock)
    hashed = tokens.code_hash(deps.settings, place.organization_id, key.code or "")
    return rows.visitor_of_code(session, place.organization_id, hashed, lock=lock) if hashed else None


def _visit_now(session: Session, place: Place, visitor: Visitor, now: datetime) -> Visit:
    verdict, visit = opens(rows.visits_of(session, place.organization_id, visitor.id), now, place.zone)
    if verdict == "over":
        raise VisitOver
    if visit is None:
        raise VisitNotNow
    return visit


def _default_host(session: Session, place: Place) -> UUID | None:
    kept = rows.settings_of(session, place.organization_id, place.site_id)
    return kept.default_host_id if kept else None


def _host_name(session: Session, organization_id: int, host_id: UUID | None) -> str | None:
    return accounts.names_of(session, organization_id, [host_id]).get(host_id) if host_id else None


def _when(at: datetime | None, now: datetime, lateness: timedelta) -> datetime:
    """A clock that runs ahead is taken for now: nobody is turned away for it."""
    if at is not None and at < now - lateness:
        raise Invalid.of("at", "This was too long ago", "Tell the reception, who can enter it.")
    return min(at or now, now)


@contextmanager
def _at(
    claim: DeviceClaim, key: Key, now: datetime, deps: Deps, *, host: str | None = None
) -> Iterator[tuple[Session, Place, Callable[[], None]]]:
    """The transaction of what is shown to a kiosk: with where it stands, and what to call when an attempt was right (step 2). Raises `TooMany`."""
    right: list[bool] = []
    refused: MusterError | None = None
    with deps.database.tenant(claim.organization_id) as session:
        actor = _kiosk(session, claim, now, deps)
        place = Place(actor.tenant, *_stands(session, actor))
        if key.code is None and key.name is None and host is None:
            yield session, place, lambda: None
            return
        counted = guessing.key_of(deps.settings, "visit kiosk", str(actor.device_id))
        failed = guessing.hold(session, {counted: PATIENCE}, now, deps.settings)
        try:
            with session.begin_nested():
                yield session, place, lambda: right.append(True)
        except MusterError as error:  # what was done is undone, and the count is kept
            refused = error
        if not right:
            failed()
    if refused is not None:
        raise refused


def _require_one(key: Key) -> None:
    """After it is known which kiosk asks: a stranger is told nothing of what is asked."""
    if sum(one is not None for one in (key.token, key.code, key.visit_id, key.name)) != 1:
        raise Invalid.of("token", "A visitor is known by one thing", "Give what was scanned or the six digits, and not both.")


def _site(session: Session, actor: Actor) -> UUID:
    return _stands(session, actor)[0]


def _stands(session: Session, actor: Actor) -> tuple[UUID, str]:
    """The site, and its time zone. Raises `NotFound`."""
    if actor.device_id is None:
        raise NotFound
    return people.stands_at(session, actor.tenant, actor.device_id)


def _kiosk(session: Session, claim: DeviceClaim, now: datetime, deps: Deps) -> Actor:
    """What the pipeline does for routes with one transaction."""
    actor = deps.identity.device(session, claim, now)
    if actor is None:
        raise Unauthorized(headers={"WWW-Authenticate": "Bearer"})
    if MODULE not in actor.modules:
        raise ModuleOff
    if SCOPE not in actor.scopes:
        raise Forbidden("This device's token is not for that. Enrol the device again for this purpose.")
    return actor
