"""Our own format: `POST /api/v1/pings` with {"pings": [{"id", "recorded_at", "latitude", "longitude", "accuracy_m"}, ...]}.

1. The batch is opened and its items are read one by one as `batch.py` says.
2. A ping without id is identified by device, `recorded_at` and the word "native"; never by a hash of its position, which could be guessed.
"""

from typing import Annotated, Final

from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.core.fix import DeviceId, Ping, to_ms
from app.ingest.batch import Item, ItemId, Parsed, RecordedAt, parse
from app.ingest.values import MAX_ACCURACY_M, MAX_LATITUDE, MAX_LONGITUDE

_INFINITY: Final = float("inf")


def _number(value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("wrong_type", "Send a number, without quotes.")
    if value != value or value in (_INFINITY, -_INFINITY):  # noqa: PLR0124 (NaN alone differs from itself; large integers pass)
        raise PydanticCustomError("not_finite", "NaN and infinity are not accepted: leave this ping out.")
    return value


def _longitude(value: object) -> float:
    degrees = _number(value)
    if not -MAX_LONGITUDE <= degrees <= MAX_LONGITUDE:
        raise PydanticCustomError("out_of_range", "Longitude must lie between -180 and 180 degrees.")
    return float(degrees)


def _latitude(value: object, info: ValidationInfo) -> float:
    degrees = _number(value)
    if -MAX_LATITUDE <= degrees <= MAX_LATITUDE:
        return float(degrees)
    longitude = info.data.get("longitude")
    if longitude is not None and abs(longitude) <= MAX_LATITUDE and abs(degrees) <= MAX_LONGITUDE:
        raise PydanticCustomError("swapped", "Latitude must lie between -90 and 90 degrees: are latitude and longitude swapped?")
    raise PydanticCustomError("out_of_range", "Latitude must lie between -90 and 90 degrees.")


def _accuracy_m(value: object) -> float | None:
    if value is None:
        return None
    metres = _number(value)
    if metres > MAX_ACCURACY_M:
        raise PydanticCustomError("out_of_range", "Send the accuracy in metres, or leave it out if it is unknown.")
    return float(metres) if metres > 0 else None


class Fix(Item):
    """One measured place and time. `recorded_at` is aware UTC; `accuracy_m` None, absent, zero or negative means unknown."""

    recorded_at: RecordedAt
    # Longitude is read first, so that a latitude out of range can be told from a swapped pair.
    longitude: Annotated[
        float, BeforeValidator(_longitude), WithJsonSchema({"type": "number", "minimum": -180, "maximum": 180}), Field(repr=False)
    ]
    latitude: Annotated[
        float, BeforeValidator(_latitude), WithJsonSchema({"type": "number", "minimum": -90, "maximum": 90}), Field(repr=False)
    ]
    accuracy_m: Annotated[
        float | None, BeforeValidator(_accuracy_m), WithJsonSchema({"type": ["number", "null"], "maximum": MAX_ACCURACY_M})
    ] = None
    mocked: bool = False

    def ping(self, device: DeviceId, ping_id: str | None = None) -> Ping:
        """This fix as a ping of `device`."""
        recorded_at_ms = to_ms(self.recorded_at)
        return Ping(
            device,
            ping_id or f"native:{recorded_at_ms}",
            recorded_at_ms,
            self.latitude,
            self.longitude,
            self.accuracy_m,
            "native",
            self.mocked,
        )


class WirePing(Fix):
    """A fix as a phone sends it in a batch, with the id that makes a repeat recognisable."""

    id: ItemId = None


def parse_pings(body: bytes, device: DeviceId) -> Parsed[Ping]:
    """The pings of a batch, in the order sent. Raises `Malformed`, `Invalid` or `TooLarge` if the envelope cannot be read."""
    return parse(body, "pings", WirePing, lambda wire: wire.ping(device, wire.id))
