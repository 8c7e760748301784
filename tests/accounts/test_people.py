"""Organizations, sites, people, groups and members, through the real routes."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from structlog.testing import capture_logs

from app.accounts import service as accounts
from app.accounts.service import groups, hooks, people
from app.adapters.clock import SetClock
from app.config import Settings
from app.db.transaction import Database
from app.errors import Conflict
from tests.accounts.scene import NOW, AddMember, Enter, Tenant, without_id

ABSENT = "00000000-0000-7000-8000-000000000000"


def made(client: FlaskClient, path: str, **body: object) -> str:
    answer = client.post(f"/api/v1/{path}", json=body)
    assert answer.status_code == 201, answer.text
    found: str = answer.get_json()["id"]
    return found


def test_an_organization_keeps_its_five_facts_and_nothing_else_is_asked(owner: FlaskClient, tenant: Tenant) -> None:
    answer = owner.get("/api/v1/organization")
    assert answer.get_json()["slug"] == tenant.slug
    edit = {key: answer.get_json()[key] for key in ("name", "contact_name", "billing_address", "telephone", "email", "timezone", "locale")}
    changed = owner.put(
        "/api/v1/organization", json=edit | {"telephone": "0031 (0)10-765 43 21"}, headers={"If-Match": answer.headers["ETag"]}
    )
    assert changed.get_json()["telephone"] == "+31107654321"
    late = owner.put("/api/v1/organization", json=edit, headers={"If-Match": answer.headers["ETag"]})
    assert late.status_code == 412


@pytest.mark.parametrize(
    ("field", "value"), [("telephone", "010-7654321"), ("email", "office"), ("timezone", "Mars/Base"), ("locale", "fr"), ("name", " ")]
)
def test_a_wrong_fact_is_named(owner: FlaskClient, field: str, value: str) -> None:
    answer = owner.get("/api/v1/organization")
    edit = {key: answer.get_json()[key] for key in ("name", "contact_name", "billing_address", "telephone", "email", "timezone", "locale")}
    refused = owner.put("/api/v1/organization", json=edit | {field: value}, headers={"If-Match": answer.headers["ETag"]})
    assert refused.status_code == 422
    assert [error["field"] for error in refused.get_json()["errors"]] == [field]


def test_two_organizations_never_share_a_slug(database: Database, settings: Settings, tenant: Tenant) -> None:
    new = accounts.NewOrganization("Acme", "Olga", "Kade 1", "+31101234567", "a@b.example", slug=tenant.slug)
    with database.identity() as session:
        organization_id = accounts.next_organization_id(session)
    with pytest.raises(Conflict), database.tenant(organization_id) as session:
        accounts.create_organization(session, organization_id, new, NOW, settings)


def test_modules_are_switched_as_a_whole(owner: FlaskClient) -> None:
    before = owner.get("/api/v1/organization/modules")
    assert before.get_json()["modules"] == ["attendance", "geofence"]
    answer = owner.put("/api/v1/organization/modules", json={"modules": ["geofence"]}, headers={"If-Match": before.headers["ETag"]})
    assert answer.get_json()["modules"] == ["geofence"]
    assert owner.get("/api/v1/session").get_json()["modules"] == ["geofence"]


def test_a_site_is_made_once_retired_and_taken_back(owner: FlaskClient) -> None:
    site = made(owner, "sites", name="Quay")
    assert owner.post("/api/v1/sites", json={"name": "Quay"}).status_code == 409
    etag = owner.get(f"/api/v1/sites/{site}").headers["ETag"]
    answer = owner.post(f"/api/v1/sites/{site}/retire", headers={"If-Match": etag})
    assert answer.get_json()["retired_at"] is not None
    assert owner.post(f"/api/v1/sites/{site}/retire", headers={"If-Match": answer.headers["ETag"]}).status_code == 409
    renamed = owner.put(f"/api/v1/sites/{site}", json={"name": "Quay 2"}, headers={"If-Match": answer.headers["ETag"]})
    assert renamed.get_json()["retired_at"] is not None, "a new name takes nothing back into use"
    assert owner.get("/api/v1/sites").get_json()["items"] == []
    assert [row["id"] for row in owner.get("/api/v1/sites?retired=true").get_json()["items"]] == [site]
    back = owner.post(f"/api/v1/sites/{site}/restore", headers={"If-Match": renamed.headers["ETag"]})
    assert (back.get_json()["name"], back.get_json()["retired_at"]) == ("Quay 2", None)
    assert owner.post(f"/api/v1/sites/{site}/restore", headers={"If-Match": back.headers["ETag"]}).status_code == 409


def test_people_are_paged_without_loss_or_repetition(owner: FlaskClient) -> None:
    ids = {made(owner, "people", name=f"Person {n}") for n in range(5)}
    seen: list[str] = []
    cursor = ""
    while True:
        answer = owner.get(f"/api/v1/people?limit=2{cursor}").get_json()
        seen += [row["id"] for row in answer["items"]]
        if answer["next_cursor"] is None:
            break
        cursor = f"&cursor={answer['next_cursor']}"
    assert len(seen) == len(set(seen)) == 6
    assert ids < set(seen)


def test_a_person_is_found_by_a_piece_of_text_taken_literally(owner: FlaskClient) -> None:
    made(owner, "people", name="Anne 100%")
    made(owner, "people", name="Bert 1000")
    assert [row["name"] for row in owner.get("/api/v1/people?q=100%25").get_json()["items"]] == ["Anne 100%"]


def test_a_telephone_number_alone_is_enough_and_nothing_is_not(owner: FlaskClient) -> None:
    made(owner, "people", telephone="+31 6 1234 5678")
    assert owner.post("/api/v1/people", json={"email": "a@b.example"}).status_code == 422


def test_an_employee_number_belongs_to_one_person(owner: FlaskClient) -> None:
    made(owner, "people", name="Anne", employee_number="7")
    assert owner.post("/api/v1/people", json={"name": "Bert", "employee_number": "7"}).status_code == 409


def test_everything_of_another_organization_looks_absent(owner: FlaskClient, other: Tenant, enter: Enter) -> None:
    stranger = enter(other.sign_in_name, other.one_time_password)
    person, group, site = (
        made(stranger, "people", name="Theirs"),
        made(stranger, "groups", name="Theirs"),
        made(stranger, "sites", name="Theirs"),
    )
    member = stranger.get("/api/v1/members").get_json()["items"][0]["id"]
    mine = made(owner, "groups", name="Mine")
    for method, path, foreign in [
        ("GET", "people/{}", person),
        ("POST", "people/{}/leave", person),
        ("GET", "groups/{}", group),
        ("GET", "groups/{}/people", group),
        ("PUT", f"groups/{mine}/people/{{}}", person),
        ("GET", "sites/{}", site),
        ("GET", "members/{}", member),
        ("DELETE", "members/{}", member),
        ("POST", "members/{}/one-time-password", member),
    ]:
        answers = [owner.open(f"/api/v1/{path.format(found)}", method=method) for found in (foreign, ABSENT)]
        assert [answer.status_code for answer in answers] == [404, 404], path
        assert without_id(answers[0]) == without_id(answers[1])
    for body in ({"site_id": site}, {"site_id": ABSENT}):
        assert owner.post("/api/v1/people", json={"name": "Anne"} | body).status_code == 422


def test_an_employee_sees_only_themselves(tenant: Tenant, owner: FlaskClient, add_member: AddMember, enter: Enter) -> None:
    added = add_member(tenant, "Emma Employee")
    someone = made(owner, "people", name="Someone else")
    group = made(owner, "groups", name="Night shift")
    emma = enter(added.sign_in_name, added.one_time_password)
    me = emma.get("/api/v1/session").get_json()["person_id"]
    assert [row["id"] for row in emma.get("/api/v1/people").get_json()["items"]] == [me]
    assert emma.get(f"/api/v1/people/{me}").status_code == 200
    assert without_id(emma.get(f"/api/v1/people/{someone}")) == without_id(emma.get(f"/api/v1/people/{ABSENT}"))
    assert emma.get("/api/v1/groups").get_json()["items"] == []
    assert emma.get(f"/api/v1/groups/{group}").status_code == 404
    assert emma.get("/api/v1/members").status_code == 403


def test_roles_hold_from_the_next_request_on(tenant: Tenant, owner: FlaskClient, add_member: AddMember, enter: Enter) -> None:
    added = add_member(tenant, "Max Manager", "manager")
    manager = enter(added.sign_in_name, added.one_time_password)
    assert manager.get("/api/v1/members").status_code == 200
    etag = owner.get(f"/api/v1/members/{added.member_id}").headers["ETag"]
    answer = owner.put(f"/api/v1/members/{added.member_id}/roles", json={"roles": ["employee"]}, headers={"If-Match": etag})
    assert answer.get_json()["roles"] == ["employee"]
    assert manager.get("/api/v1/members").status_code == 403


def test_the_last_owner_can_neither_end_nor_step_down_nor_leave(tenant: Tenant, owner: FlaskClient) -> None:
    member = owner.get("/api/v1/members").get_json()["items"][0]
    path = f"/api/v1/members/{member['id']}"
    assert owner.delete(path).status_code == 409
    etag = owner.get(path).headers["ETag"]
    assert owner.put(f"{path}/roles", json={"roles": ["manager"]}, headers={"If-Match": etag}).status_code == 409
    assert owner.post(f"/api/v1/people/{member['person_id']}/leave").status_code == 409


def test_ending_a_member_ends_their_sessions_and_devices_at_once(
    tenant: Tenant, owner: FlaskClient, add_member: AddMember, enter: Enter
) -> None:
    added = add_member(tenant, "Emma Employee")
    emma = enter(added.sign_in_name, added.one_time_password)
    code = emma.post("/api/v1/enrolments", json={"name": "phone"}).get_json()["code"]
    emma.post("/api/v1/devices", json={"code": code})
    unused = emma.post("/api/v1/enrolments", json={"name": "phone"}).get_json()["code"]
    assert owner.delete(f"/api/v1/members/{added.member_id}").status_code == 204
    assert emma.get("/api/v1/session").status_code == 401
    assert owner.get("/api/v1/devices").get_json()["items"] == []
    assert owner.application.test_client().post("/api/v1/devices", json={"code": unused}).status_code == 404


def test_a_reset_ends_the_sessions_and_gives_a_password_for_once(
    tenant: Tenant, owner: FlaskClient, add_member: AddMember, enter: Enter
) -> None:
    added = add_member(tenant, "Emma Employee")
    emma = enter(added.sign_in_name, added.one_time_password)
    with capture_logs() as logged:
        reset = owner.post(f"/api/v1/members/{added.member_id}/one-time-password")
    assert [line["member_id"] for line in logged if line["event"] == "password_reset"] == [str(added.member_id)]
    assert reset.get_json()["one_time_password"] not in repr(logged)
    assert emma.get("/api/v1/session").status_code == 401
    again = enter(added.sign_in_name, reset.get_json()["one_time_password"])
    assert again.get("/api/v1/session").get_json()["must_change_password"] is False


def test_the_one_time_password_is_not_kept_for_a_repeated_request(owner: FlaskClient) -> None:
    person = made(owner, "people", name="Emma Employee")
    body = {"person_id": person, "roles": ["employee"]}
    first, second = (owner.post("/api/v1/members", json=body, headers={"Idempotency-Key": "k1"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 409)
    assert "one_time_password" not in second.get_json()


def test_memberships_of_groups_are_dated_and_told_to_whoever_joined(
    database: Database, tenant: Tenant, owner: FlaskClient, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, list[UUID], datetime]] = []
    hook = hooks.Hook()
    hook.join(lambda _session, organization_id, people, now: told.append((organization_id, list(people), now)))
    monkeypatch.setattr(groups, "groups_changed", hook)
    person, group = made(owner, "people", name="Anne"), made(owner, "groups", name="Night shift")
    path = f"/api/v1/groups/{group}/people/{person}"
    assert [owner.put(path).status_code for _ in range(2)] == [204, 204]
    clock.move(timedelta(hours=2))
    assert [owner.delete(path).status_code for _ in range(2)] == [204, 404]
    clock.move(timedelta(hours=1))
    owner.put(path)
    etag = owner.get(f"/api/v1/groups/{group}").headers["ETag"]
    retired = owner.post(f"/api/v1/groups/{group}/retire", headers={"If-Match": etag})
    restored = owner.post(f"/api/v1/groups/{group}/restore", headers={"If-Match": retired.headers["ETag"]})
    assert (retired.get_json()["retired_at"] is not None, restored.get_json()["retired_at"]) == (True, None)
    with database.tenant(tenant.id) as session:
        rows = groups.memberships_of_people(session, tenant.id, [UUID(person)])
    hours = [
        ((row.valid_from - NOW) / timedelta(hours=1), row.valid_until and (row.valid_until - NOW) / timedelta(hours=1)) for row in rows
    ]
    assert hours == [(0, 2), (3, 3)]
    assert [(who, (now - NOW) / timedelta(hours=1)) for _, who, now in told] == [([UUID(person)], hour) for hour in (0, 2, 3, 3)]


def test_a_failing_handler_undoes_the_change_of_a_group(database: Database, tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise Conflict("No.")

    hook = hooks.Hook()
    hook.join(fail)
    monkeypatch.setattr(groups, "groups_changed", hook)
    with database.tenant(tenant.id) as session:
        group = groups.create_group(session, tenant.id, "Night shift").id
    with pytest.raises(Conflict), database.tenant(tenant.id) as session:
        groups.join_group(session, tenant.id, group, tenant.owner_id, NOW)
    with database.tenant(tenant.id) as session:
        assert groups.people_in_group(session, tenant.id, group) == []


def test_leaving_ends_login_devices_and_groups_and_coming_back_gives_none_of_them(
    tenant: Tenant, owner: FlaskClient, add_member: AddMember, enter: Enter
) -> None:
    added = add_member(tenant, "Emma Employee")
    emma = enter(added.sign_in_name, added.one_time_password)
    person = emma.get("/api/v1/session").get_json()["person_id"]
    group = made(owner, "groups", name="Night shift")
    owner.put(f"/api/v1/groups/{group}/people/{person}")
    assert owner.post(f"/api/v1/people/{person}/leave").get_json()["left_at"] is not None
    assert emma.get("/api/v1/session").status_code == 401
    assert owner.get(f"/api/v1/groups/{group}/people").get_json()["items"] == []
    assert [row["id"] for row in owner.get("/api/v1/people?left=true").get_json()["items"]] == [person]
    assert owner.post(f"/api/v1/people/{person}/return").get_json()["left_at"] is None
    assert emma.get("/api/v1/session").status_code == 401


def test_listing_asks_the_database_no_more_for_many_people_than_for_few(database: Database, tenant: Tenant) -> None:
    with database.tenant(tenant.id) as session:
        for n in range(20):
            people.create_person(session, tenant.id, {"name": f"Person {n}"})
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    with database.tenant(tenant.id) as session:
        assert len(people.list_people(session, tenant.id, accounts.PeopleFilter())) == 21
    assert len([text for text in asked if text.startswith("SELECT person")]) == 1


def test_groups_phones_and_membership_are_listed_of_one_person(
    tenant: Tenant, owner: FlaskClient, add_member: AddMember, enter: Enter
) -> None:
    anne, bert = made(owner, "people", name="Anne"), made(owner, "people", name="Bert")
    night, day = made(owner, "groups", name="Night"), made(owner, "groups", name="Day")
    owner.put(f"/api/v1/groups/{night}/people/{anne}")
    owner.put(f"/api/v1/groups/{day}/people/{bert}")
    member = owner.post("/api/v1/members", json={"person_id": anne, "roles": ["employee"]}).get_json()["member_id"]
    code = owner.post("/api/v1/enrolments", json={"name": "Phone of Anne", "person_id": anne}).get_json()["code"]
    owner.post("/api/v1/devices", json={"code": code})

    def listed(client: FlaskClient, what: str, person: str, key: str) -> list[str]:
        return [row[key] for row in client.get(f"/api/v1/{what}?person_id={person}").get_json()["items"]]

    assert (listed(owner, "groups", anne, "name"), listed(owner, "groups", bert, "name")) == (["Night"], ["Day"])
    assert (listed(owner, "members", anne, "id"), listed(owner, "members", bert, "id")) == ([member], [])
    assert (listed(owner, "devices", anne, "name"), listed(owner, "devices", bert, "name")) == (["Phone of Anne"], [])
    added = add_member(tenant, "Emma Employee")
    emma = enter(added.sign_in_name, added.one_time_password)
    assert [emma.get(f"/api/v1/{what}?person_id={anne}").status_code for what in ("groups", "devices")] == [404, 404]
