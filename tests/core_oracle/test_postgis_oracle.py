"""The geometry law against PostGIS: membership is ST_Covers on geometry, for circles ST_DWithin on geography."""

import numpy as np
import psycopg
import pytest
import shapely
from pyproj import Geod
from shapely.geometry import MultiPolygon, Polygon, box

from app.core.index import FenceIndex
from app.core.policy import Circle, FenceVersion, Shape

PINGS = 600
NEAR_DEGREES = 0.01 / 111_700
"""At least a centimetre in latitude; a centimetre in longitude is more degrees, so more pings are compared than the law asks."""

COVERED = """
select st_covers(fence, ping)
from (select st_setsrid(st_geomfromwkb(%s), 4326) as fence) as f, unnest(%s::float8[], %s::float8[]) with ordinality as p(x, y, nth),
lateral (select st_setsrid(st_makepoint(x, y), 4326) as ping) as q order by nth
"""
WITHIN = """
select st_distance(centre, ping), st_dwithin(centre, ping, %s)
from (select st_setsrid(st_makepoint(%s, %s), 4326)::geography as centre) as f, unnest(%s::float8[], %s::float8[]) with ordinality as p(x, y, nth),
lateral (select st_setsrid(st_makepoint(x, y), 4326)::geography as ping) as q order by nth
"""


def ring(longitude: float, latitude: float, size: float, vertices: int, seed: int) -> Polygon:
    """A ragged, concave ring."""
    turn = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    radius = size * np.random.default_rng(seed).uniform(0.4, 1, vertices)
    return Polygon(np.column_stack([longitude + radius * np.cos(turn), latitude + radius * np.sin(turn)]))


AREAS: dict[str, Polygon | MultiPolygon] = {
    "concave": ring(4.9, 52.3, 0.01, 16, 1),
    "with holes": Polygon(box(5, 52, 5.1, 52.1).exterior, [ring(5.03, 52.05, 0.02, 9, 2).exterior, ring(5.08, 52.05, 0.01, 9, 3).exterior]),
    "in parts": MultiPolygon([ring(5.0, 52.0, 0.01, 12, 4), ring(5.1, 52.0, 0.03, 30, 5), ring(-70.0, -33.0, 0.2, 7, 6)]),
    "clockwise": Polygon(shapely.get_coordinates(ring(4.9, 52.3, 0.01, 16, 7))[::-1]),
    "tiny": ring(4.9, 52.3, 0.000005, 8, 8),
    "hundreds of kilometres": ring(10.0, 50.0, 6.0, 11, 9),
    "of 20,000 vertices": ring(5.0, 51.0, 0.3, 19_990, 10),
    "near a pole": ring(20.0, 89.7, 0.29, 15, 11),
    "around a pole": Polygon(box(-180, -90, 180, -89.5).exterior, [ring(0, -89.8, 0.1, 9, 12).exterior]),
    "over the antimeridian": MultiPolygon(
        [Polygon(box(179.9, -17, 180, -16.9).exterior, [ring(179.95, -16.95, 0.03, 9, 13).exterior]), box(-180, -17, -179.8, -16.9)]
    ),
}
CIRCLES = {
    "a yard": Circle(52.3, 4.9, 40),
    "a town": Circle(-33.4, -70.6, 8_000),
    "a country": Circle(47.0, 8.0, 600_000),
    "over the antimeridian": Circle(-17.0, 179.999, 5_000),
    "on a pole": Circle(-90.0, 0.0, 2_000),
    "beside a pole": Circle(89.98, 30.0, 5_000),
}


def places(shape: Polygon | MultiPolygon) -> tuple[np.ndarray, np.ndarray]:
    """Longitudes and latitudes within the globe: anywhere around the shape, along its border from a millimetre to a kilometre off, and on its vertices."""
    rng = np.random.default_rng(99)
    west, south, east, north = shape.bounds
    grown = (east - west) / 10, (north - south) / 10
    anywhere = rng.uniform((west - grown[0], south - grown[1]), (east + grown[0], north + grown[1]), (PINGS // 2, 2))
    border = shapely.get_coordinates(shape.boundary.interpolate(rng.uniform(0, 1, PINGS // 2), normalized=True))
    beside = border + rng.normal(0, 1, border.shape) * 10.0 ** rng.uniform(-8, -2, (len(border), 1))
    x, y = np.concatenate([anywhere, beside, shapely.get_coordinates(shape)[:20]]).T
    return (x + 180) % 360 - 180, np.clip(y, -90, 90)


def inside(shape: Shape, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    found = FenceIndex([FenceVersion("fence", shape)]).verdicts(np.zeros(len(x), np.int64), y, x, np.full(len(x), 5.0))
    answer = np.zeros(len(x), bool)
    answer[found.ping] = found.margin_m >= 0
    return answer


@pytest.mark.parametrize("name", AREAS)
def test_membership_of_an_area_is_what_postgis_covers(pg: psycopg.Connection[tuple[bool]], name: str) -> None:
    shape = AREAS[name]
    assert shape.is_valid
    x, y = places(shape)
    covered = np.array([row[0] for row in pg.execute(COVERED, (shapely.to_wkb(shape), x.tolist(), y.tolist()))])
    near = np.asarray(shapely.distance(shape.boundary, shapely.points(x, y))) <= NEAR_DEGREES
    assert 0 < covered[~near].sum() < (~near).sum()
    assert np.flatnonzero((inside(shape, x, y) != covered) & ~near).tolist() == []


@pytest.mark.parametrize("name", CIRCLES)
def test_membership_of_a_circle_is_what_postgis_finds_within_its_radius(pg: psycopg.Connection[tuple[float, bool]], name: str) -> None:
    circle = CIRCLES[name]
    rng = np.random.default_rng(98)
    share = np.concatenate([rng.uniform(0, 1.5, PINGS // 2), 1 + rng.uniform(-0.003, 0.003, PINGS // 2)])
    centre = np.full(PINGS, circle.longitude), np.full(PINGS, circle.latitude)
    x, y, _ = Geod(ellps="WGS84").fwd(*centre, rng.uniform(0, 360, PINGS), share * circle.radius_m)
    rows = pg.execute(WITHIN, (circle.radius_m, circle.longitude, circle.latitude, x.tolist(), y.tolist())).fetchall()
    away_m, within = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    near = np.abs(away_m / circle.radius_m - 1) <= 0.001
    assert 0 < within[~near].sum() < (~near).sum()
    assert np.flatnonzero((inside(circle, x, y) != within) & ~near).tolist() == []
