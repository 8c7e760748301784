"""Corrections and questions over HTTP."""

from collections.abc import Mapping
from uuid import UUID

from app.attendance import corrections as service
from app.attendance import questions, views
from app.attendance.routes import MODULE, whose
from app.attendance.schemas import AnswerIn, CorrectionIn, CorrectionLine, CorrectionOut, CorrectionsQuery, DecisionIn, MyQuestionOut
from app.errors import Conflict, Forbidden, NotFound
from app.web.paging import Page, page
from app.web.route import Call, Created, Routes

routes = Routes("corrections", module=MODULE)


@routes.get("/corrections", action="correction.read", problems=(NotFound,))
def list_corrections(call: Call, query: CorrectionsQuery) -> Page[CorrectionLine]:
    """Corrections, the newest first."""
    wanted = service.Wanted(whose(call, query.person_id), query.status, query.first, query.last)
    rows = service.list_corrections(call.session, call.actor.tenant, wanted, query.after_id(), query.limit + 1)
    people = [person for row in rows for person in (row.person_id, row.proposed_by, row.decided_by) if person]
    names = views.names(call.session, call.actor.tenant, people)
    return page(rows, query, key=lambda row: (row.id,), show=lambda row: _line(CorrectionOut.model_validate(row), names))


@routes.get("/corrections/<uuid:correction_id>", action="correction.read")
def read_correction(call: Call, correction_id: UUID) -> CorrectionOut:
    """One correction."""
    return CorrectionOut.model_validate(service.get(call.session, call.actor.tenant, correction_id, own=call.own()))


@routes.post("/corrections", action="correction.propose", problems=(NotFound, Forbidden))
def propose_correction(call: Call, body: CorrectionIn) -> Created[CorrectionOut]:
    """Propose to add or remove time of a workday. It counts once somebody else approves it."""
    person_id = whose(call, body.person_id) or call.actor.person_id
    if person_id is None:
        raise Forbidden
    about = (body.about.kind, body.about.at) if body.about else None
    change = service.Change(body.kind, body.since, body.until, about)
    new = service.NewCorrection(person_id, body.worked_on, change, body.reason)
    return Created(CorrectionOut.model_validate(service.propose(call.session, call.actor, new, call.now)))


@routes.patch("/corrections/<uuid:correction_id>", action="correction.decide", edits=True, problems=(Conflict, Forbidden))
def decide_correction(call: Call, correction_id: UUID, body: DecisionIn) -> CorrectionOut:
    """Approve or refuse. Nobody decides their own proposal or their own day, unless nobody else may decide at all."""
    found = service.get(call.session, call.actor.tenant, correction_id, own=call.own(), lock=True)
    call.check_match(CorrectionOut.model_validate(found))
    service.decide(call.session, call.actor, found, service.Verdict(body.status, body.reason), call.now)
    return CorrectionOut.model_validate(found)


@routes.post("/corrections/<uuid:correction_id>/withdraw", action="correction.propose", edits=True, problems=(Conflict, Forbidden))
def withdraw_correction(call: Call, correction_id: UUID) -> CorrectionOut:
    """Take your own proposal back."""
    found = service.get(call.session, call.actor.tenant, correction_id, own=call.own(), lock=True)
    call.check_match(CorrectionOut.model_validate(found))
    service.withdraw(call.session, call.actor, found, call.now)
    return CorrectionOut.model_validate(found)


@routes.get("/me/questions", action="question.read", problems=(NotFound,))
def list_questions(call: Call) -> list[MyQuestionOut]:
    """What your days of the last two weeks ask you, by time."""
    person_id = call.own()
    if person_id is None:
        raise NotFound
    found = questions.open_questions(call.session, call.actor.tenant, person_id, call.now)
    return [MyQuestionOut.model_validate({"worked_on": one.worked_on, "kind": one.kind, "at": one.at}) for one in found]


@routes.post("/me/questions/answer", action="question.read", problems=(NotFound, Conflict))
def answer_question(call: Call, body: AnswerIn) -> Created[CorrectionOut]:
    """Confirm an assumed end, or give the time that is right: then a manager decides."""
    question = questions.Open(body.worked_on, body.kind, body.at)
    reply = questions.Reply(body.right, body.reason)
    return Created(CorrectionOut.model_validate(questions.answer(call.session, call.actor, question, reply, call.now)))


def _line(row: CorrectionOut, names: Mapping[UUID, str]) -> CorrectionLine:
    said = {"proposer": row.proposed_by, "decider": row.decided_by}
    shown = row.model_dump()
    return CorrectionLine(**shown, person=names.get(row.person_id, ""), **{key: who and names.get(who) for key, who in said.items()})
