"""Fences from files over HTTP: a preview that writes nothing, then exactly what was chosen; and back to files."""

import json
from typing import Any
from uuid import uuid4

import pytest
import shapely
from flask.testing import FlaskClient
from shapely.geometry import Polygon
from werkzeug.test import TestResponse

from app.accounts.models import Site
from app.geofences.models import Fence, FenceSet, FenceVersion
from tests.factories import HQ, World
from tests.geofences.conftest import Desk
from tests.geofences.scene import CIRCLE, FENCES, draw, problem, square, yard
from tests.geofences.test_formats_shapefile import RD_SQUARE, layer, zipped
from tests.geofences.test_formats_text import gpx, kml, kmz, polygon, track

CORNERS = [(5.0, 52.0), (5.01, 52.0), (5.01, 52.01), (5.0, 52.01), (5.0, 52.0)]
TIE = {"type": "Polygon", "coordinates": [[[5, 52], [5.02, 52.02], [5.02, 52], [5, 52.02], [5, 52]]]}
PLACEMARK = kml(f"<Placemark><name>Yard</name>{polygon(CORNERS)}</Placemark>")
FILES = {
    "yard.geojson": json.dumps({"type": "Feature", "properties": {"name": "Yard"}, "geometry": square(5.0, 52.0)}).encode(),
    "yard.kml": PLACEMARK,
    "yard.kmz": kmz(**{"doc.kml": PLACEMARK}),
    "yard.gpx": gpx(f"<trk><trkseg>{track(CORNERS)}</trkseg></trk>"),
    "yard.wkt": Polygon(CORNERS).wkt.encode(),
    "yard.zip": zipped(layer(RD_SQUARE, names=("Yard",))),
}


def collection(*features: tuple[str, Any]) -> bytes:
    made = [{"type": "Feature", "properties": {"name": name}, "geometry": geometry} for name, geometry in features]
    return json.dumps({"type": "FeatureCollection", "features": made}).encode()


def send(client: FlaskClient, path: str, data: bytes, name: str, query: str = "", **headers: str) -> TestResponse:
    return client.post(
        f"{FENCES}/import{path}?file_name={name}{query}", data=data, content_type="application/octet-stream", headers=headers
    )


def preview(client: FlaskClient, data: bytes, name: str) -> dict[str, Any]:
    answer = send(client, "/preview", data, name)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


@pytest.mark.parametrize("name", FILES)
def test_each_format_is_previewed_and_then_created(manager: FlaskClient, world: World, name: str) -> None:
    before = world.rows(FenceSet)[0].version
    shown = preview(manager, FILES[name], name)
    (draft,) = shown["drafts"]
    assert (draft["problems"], draft["geometry"]["type"]) == ([], "Polygon")
    assert (world.rows(Fence), world.rows(FenceSet)[0].version) == ([], before)
    made = send(manager, "", FILES[name], name, f"&preview_hash={shown['preview_hash']}&take=0")
    assert made.status_code == 201, made.text
    (line,) = made.get_json()["fences"]
    kept = manager.get(f"{FENCES}/{line['id']}").get_json()
    assert (kept["name"], kept["geometry"], kept["assigned"]["everyone"]) == (draft["name"], draft["geometry"], True)
    assert kept["area_m2"] == pytest.approx(draft["area_m2"])
    assert world.rows(FenceVersion)[0].change == "imported"


def test_a_preview_says_what_is_wrong_and_how_it_lies_among_what_is_there(manager: FlaskClient) -> None:
    there = draw(manager, **yard("There"), radius_m=None)
    data = collection(
        ("Same", square(5.0, 52.0)), ("Tie", TIE), ("Line", {"type": "LineString", "coordinates": [[5, 52], [6, 53]]}),
        ("Swapped", square(52.0, 5.0)), ("Tiny", square(6.0, 52.0, 0.0001)),
    )  # fmt: skip
    same, tie, line, swapped, tiny = preview(manager, data, "site.geojson")["drafts"]
    assert [(met["id"], met["relation"]) for met in same["overlaps"]] == [(there["id"], "equals")]
    assert (tie["geometry"], tie["problems"][0]["code"], tie["repaired"]["type"]) == (None, "self_intersection", "MultiPolygon")
    assert tie["problems"][0]["place"] == {"latitude": pytest.approx(52.01), "longitude": pytest.approx(5.01)}
    assert (line["problems"][0]["code"], line["repaired"]) == ("unsupported_geometry", None)
    assert [warning["code"] for warning in swapped["warnings"]] == ["axes_swapped"]
    assert ([warning["code"] for warning in tiny["warnings"]], tiny["overlaps"]) == (["small"], [])


