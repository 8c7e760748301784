"""Drawn fences and pings lie on a grid of 2^-20 degrees, so that a full turn or a shift of the fence loses no bit."""

import math
from uuid import UUID

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely.affinity import translate
from shapely.geometry import MultiPolygon, Polygon, box

from app.core.fix import Ping, accuracy_class_m
from app.core.index import FenceIndex, Verdicts
from app.core.judge import Verdict
from app.core.policy import Circle, FenceVersion, Policy, Shape

EARTH = Geod(ellps="WGS84")
GRID = 2.0**-20
NEAR_M = 0.01
few = settings(max_examples=20, deadline=None)


def on_grid(degrees: np.ndarray) -> np.ndarray:
    return np.round(degrees / GRID) * GRID


def star(centre: tuple[float, float], size: float, radii: list[float]) -> Polygon:
    """A concave ring around `centre` (longitude, latitude) that never crosses itself."""
    turn = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    return Polygon(on_grid(np.array(centre) + size * np.array(radii)[:, None] * np.column_stack([np.cos(turn), np.sin(turn)])))


@st.composite
def areas(draw: st.DrawFn) -> Polygon | MultiPolygon:
    """Tiny to as large as a country, concave, with or without a hole and a second part."""
    size = draw(st.sampled_from([0.0005, 0.01, 0.3, 4.0]))
    centre = draw(st.integers(-170, 170)) + 0.5, draw(st.integers(-80, 80)) + 0.25
    radii = draw(st.lists(st.floats(0.3, 1), min_size=5, max_size=20))
    whole = star(centre, size, radii)
    area: Polygon | MultiPolygon = whole
    if draw(st.booleans()):
        area = Polygon(whole.exterior, [star(centre, size * 0.2, radii[::-1]).exterior])
    if draw(st.booleans()):
        area = MultiPolygon([*shapely.get_parts(area), star((centre[0] + 2.5 * size, centre[1]), size, radii)])
    return area if area.is_valid else star(centre, size, [1.0] * 6)


