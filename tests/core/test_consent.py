"""The gate: who may be looked at, when; and what a no ends."""

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.core.consent import FUTURE_MOST_MS, Evaluation, Gate, Instruction, Refusal, Tracking, cuts, evaluation_at, refusal, refusals
from app.core.fold import Cut
from app.core.intervals import FOREVER

MINUTE = 60_000
WEEK = 7 * 24 * 60 * MINUTE
OPEN = Gate(
    instructions=(Instruction(frozenset({"attendance"}), 0),),
    switched_on=((0, WEEK),),
    paused=((100 * MINUTE, 110 * MINUTE),),
    windows=None,
    tracking=(Tracking("phone", 0),),
    window_margin_s=600,
)


def asked(gate: Gate, recorded: float, received: float | None = None, device: str = "phone") -> Refusal | None:
    return refusal(gate, device, int(recorded * MINUTE), int((recorded if received is None else received) * MINUTE), WEEK)


def test_a_ping_passes_when_everything_says_yes() -> None:
    assert asked(OPEN, 50) is None


@pytest.mark.parametrize(("recorded", "received"), [(105, 105), (105, 120), (99, 105)])
def test_a_pause_refuses_what_was_recorded_or_received_in_it(recorded: float, received: float) -> None:
    assert asked(OPEN, recorded, received) == "paused"


def test_a_pause_is_over_at_its_end() -> None:
    assert asked(OPEN, 110) is None
    assert asked(OPEN, 99, 110) is None


def test_the_switch_and_the_instruction_must_hold_at_both_times() -> None:
    switched = replace(OPEN, switched_on=((10 * MINUTE, 50 * MINUTE),))
    assert [asked(switched, *times) for times in ((9, 20), (20, 50), (20, 49))] == ["switched_off", "switched_off", None]
    instructed = replace(OPEN, instructions=(Instruction(frozenset({"attendance"}), 10 * MINUTE, 50 * MINUTE),))
    assert [asked(instructed, *times) for times in ((9, 20), (20, 50), (20, 49))] == ["no_instruction", "no_instruction", None]


def test_an_instruction_for_another_purpose_is_none() -> None:
    assert asked(replace(OPEN, instructions=(Instruction(frozenset({"safety"}), 0),)), 5) == "no_instruction"


def test_two_minutes_ahead_is_a_clock_and_more_is_a_fault() -> None:
    assert asked(OPEN, 52, 50) is None
    assert refusal(OPEN, "phone", 52 * MINUTE + 1, 50 * MINUTE, WEEK) == "in_the_future"


def test_what_is_older_than_the_lateness_window_is_too_late() -> None:
    assert refusal(OPEN, "phone", 10 * MINUTE, 20 * MINUTE, 10 * MINUTE) is None
    assert refusal(OPEN, "phone", 10 * MINUTE - 1, 20 * MINUTE, 10 * MINUTE) == "too_late"


def test_only_the_tracking_device_of_that_time_counts() -> None:
    changed = replace(OPEN, tracking=(Tracking("phone", 0, 30 * MINUTE), Tracking("new", 30 * MINUTE)))
    assert asked(changed, 29, 40) is None
    assert asked(changed, 30) == "not_tracking_device"
    assert asked(changed, 30, device="new") is None


def test_a_working_window_is_open_ten_minutes_before_and_after() -> None:
    windowed = replace(OPEN, windows=((30 * MINUTE, 60 * MINUTE),))
    assert [asked(windowed, minute) for minute in (19, 20, 69, 70)] == ["outside_window", None, None, "outside_window"]
    assert asked(replace(OPEN, windows=()), 50) == "outside_window"


