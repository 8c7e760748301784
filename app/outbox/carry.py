"""Do one piece of work, exactly once as far as the database reaches.

1. One transaction per row: lock it (skip it if somebody else has it), run its handler, delete it, commit. Killed anywhere in between,
   nothing has happened; the row is offered again when its lease is over.
2. Work that comes in numbers (`Together`) is handled set-based: all of its kind that one job brings in one transaction. When that fails, each
   row is tried alone, so that one bad row holds up no other.
3. Work too long for one transaction (`Long`) runs between two: the first extends the lease, the second deletes the row. Killed in
   between, it runs again; so it must not mind.
4. An error leaves the row where it is, with the error's class name beside it. Long work is tried again soon then, and is dead after its own
   number of attempts; the relay gives up whatever was offered too often. Dead work is told to who cares (`given_up`) and to the operator.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, delete, exists, func, select, update
from sqlalchemy.orm import Session

from app.db.types import any_of
from app.outbox.models import Outbox
from app.ports import Deps

Handler = Callable[[Session, int, Mapping[str, Any], datetime, Deps], None]
"""(session, organization_id, body, now, deps): everything it does to the database commits with the row's end, or not at all."""
Outcome = Literal["done", "gone", "failed"]

TRIED_AGAIN_AFTER: Final = timedelta(seconds=40)
"""Long work that failed does not wait for the end of its long lease."""

_log = structlog.get_logger("outbox")


@dataclass(frozen=True, slots=True)
class Long:
    """A handler (organization_id, body, now, deps) that opens its own transactions. `attempts_max`: after how many offers an error is its last."""

    run: Callable[[int, Mapping[str, Any], datetime, Deps], None]
    lease: timedelta = timedelta(minutes=10)
    attempts_max: int = 12


@dataclass(frozen=True, slots=True)
class Together:
    """A handler (session, organization_id, bodies, now, deps) of all the work of its kind that a job brings, oldest first."""

    run: Callable[[Session, int, Sequence[Mapping[str, Any]], datetime, Deps], None]


class UnknownKindError(LookupError):
    """No handler is joined for this kind of work."""


Handlers = Mapping[str, Handler | Long | Together]


def carry(deps: Deps, handlers: Handlers, organization_id: int, work_id: UUID) -> Outcome:
    """Do this piece of work if it still waits and nobody else is at it."""
    kind, last = None, False
    try:
        with deps.database.tenant(organization_id) as session:
            found = _lock(session, organization_id, work_id)
            if found is None:
                return "gone"
            kind, body, attempts = found
            handler = _handler_of(handlers, kind)
            if not isinstance(handler, Long):
                if isinstance(handler, Together):
                    handler.run(session, organization_id, [body], deps.clock.now(), deps)
                else:
                    handler(session, organization_id, body, deps.clock.now(), deps)
                _finish(session, organization_id, work_id)
                return "done"
            _lease(session, organization_id, work_id, deps.clock.now() + handler.lease)
            last = attempts >= handler.attempts_max
        handler.run(organization_id, body, deps.clock.now(), deps)
        with deps.database.tenant(organization_id) as session:
            _finish(session, organization_id, work_id)
    except Exception as error:  # noqa: BLE001  (whatever a handler raises, the other rows of the job go on)
        _log.warning("work_failed", organization_id=organization_id, work_id=str(work_id), kind=kind, error=type(error).__name__)
        _note(deps, (organization_id, work_id), type(error).__name__, last=last)
        return "failed"
    return "done"


