"""Exports: asked for by a person, built by a worker, fetched by the same person, gone after their term.

1. Asking writes a row and a piece of work in one transaction. Every export is a line in the log: what and how much, never whom.
2. The worker reads 100 people at a time and writes row by row, into a file beside the final one, which then takes its name. Killed, it begins anew.
3. Times are local times of the organization with their offset, so both days of the clock change are right. iCal has UTC.
4. An export that fails `ATTEMPTS_MAX` times, or whose worker dies again and again, ends as failed: who asked is told, and what to do.
5. File and row are deleted when the term has passed.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.actor import Actor
from app.attendance import lookups
from app.attendance.lists import Slice
from app.attendance.models import Export, Punch
from app.attendance.sheets import TYPES, Cell, Format, Happening, Record, write
from app.attendance.stays import Look, StaySeen, as_seen
from app.attendance.workdays import Day, Period, days, people_of
from app.authority import require
from app.core.schedule import midnight
from app.errors import Conflict, Invalid, NotFound
from app.geofences import service as geofences
from app.outbox import publish
from app.outbox.carry import Long, given_up
from app.ports import Deps

KIND: Final = "attendance.export"
KEPT: Final = timedelta(days=3)
PEOPLE_AT_ONCE: Final = 100
LONGEST: Final = timedelta(days=366)
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "workdays": (
        "name", "employee_number", "worked_on", "first", "last", "worked_hours", "break_minutes", "deducted_minutes", "status", "questions",
    ),
    "stays": ("name", "employee_number", "fence", "entered_at", "left_at", "ended", "cut"),
    "punches": ("name", "employee_number", "kind", "at", "method", "note"),
}  # fmt: skip
_HOUR_MS, _MINUTE_MS = 3_600_000, 60_000

_log = structlog.get_logger(area="attendance")


@dataclass(frozen=True, slots=True)
class NewExport:
    """What shall be in the file, and for which people (see `workdays.people_of`)."""

    kind: Literal["workdays", "stays", "punches"]
    format: Format
    period: Period
    person_id: UUID | None = None
    group_id: UUID | None = None


def ask(session: Session, actor: Actor, new: NewExport, now: datetime) -> Export:
    """Write down what is wanted. Raises `Invalid`, and `NotFound` for an unknown person."""
    if actor.person_id is None:
        raise NotFound
    if not new.period.first <= new.period.last <= new.period.first + LONGEST:
        raise Invalid.of("last", "The period is empty or longer than a year", "Choose `last` on or after `first`, at most a year later.")
    if new.format == "ical" and new.kind == "punches":
        raise Invalid.of("format", "A punch lasts no time, so a calendar cannot show it", "Choose another format, or workdays or stays.")
    if new.person_id is not None and not accounts.names_of(session, actor.tenant, [new.person_id]):
        raise NotFound
    if new.group_id is not None:
        accounts.require_listed_groups(session, actor.tenant, [new.group_id], "group_id")
    parameters = {
        "kind": new.kind,
        "first": new.period.first.isoformat(),
        "last": new.period.last.isoformat(),
        "person": new.person_id and str(new.person_id),
        "group": new.group_id and str(new.group_id),
    }
    export = Export(
        organization_id=actor.tenant,
        requested_by=actor.person_id,
        format=new.format,
        parameters=parameters,
        status="waiting",
        expires_at=now + KEPT,
        created_at=now,
    )
    session.add(export)
    session.flush()
    publish.publish(session, actor.tenant, KIND, {"export": str(export.id)}, due_at=now)
    _log.info("export_asked", organization_id=actor.tenant, export_id=str(export.id), kind=new.kind, format=new.format)
    return export


def list_exports(session: Session, actor: Actor, before: UUID | None, limit: int) -> Sequence[Export]:
    """The actor's own, the newest first."""
    return lookups.exports(session, actor.tenant, actor.person_id, before, limit)


def get(session: Session, actor: Actor, export_id: UUID) -> Export:
    """One of the actor's own. Raises `NotFound`."""
    found = lookups.export(session, actor.tenant, actor.person_id, export_id)
    if found is None:
        raise NotFound
    return found


