"""Somebody must come for a visitor who has arrived: the host, or whoever is next.

1. An arrival (`visitors.arrived`) tells the first of the site's chain whom it leaves (`core.hostchain`), and writes work for when their seconds are over.
2. That work (`visitors.host_step`) tells the next one, unless somebody said that they come, the visitor left, or the chain went on meanwhile
   (`Visit.step` counts its steps, so old work does nothing).
3. An answer comes by the app or by the link in what was sent. "Send someone" and "not today" go on to the next one at once.
4. Who is away is known as yes or no, from attendance, and only where the instruction names safety. Of whom nothing is known is there.
5. Who waits to be let in (`visitors.waits`) is told to the reception, and to the host unless the name was stopped.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.core.hostchain import ENDS, Next, Step, next_step, parse
from app.core.visits import OPEN
from app.db.types import uuid7
from app.errors import Conflict, PurposeMissing
from app.outbox import publish
from app.ports import Deps, Notice
from app.visitors import rows, texts, tokens
from app.visitors.leave import changed
from app.visitors.models import HostDelegate, Visit, VisitNotice

STEP: Final = "visitors.host_step"
WAITS: Final = "visitors.waits"
COUNTS_FOR: Final = timedelta(hours=2)
"""Nobody needs telling longer after an arrival than this."""
Body = Mapping[str, Any]


def on_arrived(session: Session, organization_id: int, body: Body, now: datetime, deps: Deps) -> None:
    """The handler of `visitors.arrived` {visit, site, at}: a visitor who is told of again was told of already."""
    visit = _open(session, organization_id, body)
    if (
        visit is not None
        and visit.state == "on_site"
        and not _told(session, visit)
        and datetime.fromisoformat(body["at"]) > now - COUNTS_FOR
    ):
        _go_on(session, visit, now, deps)


def on_step(session: Session, organization_id: int, body: Body, now: datetime, deps: Deps) -> None:
    """The handler of `visitors.host_step` {visit, step}: nobody answered in time."""
    visit = _open(session, organization_id, body)
    if visit is not None and visit.state == "on_site" and visit.step == body["step"] and visit.host_said != ENDS:
        _go_on(session, visit, now, deps)


def on_waits(session: Session, organization_id: int, body: Body, now: datetime, deps: Deps) -> None:
    """The handler of `visitors.waits` {visit}: somebody must let them in or refuse."""
    visit = _open(session, organization_id, body)
    if visit is None or visit.state != "waiting":
        return
    who = candidates(session, visit)
    people = set(who["reception"]) | (set() if visit.stopped else {*who["host"], *(who["default_host"] if not who["host"] else ())})
    words = texts.host("waits", name=_name(session, visit), site=_site(session, visit))
    deps.notifier.notify(
        session, organization_id, [_notice(uuid7(), one, words, Step("reception"), now) for one in sorted(people)], now, deps
    )


def answer(session: Session, visit: Visit, said: str, person_id: UUID | None, now: datetime, deps: Deps) -> None:  # noqa: PLR0913, PLR0917 (who says what of which)
    """What whoever was told says: coming, send_someone, not_today. The visit is locked. Raises `Conflict` when nobody waits for that any more.

    While anybody says that they come, that counts, whatever the others say.
    """
    if visit.state not in ("expected", *OPEN):
        raise Conflict("This visit is over. There is nothing to answer any more.")
    notices = _told(session, visit)
    mine = [notice for notice in notices if notice.person_id == person_id]
    again = all(notice.answer == said for notice in mine) if mine else visit.host_said == said
    for notice in mine:
        notice.answer, notice.answered_at = said, now
    visit.host_said = ENDS if any(notice.answer == ENDS for notice in notices) else said
    changed(session, visit)
    if visit.host_said != ENDS and not again and visit.state == "on_site":
        _go_on(session, visit, now, deps)


def by_link(session: Session, organization_id: int, token: str, *, lock: bool = False) -> tuple[VisitNotice, Visit] | None:
    """What a host's link is about."""
    query = select(VisitNotice).where(VisitNotice.organization_id == organization_id, VisitNotice.token_hash == tokens.token_hash(token))
    notice = session.scalars(query).one_or_none()
    return None if notice is None else (notice, rows.visit(session, organization_id, notice.visit_id, lock=lock))


