"""What phones get back over HTTP, whichever app they run."""

import base64
import json
from typing import Any, get_args

import pytest
from flask.testing import FlaskClient
from nacl.secret import SecretBox

from app.accounts.models import Device
from app.accounts.service.devices import seal
from app.attendance.models import Sighting, Stay
from app.attendance.routes.pings import NEXT_STEP
from app.core.consent import Refusal
from app.core.fix import to_ms
from app.privacy.models import RefusalCount
from tests.conftest import SECRET
from tests.factories import HQ, NOW, Phone, World

ANDROID = {"User-Agent": "Owntracks-Android/gms/420412000", "Content-Type": "application/json; charset=utf-8"}


def native(client: FlaskClient, phone: Phone, body: Any, **headers: str) -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body)
    return client.post(
        "/api/v1/pings", data=data, content_type="application/json", headers={"Authorization": f"Bearer {phone.token}", **headers}
    )


def owntracks(client: FlaskClient, phone: Phone, message: Any) -> Any:
    data = message if isinstance(message, bytes) else json.dumps(message)
    basic = base64.b64encode(f"anybody:{phone.token}".encode()).decode()
    return client.post("/api/v1/ingest/owntracks", data=data, headers={"Authorization": f"Basic {basic}", **ANDROID})


def wire(**changes: Any) -> dict[str, Any]:
    return {"id": "a1", "recorded_at": NOW.isoformat(), "latitude": HQ[0], "longitude": HQ[1], "accuracy_m": 8.0} | changes


def location(**changes: Any) -> dict[str, Any]:
    return {"_type": "location", "lat": HQ[0], "lon": HQ[1], "acc": 12, "tst": int(NOW.timestamp()), "tid": "ab", "t": "u"} | changes


def test_a_batch_takes_the_good_pings_and_answers_each_bad_one(client: FlaskClient, world: World) -> None:
    world.circle()
    phone = world.phone()
    answer = native(
        client,
        phone,
        {"pings": [wire(), wire(id="a2", latitude=152.0), wire(id="a3", speed=3), wire(id="a4", recorded_at="2031-01-01T00:00:00Z")]},
    )
    assert answer.status_code == 200
    results = answer.json["results"]
    assert [(one["index"], one["status"]) for one in results] == [(0, "accepted"), (1, "refused"), (2, "refused"), (3, "refused")]
    assert results[1]["field"] == "latitude"
    assert (results[3]["reason"], results[3]["detail"]) == (
        "in_the_future",
        "This lies more than two minutes ahead. Set the clock of the phone.",
    )
    assert len(world.rows(Stay)) == 1


def test_a_batch_without_one_readable_ping_is_a_problem_that_names_the_fields(client: FlaskClient, world: World) -> None:
    answer = native(client, world.phone(), {"pings": [wire(latitude=152.4321)]})
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer.json["errors"][0]["field"] == "pings.0.latitude"
    assert "152.4321" not in answer.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 422),
        (b'{"pings": 3}', 422),
        (b'{"pings": [], "x": 1}', 422),
        (json.dumps({"pings": [{}] * 1001}).encode(), 413),
        (b"x" * 600_000, 413),
    ],
)
def test_a_broken_batch_is_refused_whole(client: FlaskClient, world: World, body: bytes, status: int) -> None:
    answer = native(client, world.phone(), body)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")


def test_no_token_a_wrong_one_and_a_revoked_one_are_told_apart_by_nothing(client: FlaskClient, world: World) -> None:
    phone, revoked = world.phone(), world.phone()
    with world.database.tenant(world.organization_id) as session:
        session.get_one(Device, (world.organization_id, revoked.device_id)).revoked_at = NOW
    wrong = Phone(phone.person_id, phone.device_id, phone.token[:-4] + "AAAA")
    bodies = []
    for holder in (wrong, revoked):
        answer = native(client, holder, {"pings": [wire()]})
        assert answer.status_code == 401
        bodies.append({key: value for key, value in answer.json.items() if key != "request_id"})
    assert bodies[0] == bodies[1]
    assert world.rows(Sighting) == []


