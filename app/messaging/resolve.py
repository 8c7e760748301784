"""Whom a target means now.

1. Its leaves, and those of the groups by rule that it names, are collected; each kind is asked once for all of them.
2. Groups, roles, sites and people are asked of accounts; who is inside a fence is asked through the port, as yes or no.
3. A drawn area means whoever is inside its temporary fence (phones that reported since), or inside a fence that lies within it. Whoever is inside
   a fence that only meets it is possibly inside: told all the same, and marked. A later ping decides (`late.py`).
4. Who left the organization is nobody's recipient. Visitors are none of its people: see `visiting.py`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.actor import MEMBER_ROLES
from app.core import target as core
from app.core.fault import Fault
from app.core.policy import Shape
from app.core.target import Leaf, People, Target
from app.errors import FieldError, Invalid, PurposeMissing
from app.geofences import service as geofences
from app.messaging.models import Message
from app.ports import Deps

DRAWN: Final = UUID(int=0)
"""Stands in a target for an area that is not a fence yet: a preview."""
OF_PRESENCE: Final = frozenset({"fence", "area", "on_site"})
ALL_KINDS: Final = frozenset(core.KINDS)
_log: Final = structlog.get_logger(area="messaging")


@dataclass(frozen=True, slots=True)
class Resolved:
    """Everybody who is meant; `possibly` of them only perhaps."""

    people: People
    possibly: People


@dataclass(frozen=True, slots=True)
class Asking:
    """Of which organization, when; `only`: nobody else is asked about. `drawn`: the shape of `DRAWN`."""

    session: Session
    organization_id: int
    now: datetime
    deps: Deps
    only: People | None = None
    drawn: Shape | None = None
    blind: bool = False
    """Without asking who is where: nobody is inside anything."""
    surely: bool = False
    """Only those who are inside for certain are inside."""

    def among(self, people: Iterable[UUID]) -> People:
        """Those of them that are asked about."""
        return frozenset(people) if self.only is None else self.only.intersection(people)


@dataclass
class _Places:
    """Who is inside what, asked at once for the whole target."""

    inside: Mapping[UUID, People] = field(default_factory=dict)
    on_site: People = frozenset()
    within: dict[UUID, list[UUID]] = field(default_factory=dict)
    """Area -> the fences that lie in it, its own among them."""
    meeting: dict[UUID, list[UUID]] = field(default_factory=dict)

    def surely(self, area: UUID) -> People:
        """Inside the area."""
        return frozenset().union(*(self.inside[fence] for fence in self.within[area]))

    def perhaps(self, area: UUID) -> People:
        """Inside the area, or inside a fence that meets it."""
        return self.surely(area).union(*(self.inside[fence] for fence in self.meeting[area]))


def of_message(session: Session, organization_id: int, message: Message, now: datetime, deps: Deps) -> dict[UUID, bool]:
    """Everybody a message is for now -> whether only possibly."""
    return meant(Asking(session, organization_id, now, deps), message)


def meant(asking: Asking, message: Message) -> dict[UUID, bool]:
    """The same, of those alone who are asked about.

    Where the purpose safety was withdrawn since the message was accepted, whoever is meant by more than a place gets it all the same.
    """
    target = core.parse(message.target, ALL_KINDS)
    try:
        found = resolved(asking, target)
    except PurposeMissing:
        _log.warning("presence_not_allowed", organization_id=asking.organization_id)
        found = resolved(replace(asking, blind=True), target)
    return {person: person in found.possibly for person in sorted(found.people, key=attrgetter("int"))}


def people_of_group(session: Session, organization_id: int, group_id: UUID, now: datetime, deps: Deps) -> People:
    """Who is in a group now, listed or by its rule; nobody when it is retired."""
    return resolved(Asking(session, organization_id, now, deps), Leaf("group", group_id)).people


def resolved(asking: Asking, target: Target) -> Resolved:
    """Whom a target means now. Raises `PurposeMissing` when it asks who is where and the instruction does not name safety."""
    rules = _rules(asking, core.leaves(target))
    leaves = frozenset().union(core.leaves(target), *(core.leaves(rule) for rule in rules.values()))
    places = _places(asking, leaves)
    surely = {leaf: asking.among(_people(asking, leaf, places)) for leaf in leaves if leaf.kind != "group"}
    perhaps = surely | {leaf: asking.among(places.perhaps(_id(leaf))) for leaf in leaves if leaf.kind == "area"}
    listed = accounts.people_in_groups(asking.session, asking.organization_id, [_id(leaf) for leaf in leaves if leaf.kind == "group"])
    for group_id, people in listed.items():
        rule = rules.get(group_id)
        found = asking.among(people) if rule is None else core.evaluate(rule, surely)
        surely[Leaf("group", group_id)] = perhaps[Leaf("group", group_id)] = found
    sure, possible = core.bounds(target, surely, perhaps)
    here = accounts.still_here(asking.session, asking.organization_id, sure | possible)
    return Resolved((sure | possible) & here, (possible - sure) & here)


def read(session: Session, organization_id: int, document: object, kinds: frozenset[str] = core.ALERT, at: str = "target") -> Target:
    """A target that somebody wrote, all of whose parts exist. Raises `Invalid` naming the place."""
    try:
        target = core.parse(document, kinds)
    except Fault as fault:
        raise Invalid(errors=[FieldError(fault.field(at), fault.message, fault.next_step)]) from None
    _require_known(session, organization_id, core.leaves(target), at)
    return target


def asks_presence(session: Session, organization_id: int, target: Target) -> bool:
    """Whether somebody must be asked who is where."""
    leaves = core.leaves(target)
    groups = [_id(leaf) for leaf in leaves if leaf.kind == "group"]
    for rule in accounts.rules_of_groups(session, organization_id, groups).values():
        if rule is not None:
            leaves |= core.leaves(core.parse(rule, core.RULE))
    return any(leaf.kind in OF_PRESENCE for leaf in leaves)


def _require_known(session: Session, organization_id: int, leaves: Collection[Leaf], at: str) -> None:
    wanted: dict[str, set[UUID]] = {kind: {_id(leaf) for leaf in leaves if leaf.kind == kind} for kind in ("fence", "group", "site")}
    people = frozenset().union(*(leaf.value for leaf in leaves if leaf.kind == "people" and isinstance(leaf.value, frozenset)))
    if not wanted["fence"] <= geofences.fences_in_use(session, organization_id):
        raise Invalid.of(at, "There is no such geofence in use", "Choose from GET /api/v1/fences.")
    accounts.require_groups(session, organization_id, list(wanted["group"]), at)
    for site_id in wanted["site"] | {leaf.value for leaf in leaves if leaf.kind == "visitors" and isinstance(leaf.value, UUID)}:
        accounts.get_site(session, organization_id, site_id)
    if any(leaf.kind == "role" and leaf.value not in MEMBER_ROLES for leaf in leaves):
        raise Invalid.of(at, "There is no such role", f"Use one of: {', '.join(MEMBER_ROLES)}.")
    if len(accounts.still_here(session, organization_id, people)) < len(people):
        raise Invalid.of(at, "Somebody in this list is not one of your people, or has left", "Choose from GET /api/v1/people.")


def _rules(asking: Asking, leaves: Collection[Leaf]) -> dict[UUID, Target]:
    groups = [_id(leaf) for leaf in leaves if leaf.kind == "group"]
    found = accounts.rules_of_groups(asking.session, asking.organization_id, groups) if groups else {}
    return {group: core.parse(rule, core.RULE) for group, rule in found.items() if rule is not None}


def _places(asking: Asking, leaves: Collection[Leaf]) -> _Places:
    found = _Places()
    for area in (_id(leaf) for leaf in leaves if leaf.kind == "area"):
        own = [] if area == DRAWN else [area]
        shape = asking.drawn or geofences.get_fence(asking.session, asking.organization_id, area).shape
        inside, meeting = geofences.meeting(asking.session, asking.organization_id, shape, but=area)
        found.within[area], found.meeting[area] = own + inside, meeting
    if asking.blind:
        return _Places(defaultdict(frozenset), frozenset(), found.within, found.meeting)
    fences = {_id(leaf) for leaf in leaves if leaf.kind == "fence"}.union(*found.within.values(), *found.meeting.values())
    who = asking.deps.who_is_inside
    if fences or found.within:
        found.inside = who.inside(asking.session, asking.organization_id, fences, asking.now, only=asking.only, surely=asking.surely)
    if any(leaf.kind == "on_site" for leaf in leaves):
        found.on_site = who.on_site(asking.session, asking.organization_id, asking.now, only=asking.only)
    return found


def _people(asking: Asking, leaf: Leaf, places: _Places) -> People:
    match leaf.kind, leaf.value:
        case "fence", UUID() as fence:
            return places.inside[fence]
        case "area", UUID() as area:
            return places.surely(area)
        case "on_site", _:
            return places.on_site
        case "people", frozenset() as people:
            return people
        case "visitors", _:
            return frozenset()
    return accounts.people_of_rule_leaf(asking.session, asking.organization_id, leaf.kind, leaf.value)


def _id(leaf: Leaf) -> UUID:
    if not isinstance(leaf.value, UUID):
        raise TypeError("a leaf without an id")
    return leaf.value
