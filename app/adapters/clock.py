"""What time it is: by the machine, or by hand."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Now, UTC."""
        return datetime.now(UTC)


@dataclass
class SetClock:
    """A clock that stands still until it is moved; for tests."""

    moment: datetime

    def now(self) -> datetime:
        """The set moment."""
        return self.moment

    def move(self, by: timedelta) -> None:
        """Forward, or back."""
        self.moment += by
