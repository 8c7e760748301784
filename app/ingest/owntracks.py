"""What the OwnTracks apps post in HTTP mode, made into pings.

1. One JSON object per post, or an empty body. Whatever it is, the answer is `200 []`: Android retries any error for ever, at the head of
   its queue, and iOS drops the message on a 4xx. So `read` never raises; what was wrong with a position comes back as a `Fault` to count.
2. `encrypted` is opened with the device's passphrase and read as what was inside.
3. `location` and `transition` yield one ping each, at their own fix. A transition, and the location an app sends along with it, are one
   ping: both are identified by device and time. Any other location of Android is identified by its `_id`, which is stable across retries.
4. `status` says what keeps an Android phone from reporting. Everything else is accepted and dropped: waypoints above all, which are
   places of the person's own, such as home.

Read from the apps' sources, not run on phones: see docs/clients.md.
"""

import binascii
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from json import dumps
from typing import Final

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from pydantic_core import from_json

from app.core.fix import DeviceId, Ping
from app.ingest.faults import Fault, FaultError, is_ping_id
from app.ingest.values import accuracy_m, epoch_ms, number, position

KINDS: Final = frozenset(
    {
        "beacon", "card", "clear", "cmd", "configuration", "dump", "encrypted", "location", "lwt", "request", "status", "steps",
        "transition", "waypoint", "waypoints",
    }
)  # fmt: skip
_TRANSITION_TRIGGERS: Final = ("c", "C", "b", "l")
_HINDRANCES: Final = {"ps": "power_save", "bo": "battery_optimization", "hib": "app_hibernation"}
_PERMISSIONS: Final = {
    -1: "location_only_coarse",
    -2: "location_only_while_open",
    -3: "location_only_while_open_and_coarse",
    -4: "location_denied",
}


@dataclass(frozen=True, slots=True)
class OwnTracksMessage:
    """One post, read.

    `kind` is the `_type` if it is one of `KINDS`, else "empty", "unknown" or "unreadable". `hindrances` is None unless the phone sent its
    status; an empty tuple says that nothing hinders it. `encrypted`: answer with `encrypt_reply`.
    """

    kind: str
    pings: tuple[Ping, ...] = field(default=(), repr=False)
    fault: Fault | None = None
    hindrances: tuple[str, ...] | None = None
    encrypted: bool = False


def read(body: bytes, device: DeviceId, *, user_agent: str = "", passphrase: str | None = None) -> OwnTracksMessage:
    """What one post says. Never raises."""
    if not body.strip():
        return OwnTracksMessage("empty")
    try:
        message = _object(body, "body")
        if message.get("_type") != "encrypted":
            return _understand(message, device, user_agent)
    except FaultError as error:
        return OwnTracksMessage("unreadable", fault=error.fault)
    try:
        inner = _understand(_object(_decrypt(message.get("data"), passphrase), "data"), device, user_agent)
    except FaultError as error:
        return OwnTracksMessage("encrypted", fault=error.fault, encrypted=True)
    return OwnTracksMessage(inner.kind, inner.pings, inner.fault, inner.hindrances, encrypted=True)


def encrypt_reply(reply: list[dict[str, object]], passphrase: str) -> dict[str, object]:
    """The whole reply for a device that encrypts: {"_type": "encrypted", "data": base64(nonce + box)}."""
    box = SecretBox(_key(passphrase)).encrypt(dumps(reply).encode())
    return {"_type": "encrypted", "data": b64encode(box).decode()}


def from_android(user_agent: str) -> bool:
    """Whether the app is OwnTracks for Android, which drops a whole reply over one command it does not know."""
    return user_agent.startswith("Owntracks-Android")


def _understand(message: dict[str, object], device: DeviceId, user_agent: str) -> OwnTracksMessage:
    kind = message.get("_type")
    if not isinstance(kind, str) or kind not in KINDS:
        return OwnTracksMessage("unknown")
    if kind == "status":
        return OwnTracksMessage(kind, hindrances=_hindrances(message.get("android")))
    if kind not in {"location", "transition"}:
        return OwnTracksMessage(kind)
    try:
        return OwnTracksMessage(kind, pings=_pings(message, kind, device, omits_zeros=from_android(user_agent) or "_id" in message))
    except FaultError as error:
        return OwnTracksMessage(kind, fault=error.fault)


def _pings(message: dict[str, object], kind: str, device: DeviceId, *, omits_zeros: bool) -> tuple[Ping, ...]:
    latitude, longitude = message.get("lat"), message.get("lon")
    if latitude is None and longitude is None:
        if kind == "transition":  # an event without a place; the location that follows it has one
            return ()
        raise FaultError("lat", "missing", "A location needs lat and lon.")
    # Android does not encode a value equal to 0; a place on the equator or the meridian of Greenwich lacks one of the two.
    if omits_zeros:
        latitude, longitude = (0 if latitude is None else latitude), (0 if longitude is None else longitude)
    for name, value in (("lat", latitude), ("lon", longitude)):
        if value is None:
            raise FaultError(name, "missing", "A location needs lat and lon.")
    north, east = position(latitude, longitude)
    if north == 0 and east == 0:  # a beacon event carries 0, 0; nobody works at that place in the sea
        if message.get("t") == "b":
            return ()
        raise FaultError("lat", "no_position", "0, 0 is what an app sends when it has no position.")
    recorded_at_ms = epoch_ms(number(message.get("tst"), "tst") * 1000, "tst")
    ping_id = _ping_id(message, kind, recorded_at_ms)
    return (
        Ping(
            device,
            ping_id,
            recorded_at_ms,
            north,
            east,
            accuracy_m(message.get("acc"), "acc"),
            "owntracks",
            restated=message.get("t") == "p",
        ),
    )


def _ping_id(message: dict[str, object], kind: str, recorded_at_ms: int) -> str:
    own = message.get("_id")
    sent_with_transition = kind == "transition" or message.get("t") in _TRANSITION_TRIGGERS
    return own if isinstance(own, str) and is_ping_id(own) and not sent_with_transition else f"owntracks:{recorded_at_ms}"


def _hindrances(android: object) -> tuple[str, ...] | None:
    if not isinstance(android, dict):
        return None
    found = [word for key, word in _HINDRANCES.items() if android.get(key) not in (None, 0)]
    permission = android.get("loc")
    if isinstance(permission, int) and permission in _PERMISSIONS:
        found.append(_PERMISSIONS[permission])
    return tuple(found)


def _object(body: bytes, name: str) -> dict[str, object]:
    try:
        message = from_json(body)
    except ValueError:
        raise FaultError(name, "not_json", "This is not JSON in UTF-8.") from None
    if not isinstance(message, dict):
        raise FaultError(name, "wrong_type", "A message is one JSON object.")
    return message


def _key(passphrase: str) -> bytes:
    """The apps pad the passphrase with zero bytes to the 32 bytes libsodium wants, and ignore what is longer."""
    return passphrase.encode()[: SecretBox.KEY_SIZE].ljust(SecretBox.KEY_SIZE, b"\0")


def _decrypt(data: object, passphrase: str | None) -> bytes:
    if not passphrase:
        raise FaultError("data", "no_passphrase", "This device encrypts, but no passphrase is known for it.")
    if not isinstance(data, str):
        raise FaultError("data", "wrong_type", "An encrypted message needs its data in base64.")
    try:
        return SecretBox(_key(passphrase)).decrypt(b64decode(data))
    except (CryptoError, binascii.Error, ValueError, TypeError):
        raise FaultError("data", "not_decrypted", "The passphrase of the phone is not the one known here.") from None
