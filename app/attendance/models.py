"""Tables of attendance. No column holds a coordinate of a person, nor anything one can be computed from."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Date, Integer, SmallInteger, String, Text, Time, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped

from app.db.base import Created, Keyed, Model, Tenant, found_by, refers
from app.db.tags import ACCOUNT, ATTENDANCE, EVIDENCE, KEY, PLAIN, SIGHTING, TRANSIENT, tagged
from app.db.types import Json, Moment, Uuid, Uuids

TOLD_TO = "told_to IN ('all', 'person', 'others')"
"""After an opt-out the person is told the truth, and others what they would be told of a silent phone: rows of their own, where the two differ."""
PUNCH_METHODS = ("button", "kiosk", "qr", "manager")


EXPORT_FAILED = (
    "The file could not be made, although it was tried several times. Ask for it again, for fewer people or a shorter period."
    " If that fails too, give the id of this export to whoever runs this installation."
)


class Sighting(Model, Tenant):
    """What one ping said. Partitioned by day of `recorded_at`; kept for the lateness window.

    No foreign keys: partitions are dropped whole, and every ping would have to lock the one row of its organization. The key begins with the
    person, whose days are read together: one index serves both.
    """

    __tablename__ = "sighting"
    organization_id: Mapped[int] = tagged(KEY, BigInteger, primary_key=True, sort_order=-2)
    person_id: Mapped[UUID] = tagged(SIGHTING, Uuid, primary_key=True)
    recorded_at: Mapped[datetime] = tagged(SIGHTING, Moment, primary_key=True)
    device_id: Mapped[UUID] = tagged(SIGHTING, Uuid, primary_key=True)
    ping_id: Mapped[str] = tagged(SIGHTING, String(64), primary_key=True)
    inside: Mapped[list[UUID]] = tagged(SIGHTING, Uuids)
    unclear: Mapped[list[UUID]] = tagged(SIGHTING, Uuids)
    accuracy_class_m: Mapped[int] = tagged(SIGHTING, SmallInteger)
    source: Mapped[str] = tagged(SIGHTING, String(20))
    mocked: Mapped[bool] = tagged(SIGHTING, Boolean, server_default="false")
    __table_args__ = ({"postgresql_partition_by": "RANGE (recorded_at)"},)


class AttendanceState(Model, Tenant):
    """The fold of one person so far, and the lock that lets one person be folded one at a time.

    `fences_told` says which fences the person's phone was last given to watch.
    """

    __tablename__ = "attendance_state"
    person_id: Mapped[UUID] = tagged(KEY, Uuid, primary_key=True)
    state: Mapped[dict[str, Any]] = tagged(SIGHTING, Json)
    last_seen_at: Mapped[datetime | None] = tagged(SIGHTING, Moment)
    fences_told: Mapped[str | None] = tagged(PLAIN, String(60))
    revision: Mapped[int] = tagged(PLAIN, BigInteger, server_default="0")
    __table_args__ = (
        refers("person_id", "person", ondelete="CASCADE"),
        {"postgresql_with": {"fillfactor": "60"}},
    )


class Checkpoint(Model, Tenant):
    """The fold of one person at a moment, from which late data refolds; one must lie before the oldest kept sighting."""

    __tablename__ = "checkpoint"
    person_id: Mapped[UUID] = tagged(KEY, Uuid, primary_key=True)
    at: Mapped[datetime] = tagged(SIGHTING, Moment, primary_key=True)
    state: Mapped[dict[str, Any]] = tagged(SIGHTING, Json)
    __table_args__ = (refers("person_id", "person", ondelete="CASCADE"),)


class Crossing(Model, Keyed, Created):
    """An enter or leave that evaluation accepted, dated at the first sighting of its run. Late data may move it: same id, next revision."""

    __tablename__ = "crossing"
    person_id: Mapped[UUID] = tagged(KEY, Uuid)
    fence_id: Mapped[UUID] = tagged(KEY, Uuid)
    kind: Mapped[str] = tagged(EVIDENCE, String(5))
    at: Mapped[datetime] = tagged(EVIDENCE, Moment)
    decided_at: Mapped[datetime] = tagged(EVIDENCE, Moment)
    evidence: Mapped[dict[str, Any]] = tagged(EVIDENCE, Json)
    told_to: Mapped[str] = tagged(EVIDENCE, String(6), server_default="all")
    revision: Mapped[int] = tagged(PLAIN, Integer, server_default="1")
    withdrawn_at: Mapped[datetime | None] = tagged(EVIDENCE, Moment)
    __table_args__ = (
        refers("person_id", "person", ondelete="CASCADE"),
        refers("fence_id", "geofence"),
        CheckConstraint("kind IN ('enter', 'leave')", name="kind"),
        CheckConstraint(TOLD_TO, name="told_to"),
        found_by("ix_crossing_person", "person_id", "at"),
        found_by("ix_crossing_decided", "decided_at"),
    )


class Stay(Model, Keyed, Created):
    """From enter to leave; open while inside. `left_at` of an assumed end is the last inside sighting.

    `last_inside_at` is written when the stay begins and ends, not with every ping. `decided_at`: the time of the fact that ended it.
    """

    __tablename__ = "stay"
    person_id: Mapped[UUID] = tagged(KEY, Uuid)
    fence_id: Mapped[UUID] = tagged(KEY, Uuid)
    entered_at: Mapped[datetime] = tagged(ATTENDANCE, Moment)
    left_at: Mapped[datetime | None] = tagged(ATTENDANCE, Moment)
    ended: Mapped[str | None] = tagged(ATTENDANCE, String(10))
    cut: Mapped[str | None] = tagged(ATTENDANCE, String(30))
    last_inside_at: Mapped[datetime] = tagged(ATTENDANCE, Moment)
    decided_at: Mapped[datetime | None] = tagged(ATTENDANCE, Moment)
    told_to: Mapped[str] = tagged(ATTENDANCE, String(6), server_default="all")
    revision: Mapped[int] = tagged(PLAIN, Integer, server_default="1")
    withdrawn_at: Mapped[datetime | None] = tagged(ATTENDANCE, Moment)
    __table_args__ = (
        refers("person_id", "person", ondelete="CASCADE"),
        refers("fence_id", "geofence"),
        CheckConstraint("ended IN ('confirmed', 'assumed', 'manual') AND (ended IS NULL) = (left_at IS NULL)", name="ended"),
        CheckConstraint("left_at >= entered_at", name="order"),
        CheckConstraint(TOLD_TO, name="told_to"),
        found_by("ix_stay_person", "person_id", "entered_at"),
        found_by("uq_stay_open", "fence_id", "person_id", "told_to", unique=True, where="left_at IS NULL AND withdrawn_at IS NULL"),
        found_by("ix_stay_assumed", "last_inside_at", where="ended = 'assumed' AND withdrawn_at IS NULL"),
    )


class Punch(Model, Keyed, Created):
    """A clock-in or clock-out made by hand. Never a place: at most the fence that a one-shot fix was judged to be in."""

    __tablename__ = "punch"
    person_id: Mapped[UUID] = tagged(KEY, Uuid)
    kind: Mapped[str] = tagged(ATTENDANCE, String(3))
    at: Mapped[datetime] = tagged(ATTENDANCE, Moment)
    method: Mapped[str] = tagged(ATTENDANCE, String(10))
    site_id: Mapped[UUID | None] = tagged(ATTENDANCE, Uuid)
    fence_id: Mapped[UUID | None] = tagged(ATTENDANCE, Uuid)
    device_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    made_by: Mapped[UUID | None] = tagged(ATTENDANCE, Uuid)
    client_id: Mapped[str | None] = tagged(KEY, String(64))
    note: Mapped[str | None] = tagged(ATTENDANCE, Text)
    __table_args__ = (
        refers("person_id", "person", ondelete="CASCADE"),
        refers("site_id", "site"),
        refers("fence_id", "geofence"),
        refers("device_id", "device"),
        refers("made_by", "person"),
        CheckConstraint("kind IN ('in', 'out')", name="kind"),
        CheckConstraint(f"method IN ({', '.join(map(repr, PUNCH_METHODS))})", name="method"),
        found_by("ix_punch_person", "person_id", "at"),
        found_by("uq_punch_client", "person_id", "client_id", unique=True, where="client_id IS NOT NULL"),
    )


class Shift(Model, Keyed, Created):
    """When a person (or a group's people) is expected: weekly, in local time; may cross midnight."""

    __tablename__ = "shift"
    name: Mapped[str] = tagged(PLAIN, String(100))
    person_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    group_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    site_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    weekdays: Mapped[list[int]] = tagged(ACCOUNT, ARRAY(SmallInteger))
    starts_at: Mapped[time] = tagged(ACCOUNT, Time)
    ends_at: Mapped[time] = tagged(ACCOUNT, Time)
    break_minutes: Mapped[int] = tagged(ACCOUNT, SmallInteger, server_default="0")
    timezone: Mapped[str] = tagged(PLAIN, String(64))
    valid_from: Mapped[date] = tagged(ACCOUNT, Date)
    valid_until: Mapped[date | None] = tagged(ACCOUNT, Date)
    __table_args__ = (
        refers("person_id", "person", ondelete="CASCADE"),
        refers("group_id", "people_group"),
        refers("site_id", "site"),
        CheckConstraint("(person_id IS NULL) <> (group_id IS NULL)", name="holder"),
        CheckConstraint("weekdays <@ ARRAY[1, 2, 3, 4, 5, 6, 7]::smallint[] AND cardinality(weekdays) > 0", name="weekdays"),
        CheckConstraint("break_minutes BETWEEN 0 AND 720", name="break_minutes"),
        found_by("ix_shift_person", "person_id"),
        found_by("ix_shift_group", "group_id"),
    )


class Workday(Model, Tenant):
    """One person's attendance on one local date, as approved. Days without a row are open and computed from stays, punches and corrections."""

    __tablename__ = "workday"
    person_id: Mapped[UUID] = tagged(KEY, Uuid, primary_key=True)
    worked_on: Mapped[date] = tagged(ATTENDANCE, Date, primary_key=True)
    result: Mapped[dict[str, Any]] = tagged(ATTENDANCE, Json)
    approved_at: Mapped[datetime] = tagged(ATTENDANCE, Moment)
    approved_by: Mapped[UUID] = tagged(ATTENDANCE, Uuid)
    revision: Mapped[int] = tagged(PLAIN, Integer, server_default="1")
    __table_args__ = (
        refers("person_id", "person", ondelete="CASCADE"),
        refers("approved_by", "person"),
        found_by("ix_workday_date", "worked_on"),
    )


class Approval(Model, Keyed, Created):
    """Days being approved, some people at a time, up to the person `done_until`. `left_out`: [{person_id, worked_on, reason}], not all of many."""

    __tablename__ = "approval"
    requested_by: Mapped[UUID] = tagged(TRANSIENT, Uuid)
    first: Mapped[date] = tagged(PLAIN, Date)
    last: Mapped[date] = tagged(PLAIN, Date)
    person_id: Mapped[UUID | None] = tagged(TRANSIENT, Uuid)
    group_id: Mapped[UUID | None] = tagged(TRANSIENT, Uuid)
    despite_questions: Mapped[bool] = tagged(PLAIN, Boolean)
    status: Mapped[str] = tagged(PLAIN, String(10))
    done_until: Mapped[UUID | None] = tagged(TRANSIENT, Uuid)
    people: Mapped[int] = tagged(PLAIN, Integer)
    people_done: Mapped[int] = tagged(PLAIN, Integer)
    approved: Mapped[int] = tagged(PLAIN, Integer)
    approved_before: Mapped[int] = tagged(PLAIN, Integer)
    skipped: Mapped[int] = tagged(PLAIN, Integer)
    left_out: Mapped[list[Any]] = tagged(TRANSIENT, Json)
    __table_args__ = (
        refers("requested_by", "person", ondelete="CASCADE"),
        CheckConstraint("status IN ('running', 'done', 'failed')", name="status"),
    )


class Correction(Model, Keyed, Created):
    """A proposed change to a workday, with its reason and who decided. Nothing is overwritten."""

    __tablename__ = "correction"
    person_id: Mapped[UUID] = tagged(KEY, Uuid)
    worked_on: Mapped[date] = tagged(ATTENDANCE, Date)
    source: Mapped[str] = tagged(ATTENDANCE, String(10))
    change: Mapped[dict[str, Any]] = tagged(ATTENDANCE, Json)
    reason: Mapped[str] = tagged(ATTENDANCE, Text)
    proposed_by: Mapped[UUID | None] = tagged(ATTENDANCE, Uuid)
    status: Mapped[str] = tagged(ATTENDANCE, String(10), server_default="proposed")
    decided_by: Mapped[UUID | None] = tagged(ATTENDANCE, Uuid)
    decided_at: Mapped[datetime | None] = tagged(ATTENDANCE, Moment)
    decision_reason: Mapped[str | None] = tagged(ATTENDANCE, Text)
    revision: Mapped[int] = tagged(PLAIN, Integer, server_default="1")
    __table_args__ = (
        refers("person_id", "person", ondelete="CASCADE"),
        refers("proposed_by", "person"),
        refers("decided_by", "person"),
        CheckConstraint("source IN ('person', 'manager', 'late_data', 'question')", name="source"),
        CheckConstraint("status IN ('proposed', 'approved', 'refused', 'withdrawn')", name="status"),
        found_by("ix_correction_day", "person_id", "worked_on"),
        found_by("ix_correction_open", "status", where="status = 'proposed'"),
    )


class Export(Model, Keyed, Created):
    """A file asked for, built by a worker, and gone after its term."""

    __tablename__ = "export"
    requested_by: Mapped[UUID] = tagged(TRANSIENT, Uuid)
    format: Mapped[str] = tagged(PLAIN, String(10))
    parameters: Mapped[dict[str, Any]] = tagged(TRANSIENT, Json)
    status: Mapped[str] = tagged(PLAIN, String(10), server_default="waiting")
    file_name: Mapped[str | None] = tagged(TRANSIENT, String(200))
    rows: Mapped[int | None] = tagged(PLAIN, Integer)
    expires_at: Mapped[datetime] = tagged(PLAIN, Moment)
    __table_args__ = (refers("requested_by", "person"), CheckConstraint("format IN ('csv', 'xlsx', 'ical', 'json')", name="format"))

    @property
    def problem(self) -> str | None:
        """Why there will be no file, and what to do; None unless it failed."""
        return EXPORT_FAILED if self.status == "failed" else None


class PresenceView(Model, Keyed, Created):
    """Who looked at whose presence: one row per viewing session, visible to the person looked at. No person: everyone's list was seen."""

    __tablename__ = "presence_view"
    viewer_id: Mapped[UUID] = tagged(EVIDENCE, Uuid)
    person_id: Mapped[UUID | None] = tagged(EVIDENCE, Uuid)
    session_id: Mapped[UUID] = tagged(KEY, Uuid)
    __table_args__ = (
        refers("viewer_id", "person"),
        refers("person_id", "person", ondelete="CASCADE"),
        found_by("ix_presence_view_person", "person_id"),
        UniqueConstraint(
            "organization_id", "viewer_id", "session_id", "person_id", name="uq_presence_view", postgresql_nulls_not_distinct=True
        ),
    )
