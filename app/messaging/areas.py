"""The temporary fence of an area that was drawn for one alert: there from the countdown until the alert is over.

A draft keeps it retired, so that no phone watches an area for an alert that may never be sent.
"""

from collections.abc import Mapping
from datetime import datetime
from math import pi
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.actor import Actor
from app.core.fence import area_m2
from app.core.policy import Shape
from app.errors import Invalid
from app.geofences import service as geofences
from app.messaging.resolve import DRAWN

PLACEHOLDER: Final = "drawn"
"""What a target says for the area that is sent with it."""
SMALLEST_M2: Final = pi * 49.9**2
"""A circle of 50 m, a hair smaller for those who draw one by hand."""
NAME: Final = "Alert {:%Y-%m-%d %H:%M}Z"


def require_size(shape: Shape) -> None:
    """Raises `Invalid` for an area so small that who comes in late would tell where one person is, not who is in danger."""
    if area_m2(shape) < SMALLEST_M2:
        raise Invalid.of("area", "The area is too small", "Draw at least a circle with a radius of 50 m, about a hectare.")


def aimed(target: Mapping[str, Any] | None, *, drawn: bool, area: UUID = DRAWN) -> Mapping[str, Any]:
    """The target with its drawn area in place: where it says `{"area": "drawn"}`, or else as one more way to be meant. Raises `Invalid`."""
    if target is None and not drawn:
        raise Invalid.of("target", "The target is empty", "Name at least one fence, group, role or person, or draw an area.")
    if target is None:
        return {"area": str(area)}
    found = _named(target)
    if found and not drawn:
        raise Invalid.of("area", "The target names an area that was not drawn", "Send the area, or take it out of the target.")
    placed = _placed(target, str(area))
    return placed if found or not drawn else {"any": [placed, {"area": str(area)}]}


def draw(session: Session, actor: Actor, shape: Shape, now: datetime, *, before: UUID | None = None) -> UUID:
    """A retired fence of this shape, for everyone, that counts for nobody's hours; `before`, if it has that shape. Raises `Invalid`."""
    if before is not None and shape_of(session, actor.tenant, before) == shape:
        return before
    facts = geofences.FenceFacts(NAME.format(now), shape, counts_as_work=False)
    view = geofences.create_fence(session, actor, facts, geofences.Assigned(), now)
    return geofences.retire_fence(session, actor, view, now).fence.id


def shape_of(session: Session, organization_id: int, fence_id: UUID) -> Shape:
    """What was drawn."""
    return geofences.get_fence(session, organization_id, fence_id).shape


def begin(session: Session, actor: Actor, fence_id: UUID | None, now: datetime) -> None:
    """From now on whoever enters is noticed."""
    if fence_id is not None:
        view = geofences.lock_fence(session, actor.tenant, fence_id)
        if view.fence.retired_at is not None:
            geofences.restore_fence(session, actor, view, now)


def end(session: Session, actor: Actor, fence_id: UUID | None, now: datetime) -> None:
    """The area is nobody's any more."""
    if fence_id is not None:
        view = geofences.lock_fence(session, actor.tenant, fence_id)
        if view.fence.retired_at is None:
            geofences.retire_fence(session, actor, view, now)


def _named(target: object) -> bool:
    match target:
        case {"area": value}:
            if value != PLACEHOLDER:
                raise Invalid.of("target", "Only the area that is sent with it can be named", 'Write {"area": "drawn"}, or name a fence.')
            return True
        case dict():
            return _named(list(target.values()))
        case list():
            return True in [_named(part) for part in target]  # each of them, for what is wrong in it
    return False


def _placed(target: Any, area: str) -> Any:  # noqa: ANN401 (JSON)
    match target:
        case {"area": value} if value == PLACEHOLDER:
            return {"area": area}
        case dict():
            return {key: _placed(value, area) for key, value in target.items()}
        case list():
            return [_placed(value, area) for value in target]
    return target
