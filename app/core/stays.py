"""What becomes of the record when late facts change the story: amendments, and the state as JSON.

A crossing or stay that moved keeps its id and gains a revision; one that no longer happened is withdrawn; one that was missed is added.

What is written says to whom it is told: `all`, or after an opt-out `person` (the truth) and `others` (as after silence). Where the two differ
about a row that both knew, others keep it, with its id and revision: an opt-out must change nothing that they can see.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar
from uuid import UUID

from app.core.fix import FenceId
from app.core.fold import Crossing, Seen, Standing, State, Stay

Id = TypeVar("Id")
T = TypeVar("T", Crossing, Stay)
ToldTo = Literal["all", "person", "others"]


@dataclass(frozen=True, slots=True)
class Amendments(Generic[Id, T]):
    """What to write: `revised` by the id that stays, `added` without one yet, `withdrawn` ids. All empty: nothing changed."""

    revised: dict[Id, T]
    added: list[T]
    withdrawn: list[Id]

    def of(self, known_id: Id, was: T) -> T | None:
        """What became of something that was written; None: withdrawn."""
        return None if known_id in self.withdrawn else self.revised.get(known_id, was)


def amend(before: Mapping[Id, T], after: Iterable[T]) -> Amendments[Id, T]:
    """Compare what was written with what a refold says.

    `before`: the crossings (or stays) decided after the checkpoint, and for stays also those open at it; `after`: `Result.crossings`
    (or `Result.stays` and `open_stays`). Per fence and kind the same moment is the same thing; the rest pair up in order of time.
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


@dataclass(frozen=True, slots=True)
class Retold(Generic[Id, T]):
    """What to write so that the person and others are each told their own: as `Amendments`, and `parted`, ids that only `others` go on being told.

    `seen` is what of all this others can see.
    """

    revised: dict[Id, T]
    added: list[tuple[T, ToldTo]]
    withdrawn: list[Id]
    parted: list[Id]
    seen: Amendments[Id, T]


def retell(before: Mapping[Id, tuple[T, ToldTo]], own: Sequence[T], others: Sequence[T]) -> Retold[Id, T]:
    """`amend` for both tellings at once: `own` and `others` as `after` there; each is amended as if the other did not exist."""
    mine: Amendments[Id, T] = amend({known_id: thing for known_id, (thing, told_to) in before.items() if told_to != "others"}, own)
    seen: Amendments[Id, T] = amend({known_id: thing for known_id, (thing, told_to) in before.items() if told_to != "person"}, others)
    shared = {known_id: thing for known_id, (thing, told_to) in before.items() if told_to == "all"}
    parted: dict[Id, T | None] = {
        known_id: mine.of(known_id, was) for known_id, was in shared.items() if mine.of(known_id, was) != seen.of(known_id, was)
    }
    only_mine = mine.added + [thing for thing in parted.values() if thing is not None]
    both = set(mine.added) & set(seen.added)
    added: list[tuple[T, ToldTo]] = [(thing, "all" if thing in both else "others") for thing in seen.added]
    added.extend((thing, "person") for thing in only_mine if thing not in both)
    revised = {known_id: thing for known_id, thing in mine.revised.items() if known_id not in parted}
    withdrawn = {known_id: None for known_id in [*mine.withdrawn, *seen.withdrawn] if known_id in seen.withdrawn or known_id not in parted}
    return Retold(
        {**revised, **seen.revised},
        added,
        list(withdrawn),
        [known_id for known_id in parted if known_id not in seen.withdrawn],
        seen,
    )


def to_json(state: State) -> dict[str, Any]:
    """The state as plain lists and numbers, compact: it is written with every batch. Holds no position."""
    return {
        "head": list(state.head),
        "cuts_until_ms": state.cuts_until_ms,
        "last_seen_ms": state.last_seen_ms,
        "standings": [_standing_to_json(*item) for item in state.standings.items()],
        "others": None if state.others is None else [_standing_to_json(*item) for item in state.others.items()],
    }


def from_json(data: Mapping[str, Any], fence_id: Callable[[str], FenceId] = UUID) -> State:
    """The exact state `to_json` was given; `fence_id` reads a fence's id from text (UUID on the server, str on files)."""
    at_ms, device, ping_id = data["head"]
    return State(
        (at_ms, device, ping_id),
        data["cuts_until_ms"],
        data["last_seen_ms"],
        _standings_from_json(data["standings"], fence_id),
        None if data["others"] is None else _standings_from_json(data["others"], fence_id),
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


def _standings_from_json(items: list[list[Any]], fence_id: Callable[[str], FenceId]) -> dict[FenceId, Standing]:
    return {fence_id(item[0]): _standing_from_json(item) for item in items}


def _standing_from_json(item: list[Any]) -> Standing:
    _, entered_at_ms, last_inside, run, run_times = item
    return Standing(entered_at_ms, None if last_inside is None else Seen(*last_inside), tuple(Seen(*seen) for seen in run), run_times)
