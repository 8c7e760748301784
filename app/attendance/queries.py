"""Every SQL statement of the hot path, each with a name and a sentence. Plain psycopg: the ORM would cost three times the ping.

Parameters go by name; `organization_id` is in every one. Many rows travel as one JSON recordset (COPY is refused under row-level security).
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from app.accounts import service as accounts
from app.core.fix import Sighting, from_ms, to_ms
from app.core.fold import Crossing, Key, Seen, State, Stay
from app.core.stays import Amendments, to_json
from app.db.types import uuid7
from app.geofences import fence_set
from app.privacy import service as privacy

Connection = psycopg.Connection[Any]
Parameters = dict[str, Any]

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
UPDATE attendance_state SET state = %(state)s, last_seen_at = %(last_seen_at)s, veiled = %(veiled)s, revision = revision + 1
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
SIGHTINGS_SINCE: Final = """
SELECT recorded_at, device_id, ping_id, inside, unclear, accuracy_class_m FROM sighting
WHERE organization_id = %(organization_id)s AND person_id = %(person_id)s AND recorded_at >= %(since)s
"""
CROSSINGS_SINCE: Final = """
SELECT id, fence_id, kind, at, decided_at, evidence FROM crossing
WHERE organization_id = %(organization_id)s AND person_id = %(person_id)s AND decided_at >= %(since)s AND withdrawn_at IS NULL
"""
STAYS_SINCE: Final = """
SELECT id, fence_id, entered_at, left_at, ended, last_inside_at, cut, decided_at FROM stay
WHERE organization_id = %(organization_id)s AND person_id = %(person_id)s AND withdrawn_at IS NULL
AND (left_at IS NULL OR decided_at >= %(since)s) ORDER BY entered_at
"""
OPEN_STAYS: Final = """
SELECT id, fence_id, entered_at, last_inside_at FROM stay
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
CROSSING_COLUMNS: Final = "c(id uuid, fence uuid, kind text, at timestamptz, decided_at timestamptz, evidence jsonb)"
ADD_CROSSINGS: Final = f"""
INSERT INTO crossing (organization_id, id, person_id, fence_id, kind, at, decided_at, evidence)
SELECT %(organization_id)s, c.id, %(person_id)s, c.fence, c.kind, c.at, c.decided_at, c.evidence FROM jsonb_to_recordset(%(rows)s) AS {CROSSING_COLUMNS}
"""  # noqa: S608 (a constant)
REVISE_CROSSINGS: Final = f"""
UPDATE crossing o SET at = c.at, decided_at = c.decided_at, evidence = c.evidence, revision = o.revision + 1
FROM jsonb_to_recordset(%(rows)s) AS {CROSSING_COLUMNS} WHERE o.organization_id = %(organization_id)s AND o.id = c.id
"""  # noqa: S608 (a constant)
STAY_COLUMNS: Final = "s(id uuid, fence uuid, entered_at timestamptz, left_at timestamptz, ended text, cut text, last_inside_at timestamptz, decided_at timestamptz)"
ADD_STAYS: Final = f"""
INSERT INTO stay (organization_id, id, person_id, fence_id, entered_at, left_at, ended, cut, last_inside_at, decided_at)
SELECT %(organization_id)s, s.id, %(person_id)s, s.fence, s.entered_at, s.left_at, s.ended, s.cut, s.last_inside_at, s.decided_at
FROM jsonb_to_recordset(%(rows)s) AS {STAY_COLUMNS}
"""  # noqa: S608 (a constant)
REVISE_STAYS: Final = f"""
UPDATE stay o SET entered_at = s.entered_at, left_at = s.left_at, ended = s.ended, cut = s.cut, last_inside_at = s.last_inside_at,
  decided_at = s.decided_at, revision = o.revision + 1
FROM jsonb_to_recordset(%(rows)s) AS {STAY_COLUMNS} WHERE o.organization_id = %(organization_id)s AND o.id = s.id
"""  # noqa: S608 (a constant)


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
    connection.execute(ADD_SIGHTINGS, {**person, "sightings": Jsonb(rows)})


def sightings_since(connection: Connection, person: Parameters, since: datetime) -> list[Sighting]:
    """What is kept of a person's pings from `since` on, in no order."""
    rows = connection.execute(SIGHTINGS_SINCE, {**person, "since": since}).fetchall()
    return [
        Sighting(to_ms(at), device, ping, tuple(inside), tuple(unclear), accuracy) for at, device, ping, inside, unclear, accuracy in rows
    ]


def known_keys(connection: Connection, person: Parameters, first_ms: int, last_ms: int) -> set[Key]:
    """The keys of the sightings kept between two moments, both included."""
    rows = connection.execute(KNOWN_PINGS, {**person, "first": from_ms(first_ms), "last": from_ms(last_ms)}).fetchall()
    return {(to_ms(at), str(device), ping) for at, device, ping in rows}


def crossings_since(connection: Connection, person: Parameters, since: datetime) -> dict[UUID, Crossing]:
    """The crossings decided from `since` on, by id."""
    rows = connection.execute(CROSSINGS_SINCE, {**person, "since": since}).fetchall()
    return {crossing_id: crossing_from_row(fence, kind, at, evidence) for crossing_id, fence, kind, at, _, evidence in rows}


