"""Tables of visits and of the roll call.

A visitor is known for one invitation, or one walk-in, and for nothing else: nobody is recognized again. What they told beyond their name stands in
`visitor_field`, sealed, each field with its own day of deletion. Terms hang on the expected end of a visit, never on a check-out.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, Integer, LargeBinary, SmallInteger, String, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped

from app.db.base import Created, Keyed, Model, Tenant, among, found_by, one_of, refers
from app.db.tags import CREDENTIAL, KEY, PLAIN, ROLL_CALL, SIGNED, VISIT, WATCHED, tagged
from app.db.types import Json, Moment, Uuid

VISIT_KINDS = ("visitor", "contractor", "delivery")
FIELDS = ("company", "telephone", "email", "plate", "photo")
STATES = ("expected", "waiting", "on_site", "left_confirmed", "left_assumed", "refused", "cancelled")
"""`waiting`: arrived, and somebody must approve first. `left_assumed`: ended by the clock; on every roll call of that day."""
WAYS_IN = ("kiosk", "code", "reception", "host", "link", "webhook")
WAYS_OUT = ("kiosk", "code", "reception", "host", "link", "webhook", "clock")
ANSWERS = ("coming", "send_someone", "not_today")
CHAIN = ("host", "delegate", "department", "default_host", "reception")
REASONS = ("violence", "theft", "threat", "trespass", "other")
MARKS = ("safe", "missing", "need_help", "not_here", "withdrawn")
MARKED_BY = ("responder", "self", "reply", "host")
BASES = ("inside", "unknown", "clocked_in", "visit", "left_assumed", "added")


class VisitType(Model, Keyed, Created):
    """What an organization asks of one kind of visit. `fields`: {field: {"purpose": {locale: why}, "days": n, "required": bool}}; absent: not asked.

    `keep_days`: after the expected end, the visit and its visitor are deleted. `ends_after_min`: how long a walk-in is expected to stay, and how long
    after the expected end a visit is assumed to have ended is `assumed_after_min`. `overstay_after_min`: when the host is asked; null: never.
    """

    __tablename__ = "visit_type"
    name: Mapped[str] = tagged(PLAIN, String(100))
    kind: Mapped[str] = tagged(PLAIN, String(12))
    fields: Mapped[dict[str, Any]] = tagged(PLAIN, Json, server_default="{}")
    agreement_ids: Mapped[list[UUID]] = tagged(PLAIN, ARRAY(Uuid), server_default="{}")
    ends_after_min: Mapped[int] = tagged(PLAIN, Integer, server_default="480")
    assumed_after_min: Mapped[int] = tagged(PLAIN, Integer, server_default="240")
    overstay_after_min: Mapped[int | None] = tagged(PLAIN, Integer)
    walk_in: Mapped[bool] = tagged(PLAIN, Boolean, server_default="true")
    approval: Mapped[bool] = tagged(PLAIN, Boolean, server_default="false")
    """A walk-in waits until the host or the reception lets them in."""
    badge: Mapped[bool] = tagged(PLAIN, Boolean, server_default="true")
    keep_days: Mapped[int] = tagged(PLAIN, SmallInteger, server_default="30")
    retired_at: Mapped[datetime | None] = tagged(PLAIN, Moment)
    __table_args__ = (
        one_of("name"),
        CheckConstraint(among("kind", VISIT_KINDS), name="kind"),
        CheckConstraint(
            "ends_after_min BETWEEN 5 AND 10080 AND assumed_after_min BETWEEN 0 AND 2880 AND keep_days BETWEEN 1 AND 400", name="ranges"
        ),
    )


class VisitSettings(Model, Tenant):
    """How a site receives. No row: nobody by default, and the chain host, delegate, default host, reception; a minute each.

    `chain`: [{"who": one of CHAIN, "seconds": n, "channels": [..]}], in order. `directions`, `house_rules`: {locale: text}, sent with invitations.
    """

    __tablename__ = "visit_settings"
    site_id: Mapped[UUID] = tagged(KEY, Uuid, primary_key=True)
    default_host_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    reception_group_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    chain: Mapped[list[dict[str, Any]]] = tagged(PLAIN, Json, server_default="[]")
    directions: Mapped[dict[str, str]] = tagged(PLAIN, Json, server_default="{}")
    house_rules: Mapped[dict[str, str]] = tagged(PLAIN, Json, server_default="{}")
    assembly_number: Mapped[int] = tagged(PLAIN, Integer, server_default="1")
    """The code at the assembly point that counts; the next number makes the old poster worthless."""
    __table_args__ = (
        refers("site_id", "site", ondelete="CASCADE"),
        refers("default_host_id", "person"),
        refers("reception_group_id", "people_group"),
    )


class HostDelegate(Model, Tenant, Created):
    """Who receives somebody's visitors when they do not come, and which group is their department for this."""

    __tablename__ = "host_delegate"
    person_id: Mapped[UUID] = tagged(KEY, Uuid, primary_key=True)
    delegate_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    department_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    __table_args__ = (
        refers("person_id", "person", ondelete="CASCADE"),
        refers("delegate_id", "person", ondelete="CASCADE"),
        refers("department_id", "people_group", ondelete="CASCADE"),
        CheckConstraint("delegate_id <> person_id", name="not_oneself"),
    )


