"""What follows a change of attendance, and what each day asks for. Joined in `app/subscriptions.py`."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.attendance.views import forget_evidence, forget_looks
from app.attendance.workdays import compare_with_approved
from app.ports import Deps


def amended(session: Session, organization_id: int, body: Mapping[str, Any], now: datetime, deps: Deps) -> None:  # noqa: ARG001 (a handler)
    """`attendance.amended`: {person, from_ms, until_ms}. Approved days that now come out otherwise get a correction, once."""
    compare_with_approved(session, organization_id, UUID(body["person"]), (body["from_ms"], body["until_ms"]), now)


def forget_old_evidence(deps: Deps, organization_id: int, now: datetime) -> int:
    """Each day: evidence of crossings, and who looked at presence, past their term; how many rows."""
    before = now - timedelta(days=deps.settings.evidence_days)
    with deps.database.tenant(organization_id) as session:
        return forget_evidence(session, organization_id, before) + forget_looks(session, organization_id, before)
