"""Accounts over HTTP."""

from app.accounts.lists import Window
from app.web.paging import PageQuery


def window(query: PageQuery) -> Window:
    """What a page asks of a list that is ordered by id. Raises `Invalid` for a cursor of another list."""
    return Window(query.after_id(), query.limit)
