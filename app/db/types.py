"""Small types that every table uses."""

import os
import time
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, func, literal
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.types import UserDefinedType

Moment = DateTime(timezone=True)
Json = JSONB(none_as_null=True)
Uuid = PG_UUID(as_uuid=True)
Uuids: Any = ARRAY(Uuid)


def uuid7() -> UUID:
    """A time-ordered id (RFC 9562, 5.7 and 6.2 method 3): 48 bits of Unix milliseconds, 12 bits of the millisecond's fraction, 62 random bits.

    Made in the app, so that a row knows its key before it is written. What one process makes in turn is in order, to a quarter of a microsecond.
    """
    ms, rest_ns = divmod(time.time_ns(), 1_000_000)
    return UUID(int=ms << 80 | 0x7 << 76 | (rest_ns * 4096 // 1_000_000) << 64 | 0x2 << 62 | int.from_bytes(os.urandom(8)) >> 2)


class _UuidsText(UserDefinedType[str]):
    """An array of ids given as one text: the driver takes it ten times as fast as element by element, and the planner sees an array all the same.

    Cast from a text of the driver's own type it would be read again for every row.
    """

    cache_ok = True
    render_bind_cast = True

    def get_col_spec(self, **_: object) -> str:
        """What the parameter is cast to."""
        return "UUID[]"


def any_of(ids: Iterable[UUID]) -> ColumnElement[Any]:
    """One of these, however many: to be compared by `==`."""
    return func.any(literal(array_text(ids), _UuidsText()))


def all_of(ids: Iterable[UUID]) -> ColumnElement[Any]:
    """None of these, however many: to be compared by `!=`."""
    return func.all(literal(array_text(ids), _UuidsText()))


def array_text(ids: Iterable[UUID]) -> str:
    """An array of ids as PostgreSQL reads it."""
    return "{" + ",".join(["%032x" % id_.int for id_ in ids]) + "}"  # noqa: UP031 (an f-string takes twice as long)
