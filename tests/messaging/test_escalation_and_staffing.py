"""What happens while nobody answers, and when too few are inside."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.accounts.models import OrganizationModule
from app.messaging import staffing
from app.messaging.models import StaffingRule
from app.messaging.notices import WORDS, texts
from tests.factories import NOW, World
from tests.messaging.alarm import Alarm

PLAN: dict[str, Any] = {"channels": ["sms"], "seconds_between": 60, "rounds": 3}


def silent_alert(alarm: Alarm, *people: UUID, **plan: Any) -> str:
    return alarm.active(target={"people": list(map(str, people))}, plan={**PLAN, **plan})


def steps(alarm: Alarm, person: UUID) -> list[int]:
    mine = alarm.recipients()[person].id
    return [row.step for row in alarm.deliveries() if row.recipient_id == mine]


def answer(alarm: Alarm, person: UUID) -> None:
    data, headers = "reply=safe", {"Content-Type": "application/x-www-form-urlencoded"}
    assert alarm.desk.app.test_client().post(f"/r/{alarm.link(person)}", data=data, headers=headers).status_code == 200


def test_each_step_goes_to_those_who_are_silent_and_the_sender_hears_of_them_in_the_end(alarm: Alarm) -> None:
    answers, silent = alarm.person("A"), alarm.person("B")
    silent_alert(alarm, answers, silent)
    alarm.later(seconds=30)
    answer(alarm, answers)
    for _ in range(2):
        alarm.later(seconds=60)
    assert (steps(alarm, answers), steps(alarm, silent)) == ([0], [0, 1, 2])
    assert alarm.notices() == []
    alarm.later(seconds=60)
    (notice,) = alarm.notices()
    assert notice.target == {"people": [str(alarm.sender.person_id)]}
    alarm.later(hours=1)
    assert (steps(alarm, silent), len(alarm.notices())) == ([0, 1, 2], 1)


def test_it_stops_when_the_alert_is_over(alarm: Alarm) -> None:
    person = alarm.person()
    sent = silent_alert(alarm, person)
    alarm.do(sent, "ending")
    alarm.later(minutes=10)
    assert (steps(alarm, person), alarm.notices()) == ([0], [])


def test_it_stops_when_the_alert_expires(alarm: Alarm) -> None:
    person = alarm.person()
    alarm.active(target={"people": [str(person)]}, plan=PLAN, expires_at=(NOW + timedelta(seconds=90)).isoformat())
    alarm.later(seconds=61)
    alarm.later(minutes=10)
    assert (steps(alarm, person), alarm.notices()) == ([0, 1], [])


def test_silence_can_alert_the_next_group(alarm: Alarm) -> None:
    silent, one, two = alarm.person("S"), alarm.person("O"), alarm.person("T")
    group = alarm.world.group("Second line", one, two, silent)
    sent = silent_alert(alarm, silent, rounds=1, on_silence={"group": str(group)})
    alarm.later(seconds=61)
    assert set(alarm.recipients()) == {silent, one, two}
    assert (steps(alarm, silent), steps(alarm, one)) == ([0], [0])
    assert len(alarm.notices()) == 1
    assert alarm.read(sent)["tally"]["people"] == 3


def test_a_step_done_twice_sends_nothing_twice(alarm: Alarm) -> None:
    from app.messaging import escalate  # noqa: PLC0415

    person = alarm.person()
    sent = silent_alert(alarm, person)
    alarm.later(seconds=61)
    with alarm.desk.deps.database.tenant(alarm.world.organization_id) as session:
        body = {"message": sent, "step": 1}
        escalate.on_step(session, alarm.world.organization_id, body, alarm.desk.clock.now(), alarm.desk.deps)
    assert steps(alarm, person) == [0, 1]


def test_latecomers_are_taken_along(alarm: Alarm) -> None:
    from app.messaging import late  # noqa: PLC0415

    first, second = alarm.person("F"), alarm.person("L")
    sent = silent_alert(alarm, first)
    now = alarm.desk.clock.now()
    with alarm.desk.deps.database.tenant(alarm.world.organization_id) as session:
        late.include(session, alarm.world.organization_id, session.merge(alarm.message(sent)), {second: False}, now, alarm.desk.deps)
    alarm.work()
    alarm.later(seconds=61)
    assert steps(alarm, second) == [0, 1]


def test_every_notice_is_said_in_both_languages_and_never_that_everybody_was_reached() -> None:
    facts: dict[str, Any] = {"count": 2, "wanted": 3, "people": 9, "silent": 4, "rule": "BHV", "present": 1, "reply": "on_my_way"}
    for kind in WORDS:
        said = texts(kind, **facts)
        assert set(said) == {"nl", "en"}
        assert not any("{" in text.body or "everybody" in text.body or "iedereen" in text.body for text in said.values())


def rule(alarm: Alarm, fence: UUID, group: UUID, warns: UUID, **facts: Any) -> dict[str, Any]:
    return {
        "name": "Hulpverleners", "group_id": str(group), "fence_id": str(fence), "at_least": 2, "weekdays": [1, 2, 3, 4, 5],
        "starts_at": "08:00", "ends_at": "18:00", "warns_group_id": str(warns), **facts,
    }  # fmt: skip


def look(alarm: Alarm, at: datetime) -> int:
    alarm.desk.at(at)
    return staffing.look_each_minute(alarm.desk.deps, alarm.world.organization_id, at)


def test_too_few_inside_is_told_once_and_so_is_the_recovery(alarm: Alarm) -> None:
    fence, manager = alarm.world.circle(), alarm.desk.member("manager")
    one, two = alarm.inside(fence, "One"), alarm.person("Two")
    group, warns = alarm.world.group("First aid", one, two), alarm.world.group("Facility", alarm.person())
    alarm.inside(fence, "Not of the group")
    made = manager.post("/staffing-rules", rule(alarm, fence, group, warns))
    assert [look(alarm, NOW + timedelta(minutes=minute)) for minute in (0, 1, 2)] == [1, 0, 0]
    assert manager.get(f"/staffing-rules/{made['id']}")["below_since"] == NOW.isoformat().replace("+00:00", "Z")
    alarm.desk.stay(two, fence, NOW + timedelta(minutes=2), None)
    assert [look(alarm, NOW + timedelta(minutes=minute)) for minute in (3, 4, 7, 8, 9)] == [0, 0, 0, 1, 0]
    first, second = sorted(alarm.notices(), key=lambda row: row.id)
    assert first.target == second.target == {"group": str(warns)}
    alarm.work()
    assert [words.partition("|")[0] for words in alarm.texts()] == ["Te weinig bezetting", "Weer genoeg bezetting"]


def test_outside_its_hours_a_rule_says_nothing(alarm: Alarm) -> None:
    fence, manager = alarm.world.circle(), alarm.desk.member("manager")
    group = alarm.world.group("First aid", alarm.person())
    manager.post("/staffing-rules", rule(alarm, fence, group, group, starts_at="15:00"))
    assert look(alarm, NOW) == 0, "14:00 in Amsterdam"
    assert look(alarm, NOW + timedelta(hours=1)) == 1
    manager.post("/staffing-rules", rule(alarm, fence, group, group, name="Weekend", weekdays=[6, 7]))
    assert look(alarm, NOW + timedelta(hours=1, minutes=1)) == 0


def test_who_is_only_perhaps_inside_does_not_count(alarm: Alarm) -> None:
    fence, manager = alarm.world.circle(unknown_after_s=600, assume_left_after_s=7200), alarm.desk.member("manager")
    group = alarm.world.group("First aid", alarm.inside(fence), alarm.inside(fence, since=NOW - timedelta(hours=1)))
    manager.post("/staffing-rules", rule(alarm, fence, group, group))
    assert look(alarm, NOW - timedelta(minutes=9)) == 1


def test_a_staffing_rule_is_changed_retired_and_restored(alarm: Alarm) -> None:
    fence, manager = alarm.world.circle(), alarm.desk.member("manager")
    group = alarm.world.group("First aid", alarm.person())
    path = f"/staffing-rules/{manager.post('/staffing-rules', rule(alarm, fence, group, group))['id']}"
    manager.post("/staffing-rules", rule(alarm, fence, group, group), 409)
    manager.send("PATCH", path, {"at_least": 3}, 428)
    assert manager.send("PATCH", path, {"at_least": 3}, match=manager.etag(path))["at_least"] == 3
    assert manager.send("PATCH", path, {"retired": True}, match=manager.etag(path))["retired_at"] is not None
    assert look(alarm, NOW) == 0
    assert manager.get("/staffing-rules")["items"] == []
    assert len(manager.get("/staffing-rules", retired=True)["items"]) == 1
    manager.send("PATCH", path, {"retired": False}, match=manager.etag(path))
    assert look(alarm, NOW) == 1


@pytest.mark.parametrize(
    "wrong", [{"group_id": str(uuid4())}, {"fence_id": str(uuid4())}, {"warns_group_id": str(uuid4())}, {"at_least": 0}, {"weekdays": [8]}]
)
def test_a_staffing_rule_names_what_exists(alarm: Alarm, wrong: dict[str, Any]) -> None:
    fence, manager = alarm.world.circle(), alarm.desk.member("manager")
    group = alarm.world.group("First aid", alarm.person())
    (error,) = manager.post("/staffing-rules", rule(alarm, fence, group, group, **wrong), 422)["errors"]
    assert error["field"].partition(".")[0] == next(iter(wrong))
    assert alarm.world.rows(StaffingRule) == []


def test_staffing_is_for_those_who_lead_and_not_for_other_organizations(alarm: Alarm, world: World) -> None:
    fence, manager = alarm.world.circle(), alarm.desk.member("manager")
    group = alarm.world.group("First aid", alarm.person())
    path = f"/staffing-rules/{manager.post('/staffing-rules', rule(alarm, fence, group, group))['id']}"
    alarm.sender.get(path)
    alarm.sender.post("/staffing-rules", rule(alarm, fence, group, group), 403)
    alarm.desk.member("employee").get("/staffing-rules", 403)
    other = World(world.database)
    other.add(*(OrganizationModule(module=module) for module in ("messages", "alerts")))
    alarm.desk.world = other
    stranger = alarm.desk.member("owner")
    stranger.get(path, 404)
    stranger.send("PATCH", path, {"at_least": 3}, 404, '"x"')
    assert stranger.get("/staffing-rules")["items"] == []
