import json
from typing import Any

import pytest
from shapely.geometry import MultiPolygon, Polygon

from app.core.policy import Circle
from app.geofences.formats.draft import FenceDraft, FileRefused
from app.geofences.formats.read import looks_swapped, preview

Json = Any
SQUARE = [[5.0, 52.0], [5.1, 52.0], [5.1, 52.1], [5.0, 52.1], [5.0, 52.0]]


def feature(geometry: Json, **properties: Json) -> dict[str, Json]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def polygon(*rings: Json) -> dict[str, Json]:
    return {"type": "Polygon", "coordinates": list(rings)}


def drafts(*features: Json, **members: Json) -> list[FenceDraft]:
    return preview(json.dumps({"type": "FeatureCollection", "features": features, **members}).encode(), "sites.geojson")


def draft(geometry: Json, **properties: Json) -> FenceDraft:
    (only,) = drafts(feature(geometry, **properties))
    return only


def code(geometry: Json, **properties: Json) -> str:
    found = draft(geometry, **properties)
    assert found.shape is None
    (problem,) = found.problems
    return problem.code


def refusal(data: bytes, name: str = "sites.geojson") -> str:
    with pytest.raises(FileRefused) as refused:
        preview(data, name)
    assert refused.value.errors[0].next_step
    return refused.value.code


def test_a_polygon_with_a_hole_becomes_a_named_shape() -> None:
    hole = [[5.02, 52.02], [5.04, 52.02], [5.04, 52.04], [5.02, 52.02]]
    found = draft(polygon(SQUARE, hole), name="Harbour")
    assert (found.name, found.problems, found.notes) == ("Harbour", (), ())
    assert found.shape == Polygon(SQUARE, [hole])


@pytest.mark.parametrize("ring", [SQUARE, SQUARE[::-1]])
def test_any_winding_is_taken(ring: list[list[float]]) -> None:
    shape = draft(polygon(ring)).shape
    assert isinstance(shape, Polygon)
    assert shape.equals(Polygon(SQUARE))


def test_a_point_with_radius_m_is_a_circle() -> None:
    assert draft({"type": "Point", "coordinates": [5.0, 52.0]}, radius_m=150).shape == Circle(52.0, 5.0, 150.0)


@pytest.mark.parametrize("radius", [None, "150", True, [150]])
def test_a_radius_that_is_no_number_is_refused(radius: Json) -> None:
    assert code({"type": "Point", "coordinates": [5.0, 52.0]}, radius_m=radius) == "radius_invalid"


@pytest.mark.parametrize("radius", [0, -5, 1e9])
def test_a_radius_that_no_circle_on_earth_has_is_refused(radius: float) -> None:
    assert code({"type": "Point", "coordinates": [5.0, 52.0]}, radius_m=radius) == "bad_circle"


def test_a_feature_and_a_bare_geometry_are_read_too() -> None:
    (by_feature,) = preview(json.dumps(feature(polygon(SQUARE), naam="Kade")).encode(), "x.json")
    (bare,) = preview(json.dumps(polygon(SQUARE)).encode(), "north quay.geojson")
    assert (by_feature.name, bare.name) == ("Kade", "north quay")
    assert by_feature.shape == bare.shape == Polygon(SQUARE)


def test_one_bad_feature_never_hides_the_good_ones() -> None:
    good, bad, wild, last = drafts(
        feature(polygon(SQUARE)), feature({"type": "LineString", "coordinates": SQUARE}), None, feature(polygon(SQUARE))
    )
    assert good.shape == last.shape == Polygon(SQUARE)
    assert [bad.problems[0].code, wild.problems[0].code] == ["unsupported_geometry", "not_a_feature"]
    assert [d.source_index for d in (good, bad, wild, last)] == [0, 1, 2, 3]
    assert "LineString" in bad.problems[0].message


@pytest.mark.parametrize("kind", ["LineString", "MultiLineString", "MultiPoint", "GeometryCollection"])
def test_geometries_without_an_area_are_refused_by_name(kind: str) -> None:
    (problem,) = draft({"type": kind, "coordinates": [], "geometries": []}).problems
    assert problem.code == "unsupported_geometry"
    assert kind in problem.message


