"""What evaluation must not guess, it asks: a clock-out or clock-in that is missing, an end that was only assumed.

Questions are computed with the workday, never stored: late data that answers one makes it disappear. An answer is stored, as a correction that
names the question: a confirmation changes no time and is final; a change of time waits for a manager like any other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.attendance import lookups
from app.attendance.corrections import Change, NewCorrection, about_json, propose
from app.attendance.lists import Slice
from app.attendance.models import Correction
from app.attendance.stays import Look
from app.attendance.workdays import Period, days
from app.errors import Conflict, Invalid, NotFound
from app.outbox import publish
from app.ports import Deps

ASKED_DAYS: Final = 14
"""Questions of longer ago are for a manager."""
WAITED: Final = timedelta(hours=16)
"""A last clock-in counts as forgotten after this long."""


@dataclass(frozen=True, slots=True)
class Open:
    """A question that waits for its person."""

    worked_on: date
    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reply:
    """Confirmed (`right` None), or the time that is right."""

    right: datetime | None
    reason: str


def open_questions(session: Session, organization_id: int, person_id: UUID, now: datetime) -> list[Open]:
    """The person's questions of the last two weeks, by time. Approved days ask nothing."""
    period = Period(now.date() - timedelta(days=ASKED_DAYS), now.date() + timedelta(days=1))
    found = days(session, Look(organization_id, now, person_id), [person_id], period)[person_id]
    return [
        Open(day.worked_on, question["kind"], datetime.fromisoformat(question["at"]))
        for day in found
        if day.approved is None
        for question in day.result["questions"]
        if not _may_still_come(question, now)
    ]


def _may_still_come(question: Mapping[str, str], now: datetime) -> bool:
    """Who clocked in this morning has not forgotten to clock out."""
    return question["kind"] == "clock_out_missing" and datetime.fromisoformat(question["at"]) > now - WAITED


def answer(session: Session, actor: Actor, question: Open, reply: Reply, now: datetime) -> Correction:
    """Raises `NotFound` when nothing of the kind is asked, `Invalid` for an impossible time."""
    person_id = actor.person_id
    if person_id is None or question not in open_questions(session, actor.tenant, person_id, now):
        raise NotFound
    if reply.right is not None:
        change = _change(question, reply.right)
        return propose(session, actor, NewCorrection(person_id, question.worked_on, change, reply.reason, "question"), now)
    if question.kind != "left_assumed":
        raise Conflict("What is missing cannot be confirmed. Give the time that is right.")
    found = Correction(
        organization_id=actor.tenant,
        person_id=person_id,
        worked_on=question.worked_on,
        source="question",
        change={"kind": "confirm", "about": about_json(question.kind, question.at)},
        reason=reply.reason,
        proposed_by=person_id,
        status="approved",
        decided_by=person_id,
        decided_at=now,
        created_at=now,
    )
    session.add(found)
    session.flush()
    session.refresh(found)
    return found


def _change(question: Open, right: datetime) -> Change:
    about = (question.kind, question.at)
    if right == question.at or (question.kind == "clock_out_missing" and right < question.at):
        raise Invalid.of("right", "This time cannot be the missing one", "Give the time at which you really left.")
    if question.kind == "clock_in_missing" and right > question.at:
        raise Invalid.of("right", "You cannot have come after you left", "Give the time at which you really came.")
    if question.kind == "left_assumed" and right < question.at:
        return Change("remove", right, question.at, about)
    return Change("add", min(right, question.at), max(right, question.at), about)


def missing_clock_outs(session: Session, organization_id: int, wanted: Slice, now: datetime) -> Sequence[Row[Any]]:
    """(id, person, at, method) of clock-ins without a clock-out that nobody answered for; for managers."""
    return lookups.clock_out_missing(session, organization_id, wanted, now - WAITED)


def ask_to_confirm(session: Session, organization_id: int, body: Mapping[str, Any], now: datetime, deps: Deps) -> None:  # noqa: ARG001 (a handler)
    """`attendance.ask_to_confirm`: {stay, person}. Tells the person's screens that a question waits; the question itself is computed."""
    stay = lookups.stay(session, organization_id, UUID(body["stay"]))
    if stay is None or stay.ended != "assumed" or stay.left_at is None:
        return
    news = {"kind": "left_assumed", "at": stay.left_at.isoformat(), "stay": str(stay.id)}
    publish.live(session, organization_id, "question", news, person_id=stay.person_id)
