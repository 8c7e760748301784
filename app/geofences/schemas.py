"""What goes in and out of the routes of geofences. Geometry is GeoJSON (longitude first); everywhere else coordinates go by name."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import Field, WithJsonSchema, model_validator

from app.core.fence import area_m2, covering_circle
from app.core.policy import Circle, Shape
from app.geofences.formats.draft import MAX_FEATURES, Problem
from app.geofences.service.fences import FenceView
from app.geofences.service.imports import DraftLine
from app.geofences.service.shapes import Warned, geojson_of
from app.web.fields import Name
from app.web.paging import PageQuery
from app.web.parsing import Answer, Query, Strict

_POSITION: Final = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 4}


def _geometry(kind: str, depth: int) -> dict[str, Any]:
    coordinates: dict[str, Any] = _POSITION
    for _ in range(depth):
        coordinates = {"type": "array", "items": coordinates, "minItems": 1}
    return {"type": "object", "properties": {"type": {"const": kind}, "coordinates": coordinates}, "required": ["type", "coordinates"]}


Geometry = Annotated[
    dict[str, Any], WithJsonSchema({"oneOf": [_geometry("Polygon", 2), _geometry("MultiPolygon", 3), _geometry("Point", 0)]})
]
Seconds = Annotated[int, Field(ge=0, le=604_800)]


class FencePolicyIn(Strict):
    """How evidence about a geofence becomes crossings; what is left out follows the organization, then the product."""

    enter_after_s: Annotated[int, Field(ge=0, le=86_400)] | None = None
    leave_after_pings: Annotated[int, Field(ge=2, le=100)] | None = None
    leave_after_s: Annotated[int, Field(ge=30, le=86_400)] | None = None
    leave_margin_m: Annotated[float, Field(ge=0, le=1_000)] | None = None
    max_accuracy_m: Literal[5, 10, 25, 50, 100, 200, 500] | None = None
    unknown_after_s: Seconds | None = None
    assume_left_after_s: Seconds | None = None

    def said(self) -> dict[str, Any]:
        """Only what was said."""
        return self.model_dump(exclude_none=True)


class PolicyIn(FencePolicyIn):
    """The organization's own defaults. The margin around working windows is the organization's alone: it holds before any geofence is looked at."""

    window_margin_s: Annotated[int, Field(ge=0, le=86_400)] | None = None


class AssignedIn(Strict):
    """For whom: everyone, or the members of these groups (no group: nobody, for now)."""

    everyone: bool = False
    group_ids: Annotated[tuple[Annotated[UUID, Field(strict=False)], ...], Field(max_length=200, strict=False)] = ()

    @model_validator(mode="after")
    def _one_way(self) -> "AssignedIn":
        if self.everyone and self.group_ids:
            raise ValueError("Everyone includes all groups: send either everyone or group_ids.")
        return self


class FenceEdit(Strict):
    """What a geofence shall be, whole: what is left out takes its default. A circle is a Point with `radius_m`."""

    name: Name
    geometry: Geometry
    radius_m: Annotated[float, Field(gt=0, le=1_000_000)] | None = None
    site_id: Annotated[UUID, Field(strict=False)] | None = None
    policy: FencePolicyIn = FencePolicyIn()
    counts_as_work: bool = True


class FenceIn(FenceEdit):
    """A new geofence, for everyone unless told otherwise."""

    assigned: AssignedIn = AssignedIn(everyone=True)


class Assigned(Answer):
    """For whom a geofence counts now."""

    everyone: bool
    group_ids: list[UUID]


class FenceLine(Answer):
    """A geofence in a list, without its shape."""

    id: UUID
    number: int
    name: str
    site_id: UUID | None
    version: int
    valid_from: datetime
    retired_at: datetime | None
    counts_as_work: bool
    assigned: Assigned


class Place(Answer):
    """A place of a geofence, in degrees."""

    latitude: float
    longitude: float


class Cover(Place):
    """The circle that covers the shape, as phones are given it."""

    radius_m: float


class WarningOut(Answer):
    """Something to look at that is not wrong. `code` is stable."""

    code: str
    message: str


class FenceOut(FenceLine):
    """A geofence: the version that holds, or of a retired one the last."""

    geometry: dict[str, Any]
    radius_m: float | None
    policy: dict[str, int | float]
    area_m2: float
    cover: Cover
    warnings: list[WarningOut]


class VersionOut(Answer):
    """What a geofence was, and who changed what. Names are shown to those who may see everybody."""

    version: int
    valid_from: datetime
    valid_until: datetime | None
    name: str
    geometry: dict[str, Any]
    radius_m: float | None
    policy: dict[str, int | float]
    counts_as_work: bool
    change: str
    changed_by: str | None
    ended_by: str | None


class AssignmentOut(Answer):
    """During [valid_from, valid_until) the geofence counted for a group, or (null) for everyone."""

    group_id: UUID | None
    valid_from: datetime
    valid_until: datetime | None


class Overlap(Answer):
    """Another current geofence that this one meets: `equals`, `covers`, `covered_by`, `overlaps` or `touches` it."""

    id: UUID
    number: int
    name: str
    relation: str
    shared_m2: float


class PolicyOut(Answer):
    """The organization's own defaults (`policy`), and every number that holds."""

    policy: dict[str, int | float]
    effective: dict[str, int | float]
    valid_from: datetime | None


