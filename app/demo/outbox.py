"""What the stand-ins were handed, kept in memory: the newest few hundred of each channel."""

from collections import deque
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Final

from app.ports import Arrived

KEPT: Final = 200


class Outbox:
    """For several threads."""

    def __init__(self) -> None:
        self._kept: dict[str, deque[Arrived]] = {}
        self._lock = Lock()

    def put(self, channel: str, recipient: str, sender: str, words: tuple[str, str], link: str | None = None) -> None:
        """Something arrived; `words`: title and text."""
        arrived = Arrived(channel, datetime.now(UTC), recipient, sender, *words, link)
        with self._lock:
            self._kept.setdefault(channel, deque(maxlen=KEPT)).appendleft(arrived)

    def rows(self) -> Sequence[dict[str, Any]]:
        """As JSON takes it, the newest first."""
        with self._lock:
            kept = [one for of_channel in self._kept.values() for one in of_channel]
        newest = sorted(kept, key=lambda one: one.at, reverse=True)
        return [asdict(one) | {"at": one.at.isoformat()} for one in newest]
