"""Whom an alert is for: fences, drawn areas, groups, roles, on site, together."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import shapely

from app.accounts.models import Group
from app.core import target as core
from app.geofences.models import Fence
from app.messaging import resolve
from app.messaging.models import ContactPreference, Message
from app.privacy.models import Instruction
from tests.factories import NOW, World
from tests.messaging.alarm import SQUARE, TEXTS, Alarm


def meant(alarm: Alarm, target: dict[str, Any]) -> tuple[set[UUID], set[UUID]]:
    with alarm.desk.deps.database.tenant(alarm.world.organization_id) as session:
        asking = resolve.Asking(session, alarm.world.organization_id, alarm.desk.clock.now(), alarm.desk.deps)
        found = resolve.resolved(asking, core.parse(target, resolve.ALL_KINDS))
        return set(found.people), set(found.possibly)


def withdraw(alarm: Alarm) -> None:
    with alarm.world.database.tenant(alarm.world.organization_id) as session:
        session.query(Instruction).update({"withdrawn_at": NOW, "withdrawn_by": "O"})


def far(world: World) -> UUID:
    return world.fence(shapely.box(6.0, 53.0, 6.1, 53.1))


def test_a_fence_means_whoever_is_inside_and_whoever_may_still_be(alarm: Alarm) -> None:
    fence, elsewhere = alarm.world.circle(unknown_after_s=1800, assume_left_after_s=7200), far(alarm.world)
    here, silent = alarm.inside(fence), alarm.inside(fence, since=NOW - timedelta(hours=1))
    alarm.inside(elsewhere)
    alarm.inside(fence, since=NOW - timedelta(hours=3))  # silent so long that they are assumed to have left
    assert meant(alarm, {"fence": str(fence)}) == ({here, silent}, set())
    preview = alarm.sender.post("/alerts/preview", alarm.body(target={"fence": str(fence)}), 200)
    assert (preview["people"], preview["possibly"], preview["unknown"]) == (2, 0, 1)
    assert preview["channels"]["sms"]["people"] == 2


def test_a_preview_names_nobody_for_being_somewhere(alarm: Alarm) -> None:
    fence = alarm.world.circle()
    unreachable = alarm.person("Cas Collega", sms=False)
    alarm.desk.stay(unreachable, fence, NOW - timedelta(minutes=10), None)
    for target in ({"fence": str(fence)}, {"on_site": True}, {"any": [{"fence": str(fence)}, {"people": [str(unreachable)]}]}):
        for path, body in (("alerts", alarm.body(target=target)), ("messages", {"texts": TEXTS, "target": target, "channels": ["sms"]})):
            preview = alarm.sender.post(f"/{path}/preview", body, 200)
            assert (preview["people"], preview["unreachable_count"], preview["unreachable"]) == (1, 1, [])
    (named,) = alarm.sender.post("/alerts/preview", alarm.body(target={"people": [str(unreachable)]}), 200)["unreachable"]
    assert named["name"] == "Cas Collega"


def test_the_preview_of_an_alert_counts_by_the_order_of_its_plan_whatever_people_chose(alarm: Alarm) -> None:
    chose = alarm.person(email="anna@example.org")
    alarm.world.add(ContactPreference(person_id=chose, channels=["email"]))
    both = {"target": {"people": [str(chose)]}, "channels": ["sms", "email"]}
    alert = alarm.sender.post("/alerts/preview", alarm.body(**both), 200)["channels"]
    message = alarm.sender.post("/messages/preview", {"texts": TEXTS, **both}, 200)["channels"]
    assert [name for name, count in alert.items() if count] == ["sms"]
    assert [name for name, count in message.items() if count] == ["email"]


def test_an_opt_out_is_told_as_silence_here_too(alarm: Alarm) -> None:
    """To others the person is still inside, as a phone without a signal would be; what only the person is told counts for nobody else."""
    fence = alarm.world.circle()
    paused = alarm.person()
    alarm.desk.stay(paused, fence, NOW - timedelta(minutes=10), None, told_to="others")
    alarm.desk.stay(paused, fence, NOW - timedelta(minutes=10), NOW - timedelta(minutes=5), told_to="person", cut="pause")
    hidden = alarm.person()
    alarm.desk.stay(hidden, fence, NOW - timedelta(minutes=10), None, told_to="person")
    assert meant(alarm, {"fence": str(fence)})[0] == {paused}


def test_groups_roles_people_and_sites_need_no_presence(alarm: Alarm) -> None:
    one, two, three = alarm.person(), alarm.person(), alarm.person()
    group = alarm.world.group("BHV", one)
    responder = alarm.desk.member("responder").person_id
    target = {"any": [{"group": str(group)}, {"people": [str(two)]}, {"role": "responder"}]}
    assert meant(alarm, target)[0] == {one, two, responder}
    assert meant(alarm, {"all": [{"any": [{"group": str(group)}, {"people": [str(one), str(three)]}]}, {"not": {"group": str(group)}}]})[
        0
    ] == {three}


def test_a_group_by_rule_is_asked_at_the_moment_it_is_needed(alarm: Alarm) -> None:
    fence, group = alarm.world.circle(), uuid4()
    alarm.world.add(Group(id=group, name="In the hall", rule={"any": [{"fence": str(fence)}, {"role": "responder"}]}))
    responder = alarm.desk.member("responder").person_id
    assert meant(alarm, {"group": str(group)})[0] == {responder}
    here = alarm.inside(fence)
    assert meant(alarm, {"group": str(group)})[0] == {responder, here}


def test_on_site_means_inside_any_fence_or_clocked_in(alarm: Alarm) -> None:
    from app.attendance.models import Punch  # noqa: PLC0415

    here, clocked, gone = alarm.inside(far(alarm.world)), alarm.person(), alarm.person()
    alarm.world.add(
        Punch(id=uuid4(), person_id=clocked, kind="in", at=NOW - timedelta(hours=2), method="button"),
        Punch(id=uuid4(), person_id=gone, kind="in", at=NOW - timedelta(hours=3), method="button"),
        Punch(id=uuid4(), person_id=gone, kind="out", at=NOW - timedelta(hours=1), method="button"),
    )
    assert meant(alarm, {"on_site": True})[0] == {here, clocked}


def test_nobody_who_left_the_organization_is_meant(alarm: Alarm) -> None:
    gone = alarm.person(left_at=NOW)
    assert meant(alarm, {"any": [{"people": [str(gone)]}, {"group": str(alarm.world.group("Old", gone))}]})[0] == set()


def test_a_drawn_area_means_fences_within_it_surely_and_fences_that_meet_it_possibly(alarm: Alarm) -> None:
    within, across = alarm.world.circle(), alarm.world.fence(shapely.box(5.25, 52.15, 5.5, 52.4))
    sure, maybe = alarm.inside(within), alarm.inside(across)
    alarm.inside(far(alarm.world))
    preview = alarm.sender.post("/alerts/preview", alarm.body(area={"geometry": SQUARE}), 200)
    assert (preview["people"], preview["possibly"]) == (2, 1)
    assert len(alarm.world.rows(Fence)) == 3, "a preview draws nothing"
    sent = alarm.active(area={"geometry": SQUARE})
    assert {person: row.possibly for person, row in alarm.recipients().items()} == {sure: False, maybe: True}
    assert [row["person_id"] for row in alarm.sender.get(f"/alerts/{sent}/recipients", state="possibly")["items"]] == [str(maybe)]


def test_the_area_is_a_fence_for_as_long_as_the_alert_lives(alarm: Alarm) -> None:
    def fence() -> Fence:
        found: Fence = next(row for row in alarm.world.rows(Fence) if row.id == alarm.message(draft).area_fence_id)
        return found

    draft = alarm.send(area={"geometry": SQUARE}, target={"all": [{"area": "drawn"}]}, draft=True)["id"]
    assert alarm.message(draft).target == {"all": [{"area": str(fence().id)}]}
    assert fence().retired_at is not None, "no phone watches it for a draft"
    alarm.do(draft, "activation", 202)
    assert fence().retired_at is None
    alarm.later(seconds=11)
    alarm.do(draft, "ending")
    assert fence().retired_at is not None


@pytest.mark.parametrize("what", ["nobody's", "another alert's", "a fence"])
def test_a_target_names_no_area_but_its_own(alarm: Alarm, what: str) -> None:
    """An area that is not there, or not any more, when the alert goes out would keep it from everybody."""
    other = alarm.send(area={"geometry": SQUARE}, draft=True)["id"]
    area = {"nobody's": UUID(int=0), "another alert's": alarm.message(other).area_fence_id, "a fence": alarm.world.circle()}[what]
    refused = alarm.send(422, area={"geometry": SQUARE}, target={"any": [{"area": "drawn"}, {"area": str(area)}]})
    assert refused["errors"][0]["field"] == "target"
    alarm.send(422, target={"all": [{"area": str(area)}]})


@pytest.mark.parametrize("what", ["cancellation", "expiry"])
def test_the_area_goes_with_the_alert_however_it_ends(alarm: Alarm, what: str) -> None:
    sent = alarm.send(area={"geometry": SQUARE})["id"]
    if what == "cancellation":
        alarm.do(sent, "cancellation")
    else:
        alarm.later(hours=25)
    (fence,) = alarm.world.rows(Fence)
    assert fence.retired_at is not None


def test_an_area_beside_a_target_is_one_more_way_to_be_meant(alarm: Alarm) -> None:
    person = alarm.person()
    here = alarm.inside(alarm.world.circle())
    alarm.active(area={"geometry": SQUARE}, target={"people": [str(person)]})
    assert set(alarm.recipients()) == {person, here}


def test_a_circle_and_a_shape_that_cannot_be_drawn(alarm: Alarm) -> None:
    alarm.send(area={"geometry": {"type": "Point", "coordinates": [5.1214, 52.0907]}, "radius_m": 500.0})
    bow = {"type": "Polygon", "coordinates": [[[5.0, 52.0], [5.1, 52.1], [5.1, 52.0], [5.0, 52.1], [5.0, 52.0]]]}
    assert alarm.send(422, area={"geometry": bow})["type"] == "/problems/shape-invalid"
    alarm.send(422, area={"geometry": {"type": "Nonsense", "coordinates": "x"}})


@pytest.mark.parametrize("what", ["fence", "area", "on_site", "rule"])
def test_presence_is_refused_without_the_purpose_safety_and_the_words_say_why(alarm: Alarm, what: str) -> None:
    withdraw(alarm)
    alarm.world.instruction(purposes=("attendance",))
    fence, group = alarm.world.circle(), uuid4()
    alarm.world.add(Group(id=group, name="Rule", rule={"fence": str(fence)}))
    every: dict[str, dict[str, Any]] = {
        "fence": {"target": {"fence": str(fence)}},
        "area": {"area": {"geometry": SQUARE}},
        "on_site": {"target": {"on_site": True}},
        "rule": {"target": {"group": str(group)}},
    }
    answer = alarm.send(409, **every[what])
    assert answer["type"] == "/problems/purpose-missing"
    assert "safety" in answer["detail"]
    assert alarm.world.rows(Message) == []
    alarm.send(target={"people": [str(alarm.person())]})


def test_where_the_purpose_is_withdrawn_before_it_goes_out_the_others_get_it_all_the_same(alarm: Alarm) -> None:
    fence, listed = alarm.world.circle(), alarm.person()
    alarm.inside(fence)
    alarm.send(target={"any": [{"fence": str(fence)}, {"people": [str(listed)]}]})
    withdraw(alarm)
    alarm.later(seconds=11)
    assert set(alarm.recipients()) == {listed}


def test_without_latecomers_somebody_must_be_meant_now(alarm: Alarm) -> None:
    fence = alarm.world.circle()
    answer = alarm.send(422, target={"fence": str(fence)}, late_entry=False)
    assert answer["errors"][0]["message"] == "Nobody is meant by this now"
    alarm.send(target={"fence": str(fence)})


def test_foreign_and_retired_places_and_groups_do_not_exist(alarm: Alarm, world: World) -> None:
    other = World(world.database)
    theirs, group = other.circle(), other.group("Theirs")
    for target in ({"fence": str(theirs)}, {"group": str(group)}, {"fence": str(uuid4())}):
        assert alarm.send(422, target=target)["errors"][0]["field"] == "target"


def test_a_rule_of_a_group_names_geofences_in_use_of_this_organization(alarm: Alarm) -> None:
    owner, fence, retired = alarm.desk.member("owner"), alarm.world.circle(), alarm.world.circle()
    owner.send("POST", f"/fences/{retired}/retire", None, 200, owner.etag(f"/fences/{retired}"))
    foreign = World(alarm.world.database).circle()
    for unknown in (uuid4(), retired, foreign):
        rule = {"any": [{"fence": str(fence)}, {"fence": str(unknown)}]}
        refused = owner.post("/groups", {"name": "In the hall", "rule": rule}, 422)
        assert [(error["field"], error["message"]) for error in refused["errors"]] == [("rule", "There is no such geofence in use")]
    refused = owner.post("/groups", {"name": "In the hall", "rule": {"site": str(uuid4())}}, 422)
    assert [error["field"] for error in refused["errors"]] == ["rule"]
    made = owner.post("/groups", {"name": "In the hall", "rule": {"fence": str(fence)}})
    path = f"/groups/{made['id']}"
    owner.send("PUT", path, {"name": "In the hall", "rule": {"fence": str(foreign)}}, 422, owner.etag(path))
    assert owner.get(path)["rule"] == {"fence": str(fence)}


def test_a_rule_whose_geofence_was_retired_means_nobody_and_the_group_can_be_renamed(alarm: Alarm) -> None:
    owner, fence = alarm.desk.member("owner"), alarm.world.circle()
    alarm.inside(fence)
    made = owner.post("/groups", {"name": "In the hall", "rule": {"fence": str(fence)}})["id"]
    path = f"/groups/{made}"
    assert alarm.sender.post("/alerts/preview", alarm.body(target={"group": made}), 200)["people"] == 1
    owner.send("POST", f"/fences/{fence}/retire", None, 200, owner.etag(f"/fences/{fence}"))
    alarm.work()
    assert alarm.sender.post("/alerts/preview", alarm.body(target={"group": made}), 200)["people"] == 0
    assert owner.send("PUT", path, {"name": "Was in the hall"}, 200, owner.etag(path))["rule"] == {"fence": str(fence)}
