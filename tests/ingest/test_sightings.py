import json
from datetime import UTC, datetime
from uuid import UUID

import pytest

from app.core.fix import Claimed
from app.errors import Invalid, Malformed, TooLarge
from app.ingest.batch import Parsed
from app.ingest.sightings import parse_sightings

HERE, THERE = UUID("0197c6a1-0000-7000-8000-000000000001"), UUID("0197c6a1-0000-7000-8000-000000000002")
GOOD = {
    "id": "s-1",
    "recorded_at": "2026-03-02T09:00:00.250+01:00",
    "inside": [str(HERE)],
    "unclear": [str(THERE)],
    "accuracy_class_m": 25,
    "fence_set": "12.1772438400000",
}
AT_MS = int(datetime(2026, 3, 2, 8, tzinfo=UTC).timestamp()) * 1000 + 250


def batch(*sightings: object) -> Parsed[Claimed]:
    return parse_sightings(json.dumps({"sightings": list(sightings)}).encode(), "phone")


def test_a_sighting_keeps_what_the_phone_said() -> None:
    assert batch(GOOD).items == [(0, Claimed("phone", "s-1", AT_MS, (HERE,), (THERE,), 25, (12, 1772438400000)))]


def test_without_id_it_is_identified_by_its_time_and_without_unclear_nothing_was() -> None:
    ((_, claimed),) = batch({key: value for key, value in GOOD.items() if key not in {"id", "unclear"}}).items
    assert (claimed.id, claimed.unclear) == (f"sighting:{AT_MS}", ())


@pytest.mark.parametrize("name", ["latitude", "longitude", "lat", "margin_m", "accuracy_m", "distance_m"])
def test_there_is_no_field_for_a_place_or_a_distance(name: str) -> None:
    (refusal,) = batch(GOOD | {name: 52.1234567}).refused
    assert (refusal.fault.field, refusal.fault.reason) == (name, "unknown_field")
    assert "52" not in refusal.fault.detail


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"recorded_at": "2026-03-02T09:00:00"}, ("recorded_at", "no_zone")),
        ({"inside": ...}, ("inside", "missing")),
        ({"inside": str(HERE)}, ("inside", "wrong_type")),
        ({"inside": ["HQ"]}, ("inside", "wrong_type")),
        ({"inside": [1]}, ("inside", "wrong_type")),
        ({"inside": [str(HERE)] * 2}, ("inside", "doubled")),
        ({"inside": [str(HERE), str(HERE).upper()]}, ("inside", "doubled")),
        ({"unclear": [str(HERE)]}, ("unclear", "doubled")),
        ({"inside": [str(UUID(int=nth)) for nth in range(201)]}, ("inside", "too_many")),
        ({"accuracy_class_m": ...}, ("accuracy_class_m", "missing")),
        ({"accuracy_class_m": 12}, ("accuracy_class_m", "out_of_range")),
        ({"accuracy_class_m": True}, ("accuracy_class_m", "out_of_range")),
        ({"accuracy_class_m": 25.0}, ("accuracy_class_m", "out_of_range")),
        ({"accuracy_class_m": None}, ("accuracy_class_m", "out_of_range")),
        ({"fence_set": ...}, ("fence_set", "missing")),
        ({"fence_set": "12"}, ("fence_set", "wrong_type")),
        ({"fence_set": "12.-3"}, ("fence_set", "wrong_type")),
        ({"fence_set": "1" * 16 + ".3"}, ("fence_set", "wrong_type")),
        ({"fence_set": 12.5}, ("fence_set", "wrong_type")),
        ({"id": "a b"}, ("id", "malformed_id")),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else "",
)
def test_a_bad_sighting_is_refused_by_field_and_reason(changes: dict[str, object], expected: tuple[str, str]) -> None:
    parsed = batch({key: value for key, value in (GOOD | changes).items() if value is not ...})
    assert [(refusal.fault.field, refusal.fault.reason) for refusal in parsed.refused] == [expected]
    assert parsed.refused[0].fault.detail.endswith((".", "?"))


def test_a_broken_envelope_is_refused_whole() -> None:
    with pytest.raises(Malformed):
        parse_sightings(b"{", "phone")
    for body in (b"[]", b'{"pings": []}', b'{"sightings": 3}', b'{"sightings": [], "x": 1}'):
        with pytest.raises(Invalid):
            parse_sightings(body, "phone")
    with pytest.raises(TooLarge):
        batch(*[GOOD] * 1_001)
