"""Which organization something from a provider is for (`provider_reference`, global).

1. A provider serves all organizations of an installation by one account, and names none of them when it sends a receipt or somebody's text.
2. Where it gives our own reference back, that says it: `<organization id>-<delivery id>`, even of a message whose answer was lost.
3. Otherwise its own id of the message says it: noted in the transaction that learns the id, and looked up here.
4. A text from a number is for the organization that texted that number last, within three days. Of the number only a keyed hash is kept. Two
   organizations that text the same person share that person's answers as a phone does: what is answered is the last text.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from app.config import Settings
from app.messaging.models import ProviderReference

KEPT: Final = timedelta(days=3)
NUMBER: Final = "number"
_OURS: Final = re.compile(r"([1-9][0-9]{0,17})-([0-9a-f]{32})", re.ASCII)
_NOTE: Final = text(
    """
    INSERT INTO provider_reference (provider, ref, organization_id, delivery_id, expires_at)
    SELECT w.provider, w.ref, :organization_id, w.delivery_id, :expires_at
    FROM unnest(CAST(:providers AS text[]), CAST(:refs AS text[]), CAST(:deliveries AS uuid[])) AS w(provider, ref, delivery_id)
    ON CONFLICT (provider, ref) DO UPDATE SET organization_id = EXCLUDED.organization_id, delivery_id = EXCLUDED.delivery_id, expires_at = EXCLUDED.expires_at
    """
)

Noted = tuple[str, str, UUID]
"""Provider, its id, our delivery."""


def note(session: Session, organization_id: int, noted: Iterable[Noted], now: datetime) -> None:
    """In the organization's transaction. In one order, because two organizations may note the same number."""
    wanted = {(provider, ref): delivery_id for provider, ref, delivery_id in noted}
    if wanted:
        keys = sorted(wanted)
        columns = {"providers": [key[0] for key in keys], "refs": [key[1] for key in keys], "deliveries": [wanted[key] for key in keys]}
        session.execute(_NOTE, {"organization_id": organization_id, "expires_at": now + KEPT, **columns})


def hash_of_number(settings: Settings, number: str) -> str:
    """What is kept of a number."""
    key = hmac.new(settings.secret_key.encode(), b"numbers that were texted", hashlib.sha256).digest()
    return hmac.new(key, number.encode(), hashlib.sha256).hexdigest()


def ours(reference: str) -> tuple[int, UUID] | None:
    """Organization and delivery of `Parcel.reference`; None when it is none of ours."""
    found = _OURS.fullmatch(reference)
    return (int(found[1]), UUID(found[2])) if found else None


def find(session: Session, provider: str, ref: str, now: datetime) -> tuple[int, UUID] | None:
    """Organization and delivery of a provider's id, or of a number's hash (`NUMBER`)."""
    query = select(ProviderReference.organization_id, ProviderReference.delivery_id).where(
        ProviderReference.provider == provider, ProviderReference.ref == ref, ProviderReference.expires_at > now
    )
    found = session.execute(query).one_or_none()
    return (found[0], found[1]) if found else None


def forget(session: Session, now: datetime) -> int:
    """Delete what is over. How many."""
    gone = session.execute(delete(ProviderReference).where(ProviderReference.expires_at <= now).returning(ProviderReference.ref))
    return len(gone.all())
