"""Text of strangers as one line: what is shown, mailed, printed and put into calendars must neither begin a line nor turn its neighbours around."""

import re
from typing import Final

_BREAKS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_UNSEEN: Final = re.compile(r"[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")
"""Without the joiners of scripts and emoji (U+200C, U+200D), which names need."""
_BEGINS_A_CELL: Final = re.compile(r"(^|[;\t\r\n])(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")


def one_line(text: str) -> str:
    """Without control characters, without characters that nobody sees, and with single spaces. May be empty."""
    return " ".join(_UNSEEN.sub("", _BREAKS.sub(" ", text)).split())


def plain_cell(text: str) -> str:
    """As a spreadsheet must not run it: also where it takes a semicolon, a tab or a line for the end of a cell, as it does with a Dutch CSV."""
    return _BEGINS_A_CELL.sub(r"\1'", text)
