"""What the hot path asks of accounts: one ping's device and the groups of its person, in the first round trip.

`ask_*` executes on a connection in pipeline mode and does not fetch; after the sync `read_*` fetches. Parameters: `organization_id`, `token_hash`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from psycopg import Connection, Cursor
from psycopg.types.json import Jsonb

from app.accounts.queries.devices import DEVICE_OF_TOKEN, GROUPS_OF_PERSON, NOTE_HEALTH, PERSON_OF_TOKEN

__all__ = ["PERSON_OF_TOKEN", "DeviceFacts", "ask_device", "ask_groups", "note_health", "read_device", "read_groups"]


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """A live device that may send pings. `payload_key` is sealed: see `devices.passphrase_of`. `modules` are those of the organization."""

    device_id: UUID
    person_id: UUID
    client: str
    payload_key: bytes | None = field(repr=False)
    modules: frozenset[str]


def ask_device(connection: "Connection[Any]", parameters: Mapping[str, Any]) -> "Cursor[Any]":
    """Ask which device holds the token."""
    return connection.execute(cast("Any", DEVICE_OF_TOKEN), parameters)


def read_device(cursor: "Cursor[Any]") -> DeviceFacts | None:
    """The device, or None: unknown, revoked, of a closed organization, or not for pings."""
    row = cursor.fetchone()
    return DeviceFacts(row[0], row[1], row[2], row[3], frozenset(row[4])) if row else None


def ask_groups(connection: "Connection[Any]", parameters: Mapping[str, Any], person: str) -> "Cursor[Any]":
    """Ask which groups a person is and was in. `person` is an SQL scalar for the person's id: a constant of the code, never input."""
    return connection.execute(cast("Any", GROUPS_OF_PERSON.format(person=person)), parameters)


def read_groups(cursor: "Cursor[Any]") -> list[tuple[UUID, int, int | None]]:
    """(group_id, from_ms, until_ms or None) of every dated membership."""
    return [(row[0], row[1], row[2]) for row in cursor.fetchall()]


def note_health(connection: "Connection[Any]", organization_id: int, device_id: UUID, hindrances: list[str]) -> None:
    """Keep why the phone may stop reporting (power save, permission), to show it to its person. Written only when it changed."""
    connection.execute(
        cast("Any", NOTE_HEALTH), {"organization_id": organization_id, "device_id": device_id, "health": Jsonb({"hindrances": hindrances})}
    )
