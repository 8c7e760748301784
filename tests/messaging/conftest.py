"""An organization that sends messages and alerts, and the real web application in front of it, at a set time."""

from dataclasses import replace

import pytest

from app import wiring
from app.accounts.models import OrganizationModule
from app.accounts.service import AccountsIdentity
from app.adapters.clock import SetClock
from app.config import Settings
from app.db.transaction import Database
from app.ports import Deps
from tests.attendance.desk import Desk
from tests.factories import NOW, World, deps_of
from tests.messaging.alarm import Alarm
from tests.messaging.peer import Peer
from tests.messaging.road import Road


@pytest.fixture
def world(database: Database) -> World:
    """An organization with the modules of this domain."""
    world = World(database)
    world.add(*(OrganizationModule(module=module) for module in ("messages", "alerts")))
    return world


@pytest.fixture
def peer() -> Peer:
    """Who is at the other end of every channel."""
    return Peer()


@pytest.fixture
def deps(settings: Settings, database: Database, peer: Peer) -> Deps:
    """The real things, but for the clock and the far end of the channels."""
    wiring.join_hooks()
    deps = deps_of(settings=settings, database=database, clock=SetClock(NOW), identity=AccountsIdentity(database, settings))
    return replace(deps, channels=dict.fromkeys(("push", "sms", "email"), peer))


@pytest.fixture
def desk(world: World, deps: Deps) -> Desk:
    """The application over this world, for people behind screens."""
    return Desk(world, deps)


@pytest.fixture
def road(world: World, deps: Deps) -> Road:
    """From a message to its recipients, with channels that the test programs."""
    clock = SetClock(NOW)
    return Road(world, replace(deps, clock=clock), clock)


@pytest.fixture
def alarm(desk: Desk, peer: Peer) -> Alarm:
    """A sender of alerts, in an organization whose presence may be used for safety."""
    desk.world.instruction(purposes=("attendance", "safety"))
    return Alarm(desk, peer)
