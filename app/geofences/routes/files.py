"""Geofences from files and to files."""

from flask import Response

from app.errors import Conflict
from app.geofences.facts import Chosen
from app.geofences.formats.draft import FileRefused
from app.geofences.schemas import ConfirmQuery, ExportQuery, Imported, ImportQuery, PreviewOut, draft_of, line_of
from app.geofences.service import fences, lookups, shapes
from app.geofences.service import imports as service
from app.web.route import Call, Created, Routes

routes = Routes("fence_files", module="geofence")
MAX_BYTES = 5 * 2**20
TYPES = {"geojson": "application/geo+json", "kml": "application/vnd.google-earth.kml+xml"}
CONSUMES = (
    "application/octet-stream",
    "application/geo+json",
    "application/json",
    "application/vnd.google-earth.kml+xml",
    "application/vnd.google-earth.kmz",
    "application/gpx+xml",
    "application/xml",
    "application/zip",
    "application/x-zip-compressed",
    "text/plain",
    "text/xml",
)
"""What browsers and tools call these files. It does not matter which is said: the ending of the name decides."""


@routes.post("/fences/import/preview", action="fence.edit", consumes=CONSUMES, max_body_bytes=MAX_BYTES, problems=(FileRefused,))
def preview_import(call: Call, body: bytes, query: ImportQuery) -> PreviewOut:
    """What a file would create, what is wrong with it, and how it lies among what is there. Writes nothing.

    Takes GeoJSON, KML, KMZ, GPX, WKT and zipped shapefiles, as the raw body.
    """
    found = service.preview_import(call.session, call.actor.tenant, body, query.file_name)
    return PreviewOut(preview_hash=found.preview_hash, drafts=[draft_of(line, _warnings(line)) for line in found.lines])


@routes.post("/fences/import", action="fence.edit", consumes=CONSUMES, max_body_bytes=MAX_BYTES, problems=(Conflict, FileRefused))
def confirm_import(call: Call, body: bytes, query: ConfirmQuery) -> Created[Imported]:
    """Create what was chosen of a previewed file, for everyone. Send the same file again."""
    chosen = Chosen(query.preview_hash, frozenset(query.take), frozenset(query.take_repaired), query.site_id)
    views = service.confirm_import(call.session, call.actor, (body, query.file_name), chosen, call.now)
    return Created(Imported(fences=[line_of(view) for view in views]))


@routes.get("/fences/export", action="fence.read", produces=tuple(TYPES.values()))
def export_fences(call: Call, query: ExportQuery) -> Response:
    """The geofences in use as one file; an employee gets those assigned to them now."""
    views = fences.current_fences(call.session, call.actor.tenant, only=call.own())
    disposition = {"Content-Disposition": f'attachment; filename="geofences.{query.format}"'}
    return Response(lookups.exported(views, query.format), 200, disposition, content_type=TYPES[query.format])


def _warnings(line: service.DraftLine) -> list[shapes.Warned]:
    small = [shapes.SMALL] if line.draft.shape and shapes.is_small(line.draft.shape) else []
    return small + [shapes.SWAPPED] * line.swapped
