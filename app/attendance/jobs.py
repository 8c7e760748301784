"""What attendance does without being asked: what follows a change, ends that no ping reports, retention. Joined in `app/subscriptions.py`."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.attendance.service import close_outlived, forget_before, refold_person
from app.attendance.views import forget_attendance, forget_crossings, forget_looks
from app.attendance.workdays import compare_with_approved
from app.core.consent import cuts
from app.core.fix import from_ms, to_ms
from app.geofences import fence_set
from app.ports import Deps
from app.privacy import service as privacy

WITH_OPEN_STAYS: Final = text("""
SELECT DISTINCT s.person_id, (a.state ->> 'cuts_until_ms')::bigint FROM stay s
JOIN attendance_state a ON a.organization_id = s.organization_id AND a.person_id = s.person_id
WHERE s.organization_id = :organization_id AND s.left_at IS NULL AND s.withdrawn_at IS NULL
""")
IN_FENCE: Final = text("""
SELECT person_id FROM stay WHERE organization_id = :organization_id AND fence_id = :fence_id AND withdrawn_at IS NULL
AND (left_at IS NULL OR decided_at >= :since)
""")
EXPIRED: Final = text("SELECT EXISTS (SELECT FROM sighting WHERE organization_id = :organization_id AND recorded_at < :before)")
PEOPLE_OF_EXPIRED: Final = text(
    "SELECT DISTINCT person_id FROM sighting WHERE organization_id = :organization_id AND recorded_at < :before"
)
PAYROLL_KEPT: Final = timedelta(days=5 * 365 + 1)
"""Five years."""
SLACK: Final = timedelta(hours=1)
"""Forgetting starts when something is this much past its term, and then takes all that is past it: a checkpoint an hour, not a minute."""


def refold_after_consent(organization_id: int, body: Mapping[str, Any], now: datetime, deps: Deps) -> None:
    """`privacy.gate_changed`: {person, since_ms}."""
    refold_person(deps.database, organization_id, UUID(body["person"]), from_ms(body["since_ms"]), now)


def refold_after_fence(organization_id: int, body: Mapping[str, Any], now: datetime, deps: Deps) -> None:
    """`geofences.changed`: {fence, since_ms}. Only people with a stay there that the change can touch."""
    since = from_ms(body["since_ms"])
    with deps.database.tenant(organization_id) as session:
        people = set(session.scalars(IN_FENCE, {"organization_id": organization_id, "fence_id": UUID(body["fence"]), "since": since}))
    for person_id in people:
        refold_person(deps.database, organization_id, person_id, since, now)


def amended(session: Session, organization_id: int, body: Mapping[str, Any], now: datetime, deps: Deps) -> None:  # noqa: ARG001 (a handler)
    """`attendance.amended`: {person, from_ms, until_ms}. Approved days that now come out otherwise get a correction, once."""
    compare_with_approved(session, organization_id, UUID(body["person"]), (body["from_ms"], body["until_ms"]), now)


def close_outlived_stays(deps: Deps, organization_id: int, now: datetime) -> int:
    """Each minute: end the stays whose working window ended while the phone was silent. How many people it was about."""
    with deps.database.tenant(organization_id) as session:
        people = _cut_since_last_fold(session, organization_id, now)
    return close_outlived(deps.database, organization_id, people, now)


def _cut_since_last_fold(session: Session, organization_id: int, now: datetime) -> list[UUID]:
    waiting = {person: until_ms for person, until_ms in session.execute(WITH_OPEN_STAYS, {"organization_id": organization_id})}  # noqa: C416 (rows)
    if not waiting:
        return []
    margin_s = fence_set.of_session(session, organization_id, now).policy.window_margin_s
    gates = privacy.gates_of(session, organization_id, list(waiting), to_ms(now), margin_s)
    return [person for person, gate in gates.items() if cuts(gate, waiting[person], to_ms(now))]


def forget_sightings(deps: Deps, organization_id: int, now: datetime) -> int:
    """Each minute: forget the sightings past the lateness window, person by person, after a checkpoint that holds what they said.

    How many people it was about.
    """
    before = now - timedelta(days=deps.settings.lateness_days)
    with deps.database.tenant(organization_id) as session:
        key = {"organization_id": organization_id}
        if not session.scalar(EXPIRED, {**key, "before": before - SLACK}):
            return 0
        people = list(session.scalars(PEOPLE_OF_EXPIRED, {**key, "before": before}))
    for person_id in people:
        forget_before(deps.database, organization_id, person_id, before, now)
    return len(people)


def forget_old_evidence(deps: Deps, organization_id: int, now: datetime) -> int:
    """Each day: evidence of crossings, and who looked at presence, past their term; how many rows."""
    before = now - timedelta(days=deps.settings.evidence_days)
    with deps.database.tenant(organization_id) as session:
        return forget_crossings(session, organization_id, before) + forget_looks(session, organization_id, before)


def forget_old_attendance(session: Session, organization_id: int, now: datetime) -> int:
    """Each day: stays, punches, workdays and corrections past the payroll term; how many rows."""
    return forget_attendance(session, organization_id, now - PAYROLL_KEPT)
