"""What goes in and out of the routes of attendance."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, model_validator

from app.attendance.exports import NewExport
from app.attendance.shifts import NewShift
from app.attendance.workdays import Period
from app.web.fields import Label, Prose, Weekdays, Zone
from app.web.paging import PageQuery
from app.web.parsing import Answer, Day, Moment, Query, Strict, TimeOfDay

MOST_DAYS = 62


Status = Literal["proposed", "approved", "refused", "withdrawn"]
QuestionKind = Literal["clock_out_missing", "clock_in_missing", "left_assumed"]


class PeriodQuery(PageQuery):
    """Moments in [since, until), the newest first."""

    since: Moment
    until: Moment

    @model_validator(mode="after")
    def _ordered(self) -> "PeriodQuery":
        if self.since >= self.until:
            raise ValueError("`until` must come after `since`")
        return self


class StaysQuery(PeriodQuery):
    """Which stays, by when they began."""

    person_id: UUID | None = None
    fence_id: UUID | None = None


class StayOut(Answer):
    """From enter to leave; open while `ended` is null."""

    id: UUID
    person_id: UUID
    fence_id: UUID
    entered_at: datetime
    left_at: datetime | None
    ended: Literal["confirmed", "assumed", "manual"] | None
    cut: str | None
    revision: int


class StayLine(StayOut):
    """A stay in a list, with the name of its fence."""

    fence: str


class SeenOut(Answer):
    """One sighting behind a crossing: when, and how accurate (metres, a class bound)."""

    at: datetime
    accuracy_class_m: int


class EvidenceOut(Answer):
    """A crossing and its evidence."""

    kind: Literal["enter", "leave"]
    at: datetime
    verdict: Literal["inside", "outside"]
    decided_at: datetime
    revision: int
    evidence: list[SeenOut]
    policy_from: datetime


class WhyOut(Answer):
    """What made a stay. `decided_at`: the time of the fact that ended it; `cut` says which kind, when the end is assumed."""

    stay: StayOut
    decided_at: datetime | None
    crossings: list[EvidenceOut]
    evidence_term_passed: bool


class ShiftIn(Strict):
    """Weekly, in local time. Weekdays: 1 is Monday. An end at or before the start is on the next day."""

    name: Label
    weekdays: Weekdays
    starts_at: TimeOfDay
    ends_at: TimeOfDay
    valid_from: Day
    valid_until: Day | None = None
    break_minutes: Annotated[int, Field(ge=0, le=720)] = 0
    site_id: UUID | None = None
    timezone: Zone | None = None

    @model_validator(mode="after")
    def _ordered(self) -> "ShiftIn":
        if not 1970 <= self.valid_from.year <= 2200 or (self.valid_until is not None and not self.valid_from <= self.valid_until):
            raise ValueError("`valid_from` must be a date of our time, and `valid_until` not before it")
        return self

    def new(self) -> NewShift:
        """As the service takes it."""
        fields = self.model_dump(include=set(ShiftIn.model_fields) - {"weekdays"})
        return NewShift(weekdays=tuple(self.weekdays), **fields)


class ShiftCreate(ShiftIn):
    """For a person or for a group."""

    person_id: UUID | None = None
    group_id: UUID | None = None


class ShiftOut(Answer):
    """When a person, or a group's people, are expected."""

    id: UUID
    name: str
    person_id: UUID | None
    group_id: UUID | None
    site_id: UUID | None
    weekdays: list[int]
    starts_at: TimeOfDay
    ends_at: TimeOfDay
    break_minutes: int
    timezone: str
    valid_from: date
    valid_until: date | None


class ShiftsQuery(PageQuery):
    """Whose shifts: a person's (with those of their groups) or a group's."""

    person_id: UUID | None = None
    group_id: UUID | None = None


def _bounded(first: date, last: date) -> None:
    if not first <= last or (last - first).days >= MOST_DAYS or not 1970 <= first.year <= 2200:
        raise ValueError(f"Choose `last` on or after `first`, and at most {MOST_DAYS} days")


class WorkdaysQuery(PageQuery):
    """Local dates, both included; a page is of people, each with all their days."""

    first: Day
    last: Day
    person_id: UUID | None = None
    group_id: UUID | None = None
    left: Annotated[bool, Field(description="Those who left, instead of those who are here.")] = False

    @model_validator(mode="after")
    def _checked(self) -> "WorkdaysQuery":
        _bounded(self.first, self.last)
        return self

    @property
    def period(self) -> Period:
        """As the service takes it."""
        return Period(self.first, self.last)


class DayQuery(Query):
    """Which local date."""

    on: Day


class SpanOut(Answer):
    """[since, until)."""

    since: datetime
    until: datetime


class QuestionOut(Answer):
    """What evaluation must not guess."""

    kind: QuestionKind
    at: datetime


