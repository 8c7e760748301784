"""How a name sounds in Dutch, as a short code: names that are heard alike and written otherwise get the same one.

After the manner of Kölner Phonetik (Postel, 1969), with the spelling of Dutch: `ij` and `y`, `v` and `f`, `z` and `s`, `d` and `t` at any place.
"""

import re
from collections.abc import Sequence
from typing import Final

LEAST: Final = 4
"""Sounds that a whole name must have: shorter ones are alike too soon, and are compared as written."""
_RESPELLED: Final = (
    ("chr", "kr"), ("sch", "sx"), ("tsj", "sx"), ("sj", "sx"), ("ch", "x"), ("ph", "f"), ("th", "t"), ("dt", "t"), ("ck", "k"),
    ("qu", "kw"), ("ks", "x"),
)  # fmt: skip
_SOFT_C: Final = re.compile(r"c(?=[eiy])")
_SAME: Final = str.maketrans({"c": "k", "z": "s", "v": "f", "w": "f", "d": "t", "b": "p", "g": "x", "m": "n", "j": "i", "y": "i"})
_VOWELS: Final = frozenset("aeiouh")
_LATIN: Final = re.compile(r"[a-z]+", re.ASCII)


def code(words: Sequence[str]) -> str:
    """Of the words of a name, casefolded and without accents; their order does not matter. Words in other scripts count as written."""
    coded = sorted(_word(word) for word in words)
    sounds = sum(len(one.lstrip("a")) for one in coded)
    return " ".join(coded) if sounds >= LEAST else "=" + " ".join(sorted(words))


def _word(word: str) -> str:
    if not _LATIN.fullmatch(word):
        return word
    for written, sound in _RESPELLED:
        word = word.replace(written, sound)
    word = _SOFT_C.sub("s", word).translate(_SAME)
    heard = "a" if word[0] in _VOWELS else ""
    last = ""
    for letter in word:
        if letter not in _VOWELS and letter != last:
            heard += letter
        last = letter
    return heard
