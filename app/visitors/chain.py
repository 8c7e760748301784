"""Somebody must come for a visitor who has arrived: the host, or whoever is next.

1. An arrival (`visitors.arrived`) tells the first of the site's chain whom it leaves (`core.hostchain`), and writes work for when their seconds are over.
2. That work (`visitors.host_step`) tells the next one, unless somebody said that they come, the visitor left, or the chain went on meanwhile
   (`Visit.step` counts its steps, so old work does nothing).
3. An answer comes by the app or by the link in what was sent. "Send someone" and "not today" go on to the next one at once.
4. Who is away is known as yes or no, from attendance, and only where the instruction names safety. Of whom nothing is known is there.
5. Who waits to be let in (`visitors.waits`) is told to the reception, and to the host unless the name was stopped.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.service.sites import names_of_sites
from app.core.hostchain import ENDS, Next, Step, next_step, parse
from app.core.visits import OPEN
from app.db.types import any_of, uuid7
from app.errors import Conflict, PurposeMissing
from app.outbox import publish
from app.ports import Deps, Notice
from app.visitors import rows, texts, tokens
from app.visitors.leave import changed
from app.visitors.models import Visit, VisitNotice

STEP: Final = "visitors.host_step"
WAITS: Final = "visitors.waits"
COUNTS_FOR: Final = timedelta(hours=2)
"""Nobody needs telling longer after an arrival than this."""
Body = Mapping[str, Any]
Candidates = Mapping[str, Collection[UUID]]
"""Who of the chain (`core.hostchain.WHO`) -> people."""
_Told = defaultdict[UUID, list[VisitNotice]]
"""Visit -> whom was told of it."""


def on_arrived(session: Session, organization_id: int, bodies: Sequence[Body], now: datetime, deps: Deps) -> None:
    """The handler of `visitors.arrived` {visit, site, at}: a visitor who is told of again was told of already."""
    fresh = [body for body in bodies if datetime.fromisoformat(body["at"]) > now - COUNTS_FOR]
    visits = [visit for visit in _open(session, organization_id, fresh) if visit.state == "on_site"]
    told = _told(session, organization_id, visits)
    _go_on(session, organization_id, [visit for visit in visits if not told[visit.id]], told, now, deps)


def on_step(session: Session, organization_id: int, bodies: Sequence[Body], now: datetime, deps: Deps) -> None:
    """The handler of `visitors.host_step` {visit, step}: nobody answered in time."""
    steps = {(body["visit"], body["step"]) for body in bodies}
    visits = [
        visit
        for visit in _open(session, organization_id, bodies)
        if visit.state == "on_site" and (str(visit.id), visit.step) in steps and visit.host_said != ENDS
    ]
    _go_on(session, organization_id, visits, _told(session, organization_id, visits), now, deps)


def on_waits(session: Session, organization_id: int, body: Body, now: datetime, deps: Deps) -> None:
    """The handler of `visitors.waits` {visit}: somebody must let them in or refuse."""
    visit = next(iter(_open(session, organization_id, [body])), None)
    if visit is None or visit.state != "waiting":
        return
    who = candidates(session, organization_id, [visit])[visit.id]
    people = set(who["reception"]) | (set() if visit.stopped else {*who["host"], *(who["default_host"] if not who["host"] else ())})
    site = accounts.get_site(session, organization_id, visit.site_id)
    words = texts.host("waits", name=rows.visitor(session, organization_id, visit.visitor_id).name, site=site.name)
    deps.notifier.notify(
        session, organization_id, [_notice(uuid7(), one, words, Step("reception"), now) for one in sorted(people)], now, deps
    )


def answer(session: Session, visit: Visit, said: str, person_id: UUID | None, now: datetime, deps: Deps) -> None:  # noqa: PLR0913, PLR0917 (who says what of which)
    """What whoever was told says: coming, send_someone, not_today. The visit is locked. Raises `Conflict` when nobody waits for that any more.

    While anybody says that they come, that counts, whatever the others say.
    """
    if visit.state not in ("expected", *OPEN):
        raise Conflict("This visit is over. There is nothing to answer any more.")
    told = _told(session, visit.organization_id, [visit])
    notices = told[visit.id]
    mine = [notice for notice in notices if notice.person_id == person_id]
    again = all(notice.answer == said for notice in mine) if mine else visit.host_said == said
    for notice in mine:
        notice.answer, notice.answered_at = said, now
    visit.host_said = ENDS if any(notice.answer == ENDS for notice in notices) else said
    changed(session, visit)
    if visit.host_said != ENDS and not again and visit.state == "on_site":
        _go_on(session, visit.organization_id, [visit], told, now, deps)


def by_link(session: Session, organization_id: int, token: str, *, lock: bool = False) -> tuple[VisitNotice, Visit] | None:
    """What a host's link is about."""
    query = select(VisitNotice).where(VisitNotice.organization_id == organization_id, VisitNotice.token_hash == tokens.token_hash(token))
    notice = session.scalars(query).one_or_none()
    return None if notice is None else (notice, rows.visit(session, organization_id, notice.visit_id, lock=lock))


