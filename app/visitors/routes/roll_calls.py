"""The roll call over HTTP."""

import json
from uuid import UUID

from flask import Response, request

from app.errors import Conflict, NotFound
from app.visitors import roll_calls as service
from app.visitors import roll_reading
from app.visitors import roll_report as report
from app.visitors.roll_schemas import (
    AtHandOut,
    ChangesQuery,
    MarkResult,
    MarksIn,
    MarksOut,
    NoteIn,
    ReportQuery,
    RollCallIn,
    RollCallLine,
    RollCallOut,
    RollCallsQuery,
)
from app.web.paging import Page, page
from app.web.route import JSON, Call, Created, Routes, etag_of

routes = Routes("roll_calls", module="visitors")
DETAILS = {
    "unknown-entry": "Nobody on this roll call has this id. Add them first.",
    "withdraws": "A withdrawal names the mark that it takes back; other marks name none.",
}


@routes.get("/roll-call/snapshot", action="roll_call.mark")
def read_snapshot(call: Call) -> Response:
    """Everybody believed on site now (`AtHandOut`), for phones that may lose the network. Its ETag stays while nothing but the time changes."""
    found = roll_reading.at_hand(call.session, call.actor, call.now, call.deps)
    etag = etag_of(json.dumps(found, default=str).encode())
    if request.if_none_match.contains_weak(etag.strip('"')):
        return Response(status=304, headers={"ETag": etag})
    shown = AtHandOut(taken_at=call.now, **found)
    return Response(shown.model_dump_json(), headers={"ETag": etag}, content_type=JSON)


@routes.post("/roll-calls", action="roll_call.start", problems=(NotFound,))
def start_roll_call(call: Call, body: RollCallIn) -> Created[RollCallOut]:
    """Begin a roll call, or join the open one of these sites.

    The answer may bear another id than was sent: then somebody had begun one already. What is said to either id counts in both.
    """
    new = service.NewRollCall(body.id, body.site_ids, body.exercise, body.message_id)
    return Created(_whole(call, service.start(call.session, call.actor, new, call.now, call.deps).id))


@routes.get("/roll-calls", action="roll_call.read")
def list_roll_calls(call: Call, query: RollCallsQuery) -> Page[RollCallLine]:
    """Roll calls, the newest first."""
    lines = roll_reading.lines(call.session, call.actor.tenant, query.after_id(), query.limit + 1)
    return page(lines, query, key=lambda one: (one["id"],), show=RollCallLine.model_validate)


@routes.get("/roll-calls/<uuid:roll_call_id>", action="roll_call.read", problems=(NotFound,))
def read_roll_call(call: Call, roll_call_id: UUID) -> RollCallOut:
    """Everybody on the list, and everything that was said."""
    return _whole(call, roll_call_id)


@routes.get("/roll-calls/<uuid:roll_call_id>/changes", action="roll_call.read", problems=(NotFound,))
def read_changes(call: Call, roll_call_id: UUID, query: ChangesQuery) -> RollCallOut:
    """What came after a revision. Nothing that was told before ever changes but for what all marks together amount to."""
    return _whole(call, roll_call_id, query.after)


@routes.post("/roll-calls/<uuid:roll_call_id>/marks", action="roll_call.mark", problems=(NotFound, Conflict), max_body_bytes=1 << 20)
def record_marks(call: Call, roll_call_id: UUID, body: MarksIn) -> MarksOut:
    """Record marks and additions, also after the end for a day. Sent again they are recognised by their ids."""
    said = [service.Said(**dict(one)) for one in body.marks]
    added = [service.Added(**dict(one)) for one in body.added]
    faults = service.record(call.session, call.actor, roll_call_id, said, added, call.now, call.deps)
    results = [MarkResult(index=number, status="refused" if fault else "accepted", reason=fault, detail=fault and DETAILS[fault])
               for number, fault in enumerate([*faults, *([None] * len(added))])]  # fmt: skip
    return MarksOut(revision=service.get(call.session, call.actor.tenant, roll_call_id).revision, results=results)


@routes.post("/roll-calls/<uuid:roll_call_id>/notes", action="roll_call.mark", problems=(NotFound, Conflict))
def record_note(call: Call, roll_call_id: UUID, body: NoteIn) -> None:
    """Write something down, also after the end for a day."""
    service.note(call.session, call.actor, roll_call_id, service.Noted(body.id, body.text, body.said_at), call.now, call.deps)


@routes.post("/roll-calls/<uuid:roll_call_id>/ending", action="roll_call.start", problems=(NotFound,))
def end_roll_call(call: Call, roll_call_id: UUID) -> RollCallOut:
    """It is over. Phones that had no network may still say what they know, for a day."""
    return _whole(call, service.end(call.session, call.actor, roll_call_id, call.now).id)


@routes.get(
    "/roll-calls/<uuid:roll_call_id>/report", action="roll_call.read", problems=(NotFound,), produces=("application/pdf", "text/csv")
)
def read_report(call: Call, roll_call_id: UUID, query: ReportQuery) -> Response:
    """Everybody on the list, how they stand, and every mark with both its times, in the organization's language."""
    made = report.Report(call.session, service.get(call.session, call.actor.tenant, roll_call_id), call.deps)
    kind, body = ("application/pdf", made.pdf()) if query.format == "pdf" else ("text/csv; charset=utf-8", made.csv())
    named = {"Content-Disposition": f'attachment; filename="roll-call.{query.format}"', "Cache-Control": "no-store"}
    return Response(body, headers=named, content_type=kind)


def _whole(call: Call, roll_call_id: UUID, after: int = 0) -> RollCallOut:
    roll_call = service.get(call.session, call.actor.tenant, roll_call_id)
    return RollCallOut.model_validate(roll_reading.whole(call.session, roll_call, call.deps, after))
