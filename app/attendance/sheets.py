"""Files that spreadsheets and calendars open: one row at a time, however many there are.

A CSV cell that a spreadsheet would run as a formula gets a leading apostrophe; numbers stay numbers, also those written as text.
XLSX cells are typed, so text is text there and needs none. iCal events are UTC (RFC 5545).
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, Protocol

import xlsxwriter
from icalendar import Calendar, Event

Cell = str | int | float | None
Format = Literal["csv", "xlsx", "ical", "json"]
TYPES: Final[dict[str, tuple[str, str]]] = {
    "csv": ("text/csv; charset=utf-8", "csv"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "ical": ("text/calendar; charset=utf-8", "ics"),
    "json": ("application/json", "json"),
}
"""Content type and file extension."""
_FORMULA: Final = re.compile(r"[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,15}([.,][0-9]{1,15})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Happening:
    """Something in a calendar, from `starts` to `ends`, aware UTC."""

    uid: str
    starts: datetime
    ends: datetime
    summary: str


@dataclass(frozen=True, slots=True)
class Record:
    """One row, and what of it a calendar shows."""

    cells: Sequence[Cell]
    happenings: Sequence[Happening] = ()


class _Writer(Protocol):
    def __call__(self, path: Path, columns: Sequence[str], records: Iterable[Record], made_at: datetime) -> None: ...


def write(path: Path, form: Format, columns: Sequence[str], records: Iterable[Record], made_at: datetime) -> int:
    """Write the file; how many records there were."""
    count = 0

    def counted() -> Iterator[Record]:
        nonlocal count
        for record in records:
            count += 1
            yield record

    _WRITERS[form](path, columns, counted(), made_at)
    return count


def guarded(text: str) -> str:
    """The text as a spreadsheet must not run it."""
    return "'" + text if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _csv(path: Path, columns: Sequence[str], records: Iterable[Record], made_at: datetime) -> None:  # noqa: ARG001 (as every writer)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(columns)
        for record in records:
            writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in record.cells])


def _xlsx(path: Path, columns: Sequence[str], records: Iterable[Record], made_at: datetime) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent)})
    book.set_properties({"created": made_at.replace(tzinfo=None)})
    sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(columns):
        sheet.write_string(0, column, name, bold)
    for row, record in enumerate(records, 1):
        for column, cell in enumerate(record.cells):
            if isinstance(cell, str):
                sheet.write_string(row, column, cell)
            elif cell is not None:
                sheet.write_number(row, column, cell)
    book.close()


def _ical(path: Path, columns: Sequence[str], records: Iterable[Record], made_at: datetime) -> None:  # noqa: ARG001 (as every writer)
    calendar = Calendar()
    calendar.add("prodid", "-//Muster//attendance//EN")
    calendar.add("version", "2.0")
    head, tail = b"BEGIN:VCALENDAR\r\n", b"END:VCALENDAR\r\n"
    with path.open("wb") as file:
        file.write(calendar.to_ical().removesuffix(tail) or head)
        for record in records:
            for happening in record.happenings:
                file.write(_event(happening, made_at))
        file.write(tail)


def _event(happening: Happening, made_at: datetime) -> bytes:
    event = Event()
    event.add("uid", happening.uid)
    event.add("dtstamp", made_at)
    event.add("dtstart", happening.starts)
    event.add("dtend", happening.ends)
    event.add("summary", happening.summary)
    text: bytes = event.to_ical()
    return text


def _json(path: Path, columns: Sequence[str], records: Iterable[Record], made_at: datetime) -> None:  # noqa: ARG001 (as every writer)
    with path.open("w", encoding="utf-8") as file:
        file.write("[")
        between = "\n"
        for record in records:
            row: dict[str, Any] = dict(zip(columns, record.cells, strict=True))
            file.write(between + json.dumps(row, ensure_ascii=False))
            between = ",\n"
        file.write("\n]\n")


_WRITERS: Final[dict[str, _Writer]] = {"csv": _csv, "xlsx": _xlsx, "ical": _ical, "json": _json}
