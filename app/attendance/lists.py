"""What a list is asked for."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Slice:
    """Part of a list that shows the newest first: moments in [since, until), after the last row shown (moment, id), so many (None: all)."""

    since: datetime
    until: datetime
    after: tuple[datetime, UUID] | None = None
    limit: int | None = 200
