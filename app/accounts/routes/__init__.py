"""Accounts over HTTP."""

from uuid import UUID

from app.accounts.lists import Window
from app.errors import Invalid, NotFound
from app.web.paging import PageQuery
from app.web.route import Call


def window(query: PageQuery) -> Window:
    """What a page asks of a list that is ordered by id. Raises `Invalid` for a cursor of another list."""
    after = query.after()
    try:
        return Window(UUID(after[0]) if after else None, query.limit)
    except ValueError:
        raise Invalid.of(
            "query.cursor", "Not a cursor of this list", "Send next_cursor as it was given, or leave it out to begin."
        ) from None


def own(call: Call) -> UUID | None:
    """The person the caller is restricted to; None when everything of the organization may be seen."""
    if call.scope == "all":
        return None
    if call.actor.person_id is None:
        raise NotFound
    return call.actor.person_id
