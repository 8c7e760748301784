"""The only file that begins and commits.

1. Who is calling is settled in an *identity* transaction on global tables; no organization is set, so tenant tables show no rows.
2. Then a *tenant* transaction begins: its first statement is `SET LOCAL app.organization_id = <integer>`, sent again after every
   begin of the same session (a savepoint is none), and forgotten by PostgreSQL at commit or rollback. Row-level security reads it.
3. The block's end commits; an exception rolls back. Nothing else commits.
4. After the commit, and only then, the listener is told which organization has work or news (`has_news`), and whose viewers may have
   lost the right to look (`viewers_changed`).
The setting is a checked integer literal in a real SET LOCAL statement: Citus hands only that on to its workers.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Protocol, cast
from weakref import WeakKeyDictionary, WeakSet

import psycopg
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import URL, Engine
from sqlalchemy.orm import Session, SessionTransaction

from app.errors import MusterError


class BypassRefusedError(MusterError):
    """The database role could bypass row-level security. Give DATABASE_APP_URL a role without SUPERUSER and BYPASSRLS that owns no table."""


class Listener(Protocol):
    """Is told after a commit, by organization. Must not raise, and may be lost: whoever it wakes looks by themselves from time to time."""

    def news(self, organization_id: int) -> None:
        """There is work or news."""

    def viewers(self, organization_id: int) -> None:
        """Somebody may no longer look."""


class Nobody:
    """Listens to nothing."""

    def news(self, organization_id: int) -> None:
        """See `Listener`."""

    def viewers(self, organization_id: int) -> None:
        """See `Listener`."""


_NEWS: "Final[WeakSet[object]]" = WeakSet()
_VIEWERS: "Final[WeakKeyDictionary[Session, set[int]]]" = WeakKeyDictionary()


def has_news(holder: "Session | psycopg.Connection[Any]") -> None:
    """This transaction wrote work or news: once it is committed, relay and streams are woken."""
    _NEWS.add(holder)


def viewers_changed(session: Session, organization_id: int) -> None:
    """This transaction took a session, a role or a module away: once it is committed, the organization's streams are checked."""
    _VIEWERS.setdefault(session, set()).add(organization_id)


class TenantSession(Session):
    """A session bound to one organization for all its transactions."""

    organization_id: int


def _set_organization(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    if isinstance(session, TenantSession) and not transaction.nested:  # a savepoint keeps what was set before it
        connection.exec_driver_sql(f"SET LOCAL app.organization_id = {session.organization_id:d}")


event.listen(Session, "after_begin", _set_organization)


def plain(session: Session) -> "psycopg.Connection[Any]":
    """What is below SQLAlchemy, in the same transaction: ten thousand rows come in half the time."""
    return cast("psycopg.Connection[Any]", session.connection().connection.driver_connection)


def engine_options(pool_size: int = 8, *, statement_timeout_s: int = 0) -> dict[str, Any]:
    """How every engine connects: in UTC. Statements are prepared, so a PgBouncer in between must know `max_prepared_statements` (1.21).

    Connections are not tried before use: that would be a third round trip of every ping. After a restart of the database the first
    request fails as 503, and its failure empties the pool. `statement_timeout_s` 0: none.
    """
    limits = f"-c statement_timeout={statement_timeout_s}s -c idle_in_transaction_session_timeout=300s"
    connect = {"options": f"-c timezone=UTC {limits}", "prepare_threshold": 2, "application_name": "muster"}
    return {"pool_size": pool_size, "max_overflow": 2, "connect_args": connect}


def make_engine(url: URL | str, *, pool_size: int = 8) -> Engine:
    """An engine for processes and commands without Flask; in the web process Flask-SQLAlchemy makes it."""
    return create_engine(url, **engine_options(pool_size))


class Database:
    """Opens transactions on one engine. Made once in `wiring`; handed to routes, jobs and commands."""

    def __init__(self, engine: Engine, listener: Listener | None = None) -> None:
        self.engine = engine
        self._listener = listener or Nobody()

    @contextmanager
    def identity(self) -> Iterator[Session]:
        """A short transaction on global tables. Tenant tables yield nothing in it."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session
        self._tell(session)

    @contextmanager
    def tenant(self, organization_id: int) -> Iterator[Session]:
        """The one transaction of a request or job, walled in to the organization; commits at the end of the block."""
        session = TenantSession(self.engine, expire_on_commit=False)
        session.organization_id = int(organization_id)
        with session, session.begin():
            yield session
        if session in _NEWS:
            self._listener.news(session.organization_id)
        self._tell(session)

    def _tell(self, session: Session) -> None:
        for organization_id in _VIEWERS.pop(session, ()):
            self._listener.viewers(organization_id)

    @contextmanager
    def hot(self, organization_id: int) -> Iterator["psycopg.Connection[Any]"]:
        """The same wall on a plain psycopg connection, for the hot path: BEGIN and SET LOCAL ride with the first query's round trip when the caller opens a pipeline."""
        raw = self.engine.raw_connection()
        connection = cast("psycopg.Connection[Any]", raw.driver_connection)
        _NEWS.discard(connection)
        try:
            with connection.pipeline():
                connection.execute(f"SET LOCAL app.organization_id = {int(organization_id):d}".encode(), prepare=False)
                yield connection
                connection.execute(b"COMMIT", prepare=False)  # leaves with the last statements; the pipeline's end waits once for all
            told = connection in _NEWS
        except psycopg.OperationalError as error:
            raw.invalidate(error)
            self.engine.dispose()
            raise
        except BaseException:
            raw.rollback()
            raise
        finally:
            raw.close()
        if told:
            self._listener.news(int(organization_id))


def refuse_bypass(engine: Engine) -> None:
    """Refuse to serve as a role that row-level security would not bind. Raises `BypassRefusedError`."""
    with engine.connect() as connection:
        could = connection.execute(
            text(
                "SELECT r.rolsuper OR r.rolbypassrls OR EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p'))"
                " OR EXISTS (SELECT FROM pg_roles o WHERE pg_has_role(r.oid, o.oid, 'MEMBER') AND (o.rolsuper OR o.rolbypassrls))"
                " FROM pg_roles r WHERE r.rolname = current_user"
            )
        ).scalar_one()
    if could:
        raise BypassRefusedError
