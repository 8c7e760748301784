"""Several providers of one channel: shared by weight and health (`core.failover`), and a parcel that one certainly did not take goes to another.

`retry` is the one verdict that says so; `unknown` is not, and stays what it is. What is known of a provider's health is this process's own.
"""

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Final
from uuid import UUID

from app.core.failover import Health, Sign, noted, pick, weight
from app.ports import Channel, Outcome, Parcel

SLOW_S: Final = 5.0
"""A parcel that takes longer than this speaks against its provider."""
OURS: Final = frozenset({"deadline"})
"""Reasons to wait that say nothing about the provider."""
_Told = tuple[UUID, Outcome] | BaseException | None
_Left = tuple[Parcel, frozenset[int]]
"""A parcel that nobody took yet, and who was asked."""


@dataclass(slots=True)
class Member:
    """One provider."""

    channel: Channel
    resting: float
    health: Health = field(default_factory=Health)


def dice() -> float:
    """From 0 up to 1."""
    return secrets.randbits(53) / 2**53


class FailoverChannel:
    """One channel made of several."""

    def __init__(self, members: Sequence[tuple[Channel, float]], dice: Callable[[], float] = dice) -> None:
        self._members = [Member(channel, resting) for channel, resting in members]
        self._dice, self._lock = dice, Lock()

    def send(self, parcels: Sequence[Parcel], deadline_s: float) -> Iterator[tuple[UUID, Outcome]]:
        """Each parcel's outcome; one that waits has been offered to every provider there was time for."""
        ends = time.monotonic() + deadline_s
        left: list[_Left] = [(parcel, frozenset()) for parcel in parcels]
        while left:
            again: list[_Left] = []
            known = {parcel.delivery_id: (parcel, tried) for parcel, tried in left}
            for index, (id_, outcome) in self._round(left, ends):
                parcel, tried = known[id_]
                if outcome.verdict == "retry" and len(tried) + 1 < len(self._members) and time.monotonic() < ends:
                    again.append((parcel, tried | {index}))
                else:
                    yield id_, outcome
            left = again

    def _round(self, left: Sequence[_Left], ends: float) -> Iterator[tuple[int, tuple[UUID, Outcome]]]:
        """Every parcel to one provider that has not had it; the providers at once."""
        shares: dict[int, list[Parcel]] = {}
        for parcel, tried in left:
            shares.setdefault(self._choose(tried), []).append(parcel)
        told = SimpleQueue[tuple[int, _Told]]()

        def run(index: int) -> None:
            try:
                for each in self._watched(index, shares[index], ends):
                    told.put((index, each))
            except BaseException as error:  # noqa: BLE001  (our own fault: told to whoever waits for the outcomes)
                told.put((index, error))
            finally:
                told.put((index, None))

        threads = [Thread(target=run, args=(index,), daemon=True, name=f"provider-{index}") for index in shares]
        for thread in threads:
            thread.start()
        try:
            yield from _drained(told, len(threads))
        finally:
            for thread in threads:
                thread.join()

    def _choose(self, tried: frozenset[int]) -> int:
        now_s = time.monotonic()
        with self._lock:
            weights = [0.0 if index in tried else weight(each.resting, each.health, now_s) for index, each in enumerate(self._members)]
        return pick(weights, self._dice())

    def _watched(self, index: int, parcels: Sequence[Parcel], ends: float) -> Iterator[tuple[UUID, Outcome]]:
        """The outcomes, and what each says about the provider."""
        before = time.monotonic()
        for id_, outcome in self._members[index].channel.send(parcels, max(0.0, ends - before)):
            now = time.monotonic()
            if outcome.reason not in OURS:
                self._note(index, _sign(outcome, now - before), now)
            before = now
            yield id_, outcome

    def _note(self, index: int, sign: Sign, now_s: float) -> None:
        with self._lock:
            self._members[index].health = noted(self._members[index].health, sign, now_s)


def _sign(outcome: Outcome, took_s: float) -> Sign:
    if outcome.verdict in {"retry", "unknown"}:
        return "error"
    return "slow" if took_s > SLOW_S else "good"


def _drained(told: "SimpleQueue[tuple[int, _Told]]", running: int) -> Iterator[tuple[int, tuple[UUID, Outcome]]]:
    broken: BaseException | None = None
    while running:
        index, found = told.get()
        if found is None:
            running -= 1
        elif isinstance(found, BaseException):
            broken = found
        else:
            yield index, found
    if broken is not None:
        raise broken