def test_an_open_ring_is_named_and_the_closed_one_is_offered() -> None:
    found = draft(polygon(SQUARE[:-1]))
    assert (found.shape, found.problems[0].code, found.problems[0].place) == (None, "ring_not_closed", (52.0, 5.0))
    assert found.repaired == Polygon(SQUARE)


def test_a_bow_tie_is_refused_with_the_place_and_a_repair() -> None:
    found = draft(polygon([[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]))
    assert (found.shape, found.problems[0].code, found.problems[0].place) == (None, "self_intersection", (1.0, 1.0))
    assert isinstance(found.repaired, MultiPolygon)
    assert found.repaired.area == pytest.approx(2.0)


def test_heights_are_left_out_and_that_is_said() -> None:
    found = draft(polygon([[*position, 12.5] for position in SQUARE]))
    assert found.shape == Polygon(SQUARE)
    assert found.notes == ("Heights were left out.",)


@pytest.mark.parametrize("wrong", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 5_000, "-" + "9" * 400])
def test_numbers_that_are_not_finite_are_refused_without_hiding_others(wrong: str) -> None:
    text = json.dumps({"type": "FeatureCollection", "features": [feature(polygon([["WRONG", 1.0], *SQUARE])), feature(polygon(SQUARE))]})
    bad, good = preview(text.replace('"WRONG"', wrong).encode(), "x.json")
    assert bad.problems[0].code == "not_finite"
    assert good.shape == Polygon(SQUARE)


@pytest.mark.parametrize(
    "coordinates", ["x", None, {}, [1, 2], [[1, 2]], [[["1", "2"]] * 4], [[[1, True]] * 4], [[[1]] * 4], [[[1, 2, 3, 4, 5]] * 4]]
)
def test_coordinates_that_are_not_nested_as_they_must_be_are_refused(coordinates: Json) -> None:
    assert code({"type": "Polygon", "coordinates": coordinates}) == "bad_coordinates"


def test_coordinates_nested_one_level_too_deep_are_refused() -> None:
    assert code({"type": "MultiPolygon", "coordinates": [[[SQUARE]]]}) == "too_deep"


@pytest.mark.parametrize("coordinates", [[], [[]]])
def test_an_empty_polygon_is_refused(coordinates: Json) -> None:
    assert code({"type": "Polygon", "coordinates": coordinates}) == "empty"


def test_a_feature_without_geometry_is_refused() -> None:
    assert code(None) == "missing_geometry"


def test_a_ring_without_three_corners_is_refused() -> None:
    assert code(polygon([[5.0, 52.0], [5.1, 52.0], [5.0, 52.0], [5.0, 52.0]])) == "too_few_positions"


def test_metres_are_told_from_degrees() -> None:
    (problem,) = draft(polygon([[155_000, 463_000], [156_000, 463_000], [156_000, 464_000], [155_000, 463_000]])).problems
    assert problem.code == "out_of_range"
    assert "metres" in problem.message


def test_more_than_20_000_positions_are_refused() -> None:
    assert code(polygon([[n * 1e-5, 52.0] for n in range(20_001)])) == "too_many_vertices"


def test_a_geometry_of_more_than_1_mib_is_refused() -> None:
    position = [5.000000000000001, 52.00000000000001, 1.2345678901234567, 1.2345678901234567]
    assert code(polygon([position] * 19_000)) == "too_large"


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"])
def test_the_old_crs_member_is_taken_when_it_means_wgs_84(name: str) -> None:
    (found,) = drafts(feature(polygon(SQUARE)), crs={"type": "name", "properties": {"name": name}})
    assert found.shape == Polygon(SQUARE)


def test_another_crs_is_refused_by_name() -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}
    with pytest.raises(FileRefused, match="28992"):
        drafts(feature(polygon(SQUARE)), crs=crs)
    assert code({**polygon(SQUARE), "crs": crs}) == "not_wgs84"


@pytest.mark.parametrize("crs", ["EPSG:28992", {"type": "link", "properties": {"href": "http://example.org"}}, {"properties": 3}, 7])
def test_a_crs_that_cannot_be_understood_is_refused(crs: Json) -> None:
    with pytest.raises(FileRefused) as refused:
        drafts(feature(polygon(SQUARE)), crs=crs)
    assert refused.value.code == "not_wgs84"


