"""Geofences over HTTP."""

from uuid import UUID

from app.errors import Invalid, NotFound
from app.web.paging import PageQuery
from app.web.route import Call


def own(call: Call) -> UUID | None:
    """The person the caller is restricted to; None when everything of the organization may be seen."""
    if call.scope == "all":
        return None
    if call.actor.person_id is None:
        raise NotFound
    return call.actor.person_id


def number_after(query: PageQuery, first: int) -> int:
    """The number that a page continues after; `first` for the first page. Raises `Invalid` for a cursor of another list."""
    after = query.after()
    if after is None:
        return first
    if len(after) == 1 and after[0].isascii() and after[0].isdigit() and len(after[0]) < 19:
        return int(after[0])
    raise Invalid.of("query.cursor", "Not a cursor of this list", "Send next_cursor as it was given, or leave it out to begin.")
