"""Amendments: what was written meets what a refold says."""

from uuid import UUID

from app.core.fold import Crossing, Seen, Standing, State, Stay
from app.core.stays import Amendments, amend, from_json, to_json


def enter(at_ms: int, fence: str = "site") -> Crossing:
    return Crossing(fence, "enter", at_ms, (at_ms, "phone", "p"), (Seen(at_ms, "phone", "p", 10),), 0)


def stay(entered_at_ms: int, left_at_ms: int | None, last_inside_at_ms: int = 0) -> Stay:
    return Stay("site", entered_at_ms, left_at_ms, None if left_at_ms is None else "confirmed", last_inside_at_ms)


def test_nothing_changed_amends_nothing() -> None:
    assert amend({7: enter(100), 8: enter(900)}, [enter(900), enter(100)]) == Amendments({}, [], [])


def test_a_crossing_that_moved_keeps_its_id() -> None:
    assert amend({7: enter(100), 8: enter(900)}, [enter(90), enter(900)]) == Amendments({7: enter(90)}, [], [])


def test_what_was_missed_is_added_and_what_never_happened_is_withdrawn() -> None:
    assert amend({7: enter(100)}, [enter(100), enter(500)]) == Amendments({}, [enter(500)], [])
    assert amend({7: enter(100), 8: enter(500)}, [enter(500)]) == Amendments({}, [], [7])
    elsewhere: Amendments[int, Crossing] = Amendments({}, [enter(100, "gate")], [7])
    assert amend({7: enter(100)}, [enter(100, "gate")]) == elsewhere


def test_a_stay_that_turns_out_longer_is_revised_but_an_open_one_seen_again_is_the_same() -> None:
    assert amend({7: stay(0, 500)}, [stay(0, 700)]) == Amendments({7: stay(0, 700)}, [], [])
    unchanged: Amendments[int, Stay] = Amendments({}, [], [])
    assert amend({7: stay(0, None, 100)}, [stay(0, None, 200)]) == unchanged
    assert amend({7: stay(0, None)}, [stay(0, 300)]) == Amendments({7: stay(0, 300)}, [], [])


def test_json_keeps_the_identity_of_fences() -> None:
    fence = UUID(int=5)
    state = State((9, "phone", "p"), 10, 9, {fence: Standing(1, Seen(1, "phone", "p", 10))})
    assert from_json(to_json(state)) == state
