"""The roll call over HTTP: the list, marks of several phones, merging, ending."""

import csv
from datetime import timedelta
from io import StringIO
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.accounts.models import OrganizationModule, Person, Site
from app.accounts.service import AccountsIdentity
from app.adapters.clock import SetClock
from app.attendance.models import Punch
from app.config import Settings
from app.db.transaction import Database
from app.geofences.models import Fence
from app.messaging.models import Message
from app.outbox.models import LiveEvent
from app.visitors import roll_events
from app.visitors.models import RollCallEntry, Visit, Visitor, VisitType
from tests.attendance.desk import Desk, Who
from tests.factories import NOW, World, deps_of


@pytest.fixture
def world(database: Database) -> World:
    """An organization with visitors, whose presence may be used for safety."""
    world = World(database)
    world.add(OrganizationModule(module="visitors"))
    world.instruction(purposes=("attendance", "safety"))
    return world


@pytest.fixture
def desk(world: World, settings: Settings, database: Database) -> Desk:
    return desk_of(world, settings, database)


def desk_of(world: World, settings: Settings, database: Database) -> Desk:
    return Desk(world, deps_of(settings=settings, database=database, clock=SetClock(NOW), identity=AccountsIdentity(database, settings)))


def site(world: World, name: str = "HQ") -> UUID:
    id_ = uuid4()
    world.add(Site(id=id_, name=name))
    return id_


def clocked_in(world: World, at: UUID | None, name: str) -> UUID:
    person = uuid4()
    world.add(Person(id=person, name=name), Punch(person_id=person, kind="in", at=NOW - timedelta(hours=3), method="button", site_id=at))
    return person


def visitor(world: World, at: UUID, name: str, state: str = "on_site", **more: Any) -> UUID:
    """A visit of today."""
    kind, who, visit = uuid4(), uuid4(), uuid4()
    day = (NOW + timedelta(days=30)).date()
    world.add(
        VisitType(id=kind, name=f"Type {kind}", kind="visitor"),
        Visitor(id=who, name=name, locale="nl", link_hash=uuid4().bytes * 2, purge_after=day),
        Visit(
            id=visit, visitor_id=who, visit_type_id=kind, site_id=at, state=state, expected_from=NOW - timedelta(hours=2),
            expected_until=NOW + timedelta(hours=2), arrived_at=NOW - timedelta(hours=2), arrived_by="kiosk", purge_after=day, **more
        ),
    )  # fmt: skip
    return visit


def begin(who: Who, *sites: UUID, **more: Any) -> Any:
    return who.post("/roll-calls", {"site_ids": [str(one) for one in sites], "exercise": "exercise", **more})


def by_name(roll_call: Any) -> dict[str, Any]:
    return {one["name"]: one for one in roll_call["entries"]}


def said(entry: Any, mark: str, minutes: int = 0, **more: Any) -> dict[str, Any]:
    at = (NOW - timedelta(minutes=10) + timedelta(minutes=minutes)).isoformat()
    return {"id": str(uuid4()), "entry_id": entry["id"], "mark": mark, "said_at": at, **more}


def test_everybody_believed_on_site_is_on_the_list_and_nobody_of_elsewhere(desk: Desk) -> None:
    world = desk.world
    hq, depot = site(world), site(world, "Depot")
    clocked_in(world, hq, "Anna"), clocked_in(world, None, "Bram"), clocked_in(world, depot, "Carla")
    fence = world.circle(unknown_after_s=600, assume_left_after_s=3600)
    with world.database.tenant(world.organization_id) as session:
        session.get_one(Fence, (world.organization_id, fence)).site_id = hq
    for name, minutes in (("Dirk", 1), ("Els", 30), ("Frank", 120)):
        desk.world.add(Person(id=(person := uuid4()), name=name))
        desk.stay(person, fence, NOW - timedelta(minutes=minutes), None)
    desk.world.add(Person(id=(gone := uuid4()), name="Greet"), Person(id=(ended := uuid4()), name="Hans"))
    desk.stay(gone, fence, NOW - timedelta(hours=3), NOW - timedelta(hours=1))
    desk.stay(ended, fence, NOW - timedelta(hours=3), NOW - timedelta(hours=1), ended="assumed", last_inside_at=NOW - timedelta(hours=1))
    (
        visitor(world, hq, "Visitor"),
        visitor(world, hq, "Gone", "left_confirmed", left_at=NOW, left_by="kiosk"),
        visitor(world, depot, "Elsewhere"),
    )
    visitor(world, hq, "Assumed", "left_assumed", left_at=NOW - timedelta(hours=1), left_by="clock")
    listed = by_name(begin(desk.member("responder", name="Responder"), hq))
    assert {name: one["basis"] for name, one in listed.items()} == {
        "Anna": "clocked_in", "Bram": "clocked_in", "Dirk": "inside", "Els": "unknown", "Frank": "left_assumed", "Hans": "left_assumed",
        "Visitor": "visit", "Assumed": "left_assumed",
    }  # fmt: skip
    assert listed["Bram"]["site_id"] is None
    assert {one["state"] for one in listed.values()} == {"open"}