class Invitation(Model, Keyed, Created):
    """Planned visits: of one visitor or of a group, once or by a rule (RFC 5545 RRULE, always with an end). `uid` and `sequence` are the calendar's.

    `starts_at` and `ends_at` are the first time; repetitions keep the wall clock of `timezone`.
    """

    __tablename__ = "invitation"
    site_id: Mapped[UUID] = tagged(KEY, Uuid)
    visit_type_id: Mapped[UUID] = tagged(KEY, Uuid)
    host_id: Mapped[UUID | None] = tagged(VISIT, Uuid)
    invited_by: Mapped[UUID | None] = tagged(VISIT, Uuid)
    sealed_subject: Mapped[bytes | None] = tagged(VISIT, LargeBinary)
    """What it is about, in the host's words: sealed."""
    starts_at: Mapped[datetime] = tagged(VISIT, Moment)
    ends_at: Mapped[datetime] = tagged(VISIT, Moment)
    timezone: Mapped[str] = tagged(PLAIN, String(60))
    rule: Mapped[str | None] = tagged(PLAIN, String(500))
    sequence: Mapped[int] = tagged(PLAIN, Integer, server_default="0")
    cancelled_at: Mapped[datetime | None] = tagged(PLAIN, Moment)
    revision: Mapped[int] = tagged(PLAIN, Integer, server_default="1")
    purge_after: Mapped[date] = tagged(PLAIN, Date)
    """After the last visit's expected end and the type's days."""
    __table_args__ = (
        refers("site_id", "site"),
        refers("visit_type_id", "visit_type"),
        refers("host_id", "person"),
        refers("invited_by", "person"),
        CheckConstraint("ends_at > starts_at", name="order"),
        found_by("ix_invitation_purge", "purge_after"),
    )


class Visitor(Model, Keyed, Created):
    """Somebody who is invited, or walked in. `link_hash`: SHA-256 of the token in their personal link; `code_hash`: keyed hash of their six digits.

    Their name and fields are theirs to correct and to withdraw; erased, the row is gone and the visits with it, once nobody is on site.
    """

    __tablename__ = "visitor"
    invitation_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    name: Mapped[str] = tagged(VISIT, String(200))
    locale: Mapped[str] = tagged(PLAIN, String(2))
    link_hash: Mapped[bytes] = tagged(CREDENTIAL, LargeBinary(32))
    code_hash: Mapped[bytes | None] = tagged(CREDENTIAL, LargeBinary(32))
    """Only while a visit is to come or on: codes are few, and are used again."""
    purge_after: Mapped[date] = tagged(PLAIN, Date)
    __table_args__ = (
        refers("invitation_id", "invitation", ondelete="CASCADE"),
        one_of("link_hash"),
        found_by("uq_visitor_code", "code_hash", unique=True, where="code_hash IS NOT NULL"),
        found_by("ix_visitor_invitation", "invitation_id"),
        found_by("ix_visitor_purge", "purge_after"),
    )


