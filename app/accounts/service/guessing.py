"""How guessing a short secret is slowed down: passwords at sign-in, PINs at a kiosk.

Every attempt is counted as a failure before it is looked at (or while it alone is looked at), for each of its keys: guesses sent at once are all
counted. Every failure is remembered for its `weight` of time, one after the other: `forget_at` is when the last is forgotten. After `free` failures the next attempt must
wait 2, 4, 8 ... seconds. Whoever was right takes the count back.
"""

import hashlib
import hmac
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.queries import identity as queries
from app.config import Settings
from app.errors import TooMany

_LONGEST_S: Final = 86_400


@dataclass(frozen=True, slots=True)
class Patience:
    """How many failures cost no waiting, how long each one is remembered, and how long the wait can become at most (beside the setting)."""

    free: int
    weight: timedelta
    most_s: int = _LONGEST_S


def key_of(settings: Settings, kind: str, value: str) -> bytes:
    """A keyed hash, so that the table of delays names nobody."""
    return hmac.new(settings.secret_key.encode(), f"{kind} {value}".encode(), hashlib.sha256).digest()


def delay_s(failures: int, free: int, most_s: int) -> int:
    """Seconds to wait after so many failures: none while they are free, then 2, 4, 8 ..., never more than `most_s`."""
    return 0 if failures <= free else min(most_s, 2 ** min(failures - free, 30))


def count(session: Session, keys: Mapping[bytes, Patience], now: datetime, settings: Settings) -> None:
    """Count an attempt under these keys. Raises `TooMany` (with Retry-After) while one must wait; that is not counted. Identity transaction."""
    hold(session, keys, now, settings)()


def hold(session: Session, keys: Mapping[bytes, Patience], now: datetime, settings: Settings) -> Callable[[], None]:
    """The same in two steps, for whoever looks at the attempt in this very transaction: nobody else can meanwhile, under these keys.

    What counts the failure; whoever was right does not call it. Raises `TooMany`, as `count`.
    """
    rows = queries.locked_delays(session, list(keys), now)
    wait_s = max(math.ceil((row.retry_at - now).total_seconds()) for row in rows.values())
    if wait_s > 0:
        raise TooMany(headers={"Retry-After": str(wait_s)})

    def failed() -> None:
        for key, patience in keys.items():
            row = rows[key]
            row.forget_at = max(row.forget_at, now) + patience.weight
            failures = math.ceil((row.forget_at - now) / patience.weight)
            most_s = min(settings.sign_in_delay_max_s, patience.most_s)
            delayed_s = delay_s(failures, patience.free, most_s)
            if delayed_s:  # attempts at the same moment may be looked at in another order than that of their time: `now` itself is no wait
                row.retry_at = now + timedelta(seconds=delayed_s)

    return failed


def forgive(session: Session, whole: bytes, one: bytes, patience: Patience) -> None:
    """It was right: forget all failures of the key `whole`, and the one just counted for the key `one`, which others share."""
    queries.forgive(session, whole)
    queries.uncount(session, one, patience.weight)


def take_back(session: Session, key: bytes, patience: Patience) -> None:
    """It was right: forget the failure just counted, and no other; others share the key."""
    queries.uncount(session, key, patience.weight)
