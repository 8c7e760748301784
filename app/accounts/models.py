"""Tables of accounts: organizations, people and how they sign in. Global tables come first; they hold no organization's data but its own name."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, Identity, Integer, LargeBinary, String, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, validates

from app.actor import MEMBER_ROLES
from app.core.names import KEY_MAX, key_of
from app.db.base import Created, Keyed, Model, Tenant, all_among, among, found_by, one_of, refers
from app.db.tags import ACCOUNT, CREDENTIAL, CUSTOMER, KEY, PLAIN, SECURITY, tagged
from app.db.types import Json, Moment, Uuid, uuid7

MODULES = ("attendance", "geofence", "messages", "alerts", "visitors", "calls")
DEVICE_KINDS = ("phone", "kiosk")
CLIENTS = ("native", "owntracks", "traccar")
SCOPES = ("pings", "punches", "kiosk", "visitors")


class Organization(Model, Created):
    """A customer: the tenant. Global. Only these five facts are mandatory at registration."""

    __tablename__ = "organization"
    id: Mapped[int] = tagged(KEY, BigInteger, Identity(), primary_key=True)
    slug: Mapped[str] = tagged(PLAIN, String(63), unique=True)
    name: Mapped[str] = tagged(CUSTOMER, String(200))
    contact_name: Mapped[str] = tagged(CUSTOMER, String(200))
    billing_address: Mapped[str] = tagged(CUSTOMER, Text)
    telephone: Mapped[str] = tagged(CUSTOMER, String(20))
    email: Mapped[str] = tagged(CUSTOMER, String(254))
    timezone: Mapped[str] = tagged(PLAIN, String(64), server_default="Europe/Amsterdam")
    locale: Mapped[str] = tagged(PLAIN, String(2), server_default="nl")
    kiosk_asks_pin: Mapped[bool] = tagged(PLAIN, Boolean, server_default="false")
    closed_at: Mapped[datetime | None] = tagged(PLAIN, Moment)
    __table_args__ = (
        CheckConstraint("slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'", name="slug"),
        CheckConstraint("locale IN ('nl', 'en')", name="locale"),
    )


class UserAccount(Model, Created):
    """Somebody who can sign in. Global: one account may belong to several organizations."""

    __tablename__ = "user_account"
    id: Mapped[UUID] = tagged(KEY, Uuid, primary_key=True, default=uuid7)
    sign_in_name: Mapped[str] = tagged(ACCOUNT, String(130), unique=True)
    email: Mapped[str | None] = tagged(ACCOUNT, String(254), unique=True)
    password_hash: Mapped[str] = tagged(CREDENTIAL, Text)
    password_expires_at: Mapped[datetime | None] = tagged(SECURITY, Moment)
    must_change_password: Mapped[bool] = tagged(SECURITY, Boolean, server_default="true")
    fs_uniquifier: Mapped[str] = tagged(CREDENTIAL, String(64), unique=True)
    active: Mapped[bool] = tagged(SECURITY, Boolean, server_default="true")
    operator: Mapped[bool] = tagged(SECURITY, Boolean, server_default="false")
    __table_args__ = (
        CheckConstraint("sign_in_name = lower(sign_in_name)", name="sign_in_name"),
        CheckConstraint("email = lower(email)", name="email"),
    )


class SignInDelay(Model):
    """When a sign-in name or an address that failed may try again, and when its failures are forgotten. Global.

    The key is a keyed hash of the name or address, whether an account of that name exists or not: so nobody can tell from the delay.
    """

    __tablename__ = "sign_in_delay"
    key_hash: Mapped[bytes] = tagged(SECURITY, LargeBinary(32), primary_key=True)
    retry_at: Mapped[datetime] = tagged(SECURITY, Moment)
    forget_at: Mapped[datetime] = tagged(SECURITY, Moment, index=True)


class UserSession(Model, Created):
    """A signed-in browser. The cookie's id is stored hashed; ending the row ends the session. Global."""

    __tablename__ = "user_session"
    id_hash: Mapped[bytes] = tagged(CREDENTIAL, LargeBinary(32), primary_key=True)
    public_id: Mapped[UUID] = tagged(KEY, Uuid, unique=True, default=uuid7)
    user_account_id: Mapped[UUID] = tagged(KEY, Uuid, ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    organization_id: Mapped[int | None] = tagged(KEY, BigInteger, ForeignKey("organization.id", ondelete="CASCADE"))
    last_seen_at: Mapped[datetime] = tagged(SECURITY, Moment)
    expires_at: Mapped[datetime] = tagged(SECURITY, Moment)
    revoked_at: Mapped[datetime | None] = tagged(SECURITY, Moment)
    browser: Mapped[str] = tagged(SECURITY, String(200), server_default="")
    address_prefix: Mapped[str] = tagged(SECURITY, String(50), server_default="")
    shared_computer: Mapped[bool] = tagged(SECURITY, Boolean, server_default="false")


class UserOrganization(Model):
    """Which organizations an account may enter. A look-up only: roles live in `member`, inside the organization. Global."""

    __tablename__ = "user_organization"
    user_account_id: Mapped[UUID] = tagged(KEY, Uuid, ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    organization_id: Mapped[int] = tagged(KEY, BigInteger, ForeignKey("organization.id", ondelete="CASCADE"), primary_key=True)


class Credential(Model, Created):
    """Which organization a short code belongs to, so that it can be looked up before the organization is known. Global."""

    __tablename__ = "credential"
    hash: Mapped[bytes] = tagged(CREDENTIAL, LargeBinary(32), primary_key=True)
    organization_id: Mapped[int] = tagged(KEY, BigInteger, ForeignKey("organization.id", ondelete="CASCADE"))
    kind: Mapped[str] = tagged(PLAIN, String(20))
    expires_at: Mapped[datetime] = tagged(SECURITY, Moment, index=True)


class OrganizationModule(Model, Tenant, Created):
    """A module switched on for an organization. No row: its routes answer 404."""

    __tablename__ = "organization_module"
    module: Mapped[str] = tagged(PLAIN, String(20), primary_key=True)
    __table_args__ = (CheckConstraint(among("module", MODULES), name="module"),)


class Site(Model, Keyed, Created):
    """A named place of work with one or more geofences."""

    __tablename__ = "site"
    name: Mapped[str] = tagged(PLAIN, String(200))
    address: Mapped[str | None] = tagged(PLAIN, Text)
    timezone: Mapped[str | None] = tagged(PLAIN, String(64))
    retired_at: Mapped[datetime | None] = tagged(PLAIN, Moment)
    __table_args__ = (one_of("name"),)


def _key_of_name(context: DefaultExecutionContext) -> str | None:
    """For rows that are written in bulk."""
    name = context.get_current_parameters().get("name")  # type: ignore[no-untyped-call]
    return None if name is None else key_of(name)


class Person(Model, Keyed, Created):
    """Somebody the organization communicates with. A telephone number or a name is enough."""

    __tablename__ = "person"
    name: Mapped[str | None] = tagged(ACCOUNT, String(200))
    name_key: Mapped[str | None] = tagged(ACCOUNT, String(KEY_MAX), default=_key_of_name)
    telephone: Mapped[str | None] = tagged(ACCOUNT, String(20))
    email: Mapped[str | None] = tagged(ACCOUNT, String(254))
    employee_number: Mapped[str | None] = tagged(ACCOUNT, String(50))
    locale: Mapped[str | None] = tagged(ACCOUNT, String(2))
    site_id: Mapped[UUID | None] = tagged(ACCOUNT, Uuid)
    left_at: Mapped[datetime | None] = tagged(ACCOUNT, Moment)
    __table_args__ = (
        refers("site_id", "site"),
        one_of("employee_number"),
        CheckConstraint("name IS NOT NULL OR telephone IS NOT NULL", name="reachable"),
        found_by("ix_person_name", "name"),
        found_by("ix_person_name_key", "name_key"),
    )

    @validates("name")
    def _renamed(self, _attribute: str, name: str | None) -> str | None:
        self.name_key = None if name is None else key_of(name)
        return name


class Group(Model, Keyed, Created):
    """People of an organization, listed, or found by a rule (a document of `core.target`) at the moment they are asked for."""

    __tablename__ = "people_group"
    name: Mapped[str] = tagged(PLAIN, String(200))
    rule: Mapped[dict[str, Any] | None] = tagged(PLAIN, Json)
    retired_at: Mapped[datetime | None] = tagged(PLAIN, Moment)
    __table_args__ = (one_of("name"),)


class GroupMember(Model, Keyed):
    """A dated membership, so that late pings are judged by the groups of their own time."""

    __tablename__ = "group_member"
    group_id: Mapped[UUID] = tagged(KEY, Uuid)
    person_id: Mapped[UUID] = tagged(KEY, Uuid)
    valid_from: Mapped[datetime] = tagged(ACCOUNT, Moment)
    valid_until: Mapped[datetime | None] = tagged(ACCOUNT, Moment)
    __table_args__ = (
        refers("group_id", "people_group"),
        refers("person_id", "person", ondelete="CASCADE"),
        found_by("ix_group_member_person", "person_id"),
        found_by("uq_group_member_current", "group_id", "person_id", unique=True, where="valid_until IS NULL"),
    )


class Member(Model, Keyed, Created):
    """A person who can sign in to this organization, and as what."""

    __tablename__ = "member"
    person_id: Mapped[UUID] = tagged(KEY, Uuid)
    user_account_id: Mapped[UUID] = tagged(KEY, Uuid, ForeignKey("user_account.id", ondelete="CASCADE"))
    roles: Mapped[list[str]] = tagged(ACCOUNT, ARRAY(Text))
    ended_at: Mapped[datetime | None] = tagged(ACCOUNT, Moment)
    __table_args__ = (
        refers("person_id", "person", ondelete="CASCADE"),
        CheckConstraint(all_among("roles", MEMBER_ROLES), name="roles"),
        found_by("uq_member_account", "user_account_id", unique=True, where="ended_at IS NULL"),
        found_by("uq_member_person", "person_id", unique=True, where="ended_at IS NULL"),
    )


class KioskPass(Model, Tenant):
    """How a person is known at a kiosk: a PIN (argon2id), and the number of the personal code that counts; the next number makes it worthless.

    No row: no PIN, and code 1.
    """

    __tablename__ = "kiosk_pass"
    person_id: Mapped[UUID] = tagged(KEY, Uuid, primary_key=True)
    pin_hash: Mapped[str | None] = tagged(CREDENTIAL, Text)
    code_number: Mapped[int] = tagged(CREDENTIAL, Integer, server_default="1")
    __table_args__ = (refers("person_id", "person", ondelete="CASCADE"), CheckConstraint("code_number > 0", name="code_number"))


class Device(Model, Keyed, Created):
    """A phone of a person or a kiosk of a site, with its own revocable token, stored as SHA-256."""

    __tablename__ = "device"
    person_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    site_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    kind: Mapped[str] = tagged(PLAIN, String(20))
    client: Mapped[str] = tagged(PLAIN, String(20))
    name: Mapped[str] = tagged(ACCOUNT, String(100))
    token_hash: Mapped[bytes] = tagged(CREDENTIAL, LargeBinary(32))
    scopes: Mapped[list[str]] = tagged(PLAIN, ARRAY(Text))
    payload_key: Mapped[bytes | None] = tagged(CREDENTIAL, LargeBinary)
    health: Mapped[dict[str, Any] | None] = tagged(ACCOUNT, Json)
    revoked_at: Mapped[datetime | None] = tagged(SECURITY, Moment)
    __table_args__ = (
        refers("person_id", "person", ondelete="CASCADE"),
        refers("site_id", "site"),
        one_of("token_hash"),
        CheckConstraint("(kind = 'phone') = (person_id IS NOT NULL) AND (kind = 'kiosk') = (site_id IS NOT NULL)", name="holder"),
        CheckConstraint(among("kind", DEVICE_KINDS), name="kind"),
        CheckConstraint(among("client", CLIENTS), name="client"),
        CheckConstraint(all_among("scopes", SCOPES), name="scopes"),
        found_by("ix_device_person", "person_id"),
    )


class Enrolment(Model, Keyed, Created):
    """A short code that turns a phone or kiosk into a device, once."""

    __tablename__ = "enrolment"
    code_hash: Mapped[bytes] = tagged(CREDENTIAL, LargeBinary(32))
    person_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    site_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    kind: Mapped[str] = tagged(PLAIN, String(20))
    client: Mapped[str] = tagged(PLAIN, String(20))
    name: Mapped[str] = tagged(ACCOUNT, String(100))
    expires_at: Mapped[datetime] = tagged(SECURITY, Moment)
    used_at: Mapped[datetime | None] = tagged(SECURITY, Moment)
    __table_args__ = (refers("person_id", "person", ondelete="CASCADE"), refers("site_id", "site"), one_of("code_hash"))
