"""Runs migrations as the owner role, one runner at a time, and never waits long for a lock.

`app.db.migrate` hands the connection in. An advisory lock keeps two deployments apart; a lock that cannot be had in
5 s fails the migration instead of queueing every reader behind it.
"""

from alembic import context
from sqlalchemy import text

from app.tables import metadata

ADVISORY_LOCK = 0x6D757374  # "must"


def include_object(_object: object, name: str | None, kind: str, _reflected: bool, _compare_to: object) -> bool:  # noqa: FBT001 (Alembic's signature)
    """Leave PostGIS's own table and the partitions of sighting out of comparisons."""
    return not (kind == "table" and name is not None and (name == "spatial_ref_sys" or name.startswith("sighting_")))


connection = context.config.attributes.get("connection")
if connection is None:
    context.configure(dialect_name="postgresql", target_metadata=metadata, literal_binds=True, include_object=include_object)
    with context.begin_transaction():
        context.run_migrations()
else:
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
    connection.execute(text("SET LOCAL lock_timeout = '5s'"))
    connection.execute(text("SET LOCAL statement_timeout = '300s'"))
    context.configure(connection=connection, target_metadata=metadata, include_object=include_object, compare_server_default=False)
    context.run_migrations()
