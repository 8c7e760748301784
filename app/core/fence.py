"""What a geofence's shape must be, how large it is, and the circle that covers it.

Refused shapes say why and where, and offer a repair when there is one. Nothing is repaired silently: a person decides what the fence was meant to be.
Any longitude will do, as long as a shape is at most 360 degrees wide: 179 to 181 and its two halves cut at the antimeridian are the same place.
"""

import re
from functools import lru_cache
from math import ceil
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from app.core.plane import ECCENTRICITY_SQUARED, POLE_RADIUS_M, RADIANS, Floats, geodesic_m, metres_per_degree, wrapped
from app.core.policy import Circle, Shape

MAX_VERTICES: Final = 20_000
MAX_TANGLES: Final = 500
"""Pairs of edges that meet beyond neighbours, up to which a repair is tried (measured: 500 random vertices, 112 s of `make_valid`)."""
MAX_RADIUS_M: Final = 1_000_000.0
SMALLEST_COVER_M: Final = 100.0
"""Phones do not watch smaller circles reliably, and tell so to app makers."""
COVER_SLACK: Final = 1.001
LONGEST_STEP_DEGREES: Final = 0.5
"""Long edges are straight in degrees, so they bulge on the earth: they are looked at this often."""


class ShapeRefused(ValueError):
    """A shape that cannot be a geofence, with a sentence that says what to do.

    `place` is (latitude, longitude) of the fault when it has one; `repaired` is a valid shape close to the refused one, for a person to accept.
    """

    def __init__(self, reason: str, place: tuple[float, float] | None = None, repaired: Polygon | MultiPolygon | None = None) -> None:
        """Keep what a screen needs to show the fault on a map."""
        super().__init__(reason)
        self.reason = reason
        self.place = place
        self.repaired = repaired


def checked(shape: BaseGeometry | Circle) -> Shape:
    """The same shape without heights, if it can be a geofence; else raises `ShapeRefused`."""
    if isinstance(shape, Circle):
        return _checked_circle(shape)
    if not isinstance(shape, Polygon | MultiPolygon):
        raise ShapeRefused(f"A geofence is a Polygon, a MultiPolygon or a circle; this is a {shape.geom_type}.")
    if shape.is_empty:
        raise ShapeRefused("The shape is empty. Draw at least three corners.")
    flat: Polygon | MultiPolygon = shapely.force_2d(shape)
    longitude, latitude = shapely.get_coordinates(flat).T
    if len(longitude) > MAX_VERTICES:
        raise ShapeRefused(f"The shape has {len(longitude)} vertices; at most {MAX_VERTICES} are allowed. Simplify it.")
    if not (np.isfinite(longitude).all() and np.isfinite(latitude).all()):
        raise ShapeRefused("Every coordinate must be a finite number.")
    _check_latitude(latitude, longitude)
    if np.ptp(longitude) > 360:
        raise ShapeRefused("The shape is more than 360 degrees wide. Check the longitudes.")
    if not flat.is_valid:
        raise _invalid(flat)
    return flat


def area_m2(shape: Shape) -> float:
    """The area on the ellipsoid, in square metres, of what membership counts as inside (edges straight in degrees)."""
    if isinstance(shape, Circle):
        return float(np.pi * shape.radius_m**2)  # too large by 0.2 % at the largest radius
    return sum(_ring_m2(part.exterior) - sum(_ring_m2(hole) for hole in part.interiors) for part in shapely.get_parts(shape))


@lru_cache(maxsize=4096)
def covering_circle(shape: Shape) -> Circle:
    """A circle of whole metres, at least 100, that covers the shape, for phones that know no other fences.

    Kept, because everybody's phone is told the same fences: it takes longer than all the rest of a ping.
    """
    if isinstance(shape, Circle):
        return Circle(shape.latitude, shape.longitude, float(max(SMALLEST_COVER_M, ceil(shape.radius_m))))
    longitude, latitude = shapely.get_coordinates(shapely.segmentize(shape, LONGEST_STEP_DEGREES)).T
    middle_latitude = (latitude.min() + latitude.max()) / 2
    scale_x, scale_y = metres_per_degree(float(middle_latitude))
    beside = wrapped(longitude - longitude[0])
    plane = shapely.multipoints(np.column_stack([beside * scale_x, latitude * scale_y]))
    ((centre_x, centre_y),) = shapely.get_coordinates(shapely.centroid(shapely.minimum_bounding_circle(plane)))
    centre_latitude = float(np.clip(centre_y / scale_y, -90, 90))
    centre_longitude = float(wrapped(longitude[0] + centre_x / max(scale_x, 1e-9)))
    farthest_m = float(
        geodesic_m(np.full_like(latitude, centre_latitude), np.full_like(latitude, centre_longitude), latitude, longitude).max()
    )
    return Circle(centre_latitude, centre_longitude, float(max(SMALLEST_COVER_M, ceil(farthest_m * COVER_SLACK))))


