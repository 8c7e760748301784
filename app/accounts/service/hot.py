"""What the hot path asks of accounts: one ping's device and the groups of its person, in the first round trip.

Pieces of SQL, and how to read what they give: whoever opens the round trip puts them into one statement. Parameters: `organization_id`, `token_hash`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from psycopg import Connection
from psycopg.types.json import Jsonb

from app.accounts.queries.devices import DEVICE_OF_TOKEN, GROUPS_OF_PERSON, NOTE_HEALTH

__all__ = ["DEVICE_OF_TOKEN", "DeviceFacts", "device_of", "groups_of", "groups_sql", "note_health"]


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """A live device that may send pings. `payload_key` is sealed: see `devices.passphrase_of`. `modules` are those of the organization."""

    device_id: UUID
    person_id: UUID
    client: str
    payload_key: bytes | None = field(repr=False)
    modules: frozenset[str]


def device_of(row: Sequence[Any]) -> DeviceFacts:
    """A row of DEVICE_OF_TOKEN. No row: the token is unknown, revoked, of a closed organization, or not for pings."""
    return DeviceFacts(row[0], row[1], row[2], row[3], frozenset(row[4]))


def groups_sql(person: str) -> str:
    """An SQL scalar for `groups_of`. `person` is an SQL scalar for the person's id: a constant of the code, never input."""
    return GROUPS_OF_PERSON.format(person=person)


def groups_of(facts: list[list[Any]] | None) -> list[tuple[UUID, int, int | None]]:
    """(group_id, from_ms, until_ms or None) of every dated membership."""
    return [(UUID(group), from_ms, until_ms) for group, from_ms, until_ms in facts or ()]


def note_health(connection: "Connection[Any]", organization_id: int, device_id: UUID, hindrances: list[str]) -> None:
    """Keep why the phone may stop reporting (power save, permission), to show it to its person. Written only when it changed."""
    connection.execute(
        cast("Any", NOTE_HEALTH), {"organization_id": organization_id, "device_id": device_id, "health": Jsonb({"hindrances": hindrances})}
    )
