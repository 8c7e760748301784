"""Shapes as PostGIS keeps them: EWKB on WGS 84, a circle as its centre, with the radius beside it."""

import shapely
from shapely.geometry import MultiPolygon, Point, Polygon

from app.core.policy import Circle, Shape


def to_ewkb(shape: Shape) -> tuple[bytes, float | None]:
    """EWKB with SRID 4326, and `radius_m` of a circle."""
    geometry = Point(shape.longitude, shape.latitude) if isinstance(shape, Circle) else shape
    return shapely.to_wkb(shapely.set_srid(geometry, 4326), include_srid=True), shape.radius_m if isinstance(shape, Circle) else None


def from_ewkb(ewkb: bytes, radius_m: float | None) -> Shape:
    """The shape back. Raises ValueError for what `to_ewkb` cannot have written."""
    geometry = shapely.from_wkb(ewkb)
    if isinstance(geometry, Point) and radius_m is not None:
        return Circle(geometry.y, geometry.x, radius_m)
    if isinstance(geometry, Polygon | MultiPolygon) and radius_m is None:
        return geometry
    raise ValueError("a geofence is a polygon, a multipolygon, or a point with radius_m")
