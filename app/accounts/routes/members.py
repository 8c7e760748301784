"""Members: who can sign in, and as what, over HTTP."""

from uuid import UUID

from app.accounts.routes import window
from app.accounts.schemas import MemberIn, MemberOut, MembersQuery, OneTimePassword, RolesIn
from app.accounts.service import members
from app.errors import Conflict
from app.web.paging import Page, page
from app.web.route import Call, Created, Routes

routes = Routes("members")


@routes.get("/members", action="member.read")
def list_members(call: Call, query: MembersQuery) -> Page[MemberOut]:
    """Who can sign in."""
    rows = members.list_members(call.session, call.actor.tenant, window(query), person_id=query.person_id)
    return page(rows, query, key=lambda member: (member.id,), show=MemberOut.model_validate)


@routes.post("/members", action="member.edit", secret_answer=True, problems=(Conflict,))
def create_member(call: Call, body: MemberIn) -> Created[OneTimePassword]:
    """Let a person sign in. The one-time password is shown once, expires, and must be changed at the first sign-in."""
    new = members.NewMember(body.person_id, tuple(body.roles), body.sign_in)
    added = members.add_member(call.session, call.actor.tenant, new, call.now, call.deps.settings)
    return Created(OneTimePassword.model_validate(added))


@routes.get("/members/<uuid:member_id>", action="member.read")
def read_member(call: Call, member_id: UUID) -> MemberOut:
    """One member."""
    return MemberOut.model_validate(members.get_member(call.session, call.actor.tenant, member_id))


@routes.put("/members/<uuid:member_id>/roles", action="member.edit", edits=True, problems=(Conflict,))
def edit_roles(call: Call, member_id: UUID, body: RolesIn) -> MemberOut:
    """Give exactly these roles, from the next request on. The ETag is that of the member."""
    call.check_match(MemberOut.model_validate(members.get_member(call.session, call.actor.tenant, member_id, lock=True)))
    members.set_roles(call.session, call.actor.tenant, member_id, body.roles)
    return MemberOut.model_validate(members.get_member(call.session, call.actor.tenant, member_id))


@routes.delete("/members/<uuid:member_id>", action="member.edit", problems=(Conflict,))
def end_member(call: Call, member_id: UUID) -> None:
    """The person can no longer sign in: sessions and devices end at once. The person stays."""
    members.end_member(call.session, call.actor.tenant, member_id, call.now)


@routes.post("/members/<uuid:member_id>/one-time-password", action="password.reset", limit="30 per minute")
def reset_password(call: Call, member_id: UUID) -> OneTimePassword:
    """Make a new one-time password, shown once. The member's sessions end."""
    return OneTimePassword.model_validate(members.reset_password(call.session, call.actor.tenant, member_id, call.now, call.deps.settings))


@routes.post("/members/<uuid:member_id>/end-sessions", action="member.edit")
def end_sessions(call: Call, member_id: UUID) -> None:
    """Sign the member out everywhere."""
    members.end_member_sessions(call.session, call.actor.tenant, member_id, call.now)