def _go_on(session: Session, organization_id: int, visits: Sequence[Visit], told: _Told, now: datetime, deps: Deps) -> None:  # noqa: PLR0913, PLR0917 (for whom, whom not)
    """Tell the next of each visit's chain. `Visit.step` is the number behind the one that was told last."""
    if not visits:
        return
    kept = rows.settings_of_sites(session, organization_id, {visit.site_id for visit in visits})
    who = candidates(session, organization_id, visits)
    away = _away(session, organization_id, who.values(), now, deps)
    steps: list[tuple[Visit, Step, Next]] = []
    for visit in visits:
        chain = parse(kept[visit.site_id].chain if visit.site_id in kept else [])
        found = next_step(chain, visit.step - 1, who[visit.id], away, {notice.person_id for notice in told[visit.id]})
        visit.step = len(chain) if found is None else found.number + 1
        if found is not None:
            steps.append((visit, chain[found.number], found))
    session.flush()
    if steps:
        _tell(session, organization_id, steps, now, deps)
        work = [(STEP, {"visit": str(visit.id), "step": visit.step}, now + timedelta(seconds=step.seconds)) for visit, step, _ in steps]
        publish.publish_all(session, organization_id, work)


def _tell(session: Session, organization_id: int, steps: Sequence[tuple[Visit, Step, Next]], now: datetime, deps: Deps) -> None:
    visitors = rows.names_of(session, organization_id, {visit.visitor_id for visit, _, _ in steps})
    sites = names_of_sites(session, organization_id, {visit.site_id for visit, _, _ in steps})
    hosts = accounts.names_of(session, organization_id, list({visit.host_id for visit, _, _ in steps if visit.host_id}))
    notices, told = [], []
    for visit, step, found in steps:
        host = hosts.get(visit.host_id) if visit.host_id else None
        facts = {"name": visitors[visit.visitor_id], "site": sites[visit.site_id], "host": host or ""}
        for person_id in found.people:
            id_ = uuid7()
            kind = "arrived" if person_id == visit.host_id else "arrived_for" if host else "arrived_nobody"
            link = tokens.host_url(deps.settings, organization_id, id_)
            notices.append(_notice(id_, person_id, texts.host(kind, **facts), step, now, link))
            told.append({
                "organization_id": organization_id, "id": id_, "visit_id": visit.id, "step": found.number, "person_id": person_id,
                "message_id": id_, "token_hash": tokens.token_hash(tokens.host_token(deps.settings, organization_id, id_)),
            })  # fmt: skip
    session.execute(insert(VisitNotice), told)
    deps.notifier.notify(session, organization_id, notices, now, deps)


def _notice(id_: UUID, person_id: UUID, words: Mapping[str, Any], step: Step, now: datetime, link: str | None = None) -> Notice:  # noqa: PLR0913, PLR0917 (to whom, of what)
    return Notice(id_, person_id, words, step.channels, now + COUNTS_FOR, urgent=True, link=link)


def candidates(session: Session, organization_id: int, visits: Sequence[Visit]) -> dict[UUID, Candidates]:
    """Visit -> who of its chain -> the people who are that; nobody who left the organization."""
    kept = rows.settings_of_sites(session, organization_id, {visit.site_id for visit in visits})
    stand_in = rows.delegates_of(session, organization_id, {visit.host_id for visit in visits if visit.host_id})
    receive = {site_id: one.reception_group_id for site_id, one in kept.items() if one.reception_group_id}
    departments = {one.department_id for one in stand_in.values() if one.department_id}
    groups = {*receive.values(), *departments}
    people = accounts.people_in_groups(session, organization_id, groups) if groups else {}
    by_role = None
    found: dict[UUID, Candidates] = {}
    for visit in visits:
        own = stand_in.get(visit.host_id) if visit.host_id else None
        default_host = kept[visit.site_id].default_host_id if visit.site_id in kept else None
        reception: Collection[UUID] = people.get(receive.get(visit.site_id, visit.id), ())
        if not reception:
            by_role = _by_role(session, organization_id) if by_role is None else by_role
            reception = [one for one, site_id in by_role.items() if site_id in {None, visit.site_id}] or list(by_role)
        found[visit.id] = {
            "host": [visit.host_id] if visit.host_id else [],
            "delegate": [own.delegate_id] if own and own.delegate_id else [],
            "department": people.get(own.department_id, ()) if own and own.department_id else (),
            "default_host": [default_host] if default_host else [],
            "reception": reception,
        }
    here = accounts.still_here(session, organization_id, {one for who in found.values() for several in who.values() for one in several})
    return {id_: {which: [one for one in several if one in here] for which, several in who.items()} for id_, who in found.items()}


def _by_role(session: Session, organization_id: int) -> dict[UUID, UUID | None]:
    """Who has the role of the reception -> the site where they work. Those of other sites receive when there is nobody else."""
    people = accounts.people_with_roles(session, organization_id, ["reception"])
    known = accounts.people_of_ids(session, organization_id, people) if people else {}
    return {one: known[one].site_id for one in people}


def _away(session: Session, organization_id: int, who: Iterable[Candidates], now: datetime, deps: Deps) -> frozenset[UUID]:
    people = {one for each in who for several in each.values() for one in several}
    try:
        return deps.who_is_inside.away(session, organization_id, people, now)
    except PurposeMissing:
        return frozenset()


def _open(session: Session, organization_id: int, bodies: Sequence[Body]) -> Sequence[Visit]:
    """The visits of this work, locked in one order, so that two jobs never wait for each other in a ring."""
    mine = (Visit.organization_id == organization_id, Visit.id == any_of({UUID(body["visit"]) for body in bodies}))
    return session.scalars(select(Visit).where(*mine).order_by(Visit.id).with_for_update()).all()


def _told(session: Session, organization_id: int, visits: Sequence[Visit]) -> _Told:
    query = select(VisitNotice).where(
        VisitNotice.organization_id == organization_id, VisitNotice.visit_id == any_of(one.id for one in visits)
    )
    found: _Told = defaultdict(list)
    for notice in session.scalars(query) if visits else ():
        found[notice.visit_id].append(notice)
    return found
