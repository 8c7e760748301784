"""Invitations over HTTP. A host plans visits to themselves; who receives plans everybody's."""

from uuid import UUID

from app.errors import Conflict, NotFound
from app.visitors import invitations as service
from app.visitors.visit_schemas import (
    GuestsIn,
    InvitationChange,
    InvitationIn,
    InvitationOut,
    InvitedOut,
    VisitPeriodQuery,
    invitation,
    invited,
)
from app.web.paging import Page, page
from app.web.route import Call, Created, Routes

routes = Routes("invitations", module="visitors")
LARGE = 1 << 20


@routes.post("/invitations", action="visit.invite", problems=(Conflict, NotFound), max_body_bytes=LARGE, limit="60 per minute")
def create_invitation(call: Call, body: InvitationIn) -> Created[InvitationOut]:
    """Invite one visitor or a group, once or by a rule. They are told, unless `tell` is false."""
    if call.own() not in (None, body.host_id or call.actor.person_id):
        raise NotFound
    made = service.invite(call.session, call.actor, body.new(call.actor.person_id), call.now, call.deps)
    return Created(_shown(call, made))


@routes.get("/invitations", action="visit.invite")
def list_invitations(call: Call, query: VisitPeriodQuery) -> Page[InvitationOut]:
    """Those with a visit in the period, in the order in which they were made."""
    found = service.listed(
        call.session, call.actor.tenant, query.from_, query.until, own=call.own(), after=query.after_id(), limit=query.limit + 1
    )
    return page(service.shown(call.session, found, call.deps), query, key=lambda one: (one.invitation.id,), show=invitation)


@routes.get("/invitations/<uuid:invitation_id>", action="visit.invite", problems=(NotFound,))
def read_invitation(call: Call, invitation_id: UUID) -> InvitationOut:
    """One invitation."""
    return _shown(call, _get(call, invitation_id))


@routes.patch("/invitations/<uuid:invitation_id>", action="visit.invite", edits=True, problems=(Conflict, NotFound))
def change_invitation(call: Call, invitation_id: UUID, body: InvitationChange) -> InvitationOut:
    """Change where, when, with whom or what about. Visits that began stay; the visitors are told, unless `tell` is false."""
    kept = _get(call, invitation_id, lock=True)
    call.check_match(_shown(call, kept))
    if call.own() not in (None, body.host_id or kept.host_id):
        raise NotFound
    service.change(call.session, kept, body.changes(), call.now, call.deps, tell=body.tell)
    return _shown(call, kept)


@routes.post("/invitations/<uuid:invitation_id>/cancellation", action="visit.invite", problems=(Conflict, NotFound))
def cancel_invitation(call: Call, invitation_id: UUID) -> InvitationOut:
    """Nobody comes any more; the visitors are told. Said again: nothing."""
    kept = _get(call, invitation_id, lock=True)
    service.cancel(call.session, kept, call.now, call.deps)
    return _shown(call, kept)


@routes.get("/invitations/<uuid:invitation_id>/visitors", action="visit.invite", problems=(NotFound,))
def list_invited(call: Call, invitation_id: UUID) -> list[InvitedOut]:
    """Who is invited, by name."""
    return [invited(one) for one in service.guests_of(call.session, _get(call, invitation_id), call.deps)]


@routes.post("/invitations/<uuid:invitation_id>/visitors", action="visit.invite", problems=(Conflict, NotFound), max_body_bytes=LARGE)
def add_invited(call: Call, invitation_id: UUID, body: GuestsIn) -> Created[list[InvitedOut]]:
    """Invite more visitors to the times to come."""
    kept = _get(call, invitation_id, lock=True)
    service.add_guests(call.session, kept, [one.guest() for one in body.visitors], call.now, call.deps, tell=body.tell)
    return Created([invited(one) for one in service.guests_of(call.session, kept, call.deps)])


def _get(call: Call, invitation_id: UUID, *, lock: bool = False) -> service.Kept:
    return service.get(call.session, call.actor.tenant, invitation_id, own=call.own(), lock=lock)


def _shown(call: Call, kept: service.Kept) -> InvitationOut:
    return invitation(service.shown(call.session, [kept], call.deps)[0])
