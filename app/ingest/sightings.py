"""What a phone judged itself: `POST /api/v1/sightings` with {"sightings": [{"id", "recorded_at", "inside", "unclear", "accuracy_class_m", "fence_set"}]}.

1. The batch is opened and its items are read one by one as `batch.py` says. There is no field for a position, and none is taken.
2. `inside` and `unclear` are ids of fences; one that is in neither was outside, if the accuracy class is within what the fence asks for.
3. `fence_set` is the name of the set of fences the phone judged by, as the server gave it: "<version>.<moment in milliseconds>".
4. Without id a sighting is identified by device, `recorded_at` and the word "sighting".
"""

import re
from typing import Annotated, Final
from uuid import UUID

from pydantic import BeforeValidator, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.core.fix import ACCURACY_CLASSES_M, WORSE, Claimed, DeviceId, to_ms
from app.ingest.batch import Item, ItemId, Parsed, RecordedAt, parse

MAX_FENCES: Final = 200
"""Of one list. Nobody is in more fences at once."""
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_FENCE_SET: Final = re.compile(r"(\d{1,15})\.(\d{1,15})", re.ASCII)
_CLASSES: Final = (*ACCURACY_CLASSES_M, WORSE)


def _fences(value: object, info: ValidationInfo) -> tuple[UUID, ...]:
    if not isinstance(value, list) or not all(isinstance(fence, str) and _UUID.fullmatch(fence) for fence in value):
        raise PydanticCustomError("wrong_type", "Send a list of ids of geofences.")
    if len(value) > MAX_FENCES:
        raise PydanticCustomError("too_many", f"These are more than {MAX_FENCES} geofences.")
    fences = tuple(map(UUID, value))
    if len({*fences, *info.data.get("inside", ())}) < len(fences) + len(info.data.get("inside", ())):
        raise PydanticCustomError("doubled", "Name each geofence once: it is either inside or unclear.")
    return fences


def _accuracy_class_m(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value not in _CLASSES:
        raise PydanticCustomError("out_of_range", f"Send the class of the accuracy in metres: one of {', '.join(map(str, _CLASSES))}.")
    return value


def _fence_set(value: object) -> tuple[int, int]:
    found = _FENCE_SET.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise PydanticCustomError("wrong_type", "Send fence_set as it came with the geofences you judged by.")
    return int(found[1]), int(found[2])


_Fences = Annotated[
    tuple[UUID, ...],
    BeforeValidator(_fences),
    WithJsonSchema({"type": "array", "items": {"type": "string", "format": "uuid"}, "maxItems": MAX_FENCES}),
]


class WireSighting(Item):
    """What a phone says about one fix that it judged itself."""

    recorded_at: RecordedAt
    inside: _Fences
    unclear: _Fences = ()
    accuracy_class_m: Annotated[int, BeforeValidator(_accuracy_class_m), WithJsonSchema({"enum": list(_CLASSES)})]
    fence_set: Annotated[
        tuple[int, int], BeforeValidator(_fence_set), WithJsonSchema({"type": "string", "pattern": r"^\d{1,15}\.\d{1,15}$"})
    ]
    id: ItemId = None

    def claimed(self, device: DeviceId) -> Claimed:
        """As core sees it."""
        at_ms = to_ms(self.recorded_at)
        return Claimed(device, self.id or f"sighting:{at_ms}", at_ms, self.inside, self.unclear, self.accuracy_class_m, self.fence_set)


def parse_sightings(body: bytes, device: DeviceId) -> Parsed[Claimed]:
    """The sightings of a batch, in the order sent. Raises `Malformed`, `Invalid` or `TooLarge` if the envelope cannot be read."""
    return parse(body, "sightings", WireSighting, lambda wire: wire.claimed(device))
