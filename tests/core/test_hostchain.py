"""Laws of the host chain: nobody is bothered twice, nobody who is away is told while somebody else is there, and no visitor is nobody's."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.fault import Fault
from app.core.hostchain import DEFAULT, WHO, Step, next_step, parse

PEOPLE = [UUID(int=number) for number in range(1, 7)]
people = st.sets(st.sampled_from(PEOPLE))
chains = st.lists(st.builds(Step, st.sampled_from(WHO), st.just(60)), max_size=6).map(tuple)
candidates = st.dictionaries(st.sampled_from(WHO), people)


def walk(chain: tuple[Step, ...], who: dict[str, set[UUID]], away: set[UUID]) -> list[tuple[int, tuple[UUID, ...]]]:
    after, told, steps = -1, set[UUID](), []
    while (found := next_step(chain, after, who, away, told)) is not None:
        steps.append((found.number, found.people))
        after, told = found.number, told | set(found.people)
    return steps


@given(chains, candidates, people)
def test_everybody_hears_it_once_in_the_order_of_the_chain(chain: tuple[Step, ...], who: dict[str, set[UUID]], away: set[UUID]) -> None:
    steps = walk(chain, who, away)
    told = [one for _, group in steps for one in group]
    assert len(told) == len(set(told))
    assert [number for number, _ in steps] == sorted({number for number, _ in steps})
    assert all(set(group) <= who.get(chain[number].who, set()) for number, group in steps)


@given(chains, candidates, people)
def test_who_is_away_hears_it_only_when_everybody_is(chain: tuple[Step, ...], who: dict[str, set[UUID]], away: set[UUID]) -> None:
    everybody = {one for step in chain for one in who.get(step.who, set())}
    told = {one for _, group in walk(chain, who, away) for one in group}
    assert told == (everybody - away or everybody)


def test_a_step_without_anybody_is_passed_over_at_once() -> None:
    found = next_step(DEFAULT, -1, {"delegate": {PEOPLE[0]}, "host": {PEOPLE[1]}}, {PEOPLE[1]}, ())
    assert found is not None
    assert (DEFAULT[found.number].who, found.people) == ("delegate", (PEOPLE[0],))


def test_no_chain_is_the_usual_one() -> None:
    assert parse([]) == DEFAULT
    assert parse([{"who": "reception", "seconds": 30, "channels": ["sms", "sms"]}]) == (Step("reception", 30, ("sms",)),)


@pytest.mark.parametrize(
    ("document", "at"),
    [({}, ""), ([{"who": "boss"}], "/0/who"), ([{"who": "host", "seconds": 5}], "/0/seconds"), ([{"who": "host", "channels": ["fax"]}], "/0/channels"),
     ([{"who": "host", "x": 1}], "/0"), ([{"who": "host", "seconds": True}], "/0/seconds")],
)  # fmt: skip
def test_what_is_no_chain_is_refused_at_its_place(document: object, at: str) -> None:
    with pytest.raises(Fault) as fault:
        parse(document)
    assert fault.value.field("chain") == Fault(at, "", "").field("chain")
