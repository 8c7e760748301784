"""From rings as a file draws them to a valid area on WGS 84.

1. Positions are checked: finite, latitude within 90, longitude within 540, at most 20,000. Any winding is taken.
2. A ring that is not closed is named; the closed one is offered.
3. An edge longer than 180 degrees of longitude is taken to go the short way, over the antimeridian: the ring is unrolled, so that its longitudes
   run on beyond 180. (An edge of exactly 360 degrees along a pole is a shape that was cut already, and stays.)
4. A ring that then ends 360 degrees from its start goes around a pole: it is led over the nearer pole, along the antimeridian.
5. Only now is the shape tested, so that a self-intersection over the antimeridian is found where it is. A repair is offered when it is cheap.
6. What reaches beyond 180 is cut there and moved back by 360 degrees (RFC 7946, 3.1.9).

Not the `antimeridian` library, which was measured: it fails on a clockwise ring with a hole, on longitudes beyond 180 with a hole, silently unties a
bow-tie, and meets Python's recursion limit at 2,000 crossings. It is the oracle of the tests where it works.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, cast

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon

from app.core.fence import MAX_VERTICES, ShapeRefused, checked, is_tangled
from app.core.plane import wrapped
from app.geofences.formats.draft import Flaw, Notes, Place, Polygons, Ring

Area = Polygon | MultiPolygon

MAX_LONGITUDE: Final = 540.0
CLOSE_ENOUGH_DEGREES: Final = 1e-9
"""A tenth of a millimetre: rounding, not a gap."""


def area_of(polygons: Polygons, notes: Notes) -> Area:
    """The polygons as one valid area within +-180 degrees. Raises `Flaw` with the reason, the place, and a repaired area where there is one."""
    _check_positions(polygons)
    gap = next((place for rings in polygons for ring in rings if (place := _gap(ring)) is not None), None)
    area = _valid(_as_area(_unrolled([_closed(ring) for ring in rings], notes) for rings in polygons))
    area = _valid(_cut(area, notes))  # parts that lay apart before the cut may overlap after it
    if gap is not None:
        raise Flaw(
            "ring_not_closed", "A ring is not closed: its last position must repeat the first. Accept the closed ring.", gap, repaired=area
        )
    return area


def _check_positions(polygons: Polygons) -> None:
    rings = [ring for polygon in polygons for ring in polygon]
    if not rings:
        raise Flaw("empty", "The shape is empty. Draw at least one ring.")
    if (count := sum(map(len, rings))) > MAX_VERTICES:
        raise Flaw("too_many_vertices", f"The shape has {count} positions; the limit is {MAX_VERTICES}. Simplify it.")
    for ring in rings:
        if not np.isfinite(ring).all():
            raise Flaw("not_finite", "A coordinate is not a finite number (NaN, Infinity, or too large). Correct it.")
        beyond = ring[(np.abs(ring[:, 1]) > 90) | (np.abs(ring[:, 0]) > MAX_LONGITUDE)]
        if len(beyond):
            raise Flaw(
                "out_of_range",
                f"Longitude {beyond[0, 0]:.10g}, latitude {beyond[0, 1]:.10g} is not on earth. Longitude comes first, in degrees on WGS 84: "
                "are the axes swapped, or are these metres?",
            )
        if len(np.unique(ring, axis=0)) < 3:
            raise Flaw("too_few_positions", "A ring needs at least three different positions. Draw it again.", _place(ring[0]))


def _gap(ring: Ring) -> Place | None:
    """Where an open ring starts; None for a closed one. 180 and -180 are one place."""
    across = wrapped(ring[-1, 0] - ring[0, 0])
    is_closed = max(abs(across), abs(ring[-1, 1] - ring[0, 1])) <= CLOSE_ENOUGH_DEGREES
    return None if is_closed else _place(ring[0])


def _closed(ring: Ring) -> Ring:
    return ring if _gap(ring) is None else np.vstack([ring, ring[:1]])


def _unrolled(rings: Sequence[Ring], notes: Notes) -> Polygon:
    """The polygon with longitudes that run on: from [-180, 180) at its western end to at most 540."""
    shell = _run_on(rings[0])
    if turns := round((shell[-1, 0] - shell[0, 0]) / 360):
        shell = _over_pole(shell, turns, notes)
    west, east = shell[:, 0].min(), shell[:, 0].max()
    if east - west > 360:
        raise Flaw("too_wide", "The ring goes around the earth more than once. Draw it again.", _place(shell[0]))
    shift = 0.0 if west >= -180 and east <= 180 else -360 * np.floor((west + 180) / 360)
    return Polygon(shell + np.array([shift, 0.0]), [_hole(ring, west + shift, east + shift) for ring in rings[1:]])


def _run_on(ring: Ring) -> Ring:
    step = np.diff(ring[:, 0])
    is_round = np.abs(step) == 360
    is_along_pole = is_round & (np.abs(ring[1:, 1]) == 90) & (ring[1:, 1] == ring[:-1, 1])
    is_over = (np.abs(step) > 180) & ~is_along_pole
    if not (is_over & ~is_round).any() and step[is_over].sum() == 0:
        return ring  # there and back along whole circles of latitude: a belt around the earth, drawn as such
    turns = np.concatenate([[0], np.cumsum(np.where(is_over, np.rint(step / 360), 0))])
    return np.column_stack([ring[:, 0] - 360 * turns, ring[:, 1]])


def _over_pole(shell: Ring, turns: int, notes: Notes) -> Ring:
    """The ring led over the pole along the antimeridian: from where it crosses it, once around, up to the pole, and back."""
    shell = np.array(shell if turns > 0 else shell[::-1])
    antimeridian = 360 * np.rint((shell[:, 0] - 180) / 360) + 180
    is_on_it = np.abs(shell[:, 0] - antimeridian) <= CLOSE_ENOUGH_DEGREES
    shell[is_on_it, 0] = antimeridian[is_on_it]
    copy = np.floor((shell[:, 0] + 180) / 360)  # of the earth, side by side
    crossings = np.flatnonzero(np.diff(copy))
    if abs(turns) > 1 or len(crossings) != 1:
        raise Flaw(
            "around_pole", "The ring goes around a pole and crosses the antimeridian more than once. Draw it simpler.", _place(shell[0])
        )
    last = crossings[0]  # before the crossing
    seam = 360 * copy[last + 1] - 180
    (x, y), (next_x, next_y) = shell[last : last + 2]
    latitude = y + (next_y - y) * (seam - x) / (next_x - x)
    pole = 90.0 if shell[:, 1].mean() >= 0 else -90.0
    notes.append(f"The ring goes around the {'north' if pole > 0 else 'south'} pole, so the pole lies inside.")
    around = np.vstack([shell[last + 1 :] - np.array([seam + 180, 0]), shell[1 : last + 1] - np.array([seam - 180, 0])])
    return np.vstack([[[-180, latitude]], around, [[180, latitude], [180, pole], [-180, pole], [-180, latitude]]])


def _hole(ring: Ring, west: float, east: float) -> Ring:
    """The hole, moved by whole turns to where the outer ring is. One that fits nowhere stays: the validity test names it."""
    hole = _run_on(ring).copy()
    low, high = hole[:, 0].min(), hole[:, 0].max()
    fitting = [360.0 * turn for turn in (0, 1, -1, 2, -2) if west <= low + 360 * turn and high + 360 * turn <= east]
    if round((hole[-1, 0] - hole[0, 0]) / 360) or (east - west == 360 and not fitting):
        raise Flaw(
            "around_pole",
            "A hole goes around a pole, or crosses the antimeridian inside a ring that does. Draw two polygons instead.",
            _place(hole[0]),
        )
    hole[:, 0] += fitting[0] if fitting else 0.0
    return hole


def _valid(area: Area) -> Area:
    if shapely.is_valid(area):
        return area
    if is_tangled(area):
        raise Flaw("too_tangled", "The rings cross each other too often to be repaired. Draw the shape again.")
    try:
        return cast("Area", checked(area))
    except ShapeRefused as refused:
        code = "self_intersection" if "elf-intersection" in refused.reason else "invalid_shape"
        place = Place(refused.place[0], float(wrapped(np.float64(refused.place[1])))) if refused.place else None
        repaired = None if refused.repaired is None else _cut(refused.repaired, [])
        raise Flaw(code, refused.reason, place, repaired=repaired if repaired and repaired.is_valid else None) from None


def _cut(area: Area, notes: Notes) -> Area:
    """The part beyond 180 degrees brought back to the west. An area that does not reach there comes back as it is."""
    if shapely.bounds(area)[2] <= 180:
        return area
    notes.append("The shape crosses the antimeridian and was cut there.")
    return _as_area(part for polygon in shapely.get_parts(area) for part in _halves(polygon))


def _halves(polygon: Polygon) -> Iterator[Polygon]:
    west = shapely.intersection(polygon, shapely.box(-180, -90, 180, 90))
    east = shapely.transform(shapely.intersection(polygon, shapely.box(180, -90, 540, 90)), lambda xy: xy - [360.0, 0.0])
    return (part for half in (west, east) for part in shapely.get_parts(half) if isinstance(part, Polygon))


def _as_area(polygons: Iterable[Polygon]) -> Area:
    parts = list(polygons)
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _place(position: Ring) -> Place:
    return Place(float(position[1]), float(wrapped(position[0])))
