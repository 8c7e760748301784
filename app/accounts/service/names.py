"""Short names made from long ones."""

import re
import unicodedata
from typing import Final

SLUG_LENGTH: Final = 63
SIGN_IN: Final = re.compile(r"[a-z0-9]([a-z0-9._-]{0,58}[a-z0-9])?", re.ASCII)
"""The part of a sign-in name before the @."""


def slug_of(name: str) -> str:
    """`Café De Zon B.V.` -> `cafe-de-zon-b-v`; `organization` when no letter is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_LENGTH].strip("-") or "organization"
