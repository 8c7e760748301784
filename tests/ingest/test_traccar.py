import json
import time
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from app.core.fix import Ping
from app.ingest.traccar import TraccarMessage, read, setup_link

S = 1772438400
PING = Ping("phone", f"traccar:{S * 1000}", S * 1000, 51.9, 4.5, 18.0, "traccar")
FORM = "application/x-www-form-urlencoded"
JSON = "application/json; charset=utf-8"
GENERATION_8 = f"id=64839201&timestamp={S}&lat=51.9&lon=4.5&speed=1.94&bearing=80.0&altitude=2.0&accuracy=18.0&batt=77.0&charge=true"
GENERATION_9 = {
    "location": {
        "timestamp": "2026-03-02T08:00:00.000Z",
        "coords": {"latitude": 51.9, "longitude": 4.5, "accuracy": 18, "speed": -1, "heading": -1, "altitude": 2.4},
        "is_moving": False,
        "odometer": 120.5,
        "event": "motionchange",
        "battery": {"level": 0.77, "is_charging": True},
        "activity": {"type": "still"},
        "extras": {},
        "_": "&id=64839201&lat=51.9&lon=4.5&timestamp=2026-03-02T08:00:00.000Z&",
    },
    "device_id": "64839201",
}
GENERATION_10 = f"id=64839201&timestamp={S}&lat=51.9&lon=4.5&altitude=2.4&speed=1.94&bearing=80&accuracy=18&batt=77&charge=true".encode()
SDK = [
    {"id": "64839201", "timestamp": S + n, "lat": 51.9, "lon": 4.5, "speed": 1.94, "accuracy": 18, "battery_health": "good"}
    for n in (0, 60)
]


def query(text: str) -> TraccarMessage:
    return read("", text, b"", "phone")


def form(**fields: object) -> TraccarMessage:
    return read(FORM, "", urlencode(fields).encode(), "phone")


def post(document: object) -> TraccarMessage:
    return read(JSON, "", json.dumps(document).encode(), "phone")


def fault(heard: TraccarMessage) -> tuple[str, str]:
    (only,) = heard.faults
    assert heard.pings == ()
    return only.field, only.reason


def test_generation_8_in_the_query_string() -> None:
    assert query(GENERATION_8) == TraccarMessage("positions", (PING,))
    assert read(FORM, GENERATION_8, b"", "phone").pings == (PING,)


def test_generation_9_in_nested_json() -> None:
    assert post(GENERATION_9) == TraccarMessage("positions", (PING,))


def test_generation_9_may_batch() -> None:
    assert post({"location": [GENERATION_9["location"]] * 2}).pings == (PING, PING)


def test_generation_10_in_a_form() -> None:
    assert read(FORM, "", GENERATION_10, "phone") == TraccarMessage("positions", (PING,))


def test_a_form_still_counts_when_the_address_has_a_query_of_its_own() -> None:
    assert read(FORM, "site=2", GENERATION_10, "phone").pings == (PING,)


def test_the_array_of_the_sdk() -> None:
    heard = post(SDK)
    assert [ping.recorded_at_ms for ping in heard.pings] == [S * 1000, S * 1000 + 60_000]
    assert heard.pings[0] == PING


def test_one_bad_item_of_an_array_does_not_lose_the_others() -> None:
    heard = post([*SDK, SDK[0] | {"lat": "x"}])
    assert len(heard.pings) == 2
    assert [(told.field, told.reason) for told in heard.faults] == [("lat", "wrong_type")]


@pytest.mark.parametrize("device_id", ["64839201", "", "another"])
def test_the_device_id_of_the_app_is_ignored_as_the_token_says_who_it_is(device_id: str) -> None:
    assert form(id=device_id, timestamp=S, lat=51.9, lon=4.5, accuracy=18).pings == (PING,)


@pytest.mark.parametrize(
    "timestamp",
    [
        str(S),
        str(S * 1000),
        "2026-03-02T08:00:00Z",
        "2026-03-02T09:00:00.000+01:00",
        "2026-03-02 08:00:00",
        "20260302T080000Z",
        "2026-03-02T08:00:00",
    ],
)
def test_every_form_of_time_means_the_same_moment(timestamp: str) -> None:
    assert form(timestamp=timestamp, lat=51.9, lon=4.5, accuracy=18).pings == (PING,)


