"""A draft of an alert that is kept: changed, sent and discarded later, perhaps by somebody else."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from app.geofences.models import Fence
from tests.attendance.desk import Who
from tests.factories import NOW
from tests.messaging.alarm import SQUARE, TEXTS, Alarm

OTHER: dict[str, Any] = {"nl": {"subject": "Rook", "body": "Sluit de ramen."}}


def kept(alarm: Alarm, **facts: Any) -> str:
    given: dict[str, Any] = {"target": {"people": [str(alarm.person())]}, "draft": True}
    made: str = alarm.send(**(given | facts))["id"]
    return made


def change(alarm: Alarm, draft: str, status: int = 200, who: Who | None = None, match: str | None = None, **facts: Any) -> Any:
    who, path = who or alarm.sender, f"/alerts/{draft}"
    return who.send("PUT", path, alarm.body(**facts), status, match or who.etag(path))


def test_a_draft_is_changed_and_goes_out_as_it_was_left(alarm: Alarm) -> None:
    draft, two = kept(alarm), [str(alarm.person("A")), str(alarm.person("B"))]
    plan = {"seconds_between": 90, "quorum": {"reply": "safe", "count": 2}}
    shown = change(alarm, draft, texts=OTHER, severity="extreme", target={"people": two}, plan=plan, late_entry=False)
    assert (shown["stage"], shown["severity"], shown["target"], shown["late_entry"]) == ("draft", "extreme", {"people": two}, False)
    assert (shown["plan"]["seconds_between"], shown["quorum"]["count"]) == (90, 2)
    alarm.later(hours=1)
    assert alarm.peer.parcels == []
    alarm.do(draft, "activation", 202)
    alarm.later(seconds=11)
    assert alarm.texts() == ["Rook|Sluit de ramen."] * 2


def test_two_who_change_a_draft_do_not_overwrite_each_other(alarm: Alarm) -> None:
    draft, other = kept(alarm), alarm.desk.member("manager")
    target, before = alarm.read(draft)["target"], alarm.sender.etag(f"/alerts/{draft}")
    change(alarm, draft, texts=OTHER, target=target, who=other)
    change(alarm, draft, 412, match=before, texts=TEXTS, target=target)
    assert alarm.read(draft)["texts"]["nl"]["subject"] == "Rook"
    alarm.sender.send("PUT", f"/alerts/{draft}", alarm.body(target=target), 428)


def test_the_drawn_area_comes_back_with_a_draft_and_stays_while_it_is_not_drawn_anew(alarm: Alarm) -> None:
    draft = kept(alarm, target=None, area={"geometry": SQUARE})
    shown = alarm.read(draft)
    changed = change(alarm, draft, texts=OTHER, target={"area": "drawn"}, area=shown["area"])
    assert changed["area_fence_id"] == shown["area_fence_id"]
    assert changed["target"] == shown["target"] == {"area": shown["area_fence_id"]}
    smaller = {"geometry": {"type": "Point", "coordinates": [5.1, 52.1]}, "radius_m": 80}
    circle = change(alarm, draft, target=None, area=smaller)
    assert (circle["area"], circle["target"]) == (smaller, {"area": circle["area_fence_id"]})
    assert circle["area_fence_id"] != shown["area_fence_id"]
    without = change(alarm, draft, target={"people": [str(alarm.person())]})
    assert (without["area"], without["area_fence_id"]) == (None, None)
    assert change(alarm, draft, target=None, area=smaller)["area"] == smaller
    alarm.choose(approval=True)
    assert (alarm.do(draft, "activation", 202)["stage"], alarm.read(draft)["area"]) == ("approval", smaller), "the second person sees it"
    assert all(fence.retired_at for fence in alarm.world.rows(Fence)), "no phone watches an area of a draft"


def test_an_exercise_stays_one_and_is_marked_once(alarm: Alarm) -> None:
    draft = kept(alarm, exercise="exercise")
    shown = alarm.read(draft)
    refused = change(alarm, draft, 422, target=shown["target"], exercise="actual")
    assert [error["field"] for error in refused["errors"]] == ["exercise"]
    again = change(alarm, draft, target=shown["target"], exercise="exercise", texts=shown["texts"])
    assert again["texts"]["nl"]["subject"] == "OEFENING: Brand"


@pytest.mark.parametrize(
    ("facts", "field"), [({"target": {"group": str(uuid4())}}, "target"), ({"target": None}, "target"), ({"texts": None}, "texts")]
)
def test_what_could_not_be_made_cannot_be_made_of_a_draft(alarm: Alarm, facts: dict[str, Any], field: str) -> None:
    draft = kept(alarm)
    before = alarm.read(draft)
    assert [error["field"] for error in change(alarm, draft, 422, **facts)["errors"]] == [field]
    assert alarm.read(draft) == before


@pytest.mark.parametrize("what", ["activation", "cancellation"])
def test_what_was_sent_or_discarded_is_changed_no_more(alarm: Alarm, what: str) -> None:
    draft = kept(alarm)
    target = alarm.read(draft)["target"]
    alarm.do(draft, what, 202 if what == "activation" else 200)
    change(alarm, draft, 409, target=target, texts=OTHER)
    assert alarm.read(draft)["texts"]["nl"]["subject"] == "Brand"


def test_only_senders_of_this_organization_change_a_draft(alarm: Alarm) -> None:
    draft = kept(alarm)
    target = alarm.read(draft)["target"]
    change(alarm, draft, 403, who=alarm.desk.member("reception"), match='"x"', target=target)


def test_what_a_draft_names_is_looked_at_again_when_it_is_sent(alarm: Alarm) -> None:
    fence, group = alarm.world.circle(), alarm.world.group("BHV", alarm.person())
    gone, silence = kept(alarm, target={"fence": str(fence)}), kept(alarm, plan={"on_silence": {"group": str(group)}})
    leaves = alarm.inside(alarm.world.circle(), since=NOW - timedelta(minutes=5))
    nobody = kept(alarm, target={"people": [str(leaves)]})
    owner = alarm.desk.member("owner")
    for path in (f"/fences/{fence}", f"/groups/{group}"):
        owner.send("POST", f"{path}/retire", None, 200, owner.etag(path))
    owner.send("POST", f"/people/{leaves}/leave", None, 200, owner.etag(f"/people/{leaves}"))
    for draft, field in ((gone, "target"), (silence, "plan.on_silence.group"), (nobody, "target")):
        assert [error["field"] for error in alarm.do(draft, "activation", 422)["errors"]] == [field]
        assert alarm.read(draft)["stage"] == "draft", "it can be changed and sent then"
