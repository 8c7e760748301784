"""What our own formats share: {"<things>": [...]} of up to 1,000 items, each read by itself.

1. Only the envelope can fail as a whole: `Malformed` (not JSON), `Invalid` (another shape), `TooLarge` (more than 1,000 items).
2. A good item is taken; a bad one is refused with its place in the batch, its id, the field and what to do.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError, from_json

from app.errors import FieldError, Invalid, Malformed, TooLarge
from app.ingest.faults import Fault, field_name, is_ping_id
from app.ingest.values import EARLIEST, LATEST

MAX_ITEMS: Final = 1_000
_EXAMPLE: Final = "such as 2026-03-02T08:00:00Z"

W = TypeVar("W", bound=BaseModel)
T = TypeVar("T")


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


def _item_id(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise PydanticCustomError("wrong_type", "Send the id as text.")
    if not is_ping_id(value):
        raise PydanticCustomError("malformed_id", "An id has 1 to 64 letters, digits or . _ : ~ -; a UUID fits.")
    return value


RecordedAt = Annotated[datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})]
ItemId = Annotated[
    str | None, BeforeValidator(_item_id), WithJsonSchema({"type": ["string", "null"], "pattern": "^[A-Za-z0-9._:~-]{1,64}$"})
]


class Item(BaseModel):
    """Base of what phones send. Errors never repeat the input: it may be a position."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One item of a batch that was not taken: `index` counts from 0, `id` is the client's if it had a usable one."""

    index: int
    id: str | None
    fault: Fault


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """A batch, read: the good items with their place in the batch, and the refused ones."""

    items: list[tuple[int, T]] = field(repr=False)
    refused: list[Refusal]


def parse(body: bytes, things: str, wire: type[W], read: Callable[[W], T]) -> Parsed[T]:
    """The items of a batch, in the order sent. Raises `Malformed`, `Invalid` or `TooLarge` if the envelope cannot be read."""
    parsed: Parsed[T] = Parsed([], [])
    for index, item in enumerate(_envelope(body, things)):
        try:
            good = wire.model_validate(item)
        except ValidationError as error:
            parsed.refused.append(Refusal(index, _id_of(item), _fault(error, things)))
        else:
            parsed.items.append((index, read(good)))
    return parsed


def _envelope(body: bytes, things: str) -> list[Any]:
    try:
        envelope = from_json(body)
    except ValueError:
        raise Malformed from None
    whole = f'Send an object: {{"{things}": [...]}}.'
    if not isinstance(envelope, dict) or things not in envelope:
        raise Invalid.of(things, f"The list of {things} is missing.", whole)
    if unknown := envelope.keys() - {things}:
        raise Invalid.of(field_name(min(unknown)), "This field is unknown.", f'Leave it out; the body holds "{things}" only.')
    items = envelope[things]
    if not isinstance(items, list):
        raise Invalid.of(things, "This is not a list.", whole)
    if len(items) > MAX_ITEMS:
        message = f"These are more than {MAX_ITEMS} {things}."
        raise TooLarge(errors=[FieldError(things, message, "Split the batch; the order does not matter.")])
    return items


def _id_of(item: object) -> str | None:
    item_id = item.get("id") if isinstance(item, dict) else None
    return item_id if is_ping_id(item_id) else None


def _fault(error: ValidationError, things: str) -> Fault:
    """The first thing wrong. Pydantic's own messages are not repeated: some of them quote the input."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    name = field_name(first["loc"][0]) if first["loc"] else things.removesuffix("s")
    match first["type"]:
        case "missing":
            return Fault(name, "missing", "This field is required.")
        case "extra_forbidden":
            return Fault(name, "unknown_field", "Leave this field out.")
        case "bool_type":
            return Fault(name, "wrong_type", "Send true or false.")
        case "model_type":
            return Fault(name, "wrong_type", f"Each of the {things} is an object; the API description says of what.")
        case custom:
            return Fault(name, custom, first["msg"])
