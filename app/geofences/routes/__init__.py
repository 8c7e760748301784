"""Geofences over HTTP."""

from app.web.paging import PageQuery, bad_cursor


def number_after(query: PageQuery, first: int) -> int:
    """The number that a page continues after; `first` for the first page. Raises `Invalid` for a cursor of another list."""
    after = query.after()
    if after is None:
        return first
    if len(after) == 1 and after[0].isascii() and after[0].isdigit() and len(after[0]) < 19:
        return int(after[0])
    raise bad_cursor()