def stays_since(connection: Connection, person: Parameters, since: datetime) -> dict[UUID, Stay]:
    """The stays that are open or ended by a fact from `since` on, by id."""
    rows = connection.execute(STAYS_SINCE, {**person, "since": since}).fetchall()
    return {
        stay_id: Stay(
            fence,
            to_ms(entered),
            None if left is None else to_ms(left),
            ended,
            to_ms(last_inside),
            cut,
            decided and (to_ms(decided), "", ""),
        )
        for stay_id, fence, entered, left, ended, last_inside, cut, decided in rows
    }


def open_stays(connection: Connection, person: Parameters) -> dict[UUID, Stay]:
    """The person's open stays, by id."""
    rows = connection.execute(OPEN_STAYS, person).fetchall()
    return {stay_id: Stay(fence, to_ms(entered), None, None, to_ms(last_inside)) for stay_id, fence, entered, last_inside in rows}


def save_state(connection: Connection, person: Parameters, state: State) -> None:
    """The fold so far, and what others may still see of stays that an opt-out ended."""
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
    veiled = [
        [str(fence), standing.entered_at_ms, standing.last_inside.at_ms]
        for fence, standing in state.veiled.items()
        if standing.entered_at_ms is not None and standing.last_inside is not None
    ]
    last_seen_at = None if state.last_seen_ms is None else from_ms(state.last_seen_ms)
    return {"state": Jsonb(to_json(state)), "last_seen_at": last_seen_at, "veiled": Jsonb(veiled) if veiled else None}


def amend_crossings(connection: Connection, person: Parameters, changes: Amendments[UUID, Crossing], now: datetime) -> None:
    """Withdraw, revise and add crossings."""
    if changes.withdrawn:
        connection.execute(WITHDRAW["crossing"], {**person, "ids": changes.withdrawn, "now": now})
    if changes.revised:
        rows = [crossing_row(crossing, crossing_id) for crossing_id, crossing in changes.revised.items()]
        connection.execute(REVISE_CROSSINGS, {**person, "rows": Jsonb(rows)})
    if changes.added:
        connection.execute(ADD_CROSSINGS, {**person, "rows": Jsonb([crossing_row(crossing, uuid7()) for crossing in changes.added])})


def amend_stays(connection: Connection, person: Parameters, changes: Amendments[UUID, Stay], now: datetime) -> dict[UUID, Stay]:
    """Withdraw, revise and add stays; returns the added ones by their new ids.

    Ends are written before anything opens: at most one stay of a person may be open in a fence at any moment.
    """
    if changes.withdrawn:
        connection.execute(WITHDRAW["stay"], {**person, "ids": changes.withdrawn, "now": now})
    for ended in (True, False):
        rows = [stay_row(stay, stay_id) for stay_id, stay in changes.revised.items() if (stay.ended is not None) == ended]
        if rows:
            connection.execute(REVISE_STAYS, {**person, "rows": Jsonb(rows)})
    added = {uuid7(): stay for stay in changes.added}
    if added:
        connection.execute(ADD_STAYS, {**person, "rows": Jsonb([stay_row(stay, stay_id) for stay_id, stay in added.items()])})
    return added


def approved_between(connection: Connection, person: Parameters, first: datetime, last: datetime) -> bool:
    """Whether a day around these moments was approved already (a day of slack covers every time zone and night shift)."""
    return bool(connection.execute(APPROVED_BETWEEN, {**person, "first": first, "last": last}).fetchone())


def forget_before(connection: Connection, person: Parameters, before: datetime, state: State) -> None:
    """Keep `state` as the person's checkpoint at `before`, and nothing older."""
    connection.execute(ADD_CHECKPOINT, {**person, "at": before, "state": Jsonb(to_json(state))})
    for statement in FORGET_BEFORE:
        connection.execute(statement, {**person, "before": before})


def crossing_row(crossing: Crossing, crossing_id: UUID) -> dict[str, Any]:
    """One crossing as ADD_CROSSINGS and REVISE_CROSSINGS take it; its evidence answers "why?"."""
    return {
        "id": str(crossing_id),
        "fence": str(crossing.fence),
        "kind": crossing.kind,
        "at": from_ms(crossing.at_ms).isoformat(),
        "decided_at": from_ms(crossing.decided_by[0]).isoformat(),
        "evidence": {"decided_by": crossing.decided_by, "seen": crossing.evidence, "policy_from_ms": crossing.policy_from_ms},
    }


def crossing_from_row(fence: UUID, kind: Any, at: datetime, evidence: dict[str, Any]) -> Crossing:  # noqa: ANN401 (a CHECK holds it to enter and leave)
    """The crossing that `crossing_row` wrote."""
    seen = tuple(Seen(*item) for item in evidence["seen"])
    return Crossing(fence, kind, to_ms(at), tuple(evidence["decided_by"]), seen, evidence["policy_from_ms"])


def stay_row(stay: Stay, stay_id: UUID) -> dict[str, Any]:
    """One stay as ADD_STAYS and REVISE_STAYS take it."""
    return {
        "id": str(stay_id),
        "fence": str(stay.fence),
        "entered_at": from_ms(stay.entered_at_ms).isoformat(),
        "left_at": None if stay.left_at_ms is None else from_ms(stay.left_at_ms).isoformat(),
        "ended": stay.ended,
        "cut": stay.cut,
        "last_inside_at": from_ms(stay.last_inside_at_ms).isoformat(),
        "decided_at": None if stay.decided_by is None else from_ms(stay.decided_by[0]).isoformat(),
    }
