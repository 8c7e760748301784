"""Patience with an SMSC that asked for it, or that is away."""

import time
from typing import Final

PAUSE_MIN_S: Final = 1.0
PAUSE_MAX_S: Final = 30.0


class Pause:
    """Time in which nothing is tried, twice as long after each further reason for it."""

    def __init__(self) -> None:
        self._next_s = PAUSE_MIN_S
        self._until = 0.0

    @property
    def left_s(self) -> float:
        """How much longer; 0 when it is over."""
        return max(0.0, self._until - time.monotonic())

    def begin(self) -> None:
        """Begin one, unless one runs."""
        if not self.left_s:
            self._until = time.monotonic() + self._next_s
            self._next_s = min(2 * self._next_s, PAUSE_MAX_S)

    def forget(self) -> None:
        """All is well: the next one is short again."""
        self._next_s = PAUSE_MIN_S
