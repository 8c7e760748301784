"""Planned visits: one visitor or a group, once or by a rule.

1. The times are worked out once, in local time of the site (`recurrence`), and kept as visits, so that a day list is a plain list.
2. Each visitor gets a personal link and six digits that nobody else to come has; both are made from the secret and are not kept.
3. A change is another sequence of the same calendar entry. Visits that began stay as they were; those to come are planned anew.
4. Who is to be told is told by `telling`, after everything is written, in the same transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.actor import Actor
from app.core.visits import OPEN, purge_after
from app.db.types import uuid7
from app.errors import Conflict, Invalid, NotFound
from app.outbox import publish
from app.ports import Deps
from app.visitors import deny, fields, rows, telling, tokens
from app.visitors.arrive import Place, place_of
from app.visitors.leave import NEWS
from app.visitors.models import Invitation, Visit, Visitor, VisitType
from app.visitors.recurrence import Times, times
from app.visitors.set_up import require_people

Kept = Invitation
"""An invitation, for the routes."""
MOST_VISITS: Final = 5_000
ABOUT_SUBJECT: Final = b"invitation.subject"


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who is invited. `values`: what is known of them beyond the name."""

    name: str = field(repr=False)
    locale: str
    values: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """Where, what for, with whom and when. `id`: the client's own, so that a repetition is recognised."""

    id: UUID
    site_id: UUID
    visit_type_id: UUID
    host_id: UUID | None
    subject: str | None = field(repr=False)
    starts_at: datetime
    ends_at: datetime
    rule: str | None
    guests: Sequence[Guest]
    tell: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """An invitation, what it is about, and how many visitors and times it has."""

    invitation: Invitation
    subject: str | None = field(repr=False)
    visitors: int
    times: int


@dataclass(frozen=True, slots=True)
class Invited:
    """A visitor of an invitation, and what is known of them."""

    visitor: Visitor
    values: Mapping[str, str] = field(repr=False)


def invite(session: Session, actor: Actor, new: NewInvitation, now: datetime, deps: Deps) -> Invitation:
    """Plan visits and tell the visitors. Raises `Invalid`, `Conflict` (the id is another's)."""
    known = session.get(Invitation, (actor.tenant, new.id))
    if known is not None:
        if known.invited_by != actor.person_id:
            raise Conflict("This id is another invitation's. Make a new one.")
        return known
    place, kind = _checked(session, actor.tenant, new, now)
    planned = _times(new.starts_at, new.ends_at, place, new.rule, len(new.guests))
    invitation = Invitation(
        organization_id=actor.tenant, id=new.id, site_id=new.site_id, visit_type_id=kind.id, host_id=new.host_id, invited_by=actor.person_id,
        sealed_subject=_sealed(session, actor.tenant, new.subject, deps), starts_at=new.starts_at, ends_at=new.ends_at, timezone=place.zone,
        rule=new.rule, purge_after=purge_after(planned[-1][1], kind.keep_days, place.zone),
    )  # fmt: skip
    session.add(invitation)
    session.flush()
    _add(session, invitation, kind, new.guests, planned, now, deps, tell=new.tell)
    return invitation


def add_guests(session: Session, invitation: Invitation, guests: Sequence[Guest], now: datetime, deps: Deps, *, tell: bool) -> None:  # noqa: PLR0913 (whom to what, and how)
    """More visitors for the times to come. Raises `Conflict` for an invitation that is over or cancelled, `Invalid`."""
    planned = _to_come(session, invitation, now)
    kind = rows.visit_type(session, invitation.organization_id, invitation.visit_type_id)
    count = session.execute(_count(Visitor, invitation)).scalar_one()
    _check_number(len(planned) * (count + len(guests)))
    _add(session, invitation, kind, guests, planned, now, deps, tell=tell)
    invitation.revision += 1
    session.flush()


def get(session: Session, organization_id: int, invitation_id: UUID, *, own: UUID | None, lock: bool = False) -> Invitation:
    """Raises `NotFound`; with `own` also for those of which that person is not the host."""
    query = select(Invitation).where(Invitation.organization_id == organization_id, Invitation.id == invitation_id)
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None or (own is not None and found.host_id != own):
        raise NotFound
    return found


