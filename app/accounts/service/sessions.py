"""User sessions: signed-in browsers. The row is the session; ending it ends the session at the next request.

The cookie holds 256 random bits; the table holds their SHA-256. A sign-in, a password change and a change of organization make a new one.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from app.accounts.lists import Window
from app.accounts.models import Organization, UserAccount, UserSession
from app.accounts.queries import identity as queries
from app.accounts.service.hooks import session_renewed, sessions_ended
from app.actor import SessionClaim
from app.config import Settings
from app.errors import NotFound

SHARED_IDLE: Final = timedelta(minutes=15)
SHARED_ABSOLUTE: Final = timedelta(hours=12)
TOUCHED_EVERY: Final = timedelta(minutes=1)
"""How exact `last_seen_at` is; saves a write in most requests."""


@dataclass(frozen=True, slots=True)
class Browser:
    """What is kept of a browser, so that its owner knows it again: its name and a part of its address."""

    name: str
    address_prefix: str
    shared_computer: bool = False


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose session, and in which organization (None: an operator's)."""

    user_id: UUID
    organization_id: int | None


def token_hash(token: str) -> bytes:
    """What is stored of a session's token."""
    return hashlib.sha256(token.encode()).digest()


def open_session(session: Session, holder: Holder, browser: Browser, now: datetime, settings: Settings) -> str:
    """A new session; the token for its cookie, which is stored nowhere else."""
    return _open(session, holder, browser, now, settings)[1]


def _open(session: Session, holder: Holder, browser: Browser, now: datetime, settings: Settings) -> tuple[UserSession, str]:
    token = secrets.token_urlsafe(32)
    lifetime = SHARED_ABSOLUTE if browser.shared_computer else timedelta(hours=settings.session_absolute_hours)
    opened = UserSession(
        id_hash=token_hash(token),
        user_account_id=holder.user_id,
        organization_id=holder.organization_id,
        last_seen_at=now,
        expires_at=now + lifetime,
        browser=browser.name[:200],
        address_prefix=browser.address_prefix,
        shared_computer=browser.shared_computer,
    )
    session.add(opened)
    session.flush()
    return opened, token


def claim_of(session: Session, token: str, now: datetime, settings: Settings) -> SessionClaim | None:
    """The live session that a token names, now seen; None when it ended, idled out, grew too old, or its account is off."""
    found = queries.live_session(session, token_hash(token), now)
    if found is None:
        return None
    idle = SHARED_IDLE if found.shared_computer else timedelta(minutes=settings.session_idle_minutes)
    if now - found.last_seen_at > idle:
        return None
    if now - found.last_seen_at > TOUCHED_EVERY:
        queries.touch_session(session, found.public_id, now)
    return SessionClaim(found.public_id, found.user_account_id, found.organization_id)


def rotate_session(session: Session, public_id: UUID, now: datetime, settings: Settings, *, into: int | None = None) -> str:
    """The same browser under a new token, in the organization `into` (None: where it was). The old token ends. Raises `NotFound`."""
    old = queries.session_of_id(session, public_id)
    if old is None:
        raise NotFound
    browser = Browser(old.browser, old.address_prefix, old.shared_computer)
    opened, token = _open(session, Holder(old.user_account_id, into or old.organization_id), browser, now, settings)
    if old.organization_id is not None and opened.organization_id == old.organization_id:
        session_renewed.call(session, old.organization_id, [public_id, opened.public_id], now)
    end_sessions(session, now, old.user_account_id, UserSession.public_id == public_id)
    return token


def list_sessions(session: Session, user_id: UUID, now: datetime, *, window: Window) -> Sequence[UserSession]:
    """The live sessions of an account, oldest first; up to `limit + 1`."""
    return queries.sessions_of(session, user_id, now, window=window)


def end_session(session: Session, user_id: UUID, public_id: UUID, now: datetime) -> None:
    """End one session of this account. Raises `NotFound`, also for somebody else's."""
    if not end_sessions(session, now, user_id, UserSession.public_id == public_id):
        raise NotFound


def end_sessions(session: Session, now: datetime, user_id: UUID, *only: ColumnElement[bool]) -> int:
    """End the sessions of an account, or those of them that meet all of `only`, and what lives as long as they do. How many."""
    ended = queries.end_sessions(session, now, user_id, *only)
    for organization_id in {row.organization_id for row in ended if row.organization_id is not None}:
        of_it = [row.public_id for row in ended if row.organization_id == organization_id]
        sessions_ended.call(session, organization_id, of_it, now)
    return len(ended)


def gone_sessions(session: Session, public_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these sessions that were ended. For domains above, which keep things no longer than a session."""
    return queries.gone_sessions(session, public_ids)


def is_shared(session: Session, public_id: UUID) -> bool:
    """Whether others use the computer of this session. For domains above."""
    return queries.is_shared(session, public_id)


def switch_organization(session: Session, claim: SessionClaim, slug: str, now: datetime, settings: Settings) -> str:
    """Go on in another organization of the same account, under the token returned. Raises `NotFound` when the account may not enter it."""
    chosen = next((found for found in queries.organizations_of(session, claim.user_id) if found.slug == slug), None)
    if chosen is None:
        raise NotFound
    return rotate_session(session, claim.session_id, now, settings, into=chosen.id)


def organizations_of(session: Session, user_id: UUID) -> Sequence[Organization]:
    """The open organizations an account may enter, by name."""
    return queries.organizations_of(session, user_id)


def get_account(session: Session, user_id: UUID) -> UserAccount:
    """Raises `NotFound`."""
    found = queries.account(session, user_id)
    if found is None:
        raise NotFound
    return found


def forget_ended(session: Session, now: datetime) -> int:
    """Delete what ended: sessions (kept 30 days), sign-in delays and enrolment codes. Global tables only. Returns how many rows."""
    return queries.forget_ended(session, now)
