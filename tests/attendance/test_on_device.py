"""Where the organization chose that phones judge: verdicts come in, positions stay out, and attendance comes out the same."""

import json
import random
from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import shapely
from flask.testing import FlaskClient

from app.actor import DeviceClaim
from app.attendance.models import Crossing, Sighting, Stay
from app.attendance.service import record_pings
from app.core.fix import from_ms, to_ms
from app.core.index import FenceIndex
from app.core.policy import Circle, FenceVersion, Policy
from app.db.transaction import Database
from app.privacy.models import RefusalCount
from tests.attendance.desk import Desk
from tests.attendance.test_phone_routes import location, native, owntracks, wire
from tests.attendance.test_pings import crossings_of, stays_of, walk
from tests.factories import HQ, LONG_AGO, NOW, Phone, World

LATENESS = timedelta(days=7)
LONG_SINCE = f"1.{to_ms(LONG_AGO + timedelta(hours=1))}"
"""The name of an older fence set, in which nothing changed since the fences of a test were drawn."""


@pytest.fixture
def world(database: Database) -> World:
    """An organization whose phones judge."""
    world = World(database)
    world.instruction(evaluation="on_device")
    return world


def fences(client: FlaskClient, phone: Phone, etag: str = "") -> Any:
    headers = {"Authorization": f"Bearer {phone.token}", **({"If-None-Match": etag} if etag else {})}
    return client.get("/api/v1/me/fences", headers=headers)


def send(client: FlaskClient, phone: Phone, sightings: list[Any], status: int = 200) -> Any:
    answer = client.post("/api/v1/sightings", json={"sightings": sightings}, headers={"Authorization": f"Bearer {phone.token}"})
    assert answer.status_code == status, answer.text
    return answer.json


def said(inside: list[Any] | None = None, at: datetime = NOW, fence_set: str = LONG_SINCE, **more: Any) -> dict[str, Any]:
    seen = {"id": f"s{at.timestamp()}", "recorded_at": at.isoformat(), "accuracy_class_m": 10, "fence_set": fence_set}
    return {**seen, "inside": [str(fence) for fence in inside or []], **more}


def judged(told: Any, pings: list[Any]) -> list[dict[str, Any]]:
    """What a phone makes of fixes, with nothing but what it was told."""
    versions = [
        FenceVersion(
            one["id"],
            Circle(one["geometry"]["coordinates"][1], one["geometry"]["coordinates"][0], one["radius_m"]),
            Policy(**one["policy"]),
        )
        for one in told["fences"]
    ]
    return [
        {
            "id": ping.id,
            "recorded_at": from_ms(ping.recorded_at_ms).isoformat(),
            "inside": list(seen.inside),
            "unclear": list(seen.unclear),
            "accuracy_class_m": seen.accuracy_class_m,
            "fence_set": told["fence_set"],
        }
        for ping, seen in zip(pings, FenceIndex(versions).sight(pings), strict=True)
    ]


def reasons(world: World) -> Counter[str]:
    return Counter(row.reason for row in world.rows(RefusalCount) for _ in range(row.count))


@pytest.mark.parametrize("seed", range(3))
def test_a_day_judged_on_phones_is_the_day_the_server_would_have_seen(
    client: FlaskClient, world: World, database: Database, seed: int
) -> None:
    other = World(database)
    other.instruction()
    here, there, phone, tracked = world.circle(), other.circle(), world.phone(), other.phone()
    record_pings(database, tracked.claim, walk(tracked), NOW, LATENESS)
    chance, sightings = random.Random(seed), judged(fences(client, phone).json, walk(phone))
    sightings += chance.sample(sightings, 10)
    chance.shuffle(sightings)
    results = [one for start in range(0, len(sightings), 20) for one in send(client, phone, sightings[start : start + 20])["results"]]
    assert Counter(one["status"] for one in results) == {"accepted": 62, "repeat": 10}
    assert [stay[1:] for stay in stays_of(world, phone)] == [stay[1:] for stay in stays_of(other, tracked)]
    assert [crossing[1:] for crossing in crossings_of(world, phone)] == [crossing[1:] for crossing in crossings_of(other, tracked)]
    assert {fence for row in world.rows(Sighting) for fence in row.inside} == {here} != {there}


