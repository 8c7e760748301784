"""Row-level security, grants, append-only ledgers and the partitions of sightings.

Driven by the catalogue: every table with an `organization_id` is walled, so a table cannot be forgotten here.
Later migrations that create a tenant table call `wall(table)` from `app.db.walls`.
"""

from alembic import context, op

from app.db.walls import APPEND_ONLY, PARTITION_FUNCTIONS, grant, let_relay_read_outbox, wall

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build both walls."""
    roles = context.config.attributes
    for statement in PARTITION_FUNCTIONS:
        op.execute(statement)
    op.execute(f"GRANT EXECUTE ON FUNCTION make_sighting_partitions(date, date), drop_sighting_partitions(date) TO {roles['app_role']}")
    tables = op.get_bind().exec_driver_sql(
        "SELECT c.relname, EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped)"
        " AND c.relname NOT IN ('user_session', 'user_organization', 'credential')"
        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p')"
        " AND NOT c.relispartition AND c.relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user) ORDER BY 1"
    )
    for table, tenant in tables.all():
        if tenant:
            wall(table)
        grant(table, roles["app_role"], roles["backup_role"], append_only=table in APPEND_ONLY)
    op.execute(
        f"GRANT USAGE ON SEQUENCE organization_id_seq TO {roles['app_role']}"
    )  # an organization's id is known before its walls are entered
    op.execute(f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {roles['backup_role']}")
    let_relay_read_outbox(roles["relay_role"])
    op.execute("SELECT make_sighting_partitions(current_date - 9, current_date + 3)")


def downgrade() -> None:
    """Nothing to keep: 0001 drops the tables with their policies."""
    op.execute("DROP FUNCTION make_sighting_partitions(date, date), drop_sighting_partitions(date)")
