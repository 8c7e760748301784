"""Files made to do harm. Each must be answered, not survived: a declared refusal or a problem, in bounded time and memory."""

import json
import struct
import time
import tracemalloc
import zipfile
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.geofences.formats import archive
from app.geofences.formats.draft import FenceDraft, FileRefused, Ring, clean_name
from app.geofences.formats.read import READERS, preview

Json = Any
LONGEST_S = 60.0
"""Of processor time, however slow the machine: the slowest takes 3 s on a usual one. Unbounded, these take minutes or all memory."""


def outcome(data: bytes, name: str) -> str:
    """The refusal's code, or the drafts' first problems."""
    start = time.process_time()
    try:
        drafts = preview(data, name)
    except FileRefused as refused:
        code = refused.code
    else:
        code = " ".join(sorted({draft.problems[0].code if draft.problems else "ok" for draft in drafts}))
    assert time.process_time() - start < LONGEST_S
    return code


LAUGHS = (
    '<!DOCTYPE kml [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
    + "]>"
)
QUADRATIC = f'<!DOCTYPE kml [<!ENTITY a "{"x" * 50_000}">]>'


@pytest.mark.parametrize(
    "head",
    [
        LAUGHS,
        QUADRATIC,
        "<!DOCTYPE kml>",
        '<!DOCTYPE kml SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE kml [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE kml [<!ENTITY % a SYSTEM "http://127.0.0.1/"> %a;]>',
    ],
)
@pytest.mark.parametrize("root", ["kml", "gpx"])
def test_xml_with_a_doctype_is_refused_whatever_it_holds(head: str, root: str) -> None:
    assert outcome(f"{head}<{root}>{'&a;' * 50_000}</{root}>".encode(), f"x.{root}") == "doctype"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_a_doctype_is_seen_in_every_encoding(encoding: str) -> None:
    assert outcome(f"{LAUGHS}<kml>&j;</kml>".encode(encoding), "x.kml") == "doctype"


@pytest.mark.parametrize(("root", "tag"), [("kml", "a"), ("kml", "MultiGeometry"), ("gpx", "trk")])
def test_xml_200_000_deep_is_refused(root: str, tag: str) -> None:
    text = f"<{root}>{f'<{tag}>' * 200_000}{f'</{tag}>' * 200_000}</{root}>"
    assert outcome(text.encode(), f"x.{root}") == "too_deep"


def test_xml_with_a_million_elements_is_refused() -> None:
    assert outcome(b"<kml>" + b"<a/>" * 1_000_000 + b"</kml>", "x.kml") == "too_many"


def test_xml_with_a_hundred_thousand_attributes_or_a_huge_name_is_bounded() -> None:
    attributes = " ".join(f'a{n}="1"' for n in range(100_000))
    assert outcome(f"<kml {attributes}/>".encode(), "x.kml") == "nothing_found"
    name = "<Placemark><name>" + "n" * 9_000_000 + "</name></Placemark>"
    (draft,) = preview(f"<kml>{name}</kml>".encode(), "x.kml")
    assert draft.name == "n" * 200


def packed(entries: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w", compression) as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return data.getvalue()


@pytest.mark.parametrize(("name", "entry"), [("x.kmz", "doc.kml"), ("x.zip", "a.shp")])
def test_a_zip_bomb_is_refused_before_it_is_unpacked(name: str, entry: str) -> None:
    bomb = packed({entry: bytes(100 * 2**20)})
    assert len(bomb) < 2**20
    tracemalloc.start()
    assert outcome(bomb, name) == "too_large"
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3 * archive.MAX_UNPACKED_BYTES


def test_an_entry_that_lies_about_its_size_is_refused() -> None:
    bomb = bytearray(packed({"doc.kml": b"<kml>" + b" " * 50_000_000 + b"</kml>"}))
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = bomb.index(mark) + offset
        bomb[at : at + 4] = struct.pack("<I", 100)
    assert outcome(bytes(bomb), "x.kmz") == "not_zip"


def test_many_small_entries_share_one_allowance() -> None:
    assert outcome(packed({f"{n}.kml": bytes(2**20) for n in range(30)}), "x.kmz") == "too_large"


def test_an_archive_with_100_000_entries_is_refused_before_it_is_listed() -> None:
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    directory = entry * 100_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65_535, 65_535, len(directory), 0, 0)
    assert outcome(directory + end, "x.kmz") == "too_many"


