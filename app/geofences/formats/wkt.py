"""WKT and EWKT: one POLYGON or MULTIPOLYGON per line. Parsed here, because GEOS takes seconds for collections nested deeply."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

import numpy as np

from app.geofences.formats.draft import MAX_GEOMETRY_BYTES, Feature, FileRefused, Flaw, Notes, Polygons, Ring

LINE: Final = re.compile(r"\s*(?:SRID\s*=\s*(\d{1,9})\s*;\s*)?([A-Z]+)\s*(?:(ZM|Z|M)\b)?\s*(EMPTY|\(.*\))\s*;?\s*", re.IGNORECASE)
RING: Final = r"\([^()]*\)"
POLYGON: Final = rf"\(\s*{RING}(?:\s*,\s*{RING})*\s*\)"
BODIES: Final = {"POLYGON": re.compile(POLYGON), "MULTIPOLYGON": re.compile(rf"\(\s*{POLYGON}(?:\s*,\s*{POLYGON})*\s*\)")}


def features(data: bytes) -> Iterator[Feature]:
    """One feature per line that is not blank. Raises `FileRefused` when the text is not UTF-8, or holds no WKT at all."""
    try:
        lines = [line for line in data.decode("utf-8-sig").splitlines() if line.strip()]
    except UnicodeDecodeError:
        raise FileRefused("not_utf8", "The file is not in UTF-8.", "Save it as plain text in UTF-8 and try again.") from None
    if lines and not any(re.match(r"\s*(SRID\s*=|[A-Z]+\s*(ZM?|M)?\s*(\(|EMPTY))", line, re.IGNORECASE) for line in lines):
        raise FileRefused(
            "wrong_content",
            "The file holds no WKT.",
            "Write one POLYGON or MULTIPOLYGON per line, for example POLYGON ((5 52, 6 52, 6 53, 5 52)).",
        )
    return (Feature(None, partial(_draw, line)) for line in lines)


def _draw(line: str, notes: Notes) -> Polygons:
    if len(line) > MAX_GEOMETRY_BYTES:
        raise Flaw("too_large", "The geometry is larger than 1 MiB. Simplify it.")
    found = LINE.fullmatch(line)
    if found is None:
        raise Flaw("bad_coordinates", "The line is not WKT. Write POLYGON ((longitude latitude, ...)).")
    srid, kind, heights, body = found.groups()
    if srid is not None and int(srid) != 4326:
        raise Flaw("not_wgs84", f"The shape is in EPSG:{int(srid)}. Reproject it to WGS 84 (EPSG:4326).")
    kind = kind.upper()
    kind = kind if kind in BODIES else re.sub(r"(ZM|Z|M)$", "", kind)  # POLYGONZ, as some programs write
    if kind not in BODIES:
        raise Flaw("unsupported_geometry", f"A {kind[:30]} is no area. Write a POLYGON or MULTIPOLYGON.")
    if body.upper() == "EMPTY":
        raise Flaw("empty", "The shape is empty. Draw at least one ring.")
    if not BODIES[kind].fullmatch(body):
        raise Flaw(
            "bad_coordinates", f"The parentheses of the {kind} do not fit: a ring is (x y, x y, ...), a polygon is (ring, ring, ...)."
        )
    polygons = [
        [_ring(ring) for ring in re.findall(RING, polygon)] for polygon in ([body] if kind == "POLYGON" else re.findall(POLYGON, body))
    ]
    if heights:
        notes.append("Heights and measures were left out.")
    return polygons


def _ring(text: str) -> Ring:
    try:
        positions = [[float(number) for number in position.split()] for position in text[1:-1].split(",")]
    except ValueError:
        raise Flaw("bad_coordinates", "A coordinate is not a number. Write a position as: longitude latitude.") from None
    if not all(2 <= len(position) <= 4 for position in positions):
        raise Flaw("bad_coordinates", "A position must be two numbers, longitude and latitude (a height may follow).")
    return np.array([position[:2] for position in positions], np.float64)
