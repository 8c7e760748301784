"""What becomes of the record when late facts change the story: amendments, and the state as JSON.

A crossing or stay that moved keeps its id and gains a revision; one that no longer happened is withdrawn; one that was missed is added.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from app.core.fix import FenceId
from app.core.fold import Crossing, Seen, Standing, State, Stay

Id = TypeVar("Id")
T = TypeVar("T", Crossing, Stay)


@dataclass(frozen=True, slots=True)
class Amendments(Generic[Id, T]):
    """What to write: `revised` by the id that stays, `added` without one yet, `withdrawn` ids. All empty: nothing changed."""

    revised: dict[Id, T]
    added: list[T]
    withdrawn: list[Id]


def amend(before: Mapping[Id, T], after: Iterable[T]) -> Amendments[Id, T]:
    """Compare what was written with what a refold says.

    `before`: the crossings (or stays) decided after the checkpoint, and for stays also those open at it; `after`: `Result.crossings`
    (or `Result.stays` and `open_stays(state)`). Per fence and kind the same moment is the same thing; the rest pair up in order of time.
    """
    old: dict[tuple[FenceId, str], dict[Id, T]] = defaultdict(dict)
    new: dict[tuple[FenceId, str], list[T]] = defaultdict(list)
    for known_id, thing in before.items():
        old[_slot(thing)][known_id] = thing
    for thing in after:
        new[_slot(thing)].append(thing)
    changes: Amendments[Id, T] = Amendments({}, [], [])
    for slot in {**old, **new}:
        _pair(old[slot], sorted(new[slot], key=_moment), changes)
    return changes


def to_json(state: State) -> dict[str, Any]:
    """The state as plain lists and numbers, compact: it is written with every batch. Holds no position."""
    return {
        "head": list(state.head),
        "cuts_until_ms": state.cuts_until_ms,
        "last_seen_ms": state.last_seen_ms,
        "standings": [_standing_to_json(*item) for item in state.standings.items()],
        "veiled": [_standing_to_json(*item) for item in state.veiled.items()],
    }


def from_json(data: Mapping[str, Any], fence_id: Callable[[str], FenceId] = UUID) -> State:
    """The exact state `to_json` was given; `fence_id` reads a fence's id from text (UUID on the server, str on files)."""
    at_ms, device, ping_id = data["head"]
    return State(
        (at_ms, device, ping_id),
        data["cuts_until_ms"],
        data["last_seen_ms"],
        {fence_id(item[0]): _standing_from_json(item) for item in data["standings"]},
        {fence_id(item[0]): _standing_from_json(item) for item in data["veiled"]},
    )


def _slot(thing: Crossing | Stay) -> tuple[FenceId, str]:
    return (thing.fence, thing.kind if isinstance(thing, Crossing) else "stay")


def _moment(thing: Crossing | Stay) -> int:
    return thing.at_ms if isinstance(thing, Crossing) else thing.entered_at_ms


def _still_open(old: Crossing | Stay, new: Crossing | Stay) -> bool:
    """An open stay is the same stay wherever its last inside sighting has moved to."""
    return isinstance(old, Stay) and isinstance(new, Stay) and old.ended is None and new.ended is None


def _pair(old: dict[Id, T], new: list[T], changes: Amendments[Id, T]) -> None:
    """Pair what was with what is, within one fence and kind: first by the same moment, then the leftovers in order of time."""
    waiting = sorted(old, key=lambda known_id: _moment(old[known_id]))
    moved: list[T] = []
    for thing in new:
        same = next((known_id for known_id in waiting if _moment(old[known_id]) == _moment(thing)), None)
        if same is None:
            moved.append(thing)
            continue
        waiting.remove(same)
        if old[same] != thing and not _still_open(old[same], thing):
            changes.revised[same] = thing
    changes.revised.update(zip(waiting, moved, strict=False))
    changes.added.extend(moved[len(waiting) :])
    changes.withdrawn.extend(waiting[len(moved) :])


def _standing_to_json(fence: FenceId, standing: Standing) -> list[Any]:
    last_inside = None if standing.last_inside is None else list(standing.last_inside)
    return [str(fence), standing.entered_at_ms, last_inside, [list(seen) for seen in standing.run], standing.run_times]


def _standing_from_json(item: list[Any]) -> Standing:
    _, entered_at_ms, last_inside, run, run_times = item
    return Standing(entered_at_ms, None if last_inside is None else Seen(*last_inside), tuple(Seen(*seen) for seen in run), run_times)
