"""Several parcels at once: a service far away answers one in 100 ms, so one after the other would be ten a second.

Each lane is a thread that takes the next parcel when it is done with one. What is not begun when time is up is left for another attempt.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from queue import SimpleQueue
from threading import Thread
from typing import Final
from uuid import UUID

from app.ports import Outcome, Parcel

Send = Callable[[Parcel], Outcome]
_END: Final = None


def spread(
    parcels: Sequence[Parcel], deadline_s: float, lanes: int, lane: Callable[[], AbstractContextManager[Send]], late: Outcome
) -> Iterator[tuple[UUID, Outcome]]:
    """Each parcel's outcome as soon as it is known; `late`: of those not begun in time. `lane` gives a thread what it sends with."""
    waiting, done = deque(parcels), SimpleQueue[tuple[UUID, Outcome] | BaseException | None]()
    ends = time.monotonic() + deadline_s

    def run() -> None:
        try:
            with lane() as send:
                while waiting:
                    try:
                        parcel = waiting.popleft()
                    except IndexError:
                        break
                    done.put((parcel.delivery_id, send(parcel) if time.monotonic() < ends else late))
        except BaseException as error:  # noqa: BLE001  (our own fault: told to whoever waits for the outcomes)
            done.put(error)
        finally:
            done.put(_END)

    threads = [Thread(target=run, name=f"lane-{number}", daemon=True) for number in range(min(lanes, len(parcels)))]
    for thread in threads:
        thread.start()
    try:
        yield from _outcomes(done, len(threads))
    finally:
        waiting.clear()
        for thread in threads:
            thread.join()


def _outcomes(done: "SimpleQueue[tuple[UUID, Outcome] | BaseException | None]", running: int) -> Iterator[tuple[UUID, Outcome]]:
    broken: BaseException | None = None
    while running:
        found = done.get()
        if found is _END:
            running -= 1
        elif isinstance(found, BaseException):
            broken = found
        else:
            yield found
    if broken is not None:
        raise broken
