"""Who is expected, on site and gone, for those who receive; and what was, for those who look back.

Numbers tell nothing of fewer than five people: a cell that counts fewer is left out. What one answer less another would tell
is not guarded against: whoever may ask for numbers may look up the visits themselves.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, and_, cast, extract, func, or_, select, tuple_
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.service.sites import names_of_sites
from app.core.fix import to_ms
from app.core.one_line import plain_cell
from app.core.schedule import midnight, worked_on
from app.core.visits import OPEN
from app.errors import Invalid, NotFound
from app.visitors import rows
from app.visitors.models import Visit, Visitor, VisitType
from app.visitors.retention import names_of_kinds

FEWEST: Final = 5
MOST_ROWS: Final = 50_000
MOST_MINE: Final = 200
LONGEST: Final = timedelta(days=400)
LONGEST_VISIT: Final = timedelta(days=33)
"""No visit is planned for longer (`invitations`), so that a day's list need not look at all that began before it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One visit in a list."""

    visit: Visit
    name: str
    type_name: str
    host_name: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which visits. `own`: whose host alone; `name`: a part of the visitor's."""

    site_id: UUID | None = None
    states: Sequence[str] = ()
    own: UUID | None = None
    name: str | None = None
    after: tuple[datetime, UUID] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Cell:
    """How many visits and visitors; never fewer than five visitors."""

    key: str
    visits: int
    visitors: int


def day(session: Session, organization_id: int, on: date | None, wanted: Wanted, now: datetime) -> list[Line]:
    """Visits that are planned for a local day or began on it, by time; of today also those who came earlier and have not left. None: today."""
    zone = _zone(session, organization_id, wanted.site_id)
    chosen = on or worked_on(to_ms(now), zone)
    from_, until = midnight(chosen, zone), midnight(chosen + timedelta(days=1), zone)
    planned = and_(Visit.expected_from > from_ - LONGEST_VISIT, Visit.expected_from < until, Visit.expected_until >= from_)
    began = and_(Visit.arrived_at >= from_, Visit.arrived_at < until)
    here = [Visit.state.in_(OPEN)] if from_ <= now < until else []
    query = _wanted(organization_id, wanted).where(or_(planned, began, *here))
    if wanted.after is not None:
        query = query.where(tuple_(Visit.expected_from, Visit.id) > wanted.after)
    by_time = Visit.expected_from + timedelta()  # not as an index has it: in its order, all that ever began would be read up to this day
    return _lines(session, organization_id, session.scalars(query.order_by(by_time, Visit.id).limit(wanted.limit)).all())


def mine(session: Session, organization_id: int, person_id: UUID, now: datetime) -> list[Line]:
    """Who comes for me, or for somebody in whose stead I was told: waiting, on site, and expected within two weeks, by time."""
    coming = and_(
        Visit.state == "expected", Visit.expected_until >= now - timedelta(days=1), Visit.expected_from < now + timedelta(days=14)
    )
    told = func.array(rows.told_of(organization_id, person_id).scalar_subquery())  # an array: `IN` after `or` would read every visit
    for_me = or_(Visit.host_id == person_id, Visit.id == func.any(told))
    query = select(Visit).where(Visit.organization_id == organization_id, for_me, or_(coming, Visit.state.in_(OPEN)))
    return _lines(session, organization_id, session.scalars(query.order_by(Visit.expected_from, Visit.id).limit(MOST_MINE)).all())


def one(session: Session, organization_id: int, visit_id: UUID, *, own: UUID | None, lock: bool = False) -> Line:
    """Raises `NotFound`; with `own` also for those of which that person is not the host."""
    visit = rows.visit(session, organization_id, visit_id, lock=lock)
    if own is not None and visit.host_id != own:
        raise NotFound
    return line_of(session, visit)


def line_of(session: Session, visit: Visit) -> Line:
    """A visit as it stands in a list. Raises `NotFound` when its visitor was erased meanwhile."""
    for line in _lines(session, visit.organization_id, [visit]):
        return line
    raise NotFound


def history(session: Session, organization_id: int, from_: date, until: date, wanted: Wanted) -> list[Line]:
    """Who was here in a period of local days, both included, the newest first. Raises `Invalid` for a period that is too long.

    A part of a name is looked for in the names of all the organization's visitors: an index of their letters would not be used behind row-level
    security, since `LIKE` might tell of rows that are not shown.
    """
    query = _wanted(organization_id, wanted).where(*_past(session, organization_id, from_, until, wanted.site_id))
    if wanted.after is not None:
        query = query.where(tuple_(Visit.arrived_at, Visit.id) < wanted.after)
    newest = query.order_by(Visit.arrived_at.desc(), Visit.id.desc()).limit(wanted.limit)
    return _lines(session, organization_id, session.scalars(newest).all())


