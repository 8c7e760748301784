"""Who still may watch an event stream: the members behind many sessions, in one query."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

_WATCHERS: Final = text("""
    SELECT s.public_id AS session_id, s.user_account_id AS user_id, m.person_id, m.roles, u.must_change_password,
           (SELECT coalesce(array_agg(o.module), '{}') FROM organization_module o WHERE o.organization_id = m.organization_id) AS modules
    FROM user_session s
    JOIN user_account u ON u.id = s.user_account_id AND u.active
    JOIN member m ON m.organization_id = :organization_id AND m.user_account_id = u.id AND m.ended_at IS NULL
    JOIN person p ON p.organization_id = m.organization_id AND p.id = m.person_id AND p.left_at IS NULL
    JOIN organization c ON c.id = m.organization_id AND c.closed_at IS NULL
    WHERE s.public_id = ANY(:session_ids) AND s.organization_id = :organization_id AND s.revoked_at IS NULL AND s.expires_at > :now
      AND s.last_seen_at >= :now - CASE WHEN s.shared_computer THEN :shared_idle ELSE :idle END
""")


def watchers(
    session: Session, organization_id: int, session_ids: Collection[UUID], now: datetime, idle: tuple[timedelta, timedelta]
) -> Sequence[Row[Any]]:
    """One row for each session that is still live. `idle`: how long one may be unused, on an own and on a shared computer."""
    parameters = {"organization_id": organization_id, "session_ids": list(session_ids), "now": now, "idle": idle[0], "shared_idle": idle[1]}
    return session.execute(_WATCHERS, parameters).all()