class VisitorField(Model, Tenant):
    """One thing that a visitor told beyond their name: sealed, with its own day of deletion. A photo is a small JPEG without metadata."""

    __tablename__ = "visitor_field"
    visitor_id: Mapped[UUID] = tagged(KEY, Uuid, primary_key=True)
    field: Mapped[str] = tagged(PLAIN, String(12), primary_key=True)
    sealed_value: Mapped[bytes] = tagged(VISIT, LargeBinary)
    purge_after: Mapped[date] = tagged(PLAIN, Date)
    __table_args__ = (
        refers("visitor_id", "visitor", ondelete="CASCADE"),
        CheckConstraint(among("field", FIELDS), name="field"),
        found_by("ix_visitor_field_purge", "purge_after"),
    )


class Visit(Model, Keyed, Created):
    """One planned or actual presence of a visitor. A double arrival is one arrival. The id of a walk-in may be the kiosk's own.

    `arrived_at`, `left_at`: when it happened, by the clock of who saw it (a kiosk without network tells it later). `site_id` and `host_id` may differ
    from the invitation's.
    """

    __tablename__ = "visit"
    visitor_id: Mapped[UUID] = tagged(KEY, Uuid)
    invitation_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    visit_type_id: Mapped[UUID] = tagged(KEY, Uuid)
    site_id: Mapped[UUID] = tagged(KEY, Uuid)
    host_id: Mapped[UUID | None] = tagged(VISIT, Uuid)
    state: Mapped[str] = tagged(VISIT, String(16))
    expected_from: Mapped[datetime] = tagged(VISIT, Moment)
    expected_until: Mapped[datetime] = tagged(VISIT, Moment)
    arrived_at: Mapped[datetime | None] = tagged(VISIT, Moment)
    arrived_by: Mapped[str | None] = tagged(VISIT, String(10))
    left_at: Mapped[datetime | None] = tagged(VISIT, Moment)
    left_by: Mapped[str | None] = tagged(VISIT, String(10))
    badge_number: Mapped[int | None] = tagged(VISIT, Integer)
    host_said: Mapped[str | None] = tagged(VISIT, String(15))
    stopped: Mapped[bool] = tagged(WATCHED, Boolean, server_default="false")
    """The deny list has this name, so a host alone cannot let them in. Nobody at a kiosk can tell it from waiting for approval."""
    step: Mapped[int] = tagged(PLAIN, SmallInteger, server_default="0")
    """How far the host chain went."""
    overstay_told_at: Mapped[datetime | None] = tagged(PLAIN, Moment)
    reminded_at: Mapped[datetime | None] = tagged(PLAIN, Moment)
    revision: Mapped[int] = tagged(PLAIN, Integer, server_default="1")
    purge_after: Mapped[date] = tagged(PLAIN, Date)
    __table_args__ = (
        refers("visitor_id", "visitor", ondelete="CASCADE"),
        refers("invitation_id", "invitation", ondelete="CASCADE"),
        refers("visit_type_id", "visit_type"),
        refers("site_id", "site"),
        refers("host_id", "person"),
        CheckConstraint(among("state", STATES), name="state"),
        CheckConstraint(among("arrived_by", WAYS_IN), name="arrived_by"),
        CheckConstraint(among("left_by", WAYS_OUT), name="left_by"),
        CheckConstraint(among("host_said", ANSWERS), name="host_said"),
        CheckConstraint("expected_until > expected_from", name="order"),
        CheckConstraint("(left_at IS NULL) = (left_by IS NULL) AND (arrived_at IS NULL) = (arrived_by IS NULL)", name="ways"),
        found_by("ix_visit_day", "expected_from", "expected_until"),
        found_by("ix_visit_host", "host_id", "expected_from", where="host_id IS NOT NULL"),
        found_by("ix_visit_arrived", "arrived_at"),
        found_by("ix_visit_visitor", "visitor_id"),
        found_by("ix_visit_invitation", "invitation_id"),
        found_by("ix_visit_open", "site_id", "expected_until", where="state IN ('waiting', 'on_site')"),
        found_by("ix_visit_left", "left_at", where="left_at IS NOT NULL"),
        found_by("ix_visit_purge", "purge_after"),
    )


