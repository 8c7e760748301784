"""Signed distances from pings to the borders of many polygons at once, in plain arrays.

1. All vertices of all polygons lie in one array, polygon after polygon; an edge runs from a vertex to the next. The step from one ring to the next is no edge.
2. The edges of a polygon are cut into chunks of at most 64, each with its box, so that a border of 20,000 vertices costs a look at some 300 boxes.
3. A (polygon, ping) row keeps the chunks that a ray from the ping to the east can meet (they decide inside or outside: inside when an odd number of edges
   is crossed) and the chunks within reach of the ping (they decide the distance).
4. Distances are taken in the plane around the ping. Straight lines in longitude and latitude stay straight there, so a polygon as large as a country is
   measured as well as a small one.
5. A ping on the north pole is looked at from a hair south of it: on the seam that closes a polygon there, it would see no edge to the east.
6. A polygon cut at the antimeridian has edges that are no border: those on its western seam that lie on its eastern seam too, and those on a pole. They
   take part in 3 (they close the ring) but not in 4.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import floor, inf, sqrt
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Polygon

from app.core.plane import Floats, Number, metres_per_degree, wrapped

Ints = NDArray[np.int64]
Area = Polygon | MultiPolygon

CHUNK_EDGES: Final = 64
FEW_EDGES: Final = 32
"""A border of no more edges is measured edge by edge for a single ping; with more, arrays are faster."""
BLOCK_ROWS: Final = 8_192
"""Rows measured at a time, so that a large batch takes little memory."""
LONGEST_EDGE_DEGREES: Final = 45.0
"""Longer edges are subdivided, because the short way round to an edge is told from its middle."""
BELOW_POLE: Final = float(np.nextafter(90.0, 0.0))
SMALLEST: Final = 1e-300
"""In place of the length of an edge that has none."""
NO_EDGE, SEAM, BORDER = 0, 1, 2


class Borders:
    """The borders of polygons, numbered as given. Immutable, so safe to share between threads."""

    def __init__(self, polygons: Sequence[Area]) -> None:
        """Take the vertices out of valid, non-empty polygons; the Shapely objects are not kept."""
        self._xy, rings, parts, first = _ragged(_prepared(polygons))
        self.part_owner = np.searchsorted(first, parts[:-1], side="right") - 1
        self.part_box = _boxes(self._xy, parts[:-1])
        box = _boxes(self._xy, first[:-1])
        self._frame = (box[:, 0] + box[:, 2]) / 2 - 180.0  # where the 360 degrees begin in which a ping is compared with the polygon
        self._wide = box[:, 2] - box[:, 0] > 180.0 - LONGEST_EDGE_DEGREES
        self._kind = _kinds(self._xy, rings, first)
        edges = np.diff(first) - 1
        chunks = -(-edges // CHUNK_EDGES)
        owner, nth = spread(chunks)
        self._first_chunk = np.concatenate(([0], np.cumsum(chunks)))
        self._start = first[owner] + nth * CHUNK_EDGES
        self._count = np.minimum(CHUNK_EDGES, edges[owner] - nth * CHUNK_EDGES)
        self._box = _boxes(self._xy, self._start)
        last = self._xy[self._start + self._count]  # the next chunk's first vertex ends this chunk's last edge
        self._box[:, :2] = np.minimum(self._box[:, :2], last)
        self._box[:, 2:] = np.maximum(self._box[:, 2:], last)

    def margins_m(self, polygon: Ints, latitude: Floats, longitude: Floats, reach_m: Floats) -> Floats:
        """Metres from each ping to the border of its polygon (rows of four equally long arrays), positive inside; infinite beyond `reach_m`."""
        margin = np.empty(len(polygon))
        for first in range(0, len(polygon), BLOCK_ROWS):
            rows = slice(first, first + BLOCK_ROWS)
            margin[rows] = self._margins_m(polygon[rows], latitude[rows], longitude[rows], reach_m[rows])
        return margin

    def margin_m(self, polygon: int, latitude: float, longitude: float, reach_m: float) -> float:
        """The same for one ping, to the last bit, without the cost of arrays where the border is short."""
        chunk = int(self._first_chunk[polygon])
        if self._wide[polygon] or self._first_chunk[polygon + 1] - chunk > 1 or self._count[chunk] > FEW_EDGES:
            rows = np.array([polygon]), np.array([latitude]), np.array([longitude]), np.array([reach_m])
            return float(self._margins_m(*rows)[0])
        latitude = min(latitude, BELOW_POLE)
        first = int(self._start[chunk])
        last = first + int(self._count[chunk])
        x = longitude - 360.0 * floor((longitude - float(self._frame[polygon])) / 360.0)
        inside, nearest_m = _seen_from(x, latitude, self._xy[first : last + 1].tolist(), self._kind[first:last].tolist())
        nearest_m = nearest_m if nearest_m <= reach_m else inf
        return nearest_m if inside else -nearest_m

    def _margins_m(self, polygon: Ints, latitude: Floats, longitude: Floats, reach_m: Floats) -> Floats:
        y = np.minimum(latitude, BELOW_POLE)
        x = longitude - 360.0 * np.floor((longitude - self._frame[polygon]) / 360.0)
        scale_x, scale_y = metres_per_degree(y)
        row, chunk = self._chunks(polygon, x, y, reach_m / np.maximum(scale_x, 1e-9), reach_m / scale_y)
        owner, nth = spread(self._count[chunk])
        edge, row = self._start[chunk][owner] + nth, row[owner]
        place = np.column_stack([x, y])[row]
        a, b, kind = self._xy[edge] - place, self._xy[edge + 1] - place, self._kind[edge]
        odd = np.bincount(row[_crossed(a, b) & (kind != NO_EDGE)], minlength=len(y)) % 2 == 1
        turn = np.zeros_like(a)
        turn[:, 0] = self._wide[polygon][row] * 360.0 * np.rint((a[:, 0] + b[:, 0]) / 720.0)
        distance_m = _distance_m(a - turn, b - turn, scale_x[row], scale_y[row])
        nearest_m = np.full(len(y), np.inf)
        np.minimum.at(nearest_m, row, np.where(kind == BORDER, distance_m, np.inf))
        nearest_m[nearest_m > reach_m] = np.inf  # farther chunks were left out, so a farther distance says nothing
        return np.where(odd, nearest_m, -nearest_m)

    def _chunks(self, polygon: Ints, x: Floats, y: Floats, reach_x: Floats, reach_y: Floats) -> tuple[Ints, Ints]:
        """Row and chunk of all that step 3 keeps."""
        first = self._first_chunk[polygon]
        row, nth = spread(self._first_chunk[polygon + 1] - first)
        chunk = first[row] + nth
        west, south, east, north = self._box[chunk].T
        x, y = x[row], y[row]
        ray = (south <= y) & (y <= north) & (x <= east)
        level = np.maximum(south - y, y - north) <= reach_y[row]
        beside = np.abs(wrapped((west + east) / 2 - x)) - (east - west) / 2 <= reach_x[row]
        keep = np.flatnonzero(ray | (level & beside))
        return row[keep], chunk[keep]


def spread(counts: Ints) -> tuple[Ints, Ints]:
    """For counts [2, 0, 3]: the owners [0, 0, 2, 2, 2] and the place of each within its owner [0, 1, 0, 1, 2]."""
    owner = np.repeat(np.arange(len(counts)), counts)
    return owner, np.arange(len(owner)) - (np.cumsum(counts) - counts)[owner]


def _crossed(a: Floats, b: Floats) -> NDArray[np.bool_]:
    """Whether each edge a-b crosses the ray from the origin to the east. An edge through the origin does not: both of two equal seams would count."""
    ax, ay, bx, by = a[:, 0], a[:, 1], b[:, 0], b[:, 1]
    crossed: NDArray[np.bool_] = ((ay > 0) != (by > 0)) & ((ax * by - bx * ay) * (by - ay) > 0)
    return crossed


def _distance_m(a: Floats, b: Floats, scale_x: Number, scale_y: Number) -> Floats:
    """Metres from the origin to each edge a-b, given in degrees."""
    x, y = a[:, 0] * scale_x, a[:, 1] * scale_y
    dx, dy = b[:, 0] * scale_x - x, b[:, 1] * scale_y - y
    along = (x * dx + y * dy) / np.minimum(-(dx * dx + dy * dy), -SMALLEST)
    along = np.minimum(np.maximum(along, 0.0), 1.0)
    x, y = x + along * dx, y + along * dy
    return np.sqrt(x * x + y * y)


def _seen_from(x: float, y: float, vertices: list[list[float]], kinds: list[int]) -> tuple[bool, float]:
    """`_crossed` and `_distance_m` for one place and a short border: whether it lies inside, and metres to the border. The same operations in the same order."""
    scale_x, scale_y = map(float, metres_per_degree(y))
    inside, nearest = False, inf
    ax, ay = vertices[0][0] - x, vertices[0][1] - y
    for (east, north), kind in zip(vertices[1:], kinds, strict=True):
        bx, by = east - x, north - y
        if (ay > 0) != (by > 0) and kind != NO_EDGE and (ax * by - bx * ay) * (by - ay) > 0:
            inside = not inside
        if kind == BORDER:
            from_x, from_y = ax * scale_x, ay * scale_y
            dx, dy = bx * scale_x - from_x, by * scale_y - from_y
            along = (from_x * dx + from_y * dy) / min(-(dx * dx + dy * dy), -SMALLEST)
            along = 0.0 if along < 0.0 else min(along, 1.0)
            near_x, near_y = from_x + along * dx, from_y + along * dy
            nearest = min(nearest, near_x * near_x + near_y * near_y)
        ax, ay = bx, by
    return inside, sqrt(nearest)


def _ragged(polygons: Sequence[Area]) -> tuple[Floats, Ints, Ints, Ints]:
    """All vertices, and where among them each ring, part and polygon begins (each list ends with the total)."""
    if not polygons:
        nothing = np.zeros(1, np.int64)
        return np.empty((0, 2)), nothing, nothing, nothing
    _, xy, offsets = shapely.to_ragged_array(np.asarray(polygons, dtype=object), include_z=False, include_m=False)
    rings, parts, *rest = (offset.astype(np.int64) for offset in offsets)
    first: Ints = rings[parts]
    return np.asarray(xy, np.float64), rings, first, first[rest[0]] if rest else first


def _boxes(xy: Floats, starts: Ints) -> Floats:
    """West, south, east and north of each run of vertices that begins at `starts`, as rows."""
    if not len(starts):
        return np.empty((0, 4))
    return np.hstack([np.minimum.reduceat(xy, starts), np.maximum.reduceat(xy, starts)])


def _kinds(xy: Floats, rings: Ints, first: Ints) -> NDArray[np.uint8]:
    """What runs from each vertex to the next: nothing, a seam, or border."""
    kind = np.full(len(xy), BORDER, np.uint8)
    on_pole = np.abs(xy[:, 1]) == 90.0
    kind[:-1][on_pole[:-1] & on_pole[1:]] = SEAM
    kind[rings[1:] - 1] = NO_EDGE
    box = _boxes(xy, first[:-1])
    for polygon in np.flatnonzero(box[:, 2] - box[:, 0] == 360.0):
        rows = slice(first[polygon], first[polygon + 1])
        _mark_shared_seams(xy[rows], kind[rows])
    return kind


def _mark_shared_seams(xy: Floats, kind: NDArray[np.uint8]) -> None:
    """Mark in place the edges that lie on the western and on the eastern seam; `_noded` has made such edges equal."""
    sides: list[dict[tuple[float, float], int]] = []
    for seam in (xy[:, 0].min(), xy[:, 0].max()):
        on = xy[:, 0] == seam
        edges = np.flatnonzero(on[:-1] & on[1:] & (kind[:-1] != NO_EDGE))
        sides.append({(min(ends), max(ends)): int(edge) for edge in edges for ends in [tuple(xy[edge : edge + 2, 1].tolist())]})
    west, east = sides
    for ends in west.keys() & east.keys():
        kind[[west[ends], east[ends]]] = SEAM


def _prepared(polygons: Sequence[Area]) -> Sequence[Area]:
    """The same polygons; the few that are wider or higher than the longest edge allowed are subdivided and, when they span the earth, noded."""
    if not polygons:
        return polygons
    box = shapely.bounds(np.asarray(polygons, dtype=object))
    size = np.maximum(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1])
    prepared = list(polygons)
    for polygon in np.flatnonzero(size > LONGEST_EDGE_DEGREES):
        prepared[polygon] = shapely.segmentize(prepared[polygon], LONGEST_EDGE_DEGREES)
        if box[polygon, 2] - box[polygon, 0] == 360.0:
            prepared[polygon] = _noded(prepared[polygon], (box[polygon, 0], box[polygon, 2]))
    return prepared


def _noded(polygon: Area, seams: tuple[float, float]) -> MultiPolygon:
    """The polygon with every vertex of one seam present on the other, so that what both share are equal edges."""
    xy = shapely.get_coordinates(polygon)
    stops = np.unique(xy[np.isin(xy[:, 0], seams), 1])

    def noded(ring: Floats) -> Floats:
        pieces = []
        for (ax, ay), (bx, by) in pairwise(ring):
            between = stops[(stops > min(ay, by)) & (stops < max(ay, by))] if ax == bx and ax in seams else stops[:0]
            ys = np.concatenate(([ay], between if by > ay else between[::-1]))
            pieces.append(np.column_stack((np.full(len(ys), ax), ys)) if ax == bx else np.array([[ax, ay]]))
        return np.vstack([*pieces, ring[-1:]])

    return MultiPolygon(
        [
            (noded(shapely.get_coordinates(part.exterior)), [noded(shapely.get_coordinates(hole)) for hole in part.interiors])
            for part in shapely.get_parts(polygon)
        ]
    )
