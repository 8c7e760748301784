"""Each case says in which places one is inside, and in which outside: (longitude, latitude)."""

import antimeridian
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon

from app.core.fence import area_m2, checked
from app.geofences.formats.area import area_of
from app.geofences.formats.draft import Flaw, Ring

Corners = list[tuple[float, float]]


def box(west: float, south: float, east: float, north: float) -> Corners:
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


def ring(corners: Corners) -> Ring:
    return np.array(corners, np.float64)


def area(*polygons: list[Corners]) -> Polygon | MultiPolygon:
    return area_of([[ring(corners) for corners in polygon] for polygon in polygons], [])


def holds(shape: shapely.Geometry, place: tuple[float, float]) -> bool:
    return bool(shapely.covers(shape, shapely.Point(place)))


DATELINE = box(170, -10, -170, 10)
HOLE = box(175, -5, -175, 5)
CASES: dict[str, tuple[list[list[Corners]], Corners, Corners]] = {
    "plain box": ([[box(5, 52, 6, 53)]], [(5.5, 52.5)], [(179, 52.5), (-5.5, 52.5)]),
    "ends at 180": ([[box(170, 0, 180, 10)]], [(175, 5), (180, 5)], [(-175, 5), (160, 5)]),
    "begins at -180": ([[box(-180, 0, -170, 10)]], [(-175, 5)], [(175, 5)]),
    "begins at 180, written as 180": ([[[(180, 0), (-170, 0), (-170, 10), (180, 10), (180, 0)]]], [(-175, 5)], [(175, 5), (0, 5)]),
    "ends at -180, written as -180": ([[[(170, 0), (-180, 0), (-180, 10), (170, 10), (170, 0)]]], [(175, 5)], [(-175, 5), (0, 5)]),
    "mixes 180 and -180": ([[[(170, 0), (180, 0), (-180, 10), (170, 10), (170, 0)]]], [(175, 5)], [(-175, 5)]),
    "crosses": ([[DATELINE]], [(175, 0), (-175, 0), (180, 0), (-180, 0)], [(0, 0), (165, 0), (-165, 0), (175, 11)]),
    "crosses, clockwise": ([[DATELINE[::-1]]], [(175, 0), (-175, 0)], [(0, 0), (165, 0), (-165, 0)]),
    "crosses, beginning in the west": ([[DATELINE[2:] + DATELINE[1:3]]], [(175, 0), (-175, 0)], [(0, 0)]),
    "runs on to 190": ([[box(170, -10, 190, 10)]], [(175, 0), (-175, 0)], [(0, 0), (-165, 0)]),
    "runs on to -190": ([[box(-190, -10, -170, 10)]], [(175, 0), (-175, 0)], [(0, 0), (165, 0)]),
    "wholly at 185": ([[box(185, 0, 190, 5)]], [(-172, 2)], [(172, 2)]),
    "wholly at -535": ([[box(-538, 0, -530, 5)]], [(-175, 2)], [(175, 2)]),
    "hole on both sides": ([[DATELINE, HOLE]], [(172, 0), (-172, 0), (180, 7)], [(180, 0), (-178, 0), (178, 0)]),
    "hole on both sides, all clockwise": ([[DATELINE[::-1], HOLE[::-1]]], [(172, 0), (-172, 0)], [(180, 0), (178, 0)]),
    "hole on both sides, wound against": ([[DATELINE, HOLE[::-1]]], [(172, 0), (-172, 0)], [(180, 0), (178, 0)]),
    "hole in the east only": ([[DATELINE, box(172, -5, 175, 5)]], [(171, 0), (-175, 0)], [(173, 0)]),
    "hole in the west only": ([[DATELINE, box(-175, -5, -172, 5)]], [(171, 0), (-171, 0)], [(-173, 0)]),
    "hole written as -175, ring as 190": ([[box(170, -10, 190, 10), box(-175, -5, -172, 5)]], [(171, 0)], [(-173, 0)]),
    "hole written as 185, ring as -170": ([[DATELINE, box(185, -5, 188, 5)]], [(171, 0)], [(-173, 0)]),
    "hole touches the antimeridian": ([[DATELINE, [(175, 0), (180, 5), (180, -5), (175, 0)]]], [(-179, 0), (171, 0)], [(178, 0)]),
    "two parts, one crossing": ([[DATELINE], [box(5, 52, 6, 53)]], [(175, 0), (5.5, 52.5)], [(0, 0)]),
    "two parts, both crossing": ([[DATELINE], [box(175, 20, -175, 30)]], [(-175, 0), (-178, 25)], [(175, 15), (172, 25)]),
    "two parts, cut already": ([[box(170, 0, 180, 5)], [box(-180, 0, -170, 5)]], [(175, 2), (-175, 2)], [(0, 2)]),
    "zigzag": ([[[(179, 0), (-179, 1), (179, 2), (-179, 3), (178, 4), (178, 0), (179, 0)]]], [(178.5, 1), (-179.5, 1)], [(-179.5, 2)]),
    "the world": ([[box(-180, -90, 180, 90)]], [(0, 0), (179, 89), (-179, -89)], []),
    "a belt with corners on the way": (
        [[[(-180, 0), (0, 0), (180, 0), (180, 5), (0, 5), (-180, 5), (-180, 0)]]],
        [(0, 2), (170, 2)],
        [(0, 6)],
    ),
    "a belt of four corners": ([[box(-180, 60, 180, 70)]], [(0, 65), (179, 65)], [(0, 75), (0, 55)]),
    "around the north pole": (
        [[[(0, 80), (90, 80), (180, 80), (-90, 80), (0, 80)]]],
        [(0, 90), (45, 85), (-135, 85)],
        [(45, 75), (0, -85)],
    ),
    "around the north pole, the other way": ([[[(0, 80), (-90, 80), (180, 80), (90, 80), (0, 80)]]], [(0, 90), (-135, 85)], [(45, 75)]),
    "around the south pole": ([[[(0, -80), (120, -80), (-120, -80), (0, -80)]]], [(0, -90), (60, -85), (180, -85)], [(0, -75), (0, 85)]),
    "around a pole, written from 0 to 360": ([[[(0, 80), (90, 80), (180, 80), (270, 80), (360, 80)]]], [(0, 90), (-135, 85)], [(45, 75)]),
    "around a pole, written from -180 to 180": (
        [[[(-180, 80), (-60, 80), (60, 80), (180, 80), (-180, 80)]]],
        [(0, 89), (170, 85)],
        [(0, 75)],
    ),
    "around a pole, cut already": (
        [[[(-180, 80), (0, 80), (180, 80), (180, 90), (-180, 90), (-180, 80)]]],
        [(0, 89), (170, 85)],
        [(0, 75)],
    ),
    "around a pole, with a hole": ([[[(0, 70), (120, 70), (-120, 70), (0, 70)], box(-170, 80, -160, 85)]], [(0, 80)], [(-165, 82)]),
    "a corner on the pole": ([[[(170, 80), (-170, 80), (180, 90), (170, 80)]]], [(180, 85), (-178, 82)], [(150, 85)]),
}


