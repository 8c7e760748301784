"""Privacy through the real application: members by cookie, phones by token, everybody for what is public."""

# ruff: noqa: ARG002 - stand-ins take what the real ones take

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts.models import Device
from app.accounts.service.identity import AccountsIdentity
from app.actor import Actor, Role, SessionClaim, new_device_token
from app.adapters.clock import SetClock
from app.config import Settings
from app.db.transaction import Database
from app.privacy import texts
from app.web.guards import SESSION_KEY
from tests.factories import application, deps_of
from tests.privacy.conftest import NOW, House

INSTRUCTION = {
    "signed_by": "A. Boss",
    "signed_role": "director",
    "purposes": ["attendance"],
    "legal_basis": "legitimate_interest",
    "notice_version": "1",
    "alternatives": ["kiosk"],
}
WEEK = {"weekdays": [1, 2, 3, 4, 5], "starts_at": "09:00", "ends_at": "17:00"}


class Somebody(AccountsIdentity):
    """Devices are known as ever; whoever holds a cookie is the member that the test set."""

    actor: Actor

    def session(self, token: str, now: Any) -> SessionClaim | None:
        return SessionClaim(UUID(int=1), UUID(int=2), self.actor.organization_id)

    def member(self, session: Any, claim: SessionClaim, now: Any) -> Actor | None:
        return self.actor

    def operator(self, session: Any, claim: SessionClaim, now: Any) -> Actor | None:
        return self.actor


@pytest.fixture
def identity(database: Database, settings: Settings) -> Somebody:
    return Somebody(database, settings)


@pytest.fixture
def app(database: Database, settings: Settings, identity: Somebody, published: None) -> Flask:
    return application(deps_of(settings=settings, database=database, clock=SetClock(NOW), identity=identity))


Be = Callable[..., FlaskClient]


@pytest.fixture
def be(app: Flask, identity: Somebody, house: House) -> Be:
    """Sign in as a person with roles; one at a time."""

    def sign_in(*roles: Role, person: UUID | None = None, kind: Any = "member") -> FlaskClient:
        organization_id = house.organization_id if kind == "member" else None
        identity.actor = Actor(kind, frozenset(roles), organization_id, person, UUID(int=2), UUID(int=1), modules=frozenset({"attendance"}))
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie[SESSION_KEY] = f"a token {uuid4()}"  # limits count by it, and Redis remembers earlier runs
        token = client.get("/api/v1/csrf-token").get_json()["csrf_token"]
        client.environ_base["HTTP_X_CSRF_TOKEN"] = token
        return client

    return sign_in


def switch_on(client: FlaskClient, **headers: str) -> TestResponse:
    return client.post("/api/v1/me/switch/on", json={"notice_version": "1", "locale": "nl"}, headers=headers)


