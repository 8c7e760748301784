"""Bodies and answers of privacy over HTTP."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from app.accounts.service import contact
from app.core.consent import Evaluation
from app.web.fields import Locale, Name, Prose, Weekdays, Zone
from app.web.paging import PageQuery
from app.web.parsing import Answer, Day, Moment, Query, Strict, TimeOfDay

Version = Annotated[str, Field(min_length=1, max_length=20)]
Reference = Annotated[str, Field(min_length=1, max_length=200)]


class LocaleQuery(Query):
    """Which language."""

    locale: Locale = "nl"


class TextOut(Answer):
    """A published text, in Markdown. `sha256` is of its UTF-8 bytes."""

    version: str
    locale: str
    changed_on: date
    sha256: str
    text: str


class StatementIn(Strict):
    """Which privacy statement is accepted, and the name of who accepts it for the organization."""

    statement_version: Version
    locale: Locale
    accepted_by: Name


class AcceptanceOut(Answer):
    """An acceptance of a statement, for good."""

    version: str
    locale: str
    sha256: str
    accepted_by: str
    accepted_at: datetime


class StandingOut(Answer):
    """What was accepted last; `awaits` is the version to be accepted now, null when there is none."""

    accepted: AcceptanceOut | None
    awaits: str | None


class RegistrationIn(Strict):
    """A new organization. The five facts are needed for the agreement, invoices, answers and faults; without them there can be no account.

    Nothing else is mandatory but an accepted privacy statement.
    """

    name: Name
    contact_name: Name
    billing_address: Prose
    telephone: Annotated[str, Field(max_length=40), AfterValidator(contact.telephone)]
    email: Annotated[str, Field(max_length=254), AfterValidator(contact.email)]
    statement: StatementIn
    slug: Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", max_length=63)] | None = None
    locale: Locale = "nl"


class RegistrationOut(Answer):
    """The organization, and how its first owner signs in, once. The password is shown here and never again."""

    id: int
    slug: str
    name: str
    sign_in_name: str
    one_time_password: str
    expires_at: datetime


class InstructionIn(Strict):
    """What the organization signs. `starts_at` left out: at once."""

    signed_by: Name
    signed_role: Name
    purposes: Annotated[list[Literal["attendance", "safety"]], Field(min_length=1, max_length=2)]
    legal_basis: Literal["legitimate_interest", "legal_obligation", "contract", "vital_interest", "public_task", "consent"]
    notice_version: Version
    alternatives: Annotated[
        list[Literal["button", "kiosk", "qr", "manager"]],
        Field(min_length=1, max_length=4, description="Ways to clock in without location: one at least."),
    ]
    dpia_reference: Reference | None = None
    works_council_reference: Reference | None = None
    evaluation: Evaluation = "on_server"
    starts_at: Moment | None = None


class WithdrawalIn(Strict):
    """Who withdraws."""

    withdrawn_by: Name


class InstructionOut(Answer):
    """A signed instruction. `warnings` say what to think over; they forbid nothing."""

    id: UUID
    signed_by: str
    signed_role: str
    signed_at: datetime
    purposes: list[str]
    legal_basis: str
    dpia_reference: str | None
    works_council_reference: str | None
    notice_version: str
    alternatives: list[str]
    evaluation: Evaluation
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    warnings: list[str]


class SwitchOnIn(Strict):
    """The location notice that was read and accepted."""

    notice_version: Version
    locale: Locale


class PauseIn(Strict):
    """How long: until a moment, or for some hours. One of them."""

    until: Moment | None = None
    hours: Annotated[int, Field(ge=1, le=744)] | None = None


class TrackingDeviceIn(Strict):
    """The phone that speaks for the person from now on."""

    device_id: Annotated[UUID, Field(strict=False)]


class SwitchOut(Answer):
    """How the switch stands."""

    state: Literal["on", "off", "paused"]
    since: datetime | None
    paused_until: datetime | None
    tracking_device_id: UUID | None
    notice_version: str | None
    notice_awaits: bool


class SwitchEventOut(Answer):
    """One act of the person, for good."""

    id: UUID
    kind: str
    at: datetime
    until: datetime | None
    device_id: UUID | None
    notice_version: str | None
    notice_sha256: str | None
    locale: str | None
    channel: str


class WeeklyIn(Strict):
    """A week. Weekdays are ISO (1 is Monday) and mean the day on which it starts; an end at or before the start is on the next day (equal: 24 hours)."""

    weekdays: Weekdays
    starts_at: TimeOfDay
    ends_at: TimeOfDay
    timezone: Zone | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None


class WindowIn(WeeklyIn):
    """A new window, of a person or of a group."""

    person_id: Annotated[UUID, Field(strict=False)] | None = None
    group_id: Annotated[UUID, Field(strict=False)] | None = None


class WindowOut(Answer):
    """A working window."""

    id: UUID
    person_id: UUID | None
    group_id: UUID | None
    weekdays: list[int]
    starts_at: TimeOfDay
    ends_at: TimeOfDay
    timezone: str
    valid_from: date
    valid_until: date | None


class WindowQuery(PageQuery):
    """Whose windows: of a person (by groups too), or of a group."""

    person_id: UUID | None = None
    group_id: UUID | None = None


class ProcessingOut(Answer):
    """Columns of one table that are kept for one purpose, as one class of data, for one term."""

    purpose: str
    data_class: str
    term: str
    table: str
    columns: list[str]
    recipients: str


class RefusalsQuery(Query):
    """Days, both included (UTC)."""

    first: Annotated[Day, Field(alias="from")]
    until: Day


class RefusedOut(Answer):
    """How many pings were refused, by day and reason. Nobody can be told from it."""

    day: date
    reason: str
    count: int
