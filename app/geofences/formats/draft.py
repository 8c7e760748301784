"""What a file promises: features, drafts of geofences, and what can be wrong with them."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.core.policy import Circle, Shape
from app.errors import FieldError, Invalid

MAX_FILE_BYTES: Final = 10 * 2**20
MAX_FEATURES: Final = 500
MAX_GEOMETRY_BYTES: Final = 2**20
MAX_NAME_LENGTH: Final = 200

Ring = NDArray[np.float64]
"""Positions as rows of longitude and latitude in degrees."""
Polygons = Sequence[Sequence[Ring]]
"""Polygons as a file draws them: the outer ring first, then the holes."""
Notes = list[str]


class Place(NamedTuple):
    """Where to look on the map, in degrees; in the order of `fence.ShapeRefused`."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a feature cannot become a geofence as it is. `code` is stable; `place` is where to look on the map."""

    code: str
    message: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class FenceDraft:
    """What one feature would become. `shape` is None when there are problems; `repaired` is then an offer, if there is one.

    `source_index` counts the file's features from 0. `notes` say what was changed without asking (a height left out, a cut at the antimeridian).
    """

    name: str
    shape: Shape | None
    source_index: int
    problems: tuple[Problem, ...] = ()
    repaired: Shape | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature of a file: `draw` gives its shape or raises `Flaw`, and adds to the notes it is handed."""

    name: str | None
    draw: Callable[[Notes], Circle | Polygons]


class Flaw(Exception):
    """One feature cannot become a geofence."""

    def __init__(self, code: str, message: str, place: Place | None = None, *, repaired: Shape | None = None) -> None:
        super().__init__(message)
        self.problem = Problem(code, message, place)
        self.repaired = repaired


class FileRefused(Invalid):
    """The file as a whole cannot be read. Its `errors` say why, and what to do."""

    def __init__(self, code: str, message: str, next_step: str) -> None:
        super().__init__(f"{message} {next_step}", errors=[FieldError("file", message, next_step)])
        self.code = code


_UNPRINTABLE: Final = re.compile("[\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def clean_name(text: str) -> str:
    """One line that every format, the database and a screen can hold: no control, surrogate or direction-override characters."""
    head = text[: 5 * MAX_NAME_LENGTH]
    plain = "".join(" " if unicodedata.category(c) in {"Cc", "Cs"} else c for c in _UNPRINTABLE.sub("", head))
    return " ".join(plain.split())[:MAX_NAME_LENGTH].strip()


def pick_name(properties: Mapping[str, object]) -> str | None:
    """The attribute most likely to be the name, whatever its case; None when there is none."""
    by_key = {str(key).casefold(): value for key, value in properties.items()}
    values = (by_key.get(key) for key in ("name", "naam", "title", "titel", "label", "id"))
    return next((str(value) for value in values if isinstance(value, str | int) and clean_name(str(value))), None)
