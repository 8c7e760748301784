"""KML, KMZ, GPX and WKT."""

import zipfile
from io import BytesIO

import pytest
from shapely.geometry import MultiPolygon, Polygon

from app.core.policy import Circle
from app.geofences.formats.draft import FenceDraft, FileRefused
from app.geofences.formats.read import preview

SQUARE = [(5.0, 52.0), (5.1, 52.0), (5.1, 52.1), (5.0, 52.1), (5.0, 52.0)]
HOLE = [(5.02, 52.02), (5.04, 52.02), (5.04, 52.04), (5.02, 52.02)]


def ring(corners: list[tuple[float, float]], height: str = ",0") -> str:
    return f"<LinearRing><coordinates>\n {' '.join(f'{x},{y}{height}' for x, y in corners)} </coordinates></LinearRing>"


def polygon(outer: list[tuple[float, float]], *holes: list[tuple[float, float]]) -> str:
    inner = "".join(f"<innerBoundaryIs>{ring(hole)}</innerBoundaryIs>" for hole in holes)
    return f"<Polygon><extrude>1</extrude><outerBoundaryIs>{ring(outer)}</outerBoundaryIs>{inner}</Polygon>"


def kml(body: str, namespace: str = ' xmlns="http://www.opengis.net/kml/2.2"') -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><kml{namespace}><Document><Folder>{body}</Folder></Document></kml>'.encode()


def kmz(**files: bytes) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def only(data: bytes, name: str) -> FenceDraft:
    (draft,) = preview(data, name)
    return draft


def refusal(data: bytes, name: str) -> str:
    with pytest.raises(FileRefused) as refused:
        preview(data, name)
    return refused.value.code


@pytest.mark.parametrize("namespace", ["", ' xmlns="http://www.opengis.net/kml/2.2"', ' xmlns="http://earth.google.com/kml/2.1"'])
def test_a_placemark_with_holes_is_read_in_every_namespace(namespace: str) -> None:
    draft = only(kml(f"<Placemark><name>Kade &amp; dok</name>{polygon(SQUARE, HOLE)}</Placemark>", namespace), "x.kml")
    assert (draft.name, draft.shape, draft.notes) == ("Kade & dok", Polygon(SQUARE, [HOLE]), ())


def test_a_multigeometry_becomes_one_shape_and_what_is_no_area_is_told() -> None:
    far = [(x + 1, y) for x, y in SQUARE]
    body = f"<MultiGeometry>{polygon(SQUARE)}<MultiGeometry>{polygon(far)}</MultiGeometry><Point><coordinates>5,52</coordinates></Point></MultiGeometry>"
    draft = only(kml(f"<Placemark>{body}</Placemark>"), "sites.kml")
    assert draft.shape == MultiPolygon([Polygon(SQUARE), Polygon(far)])
    assert draft.notes == ("Only its polygons were taken; left out: Point.",)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<Point><coordinates>5,52</coordinates></Point>", "unsupported_geometry"),
        (f"<LineString>{ring(SQUARE)}</LineString>", "unsupported_geometry"),
        (ring(SQUARE), "unsupported_geometry"),
        ("", "missing_geometry"),
        ("<Polygon/>", "empty"),
        (polygon(SQUARE[:-1]), "ring_not_closed"),
        (polygon(SQUARE).replace("5.1", "five"), "bad_coordinates"),
        (polygon(SQUARE).replace(",52.0,0", ""), "bad_coordinates"),
        (polygon(SQUARE).replace("5.1,", "5.1, "), "bad_coordinates"),
        (polygon(SQUARE).replace("5.1", "nan"), "not_finite"),
        (polygon(SQUARE).replace("5.1", "1e400"), "not_finite"),
        (polygon([(0, 0), (2, 2), (2, 0), (0, 2), (0, 0)]), "self_intersection"),
    ],
)
def test_what_is_wrong_with_a_placemark_is_named_and_hides_no_other(body: str, code: str) -> None:
    bad, good = preview(kml(f"<Placemark>{body}</Placemark><Placemark>{polygon(SQUARE)}</Placemark>"), "x.kml")
    assert (bad.shape, [problem.code for problem in bad.problems]) == (None, [code])
    assert good.shape == Polygon(SQUARE)


