"""How names are compared: whole, without regard to case, accents, hyphens and the order of their words."""

import re
import unicodedata
from typing import Final

KEY_MAX: Final = 200
_WORD: Final = re.compile(r"\w+")


def words_of(name: str) -> list[str]:
    """The words of a name as they are compared: `Zoë de Vries-Bakker` -> `bakker de vries zoe`."""
    letters = "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    return sorted(_WORD.findall(letters.casefold()))


def key_of(name: str) -> str:
    """By what somebody of this name is looked up. Cut off, so that an index takes it: who is found is compared again by `words_of`."""
    return " ".join(words_of(name))[:KEY_MAX]
