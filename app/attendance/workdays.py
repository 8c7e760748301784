"""Workdays of many people at once, computed when asked for; and their approval.

1. The facts of everybody in the period are gathered with one statement per table: stays in fences that count as work (as the organization is
   told them, whoever reads: hours are one number, and an opt-out neither gives nor takes any), punches, shifts, corrections. A few days of slack
   around the period keep a pair or a night whole, so that the answer does not depend on the period asked for.
2. `core.workday` computes each person's days. Questions that were answered are left out.
3. An approved day is what was approved: a snapshot of the result, with its lines. Nothing but an approved correction makes its next revision.
4. A day is approved when it is over, nobody is still inside, and nothing waits to be decided; days left out are named with the reason.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.attendance import lookups
from app.attendance.dayform import answered, core_correction, day_form
from app.attendance.models import Correction, Workday
from app.attendance.shifts import Expected, expected
from app.attendance.stays import Look, StaySeen, as_seen
from app.core import workday as core
from app.core.fix import from_ms, to_ms
from app.core.intervals import holds
from app.core.schedule import midnight, worked_on
from app.geofences import service as geofences
from app.outbox import publish

SLACK: Final = timedelta(days=2)
DAY: Final = timedelta(days=1)
Skipped = Literal["not_over", "still_inside", "correction_waits", "question_open"]


@dataclass(frozen=True, slots=True)
class Day:
    """One person's day: the result as computed, or as approved when `approved` is set."""

    person_id: UUID
    worked_on: date
    result: dict[str, Any]
    approved: Workday | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """Local dates, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class _Facts:
    """Everything about everybody in the period, by person."""

    zone: str
    stays: dict[UUID, list[StaySeen]]
    punches: dict[UUID, list[core.Punch]]
    expected: Expected
    corrections: dict[UUID, list[Correction]]


def days(session: Session, look: Look, people: Sequence[UUID], period: Period) -> dict[UUID, list[Day]]:
    """Each person's days by date, approved ones as approved."""
    found = computed(session, look, people, period)
    for row in lookups.approved_days(session, look.organization_id, people, period.first, period.last):
        others = [day for day in found[row.person_id] if day.worked_on != row.worked_on]
        found[row.person_id] = sorted([*others, Day(row.person_id, row.worked_on, row.result, row)], key=lambda day: day.worked_on)
    return found


def computed(session: Session, look: Look, people: Sequence[UUID], period: Period) -> dict[UUID, list[Day]]:
    """The same from the facts alone, whatever was approved."""
    facts = _gather(session, look, people, period)
    found: dict[UUID, list[Day]] = {person: [] for person in people}
    for person in people:
        stay_ids = {(stay.fence_id, to_ms(stay.entered_at)): stay.id for stay in facts.stays[person]}
        done = answered(facts.corrections[person])
        for workday in core.workdays(_of(facts, person)):
            if period.first <= workday.worked_on <= period.last:
                found[person].append(Day(person, workday.worked_on, day_form(workday, stay_ids, done, facts.expected.shifts)))
    return found


def _of(facts: _Facts, person: UUID) -> core.Facts:
    corrections = [one for row in facts.corrections[person] if (one := core_correction(row)) is not None]
    stays = [stay.core() for stay in facts.stays[person]]
    shifts = facts.expected.occurrences.get(person, [])
    return core.Facts(facts.zone, stays, facts.punches[person], shifts, corrections, facts.expected.breaks)


def _gather(session: Session, look: Look, people: Sequence[UUID], period: Period) -> _Facts:
    organization_id = look.organization_id
    zone = accounts.get_organization(session, organization_id).timezone
    since = midnight(period.first, zone) - SLACK
    until = midnight(period.last + DAY, zone) + SLACK
    stays = _work_stays(session, look, people, (since, until))
    since = min([since, *(stay.entered_at for stay in stays)])
    until = max([until, *(stay.left_at or stay.last_inside_at for stay in stays)])
    rows = lookups.punches_around(session, organization_id, people, since, until)
    slack = (period.first - SLACK, period.last + SLACK)
    facts = _Facts(
        zone,
        defaultdict(list),
        defaultdict(list),
        expected(session, organization_id, people, to_ms(since), to_ms(until)),
        defaultdict(list),
    )
    for stay in stays:
        facts.stays[stay.person_id].append(stay)
    for row in rows:
        kind: Literal["clock_in", "clock_out"] = "clock_in" if row.kind == "in" else "clock_out"
        facts.punches[row.person_id].append(core.Punch(str(row.id), kind, to_ms(row.at), row.method))
    for correction in lookups.corrections_between(session, organization_id, people, *slack):
        facts.corrections[correction.person_id].append(correction)
    return facts


def _work_stays(session: Session, look: Look, people: Sequence[UUID], span: tuple[datetime, datetime]) -> list[StaySeen]:
    not_work = geofences.not_work(session, look.organization_id)
    rows = lookups.stays_overlapping(session, look.organization_id, None, people, *span)
    working = [row for row in rows if not holds(not_work.get(row.fence_id, ()), to_ms(row.entered_at))]
    return as_seen(session, look, working)


