"""What the marks of a roll call amount to. Several responders mark on their own, without a network; whatever arrives when, all end with the same.

1. Marks are only added, each with an id of its own. What two know together is the union of their marks (`merged`): in any order, any number of times.
2. A withdrawal takes one mark of the same entry back, for good; it may come before the mark it takes back.
3. Of the marks that stand, safe wins over everything. Otherwise the latest `said_at` counts; of the same moment, the greater id.
4. Without a mark that stands, an entry is `open`: silence is neither safe nor missing.

The phones' copy of these laws is `pwa/src/rollcall/merge.ts`; both are held to the same cases.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

Said = Literal["safe", "missing", "need_help", "not_here"]
State = Literal["open", "safe", "missing", "need_help", "not_here"]
STATES: Final[tuple[State, ...]] = ("missing", "need_help", "open", "not_here", "safe")
"""As a list is read: who needs something first."""
WITHDRAWN: Final = "withdrawn"


@dataclass(frozen=True, slots=True)
class Mark:
    """What somebody said of an entry. `mark`: one of `Said`, or withdrawn with the mark that it `withdraws`. `said_at` is aware."""

    id: UUID
    entry_id: UUID
    mark: str
    said_at: datetime
    withdraws: UUID | None = None


def merged(*known: Collection[Mark]) -> frozenset[Mark]:
    """What all know together. Should two marks bear one id (a broken phone), all keep the same one of them: that said first."""
    found: dict[UUID, Mark] = {}
    for mark in (mark for marks in known for mark in marks):
        other = found.get(mark.id, mark)
        found[mark.id] = min(mark, other, key=_of_one_id)
    return frozenset(found.values())


def standing(marks: Iterable[Mark]) -> dict[UUID, list[Mark]]:
    """Entry -> its marks that stand, the one that counts first. Entries without any are left out."""
    all_marks = list(marks)
    taken_back = {(mark.entry_id, mark.withdraws) for mark in all_marks if mark.mark == WITHDRAWN}
    found: defaultdict[UUID, list[Mark]] = defaultdict(list)
    for mark in all_marks:
        if mark.mark != WITHDRAWN and (mark.entry_id, mark.id) not in taken_back:
            found[mark.entry_id].append(mark)
    return {entry: sorted(of_entry, key=_weight, reverse=True) for entry, of_entry in found.items()}


def states(marks: Iterable[Mark]) -> dict[UUID, State]:
    """Entry -> how it stands; entries that are not in it are open."""
    return {entry: of_entry[0].mark for entry, of_entry in standing(marks).items()}  # type: ignore[misc]


def tally(entries: Iterable[UUID], states: Mapping[UUID, State]) -> dict[State, int]:
    """How many of these entries stand how; all states are named."""
    counts = Counter(states.get(entry, "open") for entry in entries)
    return {state: counts[state] for state in STATES}


def _weight(mark: Mark) -> tuple[bool, datetime, UUID]:
    return mark.mark == "safe", mark.said_at, mark.id


def _of_one_id(mark: Mark) -> tuple[datetime, UUID, str, str]:
    return mark.said_at, mark.entry_id, mark.mark, str(mark.withdraws)