def file_of(session: Session, actor: Actor, export_id: UUID, var_dir: Path) -> tuple[Export, Path]:
    """The finished file. Raises `NotFound`, also for others' data when the actor may no longer export it; `Conflict` while it is not ready."""
    export = get(session, actor, export_id)
    if export.problem:
        raise Conflict(export.problem)
    if export.status != "ready":
        raise Conflict("The file is not ready yet. Ask for its status again in a moment.")
    path = _path(var_dir, export.organization_id, export.id)
    anybody = require(actor, "attendance.export") == "all"
    if not path.is_file() or not (anybody or export.parameters["person"] == str(actor.person_id)):
        raise NotFound
    _log.info("export_fetched", organization_id=export.organization_id, export_id=str(export.id))
    return export, path


def build(organization_id: int, body: Mapping[str, Any], now: datetime, deps: Deps) -> None:
    """`attendance.export`: {export}. Builds the file in one transaction that mostly reads; building it again does no harm."""
    export_id = UUID(body["export"])
    with deps.database.tenant(organization_id) as session:
        export = session.get(Export, (organization_id, export_id))
        if export is None or export.status != "waiting":
            return
        path = _path(deps.settings.var_dir, organization_id, export_id)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = _unfinished(path)
        unfinished.touch(mode=0o600)
        kind = export.parameters["kind"]
        rows = write(unfinished, _format(export), COLUMNS[kind], _records(session, export, now), now)
        unfinished.replace(path)
        _finish(session, export, rows)
    _log.info("export_ready", organization_id=organization_id, export_id=str(export_id), kind=kind, rows=rows)


BUILD: Final = Long(build, attempts_max=5)


def fail_given_up(deps: Deps, organization_id: int, now: datetime) -> int:  # noqa: ARG001 (a chore)
    """Each minute: end the exports that nobody tries to build any more; how many."""
    with deps.database.tenant(organization_id) as session:
        lost = [UUID(body["export"]) for body in given_up(session, organization_id, KIND)]
        failed = lookups.waiting_exports(session, organization_id, lost) if lost else []
        for export in failed:
            with suppress(OSError):  # the disk may be why it failed; `expire` comes by again
                _unfinished(_path(deps.settings.var_dir, organization_id, export.id)).unlink(missing_ok=True)
            export.status = "failed"
            _tell(session, export)
    return len(failed)


def expire(deps: Deps, organization_id: int, now: datetime) -> int:
    """Delete what outlived its term, file first; how many."""
    with deps.database.tenant(organization_id) as session:
        old = (Export.organization_id == organization_id, Export.expires_at < now)
        gone = list(session.scalars(select(Export.id).where(*old)))
        for export_id in gone:
            path = _path(deps.settings.var_dir, organization_id, export_id)
            for file in (path, _unfinished(path)):
                file.unlink(missing_ok=True)
        session.execute(delete(Export).where(*old, Export.id.in_(gone)))
    return len(gone)


def _path(var_dir: Path, organization_id: int, export_id: UUID) -> Path:
    return var_dir / "exports" / str(organization_id) / str(export_id)


def _unfinished(path: Path) -> Path:
    return path.with_suffix(".part")


def _format(export: Export) -> Format:
    found: Format = next(form for form in ("csv", "xlsx", "ical", "json") if form == export.format)
    return found


def _finish(session: Session, export: Export, rows: int) -> None:
    parameters = export.parameters
    export.file_name = f"{parameters['kind']}-{parameters['first']}-{parameters['last']}.{TYPES[export.format][1]}"
    export.rows = rows
    export.status = "ready"
    _tell(session, export)


