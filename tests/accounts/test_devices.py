"""Devices: a code, once; a token, until it is revoked; and what the hot path learns of them."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from flask.testing import FlaskClient

from app.accounts import service as accounts
from app.accounts.service import devices
from app.accounts.service.identity import AccountsIdentity
from app.actor import DeviceClaim
from app.adapters.clock import SetClock
from app.config import Settings
from app.db.transaction import Database
from app.errors import NotFound
from tests.accounts.scene import AddMember, Enter, Tenant, without_id


def enrolled(browser: FlaskClient, **body: object) -> dict[str, Any]:
    """The answer of a device that was just made."""
    code = browser.post("/api/v1/enrolments", json={"name": "phone"} | body).get_json()["code"]
    answer = browser.application.test_client().post("/api/v1/devices", json={"code": code})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def test_a_code_makes_one_device_of_its_person(owner: FlaskClient, tenant: Tenant) -> None:
    made = owner.post("/api/v1/enrolments", json={"name": "phone"}).get_json()
    assert made["qr_svg"].startswith("<svg")
    anybody = owner.application.test_client()
    typed = made["code"].upper().replace("-", " ")
    first, second = (anybody.post("/api/v1/devices", json={"code": typed}) for _ in range(2))
    assert first.status_code == 201
    assert first.get_json()["device"]["person_id"] == str(tenant.owner_id)
    assert first.get_json()["token"].startswith(f"{tenant.id}.") or first.get_json()["token"].startswith(f"m{tenant.id}.")
    assert second.status_code == 404
    assert without_id(second) == without_id(anybody.post("/api/v1/devices", json={"code": "zzzzz-zzzzz"}))


def test_a_code_is_worth_nothing_after_a_quarter_of_an_hour(owner: FlaskClient, clock: SetClock) -> None:
    code = owner.post("/api/v1/enrolments", json={"name": "phone"}).get_json()["code"]
    clock.move(timedelta(minutes=15))
    assert owner.application.test_client().post("/api/v1/devices", json={"code": code}).status_code == 404


def test_codes_cannot_be_guessed_quickly(owner: FlaskClient) -> None:
    anybody = owner.application.test_client()
    codes = [anybody.post("/api/v1/devices", json={"code": "zzzzz-zzzzz"}).status_code for _ in range(21)]
    assert codes == [404] * 20 + [429]


def test_neither_code_nor_token_nor_passphrase_is_stored(owner: FlaskClient, pg: "psycopg.Connection[tuple[object, ...]]") -> None:
    code = owner.post("/api/v1/enrolments", json={"name": "phone", "client": "owntracks"}).get_json()["code"]
    made = owner.application.test_client().post("/api/v1/devices", json={"code": code}).get_json()
    unused = owner.post("/api/v1/enrolments", json={"name": "phone"}).get_json()["code"]
    rows = pg.execute(
        "SELECT t::text FROM device t UNION ALL SELECT t::text FROM enrolment t UNION ALL SELECT t::text FROM credential t"
    ).fetchall()
    secrets = [code, code.replace("-", ""), unused.replace("-", ""), made["token"], made["setup"]["passphrase"]]
    hexed = [secret.encode().hex() for secret in secrets]
    assert rows
    assert not [1 for (row,) in rows for secret in [*secrets, *hexed] if secret in str(row)]


def test_an_employee_enrols_only_their_own_phone(tenant: Tenant, owner: FlaskClient, add_member: AddMember, enter: Enter) -> None:
    added = add_member(tenant, "Emma Employee")
    emma = enter(added.sign_in_name, added.one_time_password)
    site = owner.post("/api/v1/sites", json={"name": "Quay"}).get_json()["id"]
    assert emma.post("/api/v1/enrolments", json={"name": "phone", "person_id": str(tenant.owner_id)}).status_code == 404
    assert emma.post("/api/v1/enrolments", json={"name": "gate", "site_id": site}).status_code == 404
    assert enrolled(emma)["device"]["person_id"] == emma.get("/api/v1/session").get_json()["person_id"]
    theirs = enrolled(owner)["device"]["id"]
    assert len(emma.get("/api/v1/devices").get_json()["items"]) == 1
    assert [emma.open(f"/api/v1/devices/{theirs}", method=method).status_code for method in ("GET", "DELETE")] == [404, 404]


def test_a_kiosk_belongs_to_a_site_and_sends_no_pings(owner: FlaskClient) -> None:
    site = owner.post("/api/v1/sites", json={"name": "Quay"}).get_json()["id"]
    kiosk = enrolled(owner, name="gate", site_id=site)["device"]
    assert (kiosk["kind"], kiosk["scopes"], kiosk["person_id"]) == ("kiosk", ["kiosk", "visitors"], None)


def test_other_apps_are_set_up_by_a_link_a_code_and_a_file(owner: FlaskClient) -> None:
    setup = enrolled(owner, client="owntracks")["setup"]
    assert setup["link"].startswith("owntracks:///config?inline=")
    assert setup["passphrase"]
    made = enrolled(owner, client="traccar")
    assert made["setup"]["link"].startswith("org.traccar.client://config?url=")
    assert str(made["token"]) in made["setup"]["link"]


def test_a_device_is_renamed_and_revoked_at_once(owner: FlaskClient, database: Database, settings: Settings, clock: SetClock) -> None:
    made = enrolled(owner)
    path = f"/api/v1/devices/{made['device']['id']}"
    etag = owner.get(path).headers["ETag"]
    assert owner.put(path, json={"name": "old phone"}, headers={"If-Match": etag}).get_json()["name"] == "old phone"
    claim = DeviceClaim.read(str(made["token"]))
    assert claim is not None
    identity = AccountsIdentity(database, settings)
    with database.tenant(claim.organization_id) as session:
        actor = identity.device(session, claim, clock.now())
    assert actor is not None
    assert actor.scopes == {"pings", "punches"}
    assert actor.modules == {"attendance", "geofence"}
    assert owner.delete(path).status_code == 204
    with database.tenant(claim.organization_id) as session:
        assert identity.device(session, claim, clock.now()) is None


def test_a_token_opens_nothing_under_the_number_of_another_organization(
    owner: FlaskClient, other: Tenant, database: Database, settings: Settings, clock: SetClock
) -> None:
    claim = DeviceClaim.read(str(enrolled(owner)["token"]))
    assert claim is not None
    stolen = DeviceClaim(other.id, claim.token_sha256)
    with database.tenant(other.id) as session:
        assert AccountsIdentity(database, settings).device(session, stolen, clock.now()) is None


def test_the_hot_path_learns_device_and_dated_groups_in_one_round_trip(
    owner: FlaskClient, tenant: Tenant, database: Database, settings: Settings, clock: SetClock
) -> None:
    made = enrolled(owner, client="owntracks")
    group = owner.post("/api/v1/groups", json={"name": "Night shift"}).get_json()["id"]
    owner.put(f"/api/v1/groups/{group}/people/{tenant.owner_id}")
    clock.move(timedelta(hours=1))
    owner.delete(f"/api/v1/groups/{group}/people/{tenant.owner_id}")
    claim = DeviceClaim.read(str(made["token"]))
    assert claim is not None
    parameters = {"organization_id": claim.organization_id, "token_hash": claim.token_sha256}
    query = f"SELECT d.*, {accounts.groups_sql('d.person_id')} FROM ({accounts.DEVICE_OF_TOKEN}) d".encode()
    with database.hot(tenant.id) as connection:
        row = connection.execute(query, parameters).fetchone()
    assert row is not None
    device, memberships = accounts.device_of(row), accounts.groups_of(row[-1])
    assert (str(device.device_id), device.person_id, device.client) == (made["device"]["id"], tenant.owner_id, "owntracks")
    assert accounts.passphrase_of(settings.secret_key, device.payload_key) == made["setup"]["passphrase"]
    assert [(str(found), until_ms - from_ms) for found, from_ms, until_ms in memberships if until_ms] == [(group, 3_600_000)]
    parameters["token_hash"] = b"\0" * 32
    with database.hot(tenant.id) as connection:
        assert connection.execute(query, parameters).fetchone() is None


def test_a_passphrase_is_unreadable_under_another_secret() -> None:
    sealed = devices.seal("a" * 32, "words")
    assert devices.passphrase_of("a" * 32, sealed) == "words"
    assert devices.passphrase_of("b" * 32, sealed) is None
    assert devices.passphrase_of("a" * 32, None) is None
    assert sealed != devices.seal("a" * 32, "words")


@pytest.mark.parametrize("body", [{"name": "x", "client": "owntracks", "site_id": "SITE"}, {"name": ""}, {"name": "x", "client": "nokia"}])
def test_an_enrolment_that_makes_no_sense_names_the_field(owner: FlaskClient, body: dict[str, str]) -> None:
    site = owner.post("/api/v1/sites", json={"name": "Quay"}).get_json()["id"]
    answer = owner.post("/api/v1/enrolments", json={key: site if value == "SITE" else value for key, value in body.items()})
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["field"] in {"client", "name"}


def test_two_phones_that_send_one_code_at_once_become_one_device(
    database: Database, settings: Settings, tenant: Tenant, clock: SetClock
) -> None:
    with database.tenant(tenant.id) as session:
        _, code = devices.create_enrolment(session, tenant.id, devices.NewEnrolment("phone", person_id=tenant.owner_id), clock.now())
    with database.tenant(tenant.id) as session:  # both were told the organization before either used the code
        devices.activate(session, tenant.id, code, clock.now(), settings.secret_key)
    with pytest.raises(NotFound), database.tenant(tenant.id) as session:
        devices.activate(session, tenant.id, code, clock.now(), settings.secret_key)


def test_a_code_is_forgotten_a_month_after_it_expired_and_its_device_stays(
    owner: FlaskClient, tenant: Tenant, database: Database, clock: SetClock
) -> None:
    made = enrolled(owner)
    for days, gone in ((29, 0), (31, 1)):
        with database.tenant(tenant.id) as session:
            assert devices.forget_enrolments(session, tenant.id, clock.now() + timedelta(days=days)) == gone
    assert owner.get(f"/api/v1/devices/{made['device']['id']}").status_code == 200
