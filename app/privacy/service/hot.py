"""What one ping asks of privacy: the gate of its person, and the counting of refusals. Runs in the hot path's open pipeline."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from random import randrange
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy.orm import Session

from app.core.consent import Gate, Instruction
from app.core.intervals import FOREVER
from app.privacy import gates, queries

SLOTS = 16


def gate_sql(person: str) -> str:
    """An SQL scalar that says what `gate_of` needs. Parameter: `organization_id`, and what `person` needs.

    `person` is an SQL scalar for the person's id: a constant of the code, never input.
    """
    return queries.GATE.format(person=person)


def gate_of(facts: Any, now_ms: int, window_margin_s: int) -> Gate:  # noqa: ANN401 (JSON)
    """The gate that `gate_sql` asked for. No instruction: one that refuses everything; no gate row: switched off."""
    body, instructions = facts
    given = [
        Instruction(frozenset(purposes), signed_ms, FOREVER if end is None else end, evaluation)
        for purposes, signed_ms, end, evaluation in instructions
    ]
    return gates.read(body, given, now_ms, window_margin_s)


def ask_gate(connection: psycopg.Connection[Any], parameters: dict[str, Any], person: str) -> psycopg.Cursor[Any]:
    """Ask for the gate alone, without fetching. As `gate_sql`."""
    return connection.execute(f"SELECT {gate_sql(person)}".encode(), parameters)


def read_gate(cursor: psycopg.Cursor[Any], now_ms: int, window_margin_s: int) -> Gate:
    """The gate that was asked for. As `gate_of`."""
    row = cursor.fetchone()
    return gate_of(row and row[0], now_ms, window_margin_s)


def gates_of(session: Session, organization_id: int, people: Sequence[UUID], now_ms: int, window_margin_s: int) -> dict[UUID, Gate]:
    """The gates of many people, two statements; without the people who never used their switch."""
    given = [
        gates.instruction(row.purposes, row.signed_at, row.withdrawn_at, row.evaluation)
        for row in queries.instructions(session, organization_id)
    ]
    rows = session.execute(queries.GATES, {"organization_id": organization_id, "people": list(people)})
    return {person_id: gates.read(body, given, now_ms, window_margin_s) for person_id, body in rows}


def count_refusals(connection: psycopg.Connection[Any], organization_id: int, day: date, refused: Counter[str]) -> None:
    """Add to the counts of the day. Sorted, so that two writers cannot wait for each other; in one of `SLOTS` rows, so that they seldom wait at all."""
    slot = randrange(SLOTS)  # noqa: S311 (spreads writers, guards nothing)
    for reason, count in sorted(refused.items()):
        connection.execute(
            queries.COUNT_REFUSAL, {"organization_id": organization_id, "day": day, "reason": reason, "slot": slot, "count": count}
        )