def test_a_kmz_is_read_from_its_doc_kml() -> None:
    first, doc = (kml(f"<Placemark><name>{name}</name>{polygon(SQUARE)}</Placemark>") for name in ("first", "doc"))
    assert only(kmz(**{"a.kml": first, "doc.kml": doc, "images/x.png": b"x"}), "x.kmz").name == "doc"
    assert only(kmz(**{"a.kml": first}), "x.KMZ").name == "first"


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "x.kml", "not_xml"),
        (b"<kml>", "x.kml", "not_xml"),
        (b"\xff\xfe\x00", "x.kml", "not_xml"),
        (kml("")[:30] + b"\xe9</kml>", "x.kml", "not_xml"),
        (b'<?xml version="1.0" encoding="shift_jis"?><kml/>', "x.kml", "not_xml"),
        (b'<?xml version="1.0" encoding="nonsense"?><kml/>', "x.kml", "not_xml"),
        (b"<gpx/>", "x.kml", "wrong_content"),
        (b"<kml/>", "x.gpx", "wrong_content"),
        (kml(""), "x.kml", "nothing_found"),
        (kml(""), "x.kmz", "not_zip"),
        (kmz(), "x.kmz", "wrong_content"),
        (kmz(**{"a.txt": b""}), "x.kmz", "wrong_content"),
        (kmz(**{"a.kml": b"{}"}), "x.kmz", "not_xml"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(data: bytes, name: str, code: str) -> None:
    assert refusal(data, name) == code


def track(corners: list[tuple[float, float]], kind: str = "trkpt") -> str:
    return "".join(f'<{kind} lat="{y}" lon="{x}"><ele>3</ele><time>2026-01-01T00:00:00Z</time></{kind}>' for x, y in corners)


def gpx(body: str) -> bytes:
    return f'<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">{body}</gpx>'.encode()


def test_a_track_that_ends_within_25_metres_of_its_start_is_an_area() -> None:
    near = (5.0, 52.0002)  # 22 metres north of the start
    draft = only(gpx(f"<trk><name>Round</name><trkseg>{track([*SQUARE[:-1], near])}</trkseg></trk>"), "x.gpx")
    assert (draft.name, draft.shape) == ("Round", Polygon([*SQUARE[:-1], near]))


def test_a_track_whose_ends_are_farther_apart_says_how_far() -> None:
    draft = only(gpx(f"<trk><trkseg>{track([*SQUARE[:-1], (5.0, 52.0003)])}</trkseg></trk>"), "x.gpx")
    assert [problem.code for problem in draft.problems] == ["track_not_closed"]
    assert "33 m apart" in draft.problems[0].message


def test_a_track_closed_over_the_antimeridian_is_closed() -> None:
    draft = only(gpx(f"<rte>{track([(180.0, 0), (179, 0), (179, 1), (-180.0, 0)], 'rtept')}</rte>"), "x.gpx")
    assert draft.problems == ()


def test_segments_are_joined_routes_are_read_and_waypoints_refused() -> None:
    segments = f"<trkseg>{track(SQUARE[:2])}</trkseg><trkseg>{track(SQUARE[2:])}</trkseg>"
    body = f'<wpt lat="52" lon="5"><name>Gate</name></wpt><rte>{track(SQUARE, "rtept")}</rte><trk>{segments}</trk>'
    waypoint, route, joined = preview(gpx(body), "x.gpx")
    assert (waypoint.name, waypoint.problems[0].code) == ("Gate", "unsupported_geometry")
    assert route.shape == joined.shape == Polygon(SQUARE)
    assert "segments" in joined.notes[0]


@pytest.mark.parametrize(
    ("points", "code"),
    [
        ("", "too_few_positions"),
        (track(SQUARE[:2]), "too_few_positions"),
        (track(SQUARE).replace("lat=", "x="), "bad_coordinates"),
        (track(SQUARE).replace("5.1", "east"), "bad_coordinates"),
        (track(SQUARE).replace("5.0", "nan"), "not_finite"),
        (track(SQUARE).replace("52.0", "152.0"), "out_of_range"),
    ],
)
def test_what_is_wrong_with_a_track_is_named(points: str, code: str) -> None:
    assert only(gpx(f"<trk><trkseg>{points}</trkseg></trk>"), "x.gpx").problems[0].code == code


RING = "(5 52, 5.1 52, 5.1 52.1, 5 52.1, 5 52)"
HOLED = "(5.02 52.02, 5.04 52.02, 5.04 52.04, 5.02 52.02)"


@pytest.mark.parametrize(
    ("line", "shape"),
    [
        (f"POLYGON ({RING})", Polygon(SQUARE)),
        (f"polygon({RING} , {HOLED})", Polygon(SQUARE, [HOLE])),
        (f"SRID=4326;POLYGON({RING});", Polygon(SQUARE)),
        (f"MULTIPOLYGON (({RING}))", MultiPolygon([Polygon(SQUARE)])),
        (
            f"  MULTIPOLYGON(({RING},{HOLED}), ((7 1, 8 1, 8 2, 7 1)))",
            MultiPolygon([Polygon(SQUARE, [HOLE]), Polygon([(7, 1), (8, 1), (8, 2)])]),
        ),
        ("POLYGON Z ((5 52 1, 6 52 1, 6 53 1, 5 52 1))", Polygon([(5, 52), (6, 52), (6, 53)])),
        ("POLYGONZM((5 52 1 2, 6 52 1 2, 6 53 1 2, 5 52 1 2))", Polygon([(5, 52), (6, 52), (6, 53)])),
        ("POLYGON((5e0 +52., 6 52, 6 53, 5 52))", Polygon([(5, 52), (6, 52), (6, 53)])),
    ],
)
def test_wkt_and_ewkt_polygons_are_read(line: str, shape: Polygon | MultiPolygon) -> None:
    draft = only(line.encode(), "area.wkt")
    assert draft.problems == ()
    assert draft.shape is not None
    assert not isinstance(draft.shape, Circle)
    assert shape.equals(draft.shape)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("POLYGON EMPTY", "empty"),
        ("POINT (5 52)", "unsupported_geometry"),
        (f"LINESTRING {RING}", "unsupported_geometry"),
        (f"GEOMETRYCOLLECTION (POLYGON ({RING}))", "unsupported_geometry"),
        (f"SRID=28992;POLYGON({RING})", "not_wgs84"),
        (f"POLYGON {RING}", "bad_coordinates"),
        (f"POLYGON (({RING}))", "bad_coordinates"),
        ("POLYGON ((5 52, 6 52, 6 53, 5 52)", "bad_coordinates"),
        ("POLYGON ((5 52, 6 x, 6 53, 5 52))", "bad_coordinates"),
        ("POLYGON ((5 52, 6, 6 53, 5 52))", "bad_coordinates"),
        ("POLYGON (())", "bad_coordinates"),
        ("POLYGON ((5 52, 6 52, 6 53, 5 53))", "ring_not_closed"),
        ("POLYGON ((5 52, 6 nan, 6 53, 5 52))", "not_finite"),
        ("POLYGON ((5 52, 6 1e999, 6 53, 5 52))", "not_finite"),
        ("nonsense", "bad_coordinates"),
    ],
)
def test_a_wrong_line_is_named_and_hides_no_other(line: str, code: str) -> None:
    bad, good = preview(f"{line}\r\n\n  POLYGON ({RING})\n".encode(), "area.txt")
    assert (bad.shape, bad.problems[0].code) == (None, code)
    assert (good.name, good.shape) == ("area 2", Polygon(SQUARE))


@pytest.mark.parametrize(("data", "code"), [(b"", "nothing_found"), (b"hello\nworld", "wrong_content"), (b"POLYGON\xff", "not_utf8")])
def test_text_that_is_no_wkt_is_refused(data: bytes, code: str) -> None:
    assert refusal(data, "x.wkt") == code
