"""Who is calling: global tables, and the look-ups that make an actor."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Row, bindparam, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.accounts.lists import Window
from app.accounts.models import (
    Credential,
    Device,
    Member,
    Organization,
    OrganizationModule,
    Person,
    SignInDelay,
    UserAccount,
    UserOrganization,
    UserSession,
)
from app.db.transaction import viewers_changed

ENDED_KEPT: Final = timedelta(days=30)
_LONG_AGO: Final = datetime.fromtimestamp(0, UTC)


def account_named(session: Session, sign_in: str) -> UserAccount | None:
    """By sign-in name or e-mail address, in lower case. The name goes first: a name has no dot after its @, an address always has one."""
    query = select(UserAccount).where(or_(UserAccount.sign_in_name == sign_in, UserAccount.email == sign_in))
    return session.scalars(query.order_by((UserAccount.sign_in_name == sign_in).desc())).first()


def account(session: Session, user_id: UUID, *, lock: bool = False) -> UserAccount | None:
    """By id."""
    query = select(UserAccount).where(UserAccount.id == user_id)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def names_taken(session: Session, names: Sequence[str]) -> set[str]:
    """Those of the sign-in names that exist."""
    return set(session.scalars(select(UserAccount.sign_in_name).where(UserAccount.sign_in_name.in_(names))))


def email_taken(session: Session, email: str) -> bool:
    """Whether an account signs in by this address."""
    return bool(session.scalar(select(exists().where(UserAccount.email == email))))


def organizations_of(session: Session, user_id: UUID) -> Sequence[Organization]:
    """The open organizations an account may enter, by name."""
    return session.scalars(
        select(Organization)
        .join(UserOrganization, UserOrganization.organization_id == Organization.id)
        .where(UserOrganization.user_account_id == user_id, Organization.closed_at.is_(None))
        .order_by(Organization.name, Organization.id)
    ).all()


def organization_count(session: Session, user_id: UUID) -> int:
    """How many organizations an account belongs to."""
    return session.scalar(select(func.count()).where(UserOrganization.user_account_id == user_id)) or 0


def leave_organization(session: Session, user_id: UUID, organization_id: int) -> None:
    """The account may no longer enter."""
    session.execute(
        delete(UserOrganization).where(UserOrganization.user_account_id == user_id, UserOrganization.organization_id == organization_id)
    )


def live_session(session: Session, id_hash: bytes, now: datetime) -> Row[*tuple[Any, ...]] | None:
    """The session of a token that has not ended, of an active account; idling is the service's to judge."""
    return session.execute(
        select(
            UserSession.public_id,
            UserSession.user_account_id,
            UserSession.organization_id,
            UserSession.last_seen_at,
            UserSession.shared_computer,
        )
        .join(UserAccount, UserAccount.id == UserSession.user_account_id)
        .where(UserSession.id_hash == id_hash, UserSession.revoked_at.is_(None), UserSession.expires_at > now, UserAccount.active)
    ).one_or_none()


def session_of_id(session: Session, public_id: UUID) -> UserSession | None:
    """A session that has not ended, locked."""
    return session.scalars(
        select(UserSession).where(UserSession.public_id == public_id, UserSession.revoked_at.is_(None)).with_for_update()
    ).one_or_none()


def touch_session(session: Session, public_id: UUID, now: datetime) -> None:
    """Seen now."""
    session.execute(update(UserSession).where(UserSession.public_id == public_id).values(last_seen_at=now))


def sessions_of(session: Session, user_id: UUID, now: datetime, window: Window) -> Sequence[UserSession]:
    """Sessions of an account that have not ended, oldest first."""
    query = select(UserSession).where(
        UserSession.user_account_id == user_id, UserSession.revoked_at.is_(None), UserSession.expires_at > now
    )
    if window.after:
        query = query.where(UserSession.public_id > window.after)
    return session.scalars(query.order_by(UserSession.public_id).limit(window.limit + 1)).all()


def end_sessions(session: Session, now: datetime, user_id: UUID, *only: ColumnElement[bool]) -> Sequence[Row[UUID, int | None]]:
    """End the sessions of an account, or those of them that meet all of `only`, and their streams. (id, organization) of each."""
    query = update(UserSession).where(UserSession.user_account_id == user_id, UserSession.revoked_at.is_(None), *only)
    ended = session.execute(query.values(revoked_at=now).returning(UserSession.public_id, UserSession.organization_id)).all()
    for organization_id in {row.organization_id for row in ended if row.organization_id is not None}:
        viewers_changed(session, organization_id)
    return ended