def carry_together(deps: Deps, handlers: Handlers, organization_id: int, work_ids: Collection[UUID]) -> set[UUID]:
    """Do those of this work that are done together; which that were. None when something failed: `carry` each of them then."""
    kinds = [kind for kind, handler in handlers.items() if isinstance(handler, Together)]
    try:
        with deps.database.tenant(organization_id) as session:
            work = _lock_all(session, organization_id, work_ids, kinds)
            for kind, rows in work.items():
                handler = handlers[kind]
                if isinstance(handler, Together):
                    handler.run(session, organization_id, list(rows.values()), deps.clock.now(), deps)
            done = {work_id for rows in work.values() for work_id in rows}
            if done:
                session.execute(delete(Outbox).where(Outbox.organization_id == organization_id, Outbox.id == any_of(done)))
    except Exception as error:  # noqa: BLE001  (as in `carry`)
        _log.warning("work_failed_together", organization_id=organization_id, error=type(error).__name__)
        return set()
    return done


def _handler_of(handlers: Handlers, kind: str) -> Handler | Long | Together:
    if kind not in handlers:
        raise UnknownKindError
    return handlers[kind]


def _row(organization_id: int, work_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (Outbox.organization_id == organization_id, Outbox.id == work_id)


def _lock(session: Session, organization_id: int, work_id: UUID) -> tuple[str, Mapping[str, Any], int] | None:
    waiting = select(Outbox.kind, Outbox.body, Outbox.attempts).where(*_row(organization_id, work_id), Outbox.dead_at.is_(None))
    found = session.execute(waiting.with_for_update(skip_locked=True)).one_or_none()
    return None if found is None else (found.kind, found.body, found.attempts)


def _lock_all(session: Session, organization_id: int, work_ids: Collection[UUID], kinds: Collection[str]) -> dict[str, dict[UUID, Any]]:
    """Kind -> id -> body of what still waits and nobody else is at."""
    waiting = select(Outbox.kind, Outbox.id, Outbox.body).where(
        Outbox.organization_id == organization_id, Outbox.id == any_of(work_ids), Outbox.kind.in_(kinds), Outbox.dead_at.is_(None)
    )
    found: defaultdict[str, dict[UUID, Any]] = defaultdict(dict)
    for kind, work_id, body in session.execute(waiting.order_by(Outbox.id).with_for_update(skip_locked=True)):
        found[kind][work_id] = body
    return found


def _lease(session: Session, organization_id: int, work_id: UUID, until: datetime) -> None:
    session.execute(update(Outbox).where(*_row(organization_id, work_id)).values(lease_until=until))


def _finish(session: Session, organization_id: int, work_id: UUID) -> None:
    session.execute(delete(Outbox).where(*_row(organization_id, work_id)))


def _note(deps: Deps, key: tuple[int, UUID], problem: str, *, last: bool) -> None:
    """The class name only: messages may quote what they failed on. While the database is away nothing can be noted; the sweep comes anyway."""
    now = deps.clock.now()
    found: dict[str, Any] = {"problem": problem, "lease_until": func.least(Outbox.lease_until, now + TRIED_AGAIN_AFTER)}
    try:
        with deps.database.tenant(key[0]) as session:
            session.execute(update(Outbox).where(*_row(*key)).values(**found, **({"dead_at": now} if last else {})))
    except Exception as error:  # noqa: BLE001
        _log.warning("problem_not_noted", work_id=str(key[1]), error=type(error).__name__)
        return
    if last:
        _log.error("work_dead", organization_id=key[0], work_id=str(key[1]), problem=problem)


def given_up(session: Session, organization_id: int, kind: str) -> list[Mapping[str, Any]]:
    """The bodies of the dead work of a kind. It stays for a week."""
    dead = select(Outbox.body).where(Outbox.organization_id == organization_id, Outbox.kind == kind, Outbox.dead_at.is_not(None))
    return list(session.scalars(dead))


def waits(session: Session, organization_id: int, kinds: Collection[str]) -> bool:
    """Whether work of these kinds is due and not dead."""
    due = (Outbox.organization_id == organization_id, Outbox.kind.in_(kinds), Outbox.dead_at.is_(None), Outbox.due_at <= func.now())
    return bool(session.scalar(select(exists().where(*due))))
