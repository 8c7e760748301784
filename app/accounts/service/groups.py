"""Groups of people. Memberships are dated, so that late pings are judged by the groups of their own time.

Whoever depends on who is in a group (working windows, fences) joins `hooks.groups_changed` and is called in the same transaction.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts.lists import ALL, Window
from app.accounts.models import Group, GroupMember
from app.accounts.queries import people as queries
from app.accounts.service.hooks import groups_changed
from app.accounts.service.sites import require_site
from app.actor import MEMBER_ROLES
from app.core import target
from app.core.fault import Fault
from app.db.flush import flush
from app.errors import Conflict, Invalid, NotFound
from app.ports import Fences

_CLASHES = {"uq_people_group_organization_id_name": "A group with this name exists. Choose another name, or restore the retired one."}


def list_groups(
    session: Session,
    organization_id: int,
    *,
    retired: bool = False,
    of_person: UUID | None = None,
    window: Window = ALL,
) -> Sequence[Row[Group, int]]:
    """(group, how many people are in it), up to `limit + 1`; `of_person` restricts to the groups that person is in."""
    return queries.groups(session, organization_id, retired=retired, of_person=of_person, window=window)


def get_group(session: Session, organization_id: int, group_id: UUID, *, of_person: UUID | None = None, lock: bool = False) -> Group:
    """Raises `NotFound`, with `of_person` also for groups that person is not in."""
    group = queries.group(session, organization_id, group_id, lock=lock)
    if group is None or (of_person and group_id not in queries.current_groups(session, organization_id, [of_person])[of_person]):
        raise NotFound
    return group


@dataclass(frozen=True, slots=True)
class Rule:
    """A document of `core.target`, and who knows which geofences there are."""

    document: Mapping[str, Any]
    fences: Fences


def create_group(session: Session, organization_id: int, name: str, rule: Rule | None = None) -> Group:
    """Listed, or by `rule`: whoever meets it at the moment somebody asks. Raises `Conflict` when the name is taken, `Invalid` for the rule."""
    group = Group(organization_id=organization_id, name=name, rule=None if rule is None else _checked(session, organization_id, rule))
    session.add(group)
    flush(session, _CLASHES)
    return group


def edit_group(session: Session, group: Group, name: str, rule: Rule | None) -> None:
    """Another name, and another rule; without one the rule stays. Raises `Conflict` (name taken; a listed group stays listed), `Invalid`."""
    if rule is not None and group.rule is None:
        raise Conflict("The people of this group are listed. Make another group for a rule.")
    if rule is not None:
        group.rule = _checked(session, group.organization_id, rule)
    group.name = name
    flush(session, _CLASHES)


def retire_group(session: Session, group: Group, now: datetime) -> None:
    """Out of use; its memberships end. Raises `Conflict` when it is retired already."""
    if group.retired_at is not None:
        raise Conflict("The group is retired already.")
    group.retired_at = now
    gone = queries.end_memberships(session, group.organization_id, now, group_id=group.id)
    session.flush()
    groups_changed.call(session, group.organization_id, gone, now)


def restore_group(session: Session, group: Group) -> None:
    """Back into use, empty. Raises `Conflict` when it is in use."""
    if group.retired_at is None:
        raise Conflict("The group is in use. Only a retired one can be restored.")
    group.retired_at = None
    session.flush()


def join_group(session: Session, organization_id: int, group_id: UUID, person_id: UUID, now: datetime) -> None:
    """From now on; nothing when the person is in it. Raises `NotFound`, `Conflict` (retired group, departed person)."""
    group = queries.group(session, organization_id, group_id)
    person = queries.person(session, organization_id, person_id)
    if group is None or person is None:
        raise NotFound
    if group.rule is not None:
        raise Conflict("The people of this group are found by its rule. Change the rule, or choose a listed group.")
    if group.retired_at is not None or person.left_at is not None:
        raise Conflict("The group is retired or the person has left. Restore the group, or take the person back, first.")
    groups_changed.call(session, organization_id, queries.join_groups(session, organization_id, [(group_id, person_id)], now), now)


def leave_group(session: Session, organization_id: int, group_id: UUID, person_id: UUID, now: datetime) -> None:
    """From now on. Raises `NotFound` when the person is not in it."""
    gone = queries.end_memberships(session, organization_id, now, group_id=group_id, person_id=person_id)
    if not gone:
        raise NotFound
    groups_changed.call(session, organization_id, gone, now)


def require_groups(session: Session, organization_id: int, group_ids: Sequence[UUID], field: str = "group_ids") -> None:
    """Raises `Invalid` when one of them is not a group of the organization, or retired. For domains above."""
    known = set(queries.group_ids(session, organization_id).values())
    if not set(group_ids) <= known:
        raise Invalid.of(field, "There is no such group in use", "Choose from GET /api/v1/groups.")


def require_listed_groups(session: Session, organization_id: int, group_ids: Sequence[UUID], field: str = "group_ids") -> None:
    """As `require_groups`, and none of them by rule: what is judged by past memberships needs people who were listed. For domains above."""
    require_groups(session, organization_id, group_ids, field)
    if any(rule is not None for rule in queries.rules_of_groups(session, organization_id, group_ids).values()):
        raise Invalid.of(
            field, "This group is made by a rule, so nobody knows who was in it last week", "Choose a group whose people are listed."
        )


def people_in_group(session: Session, organization_id: int, group_id: UUID) -> list[UUID]:
    """Who is in it now. For domains above."""
    return queries.people_in_group(session, organization_id, group_id)


def people_in_groups(session: Session, organization_id: int, group_ids: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Group -> who is listed in it now; a group by rule lists nobody. For domains above."""
    found: dict[UUID, set[UUID]] = {group_id: set() for group_id in group_ids}
    for group_id, person_id in queries.people_in_groups(session, organization_id, list(group_ids)):
        found[group_id].add(person_id)
    return {group_id: frozenset(people) for group_id, people in found.items()}


