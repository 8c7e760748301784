"""`muster create-organization`."""

from datetime import UTC, datetime
from typing import Any

import click

from app.accounts.service import contact
from app.accounts.service.organizations import NewOrganization, next_organization_id
from app.config import load_settings
from app.db.transaction import Database, make_engine
from app.errors import MusterError
from app.privacy import texts
from app.privacy.service.statements import AcceptedStatement, register_organization


@click.command
@click.option("--name", prompt=True, help="Name of the organization.")
@click.option("--contact-name", prompt=True, help="Who speaks for it; becomes its first owner.")
@click.option("--billing-address", prompt=True, help="Where invoices go.")
@click.option("--telephone", prompt=True, help="With + and the country code.")
@click.option("--email", prompt=True, help="Of the contact.")
@click.option("--slug", help="Short name in sign-in names. Made from the name when left out.")
@click.option("--timezone", default="Europe/Amsterdam", show_default=True, help="IANA time zone.")
@click.option(
    "--locale", type=click.Choice(texts.LOCALES), default="nl", show_default=True, help="Language of the organization and of the statement."
)
@click.option("--accept-statement", help="Version of the privacy statement the contact has read and accepts.")
def create_organization(accept_statement: str | None, **facts: Any) -> None:  # noqa: ANN401 (click's options)
    """Register a customer and its first owner. Without an accepted privacy statement there is none."""
    statement = texts.current("statement", facts["locale"])
    if accept_statement is None:
        click.echo_via_pager(statement.text)
        click.confirm(f"{facts['contact_name']} accepts version {statement.version} for {facts['name']}?", abort=True)
        accept_statement = statement.version
    try:
        facts["telephone"], facts["email"] = contact.telephone(facts["telephone"]), contact.email(facts["email"])
        click.echo(_created(NewOrganization(**facts), AcceptedStatement(accept_statement, facts["locale"], facts["contact_name"])))
    except (MusterError, ValueError) as error:
        details = [f"{each.message}. {each.next_step or ''}" for each in error.errors] if isinstance(error, MusterError) else []
        raise click.ClickException(" ".join([str(error), *details])) from None


def _created(new: NewOrganization, accepted: AcceptedStatement) -> str:
    settings = load_settings()
    database = Database(make_engine(settings.url_of("app"), pool_size=1))
    with database.identity() as session:
        organization_id = next_organization_id(session)
    with database.tenant(organization_id) as session:
        made = register_organization(session, organization_id, new, accepted, datetime.now(tz=UTC), settings)
    return (
        f"Organization {organization_id} ({made.organization.slug}) exists.\nSign in as: {made.sign_in_name}\n"
        f"One-time password: {made.one_time_password} (until {made.expires_at:%Y-%m-%d %H:%M} UTC; it must be changed at the first sign-in)"
    )
