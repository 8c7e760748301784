"""Tables of privacy: what the organization asked for, what the person allowed, and when. The ledgers are append-only."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKeyConstraint, Integer, LargeBinary, SmallInteger, String, Text, Time
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped

from app.core.consent import Evaluation
from app.db.base import Created, Keyed, Model, Tenant, all_among, among, found_by, refers
from app.db.tags import ACCOUNT, CONSENT, CREDENTIAL, KEY, PLAIN, tagged
from app.db.types import Json, Moment, Uuid

PURPOSES = ("attendance", "safety")
ALTERNATIVES = ("button", "kiosk", "qr", "manager")
LEGAL_BASES = ("legitimate_interest", "legal_obligation", "contract", "vital_interest", "public_task", "consent")
CONSENT_WARNING = "Consent is seldom a valid basis at work, because an employee can hardly refuse. Choose another basis, or make sure that refusing costs nothing."
DPIA_WARNING = "No impact assessment (DPIA) is named. Following employees by location usually requires one before you begin."


class StatementVersion(Model, Created):
    """A published privacy statement; its text is bound by its hash. Global."""

    __tablename__ = "statement_version"
    version: Mapped[str] = tagged(PLAIN, String(20), primary_key=True)
    locale: Mapped[str] = tagged(PLAIN, String(2), primary_key=True)
    changed_on: Mapped[date] = tagged(PLAIN, Date)
    traffic_months: Mapped[int] = tagged(PLAIN, SmallInteger)
    sha256: Mapped[str] = tagged(PLAIN, String(64))


class StatementAcceptance(Model, Keyed):
    """An organization's acceptance of a statement version: by whom, when, which text."""

    __tablename__ = "statement_acceptance"
    version: Mapped[str] = tagged(CONSENT, String(20))
    locale: Mapped[str] = tagged(CONSENT, String(2))
    sha256: Mapped[str] = tagged(CONSENT, String(64))
    accepted_by: Mapped[str] = tagged(CONSENT, String(200))
    accepted_at: Mapped[datetime] = tagged(CONSENT, Moment)
    __table_args__ = (ForeignKeyConstraint(["version", "locale"], ["statement_version.version", "statement_version.locale"]),)


class Instruction(Model, Keyed, Created):
    """The organization's signed request to process locations. Without a valid one every ping is refused. Withdrawing sets `withdrawn_at`; nothing else ever changes."""

    __tablename__ = "instruction"
    signed_by: Mapped[str] = tagged(CONSENT, String(200))
    signed_role: Mapped[str] = tagged(CONSENT, String(200))
    signed_at: Mapped[datetime] = tagged(CONSENT, Moment)
    purposes: Mapped[list[str]] = tagged(CONSENT, ARRAY(Text))
    legal_basis: Mapped[str] = tagged(CONSENT, String(30))
    dpia_reference: Mapped[str | None] = tagged(CONSENT, String(200))
    works_council_reference: Mapped[str | None] = tagged(CONSENT, String(200))
    notice_version: Mapped[str] = tagged(CONSENT, String(20))
    alternatives: Mapped[list[str]] = tagged(CONSENT, ARRAY(Text))
    evaluation: Mapped[Evaluation] = tagged(CONSENT, String(10), server_default="on_server")
    withdrawn_at: Mapped[datetime | None] = tagged(CONSENT, Moment)
    withdrawn_by: Mapped[str | None] = tagged(CONSENT, String(200))
    __table_args__ = (
        CheckConstraint(all_among("purposes", PURPOSES), name="purposes"),
        CheckConstraint(all_among("alternatives", ALTERNATIVES), name="alternatives"),
        CheckConstraint(among("legal_basis", LEGAL_BASES), name="legal_basis"),
        CheckConstraint("evaluation IN ('on_server', 'on_device')", name="evaluation"),
        found_by("uq_instruction_current", unique=True, where="withdrawn_at IS NULL"),
    )

    @property
    def warnings(self) -> list[str]:
        """What a careful owner should think over; none of it forbids anything."""
        found = {CONSENT_WARNING: self.legal_basis == "consent", DPIA_WARNING: self.dpia_reference is None}
        return [text for text, applies in found.items() if applies]


