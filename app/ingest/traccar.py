"""What Traccar Client posts, in all its generations, made into pings.

1. Three generations are in the field: up to 8 (query string), 9 (nested JSON), 10 (form), and the SDK's JSON array of flat items.
   JSON is told by its content type; a query and a form are read alike, and the form wins.
2. The app repeats a post until it gets a 2xx, and nothing behind it in the queue moves. So `read` never raises; the answer is always an
   empty 200, and what was wrong with a position comes back as a `Fault`, to be counted.
3. The device id in the post is ignored: the token in the address says who it is. Speed (knots or m/s, by generation), course, battery and
   attributes are not read at all.
4. A ping is identified by device and time.

Read from the apps' sources, not run on phones: see docs/clients.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from urllib.parse import parse_qsl, urlencode

from pydantic_core import from_json

from app.core.fix import DeviceId, Ping, to_ms
from app.ingest.faults import Fault, FaultError
from app.ingest.values import accuracy_m, epoch_ms, number, position

MAX_ITEMS: Final = 1_000
_MAX_FIELDS: Final = 200
_SECONDS_BELOW: Final = 2**31 - 1
_TRUE: Final = (True, 1, "true", "1")


@dataclass(frozen=True, slots=True)
class TraccarMessage:
    """One post, read.

    `kind` is "positions", "heartbeat" (the phone lives, but says nothing about where), "push_token" or "unreadable".
    `faults` are of positions that could not be used.
    """

    kind: str
    pings: tuple[Ping, ...] = field(default=(), repr=False)
    faults: tuple[Fault, ...] = ()


def read(content_type: str, query: str, body: bytes, device: DeviceId) -> TraccarMessage:
    """What one post says; `query` is the address's query string without "?". Never raises."""
    try:
        items = _json_items(body) if content_type.strip().lower().startswith("application/json") else _form_items(query, body)
    except FaultError as error:
        return TraccarMessage("unreadable", faults=(error.fault,))
    pings: list[Ping] = []
    faults: list[Fault] = []
    for item in items:
        try:
            pings += _pings(item, device)
        except FaultError as error:
            faults.append(error.fault)
    return TraccarMessage(_kind(items, found=bool(pings or faults)), tuple(pings), tuple(faults))


def setup_link(url: str) -> str:
    """The link that sets up the app, also as a QR code; `url` is the address with the device token.

    A fix every two minutes or 50 m while moving, and a sign of life every quarter of an hour while still. The app wants an id of its own.
    """
    settings = {
        "url": url,
        "id": "muster",
        "accuracy": "high",
        "distance": 50,
        "interval": 120,
        "heartbeat": 900,
        "buffer": "true",
        "stop_detection": "true",
    }
    return f"org.traccar.client://config?{urlencode(settings)}"


def _kind(items: list[Mapping[str, object]], *, found: bool) -> str:
    if found:
        return "positions"
    return "push_token" if any("notificationToken" in item for item in items) else "heartbeat"


def _form_items(query: str, body: bytes) -> list[Mapping[str, object]]:
    try:
        fields = parse_qsl(query, max_num_fields=_MAX_FIELDS) + parse_qsl(body.decode("utf-8", "replace"), max_num_fields=_MAX_FIELDS)
    except ValueError:
        raise FaultError("body", "too_many", "A position has far fewer fields.") from None
    return [dict(fields)]


def _json_items(body: bytes) -> list[Mapping[str, object]]:
    try:
        document = from_json(body)
    except ValueError:
        raise FaultError("body", "not_json", "This is not JSON in UTF-8.") from None
    if isinstance(document, dict) and "location" in document and not isinstance(document["location"], str):
        document = document["location"]
        items = [_flatten(item) for item in (document if isinstance(document, list) else [document])]
    else:
        items = document if isinstance(document, list) else [document]
    if len(items) > MAX_ITEMS:
        raise FaultError("body", "too_many", "A post holds at most 1,000 positions.")
    objects: list[Mapping[str, object]] = [item for item in items if isinstance(item, dict)]
    if len(objects) < len(items):
        raise FaultError("body", "wrong_type", "A position is a JSON object.")
    return objects


def _flatten(location: object) -> object:
    """Generation 9 nests the position; make it look like the flat ones."""
    if not isinstance(location, dict):
        return location
    coords, extras = location.get("coords"), location.get("extras")
    coords, extras = coords if isinstance(coords, dict) else {}, extras if isinstance(extras, dict) else {}
    return {
        "timestamp": location.get("timestamp"),
        "lat": coords.get("latitude"),
        "lon": coords.get("longitude"),
        "accuracy": coords.get("accuracy"),
        "mock": location.get("mock"),
    }


def _pings(item: Mapping[str, object], device: DeviceId) -> tuple[Ping, ...]:
    latitude, longitude = item.get("lat"), item.get("lon")
    if isinstance(pair := item.get("location"), str):
        latitude, _, longitude = pair.partition(",")
    if (latitude is None and longitude is None) or ("valid" in item and item["valid"] not in _TRUE):
        return ()
    for name, value in (("lat", latitude), ("lon", longitude)):
        if value is None:
            raise FaultError(name, "missing", "A position needs lat and lon.")
    north, east = position(latitude, longitude)
    recorded_at_ms = _recorded_at_ms(item.get("timestamp"))
    accuracy = accuracy_m(item.get("accuracy"), "accuracy")
    return (Ping(device, f"traccar:{recorded_at_ms}", recorded_at_ms, north, east, accuracy, "traccar", item.get("mock") in _TRUE),)


def _recorded_at_ms(value: object) -> int:
    """Seconds or milliseconds since 1970, ISO 8601, or "2026-03-02 08:00:00". A time without zone is UTC."""
    if isinstance(value, str) and ("T" in value or ":" in value):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise FaultError("timestamp", "not_a_time", "This is not a time in ISO 8601.") from None
        return epoch_ms(to_ms(moment if moment.tzinfo else moment.replace(tzinfo=UTC)), "timestamp")
    epoch = number(value, "timestamp")
    return epoch_ms(epoch * 1000 if epoch < _SECONDS_BELOW else epoch, "timestamp")
