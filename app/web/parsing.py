"""From bytes to checked values, and back.

1. A body is read whole, up to the route's limit (413), and must have one of the route's content types (415).
2. JSON is parsed and checked in one go by pydantic in strict JSON mode: `"12"` is no number, NaN and lone surrogates are no JSON (400).
3. Every string is then normalised to NFC and refused when it holds NUL, which PostgreSQL cannot store; integers must fit a bigint.
4. What is wrong becomes a list of `FieldError`: the field's path, what is wrong, what to do. The input itself is never repeated.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, ClassVar, Final, TypeVar, get_args, get_origin

from flask import request
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError, from_json
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from app.errors import FieldError, Invalid, Malformed, TooLarge, WrongContentType

MAX_BODY_BYTES: Final = 64 * 1024
POURED_AWAY_BYTES: Final = 32 << 20
MAX_ERRORS: Final = 100
_BIGINT: Final = 2**63
_NEXT_STEPS: Final = {
    "extra_forbidden": "Remove it, or check its spelling.",
    "missing": "Add it.",
    "string_too_long": "Shorten it.",
    "finite_number": "Send a finite number.",
    "datetime_from_date_parsing": "Send a date and time that exist.",
    "datetime_parsing": "Send a date and time that exist.",
    "date_from_datetime_parsing": "Send a date that exists.",
    "date_parsing": "Send a date that exists.",
    "moment": "Send a time with a zone, for example 2026-05-04T08:30:00Z.",
    "day": "Send a date, for example 2026-05-04.",
    "time_of_day": "Send a time of day, for example 08:30.",
}

M = TypeVar("M", bound=BaseModel)


def _text(value: str) -> str:
    if "\x00" in value:
        raise PydanticCustomError("nul", "Text must not hold the NUL character")
    if value.isascii():
        return value
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise PydanticCustomError("surrogate", "Text must not hold half a character (a lone surrogate)")
    return unicodedata.normalize("NFC", value)


def _clean(value: object) -> object:
    match value:
        case str():
            return _text(value)
        case bool():
            return value
        case int() if not -_BIGINT <= value < _BIGINT:
            raise PydanticCustomError("integer_range", "The number is too large")
        case list() | tuple() | set() | frozenset():
            return type(value)(_clean(item) for item in value)
        case dict():
            return {_clean(key): _clean(item) for key, item in value.items()}
    return value


def _limits(annotation: Any) -> Iterator[int]:  # noqa: ANN401 (a field, or part of its annotation)
    """Every `max_length` said of it, also within `... | None`."""
    for rule in (*getattr(annotation, "metadata", ()), *getattr(annotation, "__metadata__", ())):
        most = getattr(rule, "max_length", None)
        yield from _limits(rule) if most is None else [most]
    for part in get_args(annotation.annotation if isinstance(annotation, FieldInfo) else annotation):
        yield from _limits(part)


class Strict(BaseModel):
    """Base of every request body: exact types, no unknown fields, finite numbers, clean text."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, frozen=True)

    @field_validator("*")
    @classmethod
    def _clean_field(cls, value: object, info: ValidationInfo) -> object:
        cleaned = _clean(value)
        grew = isinstance(value, str) and isinstance(cleaned, str) and len(cleaned) > len(value)  # a few characters do: measure again
        if grew and any(len(str(cleaned)) > limit for limit in _limits(cls.model_fields[info.field_name or ""])):
            raise PydanticCustomError("string_too_long", "The text is too long")
        return cleaned


class Query(Strict):
    """Base of a query string. Values arrive as text, so types are read from text; a field given twice must be a list."""

    model_config = ConfigDict(strict=False)


class Answer(BaseModel):
    """Base of every answer. Says exactly what leaves the house; `SiteOut.model_validate(site)` reads attributes."""

    model_config: ClassVar[ConfigDict] = ConfigDict(from_attributes=True, extra="forbid", frozen=True, allow_inf_nan=False)


def _utc(value: datetime) -> datetime:
    if not 1900 <= value.year < 3000:
        raise PydanticCustomError("moment", "The time must lie between the years 1900 and 3000")
    return value.astimezone(UTC)


def _of_our_time(value: date) -> date:
    if not 1900 <= value.year < 3000:
        raise PydanticCustomError("day", "The date must lie between the years 1900 and 3000")
    return value


