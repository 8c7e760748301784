"""Reading fences: how one lies among the others, all of them as a file, and what other domains may know of them long after."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.fix import to_ms
from app.core.intervals import FOREVER, Interval
from app.core.policy import Shape
from app.geofences import queries
from app.geofences.formats.export import NamedShape, to_geojson, to_kml
from app.geofences.service.fences import FenceView

WRITERS: Final[Mapping[str, Callable[[Iterable[NamedShape]], bytes]]] = {"geojson": to_geojson, "kml": to_kml}


def overlaps(session: Session, organization_id: int, fence_id: UUID, shape: Shape) -> Sequence[Any]:
    """The current fences that this one covers, shares ground with or touches: id, number, name, relation, `shared_m2`."""
    return queries.overlaps(session, organization_id, [shape], but=fence_id)


def meeting(session: Session, organization_id: int, shape: Shape, *, but: UUID) -> tuple[list[UUID], list[UUID]]:
    """The current fences that lie within a shape, and those that only share ground or border with it. For domains above."""
    met = queries.overlaps(session, organization_id, [shape], but=but)
    within = [row.id for row in met if row.relation in {"covers", "equals"}]
    return within, [row.id for row in met if row.relation not in {"covers", "equals"}]


def fences_in_use(session: Session, organization_id: int) -> frozenset[UUID]:
    """The ids of all fences that are not retired. For domains above."""
    return frozenset(queries.ids_in_use(session, organization_id))


class FencesInUse:
    """`app.ports.Fences`."""

    def in_use(self, session: Session, organization_id: int) -> frozenset[UUID]:
        """Those that are not retired."""
        return fences_in_use(session, organization_id)


def sites_of_fences(session: Session, organization_id: int) -> dict[str, str | None]:
    """Fence -> the site it belongs to (None: to none), retired fences too; ids as text. For domains above."""
    return queries.sites(session, organization_id)


def exported(fences: Iterable[FenceView], file_format: str) -> bytes:
    """The fences as a file of this format (`geojson` or `kml`)."""
    return WRITERS[file_format](NamedShape(view.fence.id, view.version.name, view.shape) for view in fences)


def fence_names(session: Session, organization_id: int) -> dict[UUID, str]:
    """The newest name of every fence there ever was, retired ones too."""
    return {fence: name for fence, name in queries.names(session, organization_id)}  # noqa: C416 (rows)


def not_work(session: Session, organization_id: int) -> dict[UUID, list[Interval]]:
    """When a fence did not count as work: [from_ms, until_ms) by fence; fences that always count are left out."""
    found: dict[UUID, list[Interval]] = defaultdict(list)
    for fence, start, end in queries.not_work(session, organization_id):
        found[fence].append((to_ms(start), FOREVER if end is None else to_ms(end)))
    return found
