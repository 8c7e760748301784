"""Hand deliveries to their channel, so that a crash at any point loses nothing and doubles nothing silently.

1. First transaction (`attempts.claim`): deliveries that wait become *submitting*, with the time, and their parcels are made. Commit.
2. No transaction is open while the channel is called. Outcomes are written as they come, a bunch at a time (`outcomes.record`).
3. Killed before 1 commits: nothing happened, the work is offered again. Killed after it: the next attempt finds them submitting. Once the
   attempt before must be dead, they may have been sent: *unknown*. Killed after the outcome was written: there is nothing left to do.
4. An attempt that finds the one before still at work leaves it alone, and its work stays in the outbox.
"""

import time
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError

from app.messaging import attempts, outcomes
from app.outbox.carry import Long
from app.ports import Deps, Outcome, Parcel

DEADLINE_S: Final = 10.0
"""Nothing is begun after it; a provider's answer to what was begun may take as long again."""
AT_ONCE: Final = 25
WRITTEN_EVERY_S: Final = 0.3
PATIENCE_S: Final = 10.0
"""How long an outcome waits for a database that is away. All three together stay below the lease."""
PAUSE_S: Final = 0.5

_log = structlog.get_logger("messaging")


class StillAtWork(RuntimeError):
    """Another attempt has some of these deliveries in hand."""


def run(organization_id: int, body: Mapping[str, Any], now: datetime, deps: Deps) -> None:
    """The handler of `messaging.deliver` {"deliveries": at most 50 ids, "channel"}."""
    ids = [UUID(id_) for id_ in body["deliveries"]]
    with deps.database.tenant(organization_id) as session:
        claimed = attempts.claim(session, organization_id, ids, now, deps)
    if claimed.parcels:
        _hand_over(organization_id, body["channel"], claimed.parcels, deps)
    if claimed.held:
        raise StillAtWork


def _hand_over(organization_id: int, channel: str, parcels: list[Parcel], deps: Deps) -> None:
    waiting = {parcel.delivery_id for parcel in parcels}
    found: dict[UUID, Outcome] = {}
    written_at = time.monotonic()
    for delivery_id, outcome in _sent(channel, parcels, deps):
        waiting.discard(delivery_id)
        found[delivery_id] = outcome
        if len(found) >= AT_ONCE or time.monotonic() - written_at > WRITTEN_EVERY_S:
            _write(organization_id, found, deps)
            found, written_at = {}, time.monotonic()
    _write(organization_id, found | {id_: Outcome("unknown", channel, "no_outcome") for id_ in waiting}, deps)


def _sent(channel: str, parcels: list[Parcel], deps: Deps) -> Iterable[tuple[UUID, Outcome]]:
    """What the channel says. What it says nothing of, because it broke, may have been sent."""
    try:
        yield from deps.channels[channel].send(parcels, DEADLINE_S)
    except Exception as error:  # noqa: BLE001  (the other outcomes must be written whatever broke)
        _log.error("channel_broke", channel=channel, error=type(error).__name__)


def _write(organization_id: int, found: Mapping[UUID, Outcome], deps: Deps) -> None:
    """Write these outcomes, with some patience for a database that is being started again: what cannot be written is unknown for ever."""
    end = time.monotonic() + PATIENCE_S
    while found:
        try:
            with deps.database.tenant(organization_id) as session:
                outcomes.record(session, organization_id, found, deps.clock.now())
        except DBAPIError:
            if time.monotonic() > end:
                raise
            time.sleep(PAUSE_S)
        else:
            return


DELIVER: Final = Long(run, lease=timedelta(seconds=attempts.DEAD_AFTER_S))