def _tell(session: Session, export: Export) -> None:
    session.flush()
    publish.live(
        session, export.organization_id, "export", {"export": str(export.id), "status": export.status}, person_id=export.requested_by
    )


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What a source of records needs."""

    session: Session
    look: Look
    period: Period
    zone: str
    fences: Mapping[UUID, str]

    @property
    def since(self) -> datetime:
        return midnight(self.period.first, self.zone)

    @property
    def until(self) -> datetime:
        return midnight(self.period.last + timedelta(days=1), self.zone)

    def local(self, moment: datetime | None) -> str | None:
        return None if moment is None else moment.astimezone(ZoneInfo(self.zone)).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class _Named:
    id: UUID
    name: str
    employee_number: str | None


def _records(session: Session, export: Export, now: datetime) -> Iterator[Record]:
    wanted, organization_id = export.parameters, export.organization_id
    period = Period(date.fromisoformat(wanted["first"]), date.fromisoformat(wanted["last"]))
    zone = accounts.get_organization(session, organization_id).timezone
    person, group = (UUID(wanted[key]) if wanted[key] else None for key in ("person", "group"))
    # A file about others is made to be passed on: it tells nobody's opt-out, not even that of whoever asked for it.
    reader = person if person == export.requested_by else None
    sheet = _Sheet(session, Look(organization_id, now, reader), period, zone, geofences.fence_names(session, organization_id))
    waiting = iter(people_of(session, organization_id, person_id=person, group_id=group))
    source = _SOURCES[wanted["kind"]]
    while chunk := list(islice(waiting, PEOPLE_AT_ONCE)):
        people = accounts.people_of_ids(session, organization_id, chunk)
        named = {one.id: _Named(one.id, one.name or one.telephone or "", one.employee_number) for one in people.values()}
        yield from source(sheet, {person_id: named[person_id] for person_id in chunk})


def _workdays(sheet: _Sheet, people: Mapping[UUID, _Named]) -> Iterator[Record]:
    for person_id, found in days(sheet.session, sheet.look, list(people), sheet.period).items():
        for day in found:
            yield _workday(sheet, people[person_id], day)


def _workday(sheet: _Sheet, person: _Named, day: Day) -> Record:
    result = day.result
    spans = [(datetime.fromisoformat(span["since"]), datetime.fromisoformat(span["until"])) for span in result["spans"]]
    break_ms = sum(
        (datetime.fromisoformat(one["until"]) - datetime.fromisoformat(one["since"])) // timedelta(milliseconds=1)
        for one in result["breaks"]
    )
    cells: list[Cell] = [
        person.name,
        person.employee_number,
        day.worked_on.isoformat(),
        sheet.local(spans[0][0]) if spans else None,
        sheet.local(spans[-1][1]) if spans else None,
        round(result["worked_ms"] / _HOUR_MS, 4),
        round(break_ms / _MINUTE_MS, 2),
        round(result["break_deducted_ms"] / _MINUTE_MS, 2),
        "open" if day.approved is None else "approved",
        " ".join(question["kind"] for question in result["questions"]) or None,
    ]
    happenings = [
        Happening(f"{person.id}-{day.worked_on.isoformat()}-{number}@muster", start, end, person.name)
        for number, (start, end) in enumerate(spans)
    ]
    return Record(cells, happenings)


def _stays(sheet: _Sheet, people: Mapping[UUID, _Named]) -> Iterator[Record]:
    rows = lookups.stays_overlapping(sheet.session, sheet.look.organization_id, sheet.look.reader, list(people), sheet.since, sheet.until)
    seen = as_seen(sheet.session, sheet.look, [row for row in rows if row.entered_at < sheet.until])
    for stay in _in_order(people, seen):
        person, fence = people[stay.person_id], sheet.fences.get(stay.fence_id, "")
        times = [sheet.local(stay.entered_at), sheet.local(stay.left_at)]
        ends = stay.left_at or stay.last_inside_at
        shown = Happening(f"{stay.id}@muster", stay.entered_at, ends, f"{person.name}: {fence}")
        yield Record([person.name, person.employee_number, fence, *times, stay.ended, stay.cut], [shown])


def _punches(sheet: _Sheet, people: Mapping[UUID, _Named]) -> Iterator[Record]:
    wanted = Slice(sheet.since, sheet.until, limit=None)
    rows: Sequence[Punch] = lookups.punches(sheet.session, sheet.look.organization_id, wanted, people=list(people))
    place = {person: number for number, person in enumerate(people)}
    for punch in sorted(rows, key=lambda row: (place[row.person_id], row.at, row.id)):
        person = people[punch.person_id]
        yield Record([person.name, person.employee_number, punch.kind, sheet.local(punch.at), punch.method, punch.note])


def _in_order(people: Mapping[UUID, _Named], stays: Sequence[StaySeen]) -> list[StaySeen]:
    place = {person: number for number, person in enumerate(people)}
    return sorted(stays, key=lambda stay: (place[stay.person_id], stay.entered_at, stay.id))


_SOURCES: Final = {"workdays": _workdays, "stays": _stays, "punches": _punches}
