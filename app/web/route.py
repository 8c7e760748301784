"""How a route is declared, and what happens around its view.

A view is a typed function; its signature is its description: `call` first, then the path's parameters, then `body` (a `Strict` model, or `bytes`)
and `query` (a `Query` model); the return annotation is the answer (an `Answer` model, `Page[...]`, `Created[...]`, None for 204, or a Flask Response).

1. The guard finds a claim, or 401.
2. The body is read (413, 415), and a write by cookie must carry the CSRF token (403).
3. The request's one transaction opens, walled in to the claimed organization, and the claim becomes an Actor, or 401.
4. A module that is off is 404; an action the actor may not do is 403.
5. Body, query and If-Match are parsed (400, 422, 428).
6. The view runs, once per Idempotency-Key; its answer is made while the transaction is open.
7. Everything is committed, then answered. Any error rolls back.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Generic, Literal, TypedDict, TypeVar, Unpack, get_args, get_origin, get_type_hints
from uuid import UUID

from flask import Response, current_app, g, request
from pydantic import BaseModel, TypeAdapter
from sqlalchemy.orm import Session

from app.actor import Actor, DeviceClaim
from app.authority import ACTIONS, Scope, require
from app.errors import Forbidden, MatchRequired, ModuleOff, MusterError, NotFound, Stale, Unauthorized
from app.ports import Deps
from app.web import csrf, idempotency
from app.web.guards import Claim, Guard
from app.web.parsing import MAX_BODY_BYTES, parse_json, parse_query, read_body

JSON: Final = "application/json"
T = TypeVar("T")
V = TypeVar("V", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Created(Generic[T]):
    """201: something new exists. The same Idempotency-Key gives the same answer for a day, and does nothing again for two months."""

    body: T


@dataclass(slots=True)
class Call:
    """What a view is given."""

    session: Session
    actor: Actor
    scope: Scope
    now: datetime
    deps: Deps
    if_match: str | None = None
    matched: bool = False

    def own(self) -> UUID | None:
        """The person whose things alone the caller may see; None: everything of the organization. Raises `NotFound` for a kiosk, which is nobody's."""
        if self.scope == "all":
            return None
        if self.actor.person_id is None:
            raise NotFound
        return self.actor.person_id

    def check_match(self, current: BaseModel) -> None:
        """Compare If-Match with what is there now, read under a lock. Raises `Stale` (412). Every route with `edits=True` must call it."""
        self.matched = True
        if self.if_match != etag_of(current.model_dump_json().encode()):
            raise Stale


@dataclass(frozen=True, slots=True)
class RawCall:
    """What a view with `transaction="own"` is given: a claim nobody has checked yet. The service checks it in its own first round trip."""

    claim: Claim
    now: datetime
    deps: Deps

    @property
    def device(self) -> DeviceClaim:
        """The device's claim; `TypeError` when the route's guard is no device guard."""
        if not isinstance(self.claim, DeviceClaim):
            raise TypeError("this route has no device guard")
        return self.claim


@dataclass(frozen=True)
class Operation:
    """One declared route."""

    blueprint: str
    method: str
    rule: str
    action: str
    view: Callable[..., Any]
    module: str | None
    body: type[BaseModel] | type[bytes] | None
    query: type[BaseModel] | None
    answer: Any
    status: int
    problems: tuple[type[MusterError], ...] = ()
    edits: bool = False
    idempotent: bool = False
    secret_answer: bool = False
    device_scope: str | None = None
    limit: str | None = None
    consumes: tuple[str, ...] = (JSON,)
    produces: tuple[str, ...] = (JSON,)
    max_body_bytes: int = MAX_BODY_BYTES
    too_large: str | None = None
    """What is said of a body beyond that, where it is known what makes it so."""
    transaction: Literal["request", "own"] = "request"
    adapter: TypeAdapter[Any] | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """`sites.create_site`: Flask's endpoint, and the operation id."""
        return f"{self.blueprint}.{self.view.__name__}"


class Options(TypedDict, total=False):
    """What a route may say beyond its signature; see `Operation`."""

    status: int
    problems: tuple[type[MusterError], ...]
    edits: bool
    idempotent: bool
    secret_answer: bool
    device_scope: str
    limit: str
    consumes: tuple[str, ...]
    produces: tuple[str, ...]
    max_body_bytes: int
    too_large: str
    transaction: Literal["request", "own"]


class Routes:
    """The routes of one blueprint, unattached. `module` names the module that must be on for the organization."""

    def __init__(self, name: str, *, module: str | None = None) -> None:
        self.name = name
        self.module = module
        self.operations: list[Operation] = []

    def get(self, rule: str, action: str, **options: Unpack[Options]) -> Callable[[V], V]:
        """A read. Must have no effect."""
        return self._declare("GET", rule, action, options)

    def post(self, rule: str, action: str, **options: Unpack[Options]) -> Callable[[V], V]:
        """A creation (answers `Created`, idempotent by key) or a command (answers 200, 202 or 204)."""
        return self._declare("POST", rule, action, options)

    def put(self, rule: str, action: str, **options: Unpack[Options]) -> Callable[[V], V]:
        """A replacement."""
        return self._declare("PUT", rule, action, options)

    def patch(self, rule: str, action: str, **options: Unpack[Options]) -> Callable[[V], V]:
        """A change of some fields."""
        return self._declare("PATCH", rule, action, options)

    def delete(self, rule: str, action: str, **options: Unpack[Options]) -> Callable[[V], V]:
        """A removal, ending or revocation."""
        return self._declare("DELETE", rule, action, options)

    def _declare(self, method: str, rule: str, action: str, options: Options) -> Callable[[V], V]:
        def declare(view: V) -> V:
            if action not in ACTIONS:
                raise LookupError(f"{self.name}.{view.__name__}: action {action!r} has no row in app/authority.py")
            hints = get_type_hints(view, include_extras=True)
            answer = hints.pop("return", None)
            answer = None if answer is type(None) else answer
            created = get_origin(answer) is Created
            answer = get_args(answer)[0] if created else answer
            chosen: dict[str, Any] = {"status": 201 if created else 200 if answer else 204, "idempotent": created, **options}
            adapter = TypeAdapter(answer) if answer and answer is not Response else None
            self.operations.append(
                Operation(
                    self.name,
                    method,
                    rule,
                    action,
                    view,
                    self.module,
                    hints.get("body"),
                    hints.get("query"),
                    answer,
                    adapter=adapter,
                    **chosen,
                )
            )
            return view

        return declare


