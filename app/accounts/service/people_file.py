"""A file of people, CSV or vCard, read into checked lines. No database here.

UTF-8 (with or without a byte order mark) or, if it is not, Latin-1 as Windows writes it; comma or semicolon; a header names the columns.
A vCard file is known by how it begins, and each of its cards counts as a line.
"""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from app.accounts.service import contact, vcard
from app.errors import Invalid

MAX_LINES: Final = 20_000
COLUMNS: Final[Mapping[str, str]] = {
    "name": "name", "naam": "name",
    "telephone": "telephone", "phone": "telephone", "telefoon": "telephone", "mobiel": "telephone",
    "email": "email", "e-mail": "email",
    "employee_number": "employee_number", "employee number": "employee_number", "personeelsnummer": "employee_number",
    "locale": "locale", "language": "locale", "taal": "locale",
    "site": "site", "locatie": "site", "vestiging": "site",
    "groups": "groups", "group": "groups", "groepen": "groups", "groep": "groups",
}  # fmt: skip
"""Header, in lower case -> column."""
_FORMULA: Final = ("=", "@", "+", "-", "\t", "\r")
_FIELD: Final = "body"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number in the file, its cells as facts of a person (empty ones left out), and what is wrong with it."""

    number: int
    facts: Mapping[str, str]
    site: str | None = None
    groups: tuple[str, ...] = ()
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class PeopleFile:
    """What was read, and how: `utf-8` or `latin-1`, `,` or `;`, or `vcard` instead of a delimiter."""

    encoding: str
    delimiter: str
    lines: list[Line]


def read_people(raw: bytes, region: str | None = None) -> PeopleFile:
    """Raises `Invalid` when the file as a whole cannot be read; a bad line is a `Line` with a problem. `region`: see `contact.telephone`."""
    encoding, text = _decoded(raw)
    if vcard.is_vcard(text):
        return PeopleFile(encoding, "vcard", _bounded(_card(card, region) for card in vcard.read_cards(text)))
    head = text.partition("\n")[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = _columns(next(reader, []))
        lines = _bounded(_line(reader.line_num, columns, cells, region) for cells in reader if any(cell.strip() for cell in cells))
    except csv.Error:
        raise Invalid.of(_FIELD, f"Not a CSV file, from line {reader.line_num} on", "Check the quotes; save it as CSV again.") from None
    if not lines:
        raise Invalid.of(_FIELD, "No people in the file", "Write a header line, then one person per line.")
    return PeopleFile(encoding, delimiter, lines)


def _bounded(found: Iterable[Line]) -> list[Line]:
    lines = list(islice(found, MAX_LINES + 1))
    if len(lines) > MAX_LINES:
        raise Invalid.of(_FIELD, f"More than {MAX_LINES} people in the file", "Split the file.")
    return lines


def _decoded(raw: bytes) -> tuple[str, str]:
    if b"\x00" in raw:
        raise Invalid.of(_FIELD, "Not a text file", "Save the sheet as CSV (UTF-8).")
    try:
        return "utf-8", raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "latin-1", raw.decode("cp1252", errors="replace")


def _columns(header: list[str]) -> list[str]:
    columns = [COLUMNS.get(cell.strip().lower(), "") for cell in header]
    if unknown := [number for number, column in enumerate(columns, 1) if not column]:
        raise Invalid.of(_FIELD, f"Column {unknown[0]} has an unknown heading", f"Known: {', '.join(sorted(set(COLUMNS.values())))}.")
    if len(set(columns)) != len(columns) or not {"name", "telephone"} & set(columns):
        raise Invalid.of(
            _FIELD, "A heading is doubled, or neither name nor telephone is there", "Write one header line with each column once."
        )
    return columns


def _card(card: vcard.Card, region: str | None) -> Line:
    if card.problem:
        return Line(card.number, {}, problem=card.problem)
    return _checked(card.number, {column: unicodedata.normalize("NFC", value) for column, value in card.facts.items()}, region)


def _line(number: int, columns: list[str], cells: list[str], region: str | None) -> Line:
    if len(cells) > len(columns):
        return Line(number, {}, problem="More cells than headings. Put cells that hold the delimiter in quotes.")
    given = {column: unicodedata.normalize("NFC", cell.strip()) for column, cell in zip(columns, cells, strict=False) if cell.strip()}
    return _checked(number, given, region)


def _checked(number: int, given: Mapping[str, str], region: str | None) -> Line:
    facts: dict[str, str] = {}
    for column, cell in given.items():
        try:
            plain = _plain(column, cell)
            facts[column] = contact.telephone(plain, region) if column == "telephone" else _READERS[column](plain)
        except ValueError as error:
            return Line(number, {}, problem=f"{column}: {error}")
    site, groups = facts.pop("site", None), facts.pop("groups", "")
    names = tuple(sorted({name.strip() for name in groups.split("|") if name.strip()}))
    if not {"name", "telephone"} & facts.keys():
        return Line(number, {}, problem="A name or a telephone number is needed.")
    return Line(number, facts, site, names)


def _plain(column: str, cell: str) -> str:
    if column != "telephone" and cell.startswith(_FORMULA):
        raise ValueError("Begins like a formula. Remove the first character.")
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in cell):
        raise ValueError("Holds a control character or a line break. Remove it.")
    return cell


def _text(most: int) -> Callable[[str], str]:
    def check(cell: str) -> str:
        if len(cell) > most:
            raise ValueError(f"Longer than {most} characters. Shorten it.")
        return cell

    return check


def _locale(cell: str) -> str:
    if cell.lower() not in {"nl", "en"}:
        raise ValueError("Unknown language. Write nl or en.")
    return cell.lower()


_READERS: Final[Mapping[str, Callable[[str], str]]] = {
    "name": _text(200),
    "email": contact.email,
    "employee_number": _text(50),
    "locale": _locale,
    "site": _text(200),
    "groups": _text(2_000),
}
