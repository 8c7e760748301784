"""Policies: the organization's defaults, and each fence's overrides on top. Only what was said is stored; the rest follows the product."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.actor import Actor
from app.core.policy import Policy
from app.errors import FieldError, Invalid
from app.geofences import queries
from app.geofences.models import OrganizationPolicy
from app.geofences.service import changes
from app.outbox import publish

Numbers = Mapping[str, float]


def effective(defaults: Numbers, overrides: Numbers) -> dict[str, Any]:
    """Every number that holds: product, organization, fence, the later over the earlier. Raises `Invalid` naming the field."""
    try:
        return asdict(Policy(**{**defaults, **overrides}))  # type: ignore[arg-type]  # the schemas know which are whole numbers
    except ValueError as error:
        field, _, message = str(error).partition(": ")
        raise Invalid.of(f"policy.{field}", message, "Change it, or the number it is compared with.") from None


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the organization says itself, since when (None: it never said anything)."""

    policy: dict[str, Any]
    valid_from: datetime | None = None


def organization_policies(
    session: Session, organization_id: int, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[OrganizationPolicy]:
    """The defaults that ever held, the newest first."""
    return queries.policies(session, organization_id, before, limit)


def defaults(session: Session, organization_id: int) -> Defaults:
    """What the organization says now."""
    own = next(iter(queries.policies(session, organization_id)), None)
    return Defaults(dict(own.policy), own.valid_from) if own else Defaults({})


def lock_defaults(session: Session, organization_id: int) -> Defaults:
    """The organization's defaults, to edit."""
    changes.lock(session, organization_id)
    return defaults(session, organization_id)


def set_defaults(session: Session, actor: Actor, policy: Numbers, now: datetime) -> Defaults:
    """New defaults from now on, after `lock_defaults`. Raises `Invalid`, also when a fence's own overrides do not go with them."""
    effective(policy, {})
    _check_fences(session, actor.tenant, policy)
    before = next(iter(queries.policies(session, actor.tenant)), None)
    at = changes.moment(session, actor.tenant, now, *([before.valid_from] if before else []))
    if before:
        before.valid_until = at
        session.flush()
    session.add(OrganizationPolicy(organization_id=actor.tenant, valid_from=at, policy=dict(policy), changed_by=actor.person_id))
    session.flush()
    publish.live(session, actor.tenant, "fence", {"policy": dict(policy)})
    return Defaults(dict(policy), at)


def _check_fences(session: Session, organization_id: int, policy: Numbers) -> None:
    clashes = []
    for fence, version in queries.current_fences(session, organization_id):
        try:
            effective(policy, version.policy)
        except Invalid as invalid:
            field, message = invalid.errors[0].field, invalid.errors[0].message
            clashes.append(
                FieldError(field, f"Geofence {fence.number} has a policy of its own that forbids this: {message}", "Change that one first.")
            )
    if clashes:
        raise Invalid(errors=clashes[:100])
