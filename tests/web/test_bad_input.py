"""What bad input gets: the right 4xx, a problem document that names the field and what to do, never a 500."""

import json

import pytest
from flask.testing import FlaskClient

from app.config import Settings
from app.factory import create_app
from app.ports import Deps
from tests.web.sample import SAMPLES, TOKEN, made, problem, signed_in

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[" * 500,
        '{"name": "a"} x',
        '{"name": NaN}',
        '{"size_m": Infinity, "name": "a"}',
        '{"name": "\\ud800"}',
        "\ufeff{}",
        '{"name": "\x00"}',
        "\udc80",
    ],
)
def test_a_body_that_is_not_json_is_400(owner: FlaskClient, body: str) -> None:
    problem(owner.post("/api/v1/things", data=body.encode("utf-8", "surrogateescape"), headers=JSON), 400, "malformed")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": 5}, "name"),
        ({"name": None}, "name"),
        ({"name": ""}, "name"),
        ({"name": "x" * 21}, "name"),
        ({"name": "a\x00"}, "name"),
        ({"name": "\u0958" * 20}, "name"),
        ({"name": "a", "tags": ["\x00"]}, "tags"),
        ({"name": "a", "tags": ["a", "b", "c", "d"]}, "tags"),
        ({"name": "a", "tags": ["a", 5]}, "tags.1"),
        ({"name": "a", "size_m": "12"}, "size_m"),
        ({"name": "a", "size_m": True}, "size_m"),
        ({"name": "a", "size_m": -0.1}, "size_m"),
        ({"name": "a", "at": "2026-05-04T08:30:00"}, "at"),
        ({"name": "a", "at": 1493979010}, "at"),
        ({"name": "a", "at": "1493979010"}, "at"),
        ({"name": "a", "at": "0001-01-01T00:00:00+14:00"}, "at"),
        ({"name": "a", "at": "2026-02-30T08:30:00Z"}, "at"),
        ({"name": "a", "on": "2026-02-30"}, "on"),
        ({"name": "a", "on": "2026-05-04T00:00:00"}, "on"),
        ({"name": "a", "organization_id": 8}, "organization_id"),
        ([], "body"),
        ("text", "body"),
        (None, "body"),
    ],
)
def test_each_wrong_field_is_named_with_what_to_do(owner: FlaskClient, body: object, field: str) -> None:
    document = problem(owner.post("/api/v1/things", data=json.dumps(body), headers=JSON), 422, "invalid")
    assert [error["field"] for error in document["errors"]] == [field]
    assert document["errors"][0]["message"]
    assert document["errors"][0]["next_step"]
    assert made == []


def test_a_number_beyond_all_bounds_is_no_finite_number(owner: FlaskClient) -> None:
    document = problem(owner.post("/api/v1/things", data='{"name": "a", "size_m": 1e999}', headers=JSON), 422, "invalid")
    assert document["errors"][0]["next_step"] == "Send a finite number."


def test_the_input_is_never_repeated(owner: FlaskClient) -> None:
    response = owner.post("/api/v1/things", json={"name": "Canary Canary Canary Canary", "at": "Canary", "size_m": "Canary"})
    assert response.status_code == 422
    assert "Canary" not in response.text


def test_text_is_normalised_before_it_is_used(owner: FlaskClient) -> None:
    assert owner.post("/api/v1/things", json={"name": "Zoe\u0308"}).get_json() == {"name": "Zo\u00eb"}


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""])
def test_another_content_type_is_415_and_says_which_is_taken(owner: FlaskClient, kind: str) -> None:
    document = problem(owner.post("/api/v1/things", data=b'{"name": "a"}', headers={"Content-Type": kind}), 415, "wrong-content-type")
    assert "application/json" in document["detail"]


def test_a_body_that_is_too_large_is_413(owner: FlaskClient) -> None:
    problem(owner.post("/api/v1/things", data=b" " * 70_000, headers=JSON), 413, "too-large")


