"""A world whose people may be located, and the real web application in front of it, at a set time."""

import pytest
from flask.testing import FlaskClient

from app.accounts.service import AccountsIdentity
from app.adapters.clock import SetClock
from app.config import Settings
from app.db.transaction import Database
from app.ports import Deps
from tests.attendance.desk import Desk
from tests.factories import NOW, World, application, deps_of


@pytest.fixture
def world(database: Database) -> World:
    """An organization with an instruction."""
    world = World(database)
    world.instruction()
    return world


@pytest.fixture
def deps(settings: Settings, database: Database) -> Deps:
    """The real things, but for the clock."""
    return deps_of(settings=settings, database=database, clock=SetClock(NOW), identity=AccountsIdentity(database, settings))


@pytest.fixture
def client(deps: Deps) -> FlaskClient:
    """The real application."""
    return application(deps).test_client()


@pytest.fixture
def desk(world: World, deps: Deps) -> Desk:
    """The application over this world, for people behind screens."""
    return Desk(world, deps)
