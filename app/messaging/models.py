"""Tables of messaging. What was said is sealed under the organization's key; who was reached when, and by which channel, is a traffic record."""

from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    Time,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped

from app.core.delivery import CHANNELS, STATUSES
from app.core.reply import REPLIES
from app.db.base import Created, Keyed, Model, Tenant, all_among, among, found_by, one_of, refers
from app.db.tags import ACCOUNT, CONTENT, CREDENTIAL, KEY, MESSAGE, PASSING, PLAIN, TRAFFIC, VISIT, WORDING, tagged
from app.db.types import Json, Moment, Uuid, uuid7

KINDS = ("message", "alert", "notice")
"""`notice`: what the product itself has to tell somebody: an invitation, an arrival."""
EXERCISES = ("actual", "exercise", "test")
SEVERITIES = ("minor", "moderate", "severe", "extreme")
STAGES = ("draft", "approval", "scheduled", "countdown", "active", "ended", "cancelled", "expired", "refused")


class ContactPreference(Model, Tenant, Created):
    """How a person wants to be reached. No row: the organization's channels in their order, no quiet hours, not opted out.

    Quiet hours are local times of the organization's zone and may span midnight. Opting out ends ordinary messages, never a severe actual alert.
    """

    __tablename__ = "contact_preference"
    person_id: Mapped[UUID] = tagged(KEY, Uuid, primary_key=True)
    channels: Mapped[list[str] | None] = tagged(ACCOUNT, ARRAY(Text))
    apprise: Mapped[str | None] = tagged(CREDENTIAL, String(500))
    """An address of a chat or the like, as Apprise writes it. Who knows it can often write there."""
    quiet_from: Mapped[time | None] = tagged(ACCOUNT, Time)
    quiet_until: Mapped[time | None] = tagged(ACCOUNT, Time)
    opted_out_at: Mapped[datetime | None] = tagged(ACCOUNT, Moment)
    opted_out_by: Mapped[str | None] = tagged(ACCOUNT, String(20))
    __table_args__ = (
        refers("person_id", "person", ondelete="CASCADE"),
        CheckConstraint(all_among("channels", CHANNELS), name="channels"),
        CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet_hours"),
        CheckConstraint("(opted_out_at IS NULL) = (opted_out_by IS NULL)", name="opted_out"),
        CheckConstraint(among("opted_out_by", ("person", "stop", "link", "manager")), name="opted_out_by"),
    )


class PushSubscription(Model, Keyed, Created):
    """A browser that takes pushes for a person. Deleted when its service answers 404 or 410, and with the session that made it."""

    __tablename__ = "push_subscription"
    person_id: Mapped[UUID] = tagged(KEY, Uuid)
    session_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    endpoint: Mapped[str] = tagged(CREDENTIAL, String(1000))
    endpoint_hash: Mapped[bytes] = tagged(CREDENTIAL, LargeBinary(32))
    p256dh: Mapped[str] = tagged(CREDENTIAL, String(100))
    auth: Mapped[str] = tagged(CREDENTIAL, String(50))
    browser: Mapped[str] = tagged(ACCOUNT, String(100), server_default="")
    last_ok_at: Mapped[datetime | None] = tagged(ACCOUNT, Moment)
    __table_args__ = (
        refers("person_id", "person", ondelete="CASCADE"),
        one_of("endpoint_hash"),
        found_by("ix_push_subscription_person", "person_id"),
    )


class MessageTemplate(Model, Keyed, Created):
    """A text prepared ahead, with named fields. Its versions are never overwritten; a message names the version it was made from."""

    __tablename__ = "message_template"
    name: Mapped[str] = tagged(PLAIN, String(200))
    retired_at: Mapped[datetime | None] = tagged(PLAIN, Moment)
    __table_args__ = (one_of("name"),)


class TemplateVersion(Model, Keyed, Created):
    """The sealed texts of a template: {locale: {"subject", "body"}}."""

    __tablename__ = "message_template_version"
    template_id: Mapped[UUID] = tagged(KEY, Uuid)
    number: Mapped[int] = tagged(PLAIN, Integer)
    sealed_texts: Mapped[bytes] = tagged(WORDING, LargeBinary)
    changed_by: Mapped[UUID | None] = tagged(ACCOUNT, Uuid)
    __table_args__ = (refers("template_id", "message_template", ondelete="CASCADE"), one_of("template_id", "number"))


