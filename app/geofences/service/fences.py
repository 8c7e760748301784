"""Fences: drawn, edited, retired, restored. Nothing is overwritten: an edit ends the version that holds and starts the next.

1. An edit begins with `lock_fence`: one editor per organization, and the fence set's version is raised in the same transaction.
2. What is there is compared with what the editor saw (If-Match), then `edit_fence` ends the current version at a moment and starts
   version n+1 at the same moment. Pings before the moment are judged by the old one for ever, whenever they arrive.
3. Retiring ends the version and starts none; restoring starts the next. In between the fence does not exist for anybody.
4. Whoever watches is told; attendance refolds people whose open stay the change ended.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.actor import Actor
from app.core.policy import Shape
from app.db.types import uuid7
from app.errors import Conflict, NotFound
from app.geofences import queries
from app.geofences.facts import Assigned, FenceFacts, FencesWanted
from app.geofences.models import Fence, FenceAssignment, FenceVersion
from app.geofences.service import changes, policies, shapes


@dataclass(frozen=True, slots=True)
class FenceView:
    """A fence with the version that holds (of a retired one, the last) and for whom it counts."""

    fence: Fence
    version: FenceVersion
    assigned: Assigned

    @property
    def shape(self) -> Shape:
        """The version's shape; not in lists, which leave it in the database."""
        return queries.shape_of(self.version)


class Step(NamedTuple):
    """A version's number, from when it is valid, and what it changed."""

    version: int
    at: datetime
    change: str


def list_fences(session: Session, organization_id: int, wanted: FencesWanted, *, only: UUID | None = None) -> list[FenceView]:
    """Without shapes; up to `limit + 1`. `only` narrows to those assigned to a person now."""
    rows = queries.fences(session, organization_id, _reader(session, organization_id, only), wanted)
    return _views(session, organization_id, rows)


def current_fences(session: Session, organization_id: int, *, only: UUID | None = None) -> list[FenceView]:
    """All that are not retired, with their shapes, by number; `only` narrows to those assigned to a person now."""
    return _views(session, organization_id, queries.current_fences(session, organization_id, _reader(session, organization_id, only)))


def get_fence(session: Session, organization_id: int, fence_id: UUID, *, only: UUID | None = None) -> FenceView:
    """Raises `NotFound`, with `only` also for fences that are not that person's."""
    found = queries.fence(session, organization_id, fence_id, _reader(session, organization_id, only))
    if found is None:
        raise NotFound
    return _views(session, organization_id, [found])[0]


def lock_fence(session: Session, organization_id: int, fence_id: UUID) -> FenceView:
    """The fence, to edit. Raises `NotFound`."""
    changes.lock(session, organization_id)
    return get_fence(session, organization_id, fence_id)


def versions(session: Session, organization_id: int, view: FenceView, *, before: int, limit: int) -> list[FenceView]:
    """What the fence was when, the newest first; up to `limit + 1`."""
    rows = queries.versions(session, organization_id, view.fence.id, before=before, limit=limit)
    return [FenceView(view.fence, version, view.assigned) for version in rows]


def create_fence(session: Session, actor: Actor, facts: FenceFacts, assigned: Assigned, now: datetime) -> FenceView:
    """A new fence, from now on. Raises `Invalid` (site, group, policy)."""
    return create_fences(session, actor, [facts], assigned, Step(1, now, "drawn"))[0]


def create_fences(session: Session, actor: Actor, many: Sequence[FenceFacts], assigned: Assigned, step: Step) -> list[FenceView]:
    """New fences for the same people, `step.at` at the earliest. Raises `Invalid` (site, group, policy)."""
    changes.lock(session, actor.tenant)
    accounts.require_listed_groups(session, actor.tenant, assigned.group_ids, "assigned.group_ids")
    for site_id in {facts.site_id for facts in many}:
        accounts.require_site(session, actor.tenant, site_id)
    defaults = policies.defaults(session, actor.tenant).policy
    for facts in many:
        policies.effective(defaults, facts.policy)
    step = step._replace(at=changes.moment(session, actor.tenant, step.at))
    return [_create(session, actor, facts, assigned, step) for facts in many]


def _create(session: Session, actor: Actor, facts: FenceFacts, assigned: Assigned, step: Step) -> FenceView:
    number = queries.next_number(session, actor.tenant)
    fence = Fence(organization_id=actor.tenant, id=uuid7(), number=number, site_id=facts.site_id)
    session.add(fence)
    session.flush()
    session.add_all(
        FenceAssignment(organization_id=actor.tenant, fence_id=fence.id, group_id=group, valid_from=step.at) for group in assigned.wanted
    )
    return FenceView(fence, _start(session, actor, fence, facts, step), _assigned(assigned.wanted))


