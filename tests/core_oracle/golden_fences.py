"""The fences of the golden vectors: every kind that is hard, at every place that is hard.

A fence has its shape as the phone is told it and as PostGIS is asked about it: the same area in one piece, whose border is a line. They differ
where a shape was cut at the antimeridian: the cut is no border, and only who drew the shape knows it for certain.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, radians
from random import Random

import numpy as np
import shapely
from shapely.affinity import translate
from shapely.geometry import LineString, MultiPolygon, Polygon, box, mapping
from shapely.geometry.base import BaseGeometry

from app.core.policy import Circle, Policy, Shape
from app.geofences.service.shapes import drawn

HAIR = 1e-13
"""In degrees: a few of the smallest steps that a longitude near 180 can take."""


@dataclass(frozen=True)
class Golden:
    """A fence of the golden vectors. `area` and `border` are for the referee; a circle needs neither."""

    name: str
    shape: Shape
    policy: Policy
    area: BaseGeometry | None = None
    border: BaseGeometry | None = None


def fences(chance: Random) -> list[Golden]:
    """All of them, the same for the same chance."""
    found = [*_circles(chance), *_towns(chance), *_large(chance), *_at_the_antimeridian(chance), *_around_the_globe(chance)]
    return [
        Golden(name, shape, _policy(chance), area, border)
        for name, shape, area, border in found
        if isinstance(shape, Circle) or shape.is_valid
    ]


Made = tuple[str, Shape, BaseGeometry | None, BaseGeometry | None]


def ring(chance: Random, place: tuple[float, float], size: float, corners: int, depth: float = 0.5) -> Polygon:
    """A ragged ring of `corners` around a place (longitude, latitude), up to `size` degrees of latitude away; concave where `depth` is below 1."""
    turn = np.linspace(0, 2 * np.pi, corners, endpoint=False) + chance.uniform(0, 6)
    away = np.array([chance.uniform(depth, 1) * size for _ in range(corners)])
    wide = 1 / max(cos(radians(place[1])), 0.02)
    return Polygon(np.column_stack([place[0] + away * np.cos(turn) * wide, place[1] + away * np.sin(turn)]))


def _policy(chance: Random) -> Policy:
    return Policy(
        leave_margin_m=chance.choice((0.0, 5.0, 25.0, 25.0, 25.0, 100.0, 1000.0)), max_accuracy_m=chance.choice((50, 200, 200, 200, 500))
    )


def _land(chance: Random) -> tuple[float, float]:
    return chance.uniform(-179, 179), chance.uniform(-75, 75)


def _plain(name: str, area: Polygon | MultiPolygon) -> Made:
    return name, area, area, area.boundary


def _circles(chance: Random) -> Iterator[Made]:
    for radius_m in (1.0, 20.0, 75.0, 150.0, 400.0, 2_500.0, 20_000.0, 300_000.0, 1_000_000.0):
        longitude, latitude = _land(chance)
        yield f"circle of {radius_m:.0f} m", Circle(latitude, longitude, radius_m), None, None
    for name, *circle in (
        ("null island", 0.0, 0.0, 500.0),
        ("circle on the antimeridian", -16.8, 180.0, 300.0),
        ("circle a hair west of it", 52.0, 180.0 - HAIR, 900.0),
        ("circle east of it", 65.0, -179.995, 2_000.0),
        ("circle on the pole", 90.0, 12.0, 700.0),
        ("circle beside the pole", -89.99, -170.0, 5_000.0),
    ):
        yield name, Circle(*circle), None, None


def _towns(chance: Random) -> Iterator[Made]:
    for corners in (3, 3, 4, 5, 8, 12, 24, 40, 70, 130, 600, 6_000):
        yield _plain(f"ring of {corners}", ring(chance, _land(chance), chance.choice((0.001, 0.003, 0.02)), corners))
    for nth in range(4):
        outer = ring(chance, place := _land(chance), 0.01, 20 + nth, 0.8)
        holes = [ring(chance, (place[0] + step, place[1]), 0.002, 5 + nth).exterior for step in (-0.004, 0.004)]
        yield _plain(f"with holes {nth}", Polygon(outer.exterior, holes))
    for nth in range(3):
        place = _land(chance)
        parts = [ring(chance, (place[0] + step * 0.02, place[1] + step * 0.01), 0.006, 9 + step) for step in range(3)]
        yield _plain(f"in parts {nth}", MultiPolygon(parts))
    longitude, latitude = _land(chance)
    touching = [
        box(longitude, latitude, longitude + 0.002, latitude + 0.002),
        box(longitude + 0.002, latitude + 0.002, longitude + 0.004, latitude + 0.003),
    ]
    yield _plain("parts that touch in a point", MultiPolygon(touching))
    yield _plain("parts half a world apart", MultiPolygon([ring(chance, (5.0, 52.0), 0.01, 9), ring(chance, (-70.0, -33.0), 0.02, 7)]))
    yield _plain("of a metre", ring(chance, _land(chance), 0.000009, 6))
    yield _plain("a needle", Polygon([(4.0, 52.0), (4.02, 52.00001), (4.02, 52.0)]))
    yield _plain("on the equator and Greenwich", box(-0.002, -0.001, 0.003, 0.002))
    yield _plain("with a corner in 0, 0", box(0, 0, 0.003, 0.002))
    clockwise = ring(chance, _land(chance), 0.004, 14)
    yield _plain("clockwise", clockwise.reverse())
    holed = Polygon(clockwise.exterior, [ring(chance, (clockwise.centroid.x, clockwise.centroid.y), 0.001, 6).exterior])
    yield _plain("clockwise with a hole", holed.reverse())
    comb = [(x / 10_000 + 6, 52 + (0.004 if x % 2 else 0.0)) for x in range(41)]
    yield _plain("a comb", Polygon([*comb, (6.004, 51.999), (6.0, 51.999)]))


def _large(chance: Random) -> Iterator[Made]:
    for size in (0.3, 2, 6, 12):
        yield _plain(f"{size} degrees", ring(chance, (chance.uniform(-150, 150), chance.uniform(-55, 55)), size, 15))
    lake = [ring(chance, (10.0, 49.0), 1.5, 30).exterior]
    yield _plain("a country with a lake", Polygon(ring(chance, (10.0, 49.0), 5, 2_000, 0.9).exterior, lake))
    yield _plain("near the pole", ring(chance, (20.0, 89.0), 0.4, 15))
    yield _plain("far north", ring(chance, (-40.0, 83.5), 0.01, 15))
    yield _plain("wider than half the world", Polygon([(-100, -20), (0, -30), (110, -20), (100, 15), (0, 40), (-95, 10)]))


def _at_the_antimeridian(chance: Random) -> Iterator[Made]:
    for nth, (size, latitude) in enumerate(((0.002, -16.8), (0.01, 65.0), (0.3, 52.0), (9.0, -40.0))):
        yield _across(f"across {nth}", ring(chance, (180 + chance.uniform(-0.4, 0.4) * size, latitude), size, 9 + 5 * nth))
    holed = box(179.98, -17.02, 180.03, -16.98)
    yield _across("across with a hole on it", Polygon(holed.exterior, [ring(chance, (180.0, -17.0), 0.01, 9).exterior]))
    yield _across("across from the west", translate(holed, xoff=-360))
    yield _plain("up to 180 exactly", box(179.99, 10, 180, 10.01))
    yield _plain("from -180 exactly", box(-180, 10, -179.99, 10.01))
    yield _plain("up to a hair before 180", box(179.99, 10, 180 - HAIR, 10.01))
    yield _plain("from a hair after -180", box(-180 + HAIR, -10, -179.99, -9.99))
    yield _across("with a corner on 180", Polygon([(179.99, 40), (180, 40.005), (179.99, 40.01), (179.985, 40.005)]))


def _across(name: str, area: Polygon) -> Made:
    """Cut by the server as it cuts what is drawn."""
    return name, drawn(mapping(area), None), area, area.boundary


def _around_the_globe(chance: Random) -> Iterator[Made]:
    edge = [(float(longitude), 88.5 + chance.uniform(0, 0.3)) for longitude in range(-180, 180, 15)]
    edge.append((180.0, edge[0][1]))
    yield _spun("around the pole", Polygon([*edge, (180, 90), (-180, 90)]), [edge])
    south = [(float(longitude), -60 - chance.uniform(0, 6)) for longitude in range(-180, 180, 20)]
    south.append((180.0, south[0][1]))
    hole = ring(chance, (30.0, -80.0), 2, 9)
    cap = Polygon([*south, (180, -90), (-180, -90)], [hole.exterior])
    yield _spun("a continent around the pole", cap, [south, [(x, y) for x, y in hole.exterior.coords]])
    yield _spun("a belt around the earth", box(-180, -5, 180, 5), [[(-180, -5), (180, -5)], [(-180, 5), (180, 5)]])


def _spun(name: str, area: Polygon, lines: list[list[tuple[float, float]]]) -> Made:
    """A shape 360 degrees wide, whose two sides meet."""
    return name, area, area, shapely.union_all([LineString(line) for line in lines])