class Message(Model, Keyed, Created):
    """One text to many recipients. An alert has a severity, a target that goes on counting while it is active, and a life (`stage`).

    The id may be the client's own, so that a second click is the same message for ever. `sealed_texts`: as a template's; null once deleted. `target`: a
    document of `core.target`. `plan`: a document of `core.escalation`. What was true when it was written stays: changes are `MessageUpdate`s.
    """

    __tablename__ = "message"
    kind: Mapped[str] = tagged(PLAIN, String(10))
    exercise: Mapped[str] = tagged(PLAIN, String(10))
    severity: Mapped[str] = tagged(PLAIN, String(10))
    stage: Mapped[str] = tagged(PLAIN, String(10))
    target: Mapped[dict[str, Any]] = tagged(MESSAGE, Json)
    channels: Mapped[list[str]] = tagged(PLAIN, ARRAY(Text))
    sealed_texts: Mapped[bytes | None] = tagged(CONTENT, LargeBinary)
    template_version_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    plan: Mapped[dict[str, Any]] = tagged(PLAIN, Json)
    asks_reply: Mapped[bool] = tagged(PLAIN, Boolean)
    late_entry: Mapped[bool] = tagged(PLAIN, Boolean)
    in_their_zone: Mapped[bool] = tagged(PLAIN, Boolean, server_default="false")
    """Whether `due_at` is a wall-clock time of each recipient's site, rather than one moment."""
    sender_id: Mapped[UUID | None] = tagged(MESSAGE, Uuid)
    approved_by: Mapped[UUID | None] = tagged(MESSAGE, Uuid)
    area_fence_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    """The temporary fence of a drawn area."""
    due_at: Mapped[datetime | None] = tagged(PLAIN, Moment)
    active_at: Mapped[datetime | None] = tagged(PLAIN, Moment)
    expires_at: Mapped[datetime | None] = tagged(PLAIN, Moment)
    ended_at: Mapped[datetime | None] = tagged(PLAIN, Moment)
    ended_by: Mapped[UUID | None] = tagged(MESSAGE, Uuid)
    cap_identifier: Mapped[str | None] = tagged(PLAIN, String(200))
    """Of the CAP message this draft was made from."""
    revision: Mapped[int] = tagged(PLAIN, Integer, server_default="1")
    __table_args__ = (
        refers("template_version_id", "message_template_version"),
        refers("sender_id", "person"),
        refers("approved_by", "person"),
        refers("ended_by", "person"),
        refers("area_fence_id", "geofence"),
        CheckConstraint(among("kind", KINDS), name="kind"),
        CheckConstraint(among("exercise", EXERCISES), name="exercise"),
        CheckConstraint(among("severity", SEVERITIES), name="severity"),
        CheckConstraint(among("stage", STAGES), name="stage"),
        CheckConstraint(all_among("channels", CHANNELS), name="channels"),
        CheckConstraint("approved_by <> sender_id", name="second_person"),
        found_by("ix_message_created", "created_at"),
        found_by("ix_message_active", "id", where="stage IN ('scheduled', 'countdown', 'active') AND kind = 'alert'"),
        found_by("uq_message_cap", "cap_identifier", unique=True, where="cap_identifier IS NOT NULL"),
    )


class MessageUpdate(Model, Keyed, Created):
    """What was sent later to those who had the message: an update, the all clear, a cancellation. Number 0 is the message itself and has no row."""

    __tablename__ = "message_update"
    message_id: Mapped[UUID] = tagged(KEY, Uuid)
    number: Mapped[int] = tagged(PLAIN, SmallInteger)
    kind: Mapped[str] = tagged(PLAIN, String(10))
    sealed_texts: Mapped[bytes | None] = tagged(CONTENT, LargeBinary)
    sender_id: Mapped[UUID | None] = tagged(MESSAGE, Uuid)
    __table_args__ = (
        refers("message_id", "message", ondelete="CASCADE"),
        refers("sender_id", "person"),
        one_of("message_id", "number"),
        CheckConstraint(among("kind", ("update", "all_clear", "cancel")), name="kind"),
    )


