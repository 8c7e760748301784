"""`muster export`: a file of attendance, for somebody who may have it.

The server's command line is the operator's, who may read no attendance. So a member signs in here, and the same rules hold as over HTTP.
"""

import shutil
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import click
from sqlalchemy.orm import Session

from app import wiring
from app.accounts.service import sessions, sign_in
from app.actor import Actor, SessionClaim
from app.attendance import exports
from app.attendance.workdays import Period
from app.authority import require
from app.config import load_settings
from app.errors import Forbidden, MusterError, PasswordChangeRequired, Unauthorized
from app.ports import Deps

HERE: Final = sessions.Browser("muster export", "this server")
DAY: Final = click.DateTime(["%Y-%m-%d"])


@click.command
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--as", "sign_in_name", required=True, help="Sign-in name of a member who may export; the password is asked for.")
@click.option(
    "--password", prompt=True, hide_input=True, help="Better left out: then it is asked for, and kept out of the shell's history."
)
@click.option("--kind", type=click.Choice(list(exports.COLUMNS)), default="workdays", show_default=True)
@click.option("--format", "form", type=click.Choice(["csv", "xlsx", "ical", "json"]), default="csv", show_default=True)
@click.option("--from", "first", type=DAY, required=True, help="First local date.")
@click.option("--to", "last", type=DAY, required=True, help="Last local date, included.")
@click.option("--group", type=click.UUID, help="Only the people of this group.")
def export(  # noqa: PLR0913, PLR0917 (click's options)
    file: Path, sign_in_name: str, password: str, kind: str, form: str, first: datetime, last: datetime, group: UUID | None
) -> None:
    """Write workdays, stays or punches of a period to FILE, as a member who may export them."""
    deps = wiring.build(load_settings())
    try:
        _write(deps, file, (sign_in_name, password), _wanted(kind, form, Period(first.date(), last.date()), group))
    except MusterError as error:
        details = [f"{each.message}. {each.next_step or ''}" for each in error.errors]
        raise click.ClickException(" ".join([str(error), *details])) from None
    finally:
        deps.database.engine.dispose()


def _wanted(kind: str, form: str, period: Period, group: UUID | None) -> exports.NewExport:
    return exports.NewExport(kind=kind, format=form, period=period, group_id=group)  # type: ignore[arg-type]  # click.Choice held both


def _write(deps: Deps, file: Path, credentials: tuple[str, str], wanted: exports.NewExport) -> None:
    claim = _signed_in(deps, *credentials)
    organization_id = claim.organization_id
    try:
        if organization_id is None:
            raise Forbidden("An operator belongs to no organization and may read none. Sign in as a member.")
        with deps.database.tenant(organization_id) as session:
            actor = _member(deps, session, claim)
            person_id = actor.person_id if require(actor, "attendance.export") == "own" else None
            made = exports.ask(
                session, actor, exports.NewExport(wanted.kind, wanted.format, wanted.period, person_id, wanted.group_id), deps.clock.now()
            )
        exports.build(organization_id, {"export": str(made.id)}, deps.clock.now(), deps)
        with deps.database.tenant(organization_id) as session:
            ready, path = exports.file_of(session, actor, made.id, deps.settings.var_dir)
            shutil.copyfile(path, file)
        click.echo(f"{ready.rows} rows in {file}")
    finally:
        with deps.database.identity() as session:
            sessions.end_session(session, claim.user_id, claim.session_id, deps.clock.now())


def _signed_in(deps: Deps, sign_in_name: str, password: str) -> SessionClaim:
    now = deps.clock.now()
    with deps.database.identity() as session:
        attempt = sign_in.begin(session, sign_in_name, HERE.address_prefix, now, deps.settings)
    sign_in.verified(attempt, password)
    with deps.database.identity() as session:
        token = sign_in.finish(session, attempt, sign_in.Entry(HERE), now, deps.settings)
    claim = deps.identity.session(token, now)
    if claim is None:
        raise Unauthorized
    return claim


def _member(deps: Deps, session: Session, claim: SessionClaim) -> Actor:
    actor = deps.identity.member(session, claim, deps.clock.now())
    if actor is None:
        raise Unauthorized
    if actor.must_change_password:
        raise PasswordChangeRequired
    return actor
