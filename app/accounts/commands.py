"""`muster create-operator` and `muster reset-password`: what only whoever has the server's command line may do."""

from collections.abc import Callable
from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from app.accounts.service import organizations
from app.config import Settings, load_settings
from app.db.transaction import Database, make_engine
from app.errors import MusterError, NotFound

Make = Callable[[Session, str, datetime, Settings], str]


@click.command
@click.argument("sign_in_name")
def create_operator(sign_in_name: str) -> None:
    """Make a sign-in for whoever runs this installation. It belongs to no organization and sees none from inside."""
    _one_time(organizations.create_operator, sign_in_name)


@click.command
@click.argument("sign_in_name")
def reset_password(sign_in_name: str) -> None:
    """Make a new one-time password for an account, for instance of an only owner who lost theirs. Its sessions end."""
    _one_time(organizations.reset_account, sign_in_name)


def _one_time(make: Make, sign_in_name: str) -> None:
    settings = load_settings()
    engine = make_engine(settings.url_of("app"), pool_size=1)
    try:
        with Database(engine).identity() as session:
            password = make(session, sign_in_name, datetime.now(tz=UTC), settings)
    except NotFound:
        raise click.ClickException(
            "There is no account with this sign-in name. Write it as name@organization, or an operator's as it is."
        ) from None
    except MusterError as error:
        raise click.ClickException(str(error)) from None
    finally:
        engine.dispose()
    click.echo(
        f"Sign in as: {sign_in_name.strip().lower()}\n"
        f"One-time password: {password} (for {settings.one_time_password_hours} hours; it must be changed at the first sign-in)"
    )