class VisitNotice(Model, Keyed, Created):
    """One step of the host chain: who was told of an arrival, and what they answered. `token_hash`: of the links in what was sent."""

    __tablename__ = "visit_notice"
    visit_id: Mapped[UUID] = tagged(KEY, Uuid)
    step: Mapped[int] = tagged(PLAIN, SmallInteger)
    person_id: Mapped[UUID] = tagged(VISIT, Uuid)
    message_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    token_hash: Mapped[bytes] = tagged(CREDENTIAL, LargeBinary(32))
    answer: Mapped[str | None] = tagged(VISIT, String(15))
    answered_at: Mapped[datetime | None] = tagged(VISIT, Moment)
    __table_args__ = (
        refers("visit_id", "visit", ondelete="CASCADE"),
        refers("person_id", "person", ondelete="CASCADE"),
        one_of("visit_id", "step", "person_id"),
        one_of("token_hash"),
        found_by("ix_visit_notice_person", "person_id"),
        CheckConstraint(among("answer", ANSWERS), name="answer"),
    )


class Agreement(Model, Keyed, Created):
    """House rules, secrecy or safety that visitors agree to. `keep_days`: how long a signature is kept after signing."""

    __tablename__ = "agreement"
    name: Mapped[str] = tagged(PLAIN, String(100))
    keep_days: Mapped[int] = tagged(PLAIN, SmallInteger, server_default="365")
    retired_at: Mapped[datetime | None] = tagged(PLAIN, Moment)
    __table_args__ = (one_of("name"), CheckConstraint("keep_days BETWEEN 1 AND 3660", name="keep_days"))


class AgreementVersion(Model, Keyed, Created):
    """The texts of an agreement, {locale: text}, and the SHA-256 of each, {locale: hex}. Never overwritten."""

    __tablename__ = "agreement_version"
    agreement_id: Mapped[UUID] = tagged(KEY, Uuid)
    number: Mapped[int] = tagged(PLAIN, Integer)
    texts: Mapped[dict[str, str]] = tagged(PLAIN, Json)
    sha256: Mapped[dict[str, str]] = tagged(PLAIN, Json)
    __table_args__ = (refers("agreement_id", "agreement", ondelete="CASCADE"), one_of("agreement_id", "number"))


class AgreementSignature(Model, Keyed):
    """Who agreed to which text, in which language, when. It has its own term, so the name is kept here too, sealed."""

    __tablename__ = "agreement_signature"
    version_id: Mapped[UUID] = tagged(KEY, Uuid)
    visitor_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    """Null once the visitor was deleted."""
    locale: Mapped[str] = tagged(SIGNED, String(2))
    sha256: Mapped[str] = tagged(SIGNED, String(64))
    sealed_name: Mapped[bytes] = tagged(SIGNED, LargeBinary)
    signed_at: Mapped[datetime] = tagged(SIGNED, Moment)
    purge_after: Mapped[date] = tagged(PLAIN, Date)
    __table_args__ = (
        refers("version_id", "agreement_version"),
        one_of("visitor_id", "version_id"),
        found_by("ix_agreement_signature_purge", "purge_after"),
    )


class DenyEntry(Model, Keyed, Created):
    """Who may not come in: keyed hashes of the name as written and as it sounds, never the name. Counts once a second person approved it."""

    __tablename__ = "deny_entry"
    name_hash: Mapped[bytes] = tagged(WATCHED, LargeBinary(32))
    sound_hash: Mapped[bytes] = tagged(WATCHED, LargeBinary(32))
    reason: Mapped[str] = tagged(WATCHED, String(10))
    proposed_by: Mapped[UUID | None] = tagged(WATCHED, Uuid)
    approved_by: Mapped[UUID | None] = tagged(WATCHED, Uuid)
    approved_at: Mapped[datetime | None] = tagged(PLAIN, Moment)
    expires_on: Mapped[date] = tagged(PLAIN, Date)
    hits: Mapped[int] = tagged(PLAIN, Integer, server_default="0")
    __table_args__ = (
        refers("proposed_by", "person"),
        refers("approved_by", "person"),
        CheckConstraint(among("reason", REASONS), name="reason"),
        CheckConstraint("approved_by <> proposed_by", name="second_person"),
        found_by("ix_deny_entry_name", "name_hash"),
        found_by("ix_deny_entry_sound", "sound_hash"),
    )


