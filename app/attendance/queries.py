"""Every SQL statement of the hot path, each with a name and a sentence. Plain psycopg: the ORM would cost three times the ping.

Parameters go by name; `organization_id` is in every one. Many rows travel as one JSON recordset (COPY is refused under row-level security).
"""

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb
from pydantic_core import to_json as json_bytes

from app.accounts import service as accounts
from app.core.fix import Sighting, from_ms, to_ms
from app.core.fold import Crossing, Key, Seen, State, Stay
from app.core.stays import Retold, ToldTo, from_json, to_json
from app.db.types import uuid7
from app.geofences import fence_set
from app.privacy import service as privacy

Connection = psycopg.Connection[Any]
Parameters = dict[str, Any]
Crossings = dict[UUID, tuple[Crossing, ToldTo]]
Stays = dict[UUID, tuple[Stay, ToldTo]]
"""What was written, by id, and to whom it is told."""

END: Final = datetime.max.replace(tzinfo=UTC)
"""Later than everything."""

OPEN: Final = f"""
WITH holder AS ({{holder}}),
locked AS (
  SELECT a.state, a.fences_told FROM attendance_state a
  WHERE a.organization_id = %(organization_id)s AND a.person_id = (SELECT person_id FROM holder) FOR UPDATE
)
SELECT l.state, l.fences_told, {privacy.gate_sql("h.person_id")}, {accounts.groups_sql("h.person_id")}, {fence_set.VERSION}, h.*
FROM holder h LEFT JOIN locked l ON true
"""  # noqa: S608 (constants)
"""The person's state, locked, and all that the other domains know of them: each wrote its own piece of this statement."""
OPEN_BY_TOKEN: Final = OPEN.format(holder=accounts.DEVICE_OF_TOKEN)
OPEN_BY_ID: Final = OPEN.format(holder="SELECT %(person_id)s::uuid AS person_id")
LOCK_STATE: Final = """
SELECT state, fences_told FROM attendance_state WHERE organization_id = %(organization_id)s AND person_id = %(person_id)s FOR UPDATE
"""
FIRST_STATE: Final = """
INSERT INTO attendance_state (organization_id, person_id, state) VALUES (%(organization_id)s, %(person_id)s, %(state)s) ON CONFLICT DO NOTHING
"""
SAVE_STATE: Final = """
UPDATE attendance_state SET state = %(state)s, last_seen_at = %(last_seen_at)s, revision = revision + 1
WHERE organization_id = %(organization_id)s AND person_id = %(person_id)s
"""
TOLD_FENCES: Final = """
UPDATE attendance_state SET fences_told = %(told)s WHERE organization_id = %(organization_id)s AND person_id = %(person_id)s
"""
ADD_SIGHTINGS: Final = """
INSERT INTO sighting (organization_id, recorded_at, device_id, ping_id, person_id, inside, unclear, accuracy_class_m, source, mocked)
SELECT %(organization_id)s, to_timestamp(s.at / 1000.0), s.device, s.ping, %(person_id)s, s.inside, s.unclear, s.class, s.source, s.mocked
FROM jsonb_to_recordset(%(sightings)s) AS s(at float8, device uuid, ping text, inside uuid[], unclear uuid[], class smallint, source text, mocked boolean)
ON CONFLICT DO NOTHING
"""
ADD_SIGHTING: Final = """
INSERT INTO sighting (organization_id, recorded_at, device_id, ping_id, person_id, inside, unclear, accuracy_class_m, source, mocked)
VALUES (%(organization_id)s, %(recorded_at)s, %(device)s, %(ping)s, %(person_id)s, %(inside)s::uuid[], %(unclear)s::uuid[], %(class)s, %(source)s, %(mocked)s)
ON CONFLICT DO NOTHING
"""
KEEP: Final = f"WITH kept AS ({ADD_SIGHTING}) {SAVE_STATE}"
"""One ping's sighting and the state after it: nearly every ping writes only these."""
KNOWN_PINGS: Final = """
SELECT recorded_at, device_id, ping_id FROM sighting WHERE organization_id = %(organization_id)s AND person_id = %(person_id)s
AND recorded_at BETWEEN %(first)s AND %(last)s
"""
CHECKPOINT_BEFORE: Final = """
SELECT at, state FROM checkpoint WHERE organization_id = %(organization_id)s AND person_id = %(person_id)s AND at <= %(at)s ORDER BY at DESC LIMIT 1
"""
CHECKPOINTS_AFTER: Final = """
SELECT at, state FROM checkpoint WHERE organization_id = %(organization_id)s AND person_id = %(person_id)s AND at > %(at)s ORDER BY at
"""
SIGHTINGS_SINCE: Final = """
SELECT recorded_at, device_id, ping_id, inside, unclear, accuracy_class_m FROM sighting
WHERE organization_id = %(organization_id)s AND person_id = %(person_id)s AND recorded_at >= %(since)s AND recorded_at < %(until)s
"""
CROSSINGS_SINCE: Final = """
SELECT id, fence_id, kind, at, evidence, told_to FROM crossing
WHERE organization_id = %(organization_id)s AND person_id = %(person_id)s AND decided_at >= %(since)s AND decided_at < %(until)s AND withdrawn_at IS NULL
"""
STAYS_SINCE: Final = """
SELECT id, fence_id, entered_at, left_at, ended, last_inside_at, cut, decided_at, told_to FROM stay
WHERE organization_id = %(organization_id)s AND person_id = %(person_id)s AND withdrawn_at IS NULL
AND (left_at IS NULL OR decided_at >= %(since)s) ORDER BY entered_at
"""
STAYS_ENDED: Final = """
SELECT id, fence_id, entered_at, left_at, ended, last_inside_at, cut, decided_at, told_to FROM stay
WHERE organization_id = %(organization_id)s AND person_id = %(person_id)s AND withdrawn_at IS NULL
AND decided_at >= %(since)s AND decided_at < %(until)s ORDER BY entered_at
"""
OPEN_STAYS: Final = """
SELECT id, fence_id, entered_at, last_inside_at, told_to FROM stay
WHERE organization_id = %(organization_id)s AND person_id = %(person_id)s AND left_at IS NULL AND withdrawn_at IS NULL
"""
APPROVED_BETWEEN: Final = """
SELECT 1 FROM workday WHERE organization_id = %(organization_id)s AND person_id = %(person_id)s
AND worked_on BETWEEN (%(first)s AT TIME ZONE 'UTC')::date - 1 AND (%(last)s AT TIME ZONE 'UTC')::date + 1 LIMIT 1
"""
FORGET_CHECKPOINTS: Final = (
    "DELETE FROM checkpoint WHERE organization_id = %(organization_id)s AND person_id = %(person_id)s AND at > %(since)s"
)
ADD_CHECKPOINT: Final = """
INSERT INTO checkpoint (organization_id, person_id, at, state) VALUES (%(organization_id)s, %(person_id)s, %(at)s, %(state)s)
ON CONFLICT (organization_id, person_id, at) DO UPDATE SET state = EXCLUDED.state
"""
FORGET_BEFORE: Final = (
    "DELETE FROM checkpoint WHERE organization_id = %(organization_id)s AND person_id = %(person_id)s AND at < %(before)s",
    "DELETE FROM sighting WHERE organization_id = %(organization_id)s AND person_id = %(person_id)s AND recorded_at < %(before)s",
)
WITHDRAW: Final = {
    table: f"UPDATE {table} SET withdrawn_at = %(now)s, revision = revision + 1 WHERE organization_id = %(organization_id)s AND id = ANY(%(ids)s)"  # noqa: S608 (two known tables)
    for table in ("crossing", "stay")
}
TELL_OTHERS: Final = {
    table: f"UPDATE {table} SET told_to = 'others' WHERE organization_id = %(organization_id)s AND id = ANY(%(ids)s)"  # noqa: S608 (two known tables)
    for table in ("crossing", "stay")
}
"""The person is told otherwise from now on. No new revision: others must see no change."""
CROSSING_COLUMNS: Final = "c(id uuid, fence uuid, kind text, at timestamptz, decided_at timestamptz, evidence jsonb, told_to text)"
ADD_CROSSINGS: Final = f"""
INSERT INTO crossing (organization_id, id, person_id, fence_id, kind, at, decided_at, evidence, told_to)
SELECT %(organization_id)s, c.id, %(person_id)s, c.fence, c.kind, c.at, c.decided_at, c.evidence, c.told_to FROM jsonb_to_recordset(%(rows)s) AS {CROSSING_COLUMNS}
"""  # noqa: S608 (a constant)
REVISE_CROSSINGS: Final = f"""
UPDATE crossing o SET at = c.at, decided_at = c.decided_at, evidence = c.evidence, revision = o.revision + 1
FROM jsonb_to_recordset(%(rows)s) AS {CROSSING_COLUMNS} WHERE o.organization_id = %(organization_id)s AND o.id = c.id
"""  # noqa: S608 (a constant)
STAY_COLUMNS: Final = (
    "s(id uuid, fence uuid, entered_at timestamptz, left_at timestamptz, ended text, cut text, "
    "last_inside_at timestamptz, decided_at timestamptz, told_to text)"
)
ADD_STAYS: Final = f"""
INSERT INTO stay (organization_id, id, person_id, fence_id, entered_at, left_at, ended, cut, last_inside_at, decided_at, told_to)
SELECT %(organization_id)s, s.id, %(person_id)s, s.fence, s.entered_at, s.left_at, s.ended, s.cut, s.last_inside_at, s.decided_at, s.told_to
FROM jsonb_to_recordset(%(rows)s) AS {STAY_COLUMNS}
"""  # noqa: S608 (a constant)
REVISE_STAYS: Final = f"""
UPDATE stay o SET entered_at = s.entered_at, left_at = s.left_at, ended = s.ended, cut = s.cut, last_inside_at = s.last_inside_at,
  decided_at = s.decided_at, revision = o.revision + 1
FROM jsonb_to_recordset(%(rows)s) AS {STAY_COLUMNS} WHERE o.organization_id = %(organization_id)s AND o.id = s.id
"""  # noqa: S608 (a constant)


