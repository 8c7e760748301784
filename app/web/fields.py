"""Kinds of fields that bodies of several domains have."""

from typing import Annotated, Final, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field

_ZONES: Final = frozenset(available_timezones())


def _zone(name: str) -> str:
    if name not in _ZONES:
        raise ValueError("Not a time zone. Write an area and a city, as Europe/Amsterdam.")
    return name


Label = Annotated[str, Field(min_length=1, max_length=100, pattern=r"\S")]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]
Prose = Annotated[str, Field(min_length=1, max_length=1_000, pattern=r"\S")]
Zone = Annotated[str, Field(max_length=64), AfterValidator(_zone)]
Locale = Literal["nl", "en"]
Weekdays = Annotated[list[Annotated[int, Field(ge=1, le=7)]], Field(min_length=1, max_length=7)]
"""ISO: 1 is Monday."""
