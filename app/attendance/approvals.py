"""Approving the days of many people: asked for once, done some people at a time, with the progress to be read.

1. Who approves gets a row that counts. The first people are done in the request itself, so one person or a small group is done at once.
2. What is left is a piece of work: some people more, then the next piece, each in one transaction together with the count. So no request
   and no lock lasts long, a killed worker repeats nothing, and what was approved meanwhile by somebody else is only counted.
3. People go by id: whoever joins while it runs is taken along or not, and nobody is done twice.
4. Should a piece fail again and again, the approval ends as failed. What it approved stays; approving the period again does the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.actor import Actor
from app.attendance import lookups
from app.attendance.models import Approval
from app.attendance.stays import Look
from app.attendance.workdays import Period, approve, people_of
from app.errors import Forbidden, NotFound
from app.outbox import publish
from app.outbox.carry import given_up
from app.ports import Deps

KIND: Final = "attendance.approve"
PEOPLE_AT_ONCE: Final = 20
"""With a month each about half a second of work, and so long are the rows that it writes locked."""
NAMED_MAX: Final = 500
"""So many of the days left out are named; all are counted."""
KEPT: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which days of whom. Neither person nor group: everybody. Days with open questions wait unless `despite_questions`."""

    period: Period
    person_id: UUID | None = None
    group_id: UUID | None = None
    despite_questions: bool = False


def ask(session: Session, actor: Actor, wanted: Wanted, now: datetime) -> Approval:
    """Begin, and do the first people. Raises `NotFound`, `Invalid` for a person or group that is not there, `Forbidden` for who is nobody here."""
    if actor.person_id is None:
        raise Forbidden
    if wanted.group_id is not None:
        accounts.require_listed_groups(session, actor.tenant, [wanted.group_id], "group_id")
    people = people_of(session, actor.tenant, person_id=wanted.person_id, group_id=wanted.group_id)
    if wanted.person_id is not None and not people:
        raise NotFound
    approval = Approval(
        organization_id=actor.tenant,
        requested_by=actor.person_id,
        first=wanted.period.first,
        last=wanted.period.last,
        person_id=wanted.person_id,
        group_id=wanted.group_id,
        despite_questions=wanted.despite_questions,
        status="running",
        people=len(people),
        people_done=0,
        approved=0,
        approved_before=0,
        skipped=0,
        left_out=[],
        created_at=now,
    )
    session.add(approval)
    session.flush()
    _go_on(session, approval, now)
    return approval


def get(session: Session, organization_id: int, approval_id: UUID) -> Approval:
    """How an approval stands. Raises `NotFound`."""
    found = lookups.approval(session, organization_id, approval_id)
    if found is None:
        raise NotFound
    return found


def carry_on(session: Session, organization_id: int, body: Mapping[str, Any], now: datetime, deps: Deps) -> None:  # noqa: ARG001 (a handler)
    """`attendance.approve`: {approval}. The next people."""
    approval = lookups.approval(session, organization_id, UUID(body["approval"]), lock=True)
    if approval is not None and approval.status == "running":
        _go_on(session, approval, now)


def _go_on(session: Session, approval: Approval, now: datetime) -> None:
    organization_id = approval.organization_id
    everyone = people_of(session, organization_id, person_id=approval.person_id, group_id=approval.group_id)
    waiting = sorted(person for person in everyone if approval.done_until is None or person > approval.done_until)
    people = waiting[:PEOPLE_AT_ONCE]
    if people:
        _count(session, approval, people, now)
    if len(waiting) > len(people):
        publish.publish(session, organization_id, KIND, {"approval": str(approval.id)}, due_at=now)
    else:
        approval.status = "done"
    session.flush()


def _count(session: Session, approval: Approval, people: list[UUID], now: datetime) -> None:
    done = approve(
        session,
        Look(approval.organization_id, now),
        people,
        Period(approval.first, approval.last),
        approval.requested_by,
        despite_questions=approval.despite_questions,
    )
    named: list[tuple[UUID, date, str]] = list(done.skipped)
    room = NAMED_MAX - len(approval.left_out)
    approval.left_out = [
        *approval.left_out,
        *({"person_id": str(person), "worked_on": day.isoformat(), "reason": reason} for person, day, reason in named[:room]),
    ]
    approval.approved += done.approved
    approval.approved_before += done.before
    approval.skipped += len(named)
    approval.people_done += len(people)
    approval.done_until = people[-1]


def fail_given_up(deps: Deps, organization_id: int, now: datetime) -> int:  # noqa: ARG001 (a chore)
    """Each minute: end the approvals that nobody carries on any more; how many."""
    with deps.database.tenant(organization_id) as session:
        lost = [UUID(body["approval"]) for body in given_up(session, organization_id, KIND)]
        failed = lookups.running_approvals(session, organization_id, lost) if lost else []
        for approval in failed:
            approval.status = "failed"
    return len(failed)


def forget(session: Session, organization_id: int, now: datetime) -> int:
    """Each day: what was asked long enough ago; how many."""
    return lookups.forget_approvals(session, organization_id, now - KEPT)
