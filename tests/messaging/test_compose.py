"""Composing: what is wrong is said before anything is sent, and what is accepted is sent once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.accounts.models import Person, Site
from app.core.sms import measure
from app.messaging.models import Delivery, Message, Recipient
from app.outbox.models import Outbox
from tests.attendance.desk import Desk, Who
from tests.factories import NOW, World
from tests.messaging.peer import Peer

TEXTS = {"nl": {"subject": "Oefening", "body": "Morgen om negen uur."}, "en": {"subject": "Drill", "body": "Tomorrow at nine."}}


@pytest.fixture
def sender(desk: Desk) -> Who:
    return desk.member("sender", name="Sender")


def person(world: World, name: str = "Anna", **facts: Any) -> UUID:
    id_ = uuid4()
    world.add(Person(id=id_, name=name, **facts))
    return id_


def to(*people: UUID, **more: Any) -> dict[str, Any]:
    return {"texts": TEXTS, "target": {"people": [str(one) for one in people]}, **more}


def activations(world: World) -> list[Outbox]:
    return [row for row in world.rows(Outbox) if row.kind == "messaging.activate"]


def test_a_message_is_accepted_with_its_work_and_arrives_in_each_persons_language(
    desk: Desk, world: World, sender: Who, peer: Peer
) -> None:
    anna = person(world, telephone="+31612345678", locale="nl")
    bob = person(world, "Bob", email="bob@example.org", locale="en")
    answer = sender.post("/messages", to(anna, bob), 202)
    assert answer["stage"] == "scheduled"
    [work] = activations(world)
    assert work.body == {"message": answer["id"]}
    while world.rows(Outbox):
        assert set(desk.work()) == {"done"}
    assert sorted((parcel.address, parcel.text) for parcel in peer.parcels) == [
        ("+31612345678", "Oefening\nMorgen om negen uur."),
        ("bob@example.org", "Tomorrow at nine."),
    ]
    shown = sender.get(f"/messages/{answer['id']}")
    assert (shown["texts"], shown["subject"], shown["people"], shown["counts"]["handed_over"]) == (TEXTS, "Oefening", 2, 2)


def test_a_second_click_is_the_same_message_for_ever(desk: Desk, world: World, sender: Who) -> None:
    body = to(person(world, telephone="+31612345678"), id=str(uuid4()))
    first = sender.post("/messages", body, 202)
    desk.at(NOW + timedelta(hours=10))
    later = sender.post("/messages", body, 202)
    assert later == first
    assert len(activations(world)) == 1


def test_the_same_idempotency_key_answers_with_the_same_message(world: World, sender: Who) -> None:
    body, key = to(person(world, telephone="+31612345678")), {"Idempotency-Key": str(uuid4())}
    answers = [sender.client.post("/api/v1/messages", json=body, headers=key).get_json() for _ in range(2)]
    assert answers[0]["id"] == answers[1]["id"]
    assert len(world.rows(Message)) == 1


def test_somebody_elses_id_is_refused(desk: Desk, world: World, sender: Who) -> None:
    body = to(person(world, telephone="+31612345678"), id=str(uuid4()))
    sender.post("/messages", body, 202)
    desk.member("owner").post("/messages", body, 409)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"target": {"people": []}}, "target.people"),
        ({"target": {"any": []}}, "target.any"),
        ({"target": {"group": str(uuid4())}}, "target"),
        ({"target": {"people": [str(uuid4())]}}, "target"),
        ({"target": {"role": "reception"}}, "target"),
        ({"target": {"role": "king"}}, "target"),
        ({"target": {"area": str(uuid4())}}, "target.area"),
        ({"target": {"not": {"everyone": True}}}, "target.not"),
        ({"target": {"fence": "1; DROP TABLE message"}}, "target.fence"),
        ({"target": {}}, "target"),
        ({"target": {"everyone": True, "on_site": True}}, "target"),
        ({"texts": {"nl": {"body": "  "}}}, "texts.nl.body"),
        ({"texts": {"nl": {"body": "x" * 4_001}}}, "texts.nl.body"),
        ({"texts": {}}, "texts"),
        ({"texts": None}, "body"),
        ({"channels": []}, "channels"),
        ({"channels": ["fax"]}, "channels.0"),
        ({"due_at": "2026-06-01T09:00:00+02:00"}, "due_at"),
        ({"due_at": "2028-06-01T09:00:00+02:00"}, "due_at"),
        ({"due_at": "2026-06-04T09:00:00"}, "due_at"),
        ({"in_their_zone": True}, "due_at"),
    ],
)
def test_a_message_that_cannot_be_sent_is_refused_by_place_and_nothing_is_kept(
    world: World, sender: Who, change: dict[str, Any], field: str
) -> None:
    body = to(person(world, telephone="+31612345678")) | change
    errors = sender.post("/messages", {name: value for name, value in body.items() if value is not None}, 422)["errors"]
    assert field in [error["field"] for error in errors]
    assert world.rows(Message) == []
    assert world.rows(Outbox) == []


def test_a_message_to_whoever_is_inside_needs_the_purpose_safety(world: World, sender: Who) -> None:
    world.instruction()
    fence = world.circle()
    answer = sender.post("/messages", {"texts": TEXTS, "target": {"fence": str(fence)}}, 409)
    assert answer["type"].endswith("purpose-missing")


def test_a_preview_counts_people_parts_and_cost_and_names_the_unreachable(desk: Desk, world: World, sender: Who) -> None:
    person(world, "Anna", telephone="+31612345678", locale="nl")
    person(world, "Bert", email="bert@example.org")
    person(world, "Cor")
    dora = person(world, "Dora", telephone="+31687654321")
    desk.member("owner").send("PUT", f"/contacts/{dora}/preference", {"opted_out": True}, match=sender.etag(f"/contacts/{dora}/preference"))
    costly = {"nl": {"body": "Financiële " + "x" * 60}}
    found = sender.post("/messages/preview", {"texts": costly, "target": {"everyone": True}}, 200)
    assert found["people"] == 6
    assert found["channels"]["sms"] == {"people": 1, "parts": 2, "encoding": "ucs2", "costly_characters": ["ë"], "cost_cents": None}
    assert found["channels"]["email"] == {"people": 1}
    assert {(one["name"], one["reason"]) for one in found["unreachable"]} >= {("Cor", "no_address"), ("Dora", "opted_out")}
    assert found["unreachable_count"] == 4
    assert world.rows(Message) == []


def test_the_cost_is_that_of_all_parts_where_the_installation_knows_a_price(desk: Desk, world: World) -> None:
    for number in range(3):
        person(world, telephone=f"+3161234560{number}")
    priced = Desk(world, replace(desk.deps, settings=desk.deps.settings.model_copy(update={"sms_part_cents": 7.25})))
    body = {"texts": {"nl": {"body": "x" * 161}}, "target": {"everyone": True}}
    found = priced.member("sender").post("/messages/preview", body, 200)
    assert found["channels"]["sms"] == {"people": 3, "parts": 6, "encoding": "gsm", "costly_characters": [], "cost_cents": 44}


def test_the_preview_says_what_is_sent_then(desk: Desk, world: World, sender: Who, peer: Peer) -> None:
    for number in range(5):
        person(world, telephone=f"+3161234560{number}", locale=["nl", "en"][number % 2])
    person(world, "Mail", email="mail@example.org")
    body = {"texts": TEXTS, "target": {"everyone": True}, "asks_reply": True}
    found = sender.post("/messages/preview", body, 200)
    sender.post("/messages", body, 202)
    while world.rows(Outbox):
        desk.work()
    sent = [parcel for parcel in peer.parcels if parcel.address.startswith("+")]
    assert found["channels"]["sms"]["people"] == len(sent) == 5
    assert found["channels"]["sms"]["parts"] == sum(len(measure(parcel.text).parts) for parcel in sent)
    assert found["unreachable_count"] == sum(row.unreachable is not None for row in world.rows(Recipient))


def test_a_test_goes_to_its_sender_alone_and_says_that_it_is_one(desk: Desk, world: World, peer: Peer) -> None:
    me = person(world, "Me", telephone="+31612345678")
    sender = desk.member("sender", person_id=me)
    person(world, telephone="+31687654321")
    sender.post("/messages/test", {"texts": TEXTS, "target": {"everyone": True}}, 202)
    while world.rows(Outbox):
        desk.work()
    assert [(parcel.address, parcel.text.split("\n")[0]) for parcel in peer.parcels] == [("+31612345678", "TEST: Oefening")]


def test_a_scheduled_message_waits_for_its_time_and_can_be_cancelled_until_then(desk: Desk, world: World, sender: Who, peer: Peer) -> None:
    body = to(person(world, telephone="+31612345678"), due_at="2026-06-03T20:00:00+02:00")
    kept, dropped = sender.post("/messages", body, 202), sender.post("/messages", body, 202)
    assert {row.due_at for row in activations(world)} == {datetime(2026, 6, 3, 18, tzinfo=UTC)}
    assert sender.post(f"/messages/{dropped['id']}/cancellation", status=200)["stage"] == "cancelled"
    desk.at(datetime(2026, 6, 3, 18, tzinfo=UTC))
    while world.rows(Outbox):
        desk.work()
    assert len(peer.parcels) == 1
    sender.post(f"/messages/{kept['id']}/cancellation", status=409)
    sender.post(f"/messages/{dropped['id']}/cancellation", status=409)
    sender.post(f"/messages/{uuid4()}/cancellation", status=404)


@pytest.mark.parametrize(
    ("day", "theirs", "moment"),
    [
        ("2026-10-25T09:00:00+01:00", "Europe/Amsterdam", "2026-10-25T08:00:00+00:00"),
        ("2027-03-28T09:00:00+02:00", "Europe/Amsterdam", "2027-03-28T07:00:00+00:00"),
        ("2027-03-28T09:00:00+02:00", "America/Curacao", "2027-03-28T13:00:00+00:00"),
        ("2026-11-01T09:00:00+01:00", "America/New_York", "2026-11-01T14:00:00+00:00"),
        ("2027-03-14T09:00:00+01:00", "America/New_York", "2027-03-14T13:00:00+00:00"),
        ("2026-12-01T09:00:00+01:00", "Asia/Tokyo", "2026-12-01T00:00:00+00:00"),
    ],
)
def test_nine_is_nine_where_somebody_works_also_on_the_days_when_clocks_are_set(  # noqa: PLR0917
    desk: Desk, world: World, sender: Who, day: str, theirs: str, moment: str
) -> None:
    site = uuid4()
    world.add(Site(id=site, name="There", timezone=theirs))
    body = to(person(world, telephone="+31612345678", site_id=site), due_at=day, in_their_zone=True)
    sender.post("/messages", body, 202)
    [work] = activations(world)
    assert work.due_at <= datetime.fromisoformat(moment)
    desk.at(work.due_at)
    desk.work()
    [delivery] = world.rows(Delivery)
    assert delivery.due_at == datetime.fromisoformat(moment)


def test_quiet_hours_hold_an_ordinary_message_back_until_they_end(desk: Desk, world: World, sender: Who, peer: Peer) -> None:
    anna = person(world, telephone="+31612345678")
    path = f"/contacts/{anna}/preference"
    desk.member("owner").send("PUT", path, {"quiet_from": "12:00", "quiet_until": "16:30"}, match=sender.etag(path))
    sender.post("/messages", to(anna), 202)
    desk.work()
    [delivery] = world.rows(Delivery)
    assert delivery.due_at == datetime(2026, 6, 3, 14, 30, tzinfo=UTC)


def test_who_opted_out_gets_nothing_and_the_message_says_so(desk: Desk, world: World, sender: Who, peer: Peer) -> None:
    anna = person(world, telephone="+31612345678")
    path = f"/contacts/{anna}/preference"
    desk.member("owner").send("PUT", path, {"opted_out": True}, match=sender.etag(path))
    message = sender.post("/messages", to(anna), 202)
    while world.rows(Outbox):
        desk.work()
    assert peer.parcels == []
    [line] = sender.get(f"/messages/{message['id']}/deliveries")["items"]
    assert (line["name"], line["channel"], line["reason"]) == ("Anna", None, "opted_out")


def test_only_who_may_send_sends(desk: Desk, world: World) -> None:
    anna = person(world, telephone="+31612345678")
    for role in ("employee", "responder", "reception", "privacy_officer"):
        desk.member(role).post("/messages", to(anna), 403)


def test_another_organizations_people_and_groups_are_nobody(world: World, sender: Who) -> None:
    other = World(world.database)
    stranger = person(other, telephone="+31612345678")
    sender.post("/messages", to(stranger), 422)
    sender.post("/messages", {"texts": TEXTS, "target": {"group": str(other.group("Theirs", stranger))}}, 422)
