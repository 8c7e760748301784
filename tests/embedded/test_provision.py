import os
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psycopg
import pytest
from sqlalchemy.engine import make_url

from app.embedded.errors import ProvisionError
from app.embedded.provision import Urls, clone_database, connect, drop_database, provision

SECRET_KEY = "0123456789abcdef" * 4


@dataclass
class Provisioned:
    admin_url: str
    database: str
    prefix: str
    urls: Urls


@pytest.fixture(scope="module")
def made(admin_url: str) -> Iterator[Provisioned]:
    name = f"t{os.getpid()}_{secrets.token_hex(3)}"
    made = Provisioned(admin_url, name, name, provision(admin_url, name, SECRET_KEY, name))
    with connect(made.urls.owner) as owner:
        owner.execute("CREATE TABLE thing (id bigint GENERATED ALWAYS AS IDENTITY, name text); INSERT INTO thing (name) VALUES ('a')")
        owner.execute(
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON thing TO {name}_app; GRANT SELECT ON thing TO {name}_backup"
        )  # as migrations do
    yield made
    drop_database(admin_url, name)
    with connect(make_url(admin_url).set(database="postgres")) as admin:
        for role in ("app", "relay", "backup", "owner"):
            admin.execute(f"DROP ROLE {name}_{role}")


def test_only_the_backup_role_may_pass_row_level_security_and_nobody_is_a_superuser(made: Provisioned) -> None:
    with connect(made.urls.app) as app:
        rows = app.execute(
            "SELECT rolname, rolbypassrls FROM pg_roles WHERE rolname LIKE %s AND NOT (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication)",
            [made.prefix + "%"],
        ).fetchall()
    assert {name.removeprefix(made.prefix): bypass for name, bypass in rows} == {
        "_owner": False,
        "_app": False,
        "_relay": False,
        "_backup": True,
    }


def test_the_app_reads_and_writes_what_the_owner_makes_and_owns_nothing(made: Provisioned) -> None:
    with connect(made.urls.app) as app:
        app.execute("INSERT INTO thing (name) VALUES ('b')")
        app.execute("UPDATE thing SET name = 'c' WHERE name = 'b'")
        app.execute("DELETE FROM thing WHERE name = 'c'")
        for statement in ("CREATE TABLE mine ()", "DROP TABLE thing", "TRUNCATE thing", "ALTER TABLE thing DISABLE ROW LEVEL SECURITY"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(statement)


def test_the_backup_role_reads_everything_and_writes_nothing(made: Provisioned) -> None:
    with connect(made.urls.backup) as backup:
        assert backup.execute("SELECT name FROM thing").fetchall() == [("a",)]
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            backup.execute("DELETE FROM thing")
        backup.execute("SET default_transaction_read_only = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            backup.execute("DELETE FROM thing")


def test_the_relay_sees_nothing_until_a_migration_grants_it(made: Provisioned) -> None:
    with connect(made.urls.relay) as relay, pytest.raises(psycopg.errors.InsufficientPrivilege):
        relay.execute("SELECT FROM thing")


def test_postgis_is_there_for_the_app(made: Provisioned) -> None:
    with connect(made.urls.app) as app:
        assert app.execute("SELECT ST_Covers('POLYGON((0 0,0 2,2 2,2 0,0 0))', ST_Point(1, 1))").fetchone() == (True,)


def test_provisioning_again_at_the_same_time_changes_nothing(made: Provisioned) -> None:
    with ThreadPoolExecutor(4) as pool:
        again = list(pool.map(lambda _: provision(made.admin_url, made.database, SECRET_KEY, made.prefix), range(4)))
    assert again == [made.urls] * 4
    with connect(made.urls.owner) as owner:
        assert owner.execute("SELECT name FROM thing").fetchall() == [("a",)]


def test_another_secret_key_changes_the_passwords(made: Provisioned) -> None:
    other = provision(made.admin_url, made.database, "f" * 64, made.prefix)
    assert other.app.password != made.urls.app.password
    connect(other.app).close()
    provision(made.admin_url, made.database, SECRET_KEY, made.prefix)
    connect(made.urls.app).close()


@pytest.fixture
def existing(made: Provisioned) -> Iterator[str]:
    """A database that somebody made before Muster came."""
    name = f"{made.database}_foreign"
    with connect(make_url(made.admin_url).set(database="postgres")) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    yield name
    drop_database(made.admin_url, name)


def test_an_empty_database_of_whoever_gives_the_address_is_taken(made: Provisioned, existing: str) -> None:
    for _ in range(2):
        urls = provision(made.admin_url, existing, SECRET_KEY, made.prefix)
        with connect(urls.owner) as owner:
            owner.execute("CREATE TABLE IF NOT EXISTS ours ()")


def test_a_database_of_somebody_else_is_refused(made: Provisioned, existing: str) -> None:
    with connect(make_url(made.admin_url).set(database="postgres")) as admin:
        admin.execute(f"ALTER DATABASE {existing} OWNER TO {made.prefix}_relay")
    with pytest.raises(ProvisionError, match="does not belong"):
        provision(made.admin_url, existing, SECRET_KEY, made.prefix)


def test_a_database_that_holds_other_tables_is_left_alone(made: Provisioned, existing: str) -> None:
    with connect(make_url(made.admin_url).set(database=existing)) as admin:
        admin.execute("CREATE TABLE invoices ()")
    with pytest.raises(ProvisionError, match="invoices"):
        provision(made.admin_url, existing, SECRET_KEY, made.prefix)


def test_a_user_without_the_right_is_told_what_is_needed(made: Provisioned) -> None:
    with pytest.raises(ProvisionError, match="superuser"):
        provision(made.urls.app, "another", SECRET_KEY, "another")


def test_a_clone_has_the_rows_and_the_rights_of_its_template(made: Provisioned) -> None:
    name = f"{made.database}_clone"
    try:
        for _ in range(2):
            clone_database(made.admin_url, made.database, name)
            with connect(made.urls.on(name).app) as app:
                assert app.execute("SELECT name FROM thing").fetchall() == [("a",)]
                app.execute("DELETE FROM thing")
            with connect(made.urls.on(name).owner) as owner:
                owner.execute("DROP TABLE thing")
    finally:
        drop_database(made.admin_url, name)


def test_a_clone_of_nothing_says_so(admin_url: str) -> None:
    with pytest.raises(ProvisionError, match="no database"):
        clone_database(admin_url, "nowhere_to_be_found", "x")
