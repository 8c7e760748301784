"""What other domains ask about fences. An organization's fences are few, so they are asked for together."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.policy import Shape
from app.geofences import queries
from app.geofences.formats.export import NamedShape, to_geojson, to_kml
from app.geofences.service.fences import FenceView

WRITERS: Final[Mapping[str, Callable[[Iterable[NamedShape]], bytes]]] = {"geojson": to_geojson, "kml": to_kml}


class FenceLabel(NamedTuple):
    """How a fence is shown."""

    number: int
    name: str
    site_id: UUID | None


def labels(session: Session, organization_id: int) -> dict[UUID, FenceLabel]:
    """Every fence, retired ones too (under their last name), by number."""
    return {fence: FenceLabel(number, name, site) for fence, number, name, site in queries.label_rows(session, organization_id)}


def names(session: Session, organization_id: int, fence_ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of these fences; those of other organizations are left out."""
    found = labels(session, organization_id)
    return {fence: found[fence].name for fence in fence_ids if fence in found}


def fences_of_site(session: Session, organization_id: int, site_id: UUID) -> list[UUID]:
    """The fences of a site, retired ones too."""
    return [fence for fence, label in labels(session, organization_id).items() if label.site_id == site_id]


def site_of_fences(session: Session, organization_id: int) -> dict[UUID, UUID]:
    """Fence -> site, of fences that belong to one."""
    return {fence: label.site_id for fence, label in labels(session, organization_id).items() if label.site_id is not None}


def overlaps(session: Session, organization_id: int, fence_id: UUID, shape: Shape) -> Sequence[Any]:
    """The current fences that this one covers, shares ground with or touches: id, number, name, relation, `shared_m2`."""
    return queries.overlaps(session, organization_id, [shape], but=fence_id)


def exported(fences: Iterable[FenceView], file_format: str) -> bytes:
    """The fences as a file of this format (`geojson` or `kml`)."""
    return WRITERS[file_format](NamedShape(view.fence.id, view.version.name, view.shape) for view in fences)
