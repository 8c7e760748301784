"""Workdays over HTTP: computed when asked for, approved once."""

from uuid import UUID

from app.accounts.service import PeopleFilter, Window, get_person, list_people, require_groups
from app.attendance import workdays as service
from app.attendance.routes import MODULE, look, whose
from app.attendance.schemas import ApprovedOut, ApproveIn, DayQuery, PersonDays, SkippedOut, WorkdayOut, WorkdaysQuery, WorkdayWhy
from app.attendance.stays import Look
from app.errors import Forbidden, NotFound
from app.web.paging import Page, page
from app.web.route import Call, Routes

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
    return WorkdayWhy.model_validate({**_fields(day), "person_id": person.id, "lines": day.result["lines"]})


@routes.post("/workdays/approve", action="workday.approve", problems=(Forbidden, NotFound))
def approve_workdays(call: Call, body: ApproveIn) -> ApprovedOut:
    """Approve every day of the period that is ready, and say which are not. Approving again changes nothing."""
    if call.actor.person_id is None:
        raise Forbidden
    if body.group_id is not None:
        require_groups(call.session, call.actor.tenant, [body.group_id], "body.group_id")
    people = service.people_of(call.session, call.actor.tenant, person_id=body.person_id, group_id=body.group_id)
    if body.person_id is not None and not people:
        raise NotFound
    done = service.approve(
        call.session,
        Look(call.actor.tenant, call.now),
        people,
        service.Period(body.first, body.last),
        call.actor.person_id,
        despite_questions=body.despite_questions,
    )
    skipped = [SkippedOut(person_id=person, worked_on=day, reason=reason) for person, day, reason in done.skipped]
    return ApprovedOut(approved=done.approved, approved_before=done.before, skipped=skipped)


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
