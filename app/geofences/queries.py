"""SQL of geofences: every ST_* call of the product is here. Hot statements are plain psycopg; the screens use the ORM.

Under row-level security PostGIS may not use its spatial index (its operators are not leakproof). So map questions take the current
fences of the organization by key first, and compare shapes then: an organization's fences are few.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import psycopg
from geoalchemy2 import WKBElement
from sqlalchemy import ColumnElement, Row, Select, bindparam, exists, func, or_, select, text, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, DOUBLE_PRECISION, insert
from sqlalchemy.orm import Session, defer

from app.core.policy import Shape
from app.db.types import Uuid
from app.geofences.facts import FencesWanted
from app.geofences.formats.wkb import from_ewkb, to_ewkb
from app.geofences.models import Fence, FenceAssignment, FenceSet, FenceVersion, OrganizationPolicy

Connection = psycopg.Connection[Any]

FENCE_SET: Final = "SELECT version FROM fence_set WHERE organization_id = %(organization_id)s"
VERSIONS_SINCE: Final = """
SELECT fence_id, valid_from, valid_until, ST_AsEWKB(geometry), radius_m, policy, counts_as_work FROM geofence_version
WHERE organization_id = %(organization_id)s AND (valid_until IS NULL OR valid_until > %(since)s)
"""
ASSIGNMENTS_SINCE: Final = """
SELECT fence_id, group_id, valid_from, valid_until FROM geofence_assignment
WHERE organization_id = %(organization_id)s AND (valid_until IS NULL OR valid_until > %(since)s)
"""
POLICIES: Final = """
SELECT valid_from, valid_until, policy FROM organization_policy WHERE organization_id = %(organization_id)s ORDER BY valid_from
"""
LABELS: Final = """
SELECT f.id, f.number, v.name FROM geofence f JOIN geofence_version v ON v.organization_id = f.organization_id AND v.fence_id = f.id
WHERE f.organization_id = %(organization_id)s AND v.valid_until IS NULL ORDER BY f.number
"""
LAST_NAMES: Final = text("""
SELECT DISTINCT ON (fence_id) fence_id, name FROM geofence_version WHERE organization_id = :organization_id ORDER BY fence_id, version DESC
""")


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose fences are asked for: those assigned now to this person, who is in these groups."""

    groups: frozenset[UUID]


def raise_fence_set(session: Session, organization_id: int) -> int:
    """The next version of the fence set. Locks its row until the transaction ends, so that editors come one by one."""
    statement = insert(FenceSet).values(organization_id=organization_id, version=1)
    raised = statement.on_conflict_do_update(index_elements=["organization_id"], set_={"version": FenceSet.version + 1})
    found: int = session.execute(raised.returning(FenceSet.version)).scalar_one()
    return found


def next_number(session: Session, organization_id: int) -> int:
    """The number for one more fence; only one editor at a time may ask (see `raise_fence_set`)."""
    most = session.scalar(select(func.max(Fence.number)).where(Fence.organization_id == organization_id))
    return (most or 0) + 1


def fence(session: Session, organization_id: int, fence_id: UUID, reader: Reader | None) -> Row[Fence, FenceVersion] | None:
    """A fence with its current version; of a retired one, with its last."""
    return session.execute(_fences(organization_id, reader).where(Fence.id == fence_id)).one_or_none()


def fences(session: Session, organization_id: int, reader: Reader | None, wanted: FencesWanted) -> Sequence[Row[Fence, FenceVersion]]:
    """By number, without their shapes; up to `limit + 1`."""
    query = _fences(organization_id, reader).options(defer(FenceVersion.geometry, raiseload=True)).where(Fence.number > wanted.after)
    query = query.where(Fence.retired_at.is_not(None) if wanted.retired else Fence.retired_at.is_(None))
    query = query if wanted.site_id is None else query.where(Fence.site_id == wanted.site_id)
    return session.execute(query.order_by(Fence.number).limit(wanted.limit + 1)).all()


def current_fences(session: Session, organization_id: int, reader: Reader | None = None) -> Sequence[Row[Fence, FenceVersion]]:
    """All that are not retired, by number."""
    return session.execute(_fences(organization_id, reader).where(Fence.retired_at.is_(None)).order_by(Fence.number)).all()