def test_without_the_purpose_safety_punches_alone_say_who_is_there(settings: Settings, database: Database) -> None:
    world = World(database)
    world.add(OrganizationModule(module="visitors"))
    world.instruction(purposes=("attendance",))
    desk = desk_of(world, settings, database)
    hq, fence = site(world), world.circle()
    world.add(Person(id=(person := uuid4()), name="Inside"))
    desk.stay(person, fence, NOW, None)
    clocked_in(world, hq, "Clocked in")
    assert list(by_name(begin(desk.member("responder"), hq))) == ["Clocked in"]


def test_marks_of_two_phones_meet_in_any_order_and_are_taken_once(desk: Desk, world: World) -> None:
    hq = site(world)
    for name in ("Anna", "Bram", "Carla"):
        clocked_in(world, hq, name)
    one, two = desk.member("responder", name="One"), desk.member("reception", name="Two")
    call = begin(one, hq)
    anna, bram, carla = (by_name(call)[name] for name in ("Anna", "Bram", "Carla"))
    slip = said(carla, "safe", 1)
    first = {"marks": [said(anna, "safe"), said(bram, "missing", 3), slip]}
    second = {"marks": [said(anna, "missing", 5), said(bram, "not_here", 4), said(carla, "withdrawn", 2, withdraws=slip["id"])]}
    path = f"/roll-calls/{call['id']}/marks"
    for who, body in ((two, second), (one, first), (two, second), (one, first)):
        assert {each["status"] for each in who.post(path, body, 200)["results"]} == {"accepted"}
    now = one.get(f"/roll-calls/{call['id']}")
    assert {name: each["state"] for name, each in by_name(now).items()} == {"Anna": "safe", "Bram": "not_here", "Carla": "open"}
    assert len(now["marks"]) == 6
    assert now["tally"] == {"missing": 0, "need_help": 0, "open": 1, "not_here": 1, "safe": 1}
    assert {each["name"] for each in now["responders"]} == {"One", "Two"}
    assert one.get("/roll-calls")["items"][0]["tally"] == now["tally"]


def test_a_phone_asks_only_for_what_is_newer(desk: Desk, world: World) -> None:
    hq = site(world)
    clocked_in(world, hq, "Anna")
    who = desk.member("responder")
    call = begin(who, hq)
    body = {"marks": [], "added": [{"id": str(uuid4()), "name": "Nobody knows", "site_id": str(hq)}]}
    who.post(f"/roll-calls/{call['id']}/marks", body, 200)
    who.post(f"/roll-calls/{call['id']}/notes", {"text": "North door blocked"}, 204)
    news = who.get(f"/roll-calls/{call['id']}/changes", after=call["revision"])
    assert (list(by_name(news)), [note["text"] for note in news["notes"]]) == (["Nobody knows"], ["North door blocked"])
    assert who.get(f"/roll-calls/{call['id']}/changes", after=news["revision"])["entries"] == []
    assert {row.kind for row in world.rows(LiveEvent)} == {"roll_call"}


def test_two_that_begin_apart_end_up_in_one_and_both_ids_count(desk: Desk, world: World) -> None:
    hq, depot = site(world), site(world, "Depot")
    anna = clocked_in(world, hq, "Anna")
    clocked_in(world, depot, "Carla")
    one, two, other = desk.member("responder"), desk.member("responder"), str(uuid4())
    call = begin(one, hq)
    joined = begin(two, hq, depot, id=other)
    assert joined["id"] == call["id"]
    assert list(by_name(joined)) == ["Anna", "Carla"]
    own = {"id": str(uuid4()), "name": "Anna", "person_id": str(anna)}
    two.post(f"/roll-calls/{other}/marks", {"added": [own]}, 200)
    two.post(f"/roll-calls/{other}/marks", {"marks": [said(own, "safe")]}, 200)
    seen = one.get(f"/roll-calls/{call['id']}")
    assert {name: each["state"] for name, each in by_name(seen).items()} == {"Anna": "safe", "Carla": "open"}
    assert len(one.get("/roll-calls")["items"]) == 1
    assert begin(two, hq, depot, id=other)["id"] == call["id"]


def test_an_actual_one_begins_beside_an_exercise(desk: Desk, world: World) -> None:
    hq, who = site(world), desk.member("responder")
    drill = begin(who, hq)
    assert who.post("/roll-calls", {"site_ids": [str(hq)], "exercise": "actual"})["id"] != drill["id"]


