"""The statuses of a delivery, and which of two is the later truth.

Receipts come late, twice and out of order (measured: the final one before "accepted" in three of five), so a status has a rank and only climbs:
whatever the order in which a set of receipts comes, the same status is left.

1. Our own attempts: `queued` or `retry` -> `submitting` -> `accepted`, `failed`, `unknown`, or back to `retry`. A receipt may come in between.
2. `withdrawn` is only for what waits: once it was submitted it cannot be taken back.
3. What is settled stays settled. Among the settled ones providers correct themselves, so they have an order too: `expired` < `failed` < `delivered`.
   `delivered` beats the others because a phone that had it had it; `failed` beats `expired` because it says more. None of them is ever taken back.
"""

from collections.abc import Iterable
from typing import Final, Literal

Status = Literal["queued", "submitting", "retry", "unknown", "accepted", "delivered", "failed", "expired", "withdrawn"]

CHANNELS: Final = ("push", "sms", "email", "apprise")
STATUSES: Final = ("queued", "submitting", "retry", "unknown", "accepted", "delivered", "failed", "expired", "withdrawn")
WAITING: Final[tuple[Status, ...]] = ("queued", "retry")
"""May be claimed for an attempt, or withdrawn."""
SETTLED: Final[tuple[Status, ...]] = ("withdrawn", "expired", "failed", "delivered")
"""Nothing more will be tried."""
RANK: Final[dict[Status, int]] = {
    "queued": 0,
    "retry": 0,
    "submitting": 1,
    "unknown": 2,
    "accepted": 3,
    "withdrawn": 4,
    "expired": 5,
    "failed": 6,
    "delivered": 7,
}


def climbs(old: Status, new: Status) -> bool:
    """Whether `new` is the later truth and may be written over `old`. Going back from `submitting` to `retry` is no climb: see `replaces`."""
    return old in WAITING if new == "withdrawn" else RANK[new] > RANK[old]


def replaces(new: Status) -> tuple[Status, ...]:
    """The statuses that `new` may be written over: for `WHERE status = ANY(...)`. `retry` ends an attempt, so it replaces `submitting` alone."""
    return ("submitting",) if new == "retry" else tuple(old for old in RANK if climbs(old, new))


def together(parts: Iterable[Status]) -> Status:
    """What the parts of one long text come to: the least that was reached, for a text with a hole has not been delivered. At least one part."""
    return min(parts, key=RANK.__getitem__)
