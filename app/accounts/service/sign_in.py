"""Signing in, and how guessing is slowed down.

1. Every attempt is counted before the password is looked at, for the name and for the address it comes from (`guessing`).
2. After some failures the next attempt must wait, longer each time, up to `sign_in_delay_max_s`. Names that exist and names that do not are
   counted alike and take equally long, so neither the answer nor the clock tells which exist.
3. The password is verified outside any transaction, as it takes a tenth of a second.
4. A success forgets the failures of the name, and takes back the one counted for the address.

A caller runs `begin` in one identity transaction, `verified` in none, and `finish` (or nothing, when it was wrong) in another.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app.accounts.models import UserAccount, UserSession
from app.accounts.queries import identity as queries
from app.accounts.service import guessing
from app.accounts.service.guessing import Patience
from app.accounts.service.passwords import hash_password, refuse_weak, verify_password
from app.accounts.service.sessions import Browser, Holder, end_sessions, open_session, rotate_session, token_hash
from app.config import Settings
from app.errors import Invalid, NotFound, Unauthorized

_WRONG: Final = "The sign-in name or the password is wrong. Check both; after several failures you must wait a little longer each time."
_EXPIRED: Final = "This one-time password has expired. Ask an owner of your organization for a new one."

WITH_NAME: Final = Patience(free=4, weight=timedelta(minutes=30))
WITH_ADDRESS: Final = Patience(free=50, weight=timedelta(minutes=2))
"""A whole office may stand behind one address."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A counted attempt, and what the password will be compared with."""

    name_key: bytes = field(repr=False)
    address_key: bytes = field(repr=False)
    user_id: UUID | None
    password_hash: str | None = field(repr=False)
    expired: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """From which browser, and into which organization: a slug, or None for the one in the sign-in name, else the first by name."""

    browser: Browser
    organization: str | None = None


@dataclass(frozen=True, slots=True)
class PasswordChange:
    """A password of the person's own choice, the words it may not be made of, and the session that changes it."""

    password: str = field(repr=False)
    words: Sequence[str | None]
    session_id: UUID


def begin(session: Session, sign_in: str, address: str, now: datetime, settings: Settings) -> Attempt:
    """Count an attempt of this name from this address. Raises `TooMany` (with Retry-After) while either must wait; that is not counted."""
    name = sign_in.strip().lower()
    return _counted(session, _keys(name, address, settings), queries.account_named(session, name), now, settings)


def begin_again(session: Session, user_id: UUID, address: str, now: datetime, settings: Settings) -> Attempt:
    """The same for somebody signed in who proves the password again."""
    account = queries.account(session, user_id)
    if account is None:
        raise NotFound
    return _counted(session, _keys(account.sign_in_name, address, settings), account, now, settings)


def _counted(session: Session, keys: tuple[bytes, bytes], account: UserAccount | None, now: datetime, settings: Settings) -> Attempt:
    name_key, address_key = keys
    guessing.count(session, {name_key: WITH_NAME, address_key: WITH_ADDRESS}, now, settings)
    if account is None or not account.active:
        return Attempt(name_key, address_key, None, None, expired=False)
    expired = account.password_expires_at is not None and account.password_expires_at <= now
    return Attempt(name_key, address_key, account.id, account.password_hash, expired)


def verified(attempt: Attempt, password: str) -> UUID:
    """The account, when the password is right. Raises `Unauthorized`: the same answer, as late, whatever was wrong. Run it outside a transaction."""
    right = verify_password(password, attempt.password_hash)
    if not right or attempt.user_id is None:
        raise Unauthorized(_WRONG)
    if attempt.expired:
        raise Unauthorized(_EXPIRED)
    return attempt.user_id


def forgive(session: Session, attempt: Attempt) -> None:
    """The password was right: forget the failures of the name, and the one counted for the address."""
    guessing.forgive(session, attempt.name_key, attempt.address_key, WITH_ADDRESS)


def finish(session: Session, attempt: Attempt, entry: Entry, now: datetime, settings: Settings) -> str:
    """Open a session for the account that `verified` found, and return its token. Raises `Unauthorized` when it may enter nowhere."""
    forgive(session, attempt)
    account = _unchanged(session, attempt)
    return open_session(session, Holder(account.id, _entered(session, account, entry.organization)), entry.browser, now, settings)


def _entered(session: Session, account: UserAccount, wanted: str | None) -> int | None:
    if account.operator:
        return None
    by_slug = {found.slug: found.id for found in queries.organizations_of(session, account.id)}
    own = account.sign_in_name.rpartition("@")[2]
    chosen = by_slug.get(wanted) if wanted else by_slug.get(own) or next(iter(by_slug.values()), None)
    if chosen is None:
        raise Unauthorized(_WRONG)
    return chosen


def change_password(session: Session, attempt: Attempt, change: PasswordChange, now: datetime, settings: Settings) -> str:
    """Set the new password and end all sessions of the account but the caller's, which goes on under the token returned. Raises `Invalid`."""
    account = _unchanged(session, attempt)
    refuse_weak(change.password, [*change.words, account.sign_in_name, account.email], "new_password")
    if verify_password(change.password, account.password_hash):
        raise Invalid.of("new_password", "The new password is the old one", "Choose another one.")
    account.password_hash = hash_password(change.password)
    account.password_expires_at, account.must_change_password = None, False
    account.fs_uniquifier = uuid4().hex
    token = rotate_session(session, change.session_id, now, settings)
    end_sessions(session, now, account.id, UserSession.id_hash != token_hash(token))
    return token


def _unchanged(session: Session, attempt: Attempt) -> UserAccount:
    """The account as it was when the password was compared: a change in between wins."""
    account = queries.account(session, attempt.user_id, lock=True) if attempt.user_id else None
    if account is None or account.password_hash != attempt.password_hash:
        raise Unauthorized(_WRONG)
    return account


def _keys(name: str, address: str, settings: Settings) -> tuple[bytes, bytes]:
    return guessing.key_of(settings, "sign-in name", name), guessing.key_of(settings, "sign-in address", address)