def around(area: Polygon | MultiPolygon, seed: int, count: int = 60) -> np.ndarray:
    """Places (longitude, latitude) in and around an area, many of them near its border."""
    rng = np.random.default_rng(seed)
    west, south, east, north = area.bounds
    wide = rng.uniform((west - 0.01, south - 0.01), (east + 0.01, north + 0.01), (count // 2, 2))
    border = shapely.get_coordinates(area.boundary.interpolate(rng.uniform(0, 1, count // 2), normalized=True))
    return on_grid(np.concatenate([wide, border + rng.normal(0, 0.0004, border.shape)]))


def judged(index: FenceIndex, places: np.ndarray, accuracy_m: float = 5.0, at_ms: int = 0) -> Verdicts:
    latitude, longitude = places[:, 1].copy(), places[:, 0].copy()
    return index.verdicts(np.full(len(places), at_ms), latitude, longitude, np.full(len(places), accuracy_m))


def answers(found: Verdicts) -> list[tuple[int, int, int]]:
    return list(zip(found.ping.tolist(), found.version.tolist(), found.verdict.tolist(), strict=True))


def ping(longitude: float, latitude: float, accuracy_m: float | None = 5.0, at_ms: int = 0) -> Ping:
    return Ping("phone", f"{longitude} {latitude}", at_ms, latitude, longitude, accuracy_m)


def fences(*shapes: Shape) -> FenceIndex:
    return FenceIndex([FenceVersion(f"fence {i}", shape) for i, shape in enumerate(shapes)])


@few
@given(areas(), st.integers(0, 2**32))
def test_membership_is_planar_in_longitude_and_latitude(area: Polygon, seed: int) -> None:
    places = around(area, seed)
    found = judged(fences(area), places)
    inside = np.zeros(len(places), bool)
    inside[found.ping] = found.margin_m >= 0
    near = shapely.distance(area.boundary, shapely.points(places)) < NEAR_M / 10_000  # degrees: more than a centimetre anywhere here
    assert (inside == shapely.intersects_xy(area, places))[~near].all()


@few
@given(areas(), st.integers(0, 2**32))
def test_margins_are_metres_along_the_earth(area: Polygon, seed: int) -> None:
    places = around(area, seed, 10)
    found = judged(FenceIndex([FenceVersion("a", area, Policy(leave_margin_m=400))]), places)
    for nth, margin_m in zip(found.ping, found.margin_m, strict=True):
        if 1 < abs(margin_m) < np.inf:
            longitude, latitude = places[nth]
            reach = np.array([0.02 / np.cos(np.radians(latitude)), 0.02])
            border = area.boundary & box(*(places[nth] - reach), *(places[nth] + reach))
            line = shapely.get_coordinates(shapely.segmentize(border, 2e-5))
            _, _, away_m = EARTH.inv(np.full(len(line), longitude), np.full(len(line), latitude), *line.T)
            assert abs(margin_m) == pytest.approx(away_m.min(), rel=0.01, abs=0.5)


@few
@example(latitude=50.0, longitude=math.nextafter(180.0, 0.0), radius_m=1.0, azimuth=0.0, share=0.0)
@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(1, 300_000), st.floats(0, 360), st.floats(0, 3))
def test_a_circle_is_as_round_as_the_earth_lets_it(
    latitude: float, longitude: float, radius_m: float, azimuth: float, share: float
) -> None:
    away_m = radius_m * share
    longitude_b, latitude_b, _ = EARTH.fwd(longitude, latitude, azimuth, away_m)
    found = judged(fences(Circle(latitude, longitude, radius_m)), np.array([[longitude_b, latitude_b]]))
    if abs(share - 1) > 0.001:
        assert bool(len(found.ping) and found.margin_m[0] >= 0) == (share < 1)
    if len(found.ping):
        assert found.margin_m[0] == pytest.approx(radius_m - away_m, rel=1e-4, abs=away_m * 1e-5 + 0.01)


@few
@given(areas(), st.integers(0, 2**32), st.sampled_from([-360, 360, 720]), st.booleans())
def test_neither_a_full_turn_nor_the_winding_changes_a_verdict(area: Polygon, seed: int, turn: int, clockwise: bool) -> None:  # noqa: FBT001
    places = around(area, seed)
    other = translate(shapely.orient_polygons(area, exterior_cw=clockwise), xoff=turn)
    expected = answers(judged(fences(area), places))
    assert answers(judged(fences(other), places)) == expected
    assert answers(judged(fences(other), places + np.array([turn, 0]))) == expected
    assert answers(judged(fences(area), places + np.array([turn, 0]))) == expected


@few
@given(areas(), st.integers(0, 2**32), st.floats(-0.5, 0.5))
def test_a_fence_over_the_antimeridian_works_like_any_other(area: Polygon, seed: int, off_centre: float) -> None:
    places = around(area, seed)
    west, _, east, _ = area.bounds
    shift = float(180 - on_grid(np.array(west + (east - west) * (0.5 + off_centre))))
    over = translate(area, xoff=shift)
    halves = [over & box(-540, -90, 180, 90), translate(over & box(180, -90, 540, 90), xoff=-360)]
    cut = MultiPolygon([part for half in halves for part in shapely.get_parts(half) if isinstance(part, Polygon) and not part.is_empty])
    expected = judged(fences(area), places)
    for shape in (over, cut):
        found = judged(fences(shape), places + np.array([shift, 0]))
        decided = np.abs(expected.margin_m - 2.2259) > 1e-3  # cutting a slanted edge rounds the place of the cut
        assert [a for a, sure in zip(answers(expected), decided, strict=True) if sure and a not in answers(found)] == []
        assert len(found.ping) == len(expected.ping)


@pytest.mark.parametrize("longitude", [-180.0, 180.0, 179.99999, -90.0, 0.0, 540.0])
def test_a_cap_around_the_pole_has_no_border_at_the_antimeridian_or_the_pole(longitude: float) -> None:
    cap = fences(box(-180, -90, 180, -89.9))
    found = judged(cap, np.array([[longitude, -89.99], [longitude, -90.0], [longitude, -89.9001], [longitude, -89.0]]))
    assert found.ping.tolist() == [0, 1, 2]
    assert found.margin_m[:2].tolist() == [np.inf, np.inf]
    assert found.margin_m[2] == pytest.approx(11.17, rel=0.01)


def test_where_only_one_side_reaches_the_antimeridian_it_is_a_border() -> None:
    index = fences(MultiPolygon([box(179, 0, 180, 2), box(-180, 1, -179, 3)]))
    south, shared, north = (judged(index, np.array([[180.0 - 1e-4, 0.5], [180.0 - 1e-4, 1.5], [-180.0 + 1e-4, 2.5]])).margin_m).tolist()
    assert (south, north) == (pytest.approx(11.13, rel=0.01), pytest.approx(11.13, rel=0.01))
    assert shared == np.inf


def test_the_border_on_the_far_side_of_the_antimeridian_is_as_near_as_it_is() -> None:
    shape = MultiPolygon([box(179, 0, 180, 2), box(-180, 0, -179.9995, 2)])
    index = FenceIndex([FenceVersion("island", shape, Policy(leave_margin_m=400))])
    found = judged(index, np.array([[179.9999, 1.0], [-179.9990, 1.0]]))
    assert found.margin_m == pytest.approx([66.78, -55.65], rel=0.001)


@few
@given(st.lists(areas(), min_size=1, max_size=3), st.integers(0, 2**32), st.one_of(st.none(), st.floats(0, 600)))
def test_a_ping_alone_is_judged_as_it_is_among_others(shapes: list[Polygon], seed: int, accuracy_m: float | None) -> None:
    index = fences(*shapes, Circle(shapes[0].centroid.y, shapes[0].centroid.x, 80))
    pings = [
        ping(x, y, accuracy_m) for x, y in np.concatenate([around(shapes[0], seed, 30), [[shapes[0].centroid.x, shapes[0].centroid.y]]])
    ]
    assert [index.sight([one])[0] for one in pings] == index.sight(pings)


@few
@given(areas(), st.integers(0, 2**32), st.floats(0, 600), st.floats(0, 600))
def test_worse_accuracy_moves_no_fence_into_inside_or_outside(area: Polygon, seed: int, accuracy_m: float, worse_m: float) -> None:
    index = fences(area)
    for x, y in around(area, seed, 20):
        sharp, blurred = index.sight([ping(x, y, accuracy_m + 0.1), ping(x, y, accuracy_m + 0.1 + worse_m)])
        assert set(blurred.inside) <= set(sharp.inside)
        if blurred.accuracy_class_m <= 200 and not (blurred.inside or blurred.unclear):
            assert sharp.inside + sharp.unclear == ()


SQUARE = box(5, 52, 5.01, 52.01)
MIDDLE, BESIDE = (5.005, 52.005), (5.02, 52.005)


def test_each_ping_is_judged_by_the_version_of_its_own_time() -> None:
    moved = translate(SQUARE, xoff=0.015)
    index = FenceIndex(
        [FenceVersion("yard", SQUARE, valid_until_ms=1_000), FenceVersion("yard", moved, valid_from_ms=1_000, valid_until_ms=2_000)]
    )
    pings = [ping(*place, at_ms=at_ms) for place in (MIDDLE, BESIDE) for at_ms in (999, 1_000, 1_999, 2_000)]
    inside = [sighting.inside for sighting in index.sight(pings)]
    assert inside == [("yard",), (), (), (), (), ("yard",), ("yard",), ()]
    assert [index.sight([one])[0].inside for one in pings] == inside


def test_a_sighting_names_assigned_fences_only_sorted_by_their_text() -> None:
    names: list[UUID | str] = ["b", UUID(int=10), "a", UUID(int=9), "c"]
    index = FenceIndex([FenceVersion(name, SQUARE) for name in names])
    (sighting,) = index.sight([ping(*MIDDLE)], assigned=lambda _, fence: fence != "b")
    assert sighting.inside == (UUID(int=9), UUID(int=10), "a", "c")


def test_a_fix_worse_than_a_fence_admits_names_it_nowhere() -> None:
    strict, lax = Policy(max_accuracy_m=25), Policy(max_accuracy_m=500)
    index = FenceIndex([FenceVersion("strict", SQUARE, strict), FenceVersion("lax", SQUARE, lax)])
    sightings = index.sight([ping(*MIDDLE, accuracy_m) for accuracy_m in (25.0, 25.1, None, 501.0)])
    assert [(one.inside, one.unclear, one.accuracy_class_m) for one in sightings] == [
        (("lax", "strict"), (), 25),
        (("lax",), (), 50),
        (("lax",), (), 50),
        ((), (), accuracy_class_m(501)),
    ]


def test_near_the_border_is_unclear_and_beyond_the_leave_margin_outside() -> None:
    metre = 1 / 111_270  # of latitude here
    places = np.array([[5.005, 52 + away_m * metre] for away_m in (3, 1, -1, -24, -26)])
    found = judged(fences(SQUARE), places)
    assert found.verdict.tolist() == [Verdict.INSIDE, Verdict.UNCLEAR, Verdict.UNCLEAR, Verdict.UNCLEAR]
    assert found.margin_m == pytest.approx([3, 1, -1, -24], rel=0.001)


def test_a_border_of_twenty_thousand_vertices_is_measured_as_shapely_would() -> None:
    rng = np.random.default_rng(7)
    area = star((5.5, 52.25), 0.5, list(rng.uniform(0.99, 1, 19_000)))
    places = around(area, 8, 400)
    found = judged(fences(area), places)
    inside = np.zeros(len(places), bool)
    inside[found.ping] = found.margin_m >= 0
    assert (inside == shapely.intersects_xy(area, places)).all()
    flat = shapely.transform(area, lambda xy: xy * (np.cos(np.radians(52.25)), 1))
    beside = np.asarray(shapely.distance(flat.boundary, shapely.points(places * (np.cos(np.radians(52.25)), 1)))) * 111_270
    measured = np.isfinite(found.margin_m)
    assert np.abs(found.margin_m[measured]) == pytest.approx(beside[found.ping][measured], rel=0.02)


def test_an_organization_without_fences_sees_nothing() -> None:
    assert FenceIndex([]).sight([ping(*MIDDLE)])[0].inside == ()
    assert FenceIndex([]).sight([ping(*MIDDLE), ping(*BESIDE)])[1].unclear == ()
    assert fences(SQUARE).sight([]) == []
