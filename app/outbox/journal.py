"""Read the news of an organization without ever missing one that commits late.

Ids and times are given out before the commit, so "everything after the last id I saw" loses what a slower transaction commits afterwards.
Instead a reader remembers *which transactions it has seen*: PostgreSQL's own snapshot, that is, all before `end` except those still open then.
Every row carries the id of the transaction that wrote it; news is whatever that snapshot did not show. No writer waits, no lock is
taken, and a transaction that takes an hour holds up nobody: its news comes when it commits.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import psycopg

AT_ONCE_MAX: Final = 1000
_SNAPSHOT: Final = re.compile(r"[0-9]{1,19}:([0-9]{1,19}):((?:[0-9]{1,19},)*[0-9]{1,19})?", re.ASCII)

READ: Final = """
    SELECT s.seen::text, e.transaction_id, e.kind, e.person_id, e.body, e.created_at
    FROM (SELECT pg_current_snapshot() AS seen) s
    LEFT JOIN live_event e ON e.organization_id = %(organization_id)s AND (e.transaction_id >= %(end)s OR e.transaction_id = ANY(%(open)s))
    ORDER BY e.id LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """Which transactions a reader has seen: those before `end`, but for the `open` ones."""

    end: int
    open: frozenset[int] = frozenset()

    def has(self, transaction_id: int) -> bool:
        """Whether the reader saw what this transaction wrote."""
        return transaction_id < self.end and transaction_id not in self.open

    def __str__(self) -> str:
        """As PostgreSQL writes it; the first number, the oldest open transaction, follows from the others."""
        return f"{min(self.open, default=self.end)}:{self.end}:{','.join(map(str, sorted(self.open)))}"

    @classmethod
    def read(cls, text: str) -> "Seen":
        """From PostgreSQL's text. Raises `ValueError`."""
        match = _SNAPSHOT.fullmatch(text)
        if match is None:
            raise ValueError("not a snapshot")
        return cls(int(match[1]), frozenset(map(int, match[2].split(","))) if match[2] else frozenset())


EVERYTHING: Final = Seen(2**63 - 1)
"""For a reader who wants nothing old, only to know from where to go on."""


@dataclass(frozen=True, slots=True)
class Event:
    """One piece of news. `person_id` None: about no person."""

    transaction_id: int
    kind: str
    person_id: UUID | None
    body: dict[str, Any]
    at: datetime


def read(connection: "psycopg.Connection[Any]", organization_id: int, since: Seen) -> tuple[Seen, list[Event] | None]:
    """What `since` has not seen, and what is seen now. None instead of a list when it is more than anybody should be sent: load anew."""
    parameters = {"organization_id": organization_id, "end": since.end, "open": sorted(since.open), "most": AT_ONCE_MAX + 1}
    rows = connection.execute(READ, parameters).fetchall()
    events = [Event(*row[1:]) for row in rows if row[1] is not None]
    return Seen.read(rows[0][0]), events if len(events) <= AT_ONCE_MAX else None
