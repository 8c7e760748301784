"""Golden vectors: pings and what `app/core` says of them, for everybody else who judges (the phone does, in `pwa/src/geo`).

    python -m tests.core_oracle.golden var/golden.json

1. `golden_fences.py` draws the fences. Around each, pings are strewn by one seed: on corners and edges, beside them by about as many metres as make
   a difference, far away, at 180 and -180 degrees, and with every accuracy that means something.
2. The verdict is what the fold sees: a fix too poor for the fence is unclear.
3. A ping within a micrometre of where the verdict changes is left out: there the last bit of a sine decides.
4. Where it is within the tolerance of the referee (`test_golden.py` asks PostGIS about all the others), it is marked.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from math import atan2, cos, pi, radians, sin, tan
from pathlib import Path
from random import Random

import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry import LineString

from app.core.border import Borders
from app.core.fix import UNKNOWN_ACCURACY_M, Ping
from app.core.index import FenceIndex
from app.core.judge import clearance_m, reach_m
from app.core.plane import EQUATOR_RADIUS_M, geodesic_m, metres_per_degree
from app.core.policy import Circle, FenceVersion
from app.geofences.service.shapes import geojson_of
from tests.core_oracle.golden_fences import HAIR, Golden, fences

SEED = 20260603
PINGS = 190
TIE_M = 1e-6
FAR_M = 50_000.0
ACCURACIES = (
    None,
    0.0,
    -1.0,
    0.4,
    3.0,
    4.0,
    5.0,
    5.01,
    6.5,
    8.0,
    10.0,
    12.3,
    20.0,
    25.0,
    25.0,
    49.9,
    50.0,
    100.0,
    150.0,
    200.0,
    200.5,
    499.0,
    900.0,
)
VERDICTS = {"outside": -1, "unclear": 0, "inside": 1}
_WGS84 = Geod(ellps="WGS84")


@dataclass(frozen=True)
class Case:
    """One ping at one fence. `margin_m` is what core measures, at most FAR_M away; `refereed`: PostGIS must agree."""

    fence: int
    latitude: float
    longitude: float
    accuracy_m: float | None
    verdict: int
    margin_m: float
    refereed: bool


def known_m(accuracy_m: float | None) -> float:
    """The accuracy to judge by."""
    return accuracy_m if accuracy_m is not None and accuracy_m > 0 else UNKNOWN_ACCURACY_M


def tolerance_m(golden: Golden, latitude: float, margin_m: float) -> float:
    """How much PostGIS may differ: 2 cm, and a share that grows with the distance and towards the poles, where a plane is a rough guess."""
    if isinstance(golden.shape, Circle):
        return 0.02 + 1e-4 * golden.shape.radius_m
    near_m = min(abs(margin_m), 2_000.0)
    return 0.02 + near_m * (0.002 + near_m * tan(radians(min(abs(latitude), 89.999))) / EQUATOR_RADIUS_M)


def cases(all_fences: list[Golden], seed: int = SEED) -> Iterator[Case]:
    """Every case, fence after fence."""
    for nth, golden in enumerate(all_fences):
        chance = Random(seed * 1_000 + nth)
        pings = []
        for number in range(PINGS):
            accuracy_m = chance.choice(ACCURACIES)
            pings.append(Ping("phone", str(number), 0, *_place(chance, golden, accuracy_m), accuracy_m))
        for ping, verdict, margin_m in zip(pings, verdicts(golden, pings), _margins_m(golden, pings), strict=True):
            latitude, accuracy_m = ping.latitude, ping.accuracy_m
            bounds = (float(clearance_m(known_m(accuracy_m))), -float(reach_m(known_m(accuracy_m), golden.policy.leave_margin_m)))
            from_bound_m = min(abs(margin_m - bound) for bound in bounds)
            poor = known_m(accuracy_m) > golden.policy.max_accuracy_m
            if from_bound_m <= TIE_M and not poor:
                continue
            refereed = poor or from_bound_m > tolerance_m(golden, latitude, margin_m)
            yield Case(nth, latitude, ping.longitude, accuracy_m, verdict, margin_m, refereed)


def verdicts(golden: Golden, pings: list[Ping], *, singly: bool = False) -> list[int]:
    """What core says of each ping, asked about all at once or (`singly`) one by one."""
    index = FenceIndex([FenceVersion("fence", golden.shape, golden.policy)])
    sightings = [index.sight([ping])[0] for ping in pings] if singly else index.sight(pings)
    return [
        VERDICTS[
            "inside" if seen.inside else "unclear" if seen.unclear or seen.accuracy_class_m > golden.policy.max_accuracy_m else "outside"
        ]
        for seen in sightings
    ]


def _margins_m(golden: Golden, pings: list[Ping]) -> list[float]:
    latitude, longitude = np.array([ping.latitude for ping in pings]), np.array([ping.longitude for ping in pings])
    if isinstance(golden.shape, Circle):
        away_m = geodesic_m(np.full(len(pings), golden.shape.latitude), np.full(len(pings), golden.shape.longitude), latitude, longitude)
        return np.clip(golden.shape.radius_m - away_m, -FAR_M, FAR_M).tolist()  # type: ignore[no-any-return]
    margin_m = Borders([golden.shape]).margins_m(np.zeros(len(pings), np.int64), latitude, longitude, np.full(len(pings), FAR_M))
    return np.clip(margin_m, -FAR_M, FAR_M).tolist()  # type: ignore[no-any-return]


def _place(chance: Random, golden: Golden, accuracy_m: float | None) -> tuple[float, float]:
    """Latitude and longitude on the globe."""
    kind = chance.random()
    if kind < 0.03:
        latitude, longitude = (
            chance.choice((90.0, -90.0, 0.0, chance.uniform(-90, 90))),
            chance.choice((180.0, -180.0, 0.0, chance.uniform(-180, 180))),
        )
    elif isinstance(golden.shape, Circle):
        latitude, longitude = _beside_circle(chance, golden.shape, _offset_m(chance, golden, accuracy_m))
    elif kind < 0.25:
        latitude, longitude = _anywhere(chance, golden)
    else:
        latitude, longitude = _beside_border(chance, golden, 0.0 if kind < 0.32 else _offset_m(chance, golden, accuracy_m))
    if abs(abs(longitude) - 180) < 0.5 and chance.random() < 0.25:
        longitude = chance.choice((180.0, -180.0, 180 - HAIR, -180 + HAIR, 180 - 1e-9, -180 + 1e-9))
    longitude = longitude if abs(longitude) <= 180 else (longitude + 180) % 360 - 180
    return min(max(latitude, -90.0), 90.0), longitude


def _offset_m(chance: Random, golden: Golden, accuracy_m: float | None) -> float:
    """Signed metres from the border, about where verdicts change."""
    clear_m = float(clearance_m(known_m(accuracy_m)))
    reach = float(reach_m(known_m(accuracy_m), golden.policy.leave_margin_m))
    share = chance.choice((0.5, 0.9, 0.97, 0.995, 1.005, 1.03, 1.1, 2.0, chance.uniform(0, 3)))
    some_m = chance.choice((-1, 1)) * 10 ** chance.uniform(-3, 3.5)
    return chance.choice((clear_m * share, -clear_m * share, reach * share, -reach * share, some_m))


def _beside_circle(chance: Random, circle: Circle, offset_m: float) -> tuple[float, float]:
    away_m = max(circle.radius_m - offset_m, 0.0) if chance.random() < 0.85 else circle.radius_m * chance.uniform(0, 2)
    longitude, latitude, _ = _WGS84.fwd(circle.longitude, circle.latitude, chance.uniform(0, 360), away_m)
    return latitude, longitude


def _anywhere(chance: Random, golden: Golden) -> tuple[float, float]:
    assert golden.area is not None
    west, south, east, north = golden.area.bounds
    grown = chance.choice((0.0, 0.1, 1.0))
    x, y = (east - west) * grown, (north - south) * grown
    return chance.uniform(south - y, north + y), chance.uniform(west - x, east + x)


def _beside_border(chance: Random, golden: Golden, offset_m: float) -> tuple[float, float]:
    """Beside a random place of a random edge, at right angles to it."""
    assert golden.border is not None
    lines = [line for line in shapely.get_parts(golden.border) if isinstance(line, LineString)]
    ends = list(chance.choice(lines).coords)
    nth, along = chance.randrange(len(ends) - 1), chance.choice((0.0, 1.0, 0.5, chance.random(), chance.random()))
    (ax, ay), (bx, by) = ends[nth], ends[nth + 1]
    x, y = ax + along * (bx - ax), ay + along * (by - ay)
    scale_x, scale_y = metres_per_degree(max(min(y, 89.999), -89.999))
    across = atan2((by - ay) * float(scale_y), (bx - ax) * float(scale_x)) + chance.choice((pi / 2, -pi / 2))
    return y + offset_m * sin(across) / float(scale_y), x + offset_m * cos(across) / float(scale_x)


def document(all_fences: list[Golden]) -> dict[str, object]:
    """The file: fences as the phone is told them, and cases [fence, latitude, longitude, accuracy_m or null, verdict, refereed]."""
    told = [
        {
            "name": golden.name,
            "geometry": geojson_of(golden.shape) if isinstance(golden.shape, Circle) else shapely.geometry.mapping(golden.shape),
            "radius_m": golden.shape.radius_m if isinstance(golden.shape, Circle) else None,
            "policy": {"leave_margin_m": golden.policy.leave_margin_m, "max_accuracy_m": golden.policy.max_accuracy_m},
        }
        for golden in all_fences
    ]
    rows = [[one.fence, one.latitude, one.longitude, one.accuracy_m, one.verdict, int(one.refereed)] for one in cases(all_fences)]
    return {"seed": SEED, "fences": told, "cases": rows}


def golden_fences() -> list[Golden]:
    """The fences of the file."""
    return fences(Random(SEED))


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(document(golden_fences()), separators=(",", ":")))
