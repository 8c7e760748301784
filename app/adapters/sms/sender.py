"""Who a short message is from, as networks take it: a number, or up to 11 letters of GSM 03.38."""

import re
from typing import Final

NAME_MAX: Final = 11
_NUMBER: Final = re.compile(r"\+?[0-9]{3,16}", re.ASCII)
_OTHER: Final = re.compile(r"[^A-Za-z0-9 ._&-]")


def sender(name: str, fallback: str) -> str:
    """The name when it can be shown whole, else what the provider's settings say, else as much of the name as fits."""
    plain = " ".join(_OTHER.sub("", name).split())
    if _NUMBER.fullmatch(name) or (name and plain == name and len(name) <= NAME_MAX):
        return name
    return fallback or plain[:NAME_MAX].strip()
