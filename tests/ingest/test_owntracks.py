import json
from base64 import b64decode, b64encode

import pytest
from nacl.secret import SecretBox

from app.core.fix import Ping
from app.ingest.owntracks import OwnTracksMessage, encrypt_reply, read

ANDROID = "Owntracks-Android/gms/420500000"
TST = 1772438400
ANDROID_LOCATION = {
    "_type": "location",
    "_id": "f1c1a2d4",
    "acc": 14,
    "alt": 3,
    "batt": 81,
    "bs": 1,
    "cog": 120,
    "conn": "m",
    "created_at": TST + 5,
    "lat": 51.91234567,
    "lon": 4.45678901,
    "m": 1,
    "source": "fused",
    "tid": "jo",
    "topic": "owntracks/jo/phone",
    "tst": TST,
    "vac": 2,
    "vel": 4,
}
IOS_LOCATION = {
    "_type": "location",
    "acc": 35,
    "batt": 64,
    "bs": 1,
    "inregions": ["Depot"],
    "inrids": ["b9"],
    "lat": 51.912345,
    "lon": 4.456789,
    "motionactivities": ["stationary"],
    "ssid": "works",
    "t": "v",
    "tid": "AN",
    "topic": "owntracks/an/phone",
    "tst": TST,
}
ANDROID_TRANSITION = {
    "_type": "transition",
    "_id": "77aa",
    "acc": 20.5,
    "desc": "Depot",
    "event": "enter",
    "lat": 51.9,
    "lon": 4.4,
    "t": "c",
    "tid": "jo",
    "topic": "owntracks/jo/phone/event",
    "tst": TST,
    "wtst": 1700000000,
}


def say(message: object, user_agent: str = "", passphrase: str | None = None) -> OwnTracksMessage:
    return read(json.dumps(message).encode(), "phone", user_agent=user_agent, passphrase=passphrase)


def ping(message: object, user_agent: str = "") -> Ping:
    (only,) = say(message, user_agent).pings
    return only


def fault(message: object, user_agent: str = "") -> tuple[str, str]:
    heard = say(message, user_agent)
    assert heard.pings == ()
    assert heard.fault is not None
    return heard.fault.field, heard.fault.reason


def test_a_location_of_android_is_identified_by_its_own_id_stable_across_retries() -> None:
    assert ping(ANDROID_LOCATION, ANDROID) == Ping("phone", "f1c1a2d4", TST * 1000, 51.91234567, 4.45678901, 14.0, "owntracks")


def test_a_location_of_ios_has_no_id_and_is_identified_by_its_time() -> None:
    assert ping(IOS_LOCATION) == Ping("phone", f"owntracks:{TST * 1000}", TST * 1000, 51.912345, 4.456789, 35.0, "owntracks")


def test_a_transition_is_a_ping_at_its_own_fix() -> None:
    heard = say(ANDROID_TRANSITION, ANDROID)
    assert heard.kind == "transition"
    assert [(p.latitude, p.longitude, p.accuracy_m) for p in heard.pings] == [(51.9, 4.4, 20.5)]


def test_a_transition_and_the_location_sent_along_with_it_are_one_ping_on_both_systems() -> None:
    android = ping(ANDROID_TRANSITION, ANDROID), ping(ANDROID_LOCATION | {"t": "c"}, ANDROID)
    ios = ping({**ANDROID_TRANSITION, "_id": None, "rid": "b9"}), ping(IOS_LOCATION | {"t": "c"})
    assert len({(p.device, p.recorded_at_ms, p.id) for p in android + ios}) == 1


def test_two_automatic_locations_of_android_in_the_same_second_stay_two_pings() -> None:
    assert ping(ANDROID_LOCATION).id != ping(ANDROID_LOCATION | {"_id": "f1c1a2d5"}).id


@pytest.mark.parametrize("acc", [0, -1, "0", None, "", 0.0])
def test_an_accuracy_of_zero_or_less_is_unknown(acc: object) -> None:
    assert ping(ANDROID_LOCATION | {"acc": acc}).accuracy_m is None


