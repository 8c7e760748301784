"""What goes in and out of the routes of the roll call."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from app.core.rollcall import State
from app.web.fields import Name
from app.web.paging import PageQuery
from app.web.parsing import Answer, Moment, Query, Strict

Exercise = Literal["actual", "exercise"]
Basis = Literal["inside", "clocked_in", "unknown", "visit", "left_assumed", "added"]
Note = Annotated[str, Field(min_length=1, max_length=1_000, pattern=r"\S")]
Id = Annotated[str, Field(json_schema_extra={"format": "uuid"})]


class RollCallIn(Strict):
    """Which sites; `message_id`: the alert whose replies fill it. `id`: the client's own."""

    id: UUID | None = None
    site_ids: Annotated[list[UUID], Field(min_length=1, max_length=50)]
    exercise: Exercise
    message_id: UUID | None = None


class MarkIn(Strict):
    """What is said of an entry, once per `id`. `withdrawn` takes the mark `withdraws` back. `entry_id` may be the person's or the visit's."""

    id: UUID
    entry_id: UUID
    mark: Literal["safe", "missing", "need_help", "not_here", "withdrawn"]
    withdraws: UUID | None = None
    said_at: Moment
    note: Note | None = None


class AddedIn(Strict):
    """Somebody who is not on the list. `person_id` or `visit_id`: when they are known after all."""

    id: UUID
    name: Name
    site_id: UUID | None = None
    person_id: UUID | None = None
    visit_id: UUID | None = None


class MarksIn(Strict):
    """What phones said, in any order, any number of times."""

    marks: Annotated[list[MarkIn], Field(max_length=500, default_factory=list)]
    added: Annotated[list[AddedIn], Field(max_length=200, default_factory=list)]


class MarkResult(Answer):
    """What became of one mark or addition; `index` counts the marks, then the additions."""

    index: int
    status: Literal["accepted", "refused"]
    reason: str | None = None
    detail: str | None = None


class MarksOut(Answer):
    """One result for each."""

    revision: int
    results: list[MarkResult]


class NoteIn(Strict):
    """What a responder writes down, once per `id`."""

    id: UUID | None = None
    text: Note
    said_at: Moment | None = None


class ChangesQuery(Query):
    """`after`: the revision that is known already."""

    after: Annotated[int, Field(ge=0)] = 0


class ReportQuery(Query):
    """How the report is wanted."""

    format: Literal["pdf", "csv"] = "pdf"


class RollCallsQuery(PageQuery):
    """The newest first."""


class NamedOut(TypedDict):
    """A site or a responder."""

    id: UUID
    name: str


class KnownOut(TypedDict):
    """Somebody believed on site now, a person or a visit; `site_id` null: not known where."""

    person_id: Id | None
    visit_id: Id | None
    name: str
    basis: Basis
    site_id: Id | None


class AtHandOut(Answer):
    """What a responder's phone keeps, sealed, for when the network goes. Its ETag says nothing of `taken_at`: while nothing changes it costs nothing."""

    taken_at: datetime
    sites: list[NamedOut]
    people: list[KnownOut]
    open_roll_calls: list[UUID]


class RollCallLine(Answer):
    """One roll call, without its list. `tally`: how many stand how."""

    id: UUID
    exercise: Exercise
    site_ids: list[UUID]
    message_id: UUID | None
    started_by: UUID | None
    started_at: datetime
    ended_at: datetime | None
    revision: int
    tally: dict[State, int]


class EntryOut(TypedDict):
    """Somebody to be accounted for. `state`: what all marks amount to."""

    id: UUID
    person_id: UUID | None
    visit_id: UUID | None
    name: str
    basis: Basis
    site_id: UUID | None
    state: State


class MarkOut(TypedDict):
    """One mark. `said_at`: by the clock of who made it; `received_at`: when it reached the server."""

    id: UUID
    entry_id: UUID
    mark: Literal["safe", "missing", "need_help", "not_here", "withdrawn"]
    withdraws: UUID | None
    marked_by: Literal["responder", "self", "reply", "host"]
    responder_id: UUID | None
    said_at: datetime
    received_at: datetime
    note: str | None


class NoteOut(TypedDict):
    """What was written down."""

    id: UUID
    text: str
    responder_id: UUID | None
    said_at: datetime


class RollCallOut(RollCallLine):
    """With everything that came after the revision asked for; `tally` is of all."""

    sites: list[NamedOut]
    responders: list[NamedOut]
    entries: list[EntryOut]
    marks: list[MarkOut]
    notes: list[NoteOut]


class AssemblyCodeOut(Answer):
    """The code at an assembly point: the link in it, and its picture (SVG)."""

    link: str
    svg: str