def etag_of(body: bytes) -> str:
    """A strong ETag of an answer's bytes."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def pipeline(operation: Operation, guard: Guard) -> Callable[..., Response]:
    """The function Flask calls for this operation. The numbered story above."""

    def endpoint(**path: object) -> Response:
        deps = current_deps()
        now = deps.clock.now()
        presented = guard.read(deps, now)
        if presented is None:
            raise unauthorized(guard)
        single, claim = presented
        path.pop("token", None)
        raw = read_body(operation.consumes, operation.max_body_bytes, operation.too_large) if operation.body else b""
        csrf.protect(by_cookie=single.by_cookie)
        if operation.transaction == "own":
            g.actor_kind, g.organization_id = single.role, claim.organization_id if claim else None
            return answered(operation, operation.view(RawCall(claim, now, deps), **parsed(operation, raw), **path))
        with single.opened(deps.database, claim) as session:
            actor = single.settle(deps, session, claim, now)
            if actor is None:
                raise unauthorized(guard)
            call = Call(session, actor, admitted(operation, actor), now, deps, if_match(operation))
            return once(operation, call, raw, parsed(operation, raw) | path)

    endpoint.__name__, endpoint.__qualname__ = operation.view.__name__, operation.name
    return endpoint


def once(operation: Operation, call: Call, raw: bytes, arguments: dict[str, Any]) -> Response:
    """Run the view, or answer as before when this actor sent this Idempotency-Key before."""
    key = request.headers.get("Idempotency-Key")
    if key is None or not operation.idempotent or call.actor.organization_id is None:
        return viewed(operation, call, arguments)
    before = idempotency.claim(call.session, call.actor, key, f"{request.method} {request.full_path}".encode() + b"\n" + raw, call.now)
    if before:
        return json_response(before.body, before.status)
    response = viewed(operation, call, arguments)
    idempotency.keep(call.session, call.actor, key, response.status_code, None if operation.secret_answer else response.get_data())
    return response


def viewed(operation: Operation, call: Call, arguments: dict[str, Any]) -> Response:
    """Run the view and make its answer. An edit that forgot to compare versions is a fault of ours."""
    answer = operation.view(call, **arguments)
    if operation.edits and not call.matched:
        raise RuntimeError(f"{operation.name} edits without check_match")
    return answered(operation, answer)


def admitted(operation: Operation, actor: Actor) -> Scope:
    """How far this actor may go. Raises `ModuleOff` (404), `Forbidden`, `PasswordChangeRequired`."""
    g.actor_kind, g.organization_id = actor.kind, actor.organization_id
    if operation.module and operation.module not in actor.modules:
        raise ModuleOff
    scope = require(actor, operation.action)
    if actor.kind == "device" and operation.device_scope and operation.device_scope not in actor.scopes:
        raise Forbidden("This device's token is not for that. Enrol the device again for this purpose.")
    return scope


def parsed(operation: Operation, raw: bytes) -> dict[str, Any]:
    """The view's `body` and `query`."""
    arguments: dict[str, Any] = {}
    if operation.body:
        arguments["body"] = parse_json(operation.body, raw) if issubclass(operation.body, BaseModel) else raw
    if operation.query:
        arguments["query"] = parse_query(operation.query, request.args)
    return arguments


def if_match(operation: Operation) -> str | None:
    """The ETag an edit is based on. Raises `MatchRequired` (428)."""
    given = request.headers.get("If-Match")
    if operation.edits and not given:
        raise MatchRequired
    return given if operation.edits else None


def answered(operation: Operation, answer: object) -> Response:
    """A view's return value as a response."""
    if isinstance(answer, Response):
        return answer
    if operation.adapter is None:
        return Response(status=operation.status)
    body = operation.adapter.dump_json(answer.body if isinstance(answer, Created) else answer)
    return json_response(body, operation.status)


def json_response(body: bytes, status: int) -> Response:
    """JSON bytes with their ETag; to a read that names this ETag in If-None-Match, 304 without them."""
    etag = etag_of(body)
    if request.method == "GET" and request.if_none_match.contains_weak(etag.strip('"')):
        return Response(status=304, headers={"ETag": etag})
    return Response(body, status, {"ETag": etag}, content_type=JSON)


def unauthorized(guard: Guard) -> Unauthorized:
    """401, with the challenge that HTTP asks for."""
    return Unauthorized(headers={"WWW-Authenticate": guard.challenge})


def current_deps() -> Deps:
    """What `wiring` built for this app."""
    deps: Deps = current_app.extensions["muster"].deps
    return deps
