"""From a drawn geometry to a shape and back. Shapes go through the same door as files do, so both are judged alike."""

import json
from collections.abc import Mapping, Sequence
from math import pi
from typing import Any, Final, NamedTuple
from uuid import UUID

import shapely
from sqlalchemy.orm import Session

from app.core.fence import area_m2
from app.core.policy import Circle, Shape
from app.errors import FieldError, Invalid
from app.geofences import queries
from app.geofences.formats.draft import FenceDraft, Problem
from app.geofences.formats.read import looks_swapped, preview

SMALL_RADIUS_M: Final = 75.0
"""Below this phones miss people who come and go, and being inside says more about a person than the purpose needs."""


class Warned(NamedTuple):
    """Something to look at that is not wrong. `code` is stable."""

    code: str
    message: str


SMALL: Final = Warned(
    "small",
    f"This is smaller than a circle of {SMALL_RADIUS_M:.0f} m radius: phones may miss who comes and goes. Draw it larger if you can.",
)
SWAPPED: Final = Warned(
    "axes_swapped", "This is far from your other geofences, but near them with longitude and latitude exchanged. Longitude comes first."
)


class ShapeInvalid(Invalid):
    """The shape cannot be a geofence. `errors` says why, `place` where; `repaired` may offer a shape to send instead."""

    def __init__(self, problem: Problem, repaired: Shape | None) -> None:
        step = None if repaired is None else "Look at `repaired`; send it as geometry to accept it."
        super().__init__(problem.message, errors=[FieldError("geometry", problem.message, step)])
        self.extension = {
            "code": problem.code,
            "place": problem.place and problem.place._asdict(),
            "repaired": repaired and geojson_of(repaired),
        }

    def document(self) -> dict[str, Any]:
        """The problem document with what a map needs to show the fault."""
        return super().document() | self.extension


def drawn(geometry: Mapping[str, Any], radius_m: float | None) -> Shape:
    """The shape of a GeoJSON geometry (`radius_m`: of a Point). Raises `ShapeInvalid`."""
    if radius_m is not None and geometry.get("type") != "Point":
        raise Invalid.of("radius_m", "Only a Point has a radius", "Leave it out, or send a Point.")
    feature = {"type": "Feature", "properties": {} if radius_m is None else {"radius_m": radius_m}, "geometry": geometry}
    draft = preview(json.dumps(feature).encode(), "fence.geojson")[0]
    if draft.shape is None:
        raise ShapeInvalid(draft.problems[0], draft.repaired)
    return wound(draft.shape)


def wound(shape: Shape) -> Shape:
    """Outer rings counterclockwise, holes clockwise: as it is shown, so that a shape sent back is no change."""
    return shape if isinstance(shape, Circle) else shapely.orient_polygons(shape)


def same(one: Shape, other: Shape) -> bool:
    """Whether nothing was redrawn."""
    if isinstance(one, Circle) or isinstance(other, Circle):
        return one == other
    return bool(shapely.equals_identical(one, other))


def geojson_of(shape: Shape) -> dict[str, Any]:
    """A GeoJSON geometry (RFC 7946); of a circle its centre."""
    if isinstance(shape, Circle):
        return {"type": "Point", "coordinates": [shape.longitude, shape.latitude]}
    mapped: dict[str, Any] = shapely.geometry.mapping(shapely.orient_polygons(shape))
    return mapped


def is_small(shape: Shape) -> bool:
    """Smaller than what phones can be relied on to notice."""
    return area_m2(shape) < pi * SMALL_RADIUS_M**2


def swapped(session: Session, organization_id: int, drafts: Sequence[FenceDraft], *, but: UUID | None = None) -> frozenset[int]:
    """The `source_index` of drafts whose axes seem exchanged, judged by the organization's other fences."""
    return looks_swapped(drafts, queries.bounds(session, organization_id, but=but))


def warnings(session: Session, organization_id: int, shape: Shape, *, but: UUID | None = None) -> list[Warned]:
    """What to look at before relying on this shape."""
    found = [SMALL] if is_small(shape) else []
    return found + [SWAPPED] * bool(swapped(session, organization_id, [FenceDraft("", shape, 0)], but=but))