def test_a_position_is_refused_with_the_way_to_go_and_only_counted(client: FlaskClient, world: World) -> None:
    world.circle()
    phone = world.phone()
    (result,) = native(client, phone, {"pings": [wire()]}).json["results"]
    assert (result["status"], result["reason"]) == ("refused", "judged_on_device")
    assert "/api/v1/sightings" in result["detail"]
    assert (world.rows(Sighting), world.rows(Stay), reasons(world)) == ([], [], {"judged_on_device": 1})


def test_the_queues_of_other_apps_keep_moving_though_their_positions_are_refused(client: FlaskClient, world: World) -> None:
    phone = world.phone()
    assert owntracks(client, phone, location()).status_code == 200
    traccar = {"timestamp": str(int(NOW.timestamp())), "lat": str(HQ[0]), "lon": str(HQ[1]), "accuracy": "9"}
    assert client.post(f"/api/v1/ingest/traccar/{phone.token}", query_string=traccar).status_code == 200
    assert (world.rows(Sighting), reasons(world)) == ([], {"judged_on_device": 2})


def test_a_fix_that_comes_with_a_punch_is_refused_and_the_punch_stands(desk: Desk) -> None:
    employee = desk.member("employee")
    fix = {"recorded_at": NOW.isoformat(), "latitude": HQ[0], "longitude": HQ[1], "accuracy_m": 8.0}
    phone = desk.world.phone()
    headers = {"Authorization": f"Bearer {phone.token}"}
    answer = desk.app.test_client().post("/api/v1/punches", json={"kind": "in", "client_id": "k", "fix": fix}, headers=headers)
    assert answer.status_code == 201
    assert answer.get_json()["fix"] == {"status": "refused", "fence_id": None, "reason": "judged_on_device"}
    assert employee.get("/punches", since=(NOW - timedelta(days=1)).isoformat(), until=(NOW + timedelta(days=1)).isoformat())["items"] == []


def test_where_the_server_judges_a_phone_may_claim_nothing(client: FlaskClient, database: Database) -> None:
    world = World(database)
    world.instruction()
    fence, phone = world.circle(), world.phone()
    told = fences(client, phone).json
    assert told["evaluation"] == "on_server"
    (result,) = send(client, phone, [said([fence], fence_set=told["fence_set"])])["results"]
    assert (result["status"], result["reason"]) == ("refused", "judged_on_server")
    assert (world.rows(Sighting), reasons(world)) == ([], {"judged_on_server": 1})


def test_a_change_of_judge_holds_for_what_is_recorded_after_it_and_no_old_position_is_looked_at(
    client: FlaskClient, database: Database
) -> None:
    world, change = World(database), NOW - timedelta(hours=1)
    world.instruction(until=change, evaluation="on_device")
    world.instruction(change)
    fence, phone = world.circle(), world.phone()
    before, after = change - timedelta(minutes=5), change + timedelta(minutes=5)
    sent = send(client, phone, [said([fence], before), said([fence], after)])
    assert [one["reason"] for one in sent["results"]] == [None, "judged_on_server"]
    pings = [wire(id="b", recorded_at=before.isoformat()), wire(id="a", recorded_at=after.isoformat())]
    assert [one["reason"] for one in native(client, phone, {"pings": pings}).json["results"]] == ["judged_on_device", None]


def test_what_was_recorded_before_phones_judge_is_not_looked_at_afterwards(client: FlaskClient, database: Database) -> None:
    world, change = World(database), NOW - timedelta(hours=1)
    world.instruction(until=change)
    world.instruction(change, evaluation="on_device")
    world.circle()
    phone = world.phone()
    old = wire(recorded_at=(change - timedelta(minutes=5)).isoformat())
    assert native(client, phone, {"pings": [old]}).json["results"][0]["reason"] == "judged_on_device"
    assert world.rows(Sighting) == []


def test_the_gate_is_that_of_a_ping(client: FlaskClient, world: World) -> None:
    fence = world.circle()
    off, drawer = world.phone(on=[]), world.phone(tracking=False)
    assert send(client, off, [said([fence])])["results"][0]["reason"] == "switched_off"
    assert send(client, drawer, [said([fence])])["results"][0]["reason"] == "not_tracking_device"
    late, early = said([fence], NOW - timedelta(days=8)), said([fence], NOW + timedelta(minutes=3))
    assert [one["reason"] for one in send(client, world.phone(), [late, early])["results"]] == ["too_late", "in_the_future"]
    assert world.rows(Sighting) == []