class LineOut(Answer):
    """One answer to "why?": what it is, the time it is about, what it adds or takes, and the facts behind it. The lines add up to `worked_ms`."""

    kind: Literal["stay", "punches", "counted_before", "correction", "correction_pending", "break_rule"]
    effect_ms: int
    spans: list[SpanOut]
    stay: dict[str, Any] | None = None
    punches: list[dict[str, Any]] | None = None
    shift: dict[str, Any] | None = None
    correction: dict[str, Any] | None = None
    break_rule: dict[str, Any] | None = None


class WorkdayOut(Answer):
    """One person's attendance on one local date: as computed now, or as approved."""

    worked_on: date
    status: Literal["open", "approved"]
    worked_ms: int
    break_deducted_ms: int
    spans: list[SpanOut]
    breaks: list[SpanOut]
    is_open: bool
    questions: list[QuestionOut]
    approved_at: datetime | None
    approved_by: UUID | None
    revision: int


class WorkdayWhy(WorkdayOut):
    """The same with its lines, and who approved it by name."""

    person_id: UUID
    approver: str | None
    lines: list[LineOut]


class PersonDays(Answer):
    """A person's days of the period."""

    person_id: UUID
    name: str
    days: list[WorkdayOut]


class ApprovalIn(Strict):
    """Whose days: of a person, a group, or everybody. Days with open questions wait unless `despite_questions`."""

    first: Day
    last: Day
    person_id: UUID | None = None
    group_id: UUID | None = None
    despite_questions: bool = False

    @model_validator(mode="after")
    def _checked(self) -> "ApprovalIn":
        _bounded(self.first, self.last)
        return self


class SkippedOut(Answer):
    """A day that was not ready."""

    person_id: UUID
    worked_on: date
    reason: Literal["not_over", "still_inside", "correction_waits", "question_open"]


class ApprovalOut(Answer):
    """How far it is: how many days were approved, were so before, and were left out. `left_out` names at most 500 of the latter.

    While it is `running`, ask again in a second. `failed`: what was approved stays so; approve the period again.
    """

    id: UUID
    status: Literal["running", "done", "failed"]
    first: date
    last: date
    people: int
    people_done: int
    approved: int
    approved_before: int
    skipped: int
    left_out: list[SkippedOut]
    created_at: datetime


class AboutIn(Strict):
    """The question that a correction answers."""

    kind: QuestionKind
    at: Moment


class CorrectionIn(Strict):
    """Add or remove the time [since, until) of a workday, with the reason."""

    person_id: UUID | None = None
    worked_on: Day
    kind: Literal["add", "remove"]
    since: Moment
    until: Moment
    reason: Prose
    about: AboutIn | None = None


class CorrectionOut(Answer):
    """A proposed change. `change` holds its kind, its times, and once decided what an approved day was before."""

    id: UUID
    person_id: UUID
    worked_on: date
    source: Literal["person", "manager", "late_data", "question"]
    change: dict[str, Any]
    reason: str
    proposed_by: UUID | None
    status: Status
    decided_by: UUID | None
    decided_at: datetime | None
    decision_reason: str | None
    revision: int


class CorrectionLine(CorrectionOut):
    """A correction in a list, with the names of whose day it is, who proposed it and who decided it."""

    person: str
    proposer: str | None
    decider: str | None


class CorrectionsQuery(PageQuery):
    """Which corrections."""

    status: Status | None = None
    person_id: UUID | None = None
    first: Day | None = None
    last: Day | None = None


class DecisionIn(Strict):
    """The decision, and why."""

    status: Literal["approved", "refused"]
    reason: Prose


class MyQuestionOut(QuestionOut):
    """A question that waits for you."""

    worked_on: date


class AnswerIn(Strict):
    """Which question, and the answer: nothing to confirm, or the time that is right."""

    worked_on: Day
    kind: QuestionKind
    at: Moment
    right: Moment | None = None
    reason: Prose


class ExportIn(Strict):
    """What shall be in the file: local dates, both included, at most a year."""

    kind: Literal["workdays", "stays", "punches"]
    format: Literal["csv", "xlsx", "ical", "json"]
    first: Day
    last: Day
    person_id: UUID | None = None
    group_id: UUID | None = None

    def new(self, person_id: UUID | None) -> NewExport:
        """As the service takes it; `person_id` is the one the caller is restricted to."""
        whose = self.person_id or person_id
        return NewExport(self.kind, self.format, Period(self.first, self.last), whose, None if person_id else self.group_id)


class ExportOut(Answer):
    """A file asked for. When `ready`, fetch it from `/exports/<id>/file` until it expires; when `failed`, `problem` says what to do."""

    id: UUID
    format: Literal["csv", "xlsx", "ical", "json"]
    status: Literal["waiting", "ready", "failed"]
    problem: str | None
    parameters: dict[str, Any]
    file_name: str | None
    rows: int | None
    created_at: datetime
    expires_at: datetime
