"""The organization's policy and the fences' own: versioned, checked together, and used from then on."""

from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.fix import to_ms
from app.geofences import fence_set
from app.geofences.models import OrganizationPolicy
from tests.factories import NOW, World
from tests.geofences.conftest import Desk
from tests.geofences.scene import FENCES, change, draw, every_page, problem

POLICY = "/api/v1/policy"


def put(client: FlaskClient, policy: dict[str, Any]) -> TestResponse:
    return client.put(POLICY, json=policy, headers={"If-Match": client.get(POLICY).headers["ETag"]})


def test_an_organization_that_said_nothing_follows_the_product(manager: FlaskClient) -> None:
    found = manager.get(POLICY).get_json()
    assert (found["policy"], found["valid_from"], found["effective"]["leave_after_s"]) == ({}, None, 120)


def test_a_fence_lies_over_the_organization_which_lies_over_the_product(manager: FlaskClient) -> None:
    fence = draw(manager, policy={"leave_after_s": 300})
    assert put(manager, {"leave_after_s": 60, "enter_after_s": 30}).status_code == 200
    found = manager.get(f"{FENCES}/{fence['id']}/policy").get_json()
    assert (found["organization"], found["fence"]) == ({"leave_after_s": 60, "enter_after_s": 30}, {"leave_after_s": 300})
    effective = found["effective"]
    assert (effective["leave_after_s"], effective["enter_after_s"], effective["leave_after_pings"]) == (300, 30, 2)


def test_a_change_holds_from_now_on_and_the_past_keeps_its_own(desk: Desk, manager: FlaskClient, world: World) -> None:
    draw(manager)
    put(manager, {"leave_after_s": 60})
    desk.clock.move(timedelta(hours=1))
    put(manager, {"leave_after_s": 90})
    put(manager, {"leave_after_s": 95})  # in the same moment
    first, second, third = sorted(world.rows(OrganizationPolicy), key=lambda row: row.valid_from)
    assert first.valid_until == second.valid_from
    assert second.valid_until == third.valid_from
    assert [line["policy"]["leave_after_s"] for line in every_page(manager, f"{POLICY}/versions", limit=2)] == [95, 90, 60]
    with world.database.tenant(world.organization_id) as session:
        rules = fence_set.of_session(session, world.organization_id, NOW + timedelta(hours=2)).rules
    ((_, pieces),) = rules.versions.items()
    held = {hours: next(piece.policy.leave_after_s for piece in pieces if piece.valid_from_ms <= at < (piece.valid_until_ms or at + 1))
            for hours in (0.5, 1.5) for at in [to_ms(NOW + timedelta(hours=hours))]}  # fmt: skip
    assert held == {0.5: 60, 1.5: 95}


def test_numbers_that_contradict_each_other_are_named(manager: FlaskClient) -> None:
    found = problem(put(manager, {"unknown_after_s": 5000, "assume_left_after_s": 4000}), 422, "invalid")
    assert [error["field"] for error in found["errors"]] == ["policy.assume_left_after_s"]
    assert [error["field"] for error in problem(put(manager, {"leave_after_s": 29}), 422, "invalid")["errors"]] == ["leave_after_s"]


def test_defaults_that_would_break_a_fences_own_policy_are_refused(manager: FlaskClient) -> None:
    """Otherwise no ping of the organization could be judged any more."""
    fence = draw(manager, policy={"assume_left_after_s": 3600})
    problem(put(manager, {"unknown_after_s": 5000}), 422, "invalid")
    change(manager, fence, "/retire")
    assert put(manager, {"unknown_after_s": 5000}).status_code == 200
    problem(change(manager, fence, "/restore"), 422, "invalid")
    problem(
        manager.post(FENCES, json={"name": "x", "geometry": fence["geometry"], "radius_m": 90, "policy": {"assume_left_after_s": 3600}}),
        422,
        "invalid",
    )


def test_a_slower_editor_of_the_policy_is_told_and_an_employee_may_only_read(desk: Desk, manager: FlaskClient, world: World) -> None:
    etag = manager.get(POLICY).headers["ETag"]
    assert put(manager, {"leave_after_s": 60}).status_code == 200
    problem(manager.put(POLICY, json={"leave_after_s": 61}, headers={"If-Match": etag}), 412, "stale")
    problem(manager.put(POLICY, json={"leave_after_s": 61}), 428, "match-required")
    employee = desk.sit(world, "employee")
    assert employee.get(POLICY).status_code == 200
    problem(put(employee, {"leave_after_s": 61}), 403, "forbidden")
