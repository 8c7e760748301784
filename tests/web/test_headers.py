"""Headers, cookies and log lines of every response, errors included."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.config import Settings
from app.factory import create_app
from app.ports import Deps
from tests.web.sample import SAMPLES, TOKEN, signed_in

EXPECTED = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/metrics"),
        ("GET", "/nothing.at-all"),
        ("POST", "/healthz"),
        ("GET", "/api/v1/things"),
        ("POST", "/api/v1/sample-pings"),
        ("GET", "/api/v1/far"),
        ("GET", "/api/v1/docs"),
        ("GET", "/api/v1/openapi.json"),
    ],
)
def test_every_response_carries_the_security_headers(anybody: FlaskClient, method: str, path: str) -> None:
    headers = anybody.open(path, method=method).headers
    assert {name: headers.get(name) for name in EXPECTED} == EXPECTED
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert len(headers["X-Request-ID"]) == 32
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize(
    ("public_url", "name", "secure"), [("https://muster.example", "__Host-muster", True), ("http://127.0.0.1:8000", "muster", False)]
)
def test_the_cookie_is_locked_to_the_host_where_there_is_https(
    settings: Settings, deps: Deps, public_url: str, name: str, *, secure: bool
) -> None:
    app = create_app(settings.model_copy(update={"public_url": public_url}), deps=deps, table=SAMPLES)
    cookie = app.test_client().get("/api/v1/csrf-token").headers["Set-Cookie"]
    assert cookie.startswith(f"{name}=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert ("Secure" in cookie) is secure
    assert "Domain" not in cookie


def test_forwarded_addresses_are_believed_only_from_as_many_proxies_as_are_set(settings: Settings, deps: Deps) -> None:
    def knocks(app: Flask) -> list[int]:
        return [app.test_client().post("/api/v1/knock", headers={"X-Forwarded-For": f"10.1.1.{number}"}).status_code for number in range(5)]

    assert 429 in knocks(create_app(settings, deps=deps, table=SAMPLES))
    assert 429 not in knocks(create_app(settings.model_copy(update={"trusted_proxies": 1}), deps=deps, table=SAMPLES))


def test_a_log_line_tells_rule_and_result_but_nothing_that_was_sent(
    settings: Settings, deps: Deps, capsys: pytest.CaptureFixture[str]
) -> None:
    client = signed_in(create_app(settings.model_copy(update={"log_level": "DEBUG"}), deps=deps, table=SAMPLES))
    capsys.readouterr()
    client.post("/api/v1/things?who=Canary", json={"name": "Canary"})
    client.post(f"/api/v1/traccar/{TOKEN}?lat=52.37403")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    requests = [line for line in lines if line["event"] == "request"]
    assert [(line["method"], line["rule"], line["status"], line["organization_id"]) for line in requests] == [
        ("POST", "/api/v1/things", 201, 7),
        ("POST", "/api/v1/traccar/<token>", 204, 7),
    ]
    assert all(line["timestamp"].endswith("Z") and line["request_id"] for line in requests)
    assert not any(word in json.dumps(lines) for word in ("Canary", "52.37", TOKEN, TOKEN[4:]))
