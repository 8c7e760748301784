"""How the outbox stands: counted by the relay, who alone sees it all, left in Redis, read for `/metrics` and by the operator."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from redis import Redis
from redis.exceptions import RedisError

KEY: Final = "muster:outbox"
KEPT_S: Final = 60
TIMEOUT_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class Report:
    """`oldest_due_s`: age of the oldest piece of work that should have been done by now."""

    waiting: int
    dead: int
    oldest_due_s: float


def write_report(redis: Redis, report: Report) -> None:
    """Raises `RedisError`."""
    redis.set(KEY, json.dumps(asdict(report)), ex=KEPT_S)


def read_report(redis: Redis) -> Report | None:
    """The last report; None when no relay has reported for a minute. Raises `RedisError`."""
    text: Any = redis.get(KEY)
    return Report(**json.loads(text)) if text else None


class OutboxCollector(Collector):
    """Gauges for Prometheus. Without a relay or Redis only `muster_relay_up` is left, and it is 0."""

    def __init__(self, redis_url: str) -> None:
        self._redis_url = redis_url

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read at every scrape."""
        try:
            with Redis.from_url(self._redis_url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S) as redis:
                report = read_report(redis)
        except (RedisError, ValueError):  # ValueError: an address that is not Redis's, such as the limiter's memory://
            report = None
        yield GaugeMetricFamily("muster_relay_up", "Whether a relay reported in the last minute.", value=report is not None)
        if report:
            yield GaugeMetricFamily("muster_outbox_waiting", "Pieces of work not done yet.", value=report.waiting)
            yield GaugeMetricFamily("muster_outbox_dead", "Pieces of work that failed too often. Somebody must look.", value=report.dead)
            yield GaugeMetricFamily("muster_outbox_oldest_due_seconds", "Age of the oldest work that is due.", value=report.oldest_due_s)

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing: registering must not ask Redis."""
        return []