def test_after_the_end_phones_are_heard_for_a_day_and_no_longer(desk: Desk, world: World) -> None:
    hq, who = site(world), desk.member("responder")
    clocked_in(world, hq, "Anna")
    call = begin(who, hq)
    ended = who.post(f"/roll-calls/{call['id']}/ending", status=200)
    assert who.post(f"/roll-calls/{call['id']}/ending", status=200)["revision"] == ended["revision"]
    desk.at(NOW + timedelta(hours=23))
    who = desk.member("reception")
    who.post(f"/roll-calls/{call['id']}/marks", {"marks": [said(by_name(call)["Anna"], "safe")]}, 200)
    desk.at(NOW + timedelta(hours=25))
    who.post(f"/roll-calls/{call['id']}/marks", {"marks": [said(by_name(call)["Anna"], "missing")]}, 409)
    assert by_name(who.get(f"/roll-calls/{call['id']}"))["Anna"]["state"] == "safe"


def test_a_mark_of_nobody_is_refused_alone(desk: Desk, world: World) -> None:
    hq, who = site(world), desk.member("responder")
    clocked_in(world, hq, "Anna")
    call = begin(who, hq)
    anna = by_name(call)["Anna"]
    marks = [said({"id": str(uuid4())}, "safe"), said(anna, "safe"), said(anna, "withdrawn")]
    results = who.post(f"/roll-calls/{call['id']}/marks", {"marks": marks}, 200)["results"]
    assert [one["reason"] for one in results] == ["unknown-entry", None, "withdraws"]


def test_names_are_kept_sealed(desk: Desk, world: World) -> None:
    hq, who = site(world), desk.member("responder")
    clocked_in(world, hq, "Anna Verborgen")
    begin(who, hq)
    assert all(b"Verborgen" not in row.sealed_name for row in world.rows(RollCallEntry))


def test_what_is_at_hand_costs_nothing_while_nothing_changes(desk: Desk, world: World) -> None:
    hq, who = site(world), desk.member("responder")
    anna = clocked_in(world, hq, "Anna")
    answer = who.client.get("/api/v1/roll-call/snapshot")
    assert answer.get_json()["people"] == [
        {"person_id": str(anna), "visit_id": None, "name": "Anna", "basis": "clocked_in", "site_id": str(hq)}
    ]
    desk.at(NOW + timedelta(minutes=1))
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert who.client.get("/api/v1/roll-call/snapshot", headers=tag).status_code == 304
    visitor(world, hq, "Visitor")
    assert who.client.get("/api/v1/roll-call/snapshot", headers=tag).status_code == 200


def test_an_employee_may_not_and_another_organization_finds_nothing(
    desk: Desk, world: World, settings: Settings, database: Database
) -> None:
    hq = site(world)
    call = begin(desk.member("responder"), hq)
    desk.member("employee").get("/roll-call/snapshot", 403)
    other = World(database)
    other.add(OrganizationModule(module="visitors"))
    stranger = desk_of(other, settings, database).member("owner")
    stranger.get(f"/roll-calls/{call['id']}", 404)
    stranger.post(f"/roll-calls/{call['id']}/marks", {}, 404)
    stranger.post("/roll-calls", {"site_ids": [str(hq)], "exercise": "actual"}, 404)


def test_whoever_arrives_during_a_roll_call_comes_upon_its_list(desk: Desk, world: World) -> None:
    hq, depot, who = site(world), site(world, "Depot"), desk.member("responder")
    call = begin(who, hq)
    late, elsewhere = visitor(world, hq, "Late"), visitor(world, depot, "Elsewhere")
    clocked_in(world, hq, "Anna")
    with world.database.tenant(world.organization_id) as session:
        for visit, at in ((late, hq), (elsewhere, depot)):
            roll_events.on_arrived(session, world.organization_id, [{"visit": str(visit), "site": str(at)}], NOW, desk.deps)
    assert list(by_name(who.get(f"/roll-calls/{call['id']}"))) == ["Late"]
    assert roll_events.take_in(desk.deps, world.organization_id, NOW) == 1
    assert roll_events.take_in(desk.deps, world.organization_id, NOW) == 0
    assert list(by_name(who.get(f"/roll-calls/{call['id']}"))) == ["Anna", "Late"]


def replied(desk: Desk, message: UUID, reply: str, minutes: int, **who: Any) -> None:
    at = (NOW - timedelta(minutes=10) + timedelta(minutes=minutes)).isoformat()
    body = {"message": str(message), "reply_id": str(uuid4()), "reply": reply, "at": at, **{kind: str(id_) for kind, id_ in who.items()}}
    for _again in range(2):
        with desk.world.database.tenant(desk.world.organization_id) as session:
            roll_events.on_replied(session, desk.world.organization_id, body, NOW, desk.deps)