def test_cuts_fall_where_a_permission_ends_and_none_of_its_kind_goes_on() -> None:
    gate = replace(
        OPEN,
        instructions=(
            Instruction(frozenset({"attendance"}), 0, 40 * MINUTE),
            Instruction(frozenset({"attendance"}), 40 * MINUTE, 90 * MINUTE),
        ),
        switched_on=((0, 20 * MINUTE), (30 * MINUTE, WEEK)),
        windows=((0, 50 * MINUTE), (65 * MINUTE, 80 * MINUTE)),
    )
    assert cuts(gate, 0, 200 * MINUTE) == [
        Cut(20 * MINUTE, "switch_off"),
        Cut(90 * MINUTE, "instruction_withdrawn"),
        Cut(90 * MINUTE, "window_end"),
        Cut(100 * MINUTE, "pause"),
    ]
    assert cuts(gate, 20 * MINUTE, 89 * MINUTE) == []


@pytest.mark.parametrize(
    ("judged", "recorded", "received", "expected"),
    [
        ("on_server", 30, 40, None),
        ("on_server", 30, 80, "judged_on_device"),
        ("on_server", 70, 80, "judged_on_device"),
        ("on_server", 70, 160, "judged_on_device"),
        ("on_server", 150, 160, None),
        ("on_device", 30, 80, "judged_on_server"),
        ("on_device", 70, 80, None),
        ("on_device", 70, 160, None),
        ("on_device", 150, 160, "judged_on_server"),
    ],
)
def test_a_position_is_for_the_server_alone_and_a_verdict_for_the_phones_own_time(
    judged: Evaluation, recorded: int, received: int, expected: Refusal | None
) -> None:
    """The server judges, then from 60 to 120 phones do, then the server again."""
    spans: list[tuple[int, int, Evaluation]] = [(0, 60, "on_server"), (60, 120, "on_device"), (120, 1_000, "on_server")]
    signed = tuple(Instruction(frozenset({"attendance"}), start * MINUTE, end * MINUTE, who) for start, end, who in spans)
    gate = replace(OPEN, instructions=signed, paused=())
    assert refusal(gate, "phone", recorded * MINUTE, received * MINUTE, WEEK, judged) == expected
    assert [evaluation_at(gate, minute * MINUTE) for minute in (59, 60, 1_000)] == ["on_server", "on_device", None]


MOMENTS = st.integers(0, 9)
ENDS = MOMENTS | st.just(FOREVER)
SPANS = st.lists(st.tuples(MOMENTS, ENDS), min_size=1, max_size=2).map(tuple)
JUDGES: st.SearchStrategy[Evaluation] = st.sampled_from(["on_server", "on_server", "on_device"])
PURPOSES = st.sampled_from([frozenset({"attendance"}), frozenset({"safety"})])
GATES = st.builds(
    Gate,
    instructions=st.lists(st.builds(Instruction, PURPOSES, MOMENTS, ENDS, JUDGES), min_size=1, max_size=2).map(tuple),
    switched_on=SPANS,
    paused=st.just(()) | SPANS,
    windows=st.none() | SPANS,
    tracking=st.lists(st.builds(Tracking, st.sampled_from(["phone", "other"]), MOMENTS, ENDS), min_size=1, max_size=2).map(tuple),
    window_margin_s=st.just(0),
)
RECORDED = st.lists(st.integers(-9, 9) | st.integers(FUTURE_MOST_MS - 2, FUTURE_MOST_MS + 2), max_size=30)


@settings(max_examples=300)
@example(OPEN, 50 * MINUTE, 5, "on_server", [-6, -5, FUTURE_MOST_MS, FUTURE_MOST_MS + 1])
@example(replace(OPEN, windows=((49 * MINUTE, 50 * MINUTE),)), 50 * MINUTE, WEEK, "on_server", [0, 600_000, -660_000, -660_001])
@given(GATES, MOMENTS, st.integers(0, 5), JUDGES, RECORDED)
def test_many_reports_are_refused_as_each_would_be(gate: Gate, received: int, lateness: int, judged: Evaluation, before: list[int]) -> None:
    refused = refusals(gate, "phone", received, lateness, judged)
    recorded = [received + ms for ms in before]
    assert [refused(at) for at in recorded] == [refusal(gate, "phone", at, received, lateness, judged) for at in recorded]
