"""Who is where, now: a projection of open stays, last sightings and silence. Never stored; no place finer than a fence.

Others see a stay that its person ended by opting out as they would see silence: from `attendance_state.veiled`, until silence ends it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.fix import to_ms
from app.geofences import fence_set

Standing = Literal["inside", "unknown", "assumed_left"]

PRESENT: Final = text("""
SELECT s.person_id, s.fence_id, s.entered_at, a.last_seen_at
FROM stay s JOIN attendance_state a ON a.organization_id = s.organization_id AND a.person_id = s.person_id
WHERE s.organization_id = :organization_id AND s.left_at IS NULL AND s.withdrawn_at IS NULL
  AND (cast(:person_id AS uuid) IS NULL OR s.person_id = :person_id)
""")
VEILED: Final = text("""
SELECT a.person_id, (v ->> 0)::uuid, to_timestamp((v ->> 1)::float8 / 1000), a.last_seen_at
FROM attendance_state a, jsonb_array_elements(a.veiled) v
WHERE a.organization_id = :organization_id AND a.veiled IS NOT NULL
""")


@dataclass(frozen=True, slots=True)
class Present:
    """One person at one fence. `since`: entered at; `unknown_since`: their last sighting, once silence has lasted too long to say inside."""

    person_id: UUID
    fence_id: UUID
    standing: Standing
    since: datetime
    unknown_since: datetime | None


def present(session: Session, organization_id: int, now: datetime, *, person_id: UUID | None = None) -> list[Present]:
    """Everyone believed in a fence (or one person, as they see themselves), in no order. Two statements, however many people."""
    parameters = {"organization_id": organization_id, "person_id": person_id}
    rows: Iterable[Any] = session.execute(PRESENT, parameters)
    if person_id is None:
        told = {(row[0], row[1]): tuple(row) for row in rows}
        rows = (told | {(row[0], row[1]): tuple(row) for row in session.execute(VEILED, parameters)}).values()
    return list(_projected(rows, fence_set.of_session(session, organization_id, now), now))


def counts(people: Iterable[Present]) -> dict[UUID, Counter[Standing]]:
    """How many stand how, per fence. Nobody is counted twice in one fence."""
    found: dict[UUID, Counter[Standing]] = {}
    for one in people:
        found.setdefault(one.fence_id, Counter())[one.standing] += 1
    return found


def _projected(rows: Iterable[Any], fences: fence_set.FenceSnapshot, now: datetime) -> Iterator[Present]:
    now_ms = to_ms(now)
    limits: dict[UUID, tuple[int, int]] = {}
    for person, fence, since, last_seen_at in rows:
        if fence not in limits:
            policy = fences.rules.versions[fence][-1].policy if fence in fences.rules.versions else fences.policy
            limits[fence] = (policy.unknown_after_s * 1000, policy.assume_left_after_s * 1000)
        silent_ms = now_ms - to_ms(last_seen_at or since)
        unknown_after, left_after = limits[fence]
        standing: Standing = "inside" if silent_ms <= unknown_after else "unknown" if silent_ms <= left_after else "assumed_left"
        yield Present(person, fence, standing, since, None if standing == "inside" else (last_seen_at or since))