@dataclass(frozen=True, slots=True)
class Approval:
    """What an approval did: the days approved now, those that were already, and those left out, with the reason."""

    approved: int
    before: int
    skipped: list[tuple[UUID, date, Skipped]]


def approve(  # noqa: PLR0913 (who, whose, when, how)
    session: Session, look: Look, people: Sequence[UUID], period: Period, by: UUID, *, despite_questions: bool
) -> Approval:
    """Approve every day of these people that is ready. Approving again changes nothing."""
    today = worked_on(to_ms(look.now), accounts.get_organization(session, look.organization_id).timezone)
    found = [day for of_person in days(session, look, people, period).values() for day in of_person]
    skipped: list[tuple[UUID, date, Skipped]] = []
    ready: list[Day] = []
    for day in (day for day in found if day.approved is None):
        reason = _unready(day, today, despite_questions=despite_questions)
        if reason is None:
            ready.append(day)
        else:
            skipped.append((day.person_id, day.worked_on, reason))
    return Approval(_snapshot(session, look, ready, by), sum(day.approved is not None for day in found), skipped)


def _unready(day: Day, today: date, *, despite_questions: bool) -> Skipped | None:
    if day.worked_on >= today:
        return "not_over"
    if day.result["is_open"]:
        return "still_inside"
    if any(line["kind"] == "correction_pending" for line in day.result["lines"]):
        return "correction_waits"
    return "question_open" if day.result["questions"] and not despite_questions else None


def _snapshot(session: Session, look: Look, ready: Sequence[Day], by: UUID) -> int:
    if not ready:
        return 0
    rows = [
        {
            "organization_id": look.organization_id,
            "person_id": day.person_id,
            "worked_on": day.worked_on,
            "result": day.result,
            "approved_at": look.now,
            "approved_by": by,
        }
        for day in sorted(ready, key=lambda day: (str(day.person_id), day.worked_on))
    ]
    query = insert(Workday).on_conflict_do_nothing().returning(Workday.person_id, Workday.worked_on)
    written = session.execute(query, rows).all()
    publish.live_all(
        session,
        look.organization_id,
        [("workday", person, {"worked_on": day.isoformat(), "status": "approved"}) for person, day in written],
    )
    return len(written)


def compare_with_approved(session: Session, organization_id: int, person_id: UUID, span: tuple[int, int], now: datetime) -> int:
    """After late data between two moments (ms): raise, refresh or take back a correction for each approved day that now comes out otherwise.

    Approved days never change here. A proposal is raised once; one that a manager refused is not raised again for the same result.
    """
    period = Period(from_ms(span[0]).date() - DAY, from_ms(span[1]).date() + DAY)
    approved = lookups.approved_days(session, organization_id, [person_id], period.first, period.last)
    if not approved:
        return 0
    fresh = {day.worked_on: day.result for day in computed(session, Look(organization_id, now), [person_id], period)[person_id]}
    return sum(_propose(session, row, essence(fresh.get(row.worked_on))) for row in approved)


def _propose(session: Session, row: Workday, becomes: dict[str, Any]) -> bool:
    was = essence(row.result)
    known_ones = lookups.corrections_of_day(session, row.organization_id, row.person_id, row.worked_on, "late_data")
    waiting = next((one for one in known_ones if one.status == "proposed"), None)
    if becomes == was or any(one.status == "refused" and one.change["becomes"] == becomes for one in known_ones):
        if waiting is not None:
            waiting.status = "withdrawn"
            waiting.revision += 1
        return False
    if waiting is not None and waiting.change["becomes"] == becomes:
        return False
    if waiting is None:
        waiting = Correction(
            organization_id=row.organization_id,
            person_id=row.person_id,
            worked_on=row.worked_on,
            source="late_data",
            reason="Data that arrived after the approval changes this day.",
            revision=0,
        )
        session.add(waiting)
    waiting.change = {"kind": "late_data", "was": was, "becomes": becomes}
    waiting.revision += 1
    session.flush()
    body = {"correction": str(waiting.id), "worked_on": row.worked_on.isoformat(), "status": "proposed", "source": "late_data"}
    publish.live(session, row.organization_id, "correction", body, person_id=row.person_id)
    return True


def essence(result: dict[str, Any] | None) -> dict[str, Any]:
    """What makes two results the same: the time that counts and what is deducted. None: nothing happened that day."""
    if result is None:
        return {"worked_ms": 0, "break_deducted_ms": 0, "spans": []}
    return {key: result[key] for key in ("worked_ms", "break_deducted_ms", "spans")}


def approved_near(session: Session, organization_id: int, person_id: UUID, at: datetime) -> bool:
    """Whether a day around a moment was approved already."""
    return bool(lookups.approved_days(session, organization_id, [person_id], at.date() - DAY, at.date() + DAY))


def people_of(session: Session, organization_id: int, *, person_id: UUID | None, group_id: UUID | None) -> list[UUID]:
    """One person, a group's people, or everybody (those who left still have days to approve)."""
    if person_id is not None:
        return list(accounts.names_of(session, organization_id, [person_id]))
    if group_id is not None:
        return accounts.people_in_group(session, organization_id, group_id)
    return accounts.everybody(session, organization_id)
