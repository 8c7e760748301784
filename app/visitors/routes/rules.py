"""Rules of keeping over HTTP: what visitors agree to, who may not come in, and what was deleted when."""

from uuid import UUID

from flask import Response

from app.errors import Conflict, NotFound
from app.visitors import agreements, badges, deny, retention
from app.visitors.rule_schemas import (
    AgreementChange,
    AgreementIn,
    AgreementOut,
    AgreementVersionOut,
    BadgeQuery,
    DenyApprovalIn,
    DenyIn,
    DenyOut,
    RetentionOut,
    RetentionQuery,
    agreement,
    deletion,
)
from app.web.paging import Page, page
from app.web.route import Call, Created, Routes

routes = Routes("visit_rules", module="visitors")


@routes.get("/agreements", action="visit.set_up")
def list_agreements(call: Call) -> list[AgreementOut]:
    """What visitors are asked to agree to, by name, as it is now."""
    return [agreement(one, newest) for one, newest in agreements.listed(call.session, call.actor.tenant)]


@routes.post("/agreements", action="visit.set_up", problems=(Conflict,))
def create_agreement(call: Call, body: AgreementIn) -> Created[AgreementOut]:
    """Add something that visitors agree to."""
    texts = {str(locale): text for locale, text in body.texts.items()}
    return Created(agreement(*agreements.create(call.session, call.actor.tenant, body.name, body.keep_days, texts, call.now)))


@routes.get("/agreements/<uuid:agreement_id>", action="visit.set_up", problems=(NotFound,))
def read_agreement(call: Call, agreement_id: UUID) -> AgreementOut:
    """One agreement as it is now."""
    return agreement(*agreements.get(call.session, call.actor.tenant, agreement_id))


@routes.get("/agreements/<uuid:agreement_id>/versions", action="visit.set_up", problems=(NotFound,))
def list_agreement_versions(call: Call, agreement_id: UUID) -> list[AgreementVersionOut]:
    """All its texts there ever were, the newest first. None is ever changed."""
    agreements.get(call.session, call.actor.tenant, agreement_id)
    found = agreements.versions(call.session, call.actor.tenant, agreement_id)
    return [AgreementVersionOut.model_validate(one) for one in found]


@routes.patch("/agreements/<uuid:agreement_id>", action="visit.set_up", edits=True, problems=(Conflict, NotFound))
def edit_agreement(call: Call, agreement_id: UUID, body: AgreementChange) -> AgreementOut:
    """Change an agreement. Other texts are a new version: who signed the old one is asked again."""
    one, newest = agreements.get(call.session, call.actor.tenant, agreement_id, lock=True)
    call.check_match(agreement(one, newest))
    return agreement(one, agreements.edit(call.session, one, newest, body.facts(), call.now))


@routes.post("/agreements/<uuid:agreement_id>/retirement", action="visit.set_up", problems=(Conflict, NotFound))
def retire_agreement(call: Call, agreement_id: UUID) -> AgreementOut:
    """Ask nobody to agree to it any more. What was signed stays for its term."""
    one, newest = agreements.get(call.session, call.actor.tenant, agreement_id, lock=True)
    agreements.retire(call.session, one, call.now)
    return agreement(one, newest)


@routes.get("/deny-list", action="deny.propose")
def list_denied(call: Call) -> list[DenyOut]:
    """The entries of the deny list, the newest first: why, until when, and how often somebody was stopped. Never who."""
    return [DenyOut.model_validate(one) for one in deny.entries(call.session, call.actor.tenant)]


@routes.post("/deny-list", action="deny.propose", idempotent=False)
def propose_denial(call: Call, body: DenyIn) -> Created[DenyOut]:
    """Propose that somebody may not come in. It counts once a second person approved it."""
    made = deny.propose(call.session, call.actor, body.name, body.reason, body.expires_on, call.now, call.deps)
    return Created(DenyOut.model_validate(made))


@routes.post("/deny-list/<uuid:entry_id>/approval", action="deny.approve", limit="20 per minute", problems=(Conflict, NotFound))
def approve_denial(call: Call, entry_id: UUID, body: DenyApprovalIn) -> DenyOut:
    """Approve what somebody else proposed, by writing the same name: the list cannot show it."""
    return DenyOut.model_validate(deny.approve(call.session, call.actor, entry_id, body.name, call.now, call.deps))


@routes.delete("/deny-list/<uuid:entry_id>", action="deny.approve", problems=(NotFound,))
def remove_denial(call: Call, entry_id: UUID) -> None:
    """Take an entry off the list."""
    deny.remove(call.session, call.actor.tenant, entry_id)


@routes.get("/visit-retention", action="visit.history")
def list_retention(call: Call, query: RetentionQuery) -> Page[RetentionOut]:
    """What was deleted when, the newest first: the proof that terms are kept."""
    found = retention.runs(call.session, call.actor.tenant, after=query.after_id(), limit=query.limit + 1)
    names = retention.names_of_kinds(call.session, call.actor.tenant)
    return page(found, query, key=lambda run: (run.id,), show=lambda run: deletion(run, names))


@routes.get("/visits/<uuid:visit_id>/badge", action="visit.receive", produces=("application/pdf",), problems=(Conflict, NotFound))
def print_badge(call: Call, visit_id: UUID, query: BadgeQuery) -> Response:
    """The badge of somebody who is on site, to print: A6, or a label of 62 mm."""
    made = badges.badge(call.session, call.actor.tenant, visit_id, query.format, call.deps)
    headers = {"Content-Disposition": 'inline; filename="badge.pdf"', "Cache-Control": "no-store"}
    return Response(made, headers=headers, content_type="application/pdf")
