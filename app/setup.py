"""`muster migrate`: roles, database and tables as the code expects them. Safe to repeat."""

import click
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from app.config import Settings, load_settings
from app.db.migrate import upgrade
from app.embedded.errors import EmbeddedError, ProvisionError
from app.embedded.provision import provision
from app.privacy.service import register_statements


def set_up(settings: Settings | None = None) -> str:
    """Make roles and database where DATABASE_URL may, migrate, and return the revision. Raises `click.ClickException`."""
    settings = settings or load_settings()
    url = make_url(settings.database_url)
    try:
        provision(url, url.database or "muster", settings.secret_key, settings.database_role_prefix)
    except (ProvisionError, EmbeddedError) as error:
        if not _owner_answers(settings):
            raise click.ClickException(str(error)) from None
    roles = {f"{role}_role": settings.url_of(role).username or "" for role in ("app", "relay", "backup")}
    revision = upgrade(settings.url_of("owner"), **roles)
    _publish_statements(settings)
    return revision


def _publish_statements(settings: Settings) -> None:
    engine = create_engine(settings.url_of("owner"))
    try:
        with engine.begin() as connection:
            register_statements(connection)
    finally:
        engine.dispose()


def _owner_answers(settings: Settings) -> bool:
    """Whether somebody made the roles before, so that a DATABASE_URL that may not make any is enough."""
    engine = create_engine(settings.url_of("owner"))
    try:
        with engine.connect() as connection:
            return bool(connection.scalar(text("SELECT has_schema_privilege('public', 'CREATE')")))
    except OperationalError:
        return False
    finally:
        engine.dispose()


@click.command
def migrate() -> None:
    """Make or update roles, database and tables. Run it after every update of Muster."""
    click.echo(f"The database is at revision {set_up()}.")
