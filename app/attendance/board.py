"""Everybody's presence at once, for the screens: `core.presence` for ten thousand people in a tenth of a second.

Open stays, last sightings and names are three plain scans that meet here by id: a join costs PostgreSQL a look-up for each person, and objects
cost us more than everything else. So ids stay text, and a person is a plain dictionary.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Final, TypedDict
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.attendance import lookups
from app.core.fix import to_ms
from app.core.presence import StandingNow, standings_now
from app.geofences import fence_set
from app.geofences import service as geofences

STANDINGS: Final[tuple[StandingNow, ...]] = ("inside", "unknown", "assumed_left")
_Stay = tuple[str, datetime, datetime]
"""(person, since, seen last)"""
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
    at: defaultdict[str, list[_Stay]] = defaultdict(list)
    for person, fence, since in rows:
        if person in names:
            at[fence].append((person, since, last_seen.get(person) or since))
    fences = geofences.fence_names(session, organization_id)
    found = []
    for fence, stays in at.items():
        id_ = UUID(fence)
        standings = standings_now(rules, id_, [seen for _, _, seen in stays], now_ms)
        found.append(_board(fence, fences[id_], names, stays, standings))
    return sorted(found, key=lambda board: (board.name, board.fence_id))


def _board(fence: str, name: str, names: Mapping[str, str], stays: Sequence[_Stay], standings: Sequence[StandingNow]) -> Board:
    counts: dict[StandingNow, int] = {one: standings.count(one) for one in STANDINGS}
    people: list[Row] = [
        {
            "person_id": person,
            "name": names[person],
            "standing": standing,
            "since": since,
            "unknown_since": None if standing == "inside" else seen,
        }
        for (person, since, seen), standing in zip(stays, standings, strict=True)
    ]
    return Board(fence, name, counts, sorted(people, key=itemgetter("name", "person_id")))
