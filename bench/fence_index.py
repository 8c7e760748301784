"""How fast pings are judged, against the plain ways: a Shapely loop over all fences, and a Shapely tree asked ping by ping.

Fences have 16 vertices and are strewn over the earth; one ping in ten lies at a fence. `python -m bench.fence_index`.
"""

from collections.abc import Callable, Sequence
from ctypes import CDLL
from gc import collect
from pathlib import Path
from resource import getpagesize
from statistics import median
from time import perf_counter
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

from app.core.border import Ints
from app.core.fix import Ping
from app.core.index import FenceIndex
from app.core.judge import clearance_m, judge
from app.core.plane import Floats, metres_per_degree
from app.core.policy import FenceVersion, Policy

VERTICES: Final = 16
PINGS: Final = 1_000
SIZES: Final = (1_000, 100_000, 1_000_000)
TARGET_US: Final = {1_000: 4.0, 100_000: 8.0, 1_000_000: 12.0}
POLICY: Final = Policy()

Pings = tuple[Ints, Floats, Floats, Floats]
Areas = NDArray[np.object_]
Row = dict[str, str | float | None]


def run() -> list[Row]:
    """Rows of what was measured, the median, its unit, the target in that unit, and how many times faster than the plain way it is (or None)."""
    return [row for count in SIZES for row in _rows(count)]


def _rows(count: int) -> list[Row]:
    rng = np.random.default_rng(count)
    areas, middles = _areas(rng, count)
    versions = [FenceVersion(f"fence {i}", area, POLICY) for i, area in enumerate(areas)]
    before_bytes = _resident_bytes()
    begun = perf_counter()
    index = FenceIndex(versions)
    build_s = perf_counter() - begun
    grown_bytes = _resident_bytes() - before_bytes
    batches = [_pings(rng, middles, PINGS) for _ in range(15)]
    found = sum(len(index.verdicts(*batch).ping) for batch in batches)
    if found < len(batches) * PINGS / 20:
        raise AssertionError(f"only {found} verdicts: the benchmark judges nothing")
    batch_us = _median_us(index.verdicts, batches) / PINGS
    one_us = _median_us(lambda ping: index.sight([ping]), [_near(rng, middles) for _ in range(300)])
    tree = shapely.STRtree(areas)
    tree_us = _median_us(lambda *batch: _tree_by_ping(tree, areas, batch), batches[:2]) / PINGS
    rows: list[Row] = [
        _row(f"{count} fences: a ping among {PINGS}", batch_us, "us", TARGET_US[count], tree_us / batch_us),
        _row(f"{count} fences: one ping at a fence, to its sighting", one_us, "us", 50.0, None),
        _row(f"{count} fences: build", build_s, "s", 10.0, None),
    ]
    if count == max(SIZES):  # fewer are lost among the pages of the process
        rows.append(_row(f"{count} fences: memory of one", grown_bytes / count, "bytes", 2_000.0, None))
    if count == min(SIZES):
        loop_us = _median_us(lambda *batch: _loop(areas, batch), [_first(batch, 20) for batch in batches[:3]]) / 20
        rows.append(_row(f"{count} fences: a ping among {PINGS}, against a loop over all fences", batch_us, "us", None, loop_us / batch_us))
    return rows


def _row(what: str, middle: float, unit: str, target: float | None, ratio: float | None) -> Row:
    return {"what": what, "median": round(middle, 2), "unit": unit, "target": target, "times_faster": ratio and round(ratio, 1)}


def _areas(rng: np.random.Generator, count: int) -> tuple[Areas, Floats]:
    middles = np.column_stack([rng.uniform(-179, 179, count), rng.uniform(-60, 70, count)])
    turn = np.linspace(0, 2 * np.pi, VERTICES, endpoint=False)
    radius = rng.uniform(0.0005, 0.001, (count, VERTICES, 1))
    return np.asarray(shapely.polygons(middles[:, None, :] + radius * np.column_stack([np.cos(turn), np.sin(turn)]))), middles


def _pings(rng: np.random.Generator, middles: Floats, count: int) -> Pings:
    anywhere = np.column_stack([rng.uniform(-179, 179, count), rng.uniform(-60, 70, count)])
    near = middles[rng.integers(0, len(middles), count)] + rng.normal(0, 0.0006, (count, 2))
    place = np.where(rng.random((count, 1)) < 0.1, near, anywhere)
    return np.zeros(count, np.int64), place[:, 1].copy(), place[:, 0].copy(), rng.uniform(4, 60, count)


def _first(pings: Pings, count: int) -> Pings:
    at_ms, latitude, longitude, accuracy_m = pings
    return at_ms[:count], latitude[:count], longitude[:count], accuracy_m[:count]


def _near(rng: np.random.Generator, middles: Floats) -> tuple[Ping]:
    longitude, latitude = (middles[rng.integers(0, len(middles))] + rng.normal(0, 0.0006, 2)).tolist()
    return (Ping("phone", "ping", 0, latitude, longitude, 12.0),)


def _tree_by_ping(tree: shapely.STRtree, areas: Areas, pings: Pings) -> None:
    """The plain way with an index: ask the tree, then measure each fence found, ping by ping."""
    for _, y, x, accuracy_m in zip(*(part.tolist() for part in pings), strict=True):
        scale_x, scale_y = metres_per_degree(y)
        beside, above = 90 / scale_x, 90 / scale_y
        for nth in tree.query(shapely.box(x - beside, y - above, x + beside, y + above)).tolist():
            _judge_plainly(areas[nth], x, y, accuracy_m, (scale_x, scale_y))


def _loop(areas: Areas, pings: Pings) -> None:
    """The plain way without one: every fence for every ping."""
    for _, y, x, accuracy_m in zip(*(part.tolist() for part in pings), strict=True):
        scale = metres_per_degree(y)
        for area in areas:
            _judge_plainly(area, x, y, accuracy_m, scale)


def _judge_plainly(area: Polygon, x: float, y: float, accuracy_m: float, scale: tuple[float, float]) -> None:
    place = shapely.Point(x, y)
    if area.covers(place) or area.distance(place) * scale[1] < clearance_m(accuracy_m) + POLICY.leave_margin_m:
        plane = shapely.transform(area, lambda xy: (xy - (x, y)) * scale)
        margin_m = plane.boundary.distance(shapely.Point(0, 0)) * (1 if area.covers(place) else -1)
        judge(margin_m, accuracy_m, POLICY.leave_margin_m, float(POLICY.max_accuracy_m))


def _median_us(work: Callable[..., object], arguments: Sequence[tuple[object, ...]]) -> float:
    times = []
    for each in arguments:
        begun = perf_counter()
        work(*each)
        times.append(perf_counter() - begun)
    return median(times) * 1e6


def _resident_bytes() -> int:
    """What the process holds, after giving back what it has freed: else the index would seem to live in recycled pages for nothing."""
    collect()
    CDLL("libc.so.6").malloc_trim(0)
    return int(Path("/proc/self/statm").read_text().split()[1]) * getpagesize()


if __name__ == "__main__":
    for row in run():
        print(row)
