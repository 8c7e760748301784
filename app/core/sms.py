"""What a text costs as SMS, and how it is cut.

1. A text whose every character is in the GSM 7-bit alphabet or its extension (3GPP TS 23.038, the former GSM 03.38) is sent as `gsm`:
   160 septets alone, 153 a part when there are more. A character of the extension takes two septets: an escape and its code.
2. Any other text is sent as `ucs2`: 70 UTF-16 units alone, 67 a part. One e-diaeresis is enough, and doubles the price.
3. Nothing that belongs together is cut: neither an escape from its code, nor the two surrogates of an emoji. So a part may be one unit short.
"""

import unicodedata
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
NEAR: Final = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc`\u00b4", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("\u00a0\u2002\u2003\u2009\u200a\u202f\t", " "),
    **dict.fromkeys("\u200b\u2060\ufeff\u00ad", ""),
    "\u2026": "...",
    "\u2022": "-",
    "\u00d7": "x",
    "\u0131": "i",
    "\u0142": "l",
    "\u0141": "L",
    "\u0153": "oe",
    "\u0152": "OE",
}
"""What stands nearest to characters that word processors and phones put in by themselves, and that no decomposition finds."""


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


def downgraded(text: str) -> str:
    """A proposal for the same text in fewer parts: accents that GSM lacks and typographic marks become what stands nearest.

    The text itself when that saves nothing: it was short, or has what nothing stands near (an emoji, another script). For a person to accept.
    """
    proposal = "".join(map(_near, unicodedata.normalize("NFC", text)))
    return proposal if len(measure(proposal).parts) < len(measure(text).parts) else text


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


def _near(character: str) -> str:
    if character in CODES:
        return character
    base = NEAR.get(character, "".join(one for one in unicodedata.normalize("NFKD", character) if not unicodedata.combining(one)))
    return base if all(one in CODES for one in base) else character


def _characters(octets: bytes) -> Iterator[str]:
    septets = iter(octets)
    for code in septets:
        if code != ESCAPE:
            yield BASIC[code] if code < len(BASIC) else "\ufffd"
            continue
        behind = next(septets, ESCAPE)
        yield EXTENSION.get(behind) or (" " if behind == ESCAPE else BASIC[behind] if behind < len(BASIC) else "\ufffd")
