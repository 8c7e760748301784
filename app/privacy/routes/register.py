"""What is kept, for what and how long; and how many pings were refused. Neither names anybody."""

from app.privacy.schemas import ProcessingOut, RefusalsQuery, RefusedOut
from app.privacy.service import register as service
from app.web.route import Call, Routes

routes = Routes("privacy_register")


@routes.get("/privacy/register", action="register.read")
def record_of_processing(_call: Call) -> list[ProcessingOut]:
    """The record of processing: purposes, classes of data, terms, recipients and columns, made from the columns' own tags."""
    return [ProcessingOut.model_validate(entry) for entry in service.register()]


@routes.get("/privacy/refusals", action="refusal.read")
def count_refusals(call: Call, query: RefusalsQuery) -> list[RefusedOut]:
    """How many pings were refused, by day and reason. What people chose themselves (off, paused) is told to nobody."""
    rows = service.refusals(call.session, call.actor.tenant, query.first, query.until)
    return [RefusedOut.model_validate(row) for row in rows]
