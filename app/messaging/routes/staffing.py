"""Minimum staffing over HTTP."""

from uuid import UUID

from app.errors import Conflict, Invalid, NotFound, PurposeMissing
from app.messaging import staffing
from app.messaging.alert_schemas import RuleChange, RuleIn, RuleOut, RulesQuery
from app.messaging.routes import ALERTS
from app.web.paging import Page, page
from app.web.route import Call, Created, Routes

routes = Routes("staffing", module=ALERTS)


@routes.get("/staffing-rules", action="staffing.read")
def list_rules(call: Call, query: RulesQuery) -> Page[RuleOut]:
    """The staffing rules in use, or the retired ones."""
    found = staffing.rules(call.session, call.actor.tenant, retired=query.retired, after=query.after_id(), limit=query.limit + 1)
    return page(found, query, key=lambda rule: (rule.id,), show=RuleOut.model_validate)


@routes.post("/staffing-rules", action="staffing.edit", problems=(Conflict, Invalid, PurposeMissing))
def create_rule(call: Call, body: RuleIn) -> Created[RuleOut]:
    """Warn from now on when too few of a group are inside for certain."""
    return Created(RuleOut.model_validate(staffing.create(call.session, call.actor.tenant, body.facts(), call.now, call.deps)))


@routes.get("/staffing-rules/<uuid:rule_id>", action="staffing.read", problems=(NotFound,))
def read_rule(call: Call, rule_id: UUID) -> RuleOut:
    """One staffing rule, to edit."""
    return RuleOut.model_validate(staffing.rule(call.session, call.actor.tenant, rule_id))


@routes.patch("/staffing-rules/<uuid:rule_id>", action="staffing.edit", edits=True, problems=(Conflict, Invalid, NotFound))
def edit_rule(call: Call, rule_id: UUID, body: RuleChange) -> RuleOut:
    """Change a staffing rule, or take it out of use or back."""
    rule = staffing.rule(call.session, call.actor.tenant, rule_id)
    call.check_match(RuleOut.model_validate(rule))
    if body.retired is not None and body.retired != (rule.retired_at is not None):
        staffing.retire(call.session, rule, call.now) if body.retired else staffing.restore(call.session, rule)
    changes = body.model_dump(exclude_none=True, exclude={"retired"})
    if changes:
        staffing.edit(call.session, rule, staffing.changed(rule, changes))
    return RuleOut.model_validate(rule)