def _fences(organization_id: int, reader: Reader | None) -> Select[Fence, FenceVersion]:
    latest = select(func.max(FenceVersion.version)).where(
        FenceVersion.organization_id == organization_id, FenceVersion.fence_id == Fence.id
    )
    query = select(Fence, FenceVersion).join(FenceVersion, FenceVersion.fence_id == Fence.id)
    query = query.where(Fence.organization_id == organization_id, FenceVersion.organization_id == organization_id)
    query = query.where(FenceVersion.version == latest.correlate(Fence).scalar_subquery())
    return query if reader is None else query.where(_assigned_to(organization_id, reader))


def _assigned_to(organization_id: int, reader: Reader) -> ColumnElement[bool]:
    theirs = or_(FenceAssignment.group_id.is_(None), FenceAssignment.group_id.in_(reader.groups))
    return exists().where(
        FenceAssignment.organization_id == organization_id,
        FenceAssignment.fence_id == Fence.id,
        FenceAssignment.valid_until.is_(None),
        theirs,
    )


def versions(session: Session, organization_id: int, fence_id: UUID, *, before: int, limit: int) -> Sequence[FenceVersion]:
    """The newest first; up to `limit + 1`."""
    query = select(FenceVersion).where(FenceVersion.organization_id == organization_id, FenceVersion.fence_id == fence_id)
    return session.scalars(query.where(FenceVersion.version < before).order_by(FenceVersion.version.desc()).limit(limit + 1)).all()


def assignments(session: Session, organization_id: int, fence_ids: Collection[UUID]) -> Sequence[FenceAssignment]:
    """For whom these fences count now, oldest first."""
    query = select(FenceAssignment).where(FenceAssignment.organization_id == organization_id, FenceAssignment.fence_id.in_(fence_ids))
    return session.scalars(
        query.where(FenceAssignment.valid_until.is_(None)).order_by(FenceAssignment.valid_from, FenceAssignment.id)
    ).all()


