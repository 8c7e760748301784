"""Minimum staffing: a warning at once, a recovery when it lasts, and no flapping."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.staffing import STEADY, Change, Staffing, judge, on_duty

NINE = datetime(2026, 6, 1, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def told(counts: list[int], at_least: int = 3, off_duty: frozenset[int] = frozenset()) -> list[tuple[int, Change]]:
    """What is said when `counts` are seen, one a minute: (minute, change)."""
    said, state = [], Staffing()
    for minute, present in enumerate(counts):
        state, change = judge(state, present, at_least, NINE + minute * MINUTE, on_duty=minute not in off_duty)
        if change:
            said.append((minute, change))
    return said


def test_below_is_said_at_once_and_once_and_recovered_when_it_has_lasted_five_minutes() -> None:
    assert told([3, 2, 2, 1, 3, 4, 3, 3, 3, 3, 3]) == [(1, "below"), (9, "recovered")]


def test_one_person_walking_across_the_border_makes_one_warning() -> None:
    assert told([3, 2] * 60) == [(1, "below")]
    assert told([3, 2] * 10 + [3] * 6) == [(1, "below"), (25, "recovered")]


def test_a_shortage_at_the_start_of_the_hours_is_one_and_at_their_end_it_is_forgotten() -> None:
    assert told([0, 0, 0, 0], off_duty=frozenset({0, 1})) == [(2, "below")]
    assert told([2, 2, 2, 3, 3, 3, 3, 3, 3, 2], off_duty=frozenset({2})) == [(0, "below"), (9, "below")]


@given(st.lists(st.integers(0, 6), max_size=80))
def test_warnings_and_recoveries_alternate_are_true_and_keep_their_distance(counts: list[int]) -> None:
    said = told(counts)
    assert [change for _, change in said] == ["below", "recovered"] * (len(said) // 2) + ["below"] * (len(said) % 2)
    for minute, change in said:
        if change == "below":
            assert counts[minute] < 3
        else:
            assert min(counts[minute - STEADY // MINUTE : minute + 1]) >= 3
    recovered = {minute for minute, change in said if change == "recovered"}
    assert all(minute in recovered or min(counts[minute - 5 : minute + 1]) < 3 for minute in below_minutes(counts, said) if minute >= 5)


def below_minutes(counts: list[int], said: list[tuple[int, Change]]) -> list[int]:
    """The minutes in which a warning stood."""
    changes, below, found = dict(said), False, []
    for minute in range(len(counts)):
        if below:
            found.append(minute)
        below = changes.get(minute, "below" if below else "recovered") == "below"
    return found


@pytest.mark.parametrize(
    ("at", "duty"),
    [
        ("2026-06-01T05:59", False),
        ("2026-06-01T06:00", True),
        ("2026-06-01T15:59", True),
        ("2026-06-01T16:00", False),
        ("2026-06-06T10:00", False),
        ("2026-12-01T06:30", False),
        ("2026-12-01T07:00", True),
    ],
)
def test_hours_are_local_and_on_their_weekdays(at: str, duty: bool) -> None:  # noqa: FBT001 -- a column of the table
    assert on_duty([0, 1, 2, 3, 4], time(8), time(18), "Europe/Amsterdam", datetime.fromisoformat(at).replace(tzinfo=UTC)) == duty


def test_hours_over_midnight_belong_to_the_day_on_which_they_start() -> None:
    saturday_early = datetime(2026, 6, 6, 2, tzinfo=UTC)
    assert on_duty([4], time(22), time(6), "Europe/Amsterdam", saturday_early)
    assert not on_duty([5], time(22), time(6), "Europe/Amsterdam", saturday_early)
