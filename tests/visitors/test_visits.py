"""Invitations, the day list, the reception's desk, and what is told of the past."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.accounts.models import Group, Site
from app.errors import Invalid
from app.visitors import set_up
from app.visitors.models import Invitation, Visit, Visitor, VisitType
from tests.attendance.desk import API, Desk, Who
from tests.factories import NOW, World
from tests.visitors.test_kiosk import arrive, desk, kind, walk_in, world

__all__ = ["desk", "world"]
HOUR = timedelta(hours=1)


@pytest.fixture
def site(world: World) -> UUID:
    found = uuid4()
    world.add(Site(id=found, name="HQ", timezone="Europe/Amsterdam"))
    return found


def plan(site: UUID, of: UUID, *names: str, **more: Any) -> dict[str, Any]:
    starts = more.pop("starts", NOW + HOUR)
    return {
        "site_id": str(site), "visit_type_id": str(of), "starts_at": starts.isoformat(), "ends_at": (starts + HOUR).isoformat(),
        "visitors": [{"name": name} for name in names or ("Ann Visitor",)], "tell": False, **more,
    }  # fmt: skip


def on(who: Who, day: str, **more: Any) -> list[Any]:
    items: list[Any] = who.get("/visits", on=day, **more)["items"]
    return items


def test_a_group_is_invited_once_and_each_has_a_code_of_their_own(desk: Desk, world: World, site: UUID) -> None:
    host, of = desk.member("employee", name="Hanna Host"), kind(world)
    body = plan(site, of, *(f"Guest {number}" for number in range(60)), id=str(uuid4()), subject="Tour")
    made = host.post("/invitations", body)
    assert (made["visitors"], made["times"], made["subject"], made["host_id"]) == (60, 1, "Tour", str(host.person_id))
    assert host.post("/invitations", body) == made
    codes = [visitor.code_hash for visitor in world.rows(Visitor)]
    assert (len(codes), len(set(codes))) == (60, 60)
    assert None not in codes
    assert len(on(desk.member("reception"), "2026-06-03", site_id=str(site), limit=100)) == 60
    assert b"Tour" not in b"".join(bytes(row.sealed_subject) for row in world.rows(Invitation))


def test_a_host_plans_for_themselves_alone(desk: Desk, world: World, site: UUID) -> None:
    host, other, reception = desk.member("employee"), desk.member("employee"), desk.member("reception")
    of = kind(world)
    host.post("/invitations", plan(site, of, host_id=str(other.person_id)), 404)
    made = reception.post("/invitations", plan(site, of, host_id=str(other.person_id)))
    for path in (f"/invitations/{made['id']}", f"/invitations/{made['id']}/visitors"):
        host.get(path, 404)
        other.get(path)
    assert host.get("/invitations", **{"from": "2026-06-01T00:00:00Z", "until": "2026-07-01T00:00:00Z"})["items"] == []
    assert len(other.get("/me/visits")) == 1
    visit = on(other, "2026-06-03")[0]
    assert visit["stopped"] is None
    host.get(f"/visits/{visit['id']}", 404)
    host.post(f"/visits/{visit['id']}/departure", {}, status=404)
    other.post(f"/visits/{visit['id']}/arrival", {}, status=403)
    other.get("/visits/history", 403, **{"from": "2026-06-01", "until": "2026-06-30"})


def test_what_was_seen_without_a_network_keeps_its_time_and_a_clock_ahead_is_now(desk: Desk, world: World, site: UUID) -> None:
    reception = desk.member("reception")
    reception.post("/invitations", plan(site, kind(world), "Ann"))
    path = f"/visits/{on(reception, '2026-06-03')[0]['id']}"
    reception.post(f"{path}/arrival", {"at": (NOW - 25 * HOUR).isoformat()}, 422)
    seen = NOW - HOUR
    assert datetime.fromisoformat(reception.post(f"{path}/arrival", {"at": seen.isoformat()}, 200)["arrived_at"]) == seen
    assert datetime.fromisoformat(reception.post(f"{path}/departure", {"at": (NOW + HOUR).isoformat()}, 200)["left_at"]) == NOW


def test_a_rule_keeps_the_wall_clock_when_clocks_change(desk: Desk, world: World, site: UUID) -> None:
    host = desk.member("employee")
    starts = datetime(2026, 10, 19, 8, 0, tzinfo=UTC)
    host.post("/invitations", plan(site, kind(world), starts=starts, rule="FREQ=WEEKLY;BYDAY=MO;COUNT=3"))
    assert sorted(visit.expected_from for visit in world.rows(Visit)) == [
        starts, datetime(2026, 10, 26, 9, tzinfo=UTC), datetime(2026, 11, 2, 9, tzinfo=UTC)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY", "FREQ=SECONDLY;COUNT=3", "FREQ=DAILY;COUNT=367", "FREQ=DAILY;UNTIL=20990101T000000Z", "nonsense", "FREQ=DAILY;COUNT=0",
        "FREQ=WEEKLY;BYDAY=TU;COUNT=3", "FREQ=DAILY;COUNT=3;UNTIL=20260610T000000Z", "FREQ=DAILY;BYMONTHDAY=31;BYDAY=5MO;COUNT=2",
        "FREQ=DAILY;UNTIL=20261399",
    ],
)  # fmt: skip
def test_a_rule_that_never_ends_or_cannot_be_read_is_refused(desk: Desk, world: World, site: UUID, rule: str) -> None:
    answer = desk.member("employee").post("/invitations", plan(site, kind(world), rule=rule), 422)
    assert [error["field"] for error in answer["errors"]] == ["rule"]


def test_a_change_plans_anew_what_is_to_come_and_leaves_who_came(desk: Desk, world: World, site: UUID) -> None:
    reception = desk.member("reception")
    made = reception.post("/invitations", plan(site, kind(world), "Ann", "Bob", rule="FREQ=DAILY;COUNT=3"))
    path = f"/invitations/{made['id']}"
    ann = next(line for line in on(reception, "2026-06-03") if line["name"] == "Ann")
    reception.post(f"/visits/{ann['id']}/arrival", {}, status=200)
    later = NOW + 2 * HOUR
    change = {"starts_at": later.isoformat(), "ends_at": (later + HOUR).isoformat(), "tell": False}
    changed = reception.send("PATCH", path, change, match=reception.etag(path))
    assert (changed["sequence"], changed["times"]) == (1, 4)
    today = {line["name"]: (line["id"] == ann["id"], line["expected_from"]) for line in on(reception, "2026-06-03") if line["state"] != "x"}
    assert today["Bob"] == (False, "2026-06-03T14:00:00Z")
    assert ann["id"] in {line["id"] for line in on(reception, "2026-06-03")}
    assert reception.post(f"{path}/cancellation", status=200)["cancelled_at"] is not None
    states = {visit.state for visit in world.rows(Visit)}
    assert states == {"on_site", "cancelled"}
    reception.send("PATCH", path, change, 409, match=reception.etag(path))
    reception.post(f"{path}/cancellation", status=200)


def test_the_reception_lets_in_and_out(desk: Desk, world: World, site: UUID) -> None:
    reception, of = desk.member("reception"), kind(world, approval=True)
    body = {"id": str(uuid4()), "site_id": str(site), "visit_type_id": str(of), "name": "=cmd|' /C calc'!A0"}
    first = reception.post("/visits", body)
    assert (first["state"], first["arrived_by"], first["badge_number"]) == ("on_site", "reception", 1)
    assert reception.post("/visits", body)["id"] == first["id"]
    reception.post("/visits", body | {"id": str(uuid4()), "host_id": str(uuid4())}, 422)
    path = f"/visits/{first['id']}"
    edited = reception.send("PATCH", path, {"name": "Ann"}, match=reception.etag(path))
    assert (edited["name"], edited["revision"]) == ("Ann", 2)
    reception.send("DELETE", f"/visitors/{first['visitor_id']}", status=409)
    for _ in range(2):
        assert reception.post(f"{path}/departure", {}, status=200)["state"] == "left_confirmed"
    assert reception.post(f"{path}/arrival", {}, status=409)["type"] == "/problems/visit-over"
    reception.send("DELETE", f"/visitors/{first['visitor_id']}", status=204)
    assert (world.rows(Visit), world.rows(Visitor)) == ([], [])


def test_who_waits_is_let_in_by_their_host_unless_the_deny_list_stopped_them(desk: Desk, world: World) -> None:
    host, other, reception = desk.member("employee", name="Hanna Host"), desk.member("employee"), desk.member("reception")
    _, kiosk = desk.kiosk()
    of = kind(world, approval=True)
    waits = walk_in(kiosk, of, host_name="Hanna Host")["visit_id"]
    other.post(f"/visits/{waits}/approval", status=404)
    assert host.post(f"/visits/{waits}/approval", status=200)["state"] == "on_site"
    assert kiosk.get(f"{API}/kiosk/visits/{waits}").get_json()["state"] == "on_site"
    stopped = walk_in(kiosk, of, "Second", host_name="Hanna Host")["visit_id"]
    with world.database.tenant(world.organization_id) as session:
        session.get_one(Visit, (world.organization_id, UUID(stopped))).stopped = True
    host.post(f"/visits/{stopped}/approval", status=409)
    assert reception.get(f"/visits/{stopped}")["stopped"] is True
    assert reception.post(f"/visits/{stopped}/refusal", status=200)["state"] == "refused"
    reception.post(f"/visits/{stopped}/approval", status=409)


def test_the_past_is_searched_exported_and_counted_without_telling_of_few(desk: Desk, world: World) -> None:
    manager, (site, kiosk) = desk.member("manager"), desk.kiosk()
    often, seldom = kind(world), kind(world)
    for number in range(5):
        walk_in(kiosk, often, f"=Guest {number}")
    for number in range(4):
        walk_in(kiosk, seldom, f"Rare {number}")
    period = {"from": "2026-06-01", "until": "2026-06-30"}
    found = manager.get("/visits/history", name="RARE", limit=3, **period)
    rest = manager.get("/visits/history", name="RARE", limit=3, cursor=found["next_cursor"], **period)
    assert len({line["id"] for line in found["items"] + rest["items"]}) == 4
    assert manager.get("/visits/history", name="%", **period)["items"] == []
    told = manager.get("/visits/statistics", **period)
    names = {row.id: row.name for row in world.rows(VisitType)}
    assert told["types"] == [{"key": names[often], "visits": 5, "visitors": 5}]
    assert told["days"] == [{"key": "2026-06-03", "visits": 9, "visitors": 9}]
    assert told["sites"] == [{"key": str(site), "visits": 9, "visitors": 9}]
    answer = manager.client.get(f"{API}/visits/export", query_string=period)
    lines = list(csv.DictReader(StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert sorted(line["name"] for line in lines)[:2] == ["'=Guest 0", "'=Guest 1"]
    assert len(lines) == 9
    manager.get("/visits/export", 422, **{"from": "2026-06-30", "until": "2026-06-01"})


def test_a_kind_of_visit_and_a_site_are_set_up(desk: Desk, world: World, site: UUID) -> None:
    manager, employee = desk.member("manager"), desk.member("employee")
    made = manager.post("/visit-types", {"name": "Guests", "fields": {"company": {"purpose": {"nl": "waarom"}, "days": 3}}})
    assert made["fields"] == {"company": {"purpose": {"nl": "waarom"}, "days": 3, "required": False}}
    manager.post("/visit-types", {"name": "Guests"}, 409)
    employee.post("/visit-types", {"name": "Others"}, 403)
    path = f"/visit-types/{made['id']}"
    changed = manager.send("PATCH", path, {"approval": True}, match=manager.etag(path))
    assert (changed["approval"], changed["name"], changed["fields"]) == (True, "Guests", made["fields"])
    manager.send("PATCH", path, {"agreement_ids": [str(uuid4())]}, 422, match=manager.etag(path))
    manager.post(f"{path}/retirement", status=200)
    manager.post(f"{path}/retirement", status=409)
    assert manager.get("/visit-types") == []
    manager.post(f"{path}/restoration", status=200)
    settings = f"/sites/{site}/visit-settings"
    body = {
        "default_host_id": str(manager.person_id),
        "chain": [{"who": "host", "seconds": 30, "channels": ["push"]}],
        "directions": {"nl": "Links"},
    }
    assert manager.send("PUT", settings, body, match=manager.etag(settings))["chain"] == body["chain"]
    assert manager.get(settings)["directions"] == {"nl": "Links"}
    mine = f"/people/{employee.person_id}/delegate"
    assert employee.send("PUT", mine, {"delegate_id": str(manager.person_id)}, match=employee.etag(mine))["delegate_id"] == str(
        manager.person_id
    )
    employee.send("PUT", mine, {"delegate_id": str(employee.person_id)}, 422, match=employee.etag(mine))
    employee.get(f"/people/{manager.person_id}/delegate", 404)


def test_a_chain_that_nobody_could_follow_is_refused_where_it_is_wrong(desk: Desk, world: World, site: UUID) -> None:
    manager, settings = desk.member("manager"), f"/sites/{site}/visit-settings"
    step: dict[str, Any] = {"who": "host", "seconds": 30, "channels": ["push"]}
    bad: list[tuple[dict[str, Any], str]] = [
        ({"who": "boss"}, "who"), ({"seconds": 9}, "seconds"), ({"seconds": 3601}, "seconds"), ({"channels": ["pigeon"]}, "channels.0"),
        ({"channels": []}, "channels"), ({"seconds": "soon"}, "seconds"),
    ]  # fmt: skip
    for wrong, where in bad:
        answer = manager.send("PUT", settings, {"chain": [step, step | wrong]}, 422, match=manager.etag(settings))
        assert [error["field"] for error in answer["errors"]] == [f"chain.1.{where}"], wrong
    manager.send("PUT", settings, {"chain": [step] * 11}, 422, match=manager.etag(settings))
    assert manager.get(settings)["chain"] == []
    with world.database.tenant(world.organization_id) as session:  # what reads it at the door is what judges it here, whoever writes it
        with pytest.raises(Invalid) as refused:
            set_up.set_settings(session, world.organization_id, site, {"chain": [step, step | {"seconds": 7}]})
        assert [error.field for error in refused.value.errors] == ["chain.1.seconds"]


def test_a_group_by_rule_receives_nobody_so_it_is_refused(desk: Desk, world: World, site: UUID) -> None:
    owner, host, ruled, listed = desk.member("owner"), desk.member("employee").person_id, uuid4(), world.group("Sales")
    world.add(Group(id=ruled, name="Everybody", rule={"everyone": True}))
    cases: list[tuple[str, str, dict[str, Any]]] = [
        (f"/sites/{site}/visit-settings", "reception_group_id", {"chain": [], "directions": {}, "house_rules": {}}),
        (f"/people/{host}/delegate", "department_id", {}),
    ]
    for path, field, kept in cases:
        answer = owner.send("PUT", path, kept | {field: str(ruled)}, 422, match=owner.etag(path))
        assert [error["field"] for error in answer["errors"]] == [field]
        assert owner.send("PUT", path, kept | {field: str(listed)}, match=owner.etag(path))[field] == str(listed)


def test_nothing_is_here_while_the_module_is_off(desk: Desk) -> None:
    bare = World(desk.world.database)
    manager = Desk(bare, desk.deps).member("manager")
    for path in ("/visits", "/visit-types", "/me/visits"):
        manager.get(path, 404)
    arrive(Desk(bare, desk.deps).kiosk()[1], 404, code="123456")
