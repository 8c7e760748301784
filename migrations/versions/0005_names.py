"""By what people are found by their whole name."""

import sqlalchemy as sa
from alembic import op

from app.core.names import key_of

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and fill it, one organization after the other: row-level security binds the owner of the tables too."""
    op.add_column("person", sa.Column("name_key", sa.String(length=200), nullable=True))
    op.create_index("ix_person_name_key", "person", ["organization_id", "name_key"])
    connection = op.get_bind()
    written = sa.text("UPDATE person SET name_key = :key WHERE organization_id = :organization_id AND id = :id")
    for organization_id in connection.scalars(sa.text("SELECT id FROM organization")).all():
        connection.exec_driver_sql(f"SET LOCAL app.organization_id = {organization_id:d}")
        named = sa.text("SELECT id, name FROM person WHERE organization_id = :organization_id AND name IS NOT NULL")
        people = connection.execute(named, {"organization_id": organization_id}).all()
        keys = [{"organization_id": organization_id, "id": id_, "key": key_of(name)} for id_, name in people]
        if keys:
            connection.execute(written, keys)


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_person_name_key", table_name="person")
    op.drop_column("person", "name_key")
