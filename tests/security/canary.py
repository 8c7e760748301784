"""A place and a name that can be recognised wherever they turn up, and every spelling of them."""

import base64
import math
import re
import struct
from collections.abc import Iterable

NAME = "Quirijn Kanariepiet"
LATITUDE, LONGITUDE = 68.437291648, 117.283945172
"""Nothing else in the tests lies here. Above 59, so that the seconds of no clock look alike."""
ELSEWHERE = (67.291847365, 118.639274851)
"""A second place, which is inside no fence."""


def spellings(value: float) -> list[re.Pattern[bytes]]:
    """Decimals of five digits and more (with point or comma), as an integer of micro degrees, in radians, and as binary in hex and base64."""
    whole, _, decimals = f"{value:.9f}".partition(".")
    radians = f"{math.radians(value):.9f}"
    found = [rf"(?<![\d:.]){whole}[.,]{decimals[:4]}", rf"(?<!\d){whole}{decimals[:5]}", rf"(?<!\d){re.escape(radians[:8])}"]
    for form in ("<d", ">d", "<f", ">f"):
        raw = struct.pack(form, value)
        found.append(f"(?i:{raw[:7].hex()})" if len(raw) == 8 else f"(?i:{raw.hex()})")
        if len(raw) == 8:
            found.append(re.escape(base64.b64encode(raw).decode()[:9]))
    return [re.compile(pattern.encode()) for pattern in found] + [re.compile(re.escape(struct.pack("<d", value)))]


PLACES = [pattern for value in (LATITUDE, LONGITUDE, *ELSEWHERE) for pattern in spellings(value)]
NAMES = [re.compile(NAME.encode()), re.compile(NAME.rpartition(" ")[2].encode(), re.IGNORECASE)]


def found_in(text: bytes, patterns: Iterable[re.Pattern[bytes]]) -> list[str]:
    """What was found, with a little around it."""
    return [repr(text[max(0, hit.start() - 60) : hit.end() + 30]) for pattern in patterns for hit in pattern.finditer(text)]


def tables_of(dump: bytes) -> dict[str, list[tuple[str, bytes]]]:
    """A data-only dump as table -> (column, cell)."""
    found: dict[str, list[tuple[str, bytes]]] = {}
    for table, columns, rows in re.findall(rb"^COPY (\S+) \(([^)]*)\) FROM stdin;\n(.*?)^\\\.$", dump, re.MULTILINE | re.DOTALL):
        names = [name.strip(' "') for name in columns.decode().split(",")]
        cells = [pair for row in rows.splitlines() for pair in zip(names, row.split(b"\t"), strict=True)]
        found[table.decode().removeprefix("public.")] = cells
    return found