def test_numbers_may_come_as_text() -> None:
    told = ping({"_type": "location", "lat": "51.9", "lon": "4.5", "tst": str(TST), "acc": "12", "tid": "gw"})
    assert (told.latitude, told.longitude, told.recorded_at_ms, told.accuracy_m) == (51.9, 4.5, TST * 1000, 12.0)


def test_whole_numbers_are_coordinates_too() -> None:
    assert ping(IOS_LOCATION | {"lat": 52, "lon": 5}).latitude == 52.0


def test_android_leaves_out_a_coordinate_that_is_zero() -> None:
    on_the_meridian = {key: value for key, value in ANDROID_LOCATION.items() if key not in {"lon", "_id"}}
    assert ping(on_the_meridian, ANDROID).longitude == 0.0
    assert ping(on_the_meridian | {"_id": "f1c1a2d4"}).longitude == 0.0
    on_the_equator = {key: value for key, value in ANDROID_LOCATION.items() if key != "lat"}
    assert ping(on_the_equator, ANDROID).latitude == 0.0


def test_a_coordinate_missing_elsewhere_is_a_fault_and_not_zero() -> None:
    assert fault({key: value for key, value in IOS_LOCATION.items() if key != "lon"}) == ("lon", "missing")


def test_a_location_without_any_place_is_a_fault_even_of_android() -> None:
    placeless = {key: value for key, value in ANDROID_LOCATION.items() if key not in {"lat", "lon"}}
    assert fault(placeless, ANDROID) == ("lat", "missing")
    assert fault(ANDROID_LOCATION | {"lat": 0, "lon": 0}, ANDROID) == ("lat", "no_position")


def test_a_beacon_event_without_a_place_is_taken_and_yields_nothing() -> None:
    beacon = {"_type": "transition", "t": "b", "event": "leave", "desc": "Gate", "lat": 0, "lon": 0, "acc": 0, "tst": TST, "tid": "an"}
    assert say(beacon) == OwnTracksMessage("transition")
    assert say({"_type": "transition", "event": "enter", "desc": "Gate", "tst": TST, "wtst": 1}) == OwnTracksMessage("transition")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"lat": 104.5, "lon": 51.9}, ("lat", "swapped")),
        ({"lat": 95, "lon": 95}, ("lat", "out_of_range")),
        ({"lon": 181}, ("lon", "out_of_range")),
        ({"lat": "north"}, ("lat", "wrong_type")),
        ({"lat": "nan"}, ("lat", "wrong_type")),
        ({"lat": True}, ("lat", "wrong_type")),
        ({"lat": 10**400}, ("lat", "out_of_range")),
        ({"tst": 0}, ("tst", "impossible_time")),
        ({"tst": None}, ("tst", "wrong_type")),
        ({"tst": TST * 1000}, ("tst", "impossible_time")),
        ({"acc": "good"}, ("acc", "wrong_type")),
    ],
)
def test_what_is_wrong_with_a_location_is_told_by_field(changes: dict[str, object], expected: tuple[str, str]) -> None:
    assert fault(ANDROID_LOCATION | changes) == expected


@pytest.mark.parametrize(
    "message",
    [
        {"_type": "waypoint", "desc": "Home", "lat": 51.8, "lon": 4.4, "rad": 100, "tst": TST, "rid": "b9"},
        {"_type": "waypoints", "_creator": "x", "waypoints": [{"_type": "waypoint", "desc": "Home", "lat": 51.8, "lon": 4.4, "tst": TST}]},
        {"_type": "lwt", "tst": TST},
        {"_type": "card", "tid": "jo", "name": "Jo", "face": "aGVsbG8="},
        {"_type": "steps", "tst": TST, "steps": 1200, "from": TST, "to": TST},
        {"_type": "beacon", "tst": TST, "uuid": "u", "major": 1, "minor": 2, "acc": 1, "prox": 2},
        {"_type": "request", "request": "tours"},
        {"_type": "dump", "configuration": {"_type": "configuration"}},
        {"_type": "configuration", "mode": 3},
        {"_type": "cmd", "action": "reportLocation"},
    ],
)
def test_every_other_message_is_accepted_and_nothing_of_it_is_kept(message: dict[str, object]) -> None:
    assert say(message) == OwnTracksMessage(str(message["_type"]))


