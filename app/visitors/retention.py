"""Deletion of what outlived its term: once on every local date of the organization, whether or not anybody ever signed out.

1. Fields go first, each on its own day. Then visitors, with all that is left of theirs; visits of longer series one by one; invitations.
2. A signature outlives the visit, without saying whose visit it was. What was sent to a visitor goes with them (`Notifier.forget`).
3. Entries of the deny list that expired, and roll calls, whether or not anybody ended them.
4. Each run leaves a row with what it deleted, of each field and of each kind of visit: the proof. A run that failed leaves none, and is tried again a minute later.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.core.fix import to_ms
from app.core.schedule import worked_on
from app.db.types import any_of
from app.ports import Deps
from app.visitors.models import Visitor, VisitRetention, VisitType

ADDRESSES: Final = ("email", "telephone")
"""Of these, messages keep a copy."""
_FIELDS: Final = text("""
DELETE FROM visitor_field WHERE organization_id = :organization_id AND (purge_after < :today OR visitor_id = ANY(:visitors))
RETURNING field, visitor_id
""")
_UNNAMED: Final = text("""
UPDATE agreement_signature SET visitor_id = NULL WHERE organization_id = :organization_id AND visitor_id = ANY(:visitors)
""")
_VISITS: Final = text("""
DELETE FROM visit WHERE organization_id = :organization_id AND (purge_after < :today OR visitor_id = ANY(:visitors))
RETURNING visit_type_id::text
""")
_VISITORS: Final = text("DELETE FROM visitor WHERE organization_id = :organization_id AND id = ANY(:visitors)")
_INVITATIONS: Final = text("DELETE FROM invitation WHERE organization_id = :organization_id AND purge_after < :today")
_SIGNATURES: Final = text("DELETE FROM agreement_signature WHERE organization_id = :organization_id AND purge_after < :today")
_DENIED: Final = text("DELETE FROM deny_entry WHERE organization_id = :organization_id AND expires_on < :today")
_ROLL_CALLS: Final = text("DELETE FROM roll_call WHERE organization_id = :organization_id AND purge_after < :today")
_EXPIRED: Final = text("""
SELECT id FROM visitor WHERE organization_id = :organization_id AND purge_after < :today
UNION
SELECT v.id FROM visitor v JOIN invitation i ON i.organization_id = v.organization_id AND i.id = v.invitation_id
WHERE v.organization_id = :organization_id AND i.purge_after < :today
""")

_log = structlog.get_logger(area="visitors")


def forget_expired(deps: Deps, organization_id: int, now: datetime) -> int:
    """Each minute: delete what is past its term, once for each local date; how many rows."""
    with deps.database.tenant(organization_id) as session:
        zone = accounts.get_organization(session, organization_id).timezone
        today = worked_on(to_ms(now), zone)
        last = select(VisitRetention.cutoff).where(VisitRetention.organization_id == organization_id, VisitRetention.cutoff >= today)
        if session.scalars(last.limit(1)).first() is not None:
            return 0
        given = {"organization_id": organization_id, "today": today}
        counts, fields, types = _forget(session, organization_id, given, deps)
        run = VisitRetention(organization_id=organization_id, ran_at=now, cutoff=today, counts=counts, fields=fields, types=types)
        session.add(run)
        _log.info("visits_forgotten", organization_id=organization_id, **counts)
        return sum(counts.values())


def runs(session: Session, organization_id: int, *, after: UUID | None, limit: int) -> Sequence[VisitRetention]:
    """What was deleted when, the newest first."""
    query = select(VisitRetention).where(VisitRetention.organization_id == organization_id)
    if after is not None:
        query = query.where(VisitRetention.id < after)
    return session.scalars(query.order_by(VisitRetention.id.desc()).limit(limit)).all()


def names_of_kinds(session: Session, organization_id: int) -> dict[str, str]:
    """Id -> name, of all kinds of visits there ever were."""
    query = select(VisitType.id, VisitType.name).where(VisitType.organization_id == organization_id)
    return {str(kind): name for kind, name in session.execute(query)}


def _forget(
    session: Session, organization_id: int, given: dict[str, Any], deps: Deps
) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """How many of what; fields by their name, visits by the id of their kind."""
    expired: list[UUID] = list(session.scalars(_EXPIRED, given))
    # Whoever is receiving one of them just now is waited for, so that nothing is written of somebody who is gone.
    session.scalars(
        select(Visitor.id)
        .where(Visitor.organization_id == organization_id, Visitor.id == any_of(expired))
        .order_by(Visitor.id)
        .with_for_update(key_share=True)
    ).all()
    given = given | {"visitors": expired}
    session.connection().execute(_UNNAMED, given)
    if expired:
        deps.notifier.forget(session, organization_id, expired)
    told = session.execute(_FIELDS, given).all()
    unreachable = {visitor_id for field, visitor_id in told if field in ADDRESSES} - set(expired)
    if unreachable:
        deps.notifier.forget(session, organization_id, sorted(unreachable))
    fields, types = Counter(field for field, _ in told), Counter(session.scalars(_VISITS, given))
    statements = {
        "visitors": _VISITORS, "invitations": _INVITATIONS, "signatures": _SIGNATURES, "denied": _DENIED, "roll_calls": _ROLL_CALLS,
    }  # fmt: skip
    rest = {name: session.connection().execute(statement, given).rowcount for name, statement in statements.items()}
    return {"fields": fields.total(), "visits": types.total()} | rest, dict(fields), dict(types)
