"""Attendance over HTTP, one module for each kind of caller or thing."""

from datetime import datetime
from typing import Final
from uuid import UUID

from app.attendance.lists import Slice
from app.attendance.schemas import PeriodQuery
from app.attendance.stays import Look
from app.errors import Invalid, NotFound
from app.web.paging import PageQuery
from app.web.route import Call

MODULE: Final = "attendance"


def own(call: Call) -> UUID | None:
    """The person the caller is restricted to; None when everything of the organization may be seen. Raises `NotFound` for nobody's device."""
    if call.scope == "all":
        return None
    if call.actor.person_id is None:
        raise NotFound
    return call.actor.person_id


def whose(call: Call, person_id: UUID | None) -> UUID | None:
    """The person asked for, within what the caller may see. Raises `NotFound` for somebody else's."""
    confined = own(call)
    if confined is not None and person_id not in (None, confined):
        raise NotFound
    return confined or person_id


def look(call: Call) -> Look:
    """Who looks, when."""
    return Look(call.actor.tenant, call.now, call.actor.person_id)


def before_id(query: PageQuery) -> UUID | None:
    """The id after which a page goes on. Raises `Invalid`."""
    key = query.after()
    try:
        return UUID(key[0]) if key else None
    except ValueError:
        raise _bad_cursor() from None


def newest_first(query: PeriodQuery) -> Slice:
    """The part of a list that a page shows, one row more. Raises `Invalid`."""
    key = query.after()
    try:
        after = (datetime.fromisoformat(key[0]), UUID(key[1])) if key else None
    except (ValueError, IndexError):
        raise _bad_cursor() from None
    if after is not None and after[0].tzinfo is None:
        raise _bad_cursor()
    return Slice(query.since, query.until, after, query.limit + 1)


def _bad_cursor() -> Invalid:
    return Invalid.of("query.cursor", "Not a cursor of this list", "Send next_cursor as it was given, or leave it out to begin.")
