"""Signing in, out, and how guessing is slowed down."""

from datetime import timedelta

import psycopg
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts import service as accounts
from app.accounts.service import guessing
from app.accounts.service import sign_in as signing
from app.adapters.clock import SetClock
from app.config import Settings
from app.db.transaction import Database
from tests.accounts.scene import PASSWORD, AddMember, Enter, SignIn, Tenant, without_id


def attempt(app: Flask, name: str, password: str, address: str | None = None) -> TestResponse:
    body = {"sign_in": name, "password": password}
    given = {"REMOTE_ADDR": address} if address else {}
    return app.test_client().post("/api/v1/session", json=body, environ_base=given)


def test_a_generated_password_opens_nothing_until_it_is_changed(tenant: Tenant, sign_in: SignIn) -> None:
    client = sign_in(tenant.sign_in_name, tenant.one_time_password)
    assert client.get("/api/v1/session").get_json()["must_change_password"] is True
    assert client.get("/api/v1/people").get_json()["type"] == "/problems/password-change-required"


def test_after_the_change_the_member_may_go_on_and_the_generated_password_is_worth_nothing(
    app: Flask, tenant: Tenant, owner: FlaskClient, sign_in: SignIn
) -> None:
    assert owner.get("/api/v1/people").status_code == 200
    assert attempt(app, tenant.sign_in_name, tenant.one_time_password).status_code == 401
    assert sign_in(tenant.sign_in_name, PASSWORD).get("/api/v1/session").get_json()["roles"] == ["owner"]


def test_the_session_says_all_that_the_screens_begin_with(tenant: Tenant, owner: FlaskClient, sign_in: SignIn) -> None:
    new = sign_in(tenant.sign_in_name, PASSWORD, shared_computer=True).get("/api/v1/session").get_json()
    assert (new["name"], new["locale"], new["timezone"], new["shared_computer"]) == ("Olga Owner", None, "Europe/Amsterdam", True)
    me = owner.get("/api/v1/session").get_json()
    assert (me["shared_computer"], me["may"]["fence.edit"], me["may"]["view.read"]) == (False, "all", "own")
    assert "ping.record" not in me["may"]


def test_a_generated_password_may_do_nothing_but_be_changed(tenant: Tenant, sign_in: SignIn) -> None:
    me = sign_in(tenant.sign_in_name, tenant.one_time_password).get("/api/v1/session").get_json()
    assert set(me["may"]) == {"service.read", "session.read", "session.end", "password.change", "me.read"}


def test_a_generated_password_expires(app: Flask, tenant: Tenant, clock: SetClock, settings: Settings) -> None:
    clock.move(timedelta(hours=settings.one_time_password_hours))
    answer = attempt(app, tenant.sign_in_name, tenant.one_time_password)
    assert answer.status_code == 401
    assert "expired" in answer.get_json()["detail"]


def test_the_name_is_taken_in_any_case_and_the_password_exactly(app: Flask, tenant: Tenant, owner: FlaskClient) -> None:
    assert attempt(app, tenant.sign_in_name.upper(), PASSWORD).status_code == 200
    assert attempt(app, tenant.sign_in_name, PASSWORD.upper()).status_code == 401
    assert attempt(app, tenant.sign_in_name, PASSWORD + " ").status_code == 401


def test_a_cookie_copied_before_signing_out_is_worth_nothing_afterwards(app: Flask, owner: FlaskClient) -> None:
    cookie = owner.get_cookie("muster")
    assert cookie is not None
    thief = app.test_client()
    thief.set_cookie("muster", cookie.value)
    assert thief.get("/api/v1/people").status_code == 200
    answer = owner.delete("/api/v1/session")
    assert answer.status_code == 204
    assert "cookies" in answer.headers["Clear-Site-Data"]
    assert thief.get("/api/v1/people").status_code == 401
    assert owner.get("/api/v1/people").status_code == 401


