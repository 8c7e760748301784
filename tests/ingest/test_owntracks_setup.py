import json
from base64 import b64decode
from typing import Any
from urllib.parse import parse_qs, urlsplit

from app.ingest.owntracks_setup import PushedFence, config_link, configuration, otrc, set_waypoints

ANDROID = "Owntracks-Android/gms/420500000"
ANDROID_KNOWS = {"reportLocation", "setWaypoints", "clearWaypoints", "setConfiguration", "waypoints", "status"}
SETTINGS = configuration("https://muster.example/api/v1/ingest/owntracks", "device-7", "p~ss?>word", "phone", "joan")


def fence(number: int, name: str = "Depot", radius_m: float = 150) -> PushedFence:
    return PushedFence(1_700_000_000 + number, f"fence-{number}", name, 51.9, 4.5, radius_m)


def pushed(reply: list[dict[str, Any]]) -> list[dict[str, Any]]:
    assert {command["action"] for command in reply} <= ANDROID_KNOWS
    return [waypoint for command in reply for waypoint in command["waypoints"]["waypoints"]]


def test_a_fence_goes_out_with_the_keys_of_both_systems() -> None:
    assert set_waypoints([fence(1)], ANDROID) == [
        {
            "_type": "cmd",
            "action": "setWaypoints",
            "waypoints": {
                "_type": "waypoints",
                "waypoints": [
                    {"_type": "waypoint", "tst": 1_700_000_001, "rid": "fence-1", "desc": "Depot", "lat": 51.9, "lon": 4.5, "rad": 150}
                ],
            },
        }
    ]


def test_without_fences_the_reply_is_an_empty_list() -> None:
    assert set_waypoints([], ANDROID) == []


def test_a_name_never_holds_what_ios_takes_for_a_beacon_or_a_tracking_mode() -> None:
    names = [w["desc"] for w in pushed(set_waypoints([fence(1, "Yard: gate 2|2|1\n"), fence(2, "::|")], "OwnTracks/1"))]
    assert names == ["Yard gate 2 2 1", "Geofence"]


def test_a_radius_is_whole_metres_rounded_outwards_and_never_under_a_hundred() -> None:
    assert [w["rad"] for w in pushed(set_waypoints([fence(1, radius_m=5), fence(2, radius_m=150.1)], ANDROID))] == [100, 151]


def test_a_phone_gets_the_first_fences_and_no_more_than_it_can_watch() -> None:
    fences = [fence(number) for number in range(150)]
    assert [w["rid"] for w in pushed(set_waypoints(fences, ANDROID))] == [f"fence-{number}" for number in range(100)]
    assert len(pushed(set_waypoints(fences, "OwnTracks/24.1 CFNetwork"))) == 20


def test_no_two_waypoints_share_a_key_as_android_would_keep_only_one() -> None:
    twin = PushedFence(fence(1).tst, "fence-x", "Twin", 51.9, 4.5, 150)
    assert [w["rid"] for w in pushed(set_waypoints([fence(1), twin, fence(2)], ANDROID))] == ["fence-1", "fence-2"]


def test_the_configuration_asks_for_http_significant_changes_and_no_extras() -> None:
    assert (SETTINGS["mode"], SETTINGS["monitoring"], SETTINGS["auth"], SETTINGS["extendedData"]) == (3, 1, True, False)
    assert SETTINGS["tid"] == "jo"


def test_the_link_and_the_file_carry_the_same_configuration() -> None:
    link = urlsplit(config_link(SETTINGS))
    assert (link.scheme, link.netloc, link.path) == ("owntracks", "", "/config")
    assert not set(link.query.removeprefix("inline=")) & set("+/=")
    assert json.loads(b64decode(parse_qs(link.query)["inline"][0], validate=True)) == json.loads(otrc(SETTINGS)) == SETTINGS
