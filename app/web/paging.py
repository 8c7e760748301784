"""Pages by cursor: stable while rows come and go, and cheap at any depth.

A cursor is the sort key of the last row shown, as base64url of JSON. It is opaque, not secret: it holds only what the caller was shown,
and every query still names the organization.
"""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Generic, TypeVar
from uuid import UUID

from pydantic import Field

from app.errors import Invalid
from app.web.parsing import Answer, Query

MAX_LIMIT: Final = 200
T = TypeVar("T")
R = TypeVar("R")


class PageQuery(Query):
    """Base of a query string that pages. Add filters in a subclass."""

    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT, description="How many at most.")] = 50
    cursor: Annotated[str, Field(max_length=500, description="`next_cursor` of the page before.")] | None = None

    def after(self) -> list[str] | None:
        """The sort key to continue after, or None for the first page. Raises `Invalid`."""
        return read_cursor(self.cursor) if self.cursor else None

    def after_id(self) -> UUID | None:
        """The id to continue after, for a list ordered by id. Raises `Invalid`."""
        key = self.after()
        try:
            return UUID(key[0]) if key else None
        except ValueError:
            raise bad_cursor() from None

    def after_moment(self) -> tuple[datetime, UUID] | None:
        """The moment and id to continue after, for a list ordered by both. Raises `Invalid`."""
        key = self.after()
        try:
            found = (datetime.fromisoformat(key[0]), UUID(key[1])) if key else None
        except (ValueError, IndexError):
            raise bad_cursor() from None
        if found is not None and found[0].tzinfo is None:
            raise bad_cursor()
        return found


class Page(Answer, Generic[T]):
    """Some items, and where the next ones begin (null: these were the last)."""

    items: list[T]
    next_cursor: str | None = None


def page(rows: Sequence[R], query: PageQuery, key: Callable[[R], Sequence[object]], show: Callable[[R], T]) -> Page[T]:
    """A page from up to `limit + 1` rows; `key` is the sort key of a row (made of what `str` can hold), `show` makes the item."""
    shown = rows[: query.limit]
    more = make_cursor(key(shown[-1])) if len(rows) > query.limit else None
    return Page(items=[show(row) for row in shown], next_cursor=more)


def bad_cursor() -> Invalid:
    """A cursor that this list never gave."""
    return Invalid.of("query.cursor", "Not a cursor of this list", "Send next_cursor as it was given, or leave it out to begin.")


def make_cursor(key: Sequence[object]) -> str:
    """An opaque cursor."""
    return base64.urlsafe_b64encode(json.dumps([str(part) for part in key], separators=(",", ":")).encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> list[str]:
    """The sort key in a cursor, as text. Raises `Invalid`."""
    try:
        key: Any = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except ValueError:
        key = None
    if not isinstance(key, list) or not key or not all(isinstance(part, str) and "\x00" not in part and part.isprintable() for part in key):
        raise bad_cursor()
    return key
