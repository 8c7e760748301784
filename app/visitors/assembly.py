"""The assembly point: whoever scans its poster says that they are safe, without a login.

1. A poster names its site and a number; renewed, the next number counts and the old poster is worthless.
2. Who somebody is they say by their whole name, or, a visitor, by their six digits. Who is not known by that name, or shares it with another, is added
   as they wrote it: a responder sees who it is. The answer is the same for both, so that nobody learns who is on site.
3. Guesses of six digits are counted for the poster. Names are not: they tell nothing.
4. It counts in every open roll call of the site, as said by themselves; responders see that, and may take it back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID, uuid5

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.service import guessing
from app.accounts.service.guessing import Patience
from app.accounts.service.kiosk import named
from app.accounts.service.organizations import modules_of
from app.actor import Actor
from app.core.names import words_of
from app.db.types import uuid7
from app.ports import Deps, OnSite
from app.visitors import roll_rows as rows
from app.visitors import tokens
from app.visitors.believed import Known
from app.visitors.models import RollCall, VisitSettings
from app.visitors.roll_calls import Added, add, mark, put_on

PATIENCE: Final = Patience(free=20, weight=timedelta(minutes=1), most_s=30)
"""Of six digits at one poster."""
MOST_ADDED: Final = 500
"""Of people nobody knows, by one poster in one roll call: a poster is open to anybody. From there on all are told to speak to a responder, known or not."""
Outcome = Literal["thanks", "code", "full"]


@dataclass(frozen=True, slots=True)
class Point:
    """Where a poster hangs. `is_open`: there is a roll call."""

    organization_id: int
    site_id: UUID
    organization: str
    site: str
    locale: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Poster:
    """What hangs there: the link in its code."""

    link: str = field(repr=False)


def poster(session: Session, actor: Actor, site_id: UUID, deps: Deps) -> Poster:
    """The poster that counts. Raises `NotFound` for an unknown site."""
    accounts.get_site(session, actor.tenant, site_id)
    number = rows.assembly_number(session, actor.tenant, site_id)
    return Poster(tokens.assembly_url(deps.settings, actor.tenant, site_id, number))


def renew(session: Session, actor: Actor, site_id: UUID, deps: Deps) -> Poster:
    """A new one; the old counts no longer. Raises `NotFound`."""
    accounts.get_site(session, actor.tenant, site_id)
    made = insert(VisitSettings).values(organization_id=actor.tenant, site_id=site_id, assembly_number=2)
    raised = {"assembly_number": VisitSettings.assembly_number + 1}
    session.execute(made.on_conflict_do_update(index_elements=["organization_id", "site_id"], set_=raised))
    return poster(session, actor, site_id, deps)


def point(session: Session, organization_id: int, site_id: UUID, number: int) -> Point | None:
    """Where that is; None when the poster counts no longer, the site is retired or the module is off."""
    if "visitors" not in modules_of(session, organization_id) or number != rows.assembly_number(session, organization_id, site_id):
        return None
    organization, site = accounts.get_organization(session, organization_id), accounts.get_site(session, organization_id, site_id)
    if site.retired_at is not None:
        return None
    return Point(
        organization_id, site_id, organization.name, site.name, organization.locale, bool(_open(session, organization_id, site_id))
    )


def say_safe(organization_id: int, site_id: UUID, said: str, now: datetime, deps: Deps) -> Outcome:
    """They are safe (`thanks`); `code`: those six digits are nobody's here; `full`: nobody unknown is noted any more, so all tell a responder too.

    Raises `TooMany` for guessing. Nothing happens without an open roll call.
    """
    if tokens.code_hash(deps.settings, organization_id, said) is None:
        with deps.database.tenant(organization_id) as session:
            return _by_name(session, organization_id, site_id, " ".join(said.split()), now, deps)
    key = guessing.key_of(deps.settings, "assembly point", f"{organization_id} {site_id}")
    with deps.database.identity() as session:
        guessing.count(session, {key: PATIENCE}, now, deps.settings)
    with deps.database.tenant(organization_id) as session:
        right = _by_code(session, organization_id, site_id, said, now, deps)
    if right:
        with deps.database.identity() as session:
            guessing.take_back(session, key, PATIENCE)
    return "thanks" if right else "code"


def _by_code(session: Session, organization_id: int, site_id: UUID, code: str, now: datetime, deps: Deps) -> bool:  # noqa: PLR0913, PLR0917
    visit_ids = rows.visits_of_code(session, organization_id, tokens.code_hash(deps.settings, organization_id, code))
    here = [visit for visit in _visits(session, organization_id, site_id, now, deps) if visit.visit_id in visit_ids]
    for roll_call in _open(session, organization_id, site_id, lock=True):
        for visit in here:
            listed: Known = {
                "person_id": None,
                "visit_id": str(visit.visit_id),
                "name": visit.name,
                "basis": "visit",
                "site_id": str(site_id),
            }
            _safe(session, roll_call, visit.visit_id, listed, now, deps)
    return bool(here)


def _by_name(session: Session, organization_id: int, site_id: UUID, name: str, now: datetime, deps: Deps) -> Outcome:  # noqa: PLR0913, PLR0917
    wanted, is_full = words_of(name), False
    open_ones = _open(session, organization_id, site_id, lock=True)
    if not open_ones or not wanted:
        return "thanks" if wanted else "code"
    people = named(session, organization_id, name)
    visits = [one for one in _visits(session, organization_id, site_id, now, deps) if words_of(one.name) == wanted]
    for roll_call in open_ones:
        if len(people) + len(visits) == 1:
            about = people[0] if people else visits[0].visit_id
            person_id, visit_id = (str(about), None) if people else (None, str(about))
            listed: Known = {"person_id": person_id, "visit_id": visit_id, "name": name, "basis": "added", "site_id": str(site_id)}
            _safe(session, roll_call, about, listed, now, deps)
        elif rows.added_by_themselves(session, roll_call) < MOST_ADDED:
            own = uuid5(roll_call.id, " ".join(wanted))
            add(session, roll_call, [Added(own, name, site_id)], deps)
            _mark(session, roll_call, [own], now)
        is_full = is_full or rows.added_by_themselves(session, roll_call) >= MOST_ADDED
    return "full" if is_full else "thanks"


def _safe(session: Session, roll_call: RollCall, about: UUID, listed: Known, now: datetime, deps: Deps) -> None:  # noqa: PLR0913, PLR0917
    put_on(session, roll_call, [listed], deps)
    entries = rows.entries_about(session, roll_call.organization_id, roll_call.id, [about])
    _mark(session, roll_call, [entry.id for entry in entries], now)


def _mark(session: Session, roll_call: RollCall, entry_ids: Sequence[UUID], now: datetime) -> None:
    """Safe, unless that stands already: a poster that is scanned for ever fills nothing."""
    known = rows.said_by_themselves(session, roll_call.organization_id, entry_ids)
    mark(session, roll_call, [_own(entry_id, now) for entry_id in entry_ids if entry_id not in known])


def _own(entry_id: UUID, now: datetime) -> rows.NewMark:
    return rows.NewMark(uuid7(), entry_id, "safe", None, "self", None, now)


def _visits(session: Session, organization_id: int, site_id: UUID, now: datetime, deps: Deps) -> Sequence[OnSite]:
    return deps.visits.on_site(session, organization_id, now, site_ids=[site_id])


def _open(session: Session, organization_id: int, site_id: UUID, *, lock: bool = False) -> list[RollCall]:
    return [one for one in rows.open_ones(session, organization_id, lock=lock) if site_id in one.site_ids]