def test_a_time_without_zone_is_utc_wherever_the_server_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert form(timestamp="2026-03-02 08:00:00", lat=51.9, lon=4.5, accuracy=18).pings == (PING,)
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("accuracy", ["0", "0.0", "-1", ""])
def test_an_accuracy_of_zero_as_generation_8_sends_with_gps_is_unknown(accuracy: str) -> None:
    assert form(timestamp=S, lat=51.9, lon=4.5, accuracy=accuracy).pings[0].accuracy_m is None


def test_latitude_and_longitude_may_come_as_one_field() -> None:
    assert form(timestamp=S, location="51.9,4.5", accuracy=18).pings == (PING,)
    assert post({"timestamp": S, "location": "51.9,4.5", "accuracy": 18}).pings == (PING,)


def test_a_mocked_position_says_so_where_the_app_does() -> None:
    assert query(GENERATION_8 + "&mock=true").pings[0].mocked
    assert post({"location": {**GENERATION_9["location"], "mock": True}}).pings[0].mocked  # type: ignore[dict-item]
    assert not form(timestamp=S, lat=51.9, lon=4.5, mock="false").pings[0].mocked


def test_a_heartbeat_without_a_place_yields_no_ping_and_no_fault() -> None:
    assert form(id=1, timestamp=S, batt=70) == TraccarMessage("heartbeat")
    assert form(id=1, timestamp=S, cell="204,4,1,2", wifi="aa-bb,-60") == TraccarMessage("heartbeat")
    assert read("", "", b"", "phone") == TraccarMessage("heartbeat")


def test_a_position_the_phone_calls_invalid_is_not_used() -> None:
    assert form(timestamp=S, lat=51.9, lon=4.5, valid="false") == TraccarMessage("heartbeat")
    assert form(timestamp=S, lat=51.9, lon=4.5, valid="1", accuracy=18).pings == (PING,)


def test_the_push_token_is_accepted_and_dropped() -> None:
    assert form(id=1, notificationToken="abc:def") == TraccarMessage("push_token")


def test_an_alarm_changes_nothing_about_a_position_and_is_a_heartbeat_without_one() -> None:
    assert [ping.latitude for ping in form(timestamp=S, lat=51.9, lon=4.5, alarm="sos").pings] == [51.9]
    assert form(timestamp=S, alarm="sos") == TraccarMessage("heartbeat")
    assert len(post({"location": {**GENERATION_9["location"], "extras": {"alarm": "sos"}}}).pings) == 1  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"lon": ""}, ("lon", "missing")),
        ({"lat": "91", "lon": "91"}, ("lat", "out_of_range")),
        ({"lat": "104.5", "lon": "51.9"}, ("lat", "swapped")),
        ({"lat": "51,9"}, ("lat", "wrong_type")),
        ({"timestamp": ""}, ("timestamp", "wrong_type")),
        ({"timestamp": "5"}, ("timestamp", "impossible_time")),
        ({"timestamp": "T"}, ("timestamp", "not_a_time")),
        ({"timestamp": "9999-12-31T23:59:59-14:00"}, ("timestamp", "impossible_time")),
        ({"accuracy": "1e9999"}, ("accuracy", "wrong_type")),
    ],
)
def test_what_is_wrong_with_a_position_is_told_by_field(fields: dict[str, str], expected: tuple[str, str]) -> None:
    assert fault(form(**({"timestamp": S, "lat": "51.9", "lon": "4.5"} | fields))) == expected


@pytest.mark.parametrize("body", [b"", b"{", b"7", b"[7]", b'{"location": 7}', b"[" * 100_000, json.dumps([{}] * 1_001).encode()])
def test_json_that_is_no_position_is_a_fault_and_no_error(body: bytes) -> None:
    heard = read(JSON, "", body, "phone")
    assert (heard.kind, len(heard.faults)) == ("unreadable", 1)


def test_a_form_of_a_thousand_fields_is_a_fault_and_no_error() -> None:
    assert read(FORM, "", b"a=1&" * 1_000, "phone").kind == "unreadable"


def test_the_setup_link_carries_the_address_and_only_settings_the_app_knows() -> None:
    link = urlsplit(setup_link("https://muster.example/api/v1/ingest/traccar/t0ken"))
    settings = parse_qs(link.query)
    assert link.scheme == "org.traccar.client"
    assert settings["url"] == ["https://muster.example/api/v1/ingest/traccar/t0ken"]
    known = "url id accuracy distance interval angle heartbeat buffer wakelock stop_detection prefer_platform_providers"
    assert set(settings) <= set(known.split())
