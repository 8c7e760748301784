"""What a visitor does with their personal link, and a host with theirs: see, correct, take back, erase, sign out; answer."""

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.service.sites import names_of_sites
from app.core.one_line import one_line
from app.core.visits import OPEN, deletes_on
from app.errors import Conflict, Invalid
from app.ports import Deps
from app.visitors import chain, deny, fields, invitations, rows, telling, texts, tokens
from app.visitors.leave import changed, leave
from app.visitors.models import Visit, VisitNotice, Visitor, VisitorField
from app.visitors.page import WORDS, Asked, Own, Time

TIMES_MAX: Final = 100
NAME_MAX: Final = 200


def visitor_of(session: Session, organization_id: int, link: str, *, lock: bool = False) -> Visitor | None:
    """Whose personal link this is."""
    return rows.visitor_of_link(session, organization_id, tokens.token_hash(link), lock=lock)


def own(session: Session, visitor: Visitor, deps: Deps) -> Own:
    """All that a visitor may see of themselves."""
    organization_id = visitor.organization_id
    visits = rows.visits_of(session, organization_id, visitor.id)
    organization = accounts.get_organization(session, organization_id)
    sites = names_of_sites(session, organization_id, [visit.site_id for visit in visits])
    kind = rows.visit_type(session, organization_id, visits[-1].visit_type_id) if visits else None
    site = accounts.get_site(session, organization_id, visits[-1].site_id) if visits else None
    said = rows.settings_of(session, organization_id, site.id) if site else None
    is_open = any(visit.state in ("expected", *OPEN) for visit in visits)
    hosts = {visit.host_id for visit in visits[-1:] if visit.host_id}
    told = fields.read(session, organization_id, [visitor.id], deps).get(visitor.id, {})
    asked = {name: _why(rule, visitor.locale) for name, rule in (kind.fields if kind else {}).items() if name != "photo"}
    asked |= {name: WORDS[visitor.locale]["to_reach"] for name in told if name not in asked}
    terms = fields.terms(session, organization_id, visitor.id)
    return Own(
        organization=organization.name,
        zone=(site.timezone if site else None) or organization.timezone,
        locale=visitor.locale,
        name=visitor.name,
        host=next(iter(accounts.names_of(session, organization_id, list(hosts)).values()), None),
        code=tokens.code_of(deps.settings, organization_id, visitor.id, visitor.code_hash),
        qr=tokens.qr_text(deps.settings, organization_id, visitor.id) if is_open else None,
        address=" ".join(((site.address if site else None) or "").split()) or None,
        directions=texts.local(said.directions, visitor.locale) if said else None,
        rules=texts.local(said.house_rules, visitor.locale) if said else None,
        times=[Time(one.state, one.expected_from, one.expected_until, sites.get(one.site_id, "")) for one in visits[:TIMES_MAX]],
        asked=asked,
        told=told,
        deletes={name: deletes_on(last) for name, last in terms.items()},
        has_photo="photo" in fields.told(session, organization_id, visitor.id),
        has_calendar=visitor.invitation_id is not None,
        deletes_on=deletes_on(visitor.purge_after),
    )


def correct(session: Session, visitor: Visitor, given: Mapping[str, str], now: datetime, deps: Deps) -> bool:
    """Their name and what they told, as they say it is; an empty field is taken back. False: something is not right, and nothing was changed."""
    name = unicodedata.normalize("NFC", one_line(given.get("name", "")))
    visits = rows.visits_of(session, visitor.organization_id, visitor.id, lock=True)
    if not name or len(name) > NAME_MAX or not visits:
        return False
    shown = own(session, visitor, deps)
    values = {field: given[field][:NAME_MAX] for field in shown.asked if field in given and given[field] != shown.told.get(field, "")}
    kind = rows.visit_type(session, visitor.organization_id, visits[-1].visit_type_id)
    try:
        with session.begin_nested():
            fields.keep(
                session, visitor.organization_id, visitor.id, kind, values, visits[-1].expected_until, shown.zone, deps, invited=True
            )
    except Invalid:
        return False
    was_stopped = name != visitor.name and deny.check(session, visitor.organization_id, visitor.name, now, deps)
    visitor.name = name
    for visit in visits[:TIMES_MAX]:
        if visit.state in ("expected", *OPEN):
            visit.stopped = visit.stopped or (was_stopped and visit.state == "expected")
            changed(session, visit)
    if set(values) & set(fields.REACHED_BY):  # messages know the old address; the next one brings the new
        deps.notifier.forget(session, visitor.organization_id, [visitor.id])
    return True


def take_photo(session: Session, visitor: Visitor) -> None:
    """Delete the photo."""
    mine = (VisitorField.organization_id == visitor.organization_id, VisitorField.visitor_id == visitor.id)
    session.execute(delete(VisitorField).where(*mine, VisitorField.field == "photo"))


def check_out(session: Session, visitor: Visitor, now: datetime) -> None:
    """They left."""
    for visit in rows.visits_of(session, visitor.organization_id, visitor.id, lock=True):
        if visit.state in OPEN:
            leave(session, visit, "link", now, now)


def erase(session: Session, visitor: Visitor, deps: Deps) -> bool:
    """Everything; False while they are on site."""
    try:
        invitations.erase(session, visitor.organization_id, visitor.id, deps)
    except Conflict:
        return False
    return True


def calendar(session: Session, visitor: Visitor, now: datetime, deps: Deps) -> str | None:
    """The entry for their calendar; None for somebody who was not invited."""
    if visitor.invitation_id is None:
        return None
    [planned] = telling.planned(session, visitor.organization_id, [visitor], deps)
    return telling.calendar_of(planned, "CANCEL" if planned.invitation.cancelled_at else "PUBLISH", now, deps)


def asked(session: Session, notice: VisitNotice, visit: Visit) -> Asked:
    """What a host is asked. Once the visit is over, nothing is said of it."""
    organization_id = visit.organization_id
    organization = accounts.get_organization(session, organization_id)
    person = accounts.people_of_ids(session, organization_id, [notice.person_id]).get(notice.person_id)
    site = accounts.get_site(session, organization_id, visit.site_id)
    return Asked(
        zone=site.timezone or organization.timezone,
        locale=(person.locale if person else None) or organization.locale,
        name=rows.visitor(session, organization_id, visit.visitor_id).name,
        site=site.name,
        at=visit.arrived_at if visit.state in OPEN else None,
        said=notice.answer,
    )


def answer(session: Session, notice: VisitNotice, visit: Visit, said: str, now: datetime, deps: Deps) -> None:  # noqa: PLR0913, PLR0917 (who says what of which)
    """What the host says by their link; nothing when the visit is over."""
    if visit.state in OPEN:
        chain.answer(session, visit, said, notice.person_id, now, deps)


def _why(rule: Mapping[str, object], locale: str) -> str:
    purpose = rule.get("purpose")
    said = purpose if isinstance(purpose, Mapping) else {}
    return str(said.get(locale) or next(iter(said.values()), ""))