def test_the_statement_and_the_notice_are_there_for_everybody(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/privacy?locale=en")
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert "Last changed: " in page.text
    assert client.get("/privacy.css").status_code == 200
    assert client.get("/privacy?version=0").status_code == 404
    assert client.get("/privacy?locale=fr").status_code == 422
    for address, kind in (("statement", "statement"), ("notice", "notice")):
        shown = client.get(f"/api/v1/privacy/{address}?locale=nl").get_json()
        assert shown["sha256"] == texts.current(kind, "nl").sha256  # type: ignore[arg-type]
    assert [version["version"] for version in client.get("/api/v1/privacy/statements").get_json()] == ["1"]


def test_an_owner_signs_and_withdraws_and_nobody_else_may(be: Be) -> None:
    assert be("manager").post("/api/v1/privacy/instructions", json=INSTRUCTION).status_code == 403
    owner = be("owner")
    signed = owner.post("/api/v1/privacy/instructions", json=INSTRUCTION)
    assert signed.status_code == 201
    assert len(signed.get_json()["warnings"]) == 1
    assert owner.post("/api/v1/privacy/instructions", json=INSTRUCTION).status_code == 409
    address = f"/api/v1/privacy/instructions/{signed.get_json()['id']}/withdraw"
    assert owner.post(address, json={"withdrawn_by": "A. Boss"}).get_json()["withdrawn_by"] == "A. Boss"
    assert owner.post(f"/api/v1/privacy/instructions/{uuid4()}/withdraw", json={"withdrawn_by": "A"}).status_code == 404
    again = owner.post("/api/v1/privacy/instructions", json=INSTRUCTION).get_json()
    newest = be("employee").get("/api/v1/privacy/instructions?limit=1").get_json()
    oldest = be("employee").get(f"/api/v1/privacy/instructions?limit=1&cursor={newest['next_cursor']}").get_json()
    assert [each["items"][0]["id"] for each in (newest, oldest)] == [again["id"], signed.get_json()["id"]]
    assert oldest["next_cursor"] is None


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"purposes": []}, "purposes"),
        ({"purposes": ["marketing"]}, "purposes.0"),
        ({"alternatives": []}, "alternatives"),
        ({"legal_basis": "because"}, "legal_basis"),
        ({"signed_by": " "}, "signed_by"),
    ],
)
def test_a_bad_instruction_is_refused_by_field(be: Be, changed: dict[str, Any], field: str) -> None:
    answer = be("owner").post("/api/v1/privacy/instructions", json=INSTRUCTION | changed)
    assert answer.status_code == 422
    assert field in answer.get_json()["errors"][0]["field"]


def test_a_person_switches_pauses_resumes_and_stops_and_reads_all_of_it(be: Be, house: House) -> None:
    client = be("employee", person=house.person())
    assert client.get("/api/v1/me/switch").get_json()["state"] == "off"
    assert switch_on(client).get_json()["state"] == "on"
    assert client.post("/api/v1/me/switch/pause", json={"hours": 2}).get_json()["paused_until"] == (
        NOW + timedelta(hours=2)
    ).isoformat().replace("+00:00", "Z")
    assert client.post("/api/v1/me/switch/pause", json={}).status_code == 422
    assert client.post("/api/v1/me/switch/resume").get_json()["state"] == "on"
    assert client.post("/api/v1/me/switch/off").get_json()["state"] == "off"
    first = client.get("/api/v1/me/switch/events?limit=2").get_json()
    second = client.get(f"/api/v1/me/switch/events?limit=200&cursor={first['next_cursor']}").get_json()
    assert [event["kind"] for event in first["items"] + second["items"]][:3] == ["off", "resume", "pause"]
    assert {event["kind"] for event in second["items"]} >= {"on", "device"}


def test_a_manager_has_no_way_to_see_somebody_elses_switch(be: Be, house: House) -> None:
    person, manager = house.person(), house.person()
    switch_on(be("employee", person=person))
    client = be("owner", "manager", person=manager)
    assert client.get("/api/v1/me/switch").get_json()["state"] == "off"
    assert client.get(f"/api/v1/me/switch?person_id={person}").get_json().get("state") in (None, "off")
    assert client.get("/api/v1/me/switch/events").get_json()["items"] == []


def test_a_phone_sets_the_switch_of_its_person_and_a_kiosk_has_none(app: Flask, be: Be, house: House, database: Database) -> None:
    token, hashed = new_device_token(house.organization_id)
    person = house.person(phones=0)
    with database.tenant(house.organization_id) as session:
        session.add(
            Device(
                organization_id=house.organization_id,
                person_id=person,
                kind="phone",
                client="native",
                name="p",
                token_hash=hashed,
                scopes=["pings"],
            )
        )
    bearer = {"Authorization": f"Bearer {token}"}
    client = app.test_client()
    assert switch_on(client, **bearer).get_json()["state"] == "on"
    assert client.get("/api/v1/me/switch/events", headers=bearer).get_json()["items"][0]["channel"] == "device"
    assert client.get("/api/v1/working-windows", headers=bearer).get_json()["items"] == []
    assert (
        client.get("/api/v1/me/switch", headers={"Authorization": f"Bearer {new_device_token(house.organization_id)[0]}"}).status_code
        == 401
    )