def test_a_fence_that_never_was_the_persons_refuses_the_sighting_whoever_it_belongs_to(
    client: FlaskClient, world: World, database: Database
) -> None:
    other = World(database)
    own, phone = world.circle(), world.phone()
    strangers = [uuid4(), other.circle(), world.circle(group=world.group("Others"))]
    sent = send(client, phone, [said([own, fence], NOW - timedelta(seconds=nth)) for nth, fence in enumerate(strangers)])
    assert {(one["status"], one["reason"]) for one in sent["results"]} == {("refused", "unknown_fence")}
    assert len({one["detail"] for one in sent["results"]}) == 1
    sent = send(client, phone, [said(unclear=[str(strangers[0])])])
    assert sent["results"][0]["reason"] == "unknown_fence"
    assert (world.rows(Sighting), reasons(world)["unknown_fence"]) == ([], 4)


def test_a_fence_counts_only_while_it_is_the_persons(client: FlaskClient, world: World) -> None:
    phone, joined = world.phone(), NOW - timedelta(hours=1)
    fence = world.circle(group=world.group("Late", phone.person_id, since=joined))
    fence_set = fences(client, phone).json["fence_set"]
    before, after = said([fence], joined - timedelta(minutes=1), fence_set), said([fence], joined + timedelta(minutes=1), fence_set)
    assert {one["status"] for one in send(client, phone, [before, after])["results"]} == {"accepted"}
    assert {row.recorded_at: row.inside for row in world.rows(Sighting)} == {
        joined - timedelta(minutes=1): [],
        joined + timedelta(minutes=1): [fence],
    }


def test_a_fence_that_changed_since_the_phone_was_told_is_unclear(client: FlaskClient, desk: Desk) -> None:
    phone, owner, same = desk.world.phone(), desk.member("owner"), desk.world.circle()
    square = {"type": "Polygon", "coordinates": [[[5.1, 52.0], [5.2, 52.0], [5.2, 52.1], [5.1, 52.1], [5.1, 52.0]]]}
    desk.at(NOW - timedelta(hours=2))
    path = f"/fences/{owner.post('/fences', {'name': 'Drawn', 'geometry': square})['id']}"
    drawn = UUID(path.rpartition("/")[2])
    desk.at(NOW - timedelta(hours=1))
    told = fences(client, phone).json["fence_set"]
    edit = NOW - timedelta(minutes=30)
    desk.at(edit)
    owner.send("PUT", path, {"name": "Drawn", "geometry": square, "policy": {"leave_margin_m": 50.0}}, match=owner.etag(path))
    desk.at(NOW)
    before, after = edit - timedelta(minutes=1), edit + timedelta(minutes=1)
    answer = send(client, phone, [said([same, drawn], before, told), said([same, drawn], after, told), said([], NOW, told)])
    fresh = fences(client, phone).json["fence_set"]
    assert answer["fence_set"] == fresh != told
    send(client, phone, [said([same, drawn], NOW - timedelta(seconds=5), fresh)])
    rows = {row.recorded_at: (set(row.inside), set(row.unclear)) for row in desk.world.rows(Sighting)}
    assert rows[before] == rows[NOW - timedelta(seconds=5)] == ({same, drawn}, set())
    assert rows[after] == ({same}, {drawn})
    assert rows[NOW] == (set(), {drawn})


def test_a_phone_told_in_the_minute_of_an_edit_is_not_believed_about_it_once_there_was_another(client: FlaskClient, desk: Desk) -> None:
    phone, early, late = desk.world.phone(), NOW - timedelta(seconds=90), NOW - timedelta(seconds=20)
    hasty, patient = desk.world.circle(since=early), desk.world.circle()
    desk.at(early + timedelta(seconds=5))
    told = fences(client, phone).json["fence_set"]
    desk.at(early + timedelta(minutes=1))
    settled = fences(client, phone).json["fence_set"]
    send(client, phone, [said([hasty, patient], NOW - timedelta(seconds=25), told)])
    desk.world.circle(since=late)
    desk.at(NOW)
    send(
        client,
        phone,
        [said([hasty, patient], NOW - timedelta(seconds=24), told), said([hasty, patient], NOW - timedelta(seconds=23), settled)],
    )
    rows = {row.recorded_at: (set(row.inside), set(row.unclear)) for row in desk.world.rows(Sighting)}
    assert rows[NOW - timedelta(seconds=25)] == ({hasty, patient}, set())
    assert rows[NOW - timedelta(seconds=24)] == ({patient}, {hasty})
    assert rows[NOW - timedelta(seconds=23)] == ({hasty, patient}, set())