@pytest.mark.parametrize("name", ["../doc.kml", "/doc.kml", "a/../../doc.kml", "C:\\doc.kml", "..\\doc.kml", "a\\b.kml", "C:doc.kml"])
def test_names_that_lead_out_of_the_archive_are_refused(name: str) -> None:
    assert outcome(packed({name: b"<kml/>", "ok.kml": b"<kml/>"}), "x.kmz") == "bad_names"


def test_repeated_names_nested_archives_other_compressions_and_encryption_are_refused() -> None:
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        file.writestr("doc.kml", b"<kml/>")
        with pytest.warns(UserWarning, match="Duplicate"):
            file.writestr("doc.kml", b"<kml/>")
    assert outcome(data.getvalue(), "x.kmz") == "bad_names"
    assert outcome(packed({"doc.kml": packed({"doc.kml": b"<kml/>"})}), "x.kmz") == "not_xml"
    assert outcome(packed({"doc.kml": b"<kml/>"}, zipfile.ZIP_BZIP2), "x.kmz") == "not_zip"
    assert outcome(packed({"doc.kml": b"<kml/>"}, zipfile.ZIP_LZMA), "x.kmz") == "not_zip"
    locked = bytearray(packed({"doc.kml": b"<kml/>"}))
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert outcome(bytes(locked), "x.kmz") == "not_zip"


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
def test_json_nested_deeply_is_refused(opening: str) -> None:
    assert outcome(opening.encode() * 1_000_000, "x.json") == "too_deep"


def test_coordinates_nested_900_deep_are_a_problem_of_that_feature() -> None:
    text = json.dumps({"type": "Polygon", "coordinates": None}).replace("null", "[" * 900 + "]" * 900)
    assert outcome(text.encode(), "x.json") in {"too_deep", "bad_coordinates"}


def test_a_geometrycollection_20_000_deep_is_refused() -> None:
    assert outcome(b"GEOMETRYCOLLECTION(" * 20_000 + b"POINT(0 0)" + b")" * 20_000, "x.wkt") == "unsupported_geometry"
    assert outcome(b"POLYGON" + b"(" * 400_000 + b")" * 400_000, "x.wkt") == "bad_coordinates"
    assert outcome(b'{"type":"GeometryCollection","geometries":[' * 20_000, "x.json") == "too_deep"


@pytest.mark.parametrize(
    "text",
    [
        "MULTIPOLYGON (" + "((" * 200_000,
        "POLYGON (" + "(1 1)," * 150_000,
        "POLYGON ((" + "1 " * 400_000,
        "A" * 1_000_000,
        " " * 1_000_000 + "x",
    ],
)
def test_wkt_made_for_slow_patterns_is_bounded(text: str) -> None:
    assert outcome(text.encode(), "x.wkt") in {"bad_coordinates", "wrong_content", "unsupported_geometry"}


def geojson(*rings: Ring) -> bytes:
    features = [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [np.round(ring, 6).tolist()]}}
        for ring in rings
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def closed(positions: Ring) -> Ring:
    return np.vstack([positions, positions[:1]])


def scribble(count: int, seed: int = 0) -> Ring:
    return closed(np.random.default_rng(seed).random((count, 2)) + np.array([5, 52]))


def test_a_scribble_of_20_000_corners_is_refused_without_a_repair() -> None:
    assert outcome(geojson(scribble(19_999)), "x.json") == "too_tangled"


def test_500_scribbles_are_bounded_too() -> None:
    assert outcome(geojson(*(scribble(45, seed) for seed in range(500))), "x.json") in {
        "self_intersection",
        "self_intersection too_tangled",
    }
    assert outcome(geojson(*(scribble(900, seed) for seed in range(500))), "x.json") == "too_tangled"


