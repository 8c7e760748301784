"""Readers of single values for other people's apps: numbers may come as text, and zero may mean unknown.

Each raises `FaultError` naming the field as that client names it.
"""

import re
from datetime import UTC, datetime
from typing import Final

from app.core.fix import to_ms
from app.ingest.faults import FaultError

EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)
"""Outside these bounds a time is a fault of the clock or the unit, not a time anybody lived."""
EARLIEST_MS: Final = to_ms(EARLIEST)
LATEST_MS: Final = to_ms(LATEST)
MAX_LATITUDE: Final = 90.0
MAX_LONGITUDE: Final = 180.0
MAX_ACCURACY_M: Final = 20_000_000
"""Half way around the Earth."""

_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_LONGEST_NUMBER: Final = 40


def number(value: object, field: str) -> float:
    """`value` as a finite number; text such as "12.5" is one too, true and false are not."""
    if isinstance(value, str) and len(value) <= _LONGEST_NUMBER and _NUMBER.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise FaultError(field, "wrong_type", "This is not a number.")
    if not -1e15 < value < 1e15:  # NaN, infinity, and integers too large for a float
        raise FaultError(field, "out_of_range", "This number is not finite or far too large.")
    return float(value)


def position(latitude: object, longitude: object, fields: tuple[str, str] = ("lat", "lon")) -> tuple[float, float]:
    """Latitude and longitude in degrees."""
    north, east = number(latitude, fields[0]), number(longitude, fields[1])
    if abs(north) > MAX_LATITUDE:
        swapped = abs(north) <= MAX_LONGITUDE and abs(east) <= MAX_LATITUDE
        raise FaultError(
            fields[0],
            "swapped" if swapped else "out_of_range",
            "Latitude lies between -90 and 90." + (" Are latitude and longitude swapped?" if swapped else ""),
        )
    if abs(east) > MAX_LONGITUDE:
        raise FaultError(fields[1], "out_of_range", "Longitude lies between -180 and 180.")
    return north, east


def accuracy_m(value: object, field: str) -> float | None:
    """Metres, or None for unknown: absent, zero and negative all mean that the phone does not know."""
    if value is None or value == "":
        return None
    metres = number(value, field)
    return min(metres, float(MAX_ACCURACY_M)) if metres > 0 else None


def epoch_ms(milliseconds: float, field: str) -> int:
    """Whole milliseconds since 1970, if they name a plausible time."""
    if not EARLIEST_MS <= milliseconds < LATEST_MS:
        raise FaultError(field, "impossible_time", "This is not a time between 2000 and 2100: check the clock and the unit.")
    return round(milliseconds)