def test_a_route_has_its_own_limit_even_without_a_content_length(anybody: FlaskClient) -> None:
    headers = {"Content-Type": "application/octet-stream", "Authorization": f"Bearer {TOKEN}"}
    assert anybody.post("/api/v1/raw", data=b"x" * 10, headers=headers).text == "7 10"
    problem(anybody.post("/api/v1/raw", data=b"x" * 11, headers=headers), 413, "too-large")


@pytest.mark.parametrize("method", ["POST", "OPTIONS", "TRACE", "BREW"])
def test_a_wrong_method_is_405_with_those_allowed(anybody: FlaskClient, method: str) -> None:
    response = anybody.open("/healthz", method=method)
    problem(response, 405, "method-not-allowed")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD"}


@pytest.mark.parametrize(
    "path", ["/nothing.at-all", "/api/v1/things/", "/api//v1/things", "/api/v1/things/not-a-uuid", "/api/v1/%00", "/api/v1/%ff"]
)
def test_an_address_where_nothing_is_is_404(owner: FlaskClient, path: str) -> None:
    problem(owner.get(path), 404, "not-found")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "query.limit"),
        ("limit=201", "query.limit"),
        ("limit=ten", "query.limit"),
        ("limit=1&limit=2", "query.limit"),
        ("unknown=1", "query.unknown"),
        ("cursor=%00", "query.cursor"),
        ("cursor=Canary", "query.cursor"),
        ("cursor=WzFd", "query.cursor"),
        ("cursor=bnVsbA", "query.cursor"),
    ],
)
def test_a_wrong_query_names_its_field(owner: FlaskClient, query: str, field: str) -> None:
    document = problem(owner.get(f"/api/v1/things?{query}"), 422, "invalid")
    assert [error["field"] for error in document["errors"]] == [field]


def test_pages_follow_each_other_without_gap_or_repetition(owner: FlaskClient) -> None:
    seen, cursor = [], ""
    while cursor is not None:
        found = owner.get("/api/v1/things", query_string={"limit": 3} | ({"cursor": cursor} if cursor else {})).get_json()
        seen += [item["name"] for item in found["items"]]
        cursor = found["next_cursor"]
    assert seen == list("abcdefg")


def test_a_fault_of_ours_is_generic(settings: Settings, deps: Deps, capsys: pytest.CaptureFixture[str]) -> None:
    response = signed_in(create_app(settings, deps=deps, table=SAMPLES)).get("/api/v1/fault")
    problem(response, 500, "muster")
    logged = capsys.readouterr().err
    assert "ZeroDivisionError" in logged
    assert "sample.py" in logged
    assert "Canary" not in response.text + logged
    assert "52.37" not in response.text + logged


def test_a_database_that_is_away_is_503_with_when_to_come_back(anybody: FlaskClient) -> None:
    response = anybody.get("/api/v1/far")
    problem(response, 503, "unavailable")
    assert int(response.headers["Retry-After"]) > 0


def test_an_edit_names_the_version_it_changes(owner: FlaskClient) -> None:
    address, body = "/api/v1/things/00000000-0000-0000-0000-000000000005", {"name": "after"}
    problem(owner.put(address, json=body), 428, "match-required")
    problem(owner.put(address, json=body, headers={"If-Match": '"old"'}), 412, "stale")
    current = owner.post("/api/v1/things", json={"name": "before"}).headers["ETag"]
    assert owner.put(address, json=body, headers={"If-Match": current}).status_code == 200


def test_too_many_requests_are_told_when_to_come_back(anybody: FlaskClient) -> None:
    assert [anybody.post("/api/v1/knock").status_code for _ in range(4)] == [204, 204, 204, 429]
    response = anybody.post("/api/v1/knock")
    problem(response, 429, "too-many")
    assert 0 < int(response.headers["Retry-After"]) <= 61
    assert anybody.post("/api/v1/knock", environ_base={"REMOTE_ADDR": "10.0.0.9"}).status_code == 204