class Guest(Model, Keyed, Created):
    """Somebody who can be reached and is none of the organization's people: a visitor, whose id it has. Deleted with the visitor.

    `sealed`: {"name", "telephone", "email"} as JSON, under the organization's key. `channels`: those they have an address for, so that nothing is
    opened before it is sent.
    """

    __tablename__ = "guest"
    locale: Mapped[str] = tagged(PLAIN, String(2))
    channels: Mapped[list[str]] = tagged(PLAIN, ARRAY(Text), server_default="{}")
    sealed: Mapped[bytes] = tagged(VISIT, LargeBinary)


class Recipient(Model, Keyed, Created):
    """Somebody a message is for, a person or a guest: once, ever. `possibly`: their fence only touches the drawn area. `late`: came in while the alert was active.

    `reply_hash` is the SHA-256 of the token in their reply link. `step` is how far escalation went for them.
    """

    __tablename__ = "recipient"
    message_id: Mapped[UUID] = tagged(KEY, Uuid)
    person_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    guest_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    possibly: Mapped[bool] = tagged(MESSAGE, Boolean, server_default="false")
    late: Mapped[bool] = tagged(MESSAGE, Boolean, server_default="false")
    reply_hash: Mapped[bytes] = tagged(CREDENTIAL, LargeBinary(32))
    reply: Mapped[str | None] = tagged(MESSAGE, String(20))
    replied_at: Mapped[datetime | None] = tagged(MESSAGE, Moment)
    step: Mapped[int] = tagged(PLAIN, SmallInteger, server_default="0")
    unreachable: Mapped[str | None] = tagged(MESSAGE, String(40))
    """Why nothing could be sent at all: no_address, opted_out, quiet_hours."""
    __table_args__ = (
        refers("message_id", "message", ondelete="CASCADE"),
        refers("person_id", "person", ondelete="CASCADE"),
        refers("guest_id", "guest", ondelete="CASCADE"),
        one_of("message_id", "person_id"),
        one_of("message_id", "guest_id"),
        one_of("reply_hash"),
        CheckConstraint("num_nonnulls(person_id, guest_id) = 1", name="somebody"),
        CheckConstraint(among("reply", REPLIES), name="reply"),
        found_by("ix_recipient_person", "person_id", "created_at"),
        found_by("ix_recipient_guest", "guest_id", where="guest_id IS NOT NULL"),
    )


WHO: Final = func.coalesce(Recipient.person_id, Recipient.guest_id)
"""The person or guest that a recipient is. A guest has a visitor's id, and no person has that."""