def assignments_of(
    session: Session, organization_id: int, fence_id: UUID, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[FenceAssignment]:
    """For whom a fence ever counted, the newest first."""
    query = select(FenceAssignment).where(FenceAssignment.organization_id == organization_id, FenceAssignment.fence_id == fence_id)
    return session.scalars(_newest_first(query, FenceAssignment, before).limit(limit)).all()


def policies(
    session: Session, organization_id: int, before: tuple[datetime, UUID] | None = None, limit: int | None = None
) -> Sequence[OrganizationPolicy]:
    """The organization's own defaults, the newest first."""
    query = select(OrganizationPolicy).where(OrganizationPolicy.organization_id == organization_id)
    return session.scalars(_newest_first(query, OrganizationPolicy, before).limit(limit)).all()


def _newest_first(query: Any, dated: Any, before: tuple[datetime, UUID] | None) -> Any:  # noqa: ANN401 (a select, a model)
    key = (dated.valid_from, dated.id)
    if before is not None:
        query = query.where(tuple_(*key) < before)
    return query.order_by(*(column.desc() for column in key))


def not_work(session: Session, organization_id: int) -> Sequence[Row[UUID, datetime, datetime | None]]:
    """(fence, from, until) of the versions that do not count as work."""
    query = select(FenceVersion.fence_id, FenceVersion.valid_from, FenceVersion.valid_until)
    return session.execute(query.where(FenceVersion.organization_id == organization_id, FenceVersion.counts_as_work.is_(False))).all()


def names(session: Session, organization_id: int) -> Sequence[Row[UUID, str]]:
    """(fence, name) of the newest version of every fence there ever was."""
    return session.execute(LAST_NAMES, {"organization_id": organization_id}).all()


def ids_in_use(session: Session, organization_id: int) -> Sequence[UUID]:
    """Every fence that is not retired."""
    return session.scalars(select(Fence.id).where(Fence.organization_id == organization_id, Fence.retired_at.is_(None))).all()


def sites(session: Session, organization_id: int) -> dict[str, str | None]:
    """Fence -> its site, retired fences too; ids as text."""
    rows = session.execute(select(Fence.id, Fence.site_id).where(Fence.organization_id == organization_id))
    return {str(fence): None if site is None else str(site) for fence, site in rows}


def shape_of(version: FenceVersion) -> Shape:
    """A version's shape."""
    return from_ewkb(bytes(version.geometry.data), version.radius_m)


def set_shape(version: FenceVersion, shape: Shape) -> None:
    """Give a version its shape."""
    ewkb, version.radius_m = to_ewkb(shape)
    version.geometry = WKBElement(ewkb, srid=4326, extended=True)


BOUNDS: Final = text("""
SELECT ST_XMin(geometry), ST_YMin(geometry), ST_XMax(geometry), ST_YMax(geometry) FROM geofence_version
WHERE organization_id = :organization_id AND valid_until IS NULL AND (cast(:but AS uuid) IS NULL OR fence_id <> :but)
""")
OVERLAPS: Final = text("""
WITH shapes AS (
  SELECT nth - 1 AS nth, NULL AS id, NULL AS number, NULL AS name, ST_GeomFromEWKB(ewkb) AS geometry, radius_m
  FROM unnest(:ewkb, :radius_m) WITH ORDINALITY AS drawn(ewkb, radius_m, nth)
  UNION ALL
  SELECT NULL, f.id, f.number, v.name, v.geometry, v.radius_m
  FROM geofence f JOIN geofence_version v ON v.organization_id = f.organization_id AND v.fence_id = f.id
  WHERE f.organization_id = :organization_id AND v.valid_until IS NULL AND (cast(:but AS uuid) IS NULL OR f.id <> :but)
), areas AS MATERIALIZED (
  SELECT nth, id, number, name, CASE WHEN radius_m IS NULL THEN geometry ELSE
    ST_WrapX(ST_WrapX(ST_Translate(ST_Buffer(ST_SetSRID(ST_MakePoint(0, ST_Y(geometry)), 4326)::geography, radius_m, 16)::geometry,
                                   ST_X(geometry), 0), 180, -360), -180, 360) END AS area
  FROM shapes
), pairs AS (
  SELECT mine.nth, theirs.id, theirs.number, theirs.name, ST_Covers(mine.area, theirs.area) AS covers,
    ST_CoveredBy(mine.area, theirs.area) AS covered, ST_Area(ST_Intersection(mine.area, theirs.area)::geography) AS shared_m2
  FROM areas mine JOIN areas theirs ON mine.nth IS NOT NULL AND theirs.id IS NOT NULL AND ST_Intersects(mine.area, theirs.area)
)
SELECT nth, id, number, name, shared_m2,
  CASE WHEN covers AND covered THEN 'equals' WHEN covers THEN 'covers' WHEN covered THEN 'covered_by'
       WHEN shared_m2 > 0 THEN 'overlaps' ELSE 'touches' END AS relation
FROM pairs ORDER BY nth, number LIMIT 1000
""").bindparams(bindparam("ewkb", type_=ARRAY(BYTEA)), bindparam("radius_m", type_=ARRAY(DOUBLE_PRECISION)), bindparam("but", type_=Uuid))
"""A circle is drawn on the zero meridian, where nothing wraps, then turned to its place and cut at the antimeridian."""


def bounds(session: Session, organization_id: int, *, but: UUID | None = None) -> list[tuple[float, float, float, float]]:
    """West, south, east and north of every current fence (of a circle, its centre), but one."""
    rows = session.execute(BOUNDS, {"organization_id": organization_id, "but": but})
    return [(west, south, east, north) for west, south, east, north in rows]


def overlaps(session: Session, organization_id: int, shapes: Sequence[Shape], *, but: UUID | None = None) -> Sequence[Row[Any]]:
    """`nth` of the shapes, and id, number, name, `shared_m2` and `relation` of a current fence that it meets."""
    drawn = [to_ewkb(shape) for shape in shapes]
    parameters = {"ewkb": [ewkb for ewkb, _ in drawn], "radius_m": [radius_m for _, radius_m in drawn]}
    return session.execute(OVERLAPS, {**parameters, "organization_id": organization_id, "but": but}).all()
