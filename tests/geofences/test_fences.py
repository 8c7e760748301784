"""Fences over HTTP on a real database: drawn, edited, retired, restored, assigned; nothing overwritten."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts.models import Site
from app.geofences import service as geofences
from app.geofences.models import FenceAssignment, FenceSet, FenceVersion
from app.outbox.models import LiveEvent, Outbox
from app.web.paging import make_cursor
from tests.factories import HQ, LONG_AGO, NOW, World
from tests.geofences.conftest import Desk, a_person
from tests.geofences.scene import CIRCLE, FENCES, change, draw, every_page, problem, read, square, yard


def fence_set_version(world: World) -> int:
    return int(world.rows(FenceSet)[0].version)


def test_a_circle_is_drawn_for_everyone_and_read_back_as_it_was_sent(manager: FlaskClient, world: World) -> None:
    made = draw(manager, policy={"leave_after_s": 300})
    assert (made["geometry"], made["radius_m"], made["policy"]) == (CIRCLE["geometry"], 150.0, {"leave_after_s": 300})
    assert made["assigned"] == {"everyone": True, "group_ids": []}
    assert made["area_m2"] == pytest.approx(70_685.8, rel=1e-4)
    assert made["cover"] == {"latitude": HQ[0], "longitude": HQ[1], "radius_m": 150.0}
    assert read(manager, made).get_json() == made
    assert [(row.kind, row.body["standing"]) for row in world.rows(LiveEvent)] == [("fence", "current")]


def test_the_area_and_the_overlaps_are_what_postgis_says(manager: FlaskClient, pg: Any) -> None:
    big = draw(manager, **yard("Big", size=0.03), radius_m=None)
    small = draw(manager, **yard("Small", 5.01, 52.01), radius_m=None)
    half = draw(manager, **yard("Half", 5.025, 52.0), radius_m=None)
    beside = draw(manager, **yard("Beside", 5.03, 52.02, 0.005), radius_m=None)
    draw(manager, **yard("Far", 6.0), radius_m=None)
    circle = draw(manager, geometry={"type": "Point", "coordinates": [5.015, 52.015]}, radius_m=20.0)
    found = manager.get(f"{FENCES}/{big['id']}/overlaps").get_json()
    assert {line["id"]: line["relation"] for line in found} == {
        small["id"]: "covers",
        half["id"]: "overlaps",
        beside["id"]: "touches",
        circle["id"]: "covers",
    }
    assert [line["relation"] for line in manager.get(f"{FENCES}/{circle['id']}/overlaps").get_json()] == ["covered_by", "covered_by"]
    (area_m2,) = pg.execute("SELECT ST_Area(geometry::geography) FROM geofence_version WHERE fence_id = %s", [big["id"]]).fetchone()
    assert big["area_m2"] == pytest.approx(area_m2, rel=1e-4)
    shared = {line["id"]: line["shared_m2"] for line in found}
    assert shared[small["id"]] == pytest.approx(small["area_m2"], rel=1e-4)


def test_circles_meet_across_the_antimeridian(manager: FlaskClient) -> None:
    east = draw(manager, name="East", geometry={"type": "Point", "coordinates": [-179.9995, -17.0]})
    west = draw(manager, name="West", geometry={"type": "Point", "coordinates": [179.9995, -17.0]})
    draw(manager, name="Elsewhere", geometry={"type": "Point", "coordinates": [0.0, -17.0]})
    found = manager.get(f"{FENCES}/{east['id']}/overlaps").get_json()
    assert [(line["id"], line["relation"]) for line in found] == [(west["id"], "overlaps")]


def test_an_edit_starts_a_version_and_overwrites_nothing(manager: FlaskClient, world: World, desk: Desk) -> None:
    made = draw(manager)
    desk.clock.moment = NOW + timedelta(hours=1)
    edited = change(manager, made, name="Gate", radius_m=200.0).get_json()
    assert (edited["version"], edited["name"], edited["radius_m"], edited["number"]) == (2, "Gate", 200.0, made["number"])
    newest, first = manager.get(f"{FENCES}/{made['id']}/versions").get_json()["items"]
    assert (first["name"], first["radius_m"], first["valid_until"], first["change"]) == (
        "Head office",
        150.0,
        newest["valid_from"],
        "drawn",
    )
    assert (newest["change"], newest["changed_by"], first["ended_by"]) == ("name, shape", "Mo Manager", "Mo Manager")
    only = manager.get(f"{FENCES}/{made['id']}/versions?limit=1").get_json()
    rest = manager.get(f"{FENCES}/{made['id']}/versions?limit=1&cursor={only['next_cursor']}").get_json()
    assert (only["items"], rest["items"], rest["next_cursor"]) == ([newest], [first], None)


def test_sending_a_fence_back_as_it_was_shown_changes_nothing(manager: FlaskClient, world: World) -> None:
    clockwise = square(5, 52)
    clockwise["coordinates"][0].reverse()
    made = draw(manager, geometry=clockwise, radius_m=None)
    assert change(manager, made).get_json()["version"] == 1
    assert len(world.rows(FenceVersion)) == 1


def test_edits_in_the_same_moment_or_by_a_clock_that_lags_follow_each_other(manager: FlaskClient, world: World, desk: Desk) -> None:
    made = draw(manager)
    for nth, lag_s in enumerate((0, 0, 30)):
        desk.clock.moment = NOW - timedelta(seconds=lag_s)
        assert change(manager, made, name=f"Name {nth}").status_code == 200
    rows = sorted(world.rows(FenceVersion), key=lambda row: row.version)
    assert [row.valid_until for row in rows] == [*(row.valid_from for row in rows[1:]), None]
    assert all(row.valid_from < row.valid_until for row in rows[:-1])


def test_a_retired_fence_is_restored_as_it_was_with_a_hole_in_between(manager: FlaskClient, world: World) -> None:
    made = draw(manager, policy={"leave_after_s": 60})
    retired = change(manager, made, "/retire").get_json()
    assert retired["retired_at"] is not None
    assert [row["id"] for row in manager.get(f"{FENCES}?retired=true").get_json()["items"]] == [made["id"]]
    assert manager.get(FENCES).get_json()["items"] == []
    problem(change(manager, made, "/retire"), 409, "conflict")
    problem(change(manager, made, name="No"), 409, "conflict")
    restored = change(manager, made, "/restore").get_json()
    assert (restored["version"], restored["policy"], restored["geometry"]) == (2, {"leave_after_s": 60}, made["geometry"])
    problem(change(manager, made, "/restore"), 409, "conflict")
    first, second = sorted(world.rows(FenceVersion), key=lambda row: row.version)
    assert first.valid_until < second.valid_from
    assert [(row.kind, row.body["fence"]) for row in world.rows(Outbox)] == [("geofences.changed", made["id"])]


def test_an_edit_needs_the_etag_and_loses_to_a_faster_one(manager: FlaskClient, world: World) -> None:
    made = draw(manager)
    etag = read(manager, made).headers["ETag"]
    assert change(manager, made, name="Faster").status_code == 200
    slow = {key: made[key] for key in ("name", "geometry", "radius_m")}
    problem(manager.put(f"{FENCES}/{made['id']}", json=slow), 428, "match-required")
    before = fence_set_version(world)
    problem(manager.put(f"{FENCES}/{made['id']}", json=slow, headers={"If-Match": etag}), 412, "stale")
    problem(manager.post(f"{FENCES}/{made['id']}/retire", headers={"If-Match": etag}), 412, "stale")
    assert fence_set_version(world) == before
    assert read(manager, made).get_json()["name"] == "Faster"


def test_of_many_who_edit_at_once_one_wins(desk: Desk, manager: FlaskClient, world: World) -> None:
    made = draw(manager)
    etag = read(manager, made).headers["ETag"]
    clients = [desk.sit(world, "owner") for _ in range(6)]

    def edit(nth: int) -> int:
        body = {**CIRCLE, "name": f"Name {nth}"}
        return clients[nth].put(f"{FENCES}/{made['id']}", json=body, headers={"If-Match": etag}).status_code

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(edit, range(6))) == [200, 412, 412, 412, 412, 412]
    assert len(world.rows(FenceVersion)) == 2


def test_every_change_raises_the_fence_set_and_the_first_makes_its_row(desk: Desk, world: World, manager: FlaskClient) -> None:
    with world.database.tenant(world.organization_id) as session:
        session.query(FenceSet).delete()
    made = draw(manager)
    group = world.group("Night")
    seen = [fence_set_version(world)]
    policy = manager.get("/api/v1/policy").headers["ETag"]
    steps: list[Callable[[], TestResponse]] = [
        lambda: change(manager, made, name="Other"),
        lambda: change(manager, made, "/assignments", group_ids=[str(group)]),
        lambda: change(manager, made, "/retire"),
        lambda: change(manager, made, "/restore"),
        lambda: manager.put("/api/v1/policy", json={"leave_after_s": 60}, headers={"If-Match": policy}),
    ]
    for step in steps:
        assert step().status_code == 200
        seen.append(fence_set_version(world))
    assert seen == [1, 2, 3, 4, 5, 6]


def test_assignments_are_dated_and_only_an_end_reaches_attendance(manager: FlaskClient, world: World) -> None:
    day, night = world.group("Day"), world.group("Night")
    made = draw(manager, assigned={"group_ids": [str(day)]})
    assert change(manager, made, "/assignments", group_ids=[str(day), str(night)]).get_json()["assigned"]["group_ids"] == sorted(
        map(str, (day, night))
    )
    assert world.rows(Outbox) == []
    assert change(manager, made, "/assignments", everyone=True).get_json()["assigned"] == {"everyone": True, "group_ids": []}
    assert [row.kind for row in world.rows(Outbox)] == ["geofences.changed"]
    path = f"{FENCES}/{made['id']}/assignments"
    history, older = every_page(manager, path), every_page(manager, path, limit=1)
    assert [(line["group_id"], line["valid_until"] is None) for line in history] == [(None, True), (str(night), False), (str(day), False)]
    assert history[0]["valid_from"] == history[2]["valid_until"]
    assert older == history
    problem(change(manager, made, "/assignments", everyone=True, group_ids=[str(day)]), 422, "invalid")
    problem(change(manager, made, "/assignments", group_ids=[str(uuid4())]), 422, "invalid")


def test_an_employee_and_a_phone_see_the_fences_that_are_theirs(desk: Desk, manager: FlaskClient, world: World) -> None:
    phone = world.phone()
    mine = draw(manager, name="Mine", assigned={"group_ids": [str(world.group("Night", phone.person_id))]})
    other = draw(manager, name="Other", assigned={"group_ids": [str(world.group("Day"))]})
    everyones = draw(manager, name="Everyone's")
    employee = desk.sit(world, "employee", person_id=phone.person_id)
    bearer = {"Authorization": f"Bearer {phone.token}"}
    for client, headers in ((employee, {}), (desk.app.test_client(), bearer)):
        assert [line["name"] for line in client.get(FENCES, headers=headers).get_json()["items"]] == ["Mine", "Everyone's"]
        assert client.get(f"{FENCES}/{mine['id']}", headers=headers).status_code == 200
        problem(client.get(f"{FENCES}/{other['id']}", headers=headers), 404, "not-found")
    assert [feature["id"] for feature in employee.get(f"{FENCES}/export").get_json(force=True)["features"]] == [mine["id"], everyones["id"]]
    assert employee.get(f"{FENCES}/{mine['id']}/versions").get_json()["items"][0]["changed_by"] is None
    problem(employee.post(FENCES, json=CIRCLE), 403, "forbidden")
    problem(employee.get(f"{FENCES}/{mine['id']}/overlaps"), 403, "forbidden")


def test_a_fence_of_another_organization_is_as_absent_as_one_that_never_was(
    desk: Desk, manager: FlaskClient, new_world: Callable[[], World]
) -> None:
    made = draw(desk.sit(new_world(), "owner"))
    body = {key: made[key] for key in ("name", "geometry", "radius_m")}

    def answers(fence: str) -> list[tuple[int, Any]]:
        headers = {"If-Match": '"x"'}
        asked = [manager.get(f"{FENCES}/{fence}{path}") for path in ("", "/versions", "/assignments", "/overlaps", "/policy")]
        asked += [manager.put(f"{FENCES}/{fence}", json=body, headers=headers)]
        asked += [manager.put(f"{FENCES}/{fence}/assignments", json={"everyone": True}, headers=headers)]
        asked += [manager.post(f"{FENCES}/{fence}/{command}", headers=headers) for command in ("retire", "restore")]
        return [(answer.status_code, {**answer.get_json(), "request_id": ""}) for answer in asked]

    foreign, absent = answers(made["id"]), answers(str(uuid4()))
    assert foreign == absent
    assert {status for status, _ in foreign} == {404}


def test_without_the_module_there_is_nothing(desk: Desk, world: World) -> None:
    client = desk.sit(world, "owner", modules=("attendance",))
    for path in ("/fences", "/fences/export", "/policy"):
        problem(client.get(f"/api/v1{path}"), 404, "not-found")


def test_a_list_pages_by_number_and_narrows_to_a_site(manager: FlaskClient, world: World) -> None:
    site = Site(id=uuid4(), name="Harbour")
    world.add(site)
    made = [draw(manager, name=f"Fence {nth}", site_id=str(site.id) if nth % 2 else None) for nth in range(5)]
    seen, cursor = [], ""
    while cursor is not None:
        answer = manager.get(f"{FENCES}?limit=2{cursor and '&cursor=' + cursor}").get_json()
        seen += [line["id"] for line in answer["items"]]
        cursor = answer["next_cursor"]
    assert seen == [fence["id"] for fence in made]
    assert [line["name"] for line in manager.get(f"{FENCES}?site_id={site.id}").get_json()["items"]] == ["Fence 1", "Fence 3"]
    problem(manager.get(f"{FENCES}?cursor=WyJ4Il0"), 422, "invalid")
    largest = make_cursor([10**18 - 1])
    assert manager.get(f"{FENCES}?cursor={largest}").get_json()["items"] == []
    assert len(manager.get(f"{FENCES}/{made[0]['id']}/versions?cursor={largest}").get_json()["items"]) == 1
    problem(manager.post(FENCES, json={**CIRCLE, "site_id": str(uuid4())}), 422, "invalid")


def test_other_domains_learn_the_last_names_of_retired_fences_too(manager: FlaskClient, world: World) -> None:
    kept, gone = draw(manager, name="Kept"), draw(manager, name="Gone")
    change(manager, gone, name="Gone for good")
    change(manager, gone, "/retire")
    with world.database.tenant(world.organization_id) as session:
        names = {str(fence): name for fence, name in geofences.fence_names(session, world.organization_id).items()}
    assert names == {kept["id"]: "Kept", gone["id"]: "Gone for good"}


def test_small_fences_and_swapped_axes_are_warned_about_not_refused(manager: FlaskClient) -> None:
    assert draw(manager)["warnings"] == []
    assert [warning["code"] for warning in draw(manager, radius_m=74.0)["warnings"]] == ["small"]
    swapped = draw(manager, geometry={"type": "Point", "coordinates": [HQ[0], HQ[1]]})
    assert [warning["code"] for warning in swapped["warnings"]] == ["axes_swapped"]
    assert change(manager, swapped, geometry=CIRCLE["geometry"]).get_json()["warnings"] == []


def test_a_bow_tie_is_refused_with_place_and_a_repair_that_is_then_taken(manager: FlaskClient, world: World) -> None:
    tie = {"type": "Polygon", "coordinates": [[[5, 52], [5.02, 52.02], [5.02, 52], [5, 52.02], [5, 52]]]}
    refused = problem(manager.post(FENCES, json={"name": "Tie", "geometry": tie}), 422, "shape-invalid")
    assert (refused["code"], refused["errors"][0]["field"]) == ("self_intersection", "geometry")
    assert refused["place"] == {"latitude": pytest.approx(52.01), "longitude": pytest.approx(5.01)}
    assert world.rows(FenceVersion) == []
    assert draw(manager, geometry=refused["repaired"], radius_m=None)["geometry"]["type"] == "MultiPolygon"


@pytest.mark.parametrize(
    "geometry",
    [
        {},
        {"type": "LineString", "coordinates": [[5, 52], [6, 53]]},
        {"type": "GeometryCollection", "geometries": []},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[5, 52], [6, 52], [5, 52]]]},
        {"type": "Polygon", "coordinates": [[[52, 500], [52, 501], [53, 500], [52, 500]]]},
        {"type": "Polygon", "coordinates": "5 52"},
        {"type": "Polygon", "coordinates": [[[5, 1e400], [6, 52], [6, 53], [5, 52]]]},
        {"type": "Polygon", "coordinates": [[[5, 10**400], [6, 52], [6, 53], [5, 52]]]},
        {"type": "Polygon", "coordinates": [[["5", "52"], [6, 52], [6, 53], ["5", "52"]]]},
        {"type": "Polygon", "crs": {"type": "name", "properties": {"name": "EPSG:28992"}}, "coordinates": square(5, 52)["coordinates"]},
        {"type": ["Polygon"], "coordinates": {}},
        {"type": "Point", "coordinates": [5, 52]},
        {"type": "Polygon", "coordinates": [[[0, 0], [0, 0]] * 20_000]},
    ],
)
def test_what_is_no_area_is_named_and_written_nowhere(manager: FlaskClient, world: World, geometry: Any) -> None:
    answer = manager.post(FENCES, json={"name": "Bad", "geometry": geometry})
    assert answer.status_code in (400, 422), answer.text
    assert answer.get_json()["detail"]
    assert world.rows(FenceVersion) == []


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"radius_m": -1.0}, "radius_m"),
        ({"radius_m": 1e9}, "radius_m"),
        ({"geometry": square(5, 52)}, "radius_m"),
        ({"policy": {"leave_after_pings": 1}}, "policy.leave_after_pings"),
        ({"policy": {"max_accuracy_m": 60}}, "policy.max_accuracy_m"),
        ({"policy": {"assume_left_after_s": 100}}, "policy.assume_left_after_s"),
        ({"policy": {"window_margin_s": 100}}, "policy.window_margin_s"),
        ({"color": "red"}, "color"),
        ({"assigned": {"group_ids": ["x"]}}, "assigned.group_ids.0"),
    ],
)
def test_a_wrong_field_is_named(manager: FlaskClient, facts: dict[str, Any], field: str) -> None:
    found = problem(manager.post(FENCES, json={**CIRCLE, **facts}), 422, "invalid")
    assert [error["field"] for error in found["errors"]] == [field]


def test_a_fence_for_nobody_is_allowed_and_an_old_fence_may_be_edited(manager: FlaskClient, world: World) -> None:
    made = draw(manager, assigned={})
    assert made["assigned"] == {"everyone": False, "group_ids": []}
    assert world.rows(FenceAssignment) == []
    old = {"id": str(world.circle(since=LONG_AGO))}
    assert change(manager, old, name="New name").get_json()["version"] == 2


def test_who_changed_what_is_named_for_those_who_see_everybody(desk: Desk, world: World) -> None:
    olga = desk.sit(world, "owner", person_id=a_person(world, "Olga"))
    made = draw(olga)
    change(desk.sit(world, "manager", person_id=a_person(world, "Mo")), made, "/retire")
    (line,) = desk.sit(world, "privacy_officer").get(f"{FENCES}/{made['id']}/versions").get_json()["items"]
    assert (line["changed_by"], line["ended_by"]) == ("Olga", "Mo")