def _checked_circle(circle: Circle) -> Circle:
    if not np.isfinite([circle.latitude, circle.longitude, circle.radius_m]).all():
        raise ShapeRefused("Every coordinate and the radius must be finite numbers.")
    _check_latitude(np.array([circle.latitude]), np.array([circle.longitude]))
    if not 0 < circle.radius_m <= MAX_RADIUS_M:
        raise ShapeRefused(f"radius_m must be more than 0 and at most {MAX_RADIUS_M:.0f} metres.")
    return circle


def _check_latitude(latitude: Floats, longitude: Floats) -> None:
    beyond = np.flatnonzero(np.abs(latitude) > 90)
    if len(beyond):
        place = float(latitude[beyond[0]]), float(longitude[beyond[0]])
        raise ShapeRefused(f"Latitude {place[0]:g} lies beyond the pole. Latitude and longitude may have been swapped.", place)


def _invalid(shape: Polygon | MultiPolygon) -> ShapeRefused:
    """The refusal of an invalid shape, with the place GEOS names in brackets and the repair it offers."""
    explained = shapely.is_valid_reason(shape)
    found = re.fullmatch(r"(.*?)\[(\S+) (\S+)\]", explained)
    reason, place = (found[1], (float(found[3]), float(found[2]))) if found else (explained, None)
    at = f" at latitude {place[0]:.6f}, longitude {place[1]:.6f}" if place else ""
    return ShapeRefused(f"{reason}{at}. Accept the repaired shape or draw it again.", place, _repaired(shape))


def _repaired(shape: Polygon | MultiPolygon) -> Polygon | MultiPolygon | None:
    if is_tangled(shape):
        return None
    repaired: Any = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    usable = isinstance(repaired, Polygon | MultiPolygon) and not repaired.is_empty and repaired.is_valid
    return repaired if usable else None


def is_tangled(area: Polygon | MultiPolygon, *, meetings_each: int = 3) -> bool:
    """Whether edges meet so often that a repair would take minutes: GEOS needs 18 s for 2,000 random corners. Found out in milliseconds.

    `meetings_each`: how many other edges an edge may meet, itself and its neighbours counted; more where areas may share a border.
    """
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(shapely.get_parts(area))]
    edges: Any = shapely.linestrings(np.concatenate([np.stack([ring[:-1], ring[1:]], axis=1) for ring in rings]))
    tree, meetings = shapely.STRtree(edges), 0
    for first in range(0, len(edges), 8):  # few at a time, so that a hostile shape is known early
        meetings += tree.query(edges[first : first + 8], predicate="intersects").shape[1]
        if meetings > meetings_each * len(edges) + MAX_TANGLES:
            return True
    return False


def _ring_m2(ring: BaseGeometry) -> float:
    """The ring's area by Green's theorem: longitude times the area between the equator and its latitude, three Gauss points on steps of an edge."""
    longitude, latitude = (shapely.get_coordinates(shapely.segmentize(ring, LONGEST_STEP_DEGREES)) * RADIANS).T
    half, middle = np.diff(latitude) / 2, (latitude[:-1] + latitude[1:]) / 2
    bands = (5 * _band_m2(middle - half * 0.6**0.5) + 8 * _band_m2(middle) + 5 * _band_m2(middle + half * 0.6**0.5)) / 18
    return float(abs(np.sum((bands - bands[0]) * np.diff(longitude))))


def _band_m2(latitude: Floats) -> Floats:
    """Square metres per radian of longitude between the equator and `latitude` (radians)."""
    e, sine = ECCENTRICITY_SQUARED**0.5, np.sin(latitude)
    return np.asarray(POLE_RADIUS_M**2 / 2 * (sine / (1 - ECCENTRICITY_SQUARED * sine**2) + np.arctanh(e * sine) / e))
