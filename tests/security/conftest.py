"""The real application on the real database, in rehearsal: every transaction is rolled back at its end, so no request changes the next one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import psycopg
import pytest
from redis import Redis
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app import wiring
from app.actor import MEMBER_ROLES
from app.adapters.clock import SetClock
from app.config import Settings
from app.db.transaction import Database, make_engine
from app.embedded.provision import Urls
from app.factory import create_app
from app.privacy import service as privacy
from tests.security.callers import Caller, Door
from tests.security.examples import Examples
from tests.security.houses import NOW, House, build, operator, spoil


class _EndOfRehearsal(Exception):
    """Rolls back."""


def _end_rehearsal() -> None:
    raise _EndOfRehearsal


class Rehearsal(Database):
    """Commits nothing."""

    @contextmanager
    def identity(self) -> Iterator[Session]:
        with super().identity() as session:
            yield session
            session.flush()
            session.rollback()

    @contextmanager
    def tenant(self, organization_id: int) -> Iterator[Session]:
        with super().tenant(organization_id) as session:
            yield session
            session.flush()
            session.rollback()

    @contextmanager
    def hot(self, organization_id: int) -> Iterator["psycopg.Connection[Any]"]:
        try:
            with super().hot(organization_id) as connection:
                yield connection
                _end_rehearsal()
        except _EndOfRehearsal:
            pass


@dataclass(frozen=True)
class Street:
    """Two houses, one with no modules, one whose people have all lost their credentials, and everybody at the door of the application."""

    ours: House
    theirs: House
    door: Door
    callers: dict[str, Caller]
    examples: Examples


@pytest.fixture(scope="session")
def published(urls: Urls) -> None:
    engine = create_engine(urls.owner)
    with engine.begin() as connection:
        privacy.register_statements(connection)
    engine.dispose()


@pytest.fixture(scope="session")
def street(published: None, urls: Urls, database: Database, settings: Settings) -> Iterator[Street]:
    with Redis.from_url(settings.redis_url) as redis:
        redis.flushdb()
    ours, theirs, bare, spoiled = (build(database, settings, **more) for more in ({}, {}, {"modules": ()}, {}))
    engine = make_engine(urls.app)
    deps = wiring.build(settings)
    rehearsal = Rehearsal(engine)
    door = Door(create_app(settings, deps=replace(deps, database=rehearsal, clock=SetClock(NOW))))
    found = [*_callers(ours), *_callers(bare, "bare "), Caller("anonymous", "anonymous", "anonymous", ids=ours.people["owner"].ids)]
    found += [_operator(database, settings, ours), replace(_operator(database, settings, ours, new=True), name="new operator")]
    spoil(database, spoiled.people["privacy_officer"], "must change", spoiled.organization_id)
    officer = next(each for each in _callers(spoiled) if each.name == "privacy_officer")
    found.append(replace(officer, name="newcomer", must_change_password=True))
    for how, role in {"expired": "owner", "idle": "manager", "switched off": "sender", "ended": "employee", "left": "reception"}.items():
        spoil(database, spoiled.people[role], how, spoiled.organization_id)
        found += [replace(each, usable=False) for each in _callers(spoiled, f"{how} ") if each.name == f"{how} {role}"]
    for how, role in {"revoked": "responder", "ended": "employee", "left": "reception"}.items():
        someone = spoiled.people[role]
        if how == "revoked":
            spoil(database, someone, how, spoiled.organization_id)
        found.append(Caller(f"{how} device", "device", "device", someone.token, someone.ids, usable=False))
    yield Street(ours, theirs, door, {each.name: door.admit(each) for each in found}, _examples(door))
    engine.dispose()
    deps.database.engine.dispose()


def _callers(house: House, prefix: str = "") -> list[Caller]:
    found = [Caller(f"{prefix}{role}", "member", role, house.people[role].cookie, house.people[role].ids) for role in MEMBER_ROLES]
    phone = house.people["employee"]
    kiosk = Caller(f"{prefix}kiosk", "device", "device", house.kiosk, phone.ids, device_scopes=("kiosk", "visitors"))
    return [*found, kiosk, Caller(f"{prefix}device", "device", "device", phone.token, phone.ids)]


def _operator(database: Database, settings: Settings, house: House, *, new: bool = False) -> Caller:
    token, other = operator(database, settings, must_change_password=new)
    ids = {**house.people["owner"].ids, "session_id": other}
    return Caller("operator", "operator", "operator", token, ids, must_change_password=new)


def _examples(door: Door) -> Examples:
    return Examples(door.client.get("/api/v1/openapi.json").get_json())


@pytest.fixture
def settings_(settings: Settings) -> Settings:
    """For modules that also use Hypothesis's `settings`."""
    return settings
