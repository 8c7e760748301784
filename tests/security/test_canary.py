"""A position and a name are sent in by every way there is, right and wrong; then everything that is kept, logged or answered is searched for them.

1. A person with a name like no other has a phone at a place like no other. It reports by all three apps, with everything that can go wrong.
2. The whole database is dumped as the backup role does it; Redis is read key by key; the log is what the process wrote.
3. The place is nowhere. The name is in its column, and in answers to people who may read it; in no log and in no problem.
The search itself is tried first: what it must find is put where it must not be.
"""

import base64
import json
import subprocess
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
import shapely
from flask.testing import FlaskClient
from redis import Redis
from werkzeug.test import TestResponse

from app.accounts.models import Device, Person
from app.accounts.service.devices import seal
from app.accounts.service.identity import AccountsIdentity
from app.adapters.clock import SetClock
from app.attendance import phones, service
from app.attendance.models import Sighting, Stay
from app.config import Settings, libpq
from app.db.transaction import Database
from app.embedded.provision import Urls
from app.privacy.models import RefusalCount
from tests.attendance.desk import Desk
from tests.factories import NOW, Phone, World, deps_of
from tests.security.canary import ELSEWHERE, LATITUDE, LONGITUDE, NAME, NAMES, PLACES, found_in, tables_of

T = int(NOW.timestamp())
COLUMNS_OF_NAMES = {("person", "name"), ("person", "name_key")}
HERE = {"latitude": LATITUDE, "longitude": LONGITUDE, "accuracy_m": 8.0}


@dataclass
class Run:
    """What a run left behind."""

    answers: list[TestResponse] = field(default_factory=list)
    log: str = ""


@pytest.fixture(scope="module")
def settings_of_run(settings: Settings) -> Settings:
    """The chattiest log there is."""
    return settings.model_copy(update={"log_level": "DEBUG"})


@pytest.fixture
def desk(capfd: pytest.CaptureFixture[str], database: Database, settings_of_run: Settings) -> Desk:
    """The application, whose log goes where it is captured."""
    world = World(database)
    world.instruction()
    world.fence(shapely.Point(LONGITUDE + 0.0007, LATITUDE - 0.0003), radius_m=400.0)
    deps = deps_of(settings=settings_of_run, database=database, clock=SetClock(NOW), identity=AccountsIdentity(database, settings_of_run))
    return Desk(world, deps)