def _go_on(session: Session, visit: Visit, now: datetime, deps: Deps) -> None:
    """Tell the next of the chain. `Visit.step` is the number behind the one that was told last."""
    kept = rows.settings_of(session, visit.organization_id, visit.site_id)
    chain, who = parse(kept.chain if kept else []), candidates(session, visit)
    told = {notice.person_id for notice in _told(session, visit)}
    found = next_step(chain, visit.step - 1, who, _away(session, visit, who, now, deps), told)
    visit.step = len(chain) if found is None else found.number + 1
    session.flush()
    if found is not None:
        step = chain[found.number]
        _tell(session, visit, step, found, now, deps)
        body = {"visit": str(visit.id), "step": visit.step}
        publish.publish(session, visit.organization_id, STEP, body, due_at=now + timedelta(seconds=step.seconds))


def _tell(session: Session, visit: Visit, step: Step, found: Next, now: datetime, deps: Deps) -> None:  # noqa: PLR0913, PLR0917 (whom of what)
    organization_id = visit.organization_id
    facts = {"name": _name(session, visit), "site": _site(session, visit)}
    host = accounts.names_of(session, organization_id, [visit.host_id]).get(visit.host_id) if visit.host_id else None
    notices = []
    for person_id in found.people:
        id_ = uuid7()
        kind = "arrived" if person_id == visit.host_id else "arrived_for" if host else "arrived_nobody"
        words = texts.host(kind, host=host or "", **facts)
        link = tokens.host_url(deps.settings, organization_id, id_)
        notices.append(_notice(id_, person_id, words, step, now, link))
        session.add(
            VisitNotice(
                organization_id=organization_id,
                id=id_,
                visit_id=visit.id,
                step=found.number,
                person_id=person_id,
                message_id=id_,
                token_hash=tokens.token_hash(tokens.host_token(deps.settings, organization_id, id_)),
            )
        )
    deps.notifier.notify(session, organization_id, notices, now, deps)
    session.flush()


def _notice(id_: UUID, person_id: UUID, words: Mapping[str, Any], step: Step, now: datetime, link: str | None = None) -> Notice:  # noqa: PLR0913, PLR0917 (to whom, of what)
    return Notice(id_, person_id, words, step.channels, now + COUNTS_FOR, urgent=True, link=link)


def candidates(session: Session, visit: Visit) -> dict[str, Collection[UUID]]:
    """Who of the chain -> the people who are that for this visit; nobody who left the organization."""
    organization_id = visit.organization_id
    kept = rows.settings_of(session, organization_id, visit.site_id)
    stands_in = session.get(HostDelegate, (organization_id, visit.host_id)) if visit.host_id else None
    group = kept.reception_group_id if kept else None
    found: dict[str, Collection[UUID]] = {
        "host": [visit.host_id] if visit.host_id else [],
        "delegate": [stands_in.delegate_id] if stands_in and stands_in.delegate_id else [],
        "department": accounts.people_in_group(session, organization_id, stands_in.department_id)
        if stands_in and stands_in.department_id
        else [],
        "default_host": [kept.default_host_id] if kept and kept.default_host_id else [],
        "reception": (accounts.people_in_group(session, organization_id, group) if group else ()) or _reception(session, visit),
    }
    here = accounts.still_here(session, organization_id, {one for people in found.values() for one in people})
    return {who: [one for one in people if one in here] for who, people in found.items()}


def _reception(session: Session, visit: Visit) -> list[UUID]:
    """Who has that role and works at the visit's site, or at no site in particular; those of other sites when there is nobody else."""
    people = accounts.people_with_roles(session, visit.organization_id, ["reception"])
    known = accounts.people_of_ids(session, visit.organization_id, people)
    return [one for one in people if known[one].site_id in {None, visit.site_id}] or people


def _away(session: Session, visit: Visit, who: Mapping[str, Collection[UUID]], now: datetime, deps: Deps) -> frozenset[UUID]:
    people = {one for several in who.values() for one in several}
    try:
        return deps.who_is_inside.away(session, visit.organization_id, people, now)
    except PurposeMissing:
        return frozenset()


def _open(session: Session, organization_id: int, body: Body) -> Visit | None:
    query = select(Visit).where(Visit.organization_id == organization_id, Visit.id == UUID(body["visit"])).with_for_update()
    return session.scalars(query).one_or_none()


def _told(session: Session, visit: Visit) -> list[VisitNotice]:
    query = select(VisitNotice).where(VisitNotice.organization_id == visit.organization_id, VisitNotice.visit_id == visit.id)
    return list(session.scalars(query))


def _name(session: Session, visit: Visit) -> str:
    return rows.visitor(session, visit.organization_id, visit.visitor_id).name


def _site(session: Session, visit: Visit) -> str:
    return accounts.get_site(session, visit.organization_id, visit.site_id).name