def test_a_byte_order_mark_is_no_obstacle() -> None:
    (found,) = preview(b"\xef\xbb\xbf" + json.dumps(polygon(SQUARE)).encode(), "x.json")
    assert found.shape == Polygon(SQUARE)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b'{"type": "Polygon"} trailing', "not_json"),
        (json.dumps(polygon(SQUARE)).encode("utf-16"), "not_utf8"),
        ('{"type":"Feature","properties":{"name":"café"}}'.encode("latin-1"), "not_utf8"),
        (b"[]", "not_geojson"),
        (b'"x"', "not_geojson"),
        (b'{"type": "Topology"}', "not_geojson"),
        (b'{"type": ["Feature"]}', "not_geojson"),
        (b'{"type": "FeatureCollection", "features": {}}', "not_geojson"),
        (b'{"type": "FeatureCollection", "features": []}', "nothing_found"),
    ],
)
def test_a_file_that_is_no_geojson_is_refused_with_the_next_step(data: bytes, expected: str) -> None:
    assert refusal(data) == expected


def test_more_than_500_features_are_refused() -> None:
    with pytest.raises(FileRefused, match="500"):
        drafts(*[None] * 501)


@pytest.mark.parametrize("name", ["sites", "sites.exe", ".geojson", "", "../../etc/passwd"])
def test_an_unknown_ending_is_refused_and_the_known_ones_are_listed(name: str) -> None:
    with pytest.raises(FileRefused, match=r"\.geojson.*\.zip"):
        preview(b"{}", name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("\ud800lone", "lone"),
        ("nul\x00and\x1bescape", "nul and escape"),
        ("  two\nlines  ", "two lines"),
        ("\u202egnp.exe", "gnp.exe"),
        ("=HYPERLINK(0)", "=HYPERLINK(0)"),
        ("é" * 300, "é" * 200),
        (7, "7"),
        ("\t", "sites"),
        (None, "sites"),
        ({"a": 1}, "sites"),
    ],
)
def test_names_come_out_as_one_line_that_everything_can_hold(name: Json, expected: str) -> None:
    found = draft(polygon(SQUARE), name=name)
    assert found.name == expected
    found.name.encode()


def test_features_without_a_name_are_numbered_after_the_file() -> None:
    assert [found.name for found in drafts(None, {"type": "Feature", "id": "gate-7", "geometry": None}, None)] == [
        "sites 1",
        "gate-7",
        "sites 3",
    ]


def test_of_two_members_with_one_name_the_last_counts_and_is_shown() -> None:
    text = json.dumps(feature(polygon(SQUARE))).replace('"geometry"', '"geometry": null, "geometry"')
    assert preview(text.encode(), "x.json")[0].shape == Polygon(SQUARE)


NETHERLANDS = (4.0, 51.5, 6.0, 53.0)
FIJI = (177.0, -19.0, 180.0, -16.0)


@pytest.mark.parametrize(
    ("x", "y", "bounds", "is_swapped"),
    [
        (52.0, 5.0, [NETHERLANDS], True),
        (5.0, 52.0, [NETHERLANDS], False),
        (52.0, 5.0, [], False),
        (52.0, 5.0, [NETHERLANDS, (51.0, 4.0, 53.0, 6.0)], False),
        (37.0, 36.9, [(36.0, 37.0, 37.0, 38.0)], False),
        (-74.0, 40.0, [NETHERLANDS], False),
        (-17.0, -179.9, [FIJI], False),
        (179.0, -17.0, [FIJI], False),
    ],
)
def test_axes_look_swapped_only_when_the_other_order_fits_and_this_one_does_not(
    x: float, y: float, bounds: list[tuple[float, float, float, float]], *, is_swapped: bool
) -> None:
    found = drafts(feature(polygon([[x, y], [x + 0.01, y], [x, y + 0.01], [x, y]])))
    assert looks_swapped(found, bounds) == (frozenset({0}) if is_swapped else frozenset())


def test_a_circle_with_swapped_axes_is_told_too() -> None:
    found = drafts(None, feature({"type": "Point", "coordinates": [52.0, 5.0]}, radius_m=50))
    assert looks_swapped(found, [NETHERLANDS]) == frozenset({1})
