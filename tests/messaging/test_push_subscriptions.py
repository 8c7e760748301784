"""A browser takes pushes as long as its session lives, and no longer."""

import base64
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from app import vapid
from app.accounts.service import sessions
from app.messaging import push_subscriptions
from app.messaging.models import PushSubscription
from app.ports import Outcome
from tests.attendance.desk import Desk, Who
from tests.factories import NOW, World
from tests.messaging.peer import Peer


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def browser(**change: Any) -> dict[str, Any]:
    point, secret = b64(b"\x04" + bytes(range(64))), b64(bytes(16))
    return {"endpoint": f"https://push.example/{uuid4()}", "p256dh": point, "auth": secret, "browser": "Firefox"} | change


def session_of(desk: Desk, who: Who) -> UUID:
    return UUID(who.get("/session")["session_id"])


def test_a_browser_subscribes_with_the_key_is_listed_and_unsubscribes(desk: Desk) -> None:
    me = desk.member("employee")
    assert me.get("/push/key") == {"public_key": vapid.public_key(desk.deps.settings)}
    made = me.post("/me/push-subscriptions", browser())
    assert [row["id"] for row in me.get("/me/push-subscriptions")] == [made["id"]]
    assert "endpoint" not in made
    me.send("DELETE", f"/me/push-subscriptions/{made['id']}", status=204)
    assert me.get("/me/push-subscriptions") == []


def test_the_same_browser_again_is_one_and_belongs_to_who_is_signed_in_now(desk: Desk, world: World) -> None:
    first, second, same = desk.member("employee"), desk.member("employee"), browser()
    first.post("/me/push-subscriptions", same)
    first.post("/me/push-subscriptions", same)
    second.post("/me/push-subscriptions", same)
    [row] = world.rows(PushSubscription)
    assert row.person_id == second.person_id
    assert first.get("/me/push-subscriptions") == []


def test_nobody_touches_somebody_elses_browser(desk: Desk) -> None:
    mine = desk.member("employee").post("/me/push-subscriptions", browser())
    other = desk.member("owner")
    other.send("DELETE", f"/me/push-subscriptions/{mine['id']}", status=404)
    other.post(f"/me/push-subscriptions/{mine['id']}/test", status=404)


def test_signing_out_ends_the_pushes_of_that_browser_only(desk: Desk, world: World) -> None:
    me = desk.member("employee")
    me.post("/me/push-subscriptions", browser())
    other = desk.member("employee")
    other.post("/me/push-subscriptions", browser())
    me.send("DELETE", "/session", status=204)
    assert [row.person_id for row in world.rows(PushSubscription)] == [other.person_id]


def test_the_same_browser_under_a_new_session_goes_on(desk: Desk, world: World) -> None:
    me = desk.member("employee")
    me.post("/me/push-subscriptions", browser())
    old = session_of(desk, me)
    with world.database.tenant(world.organization_id) as session:
        token = sessions.rotate_session(session, old, NOW, desk.deps.settings)
    [row] = world.rows(PushSubscription)
    assert row.session_id != old
    with world.database.identity() as session:
        claim = sessions.claim_of(session, token, NOW, desk.deps.settings)
    assert claim
    assert claim.session_id == row.session_id


def test_a_session_that_was_ended_elsewhere_is_found_within_a_minute_and_an_idle_one_is_left_alone(desk: Desk, world: World) -> None:
    ended, idle = desk.member("employee"), desk.member("employee")
    for who in (ended, idle):
        who.post("/me/push-subscriptions", browser())
    with world.database.identity() as session:
        for who, change in ((ended, "revoked_at = now()"), (idle, "last_seen_at = now() - interval '9 days'")):
            session.execute(text(f"UPDATE user_session SET {change} WHERE public_id = :id"), {"id": session_of(desk, who)})
    with world.database.tenant(world.organization_id) as session:
        assert push_subscriptions.forget_gone(session, world.organization_id, NOW) == 1
    assert [row.person_id for row in world.rows(PushSubscription)] == [idle.person_id]


def test_a_shared_computer_takes_no_pushes(desk: Desk, world: World) -> None:
    me = desk.member("employee")
    with world.database.identity() as session:
        session.execute(text("UPDATE user_session SET shared_computer = true WHERE public_id = :id"), {"id": session_of(desk, me)})
    me.post("/me/push-subscriptions", browser(), 409)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"endpoint": "http://push.example/x"}, "endpoint"),
        ({"endpoint": "https://user@push.example/x"}, "endpoint"),
        ({"endpoint": "file:///etc/passwd"}, "endpoint"),
        ({"endpoint": "https://"}, "endpoint"),
        ({"endpoint": "https://push.example/é"}, "endpoint"),
        ({"endpoint": "https://[::1"}, "endpoint"),
        ({"p256dh": b64(bytes(65))}, "p256dh"),
        ({"p256dh": "!!!"}, "p256dh"),
        ({"auth": b64(bytes(15))}, "auth"),
        ({"auth": "A"}, "auth"),
        ({"browser": "x" * 101}, "browser"),
    ],
)
def test_what_is_no_subscription_is_refused_by_field(desk: Desk, change: dict[str, Any], field: str) -> None:
    errors = desk.member("employee").post("/me/push-subscriptions", browser(**change), 422)["errors"]
    assert [error["field"] for error in errors] == [field]


def test_a_test_push_arrives_and_a_browser_that_is_gone_is_forgotten(desk: Desk, world: World, peer: Peer) -> None:
    me = desk.member("employee")
    made = me.post("/me/push-subscriptions", browser())
    me.post(f"/me/push-subscriptions/{made['id']}/test", status=202)
    assert desk.work() == ["done"]
    [parcel] = peer.parcels
    assert parcel.subject == "Proefmelding"
    assert me.get("/me/push-subscriptions")[0]["last_ok_at"]
    peer.says = Outcome("gone", "push.example")
    me.post(f"/me/push-subscriptions/{made['id']}/test", status=202)
    assert desk.work() == ["done"]
    assert world.rows(PushSubscription) == []


def test_without_a_channel_a_test_push_is_refused_with_words(desk: Desk) -> None:
    bare = Desk(desk.world, replace(desk.deps, channels={}))
    me = bare.member("employee")
    made = me.post("/me/push-subscriptions", browser())
    me.post(f"/me/push-subscriptions/{made['id']}/test", status=409)
