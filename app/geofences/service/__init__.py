"""What geofences does for others. Domains above import from here; routes of geofences from its modules."""

from app.geofences.facts import Assigned, FenceFacts
from app.geofences.service.changes import CHANGED
from app.geofences.service.fences import (
    FenceView,
    assign_fence,
    create_fence,
    current_fences,
    edit_fence,
    get_fence,
    lock_fence,
    restore_fence,
    retire_fence,
)
from app.geofences.service.lookups import FencesInUse, fence_names, fences_in_use, meeting, not_work, sites_of_fences
from app.geofences.service.policies import lock_defaults, set_defaults
from app.geofences.service.shapes import ShapeInvalid, drawn, geojson_of

__all__ = [
    "CHANGED",
    "Assigned",
    "FenceFacts",
    "FenceView",
    "FencesInUse",
    "ShapeInvalid",
    "assign_fence",
    "create_fence",
    "current_fences",
    "drawn",
    "edit_fence",
    "fence_names",
    "fences_in_use",
    "geojson_of",
    "get_fence",
    "lock_defaults",
    "lock_fence",
    "meeting",
    "not_work",
    "restore_fence",
    "retire_fence",
    "set_defaults",
    "sites_of_fences",
]
