"""A worker: takes ids from RQ and does the work. One queue, JSON only, no fork.

A worker that does not fork keeps its database connections and caches warm between jobs, and is killed whole: a forking one leaves its
child running beside the next attempt. What a crash leaves behind comes back with its lease (`app/outbox/relay.py`).
"""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Final
from uuid import UUID

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker

from app import logs, wiring
from app.config import Settings, load_settings
from app.outbox.carry import carry, carry_together
from app.outbox.relay import JOB_TIMEOUT_S, QUEUE
from app.ports import Deps
from app.subscriptions import HANDLERS

MAINTENANCE_EVERY_S: Final = 30
WORKER_TTL_S: Final = 60
RECONNECT_MAX_S: Final = 5.0
RECONNECT_PAUSE_S: Final = 1.0
DAWDLING_S: Final = JOB_TIMEOUT_S / 2

_log = structlog.get_logger("worker")


class Worker(SimpleWorker):
    """RQ's worker without a child process, and with a short patience for a Redis that is away."""

    max_connection_wait_time = RECONNECT_MAX_S

    @property
    def asked_to_stop(self) -> bool:
        """Whether a signal ended the work, and not an error."""
        return self._shutdown_requested_date is not None


@cache
def _deps() -> Deps:
    return wiring.build(load_settings())


def carry_all(rows: Iterable[tuple[int, str]]) -> None:
    """The job: `rows` are [organization_id, work id] pairs. What is not reached in time is offered again."""
    started = time.monotonic()
    outcomes: Counter[str] = Counter()
    waiting: defaultdict[int, list[UUID]] = defaultdict(list)
    for organization_id, row_id in rows:
        waiting[organization_id].append(UUID(row_id))
    for organization_id, work_ids in waiting.items():
        done = carry_together(_deps(), HANDLERS, organization_id, work_ids) if len(work_ids) > 1 else set()
        outcomes["done"] += len(done)
        for work_id in work_ids:
            if time.monotonic() - started > DAWDLING_S:
                break
            if work_id not in done:
                outcomes[carry(_deps(), HANDLERS, organization_id, work_id)] += 1
    _log.debug("carried", took_ms=round((time.monotonic() - started) * 1000), **outcomes)


def run(settings: Settings) -> None:
    """Work until told to stop (SIGTERM, SIGINT: after the current job), whatever Redis does meanwhile."""
    logs.configure(settings.log_level)
    redis = Redis.from_url(settings.redis_url)
    queue = Queue(QUEUE, connection=redis, serializer="json")
    while True:
        worker = Worker([queue], connection=redis, serializer="json", maintenance_interval=MAINTENANCE_EVERY_S, worker_ttl=WORKER_TTL_S)
        try:
            worker.work(logging_level=None)
        except RedisError as error:
            _log.warning("worker_interrupted", error=type(error).__name__)
        if worker.asked_to_stop:
            return
        time.sleep(RECONNECT_PAUSE_S)