def test_20_000_crossings_of_the_antimeridian_are_bounded() -> None:
    latitude = np.linspace(0, 80, 19_990)
    comb = np.column_stack([np.where(np.arange(19_990) % 2, -179.0, 179.0), latitude])
    assert outcome(geojson(closed(np.vstack([comb, [[178, 80], [178, 0]]]))), "x.json") == "ok"


def test_10_000_holes_are_bounded() -> None:
    corners = [(5 + x / 100, 52 + y / 100) for x in range(70) for y in range(70)]
    holes = [[[x, y], [x + 0.004, y], [x, y + 0.004], [x, y]] for x, y in corners]
    shape = {"type": "Polygon", "coordinates": [[[4, 51], [7, 51], [7, 54], [4, 54], [4, 51]], *holes]}
    assert outcome(json.dumps(shape).encode(), "x.json") == "ok"


@pytest.mark.parametrize("name", ["x.json", "x.kml", "x.gpx", "x.wkt", "x.kmz", "x.zip"])
def test_a_file_of_more_than_10_mib_is_refused_unread(name: str) -> None:
    assert outcome(b" " * (10 * 2**20 + 1), name) == "too_large"


HOSTILE_NAMES = [
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "'; DROP TABLE geofence; --",
    "\udfff\ud800",
    "a\x00b",
    "]]>",
    "{{7*7}}",
    "%s%n",
    "\u202e\u2066x",
]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_hostile_names_stay_plain_text(name: str) -> None:
    (draft,) = preview(json.dumps({"type": "Feature", "properties": {"name": name}, "geometry": None}).encode(), "x.json")
    assert draft.name
    assert draft.name.isprintable()
    draft.name.encode()


def is_sound(draft: FenceDraft) -> bool:
    return (draft.shape is None) == bool(draft.problems) and draft.name != "" and clean_name(draft.name) == draft.name


def answers(data: bytes, name: str) -> bool:
    """Sound drafts, or a refusal with a next step; any other exception fails the test."""
    try:
        return all(map(is_sound, preview(data, name)))
    except FileRefused as refused:
        return bool(refused.errors[0].next_step)


@given(st.binary(max_size=300), st.sampled_from(sorted(READERS)))
def test_any_bytes_under_any_ending_give_drafts_or_a_refusal(data: bytes, ending: str) -> None:
    assert answers(data, f"x{ending}")


PIECES: dict[str, list[bytes]] = {
    ".kml": [
        b"<kml>",
        b"</kml>",
        b"<Placemark>",
        b"</Placemark>",
        b"<Polygon>",
        b"</Polygon>",
        b"<outerBoundaryIs><LinearRing><coordinates>",
        b"0,0 1,0 1,1 0,0",
        b"1,nan",
        b"</coordinates></LinearRing></outerBoundaryIs>",
        b"<name>",
        b"</name>",
        b"<MultiGeometry>",
        b"<!--",
        b"-->",
        b"&amp;",
        b"<![CDATA[",
        b"]]>",
    ],
    ".wkt": [
        b"POLYGON",
        b"MULTIPOLYGON",
        b"(",
        b")",
        b",",
        b"0 0",
        b"1 0",
        b"1 1",
        b"nan",
        b"Z",
        b"EMPTY",
        b"SRID=4326;",
        b"\n",
        b" ",
        b"1e999",
    ],
}


@pytest.mark.parametrize("ending", sorted(PIECES))
def test_pieces_in_any_order_give_drafts_or_a_refusal(ending: str) -> None:
    @given(st.lists(st.sampled_from(PIECES[ending]), max_size=40))
    def check(pieces: list[bytes]) -> None:
        assert answers(b"".join(pieces), f"x{ending}")

    check()


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=4)
    | st.sampled_from(["Feature", "Polygon", "Point", "FeatureCollection"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "features", "geometry", "coordinates", "properties", "crs", "radius_m", "name", "id"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=30,
)


@given(VALUES, st.sampled_from(["Feature", "FeatureCollection", "Polygon", "MultiPolygon", "Point"]))
def test_any_json_gives_drafts_or_a_refusal(value: Json, kind: str) -> None:
    document = (
        {**value, "type": kind} if isinstance(value, dict) else {"type": kind, "coordinates": value, "features": value, "geometry": value}
    )
    assert answers(json.dumps(document).encode(), "x.json")
