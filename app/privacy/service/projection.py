"""Rewriting gates: in the transaction that changes a ledger, a window or a group, for one person or a thousand, in a fixed number of statements.

1. The change is written first; then the lock of the organization's gates is taken; only then is anything read back. So of two changes
   at the same time, the later one to get the lock sees both.
2. Somebody who never used the switch has no gate, which means off; nothing is written for them.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.service.groups import memberships_of_people
from app.core.fix import to_ms
from app.outbox.publish import publish_all
from app.privacy import gates, queries
from app.privacy.models import SwitchEvent, WorkingWindow

GATE_CHANGED = "privacy.gate_changed"
"""Kind of outbox row: what may be looked at of a person is different from `since_ms` on."""


def rewrite(session: Session, organization_id: int, person_ids: Sequence[UUID], now: datetime) -> None:
    """Make the gates of these people say what the ledger, the windows and the groups say, and tell whoever depends on it."""
    queries.lock_gates(session, organization_id)
    ledgers = {
        person_id: [as_event(row) for row in rows]
        for person_id, rows in groupby(
            sorted(queries.switch_events(session, organization_id, person_ids), key=lambda row: row.person_id),
            key=lambda row: row.person_id,
        )
    }
    applied = _applied(session, organization_id, list(ledgers))
    queries.save_gates(
        session,
        organization_id,
        {person_id: gates.body(events, applied[person_id], now) for person_id, events in ledgers.items()},
    )
    tell(session, organization_id, ledgers, now)


def tell(session: Session, organization_id: int, person_ids: Iterable[UUID], now: datetime) -> None:
    """Publish that the gates of these people changed, from now on."""
    since_ms = to_ms(now)
    publish_all(
        session, organization_id, [(GATE_CHANGED, {"person": str(person_id), "since_ms": since_ms}, now) for person_id in person_ids]
    )


def as_event(row: SwitchEvent) -> gates.Event:
    """What the gate sees of a ledger row."""
    return gates.Event(row.kind, row.at, row.until, row.device_id)


def on_groups_changed(session: Session, organization_id: int, person_ids: Sequence[UUID], now: datetime) -> None:
    """Joins `accounts.hooks.groups_changed`: windows of groups come and go with the membership."""
    rewrite(session, organization_id, person_ids, now)


def _applied(session: Session, organization_id: int, person_ids: Sequence[UUID]) -> dict[UUID, list[gates.Applied]]:
    memberships = memberships_of_people(session, organization_id, person_ids)
    found: dict[UUID, list[gates.Applied]] = {person_id: [] for person_id in person_ids}
    of_group: dict[UUID, list[WorkingWindow]] = {}
    group_ids = list({membership.group_id for membership in memberships})
    for window in queries.windows_of(session, organization_id, person_ids=person_ids, group_ids=group_ids):
        if window.person_id is not None:
            found[window.person_id].append(_as_applied(window, None, None))
        elif window.group_id is not None:
            of_group.setdefault(window.group_id, []).append(window)
    for membership in memberships:
        found[membership.person_id] += [
            _as_applied(window, membership.valid_from, membership.valid_until) for window in of_group.get(membership.group_id, ())
        ]
    return found


def _as_applied(window: WorkingWindow, joined_at: datetime | None, left_at: datetime | None) -> gates.Applied:
    return gates.Applied(
        window.weekdays,
        window.starts_at,
        window.ends_at,
        window.timezone,
        window.valid_from,
        window.valid_until,
        gates.counted_from(window.created_at, joined_at),
        gates.counted_until(window.ended_at, left_at),
    )