def statistics(session: Session, organization_id: int, from_: date, until: date, site_id: UUID | None) -> dict[str, list[Cell]]:
    """By local day, hour of arrival, kind of visit, and site, counted in one go. Raises `Invalid` for a period that is too long."""
    here = func.timezone(_zone(session, organization_id, site_id), Visit.arrived_at)
    keys: dict[str, ColumnElement[Any]] = {
        "days": cast(here, Date),
        "hours": extract("hour", here),
        "types": Visit.visit_type_id.expression,
        "sites": Visit.site_id.expression,
    }
    past = select(*(key.label(name) for name, key in keys.items()), Visit.visitor_id)
    came = past.where(*_of(organization_id, site_id), *_past(session, organization_id, from_, until, site_id)).subquery()
    visitors = func.count(came.c.visitor_id.distinct())
    counted = select(*(came.c[name] for name in keys), func.count().label("visits"), visitors.label("visitors"))
    counted = counted.group_by(func.grouping_sets(*(tuple_(came.c[name]) for name in keys))).having(visitors >= FEWEST)
    kinds = names_of_kinds(session, organization_id)
    cells: dict[str, list[Cell]] = {name: [] for name in keys}
    for *found, visits, visitors_ in session.execute(counted):
        [(name, key)] = [(name, key) for name, key in zip(keys, found, strict=True) if key is not None]
        text = f"{int(key):02d}" if name == "hours" else str(key)
        cells[name].append(Cell(kinds[text] if name == "types" else text, visits, visitors_))
    return {name: sorted(of, key=lambda cell: cell.key) for name, of in cells.items()}


def export(session: Session, organization_id: int, from_: date, until: date, site_id: UUID | None) -> str:
    """Who was here in a period, as CSV: UTF-8, times with their zone, and no cell that a spreadsheet takes for a formula.

    Raises `Invalid` for a period that is too long, and for more than 50,000 visits.
    """
    columns = (Visit.host_id, Visit.state, Visit.arrived_at, Visit.left_at, Visit.arrived_by, Visit.left_by)
    query = (
        select(Visit.id, Visitor.name, VisitType.name, Visit.site_id, *columns)
        .join(Visitor, rows.WITH_VISITOR)
        .join(VisitType, rows.WITH_TYPE)
    )
    query = query.where(*_of(organization_id, site_id), *_past(session, organization_id, from_, until, site_id))
    found = session.execute(query.order_by(Visit.arrived_at, Visit.id).limit(MOST_ROWS + 1)).all()
    if len(found) > MOST_ROWS:
        raise Invalid.of("query.until", "These are more than 50000 visits", "Choose a shorter period.")
    sites = _cells(names_of_sites(session, organization_id, {row.site_id for row in found}))
    hosts = _cells(accounts.names_of(session, organization_id, list({row.host_id for row in found if row.host_id})))
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(["visit", "name", "type", "site", "host", "state", "arrived_at", "left_at", "arrived_by", "left_by"])
    for id_, name, kind, site, host, state, arrived_at, left_at, arrived_by, left_by in found:
        texts = (plain_cell(name), plain_cell(kind), sites.get(site, ""), hosts.get(host, ""))
        writer.writerow([id_, *texts, state, _moment(arrived_at), _moment(left_at), arrived_by or "", left_by or ""])
    return "\ufeff" + out.getvalue()


def _cells(names: Mapping[UUID, str]) -> dict[UUID | None, str]:
    return {id_: plain_cell(name) for id_, name in names.items()}


def _moment(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""


def _wanted(organization_id: int, wanted: Wanted) -> Select[Visit]:
    query = select(Visit).where(*_of(organization_id, wanted.site_id))
    if wanted.states:
        query = query.where(Visit.state.in_(wanted.states))
    if wanted.own is not None:
        query = query.where(Visit.host_id == wanted.own)
    if wanted.name:
        query = query.join(Visitor, rows.WITH_VISITOR).where(Visitor.name.icontains(wanted.name, autoescape=True))
    return query


def _of(organization_id: int, site_id: UUID | None) -> list[ColumnElement[bool]]:
    return [Visit.organization_id == organization_id, *([Visit.site_id == site_id] if site_id else [])]


def _past(session: Session, organization_id: int, from_: date, until: date, site_id: UUID | None) -> list[ColumnElement[bool]]:
    """Whoever came in these days, and was let in."""
    if until < from_ or until - from_ > LONGEST:
        raise Invalid.of("query.until", "The period must end after it begins, and last 400 days at most", "Choose another period.")
    zone = _zone(session, organization_id, site_id)
    came = [Visit.arrived_at >= midnight(from_, zone), Visit.arrived_at < midnight(until + timedelta(days=1), zone)]
    return [*came, Visit.state != "waiting", Visit.state != "refused"]


def _lines(session: Session, organization_id: int, visits: Sequence[Visit]) -> list[Line]:
    """With the names, looked up for these alone. Whoever was erased meanwhile is left out."""
    names = rows.names_of(session, organization_id, {one.visitor_id for one in visits})
    kinds = names_of_kinds(session, organization_id)
    hosts = accounts.names_of(session, organization_id, list({one.host_id for one in visits if one.host_id}))
    return [
        Line(one, names[one.visitor_id], kinds[str(one.visit_type_id)], hosts.get(one.host_id) if one.host_id else None)
        for one in visits
        if one.visitor_id in names
    ]


def _zone(session: Session, organization_id: int, site_id: UUID | None) -> str:
    site = accounts.get_site(session, organization_id, site_id) if site_id else None
    return (site and site.timezone) or accounts.get_organization(session, organization_id).timezone
