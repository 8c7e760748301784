"""Attendance over HTTP, one module for each kind of caller or thing."""

from typing import Final
from uuid import UUID

from app.attendance.lists import Slice
from app.attendance.schemas import PeriodQuery
from app.attendance.stays import Look
from app.errors import NotFound
from app.web.route import Call

MODULE: Final = "attendance"


def whose(call: Call, person_id: UUID | None) -> UUID | None:
    """The person asked for, within what the caller may see. Raises `NotFound` for somebody else's."""
    confined = call.own()
    if confined is not None and person_id not in (None, confined):
        raise NotFound
    return confined or person_id


def look(call: Call) -> Look:
    """Who looks, when."""
    return Look(call.actor.tenant, call.now, call.actor.person_id)


def newest_first(query: PeriodQuery) -> Slice:
    """The part of a list that a page shows, one row more. Raises `Invalid`."""
    return Slice(query.since, query.until, query.after_moment(), query.limit + 1)
