"""Stays as a reader may see them, and the answer to "why?".

1. An open stay is shown as it looks now: once silence has outlasted it, as ended by assumption at the last inside sighting.
2. To others an opt-out is silence. Where that tells another story there are rows of both (`told_to`), and each reader is told theirs.
3. "Why?" names the crossings of the stay and their evidence: times, verdicts, accuracy classes. After its term the evidence is gone, and it says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal, cast
from uuid import UUID

from sqlalchemy.orm import Session

from app.attendance import lookups
from app.attendance.lists import Slice
from app.attendance.models import Crossing, Stay
from app.core import fold
from app.core.fix import from_ms, to_ms
from app.core.presence import standing_now
from app.errors import NotFound
from app.geofences import fence_set

LAST_INSIDE: Final = 2
"""Where `core.stays.to_json` puts the last inside sighting of a standing."""
ACCURACY_CLASS: Final = 3
"""Where a `Seen` keeps it."""


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks when: `reader` is a person, who is told the truth of their own; None: the organization itself."""

    organization_id: int
    now: datetime
    reader: UUID | None = None


@dataclass(frozen=True, slots=True)
class StaySeen:
    """A stay as one reader may see it now."""

    id: UUID
    person_id: UUID
    fence_id: UUID
    entered_at: datetime
    left_at: datetime | None
    ended: str | None
    cut: str | None
    last_inside_at: datetime
    decided_at: datetime | None
    revision: int

    def core(self) -> fold.Stay:
        """As `core.workday` takes it."""
        left_at_ms = None if self.left_at is None else to_ms(self.left_at)
        ended = cast("Literal['confirmed', 'assumed', 'manual'] | None", self.ended)
        return fold.Stay(self.fence_id, to_ms(self.entered_at), left_at_ms, ended, to_ms(self.last_inside_at), cast("Any", self.cut))


@dataclass(frozen=True, slots=True)
class Why:
    """A stay with the crossings that made it."""

    stay: StaySeen
    crossings: Sequence[Crossing]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the state of a person says: when they were last seen, and (fence, entered_ms) -> last inside_ms of open stays, in each telling."""

    last_seen_at: datetime | None
    own: Mapping[tuple[str, int], int]
    others: Mapping[tuple[str, int], int]


def list_stays(session: Session, look: Look, wanted: Slice, *, person_id: UUID | None, fence_id: UUID | None) -> list[StaySeen]:
    """Stays that began in the slice's time, the newest first."""
    return as_seen(session, look, lookups.stays(session, look.organization_id, look.reader, wanted, person_id=person_id, fence_id=fence_id))


def why(session: Session, look: Look, stay_id: UUID, *, own: UUID | None) -> Why:
    """What made a stay. `own` restricts to one person. Raises `NotFound`."""
    row = lookups.stay(session, look.organization_id, stay_id)
    if row is None or own not in (None, row.person_id) or (row.told_to == "person" and row.person_id != look.reader):
        raise NotFound
    return Why(as_seen(session, look, [row])[0], lookups.crossings_of_stay(session, row))


def as_seen(session: Session, look: Look, rows: Sequence[Stay]) -> list[StaySeen]:
    """These stays as they look now. One query for the states, and only when a stay depends on its person's."""
    people = {row.person_id for row in rows if row.ended is None}
    if not people:
        return [_stay(row) for row in rows]
    known = {person: _known(*state) for person, *state in lookups.standings(session, look.organization_id, list(people))}
    fences = fence_set.of_session(session, look.organization_id, look.now)
    nobody = _Known(None, {}, {})
    return [_projected(row, known.get(row.person_id, nobody), fences, look.now) if row.ended is None else _stay(row) for row in rows]


def _stay(row: Stay) -> StaySeen:
    return StaySeen(
        row.id,
        row.person_id,
        row.fence_id,
        row.entered_at,
        row.left_at,
        row.ended,
        row.cut,
        row.last_inside_at,
        row.decided_at,
        row.revision,
    )


def _known(last_seen_at: datetime | None, own: list[Any] | None, others: list[Any] | None) -> _Known:
    return _Known(last_seen_at, _last_inside(own or []), _last_inside((own if others is None else others) or []))


def _last_inside(standings: list[Any]) -> dict[tuple[str, int], int]:
    return {(item[0], item[1]): item[LAST_INSIDE][0] for item in standings if item[1] is not None and item[LAST_INSIDE] is not None}


def _projected(row: Stay, known: _Known, fences: fence_set.FenceSnapshot, now: datetime) -> StaySeen:
    """An open stay, ended by assumption once silence has lasted longer than its fence allows."""
    stay, telling = _stay(row), known.others if row.told_to == "others" else known.own
    last_inside_ms = telling.get((str(stay.fence_id), to_ms(stay.entered_at)))
    last_inside_at = stay.last_inside_at if last_inside_ms is None else from_ms(last_inside_ms)
    last_seen_at = known.last_seen_at or stay.last_inside_at
    if standing_now(fences.rules, stay.fence_id, to_ms(last_seen_at), to_ms(now)) == "assumed_left":
        return replace(stay, left_at=last_inside_at, ended="assumed", cut="gap", last_inside_at=last_inside_at)
    return replace(stay, last_inside_at=last_inside_at)


def evidence(found: Why) -> list[dict[str, Any]]:
    """The crossings and what was seen: times and accuracy classes, never a place. Nothing once the term has passed."""
    return [
        {
            "kind": one.kind,
            "at": one.at,
            "verdict": "inside" if one.kind == "enter" else "outside",
            "decided_at": one.decided_at,
            "revision": one.revision,
            "evidence": [{"at": from_ms(seen[0]), "accuracy_class_m": seen[ACCURACY_CLASS]} for seen in one.evidence["seen"]],
            "policy_from": from_ms(one.evidence["policy_from_ms"]),
        }
        for one in found.crossings
    ]
