"""Guards: how a request says who it is. `blueprints.py` gives every blueprint one.

A guard works in two steps, so that no role is read outside the walls of its organization:
1. `read` finds a claim in the request (a live user session, or a device token that has the right form). None of it: 401.
2. `settle` turns the claim into an Actor inside the transaction the claim opens. A revoked token or an ended membership: 401.
"""

import secrets
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from flask import request
from flask import session as cookie
from sqlalchemy.orm import Session

from app.actor import ANONYMOUS, Actor, DeviceClaim, Role, SessionClaim
from app.db.transaction import Database
from app.errors import NotFound
from app.ports import Deps

Claim = SessionClaim | DeviceClaim | None
"""None: an anonymous caller."""
SESSION_KEY: Final = "user_session"
"""Where the signed cookie keeps the token of the user session. Sign-in writes it, log-out removes it."""


class Guard(Protocol):
    """What a guard can do."""

    def __hash__(self) -> int:
        """Guards are values."""

    @property
    def schemes(self) -> tuple[str, ...]:
        """Names of the security schemes in the API description; empty for anonymous."""

    @property
    def singles(self) -> "tuple[Single, ...]":
        """The single guards inside."""

    @property
    def tenant(self) -> bool:
        """Whether the request's transaction belongs to one organization."""

    @property
    def challenge(self) -> str:
        """The WWW-Authenticate header of a 401."""

    def read(self, deps: Deps, now: datetime) -> "tuple[Single, Claim] | None":
        """The claim and the guard that understands it, or None when there is none."""


@dataclass(frozen=True)
class Single:
    """One way to say who one is."""

    name: str
    schemes: tuple[str, ...]
    tenant: bool
    claim: Callable[[Deps, datetime], tuple[Claim] | None]
    settle: Callable[[Deps, Session, Any, datetime], Actor | None]
    role: Role | None = None
    """The pseudo role of every caller; None for members, whose roles are read in the transaction."""
    challenge: str = ""
    by_cookie: bool = False
    presented: Callable[[], str | None] = lambda: None
    """The secret in the request that this guard goes by, not yet believed."""

    @property
    def singles(self) -> "tuple[Single, ...]":
        """See `Guard.singles`."""
        return (self,)

    def read(self, deps: Deps, now: datetime) -> "tuple[Single, Claim] | None":
        """See `Guard.read`."""
        found = self.claim(deps, now)
        return (self, found[0]) if found else None

    def opened(self, database: Database, claim: Claim) -> AbstractContextManager[Session]:
        """The request's one transaction: the claimed organization's, or one on global tables."""
        organization_id = claim.organization_id if claim else None
        return database.tenant(organization_id) if self.tenant and organization_id is not None else database.identity()


@dataclass(frozen=True)
class AnyOf:
    """The first guard that finds a claim."""

    singles: tuple[Single, ...]

    @property
    def schemes(self) -> tuple[str, ...]:
        """See `Guard.schemes`."""
        return tuple(scheme for guard in self.singles for scheme in guard.schemes)

    @property
    def tenant(self) -> bool:
        """See `Guard.tenant`."""
        return all(guard.tenant for guard in self.singles)

    @property
    def challenge(self) -> str:
        """See `Guard.challenge`."""
        return ", ".join(guard.challenge for guard in self.singles)

    def read(self, deps: Deps, now: datetime) -> tuple[Single, Claim] | None:
        """See `Guard.read`."""
        return next((found for guard in self.singles if (found := guard.read(deps, now))), None)


def any_of(*guards: Single) -> AnyOf:
    """A blueprint that several kinds of callers may use, each by its own credential."""
    return AnyOf(guards)


def _cookie() -> str | None:
    token = cookie.get(SESSION_KEY)
    return token if isinstance(token, str) else None


def _session(deps: Deps, now: datetime) -> SessionClaim | None:
    token = _cookie()
    return None if token is None else deps.identity.session(token, now)


def _member_claim(deps: Deps, now: datetime) -> tuple[Claim] | None:
    claim = _session(deps, now)
    return (claim,) if claim and claim.organization_id is not None else None


def _operator_claim(deps: Deps, now: datetime) -> tuple[Claim] | None:
    claim = _session(deps, now)
    return (claim,) if claim and claim.organization_id is None else None


def _device_claim(read: Callable[[], str | None]) -> Callable[[Deps, datetime], tuple[Claim] | None]:
    def claim(_deps: Deps, _now: datetime) -> tuple[Claim] | None:
        found = DeviceClaim.read(read() or "")
        return (found,) if found else None

    return claim


def _bearer() -> str | None:
    given = request.authorization
    return given.token if given and given.type == "bearer" else None


def _basic() -> str | None:
    given = request.authorization
    return given.password if given and given.type == "basic" else None


def _path() -> str | None:
    return (request.view_args or {}).get("token")


def _device(deps: Deps, session: Session, claim: DeviceClaim, now: datetime) -> Actor | None:
    return deps.identity.device(session, claim, now)


def _anybody(_deps: Deps, _session: Session, _claim: object, _now: datetime) -> Actor:
    return ANONYMOUS


def _member(deps: Deps, session: Session, claim: SessionClaim, now: datetime) -> Actor | None:
    return deps.identity.member(session, claim, now)


def _operator(deps: Deps, session: Session, claim: SessionClaim, now: datetime) -> Actor | None:
    return deps.identity.operator(session, claim, now)


anonymous: Final = Single("anonymous", (), False, lambda _deps, _now: (None,), _anybody, "anonymous")
member: Final = Single("member", ("session",), True, _member_claim, _member, challenge="Session", by_cookie=True, presented=_cookie)
operator: Final = Single(
    "operator", ("session",), False, _operator_claim, _operator, "operator", challenge="Session", by_cookie=True, presented=_cookie
)
device: Final = Single("device", ("device_token",), True, _device_claim(_bearer), _device, "device", challenge="Bearer", presented=_bearer)
device_basic: Final = Single(
    "device_basic", ("device_basic",), True, _device_claim(_basic), _device, "device", challenge='Basic realm="muster"', presented=_basic
)
device_path: Final = Single(
    "device_path", ("device_path",), True, _device_claim(_path), _device, "device", challenge="Bearer", presented=_path
)


def _metrics_claim(deps: Deps, _now: datetime) -> tuple[Claim] | None:
    """This machine, called directly (nothing forwarded); or the bearer token of the settings. To everybody else the address does not exist."""
    token = deps.settings.metrics_token
    if token and secrets.compare_digest((_bearer() or "").encode(), token.encode()):
        return (None,)
    forwarded = any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Real-IP"))
    if token or forwarded or request.remote_addr not in {"127.0.0.1", "::1"}:
        raise NotFound
    return (None,)


metrics: Final = Single("metrics", (), False, _metrics_claim, _anybody, "anonymous")

SCHEMES: Final[Mapping[str, Mapping[str, str]]] = {
    "session": {"type": "apiKey", "in": "cookie", "name": "__Host-muster", "description": "Set by sign-in. Writes also need X-CSRF-Token."},
    "device_token": {"type": "http", "scheme": "bearer", "description": "Token of a device, shown once when it is enrolled."},
    "device_basic": {"type": "http", "scheme": "basic", "description": "Any user name; the device token as password (OwnTracks)."},
    "device_path": {"type": "apiKey", "in": "path", "name": "token", "description": "The device token in the address (Traccar Client)."},
}