def as_json(value: object) -> Jsonb:
    """A parameter in JSON, made in a fifth of the time that Python's own encoder takes."""
    return Jsonb(value, dumps=json_bytes)


def sighting_row(sighting: Sighting, source: str, *, mocked: bool) -> dict[str, Any]:
    """One sighting as ADD_SIGHTINGS takes it."""
    return {
        "at": sighting.recorded_at_ms,
        "device": str(sighting.device),
        "ping": sighting.ping_id,
        "inside": [str(fence) for fence in sighting.inside],
        "unclear": [str(fence) for fence in sighting.unclear],
        "class": sighting.accuracy_class_m,
        "source": source,
        "mocked": mocked,
    }


def add_sightings(connection: Connection, person: Parameters, rows: list[dict[str, Any]]) -> None:
    """Insert. A row that is there already stays as it is."""
    connection.execute(ADD_SIGHTINGS, {**person, "sightings": as_json(rows)})


def checkpoints_after(connection: Connection, person: Parameters, at: datetime) -> list[tuple[datetime, State]]:
    """The checkpoints after a moment, by time."""
    return [(found, from_json(state)) for found, state in connection.execute(CHECKPOINTS_AFTER, {**person, "at": at}).fetchall()]


def sightings_since(connection: Connection, person: Parameters, since: datetime, until: datetime = END) -> list[Sighting]:
    """What is kept of a person's pings in [since, until), in no order."""
    rows = connection.execute(SIGHTINGS_SINCE, {**person, "since": since, "until": until}).fetchall()
    return [
        Sighting(to_ms(at), device, ping, tuple(inside), tuple(unclear), accuracy) for at, device, ping, inside, unclear, accuracy in rows
    ]