def test_what_is_chosen_is_created_in_the_files_order_and_repairs_only_when_asked_for(manager: FlaskClient, world: World) -> None:
    site = Site(id=uuid4(), name="Harbour")
    world.add(site)
    data = collection(("A", square(5.0, 52.0)), ("Tie", TIE), ("Not this", square(7.0, 52.0)), ("D", square(8.0, 52.0)))
    token = preview(manager, data, "x.json")["preview_hash"]
    query = f"&preview_hash={token}&take=3&take=0&take_repaired=1&site_id={site.id}"
    lines = send(manager, "", data, "x.json", query).get_json()["fences"]
    assert [(line["name"], line["site_id"]) for line in lines] == [(name, str(site.id)) for name in ("A", "Tie", "D")]
    assert [line["number"] for line in lines] == sorted(line["number"] for line in lines)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "query.take"),
        ("&take=1", "query.take"),
        ("&take=9", "query.take"),
        ("&take=-1", "query.take.0"),
        ("&take=x", "query.take.0"),
        ("&take_repaired=0", "query.take_repaired"),
        ("&take=0&take_repaired=0", "query.take_repaired"),
        ("&take=0&site_id=00000000-0000-0000-0000-000000000001", "site_id"),
    ],
)
def test_what_cannot_be_chosen_is_named_and_nothing_is_created(manager: FlaskClient, world: World, query: str, field: str) -> None:
    data = collection(("A", square(5.0, 52.0)), ("Tie", TIE))
    token = preview(manager, data, "x.json")["preview_hash"]
    found = problem(send(manager, "", data, "x.json", f"&preview_hash={token}{query}"), 422, "invalid")
    assert [error["field"] for error in found["errors"]] == [field]
    assert world.rows(Fence) == []


def test_another_file_than_the_one_previewed_is_refused(manager: FlaskClient, world: World) -> None:
    token = preview(manager, collection(("A", square(5.0, 52.0))), "x.json")["preview_hash"]
    for other in (collection(("B", square(5.0, 52.0))), collection(("A", square(5.0, 52.1)))):
        problem(send(manager, "", other, "x.json", f"&preview_hash={token}&take=0"), 409, "conflict")
    assert world.rows(Fence) == []


def test_a_confirmation_sent_twice_with_its_key_creates_once(manager: FlaskClient, world: World) -> None:
    data = FILES["yard.geojson"]
    query = f"&preview_hash={preview(manager, data, 'yard.geojson')['preview_hash']}&take=0"
    key = {"Idempotency-Key": str(uuid4())}
    first, second = (send(manager, "", data, "yard.geojson", query, **key) for _ in range(2))
    assert (first.status_code, first.data) == (second.status_code, second.data)
    assert len(world.rows(Fence)) == 1


@pytest.mark.parametrize(
    ("data", "name", "status"),
    [
        (b"", "x.geojson", 422),
        (b"\xff\xfe\x00", "x.geojson", 422),
        (b"{}", "x.geojson", 422),
        (b"[" * 100_000, "x.geojson", 422),
        (b'{"type":"FeatureCollection","features":[]}', "x.json", 422),
        (FILES["yard.geojson"], "x.exe", 422),
        (FILES["yard.geojson"], "x.kmz", 422),
        (FILES["yard.geojson"], "x.zip", 422),
        (b'<!DOCTYPE kml [<!ENTITY a SYSTEM "file:///etc/passwd">]><kml>&a;</kml>', "x.kml", 422),
        (b"<gpx><trk>", "x.gpx", 422),
        (b"x" * (5 * 2**20 + 1), "x.wkt", 413),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(manager: FlaskClient, data: bytes, name: str, status: int) -> None:
    for path, query in (("/preview", ""), ("", f"&preview_hash={'0' * 64}&take=0")):
        answer = send(manager, path, data, name, query)
        assert answer.status_code == status, answer.text
        assert answer.get_json()["detail"]


def test_a_form_is_no_file_and_an_employee_imports_nothing(desk: Desk, manager: FlaskClient, world: World) -> None:
    form = manager.post(f"{FENCES}/import/preview?file_name=x.kml", data={"file": "x"})
    problem(form, 415, "wrong-content-type")
    problem(send(desk.sit(world, "employee"), "/preview", FILES["yard.kml"], "x.kml"), 403, "forbidden")
    problem(manager.post(f"{FENCES}/import/preview", data=b"{}", content_type="application/json"), 422, "invalid")


@pytest.mark.parametrize("file_format", ["geojson", "kml"])
def test_what_is_exported_can_be_imported_as_it_was(manager: FlaskClient, file_format: str) -> None:
    drawn = [draw(manager), draw(manager, **yard(), radius_m=None)]
    gone = draw(manager, name="Gone")
    etag = manager.get(f"{FENCES}/{gone['id']}").headers["ETag"]
    manager.post(f"{FENCES}/{gone['id']}/retire", headers={"If-Match": etag})
    file = manager.get(f"{FENCES}/export?format={file_format}")
    assert file.headers["Content-Disposition"] == f'attachment; filename="geofences.{file_format}"'
    drafts = preview(manager, file.data, f"back.{file_format}")["drafts"]
    assert [(draft["name"], draft["radius_m"]) for draft in drafts] == [("Head office", 150.0), ("Yard", None)]
    for draft, fence in zip(drafts, drawn, strict=True):
        assert shapely.equals(shapely.from_geojson(json.dumps(draft["geometry"])), shapely.from_geojson(json.dumps(fence["geometry"])))
    assert drafts[0]["geometry"]["coordinates"] == [HQ[1], HQ[0]] == CIRCLE["geometry"]["coordinates"]
    problem(manager.get(f"{FENCES}/export?format=shp"), 422, "invalid")