def _shaped(kind: str, pattern: str) -> BeforeValidator:
    """Only text of this shape (or a value of the type itself) goes on: pydantic alone would take numbers as times."""
    shape = re.compile(pattern, re.ASCII)

    def check(value: object) -> object:
        if isinstance(value, datetime | date | time) or (isinstance(value, str) and shape.fullmatch(value)):
            return value
        raise PydanticCustomError(kind, "Not a valid value")

    return BeforeValidator(check)


_CLOCK = r"([01]\d|2[0-3]):[0-5]\d"
Moment = Annotated[
    AwareDatetime,
    Field(strict=False),
    _shaped("moment", rf"\d{{4}}-\d\d-\d\d[Tt]{_CLOCK}:[0-5]\d(\.\d+)?([Zz]|[+-]{_CLOCK})"),
    AfterValidator(_utc),
]
"""An aware time, kept in UTC. On the wire RFC 3339 with a zone."""
Day = Annotated[date, Field(strict=False), _shaped("day", r"\d{4}-\d\d-\d\d"), AfterValidator(_of_our_time)]
"""A local date, with room on both sides for whoever reckons with it."""
TimeOfDay = Annotated[
    time,
    Field(strict=False, json_schema_extra={"format": "time-of-day", "pattern": rf"^{_CLOCK}$"}),
    _shaped("time_of_day", _CLOCK),
    PlainSerializer(lambda value: f"{value:%H:%M}", return_type=str, when_used="json"),
]
"""A local time of day, hours and minutes; answered as it is asked for, so that what was read can be sent back."""


ANY_TYPE: Final = "*/*"
"""In `consumes`: the clients of this route are not ours, and what they call their body does not matter."""


def read_body(consumes: tuple[str, ...], max_bytes: int, too_large: str | None = None) -> bytes:
    """The raw body. Raises `WrongContentType`; `TooLarge` beyond `max_bytes`, in the words of the route if it has any."""
    if ANY_TYPE not in consumes and request.mimetype not in consumes:
        raise WrongContentType(f"The body has the wrong Content-Type. Send one of: {', '.join(consumes)}.")
    request.max_content_length = max_bytes
    try:
        return request.get_data(cache=True, parse_form_data=False)
    except RequestEntityTooLarge:
        _pour_away()
        raise TooLarge(too_large) from None


def _pour_away() -> None:
    """Read what is still being sent, and keep nothing: who is cut off while sending sees a broken network, and not the answer."""
    source, left = request.environ["wsgi.input"], min(request.content_length or 0, POURED_AWAY_BYTES)
    while left > 0 and (read := len(source.read(min(left, MAX_BODY_BYTES)))):
        left -= read


def parse_json(model: type[M], raw: bytes) -> M:
    """The checked body. Raises `Malformed` (400) when it is not JSON, `Invalid` (422) when fields are wrong."""
    try:
        if b"NaN" in raw or b"Infinity" in raw:
            from_json(raw, allow_inf_nan=False)
        return model.model_validate_json(raw)
    except ValidationError as error:
        if error.errors(include_input=False, include_url=False)[0]["type"] == "json_invalid":
            raise Malformed from None
        raise invalid(error) from None
    except ValueError:
        raise Malformed from None


def parse_query(model: type[M], arguments: MultiDict[str, str]) -> M:
    """The checked query string. Raises `Invalid`; fields are named `query.<field>`."""
    values: dict[str, Any] = {}
    for name, given in arguments.lists():
        many = name in model.model_fields and get_origin(model.model_fields[name].annotation) in (list, tuple, frozenset)
        if len(given) > 1 and not many:
            raise Invalid.of(f"query.{name}", "Given more than once", "Give it once.")
        values[name] = given if many else given[0]
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise invalid(error, "query.") from None


def invalid(error: ValidationError, prefix: str = "") -> Invalid:
    """A pydantic error as ours. Public for routes that check items of a batch one by one."""
    return Invalid(errors=[_field_error(item, prefix) for item in error.errors(include_input=False, include_url=False)[:MAX_ERRORS]])


def _field_error(item: ErrorDetails, prefix: str) -> FieldError:
    path = ".".join(str(part) for part in item["loc"])
    next_step = _NEXT_STEPS.get(item["type"], "Correct it; the API description says what is taken.")
    message = "Unknown field" if item["type"] == "extra_forbidden" else item["msg"].removeprefix("Value error, ")
    return FieldError(f"{prefix}{path}" if path else prefix.rstrip(".") or "body", message, next_step)
