"""Corrections: proposed with a reason, decided by somebody else, never overwritten.

1. A person proposes for their own days, a manager for anybody's. Late data and answered questions propose too (`workdays`, `questions`).
2. Four eyes: nobody decides what they proposed themselves or what is about their own day, unless nobody else in the organization may decide at all.
3. Approved, it lies on top in the computation of an open day. Of an approved day it makes the next revision, and keeps what the day was before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.actor import Actor
from app.attendance import lookups
from app.attendance.dayform import iso, read_ms
from app.attendance.models import Correction, Workday
from app.attendance.stays import Look
from app.attendance.workdays import Period, computed, essence
from app.authority import ACTIONS
from app.core.fix import to_ms
from app.core.intervals import Interval, difference, length_ms, union
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.outbox import publish

LONGEST: Final = timedelta(hours=24)
DAY: Final = timedelta(days=1)
DECIDED: Final = "This was decided or withdrawn already. Load it again; propose another correction if it is still wrong."


@dataclass(frozen=True, slots=True)
class Change:
    """Add or remove the time [since, until) of a workday; `about` names the question it answers."""

    kind: Literal["add", "remove"]
    since: datetime
    until: datetime
    about: tuple[str, datetime] | None = None

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        change: dict[str, Any] = {"kind": self.kind, "since": iso(to_ms(self.since)), "until": iso(to_ms(self.until))}
        return change | ({"about": about_json(*self.about)} if self.about else {})


@dataclass(frozen=True, slots=True)
class NewCorrection:
    """Whose day to change, how, and why. `source` is worked out unless it is an answered question."""

    person_id: UUID
    worked_on: date
    change: Change
    reason: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided, and why."""

    status: Literal["approved", "refused", "withdrawn"]
    reason: str | None = None


def about_json(kind: str, at: datetime) -> dict[str, str]:
    """The question that a correction or confirmation answers."""
    return {"kind": kind, "at": iso(to_ms(at))}


def propose(session: Session, actor: Actor, new: NewCorrection, now: datetime) -> Correction:
    """Write a proposal down. Raises `Invalid` for a time that is impossible, `NotFound` for a person who is not there."""
    if not accounts.names_of(session, actor.tenant, [new.person_id]):
        raise NotFound
    _check(new.change, new.worked_on, now)
    found = Correction(
        organization_id=actor.tenant,
        person_id=new.person_id,
        worked_on=new.worked_on,
        source=new.source or ("person" if actor.person_id == new.person_id else "manager"),
        change=new.change.as_json(),
        reason=new.reason,
        proposed_by=actor.person_id,
        created_at=now,
    )
    session.add(found)
    session.flush()
    session.refresh(found)
    _tell(session, found)
    return found


def _check(change: Change, worked_on: date, now: datetime) -> None:
    if not change.since < change.until <= change.since + LONGEST:
        raise Invalid.of("until", "A correction lasts more than nothing and at most 24 hours", "Split it by day.")
    if change.until > now + timedelta(minutes=2):
        raise Invalid.of("until", "This time has not come yet", "Wait until it is over.")
    if not worked_on - DAY <= change.since.date() <= worked_on + 2 * DAY:
        raise Invalid.of("since", "This time is not near the day that it corrects", "Correct `worked_on` or the time.")


def get(session: Session, organization_id: int, correction_id: UUID, *, own: UUID | None, lock: bool = False) -> Correction:
    """By id; `own` restricts to a person's. Raises `NotFound`."""
    found = lookups.correction(session, organization_id, correction_id, lock=lock)
    if found is None or own not in (None, found.person_id):
        raise NotFound
    return found


def withdraw(session: Session, actor: Actor, correction: Correction, now: datetime) -> None:
    """Take one's own proposal back. Raises `Conflict` when it was decided, `Forbidden` when somebody else proposed it."""
    if actor.person_id is None or correction.proposed_by != actor.person_id:
        raise Forbidden("Only who proposed a correction can withdraw it. A manager can refuse it.")
    _decide(session, correction, Verdict("withdrawn"), actor.person_id, now)