def shown(session: Session, invitations: Sequence[Invitation], deps: Deps) -> list[Shown]:
    """With what they are about, and how many visitors and times they have."""
    if not invitations:
        return []
    organization_id, ids = invitations[0].organization_id, [one.id for one in invitations]
    visitors = select(Visitor.invitation_id, func.count()).where(Visitor.organization_id == organization_id, Visitor.invitation_id.in_(ids))
    counted: dict[Any, int] = dict(session.execute(visitors.group_by(Visitor.invitation_id)).all())
    visits = select(Visit.invitation_id, func.count(Visit.expected_from.distinct()))
    visits = visits.where(Visit.organization_id == organization_id, Visit.invitation_id.in_(ids)).group_by(Visit.invitation_id)
    often: dict[Any, int] = dict(session.execute(visits).all())
    return [Shown(one, subject_of(session, one, deps), counted.get(one.id, 0), often.get(one.id, 0)) for one in invitations]


def subject_of(session: Session, invitation: Invitation, deps: Deps) -> str | None:
    """What it is about, opened."""
    if invitation.sealed_subject is None:
        return None
    return deps.keyring.open(session, invitation.organization_id, invitation.sealed_subject, ABOUT_SUBJECT).decode()


def listed(  # noqa: PLR0913 (whose, when, which page)
    session: Session, organization_id: int, from_: datetime, until: datetime, *, own: UUID | None, after: UUID | None, limit: int
) -> Sequence[Invitation]:
    """Those with a visit in the period, in order of creation."""
    in_it = select(Visit.invitation_id).where(
        Visit.organization_id == organization_id,
        Visit.expected_from < until,
        Visit.expected_until > from_,
        Visit.invitation_id.is_not(None),
    )
    query = select(Invitation).where(Invitation.organization_id == organization_id, Invitation.id.in_(in_it))
    if own is not None:
        query = query.where(Invitation.host_id == own)
    if after is not None:
        query = query.where(Invitation.id > after)
    return session.scalars(query.order_by(Invitation.id).limit(limit)).all()


def guests_of(session: Session, invitation: Invitation, deps: Deps) -> list[Invited]:
    """The visitors, by name."""
    query = select(Visitor).where(Visitor.organization_id == invitation.organization_id, Visitor.invitation_id == invitation.id)
    visitors = session.scalars(query.order_by(Visitor.name, Visitor.id)).all()
    values = fields.read(session, invitation.organization_id, [one.id for one in visitors], deps)
    return [Invited(one, values.get(one.id, {})) for one in visitors]


def change(session: Session, invitation: Invitation, changes: Mapping[str, Any], now: datetime, deps: Deps, *, tell: bool) -> None:  # noqa: PLR0913 (what of what, and how)
    """`changes`: site_id, host_id, subject, starts_at, ends_at, rule. Raises `Conflict` for one that is cancelled, `Invalid`."""
    if invitation.cancelled_at is not None:
        raise Conflict("This invitation is cancelled. Make a new one.")
    require_people(session, invitation.organization_id, {"host_id": changes.get("host_id")})
    accounts.require_site(session, invitation.organization_id, changes.get("site_id"))
    if "subject" in changes:
        invitation.sealed_subject = _sealed(session, invitation.organization_id, changes["subject"], deps)
    for name in {"site_id", "host_id", "starts_at", "ends_at", "rule"} & set(changes):
        setattr(invitation, name, changes[name])
    invitation.sequence += 1
    invitation.revision += 1
    session.flush()
    if {"site_id", "starts_at", "ends_at", "rule"} & set(changes):
        _plan_anew(session, invitation, now)
    else:
        to_come = update(Visit).where(*_of(Visit, invitation), Visit.state == "expected")
        session.execute(to_come.values(host_id=invitation.host_id, revision=Visit.revision + 1))
    _tell_screens(session, invitation)
    if tell:
        telling.changed(session, invitation.organization_id, _ids(session, invitation), now, deps)


def cancel(session: Session, invitation: Invitation, now: datetime, deps: Deps) -> None:
    """Nobody comes any more; who is on site stays. Told to the visitors. Again: nothing."""
    if invitation.cancelled_at is not None:
        return
    invitation.cancelled_at = now
    invitation.sequence += 1
    invitation.revision += 1
    session.flush()
    to_come = update(Visit).where(*_of(Visit, invitation), Visit.state == "expected").returning(Visit.visitor_id)
    visitors = set(session.scalars(to_come.values(state="cancelled", revision=Visit.revision + 1)))
    _tell_screens(session, invitation)
    if visitors:
        telling.cancelled(session, invitation.organization_id, sorted(visitors), now, deps)
        rows.free_code(session, invitation.organization_id, visitors)


