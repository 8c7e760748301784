"""People in a vCard file (3.0, RFC 2426; 4.0, RFC 6350), as an address book exports them: name, number, e-mail. The rest is not looked at.

Of several numbers a mobile one is taken, else the preferred one, else the first; of several addresses the preferred one, else the first.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

BEGIN: Final = re.compile(r"\s*BEGIN:VCARD\b", re.IGNORECASE)
_LINE: Final = re.compile(
    r'(?:[A-Za-z0-9-]+\.)?([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+(?:=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)?)*):(.*)', re.DOTALL
)
_VERSIONS: Final = ("3.0", "4.0")
_SPLIT: Final = re.compile(r"(?<!\\)((?:\\\\)*);")
_ESCAPED: Final = re.compile(r"\\([\\,;:nN])")


@dataclass(slots=True)
class Card:
    """One card. `facts`: name, telephone, email, as they stand there; `problem`: why it cannot be read."""

    number: int
    facts: dict[str, str] = field(default_factory=dict)
    problem: str | None = None
    version: str = ""
    ranks: dict[str, int] = field(default_factory=dict, repr=False)

    def offer(self, name: str, value: str, rank: int) -> None:
        """Take the value unless a better one is there."""
        if value and rank > self.ranks.get(name, -1):
            self.facts[name], self.ranks[name] = value, rank


def is_vcard(text: str) -> bool:
    """Whether the text is one, whatever it was called."""
    return BEGIN.match(text) is not None


def read_cards(text: str) -> Iterator[Card]:
    """Every card of the file, the last one too if its end is missing."""
    card: Card | None = None
    for number, line in _unfolded(text):
        found = _LINE.fullmatch(line)
        name = found[1].upper() if found else ""
        if name == "BEGIN" and found and found[3].strip().upper() == "VCARD":
            if card is not None:
                yield _whole(card, ended=False)
            card = Card(number)
        elif card is None:
            continue
        elif name == "END":
            yield _whole(card, ended=True)
            card = None
        elif found is not None:
            _take(card, name, found[2].upper(), found[3])
        elif line.strip():
            card.problem = card.problem or f"Line {number} is no line of a vCard. Export the contacts again."
    if card is not None:
        yield _whole(card, ended=False)


def _whole(card: Card, *, ended: bool) -> Card:
    if card.version not in _VERSIONS:
        card.problem = "Not a vCard of version 3.0 or 4.0. Choose one of these where you export the contacts."
    elif not ended:
        card.problem = card.problem or "The card has no end. The file was cut short; export the contacts again."
    return card


def _take(card: Card, name: str, parameters: str, value: str) -> None:
    preferred = "PREF" in parameters
    match name:
        case "VERSION":
            card.version = value.strip()
        case "FN":
            card.offer("name", _plain(value), 1)
        case "N":
            family, given, more, prefix, suffix = [_plain(part) for part in (_parts(value) + [""] * 5)[:5]]
            card.offer("name", " ".join(part for part in (prefix, given, more, family, suffix) if part), 0)
        case "TEL":
            number = _plain(value)
            number = number[4:].partition(";")[0] if number.lower().startswith("tel:") else number
            card.offer("telephone", number, 2 if "CELL" in parameters else 1 if preferred else 0)
        case "EMAIL":
            card.offer("email", _plain(value).removeprefix("mailto:"), 1 if preferred else 0)


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """(number of its first line, content line), folded lines joined."""
    held: list[str] = []
    start = 1
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        if line[:1] in (" ", "\t") and held:
            held.append(line[1:])
            continue
        if held:
            yield start, "".join(held)
        held, start = [line], number
    if held:
        yield start, "".join(held)


def _parts(value: str) -> list[str]:
    """The value cut at semicolons that are not escaped."""
    return _SPLIT.sub(lambda found: f"{found[1]}\0", value).split("\0")


def _plain(value: str) -> str:
    return _ESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], value).strip()
