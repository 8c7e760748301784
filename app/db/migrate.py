"""Bring a database to the newest revision, as its owner role."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.engine import URL, Connection

MIGRATIONS: Final = Path(__file__).resolve().parents[2] / "migrations"


def _config(connection: Connection | None = None, *, app_role: str, relay_role: str, backup_role: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes.update(connection=connection, app_role=app_role, relay_role=relay_role, backup_role=backup_role)
    return config


def upgrade(owner_url: URL | str, *, app_role: str, relay_role: str, backup_role: str, revision: str = "head") -> str:
    """Migrate to `revision` in one transaction and return the revision reached. The role names are who is granted what."""
    engine = create_engine(owner_url, connect_args={"options": "-c timezone=UTC"})
    try:
        with engine.begin() as connection:
            command.upgrade(_config(connection, app_role=app_role, relay_role=relay_role, backup_role=backup_role), revision)
            return current(connection) or "nothing"
    finally:
        engine.dispose()


def current(connection: Connection) -> str | None:
    """The revision a database is at."""
    return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The newest revision the code knows."""
    found = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    if found is None:
        raise LookupError("migrations/versions holds no revision")
    return found
