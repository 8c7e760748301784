"""Offer the work that is due to the workers. Rows are the truth; RQ carries their ids and may lose or double them.

1. Claim: due rows whose lease is over (or that never had one), skipping what others hold; count the attempt, set a lease that doubles with
   every attempt, commit. The lease is also the sweep: what a killed worker or a lost Redis left behind is simply due again.
2. Offer: up to 50 ids a job, a fresh job id every time, one queue, JSON. If Redis does not take them, the claim is taken back.
3. Not more than `JOBS_WAITING_MAX` jobs wait at once, so that no lease runs out in the queue and no attempt is used up by waiting. What is
   urgent goes to the front, and has room of its own: an alert never waits behind ten thousand letters.
4. A row that used up its attempts is dead: it stays, the operator is told by a log line and by the report for `/metrics`.
5. Sleep until a hint comes, at most a second. Redis or PostgreSQL gone: log, wait, connect again.

The relay's role sees the outbox of every organization, and no body. Several relays may run at once.
"""

import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from threading import Event
from typing import Any, Final, cast
from uuid import UUID, uuid4

import psycopg
import structlog
from redis import Redis
from redis.client import PubSub
from redis.exceptions import RedisError
from rq import Queue

from app.outbox.report import Report, write_report

QUEUE: Final = "muster"
JOB: Final = "app.worker.carry_all"
ROWS_PER_JOB: Final = 50
JOBS_WAITING_MAX: Final = 10
URGENT_JOBS_MAX: Final = 10
JOB_TIMEOUT_S: Final = 600
FAILED_JOB_KEPT_S: Final = 3600
ATTEMPTS_MAX: Final = 12
LEASE_FIRST_S: Final = 20
LEASE_MAX_S: Final = 300
URGENT_LEASE_MAX_S: Final = 40
"""What was lost with Redis three times in a row does not wait for minutes when it is urgent."""
POLL_S: Final = 1.0
BUSY_POLL_S: Final = 0.1
"""What comes meanwhile goes in one job: under load each round costs less than two of half its length."""
SURVEY_EVERY_S: Final = 5.0
RULES: Final = {"attempts_max": ATTEMPTS_MAX, "lease_first_s": LEASE_FIRST_S}

CLAIM: Final = """
    WITH due AS (
      SELECT organization_id, id FROM outbox
      WHERE dead_at IS NULL AND due_at <= now() AND attempts < %(attempts_max)s AND (lease_until IS NULL OR lease_until <= now())
        AND CASE WHEN kind = ANY(%(urgent)s) THEN 'urgent' WHEN kind = ANY(%(alone)s) THEN 'alone' ELSE 'short' END = %(pace)s
      ORDER BY due_at LIMIT %(room)s FOR UPDATE SKIP LOCKED
    )
    UPDATE outbox o
    SET attempts = o.attempts + 1, lease_until = now() + least(%(lease_first_s)s * 2 ^ o.attempts, %(lease_max_s)s) * interval '1 second'
    FROM due WHERE o.organization_id = due.organization_id AND o.id = due.id
    RETURNING o.organization_id, o.id, o.kind
"""
TAKE_BACK: Final = """
    UPDATE outbox SET attempts = attempts - 1, lease_until = NULL
    WHERE (organization_id, id) IN (SELECT * FROM unnest(%s::bigint[], %s::uuid[])) AND attempts > 0
"""
BURY: Final = """
    UPDATE outbox SET dead_at = now() WHERE dead_at IS NULL AND attempts >= %(attempts_max)s AND lease_until <= now()
    RETURNING organization_id, id, kind, problem
"""
COUNT: Final = """
    SELECT count(*) FILTER (WHERE dead_at IS NULL), count(*) FILTER (WHERE dead_at IS NOT NULL),
           coalesce(extract(epoch FROM now() - min(due_at) FILTER (WHERE dead_at IS NULL AND due_at <= now())), 0)::float
    FROM outbox
"""

Connection = psycopg.Connection[tuple[Any, ...]]
Row = tuple[int, UUID, str]

_log = structlog.get_logger("relay")


