"""Pings from a file: CSV with the header `recorded_at,lat,lon` and optional `accuracy_m,id`, NDJSON with the same names, or GPX.

The kind is told from the first character: `<` is GPX, `{` is NDJSON. A ping without an id is identified by its content. A file that
cannot be read as it stands raises `BadFile`, which names the line (or track point) and the field.
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, tzinfo
from math import floor, isfinite
from pathlib import Path
from sys import float_info
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from app.core.fix import Ping, from_ms

Field = str | float | None
"""A field of one ping as it stands in the file; JSON may smuggle in other kinds, which are refused."""

DEVICE: Final = "file"
NEEDED: Final = ("recorded_at", "lat", "lon")
FIELDS: Final = (*NEEDED, "accuracy_m", "id")
LONGITUDE_MOST: Final = 540.0
"""One turn beyond +-180: a track over the antimeridian may count on; the engine takes any turn for the same place."""


class BadFile(ValueError):
    """What is wrong with a file, where, and what was expected."""


def read_pings(path: Path, zone: tzinfo) -> list[Ping]:
    """The pings of a file, in its order. Times without an offset are local times of `zone`."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            first = next((line for line in lines if line.strip()), None)
            if first is None:
                raise BadFile(f"{path.name}: the file is empty; expected the header {','.join(FIELDS)}, NDJSON or GPX")
            if first.lstrip().startswith("<"):
                return list(_gpx(path, zone))
            lines.seek(0)
            return list(_ndjson(lines, path.name, zone) if first.lstrip().startswith("{") else _csv(lines, path.name, zone))
    except UnicodeDecodeError as error:
        raise BadFile(f"{path.name}: not UTF-8 text (byte {error.start})") from error


def iso(at_ms: int) -> str:
    """A moment as ISO 8601 in UTC, with milliseconds only where there are some."""
    return from_ms(at_ms).isoformat(timespec="milliseconds" if at_ms % 1000 else "seconds")[:-6] + "Z"


def parse_moment_ms(text: Field, zone: tzinfo) -> int:
    """ISO 8601 text as milliseconds since the epoch; ValueError says what was expected."""
    try:
        moment = datetime.fromisoformat(text)  # type: ignore[arg-type]  # a TypeError says as much
        moment = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment
        return floor(moment.timestamp()) * 1000 + moment.microsecond // 1000
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{text!r} is no ISO 8601 time such as 2026-03-29T07:30:00Z") from None


def _csv(lines: Iterable[str], name: str, zone: tzinfo) -> Iterator[Ping]:
    rows = csv.reader(lines)
    header = [column.strip() for column in next(rows)]
    missing = [column for column in NEEDED if column not in header]
    unknown = [column for column in header if column not in FIELDS]
    if missing or unknown or len(set(header)) < len(header):
        fault = f"missing {', '.join(missing)}" if missing else f"unknown {', '.join(unknown)}" if unknown else "a column stands twice"
        raise BadFile(f"{name}, line 1: {fault}; expected the header recorded_at,lat,lon and optional accuracy_m,id")
    places = [header.index(field) if field in header else -1 for field in FIELDS]
    make = _maker(zone)
    try:
        for row in rows:
            if not row:
                continue
            if len(row) != len(header):
                raise BadFile(f"{name}, line {rows.line_num}: {len(row)} fields, the header has {len(header)}")
            yield make(*[row[place] if place >= 0 else None for place in places])
    except (csv.Error, ValueError) as error:
        raise _at(error, f"{name}, line {rows.line_num}") from error


def _ndjson(lines: Iterable[str], name: str, zone: tzinfo) -> Iterator[Ping]:
    make = _maker(zone)
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield make(*_fields(json.loads(line)))
        except ValueError as error:
            raise _at(error, f"{name}, line {number}") from error


def _fields(item: object) -> list[Field]:
    if not isinstance(item, dict):
        raise ValueError("expected an object")  # noqa: TRY004 (the file's mistake, not the program's)
    unknown = [str(key) for key in item if key not in FIELDS]
    if unknown:
        raise ValueError(f"unknown field {', '.join(unknown)}; expected {', '.join(FIELDS)}")
    values = [item.get(field) for field in FIELDS]
    for field, value in zip(FIELDS, values, strict=True):
        if isinstance(value, bool | list | dict):
            raise ValueError(f"{field}: {value!r} is neither text nor a number")  # noqa: TRY004 (the file's mistake)
    return values


def _gpx(path: Path, zone: tzinfo) -> Iterator[Ping]:
    """Track points, route points and waypoints alike. GPX knows no accuracy in metres."""
    make = _maker(zone)
    number = 0
    try:
        for _, element in iterparse(path, forbid_dtd=True):
            if _plain_name(element) in {"trkpt", "rtept", "wpt"}:
                number += 1
                time = next((child.text for child in element if _plain_name(child) == "time"), None)
                yield make(time and time.strip(), element.get("lat"), element.get("lon"), None, None)
            if _plain_name(element) in {"trkpt", "rtept", "wpt", "trkseg"}:
                element.clear()
    except ParseError as error:
        raise BadFile(f"{path.name}, line {error.position[0]}: not well-formed GPX") from error
    except DefusedXmlException as error:
        raise BadFile(f"{path.name}: GPX with a DOCTYPE or entities is not read") from error
    except ValueError as error:
        raise _at(error, f"{path.name}, point {number}") from error


def _maker(zone: tzinfo) -> Callable[[Field, Field, Field, Field, Field], Ping]:
    """A function from the five fields to a Ping; its ValueError names the field. Called a million times, so the good path is short."""

    def make(recorded_at: Field, lat: Field, lon: Field, accuracy: Field, ping_id: Field) -> Ping:
        try:
            recorded_at_ms = parse_moment_ms(recorded_at, zone)
        except ValueError as error:
            raise ValueError(f"recorded_at: {error}") from None
        latitude, longitude = _number("lat", lat, 90.0), _number("lon", lon, LONGITUDE_MOST)
        accuracy_m = None
        if accuracy is not None and accuracy != "":
            accuracy_m = _number("accuracy_m", accuracy, float_info.max)
            if accuracy_m <= 0:
                accuracy_m = None
        if ping_id is None or ping_id == "":
            ping_id = f"{_canonical(recorded_at, recorded_at_ms)},{latitude!r},{longitude!r}"
            ping_id += "" if accuracy_m is None else f",{accuracy_m!r}"
        return Ping(DEVICE, str(ping_id), recorded_at_ms, latitude, longitude, accuracy_m)

    return make


def _number(field: str, value: Field, most: float) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]  # a TypeError says as much
    except (TypeError, ValueError):
        raise ValueError(f"{field}: {value!r} is no number") from None
    if not isfinite(number):
        raise ValueError(f"{field}: {value!r} is no finite number")
    if not -most <= number <= most:
        raise ValueError(f"{field}: {value} lies beyond {most:g} degrees; lat and lon may have been swapped")
    return number


def _canonical(text: Field, at_ms: int) -> str:
    """The moment as `iso` writes it; text that already looks so is taken as it is."""
    return text if isinstance(text, str) and len(text) == 20 and text[10] == "T" and text[19] == "Z" else iso(at_ms)


def _plain_name(element: Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _at(error: Exception, place: str) -> BadFile:
    return error if isinstance(error, BadFile) else BadFile(f"{place}: {error}")
