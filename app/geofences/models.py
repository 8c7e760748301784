"""Tables of geofences. A fence is an identity; what it was when is in its versions. Nothing is overwritten."""

from datetime import datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, Boolean, CheckConstraint, Float, Index, Integer, String, Text
from sqlalchemy.orm import Mapped

from app.db.base import Created, Keyed, Model, Tenant, found_by, one_of, refers
from app.db.tags import ACCOUNT, KEY, PLAIN, tagged
from app.db.types import Json, Moment, Uuid


class Fence(Model, Keyed, Created):
    """A geofence: the identity that versions, assignments, stays and crossings refer to."""

    __tablename__ = "geofence"
    site_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    number: Mapped[int] = tagged(KEY, BigInteger)
    """Counts within the organization, so that it tells nothing about others. Never used twice: fences are retired, not deleted."""
    retired_at: Mapped[datetime | None] = tagged(PLAIN, Moment)
    __table_args__ = (refers("site_id", "site"), one_of("number"))


class FenceVersion(Model, Keyed, Created):
    """A fence during [valid_from, valid_until): shape, name and policy together. A circle is a point and `radius_m`."""

    __tablename__ = "geofence_version"
    fence_id: Mapped[UUID] = tagged(KEY, Uuid)
    version: Mapped[int] = tagged(PLAIN, Integer)
    valid_from: Mapped[datetime] = tagged(PLAIN, Moment)
    valid_until: Mapped[datetime | None] = tagged(PLAIN, Moment)
    name: Mapped[str] = tagged(PLAIN, String(200))
    geometry: Mapped[WKBElement] = tagged(PLAIN, Geometry(srid=4326, spatial_index=False))
    radius_m: Mapped[float | None] = tagged(PLAIN, Float)
    policy: Mapped[dict[str, Any]] = tagged(PLAIN, Json, server_default="{}")
    counts_as_work: Mapped[bool] = tagged(PLAIN, Boolean, server_default="true")
    changed_by: Mapped[UUID | None] = tagged(ACCOUNT, Uuid)
    ended_by: Mapped[UUID | None] = tagged(ACCOUNT, Uuid)
    change: Mapped[str] = tagged(PLAIN, Text, server_default="")
    __table_args__ = (
        refers("fence_id", "geofence"),
        refers("changed_by", "person"),
        refers("ended_by", "person"),
        one_of("fence_id", "version"),
        CheckConstraint("valid_until > valid_from", name="validity"),
        CheckConstraint("(radius_m IS NULL) = (GeometryType(geometry) <> 'POINT') AND (radius_m > 0 OR radius_m IS NULL)", name="shape"),
        found_by("uq_geofence_version_current", "fence_id", unique=True, where="valid_until IS NULL"),
        Index("ix_geofence_version_geometry", "geometry", postgresql_using="gist"),
    )


class FenceAssignment(Model, Keyed, Created):
    """For whom a fence counts, dated: a group, or everyone (no group)."""

    __tablename__ = "geofence_assignment"
    fence_id: Mapped[UUID] = tagged(KEY, Uuid)
    group_id: Mapped[UUID | None] = tagged(KEY, Uuid)
    valid_from: Mapped[datetime] = tagged(PLAIN, Moment)
    valid_until: Mapped[datetime | None] = tagged(PLAIN, Moment)
    __table_args__ = (
        refers("fence_id", "geofence"),
        refers("group_id", "people_group"),
        found_by("ix_geofence_assignment_fence", "fence_id"),
    )


class OrganizationPolicy(Model, Keyed, Created):
    """The organization's own defaults for the policy, versioned like fences."""

    __tablename__ = "organization_policy"
    valid_from: Mapped[datetime] = tagged(PLAIN, Moment)
    valid_until: Mapped[datetime | None] = tagged(PLAIN, Moment)
    policy: Mapped[dict[str, Any]] = tagged(PLAIN, Json)
    changed_by: Mapped[UUID | None] = tagged(ACCOUNT, Uuid)
    __table_args__ = (refers("changed_by", "person"), found_by("uq_organization_policy_current", unique=True, where="valid_until IS NULL"))


class FenceSet(Model, Tenant):
    """The version of all fences, policies and assignments together: raised in the transaction that changes any, read with every ping."""

    __tablename__ = "fence_set"
    version: Mapped[int] = tagged(PLAIN, BigInteger, server_default="1")