def rules_of_groups(session: Session, organization_id: int, group_ids: Collection[UUID]) -> dict[UUID, dict[str, Any] | None]:
    """Group in use -> its rule (a document of `core.target`), or None when its people are listed. For domains above, which can ask who is inside."""
    return queries.rules_of_groups(session, organization_id, list(group_ids))


def groups_of_people(session: Session, organization_id: int, person_ids: Sequence[UUID]) -> dict[UUID, set[UUID]]:
    """Person -> the groups they are in now. For domains above."""
    return queries.current_groups(session, organization_id, person_ids)


def memberships_of_people(session: Session, organization_id: int, person_ids: Sequence[UUID]) -> Sequence[GroupMember]:
    """All dated memberships, ended ones too: `person_id`, `group_id`, `valid_from`, `valid_until`. For domains above."""
    return queries.memberships(session, organization_id, person_ids)


def _checked(session: Session, organization_id: int, rule: Rule) -> dict[str, Any]:
    try:
        leaves = target.leaves(target.parse(rule.document, target.RULE))
    except Fault as fault:
        raise Invalid.of(fault.field("rule"), fault.message, fault.next_step) from None
    if any(leaf.kind == "role" and leaf.value not in MEMBER_ROLES for leaf in leaves):
        raise Invalid.of("rule", "There is no such role", f"Use one of: {', '.join(MEMBER_ROLES)}.")
    for leaf in leaves:
        if leaf.kind == "site" and isinstance(leaf.value, UUID):
            require_site(session, organization_id, leaf.value, "rule")
    if not {leaf.value for leaf in leaves if leaf.kind == "fence"} <= set(rule.fences.in_use(session, organization_id)):
        raise Invalid.of("rule", "There is no such geofence in use", "Choose from GET /api/v1/fences.")
    return dict(rule.document)
