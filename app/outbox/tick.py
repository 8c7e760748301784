"""What time asks for: partitions ahead, what outlived its term, stays to close. One leader at a time.

1. The leader holds an advisory lock on a direct connection; when it or its connection dies, another takes over within a minute.
2. Every minute, and once for each day (UTC, and when leadership is taken): each chore, organization by organization, each in its own
   transaction. A chore that fails is logged and tried again next time; the others go on. So a chore must not mind running again.
3. Every run leaves one line: what was done, how often, how long it took. Nothing of anybody.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from threading import Event
from typing import Any, Final

import psycopg
import structlog
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from app.outbox.models import LiveEvent, Outbox
from app.ports import Deps

LEADER_LOCK: Final = 0x7469636B
PERIOD_S: Final = 60.0
PARTITION_DAYS_AHEAD: Final = 7
DEAD_WORK_KEPT: Final = timedelta(days=7)
NEWS_KEPT: Final = timedelta(days=1)
NEWS_FORGOTTEN_AT_ONCE: Final = 20_000

OrganizationChore = Callable[[Deps, int, datetime], int]
"""(deps, organization_id, now) -> how many rows or people it was about. Opens its own transactions."""
GlobalChore = Callable[[Deps, datetime], int]

_log = structlog.get_logger("tick")


@dataclass(frozen=True, slots=True)
class Chores:
    """What is done, by name. The name goes into the log line."""

    each_minute: dict[str, GlobalChore] = field(default_factory=dict)
    each_minute_last: dict[str, GlobalChore] = field(default_factory=dict)
    """After those of the organizations."""
    each_day: dict[str, GlobalChore] = field(default_factory=dict)
    each_minute_and_organization: dict[str, OrganizationChore] = field(default_factory=dict)
    each_day_and_organization: dict[str, OrganizationChore] = field(default_factory=dict)


def in_tenant(chore: Callable[[Session, int, datetime], int]) -> OrganizationChore:
    """A chore that needs one transaction of the organization and no more."""
    return lambda deps, organization_id, now: _within(
        deps.database.tenant(organization_id), lambda session: chore(session, organization_id, now)
    )


def in_identity(chore: Callable[[Session, datetime], int]) -> GlobalChore:
    """A chore on global tables."""
    return lambda deps, now: _within(deps.database.identity(), lambda session: chore(session, now))


def _within(transaction: Any, work: Callable[[Session], int]) -> int:  # noqa: ANN401  (a context manager of Session)
    with transaction as session:
        return work(session)


class Tick:
    """Runs the chores until `stop` is set."""

    def __init__(self, deps: Deps, chores: Chores, connect: Callable[[], "psycopg.Connection[Any]"], stop: Event) -> None:
        self._deps = deps
        self._chores = chores
        self._connect = connect
        self._stop = stop

    def run(self) -> None:
        """Try to lead; while leading, run."""
        while not self._stop.is_set():
            try:
                with self._connect() as connection:
                    self._lead(connection)
            except (psycopg.Error, OSError) as error:
                _log.warning("tick_interrupted", error=type(error).__name__)
            self._stop.wait(PERIOD_S / 4)

    def _lead(self, connection: "psycopg.Connection[Any]") -> None:
        done_on: date | None = None
        while not self._stop.is_set() and leads(connection):
            now = self._deps.clock.now()
            today = now.astimezone(UTC).date()
            self.once(now, daily=today != done_on)
            done_on = today
            self._stop.wait(PERIOD_S - time.time() % PERIOD_S)

    def once(self, now: datetime, *, daily: bool) -> Counter[str]:
        """One run; what was done, by chore. Failures are counted as `<chore>:failed`."""
        started = time.monotonic()
        done: Counter[str] = Counter()
        for name, chore in {**self._chores.each_minute, **(self._chores.each_day if daily else {})}.items():
            self._do(done, name, chore, self._deps, now)
        organizations = self._organizations(done)
        for_each = {**self._chores.each_minute_and_organization, **(self._chores.each_day_and_organization if daily else {})}
        for organization_id in organizations:
            for name, organization_chore in for_each.items():
                self._do(done, name, organization_chore, self._deps, organization_id, now)
        for name, chore in self._chores.each_minute_last.items():
            self._do(done, name, chore, self._deps, now)
        took_ms = round((time.monotonic() - started) * 1000)
        _log.info(
            "tick",
            daily=daily,
            organizations=len(organizations),
            took_ms=took_ms,
            done={name: count for name, count in done.items() if count},
        )
        return done

    def _do(self, done: Counter[str], name: str, chore: Callable[..., int], *arguments: Any) -> None:  # noqa: ANN401  (a chore's own)
        if self._stop.is_set():
            return
        try:
            done[name] += chore(*arguments)
        except Exception as error:  # noqa: BLE001  (one chore of one organization must not keep the others waiting)
            done[f"{name}:failed"] += 1
            _log.warning("chore_failed", chore=name, error=type(error).__name__)

    def _organizations(self, done: Counter[str]) -> list[int]:
        found: list[int] = []

        def look(session: Session, _now: datetime) -> int:
            found.extend(session.execute(text("SELECT id FROM organization ORDER BY id")).scalars())
            return 0

        self._do(done, "organizations", in_identity(look), self._deps, self._deps.clock.now())
        return found


def leads(connection: "psycopg.Connection[Any]") -> bool:
    """Whether this connection holds the lock, now. Asking again for a lock one has counts up, so it is asked for once."""
    holds = "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND objid = %s AND granted)"
    found = connection.execute(f"SELECT ({holds}) OR pg_try_advisory_lock(%s)", [LEADER_LOCK, LEADER_LOCK]).fetchone()
    return bool(found and found[0])


def partitions_ahead(deps: Deps, now: datetime) -> int:
    """Make the days of sightings to come."""
    today, oldest = now.astimezone(UTC).date(), (now - timedelta(days=deps.settings.lateness_days)).astimezone(UTC).date()
    return _in_partitions(
        deps, "SELECT make_sighting_partitions(:first, :last)", first=oldest, last=today + timedelta(days=PARTITION_DAYS_AHEAD)
    )


def partitions_behind(deps: Deps, now: datetime) -> int:
    """Drop the days that are wholly past the lateness window. Runs after every organization has made its checkpoints and forgotten its rows."""
    oldest = (now - timedelta(days=deps.settings.lateness_days + 1)).astimezone(UTC).date()
    return _in_partitions(deps, "SELECT drop_sighting_partitions(:before)", before=oldest)


def _in_partitions(deps: Deps, statement: str, **days: date) -> int:
    with deps.database.identity() as session:
        session.execute(text("SET LOCAL lock_timeout = '2s'"))
        return int(session.execute(text(statement), days).scalar_one())


def forget_news(session: Session, organization_id: int, now: datetime) -> int:
    """Delete events of more than a day ago."""
    oldest = select(LiveEvent.id).where(LiveEvent.organization_id == organization_id).order_by(LiveEvent.id).limit(NEWS_FORGOTTEN_AT_ONCE)
    old = (LiveEvent.organization_id == organization_id, LiveEvent.id.in_(oldest), LiveEvent.created_at < now - NEWS_KEPT)
    return _count(session.execute(delete(LiveEvent).where(*old)))


def forget_dead_work(session: Session, organization_id: int, now: datetime) -> int:
    """Delete work that died a week ago: its body may hold what has a term."""
    return _count(session.execute(delete(Outbox).where(Outbox.organization_id == organization_id, Outbox.dead_at < now - DEAD_WORK_KEPT)))


def _count(result: Any) -> int:  # noqa: ANN401  (a CursorResult, which `Session.execute` does not promise)
    return int(result.rowcount)


def outbox_chores() -> Iterable[tuple[str, OrganizationChore]]:
    """What the outbox itself asks of every organization, every minute."""
    return (("news_forgotten", in_tenant(forget_news)), ("dead_work_forgotten", in_tenant(forget_dead_work)))