class VisitWebhook(Model, Keyed, Created):
    """Where doors and printers are told of arrivals and departures: a signed POST. `kinds`: of what."""

    __tablename__ = "visit_webhook"
    name: Mapped[str] = tagged(PLAIN, String(100))
    url: Mapped[str] = tagged(PLAIN, String(500))
    sealed_secret: Mapped[bytes] = tagged(CREDENTIAL, LargeBinary)
    kinds: Mapped[list[str]] = tagged(PLAIN, ARRAY(Text))
    paused_at: Mapped[datetime | None] = tagged(PLAIN, Moment)
    last_ok_at: Mapped[datetime | None] = tagged(PLAIN, Moment)
    last_tried_at: Mapped[datetime | None] = tagged(PLAIN, Moment)
    tries_again_at: Mapped[datetime | None] = tagged(PLAIN, Moment)
    """When what failed last is posted again."""
    last_failure: Mapped[str | None] = tagged(PLAIN, String(60))
    __table_args__ = (one_of("name"),)


class VisitRetention(Model, Keyed):
    """One run of deletion: how many of what, and the oldest that is left. The proof that terms are kept.

    `fields`: of each field; `types`: visits of each kind, by its id.
    """

    __tablename__ = "visit_retention"
    ran_at: Mapped[datetime] = tagged(PLAIN, Moment)
    cutoff: Mapped[date] = tagged(PLAIN, Date)
    counts: Mapped[dict[str, int]] = tagged(PLAIN, Json)
    fields: Mapped[dict[str, int]] = tagged(PLAIN, Json)
    types: Mapped[dict[str, int]] = tagged(PLAIN, Json)
    __table_args__ = (found_by("ix_visit_retention_cutoff", "cutoff"),)


class RollCall(Model, Keyed, Created):
    """One roll call of one or more sites, actual or an exercise; with the alert it belongs to, if any. The id may be the client's own."""

    __tablename__ = "roll_call"
    exercise: Mapped[str] = tagged(PLAIN, String(10))
    site_ids: Mapped[list[UUID]] = tagged(PLAIN, ARRAY(Uuid))
    message_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    joined_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    """The open one of the same sites that this became part of: two responders without a network started one each."""
    started_by: Mapped[UUID | None] = tagged(ROLL_CALL, Uuid)
    ended_by: Mapped[UUID | None] = tagged(ROLL_CALL, Uuid)
    ended_at: Mapped[datetime | None] = tagged(PLAIN, Moment)
    revision: Mapped[int] = tagged(PLAIN, Integer, server_default="1")
    purge_after: Mapped[date] = tagged(PLAIN, Date)
    """Known when it begins, as if nobody ever ended it; earlier once somebody does."""
    __table_args__ = (
        refers("joined_id", "roll_call", ondelete="CASCADE"),
        refers("message_id", "message", ondelete="CASCADE"),
        refers("started_by", "person"),
        refers("ended_by", "person"),
        CheckConstraint(among("exercise", ("actual", "exercise")), name="exercise"),
        found_by("ix_roll_call_open", "id", where="ended_at IS NULL"),
        found_by("ix_roll_call_purge", "purge_after"),
    )


