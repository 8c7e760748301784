"""Signing in, over HTTP. The only routes that turn a password into a session."""

import ipaddress

from flask import request
from flask import session as cookie

from app.accounts.schemas import SignedIn, SignInIn
from app.accounts.service import sign_in
from app.accounts.service.sessions import Browser
from app.errors import TooMany, Unauthorized
from app.web import csrf
from app.web.guards import SESSION_KEY
from app.web.limits import address_prefix
from app.web.route import RawCall, Routes

routes = Routes("sign_in")


@routes.post("/session", action="session.create", transaction="own", limit="120 per minute", problems=(Unauthorized, TooMany))
def create_session(call: RawCall, body: SignInIn) -> SignedIn:
    """Sign in.

    Wrong names and wrong passwords get one answer. After several failures the next attempt must wait, a little longer each time.
    """
    database, settings = call.deps.database, call.deps.settings
    with database.identity() as session:
        attempt = sign_in.begin(session, body.sign_in, address_prefix(), call.now, settings)
    sign_in.verified(attempt, body.password)
    entry = sign_in.Entry(browser(shared_computer=body.shared_computer), body.organization)
    with database.identity() as session:
        token = sign_in.finish(session, attempt, entry, call.now, settings)
    return begun(token, shared_computer=body.shared_computer)


def begun(token: str, *, shared_computer: bool) -> SignedIn:
    """Put a new session into the cookie, and nothing of an old one. On a shared computer the browser forgets it when it closes."""
    cookie.clear()
    cookie[SESSION_KEY] = token
    cookie.permanent = not shared_computer
    return SignedIn(csrf_token=csrf.new_token())


def browser(*, shared_computer: bool) -> Browser:
    """The caller's browser, as its owner will see it in the list of sessions."""
    return Browser(request.user_agent.string[:200], coarse_address(), shared_computer)


def coarse_address() -> str:
    """Enough of the address to know a place again: /24 of IPv4, /48 of IPv6."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    return str(ipaddress.ip_network((address, 24 if address.version == 4 else 48), strict=False))
