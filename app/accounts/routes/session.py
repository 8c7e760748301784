"""The caller's own session and password, over HTTP."""

from uuid import UUID

from flask import Response
from flask import session as cookie

from app.accounts.routes import window
from app.accounts.routes.sign_in import begun
from app.accounts.schemas import EnterIn, MeOut, OrganizationRef, PasswordIn, ProofIn, SessionOut, SignedIn
from app.accounts.service import members, organizations, sessions, sign_in
from app.actor import SessionClaim
from app.authority import allowed
from app.errors import Conflict, Invalid, NotFound, TooMany, Unauthorized
from app.web.limits import address_prefix
from app.web.paging import Page, PageQuery, page
from app.web.route import Call, Routes

routes = Routes("session")
switching = Routes("organizations_of_account")


@routes.get("/session", action="me.read")
def read_session(call: Call) -> MeOut:
    """Who is signed in, where, and as what."""
    user_id, session_id = _who(call)
    account, home = sessions.get_account(call.session, user_id), organizations.home_of(call.session, call.actor)
    return MeOut(
        session_id=session_id,
        sign_in_name=account.sign_in_name,
        person_id=call.actor.person_id,
        organization_id=call.actor.organization_id,
        organizations=[OrganizationRef(id=o.id, slug=o.slug, name=o.name) for o in sessions.organizations_of(call.session, user_id)],
        roles=sorted(call.actor.roles),
        modules=sorted(call.actor.modules),
        must_change_password=account.must_change_password,
        name=home and home.person.name,
        locale=home and home.person.locale,
        timezone=home and home.organization.timezone,
        shared_computer=not cookie.permanent,
        may=allowed(call.actor),
    )


@routes.delete("/session", action="session.end", status=204, produces=())
def end_own_session(call: Call) -> Response:
    """Sign out. A copy of the cookie is worth nothing afterwards."""
    user_id, session_id = _who(call)
    sessions.end_session(call.session, user_id, session_id, call.now)
    cookie.clear()
    return Response(status=204, headers={"Clear-Site-Data": '"cache", "cookies", "storage"'})


@routes.get("/sessions", action="session.read")
def list_sessions(call: Call, query: PageQuery) -> Page[SessionOut]:
    """The browsers this account is signed in on."""
    user_id, session_id = _who(call)
    rows = sessions.list_sessions(call.session, user_id, call.now, window=window(query))
    return page(
        rows,
        query,
        key=lambda row: (row.public_id,),
        show=lambda row: SessionOut(
            id=row.public_id,
            browser=row.browser,
            address_prefix=row.address_prefix,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            expires_at=row.expires_at,
            shared_computer=row.shared_computer,
            current=row.public_id == session_id,
        ),
    )


@routes.delete("/sessions/<uuid:session_id>", action="session.end")
def end_session(call: Call, session_id: UUID) -> None:
    """Sign one browser out."""
    sessions.end_session(call.session, _who(call)[0], session_id, call.now)


@routes.post("/password", action="password.change", limit="20 per minute", problems=(Unauthorized, TooMany, NotFound))
def change_password(call: Call, body: PasswordIn) -> SignedIn:
    """Choose a password. All other sessions of the account end; this one goes on under a new cookie."""
    user_id, session_id = _who(call)
    settings = call.deps.settings
    with call.deps.database.identity() as session:  # a wrong password must be counted although the request fails
        attempt = sign_in.begin_again(session, user_id, address_prefix(), call.now, settings)
    sign_in.verified(attempt, body.current_password)
    with call.deps.database.identity() as session:
        sign_in.forgive(session, attempt)
    change = sign_in.PasswordChange(body.new_password, _words(call), session_id)
    token = sign_in.change_password(call.session, attempt, change, call.now, settings)
    return begun(token, shared_computer=not cookie.permanent)


@switching.post("/session/organization", action="session.switch", problems=(NotFound,))
def enter_organization(call: Call, body: EnterIn) -> SignedIn:
    """Go on in another organization of the same account, under a new cookie."""
    user_id, session_id = _who(call)
    claim = SessionClaim(session_id, user_id, call.actor.organization_id)
    token = sessions.switch_organization(call.session, claim, body.organization, call.now, call.deps.settings)
    return begun(token, shared_computer=not cookie.permanent)


@switching.post("/session/accounts", action="session.switch", limit="20 per minute", problems=(Unauthorized, TooMany, Conflict, NotFound))
def join_account(call: Call, body: ProofIn) -> None:
    """Bring another account of one's own into this one, so that one sign-in opens both organizations. The other account ends."""
    user_id, _ = _who(call)
    database, settings = call.deps.database, call.deps.settings
    with database.identity() as session:
        attempt = sign_in.begin(session, body.sign_in, address_prefix(), call.now, settings)
    other_id = sign_in.verified(attempt, body.password)
    with database.identity() as session:
        sign_in.forgive(session, attempt)
        entered = [found.id for found in sessions.organizations_of(session, other_id)]
    if not entered:
        raise Invalid.of("sign_in", "This account belongs to no organization", "Give an account that does.")
    for organization_id in entered:
        with database.tenant(organization_id) as session:
            members.join_accounts(session, organization_id, other_id, user_id, call.now)


def _who(call: Call) -> tuple[UUID, UUID]:
    if call.actor.user_id is None or call.actor.session_id is None:
        raise LookupError("a member or operator has a user and a session")
    return call.actor.user_id, call.actor.session_id


def _words(call: Call) -> list[str | None]:
    """What a password may not be made of: the names around the caller."""
    home = organizations.home_of(call.session, call.actor)
    return [home.organization.name, home.person.name, home.person.email] if home else []