def test_owntracks_is_answered_with_the_fences_to_watch_and_then_with_an_empty_list(client: FlaskClient, world: World) -> None:
    fence, phone = world.circle(), world.phone()
    first = owntracks(client, phone, location())
    assert first.status_code == 200
    (command,) = first.json
    assert (command["_type"], command["action"]) == ("cmd", "setWaypoints")
    assert [(one["rid"], one["rad"]) for one in command["waypoints"]["waypoints"]] == [(str(fence), 150)]
    assert owntracks(client, phone, location(tst=int(NOW.timestamp()) - 5)).json == []
    assert len(world.rows(Sighting)) == 2


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"nonsense",
        {"_type": "lwt", "tst": 1},
        {"_type": "card", "face": "x"},
        {"_type": "wat"},
        location(lat="north"),
        location(tst=0),
        {"_type": "encrypted", "data": "AAAA"},
    ],
)
def test_owntracks_queues_keep_moving_whatever_they_hold(client: FlaskClient, world: World, message: Any) -> None:
    phone = world.phone()
    answer = owntracks(client, phone, message)
    assert (answer.status_code, answer.json) == (200, [])
    assert world.rows(Sighting) == []


def test_a_transition_and_the_location_that_follows_it_are_one_ping(client: FlaskClient, world: World) -> None:
    world.circle()
    phone = world.phone()
    owntracks(
        client,
        phone,
        {
            "_type": "transition",
            "event": "enter",
            "lat": HQ[0],
            "lon": HQ[1],
            "acc": 9,
            "tst": int(NOW.timestamp()),
            "wtst": 1,
            "tid": "ab",
        },
    )
    owntracks(client, phone, location(t="c", _id="7f"))
    assert len(world.rows(Sighting)) == 1


def test_an_encrypted_phone_is_understood_and_answered_in_kind(client: FlaskClient, world: World) -> None:
    world.circle()
    phone = world.phone()
    with world.database.tenant(world.organization_id) as session:
        session.get_one(Device, (world.organization_id, phone.device_id)).payload_key = seal(SECRET, "open sesame")
    box = SecretBox(b"open sesame".ljust(32, b"\0"))
    sealed = base64.b64encode(box.encrypt(json.dumps(location()).encode())).decode()
    answer = owntracks(client, phone, {"_type": "encrypted", "data": sealed})
    assert answer.json["_type"] == "encrypted"
    assert b"setWaypoints" in box.decrypt(base64.b64decode(answer.json["data"]))
    assert len(world.rows(Sighting)) == 1


@pytest.mark.parametrize("generation", ["query", "json", "form"])
def test_every_generation_of_traccar_client_is_understood(client: FlaskClient, world: World, generation: str) -> None:
    world.circle()
    phone = world.phone()
    url, seconds = f"/api/v1/ingest/traccar/{phone.token}", int(NOW.timestamp())
    flat = {
        "id": "123456",
        "timestamp": str(seconds),
        "lat": str(HQ[0]),
        "lon": str(HQ[1]),
        "speed": "0.0",
        "accuracy": "14.0",
        "batt": "80.0",
    }
    nested = {
        "device_id": "123456",
        "location": {
            "timestamp": NOW.isoformat().replace("+00:00", ".000Z"),
            "coords": {"latitude": HQ[0], "longitude": HQ[1], "accuracy": 14.2, "speed": -1},
        },
    }
    posts: dict[str, Any] = {"query": {"query_string": flat}, "json": {"json": nested}, "form": {"data": flat}}
    answer = client.post(url, **posts[generation])
    assert (answer.status_code, answer.data) == (200, b"")
    assert [(row.recorded_at, row.source) for row in world.rows(Sighting)] == [(NOW, "traccar")]


def test_a_traccar_token_never_reaches_an_answer(client: FlaskClient, world: World) -> None:
    phone = world.phone()
    answer = client.get(f"/api/v1/ingest/traccar/{phone.token}")
    assert answer.status_code == 405
    assert phone.token not in answer.text


def test_what_a_foreign_app_sends_after_opting_out_is_counted_and_forgotten(client: FlaskClient, world: World) -> None:
    world.circle()
    phone = world.phone(on=[[0, to_ms(NOW) - 1000]])
    assert owntracks(client, phone, location(tst=int(NOW.timestamp()) - 600)).status_code == 200
    assert world.rows(Sighting) == []
    assert [(row.reason, row.count) for row in world.rows(RefusalCount)] == [("switched_off", 1)]


def test_every_refusal_at_the_gate_has_a_next_step() -> None:
    assert NEXT_STEP.keys() == {*get_args(Refusal), "unknown_fence"}
