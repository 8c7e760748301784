"""Targets as set algebra, and the places of faults in bad ones."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.fault import Fault
from app.core.target import ALERT, KINDS, MAX_LEAVES, MESSAGE, RULE, Leaf, bounds, evaluate, leaves, parse

IDS = [UUID(int=number) for number in range(1, 7)]
PEOPLE = [UUID(int=number) for number in range(100, 106)]
A, B, C = (str(one) for one in IDS[:3])

plain_leaves = st.one_of(
    st.builds(lambda kind, one: {kind: str(one)}, st.sampled_from(["fence", "group", "site"]), st.sampled_from(IDS)),
    st.sampled_from([{"role": "responder"}, {"on_site": True}, {"people": [A, B]}]),
)


def joined(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    some = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        st.builds(lambda of: {"any": of}, some),
        st.builds(lambda of, but: {"all": [{"not": one} for one in but] + of}, some, st.lists(inner, max_size=2)),
    )


documents = st.recursive(plain_leaves, joined, max_leaves=8).filter(lambda document: depth(document) <= 5)
answers = st.frozensets(st.sampled_from(PEOPLE))


def depth(document: Any) -> int:
    ((_, value),) = document.items()
    inner = [next(iter(one.values())) if "not" in one else one for one in value] if {"any", "all"} & document.keys() else []
    return 1 + max(map(depth, inner), default=0)


def meant(document: Any, ask: dict[Leaf, frozenset[UUID]], person: UUID) -> bool:
    """Whether one person is meant: the same language read as logic instead of as sets."""
    ((key, value),) = document.items()
    if key == "any":
        return any(meant(one, ask, person) for one in value)
    if key == "all":
        return all(meant(one, ask, person) for one in value)
    if key == "not":
        return not meant(value, ask, person)
    return person in ask[next(iter(leaves(parse(document))))]


@given(documents, st.data())
def test_sets_agree_with_logic_for_every_person(document: Any, data: st.DataObject) -> None:
    target = parse(document)
    ask = {leaf: data.draw(answers) for leaf in leaves(target)}
    assert evaluate(target, ask) == {person for person in PEOPLE if meant(document, ask, person)}


@given(documents, st.data())
def test_whatever_is_true_lies_between_the_bounds(document: Any, data: st.DataObject) -> None:
    target = parse(document)
    surely = {leaf: data.draw(answers) for leaf in leaves(target)}
    possibly = {leaf: one | data.draw(answers) for leaf, one in surely.items()}
    truth = {leaf: one | (possibly[leaf] & data.draw(answers)) for leaf, one in surely.items()}
    low, high = bounds(target, surely, possibly)
    assert low <= evaluate(target, truth) <= high
    assert bounds(target, truth, truth) == (evaluate(target, truth),) * 2


def test_somebody_possibly_in_what_is_taken_away_is_still_possibly_meant() -> None:
    target = parse({"all": [{"on_site": True}, {"not": {"area": A}}]})
    site, area = Leaf("on_site"), Leaf("area", IDS[0])
    ann, ben, cas = PEOPLE[:3]
    everybody = frozenset((ann, ben, cas))
    low, high = bounds(target, {site: everybody, area: frozenset([ann])}, {site: everybody, area: frozenset([ann, ben])})
    assert low == {cas}
    assert high == {ben, cas}


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        (None, ""),
        ([], ""),
        ({}, ""),
        ({"fence": A, "group": B}, ""),
        ({"fence": "here"}, "/fence"),
        ({"fence": 3}, "/fence"),
        ({"any": []}, "/any"),
        ({"any": {"fence": A}}, "/any"),
        ({"not": {"fence": A}}, "/not"),
        ({"any": [{"fence": A}, {"not": {"fence": B}}]}, "/any/1/not"),
        ({"all": [{"not": {"fence": A}}]}, "/all"),
        ({"all": [{"fence": A}, {"not": {"not": {"fence": B}}}]}, "/all/1/not/not"),
        ({"all": [{"fence": A}, {"any": [{"group": B}, {"groop": C}]}]}, "/all/1/any/1/groop"),
        ({"a/b~c": A}, "/a~1b~0c"),
        ({"people": []}, "/people"),
        ({"people": [A, "nobody"]}, "/people/1"),
        ({"people": [A] * 1001}, "/people"),
        ({"on_site": False}, "/on_site"),
        ({"on_site": 1}, "/on_site"),
        ({"role": ""}, "/role"),
        ({"everyone": True}, "/everyone"),
        ({"any": [{"any": [{"any": [{"any": [{"any": [{"fence": A}]}]}]}]}]}, "/any/0/any/0/any/0/any/0"),
        ({"any": [{"fence": A}] * (MAX_LEAVES + 1)}, ""),
    ],
)
def test_a_fault_is_told_with_its_place(document: object, pointer: str) -> None:
    with pytest.raises(Fault) as fault:
        parse(document)
    assert fault.value.pointer == pointer
    assert not fault.value.message.endswith(".")
    assert fault.value.next_step.endswith(".")


def test_five_levels_and_a_hundred_leaves_are_enough() -> None:
    deep = {"any": [{"any": [{"any": [{"any": [{"fence": A}] * MAX_LEAVES}]}]}]}
    assert leaves(parse(deep)) == {Leaf("fence", IDS[0])}


@pytest.mark.parametrize(
    ("kinds", "refused"),
    [(ALERT, {"everyone"}), (MESSAGE, {"area", "visitors"}), (RULE, {"group", "area", "people", "visitors", "everyone"})],
)
def test_each_use_has_its_own_leaves(kinds: frozenset[str], refused: set[str]) -> None:
    values: dict[str, object] = dict.fromkeys(KINDS, A) | {"on_site": True, "everyone": True, "people": [A], "role": "owner"}
    found = set()
    for kind in KINDS:
        try:
            parse({kind: values[kind]}, kinds)
        except Fault:
            found.add(kind)
    assert found == refused


def test_visitors_are_those_of_a_site_or_all() -> None:
    assert parse({"visitors": True}) == Leaf("visitors")
    assert parse({"visitors": A}) == Leaf("visitors", IDS[0])
    with pytest.raises(Fault):
        parse({"visitors": False})


def test_a_fault_becomes_a_dotted_field() -> None:
    assert Fault("/all/1/fence", "", "").field("body.target") == "body.target.all.1.fence"
    assert Fault("", "", "").field("body.target") == "body.target"
