"""What a text costs as SMS, and how it is cut.

1. A text whose every character is in the GSM 7-bit alphabet or its extension (3GPP TS 23.038, the former GSM 03.38) is sent as `gsm`:
   160 septets alone, 153 a part when there are more. A character of the extension takes two septets: an escape and its code.
2. Any other text is sent as `ucs2`: 70 UTF-16 units alone, 67 a part. One e-diaeresis is enough, and doubles the price.
3. Nothing that belongs together is cut: neither an escape from its code, nor the two surrogates of an emoji. So a part may be one unit short.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

Encoding = Literal["gsm", "ucs2"]

BASIC: Final = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The 128 characters by their code. 0x1B is the escape, and no character."""
ESCAPE: Final = 0x1B
EXTENSION: Final = {0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€"}
"""The characters behind the escape, by their code."""
CODES: Final = {character: bytes([code]) for code, character in enumerate(BASIC) if code != ESCAPE} | {
    character: bytes([ESCAPE, code]) for code, character in EXTENSION.items()
}
SIZES: Final[dict[Encoding, tuple[int, int]]] = {"gsm": (160, 153), "ucs2": (70, 67)}
"""Units in a text that is sent alone, and in a part of a longer one."""


@dataclass(frozen=True, slots=True)
class Segments:
    """A text as it would be sent. `parts` concatenated are the text; `units` are septets or UTF-16 units, without the headers of parts.

    `costly_characters`: each character because of which it is `ucs2`, once, in the order of the text. Empty for `gsm`.
    """

    encoding: Encoding
    parts: tuple[str, ...]
    units: int
    costly_characters: tuple[str, ...]


def measure(text: str) -> Segments:
    """How a text is sent, in how many parts, and what makes it costly. An empty text is one empty part."""
    costly = tuple(dict.fromkeys(character for character in text if character not in CODES))
    encoding: Encoding = "ucs2" if costly else "gsm"
    alone, part = SIZES[encoding]
    units = sum(map(_width(encoding), text))
    parts = (text,) if units <= alone else cut(text, encoding, part)
    return Segments(encoding, parts, units, costly)


def cut(text: str, encoding: Encoding, limit: int) -> tuple[str, ...]:
    """The text in parts of at most `limit` units each, for a gateway that leaves less room than `SIZES`."""
    return tuple(_cut(text, _width(encoding), limit))


def encoded(part: str, encoding: Encoding) -> bytes:
    """A part as SMPP carries it: one septet an octet (data_coding 0), or UTF-16 big-endian (data_coding 8). KeyError: not in the GSM alphabet."""
    return b"".join(CODES[character] for character in part) if encoding == "gsm" else part.encode("utf-16-be", "replace")


def decoded(octets: bytes, encoding: Encoding) -> str:
    """The text of such octets, for what comes in. Never fails: what cannot be read becomes U+FFFD.

    An unknown code behind an escape is shown as the character of the basic table, and a second escape as a space, as phones do (TS 23.038, 6.2.1.1).
    """
    return "".join(_characters(octets)) if encoding == "gsm" else octets.decode("utf-16-be", "replace")


def _width(encoding: Encoding) -> Callable[[str], int]:
    return (lambda character: len(CODES[character])) if encoding == "gsm" else (lambda character: 2 if ord(character) > 0xFFFF else 1)


def _cut(text: str, width: Callable[[str], int], limit: int) -> Iterator[str]:
    start = used = 0
    for place, character in enumerate(text):
        if used + width(character) > limit:
            yield text[start:place]
            start, used = place, 0
        used += width(character)
    yield text[start:]


def _characters(octets: bytes) -> Iterator[str]:
    septets = iter(octets)
    for code in septets:
        if code != ESCAPE:
            yield BASIC[code] if code < len(BASIC) else "\ufffd"
            continue
        behind = next(septets, ESCAPE)
        yield EXTENSION.get(behind) or (" " if behind == ESCAPE else BASIC[behind] if behind < len(BASIC) else "\ufffd")
