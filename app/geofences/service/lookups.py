"""Reading fences for screens: how one lies among the others, and all of them as a file. What other domains ask stands in `known` and `fence_set`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.policy import Shape
from app.geofences import queries
from app.geofences.formats.export import NamedShape, to_geojson, to_kml
from app.geofences.service.fences import FenceView

WRITERS: Final[Mapping[str, Callable[[Iterable[NamedShape]], bytes]]] = {"geojson": to_geojson, "kml": to_kml}


def overlaps(session: Session, organization_id: int, fence_id: UUID, shape: Shape) -> Sequence[Any]:
    """The current fences that this one covers, shares ground with or touches: id, number, name, relation, `shared_m2`."""
    return queries.overlaps(session, organization_id, [shape], but=fence_id)


def exported(fences: Iterable[FenceView], file_format: str) -> bytes:
    """The fences as a file of this format (`geojson` or `kml`)."""
    return WRITERS[file_format](NamedShape(view.fence.id, view.version.name, view.shape) for view in fences)
