"""Who is expected, on site and gone, for those who receive; and what was, for those who look back.

Numbers tell nothing of fewer than five people: a cell that counts fewer is left out. What one answer less another would tell
is not guarded against: whoever may ask for numbers may look up the visits themselves.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import StringIO
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.service.sites import names_of_sites
from app.core.fix import from_ms, to_ms
from app.core.one_line import plain_cell
from app.core.schedule import moment_ms, worked_on
from app.core.visits import OPEN
from app.errors import Invalid, NotFound
from app.visitors import rows
from app.visitors.models import Visit, Visitor, VisitType

FEWEST: Final = 5
MOST_ROWS: Final = 50_000
LONGEST: Final = timedelta(days=400)


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
    """Visits of a local day, by time; of today also those who came on an earlier day and have not left. None: today."""
    zone = _zone(session, organization_id, wanted.site_id)
    chosen = on or worked_on(to_ms(now), zone)
    from_, until = _midnight(chosen, zone), _midnight(chosen + timedelta(days=1), zone)
    during = and_(Visit.expected_from < until, Visit.expected_until >= from_)
    query = _lines(organization_id, wanted).where(or_(during, Visit.state.in_(OPEN)) if from_ <= now < until else during)
    if wanted.after is not None:
        query = query.where(tuple_(Visit.expected_from, Visit.id) > wanted.after)
    return _named(session, organization_id, session.execute(query.order_by(Visit.expected_from, Visit.id).limit(wanted.limit)).all())


def mine(session: Session, organization_id: int, person_id: UUID, now: datetime) -> list[Line]:
    """Who comes for me, or for somebody in whose stead I was told: waiting, on site, and expected within two weeks, by time."""
    coming = and_(
        Visit.state == "expected", Visit.expected_until >= now - timedelta(days=1), Visit.expected_from < now + timedelta(days=14)
    )
    for_me = or_(Visit.host_id == person_id, Visit.id.in_(rows.told_of(organization_id, person_id)))
    query = _lines(organization_id, Wanted()).where(for_me, or_(coming, Visit.state.in_(OPEN)))
    return _named(session, organization_id, session.execute(query.order_by(Visit.expected_from, Visit.id).limit(200)).all())


def one(session: Session, organization_id: int, visit_id: UUID, *, own: UUID | None, lock: bool = False) -> Line:
    """Raises `NotFound`; with `own` also for those of which that person is not the host."""
    visit = rows.visit(session, organization_id, visit_id, lock=lock)
    if own is not None and visit.host_id != own:
        raise NotFound
    return line_of(session, visit)


def line_of(session: Session, visit: Visit) -> Line:
    """A visit as it stands in a list."""
    visitor = rows.visitor(session, visit.organization_id, visit.visitor_id)
    kind = rows.visit_type(session, visit.organization_id, visit.visit_type_id)
    hosts = accounts.names_of(session, visit.organization_id, [visit.host_id]) if visit.host_id else {}
    return Line(visit, visitor.name, kind.name, hosts.get(visit.host_id) if visit.host_id else None)


def history(session: Session, organization_id: int, from_: date, until: date, wanted: Wanted) -> list[Line]:
    """Who was here in a period, the newest first."""
    query = _past(session, organization_id, from_, until, wanted)
    if wanted.after is not None:
        query = query.where(tuple_(Visit.arrived_at, Visit.id) < wanted.after)
    return _named(
        session, organization_id, session.execute(query.order_by(Visit.arrived_at.desc(), Visit.id.desc()).limit(wanted.limit)).all()
    )


def statistics(session: Session, organization_id: int, from_: date, until: date, wanted: Wanted) -> dict[str, list[Cell]]:
    """By day, hour of arrival, kind of visit, and site."""
    zone = _zone(session, organization_id, wanted.site_id)
    here = func.timezone(zone, Visit.arrived_at)
    keys: dict[str, Any] = {
        "days": func.to_char(here, "YYYY-MM-DD"),
        "hours": func.to_char(here, "HH24"),
        "types": VisitType.name,
        "sites": Visit.site_id,
    }
    past = _past(session, organization_id, from_, until, wanted)
    return {name: _cells(session, past, key) for name, key in keys.items()}


def export(session: Session, organization_id: int, from_: date, until: date, wanted: Wanted) -> str:
    """Who was here in a period, as CSV: UTF-8, times with their zone, and no cell that a spreadsheet takes for a formula."""
    query = _past(session, organization_id, from_, until, wanted).order_by(Visit.arrived_at, Visit.id).limit(MOST_ROWS + 1)
    found = session.execute(query).all()
    if len(found) > MOST_ROWS:
        raise Invalid.of("query.until", "These are more than 50000 visits", "Choose a shorter period.")
    lines = _named(session, organization_id, found)
    sites = names_of_sites(session, organization_id, {line.visit.site_id for line in lines})
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(["visit", "name", "type", "site", "host", "state", "arrived_at", "left_at", "arrived_by", "left_by"])
    for line in lines:
        visit = line.visit
        texts = (line.name, line.type_name, sites.get(visit.site_id, ""), line.host_name or "")
        writer.writerow([
            visit.id, *(plain_cell(text) for text in texts), visit.state, _moment(visit.arrived_at), _moment(visit.left_at),
            visit.arrived_by or "", visit.left_by or "",
        ])  # fmt: skip
    return "\ufeff" + out.getvalue()


def _moment(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""


def _lines(organization_id: int, wanted: Wanted) -> Select[Visit, str, str]:
    with_type = and_(VisitType.organization_id == Visit.organization_id, VisitType.id == Visit.visit_type_id)
    query = select(Visit, Visitor.name, VisitType.name).join(Visitor, rows.WITH_VISITOR).join(VisitType, with_type)
    query = query.where(Visit.organization_id == organization_id)
    if wanted.site_id is not None:
        query = query.where(Visit.site_id == wanted.site_id)
    if wanted.states:
        query = query.where(Visit.state.in_(wanted.states))
    if wanted.own is not None:
        query = query.where(Visit.host_id == wanted.own)
    if wanted.name:
        query = query.where(Visitor.name.icontains(wanted.name, autoescape=True))
    return query


def _past(session: Session, organization_id: int, from_: date, until: date, wanted: Wanted) -> Select[Visit, str, str]:
    if until < from_ or until - from_ > LONGEST:
        raise Invalid.of("query.until", "The period must end after it begins, and last 400 days at most", "Choose another period.")
    zone = _zone(session, organization_id, wanted.site_id)
    came = Visit.arrived_at >= _midnight(from_, zone), Visit.arrived_at < _midnight(until + timedelta(days=1), zone)
    return _lines(organization_id, wanted).where(*came, Visit.state != "waiting", Visit.state != "refused")


def _cells(session: Session, past: Select[Visit, str, str], key: Any) -> list[Cell]:  # noqa: ANN401 (an SQL expression)
    visitors = func.count(Visit.visitor_id.distinct())
    query = past.with_only_columns(key.label("key"), func.count().label("visits"), visitors.label("visitors"), maintain_column_froms=True)
    found = session.execute(query.group_by("key").having(visitors >= FEWEST).order_by("key")).all()
    return [Cell(str(row.key), row.visits, row.visitors) for row in found]


def _named(session: Session, organization_id: int, found: Sequence[Row[Visit, str, str]]) -> list[Line]:
    hosts: Mapping[UUID, str] = accounts.names_of(session, organization_id, list({row[0].host_id for row in found if row[0].host_id}))
    return [Line(visit, name, type_name, hosts.get(visit.host_id) if visit.host_id else None) for visit, name, type_name in found]


def _zone(session: Session, organization_id: int, site_id: UUID | None) -> str:
    site = accounts.get_site(session, organization_id, site_id) if site_id else None
    return (site and site.timezone) or accounts.get_organization(session, organization_id).timezone


def _midnight(on: date, zone: str) -> datetime:
    return from_ms(moment_ms(on, time(), zone))
