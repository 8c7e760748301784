"""Texts with fields: `{place}` is filled in, `{{` and `}}` are braces.

A field that is missing is an error before anything is sent, and so is one that no text has: somebody thought that it would be said.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from app.core.fault import Fault

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
TOKEN: Final = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def fields(*texts: str) -> tuple[str, ...]:
    """The names of the fields, each once, in the order of the texts. Raises `Fault` where a brace or a name is wrong."""
    return tuple(dict.fromkeys(name for text in texts for name in _tokens(text) if name))


def missing(texts: Iterable[str], values: Mapping[str, str]) -> tuple[str, ...]:
    """The fields of the texts that have no value, or a blank one."""
    return tuple(name for name in fields(*texts) if not values.get(name, "").strip())


def unknown(texts: Iterable[str], values: Mapping[str, str]) -> tuple[str, ...]:
    """The values that no text asks for."""
    return tuple(sorted(values.keys() - set(fields(*texts))))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields filled in. Braces inside a value stay as they are. Raises `Fault` for a field without a value."""
    for name in missing([text], values):
        raise Fault(f"/{name}", f"The template asks for {name}, and it is not filled in", "Fill it in.")
    parts, end = [], 0
    for match in TOKEN.finditer(text):
        parts += [text[end : match.start()], values[match[1]] if match[1] else match[0][0]]
        end = match.end()
    return "".join([*parts, text[end:]])


def _tokens(text: str) -> Iterator[str | None]:
    for match in TOKEN.finditer(text):
        if match[0] in "{}":
            raise Fault("", f"A brace stands alone at character {match.start() + 1}", "Write {name} for a field, and {{ or }} for a brace.")
        if match[1] is not None and not NAME.fullmatch(match[1]):
            raise Fault(
                "",
                f"The field at character {match.start() + 1} has no usable name",
                "Use 1 to 40 lower-case letters, digits and underscores, beginning with a letter.",
            )
        yield match[1]
