"""Minimum staffing: at least so many of a group inside a fence during weekly hours.

Every minute, and whenever somebody enters, all rules of an organization are judged at once (`core.staffing`). Who is only perhaps inside does not
count. A shortage and its end are told to a group, as messages; a rule in which nothing changed says nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, time
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.core import staffing as core
from app.db.flush import flush
from app.errors import Conflict, Invalid, NotFound, PurposeMissing
from app.geofences import service as geofences
from app.messaging import notices, resolve
from app.messaging.models import StaffingRule
from app.ports import Deps

_TAKEN: Final = {"uq_staffing_rule_organization_id_name": "A staffing rule with this name exists. Choose another name."}
_log: Final = structlog.get_logger(area="messaging")


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """What a rule shall be. `weekdays`: ISO, 1 is Monday; an end at or before the start is on the next day. Local time of the organization."""

    name: str
    group_id: UUID
    fence_id: UUID
    at_least: int
    weekdays: tuple[int, ...]
    starts_at: time
    ends_at: time
    warns_group_id: UUID


def rules(
    session: Session, organization_id: int, *, retired: bool = False, after: UUID | None = None, limit: int = 200
) -> Sequence[StaffingRule]:
    """In order of creation."""
    query = select(StaffingRule).where(StaffingRule.organization_id == organization_id)
    query = query.where(StaffingRule.retired_at.is_not(None) if retired else StaffingRule.retired_at.is_(None))
    if after is not None:
        query = query.where(StaffingRule.id > after)
    return session.scalars(query.order_by(StaffingRule.id).limit(limit)).all()


def rule(session: Session, organization_id: int, rule_id: UUID) -> StaffingRule:
    """One rule, locked. Raises `NotFound`."""
    query = select(StaffingRule).where(StaffingRule.organization_id == organization_id, StaffingRule.id == rule_id)
    found = session.scalars(query.with_for_update()).one_or_none()
    if found is None:
        raise NotFound
    return found


def create(session: Session, organization_id: int, facts: RuleFacts, now: datetime, deps: Deps) -> StaffingRule:
    """Watched from now on. Raises `Invalid`, `Conflict` when the name is taken, `PurposeMissing`."""
    deps.who_is_inside.inside(session, organization_id, (), now)
    found = StaffingRule(organization_id=organization_id)
    session.add(_set(session, found, facts))
    flush(session, _TAKEN)
    return found


def edit(session: Session, found: StaffingRule, facts: RuleFacts) -> StaffingRule:
    """Change a locked rule; what was remembered of a shortage is forgotten. Raises as `create`."""
    _set(session, found, facts).below_since = found.enough_since = None
    flush(session, _TAKEN)
    return found


def changed(found: StaffingRule, changes: Mapping[str, Any]) -> RuleFacts:
    """What a rule says with some fields changed."""
    facts = {field.name: changes.get(field.name, getattr(found, field.name)) for field in fields(RuleFacts)}
    return RuleFacts(**facts | {"weekdays": tuple(facts["weekdays"])})


def retire(session: Session, found: StaffingRule, now: datetime) -> StaffingRule:
    """No longer watched. Raises `Conflict` when it is not."""
    if found.retired_at is not None:
        raise Conflict("The staffing rule is retired already.")
    found.retired_at, found.below_since, found.enough_since = now, None, None
    session.flush()
    return found


def restore(session: Session, found: StaffingRule) -> StaffingRule:
    """Watched again. Raises `Conflict` when it is."""
    if found.retired_at is None:
        raise Conflict("The staffing rule is in use. Only a retired one can be restored.")
    found.retired_at = None
    session.flush()
    return found


def look(session: Session, organization_id: int, now: datetime, deps: Deps, *, fence_ids: Collection[UUID] | None = None) -> int:
    """Judge every rule (of these fences), and tell what changed. How many rules changed."""
    query = select(StaffingRule).where(StaffingRule.organization_id == organization_id, StaffingRule.retired_at.is_(None))
    if fence_ids is not None:
        query = query.where(StaffingRule.fence_id.in_(fence_ids))
    watched = session.scalars(query.order_by(StaffingRule.id).with_for_update()).all()
    if not watched:
        return 0
    try:
        inside = deps.who_is_inside.inside(session, organization_id, {each.fence_id for each in watched}, now, surely=True)
        groups = _groups(session, organization_id, {each.group_id for each in watched}, now, deps)
    except PurposeMissing:
        _log.warning("presence_not_allowed", organization_id=organization_id)
        return 0
    zone = accounts.get_organization(session, organization_id).timezone
    return sum(_judge(session, each, len(inside[each.fence_id] & groups[each.group_id]), zone, now, deps) for each in watched)


def look_each_minute(deps: Deps, organization_id: int, now: datetime) -> int:
    """The chore."""
    with deps.database.tenant(organization_id) as session:
        return look(session, organization_id, now, deps)


def _judge(session: Session, watched: StaffingRule, present: int, zone: str, now: datetime, deps: Deps) -> bool:  # noqa: PLR0913, PLR0917
    duty = core.on_duty([day - 1 for day in watched.weekdays], watched.starts_at, watched.ends_at, zone, now)
    was = core.Staffing(watched.below_since, watched.enough_since)
    remembered, change = core.judge(was, present, watched.at_least, now, on_duty=duty)
    if remembered != was:
        watched.below_since, watched.enough_since = remembered.below_since, remembered.enough_since
        session.flush()
    if change is not None:
        said = notices.texts(change, rule=watched.name, present=present, wanted=watched.at_least)
        notices.notify(session, watched.organization_id, {"group": str(watched.warns_group_id)}, said, now, deps)
    return change is not None


def _groups(
    session: Session, organization_id: int, group_ids: Collection[UUID], now: datetime, deps: Deps
) -> Mapping[UUID, frozenset[UUID]]:
    by_rule = {group for group, rule in accounts.rules_of_groups(session, organization_id, group_ids).items() if rule is not None}
    listed = accounts.people_in_groups(session, organization_id, group_ids)
    return listed | {group: resolve.people_of_group(session, organization_id, group, now, deps) for group in by_rule}


def _set(session: Session, found: StaffingRule, facts: RuleFacts) -> StaffingRule:
    organization_id = found.organization_id
    with session.no_autoflush:
        accounts.require_groups(session, organization_id, [facts.group_id], "group_id")
        accounts.require_groups(session, organization_id, [facts.warns_group_id], "warns_group_id")
        if facts.fence_id not in geofences.fences_in_use(session, organization_id):
            raise Invalid.of("fence_id", "There is no such geofence in use", "Choose from GET /api/v1/fences.")
        for name in ("name", "group_id", "fence_id", "at_least", "starts_at", "ends_at", "warns_group_id"):
            setattr(found, name, getattr(facts, name))
        found.weekdays = sorted(set(facts.weekdays))
    return found