def gone_sessions(session: Session, public_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these sessions that were ended, or are forgotten since. Idling is no end: a phone in a pocket still takes pushes."""
    live = select(UserSession.public_id).where(UserSession.public_id.in_(public_ids), UserSession.revoked_at.is_(None))
    return set(public_ids) - set(session.scalars(live))


def is_shared(session: Session, public_id: UUID) -> bool:
    """Whether others use the computer of this session."""
    return bool(session.scalar(select(UserSession.shared_computer).where(UserSession.public_id == public_id)))


def forget_ended(session: Session, now: datetime) -> int:
    """Delete sessions that ended long enough ago, delays that ran out and codes nobody used."""
    long_ago = now - ENDED_KEPT
    queries = (
        delete(UserSession)
        .where(or_(UserSession.expires_at < long_ago, UserSession.revoked_at < long_ago))
        .returning(UserSession.public_id),
        delete(SignInDelay).where(SignInDelay.forget_at < now).returning(SignInDelay.key_hash),
        delete(Credential).where(Credential.expires_at < now).returning(Credential.hash),
    )
    return sum(len(session.execute(query).all()) for query in queries)


_LOCKED_DELAYS: Final = (
    insert(SignInDelay)
    .on_conflict_do_update(index_elements=["key_hash"], set_={"retry_at": SignInDelay.retry_at})  # what changes nothing locks the row
    .returning(SignInDelay)
)


def locked_delays(session: Session, key_hashes: Sequence[bytes], now: datetime) -> dict[bytes, SignInDelay]:
    """The rows of these keys, made where missing, locked in one order so that two attempts never wait for each other in a ring."""
    rows = [{"key_hash": key, "retry_at": _LONG_AGO, "forget_at": now} for key in sorted(key_hashes)]
    found = session.scalars(_LOCKED_DELAYS, rows, execution_options={"populate_existing": True})
    return {row.key_hash: row for row in found}


def forgive(session: Session, key_hash: bytes) -> None:
    """Forget the failures of one key."""
    session.execute(delete(SignInDelay).where(SignInDelay.key_hash == key_hash))


def uncount(session: Session, key_hash: bytes, weight: timedelta) -> None:
    """Take back one failure, which is remembered for `weight`."""
    session.execute(update(SignInDelay).where(SignInDelay.key_hash == key_hash).values(forget_at=SignInDelay.forget_at - weight))


# Made once: every request asks one of these, and to make a statement takes as long as to run it.
_MINE: Final = bindparam("organization_id", type_=BigInteger)
_MODULES: Final = (
    select(func.coalesce(func.array_agg(OrganizationModule.module), []))
    .where(OrganizationModule.organization_id == _MINE)
    .scalar_subquery()
    .label("modules")
)
_MEMBER_ACTOR: Final = (
    select(Member.person_id, Member.roles, UserAccount.must_change_password, _MODULES)
    .join(Person, (Person.organization_id == Member.organization_id) & (Person.id == Member.person_id))
    .join(UserAccount, UserAccount.id == Member.user_account_id)
    .join(Organization, Organization.id == Member.organization_id)
    .where(
        Member.organization_id == _MINE,
        Member.user_account_id == bindparam("user_id"),
        Member.ended_at.is_(None),
        Person.left_at.is_(None),
        UserAccount.active,
        Organization.closed_at.is_(None),
    )
)
_DEVICE_ACTOR: Final = (
    select(Device.id, Device.person_id, Device.scopes, _MODULES)
    .join(Organization, Organization.id == Device.organization_id)
    .where(
        Device.organization_id == _MINE,
        Device.token_hash == bindparam("token_hash"),
        Device.revoked_at.is_(None),
        Organization.closed_at.is_(None),
    )
)


def member_actor(session: Session, organization_id: int, user_id: UUID) -> Row[*tuple[Any, ...]] | None:
    """(person_id, roles, must_change_password, modules) of a current member of an open organization."""
    return session.execute(_MEMBER_ACTOR, {"organization_id": organization_id, "user_id": user_id}).one_or_none()


def device_actor(session: Session, organization_id: int, token_hash: bytes) -> Row[*tuple[Any, ...]] | None:
    """(id, person_id, scopes, modules) of a device that is not revoked, of an open organization."""
    return session.execute(_DEVICE_ACTOR, {"organization_id": organization_id, "token_hash": token_hash}).one_or_none()
