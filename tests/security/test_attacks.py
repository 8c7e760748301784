"""Attacks that once worked, each by somebody with a real credential. The matrix walks the routes; these go around them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from redis import Redis

from app import wiring
from app.accounts.models import Member
from app.accounts.service.identity import AccountsIdentity
from app.adapters.clock import SetClock
from app.config import Settings
from app.db.transaction import Database
from app.outbox.models import LiveEvent
from app.privacy import texts
from tests.attendance.desk import Desk, Who
from tests.factories import HQ, NORTH_M, NOW, World, deps_of

NOTICE = {"notice_version": texts.current("notice", "en").version, "locale": "en"}
EVER = {"since": "2026-01-01T00:00:00Z", "until": "2027-01-01T00:00:00Z"}


@pytest.fixture
def desk(database: Database, settings: Settings) -> Desk:
    wiring.build(settings).database.engine.dispose()  # the domains tell each other
    with Redis.from_url(settings.redis_url) as redis:
        redis.flushdb()
    world = World(database)
    world.instruction()
    return Desk(world, deps_of(settings=settings, database=database, clock=SetClock(NOW), identity=AccountsIdentity(database, settings)))


class Handset:
    """A phone with nothing but its token."""

    def __init__(self, desk: Desk, boss: Who, person_id: UUID) -> None:
        code = boss.post("/enrolments", {"name": "Phone", "person_id": str(person_id)})["code"]
        self.desk, self.client = desk, desk.app.test_client()
        made = self.client.post("/api/v1/devices", json={"code": code}).get_json()
        self.id: str = made["device"]["id"]
        self.client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {made['token']}"

    def switch(self, act: str, body: Any = None) -> dict[str, Any]:
        self.desk.clock.move(timedelta(seconds=1))
        answer = self.client.post(f"/api/v1/me/switch/{act}", json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.get_json())

    def ping(self, metres_north: float = 0.0) -> dict[str, Any]:
        """One fix, a minute later."""
        self.desk.clock.move(timedelta(minutes=1))
        at = self.desk.clock.now().isoformat()
        fix = {"recorded_at": at, "latitude": HQ[0] + metres_north * NORTH_M, "longitude": HQ[1], "accuracy_m": 10}
        return dict(self.client.post("/api/v1/pings", json={"pings": [fix]}).get_json()["results"][0])


@pytest.fixture
def boss(desk: Desk) -> Who:
    return desk.member("manager")


@pytest.fixture
def worker(desk: Desk) -> Who:
    return desk.member("employee")


@pytest.fixture
def at_work(desk: Desk, boss: Who, worker: Who) -> Handset:
    """The worker's phone, inside HQ for ten minutes."""
    phone = Handset(desk, boss, worker.person_id)
    desk.world.circle()
    phone.switch("on", NOTICE)
    for _ in range(10):
        assert phone.ping()["status"] == "accepted"
    return phone


def seen_by(boss: Who) -> Any:
    """All that a manager is shown about who is where."""
    return boss.get("/presence")["fences"], boss.get("/stays", **EVER)["items"]


@pytest.mark.parametrize("act", ["off", "pause"])
def test_an_opt_out_changes_nothing_that_a_manager_sees(desk: Desk, boss: Who, at_work: Handset, act: str) -> None:
    before = seen_by(boss)
    at_work.switch(act, {"hours": 1} if act == "pause" else None)
    desk.work()
    assert seen_by(boss) == before


def test_sharing_again_at_the_same_place_shows_the_stay_that_others_saw_all_the_time(desk: Desk, boss: Who, at_work: Handset) -> None:
    before = seen_by(boss)
    at_work.switch("off")
    desk.work()
    news = len(desk.world.rows(LiveEvent))
    at_work.switch("on", NOTICE)
    desk.work()
    for _ in range(10):
        assert at_work.ping()["status"] == "accepted"
    assert seen_by(boss) == before
    told = [row.body for row in desk.world.rows(LiveEvent)[news:] if row.kind == "presence"]
    assert told == []


