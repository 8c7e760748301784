"""An organization with its owner, on a real database, behind the real application."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis

from app.accounts.service import members, people
from app.accounts.service.identity import AccountsIdentity
from app.adapters.clock import SetClock
from app.config import Settings
from app.db.transaction import Database
from tests.accounts.scene import NOW, PASSWORD, AddMember, Browser, Enter, SignIn, Tenant, new_tenant
from tests.factories import application, deps_of


@pytest.fixture
def tenant(database: Database, settings: Settings) -> Tenant:
    return new_tenant(database, settings)


@pytest.fixture
def other(database: Database, settings: Settings) -> Tenant:
    return new_tenant(database, settings)


@pytest.fixture
def add_member(database: Database, settings: Settings) -> AddMember:
    """A new person of an organization, who can sign in."""

    def add_member(tenant: Tenant, name: str, *roles: str) -> members.Added:
        with database.tenant(tenant.id) as session:
            person = people.create_person(session, tenant.id, {"name": name})
            return members.add_member(session, tenant.id, members.NewMember(person.id, roles or ("employee",)), NOW, settings)

    return add_member


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW)


@pytest.fixture
def app(database: Database, settings: Settings, clock: SetClock) -> Flask:
    redis = Redis.from_url(settings.redis_url)
    redis.flushdb()
    redis.close()
    app = application(deps_of(settings=settings, database=database, clock=clock, identity=AccountsIdentity(database, settings)))
    app.test_client_class = Browser
    return app


@pytest.fixture
def sign_in(app: Flask) -> SignIn:
    """A browser, signed in, that sends its CSRF token with everything."""

    def sign_in(name: str, password: str, **more: object) -> FlaskClient:
        client = app.test_client()
        answer = client.post("/api/v1/session", json={"sign_in": name, "password": password, **more})
        assert answer.status_code == 200, answer.text
        client.environ_base["HTTP_X_CSRF_TOKEN"] = answer.get_json()["csrf_token"]
        return client

    return sign_in


@pytest.fixture
def enter(sign_in: SignIn) -> Enter:
    """Signed in for the first time, with the password changed."""

    def enter(name: str, one_time_password: str) -> FlaskClient:
        client = sign_in(name, one_time_password)
        answer = client.post("/api/v1/password", json={"current_password": one_time_password, "new_password": PASSWORD})
        assert answer.status_code == 200, answer.text
        client.environ_base["HTTP_X_CSRF_TOKEN"] = answer.get_json()["csrf_token"]
        return client

    return enter


@pytest.fixture
def owner(tenant: Tenant, enter: Enter) -> FlaskClient:
    return enter(tenant.sign_in_name, tenant.one_time_password)
