"""Punches over HTTP: who may punch for whom, what a fix leaves behind (nothing), and what a repetition does."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from app.adapters.clock import SetClock
from app.attendance.models import Punch
from app.outbox.models import LiveEvent
from app.privacy.models import RefusalCount
from tests.attendance.desk import API, Desk
from tests.factories import HQ, NOW, World

CANARY = (HQ[0] + 0.000123457, HQ[1] + 0.000765431)


def fix(at: datetime = NOW, **more: Any) -> dict[str, Any]:
    return {"recorded_at": at.isoformat(), "latitude": CANARY[0], "longitude": CANARY[1], "accuracy_m": 8, **more}


def tap(kind: str = "in", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "client_id": uuid4().hex, **more}


def test_a_button_needs_no_location_and_the_screens_hear_of_it(desk: Desk, world: World) -> None:
    me = desk.member("employee")
    done = me.post("/punches", tap())
    assert (done["punch"]["method"], done["punch"]["at"], done["fix"], done["already_since"]) == (
        "button",
        "2026-06-03T12:00:00Z",
        None,
        None,
    )
    assert [(row.kind, row.person_id, row.body["kind"]) for row in world.rows(LiveEvent)] == [("punch", me.person_id, "in")]


def test_a_second_clock_in_is_kept_and_the_answer_says_since_when(desk: Desk, world: World) -> None:
    me = desk.member("employee")
    me.post("/punches", tap(at=(NOW - timedelta(hours=4)).isoformat()))
    assert me.post("/punches", tap())["already_since"] == "2026-06-03T08:00:00Z"
    assert me.post("/punches", tap("out"))["already_since"] is None
    assert len(world.rows(Punch)) == 3


def test_a_repetition_is_recognised_and_the_first_content_stands(desk: Desk, world: World) -> None:
    me = desk.member("employee")
    first = me.post("/punches", tap(client_id="same"))
    again = me.post("/punches", tap("out", client_id="same"))
    assert (again["repeat"], again["punch"]) == (True, first["punch"])
    assert len(world.rows(Punch)) == 1
    desk.member("employee").post("/punches", tap(client_id="same"))
    assert len(world.rows(Punch)) == 2


@pytest.mark.parametrize(
    ("late", "status"), [(timedelta(seconds=-100), 201), (timedelta(seconds=-130), 422), (timedelta(days=6), 201), (timedelta(days=8), 422)]
)
def test_an_offline_punch_is_taken_within_limits(desk: Desk, late: timedelta, status: int) -> None:
    answer = desk.member("employee").post("/punches", tap(at=(NOW - late).isoformat()), status)
    assert status == 201 or answer["errors"][0]["field"] == "at"


def test_by_a_clock_that_is_a_little_fast_it_was_made_now_and_counts_at_once(desk: Desk) -> None:
    me = desk.member("employee")
    assert me.post("/punches", tap(at=(NOW + timedelta(seconds=1)).isoformat()))["punch"]["at"] == "2026-06-03T12:00:00Z"
    assert me.post("/punches", tap())["already_since"] == "2026-06-03T12:00:00Z"


def test_a_fix_says_which_fence_and_leaves_no_place_anywhere(
    desk: Desk, world: World, pg: "psycopg.Connection[tuple[Any, ...]]", capfd: pytest.CaptureFixture[str]
) -> None:
    fence, phone = world.circle(), world.phone(tracking=False)
    me = desk.member("employee", person_id=phone.person_id)
    done = me.post("/punches", tap(fix=fix()))
    assert done["fix"] == {"status": "inside", "fence_id": str(fence), "reason": None}
    far = me.post("/punches", tap("out", fix=fix(latitude=CANARY[0] + 1)))
    assert far["fix"]["status"] == "outside"
    me.client.post(f"{API}/punches", json=tap(fix=fix(latitude=95.1234567)), headers={"Idempotency-Key": "k"})
    canaries = [f"{number:.6f}"[:8] for number in (*CANARY, CANARY[0] + 1, 95.1234567)]
    tables = pg.execute(
        "SELECT oid::regclass FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition"
    ).fetchall()
    for (table,) in tables:
        rows = repr(pg.execute(f"SELECT t::text FROM {table} t").fetchall())
        assert not [canary for canary in canaries if canary in rows], table
    logged = capfd.readouterr()
    assert not [canary for canary in canaries if canary in logged.out + logged.err]


@pytest.mark.parametrize(
    ("on", "given", "reason"),
    [
        ([], {}, "switched_off"),
        (None, {"recorded_at": (NOW - timedelta(minutes=5)).isoformat()}, "not_fresh"),
        (None, {"mocked": True}, "mocked"),
        (None, {"recorded_at": (NOW + timedelta(minutes=5)).isoformat()}, "in_the_future"),
    ],
)
def test_a_fix_that_may_not_be_looked_at_never_stops_the_punch(
    desk: Desk, world: World, on: Any, given: dict[str, Any], reason: str
) -> None:
    world.circle()
    me = desk.member("employee", person_id=world.phone(on=on).person_id)
    done = me.post("/punches", tap(fix=fix(**given)))
    assert done["fix"] == {"status": "refused", "fence_id": None, "reason": reason}
    assert world.rows(Punch)[0].fence_id is None
    assert [row.reason for row in world.rows(RefusalCount)] == ([reason] if reason in ("switched_off", "in_the_future") else [])


def test_a_phone_punches_for_its_own_person_only(desk: Desk, world: World) -> None:
    phone, other = world.phone(), world.phone()
    client = desk.app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {phone.token}"
    assert client.post(f"{API}/punches", json=tap()).get_json()["punch"]["person_id"] == str(phone.person_id)
    assert client.post(f"{API}/punches", json=tap(person_id=str(other.person_id))).status_code == 404


def test_a_manager_enters_for_somebody_with_a_note_and_an_employee_does_not(desk: Desk, world: World) -> None:
    manager, employee = desk.member("manager"), desk.member("employee")
    for_employee = {"person_id": str(employee.person_id)}
    assert manager.post("/punches", tap(**for_employee), 422)["errors"][0]["field"] == "note"
    long_ago = (NOW - timedelta(days=40)).isoformat()
    done = manager.post("/punches", tap(**for_employee, note="phone broken", at=long_ago))
    assert (done["punch"]["method"], done["punch"]["note"]) == ("manager", "phone broken")
    employee.post("/punches", tap(person_id=str(manager.person_id), note="n"), 404)
    period = {"since": "2026-01-01T00:00:00Z", "until": "2027-01-01T00:00:00Z"}
    assert [one["id"] for one in employee.get("/punches", **period)["items"]] == [done["punch"]["id"]]


def test_the_code_of_a_site_is_good_there_and_nowhere_else(desk: Desk, world: World) -> None:
    site, _ = desk.kiosk()
    manager, employee = desk.member("manager"), desk.member("employee")
    made = manager.get(f"/sites/{site}/punch-code")
    assert "<svg" in made["svg"]
    assert made["link"].endswith(f"/clock#{made['code']}")
    done = employee.post("/punches", tap(site_code=made["code"]))
    assert (done["punch"]["method"], done["punch"]["site_id"]) == ("qr", str(site))
    forged = made["code"][:-2] + ("AA" if not made["code"].endswith("AA") else "BB")
    for wrong in (forged, "muster:site:", "é" * 10, made["code"].replace(site.hex, uuid4().hex)):
        assert employee.post("/punches", tap(site_code=wrong), 422)["errors"][0]["field"] == "site_code"
    stranger = Desk(World(world.database), desk.deps).member("employee")
    stranger.post("/punches", tap(site_code=made["code"]), 422)
    employee.get(f"/sites/{site}/punch-code", 403)
    assert isinstance(desk.clock, SetClock)