def test_windows_are_set_changed_and_ended_by_managers_and_read_by_whom_they_concern(be: Be, house: House) -> None:
    person, colleague = house.person(), house.person()
    manager = be("manager", person=house.person())
    for zone in ("Mars/Olympus", "../etc/passwd"):
        refused = manager.post("/api/v1/working-windows", json=WEEK | {"person_id": str(person), "timezone": zone})
        assert [error["field"] for error in refused.get_json()["errors"]] == ["timezone"]
    made = manager.post("/api/v1/working-windows", json=WEEK | {"person_id": str(person)})
    assert made.status_code == 201
    address = f"/api/v1/working-windows/{made.get_json()['id']}"
    assert be("employee", person=person).get(address).get_json() == made.get_json()
    assert be("employee", person=colleague).get(address).status_code == 404
    assert be("employee", person=colleague).get(f"/api/v1/working-windows?person_id={person}").status_code == 404
    assert be("employee", person=person).put(address, json=WEEK, headers={"If-Match": '"x"'}).status_code == 403
    manager = be("manager", person=house.person())
    assert manager.put(address, json=WEEK).status_code == 428
    assert manager.put(address, json=WEEK, headers={"If-Match": '"x"'}).status_code == 412
    changed = manager.put(address, json=WEEK | {"ends_at": "12:00"}, headers={"If-Match": manager.get(address).headers["ETag"]})
    assert (changed.status_code, changed.get_json()["ends_at"][:5]) == (200, "12:00")
    assert manager.get(address).status_code == 404
    assert manager.delete(f"/api/v1/working-windows/{changed.get_json()['id']}").status_code == 204
    assert manager.get("/api/v1/working-windows").get_json()["items"] == []


def test_an_operator_registers_an_organization_only_with_an_accepted_statement(be: Be, database: Database) -> None:
    operator = be("operator", kind="operator")
    new = {
        "name": "Acme",
        "contact_name": "A",
        "billing_address": "S 1",
        "telephone": "+31 20 1234567",
        "email": "a@example.org",
        "slug": f"acme-{uuid4().hex[:8]}",
    }
    assert operator.post("/api/v1/organizations", json=new).status_code == 422
    old = {"statement_version": "0", "locale": "en", "accepted_by": "A. Boss"}
    assert operator.post("/api/v1/organizations", json=new | {"statement": old}).status_code == 422
    made = operator.post("/api/v1/organizations", json=new | {"statement": old | {"statement_version": "1"}})
    assert made.status_code == 201
    assert made.get_json()["sign_in_name"] == f"owner@{new['slug']}"
    again = operator.post("/api/v1/organizations", json=new | {"statement": old | {"statement_version": "1"}})
    assert again.status_code == 409
    assert be("owner").post("/api/v1/organizations", json=new).status_code in (401, 403)


def test_the_banner_the_register_and_the_refusals_are_for_their_roles(be: Be) -> None:
    assert be("employee").get("/api/v1/privacy/statement/standing").get_json()["awaits"] is None
    accept = {"statement_version": "1", "locale": "nl", "accepted_by": "A. Boss"}
    assert be("manager").post("/api/v1/privacy/statement/acceptances", json=accept).status_code == 403
    assert be("owner").post("/api/v1/privacy/statement/acceptances", json=accept).status_code == 409
    assert be("manager").get("/api/v1/privacy/register").status_code == 403
    assert be("privacy_officer").get("/api/v1/privacy/register").status_code == 200
    assert be("manager").get("/api/v1/privacy/refusals?from=2026-06-01&until=2026-06-10").get_json() == []
    assert be("manager").get("/api/v1/privacy/refusals?from=2026-06-02&until=2026-06-01").status_code == 422
    assert be("employee").get("/api/v1/privacy/refusals?from=2026-06-01&until=2026-06-10").status_code == 403
