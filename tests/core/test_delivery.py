"""The rank of statuses: whatever the order in which receipts come, the same status is left."""

from functools import reduce
from random import Random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.delivery import RANK, SETTLED, STATUSES, WAITING, Status, climbs, replaces, together

RECEIPTS: tuple[Status, ...] = ("unknown", "accepted", "delivered", "failed", "expired")
statuses = st.sampled_from(get_args(Status))
receipts = st.lists(st.sampled_from(RECEIPTS), max_size=8)


def after(status: Status, new: Status) -> Status:
    return new if climbs(status, new) else status


@given(statuses, receipts, st.randoms())
def test_the_order_of_receipts_and_repetitions_make_no_difference(start: Status, said: list[Status], random: Random) -> None:
    shuffled = said + said
    random.shuffle(shuffled)
    assert reduce(after, shuffled, start) == reduce(after, said, start)


@given(statuses, st.lists(statuses, max_size=8))
def test_what_is_settled_stays_settled_and_delivered_stays_delivered(start: Status, said: list[Status]) -> None:
    end = reduce(after, said, start)
    assert end in SETTLED or start not in SETTLED
    assert end == "delivered" or start != "delivered"


@pytest.mark.parametrize("wrong", ["failed", "expired", "withdrawn"])
def test_a_provider_may_correct_itself_to_delivered_and_never_back(wrong: Status) -> None:
    assert climbs(wrong, "delivered")
    assert not climbs("delivered", wrong)


def test_a_late_accepted_never_overwrites_anything_final() -> None:
    assert [status for status in STATUSES if climbs(status, "accepted")] == ["queued", "submitting", "retry", "unknown"]


def test_only_what_waits_can_be_withdrawn_and_only_an_attempt_can_be_retried() -> None:
    assert set(replaces("withdrawn")) == set(WAITING)
    assert replaces("retry") == ("submitting",)
    assert set(replaces("submitting")) == set(WAITING)
    assert replaces("queued") == ()


@given(statuses, statuses)
def test_what_may_be_overwritten_is_what_is_climbed_from(old: Status, new: Status) -> None:
    assert (old in replaces(new)) == climbs(old, new) or new == "retry"


def test_every_status_has_a_rank() -> None:
    assert set(RANK) == set(STATUSES) == set(get_args(Status))


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (["delivered", "delivered"], "delivered"),
        (["delivered", "accepted"], "accepted"),
        (["delivered", "failed"], "failed"),
        (["failed", "expired"], "expired"),
        (["accepted", "unknown"], "unknown"),
    ],
)
def test_a_long_text_has_come_as_far_as_its_last_part(parts: list[Status], whole: Status) -> None:
    assert together(parts) == whole


@given(st.lists(st.sampled_from(RECEIPTS), min_size=1, max_size=5), st.data())
def test_a_part_that_climbs_never_lets_the_whole_fall(parts: list[Status], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(parts) - 1))
    climbed = [*parts]
    climbed[place] = after(parts[place], data.draw(st.sampled_from(RECEIPTS)))
    assert RANK[together(climbed)] >= RANK[together(parts)]
