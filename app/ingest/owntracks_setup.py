"""What we tell an OwnTracks phone: the fences to wake up for, and its configuration.

Fences on the phone only wake it; whether somebody is inside is decided here. So a polygon goes out as its covering circle.
The traps, each of which has cost somebody their fences:

1. Android keys a waypoint by `tst`, iOS by `rid`: both must be unique and stay the same for the life of the fence.
2. iOS reads `desc` at ":" as a beacon and at "|" as a tracking mode to switch to.
3. One action Android does not know makes it drop the whole reply: `setWaypoints` is known to both.
4. A phone watches few regions (Android 100, iOS about 20), and none reliably under 100 m. Neither app deletes a fence it is not sent again;
   its events do no harm, as events are only pings here.
"""

from base64 import b64encode
from dataclasses import dataclass
from json import dumps
from math import ceil
from typing import Final
from urllib.parse import quote

from app.ingest.owntracks import from_android

MIN_RADIUS_M: Final = 100
MAX_FENCES_ANDROID: Final = 100
MAX_FENCES_IOS: Final = 20
_HTTP: Final = 3
_SIGNIFICANT: Final = 1
_DESC_BREAKERS: Final = str.maketrans({":": " ", "|": " "})


@dataclass(frozen=True, slots=True)
class PushedFence:
    """A fence as a phone can watch it: the circle that covers it.

    `tst` is whole seconds since 1970, unique among the fences of an organization and never changed (take the second of creation, moved on
    until it is free); `rid` is the id of the fence.
    """

    tst: int
    rid: str
    name: str
    latitude: float
    longitude: float
    radius_m: float


def set_waypoints(fences: list[PushedFence], user_agent: str) -> list[dict[str, object]]:
    """The reply that gives a phone its fences, the first ones first if it cannot watch all; `[]` without fences."""
    limit = MAX_FENCES_ANDROID if from_android(user_agent) else MAX_FENCES_IOS
    chosen = list({fence.tst: fence for fence in reversed(fences)}.values())[::-1][:limit]
    if not chosen:
        return []
    waypoints = {"_type": "waypoints", "waypoints": [_waypoint(fence) for fence in chosen]}
    return [{"_type": "cmd", "action": "setWaypoints", "waypoints": waypoints}]


def configuration(url: str, username: str, password: str, device_id: str, tid: str) -> dict[str, object]:
    """The app's settings: HTTP, significant changes, our fences accepted, no network names or other extras in its messages.

    With manual monitoring (0) a leave would rest on a single ping. iOS takes fences only with `remoteConfiguration`.
    `tid` is the two letters the app demands. A passphrase cannot be set this way; it is typed into the app.
    """
    return {
        "_type": "configuration",
        "mode": _HTTP,
        "url": url,
        "auth": True,
        "username": username,
        "password": password,
        "deviceId": device_id,
        "tid": tid[:2],
        "monitoring": _SIGNIFICANT,
        "cmd": True,
        "remoteConfiguration": True,
        "extendedData": False,
    }


def otrc(settings: dict[str, object]) -> str:
    """The content of an `.otrc` file, which the app opens."""
    return dumps(settings, indent=2)


def config_link(settings: dict[str, object]) -> str:
    """The link that sets up the app; the same text goes into the QR code. Standard base64, as Android refuses the URL-safe kind."""
    inline = b64encode(dumps(settings, separators=(",", ":")).encode()).decode()
    return f"owntracks:///config?inline={quote(inline, safe='')}"


def _waypoint(fence: PushedFence) -> dict[str, object]:
    return {
        "_type": "waypoint",
        "tst": fence.tst,
        "rid": fence.rid,
        "desc": " ".join(fence.name.translate(_DESC_BREAKERS).split()) or "Geofence",
        "lat": fence.latitude,
        "lon": fence.longitude,
        "rad": max(MIN_RADIUS_M, ceil(fence.radius_m)),
    }
