"""Looking things up: by number and date, and what became of each delivery."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.accounts.models import Person
from app.messaging.models import Message, MessagingSettings
from app.ports import Outcome
from tests.attendance.desk import Desk, Who
from tests.factories import NOW, World
from tests.messaging.peer import Peer

TEXTS = {"nl": {"subject": "Een", "body": "Twee"}}


@pytest.fixture
def owner(desk: Desk) -> Who:
    return desk.member("owner", name="Olga")


def person(world: World, name: str, **facts: Any) -> UUID:
    id_ = uuid4()
    world.add(Person(id=id_, name=name, **facts))
    return id_


def sent(desk: Desk, owner: Who, *people: UUID) -> str:
    answer = owner.post("/messages", {"texts": TEXTS, "target": {"people": [str(one) for one in people]}}, 202)
    for _ in range(6):
        desk.work()
    return str(answer["id"])


def test_a_message_is_found_by_the_number_it_went_to_even_after_the_person_has_another(desk: Desk, world: World, owner: Who) -> None:
    anna, bert = person(world, "Anna", telephone="+31612345678"), person(world, "Bert", telephone="+31687654321")
    to_anna, to_bert = sent(desk, owner, anna), sent(desk, owner, bert)
    path = f"/people/{anna}"
    body = {"name": "Anna", "telephone": "06 11111111"}
    owner.send("PUT", path, body, match=owner.etag(path))
    assert [line["id"] for line in owner.get("/messages", search_number="06 12345678")["items"]] == [to_anna]
    assert [line["id"] for line in owner.get("/messages", search_number="+31 6 1111 1111")["items"]] == [to_anna]
    assert [line["id"] for line in owner.get("/messages", search_number="+31687654321")["items"]] == [to_bert]
    assert owner.get("/messages", search_number="+31687654399")["items"] == []
    owner.get("/messages", 422, search_number="'; DROP TABLE message; --")


def test_a_message_that_could_not_be_sent_is_found_by_whose_address_it_is(desk: Desk, world: World, owner: Who, peer: Peer) -> None:
    peer.says = Outcome("rejected", "peer", "bad_number")
    anna = person(world, "Anna", telephone="+31612345678", email="anna@example.org")
    id_ = sent(desk, owner, anna)
    assert [line["id"] for line in owner.get("/messages", search_number="Anna@Example.org")["items"]] == [id_]


def test_messages_are_found_by_local_days_and_kind_and_paged_newest_first(desk: Desk, world: World, owner: Who) -> None:
    def kept(at: datetime, kind: str = "message") -> str:
        id_ = uuid4()
        world.add(
            Message(
                id=id_, kind=kind, exercise="actual", severity="minor", stage="ended", target={}, channels=["sms"], sealed_texts=None,
                plan={}, asks_reply=False, late_entry=False, created_at=at,
            )
        )  # fmt: skip
        return str(id_)

    late, early = kept(datetime(2026, 6, 2, 22, 30, tzinfo=UTC)), kept(datetime(2026, 6, 2, 21, 30, tzinfo=UTC))
    alert = kept(datetime(2026, 6, 1, 12, tzinfo=UTC), "alert")
    assert [line["id"] for line in owner.get("/messages", **{"from": "2026-06-03"})["items"]] == [late]
    assert [line["id"] for line in owner.get("/messages", until="2026-06-02")["items"]] == [early, alert]
    assert [line["id"] for line in owner.get("/messages", kind="alert")["items"]] == [alert]
    first = owner.get("/messages", limit=2)
    assert [line["id"] for line in first["items"]] == [late, early]
    assert [line["id"] for line in owner.get("/messages", limit=2, cursor=first["next_cursor"])["items"]] == [alert]
    assert owner.get(f"/messages/{late}")["texts"] == {}


def test_deliveries_show_who_got_it_how_and_who_could_not_and_page(desk: Desk, world: World, owner: Who) -> None:
    people = [person(world, f"P{number}", telephone=f"+3161234560{number}") for number in range(5)]
    nowhere = person(world, "Nowhere")
    id_ = sent(desk, owner, *people, nowhere)
    every, cursor = [], None
    while True:
        page = owner.get(f"/messages/{id_}/deliveries", limit=2, **({"cursor": cursor} if cursor else {}))
        every += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(line["name"] for line in every) == ["Nowhere", "P0", "P1", "P2", "P3", "P4"]
    assert [line["name"] for line in owner.get(f"/messages/{id_}/deliveries", status="not_sent")["items"]] == ["Nowhere"]
    assert len(owner.get(f"/messages/{id_}/deliveries", status="accepted")["items"]) == 5
    owner.get(f"/messages/{id_}/deliveries", 422, cursor="WyJ4Il0")
    owner.get(f"/messages/{uuid4()}/deliveries", 404)


def test_traffic_says_who_sent_when_to_which_number_and_never_what(desk: Desk, world: World, owner: Who) -> None:
    sent(desk, owner, person(world, "Anna", telephone="+31612345678"))
    [record] = owner.get("/traffic", address="06 12345678")["items"]
    assert (record["channel"], record["address"], record["purge_after"]) == ("sms", "+31612345678", "2026-12-03")
    assert "Twee" not in str(record)
    assert owner.get("/traffic", until=str((NOW - timedelta(days=1)).date()))["items"] == []


def test_the_archive_is_for_senders_and_the_traffic_for_the_privacy_officer(desk: Desk, world: World, owner: Who) -> None:
    id_ = sent(desk, owner, person(world, "Anna", telephone="+31612345678"))
    for role, archive, traffic in (("sender", 200, 403), ("privacy_officer", 403, 200), ("employee", 403, 403), ("responder", 403, 403)):
        who = desk.member(role)
        who.get("/messages", archive)
        who.get(f"/messages/{id_}", archive)
        who.get("/traffic", traffic)


def test_another_organization_sees_nothing_of_it(desk: Desk, world: World, owner: Who) -> None:
    id_ = sent(desk, owner, person(world, "Anna", telephone="+31612345678"))
    other = Desk(World(world.database), desk.deps).member("owner")
    other.get(f"/messages/{id_}", 404)
    assert other.get("/messages")["items"] == []
    assert other.get("/traffic", address="+31612345678")["items"] == []


def test_choices_are_kept_checked_and_edited_on_what_was_seen(world: World, owner: Who) -> None:
    first = owner.get("/messaging-settings")
    assert (first["channels"], first["content_days"], first["countdown_s"]) == (["push", "sms", "email"], 90, 10)
    etag = owner.etag("/messaging-settings")
    chosen = first | {"channels": ["sms"], "content_days": 30, "sender_name": "Haven", "plan": {"channels": ["sms"], "rounds": 3}}
    assert owner.send("PUT", "/messaging-settings", chosen, match=etag) == chosen
    assert owner.get("/messaging-settings") == chosen
    owner.send("PUT", "/messaging-settings", chosen, 412, match=etag)
    again = owner.etag("/messaging-settings")
    wrong: list[dict[str, Any]] = [
        {"content_days": 0},
        {"countdown_s": 61},
        {"sender_name": "Zoë"},
        {"plan": {"rounds": 99}},
        {"channels": []},
    ]
    for bad in wrong:
        owner.send("PUT", "/messaging-settings", chosen | bad, 422, match=again)
    assert [row.content_days for row in world.rows(MessagingSettings)] == [30]
