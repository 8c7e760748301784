import json
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from app.core.fix import Ping
from app.errors import Invalid, Malformed, TooLarge
from app.ingest.batch import Parsed
from app.ingest.native import Fix, parse_pings

GOOD = {"id": "a-1", "recorded_at": "2026-03-02T09:00:00.250+01:00", "latitude": 51.9, "longitude": 4.5, "accuracy_m": 12}
RECORDED_AT_MS = int(datetime(2026, 3, 2, 8, tzinfo=UTC).timestamp()) * 1000 + 250


def batch(*pings: object) -> Parsed[Ping]:
    return parse_pings(json.dumps({"pings": list(pings)}).encode(), "phone")


def reason(**changes: object) -> tuple[str, str]:
    """Field and reason of the refusal of a good ping with these changes; a field set to `...` is left out."""
    parsed = batch({key: value for key, value in (GOOD | changes).items() if value is not ...})
    assert parsed.items == []
    (refusal,) = parsed.refused
    return refusal.fault.field, refusal.fault.reason


def test_a_ping_keeps_its_id_its_time_in_milliseconds_and_its_accuracy() -> None:
    parsed = batch(GOOD)
    assert parsed.refused == []
    assert parsed.items == [(0, Ping("phone", "a-1", RECORDED_AT_MS, 51.9, 4.5, 12.0, "native", mocked=False))]


def test_a_ping_without_id_is_identified_by_its_time_whatever_its_place() -> None:
    here = batch({**GOOD, "id": None}).items[0][1]
    there = batch({**{key: GOOD[key] for key in GOOD if key != "id"}, "latitude": -3.25}).items[0][1]
    assert here.id == there.id == f"native:{RECORDED_AT_MS}"


@pytest.mark.parametrize("accuracy_m", [None, 0, -1, 0.0, ...])
def test_no_accuracy_zero_and_negative_all_mean_unknown(accuracy_m: object) -> None:
    ping = batch({key: value for key, value in (GOOD | {"accuracy_m": accuracy_m}).items() if value is not ...}).items[0][1]
    assert ping.accuracy_m is None


def test_the_good_pings_of_a_batch_are_taken_and_each_bad_one_is_answered_by_place_and_id() -> None:
    parsed = batch(GOOD, GOOD | {"id": "a-2", "latitude": "51.9"}, "nonsense", GOOD | {"id": "a-4"}, GOOD | {"id": 5})
    assert [(index, ping.id) for index, ping in parsed.items] == [(0, "a-1"), (3, "a-4")]
    assert [(refusal.index, refusal.id, refusal.fault.field, refusal.fault.reason) for refusal in parsed.refused] == [
        (1, "a-2", "latitude", "wrong_type"),
        (2, None, "ping", "wrong_type"),
        (4, None, "id", "wrong_type"),
    ]
    assert all(refusal.fault.detail.endswith((".", "?")) for refusal in parsed.refused)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"recorded_at": ...}, ("recorded_at", "missing")),
        ({"recorded_at": "2026-03-02T08:00:00"}, ("recorded_at", "no_zone")),
        ({"recorded_at": "2026-03-02"}, ("recorded_at", "no_zone")),
        ({"recorded_at": "yesterday"}, ("recorded_at", "not_a_time")),
        ({"recorded_at": "2026-02-30T08:00:00Z"}, ("recorded_at", "not_a_time")),
        ({"recorded_at": 1772438400}, ("recorded_at", "wrong_type")),
        ({"recorded_at": "1970-01-01T00:00:00Z"}, ("recorded_at", "impossible_time")),
        ({"recorded_at": "9999-12-31T23:59:59-14:00"}, ("recorded_at", "impossible_time")),
        ({"recorded_at": "0001-01-01T00:00:00+14:00"}, ("recorded_at", "impossible_time")),
        ({"latitude": ...}, ("latitude", "missing")),
        ({"latitude": None}, ("latitude", "wrong_type")),
        ({"latitude": True}, ("latitude", "wrong_type")),
        ({"latitude": 10**400}, ("latitude", "out_of_range")),
        ({"latitude": 91, "longitude": 91}, ("latitude", "out_of_range")),
        ({"latitude": 104.5, "longitude": 51.9}, ("latitude", "swapped")),
        ({"latitude": 200, "longitude": 51.9}, ("latitude", "out_of_range")),
        ({"longitude": -180.001}, ("longitude", "out_of_range")),
        ({"longitude": [4.5]}, ("longitude", "wrong_type")),
        ({"accuracy_m": "12"}, ("accuracy_m", "wrong_type")),
        ({"accuracy_m": 1e300}, ("accuracy_m", "out_of_range")),
        ({"mocked": 1}, ("mocked", "wrong_type")),
        ({"id": ""}, ("id", "malformed_id")),
        ({"id": "a" * 65}, ("id", "malformed_id")),
        ({"id": "a\u0000"}, ("id", "malformed_id")),
        ({"speed_mps": 3}, ("speed_mps", "unknown_field")),
        ({"51.9,4.5": 3}, ("(unnamed)", "unknown_field")),
    ],
)
def test_a_bad_ping_is_refused_by_field_and_reason(changes: dict[str, object], expected: tuple[str, str]) -> None:
    assert reason(**changes) == expected


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("name", ["latitude", "longitude", "accuracy_m"])
def test_a_number_that_is_not_finite_is_refused_by_name(literal: str, name: str) -> None:
    body = json.dumps({"pings": [GOOD | {name: 0.125}]}).replace("0.125", literal).encode()
    (refusal,) = parse_pings(body, "phone").refused
    assert (refusal.fault.field, refusal.fault.reason) == (name, "not_finite")


@pytest.mark.parametrize("body", [b"", b"{", b"pings", b"\xff", b'{"pings":["\\ud800"]}', b"[" * 100_000])
def test_what_is_not_json_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        parse_pings(body, "phone")


@pytest.mark.parametrize("envelope", [[], None, {}, {"pings": {}}, {"pings": None}, {"pings": [], "device": 1}, [GOOD]])
def test_another_envelope_is_invalid_and_names_the_field(envelope: object) -> None:
    with pytest.raises(Invalid) as caught:
        parse_pings(json.dumps(envelope).encode(), "phone")
    assert caught.value.errors[0].field in {"pings", "device"}
    assert caught.value.errors[0].next_step


def test_a_thousand_pings_are_taken_and_one_more_is_too_many() -> None:
    assert len(batch(*[GOOD] * 1_000).items) == 1_000
    with pytest.raises(TooLarge):
        batch(*[GOOD] * 1_001)


def test_an_empty_batch_is_no_error() -> None:
    assert batch() == Parsed([], [])


def test_the_fix_of_a_one_tap_clock_in_is_read_by_the_same_rules() -> None:
    fix = Fix.model_validate({"recorded_at": "2026-03-02T08:00:00.250Z", "latitude": 51.9, "longitude": 4.5})
    assert fix.ping("phone") == Ping("phone", f"native:{RECORDED_AT_MS}", RECORDED_AT_MS, 51.9, 4.5)
    assert fix.recorded_at.tzinfo is UTC
    with pytest.raises(ValidationError, match="swapped"):
        Fix.model_validate({"recorded_at": "2026-03-02T08:00:00Z", "latitude": 104.5, "longitude": 51.9})


def test_the_schema_of_a_fix_tells_its_ranges() -> None:
    properties = Fix.model_json_schema()["properties"]
    assert (properties["latitude"]["minimum"], properties["longitude"]["maximum"]) == (-90, 180)
    assert properties["recorded_at"]["format"] == "date-time"
