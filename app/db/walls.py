"""The second wall: SQL that migrations use to wall a table in, and who is granted what.

The first wall is `organization_id` in every key and query; this one yields no rows when no organization is set, and none of another.
"""

from typing import Final

from alembic import op

APPEND_ONLY: Final = frozenset({"switch_event", "statement_acceptance"})
RIGHTS: Final = {
    "instruction": "SELECT, INSERT, UPDATE (withdrawn_at, withdrawn_by)",
    "statement_version": "SELECT",
}
"""Tables of which the run-time role may do less than usual: what was signed stays as signed, and only `muster migrate` publishes a statement."""
OUTBOX_SEEN_BY_RELAY: Final = "organization_id, id, kind, due_at, attempts, lease_until, dead_at, problem, created_at"
CURRENT: Final = "nullif(current_setting('app.organization_id', true), '')::bigint"

PARTITION_FUNCTIONS: Final = (
    # pg_temp is named, and last: unnamed it would come first, and a temporary table could stand in for a catalogue.
    # Partitions are reached through their parent only, whose policy binds; so nobody is granted anything on them but the backup role, which
    # no policy binds anyway: pg_dump copies partition by partition.
    """
    CREATE FUNCTION make_sighting_partitions(first date, last date) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE day date; reader name; made integer := 0;
    BEGIN
      FOR day IN SELECT generate_series(first, last, '1 day')::date LOOP
        IF to_regclass(format('sighting_%s', to_char(day, 'YYYYMMDD'))) IS NULL THEN
          EXECUTE format('CREATE TABLE sighting_%s PARTITION OF sighting FOR VALUES FROM (%L) TO (%L)', to_char(day, 'YYYYMMDD'),
                         to_char(day, 'YYYY-MM-DD') || ' 00:00:00+00', to_char(day + 1, 'YYYY-MM-DD') || ' 00:00:00+00');
          FOR reader IN SELECT r.rolname FROM pg_roles r WHERE r.rolbypassrls AND NOT r.rolsuper
                        AND EXISTS (SELECT FROM pg_class c, aclexplode(c.relacl) a
                                    WHERE c.oid = 'sighting'::regclass AND a.grantee = r.oid AND a.privilege_type = 'SELECT') LOOP
            EXECUTE format('GRANT SELECT ON sighting_%s TO %I', to_char(day, 'YYYYMMDD'), reader);
          END LOOP;
          made := made + 1;
        END IF;
      END LOOP;
      RETURN made;
    END $$
    """,
    """
    CREATE FUNCTION drop_sighting_partitions(before date) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE part record; dropped integer := 0;
    BEGIN
      FOR part IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'sighting'::regclass
                  AND c.relname < format('sighting_%s', to_char(before, 'YYYYMMDD')) LOOP
        EXECUTE format('DROP TABLE %I', part.relname);
        dropped := dropped + 1;
      END LOOP;
      RETURN dropped;
    END $$
    """,
    "REVOKE ALL ON FUNCTION make_sighting_partitions(date, date), drop_sighting_partitions(date) FROM PUBLIC",
)


def wall(table: str) -> None:
    """Enable and force row-level security with the tenant policy."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON {table} USING (organization_id = {CURRENT}) WITH CHECK (organization_id = {CURRENT})")


def grant(table: str, app_role: str, backup_role: str, *, append_only: bool = False) -> None:
    """What the run-time role may do, and that the backup role may read."""
    usual = "SELECT, INSERT" if append_only else "SELECT, INSERT, UPDATE, DELETE"
    op.execute(f"GRANT {RIGHTS.get(table, usual)} ON {table} TO {app_role}")
    op.execute(f"GRANT SELECT ON {table} TO {backup_role}")


def let_relay_read_outbox(relay_role: str) -> None:
    """The relay sees that work waits, for every organization, but never what is in it."""
    op.execute(f"GRANT SELECT ({OUTBOX_SEEN_BY_RELAY}) ON outbox TO {relay_role}")
    op.execute(f"GRANT UPDATE (due_at, attempts, lease_until, dead_at, problem) ON outbox TO {relay_role}")
    op.execute(f"CREATE POLICY relay ON outbox TO {relay_role} USING (true) WITH CHECK (true)")
    op.execute(f"GRANT SELECT (id, closed_at) ON organization TO {relay_role}")
