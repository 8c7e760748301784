"""All of an organization's fences, ready to judge pings: built once per fence-set version, kept in each process.

The version is read in the same transaction as the ping's other facts, and raised in the transaction that edits anything. So a ping is
never judged by fences older than its own transaction sees, and nothing needs to be told between processes.
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final, cast
from uuid import UUID

import psycopg
from sqlalchemy.orm import Session

from app.core.fix import to_ms
from app.core.index import FenceIndex
from app.core.intervals import FOREVER
from app.core.policy import FenceVersion, Policy
from app.core.rules import Assignment, OrganizationRules
from app.geofences import queries
from app.geofences.formats.wkb import from_ewkb

KEPT_DAYS: Final = 32
"""Versions that ended longer ago are not needed: no ping may be that late (`lateness_days` is at most 30)."""
MOST_ORGANIZATIONS: Final = 64
"""How many organizations' fences a process keeps; the least recently used goes first."""


@dataclass(frozen=True, slots=True)
class FenceSnapshot:
    """The fences of one organization at one fence-set version. Immutable; requests in flight keep the one they began with."""

    version: int
    index: FenceIndex
    rules: OrganizationRules
    policy: Policy


_kept: "OrderedDict[int, FenceSnapshot]" = OrderedDict()
_lock: Final = Lock()


VERSION: Final = f"coalesce(({queries.FENCE_SET}), 0)"
"""SQL scalar: the organization's fence-set version; 0 when it never drew a fence. Parameter: `organization_id`."""


def snapshot(connection: psycopg.Connection[Any], organization_id: int, version: int, now: datetime) -> FenceSnapshot:
    """The fences at this version, from memory or else from the database."""
    with _lock:
        kept = _kept.get(organization_id)
        if kept is not None and kept.version == version:
            _kept.move_to_end(organization_id)
            return kept
    fresh = _load(connection, organization_id, version, now)
    with _lock:
        _kept[organization_id] = fresh
        _kept.move_to_end(organization_id)
        while len(_kept) > MOST_ORGANIZATIONS:
            _kept.popitem(last=False)
    return fresh


def of_session(session: Session, organization_id: int, now: datetime) -> FenceSnapshot:
    """The fences as this transaction sees them."""
    connection = cast("psycopg.Connection[Any]", session.connection().connection.driver_connection)
    version = connection.execute(f"SELECT {VERSION}".encode(), {"organization_id": organization_id}).fetchone()
    return snapshot(connection, organization_id, version[0] if version else 0, now)


def labels(connection: psycopg.Connection[Any], organization_id: int) -> dict[UUID, tuple[int, str]]:
    """Number and current name of every fence that is not retired."""
    rows = connection.execute(queries.LABELS, {"organization_id": organization_id}).fetchall()
    return {fence: (number, name) for fence, number, name in rows}


def _load(connection: psycopg.Connection[Any], organization_id: int, version: int, now: datetime) -> FenceSnapshot:
    parameters = {"organization_id": organization_id, "since": now - timedelta(days=KEPT_DAYS)}
    asked = [connection.execute(sql, parameters) for sql in (queries.POLICIES, queries.VERSIONS_SINCE, queries.ASSIGNMENTS_SINCE)]
    defaults = [(to_ms(start), _end(end), policy) for start, end, policy in asked[0].fetchall()]
    versions = [piece for row in asked[1].fetchall() for piece in _resolved(row, defaults)]
    assignments = [Assignment(fence, group, to_ms(start), _end(end)) for fence, group, start, end in asked[2].fetchall()]
    current: dict[str, Any] = next((policy for start, end, policy in defaults if end == FOREVER), {})
    return FenceSnapshot(version, FenceIndex(versions), OrganizationRules(versions, assignments), Policy(**current))


def _end(moment: datetime | None) -> int:
    return FOREVER if moment is None else to_ms(moment)


def _resolved(row: Any, defaults: list[tuple[int, int, dict[str, Any]]]) -> Iterator[FenceVersion]:  # noqa: ANN401 (a row)
    """One stored version, cut where the organization's own defaults changed: the fence's overrides lie on top of them."""
    fence, valid_from, valid_until, wkb, radius_m, overrides, counts_as_work = row
    whole = FenceVersion(
        fence, from_ewkb(bytes(wkb), radius_m), Policy(), to_ms(valid_from), valid_until and to_ms(valid_until), counts_as_work
    )
    for start, end, policy in _gapless(defaults):
        first, last = max(start, whole.valid_from_ms), min(end, FOREVER if whole.valid_until_ms is None else whole.valid_until_ms)
        if first < last:
            until = None if last == FOREVER else last
            yield replace(whole, policy=Policy(**{**policy, **overrides}), valid_from_ms=first, valid_until_ms=until)


def _gapless(defaults: list[tuple[int, int, dict[str, Any]]]) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """The organization's defaults over all time; where it said nothing, the product's."""
    at = -FOREVER
    for start, end, policy in defaults:
        if at < start:
            yield at, start, {}
        yield start, end, policy
        at = end
    if at < FOREVER:
        yield at, FOREVER, {}
