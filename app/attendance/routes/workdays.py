"""Workdays over HTTP: computed when asked for, approved once."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.accounts.service import PeopleFilter, Window, get_person, list_people
from app.attendance import approvals, views
from app.attendance import workdays as service
from app.attendance.routes import MODULE, look, whose
from app.attendance.schemas import ApprovalIn, ApprovalOut, DayQuery, PersonDays, WorkdayOut, WorkdaysQuery, WorkdayWhy
from app.errors import Forbidden, NotFound
from app.web.paging import Page, page
from app.web.route import Call, Created, Routes

routes = Routes("workdays", module=MODULE)


@routes.get("/workdays", action="workday.read", problems=(NotFound,))
def list_workdays(call: Call, query: WorkdaysQuery) -> Page[PersonDays]:
    """A page of people, each with their days of the period. A day with nothing is left out."""
    wanted = PeopleFilter(left=query.left, group_id=query.group_id, only=whose(call, query.person_id))
    people = list_people(call.session, call.actor.tenant, wanted, Window(query.after_id(), query.limit))
    found = service.days(call.session, look(call), [person.id for person in people[: query.limit]], query.period)
    return page(
        people,
        query,
        key=lambda person: (person.id,),
        show=lambda person: PersonDays(
            person_id=person.id, name=person.name or person.telephone or "", days=[_shown(day) for day in found[person.id]]
        ),
    )


@routes.get("/workdays/<uuid:person_id>", action="workday.read", problems=(NotFound,))
def explain_workday(call: Call, person_id: UUID, query: DayQuery) -> WorkdayWhy:
    """One day of one person, with a line for every number."""
    person = get_person(call.session, call.actor.tenant, whose(call, person_id) or person_id)
    found = service.days(call.session, look(call), [person.id], service.Period(query.on, query.on))[person.id]
    if not found:
        raise NotFound
    day = found[0]
    fences = views.fence_names(call.session, call.actor.tenant)
    by = day.approved and day.approved.approved_by
    more = {
        "person_id": person.id,
        "approver": by and views.names(call.session, call.actor.tenant, [by]).get(by),
        "lines": [_with_fence(line, fences) for line in day.result["lines"]],
    }
    return WorkdayWhy.model_validate({**_fields(day), **more})


@routes.post("/approvals", action="workday.approve", problems=(Forbidden, NotFound))
def create_approval(call: Call, body: ApprovalIn) -> Created[ApprovalOut]:
    """Approve every day of the period that is ready, and say which are not. Of many people the answer comes before all are done: ask for it again.

    Approving again changes nothing.
    """
    wanted = approvals.Wanted(service.Period(body.first, body.last), body.person_id, body.group_id, body.despite_questions)
    return Created(ApprovalOut.model_validate(approvals.ask(call.session, call.actor, wanted, call.now)))


@routes.get("/approvals/<uuid:approval_id>", action="workday.approve")
def read_approval(call: Call, approval_id: UUID) -> ApprovalOut:
    """How far an approval is."""
    return ApprovalOut.model_validate(approvals.get(call.session, call.actor.tenant, approval_id))


def _shown(day: service.Day) -> WorkdayOut:
    return WorkdayOut.model_validate(_fields(day))


def _fields(day: service.Day) -> dict[str, object]:
    shown = {name: day.result[name] for name in ("worked_ms", "break_deducted_ms", "spans", "breaks", "is_open", "questions")}
    approved = day.approved
    return {
        **shown,
        "worked_on": day.worked_on,
        "status": "open" if approved is None else "approved",
        "approved_at": approved and approved.approved_at,
        "approved_by": approved and approved.approved_by,
        "revision": 0 if approved is None else approved.revision,
    }


def _with_fence(line: dict[str, Any], fences: Mapping[UUID, str]) -> dict[str, Any]:
    stay = line.get("stay")
    return line if stay is None else {**line, "stay": {**stay, "fence": fences.get(UUID(stay["fence_id"]))}}