def decide(session: Session, actor: Actor, correction: Correction, verdict: Verdict, now: datetime) -> None:
    """Approve or refuse. Raises `Conflict` when it was decided, `Forbidden` for one's own."""
    if actor.person_id is None:
        raise Forbidden
    if actor.person_id in (correction.proposed_by, correction.person_id) and _others_may_decide(session, actor):
        raise Forbidden("Somebody else must decide this: nobody approves what they proposed, or their own day.")
    _decide(session, correction, verdict, actor.person_id, now)
    if verdict.status == "approved":
        day = lookups.approved_day(session, correction.organization_id, correction.person_id, correction.worked_on)
        if day is not None:
            _revise(session, day, correction, now)


def _others_may_decide(session: Session, actor: Actor) -> bool:
    roles = [role for role, scope in ACTIONS["correction.decide"].items() if scope == "all"]
    return any(person != actor.person_id for person in accounts.people_with_roles(session, actor.tenant, roles))


def _decide(session: Session, correction: Correction, verdict: Verdict, by: UUID, now: datetime) -> None:
    if correction.status != "proposed":
        raise Conflict(DECIDED)
    correction.status = verdict.status
    correction.decided_by = by
    correction.decided_at = now
    correction.decision_reason = verdict.reason
    correction.revision += 1
    session.flush()
    _tell(session, correction)


def _tell(session: Session, correction: Correction) -> None:
    body = {"correction": str(correction.id), "worked_on": correction.worked_on.isoformat(), "status": correction.status}
    publish.live(session, correction.organization_id, "correction", body, person_id=correction.person_id)


def _revise(session: Session, day: Workday, correction: Correction, now: datetime) -> None:
    """The next revision of an approved day. What it was before is kept with the correction."""
    was = day.result
    if correction.change["kind"] == "late_data":
        look, period = Look(day.organization_id, now), Period(day.worked_on, day.worked_on)
        fresh = computed(session, look, [day.person_id], period)[day.person_id]
        day.result = fresh[0].result if fresh else {**was, **essence(None), "breaks": [], "questions": [], "lines": []}
    else:
        day.result = _on_top(was, correction)
    correction.change = {**correction.change, "was": essence(was)}
    day.revision += 1
    day.approved_at = now
    day.approved_by = correction.decided_by or day.approved_by
    session.flush()


def _on_top(result: dict[str, Any], correction: Correction) -> dict[str, Any]:
    """An approved result with one more correction: nothing below it is computed again."""
    spans = [(read_ms(span["since"]), read_ms(span["until"])) for span in result["spans"]]
    change = correction.change
    about: Interval = (read_ms(change["since"]), read_ms(change["until"]))
    after = union([*spans, about]) if change["kind"] == "add" else difference(spans, [about])
    breaks = difference([(after[0][0], after[-1][1])], after) if after else []
    deducted_ms = min(result["break_deducted_ms"], length_ms(after))
    line = {
        "kind": "correction",
        "effect_ms": length_ms(after) - length_ms(spans),
        "spans": _json([about]),
        "correction": {"id": str(correction.id), "kind": change["kind"], "reason": correction.reason},
    }
    return {
        **result,
        "worked_ms": length_ms(after) - deducted_ms,
        "spans": _json(after),
        "breaks": _json(breaks),
        "break_deducted_ms": deducted_ms,
        "lines": [*result["lines"], line],
    }


def _json(spans: list[Interval]) -> list[dict[str, str]]:
    return [{"since": iso(start), "until": iso(end)} for start, end in spans]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which corrections a list shows."""

    person_id: UUID | None = None
    status: str | None = None
    first: date | None = None
    last: date | None = None


def list_corrections(session: Session, organization_id: int, wanted: Wanted, before: UUID | None, limit: int) -> Sequence[Correction]:
    """The newest first."""
    return lookups.corrections(
        session,
        organization_id,
        person_id=wanted.person_id,
        status=wanted.status,
        first=wanted.first,
        last=wanted.last,
        before=before,
        limit=limit,
    )