def test_a_fix_sent_along_for_somebody_else_does_not_tell_whether_they_share(desk: Desk, boss: Who, worker: Who) -> None:
    fix = {"recorded_at": desk.clock.now().isoformat(), "latitude": HQ[0], "longitude": HQ[1]}
    body = {"kind": "in", "client_id": "a", "person_id": str(worker.person_id), "note": "forgot", "fix": fix}
    refused = boss.post("/punches", body, 422)
    assert [error["field"] for error in refused["errors"]] == ["fix"]


def test_the_count_of_refusals_never_shows_an_opt_out(desk: Desk, boss: Who, worker: Who, at_work: Handset) -> None:
    day = desk.clock.now().date().isoformat()
    counts = f"/privacy/refusals?from={day}&until={day}"
    another = Handset(desk, worker, worker.person_id)
    another.switch("on", NOTICE)
    assert at_work.ping()["reason"] == "not_tracking_device"
    another.switch("off")
    assert another.ping()["reason"] == "switched_off"
    assert boss.get(counts) == []
    desk.clock.move(timedelta(days=1))
    assert desk.member("manager").get(counts) == []


def test_what_hinders_a_phone_is_shown_to_its_person_only(desk: Desk, boss: Who, worker: Who) -> None:
    code = worker.post("/enrolments", {"name": "OwnTracks", "client": "owntracks"})["code"]
    made = desk.app.test_client().post("/api/v1/devices", json={"code": code}).get_json()
    status = {"_type": "status", "android": {"loc": -4}}
    told = desk.app.test_client().post("/api/v1/ingest/owntracks", json=status, auth=("x", made["token"]))
    assert told.status_code == 200
    path = f"/devices/{made['device']['id']}"
    assert worker.get(path)["health"] == {"hindrances": ["location_denied"]}
    assert boss.get(path)["health"] is None
    assert [device["health"] for device in boss.get("/devices")["items"]] == [None]


def test_a_phone_that_a_manager_enrolled_for_somebody_cannot_make_their_own_phone_report(
    desk: Desk, boss: Who, worker: Who, at_work: Handset
) -> None:
    at_work.switch("off")
    planted = Handset(desk, boss, worker.person_id)
    planted.switch("on", NOTICE)
    chosen = planted.client.put("/api/v1/me/switch/device", json={"device_id": at_work.id})
    assert chosen.status_code == 404
    assert at_work.ping()["reason"] == "not_tracking_device"
    assert worker.get("/me/switch")["tracking_device_id"] == planted.id, "and the person can see which phone it is"


@pytest.mark.parametrize("act", ["", "off", "pause"])
def test_a_phone_that_a_manager_enrolled_for_somebody_does_not_tell_whether_they_share(
    desk: Desk, boss: Who, worker: Who, at_work: Handset, act: str
) -> None:
    planted = Handset(desk, boss, worker.person_id)
    if act:
        at_work.switch(act, {"hours": 5} if act == "pause" else None)
    assert planted.ping()["reason"] == "not_tracking_device"
    for method, path in (("GET", ""), ("GET", "/events"), ("POST", "/resume"), ("POST", "/pause")):
        answer = planted.client.open(f"/api/v1/me/switch{path}", method=method, json={"hours": 1} if path == "/pause" else None)
        assert answer.status_code == 403, path
    before = worker.get("/me/switch/events")["items"]
    assert planted.switch("off")["since"] is None, "off works from every phone, and tells it nothing"
    assert (worker.get("/me/switch/events")["items"] == before) == (act == "off")


@pytest.mark.parametrize("act", ["", "off"])
def test_a_fix_by_a_phone_that_a_manager_enrolled_for_somebody_does_not_tell_whether_they_share(
    desk: Desk, boss: Who, worker: Who, at_work: Handset, act: str
) -> None:
    planted = Handset(desk, boss, worker.person_id)
    if act:
        at_work.switch(act)
    fix = {"recorded_at": desk.clock.now().isoformat(), "latitude": HQ[0], "longitude": HQ[1]}

    def tapped(phone: Handset) -> Any:
        return phone.client.post("/api/v1/punches", json={"kind": "in", "client_id": phone.id, "fix": fix}).get_json()["fix"]

    assert tapped(planted) == {"status": "refused", "fence_id": None, "reason": "not_tracking_device"}
    assert tapped(at_work)["reason"] == ("switched_off" if act else None)


