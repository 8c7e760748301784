"""The sample app, signed in or not. No database unless a test asks for one."""

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from app.adapters.clock import SetClock
from app.config import Settings
from app.db.transaction import Database
from app.factory import create_app
from app.ports import Deps
from app.tables import metadata
from tests.factories import application, deps_of
from tests.web.sample import NOW, SAMPLES, Known, Silent, made, signed_in


@pytest.fixture(autouse=True)
def _nothing_made() -> None:
    made.clear()


@pytest.fixture
def settings() -> Settings:
    return Settings(
        database_url="postgresql://nobody@127.0.0.1:1/none",
        redis_url="memory://",
        secret_key="a secret of forty characters, for tests only",
        metrics_token=None,
    )


@pytest.fixture
def known() -> Known:
    return Known()


@pytest.fixture
def deps(settings: Settings, known: Known) -> Deps:
    return deps_of(settings=settings, database=Silent(), clock=SetClock(NOW), identity=known)


@pytest.fixture
def app(settings: Settings, deps: Deps) -> Flask:
    return application(deps, SAMPLES)


@pytest.fixture
def anybody(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def owner(app: Flask) -> FlaskClient:
    """Signed in, and sends the CSRF token with everything."""
    return signed_in(app)


@pytest.fixture
def stored(settings: Settings, deps: Deps) -> Iterator[Flask]:
    """The same app on a real PostgreSQL, with the table of keys, in a schema of this test process alone."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        pytest.skip("DATABASE_URL names no PostgreSQL: use `make test`")
    admin = create_engine(make_url(url).set(drivername="postgresql+psycopg", database="postgres"))
    schema = f"web_test_{os.getpid()}"
    with admin.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    engine = create_engine(admin.url, connect_args={"options": f"-c search_path={schema}"})
    tables = [metadata.tables[name] for name in ("organization", "idempotency_key")]
    metadata.create_all(engine, tables=tables)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO organization (id, slug, name, contact_name, billing_address, telephone, email) OVERRIDING SYSTEM VALUE"
                " VALUES (7, 'acme', 'Acme', '-', '-', '-', '-')"
            )
        )
    yield create_app(settings, deps=replace(deps, database=Database(engine)), table=SAMPLES)
    with admin.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()
    admin.dispose()