@pytest.mark.parametrize("message", [{}, {"_type": "holiday"}, {"_type": ["location"]}, {"_type": None, "lat": 1}])
def test_an_unknown_type_is_accepted(message: dict[str, object]) -> None:
    assert say(message) == OwnTracksMessage("unknown")


def test_an_empty_body_is_accepted() -> None:
    assert read(b"", "phone") == read(b"\r\n", "phone") == OwnTracksMessage("empty")


@pytest.mark.parametrize("body", [b"{", b"[]", b'"location"', b"\xff\xfe", b"[" * 100_000])
def test_a_body_that_is_no_message_is_a_fault_and_no_error(body: bytes) -> None:
    heard = read(body, "phone")
    assert (heard.kind, heard.pings) == ("unreadable", ())
    assert heard.fault is not None


def test_the_status_of_android_tells_why_a_phone_stopped() -> None:
    hindered = {"_type": "status", "_id": "1", "android": {"wifi": 1, "ps": 1, "bo": 1, "hib": -1, "loc": -2}}
    assert say(hindered).hindrances == ("power_save", "battery_optimization", "app_hibernation", "location_only_while_open")
    assert say({"_type": "status", "android": {"wifi": 1}}).hindrances == ()
    assert say({"_type": "status", "android": {"ps": [], "loc": "x"}}).hindrances == ("power_save",)
    assert say({"_type": "status", "iOS": {"version": "18.4"}}).hindrances is None


def encrypted(message: object, passphrase: str) -> dict[str, object]:
    """As the apps do it: the passphrase padded with zero bytes, nonce first."""
    box = SecretBox(passphrase.encode() + bytes(32 - len(passphrase.encode())))
    return {"_type": "encrypted", "data": b64encode(box.encrypt(json.dumps(message).encode(), nonce=bytes(range(24)))).decode()}


def test_an_encrypted_location_is_read_like_a_plain_one() -> None:
    heard = say(encrypted(ANDROID_LOCATION, "s3cr3t é"), passphrase="s3cr3t é")
    assert heard.encrypted
    assert (heard.kind, heard.pings) == ("location", say(ANDROID_LOCATION).pings)


@pytest.mark.parametrize(
    ("message", "passphrase", "reason"),
    [
        (encrypted(ANDROID_LOCATION, "right"), "wrong", "not_decrypted"),
        (encrypted(ANDROID_LOCATION, "right"), None, "no_passphrase"),
        ({"_type": "encrypted", "data": "####"}, "right", "not_decrypted"),
        ({"_type": "encrypted", "data": "é"}, "right", "not_decrypted"),
        ({"_type": "encrypted", "data": 7}, "right", "wrong_type"),
        ({"_type": "encrypted"}, "right", "wrong_type"),
        (encrypted([1], "right"), "right", "wrong_type"),
    ],
)
def test_what_cannot_be_decrypted_is_a_fault_and_no_error(message: object, passphrase: str | None, reason: str) -> None:
    heard = say(message, passphrase=passphrase)
    assert heard.fault is not None
    assert (heard.fault.field, heard.fault.reason, heard.pings) == ("data", reason, ())


def test_encryption_inside_encryption_is_not_followed() -> None:
    assert say(encrypted(encrypted(ANDROID_LOCATION, "right"), "right"), passphrase="right").pings == ()


def test_the_reply_to_a_phone_that_encrypts_can_be_opened_with_its_passphrase() -> None:
    reply = encrypt_reply([{"_type": "cmd", "action": "waypoints"}], "right")
    box = SecretBox(b"right".ljust(32, b"\0"))
    assert reply["_type"] == "encrypted"
    assert json.loads(box.decrypt(b64decode(str(reply["data"])))) == [{"_type": "cmd", "action": "waypoints"}]