def known_keys(connection: Connection, person: Parameters, first_ms: int, last_ms: int) -> set[Key]:
    """The keys of the sightings kept between two moments, both included."""
    rows = connection.execute(KNOWN_PINGS, {**person, "first": from_ms(first_ms), "last": from_ms(last_ms)}).fetchall()
    return {(to_ms(at), str(device), ping) for at, device, ping in rows}


def crossings_since(connection: Connection, person: Parameters, since: datetime, until: datetime = END) -> Crossings:
    """The crossings decided in [since, until), by id, and to whom they are told."""
    rows = connection.execute(CROSSINGS_SINCE, {**person, "since": since, "until": until}).fetchall()
    return {
        crossing_id: (crossing_from_row(fence, kind, at, evidence), told_to) for crossing_id, fence, kind, at, evidence, told_to in rows
    }


def stays_since(connection: Connection, person: Parameters, since: datetime) -> Stays:
    """The stays that are open or ended by a fact from `since` on, by id, and to whom they are told."""
    rows = connection.execute(STAYS_SINCE, {**person, "since": since}).fetchall()
    return {stay_id: (_stay_from_row(*row), told_to) for stay_id, *row, told_to in rows}


def stays_ended(connection: Connection, person: Parameters, since: datetime, until: datetime) -> Stays:
    """The stays that a fact in [since, until) ended, by id, and to whom they are told."""
    rows = connection.execute(STAYS_ENDED, {**person, "since": since, "until": until}).fetchall()
    return {stay_id: (_stay_from_row(*row), told_to) for stay_id, *row, told_to in rows}