class Delivery(Model, Keyed, Created):
    """One message (or update) to one recipient over one channel, in one step of the escalation. Its status only climbs (`core.delivery`).

    `submitted_at` is set and committed before a provider is called: a delivery found submitted and without outcome may have been sent.
    """

    __tablename__ = "delivery"
    message_id: Mapped[UUID] = tagged(KEY, Uuid)
    recipient_id: Mapped[UUID] = tagged(KEY, Uuid)
    update_number: Mapped[int] = tagged(PLAIN, SmallInteger, server_default="0")
    step: Mapped[int] = tagged(PLAIN, SmallInteger)
    channel: Mapped[str] = tagged(PLAIN, String(10))
    subscription_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    status: Mapped[str] = tagged(PLAIN, String(20), server_default="queued")
    reason: Mapped[str | None] = tagged(PLAIN, String(60))
    provider: Mapped[str | None] = tagged(PLAIN, String(60))
    provider_ids: Mapped[list[str] | None] = tagged(TRAFFIC, ARRAY(Text))
    parts: Mapped[int | None] = tagged(PLAIN, SmallInteger)
    tries: Mapped[int] = tagged(PLAIN, SmallInteger, server_default="0")
    may_be_double: Mapped[bool] = tagged(PLAIN, Boolean, server_default="false")
    due_at: Mapped[datetime] = tagged(PLAIN, Moment)
    submitted_at: Mapped[datetime | None] = tagged(PLAIN, Moment)
    handed_over_at: Mapped[datetime | None] = tagged(PLAIN, Moment)
    settled_at: Mapped[datetime | None] = tagged(PLAIN, Moment)
    __table_args__ = (
        refers("message_id", "message", ondelete="CASCADE"),
        refers("recipient_id", "recipient", ondelete="CASCADE"),
        UniqueConstraint(
            *("organization_id", "recipient_id", "update_number", "step", "channel", "subscription_id"),
            name="uq_delivery_once",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint(among("channel", CHANNELS), name="channel"),
        CheckConstraint(among("status", STATUSES), name="status"),
        found_by("ix_delivery_message", "message_id", "recipient_id"),
        found_by("ix_delivery_waiting", "due_at", where="status IN ('queued', 'retry', 'submitting', 'unknown')"),
    )


class Receipt(Model, Keyed, Created):
    """What a provider sent, as it came and sealed, before anything is made of it. Unmatched ones are kept and tried again.

    `message_ref` is the provider's own id of the message, normalized; `kind` receipt or inbound.
    """

    __tablename__ = "receipt"
    provider: Mapped[str] = tagged(PLAIN, String(60))
    kind: Mapped[str] = tagged(PLAIN, String(10))
    sealed_raw: Mapped[bytes] = tagged(CONTENT, LargeBinary)
    message_ref: Mapped[str | None] = tagged(TRAFFIC, String(100))
    status: Mapped[str | None] = tagged(PLAIN, String(20))
    tries: Mapped[int] = tagged(PLAIN, SmallInteger, server_default="0")
    matched_at: Mapped[datetime | None] = tagged(PLAIN, Moment)
    delivery_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    __table_args__ = (
        CheckConstraint(among("kind", ("receipt", "inbound")), name="kind"),
        found_by("ix_receipt_waiting", "created_at", where="matched_at IS NULL"),
    )


class ProviderReference(Model):
    """Which organization a provider's receipt, or a text from a number, is for. Global: whoever sends them serves several organizations and knows none.

    `ref`: the provider's id of a message, normalized; or, with `provider` "number", the keyed hash of a number that was texted last by this
    organization. It holds no more than that, and only for days.
    """

    __tablename__ = "provider_reference"
    provider: Mapped[str] = tagged(PLAIN, String(60), primary_key=True)
    ref: Mapped[str] = tagged(PASSING, String(100), primary_key=True)
    organization_id: Mapped[int] = tagged(KEY, BigInteger, ForeignKey("organization.id", ondelete="CASCADE"))
    delivery_id: Mapped[UUID] = tagged(KEY, Uuid)
    expires_at: Mapped[datetime] = tagged(PLAIN, Moment, index=True)


class StrayReceipt(Model, Created):
    """What a provider sent before anybody could say which organization it is for: whole, sealed by the installation, and tried again. Global."""

    __tablename__ = "stray_receipt"
    id: Mapped[UUID] = tagged(KEY, Uuid, primary_key=True, default=uuid7)
    sealed: Mapped[bytes] = tagged(PASSING, LargeBinary)
    tries: Mapped[int] = tagged(PLAIN, SmallInteger, server_default="0")


class Reply(Model, Keyed, Created):
    """What somebody answered, and everything that came in: matched to a recipient, or from a number that nobody of the organization has."""

    __tablename__ = "reply"
    message_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    recipient_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    person_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    kind: Mapped[str] = tagged(MESSAGE, String(20))
    channel: Mapped[str] = tagged(PLAIN, String(10))
    sealed_text: Mapped[bytes | None] = tagged(CONTENT, LargeBinary)
    sealed_sender: Mapped[bytes | None] = tagged(CONTENT, LargeBinary)
    """The number it came from, when it is nobody's."""
    said_at: Mapped[datetime] = tagged(MESSAGE, Moment)
    read_at: Mapped[datetime | None] = tagged(PLAIN, Moment)
    __table_args__ = (
        refers("message_id", "message", ondelete="CASCADE"),
        refers("recipient_id", "recipient", ondelete="CASCADE"),
        refers("person_id", "person", ondelete="CASCADE"),
        CheckConstraint(among("kind", (*REPLIES, "text", "stop", "start", "unknown")), name="kind"),
        CheckConstraint(among("channel", ("app", "link", "sms", "email")), name="channel"),
        found_by("ix_reply_message", "message_id", "said_at"),
        found_by("ix_reply_said", "said_at"),
        found_by("ix_reply_recipient", "recipient_id"),
    )


class TrafficRecord(Model, Keyed):
    """Who sent when, by which channel, to which number or address. Never content. Its id is the delivery's; it outlives the message."""

    __tablename__ = "traffic_record"
    at: Mapped[datetime] = tagged(TRAFFIC, Moment)
    message_id: Mapped[UUID] = tagged(TRAFFIC, Uuid)
    sender: Mapped[str] = tagged(TRAFFIC, String(200))
    """Sign-in name of the account, or what made it: staffing, visitors."""
    channel: Mapped[str] = tagged(TRAFFIC, String(10))
    address: Mapped[str] = tagged(TRAFFIC, String(254))
    """Number or e-mail address; for a push the person's id."""
    status: Mapped[str] = tagged(TRAFFIC, String(20))
    purge_after: Mapped[date] = tagged(PLAIN, Date)
    __table_args__ = (
        CheckConstraint(among("channel", CHANNELS), name="channel"),
        found_by("ix_traffic_record_at", "at"),
        found_by("ix_traffic_record_address", "address"),
        found_by("ix_traffic_record_purge", "purge_after"),
    )


class StaffingRule(Model, Keyed, Created):
    """At least so many of a group inside a fence during weekly hours: warns when presence falls below, and when it recovers."""

    __tablename__ = "staffing_rule"
    name: Mapped[str] = tagged(PLAIN, String(200))
    group_id: Mapped[UUID] = tagged(KEY, Uuid)
    fence_id: Mapped[UUID] = tagged(KEY, Uuid)
    at_least: Mapped[int] = tagged(PLAIN, SmallInteger)
    weekdays: Mapped[list[int]] = tagged(PLAIN, ARRAY(SmallInteger))
    starts_at: Mapped[time] = tagged(PLAIN, Time)
    ends_at: Mapped[time] = tagged(PLAIN, Time)
    warns_group_id: Mapped[UUID] = tagged(KEY, Uuid)
    below_since: Mapped[datetime | None] = tagged(PLAIN, Moment)
    enough_since: Mapped[datetime | None] = tagged(PLAIN, Moment)
    """While below: since when there are enough again, before that is believed (`core.staffing`)."""
    retired_at: Mapped[datetime | None] = tagged(PLAIN, Moment)
    __table_args__ = (
        refers("group_id", "people_group"),
        refers("fence_id", "geofence"),
        refers("warns_group_id", "people_group"),
        one_of("name"),
        CheckConstraint("at_least > 0", name="at_least"),
    )


class MessagingSettings(Model, Tenant):
    """The organization's choices. No row: the defaults."""

    __tablename__ = "messaging_settings"
    channels: Mapped[list[str]] = tagged(PLAIN, ARRAY(Text), server_default="{push,sms,email}")
    sender_name: Mapped[str | None] = tagged(PLAIN, String(11))
    approval: Mapped[bool] = tagged(PLAIN, Boolean, server_default="false")
    """An actual alert needs a second person."""
    countdown_s: Mapped[int] = tagged(PLAIN, SmallInteger, server_default="10")
    plan: Mapped[dict[str, Any]] = tagged(PLAIN, Json, server_default="{}")
    content_days: Mapped[int] = tagged(PLAIN, SmallInteger, server_default="90")
    """After so many days the text of a message is deleted; the traffic record stays for its own term."""
    __table_args__ = (
        CheckConstraint(all_among("channels", CHANNELS), name="channels"),
        CheckConstraint("countdown_s BETWEEN 0 AND 60 AND content_days BETWEEN 1 AND 400", name="ranges"),
    )
