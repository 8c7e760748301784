"""Agreements with versions, and a deny list that names nobody, over HTTP."""

import hashlib
from base64 import b64encode
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from PIL import Image

from app.accounts.models import OrganizationModule
from app.accounts.service import AccountsIdentity
from app.adapters.clock import SetClock
from app.config import Settings
from app.db.transaction import Database
from app.visitors.models import AgreementSignature, DenyEntry, Visit, VisitType
from app.visitors.retention import forget_expired
from tests.attendance.desk import API, Desk, Who
from tests.factories import NOW, World, deps_of


@pytest.fixture
def world(database: Database) -> World:
    world = World(database)
    world.add(OrganizationModule(module="visitors"))
    return world


@pytest.fixture
def desk(world: World, settings: Settings, database: Database) -> Desk:
    return Desk(world, deps_of(settings=settings, database=database, clock=SetClock(NOW), identity=AccountsIdentity(database, settings)))


@pytest.fixture
def owner(desk: Desk) -> Who:
    return desk.member("owner")


@pytest.fixture
def kiosk(desk: Desk) -> FlaskClient:
    return desk.kiosk()[1]


def kind(world: World, **facts: Any) -> UUID:
    found = uuid4()
    world.add(VisitType(id=found, **{"name": f"Kind {found}", "kind": "visitor", **facts}))
    return found


def walk_in(kiosk: FlaskClient, of: UUID, name: str, status: int = 201, **more: Any) -> Any:
    body = {"id": str(uuid4()), "locale": "nl", "walk_in": {"name": name, "visit_type_id": str(of)}, **more}
    answer = kiosk.post(f"{API}/kiosk/visits/arrival", json=body)
    assert answer.status_code == status, answer.text
    return answer.get_json()


def test_other_texts_are_a_new_version_that_is_signed_anew(desk: Desk, owner: Who, kiosk: FlaskClient) -> None:
    texts = {"nl": "Loop rustig.", "en": "Walk calmly."}
    made = owner.post("/agreements", {"name": "Safety", "texts": texts})
    assert made["sha256"] == {locale: hashlib.sha256(said.encode()).hexdigest() for locale, said in texts.items()}
    assert (made["number"], made["keep_days"]) == (1, 365)
    of = kind(desk.world, agreement_ids=[UUID(made["id"])])
    signed = {"version_id": made["version_id"], "locale": "nl", "sha256": made["sha256"]["nl"]}
    walk_in(kiosk, of, "Bob Walker", 422)
    walk_in(kiosk, of, "Bob Walker", agreed=[signed])
    path = f"/agreements/{made['id']}"
    same = owner.send("PATCH", path, {"texts": texts, "keep_days": 20}, match=owner.etag(path))
    assert (same["number"], same["keep_days"]) == (1, 20)
    newer = owner.send("PATCH", path, {"texts": texts | {"nl": "Ren niet."}}, match=owner.etag(path))
    assert newer["number"] == 2
    walk_in(kiosk, of, "Cas Walker", 422, agreed=[signed])
    assert [one["texts"]["nl"] for one in owner.get(f"{path}/versions")] == ["Ren niet.", "Loop rustig."]
    (signature,) = desk.world.rows(AgreementSignature)
    assert (str(signature.version_id), signature.locale, signature.sha256) == (made["version_id"], "nl", made["sha256"]["nl"])
    owner.post("/agreements", {"name": "Safety", "texts": texts}, 409)
    owner.post("/agreements", {"name": "None", "texts": {}}, 422)
    owner.send("POST", f"{path}/retirement")
    owner.send("POST", f"{path}/retirement", status=409)
    walk_in(kiosk, of, "Dee Walker")


def test_a_denied_name_counts_when_a_second_person_wrote_it_and_nobody_at_the_kiosk_can_tell(
    desk: Desk, owner: Who, kiosk: FlaskClient
) -> None:
    of = kind(desk.world)
    until = (NOW + timedelta(days=100)).date().isoformat()
    entry = owner.post("/deny-list", {"name": "Mal de Vries", "reason": "theft", "expires_on": until})
    assert "name" not in entry
    assert owner.post("/deny-list", {"name": "mal DE vries", "reason": "theft", "expires_on": until})["id"] == entry["id"]
    assert walk_in(kiosk, of, "Mal de Vries")["state"] == "on_site"
    path = f"/deny-list/{entry['id']}/approval"
    owner.post(path, {"name": "Mal de Vries"}, 409)
    second = desk.member("privacy_officer")
    second.post(path, {"name": "Someone Else"}, 422)
    assert second.post(path, {"name": "mal de vries"}, 200)["approved_by"] == str(second.person_id)
    second.post(path, {"name": "mal de vries"}, 409)
    stopped = walk_in(kiosk, of, "Mal de Fries")
    waiting = walk_in(kiosk, kind(desk.world, approval=True), "Nice Person")
    assert {name: value for name, value in stopped.items() if name not in {"visit_id", "name"}} == {
        name: value for name, value in waiting.items() if name not in {"visit_id", "name"}
    }
    assert (stopped["state"], stopped["badge"], stopped["host"]) == ("waiting", False, None)
    assert {visit.stopped for visit in desk.world.rows(Visit) if visit.state == "waiting"} == {True, False}
    assert [one["hits"] for one in owner.get("/deny-list")] == [1]
    assert walk_in(kiosk, of, "Piet Bakker")["state"] == "on_site"
    owner.send("DELETE", f"/deny-list/{entry['id']}", status=204)
    owner.send("DELETE", f"/deny-list/{entry['id']}", status=404)
    assert desk.world.rows(DenyEntry) == []


