"""The privacy statement: published with the product, accepted by each organization, and kept readable in every version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, insert
from sqlalchemy.orm import Session

from app.accounts.service.organizations import CreatedOrganization, NewOrganization, create_organization
from app.config import Settings
from app.errors import Conflict, Invalid
from app.privacy import queries, texts
from app.privacy.models import StatementAcceptance, StatementVersion

SHOWN_AT: Final = "/privacy"


@dataclass(frozen=True, slots=True)
class AcceptedStatement:
    """What an organization accepts: a version in a language, and the name of who accepts it."""

    version: str
    locale: str
    accepted_by: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How an organization stands to the statement. `awaits`: the version it should accept now, None when it has the newest."""

    accepted: StatementAcceptance | None
    awaits: str | None


def register_statements(connection: Connection) -> int:
    """Write what is published into the database, as the owner role (`muster migrate`); how many texts were new. Raises `texts.ChangedTextError`."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        before = {key: row.sha256 for key, row in queries.published(session).items()}
    new = []
    for published in (each for locale in texts.LOCALES for each in texts.versions("statement", locale)):
        known = before.get((published.version, published.locale))
        if known not in (None, published.sha256):
            raise texts.ChangedTextError(
                f"Statement {published.version} ({published.locale}) differs from the one that was accepted here. Publish the change as a new version."
            )
        if known is None:
            new.append({name: getattr(published, name) for name in ("version", "locale", "changed_on", "traffic_months", "sha256")})
    if new:
        connection.execute(insert(StatementVersion), new)
    return len(new)


def accept_statement(session: Session, organization_id: int, accepted: AcceptedStatement, now: datetime) -> StatementAcceptance:
    """Record that the organization accepts the current statement. Raises `Invalid` for another version, `Conflict` when it has this one."""
    statement = texts.current("statement", accepted.locale)
    if (accepted.version, accepted.locale) != (statement.version, statement.locale):
        raise Invalid.of(
            "statement_version",
            "This is not the current privacy statement",
            f"Read it at {SHOWN_AT}, then accept version {statement.version}.",
        )
    last = next(iter(queries.acceptances(session, organization_id)), None)
    if last is not None and last.version == statement.version:
        raise Conflict("This version was accepted already.")
    acceptance = StatementAcceptance(
        organization_id=organization_id,
        version=statement.version,
        locale=statement.locale,
        sha256=statement.sha256,
        accepted_by=accepted.accepted_by,
        accepted_at=now,
    )
    session.add(acceptance)
    session.flush()
    return acceptance


def acceptances(session: Session, organization_id: int) -> Sequence[StatementAcceptance]:
    """Every acceptance, newest first."""
    return queries.acceptances(session, organization_id)


def standing(session: Session, organization_id: int) -> Standing:
    """For the banner: what was accepted last, and whether a newer version waits."""
    accepted = next(iter(queries.acceptances(session, organization_id)), None)
    newest = texts.current("statement", "en").version
    return Standing(accepted, None if accepted is not None and accepted.version == newest else newest)


def traffic_months(session: Session, organization_id: int) -> int:
    """How many months traffic records are kept under the statement that was accepted last; under the current one, when none was."""
    accepted = next(iter(queries.acceptances(session, organization_id)), None)
    found = accepted and texts.text("statement", accepted.version, accepted.locale)
    return (found or texts.current("statement", "en")).traffic_months


def register_organization(  # noqa: PLR0913, PLR0917 (two domains meet here)
    session: Session, organization_id: int, new: NewOrganization, accepted: AcceptedStatement, now: datetime, settings: Settings
) -> CreatedOrganization:
    """A new organization with its first owner, together with its acceptance of the statement: both or neither.

    Runs in `database.tenant(organization_id)` with an id from `accounts.service.organizations.next_organization_id`. Raises `Invalid`, `Conflict`.
    """
    created = create_organization(session, organization_id, new, now, settings)
    accept_statement(session, organization_id, accepted, now)
    return created
