"""Several providers of one channel."""

from collections.abc import Iterator, Sequence
from itertools import cycle
from uuid import UUID

import pytest

from app.adapters.failover import FailoverChannel, dice
from app.ports import Outcome, Parcel, Verdict
from tests.channels.conftest import parcel, sent


class Provider:
    """Says the same of everything."""

    def __init__(self, name: str, verdict: Verdict, reason: str | None = None) -> None:
        self.name, self.verdict, self.reason = name, verdict, reason
        self.had: list[UUID] = []

    def send(self, parcels: Sequence[Parcel], _deadline_s: float) -> Iterator[tuple[UUID, Outcome]]:
        for each in parcels:
            self.had.append(each.delivery_id)
            yield each.delivery_id, Outcome(self.verdict, self.name, self.reason)


class Broken:
    def send(self, parcels: Sequence[Parcel], _deadline_s: float) -> Iterator[tuple[UUID, Outcome]]:
        yield parcels[0].delivery_id, Outcome("accepted", "broken")
        raise ZeroDivisionError


EVENLY = [number / 10 for number in range(10)]


def shared(*providers: Provider) -> FailoverChannel:
    rolls = cycle(EVENLY)
    return FailoverChannel([(provider, 10) for provider in providers], lambda: next(rolls))


def test_work_is_shared_by_weight() -> None:
    big, small = Provider("big", "accepted"), Provider("small", "accepted")
    rolls = cycle(EVENLY)
    channel = FailoverChannel([(big, 30), (small, 10)], lambda: next(rolls))
    assert {outcome.verdict for outcome in sent(channel, *(parcel("x") for _ in range(100)))} == {"accepted"}
    assert (len(big.had), len(small.had)) == (80, 20)


def test_what_one_throttled_goes_to_another_at_once() -> None:
    busy, free = Provider("busy", "retry", "throttled"), Provider("free", "accepted")
    outcomes = sent(shared(busy, free), *(parcel("x") for _ in range(10)))
    assert {(outcome.verdict, outcome.provider) for outcome in outcomes} == {("accepted", "free")}
    assert busy.had
    assert len(free.had) == 10


@pytest.mark.parametrize("verdict", ["unknown", "rejected", "gone", "accepted"])
def test_what_may_have_been_sent_or_is_final_goes_to_nobody_else(verdict: Verdict) -> None:
    one, other = Provider("one", verdict), Provider("other", verdict)
    sent(shared(one, other), *(parcel("x") for _ in range(20)))
    assert len(set(one.had) | set(other.had)) == len(one.had) + len(other.had) == 20


def test_when_everybody_is_busy_it_waits_after_all_were_asked_once() -> None:
    providers = [Provider(name, "retry", "throttled") for name in "abc"]
    mine = parcel("x")
    assert sent(shared(*providers), mine)[0].verdict == "retry"
    assert [provider.had for provider in providers] == [[mine.delivery_id]] * 3


def test_one_that_fails_gets_less_and_less() -> None:
    bad, good = Provider("bad", "unknown"), Provider("good", "accepted")
    channel = shared(bad, good)
    for _ in range(20):
        sent(channel, *(parcel("x") for _ in range(10)))
    assert len(bad.had) < 50
    assert len(good.had) > 150


def test_nothing_is_begun_when_time_is_up() -> None:
    late = Provider("late", "retry", "deadline")
    other = Provider("other", "accepted")
    assert [outcome.verdict for outcome in sent(FailoverChannel([(late, 10), (other, 10)], lambda: 0.0), parcel("x"), deadline_s=0)] == [
        "retry"
    ]
    assert not other.had


def test_a_fault_of_ours_is_not_hidden_and_what_others_said_is_told_first() -> None:
    told = FailoverChannel([(Broken(), 1)]).send([parcel("x")], 5)
    assert next(told)[1].verdict == "accepted"
    with pytest.raises(ZeroDivisionError):
        next(told)


def test_dice_are_from_0_up_to_1() -> None:
    assert all(0 <= dice() < 1 for _ in range(1000))
