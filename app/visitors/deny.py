"""Who may not come in. Only keyed hashes are kept, so the list names nobody; it is asked for each name, and says yes or no."""

import hmac
from datetime import datetime
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.service.kiosk import words_of
from app.config import Settings
from app.core.fix import to_ms
from app.core.schedule import worked_on
from app.ports import Deps
from app.visitors.models import DenyEntry

_PURPOSE: Final = b"deny list"


def name_hash(settings: Settings, organization_id: int, name: str) -> bytes:
    """Of a name as it is compared: without regard to case, accents, hyphens and the order of its words."""
    key = hmac.digest(settings.secret_key.encode(), _PURPOSE, "sha256")
    return hmac.digest(key, f"{organization_id:d} {' '.join(words_of(name))}".encode(), "sha256")


def check(session: Session, organization_id: int, name: str, now: datetime, deps: Deps) -> bool:
    """Whether somebody of this name may not come in; the hit is counted."""
    hit = update(DenyEntry).where(
        DenyEntry.organization_id == organization_id,
        DenyEntry.name_hash == name_hash(deps.settings, organization_id, name),
        DenyEntry.approved_at.is_not(None),
        DenyEntry.expires_on >= worked_on(to_ms(now), "UTC"),
    )
    return session.execute(hit.values(hits=DenyEntry.hits + 1).returning(DenyEntry.id)).first() is not None
