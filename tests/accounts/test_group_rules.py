"""Groups whose people are found by a rule when somebody asks."""

from uuid import uuid4

import pytest
from flask.testing import FlaskClient

RULE = {"any": [{"role": "responder"}, {"on_site": True}]}


def test_a_group_by_rule_keeps_its_rule_through_a_change_of_name(owner: FlaskClient) -> None:
    made = owner.post("/api/v1/groups", json={"name": "Responders", "rule": RULE})
    assert made.status_code == 201, made.text
    path = f"/api/v1/groups/{made.get_json()['id']}"
    renamed = owner.put(path, json={"name": "Response"}, headers={"If-Match": owner.get(path).headers["ETag"]})
    assert renamed.get_json() | {"id": ""} == {"id": "", "name": "Response", "rule": RULE, "retired_at": None}
    other = {"name": "Response", "rule": {"role": "reception"}}
    assert owner.put(path, json=other, headers={"If-Match": owner.get(path).headers["ETag"]}).get_json()["rule"] == {"role": "reception"}
    [line] = owner.get("/api/v1/groups").get_json()["items"]
    assert line["people"] is None


def test_nobody_is_put_into_a_group_by_rule_and_a_listed_one_stays_listed(owner: FlaskClient) -> None:
    ruled = owner.post("/api/v1/groups", json={"name": "Responders", "rule": RULE}).get_json()["id"]
    listed = owner.post("/api/v1/groups", json={"name": "Day"}).get_json()["id"]
    person = owner.post("/api/v1/people", json={"name": "Anna"}).get_json()["id"]
    assert owner.put(f"/api/v1/groups/{ruled}/people/{person}").status_code == 409
    etag = owner.get(f"/api/v1/groups/{listed}").headers["ETag"]
    assert owner.put(f"/api/v1/groups/{listed}", json={"name": "Day", "rule": RULE}, headers={"If-Match": etag}).status_code == 409


def test_what_is_judged_by_past_memberships_takes_no_group_by_rule(owner: FlaskClient) -> None:
    ruled = owner.post("/api/v1/groups", json={"name": "Responders", "rule": RULE}).get_json()["id"]
    window = {"group_id": ruled, "weekdays": [1], "starts_at": "09:00", "ends_at": "17:00", "valid_from": "2026-06-01"}
    refused = owner.post("/api/v1/working-windows", json=window)
    assert refused.status_code == 422, refused.text
    assert "rule" in refused.get_json()["errors"][0]["message"]


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"any": []},
        {"group": str(uuid4())},
        {"people": [str(uuid4())]},
        {"role": "king"},
        {"not": {"role": "responder"}},
        {"all": [{"not": {"role": "responder"}}]},
        {"any": [{"any": [{"any": [{"any": [{"any": [{"role": "responder"}]}]}]}]}]},
        {"any": [{"role": "responder"}] * 101},
        {"everyone": True},
        {"role": "responder", "on_site": True},
        {"fence": "x"},
        {"on_site": False},
    ],
)
def test_a_rule_that_means_nothing_is_refused_with_words(owner: FlaskClient, rule: object) -> None:
    refused = owner.post("/api/v1/groups", json={"name": "Odd", "rule": rule})
    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["field"].startswith("rule")


def test_a_site_of_another_organization_is_no_site(owner: FlaskClient) -> None:
    assert owner.post("/api/v1/groups", json={"name": "Odd", "rule": {"site": str(uuid4())}}).status_code in (404, 422)
