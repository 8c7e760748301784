"""Our own format: `POST /api/v1/pings` with {"pings": [{"id", "recorded_at", "latitude", "longitude", "accuracy_m"}, ...]}.

1. Only the envelope can fail as a whole: `Malformed` (not JSON), `Invalid` (another shape), `TooLarge` (more than 1,000 pings).
2. Each ping is read by itself. A good one is taken; a bad one is refused with its place in the batch, its id, the field and what to do.
3. A ping without id is identified by device, `recorded_at` and the word "native"; never by a hash of its position, which could be guessed.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError, from_json

from app.core.fix import DeviceId, Ping, to_ms
from app.errors import FieldError, Invalid, Malformed, TooLarge
from app.ingest.faults import Fault, field_name, is_ping_id
from app.ingest.values import EARLIEST, LATEST, MAX_ACCURACY_M, MAX_LATITUDE, MAX_LONGITUDE

MAX_PINGS: Final = 1_000
_INFINITY: Final = float("inf")
_EXAMPLE: Final = "such as 2026-03-02T08:00:00Z"


def _moment(value: object) -> datetime:
    if not isinstance(value, str):
        raise PydanticCustomError("wrong_type", f"Send the time as text in ISO 8601, {_EXAMPLE}.")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("not_a_time", f"Write the time in ISO 8601, {_EXAMPLE}.") from None
    if moment.tzinfo is None:
        raise PydanticCustomError("no_zone", "Add the time zone: end with Z or an offset such as +01:00.")
    if not EARLIEST <= moment < LATEST:
        raise PydanticCustomError("impossible_time", "This is not a time between 2000 and 2100: check the clock of the phone.")
    return moment.astimezone(UTC)


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


def _ping_id(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise PydanticCustomError("wrong_type", "Send the id as text.")
    if not is_ping_id(value):
        raise PydanticCustomError("malformed_id", "An id has 1 to 64 letters, digits or . _ : ~ -; a UUID fits.")
    return value


class Fix(BaseModel):
    """One measured place and time. `recorded_at` is aware UTC; `accuracy_m` None, absent, zero or negative means unknown."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)

    recorded_at: Annotated[datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})]
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

    id: Annotated[
        str | None,
        BeforeValidator(_ping_id),
        WithJsonSchema({"type": ["string", "null"], "pattern": "^[A-Za-z0-9._:~-]{1,64}$"}),
    ] = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """One ping of a batch that was not taken: `index` counts from 0, `id` is the client's if it had a usable one."""

    index: int
    id: str | None
    fault: Fault


@dataclass(frozen=True, slots=True)
class Parsed:
    """A batch, read: the good pings with their place in the batch, and the refused ones."""

    pings: list[tuple[int, Ping]] = field(repr=False)
    refused: list[Refusal]


def parse_pings(body: bytes, device: DeviceId) -> Parsed:
    """The pings of a batch, in the order sent. Raises `Malformed`, `Invalid` or `TooLarge` if the envelope cannot be read."""
    parsed = Parsed([], [])
    for index, item in enumerate(_envelope(body)):
        try:
            wire = WirePing.model_validate(item)
        except ValidationError as error:
            parsed.refused.append(Refusal(index, _id_of(item), _fault(error)))
        else:
            parsed.pings.append((index, wire.ping(device, wire.id)))
    return parsed


def _envelope(body: bytes) -> list[object]:
    try:
        envelope = from_json(body)
    except ValueError:
        raise Malformed from None
    if not isinstance(envelope, dict) or "pings" not in envelope:
        raise Invalid.of("pings", "The list of pings is missing.", 'Send an object: {"pings": [...]}.')
    if unknown := envelope.keys() - {"pings"}:
        raise Invalid.of(field_name(min(unknown)), "This field is unknown.", 'Leave it out; the body holds "pings" only.')
    pings = envelope["pings"]
    if not isinstance(pings, list):
        raise Invalid.of("pings", "This is not a list.", 'Send an object: {"pings": [...]}.')
    if len(pings) > MAX_PINGS:
        raise TooLarge(
            errors=[FieldError("pings", f"These are more than {MAX_PINGS} pings.", "Split the batch; the order does not matter.")]
        )
    return pings


def _id_of(item: object) -> str | None:
    ping_id = item.get("id") if isinstance(item, dict) else None
    return ping_id if is_ping_id(ping_id) else None


def _fault(error: ValidationError) -> Fault:
    """The first thing wrong. Pydantic's own messages are not repeated: some of them quote the input."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    name = field_name(first["loc"][0]) if first["loc"] else "ping"
    match first["type"]:
        case "missing":
            return Fault(name, "missing", "This field is required.")
        case "extra_forbidden":
            return Fault(name, "unknown_field", "Leave this field out.")
        case "bool_type":
            return Fault(name, "wrong_type", "Send true or false.")
        case "model_type":
            return Fault(name, "wrong_type", "Each ping is an object with recorded_at, latitude and longitude.")
        case custom:
            return Fault(name, custom, first["msg"])
