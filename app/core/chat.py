"""Which addresses of chats may be notified: those the operator allowed."""

import re
from collections.abc import Sequence
from typing import Final

_BELOW: Final = re.compile(r"[A-Za-z0-9._~/-]{1,200}")


def allows(allowed: Sequence[str], address: str) -> bool:
    """Whether an address stands in the list, or plainly below an entry that ends in a slash: no options, no way back up."""
    for entry in allowed:
        below = address.removeprefix(entry)
        if address == entry or (entry.endswith("/") and below != address and _BELOW.fullmatch(below) and ".." not in below):
            return True
    return False
