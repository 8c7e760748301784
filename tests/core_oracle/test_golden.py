"""PostGIS is the referee of the golden vectors: it measures by itself, and its chance of being inside must give the same verdict."""

from math import cos, radians, sqrt, tan
from statistics import NormalDist

import numpy as np
import psycopg
import pytest
import shapely
from shapely.affinity import translate

from app.core.fix import Ping
from app.core.judge import reach_m
from app.core.plane import EQUATOR_RADIUS_M, metres_per_degree
from app.core.policy import Circle, Policy
from tests.core_oracle.golden import SEED, Case, cases, golden_fences, known_m, verdicts
from tests.core_oracle.golden_fences import Golden

BULGE_M = 0.005
"""Geography measures along great circles; a straight line in degrees is cut so short that it leaves them by no more."""

FROM_AREA = """
select (select bool_or(st_covers(area, st_setsrid(st_makepoint(x + turn, y), 4326))) from unnest(array[-360, 0, 360]) as t(turn)),
  st_distance(st_segmentize(st_setsrid(st_geomfromwkb(near), 4326), step)::geography, st_setsrid(st_makepoint(x, y), 4326)::geography, true)
from (select st_setsrid(st_geomfromwkb(%s), 4326) as area) as f,
unnest(%s::float8[], %s::float8[], %s::float8[], %s::bytea[]) with ordinality as p(x, y, step, near, nth) order by nth
"""
FROM_CIRCLE = """
select st_distance(st_setsrid(st_makepoint(%s, %s), 4326)::geography, st_setsrid(st_makepoint(x, y), 4326)::geography, true)
from unnest(%s::float8[], %s::float8[]) with ordinality as p(x, y, nth) order by nth
"""

FENCES = golden_fences()
CASES = list(cases(FENCES))


def test_there_are_enough_of_every_verdict_and_the_referee_is_asked_about_nearly_all() -> None:
    assert sum(one.refereed for one in CASES) >= 10_000
    assert sum(one.refereed for one in CASES) > 0.94 * len(CASES)
    assert min([one.verdict for one in CASES].count(verdict) for verdict in (-1, 0, 1)) > 2_000


def test_the_same_seed_gives_the_same_vectors() -> None:
    assert list(cases(golden_fences()[:3], SEED)) == [one for one in CASES if one.fence < 3]


@pytest.mark.parametrize("nth", range(len(FENCES)), ids=[golden.name.replace(" ", "_") for golden in FENCES])
def test_postgis_gives_the_verdicts_of_the_golden_vectors(pg: psycopg.Connection[tuple[object, ...]], nth: int) -> None:
    mine = [one for one in CASES if one.fence == nth]
    margins_m = _from_circle(pg, shape, mine) if isinstance(shape := FENCES[nth].shape, Circle) else _from_area(pg, FENCES[nth], mine)
    wrong = [
        (one, margin_m)
        for one, margin_m in zip(mine, margins_m, strict=True)
        if one.refereed and _verdict(margin_m, one, FENCES[nth].policy) != one.verdict
    ]
    assert wrong == []


def test_one_ping_alone_is_judged_like_many_at_once() -> None:
    for nth, golden in enumerate(FENCES):
        mine = [one for one in CASES if one.fence == nth]
        pings = [Ping("phone", str(number), 0, one.latitude, one.longitude, one.accuracy_m) for number, one in enumerate(mine)]
        assert verdicts(golden, pings, singly=True) == [one.verdict for one in mine], golden.name


def _verdict(margin_m: float, case: Case, policy: Policy) -> int:
    """The Judge step of docs/attendance.md, word for word."""
    accuracy_m = known_m(case.accuracy_m)
    if accuracy_m > policy.max_accuracy_m:
        return 0
    p = NormalDist().cdf(margin_m / (max(accuracy_m, 5) / 1.515))
    return 1 if p >= 0.75 else -1 if p <= 0.25 and margin_m <= -policy.leave_margin_m else 0


def _from_circle(pg: psycopg.Connection[tuple[object, ...]], circle: Circle, mine: list[Case]) -> list[float]:
    places = ([one.longitude for one in mine], [one.latitude for one in mine])
    rows = pg.execute(FROM_CIRCLE, (circle.longitude, circle.latitude, *places))
    return [circle.radius_m - float(str(away_m)) for (away_m,) in rows]


def _from_area(pg: psycopg.Connection[tuple[object, ...]], golden: Golden, mine: list[Case]) -> list[float]:
    lines = map(shapely.get_coordinates, shapely.get_parts(golden.border))
    edges = shapely.STRtree(np.asarray(shapely.linestrings(np.concatenate([np.stack([line[:-1], line[1:]], axis=1) for line in lines]))))
    far_m = (
        1.2 * float(reach_m(float(golden.policy.max_accuracy_m), golden.policy.leave_margin_m)) + 20
    )  # no verdict depends on anything farther
    near = [_near(edges, one.longitude, one.latitude, far_m) for one in mine]
    places = ([one.longitude for one in mine], [one.latitude for one in mine], [_step(one.latitude) for one in mine])
    rows = pg.execute(FROM_AREA, (shapely.to_wkb(golden.area), *places, near))
    return [(1 if covered else -1) * (far_m if away_m is None else float(str(away_m))) for covered, away_m in rows]


def _near(edges: shapely.STRtree, x: float, y: float, far_m: float) -> bytes | None:
    """What of the border lies near a place, the turn of the longitude taken out; None if nothing does."""
    wide_m, high_m = metres_per_degree(min(abs(y) + far_m / 110_500, 90.0))
    wide, high = min(far_m / max(float(wide_m), 1e-9), 360.0), far_m / float(high_m)
    pieces = [
        translate(shapely.intersection(edges.geometries[edge], window), xoff=-turn)
        for turn in (-360, 0, 360)
        for window in [shapely.box(x + turn - wide, y - high, x + turn + wide, y + high)]
        for edge in edges.query(window, predicate="intersects")
    ]
    return shapely.to_wkb(shapely.geometrycollections(pieces)) if pieces else None


def _step(latitude: float) -> float:
    """How long, in degrees, a straight piece of border may be."""
    chord_m = sqrt(8 * BULGE_M * EQUATOR_RADIUS_M / max(tan(radians(min(abs(latitude), 89.99))), 0.01))
    return min(chord_m / (111_320 * max(cos(radians(latitude)), 1e-3)), 0.5)
