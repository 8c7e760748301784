"""Everybody's presence at once, for the screens: `core.presence` for ten thousand people in a tenth of a second.

Open stays, last sightings and names are three plain scans that meet here by id: a join costs PostgreSQL a look-up for each person, and objects
cost us more than everything else. So ids stay text, and a person is a plain dictionary.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypedDict
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.attendance import lookups
from app.core.fix import to_ms
from app.core.presence import StandingNow, standing_now
from app.geofences import fence_set
from app.geofences import service as geofences

FEW: Final = 1_000
"""Up to so many people are looked up one by one; for more, reading everybody of the organization is faster."""


class Row(TypedDict):
    """One person at one fence."""

    person_id: str
    name: str
    standing: StandingNow
    since: datetime
    unknown_since: datetime | None


@dataclass(frozen=True, slots=True)
class Board:
    """One fence and who is believed there, by name; `counts` by standing."""

    fence_id: str
    name: str
    counts: dict[StandingNow, int]
    people: list[Row]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """To a fence, to these people, to those in whom the text is found; None: not narrowed."""

    fence_id: UUID | None = None
    people: Collection[UUID] | None = None
    text: str | None = None


def boards(session: Session, organization_id: int, to: Narrowed, now: datetime) -> list[Board]:
    """Who is believed where, as others may see it, by name of the fence. As many statements for ten thousand people as for one."""
    rows = lookups.presence_to_others(session, organization_id)
    if to.fence_id is not None:
        rows = [row for row in rows if row[1] == str(to.fence_id)]
    if to.people is not None:
        wanted = set(map(str, to.people))
        rows = [row for row in rows if row[0] in wanted]
    if not rows:
        return []
    ids = list({row[0] for row in rows})
    names = accounts.names_as_text(session, organization_id, ids if len(ids) <= FEW else None, text=to.text)
    last_seen = lookups.last_seen(session, organization_id, ids if len(ids) <= FEW else None)
    rules, now_ms = fence_set.of_session(session, organization_id, now).rules, to_ms(now)
    fence_ids = {fence: UUID(fence) for fence in {row[1] for row in rows}}
    found: dict[str, list[Row]] = {}
    for person, fence, since in rows:
        if person in names:
            seen = last_seen.get(person) or since
            standing = standing_now(rules, fence_ids[fence], to_ms(seen), now_ms)
            unknown_since = None if standing == "inside" else seen
            found.setdefault(fence, []).append(
                {"person_id": person, "name": names[person], "standing": standing, "since": since, "unknown_since": unknown_since}
            )
    fences = {str(fence): name for fence, name in geofences.fence_names(session, organization_id).items()}
    return sorted((_board(fence, fences[fence], at) for fence, at in found.items()), key=lambda board: (board.name, board.fence_id))


def _board(fence: str, name: str, people: list[Row]) -> Board:
    counts: dict[StandingNow, int] = {"inside": 0, "unknown": 0, "assumed_left": 0}
    for one in people:
        counts[one["standing"]] += 1
    return Board(fence, name, counts, sorted(people, key=lambda one: (one["name"], one["person_id"])))
