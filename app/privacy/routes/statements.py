"""The privacy statement and an organization: who accepted what, and whether a newer one waits."""

from app.errors import Conflict
from app.privacy.schemas import AcceptanceOut, StandingOut, StatementIn
from app.privacy.service import AcceptedStatement, accept_statement
from app.privacy.service.statements import acceptances, standing
from app.web.route import Call, Created, Routes

routes = Routes("privacy_statement")


@routes.get("/privacy/statement/standing", action="statement.read")
def statement_standing(call: Call) -> StandingOut:
    """For the banner: the statement accepted last, and the version that waits to be accepted."""
    return StandingOut.model_validate(standing(call.session, call.actor.tenant))


@routes.get("/privacy/statement/acceptances", action="statement.read")
def list_acceptances(call: Call) -> list[AcceptanceOut]:
    """Every acceptance, newest first."""
    return [AcceptanceOut.model_validate(row) for row in acceptances(call.session, call.actor.tenant)]


@routes.post("/privacy/statement/acceptances", action="statement.accept", problems=(Conflict,))
def accept(call: Call, body: StatementIn) -> Created[AcceptanceOut]:
    """Accept the current privacy statement for the organization."""
    accepted = AcceptedStatement(body.statement_version, body.locale, body.accepted_by)
    return Created(AcceptanceOut.model_validate(accept_statement(call.session, call.actor.tenant, accepted, call.now)))
