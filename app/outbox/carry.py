"""Do one piece of work, exactly once as far as the database reaches.

1. One transaction per row: lock it (skip it if somebody else has it), run its handler, delete it, commit. Killed anywhere in between,
   nothing has happened; the row is offered again when its lease is over.
2. Work too long for one transaction (`Long`) runs between two: the first extends the lease, the second deletes the row. Killed in
   between, it runs again; so it must not mind.
3. An error leaves the row where it is, with the error's class name beside it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from app.db.transaction import Database
from app.outbox.models import Outbox
from app.ports import Deps

Handler = Callable[[Session, int, Mapping[str, Any], datetime, Deps], None]
"""(session, organization_id, body, now, deps): everything it does to the database commits with the row's end, or not at all."""
Outcome = Literal["done", "gone", "failed"]

_log = structlog.get_logger("outbox")


@dataclass(frozen=True, slots=True)
class Long:
    """A handler (organization_id, body, now, deps) that opens its own transactions."""

    run: Callable[[int, Mapping[str, Any], datetime, Deps], None]
    lease: timedelta = timedelta(minutes=10)


class UnknownKindError(LookupError):
    """No handler is joined for this kind of work."""


Handlers = Mapping[str, Handler | Long]


def carry(deps: Deps, handlers: Handlers, organization_id: int, work_id: UUID) -> Outcome:
    """Do this piece of work if it still waits and nobody else is at it."""
    kind = None
    try:
        with deps.database.tenant(organization_id) as session:
            found = _lock(session, organization_id, work_id)
            if found is None:
                return "gone"
            kind, body = found
            handler = _handler_of(handlers, kind)
            if not isinstance(handler, Long):
                handler(session, organization_id, body, deps.clock.now(), deps)
                _finish(session, organization_id, work_id)
                return "done"
            _extend(session, organization_id, work_id, deps.clock.now() + handler.lease)
        handler.run(organization_id, body, deps.clock.now(), deps)
        with deps.database.tenant(organization_id) as session:
            _finish(session, organization_id, work_id)
    except Exception as error:  # noqa: BLE001  (whatever a handler raises, the other rows of the job go on)
        _log.warning("work_failed", organization_id=organization_id, work_id=str(work_id), kind=kind, error=type(error).__name__)
        _note(deps.database, organization_id, work_id, type(error).__name__)
        return "failed"
    return "done"


def _handler_of(handlers: Handlers, kind: str) -> Handler | Long:
    if kind not in handlers:
        raise UnknownKindError
    return handlers[kind]


def _row(organization_id: int, work_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (Outbox.organization_id == organization_id, Outbox.id == work_id)


def _lock(session: Session, organization_id: int, work_id: UUID) -> tuple[str, Mapping[str, Any]] | None:
    waiting = select(Outbox.kind, Outbox.body).where(*_row(organization_id, work_id), Outbox.dead_at.is_(None))
    found = session.execute(waiting.with_for_update(skip_locked=True)).one_or_none()
    return None if found is None else (found.kind, found.body)


def _extend(session: Session, organization_id: int, work_id: UUID, until: datetime) -> None:
    session.execute(update(Outbox).where(*_row(organization_id, work_id)).values(lease_until=until))


def _finish(session: Session, organization_id: int, work_id: UUID) -> None:
    session.execute(delete(Outbox).where(*_row(organization_id, work_id)))


def _note(database: Database, organization_id: int, work_id: UUID, problem: str) -> None:
    """The class name only: messages may quote what they failed on. While the database is away nothing can be noted; the sweep comes anyway."""
    try:
        with database.tenant(organization_id) as session:
            session.execute(update(Outbox).where(*_row(organization_id, work_id)).values(problem=problem))
    except Exception as error:  # noqa: BLE001
        _log.warning("problem_not_noted", work_id=str(work_id), error=type(error).__name__)
