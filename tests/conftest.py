"""What tests on a real database share: one migrated database per test process, dropped at the end.

Tests are kept apart by organization, not by rolling back: each makes its own, commits for real, and the walls keep it alone.
"""

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from argon2 import PasswordHasher
from werkzeug.routing import Rule

from app.accounts.service import passwords
from app.config import Settings, libpq
from app.db.migrate import upgrade
from app.db.transaction import Database, make_engine
from app.embedded.provision import Urls, clone_database, drop_database, provision
from tests.order import pytest_collection_modifyitems, pytest_xdist_make_scheduler

__all__ = ["pytest_collection_modifyitems", "pytest_xdist_make_scheduler"]

SECRET = "a secret key that is only good for tests"
PREFIX = "muster_test"


def pytest_collection_finish() -> None:
    """What is there now stays to the end: without this, the garbage collector looks through all of it again and again, an eighth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def routes_compiled_once() -> Iterator[None]:
    """Werkzeug parses and compiles each route of each app, nine tenths of making one; hundreds are made here, with the same routes."""
    compiled: dict[object, dict[str, Any]] = {}
    plain = Rule.compile

    def kept(rule: Rule) -> None:
        of = (rule.rule, rule.host, rule.subdomain, repr(rule.defaults), rule.merge_slashes, rule.strict_slashes)
        if of not in compiled:
            plain(rule)
            compiled[of] = {
                name: getattr(rule, name) for name in ("arguments", "_parts", "_trace", "_converters", "_build", "_build_unknown")
            }
            return
        vars(rule).update(compiled[of], arguments=set(compiled[of]["arguments"]))
        for name in ("_build", "_build_unknown"):
            setattr(rule, name, getattr(rule, name).__func__.__get__(rule, None))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "compile", kept)
        yield


@pytest.fixture(scope="session", autouse=True)
def cheap_hashing() -> Iterator[PasswordHasher]:
    """argon2id at the lowest cost, as tests make and try hundreds of passwords. The real one is given, for those that are about it."""
    real = passwords._hasher
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        passwords._decoy.cache_clear()
        yield real
    passwords._decoy.cache_clear()


@pytest.fixture(scope="session")
def admin_url() -> str:
    """A PostgreSQL where databases may be made; `make test` starts one and says where."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        pytest.fail("DATABASE_URL names no PostgreSQL: use `make test`")
    return url


@pytest.fixture(scope="session")
def redis_url() -> str:
    """A Redis; each xdist worker takes a database number of its own."""
    url = os.environ.get("REDIS_URL")
    if not url:
        pytest.fail("REDIS_URL names no Redis: use `make test`")
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) + 1
    base, question, options = url.partition("?")
    if base.startswith("unix:"):
        return f"{base}?db={number}" + (f"&{options}" if options else "")
    scheme, rest = base.split("://", 1)
    return f"{scheme}://{rest.split('/', 1)[0]}/{number}{question}{options}"


@pytest.fixture(scope="session")
def new_database(admin_url: str) -> Iterator[Callable[[str], Urls]]:
    """Makes fresh, migrated databases, each a copy of one that is kept for that. The four roles on it."""
    template = f"muster_template_{os.getpid()}"
    made = provision(admin_url, template, SECRET, PREFIX)
    upgrade(made.owner, app_role=f"{PREFIX}_app", relay_role=f"{PREFIX}_relay", backup_role=f"{PREFIX}_backup")

    def make(name: str) -> Urls:
        clone_database(admin_url, template, name)
        return provision(admin_url, name, SECRET, PREFIX)

    yield make
    drop_database(admin_url, template)


@pytest.fixture(scope="session")
def urls(new_database: Callable[[str], Urls], admin_url: str) -> Iterator[Urls]:
    """The database of this process."""
    name = f"muster_test_{os.getpid()}"
    yield new_database(name)
    drop_database(admin_url, name)


@pytest.fixture(scope="session")
def settings(urls: Urls, admin_url: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings as an installation would have them."""
    return Settings(
        database_url=urls.owner.render_as_string(hide_password=False),
        database_role_prefix=PREFIX,
        redis_url=redis_url,
        secret_key=SECRET,
        var_dir=Path(tmp_path_factory.mktemp("var")),
    )


@pytest.fixture(scope="session")
def database(urls: Urls) -> Iterator[Database]:
    """Transactions as the run-time role: owns nothing, cannot bypass row-level security."""
    engine = make_engine(urls.app)
    yield Database(engine)
    engine.dispose()


@pytest.fixture
def pg(urls: Urls) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """A plain connection that reads everything and writes nothing (the backup role), for PostGIS as an oracle and for looking behind the walls."""
    with psycopg.connect(libpq(urls.backup)) as connection:
        yield connection
