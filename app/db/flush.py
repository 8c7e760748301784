"""Writing what may clash: a broken constraint becomes an answer that says what to do."""

from collections.abc import Mapping
from contextlib import suppress

from psycopg import Error as DriverError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.errors import Conflict


def flush(session: Session, clashes: Mapping[str, str]) -> None:
    """Flush. Raises `Conflict` with the text given for the constraint or index that refused; the transaction is then lost."""
    try:
        session.flush()
    except IntegrityError as error:
        name = None
        with suppress(AttributeError):
            name = error.orig.diag.constraint_name if isinstance(error.orig, DriverError) else None
        if name is not None and name in clashes:
            raise Conflict(clashes[name]) from None
        raise
