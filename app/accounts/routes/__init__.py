"""Accounts over HTTP."""

from uuid import UUID

from app.accounts.lists import Window
from app.errors import NotFound
from app.web.paging import PageQuery
from app.web.route import Call


def window(query: PageQuery) -> Window:
    """What a page asks of a list that is ordered by id. Raises `Invalid` for a cursor of another list."""
    return Window(query.after_id(), query.limit)


def whose(call: Call, person_id: UUID | None) -> UUID | None:
    """The person asked for, within what the caller may see. Raises `NotFound` for somebody else's."""
    confined = call.own()
    if confined is not None and person_id not in (None, confined):
        raise NotFound
    return confined or person_id
