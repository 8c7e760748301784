"""What is forgotten, and when. Three chores, each day, each organization.

1. Words: `content_days` after a message was over; those of a notice as soon as nobody needs
   telling any more. The message stays, with whom it reached and when; replies lose their words and numbers too.
2. Messages: two years after they were over, with recipients, deliveries and replies.
3. Traffic records: after the day that was written into them when they were made, from the months of the accepted privacy statement. A newer
   statement with fewer months counts for old records too; one with more counts for new ones only.
Months end with the month: 29 February and two years is 28 February. Days are local days of the organization.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.messaging import settings
from app.privacy.service.statements import traffic_months

_WORDS_OF_UPDATES: Final = text(
    """
    UPDATE message_update u SET sealed_texts = NULL
    FROM message m
    WHERE m.organization_id = :organization_id AND u.organization_id = :organization_id AND u.message_id = m.id AND u.sealed_texts IS NOT NULL
      AND m.stage NOT IN ('scheduled', 'countdown', 'approval', 'active')
      AND greatest(m.created_at, m.due_at, m.active_at, m.ended_at, u.created_at) < :before
    """
)
_WORDS: Final = text(
    """
    UPDATE message SET sealed_texts = NULL
    WHERE organization_id = :organization_id AND sealed_texts IS NOT NULL AND stage NOT IN ('scheduled', 'countdown', 'approval', 'active')
      AND greatest(created_at, due_at, active_at, ended_at) < :before
    """
)
_WORDS_OF_NOTICES: Final = text(
    "UPDATE message SET sealed_texts = NULL WHERE organization_id = :organization_id AND sealed_texts IS NOT NULL AND kind = 'notice' AND expires_at < :now"
)
_WORDS_OF_REPLIES: Final = text(
    """
    UPDATE reply SET sealed_text = NULL, sealed_sender = NULL
    WHERE organization_id = :organization_id AND created_at < :before AND (sealed_text IS NOT NULL OR sealed_sender IS NOT NULL)
    """
)
_RECEIPTS: Final = text("DELETE FROM receipt WHERE organization_id = :organization_id AND created_at < :before")
_MESSAGES: Final = text(
    """
    DELETE FROM message
    WHERE organization_id = :organization_id AND stage NOT IN ('scheduled', 'countdown', 'approval', 'active')
      AND (greatest(created_at, due_at, active_at, ended_at) AT TIME ZONE :zone)::date + interval '2 years' < :today
    """
)
_STRAY_REPLIES: Final = text(
    """
    DELETE FROM reply
    WHERE organization_id = :organization_id AND message_id IS NULL AND (created_at AT TIME ZONE :zone)::date + interval '2 years' < :today
    """
)
_SHORTENED: Final = text(
    """
    UPDATE traffic_record SET purge_after = (at AT TIME ZONE :zone)::date + make_interval(months => :months)
    WHERE organization_id = :organization_id AND purge_after > (at AT TIME ZONE :zone)::date + make_interval(months => :months)
    """
)
_TRAFFIC: Final = text("DELETE FROM traffic_record WHERE organization_id = :organization_id AND purge_after < :today")


def forget_words(session: Session, organization_id: int, now: datetime) -> int:
    """Delete what was said; of how many rows."""
    before = now - timedelta(days=settings.read(session, organization_id).content_days)
    given = {"organization_id": organization_id, "before": before, "now": now}
    return _done(session, (_WORDS_OF_UPDATES, _WORDS, _WORDS_OF_NOTICES, _WORDS_OF_REPLIES, _RECEIPTS), given)


def forget_messages(session: Session, organization_id: int, now: datetime) -> int:
    """Delete messages and what belongs to no message; how many."""
    return _done(session, (_MESSAGES, _STRAY_REPLIES), _today(session, organization_id, now))


def forget_traffic(session: Session, organization_id: int, now: datetime) -> int:
    """Delete traffic records; how many."""
    given = _today(session, organization_id, now)
    _done(session, (_SHORTENED,), given | {"months": traffic_months(session, organization_id)})
    return _done(session, (_TRAFFIC,), given)


def _today(session: Session, organization_id: int, now: datetime) -> dict[str, Any]:
    zone = accounts.get_organization(session, organization_id).timezone
    return {"organization_id": organization_id, "zone": zone, "today": now.astimezone(ZoneInfo(zone)).date()}


def _done(session: Session, statements: tuple[Any, ...], given: Mapping[str, Any]) -> int:
    return sum(session.connection().execute(statement, given).rowcount for statement in statements)