def test_an_accuracy_that_is_too_poor_for_a_fence_says_nothing_about_it(client: FlaskClient, world: World) -> None:
    strict, phone = world.circle(max_accuracy_m=50), world.phone()
    loose = world.circle(max_accuracy_m=200)
    send(client, phone, [said([strict, loose], accuracy_class_m=100)])
    (row,) = world.rows(Sighting)
    assert (row.inside, row.unclear, row.accuracy_class_m, row.source) == ([loose], [], 100, "on_device")
    assert {row.fence_id for row in world.rows(Crossing)} == {loose}


def test_good_sightings_are_taken_and_each_bad_one_is_answered(client: FlaskClient, world: World) -> None:
    fence, phone = world.circle(), world.phone()
    bad = [
        said([fence], latitude=HQ[0]),
        said(["HQ"]),
        said([fence], unclear=[str(fence)]),
        said([fence], accuracy_class_m=12),
        said() | {"fence_set": 3},
    ]
    results = send(client, phone, [*bad, said([fence])])["results"]
    assert [(one["status"], one["field"], one["reason"]) for one in results] == [
        ("refused", "latitude", "unknown_field"),
        ("refused", "inside", "wrong_type"),
        ("refused", "unclear", "doubled"),
        ("refused", "accuracy_class_m", "out_of_range"),
        ("refused", "fence_set", "wrong_type"),
        ("accepted", None, None),
    ]
    assert len(world.rows(Stay)) == 1
    problem = send(client, phone, bad[:1], 422)
    assert problem["errors"][0]["field"] == "sightings.0.latitude"
    assert str(HQ[0]) not in json.dumps(problem)


def test_a_stranger_is_told_nothing_about_a_body(client: FlaskClient, world: World) -> None:
    phone = world.phone()
    wrong = Phone(phone.person_id, phone.device_id, phone.token[:-4] + "AAAA")
    assert DeviceClaim.read(wrong.token)
    send(client, wrong, [said()], 401)
    send(client, wrong, [{}], 401)


def test_a_phone_is_told_the_fences_that_are_its_persons_now_and_nothing_twice(client: FlaskClient, world: World) -> None:
    phone, ring = world.phone(), shapely.box(5, 52, 5.1, 52.1)
    circle = world.circle(radius_m=150, leave_margin_m=40.0)
    area = world.fence(ring, group=world.group("Mine", phone.person_id))
    world.circle(group=world.group("Others"))
    world.circle(since=NOW + timedelta(days=1))
    answer = fences(client, phone)
    told = {one["id"]: one for one in answer.json["fences"]}
    assert told.keys() == {str(circle), str(area)}
    assert (answer.json["evaluation"], told[str(circle)]["radius_m"], told[str(area)]["radius_m"]) == ("on_device", 150.0, None)
    assert told[str(circle)]["geometry"] == {"type": "Point", "coordinates": [HQ[1], HQ[0]]}
    assert (told[str(circle)]["policy"]["leave_margin_m"], told[str(circle)]["policy"]["max_accuracy_m"]) == (40.0, 200)
    assert shapely.from_geojson(json.dumps(told[str(area)]["geometry"])).equals(ring)
    again = fences(client, phone, answer.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    world.circle()
    assert fences(client, phone, answer.headers["ETag"]).status_code == 200


def test_a_member_may_ask_for_their_own_fences_and_a_kiosk_has_none(desk: Desk) -> None:
    employee, everyones = desk.member("employee"), desk.world.circle()
    mine = desk.world.circle(group=desk.world.group("Mine", employee.person_id))
    assert {one["id"] for one in employee.get("/me/fences")["fences"]} == {str(everyones), str(mine)}
    assert {one["id"] for one in desk.member("owner").get("/me/fences")["fences"]} == {str(everyones)}
    assert desk.kiosk()[1].get("/api/v1/me/fences").status_code in {403, 404}


def test_the_same_id_is_one_report_whoever_judged_it(client: FlaskClient, database: Database) -> None:
    world, change = World(database), NOW - timedelta(hours=1)
    world.instruction(until=change, evaluation="on_device")
    world.instruction(change)
    fence, phone = world.circle(), world.phone()
    before = change - timedelta(minutes=5)
    first, again = said([fence], before, id="x"), said([], before, id="x", accuracy_class_m=5)
    assert [one["status"] for one in send(client, phone, [first, again])["results"]] == ["accepted", "repeat"]
    assert send(client, phone, [again])["results"][0]["status"] == "repeat"
    assert len(stays_of(world, phone)) == 1