def erase(session: Session, organization_id: int, visitor_id: UUID, deps: Deps) -> None:
    """Nothing of them stays but what they signed, for its own term. Raises `NotFound`, `Conflict` while they are on site."""
    visitor = rows.visitor(session, organization_id, visitor_id, lock=True)
    visits = rows.visits_of(session, organization_id, visitor_id, lock=True)
    if any(one.state in OPEN for one in visits):
        raise Conflict("This visitor is on site. Let them leave first, then erase their data.")
    deps.notifier.forget(session, organization_id, [visitor_id])
    rows.forget_visitor(session, visitor)


def _checked(session: Session, organization_id: int, new: NewInvitation, now: datetime) -> tuple[Place, VisitType]:
    accounts.require_site(session, organization_id, new.site_id)
    require_people(session, organization_id, {"host_id": new.host_id})
    try:
        kind = rows.visit_type(session, organization_id, new.visit_type_id)
    except NotFound:
        kind = None
    if kind is None or kind.retired_at is not None:
        raise Invalid.of("visit_type_id", "There is no such kind of visit in use", "Choose from GET /api/v1/visit-types.")
    if new.ends_at <= now:
        raise Invalid.of("ends_at", "This visit would be over already", "Choose a time to come.")
    return place_of(session, organization_id, new.site_id), kind


def _times(starts_at: datetime, ends_at: datetime, place: Place, rule: str | None, guests: int) -> Times:
    if ends_at <= starts_at:
        raise Invalid.of("ends_at", "A visit ends after it begins", "Choose a later end.")
    if (ends_at - starts_at).days >= 32:
        raise Invalid.of("ends_at", "A visit lasts a month at most", "Choose an earlier end, or let it return by a rule.")
    planned = times(starts_at, ends_at, place.zone, rule)
    _check_number(len(planned) * guests)
    return planned


def _check_number(visits: int) -> None:
    if visits > MOST_VISITS:
        raise Invalid.of("visitors", "These are more than 5000 visits", "Invite fewer visitors at once, or for fewer times.")


def _add(  # noqa: PLR0913, PLR0917 (whom to what, when, and how)
    session: Session,
    invitation: Invitation,
    kind: VisitType,
    guests: Sequence[Guest],
    planned: Times,
    now: datetime,
    deps: Deps,
    *,
    tell: bool,
) -> None:
    """Step 2, and the visits of these visitors."""
    organization_id, ids, names = invitation.organization_id, [uuid7() for _ in guests], [fields.name_of(guest.name) for guest in guests]
    codes = _codes(session, organization_id, ids, deps)
    session.execute(insert(Visitor), [
        {"organization_id": organization_id, "id": id_, "invitation_id": invitation.id, "name": name, "locale": guest.locale,
         "link_hash": tokens.token_hash(tokens.visit_token(deps.settings, organization_id, id_)), "code_hash": codes[id_],
         "purge_after": invitation.purge_after, "created_at": now}
        for id_, guest, name in zip(ids, guests, names, strict=True)
    ])  # fmt: skip
    stopped = deny.check_all(session, organization_id, names, now, deps)
    _plan(session, invitation, kind, [(id_, is_, *one) for one in planned for id_, is_ in zip(ids, stopped, strict=True)])
    told_by = {id_: guest.values for id_, guest in zip(ids, guests, strict=True)}
    fields.keep_all(session, organization_id, kind, told_by, planned[-1][1], invitation.timezone, deps, invited=True)
    _tell_screens(session, invitation)
    if tell:
        telling.invited(session, organization_id, ids, now, deps)


def _plan(session: Session, invitation: Invitation, kind: VisitType, visits: Sequence[tuple[UUID, bool, datetime, datetime]]) -> None:
    """These visits: (visitor, whether the deny list has them, from, until)."""
    session.execute(insert(Visit), [
        {"organization_id": invitation.organization_id, "id": uuid7(), "visitor_id": id_, "invitation_id": invitation.id,
         "visit_type_id": kind.id, "site_id": invitation.site_id, "host_id": invitation.host_id, "state": "expected", "stopped": stopped,
         "expected_from": from_, "expected_until": until, "purge_after": purge_after(until, kind.keep_days, invitation.timezone)}
        for id_, stopped, from_, until in visits
    ])  # fmt: skip


