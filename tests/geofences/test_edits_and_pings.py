"""An edit changes no crossing whose deciding ping precedes it; a retirement and an end of assignment end what is open."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.attendance.models import Crossing, Stay
from app.attendance.service import record_pings, refold_person
from app.outbox.carry import carry
from app.outbox.models import Outbox
from app.subscriptions import HANDLERS
from tests.factories import HQ, NORTH_M, NOW, Phone, World, every
from tests.geofences.conftest import Desk
from tests.geofences.scene import change, draw

LATENESS = timedelta(days=7)
AWAY = {"type": "Point", "coordinates": [HQ[1], HQ[0] + 5_000 * NORTH_M]}
STRICT = {"leave_after_pings": 9, "leave_after_s": 3600, "leave_margin_m": 500.0, "max_accuracy_m": 5}


def send(world: World, phone: Phone, moments: list[datetime], metres_north: float, now: datetime) -> None:
    results = record_pings(world.database, phone.claim, [phone.ping(at, metres_north) for at in moments], now, LATENESS)
    assert {result.status for result in results} == {"accepted"}


def crossings(world: World) -> list[tuple[Any, ...]]:
    return sorted((row.id, row.at, row.kind) for row in world.rows(Crossing) if row.withdrawn_at is None)


def stays(world: World) -> list[tuple[Any, ...]]:
    return sorted((row.entered_at, row.left_at, row.ended, row.cut) for row in world.rows(Stay) if row.withdrawn_at is None)


def work(desk: Desk, world: World) -> list[str]:
    """Do what waits in the outbox."""
    deps = desk.app.extensions["muster"].deps
    return [carry(deps, HANDLERS, world.organization_id, row.id) for row in world.rows(Outbox) if row.kind == "geofences.changed"]


@pytest.mark.parametrize(
    "edit",
    [{"geometry": AWAY}, {"radius_m": 1.0}, {"policy": STRICT}, {"name": "Renamed"}, {"counts_as_work": False}],
    ids=lambda edit: next(iter(edit)),
)
def test_an_edit_changes_no_crossing_whose_deciding_ping_precedes_it(
    desk: Desk, manager: FlaskClient, world: World, edit: dict[str, Any]
) -> None:
    desk.clock.moment = NOW - timedelta(hours=6)
    fence, phone = draw(manager), world.phone()
    arrived, left = NOW - timedelta(hours=5), NOW - timedelta(hours=4)
    send(world, phone, every(300, arrived, 12), 0, left)
    send(world, phone, every(60, left, 10), 900, left + timedelta(minutes=10))
    before = crossings(world)
    assert sorted(row[1:] for row in before) == [(arrived, "enter"), (left, "leave")]
    desk.clock.moment = left + timedelta(minutes=10)
    assert change(manager, fence, **edit).status_code == 200
    refold_person(world.database, world.organization_id, phone.person_id, NOW - timedelta(days=1), NOW)
    assert crossings(world) == before
    late = arrived + timedelta(minutes=2)
    send(world, phone, [late], 10, NOW)  # late: judged by the fence as it was then
    assert crossings(world) == before
    assert stays(world) == [(arrived, left, "confirmed", None)]


def test_an_edit_by_itself_moves_nobody_and_later_pings_are_judged_by_the_new_fence(desk: Desk, manager: FlaskClient, world: World) -> None:
    desk.clock.moment = NOW - timedelta(hours=3)
    fence, phone = draw(manager), world.phone()
    send(world, phone, every(300, NOW - timedelta(hours=2), 6), 0, NOW - timedelta(hours=1))
    desk.clock.moment = NOW - timedelta(hours=1)
    change(manager, fence, geometry=AWAY)
    refold_person(world.database, world.organization_id, phone.person_id, NOW - timedelta(days=1), NOW - timedelta(minutes=50))
    assert [row[1:3] for row in stays(world)] == [(None, None)]
    outside = every(120, NOW - timedelta(minutes=40), 5)
    send(world, phone, outside, 0, NOW)
    assert stays(world) == [(NOW - timedelta(hours=2), outside[0], "confirmed", None)]


@pytest.mark.parametrize("way", ["retire", "unassign"])
def test_open_stays_end_when_a_fence_stops_counting(desk: Desk, manager: FlaskClient, world: World, way: str) -> None:
    desk.clock.moment = NOW - timedelta(hours=3)
    fence, phone = draw(manager), world.phone()
    seen = every(300, NOW - timedelta(hours=2), 12)
    send(world, phone, seen, 0, NOW - timedelta(hours=1))
    desk.clock.moment = NOW - timedelta(minutes=30)
    facts: dict[str, Any] = {} if way == "retire" else {"group_ids": [str(world.group("Others"))]}
    assert change(manager, fence, "/retire" if way == "retire" else "/assignments", **facts).status_code == 200
    desk.clock.moment = NOW
    assert work(desk, world) == ["done"]
    assert stays(world) == [(seen[0], seen[-1], "assumed", "fence_retired" if way == "retire" else "assignment_ended")]


def test_moving_a_fence_from_everyone_to_the_persons_group_ends_nothing(desk: Desk, manager: FlaskClient, world: World) -> None:
    desk.clock.moment = NOW - timedelta(hours=3)
    fence, phone = draw(manager), world.phone()
    send(world, phone, every(300, NOW - timedelta(hours=2), 12), 0, NOW - timedelta(hours=1))
    desk.clock.moment = NOW - timedelta(minutes=30)
    assert change(manager, fence, "/assignments", group_ids=[str(world.group("Theirs", phone.person_id))]).status_code == 200
    desk.clock.moment = NOW
    assert work(desk, world) == ["done"]
    assert [row[1:] for row in stays(world)] == [(None, None, None)]


def test_a_restored_fence_counts_again_and_the_hole_does_not(desk: Desk, manager: FlaskClient, world: World) -> None:
    desk.clock.moment = NOW - timedelta(hours=6)
    fence, phone = draw(manager), world.phone()
    morning = every(300, NOW - timedelta(hours=5), 12)
    send(world, phone, morning, 0, NOW - timedelta(hours=4))
    desk.clock.moment = NOW - timedelta(hours=4)
    change(manager, fence, "/retire")
    work(desk, world)
    send(world, phone, every(300, NOW - timedelta(hours=3, minutes=30), 6), 0, NOW - timedelta(hours=3))
    desk.clock.moment = NOW - timedelta(hours=2)
    change(manager, fence, "/restore")
    afternoon = every(300, NOW - timedelta(hours=1), 6)
    send(world, phone, afternoon, 0, NOW)
    assert stays(world) == [(morning[0], morning[-1], "assumed", "fence_retired"), (afternoon[0], None, None, None)]
