"""Exports over HTTP: asked for, polled, fetched."""

from uuid import UUID

from flask import Response, send_file

from app.attendance import exports as service
from app.attendance.routes import MODULE, whose
from app.attendance.schemas import ExportIn, ExportOut
from app.attendance.sheets import TYPES
from app.errors import Conflict, NotFound
from app.web.paging import Page, PageQuery, page
from app.web.route import Call, Created, Routes

routes = Routes("exports", module=MODULE)


@routes.post("/exports", action="attendance.export", problems=(NotFound,), limit="30 per minute")
def create_export(call: Call, body: ExportIn) -> Created[ExportOut]:
    """Ask for a file. A worker builds it; ask for its status until it is ready."""
    if call.scope == "own" and body.group_id is not None:
        raise NotFound
    new = body.new(whose(call, body.person_id) if call.scope == "own" else None)
    return Created(ExportOut.model_validate(service.ask(call.session, call.actor, new, call.now)))


@routes.get("/exports", action="export.read")
def list_exports(call: Call, query: PageQuery) -> Page[ExportOut]:
    """Your exports, the newest first."""
    rows = service.list_exports(call.session, call.actor, query.after_id(), query.limit + 1)
    return page(rows, query, key=lambda row: (row.id,), show=ExportOut.model_validate)


@routes.get("/exports/<uuid:export_id>", action="export.read")
def read_export(call: Call, export_id: UUID) -> ExportOut:
    """How an export stands."""
    return ExportOut.model_validate(service.get(call.session, call.actor, export_id))


@routes.get(
    "/exports/<uuid:export_id>/file", action="export.read", problems=(Conflict,), produces=tuple(kind for kind, _ in TYPES.values())
)
def fetch_export(call: Call, export_id: UUID) -> Response:
    """The file itself."""
    export, path = service.file_of(call.session, call.actor, export_id, call.deps.settings.var_dir)
    return send_file(path, TYPES[export.format][0], as_attachment=True, download_name=export.file_name, conditional=False)