def test_replies_to_the_alert_fill_it_and_the_latest_of_each_counts(desk: Desk, world: World) -> None:
    hq, message, who = site(world), uuid4(), desk.member("responder")
    anna, bram = clocked_in(world, hq, "Anna"), clocked_in(world, hq, "Bram")
    visit = visitor(world, hq, "Visitor")
    world.add(Person(id=(home := uuid4()), name="At home"), Person(id=(trapped := uuid4()), name="Trapped"))
    alert = {"kind": "alert", "exercise": "actual", "severity": "severe", "stage": "active", "target": {}, "channels": ["sms"], "plan": {}}
    world.add(Message(id=message, asks_reply=True, late_entry=False, **alert))
    call = begin(who, hq, message_id=str(message))
    guest = next(row.visitor_id for row in world.rows(Visit) if row.id == visit)
    for person, reply, minutes in ((anna, "safe", 1), (anna, "need_help", 3), (bram, "need_help", 3), (bram, "safe", 2), (home, "safe", 1)):
        replied(desk, message, reply, minutes, person=person)
    replied(desk, message, "need_help", 1, person=trapped)
    replied(desk, message, "safe", 1, guest=guest)
    replied(desk, uuid4(), "safe", 5, person=anna)
    seen = by_name(who.get(f"/roll-calls/{call['id']}"))
    assert {name: one["state"] for name, one in seen.items()} == {
        "Anna": "need_help", "Bram": "need_help", "Visitor": "safe", "Trapped": "need_help",
    }  # fmt: skip


def test_the_report_has_everybody_every_mark_and_no_formula(desk: Desk, world: World) -> None:
    hq, who = site(world), desk.member("responder", name="Responder")
    clocked_in(world, hq, "=Anna()"), clocked_in(world, None, "Ωμέγα 李 😀")
    call = begin(who, hq)
    anna = by_name(call)["=Anna()"]
    slip = said(anna, "missing")
    marks = [slip, said(anna, "withdrawn", 1, withdraws=slip["id"]), said(anna, "safe", 2, note="At the gate")]
    who.post(f"/roll-calls/{call['id']}/marks", {"marks": marks}, 200)
    who.post(f"/roll-calls/{call['id']}/notes", {"text": "North door blocked"}, 204)
    answer = who.client.get(f"/api/v1/roll-calls/{call['id']}/report?format=csv")
    rows = list(csv.reader(StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0] == ["name", "kind", "basis", "site", "state", "marks"]
    listed = {row[0]: row for row in rows[1:]}
    assert listed["'=Anna()"][4] == "safe"
    assert [listed["'=Anna()"][5].count(word) for word in ("Responder", "At the gate", "teruggenomen")] == [3, 1, 2]
    assert listed["Ωμέγα 李 😀"][4] == "open"
    assert "North door blocked" in listed["Responder"][5]
    printed = who.client.get(f"/api/v1/roll-calls/{call['id']}/report?format=pdf")
    assert (printed.status_code, printed.content_type) == (200, "application/pdf")
    assert printed.data.startswith(b"%PDF-")


@pytest.mark.parametrize("seed", range(6))
def test_the_list_of_roll_calls_counts_as_the_law_of_marks_does(desk: Desk, world: World, seed: int) -> None:
    drawn, responder, hq = Random(seed), desk.member("responder"), site(world)
    for number in range(12):
        clocked_in(world, hq, f"Person {number}")
    begun = begin(responder, hq)
    path, known = f"/roll-calls/{begun['id']}", list[Any]()
    for _ in range(60):
        entry, mark = drawn.choice(begun["entries"]), drawn.choice(["safe", "missing", "need_help", "not_here", "withdrawn", "withdrawn"])
        if mark != "withdrawn" or known:
            taken_back = {"withdraws": drawn.choice(known)["id"]} if mark == "withdrawn" else {}
            if taken_back and drawn.random() < 0.8:  # the rest take back a mark of somebody else, which counts for nothing
                entry = {"id": next(one["entry_id"] for one in known if one["id"] == taken_back["withdraws"])}
            known.append(said(entry, mark, drawn.randrange(4), **taken_back))
    again = {"id": str(uuid4()), "name": "Again", "person_id": begun["entries"][0]["person_id"]}
    responder.post(f"{path}/marks", {"marks": known, "added": [{"id": str(uuid4()), "name": "Somebody else"}, again]}, 200)
    tally = responder.get(path)["tally"]
    assert sum(1 for count in tally.values() if count) >= 3
    assert [line["tally"] for line in responder.get("/roll-calls")["items"]] == [tally]
