"""Workdays, approvals, corrections and questions over HTTP, on a real database."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.attendance.models import Correction, Workday
from app.attendance.record import AMENDED, ASK
from app.core.fix import to_ms
from app.outbox import publish
from app.outbox.models import LiveEvent, Outbox
from tests.attendance.desk import Desk, Who
from tests.factories import NOW, World

HOUR_MS = 3_600_000
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def local(text: str) -> datetime:
    """A local time in Amsterdam."""
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).astimezone(UTC)


def days_of(who: Who, person_id: object, first: str, last: str) -> dict[str, Any]:
    (found,) = who.get("/workdays", person_id=person_id, first=first, last=last)["items"]
    return {day["worked_on"]: day for day in found["days"]}


def shift(person_id: object, **more: Any) -> dict[str, Any]:
    body = {"name": "Night", "person_id": str(person_id), "weekdays": [1, 2, 3, 4, 5, 6, 7], "starts_at": "22:00", "ends_at": "06:00"}
    return {**body, "valid_from": "2026-01-01", **more}


def proposal(person_id: object, **more: Any) -> dict[str, Any]:
    body = {"person_id": str(person_id), "worked_on": "2026-06-02", "kind": "add", "reason": "forgot the phone"}
    return {**body, "since": local("2026-06-02T17:00").isoformat(), "until": local("2026-06-02T18:00").isoformat(), **more}


@pytest.fixture
def worked(desk: Desk, world: World) -> Any:
    """Somebody who worked on Tuesday 2 June from 9 to 17 with half an hour of break."""
    fence, phone = world.circle(), world.phone()
    desk.stay(phone.person_id, fence, local("2026-06-02T09:00"), local("2026-06-02T12:00"))
    desk.stay(phone.person_id, fence, local("2026-06-02T12:30"), local("2026-06-02T17:00"))
    return phone.person_id


@pytest.mark.parametrize(("night", "hours"), [("2026-03-28", 7), ("2026-10-24", 9), ("2026-06-01", 8)])
def test_a_night_shift_belongs_to_the_date_it_starts_on_and_lasts_as_long_as_the_night_really_was(
    desk: Desk, world: World, night: str, hours: int
) -> None:
    fence, phone = world.circle(), world.phone()
    starts = local(f"{night}T22:00")
    ends = starts + timedelta(hours=hours)
    assert ends.astimezone(AMSTERDAM).hour == 6
    desk.at(ends + timedelta(days=1))
    manager = desk.member("manager")
    manager.post("/shifts", shift(phone.person_id))
    desk.stay(phone.person_id, fence, starts, ends)
    after = (starts + timedelta(days=1)).astimezone(AMSTERDAM).date().isoformat()
    found = days_of(manager, phone.person_id, night, after)
    assert {day: one["worked_ms"] for day, one in found.items()} == {night: hours * HOUR_MS}
    assert days_of(manager, phone.person_id, after, after) == {}


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_without_shifts_a_day_is_as_long_as_the_clock_change_makes_it(desk: Desk, world: World, day: str, hours: int) -> None:
    fence, phone = world.circle(), world.phone()
    midnight = local(f"{day}T00:00")
    desk.at(midnight + timedelta(days=3))
    desk.stay(phone.person_id, fence, midnight - timedelta(hours=2), midnight + timedelta(hours=hours + 3))
    found = days_of(desk.member("manager"), phone.person_id, day, day)
    assert found[day]["worked_ms"] == hours * HOUR_MS


def test_every_number_has_its_lines_and_they_add_up(desk: Desk, worked: Any) -> None:
    manager = desk.member("manager")
    manager.post("/shifts", shift(worked, name="Day", starts_at="09:00", ends_at="17:00", break_minutes=45))
    day = manager.get(f"/workdays/{worked}", on="2026-06-02")
    assert day["worked_ms"] == 7.25 * HOUR_MS
    assert [line["kind"] for line in day["lines"]] == ["stay", "stay", "break_rule"]
    assert sum(line["effect_ms"] for line in day["lines"]) == day["worked_ms"]
    assert day["lines"][0]["shift"]["name"] == "Day"
    assert day["lines"][0]["stay"]["fence"]
    assert manager.get(f"/stays/{day['lines'][0]['stay']['id']}")["stay"]["ended"] == "confirmed"


def test_a_fence_that_does_not_count_as_work_adds_nothing(desk: Desk, world: World, worked: Any) -> None:
    from app.geofences.models import FenceVersion  # noqa: PLC0415

    canteen = world.circle()
    with world.database.tenant(world.organization_id) as session:
        session.query(FenceVersion).where(FenceVersion.fence_id == canteen).update({"counts_as_work": False})
    desk.stay(worked, canteen, local("2026-06-02T17:30"), local("2026-06-02T19:00"))
    assert days_of(desk.member("manager"), worked, "2026-06-02", "2026-06-02")["2026-06-02"]["worked_ms"] == 7.5 * HOUR_MS


def test_the_days_of_many_people_cost_as_few_statements_as_those_of_one(desk: Desk, world: World) -> None:
    fence, manager = world.circle(), desk.member("manager")
    group = world.group("all")

    def add(count: int) -> None:
        from app.accounts.models import GroupMember  # noqa: PLC0415
        from tests.factories import LONG_AGO  # noqa: PLC0415

        for _ in range(count):
            person = world.phone().person_id
            world.add(GroupMember(group_id=group, person_id=person, valid_from=LONG_AGO))
            desk.stay(person, fence, local("2026-06-02T09:00"), local("2026-06-02T17:00"))

    manager.post("/shifts", {**shift(None), "person_id": None, "group_id": str(group)})
    add(1)
    period = {"first": "2026-06-01", "last": "2026-06-03", "group_id": group}
    manager.get("/workdays", **period)
    with desk.statements() as few:
        manager.get("/workdays", **period)
    add(12)
    with desk.statements() as many:
        items = manager.get("/workdays", **period)["items"]
    assert sum(len(item["days"]) for item in items) == 13
    assert len(many) == len(few)


def test_an_employee_cannot_see_or_correct_others(desk: Desk, worked: Any) -> None:
    other = desk.member("employee")
    other.get("/workdays", 404, person_id=worked, first="2026-06-02", last="2026-06-02")
    other.get(f"/workdays/{worked}", 404, on="2026-06-02")
    other.get("/corrections", 404, person_id=worked)
    other.get("/punches", 404, person_id=worked, since="2026-06-01T00:00:00Z", until="2026-06-03T00:00:00Z")
    other.post("/corrections", proposal(worked), 404)
    other.post("/approvals", {"first": "2026-06-02", "last": "2026-06-02"}, 403)
    mine = desk.member("employee", person_id=worked)
    assert days_of(mine, worked, "2026-06-02", "2026-06-02")["2026-06-02"]["worked_ms"] == 7.5 * HOUR_MS


def test_a_proposal_counts_once_somebody_else_approved_it(desk: Desk, worked: Any) -> None:
    owner, manager = desk.member("owner"), desk.member("manager")
    made = owner.post("/corrections", proposal(worked))
    assert days_of(manager, worked, "2026-06-02", "2026-06-02")["2026-06-02"]["worked_ms"] == 7.5 * HOUR_MS
    owner.decide(made["id"], "approved", 403)
    done = manager.decide(made["id"], "approved")
    assert (done["status"], done["decided_by"]) == ("approved", str(manager.person_id))
    assert days_of(manager, worked, "2026-06-02", "2026-06-02")["2026-06-02"]["worked_ms"] == 8.5 * HOUR_MS
    manager.decide(made["id"], "refused", 409)


def test_nobody_approves_their_own_day_unless_nobody_else_may(desk: Desk, worked: Any) -> None:
    manager = desk.member("manager", person_id=worked)
    alone = manager.post("/corrections", proposal(worked))
    assert manager.decide(alone["id"], "approved")["status"] == "approved"
    desk.member("owner")
    watched = manager.post("/corrections", proposal(worked, kind="remove"))
    manager.decide(watched["id"], "approved", 403)


def test_a_decision_needs_the_version_it_decides_about(desk: Desk, worked: Any) -> None:
    employee, manager = desk.member("employee", person_id=worked), desk.member("manager")
    made = employee.post("/corrections", proposal(worked))
    path = f"/corrections/{made['id']}"
    manager.send("PATCH", path, {"status": "approved", "reason": "fine"}, 428)
    old = manager.etag(path)
    employee.send("POST", f"{path}/withdraw", None, 200, old)
    manager.send("PATCH", path, {"status": "approved", "reason": "fine"}, 412, old)
    manager.decide(made["id"], "approved", 409)


def test_days_that_are_not_ready_are_named_and_an_approval_repeated_changes_nothing(desk: Desk, world: World, worked: Any) -> None:
    manager, fence = desk.member("manager"), world.circle()
    desk.stay(worked, fence, local("2026-06-03T09:00"), local("2026-06-03T10:00"))
    other = world.phone().person_id
    manager.post(
        "/punches", {"kind": "in", "client_id": "x", "person_id": str(other), "note": "n", "at": local("2026-06-02T09:00").isoformat()}
    )
    period = {"first": "2026-06-01", "last": "2026-06-03"}
    done = manager.post("/approvals", period)
    assert (done["status"], done["approved"], done["skipped"]) == ("done", 1, 2)
    reasons = {(skipped["person_id"], skipped["reason"]) for skipped in done["left_out"]}
    assert reasons == {(str(worked), "not_over"), (str(other), "question_open")}
    assert manager.post("/approvals", period)["approved_before"] == 1
    assert manager.post("/approvals", {**period, "despite_questions": True})["approved"] == 1
    day = days_of(manager, worked, "2026-06-02", "2026-06-02")["2026-06-02"]
    assert (day["status"], day["approved_by"], day["revision"]) == ("approved", str(manager.person_id), 1)


def amended(desk: Desk, person_id: Any, moment: datetime) -> None:
    with desk.world.database.tenant(desk.world.organization_id) as session:
        span = {"person": str(person_id), "from_ms": to_ms(moment), "until_ms": to_ms(moment)}
        publish.publish(session, desk.world.organization_id, AMENDED, span, due_at=NOW)
    assert set(desk.work()) == {"done"}


def test_late_data_never_changes_an_approved_day_but_raises_one_correction(desk: Desk, world: World, worked: Any) -> None:
    manager, fence = desk.member("manager"), world.circle()
    manager.post("/approvals", {"first": "2026-06-02", "last": "2026-06-02"})
    amended(desk, worked, local("2026-06-02T09:00"))
    assert world.rows(Correction) == []
    desk.stay(worked, fence, local("2026-06-02T18:00"), local("2026-06-02T20:00"))
    for _ in range(2):
        amended(desk, worked, local("2026-06-02T18:00"))
    (raised,) = manager.get("/corrections", status="proposed")["items"]
    assert (raised["source"], raised["change"]["becomes"]["worked_ms"]) == ("late_data", 9.5 * HOUR_MS)
    assert days_of(manager, worked, "2026-06-02", "2026-06-02")["2026-06-02"]["worked_ms"] == 7.5 * HOUR_MS
    done = manager.decide(raised["id"], "approved")
    assert done["change"]["was"]["worked_ms"] == 7.5 * HOUR_MS
    day = days_of(manager, worked, "2026-06-02", "2026-06-02")["2026-06-02"]
    assert (day["worked_ms"], day["revision"]) == (9.5 * HOUR_MS, 2)


def test_what_a_manager_refused_is_not_raised_again_and_what_went_away_is_taken_back(desk: Desk, world: World, worked: Any) -> None:
    manager, fence = desk.member("manager"), world.circle()
    manager.post("/approvals", {"first": "2026-06-02", "last": "2026-06-02"})
    late = desk.stay(worked, fence, local("2026-06-02T18:00"), local("2026-06-02T20:00"))
    amended(desk, worked, late.entered_at)
    (raised,) = manager.get("/corrections")["items"]
    manager.decide(raised["id"], "refused")
    amended(desk, worked, late.entered_at)
    assert [row.status for row in world.rows(Correction)] == ["refused"]
    desk.stay(worked, fence, local("2026-06-02T21:00"), local("2026-06-02T22:00"))
    amended(desk, worked, late.entered_at)
    with world.database.tenant(world.organization_id) as session:
        session.query(type(late)).where(type(late).entered_at >= late.entered_at).update({"withdrawn_at": NOW})
    amended(desk, worked, late.entered_at)
    assert sorted(row.status for row in world.rows(Correction)) == ["refused", "withdrawn"]


def test_a_late_punch_reaches_the_approved_day(desk: Desk, world: World, worked: Any) -> None:
    manager, employee = desk.member("manager"), desk.member("employee", person_id=worked)
    manager.post("/approvals", {"first": "2026-06-02", "last": "2026-06-02"})
    for kind, at in (("in", "2026-06-02T18:00"), ("out", "2026-06-02T19:00")):
        employee.post("/punches", {"kind": kind, "client_id": kind, "at": local(at).isoformat()})
    assert {row.kind for row in world.rows(Outbox)} == {AMENDED}
    desk.work()
    (raised,) = manager.get("/corrections")["items"]
    assert raised["change"]["becomes"]["worked_ms"] == 8.5 * HOUR_MS


def test_a_correction_of_an_approved_day_lies_on_top_and_keeps_what_was(desk: Desk, worked: Any) -> None:
    manager, employee = desk.member("manager"), desk.member("employee", person_id=worked)
    manager.post("/approvals", {"first": "2026-06-02", "last": "2026-06-02"})
    made = employee.post("/corrections", proposal(worked))
    assert manager.decide(made["id"], "approved")["change"]["was"]["worked_ms"] == 7.5 * HOUR_MS
    (listed,) = employee.get("/corrections", person_id=worked)["items"]
    assert all(listed[name] for name in ("person", "proposer", "decider"))
    day = manager.get(f"/workdays/{worked}", on="2026-06-02")
    assert (day["worked_ms"], day["revision"]) == (8.5 * HOUR_MS, 2)
    assert sum(line["effect_ms"] for line in day["lines"]) == day["worked_ms"]


def test_an_assumed_end_asks_its_person_who_confirms_or_corrects_it(desk: Desk, world: World) -> None:
    fence, phone = world.circle(), world.phone()
    assumed = {"ended": "assumed", "cut": "gap"}
    stay = desk.stay(phone.person_id, fence, local("2026-06-02T09:00"), local("2026-06-02T12:00"), **assumed)
    desk.stay(phone.person_id, fence, local("2026-06-01T09:00"), local("2026-06-01T12:00"), **assumed)
    with world.database.tenant(world.organization_id) as session:
        publish.publish(session, world.organization_id, ASK, {"stay": str(stay.id), "person": str(phone.person_id)}, due_at=NOW)
    assert desk.work() == ["done"]
    assert [(row.kind, row.person_id) for row in world.rows(LiveEvent)] == [("question", phone.person_id)]
    me, manager = desk.member("employee", person_id=phone.person_id), desk.member("manager")
    first, second = me.get("/me/questions")
    assert [one["worked_on"] for one in (first, second)] == ["2026-06-01", "2026-06-02"]
    me.post("/me/questions/answer", {**first, "reason": "that is right"})
    right = local("2026-06-02T17:00").isoformat()
    made = me.post("/me/questions/answer", {**second, "right": right, "reason": "battery was empty"})
    assert me.get("/me/questions") == []
    me.post("/me/questions/answer", {**first, "reason": "again"}, 404)
    manager.decide(made["id"], "approved")
    found = days_of(manager, phone.person_id, "2026-06-01", "2026-06-02")
    assert {day: one["worked_ms"] / HOUR_MS for day, one in found.items()} == {"2026-06-01": 3, "2026-06-02": 8}


def test_a_missing_clock_out_is_listed_until_somebody_answers(desk: Desk, world: World) -> None:
    me, manager = desk.member("employee", name="Mo"), desk.member("manager")
    for number, at in enumerate(("2026-06-01T09:00", "2026-06-02T09:00", "2026-06-03T09:00")):
        me.post("/punches", {"kind": "in", "client_id": f"c{number}", "at": local(at).isoformat()})
    period = {"since": local("2026-06-01T00:00").isoformat(), "until": local("2026-06-04T00:00").isoformat()}
    missing = manager.get("/punches/missing", **period)["items"]
    assert [(one["name"], one["at"]) for one in missing] == [("Mo", "2026-06-02T07:00:00Z"), ("Mo", "2026-06-01T07:00:00Z")]
    questions = me.get("/me/questions")
    assert [one["kind"] for one in questions] == ["clock_out_missing"] * 2
    me.post("/me/questions/answer", {**questions[0], "reason": "no"}, 409)
    me.post("/me/questions/answer", {**questions[0], "right": local("2026-06-01T17:00").isoformat(), "reason": "forgot"})
    assert len(manager.get("/punches/missing", **period)["items"]) == 1


def test_an_edited_shift_keeps_its_past(desk: Desk, world: World) -> None:
    manager, person = desk.member("manager"), world.phone().person_id
    made = manager.post("/shifts", shift(person))
    path = f"/shifts/{made['id']}"
    body = {key: value for key, value in shift(person, starts_at="20:00", valid_from="2026-07-01").items() if key != "person_id"}
    new = manager.send("PUT", path, body, 200, manager.etag(path))
    assert (manager.get(path)["valid_until"], new["valid_from"], new["starts_at"]) == ("2026-06-30", "2026-07-01", "20:00")
    manager.send("DELETE", path, None, 204)
    assert manager.get(path)["valid_until"] == "2026-06-03"
    assert [one["id"] for one in manager.get("/shifts", person_id=person)["items"]] == [made["id"], new["id"]]
    assert world.rows(Workday) == []
