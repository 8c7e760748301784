"""Punches over HTTP: by button, code on the wall, kiosk, or a manager for somebody."""

from uuid import UUID

from app.attendance import punches as service
from app.attendance import questions, views
from app.attendance.punch_schemas import FixOut, MissingOut, PunchedOut, PunchesQuery, PunchIn, PunchOut, SiteCodeOut
from app.attendance.routes import MODULE, newest_first, whose
from app.attendance.schemas import PeriodQuery
from app.errors import Forbidden, NotFound
from app.web.paging import Page, page
from app.web.route import Call, Created, Routes

routes = Routes("punches", module=MODULE)
reading = Routes("punch_lists", module=MODULE)


@routes.post(
    "/punches",
    action="punch.create",
    device_scope="punches",
    idempotent=False,
    limit="60 per minute",
    problems=(NotFound, Forbidden),
)
def record_punch(call: Call, body: PunchIn) -> Created[PunchedOut]:
    """Clock in or out. Location is never needed; a fix that comes along is judged at once and dropped.

    Sent again with the same `client_id` it is recognised, and what was recorded first stands.
    """
    new = service.NewPunch(body.kind, body.client_id, body.at, body.person_id, body.personal_code, body.site_code, body.note, body.fix)
    done = service.record_punch(call.session, call.actor, new, call.now, call.deps, anybody=call.scope == "all")
    return Created(
        PunchedOut(
            punch=PunchOut.model_validate(done.punch),
            repeat=done.repeat,
            already_since=done.already and done.already.at,
            fix=None if done.fix is None else FixOut.model_validate(done.fix),
        )
    )


@reading.get("/punches", action="punch.read", problems=(NotFound,))
def list_punches(call: Call, query: PunchesQuery) -> Page[PunchOut]:
    """Punches of the period, the newest first."""
    person_id = whose(call, query.person_id)
    people = None if person_id is None else [person_id]
    rows = service.list_punches(call.session, call.actor.tenant, newest_first(query), people=people)
    return page(rows, query, key=lambda row: (row.at.isoformat(), row.id), show=PunchOut.model_validate)


@reading.get("/punches/missing", action="workday.approve")
def list_missing(call: Call, query: PeriodQuery) -> Page[MissingOut]:
    """Clock-ins that no clock-out followed and that nobody answered for, the newest first."""
    rows = questions.missing_clock_outs(call.session, call.actor.tenant, newest_first(query), call.now)
    names = views.names(call.session, call.actor.tenant, [row.person_id for row in rows])
    return page(
        rows,
        query,
        key=lambda row: (row.at.isoformat(), row.id),
        show=lambda row: MissingOut(
            punch_id=row.id, person_id=row.person_id, name=names.get(row.person_id, ""), at=row.at, method=row.method
        ),
    )


@reading.get("/sites/<uuid:site_id>/punch-code", action="punch.code")
def read_site_code(call: Call, site_id: UUID) -> SiteCodeOut:
    """The code to hang on the wall of a site: whoever scans it clocks in or out there."""
    code, link, picture = service.site_code(call.session, call.actor, site_id, call.deps)
    return SiteCodeOut(site_id=site_id, code=code, link=link, svg=picture)