def _stay_from_row(  # noqa: PLR0913, PLR0917 (the columns)
    fence: UUID,
    entered: datetime,
    left: datetime | None,
    ended: Any,  # noqa: ANN401 (a CHECK holds it to the ends there are)
    last_inside: datetime,
    cut: Any,  # noqa: ANN401 (written from a Stay)
    decided: datetime | None,
) -> Stay:
    decided_by = None if decided is None else (to_ms(decided), "", "")
    return Stay(fence, to_ms(entered), None if left is None else to_ms(left), ended, to_ms(last_inside), cut, decided_by)


def open_stays(connection: Connection, person: Parameters) -> Stays:
    """The person's open stays, by id, and to whom they are told."""
    rows = connection.execute(OPEN_STAYS, person).fetchall()
    return {
        stay_id: (Stay(fence, to_ms(entered), None, None, to_ms(last_inside)), told_to)
        for stay_id, fence, entered, last_inside, told_to in rows
    }


def save_state(connection: Connection, person: Parameters, state: State) -> None:
    """The fold so far."""
    connection.execute(SAVE_STATE, {**person, **_state_values(state)})


def keep(connection: Connection, person: Parameters, rows: list[dict[str, Any]], state: State) -> None:
    """New sightings and the state after them; a single ping's in one statement."""
    if len(rows) == 1:
        connection.execute(KEEP, {**person, **rows[0], "recorded_at": from_ms(rows[0]["at"]), **_state_values(state)})
        return
    if rows:
        add_sightings(connection, person, rows)
    save_state(connection, person, state)


def _state_values(state: State) -> Parameters:
    return {"state": as_json(to_json(state)), "last_seen_at": None if state.last_seen_ms is None else from_ms(state.last_seen_ms)}


def amend_crossings(connection: Connection, person: Parameters, changes: Retold[UUID, Crossing], now: datetime) -> None:
    """Withdraw, revise and add crossings."""
    _part(connection, person, "crossing", changes, now)
    if changes.revised:
        rows = [crossing_row(crossing, crossing_id) for crossing_id, crossing in changes.revised.items()]
        connection.execute(REVISE_CROSSINGS, {**person, "rows": as_json(rows)})
    if changes.added:
        rows = [crossing_row(crossing, uuid7(), told_to) for crossing, told_to in changes.added]
        connection.execute(ADD_CROSSINGS, {**person, "rows": as_json(rows)})


