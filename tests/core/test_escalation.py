"""Escalation: finite, in order, each person each channel once a round, until they reply."""

from collections import Counter
from collections.abc import Collection
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.delivery import CHANNELS
from app.core.escalation import Plan, Quorum, channel_at, parse
from app.core.fault import Fault

GROUP = UUID(int=7)
plans = st.builds(
    Plan,
    st.lists(st.sampled_from(CHANNELS), min_size=1, unique=True).map(tuple),
    st.integers(15, 3600),
    st.integers(1, 10),
)
owned = st.frozensets(st.sampled_from(CHANNELS))


def tried(plan: Plan, has: Collection[str]) -> list[tuple[int, str]]:
    """What one person goes through as the steps come one by one: (step, channel)."""
    return [(step, channel) for step in range(plan.steps) if (channel := channel_at(plan, step, has)) is not None]


@given(plans, owned)
def test_a_schedule_is_finite_and_tries_each_channel_that_a_person_has_once_a_round(plan: Plan, has: frozenset[str]) -> None:
    size = len(plan.channels)
    found = tried(plan, has)
    assert plan.steps == size * plan.rounds
    assert Counter(step // size for step, _ in found) == Counter({n: len(has & {*plan.channels}) for n in range(plan.rounds)})
    assert all(count == 1 for count in Counter((step // size, channel) for step, channel in found).values())
    assert {channel for _, channel in found} == has & {*plan.channels}
    assert all(channel_at(plan, step, has) is None for step in range(plan.steps, plan.steps + size))


@given(plans, owned)
def test_nobody_waits_for_channels_they_do_not_have_and_the_order_is_the_plans(plan: Plan, has: frozenset[str]) -> None:
    own = [channel for channel in plan.channels if channel in has]
    size = len(plan.channels)
    assert tried(plan, has) == [(n * size + nth, channel) for n in range(plan.rounds) for nth, channel in enumerate(own)]


@given(plans)
def test_who_has_every_channel_is_tried_by_the_channel_of_the_step(plan: Plan) -> None:
    assert tried(plan, CHANNELS) == [(step, plan.channels[step % len(plan.channels)]) for step in range(plan.steps)]


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