def test_a_phone_that_begins_to_speak_for_somebody_is_not_told_what_they_did_before(
    desk: Desk, boss: Who, worker: Who, at_work: Handset
) -> None:
    at_work.switch("off")
    planted = Handset(desk, boss, worker.person_id)
    planted.switch("on", NOTICE)
    told = planted.client.get("/api/v1/me/switch/events").get_json()["items"]
    assert sorted(event["kind"] for event in told) == ["device", "on"]
    assert {event["kind"] for event in worker.get("/me/switch/events")["items"]} > {"off"}


def test_a_manager_cannot_put_an_owner_out_of_the_organization(desk: Desk, boss: Who) -> None:
    desk.member("owner")
    victim = desk.member("owner")
    boss.post(f"/people/{victim.person_id}/leave", status=403)
    victim.get("/session")


def test_a_file_with_everybody_is_not_fetched_by_who_was_a_manager_when_asking_for_it(desk: Desk, boss: Who, worker: Who) -> None:
    asked = {"kind": "workdays", "format": "json", "first": "2026-06-01", "last": "2026-06-02"}
    everybody, own = boss.post("/exports", asked)["id"], boss.post("/exports", {**asked, "person_id": str(boss.person_id)})["id"]
    assert desk.work() == ["done", "done"]
    with desk.world.database.tenant(desk.world.organization_id) as session:
        session.query(Member).filter_by(organization_id=desk.world.organization_id, person_id=boss.person_id).update(
            {"roles": ["employee"]}
        )
    assert status_of(boss.client, f"/exports/{everybody}/file") == 404
    assert status_of(boss.client, f"/exports/{own}/file") == 200


def status_of(client: FlaskClient, path: str) -> int:
    with client.get(f"/api/v1{path}") as answer:
        return answer.status_code


def test_a_withdrawn_correction_does_not_hide_a_missing_clock_out(desk: Desk, boss: Who, worker: Who) -> None:
    at = (NOW - timedelta(days=1)).isoformat()
    worker.post("/punches", {"kind": "in", "client_id": "in", "at": at})
    assert len(boss.get("/punches/missing", **EVER)["items"]) == 1
    change = {"worked_on": at[:10], "kind": "add", "since": at, "until": (NOW - timedelta(hours=23)).isoformat(), "reason": "x"}
    made = worker.post("/corrections", {**change, "about": {"kind": "clock_out_missing", "at": at}})["id"]
    path = f"/corrections/{made}"
    worker.send("POST", f"{path}/withdraw", match=worker.etag(path))
    assert len(boss.get("/punches/missing", **EVER)["items"]) == 1


@pytest.mark.parametrize("header", ["Authorization", "Cookie"])
def test_a_limit_is_not_lifted_by_junk_beside_the_credential(desk: Desk, boss: Who, header: str) -> None:
    kept, client = boss.client.get_cookie("muster"), desk.app.test_client(use_cookies=False)
    assert kept is not None
    own = {"Cookie": f"muster={kept.value}", "X-CSRF-Token": boss.client.environ_base["HTTP_X_CSRF_TOKEN"]}

    def junk(number: int) -> dict[str, str]:
        return own | ({"Cookie": f"{own['Cookie']}; x={number}"} if header == "Cookie" else {"Authorization": f"Bearer x{number}"})

    statuses = [client.post("/api/v1/enrolments", json={"name": "x"}, headers=junk(number)).status_code for number in range(31)]
    assert statuses[0] == 201
    assert statuses[30] == 429


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_days_at_the_ends_of_the_calendar_are_refused_by_name(boss: Who, day: str) -> None:
    hour = {"since": "2026-06-01T00:00:00Z", "until": "2026-06-01T01:00:00Z"}
    boss.get(f"/workdays/{boss.person_id}?on={day}", 422)
    boss.get(f"/privacy/refusals?from={day}&until={day}", 422)
    boss.post("/corrections", {"worked_on": day, "kind": "add", **hour, "reason": "x"}, 422)
    boss.post("/exports", {"kind": "stays", "format": "csv", "first": day, "last": day}, 422)


def test_text_that_grows_when_it_is_normalised_is_measured_in_optional_fields_too(boss: Who) -> None:
    refused = boss.post("/people", {"name": "x", "employee_number": "\u0958" * 50}, 422)
    assert refused["errors"][0]["field"] == "employee_number"
