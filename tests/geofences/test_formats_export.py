import json
from uuid import UUID, uuid4

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon

from app.core.fence import checked
from app.core.plane import geodesic_m
from app.core.policy import Circle, Shape
from app.geofences.formats.circle import polygon_of
from app.geofences.formats.draft import clean_name
from app.geofences.formats.export import NamedShape, to_geojson, to_kml
from app.geofences.formats.read import preview
from app.geofences.formats.wkb import from_ewkb, to_ewkb

SQUARE = Polygon([(5, 52), (5, 52.1), (5.1, 52.1), (5.1, 52)], [[(5.02, 52.02), (5.04, 52.02), (5.04, 52.04)]])


@st.composite
def polygons(draw: st.DrawFn) -> Polygon:
    """Star-shaped rings with a hole around the middle, anywhere that needs no cut, in either winding."""
    x, y = draw(st.floats(-150, 150)), draw(st.floats(-60, 60))
    radii = np.array(draw(st.lists(st.floats(0.001, 20), min_size=5, max_size=9)))
    angles = np.linspace(0, 2 * np.pi, len(radii), endpoint=False) * draw(st.sampled_from([1, -1]))
    star = np.column_stack([np.cos(angles), np.sin(angles)]) * radii[:, None]
    return Polygon(star + np.array([x, y]), [star * 0.1 + np.array([x, y])] if draw(st.booleans()) else [])


@st.composite
def parted(draw: st.DrawFn) -> MultiPolygon:
    one = draw(polygons())
    low, _, high, _ = one.bounds
    far = -1 if (low + high) > 0 else 1
    return MultiPolygon([one, shapely.transform(one, lambda xy: (xy - [(low + high) / 2, 0]) * [0.2, 1] + [far * 170, 0])])


circles = st.builds(Circle, st.floats(-89, 89), st.floats(-180, 180, exclude_min=True), st.floats(1, 100_000))
shapes = polygons() | parted() | circles
names = st.text(max_size=250)
fences = st.lists(st.builds(NamedShape, st.uuids(), names, shapes), min_size=1, max_size=4)


def is_same(one: Shape | None, other: Shape) -> bool:
    if one is None or isinstance(one, Circle) or isinstance(other, Circle):
        return one == other
    return bool(one.geom_type == other.geom_type and shapely.equals_exact(one, other, 0.0, normalize=True))


@pytest.mark.parametrize(("write", "name"), [(to_geojson, "x.geojson"), (to_kml, "x.kml")])
def test_what_is_exported_can_be_imported_unchanged(write: type, name: str) -> None:
    @given(fences)
    def check(exported: list[NamedShape]) -> None:
        drafts = preview(write(exported), name)
        assert [draft.problems for draft in drafts] == [()] * len(exported)
        assert all(is_same(draft.shape, fence.shape) for draft, fence in zip(drafts, exported, strict=True))
        for draft, fence in zip(drafts, exported, strict=True):
            assert draft.name == clean_name(fence.name) or not clean_name(fence.name)

    check()


@given(names)
def test_cleaning_a_name_twice_is_cleaning_it_once(name: str) -> None:
    assert clean_name(clean_name(name)) == clean_name(name)


@given(shapes)
def test_shapes_come_back_from_the_database_unchanged(shape: Shape) -> None:
    ewkb, radius_m = to_ewkb(shape)
    assert is_same(from_ewkb(ewkb, radius_m), shape)
    assert shapely.get_srid(shapely.from_wkb(ewkb)) == 4326


@pytest.mark.parametrize(("shape", "radius_m"), [(SQUARE, 5.0), (shapely.Point(5, 52), None), (shapely.LineString([(1, 2), (3, 4)]), None)])
def test_what_is_no_geofence_is_refused_when_it_comes_from_the_database(shape: shapely.Geometry, radius_m: float | None) -> None:
    with pytest.raises(ValueError, match="radius_m"):
        from_ewkb(shapely.to_wkb(shape), radius_m)


def test_geojson_has_ids_and_rings_by_the_right_hand_rule() -> None:
    one, round_one = uuid4(), uuid4()
    document = json.loads(to_geojson([NamedShape(one, "Kade", SQUARE), NamedShape(round_one, "Tank", Circle(52, 5, 80.5))]))
    area, circle = document["features"]
    assert (area["id"], area["properties"]) == (str(one), {"name": "Kade"})
    outer, hole = area["geometry"]["coordinates"]
    assert shapely.LinearRing(outer).is_ccw
    assert not shapely.LinearRing(hole).is_ccw
    assert circle["properties"] == {"name": "Tank", "radius_m": 80.5}
    assert circle["geometry"] == {"type": "Point", "coordinates": [5, 52]}


@pytest.mark.parametrize("name", ["</name><Placemark>", "a & b < c > \"d\" 'e'", "]]>", "=1+1", "\ud800x", "a\x00b", "\ufffe"])
def test_names_are_escaped_in_kml(name: str) -> None:
    (draft,) = preview(to_kml([NamedShape(UUID(int=1), name, SQUARE)]), "export.kml")
    assert draft.name == (clean_name(name) or "export")


@given(circles)
def test_a_circle_as_polygon_has_64_corners_at_its_radius(circle: Circle) -> None:
    area = polygon_of(circle)
    assert checked(area) == area
    longitude, latitude = shapely.get_coordinates(area).T
    here = np.ones(len(longitude))
    distance_m = geodesic_m(latitude, longitude, here * circle.latitude, here * circle.longitude)
    on_earth = (np.abs(longitude) < 180) & (np.abs(latitude) < 90)  # the others were made by the cut
    is_seam = np.isclose(distance_m, circle.radius_m, rtol=1e-3) | ~on_earth
    assert on_earth.sum() >= 64
    assert is_seam.sum() >= len(is_seam) - 1  # a pole inside leaves one seam corner


@pytest.mark.parametrize(
    "circle", [Circle(89.9, 10, 50_000), Circle(-89.99, -170, 20_000), Circle(0, 180, 500), Circle(60, -179.9999, 90_000)]
)
def test_circles_over_a_pole_and_the_antimeridian_survive_kml(circle: Circle) -> None:
    (draft,) = preview(to_kml([NamedShape(UUID(int=1), "x", circle)]), "x.kml")
    assert draft.shape == circle


def test_a_redrawn_circle_is_imported_as_it_was_redrawn() -> None:
    text = to_kml([NamedShape(UUID(int=1), "x", Circle(52, 5, 100))]).decode()
    moved = text.replace("<value>5</value>", "<value>5.01</value>")
    assert moved != text
    (draft,) = preview(moved.encode(), "x.kml")
    assert isinstance(draft.shape, Polygon)
    assert "radius_m" in draft.notes[0]


@pytest.mark.parametrize("value", ["", "x", "nan", "-5", "1e300"])
def test_a_radius_in_kml_that_makes_no_sense_leaves_the_polygon(value: str) -> None:
    text = to_kml([NamedShape(UUID(int=1), "x", Circle(52, 5, 100))]).decode()
    (draft,) = preview(text.replace("<value>100</value>", f"<value>{value}</value>").encode(), "x.kml")
    assert isinstance(draft.shape, Polygon)
