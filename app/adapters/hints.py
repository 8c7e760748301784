"""Hints through Redis: "this organization has news", "somebody of it may no longer look". A lost one costs a second, or half a minute."""

import time
from typing import Final

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

NEWS: Final = "muster:news"
VIEWERS: Final = "muster:viewers"
TIMEOUT_S: Final = 0.25
SILENT_AFTER_FAILURE_S: Final = 2.0


class RedisHints:
    """Sends hints. While Redis is away it stays silent, so that a request waits for it at most once in a while."""

    def __init__(self, redis_url: str) -> None:
        self._redis = Redis.from_url(
            redis_url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S, retry=Retry(NoBackoff(), 0), health_check_interval=0
        )
        self._silent_until = 0.0

    def news(self, organization_id: int) -> None:
        """Wake the relay and the streams of this organization. Never raises."""
        self._publish(NEWS, organization_id)

    def viewers(self, organization_id: int) -> None:
        """Have the viewers of this organization's streams checked. Never raises."""
        self._publish(VIEWERS, organization_id)

    def _publish(self, channel: str, organization_id: int) -> None:
        if time.monotonic() < self._silent_until:
            return
        try:
            self._redis.publish(channel, f"{organization_id:d}")
        except (RedisError, OSError):
            self._silent_until = time.monotonic() + SILENT_AFTER_FAILURE_S
