"""What every change of fences, assignments and policies has in common: one editor at a time, a moment, and who must hear of it."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.fix import from_ms, to_ms
from app.geofences import queries
from app.outbox import publish

CHANGED = "geofences.changed"
"""Kind of outbox rows {fence, since_ms}: a retirement or an end of assignment, which ends the open stays there."""
TICK = timedelta(milliseconds=1)
"""Evaluation counts in milliseconds, so that is the shortest that anything can be valid."""


def lock(session: Session, organization_id: int) -> None:
    """Let no other editor in until this transaction ends, and raise the version of the fence set, so that every process loads it anew.

    Do not ask for `fence_set.of_session` after this in the same transaction: its process would keep what may yet be rolled back.
    """
    queries.raise_fence_set(session, organization_id)


def moment(session: Session, organization_id: int, now: datetime, *starts: datetime) -> datetime:
    """From when a change holds: now in whole milliseconds, but later than what it ends, and not before the organization's policy.

    So two edits in one millisecond, or by machines whose clocks differ, follow each other.
    """
    own = queries.policies(session, organization_id)[:1]
    return max([from_ms(to_ms(now)), *(policy.valid_from for policy in own), *(start + TICK for start in starts)])


def tell(session: Session, organization_id: int, fence_id: UUID, standing: str, version: int) -> None:
    """The screens: how the fence stands now (`current` or `retired`)."""
    publish.live(session, organization_id, "fence", {"fence": str(fence_id), "standing": standing, "version": version})


def refold(session: Session, organization_id: int, fence_id: UUID, since: datetime) -> None:
    """Attendance: people there must be folded again, because the fence stopped counting for them."""
    publish.publish(session, organization_id, CHANGED, {"fence": str(fence_id), "since_ms": to_ms(since)}, due_at=since)