class Relay:
    """Runs until `stop` is set. `alone`: kinds of work that get a job of their own, because they take long. `urgent`: those that go first."""

    def __init__(  # noqa: PLR0913, PLR0917  (what it stands between)
        self,
        connect: Callable[[], Connection],
        redis: Redis,
        channel: str,
        alone: Collection[str],
        stop: Event,
        urgent: Collection[str] = (),
    ) -> None:
        self._connect = connect
        self._redis = redis
        self._channel = channel
        self._alone = alone
        self._urgent = urgent
        self._stop = stop
        self._queue = Queue(QUEUE, connection=redis, serializer="json")
        self._surveyed_at = 0.0

    def run(self) -> None:
        """Claim and offer, whatever dies and comes back."""
        while not self._stop.is_set():
            try:
                with self._connect() as connection, _subscriber(self._redis) as hints:
                    hints.subscribe(self._channel)
                    self._go_on(connection, hints)
            except (psycopg.Error, RedisError, OSError) as error:
                _log.warning("relay_interrupted", error=type(error).__name__)
                self._stop.wait(POLL_S)

    def _go_on(self, connection: Connection, hints: PubSub) -> None:
        while not self._stop.is_set():
            room = ROWS_PER_JOB * (JOBS_WAITING_MAX - self._queue.count)
            if self.step(connection, room) or room <= 0:
                self._stop.wait(BUSY_POLL_S)
            else:
                _wait_for_hint(hints)
            if time.monotonic() - self._surveyed_at > SURVEY_EVERY_S:
                self.survey(connection)

    def step(self, connection: Connection, room: int) -> int:
        """Offer up to `room` rows, and urgent ones even when that is nothing; how many there were. The connection is in autocommit.

        Raises `RedisError` when Redis does not take them.
        """
        jobs = room // ROWS_PER_JOB
        return sum(
            self._step(connection, pace, most) for pace, most in (("urgent", URGENT_JOBS_MAX + jobs), ("short", room), ("alone", jobs))
        )

    def _step(self, connection: Connection, pace: str, most: int) -> int:
        if most <= 0:
            return 0
        lease_max_s = URGENT_LEASE_MAX_S if pace == "urgent" else LEASE_MAX_S
        wanted = {"pace": pace, "urgent": list(self._urgent), "alone": list(self._alone), "room": most, "lease_max_s": lease_max_s}
        rows = cast("list[Row]", connection.execute(CLAIM, {**RULES, **wanted}).fetchall())
        if rows:
            try:
                self._offer(rows, at_front=pace == "urgent")
            except (RedisError, OSError):
                connection.execute(TAKE_BACK, [[row[0] for row in rows], [row[1] for row in rows]])
                raise
        return len(rows)

    def _offer(self, rows: Sequence[Row], *, at_front: bool) -> None:
        jobs = [
            Queue.prepare_data(
                JOB,
                args=([[organization_id, str(work_id)] for organization_id, work_id, _ in job],),
                job_id=f"o-{uuid4().hex}",
                timeout=JOB_TIMEOUT_S,
                result_ttl=0,
                failure_ttl=FAILED_JOB_KEPT_S,
                description=f"{len(job)} rows",
                at_front=at_front,
            )
            for job in packed(rows, self._alone)
        ]
        self._queue.enqueue_many(jobs)

    def survey(self, connection: Connection) -> None:
        """Bury the dead and report how the outbox stands."""
        self._surveyed_at = time.monotonic()
        for organization_id, work_id, kind, problem in connection.execute(BURY, RULES).fetchall():
            _log.error("work_dead", organization_id=organization_id, work_id=str(work_id), kind=kind, problem=problem)
        counted = connection.execute(COUNT).fetchone()
        if counted:
            write_report(self._redis, Report(*counted))


def packed(rows: Sequence[Row], alone: Collection[str]) -> list[list[Row]]:
    """The rows by job: 50 to a job, long work alone and last."""
    short = [row for row in rows if row[2] not in alone]
    jobs = [short[start : start + ROWS_PER_JOB] for start in range(0, len(short), ROWS_PER_JOB)]
    return jobs + [[row] for row in rows if row[2] in alone]


def _subscriber(redis: Redis) -> PubSub:
    return cast("PubSub", redis.pubsub(ignore_subscribe_messages=True))  # type: ignore[no-untyped-call]


def _wait_for_hint(hints: PubSub) -> None:
    """Until a hint or the poll's time; what else came meanwhile is answered by the same round."""
    if hints.get_message(timeout=POLL_S):
        with suppress(RedisError):
            while hints.get_message(timeout=0):
                pass
