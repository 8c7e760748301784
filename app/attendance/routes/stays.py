"""Stays over HTTP, and what made them."""

from collections.abc import Mapping
from uuid import UUID

from app.attendance import stays as service
from app.attendance import views
from app.attendance.routes import MODULE, look, newest_first, whose
from app.attendance.schemas import EvidenceOut, StayLine, StayOut, StaysQuery, WhyOut
from app.errors import NotFound
from app.web.paging import Page, page
from app.web.route import Call, Routes

routes = Routes("stays", module=MODULE)


@routes.get("/stays", action="stay.read", problems=(NotFound,))
def list_stays(call: Call, query: StaysQuery) -> Page[StayLine]:
    """Stays that began in the period, the newest first."""
    person_id = whose(call, query.person_id)
    rows = service.list_stays(call.session, look(call), newest_first(query), person_id=person_id, fence_id=query.fence_id)
    fences = views.fence_names(call.session, call.actor.tenant)
    return page(rows, query, key=lambda row: (row.entered_at.isoformat(), row.id), show=lambda row: _line(row, fences))


@routes.get("/stays/<uuid:stay_id>", action="stay.read")
def explain_stay(call: Call, stay_id: UUID) -> WhyOut:
    """Why this stay: the crossings that made it and their evidence, and the cut that ended it."""
    found = service.why(call.session, look(call), stay_id, own=call.own())
    crossings = [EvidenceOut.model_validate(one) for one in service.evidence(found)]
    passed = not found.crossings
    return WhyOut(stay=_shown(found.stay), decided_at=found.stay.decided_at, crossings=crossings, evidence_term_passed=passed)


def _shown(stay: service.StaySeen) -> StayOut:
    return StayOut.model_validate({name: getattr(stay, name) for name in StayOut.model_fields})


def _line(stay: service.StaySeen, fences: Mapping[UUID, str]) -> StayLine:
    return StayLine(**_shown(stay).model_dump(), fence=fences[stay.fence_id])
