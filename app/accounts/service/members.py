"""Members: people who can sign in to an organization.

An account signs in by `name@organization-slug`; by e-mail too, if no other account does. Whether one does is never told: it may belong to
another organization. For the same reason a new member always gets an account of its own; who has two joins them (`join_accounts`), by proving
both passwords, and a reset by an owner takes the membership out of a joined account instead of changing what opens another organization's door.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import structlog
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts.lists import ALL, Window
from app.accounts.models import Member, Organization, Person, UserAccount, UserOrganization, UserSession
from app.accounts.queries import devices, identity
from app.accounts.queries import people as queries
from app.accounts.service.names import SIGN_IN, slug_of
from app.accounts.service.passwords import hash_password, new_one_time_password
from app.accounts.service.sessions import end_sessions
from app.config import Settings
from app.db.transaction import viewers_changed
from app.errors import Conflict, Invalid, NotFound

_log = structlog.get_logger(area="accounts")
_LAST_OWNER: Final = "An organization needs an owner. Make somebody else owner first."


@dataclass(frozen=True, slots=True)
class NewMember:
    """Who shall be able to sign in, as what, and by which name before the @ (without: made from the person's name)."""

    person_id: UUID
    roles: tuple[str, ...]
    sign_in: str | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """A sign-in that works once, until it expires or the password is changed."""

    member_id: UUID
    sign_in_name: str
    one_time_password: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """A member, as the organization may know them. `sign_in_name` is None when the account also opens other organizations and is named there."""

    id: UUID
    person_id: UUID
    name: str | None
    sign_in_name: str | None
    roles: list[str]
    must_change_password: bool

    @classmethod
    def of(cls, row: Row[*tuple[Any, ...]]) -> "MemberFacts":
        """From a row of `queries.members`."""
        member: Member = row[0]
        own = row.sign_in_name.endswith(f"@{row.slug}")
        return cls(member.id, member.person_id, row.name, row.sign_in_name if own else None, member.roles, own and row.must_change_password)


def new_account(session: Session, sign_in_name: str, email: str | None, now: datetime, settings: Settings) -> tuple[UserAccount, str]:
    """An account with a generated password that must be changed at the first sign-in."""
    password = new_one_time_password()
    account = UserAccount(
        sign_in_name=sign_in_name,
        email=email if email and not identity.email_taken(session, email) else None,
        password_hash=hash_password(password),
        password_expires_at=now + timedelta(hours=settings.one_time_password_hours),
        must_change_password=True,
        fs_uniquifier=uuid4().hex,
    )
    session.add(account)
    session.flush()
    return account, password


def renew_password(session: Session, account: UserAccount, now: datetime, settings: Settings) -> str:
    """A new one-time password; all sessions of the account end."""
    password = new_one_time_password()
    account.password_hash, account.must_change_password = hash_password(password), True
    account.password_expires_at = now + timedelta(hours=settings.one_time_password_hours)
    end_sessions(session, now, account.id)
    session.flush()
    return password


def add_member(session: Session, organization_id: int, new: NewMember, now: datetime, settings: Settings) -> Added:
    """Let a person sign in. Raises `Invalid` for an unknown or departed person, `Conflict` when the person is a member or the name is taken."""
    person = queries.person(session, organization_id, new.person_id, lock=True)
    if person is None or person.left_at is not None:
        raise Invalid.of("person_id", "There is no such person here", "Choose somebody of this organization who has not left.")
    if queries.member_of_person(session, organization_id, person.id):
        raise Conflict("This person is a member already. Change the roles instead.")
    account, password = _own_account(session, person, new.sign_in, now, settings)
    member = Member(organization_id=organization_id, person_id=person.id, user_account_id=account.id, roles=sorted(set(new.roles)))
    session.add(member)
    session.flush()
    return _added(member, account, password)


def _own_account(session: Session, person: Person, sign_in: str | None, now: datetime, settings: Settings) -> tuple[UserAccount, str]:
    organization = queries.organization(session, person.organization_id)
    if organization is None:
        raise NotFound
    name = _free_name(session, organization, person, sign_in)
    account, password = new_account(session, name, person.email, now, settings)
    session.add(UserOrganization(user_account_id=account.id, organization_id=organization.id))
    session.flush()
    return account, password


def _free_name(session: Session, organization: Organization, person: Person, wanted: str | None) -> str:
    if wanted is not None:
        name = f"{wanted.lower()}@{organization.slug}"
        if not SIGN_IN.fullmatch(wanted.lower()):
            raise Invalid.of("sign_in", "Letters, digits, dots, dashes and underscores only, at most 60", "Leave it out to have one made.")
        if identity.names_taken(session, [name]):
            raise Conflict("This sign-in name is taken. Choose another one, or leave it out to have one made.")
        return name
    base = slug_of(person.name or "member").replace("-", ".")[:50].strip(".")
    names = [f"{base}@{organization.slug}", *(f"{base}{number}@{organization.slug}" for number in range(2, 100))]
    taken = identity.names_taken(session, names)
    free = next((name for name in names if name not in taken), None)
    if free is None:
        raise Conflict("Too many people have this name. Choose a `sign_in` for this one.")
    return free


def _added(member: Member, account: UserAccount, password: str) -> Added:
    if account.password_expires_at is None:
        raise LookupError("a generated password expires")
    return Added(member.id, account.sign_in_name, password, account.password_expires_at)


def list_members(session: Session, organization_id: int, window: Window = ALL, *, person_id: UUID | None = None) -> list[MemberFacts]:
    """Current members in order of creation, up to `limit + 1`; `person_id` restricts to one person."""
    return [MemberFacts.of(row) for row in queries.members(session, organization_id, person_id=person_id, window=window)]


def get_member(session: Session, organization_id: int, member_id: UUID, *, lock: bool = False) -> MemberFacts:
    """Raises `NotFound`, also for an ended one."""
    if lock:
        _locked(session, organization_id, member_id)
    rows = queries.members(session, organization_id, member_id=member_id)
    if not rows:
        raise NotFound
    return MemberFacts.of(rows[0])


def set_roles(session: Session, organization_id: int, member_id: UUID, roles: Sequence[str]) -> None:
    """Exactly these roles, from the next request on. Raises `NotFound`, `Conflict` for the last owner."""
    member = _locked(session, organization_id, member_id)
    if "owner" not in roles:
        _not_the_last_owner(session, organization_id, member_id)
    member.roles = sorted(set(roles))
    session.flush()
    viewers_changed(session, organization_id)


def end_member(session: Session, organization_id: int, member_id: UUID, now: datetime) -> None:
    """The person can no longer sign in here: sessions and devices end at once. Raises `NotFound`, `Conflict` for the last owner."""
    member = _locked(session, organization_id, member_id)
    _not_the_last_owner(session, organization_id, member_id)
    member.ended_at = now
    end_sessions(session, now, member.user_account_id, UserSession.organization_id == organization_id)
    identity.leave_organization(session, member.user_account_id, organization_id)
    devices.revoke_devices(session, organization_id, member.person_id, now)
    session.flush()


def end_member_of_person(session: Session, organization_id: int, person_id: UUID, now: datetime) -> None:
    """The same for a person, if they are a member."""
    member = queries.member_of_person(session, organization_id, person_id)
    if member:
        end_member(session, organization_id, member.id, now)
    devices.revoke_devices(session, organization_id, person_id, now)


def end_member_sessions(session: Session, organization_id: int, member_id: UUID, now: datetime) -> None:
    """Sign a member out of this organization everywhere. Raises `NotFound`."""
    member = _locked(session, organization_id, member_id)
    end_sessions(session, now, member.user_account_id, UserSession.organization_id == organization_id)


def reset_password(session: Session, organization_id: int, member_id: UUID, now: datetime, settings: Settings) -> Added:
    """A new one-time password; sessions end. An account that opens other organizations too is left alone: the member gets one of its own."""
    member = _locked(session, organization_id, member_id)
    account = identity.account(session, member.user_account_id, lock=True)
    if account is None:
        raise NotFound
    _log.warning("password_reset", organization_id=organization_id, member_id=str(member_id))
    if identity.organization_count(session, account.id) == 1:
        return _added(member, account, renew_password(session, account, now, settings))
    person = queries.person(session, organization_id, member.person_id)
    if person is None:
        raise NotFound
    end_sessions(session, now, account.id, UserSession.organization_id == organization_id)
    identity.leave_organization(session, account.id, organization_id)
    own, password = _own_account(session, person, None, now, settings)
    member.user_account_id = own.id
    session.flush()
    return _added(member, own, password)


def join_accounts(session: Session, organization_id: int, other_id: UUID, account_id: UUID, now: datetime) -> None:
    """Move the membership of account `other_id` in this organization to `account_id`. The caller proved both passwords.

    Raises `Conflict` when the account is a member here already.
    """
    if queries.member_of_account(session, organization_id, account_id):
        raise Conflict("You are a member of that organization by this account already.")
    member = queries.member_of_account(session, organization_id, other_id)
    if member is None or other_id == account_id:
        raise NotFound
    member.user_account_id = account_id
    end_sessions(session, now, other_id, UserSession.organization_id == organization_id)
    identity.leave_organization(session, other_id, organization_id)
    session.add(UserOrganization(user_account_id=account_id, organization_id=organization_id))
    session.flush()
    other = identity.account(session, other_id, lock=True)
    if other and identity.organization_count(session, other_id) == 0:
        other.active, other.email = False, None
        session.flush()


def _locked(session: Session, organization_id: int, member_id: UUID) -> Member:
    found = queries.member(session, organization_id, member_id, lock=True)
    if found is None:
        raise NotFound
    return found


def _not_the_last_owner(session: Session, organization_id: int, member_id: UUID) -> None:
    if queries.locked_owners(session, organization_id) == [member_id]:
        raise Conflict(_LAST_OWNER)
