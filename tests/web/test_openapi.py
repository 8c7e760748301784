"""The description says all that can happen, and the page says it to people."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient


@pytest.fixture
def described(anybody: FlaskClient) -> dict[str, Any]:
    document: dict[str, Any] = anybody.get("/api/v1/openapi.json").get_json()
    return document


def test_it_is_openapi_3_1_and_every_reference_leads_somewhere(anybody: FlaskClient, described: dict[str, Any]) -> None:
    assert described["openapi"] == "3.1.0"
    references = set(re.findall(r'"#/components/schemas/([^"]+)"', anybody.get("/api/v1/openapi.json").text))
    assert {"Problem", "ThingIn", "Thing"} <= references <= set(described["components"]["schemas"])


def test_every_feature_of_a_route_brings_its_answers(described: dict[str, Any]) -> None:
    def answers(method: str, path: str) -> set[int]:
        return {int(status) for status in described["paths"][f"/api/v1{path}"][method]["responses"]}

    assert answers("get", "/things") == {200, 401, 403, 422, 503}
    assert answers("post", "/things") == {201, 400, 401, 403, 409, 413, 415, 422, 503}
    assert answers("put", "/things/{thing_id}") == {200, 400, 401, 403, 404, 412, 413, 415, 422, 428, 503}
    assert answers("post", "/knock") == {204, 403, 429, 503}


def test_parameters_come_from_the_signature(described: dict[str, Any]) -> None:
    def parameters(method: str, path: str) -> set[tuple[str, str, bool]]:
        return {(each["in"], each["name"], each["required"]) for each in described["paths"][f"/api/v1{path}"][method]["parameters"]}

    assert parameters("get", "/things") == {("query", "limit", False), ("query", "cursor", False)}
    assert parameters("put", "/things/{thing_id}") == {("path", "thing_id", True), ("header", "If-Match", True)}
    assert parameters("post", "/things") == {("header", "Idempotency-Key", False)}


def test_schemes_follow_the_guards(described: dict[str, Any]) -> None:
    assert described["paths"]["/api/v1/rooms"]["post"]["security"] == [{"device_token": []}, {"session": []}]
    assert described["paths"]["/api/v1/knock"]["post"]["security"] == []
    assert set(described["components"]["securitySchemes"]) == {"device_basic", "device_token", "session"}


def test_the_page_names_every_operation_and_needs_no_script(anybody: FlaskClient, described: dict[str, Any]) -> None:
    html = anybody.get("/api/v1/docs").text
    assert all(operation["operationId"] in html for methods in described["paths"].values() for operation in methods.values())
    heads = re.findall(r"<h2[^>]*>([^<]+)", html)
    assert heads == [*(tag["name"] for tag in described["tags"]), "Bodies and answers"]
    assert (heads[0], heads[-2]) == ("Signing in", "things")
    assert "<script" not in html
    assert "style=" not in html
    assert "http" not in html
    assert anybody.get("/api/v1/docs.css").content_type == "text/css; charset=utf-8"