class PolicyVersion(Answer):
    """Defaults that held during [valid_from, valid_until)."""

    policy: dict[str, int | float]
    valid_from: datetime
    valid_until: datetime | None


class FencePolicyOut(Answer):
    """A geofence's policy: the organization's defaults, its own overrides, and every number that holds."""

    organization: dict[str, int | float]
    fence: dict[str, int | float]
    effective: dict[str, int | float]


class FenceQuery(PageQuery):
    """Which geofences."""

    retired: bool = False
    site_id: UUID | None = None


class ExportQuery(Query):
    """Which file."""

    format: Literal["geojson", "kml"] = "geojson"


Index = Annotated[int, Field(ge=0, lt=MAX_FEATURES)]


class ImportQuery(Query):
    """The file's name; its ending says what it is."""

    file_name: Annotated[str, Field(min_length=1, max_length=255)]


class ConfirmQuery(ImportQuery):
    """What to create of the file that was previewed."""

    preview_hash: Annotated[str, Field(pattern="^[0-9a-f]{64}$", max_length=64)]
    take: Annotated[tuple[Index, ...], Field(max_length=MAX_FEATURES, description="Indexes to create as they are.")] = ()
    take_repaired: Annotated[tuple[Index, ...], Field(max_length=MAX_FEATURES, description="Indexes to create as repaired.")] = ()
    site_id: UUID | None = None


class ProblemOut(Answer):
    """Why a feature cannot become a geofence as it is."""

    code: str
    message: str
    place: Place | None


class DraftOut(Answer):
    """What one feature would become. `geometry` is null when there are problems; `repaired` is then an offer, if there is one."""

    index: int
    name: str
    geometry: dict[str, Any] | None
    radius_m: float | None
    area_m2: float | None
    problems: list[ProblemOut]
    repaired: dict[str, Any] | None
    notes: list[str]
    warnings: list[WarningOut]
    overlaps: list[Overlap]


class PreviewOut(Answer):
    """What the file would create. Nothing was written; send the file again with `preview_hash` and what to take."""

    preview_hash: str
    drafts: list[DraftOut]


class Imported(Answer):
    """What was created, in the file's order."""

    fences: list[FenceLine]


def line_of(view: FenceView) -> FenceLine:
    """A fence for a list."""
    return FenceLine(**_line(view))


def fence_of(view: FenceView, warnings: list[Warned]) -> FenceOut:
    """A fence with its shape."""
    shape, policy = view.shape, view.version.policy
    cover = Cover.model_validate(covering_circle(shape))
    warned = [WarningOut.model_validate(warning) for warning in warnings]
    return FenceOut(**_line(view), **shape_fields(shape), policy=policy, area_m2=area_m2(shape), cover=cover, warnings=warned)


def shape_fields(shape: Shape) -> dict[str, Any]:
    """`geometry` and `radius_m`."""
    return {"geometry": geojson_of(shape), "radius_m": shape.radius_m if isinstance(shape, Circle) else None}


def version_of(view: FenceView, names: Mapping[UUID, str | None]) -> VersionOut:
    """A version of a fence; `names` of the people who may be named."""
    row = view.version
    return VersionOut(
        version=row.version,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        name=row.name,
        **shape_fields(view.shape),
        policy=row.policy,
        counts_as_work=row.counts_as_work,
        change=row.change,
        changed_by=names.get(row.changed_by) if row.changed_by else None,
        ended_by=names.get(row.ended_by) if row.ended_by else None,
    )


def draft_of(line: DraftLine, warnings: list[Warned]) -> DraftOut:
    """A draft of a file."""
    draft = line.draft
    return DraftOut(
        index=draft.source_index,
        name=draft.name,
        **(shape_fields(draft.shape) if draft.shape else {"geometry": None, "radius_m": None}),
        area_m2=area_m2(draft.shape) if draft.shape else None,
        problems=[_problem(problem) for problem in draft.problems],
        repaired=geojson_of(draft.repaired) if draft.repaired else None,
        notes=list(draft.notes),
        warnings=[WarningOut.model_validate(warning) for warning in warnings],
        overlaps=[Overlap.model_validate(row) for row in line.overlaps],
    )


def _line(view: FenceView) -> dict[str, Any]:
    return {
        "id": view.fence.id,
        "number": view.fence.number,
        "name": view.version.name,
        "site_id": view.fence.site_id,
        "version": view.version.version,
        "valid_from": view.version.valid_from,
        "retired_at": view.fence.retired_at,
        "counts_as_work": view.version.counts_as_work,
        "assigned": {"everyone": view.assigned.everyone, "group_ids": list(view.assigned.group_ids)},
    }


def _problem(problem: Problem) -> ProblemOut:
    place = problem.place
    return ProblemOut(
        code=problem.code, message=problem.message, place=Place(latitude=place.latitude, longitude=place.longitude) if place else None
    )
