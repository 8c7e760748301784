"""One fix that comes with a punch: judged at once, in memory, and dropped. The same gate and the same fences as for a ping.

Whatever browser the person signed in with is good for one fix; only tracking is bound to one device. A phone that comes with its token alone
must be the one that speaks for the person: somebody else may hold it, and would be told whether the person shares.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal, cast
from uuid import UUID

import psycopg
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.core.consent import Gate, Tracking, refusal
from app.core.fix import Ping, to_ms
from app.core.intervals import FOREVER
from app.core.rules import PersonRules, memberships
from app.geofences import fence_set
from app.ingest.native import Fix
from app.privacy import service as privacy

NO_DEVICE: Final = UUID(int=0)
FRESH_MS: Final = 120_000
"""How far the fix may be from the moment of the punch."""


@dataclass(frozen=True, slots=True)
class When:
    """The moment of the punch, now, and how late a fix may come; `device`: the one that came with its token, None for a browser."""

    at: datetime
    now: datetime
    lateness: timedelta
    device: UUID | None = None


@dataclass(frozen=True, slots=True)
class FixVerdict:
    """What became of the fix: `inside` a fence, `unclear`, `outside`, or `refused` with the reason."""

    status: Literal["inside", "unclear", "outside", "refused"]
    fence_id: UUID | None = None
    reason: str | None = None


def judge(session: Session, organization_id: int, person_id: UUID, fix: Fix, when: When) -> FixVerdict:
    """May it be looked at, and if so, which fence is it in? Of several fences one that counts as work."""
    ping = fix.ping(when.device or NO_DEVICE)
    snapshot = fence_set.of_session(session, organization_id, when.now)
    gate = gate_of(session, organization_id, person_id, when.now, snapshot.policy.window_margin_s)
    if when.device is None:
        gate = replace(gate, tracking=(Tracking(NO_DEVICE, -FOREVER),))
    reason = _refused(session, organization_id, gate, ping, when)
    if reason is not None:
        return FixVerdict("refused", reason=reason)
    rules = rules_of(session, organization_id, person_id, snapshot)
    sighting = rules.only_theirs(snapshot.index.sight([ping])[0])
    inside = [version for fence in sighting.inside if (version := rules.at(fence, ping.recorded_at_ms)) is not None]
    if inside:
        best = max(inside, key=lambda version: version.counts_as_work)
        return FixVerdict("inside", cast("UUID", best.fence))
    return FixVerdict("unclear" if sighting.unclear else "outside")


def rules_of(session: Session, organization_id: int, person_id: UUID, snapshot: fence_set.FenceSnapshot) -> PersonRules:
    """The fences of the snapshot as they hold for one person."""
    groups = accounts.memberships_of_people(session, organization_id, [person_id])
    spans = ((row.group_id, to_ms(row.valid_from), None if row.valid_until is None else to_ms(row.valid_until)) for row in groups)
    return PersonRules(snapshot.rules, memberships(spans))


def gate_of(session: Session, organization_id: int, person_id: UUID, now: datetime, margin_s: int) -> Gate:
    """The gate of a ping."""
    asked = privacy.ask_gate(connection_of(session), {"organization_id": organization_id, "person_id": person_id}, "%(person_id)s")
    return privacy.read_gate(asked, to_ms(now), margin_s)


def _refused(session: Session, organization_id: int, gate: Gate, ping: Ping, when: When) -> str | None:
    """What the gate says, counted as for a ping; then what only a one-shot fix must be: real and fresh."""
    reason = refusal(gate, ping.device, ping.recorded_at_ms, to_ms(when.now), when.lateness // timedelta(milliseconds=1))
    if reason is not None:
        privacy.count_refusals(connection_of(session), organization_id, when.now.date(), Counter([reason]))
        return reason
    if ping.mocked:
        return "mocked"
    return "not_fresh" if abs(ping.recorded_at_ms - to_ms(when.at)) > FRESH_MS else None


def connection_of(session: Session) -> "psycopg.Connection[Any]":
    """The session's own, for what speaks plain SQL."""
    return cast("psycopg.Connection[Any]", session.connection().connection.driver_connection)
