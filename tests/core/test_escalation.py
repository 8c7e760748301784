"""Escalation: finite, in order, each person each channel once a round, until they reply."""

from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.delivery import CHANNELS
from app.core.escalation import Plan, Quorum, channel_at, next_step, parse, quorum_met, schedule, silence_after_s
from app.core.fault import Fault

GROUP = UUID(int=7)
plans = st.builds(
    Plan,
    st.lists(st.sampled_from(CHANNELS), min_size=1, unique=True).map(tuple),
    st.integers(15, 3600),
    st.integers(1, 10),
)
owned = st.frozensets(st.sampled_from(CHANNELS))


def walked(plan: Plan, replied_at: int | None = None) -> list[int]:
    """The steps one person goes through, as a worker would take them one by one."""
    found, step = [], next_step(plan, -1)
    while step is not None:
        found.append(step.number)
        step = next_step(plan, step.number, replied=replied_at == step.number)
    return found


@given(plans)
def test_a_schedule_is_finite_and_every_step_comes_once_in_order_of_number_round_and_time(plan: Plan) -> None:
    steps = schedule(plan)
    assert walked(plan) == [step.number for step in steps] == list(range(len(plan.channels) * plan.rounds))
    assert steps[0].after_s == 0
    assert all(later.after_s - step.after_s == plan.seconds_between for step, later in pairwise(steps))
    assert all(later.round >= step.round for step, later in pairwise(steps))
    assert silence_after_s(plan) == steps[-1].after_s + plan.seconds_between
    assert [(step.round, step.channel) for step in steps] == [(nth, channel) for nth in range(plan.rounds) for channel in plan.channels]


@given(plans, st.integers(0, 40))
def test_a_reply_ends_it(plan: Plan, at: int) -> None:
    assert walked(plan, at) == list(range(min(at + 1, plan.steps)))
    assert next_step(plan, at, replied=True) is None


@given(plans, owned)
def test_in_every_round_a_person_is_tried_by_each_channel_they_have_once_without_waiting(plan: Plan, has: frozenset[str]) -> None:
    own = [channel for channel in plan.channels if channel in has]
    for nth in range(plan.rounds):
        first = nth * len(plan.channels)
        tried = [channel_at(plan, step, has) for step in range(first, first + len(plan.channels))]
        assert tried == own + [None] * (len(plan.channels) - len(own))
    assert channel_at(plan, plan.steps, has) is None


@given(plans)
def test_who_has_every_channel_is_tried_as_the_plan_says(plan: Plan) -> None:
    assert [channel_at(plan, step.number, CHANNELS) for step in schedule(plan)] == [step.channel for step in schedule(plan)]


def test_what_a_plan_leaves_out_takes_its_default() -> None:
    assert parse({}, ["sms", "email"]) == Plan(("sms", "email"), 60, 2, None, None)
    whole = {
        "channels": ["push", "sms"],
        "seconds_between": 30,
        "rounds": 3,
        "on_silence": {"group": str(GROUP)},
        "quorum": {"reply": "on_my_way", "count": 5},
    }
    assert parse(whole) == Plan(("push", "sms"), 30, 3, GROUP, Quorum("on_my_way", 5))


def test_a_quorum_counts_the_reply_it_asks_for() -> None:
    plan = parse({"quorum": {"reply": "on_my_way", "count": 2}})
    assert quorum_met(plan, {"safe": 9, "on_my_way": 1}) is False
    assert quorum_met(plan, {"on_my_way": 2}) is True
    assert quorum_met(parse({}), {"on_my_way": 2}) is None


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ([], ""),
        ({"chanels": ["sms"]}, "/chanels"),
        ({"channels": []}, "/channels"),
        ({"channels": "sms"}, "/channels"),
        ({"channels": ["sms", "fax"]}, "/channels/1"),
        ({"channels": ["sms", {}]}, "/channels/1"),
        ({"channels": ["sms", "push", "sms"]}, "/channels/2"),
        ({"seconds_between": 14}, "/seconds_between"),
        ({"seconds_between": 60.5}, "/seconds_between"),
        ({"rounds": True}, "/rounds"),
        ({"rounds": 11}, "/rounds"),
        ({"on_silence": {"tell_sender": False}}, "/on_silence"),
        ({"on_silence": {"group": "x"}}, "/on_silence/group"),
        ({"quorum": {"reply": "safe"}}, "/quorum"),
        ({"quorum": {"reply": "maybe", "count": 1}}, "/quorum/reply"),
        ({"quorum": {"reply": "safe", "count": 0}}, "/quorum/count"),
    ],
)
def test_a_fault_in_a_plan_is_told_with_its_place(document: Any, pointer: str) -> None:
    with pytest.raises(Fault) as fault:
        parse(document)
    assert fault.value.pointer == pointer
