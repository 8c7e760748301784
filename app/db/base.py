"""The shape of every table: composite key, named constraints, no lazy loading.

Every organization's row is keyed `(organization_id, id)`. `organization_id` stands first in keys, foreign keys and indexes,
so that the same schema runs distributed by organization and no foreign key can reach into another one.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, declared_attr

from app.db.tags import KEY, PLAIN, tagged
from app.db.types import Moment, Uuid, uuid7
from app.extensions import Base


class Tenant:
    """Mixin: this row belongs to one organization. Row-level security is added by the migration."""

    @declared_attr
    @classmethod
    def organization_id(cls) -> Mapped[int]:
        """The tenant."""
        return tagged(KEY, BigInteger, ForeignKey("organization.id", ondelete="CASCADE"), primary_key=True, sort_order=-2)


class Keyed(Tenant):
    """Mixin: a tenant row with an id of its own (uuid7)."""

    @declared_attr
    @classmethod
    def id(cls) -> Mapped[UUID]:
        """Time-ordered id."""
        return tagged(KEY, Uuid, primary_key=True, default=uuid7, sort_order=-1)


class Created:
    """Mixin: when the row was written."""

    @declared_attr
    @classmethod
    def created_at(cls) -> Mapped[datetime]:
        """Database time of the insert."""
        return tagged(PLAIN, Moment, server_default=func.now())


def refers(column: str, table: str, *, ondelete: str = "RESTRICT") -> ForeignKeyConstraint:
    """A foreign key inside the organization: `(organization_id, column) -> table(organization_id, id)`."""
    return ForeignKeyConstraint(["organization_id", column], [f"{table}.organization_id", f"{table}.id"], ondelete=ondelete)


def one_of(*columns: str, name: str | None = None) -> UniqueConstraint:
    """Unique inside the organization."""
    return UniqueConstraint("organization_id", *columns, name=name)


def found_by(name: str, *columns: str, where: str | None = None, unique: bool = False) -> Index:
    """An index that begins with the organization; `where` is SQL and makes it partial."""
    return Index(name, "organization_id", *columns, unique=unique, postgresql_where=None if where is None else text(where))


def among(column: str, values: Iterable[str]) -> str:
    """The SQL of a check: the text is one of these."""
    return f"{column} IN ({', '.join(map(repr, values))})"


def all_among(column: str, values: Iterable[str]) -> str:
    """The SQL of a check: the array holds one or more of these, and nothing else."""
    return f"{column} <@ ARRAY[{', '.join(map(repr, values))}]::text[] AND cardinality({column}) > 0"


Model = Base
