"""What one can say about geofences: to draw, to assign, to ask for, to choose."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.core.policy import Shape


@dataclass(frozen=True, slots=True)
class FenceFacts:
    """What a fence shall be. `policy` holds only what differs from the organization's defaults."""

    name: str
    shape: Shape
    site_id: UUID | None = None
    policy: dict[str, Any] = field(default_factory=dict)
    counts_as_work: bool = True


@dataclass(frozen=True, slots=True)
class Assigned:
    """For whom a fence counts: everyone, or these groups."""

    everyone: bool = True
    group_ids: tuple[UUID, ...] = ()

    @property
    def wanted(self) -> set[UUID | None]:
        """As rows have it: None is everyone."""
        return {None} if self.everyone else set(self.group_ids)


@dataclass(frozen=True, slots=True)
class FencesWanted:
    """Which fences: all current ones or all retired, by number, those after `after`; queries give one more than `limit`."""

    retired: bool = False
    site_id: UUID | None = None
    after: int = 0
    limit: int = 200


@dataclass(frozen=True, slots=True)
class Chosen:
    """What to create of a previewed file: features as they are and features as repaired, by index; and where."""

    preview_hash: str
    taken: frozenset[int]
    repaired: frozenset[int] = frozenset()
    site_id: UUID | None = None
