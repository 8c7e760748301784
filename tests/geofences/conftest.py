"""A world with the real web application in front of it: whoever holds a cookie is the member that the test set."""

# ruff: noqa: ARG002 - stand-ins take what the real ones take

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import Person
from app.accounts.service.identity import AccountsIdentity
from app.actor import Actor, Role, SessionClaim
from app.adapters.clock import SetClock
from app.config import Settings
from app.db.transaction import Database
from app.web.guards import SESSION_KEY
from tests.factories import NOW, World, application, deps_of


class Somebody(AccountsIdentity):
    """Devices are known as ever; a cookie names the member in clear."""

    actors: dict[str, Actor]

    def session(self, token: str, now: Any) -> SessionClaim | None:
        actor = self.actors[token]
        return SessionClaim(UUID(int=1), UUID(token), actor.organization_id)

    def member(self, session: Any, claim: SessionClaim, now: Any) -> Actor | None:
        return self.actors[str(claim.user_id)]


@dataclass
class Desk:
    """The application, at a time that a test may move."""

    app: Flask
    clock: SetClock
    identity: Somebody

    def sit(
        self, world: World, *roles: Role, person_id: UUID | None = None, modules: tuple[str, ...] = ("attendance", "geofence")
    ) -> FlaskClient:
        """A signed-in member of that organization."""
        user, client = uuid4(), self.app.test_client()
        person_id = person_id or a_person(world)
        self.identity.actors[str(user)] = Actor(
            "member", frozenset(roles), world.organization_id, person_id, user_id=user, modules=frozenset(modules)
        )
        with client.session_transaction() as cookie:
            cookie[SESSION_KEY] = str(user)
        client.environ_base["HTTP_X_CSRF_TOKEN"] = client.get("/api/v1/csrf-token").get_json()["csrf_token"]
        return client


def a_person(world: World, name: str = "Mo Manager") -> UUID:
    person = Person(id=uuid4(), name=name)
    world.add(person)
    return person.id


@pytest.fixture
def desk(settings: Settings, database: Database) -> Desk:
    identity, clock = Somebody(database, settings), SetClock(NOW)
    identity.actors = {}
    app = application(deps_of(settings=settings, database=database, clock=clock, identity=identity))
    return Desk(app, clock, identity)


@pytest.fixture
def new_world(database: Database) -> Callable[[], World]:
    def make() -> World:
        world = World(database)
        world.instruction()
        return world

    return make


@pytest.fixture
def world(new_world: Callable[[], World]) -> World:
    return new_world()


@pytest.fixture
def manager(desk: Desk, world: World) -> FlaskClient:
    return desk.sit(world, "manager")