def amend_stays(connection: Connection, person: Parameters, changes: Retold[UUID, Stay], now: datetime) -> dict[UUID, Stay]:
    """Withdraw, revise and add stays; returns by their new ids the added ones that others are told of.

    Ends are written before anything opens: at most one stay of a person may be open in a fence at any moment, in either telling.
    """
    _part(connection, person, "stay", changes, now)
    for ended in (True, False):
        rows = [stay_row(stay, stay_id) for stay_id, stay in changes.revised.items() if (stay.ended is not None) == ended]
        if rows:
            connection.execute(REVISE_STAYS, {**person, "rows": as_json(rows)})
    added = {uuid7(): one for one in changes.added}
    if added:
        rows = [stay_row(stay, stay_id, told_to) for stay_id, (stay, told_to) in added.items()]
        connection.execute(ADD_STAYS, {**person, "rows": as_json(rows)})
    return {stay_id: stay for stay_id, (stay, told_to) in added.items() if told_to != "person"}


def _part(connection: Connection, person: Parameters, table: str, changes: Retold[UUID, Any], now: datetime) -> None:
    """Withdraw what did not happen, and leave to others what only they go on being told."""
    if changes.withdrawn:
        connection.execute(WITHDRAW[table], {**person, "ids": changes.withdrawn, "now": now})
    if changes.parted:
        connection.execute(TELL_OTHERS[table], {**person, "ids": changes.parted})


def approved_between(connection: Connection, person: Parameters, first: datetime, last: datetime) -> bool:
    """Whether a day around these moments was approved already (a day of slack covers every time zone and night shift)."""
    return bool(connection.execute(APPROVED_BETWEEN, {**person, "first": first, "last": last}).fetchone())


def forget_before(connection: Connection, person: Parameters, before: datetime, state: State) -> None:
    """Keep `state` as the person's checkpoint at `before`, and nothing older."""
    connection.execute(ADD_CHECKPOINT, {**person, "at": before, "state": as_json(to_json(state))})
    for statement in FORGET_BEFORE:
        connection.execute(statement, {**person, "before": before})


def crossing_row(crossing: Crossing, crossing_id: UUID, told_to: ToldTo = "all") -> dict[str, Any]:
    """One crossing as ADD_CROSSINGS and REVISE_CROSSINGS (which leaves `told_to` as it is) take it; its evidence answers "why?"."""
    return {
        "id": str(crossing_id),
        "fence": str(crossing.fence),
        "kind": crossing.kind,
        "at": from_ms(crossing.at_ms).isoformat(),
        "decided_at": from_ms(crossing.decided_by[0]).isoformat(),
        "evidence": {"decided_by": crossing.decided_by, "seen": crossing.evidence, "policy_from_ms": crossing.policy_from_ms},
        "told_to": told_to,
    }


def crossing_from_row(fence: UUID, kind: Any, at: datetime, evidence: dict[str, Any]) -> Crossing:  # noqa: ANN401 (a CHECK holds it to enter and leave)
    """The crossing that `crossing_row` wrote."""
    seen = tuple(Seen(*item) for item in evidence["seen"])
    return Crossing(fence, kind, to_ms(at), tuple(evidence["decided_by"]), seen, evidence["policy_from_ms"])


def stay_row(stay: Stay, stay_id: UUID, told_to: ToldTo = "all") -> dict[str, Any]:
    """One stay as ADD_STAYS and REVISE_STAYS (which leaves `told_to` as it is) take it."""
    return {
        "id": str(stay_id),
        "fence": str(stay.fence),
        "entered_at": from_ms(stay.entered_at_ms).isoformat(),
        "left_at": None if stay.left_at_ms is None else from_ms(stay.left_at_ms).isoformat(),
        "ended": stay.ended,
        "cut": stay.cut,
        "last_inside_at": from_ms(stay.last_inside_at_ms).isoformat(),
        "decided_at": None if stay.decided_by is None else from_ms(stay.decided_by[0]).isoformat(),
        "told_to": told_to,
    }
