"""Everybody's presence at once, for the screens: the same projection as `presence.present`, made for ten thousand people in a tenth of a second.

Open stays, last sightings and names are three plain scans that meet here by id: a join costs PostgreSQL a look-up for each person, and objects
cost us more than everything else. So ids stay text, and a person is a plain dictionary.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypedDict, cast
from uuid import UUID

import psycopg
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.attendance.presence import Standing
from app.geofences import fence_set, known

OPEN: Final = """
SELECT person_id::text, fence_id::text, entered_at FROM stay
WHERE organization_id = %(organization_id)s AND left_at IS NULL AND withdrawn_at IS NULL
"""
VEILED: Final = """
SELECT a.person_id::text, v ->> 0, to_timestamp((v ->> 1)::float8 / 1000)
FROM attendance_state a, jsonb_array_elements(a.veiled) v WHERE a.organization_id = %(organization_id)s AND a.veiled IS NOT NULL
"""
SEEN: Final = "SELECT person_id::text, last_seen_at FROM attendance_state WHERE organization_id = %(organization_id)s"
OF_THESE: Final = " AND person_id = ANY(%(people)s::uuid[])"
FEW: Final = 1_000
"""Up to so many people are looked up one by one; for more, reading everybody of the organization is faster."""


class Row(TypedDict):
    """One person at one fence."""

    person_id: str
    name: str
    standing: Standing
    since: datetime
    unknown_since: datetime | None


@dataclass(frozen=True, slots=True)
class Board:
    """One fence and who is believed there, by name; `counts` by standing."""

    fence_id: str
    name: str
    counts: dict[Standing, int]
    people: list[Row]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """To a fence, to these people, to those in whom the text is found; None: not narrowed."""

    fence_id: UUID | None = None
    people: Collection[UUID] | None = None
    text: str | None = None


def boards(session: Session, organization_id: int, to: Narrowed, now: datetime) -> list[Board]:
    """Who is believed where, as others may see it, by name of the fence. As many statements for ten thousand people as for one."""
    connection = cast("psycopg.Connection[Any]", session.connection().connection.driver_connection)
    rows = _standing_somewhere(connection, organization_id)
    if to.fence_id is not None:
        rows = [row for row in rows if row[1] == str(to.fence_id)]
    if to.people is not None:
        wanted = set(map(str, to.people))
        rows = [row for row in rows if row[0] in wanted]
    if not rows:
        return []
    ids = list({row[0] for row in rows})
    names = accounts.names_as_text(session, organization_id, ids if len(ids) <= FEW else None, text=to.text)
    limits = _Limits(fence_set.of_session(session, organization_id, now), now)
    found: dict[str, list[Row]] = {}
    for person, fence, since, seen in _last_seen(connection, organization_id, rows, ids):
        if person in names:
            standing = limits.standing(fence, seen)
            unknown_since = None if standing == "inside" else seen
            found.setdefault(fence, []).append(
                {"person_id": person, "name": names[person], "standing": standing, "since": since, "unknown_since": unknown_since}
            )
    fences = {str(fence): name for fence, name in known.names(session, organization_id).items()}
    return sorted((_board(fence, fences[fence], at) for fence, at in found.items()), key=lambda board: (board.name, board.fence_id))


def _standing_somewhere(connection: "psycopg.Connection[Any]", organization_id: int) -> list[tuple[str, str, datetime]]:
    """Open stays, but where one is veiled that one: others still see it, and not the one that began when sharing was taken up again."""
    key = {"organization_id": organization_id}
    rows = connection.execute(OPEN, key).fetchall()
    veiled = connection.execute(VEILED, key).fetchall()
    taken = {(person, fence) for person, fence, _ in veiled}
    return [*(row for row in rows if (row[0], row[1]) not in taken), *veiled] if taken else rows


def _last_seen(
    connection: "psycopg.Connection[Any]", organization_id: int, rows: list[tuple[str, str, datetime]], ids: list[str]
) -> Iterator[tuple[str, str, datetime, datetime]]:
    few = len(ids) <= FEW
    parameters = {"organization_id": organization_id, "people": ids if few else None}
    seen = dict(connection.execute(SEEN + OF_THESE if few else SEEN, parameters).fetchall())
    return ((person, fence, since, seen.get(person) or since) for person, fence, since in rows)


class _Limits:
    """How old a last sighting may be, by fence."""

    def __init__(self, fences: fence_set.FenceSnapshot, now: datetime) -> None:
        self._fences = fences
        self._now = now
        self._kept: dict[str, tuple[datetime, datetime]] = {}

    def standing(self, fence: str, seen: datetime) -> Standing:
        if fence not in self._kept:
            versions = self._fences.rules.versions.get(UUID(fence))
            policy = versions[-1].policy if versions else self._fences.policy
            self._kept[fence] = (
                self._now - timedelta(seconds=policy.unknown_after_s),
                self._now - timedelta(seconds=policy.assume_left_after_s),
            )
        unknown, left = self._kept[fence]
        return "inside" if seen >= unknown else "unknown" if seen >= left else "assumed_left"


def _board(fence: str, name: str, people: list[Row]) -> Board:
    counts: dict[Standing, int] = {"inside": 0, "unknown": 0, "assumed_left": 0}
    for one in people:
        counts[one["standing"]] += 1
    return Board(fence, name, counts, sorted(people, key=lambda one: (one["name"], one["person_id"])))
