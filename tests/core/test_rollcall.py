"""The laws of marks: whatever arrives when and how often, everybody ends with the same."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.rollcall import Mark, merged, standing, states, tally

CASES = json.loads((Path(__file__).parents[2] / "pwa/tests/unit/rollcall/cases.json").read_text())
START = datetime(2026, 3, 1, 10, tzinfo=UTC)
IDS = st.integers(1, 6).map(lambda number: UUID(int=number))
ENTRIES = st.integers(1, 3).map(lambda number: UUID(int=100 + number))
MOMENTS = st.integers(0, 3).map(lambda seconds: START + timedelta(seconds=seconds))


@st.composite
def marks(draw: Any) -> Mark:
    """Of few ids, entries and moments, so that they meet; two may bear one id."""
    kind = draw(st.sampled_from(["safe", "missing", "need_help", "not_here", "withdrawn"]))
    return Mark(draw(IDS), draw(ENTRIES), kind, draw(MOMENTS), draw(IDS) if kind == "withdrawn" else None)


SETS = st.frozensets(marks(), max_size=12)


@given(SETS, SETS)
def test_it_does_not_matter_who_tells_whom(ours: frozenset[Mark], theirs: frozenset[Mark]) -> None:
    assert merged(ours, theirs) == merged(theirs, ours)


@given(SETS, SETS, SETS)
def test_it_does_not_matter_who_meets_first(a: frozenset[Mark], b: frozenset[Mark], c: frozenset[Mark]) -> None:
    assert merged(merged(a, b), c) == merged(a, merged(b, c)) == merged(a, b, c)


@given(SETS, SETS)
def test_hearing_it_again_changes_nothing(ours: frozenset[Mark], theirs: frozenset[Mark]) -> None:
    together = merged(ours, theirs)
    assert merged(together, theirs) == merged(together, together) == together


@given(st.lists(marks(), max_size=12).flatmap(lambda said: st.tuples(st.just(said), st.permutations(said))))
def test_how_it_stands_does_not_depend_on_the_order(said: tuple[list[Mark], list[Mark]]) -> None:
    first, second = said
    assert states(merged(first)) == states(merged(second))


@given(SETS)
def test_safe_wins_unless_it_was_taken_back(known: frozenset[Mark]) -> None:
    said = merged(known)
    found = states(said)
    taken = {(mark.entry_id, mark.withdraws) for mark in said}
    for entry in {mark.entry_id for mark in said}:
        safe = any(mark.entry_id == entry and mark.mark == "safe" and (entry, mark.id) not in taken for mark in said)
        assert (found.get(entry) == "safe") == safe


@given(SETS, marks())
def test_nothing_that_was_said_is_lost(known: frozenset[Mark], one: Mark) -> None:
    assert {mark.id for mark in merged(known, [one])} == {mark.id for mark in known} | {one.id}


def test_a_withdrawal_touches_its_own_entry_only() -> None:
    mine, other = UUID(int=101), UUID(int=102)
    safe = Mark(UUID(int=1), mine, "safe", START)
    assert states([safe, Mark(UUID(int=2), other, "withdrawn", START, safe.id)]) == {mine: "safe"}


def test_the_tally_names_every_state_and_counts_the_silent_as_open() -> None:
    one, two = UUID(int=1), UUID(int=2)
    assert tally([one, two], {one: "safe"}) == {"missing": 0, "need_help": 0, "open": 1, "not_here": 0, "safe": 1}


@pytest.mark.parametrize("case", CASES, ids=[case["it"] for case in CASES])
def test_the_server_judges_the_cases_of_the_phones_alike(case: dict[str, Any]) -> None:
    said = [
        Mark(
            UUID(mark["id"].ljust(32, "0")),
            UUID(int=7),
            mark["mark"],
            datetime.fromisoformat(mark["said_at"]),
            UUID(mark["withdraws"].ljust(32, "0")) if mark.get("withdraws") else None,
        )
        for mark in case["marks"]
    ]
    assert states(said).get(UUID(int=7), "open") == case["stands"]
    assert len(standing(merged(said)).get(UUID(int=7), [])) <= len(said)
