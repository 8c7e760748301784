"""Who may pass: identity first, then modules, then authority; and no write that another site could have sent."""

import base64

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.sample import TOKEN, Known, made, problem, signed_in

BEARER = {"Authorization": f"Bearer {TOKEN}"}
THING = {"name": "a"}


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "Bearer",
        "Bearer nonsense",
        f"Bearer m8.{'A' * 43}",
        f"Bearer {TOKEN}x",
        f"Basic {TOKEN}",
        f"Bearer m0{TOKEN[2:]}",
        "Bearer m\u0667." + "A" * 43,
    ],
    ids=[
        "nothing",
        "scheme",
        "nonsense",
        "unknown",
        "longer",
        "basic",
        "organization",
        "digits",
    ],  # a token's own text differs in each process
)
def test_a_device_without_a_live_token_is_401_with_a_challenge(anybody: FlaskClient, credential: str) -> None:
    response = anybody.post("/api/v1/sample-pings", json=THING, headers={"Authorization": credential.encode().decode("latin-1")})
    problem(response, 401, "unauthorized")
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_device_proves_itself_by_bearer_by_basic_or_in_the_path(anybody: FlaskClient) -> None:
    basic = base64.b64encode(f"anything:{TOKEN}".encode()).decode()
    assert anybody.post("/api/v1/sample-pings", json=THING, headers=BEARER).status_code == 204
    assert anybody.post("/api/v1/owntracks", headers={"Authorization": f"Basic {basic}"}).status_code == 204
    assert anybody.post(f"/api/v1/traccar/{TOKEN}").status_code == 204
    assert anybody.post(f"/api/v1/traccar/{TOKEN}x").status_code == 401


def test_a_token_is_good_only_for_what_it_was_made_for(anybody: FlaskClient) -> None:
    problem(anybody.post("/api/v1/sample-punches", headers=BEARER), 403, "forbidden")


def test_a_device_cannot_use_a_members_route_nor_a_member_a_devices(anybody: FlaskClient, owner: FlaskClient) -> None:
    problem(anybody.get("/api/v1/things", headers=BEARER), 401, "unauthorized")
    problem(owner.post("/api/v1/sample-pings", json=THING), 401, "unauthorized")


def test_an_operator_is_no_member(app: Flask) -> None:
    problem(signed_in(app, "operator").get("/api/v1/things"), 401, "unauthorized")


def test_an_ended_session_is_401_even_with_its_old_cookie(app: Flask) -> None:
    problem(signed_in(app, "ended").get("/api/v1/things"), 401, "unauthorized")


def test_a_route_for_several_takes_each_by_its_own_credential(anybody: FlaskClient, owner: FlaskClient) -> None:
    assert anybody.post("/api/v1/rooms", headers=BEARER).status_code == 204
    assert owner.post("/api/v1/rooms").status_code == 204
    assert anybody.post("/api/v1/rooms").status_code == 401


def test_a_module_that_is_off_looks_like_a_route_that_does_not_exist(owner: FlaskClient) -> None:
    off, absent = owner.get("/api/v1/visits").get_json(), owner.get("/api/v1/absent").get_json()
    assert off | {"request_id": ""} == absent | {"request_id": ""}


def test_a_role_without_the_action_is_403_before_its_body_is_looked_at(owner: FlaskClient, known: Known) -> None:
    known.roles = frozenset({"employee"})
    assert owner.get("/api/v1/things").status_code == 200
    problem(owner.post("/api/v1/things", json={"unknown": 1}), 403, "forbidden")


def test_a_generated_password_opens_nothing_until_it_is_changed(owner: FlaskClient, known: Known) -> None:
    known.must_change_password = True
    problem(owner.get("/api/v1/things"), 403, "password-change-required")


def test_a_write_by_cookie_needs_the_token_of_this_browser(app: Flask, owner: FlaskClient) -> None:
    other = signed_in(app).environ_base["HTTP_X_CSRF_TOKEN"]
    for headers in ({"X-CSRF-Token": ""}, {"X-CSRF-Token": "x"}, {"X-CSRF-Token": other}):
        problem(owner.post("/api/v1/things", json=THING, headers=headers), 403, "csrf-refused")
    assert made == []
    assert owner.post("/api/v1/things", json=THING).status_code == 201


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_write_from_another_site_is_refused_signed_in_or_not(owner: FlaskClient, anybody: FlaskClient, site: str) -> None:
    problem(owner.post("/api/v1/things", json=THING, headers={"Sec-Fetch-Site": site}), 403, "csrf-refused")
    problem(anybody.post("/api/v1/knock", headers={"Sec-Fetch-Site": site}), 403, "csrf-refused")
    assert anybody.post("/api/v1/sample-pings", json=THING, headers=BEARER | {"Sec-Fetch-Site": site}).status_code == 204


def test_metrics_are_for_this_machine_called_directly(anybody: FlaskClient) -> None:
    assert b"muster_requests_total" in anybody.get("/metrics").data
    problem(anybody.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}), 404, "not-found")
    problem(anybody.get("/metrics", environ_base={"REMOTE_ADDR": "10.0.0.9"}), 404, "not-found")
