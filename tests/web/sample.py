"""A small app with sample routes: the web layer alone, with an accounts that knows three callers."""

# ruff: noqa: ARG002 - stand-ins take what the real ones take

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Flask, Response
from flask.testing import FlaskClient
from pydantic import Field
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.actor import Actor, DeviceClaim, Role, SessionClaim, new_device_token
from app.blueprints import TABLE
from app.db.transaction import Database
from app.errors import Conflict
from app.web.guards import SESSION_KEY, anonymous, any_of, device, device_basic, device_path, member, operator
from app.web.mount import Mount
from app.web.openapi import API
from app.web.paging import Page, PageQuery, page
from app.web.parsing import Answer, Day, Moment, Strict
from app.web.route import Call, Created, RawCall, Routes

NOW = datetime(2026, 5, 4, 8, 30, tzinfo=UTC)
TOKEN, TOKEN_SHA256 = new_device_token(7)
USER, DEVICE = UUID(int=1), UUID(int=2)


class Silent(Database):
    """Hands out sessions that were never asked to reach a server."""

    def __init__(self) -> None:
        super().__init__(create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none"))

    @contextmanager
    def tenant(self, organization_id: int) -> Iterator[Session]:
        with Session(self.engine) as session:
            yield session


class Known:
    """An identity that knows a member (whose roles a test may set), an operator and a device."""

    def __init__(self) -> None:
        self.roles: frozenset[Role] = frozenset({"owner"})
        self.modules = frozenset({"attendance"})
        self.must_change_password = False

    def session(self, token: str, now: datetime) -> SessionClaim | None:
        return {"member": SessionClaim(UUID(int=9), USER, 7), "operator": SessionClaim(UUID(int=9), USER, None)}.get(token)

    def member(self, session: Session, claim: SessionClaim, now: datetime) -> Actor | None:
        return Actor("member", self.roles, 7, user_id=USER, modules=self.modules, must_change_password=self.must_change_password)

    def watchers(self, session: Session, organization_id: int, session_ids: Collection[UUID], now: datetime) -> dict[UUID, Actor]:
        return {}

    def operator(self, session: Session, claim: SessionClaim, now: datetime) -> Actor | None:
        return Actor("operator", frozenset({"operator"}), user_id=USER)

    def device(self, session: Session, claim: DeviceClaim, now: datetime) -> Actor | None:
        known = claim.token_sha256 == TOKEN_SHA256
        return Actor("device", frozenset({"device"}), 7, device_id=DEVICE, scopes=frozenset({"pings"})) if known else None


class ThingIn(Strict):
    name: Annotated[str, Field(min_length=1, max_length=20)]
    size_m: Annotated[float, Field(ge=0, le=500)] = 1.0
    at: Moment | None = None
    on: Day | None = None
    tags: Annotated[tuple[Annotated[str, Field(max_length=10)], ...], Field(max_length=3)] = ()


class Thing(Answer):
    name: str


things, phones, rooms, off, rude = Routes("things"), Routes("phones"), Routes("rooms"), Routes("off", module="visitors"), Routes("rude")
basic, in_path, made = Routes("basic"), Routes("in_path"), list[str]()


@things.get("/things", action="site.read")
def list_things(call: Call, query: PageQuery) -> Page[Thing]:
    """The things."""
    after = query.after()
    names = [name for name in "abcdefg" if not after or name > after[0]][: query.limit + 1]
    return page(names, query, key=lambda name: (name,), show=lambda name: Thing(name=name))


@things.post("/things", action="site.edit", problems=(Conflict,))
def create_thing(call: Call, body: ThingIn) -> Created[Thing]:
    """Make a thing."""
    made.append(body.name)
    if body.name == "taken":
        raise Conflict("A thing with this name exists. Choose another name.")
    return Created(Thing(name=body.name))


@things.post("/secrets", action="site.edit", secret_answer=True)
def create_secret(call: Call, body: ThingIn) -> Created[Thing]:
    """Make a thing whose answer is a secret."""
    return Created(Thing(name=body.name))


@things.put("/things/<uuid:thing_id>", action="site.edit", edits=True)
def edit_thing(call: Call, thing_id: UUID, body: ThingIn) -> Thing:
    """Change a thing."""
    call.check_match(Thing(name="before"))
    return Thing(name=body.name)


@things.get("/fault", action="site.read")
def fault(call: Call) -> Thing:
    """A fault of ours."""
    raise ZeroDivisionError("Jane Canary lives at 52.37403")


@phones.post("/sample-pings", action="ping.record", device_scope="pings")
def record(call: Call, body: ThingIn) -> None:
    """What a device sends."""


@phones.post("/raw", action="ping.record", transaction="own", consumes=("application/octet-stream",), max_body_bytes=10)
def raw(call: RawCall, body: bytes) -> Response:
    """A view with its own transaction."""
    return Response(f"{call.device.organization_id} {len(body)}", content_type="text/plain")


@phones.post("/sample-punches", action="punch.create", device_scope="punches")
def punch(call: Call) -> None:
    """What this device's token is not for."""


@basic.post("/owntracks", action="ping.record")
@in_path.post("/traccar/<token>", action="ping.record")
def by_other_ways(call: Call) -> None:
    """A token as a password, or in the path."""


@rooms.post("/rooms", action="punch.create")
def shared(call: Call) -> None:
    """For members and devices."""


@off.get("/visits", action="site.read")
def visits(call: Call) -> Thing:
    """Of a module that is off."""
    return Thing(name="never")


@rude.post("/knock", action="service.read", limit="3 per minute")
def knock(call: Call) -> None:
    """For anybody, but not too often."""


@rude.get("/far", action="service.read")
def far(call: Call) -> Thing:
    """Needs the database."""
    call.session.execute(text("SELECT 1"))
    return Thing(name="near")


SAMPLES = (
    *TABLE,
    Mount(things, API, member),
    Mount(phones, API, device),
    Mount(basic, API, device_basic),
    Mount(in_path, API, device_path),
    Mount(rooms, API, any_of(device, member)),
    Mount(off, API, member),
    Mount(rude, API, anonymous),
    Mount(Routes("nothing"), API, operator),
)


def signed_in(app: Flask, who: str = "member") -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie[SESSION_KEY] = who
    client.environ_base["HTTP_X_CSRF_TOKEN"] = client.get("/api/v1/csrf-token").get_json()["csrf_token"]
    return client


def problem(response: TestResponse, status: int, kind: str) -> dict[str, Any]:
    """The problem document of a response, checked for all that every problem has."""
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    document: dict[str, Any] = response.get_json()
    assert document["type"] == f"/problems/{kind}"
    assert document["status"] == status
    assert document["title"]
    assert document["detail"].count(".") >= 2, "says what is wrong, and what to do"
    assert document["request_id"] == response.headers["X-Request-ID"]
    return document
