"""A text as the octets of its short messages, and what came in as a text.

A phone puts the parts of a long text together by their reference. With one of 16 bits, texts do not meet where one of 8 bits would let
every 256th do so; but it takes one unit of each part. Where that would need one part more than was counted and told (`core.sms.measure`),
the lower 8 bits have to do.
"""

from typing import Final

from app.core.sms import Encoding, Segments, cut, decoded, encoded, measure

CODINGS: Final[dict[Encoding, int]] = {"gsm": 0, "ucs2": 8}
WIDE: Final[dict[Encoding, int]] = {"gsm": 152, "ucs2": 66}
"""Units of a part beside a header with a reference of 16 bits."""
PARTS_MAX: Final = 255
LATIN1, UCS2 = 3, 8
_HEADER_FLAG: Final = 0x40


def cut_up(text: str, reference: int) -> tuple[int, list[bytes]]:
    """The data_coding and each part, with its header when there are several. Raises `ValueError` for more parts than can be numbered."""
    counted = measure(text)
    if len(counted.parts) > PARTS_MAX:
        raise ValueError("too long")
    if len(counted.parts) == 1:
        return CODINGS[counted.encoding], [encoded(text, counted.encoding)]
    return CODINGS[counted.encoding], _numbered(text, counted, reference)


def _numbered(text: str, counted: Segments, reference: int) -> list[bytes]:
    parts = cut(text, counted.encoding, WIDE[counted.encoding])
    fields = bytes([6, 8, 4]) + reference.to_bytes(2, "big")
    if len(parts) > len(counted.parts):
        parts, fields = counted.parts, bytes([5, 0, 3, reference & 0xFF])
    total = len(parts)
    return [fields + bytes([total, number]) + encoded(part, counted.encoding) for number, part in enumerate(parts, 1)]


def text_of(data: bytes, data_coding: int, esm_class: int) -> str:
    """What somebody sent, without its header. Never fails."""
    if esm_class & _HEADER_FLAG and data:
        data = data[1 + data[0] :]
    if data_coding == LATIN1:
        return data.decode("latin-1")
    return decoded(data, "ucs2" if data_coding == UCS2 else "gsm")