class SwitchEvent(Model, Keyed, Created):
    """The append-only ledger of a person's switch: on, off, pause, resume, tracking device chosen, notice read."""

    __tablename__ = "switch_event"
    person_id: Mapped[UUID] = tagged(KEY, Uuid)
    kind: Mapped[str] = tagged(CONSENT, String(20))
    at: Mapped[datetime] = tagged(CONSENT, Moment)
    until: Mapped[datetime | None] = tagged(CONSENT, Moment)
    device_id: Mapped[UUID | None] = tagged(CONSENT, Uuid)
    notice_version: Mapped[str | None] = tagged(CONSENT, String(20))
    notice_sha256: Mapped[str | None] = tagged(CONSENT, String(64))
    locale: Mapped[str | None] = tagged(CONSENT, String(2))
    channel: Mapped[str] = tagged(CONSENT, String(20))
    __table_args__ = (
        refers("person_id", "person", ondelete="CASCADE"),
        CheckConstraint("kind IN ('on', 'off', 'pause', 'resume', 'device', 'notice')", name="kind"),
        found_by("ix_switch_event_person", "person_id", "at"),
    )


class Gate(Model, Tenant):
    """What the gate must know of one person, in one row, so that the hot path reads it by key.

    A projection of the ledger and the windows, rewritten in the transaction that changes either.
    """

    __tablename__ = "gate"
    person_id: Mapped[UUID] = tagged(KEY, Uuid, primary_key=True)
    body: Mapped[dict[str, Any]] = tagged(CONSENT, Json)
    __table_args__ = (refers("person_id", "person", ondelete="CASCADE"),)


class WorkingWindow(Model, Keyed, Created):
    """When the location of a person (or of a group's people) may be looked at: weekly, in local time. No window at all: always.

    It counts from `created_at` until `ended_at`; an edit ends the row and makes another, so that the past stays as it was.
    """

    __tablename__ = "working_window"
    person_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    group_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    weekdays: Mapped[list[int]] = tagged(ACCOUNT, ARRAY(SmallInteger))
    starts_at: Mapped[time] = tagged(ACCOUNT, Time)
    ends_at: Mapped[time] = tagged(ACCOUNT, Time)
    timezone: Mapped[str] = tagged(PLAIN, String(64))
    valid_from: Mapped[date] = tagged(ACCOUNT, Date)
    valid_until: Mapped[date | None] = tagged(ACCOUNT, Date)
    ended_at: Mapped[datetime | None] = tagged(ACCOUNT, Moment)
    __table_args__ = (
        refers("person_id", "person", ondelete="CASCADE"),
        refers("group_id", "people_group"),
        CheckConstraint("(person_id IS NULL) <> (group_id IS NULL)", name="holder"),
        CheckConstraint("weekdays <@ ARRAY[1, 2, 3, 4, 5, 6, 7]::smallint[] AND cardinality(weekdays) > 0", name="weekdays"),
        found_by("ix_working_window_person", "person_id"),
        found_by("ix_working_window_group", "group_id"),
    )


class RefusalCount(Model, Tenant):
    """How many pings were refused, by day and reason, and nothing else of them. `slot` spreads writers over rows."""

    __tablename__ = "refusal_count"
    day: Mapped[date] = tagged(PLAIN, Date, primary_key=True)
    reason: Mapped[str] = tagged(PLAIN, String(30), primary_key=True)
    slot: Mapped[int] = tagged(PLAIN, SmallInteger, primary_key=True)
    count: Mapped[int] = tagged(PLAIN, Integer)


class OrganizationKey(Model, Keyed, Created):
    """The key under which an organization's content is sealed, itself wrapped under the installation's.

    Destroying it destroys what it sealed. Older dumps still hold it, wrapped.
    """

    __tablename__ = "organization_key"
    wrapped: Mapped[bytes | None] = tagged(CREDENTIAL, LargeBinary)
    destroyed_at: Mapped[datetime | None] = tagged(PLAIN, Moment)
    __table_args__ = (
        CheckConstraint("(wrapped IS NULL) = (destroyed_at IS NOT NULL)", name="destroyed"),
        found_by("uq_organization_key_current", unique=True, where="destroyed_at IS NULL"),
    )