class RollCallEntry(Model, Keyed, Created):
    """Somebody to be accounted for: a person, a visit, or somebody unknown who was added (`sealed_name`). Nobody is ever taken off.

    `basis`: why they are on it. `site_id`: where they are believed to be; null when that is not known.
    """

    __tablename__ = "roll_call_entry"
    roll_call_id: Mapped[UUID] = tagged(KEY, Uuid)
    person_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    visit_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    sealed_name: Mapped[bytes] = tagged(ROLL_CALL, LargeBinary)
    """As it was at the time, so that a report is whole although somebody left or was deleted."""
    basis: Mapped[str] = tagged(ROLL_CALL, String(12))
    site_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    same_as: Mapped[UUID | None] = tagged(KEY, Uuid)
    """This id is a phone's own for somebody who is on the list already: what is said of it counts for that entry."""
    revision: Mapped[int] = tagged(PLAIN, Integer, server_default="1")
    """Of the roll call, when this was added: what a phone has not seen yet is what is greater."""
    __table_args__ = (
        refers("roll_call_id", "roll_call", ondelete="CASCADE"),
        found_by("uq_roll_call_entry_person", "roll_call_id", "person_id", unique=True, where="person_id IS NOT NULL"),
        found_by("uq_roll_call_entry_visit", "roll_call_id", "visit_id", unique=True, where="visit_id IS NOT NULL"),
        found_by("ix_roll_call_entry_roll_call", "roll_call_id"),
        found_by("ix_roll_call_entry_added", "roll_call_id", where="basis = 'added'"),
        CheckConstraint(among("basis", BASES), name="basis"),
        CheckConstraint("num_nonnulls(person_id, visit_id) <= 1", name="one_of_both"),
    )


class RollCallMark(Model, Keyed, Created):
    """What somebody said of an entry. Marks are only added; what they amount to is `core.rollcall`. The id is the phone's own, so it arrives once.

    `withdraws`: the mark that was a slip, for `mark = withdrawn`. `said_at`: by the phone's clock, corrected; `created_at`: when it reached us.
    """

    __tablename__ = "roll_call_mark"
    roll_call_id: Mapped[UUID] = tagged(KEY, Uuid)
    entry_id: Mapped[UUID] = tagged(KEY, Uuid)
    mark: Mapped[str] = tagged(ROLL_CALL, String(10))
    withdraws: Mapped[UUID | None] = tagged(KEY, Uuid)
    marked_by: Mapped[str] = tagged(ROLL_CALL, String(10))
    responder_id: Mapped[UUID | None] = tagged(ROLL_CALL, Uuid)
    said_at: Mapped[datetime] = tagged(ROLL_CALL, Moment)
    sealed_note: Mapped[bytes | None] = tagged(ROLL_CALL, LargeBinary)
    revision: Mapped[int] = tagged(PLAIN, Integer, server_default="1")
    """Of the roll call, when this was added: what a phone has not seen yet is what is greater."""
    __table_args__ = (
        refers("roll_call_id", "roll_call", ondelete="CASCADE"),
        refers("entry_id", "roll_call_entry", ondelete="CASCADE"),
        refers("responder_id", "person"),
        CheckConstraint(among("mark", MARKS), name="mark"),
        CheckConstraint(among("marked_by", MARKED_BY), name="marked_by"),
        CheckConstraint("(mark = 'withdrawn') = (withdraws IS NOT NULL)", name="withdraws"),
        found_by("ix_roll_call_mark_roll_call", "roll_call_id"),
        found_by("ix_roll_call_mark_entry", "entry_id"),
    )


class RollCallNote(Model, Keyed, Created):
    """What a responder wrote down during a roll call, sealed."""

    __tablename__ = "roll_call_note"
    roll_call_id: Mapped[UUID] = tagged(KEY, Uuid)
    sealed_text: Mapped[bytes] = tagged(ROLL_CALL, LargeBinary)
    responder_id: Mapped[UUID | None] = tagged(ROLL_CALL, Uuid)
    said_at: Mapped[datetime] = tagged(ROLL_CALL, Moment)
    revision: Mapped[int] = tagged(PLAIN, Integer, server_default="1")
    """Of the roll call, when this was added: what a phone has not seen yet is what is greater."""
    __table_args__ = (
        refers("roll_call_id", "roll_call", ondelete="CASCADE"),
        refers("responder_id", "person"),
        found_by("ix_roll_call_note_roll_call", "roll_call_id"),
    )
