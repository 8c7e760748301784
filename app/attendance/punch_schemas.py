"""What goes in and out of the routes of punches."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from app.attendance.schemas import PeriodQuery
from app.ingest.native import Fix
from app.web.fields import Prose
from app.web.parsing import Answer, Moment, Strict


class PunchIn(Strict):
    """A clock-in or clock-out. The client's id makes a repetition recognisable; `at` only when it was made offline.

    Managers name the person by `person_id` or `personal_code` (the employee number). A fix is judged at once and never kept.
    """

    model_config = ConfigDict(hide_input_in_errors=True)

    kind: Literal["in", "out"]
    client_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._:~-]{1,64}$", max_length=64)]
    at: Moment | None = None
    person_id: UUID | None = None
    personal_code: Annotated[str, Field(min_length=1, max_length=50)] | None = None
    site_code: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    note: Prose | None = None
    fix: Fix | None = None


class PunchOut(Answer):
    """A clock-in or clock-out made by hand."""

    id: UUID
    person_id: UUID
    kind: Literal["in", "out"]
    at: datetime
    method: Literal["button", "kiosk", "qr", "manager"]
    site_id: UUID | None
    fence_id: UUID | None
    note: str | None


class FixOut(Answer):
    """What became of the fix. It was not kept; at most the fence is."""

    status: Literal["inside", "unclear", "outside", "refused"]
    fence_id: UUID | None
    reason: str | None


class PunchedOut(Answer):
    """What the punch did. `already_since`: the punch of the same kind before it; both are kept, and the day will ask which is right."""

    punch: PunchOut
    repeat: bool
    already_since: datetime | None
    fix: FixOut | None


class PunchesQuery(PeriodQuery):
    """Whose punches."""

    person_id: UUID | None = None


class MissingOut(Answer):
    """A clock-in that no clock-out followed and nobody answered for."""

    punch_id: UUID
    person_id: UUID
    name: str
    at: datetime
    method: str


class SiteCodeOut(Answer):
    """The code for the wall of a site: as text, as the link that a phone's camera opens, and as a picture of that link (SVG)."""

    site_id: UUID
    code: str
    link: str
    svg: str
