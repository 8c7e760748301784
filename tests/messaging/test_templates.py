"""Words prepared ahead: fields are checked, and no version is ever overwritten."""

from typing import Any
from uuid import uuid4

import pytest

from tests.attendance.desk import Desk, Who
from tests.factories import World

TEXTS = {"nl": {"subject": "Vergadering", "body": "Om {time} in {room}"}, "en": {"subject": "Meeting", "body": "At {time} in {room}"}}


@pytest.fixture
def owner(desk: Desk) -> Who:
    return desk.member("owner")


def made(owner: Who, texts: Any = TEXTS, name: str = "Meeting") -> str:
    return str(owner.post("/message-templates", {"name": name, "texts": texts})["id"])


def test_a_template_shows_its_words_and_the_fields_in_them(owner: Who) -> None:
    template = owner.get(f"/message-templates/{made(owner)}")
    assert (template["texts"], template["fields"], template["number"]) == (TEXTS, ["time", "room"], 1)
    assert [line["number"] for line in owner.get("/message-templates")["items"]] == [1]


def test_other_words_are_a_new_version_and_the_old_one_stays(owner: Who) -> None:
    path = f"/message-templates/{made(owner)}"
    changed = {"nl": {"subject": "", "body": "Afgelast"}}
    edited = owner.send("PATCH", path, {"texts": changed}, match=owner.etag(path))
    assert (edited["number"], edited["fields"], edited["name"]) == (2, [], "Meeting")
    same = owner.send("PATCH", path, {"name": "Cancelled", "texts": changed}, match=owner.etag(path))
    assert (same["number"], same["name"]) == (2, "Cancelled")
    assert [(one["number"], one["texts"]) for one in owner.get(f"{path}/versions")] == [(2, changed), (1, TEXTS)]
    owner.send("PATCH", path, {"name": "Late"}, 412, match='"old"')


def test_the_words_are_sealed_in_the_database(owner: Who, world: World, pg: Any) -> None:
    made(owner, {"en": {"subject": "", "body": "CANARY-TEMPLATE"}})
    [[sealed]] = pg.execute(
        "SELECT sealed_texts FROM message_template_version WHERE organization_id = %s", [world.organization_id]
    ).fetchall()
    assert b"CANARY" not in sealed
    kept = pg.execute("SELECT body FROM idempotency_key WHERE organization_id = %s", [world.organization_id]).fetchall()
    assert all(body is None for [body] in kept)


def test_a_retired_template_is_not_sent_from_and_can_be_restored(owner: Who) -> None:
    template = made(owner)
    owner.post(f"/message-templates/{template}/retirement", status=200)
    owner.post(f"/message-templates/{template}/retirement", status=409)
    body = {"template": {"id": template, "fields": {"time": "9:00", "room": "A"}}, "target": {"everyone": True}}
    owner.post("/messages/preview", body, 409)
    assert owner.get("/message-templates")["items"] == []
    assert len(owner.get("/message-templates", retired="true")["items"]) == 1
    owner.post(f"/message-templates/{template}/restoration", status=200)
    owner.post("/messages/preview", body, 200)


@pytest.mark.parametrize(
    ("texts", "field"),
    [
        ({"nl": {"body": "Om {time"}}, "texts.nl.body"),
        ({"nl": {"subject": "{}", "body": "x"}}, "texts.nl.subject"),
        ({"nl": {"body": "{Time}"}}, "texts.nl.body"),
        ({"nl": {"body": "{time.__class__}"}}, "texts.nl.body"),
        ({"nl": {"body": " "}}, "texts.nl.body"),
        ({"nl": {"body": "x" * 4_001}}, "texts.nl.body"),
        ({"fr": {"body": "x"}}, "texts.fr.[key]"),
        ({}, "texts"),
    ],
)
def test_words_that_could_not_be_filled_in_are_refused_by_place(owner: Who, texts: Any, field: str) -> None:
    [error] = owner.post("/message-templates", {"name": "Odd", "texts": texts}, 422)["errors"]
    assert error["field"] == field
    assert error["next_step"]


def test_two_templates_cannot_have_one_name(owner: Who) -> None:
    made(owner)
    owner.post("/message-templates", {"name": "Meeting", "texts": TEXTS}, 409)


def test_every_missing_and_every_unknown_field_is_named_before_anything_is_sent(owner: Who) -> None:
    template = made(owner)
    body = {"template": {"id": template, "fields": {"time": " ", "rom": "A"}}, "target": {"everyone": True}}
    errors = owner.post("/messages", body, 422)["errors"]
    assert [error["field"] for error in errors] == ["template.fields.time", "template.fields.room", "template.fields.rom"]
    assert owner.get("/messages")["items"] == []
    owner.post("/messages", {**body, "template": {"id": str(uuid4()), "fields": {}}}, 404)


def test_only_who_sends_may_prepare(desk: Desk) -> None:
    responder, employee = desk.member("responder"), desk.member("employee")
    assert responder.get("/message-templates")["items"] == []
    responder.post("/message-templates", {"name": "X", "texts": TEXTS}, 403)
    employee.get("/message-templates", 403)