@pytest.fixture
def run(desk: Desk, settings: Settings, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Everything is sent."""
    with Redis.from_url(settings.redis_url) as redis:
        redis.flushdb()
    done, client = Run(), desk.app.test_client()
    phone = desk.world.phone()
    off = desk.world.phone(on=[])
    with desk.world.database.tenant(desk.world.organization_id) as session:
        session.get_one(Person, (desk.world.organization_id, phone.person_id)).name = NAME
        session.get_one(Device, (desk.world.organization_id, phone.device_id)).payload_key = seal(settings.secret_key, "x" * 32)
    for holder in (phone, off, Phone(phone.person_id, phone.device_id, phone.token[:-4] + "AAAA")):
        done.answers += [*_native(client, holder), *_owntracks(client, holder), *_traccar(client, holder)]
    done.answers += _judged_on_phones(desk, client)
    done.answers += _people(desk, phone)
    monkeypatch.setattr(service, "record_pings", _faulty)
    monkeypatch.setattr(phones, "record_pings", _faulty, raising=False)
    done.answers += _native(client, phone)
    done.answers.append(client.get("/metrics"))
    monkeypatch.undo()
    assert any(answer.status_code == 500 for answer in done.answers), "the fault was meant to happen"
    done.log = "".join(capfd.readouterr())
    assert desk.world.rows(Sighting)
    assert desk.world.rows(Stay)
    assert desk.world.rows(RefusalCount)
    return done


def _faulty(*given: Any, **named: Any) -> None:
    raise ValueError(f"{LATITUDE} {LONGITUDE} {NAME} {given} {named}")


def _native(client: FlaskClient, phone: Phone) -> list[TestResponse]:
    """The batch endpoint: good, late, repeated, and wrong in every way."""
    good = {"id": "c1", "recorded_at": NOW.isoformat(), **HERE}
    away = {"id": "c2", "recorded_at": NOW.isoformat(), "latitude": ELSEWHERE[0], "longitude": ELSEWHERE[1], "accuracy_m": 5.0}
    wrong: list[dict[str, Any]] = [
        {"id": "c3", "recorded_at": "yesterday", **HERE},
        {**good, "id": "c4", "latitude": LONGITUDE, "longitude": LATITUDE},
        {**good, "id": "c5", "latitude": str(LATITUDE)},
        {**good, "id": f"{LATITUDE}:{LONGITUDE}!"},
        {**good, "id": "c6", "name": NAME, str(LATITUDE): NAME},
        {**good, "id": "c7", "recorded_at": "2031-01-01T00:00:00Z"},
        {**good, "id": "c8", "accuracy_m": -LATITUDE},
    ]
    bodies = [
        json.dumps({"pings": [good, away]}),
        json.dumps({"pings": [good]}),
        json.dumps({"pings": [good, *wrong]}),
        json.dumps({"pings": wrong}),
        json.dumps({"pings": good}),
        json.dumps({"pings": [good] * 1001}),
        json.dumps({"pings": [good], NAME: LATITUDE}),
        json.dumps({"pings": [good]})[:-5],
        f'{{"pings": [{{"latitude": NaN, "longitude": {LONGITUDE}}}]}}',
        f"{LATITUDE},{LONGITUDE},{NAME}",
    ]
    bearer = {"Authorization": f"Bearer {phone.token}", "Idempotency-Key": str(uuid4())}
    url = "/api/v1/pings"
    answers = [client.post(url, data=body, content_type="application/json", headers=bearer) for body in bodies]
    asked = f"{url}?latitude={LATITUDE}&longitude={LONGITUDE}&name={NAME}"
    return [
        *answers,
        client.post(url, data=bodies[0], content_type=f"text/plain; x={LATITUDE}", headers=bearer),
        client.get(asked, headers=bearer),
        client.post(f"/api/v1/never/{LATITUDE}/{LONGITUDE}", data=bodies[0], headers=bearer),
        client.post(url, data=bodies[0], headers={"Authorization": f"Bearer {LATITUDE}{LONGITUDE}", "User-Agent": f"{NAME} {LATITUDE}"}),
    ]


def _judged_on_phones(desk: Desk, client: FlaskClient) -> list[TestResponse]:
    """Where no position may come in at all: positions by every way, and verdicts with a place wherever one can be put."""
    world = World(desk.world.database)
    world.instruction(evaluation="on_device")
    fence, phone = world.fence(shapely.Point(LONGITUDE + 0.0007, LATITUDE - 0.0003), radius_m=400.0), world.phone()
    answers = [*_native(client, phone), *_owntracks(client, phone), *_traccar(client, phone)]
    assert world.rows(Sighting) == []
    good = {"id": "c1", "recorded_at": NOW.isoformat(), "inside": [str(fence)], "accuracy_class_m": 10, "fence_set": f"{LATITUDE}"}
    wrong: list[dict[str, Any]] = [
        {**good, **HERE},
        {**good, "id": f"{LATITUDE}:{LONGITUDE}!"},
        {**good, "inside": [f"{LATITUDE},{LONGITUDE}"]},
        {**good, "unclear": {NAME: LATITUDE}},
        {**good, "fence_set": f"{LATITUDE},{LONGITUDE}"},
        {**good, "accuracy_class_m": LATITUDE},
        {**good, str(LATITUDE): NAME},
    ]
    bodies: list[Any] = [
        {"sightings": wrong},
        {"sightings": [good, *wrong]},
        {"sightings": [good], NAME: LATITUDE},
        {"sightings": LATITUDE},
        LATITUDE,
    ]
    bearer = {"Authorization": f"Bearer {phone.token}"}
    answers += [client.post("/api/v1/sightings", json=body, headers=bearer) for body in bodies]
    assert [(row.inside, row.unclear) for row in world.rows(Sighting)] == [([], [fence])]
    return answers


def _owntracks(client: FlaskClient, phone: Phone) -> list[TestResponse]:
    basic = base64.b64encode(f"{NAME}:{phone.token}".encode()).decode()
    place = {"lat": LATITUDE, "lon": LONGITUDE, "acc": 9, "tst": T - 60, "tid": "qk", "t": "u", "topic": f"owntracks/{NAME}/{LATITUDE}"}
    messages: list[Any] = [
        {"_type": "location", **place},
        {"_type": "location", **place, "tst": T - 90, "inregions": [NAME], "SSID": NAME, "poi": f"{LATITUDE}"},
        {"_type": "location", **place, "lat": f"{LATITUDE}"},
        {"_type": "location", **place, "tst": "now"},
        {"_type": "transition", **place, "event": "enter", "wtst": 1, "desc": f"{NAME} {LATITUDE}"},
        {"_type": "waypoint", **place, "rad": 50, "desc": NAME},
        {"_type": "waypoints", "waypoints": [{"_type": "waypoint", **place, "rad": 50, "desc": NAME}]},
        {"_type": "card", "name": NAME, "face": base64.b64encode(str(LATITUDE).encode()).decode()},
        {"_type": "lwt", "tst": T, "custom": NAME},
        {"_type": "status", "tst": T, "_id": NAME, "android": {"lat": LATITUDE}},
        {"_type": "encrypted", "data": base64.b64encode(json.dumps(place).encode()).decode()},
        f"{LATITUDE},{LONGITUDE}",
    ]
    headers = {"Authorization": f"Basic {basic}", "User-Agent": "Owntracks-Android/gms/420412000", "X-Limit-U": NAME}
    return [client.post("/api/v1/ingest/owntracks", data=json.dumps(message), headers=headers) for message in messages]


def _traccar(client: FlaskClient, phone: Phone) -> list[TestResponse]:
    url = f"/api/v1/ingest/traccar/{phone.token}"
    asked = f"id={NAME}&timestamp={T - 120}&lat={LATITUDE}&lon={LONGITUDE}&accuracy=18.0&batt=77"
    nested = {
        "location": {"timestamp": NOW.isoformat(), "coords": {"latitude": LATITUDE, "longitude": LONGITUDE, "accuracy": 18}},
        "device_id": NAME,
    }
    return [
        client.post(f"{url}?{asked}"),
        client.post(f"{url}?{asked}&lat=x{LATITUDE}"),
        client.post(url, data=asked, content_type="application/x-www-form-urlencoded"),
        client.post(url, json=nested),
        client.post(url, json=[nested, LATITUDE]),
        client.get(f"{url}?{asked}"),
    ]


def _people(desk: Desk, phone: Phone) -> list[TestResponse]:
    """Punches with a fix, and writes about people that go wrong."""
    owner = desk.member("owner").client
    own = desk.member("employee", person_id=phone.person_id).client
    fix = {"recorded_at": NOW.isoformat(), **HERE}
    api = "/api/v1"
    punch = {"kind": "in", "client_id": "k1", "fix": fix}
    long = NAME * 20
    made = owner.post(f"{api}/people", json={"name": "Double", "employee_number": "7"})
    found = [
        own.post(f"{api}/punches", json=punch),
        own.post(f"{api}/punches", json={**punch, "client_id": "k2", "fix": {**fix, "latitude": LONGITUDE}}),
        own.post(f"{api}/punches", json={**punch, "client_id": f"{LATITUDE} {LONGITUDE}"}),
        own.get(f"{api}/me/crossings"),
        owner.get(f"{api}/presence"),
        owner.get(f"{api}/presence?q={NAME}"),
        owner.get(f"{api}/people?q={NAME}&limit={LATITUDE}"),
        owner.post(f"{api}/people", json={"name": long, "telephone": NAME, "email": f"{NAME}@example.org", "left": LATITUDE}),
        owner.post(f"{api}/people", json={"name": "x", "employee_number": "7", "site_id": str(uuid4())}),
        owner.post(f"{api}/people/import", data=f"name;telephone\n{NAME};{NAME}\n".encode(), content_type="text/csv"),
        owner.post(f"{api}/groups/{NAME}/people/{LATITUDE}"),
        desk.app.test_client().post(f"{api}/session", json={"sign_in": NAME, "password": f"{NAME} {LATITUDE}"}),
    ]
    return [made, *found]


def test_the_search_finds_what_it_looks_for() -> None:
    for spelling in (f"{LATITUDE}", f"{LONGITUDE:.5f}", f"x={LATITUDE:.6f},", f"{LONGITUDE}".replace(".", ",")):
        assert found_in(spelling.encode(), PLACES), spelling
    assert found_in(shapely.Point(LONGITUDE, LATITUDE).wkb_hex.encode(), PLACES)
    assert found_in(shapely.Point(LONGITUDE, LATITUDE).wkb, PLACES)
    assert not found_in(b"12:00:68.43729 52.09 117.2 2026-06-03 12:00:00.843729", PLACES)


def test_a_place_and_a_name_are_found_nowhere_they_must_not_be(run: Run, desk: Desk, urls: Urls, settings: Settings) -> None:
    dump = subprocess.run(["pg_dump", "--data-only", "--no-owner", libpq(urls.backup)], capture_output=True, check=False)
    assert dump.returncode == 0, dump.stderr.decode()
    tables = tables_of(dump.stdout)
    assert {"person", "geofence_version", "switch_event"} <= set(tables)
    assert any(name.startswith("sighting") and cells for name, cells in tables.items())
    assert found_in(dump.stdout, PLACES) == []
    named = {(table, column) for table, cells in tables.items() for column, cell in cells if found_in(cell, NAMES)}
    assert named == COLUMNS_OF_NAMES
    with Redis.from_url(settings.redis_url) as redis:
        kept = b"\n".join(key + b" " + (redis.dump(key) or b"") for key in redis.scan_iter())
    assert kept, "limits are counted in Redis"
    assert found_in(kept, [*PLACES, *NAMES]) == []
    assert run.log.count("\n") > 50
    assert found_in(run.log.encode(), [*PLACES, *NAMES]) == []


def test_no_answer_says_where_somebody_is_and_no_problem_says_who(run: Run) -> None:
    assert {answer.status_code for answer in run.answers} >= {200, 201, 400, 401, 404, 405, 413, 415, 422, 500}
    for answer in run.answers:
        said = answer.data + repr(sorted(answer.headers.items())).encode()
        assert found_in(said, PLACES) == [], (answer.request.path, answer.status_code)
        if answer.status_code >= 400:
            assert found_in(said, NAMES) == [], (answer.request.path, answer.status_code)
