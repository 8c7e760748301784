"""What goes in and out of the routes of presence."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from app.web.parsing import Answer, Query

Standing = Literal["inside", "unknown", "assumed_left"]


class PresenceQuery(Query):
    """Whose presence; everybody's without."""

    fence_id: UUID | None = None
    group_id: UUID | None = None
    person_id: UUID | None = None
    q: Annotated[str, Field(min_length=1, max_length=100, description="In name, employee number, telephone or e-mail.")] | None = None


class PresentOut(TypedDict):
    """One person at a fence. `unknown_since`: their last sign of life, when that is too long ago to say `inside`."""

    person_id: Annotated[str, Field(json_schema_extra={"format": "uuid"})]
    name: str
    standing: Standing
    since: datetime
    unknown_since: datetime | None


class FencePresence(Answer):
    """Who is believed at one fence, and how many stand how."""

    fence_id: Annotated[str, Field(json_schema_extra={"format": "uuid"})]
    name: str
    inside: int
    unknown: int
    assumed_left: int
    people: list[PresentOut]


class PresenceOut(Answer):
    """Who is where as of this moment. A fence with nobody is left out."""

    as_of: datetime
    fences: list[FencePresence]


class LookOut(Answer):
    """Somebody looked at your presence: at yours alone, or at everybody's."""

    at: datetime
    viewer_id: UUID
    viewer: str
    at_everybody: bool


class CrossingOut(Answer):
    """An enter or leave that the organization saw."""

    fence_id: UUID
    fence: str
    kind: Literal["enter", "leave"]
    at: datetime