def edit_fence(session: Session, actor: Actor, view: FenceView, facts: FenceFacts, now: datetime) -> FenceView:
    """The next version, from now on; nothing when nothing differs. Raises `Invalid`, `Conflict` when the fence is retired."""
    fence, before = view.fence, view.version
    if fence.retired_at is not None:
        raise Conflict("The geofence is retired. Restore it first.")
    if facts.site_id != fence.site_id:
        accounts.require_site(session, actor.tenant, facts.site_id)
    policies.effective(policies.defaults(session, actor.tenant).policy, facts.policy)
    changed = _changed(view, facts)
    if not changed:
        return view
    at = changes.moment(session, actor.tenant, now, before.valid_from)
    before.valid_until, before.ended_by, fence.site_id = at, actor.person_id, facts.site_id
    session.flush()
    return FenceView(fence, _start(session, actor, fence, facts, Step(before.version + 1, at, ", ".join(changed))), view.assigned)


def retire_fence(session: Session, actor: Actor, view: FenceView, now: datetime) -> FenceView:
    """From now on it is nobody's; open stays there end assumed. Raises `Conflict` when it is retired already."""
    fence, version = view.fence, view.version
    if fence.retired_at is not None:
        raise Conflict("The geofence is retired already.")
    at = changes.moment(session, actor.tenant, now, version.valid_from)
    version.valid_until, version.ended_by, fence.retired_at = at, actor.person_id, at
    session.flush()
    changes.tell(session, actor.tenant, fence.id, "retired", version.version)
    changes.refold(session, actor.tenant, fence.id, at)
    return view


def restore_fence(session: Session, actor: Actor, view: FenceView, now: datetime) -> FenceView:
    """In use again as it was, from now on. Raises `Conflict` when it is in use; `Invalid` when its policy no longer goes with the defaults."""
    fence, last = view.fence, view.version
    if fence.retired_at is None or last.valid_until is None:
        raise Conflict("The geofence is in use. Only a retired one can be restored.")
    policies.effective(policies.defaults(session, actor.tenant).policy, last.policy)
    fence.retired_at = None
    facts = FenceFacts(last.name, view.shape, fence.site_id, last.policy, last.counts_as_work)
    at = changes.moment(session, actor.tenant, now, last.valid_until)
    return FenceView(fence, _start(session, actor, fence, facts, Step(last.version + 1, at, "restored")), view.assigned)


def assign_fence(session: Session, actor: Actor, view: FenceView, assigned: Assigned, now: datetime) -> FenceView:
    """For whom it counts from now on. Raises `Invalid` for an unknown group. Who stays assigned another way notices nothing."""
    rows = {row.group_id: row for row in queries.assignments(session, actor.tenant, [view.fence.id])}
    gone, new = rows.keys() - assigned.wanted, assigned.wanted - rows.keys()
    accounts.require_listed_groups(session, actor.tenant, [group for group in new if group is not None])
    if not gone and not new:
        return view
    at = changes.moment(session, actor.tenant, now, *(row.valid_from for row in rows.values()))
    for group in gone:
        rows[group].valid_until = at
    session.add_all(FenceAssignment(organization_id=actor.tenant, fence_id=view.fence.id, group_id=group, valid_from=at) for group in new)
    session.flush()
    changes.tell(session, actor.tenant, view.fence.id, "retired" if view.fence.retired_at else "current", view.version.version)
    if gone:
        changes.refold(session, actor.tenant, view.fence.id, at)
    return FenceView(view.fence, view.version, _assigned(assigned.wanted))


def assignments(
    session: Session, organization_id: int, fence_id: UUID, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[FenceAssignment]:
    """For whom the fence counted when, the newest first."""
    return queries.assignments_of(session, organization_id, fence_id, before, limit)


def _start(session: Session, actor: Actor, fence: Fence, facts: FenceFacts, step: Step) -> FenceVersion:
    version = FenceVersion(
        organization_id=actor.tenant,
        fence_id=fence.id,
        version=step.version,
        valid_from=step.at,
        name=facts.name,
        policy=dict(facts.policy),
        counts_as_work=facts.counts_as_work,
        changed_by=actor.person_id,
        change=step.change,
    )
    queries.set_shape(version, facts.shape)
    session.add(version)
    session.flush()
    changes.tell(session, actor.tenant, fence.id, "current", step.version)
    return version


def _changed(view: FenceView, facts: FenceFacts) -> list[str]:
    version = view.version
    pairs = {
        "name": version.name == facts.name,
        "shape": shapes.same(view.shape, facts.shape),
        "site": view.fence.site_id == facts.site_id,
        "policy": version.policy == facts.policy,
        "counts_as_work": version.counts_as_work == facts.counts_as_work,
    }
    return [name for name, is_same in pairs.items() if not is_same]


def _reader(session: Session, organization_id: int, only: UUID | None) -> queries.Reader | None:
    if only is None:
        return None
    return queries.Reader(frozenset(accounts.groups_of_people(session, organization_id, [only]).get(only, ())))


def _views(session: Session, organization_id: int, rows: Sequence[Any]) -> list[FenceView]:
    found: dict[UUID, set[UUID | None]] = {fence.id: set() for fence, _ in rows}
    for row in queries.assignments(session, organization_id, list(found)):
        found[row.fence_id].add(row.group_id)
    return [FenceView(fence, version, _assigned(found[fence.id])) for fence, version in rows]


def _assigned(groups: Collection[UUID | None]) -> Assigned:
    return Assigned(None in groups, tuple(sorted(group for group in groups if group is not None)))