def _plan_anew(session: Session, invitation: Invitation, now: datetime) -> None:
    """Step 3."""
    kind = rows.visit_type(session, invitation.organization_id, invitation.visit_type_id)
    place = place_of(session, invitation.organization_id, invitation.site_id)
    invitation.timezone = place.zone
    ids = _ids(session, invitation)
    planned = [one for one in _times(invitation.starts_at, invitation.ends_at, place, invitation.rule, len(ids)) if one[1] > now]
    if not planned:
        raise Invalid.of("ends_at", "This visit would be over already", "Choose a time to come.")
    gone = delete(Visit).where(*_of(Visit, invitation), Visit.state == "expected").returning(Visit.visitor_id, Visit.stopped)
    stopped = {visitor_id for visitor_id, was in session.execute(gone) if was}
    query = select(Visit.visitor_id, Visit.expected_from).where(*_of(Visit, invitation))
    begun = {(visitor_id, from_) for visitor_id, from_ in session.execute(query).all()}
    anew = [(id_, id_ in stopped, from_, until) for from_, until in planned for id_ in ids if (id_, from_) not in begun]
    if anew:
        _plan(session, invitation, kind, anew)
    invitation.purge_after = max(invitation.purge_after, purge_after(planned[-1][1], kind.keep_days, place.zone))
    fields.move(session, invitation.organization_id, ids, kind, planned[-1][1], place.zone)
    longer = update(Visitor).where(*_of(Visitor, invitation), Visitor.purge_after < invitation.purge_after)
    session.execute(longer.values(purge_after=invitation.purge_after))
    session.flush()


def _to_come(session: Session, invitation: Invitation, now: datetime) -> Times:
    if invitation.cancelled_at is not None:
        raise Conflict("This invitation is cancelled. Make a new one.")
    place = place_of(session, invitation.organization_id, invitation.site_id)
    planned = [one for one in times(invitation.starts_at, invitation.ends_at, place.zone, invitation.rule) if one[1] > now]
    if not planned:
        raise Conflict("This invitation is over. Make a new one.")
    return planned


def _codes(session: Session, organization_id: int, ids: Sequence[UUID], deps: Deps) -> dict[UUID, bytes]:
    """The first code of each that nobody has. Others who invite wait meanwhile, so that no two get the same."""
    rows.one_at_a_time(session, organization_id, "visit codes")
    draws = {id_: tokens.codes(deps.settings, organization_id, id_) for id_ in ids}
    found: dict[UUID, bytes] = {}
    while len(found) < len(ids):
        drawn = {id_: tokens.code_hash(deps.settings, organization_id, next(draws[id_])) or b"" for id_ in ids if id_ not in found}
        taken = rows.taken_codes(session, organization_id, list(drawn.values())) | set(found.values())
        for id_, code in drawn.items():
            if code not in taken:
                found[id_] = code
                taken.add(code)
    return found


def _ids(session: Session, invitation: Invitation) -> list[UUID]:
    return list(session.scalars(select(Visitor.id).where(*_of(Visitor, invitation)).order_by(Visitor.id)))


def _of(model: type[Visit] | type[Visitor], invitation: Invitation) -> tuple[Any, Any]:
    return model.organization_id == invitation.organization_id, model.invitation_id == invitation.id


def _count(model: type[Visitor], invitation: Invitation) -> Any:  # noqa: ANN401 (a select)
    return select(func.count()).select_from(model).where(*_of(model, invitation))


def _sealed(session: Session, organization_id: int, subject: str | None, deps: Deps) -> bytes | None:
    return None if subject is None else deps.keyring.seal(session, organization_id, subject.encode(), ABOUT_SUBJECT)


def _tell_screens(session: Session, invitation: Invitation) -> None:
    body = {"invitation": str(invitation.id), "revision": invitation.revision}
    publish.live(session, invitation.organization_id, NEWS, body, person_id=invitation.host_id)


def forget_codes(session: Session, organization_id: int, now: datetime) -> int:
    """The chore of each day: six digits of visits that are over are free again; how many."""
    return rows.forget_codes(session, organization_id, now - timedelta(days=1))