@pytest.mark.parametrize("days", [0, 366])
def test_an_entry_has_an_end_within_a_year(owner: Who, days: int) -> None:
    until = (NOW + timedelta(days=days)).date().isoformat()
    owner.post("/deny-list", {"name": "Mal Adroit", "reason": "other", "expires_on": until}, 422)


def test_runs_of_deletion_can_be_shown(desk: Desk, owner: Who) -> None:
    for day in range(3):
        forget_expired(desk.deps, desk.world.organization_id, NOW + timedelta(days=day))
    first = owner.get("/visit-retention", limit=2)
    rest = owner.get("/visit-retention", limit=2, cursor=first["next_cursor"])
    cutoffs = [one["cutoff"] for one in first["items"] + rest["items"]]
    assert cutoffs == [(NOW + timedelta(days=day)).date().isoformat() for day in (2, 1, 0)]
    assert rest["next_cursor"] is None
    assert first["items"][0]["counts"]["visitors"] == 0


def picture() -> str:
    raw = BytesIO()
    Image.new("RGB", (60, 80), "teal").save(raw, "JPEG")
    return b64encode(raw.getvalue()).decode()


def with_photo(desk: Desk, kiosk: FlaskClient) -> tuple[UUID, str]:
    """A kind of visit that asks a company for five days and a photo for one; a visitor of it."""
    ask = {"purpose": {"nl": "badge"}, "required": False}
    of = kind(desk.world, name="Guests", fields={"company": ask | {"days": 5}, "photo": ask | {"days": 1}})
    return of, walk_in(kiosk, of, "Ann Visitor", fields={"company": "Acme", "photo": picture()})["visit_id"]


def test_a_photo_is_shown_to_who_receives_and_to_nobody_else_and_is_kept_by_no_cache(desk: Desk, owner: Who, kiosk: FlaskClient) -> None:
    _, visit = with_photo(desk, kiosk)
    shown = desk.member("reception").get(f"/visits/{visit}")
    assert shown["fields"] == {"company": "Acme"}
    assert shown["fields_delete_on"] == {"company": "2026-06-09", "photo": "2026-06-05"}
    answer = desk.member("reception").client.get(f"{API}/visits/{visit}/photo")
    assert (answer.content_type, answer.headers["Cache-Control"], answer.data[:3]) == ("image/jpeg", "private, no-store", b"\xff\xd8\xff")
    desk.member("employee").get(f"/visits/{visit}/photo", 403)
    desk.member("privacy_officer").get(f"/visits/{visit}/photo", 403)
    owner.get(f"/visits/{walk_in(kiosk, kind(desk.world), 'Bob')['visit_id']}/photo", 404)


def test_a_run_says_how_many_of_each_field_and_of_each_kind_of_visit_went(desk: Desk, kiosk: FlaskClient) -> None:
    with_photo(desk, kiosk)
    walk_in(kiosk, kind(desk.world, name="Drivers"), "Bob")
    for days in (2, 60):
        forget_expired(desk.deps, desk.world.organization_id, NOW + timedelta(days=days))
    last, first = desk.member("privacy_officer").get("/visit-retention")["items"]
    assert (first["fields"], first["types"], first["counts"]["fields"]) == ({"photo": 1}, [], 1)
    assert last["fields"] == {"company": 1}
    assert last["types"] == [{"name": "Drivers", "visits": 1}, {"name": "Guests", "visits": 1}]
    assert (last["counts"]["visits"], last["counts"]["visitors"]) == (2, 2)


@pytest.mark.parametrize("size", ["pdf", "label"])
def test_who_is_on_site_gets_a_badge_and_who_waits_does_not(desk: Desk, owner: Who, kiosk: FlaskClient, size: str) -> None:
    came = walk_in(kiosk, kind(desk.world), "Zoë 王伟 🙂")["visit_id"]
    badge = owner.client.get(f"{API}/visits/{came}/badge?format={size}")
    assert (badge.status_code, badge.content_type, badge.data[:5]) == (200, "application/pdf", b"%PDF-")
    waits = walk_in(kiosk, kind(desk.world, approval=True), "Nice Person")["visit_id"]
    owner.get(f"/visits/{waits}/badge", 409)
    owner.get(f"/visits/{uuid4()}/badge", 404)