def test_signing_in_again_makes_a_new_session_and_a_new_csrf_token(app: Flask, tenant: Tenant, owner: FlaskClient) -> None:
    before = owner.get_cookie("muster")
    token = owner.environ_base["HTTP_X_CSRF_TOKEN"]
    answer = owner.post("/api/v1/session", json={"sign_in": tenant.sign_in_name, "password": PASSWORD})
    after = owner.get_cookie("muster")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert answer.get_json()["csrf_token"] != token
    assert owner.put("/api/v1/groups/00000000-0000-0000-0000-000000000000/people/00000000-0000-0000-0000-000000000000").status_code == 403


def test_only_the_hash_of_a_session_is_stored(
    app: Flask, tenant: Tenant, owner: FlaskClient, pg: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    with owner.session_transaction() as cookie:
        token = cookie["user_session"]
    rows = pg.execute("SELECT s::text FROM user_session s").fetchall()
    assert rows
    assert not [row for row in rows if token in str(row[0])]


def test_a_session_ends_when_it_idles_and_when_it_grows_old(
    tenant: Tenant, owner: FlaskClient, clock: SetClock, settings: Settings
) -> None:
    for _ in range(3):
        clock.move(timedelta(minutes=settings.session_idle_minutes - 1))
        assert owner.get("/api/v1/session").status_code == 200
    clock.move(timedelta(minutes=settings.session_idle_minutes + 2))
    assert owner.get("/api/v1/session").status_code == 401


def test_a_session_in_use_still_ends_when_it_grows_old(owner: FlaskClient, clock: SetClock, settings: Settings) -> None:
    ends = clock.now() + timedelta(hours=settings.session_absolute_hours)
    while clock.now() + timedelta(minutes=700) < ends:
        clock.move(timedelta(minutes=700))
        assert owner.get("/api/v1/session").status_code == 200
    clock.move(ends - clock.now() + timedelta(seconds=1))
    assert owner.get("/api/v1/session").status_code == 401


def test_on_a_shared_computer_a_session_ends_after_a_quarter_of_an_hour_and_with_the_browser(
    tenant: Tenant, owner: FlaskClient, sign_in: SignIn, clock: SetClock
) -> None:
    shared = sign_in(tenant.sign_in_name, PASSWORD, shared_computer=True)
    cookie = shared.get_cookie("muster")
    assert cookie is not None
    assert cookie.expires is None
    clock.move(timedelta(minutes=14))
    assert shared.get("/api/v1/session").status_code == 200
    clock.move(timedelta(minutes=16))
    assert shared.get("/api/v1/session").status_code == 401
    assert owner.get("/api/v1/session").status_code == 200


def test_sessions_are_listed_and_ended_one_by_one(tenant: Tenant, owner: FlaskClient, sign_in: SignIn) -> None:
    second = sign_in(tenant.sign_in_name, PASSWORD)
    listed = owner.get("/api/v1/sessions").get_json()["items"]
    assert [row["current"] for row in listed] == [True, False]
    assert owner.delete(f"/api/v1/sessions/{listed[1]['id']}").status_code == 204
    assert second.get("/api/v1/session").status_code == 401
    assert owner.get("/api/v1/session").status_code == 200


def test_nobody_ends_the_session_of_another_account(owner: FlaskClient, other: Tenant, enter: Enter) -> None:
    stranger = enter(other.sign_in_name, other.one_time_password)
    theirs = stranger.get("/api/v1/sessions").get_json()["items"][0]["id"]
    foreign = owner.delete(f"/api/v1/sessions/{theirs}")
    absent = owner.delete("/api/v1/sessions/00000000-0000-7000-8000-000000000000")
    assert foreign.status_code == absent.status_code == 404
    assert without_id(foreign) == without_id(absent)
    assert stranger.get("/api/v1/session").status_code == 200


def test_a_password_change_ends_all_other_sessions_and_renews_this_one(
    app: Flask, tenant: Tenant, owner: FlaskClient, sign_in: SignIn
) -> None:
    second = sign_in(tenant.sign_in_name, PASSWORD)
    old = owner.get_cookie("muster")
    answer = owner.post("/api/v1/password", json={"current_password": PASSWORD, "new_password": "vier natte sokken op de lijn"})
    assert answer.status_code == 200
    assert second.get("/api/v1/session").status_code == 401
    assert owner.get("/api/v1/session").status_code == 200
    thief = app.test_client()
    assert old is not None
    thief.set_cookie("muster", old.value)
    assert thief.get("/api/v1/session").status_code == 401


def test_a_password_change_needs_the_current_password_and_counts_wrong_ones(owner: FlaskClient) -> None:
    body = {"current_password": "not it at all", "new_password": "vier natte sokken op de lijn"}
    answers = [owner.post("/api/v1/password", json=body).status_code for _ in range(signing.WITH_NAME.free + 2)]
    assert answers == [401] * (signing.WITH_NAME.free + 1) + [429]
    assert owner.get("/api/v1/session").status_code == 200


def test_failures_of_a_name_make_it_wait_longer_and_longer(app: Flask, tenant: Tenant, owner: FlaskClient, clock: SetClock) -> None:
    waits = []
    for _ in range(signing.WITH_NAME.free + 6):
        while (answer := attempt(app, tenant.sign_in_name, "wrong password")).status_code == 429:
            waits.append(int(answer.headers["Retry-After"]))
            assert attempt(app, tenant.sign_in_name, PASSWORD).status_code == 429, "the right password must wait too"
            clock.move(timedelta(seconds=waits[-1]))
        assert answer.status_code == 401
    assert waits == [2, 4, 8, 16, 32]
    clock.move(timedelta(seconds=64))
    assert attempt(app, tenant.sign_in_name, PASSWORD).status_code == 200
    assert attempt(app, tenant.sign_in_name, "wrong password").status_code == 401, "a success forgets the failures"


def test_the_delay_never_exceeds_its_setting() -> None:
    assert [guessing.delay_s(n, 4, 900) for n in (4, 5, 6, 13, 14, 1_000)] == [0, 2, 4, 512, 900, 900]


def test_failures_of_an_address_make_it_wait_whatever_the_name(app: Flask, clock: SetClock) -> None:
    codes = [attempt(app, f"nobody{n}@acme", "wrong", "198.51.100.7").status_code for n in range(signing.WITH_ADDRESS.free + 2)]
    assert codes == [401] * (signing.WITH_ADDRESS.free + 1) + [429]
    assert attempt(app, "nobody@acme", "wrong", "198.51.100.8").status_code == 401


def test_names_that_exist_and_names_that_do_not_are_answered_alike(app: Flask, tenant: Tenant) -> None:
    known = [attempt(app, tenant.sign_in_name, "wrong password") for _ in range(7)]
    unknown = [attempt(app, f"nobody@{tenant.slug}", "wrong password") for _ in range(7)]
    assert [answer.status_code for answer in known] == [401] * 5 + [429] * 2
    assert [without_id(answer) for answer in known] == [without_id(answer) for answer in unknown]
    assert [answer.headers.get("Retry-After") for answer in known] == [answer.headers.get("Retry-After") for answer in unknown]


def test_an_e_mail_address_signs_in_too_and_is_never_told_to_be_taken(app: Flask, tenant: Tenant, other: Tenant, enter: Enter) -> None:
    owner, stranger = enter(tenant.sign_in_name, tenant.one_time_password), enter(other.sign_in_name, other.one_time_password)
    email = f"pim@{tenant.slug}.example"
    answers = []
    for client in (owner, stranger):
        person = client.post("/api/v1/people", json={"name": "Pim", "email": email.title()}).get_json()["id"]
        answers.append(client.post("/api/v1/members", json={"person_id": person, "roles": ["employee"]}))
    assert [answer.status_code for answer in answers] == [201, 201]
    assert [set(answer.get_json()) for answer in answers] == [set(answers[0].get_json())] * 2
    assert attempt(app, email, answers[0].get_json()["one_time_password"]).status_code == 200
    assert attempt(app, email, answers[1].get_json()["one_time_password"]).status_code == 401
    assert attempt(app, answers[1].get_json()["sign_in_name"], answers[1].get_json()["one_time_password"]).status_code == 200


def test_one_sign_in_opens_both_organizations_after_joining_accounts(
    app: Flask, tenant: Tenant, other: Tenant, owner: FlaskClient, add_member: AddMember
) -> None:
    elsewhere = add_member(other, "Olga Owner", "manager")
    proof = {"sign_in": elsewhere.sign_in_name, "password": elsewhere.one_time_password}
    assert owner.post("/api/v1/session/accounts", json=proof).status_code == 204
    me = owner.get("/api/v1/session").get_json()
    assert {found["slug"] for found in me["organizations"]} == {tenant.slug, other.slug}
    answer = owner.post("/api/v1/session/organization", json={"organization": other.slug})
    owner.environ_base["HTTP_X_CSRF_TOKEN"] = answer.get_json()["csrf_token"]
    me = owner.get("/api/v1/session").get_json()
    assert (me["organization_id"], me["roles"]) == (other.id, ["manager"])
    assert attempt(app, elsewhere.sign_in_name, elsewhere.one_time_password).status_code == 401


def test_an_owner_who_resets_a_joined_member_changes_nothing_elsewhere(
    tenant: Tenant, other: Tenant, owner: FlaskClient, add_member: AddMember, enter: Enter
) -> None:
    elsewhere = add_member(other, "Olga Owner", "manager")
    owner.post("/api/v1/session/accounts", json={"sign_in": elsewhere.sign_in_name, "password": elsewhere.one_time_password})
    boss = enter(other.sign_in_name, other.one_time_password)
    member = boss.get(f"/api/v1/members/{elsewhere.member_id}").get_json()
    assert member["sign_in_name"] is None, "the name would tell of the other organization"
    reset = boss.post(f"/api/v1/members/{elsewhere.member_id}/one-time-password").get_json()
    assert reset["sign_in_name"].endswith(f"@{other.slug}")
    assert owner.get("/api/v1/session").status_code == 200
    assert attempt(owner.application, tenant.sign_in_name, PASSWORD).status_code == 200
    assert [o["slug"] for o in owner.get("/api/v1/session").get_json()["organizations"]] == [tenant.slug]


def test_nobody_enters_an_organization_they_do_not_belong_to(owner: FlaskClient, other: Tenant) -> None:
    foreign = owner.post("/api/v1/session/organization", json={"organization": other.slug})
    absent = owner.post("/api/v1/session/organization", json={"organization": "no-such-organization"})
    assert foreign.status_code == absent.status_code == 404
    assert without_id(foreign) == without_id(absent)


def test_a_write_without_the_csrf_token_is_refused(owner: FlaskClient) -> None:
    del owner.environ_base["HTTP_X_CSRF_TOKEN"]
    assert owner.post("/api/v1/groups", json={"name": "Night shift"}).get_json()["type"] == "/problems/csrf-refused"


def test_an_operator_signs_in_and_sees_no_organization(
    app: Flask, database: Database, settings: Settings, clock: SetClock, sign_in: SignIn
) -> None:
    with database.identity() as session:
        password = accounts.create_operator(session, "Ops-1", clock.now(), settings)
    client = sign_in("ops-1", password)
    me = client.get("/api/v1/session").get_json()
    assert (me["roles"], me["organization_id"], me["must_change_password"]) == (["operator"], None, True)
    answer = client.post("/api/v1/password", json={"current_password": password, "new_password": PASSWORD})
    assert answer.status_code == 200
    assert client.get("/api/v1/people").status_code == 401
