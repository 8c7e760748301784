"""Whom a message is for, as a document: leaves that somebody else answers with people, joined as sets.

`{"any": [T, ...]}` is the union, `{"all": [T, ...]}` the intersection; `{"not": T}` takes away, so it stands inside `all` beside something to take
away from. Leaves: `{"fence": id}`, `{"group": id}`, `{"role": "responder"}`, `{"site": id}`, `{"people": [id, ...]}`, `{"on_site": true}`,
`{"area": id of a temporary fence}`, `{"visitors": true}` or of one site `{"visitors": id}`, `{"everyone": true}`. At most 5 levels and 100 leaves.

Whether somebody is meant may be uncertain: their fence only touches the drawn area. `bounds` answers with those who are surely meant and those who
possibly are; taking away somebody who is only possibly inside does not take them off the list.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Final
from uuid import UUID

from app.core.fault import Fault

MAX_DEPTH: Final = 5
MAX_LEAVES: Final = 100
MAX_PEOPLE: Final = 1000
KINDS: Final = ("fence", "group", "role", "site", "people", "on_site", "area", "visitors", "everyone")
ALERT: Final = frozenset(KINDS) - {"everyone"}
"""An alert is for people in a place or of a kind: `everyone` would reach those who are at home asleep."""
MESSAGE: Final = frozenset(KINDS) - {"area", "visitors"}
RULE: Final = frozenset({"fence", "role", "site", "on_site"})
"""Of a group by rule: a group that named groups could name itself."""

People = frozenset[UUID]
Value = UUID | str | People | None


@dataclass(frozen=True, slots=True)
class Leaf:
    """What has to be asked. `value`: the id, the role, the ids of `people`, or None for `on_site`, `everyone` and all `visitors`."""

    kind: str
    value: Value = None


@dataclass(frozen=True, slots=True)
class Any:
    """Those of at least one."""

    of: "tuple[Target, ...]"


@dataclass(frozen=True, slots=True)
class All:
    """Those of every one of `of` and of none of `but`. `of` is never empty."""

    of: "tuple[Target, ...]"
    but: "tuple[Target, ...]" = ()


Target = Leaf | Any | All


def parse(document: object, kinds: frozenset[str] = ALERT) -> Target:
    """The target a document describes; `kinds`: the leaves it may have (`ALERT`, `MESSAGE`, `RULE`). Raises `Fault` with the place."""
    target = _parse(document, "", kinds, MAX_DEPTH)
    if sum(1 for _ in _leaves(target)) > MAX_LEAVES:
        raise Fault("", f"The target has more than {MAX_LEAVES} parts", "Make a group of them, and name the group.")
    return target


def leaves(target: Target) -> frozenset[Leaf]:
    """Everything that has to be asked to evaluate it."""
    return frozenset(_leaves(target))


def evaluate(target: Target, ask: Mapping[Leaf, People]) -> People:
    """The people that are meant. `ask` answers every one of `leaves(target)`; for `people`, those of them that exist."""
    return bounds(target, ask, ask)[0]


def bounds(target: Target, surely: Mapping[Leaf, People], possibly: Mapping[Leaf, People]) -> tuple[People, People]:
    """Those who are surely meant, and all who possibly are (the former among them), from two answers to each leaf with `surely` within `possibly`."""
    if isinstance(target, Leaf):
        return surely[target], possibly[target]
    of = [bounds(part, surely, possibly) for part in target.of]
    if isinstance(target, Any):
        return frozenset().union(*(low for low, _ in of)), frozenset().union(*(high for _, high in of))
    but = [bounds(part, surely, possibly) for part in target.but]
    low = reduce(frozenset.intersection, (low for low, _ in of))
    high = reduce(frozenset.intersection, (high for _, high in of))
    return low.difference(*(high for _, high in but)), high.difference(*(low for low, _ in but))


def _leaves(target: Target) -> Iterator[Leaf]:
    if isinstance(target, Leaf):
        yield target
    else:
        for part in (*target.of, *(target.but if isinstance(target, All) else ())):
            yield from _leaves(part)


def _parse(document: object, at: str, kinds: frozenset[str], depth: int) -> Target:
    if not isinstance(document, dict) or len(document) != 1:
        raise Fault(at, "A part of a target is an object with one key", 'Write for example {"fence": "<id>"} or {"any": [...]}.')
    ((key, value),) = document.items()
    if key in ("any", "all"):
        if depth == 1:
            raise Fault(at, f"The target is more than {MAX_DEPTH} levels deep", "Make a group of the inner part, and name the group.")
        return _parse_list(key, value, at, kinds, depth)
    if key == "not":
        raise Fault(f"{at}/not", "`not` has nothing to take away from", "Put it inside `all`, beside those it takes away from.")
    if key not in kinds:
        raise Fault(f"{at}/{_escaped(key)}", "This is not something a target can name here", f"Use one of: {', '.join(sorted(kinds))}.")
    return Leaf(key, _value(key, value, f"{at}/{key}"))


def _parse_list(key: str, value: object, at: str, kinds: frozenset[str], depth: int) -> Target:
    if not isinstance(value, list) or not value:
        raise Fault(f"{at}/{key}", "The target is empty", "Name at least one fence, group, role or person.")
    of: list[Target] = []
    but: list[Target] = []
    for number, part in enumerate(value):
        place = f"{at}/{key}/{number}"
        if key == "all" and isinstance(part, dict) and list(part) == ["not"]:
            but.append(_parse(part["not"], f"{place}/not", kinds, depth - 1))
        else:
            of.append(_parse(part, place, kinds, depth - 1))
    if not of:
        raise Fault(f"{at}/{key}", "`not` has nothing to take away from", "Name beside it those it takes away from.")
    return Any(tuple(of)) if key == "any" else All(tuple(of), tuple(but))


def _value(key: str, value: object, at: str) -> Value:
    if key in ("on_site", "everyone"):
        if value is not True:
            raise Fault(at, "This can only be true", "Leave the part out instead.")
        return None
    if key == "visitors" and value is True:
        return None
    if key == "role":
        if not isinstance(value, str) or not 1 <= len(value) <= 40:
            raise Fault(at, "This is not a role", "Give the name of a role.")
        return value
    if key != "people":
        return _id(value, at)
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_PEOPLE:
        raise Fault(at, f"This is not a list of 1 to {MAX_PEOPLE} people", "Name at least one person; put more people into a group.")
    return frozenset(_id(one, f"{at}/{number}") for number, one in enumerate(value))


def _id(value: object, at: str) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise Fault(at, "This is not an id", "Give the id of something of this organization.") from None


def _escaped(key: object) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")
