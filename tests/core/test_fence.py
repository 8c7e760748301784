from math import inf, nan

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.affinity import translate
from shapely.geometry import LineString, MultiPolygon, Polygon, box

from app.core.fence import MAX_VERTICES, ShapeRefused, area_m2, checked, covering_circle
from app.core.policy import Circle, Shape

EARTH = Geod(ellps="WGS84")
BOW_TIE = Polygon([(5, 52), (5.2, 52.2), (5.2, 52), (5, 52.2)])
SHAPES = [
    box(5, 52, 5.01, 52.01),
    box(5, 52, 5.00001, 52.00001),
    box(0, 40, 10, 50),
    box(10, 10, 12, 12) - box(10.5, 10.5, 11, 11),
    MultiPolygon([box(5, 52, 5.01, 52.01), box(5.1, 52, 5.2, 52.3)]),
    MultiPolygon([box(179, -18, 180, -17), box(-180, -18, -179, -17)]),
    box(-180, 80, 180, 90),
]


def with_longitude(longitude: float) -> Polygon:
    with np.errstate(invalid="ignore"):  # GEOS computes with it on the way in
        return Polygon([(5, 52), (longitude, 52.1), (5.1, 52)])


@pytest.mark.parametrize("shape", [*SHAPES, Circle(52, 5, 40), Circle(-90, 0, 1_000_000)])
def test_an_honest_shape_is_accepted_as_it_is(shape: Shape) -> None:
    assert checked(shape) == shape


def test_a_crossed_border_is_refused_with_its_place_and_a_repair_to_accept() -> None:
    with pytest.raises(ShapeRefused, match=r"Self-intersection at latitude 52\.100000, longitude 5\.100000") as refused:
        checked(BOW_TIE)
    assert refused.value.place == pytest.approx((52.1, 5.1))
    repaired = refused.value.repaired
    assert repaired is not None
    assert checked(repaired) == repaired
    assert repaired.area == pytest.approx(0.02)


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (LineString([(5, 52), (6, 52)]), "this is a LineString"),
        (shapely.Point(5, 52), "this is a Point"),
        (shapely.GeometryCollection([box(5, 52, 6, 53)]), "this is a GeometryCollection"),
        (Polygon(), "empty"),
        (with_longitude(nan), "finite"),
        (with_longitude(inf), "finite"),
        (box(52, 100, 53, 101), "beyond the pole"),
        (box(-200, 0, 200, 1), "360 degrees wide"),
        (shapely.Point(5, 52).buffer(1, quad_segs=MAX_VERTICES // 4), "at most 20000"),
        (Circle(52, 5, 0), "radius_m"),
        (Circle(52, 5, 1_000_001), "radius_m"),
        (Circle(52, 5, nan), "finite"),
        (Circle(91, 5, 10), "beyond the pole"),
    ],
)
def test_a_shape_that_cannot_be_a_fence_is_refused_by_its_fault(shape: Shape, reason: str) -> None:
    with pytest.raises(ShapeRefused, match=reason):
        checked(shape)


def test_the_largest_shape_allowed_is_accepted_without_heights() -> None:
    ring = shapely.get_coordinates(shapely.Point(5, 52).buffer(1, quad_segs=(MAX_VERTICES - 1) // 4))
    assert len(ring) > MAX_VERTICES - 4
    assert not checked(Polygon(np.column_stack([ring, np.zeros(len(ring))]))).has_z  # type: ignore[union-attr]


@pytest.mark.parametrize("shape", SHAPES)
def test_the_area_is_that_of_the_ellipsoid(shape: Polygon) -> None:
    expected, _ = EARTH.geometry_area_perimeter(shapely.orient_polygons(shapely.segmentize(shape, 0.02)))
    assert area_m2(shape) == pytest.approx(abs(expected), rel=1e-4)


@given(st.sampled_from(SHAPES[:6]), st.sampled_from([-720, -360, 360]), st.booleans())
def test_neither_a_full_turn_nor_the_winding_changes_area_or_cover(shape: Polygon, turn: int, clockwise: bool) -> None:  # noqa: FBT001
    other = translate(shapely.orient_polygons(shape, exterior_cw=clockwise), xoff=turn)
    assert area_m2(other) == pytest.approx(area_m2(shape), rel=1e-3)
    assert covering_circle(other).radius_m == pytest.approx(covering_circle(shape).radius_m, abs=1)


@pytest.mark.parametrize("shape", SHAPES[:6])
def test_the_covering_circle_covers_and_wastes_little(shape: Polygon) -> None:
    cover = covering_circle(shape)
    longitude, latitude = shapely.get_coordinates(shapely.segmentize(shape, 0.1)).T
    _, _, away_m = EARTH.inv(np.full_like(longitude, cover.longitude), np.full_like(latitude, cover.latitude), longitude, latitude)
    assert away_m.max() <= cover.radius_m <= max(100, away_m.max() * 1.01 + 1)
    assert abs(cover.longitude) <= 180


def test_a_small_circle_is_covered_by_the_smallest_a_phone_watches() -> None:
    assert covering_circle(Circle(52, 5, 20)) == Circle(52, 5, 100)
    assert covering_circle(Circle(52, 5, 320.4)) == Circle(52, 5, 321)