@pytest.mark.parametrize("name", CASES)
def test_inside_is_where_it_was_drawn(name: str) -> None:
    polygons, inside, outside = CASES[name]
    shape = area(*polygons)
    assert checked(shape) == shape
    west, south, east, north = shape.bounds
    assert -180 <= west <= east <= 180
    assert -90 <= south <= north <= 90
    assert [place for place in inside if not holds(shape, place)] == []
    assert [place for place in outside if holds(shape, place)] == []


@pytest.mark.parametrize(
    ("polygons", "code"),
    [
        ([[[(179, 0), (-179, 1), (-179, 0), (179, 1), (179, 0)]]], "self_intersection"),
        ([[DATELINE, box(0, 0, 1, 1)]], "invalid_shape"),
        ([[DATELINE], [box(-178, 0, -160, 5)]], "self_intersection"),
        ([[[(0, 80), (120, 80), (-120, 80), (0, 70), (120, 70), (-120, 70), (0, 80)]]], "around_pole"),
        ([[[(x, 0) for x in range(-500, 501, 100)] + [(x, 5) for x in range(500, -501, -100)] + [(-500, 0)]]], "too_wide"),
        ([[[(0, 70), (120, 70), (-120, 70), (0, 70)], [(0, 80), (120, 80), (-120, 80), (0, 80)]]], "around_pole"),
        ([[[(0, 70), (120, 70), (-120, 70), (0, 70)], box(175, 80, -175, 85)]], "around_pole"),
        ([[[(0, 70), (120, 70), (-170, 70), (170, 75), (-160, 75), (-120, 70), (0, 70)]]], "around_pole"),
    ],
)
def test_what_cannot_be_an_area_is_refused_over_the_antimeridian_as_anywhere(polygons: list[list[Corners]], code: str) -> None:
    with pytest.raises(Flaw) as flaw:
        area(*polygons)
    assert flaw.value.problem.code == code
    if code == "self_intersection":
        assert flaw.value.problem.place is not None
        assert abs(flaw.value.problem.place.longitude) <= 180
        assert flaw.value.repaired is not None
        assert checked(flaw.value.repaired) == flaw.value.repaired


