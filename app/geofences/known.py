"""What others may know of fences long after: their names, retired ones too, and when one did not count as work."""

from collections import defaultdict
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.fix import to_ms
from app.core.intervals import FOREVER, Interval

LAST_NAMES: Final = text("""
SELECT DISTINCT ON (fence_id) fence_id, name FROM geofence_version WHERE organization_id = :organization_id ORDER BY fence_id, version DESC
""")
NOT_WORK: Final = text("""
SELECT fence_id, valid_from, valid_until FROM geofence_version WHERE organization_id = :organization_id AND NOT counts_as_work
""")


def names(session: Session, organization_id: int) -> dict[UUID, str]:
    """The newest name of every fence there ever was."""
    return {fence: name for fence, name in session.execute(LAST_NAMES, {"organization_id": organization_id})}  # noqa: C416 (rows)


def not_work(session: Session, organization_id: int) -> dict[UUID, list[Interval]]:
    """When a fence did not count as work: [from_ms, until_ms) by fence; fences that always count are left out."""
    found: dict[UUID, list[Interval]] = defaultdict(list)
    for fence, start, end in session.execute(NOT_WORK, {"organization_id": organization_id}):
        found[fence].append((to_ms(start), FOREVER if end is None else to_ms(end)))
    return found
