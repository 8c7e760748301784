"""Whatever arrives: only the errors the product knows, and never a coordinate in what leaves."""

import contextlib
import json
import math
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.fix import Ping, from_ms
from app.errors import MusterError
from app.ingest import native, owntracks, traccar

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(10**300, 10**320)
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["1e309", "٣", " 5 ", "2026-03-02T08:00:00Z", 1772438400, 0, "0", 51.9, "b", "sos", "true"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
NATIVE_KEYS = ("id", "recorded_at", "latitude", "longitude", "accuracy_m", "mocked", "extra")
PHONE_KEYS = (
    "_type",
    "_id",
    "lat",
    "lon",
    "acc",
    "tst",
    "t",
    "data",
    "android",
    "location",
    "timestamp",
    "accuracy",
    "mock",
    "valid",
    "alarm",
    "coords",
)
KINDS = st.sampled_from(sorted(owntracks.KINDS))
CANARY = 51.98765432
DIGITS = "876543"


def objects(*keys: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(keys), VALUES, max_size=7)


def check(pings: Iterable[Ping]) -> None:
    for ping in pings:
        assert abs(ping.latitude) <= 90
        assert abs(ping.longitude) <= 180
        assert from_ms(ping.recorded_at_ms).year in range(2000, 2101)
        assert ping.accuracy_m is None or (ping.accuracy_m > 0 and math.isfinite(ping.accuracy_m))
        assert 1 <= len(ping.id) <= 64


@given(st.lists(objects(*NATIVE_KEYS) | VALUES, max_size=4))
def test_every_ping_of_any_batch_is_either_taken_or_refused(items: list[Any]) -> None:
    parsed = native.parse_pings(json.dumps({"pings": items}).encode(), "phone")
    check(ping for _, ping in parsed.items)
    assert sorted([index for index, _ in parsed.items] + [refusal.index for refusal in parsed.refused]) == list(range(len(items)))


@given(st.binary(max_size=200) | VALUES.map(lambda value: json.dumps(value).encode()))
def test_any_body_of_a_batch_meets_a_known_error_or_none(body: bytes) -> None:
    with contextlib.suppress(MusterError):
        native.parse_pings(body, "phone")


@given(objects(*PHONE_KEYS), KINDS | st.none(), st.sampled_from(["", "Owntracks-Android/gms/1"]), st.sampled_from([None, "pass"]))
def test_no_owntracks_message_raises(message: dict[str, Any], kind: str | None, user_agent: str, passphrase: str | None) -> None:
    body = json.dumps(message if kind is None else message | {"_type": kind}).encode()
    check(owntracks.read(body, "phone", user_agent=user_agent, passphrase=passphrase).pings)


@given(st.binary(max_size=200))
def test_no_bytes_raise_for_owntracks(body: bytes) -> None:
    check(owntracks.read(body, "phone").pings)


@given(
    st.sampled_from(["application/json", "application/x-www-form-urlencoded", ""]) | st.text(max_size=9),
    st.text(max_size=80),
    st.binary(max_size=200),
)
def test_no_bytes_and_no_query_raise_for_traccar(content_type: str, query: str, body: bytes) -> None:
    check(traccar.read(content_type, query, body, "phone").pings)


@given(
    objects(*PHONE_KEYS)
    | st.lists(objects(*PHONE_KEYS), max_size=3)
    | objects("latitude", "longitude").map(lambda c: {"location": {"coords": c}})
)
def test_no_json_raises_for_traccar(document: object) -> None:
    check(traccar.read("application/json", "", json.dumps(document).encode(), "phone").pings)


@pytest.mark.parametrize("recorded_at", ["2026-03-02T08:00:00Z", str(CANARY), CANARY])
@pytest.mark.parametrize("longitude", [CANARY, str(CANARY), CANARY * 10, [CANARY], {str(CANARY): CANARY}])
def test_a_coordinate_is_in_no_repr_and_no_message(recorded_at: object, longitude: object) -> None:
    ours = {"recorded_at": recorded_at, "latitude": CANARY, "longitude": longitude, "id": "a-1"}
    theirs = {"_type": "location", "tst": recorded_at, "timestamp": recorded_at, "lat": CANARY, "lon": longitude, "acc": 5}
    said: list[object] = [
        native.parse_pings(json.dumps({"pings": [ours, ours | {str(CANARY): CANARY}, CANARY]}).encode(), "phone"),
        owntracks.read(json.dumps(theirs).encode(), "phone"),
        owntracks.read(json.dumps(theirs | {"_type": "waypoint"}).encode(), "phone"),
        traccar.read("application/json", "", json.dumps([theirs, {"location": {"coords": theirs}}]).encode(), "phone"),
    ]
    for body in (json.dumps(ours), json.dumps({"pings": [], str(CANARY): 1}), str(CANARY), f'{{"pings": [{CANARY}'):
        with pytest.raises(MusterError) as caught:
            native.parse_pings(body.encode(), "phone")
        said.append((str(caught.value), repr(caught.value), caught.value.document()))
    assert DIGITS not in repr(said)


def test_the_fix_of_a_clock_in_keeps_its_place_out_of_repr_and_errors() -> None:
    good = {"recorded_at": "2026-03-02T08:00:00Z", "latitude": CANARY, "longitude": 4.5}
    assert DIGITS not in repr(native.Fix.model_validate(good))
    with pytest.raises(ValueError, match="latitude") as caught:
        native.Fix.model_validate(good | {"latitude": CANARY * 10})
    assert DIGITS not in str(caught.value)