def test_the_cut_is_told_in_the_notes_and_an_uncut_shape_is_not_touched() -> None:
    notes: list[str] = []
    assert area_of([[ring(box(5, 52, 6, 53))]], notes) == Polygon(box(5, 52, 6, 53))
    assert notes == []
    area_of([[ring(DATELINE)]], notes)
    assert "antimeridian" in notes[0]


@pytest.mark.parametrize("name", CASES)
def test_what_was_cut_once_is_not_cut_again(name: str) -> None:
    shape, notes = area(*CASES[name][0]), list[str]()
    again = area_of([[shapely.get_coordinates(r) for r in (part.exterior, *part.interiors)] for part in shapely.get_parts(shape)], notes)
    assert notes == []
    assert again == shape


@st.composite
def stars(draw: st.DrawFn) -> Corners:
    """Simple rings: corners at growing angles around a middle, as the crow flies less than half a turn apart."""
    x, y = draw(st.floats(-180, 180)), draw(st.floats(-60, 60))
    radii = draw(st.lists(st.floats(0.5, 25), min_size=5, max_size=12))
    angles = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    return [(x + r * float(np.cos(a)), y + r * float(np.sin(a))) for r, a in zip(radii, angles, strict=True)]


def written(corners: Corners, turn: int = 0) -> Corners:
    """As a file has it: longitudes within +-180 (or a turn further), closed."""
    folded = [((x + 180) % 360 - 180 + 360 * turn, y) for x, y in corners]
    return [*folded, folded[0]]


@given(corners=stars(), is_turned=st.booleans())
def test_shifting_by_360_and_turning_the_winding_change_nothing(corners: Corners, *, is_turned: bool) -> None:
    shape = area([written(corners)])
    other = area([written(corners[::-1] if is_turned else corners, turn=1)])
    assert shape.symmetric_difference(other).area < 1e-9


@given(stars())
def test_the_cut_keeps_the_area(corners: Corners) -> None:
    shape, uncut = area([written(corners)]), Polygon(corners)
    assert shape.area == pytest.approx(uncut.area, rel=1e-9)
    assert area_m2(shape) == pytest.approx(area_m2(uncut), rel=1e-6)


@given(stars())
def test_the_cut_agrees_with_the_antimeridian_library(corners: Corners) -> None:
    expected = antimeridian.fix_polygon(Polygon(written(corners)), fix_winding=True, great_circle=False)
    assert area([written(corners)]).symmetric_difference(expected).area < 1e-4  # it rounds the crossing to seven decimals


@given(
    longitudes=st.lists(st.floats(-180, 180), min_size=4, max_size=10, unique_by=lambda x: round(x % 360, 3)),
    latitude=st.sampled_from([-1.0, 1.0]).flatmap(
        lambda side: st.floats(30 * side, 85 * side) if side > 0 else st.floats(85 * side, 30 * side)
    ),
    is_turned=st.booleans(),
)
def test_any_ring_around_a_pole_is_one_cap_up_to_the_pole(longitudes: list[float], latitude: float, *, is_turned: bool) -> None:
    """A polygon along one circle of latitude: the cap above it, whose planar area is known."""
    xs = sorted([*longitudes, -120.5, 0.3, 119.7], reverse=is_turned)  # no step longer than half a turn
    shape = area([[*((x, latitude) for x in xs), (xs[0], latitude)]])
    assert isinstance(shape, Polygon)
    assert shape.area == pytest.approx(360 * (90 - abs(latitude)), rel=1e-9)
    assert shape.bounds == pytest.approx((-180, min(latitude, 90 * np.sign(latitude)), 180, max(latitude, 90 * np.sign(latitude))))
    notes: list[str] = []
    assert area_of([[shapely.get_coordinates(shape.exterior)]], notes) == shape
    assert notes == []
