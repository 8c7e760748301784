"""The address book: who can be reached how, and who wants to be."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from app.accounts.models import Person
from app.messaging.models import ContactPreference, PushSubscription
from app.messaging.preferences import reach
from tests.attendance.desk import Desk
from tests.factories import NOW, World

QUIET = {"channels": ["email", "sms"], "quiet_from": "22:00", "quiet_until": "07:00", "opted_out": False}


def person(world: World, name: str, **facts: object) -> UUID:
    id_ = uuid4()
    world.add(Person(id=id_, name=name, **facts))
    return id_


def browser(world: World, person_id: UUID) -> None:
    world.add(
        PushSubscription(person_id=person_id, endpoint="https://push.example/x", endpoint_hash=uuid4().bytes * 2, p256dh="-", auth="-")
    )


def names(answer: dict[str, list[dict[str, str]]]) -> list[str]:
    return [item["name"] for item in answer["items"]]


def test_a_contact_shows_how_they_want_to_be_reached_and_how_they_can_be(desk: Desk, world: World) -> None:
    owner = desk.member("owner", name="Owner")
    anna = person(world, "Anna", telephone="+31612345678", locale="nl")
    browser(world, anna)
    path = f"/contacts/{anna}/preference"
    owner.send("PUT", path, QUIET, match=owner.etag(path))
    found = next(item for item in owner.get("/contacts")["items"] if item["name"] == "Anna")
    assert found["reach"] == {"push": True, "sms": True, "email": False}
    assert (found["channels"], found["quiet_from"], found["quiet_until"], found["opted_out_at"]) == (
        ["email", "sms"],
        "22:00",
        "07:00",
        None,
    )


def test_contacts_are_found_by_text_group_and_reach(desk: Desk, world: World) -> None:
    owner = desk.member("owner", name="Owner")
    anna = person(world, "Anna", telephone="+31612345678")
    bert = person(world, "Bert", email="bert@example.org")
    browser(world, bert)
    group = world.group("First aid", anna)
    assert names(owner.get("/contacts", search="ann")) == ["Anna"]
    assert names(owner.get("/contacts", search="06 12-34")) == ["Anna"]
    assert names(owner.get("/contacts", search="%")) == []
    assert names(owner.get("/contacts", group_id=group)) == ["Anna"]
    assert names(owner.get("/contacts", reach="sms")) == ["Anna"]
    assert names(owner.get("/contacts", reach="email")) == ["Bert"]
    assert names(owner.get("/contacts", reach="push")) == ["Bert"]
    assert names(owner.get("/contacts", reach="none")) == ["Owner"]
    owner.get("/contacts", 404, group_id=uuid4())


def test_a_group_by_rule_is_listed_by_who_meets_it_now(desk: Desk, world: World) -> None:
    owner = desk.member("owner", name="Owner")
    desk.member("responder", name="Rita")
    group = owner.post("/groups", {"name": "Responders", "rule": {"role": "responder"}})
    assert names(owner.get("/contacts", group_id=group["id"])) == ["Rita"]


def test_an_edit_on_an_old_copy_is_refused_and_opting_out_keeps_its_first_moment(desk: Desk, world: World) -> None:
    owner = desk.member("owner")
    anna = person(world, "Anna")
    path = f"/contacts/{anna}/preference"
    first = owner.etag(path)
    out = owner.send("PUT", path, {"opted_out": True}, match=first)
    assert out["opted_out_by"] == "manager"
    owner.send("PUT", path, QUIET, 412, match=first)
    desk.at(NOW + timedelta(hours=1))
    again = owner.send("PUT", path, {**QUIET, "opted_out": True}, match=owner.etag(path))
    assert again["opted_out_at"] == out["opted_out_at"]


def test_an_employee_chooses_for_themselves_and_sees_nobody_elses_choice(desk: Desk, world: World) -> None:
    employee = desk.member("employee")
    other = person(world, "Other")
    mine = employee.send("PUT", "/me/preference", {**QUIET, "opted_out": True}, match=employee.etag("/me/preference"))
    assert mine["opted_out_by"] == "person"
    path = f"/contacts/{employee.person_id}/preference"
    owner = desk.member("owner")
    refused = owner.send("PUT", path, {**QUIET, "opted_out": False}, 422, match=owner.etag(path))
    assert refused["errors"][0]["field"] == "opted_out", "what somebody decided for themselves is theirs to undo"
    employee.get(f"/contacts/{other}/preference", 404)
    employee.send("PUT", f"/contacts/{other}/preference", QUIET, 404, match='"x"')
    employee.get("/contacts", 403)
    assert employee.get(f"/contacts/{employee.person_id}/preference") == mine


def test_half_quiet_hours_and_doubled_channels_are_refused_with_words(desk: Desk, world: World) -> None:
    employee = desk.member("employee")
    etag = employee.etag("/me/preference")
    wrong: tuple[dict[str, Any], ...] = (
        {"quiet_from": "22:00"},
        {"quiet_from": "22:00", "quiet_until": "22:00"},
        {"channels": ["sms", "sms"]},
        {"channels": []},
        {"channels": ["pigeon"]},
        {"quiet_from": "25:00", "quiet_until": "07:00"},
    )
    for bad in wrong:
        assert employee.send("PUT", "/me/preference", bad, 422, match=etag)["errors"]


def test_who_leaves_has_no_preferences_and_no_browsers_any_more(desk: Desk, world: World) -> None:
    owner = desk.member("owner")
    anna = person(world, "Anna", telephone="+31612345678")
    browser(world, anna)
    path = f"/contacts/{anna}/preference"
    owner.send("PUT", path, QUIET, match=owner.etag(path))
    owner.post(f"/people/{anna}/leave", status=200)
    assert world.rows(ContactPreference) == []
    assert world.rows(PushSubscription) == []
    with world.database.tenant(world.organization_id) as session:
        assert reach(session, world.organization_id, [anna]) == {}


def test_another_organizations_people_cannot_be_asked_about(desk: Desk, world: World) -> None:
    other = World(world.database)
    stranger = person(other, "Stranger")
    desk.member("owner").get(f"/contacts/{stranger}/preference", 404)
    with world.database.tenant(world.organization_id) as session:
        assert reach(session, world.organization_id, [stranger]) == {}


def test_a_group_of_whoever_is_inside_is_listed_only_for_those_who_may_see_that(desk: Desk, world: World) -> None:
    world.instruction(purposes=("attendance", "safety"))
    owner, officer = desk.member("owner", name="Owner"), desk.member("privacy_officer")
    anna = person(world, "Anna")
    fence = world.circle()
    desk.stay(anna, fence, NOW - timedelta(minutes=10), None)
    inside = owner.post("/groups", {"name": "Inside", "rule": {"fence": str(fence)}})["id"]
    responders = owner.post("/groups", {"name": "Responders", "rule": {"role": "responder"}})["id"]
    assert names(owner.get("/contacts", group_id=inside)) == ["Anna"]
    officer.get("/contacts", 403, group_id=inside)
    assert names(officer.get("/contacts", group_id=responders)) == []
