"""Each wall holds with the other removed."""

from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from app.accounts.models import Organization, Person
from app.config import libpq
from app.db.transaction import BypassRefusedError, Database, make_engine, refuse_bypass
from app.embedded.provision import Urls
from app.tables import GLOBAL_TABLES, metadata

TENANT_TABLES = sorted(name for name in metadata.tables if name not in GLOBAL_TABLES)


def _organization(database: Database, person: str) -> int:
    with database.identity() as session:
        slug = f"walls-{uuid4().hex[:12]}"
        organization = Organization(
            slug=slug, name="W", contact_name="W", billing_address="W", telephone="+31201234567", email="w@example.org"
        )
        session.add(organization)
        session.flush()
        found = organization.id
    with database.tenant(found) as session:
        session.add(Person(organization_id=found, name=person))
    return found


def test_with_no_organization_set_there_are_no_rows(database: Database) -> None:
    _organization(database, "somebody")
    with database.identity() as session:
        assert session.scalars(select(Person)).all() == []


def test_a_query_that_forgot_the_organization_sees_only_its_own(database: Database) -> None:
    ours, theirs = _organization(database, "ours"), _organization(database, "theirs")
    with database.tenant(ours) as session:
        assert [person.name for person in session.scalars(select(Person))] == ["ours"]
        assert session.scalars(select(Person).where(Person.organization_id == theirs)).all() == []


def test_without_row_level_security_the_key_in_the_query_still_holds(
    database: Database, pg: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    ours, theirs = _organization(database, "ours"), _organization(database, "theirs")
    seen = pg.execute("SELECT organization_id, name FROM person WHERE organization_id IN (%s, %s) ORDER BY 1", (ours, theirs)).fetchall()
    assert seen == [(ours, "ours"), (theirs, "theirs")], "the backup role bypasses the policy"
    assert pg.execute("SELECT name FROM person WHERE organization_id = %s", (ours,)).fetchall() == [("ours",)]


def test_a_row_cannot_be_written_into_another_organization(database: Database) -> None:
    ours, theirs = _organization(database, "ours"), _organization(database, "theirs")
    with database.tenant(ours) as session:
        session.add(Person(organization_id=theirs, name="smuggled"))
        with pytest.raises(ProgrammingError, match="row-level security"):
            session.flush()
        session.rollback()


def test_a_foreign_key_cannot_reach_another_organization(database: Database) -> None:
    ours, theirs = _organization(database, "ours"), _organization(database, "theirs")
    with database.tenant(theirs) as session:
        foreign = session.scalars(select(Person.id)).one()
    with pytest.raises(Exception, match="foreign key"), database.tenant(ours) as session:
        session.execute(
            text("INSERT INTO attendance_state (organization_id, person_id, state) VALUES (:o, :p, '{}')"), {"o": ours, "p": foreign}
        )


def test_the_organization_is_forgotten_at_the_end_of_the_transaction(database: Database) -> None:
    ours = _organization(database, "ours")
    with database.tenant(ours) as session:
        connection = session.connection()
        backend = connection.scalar(text("SELECT pg_backend_pid()"))
    for _ in range(20):
        with database.identity() as session:
            if session.connection().scalar(text("SELECT pg_backend_pid()")) == backend:
                assert session.scalars(select(Person)).all() == []
                return
    pytest.fail("the pool never gave the same connection back")


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_every_tenant_table_is_walled_and_keyed_by_its_organization(table: str, pg: "psycopg.Connection[tuple[object, ...]]") -> None:
    walled = pg.execute(
        "SELECT relrowsecurity, relforcerowsecurity, (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid AND p.polwithcheck IS NOT NULL"
        " AND pg_get_expr(p.polqual, p.polrelid) LIKE '%%app.organization_id%%') FROM pg_class c WHERE oid = %s::regclass",
        (table,),
    ).fetchone()
    assert walled == (True, True, 1)
    first = pg.execute(
        "SELECT i.indexrelid::regclass::text, a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]"
        " JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam WHERE i.indrelid = %s::regclass AND m.amname = 'btree'",
        (table,),
    ).fetchall()
    assert first
    assert [index for index, column in first if column != "organization_id"] == []


def test_every_foreign_key_between_tenant_tables_carries_the_organization() -> None:
    bare = [
        f"{table.name}.{key.name}"
        for table in metadata.tables.values()
        for key in table.foreign_key_constraints
        if table.name not in GLOBAL_TABLES and key.referred_table.name not in GLOBAL_TABLES and key.column_keys[0] != "organization_id"
    ]
    assert bare == []


def test_every_column_carries_its_privacy_tag() -> None:
    untagged = [
        f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.columns if "privacy" not in column.info
    ]
    assert untagged == []


def test_nobody_may_go_around_the_policy_through_a_partition(urls: Urls) -> None:
    with psycopg.connect(libpq(urls.app)) as connection:
        partitions = connection.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'sighting'::regclass"
        ).fetchall()
        assert partitions
        granted = connection.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'sighting'::regclass AND has_table_privilege(inhrelid, 'SELECT')"
        ).fetchall()
        assert granted == []


def test_the_ledgers_cannot_be_rewritten(urls: Urls) -> None:
    with psycopg.connect(libpq(urls.app)) as connection:
        for table in ("switch_event", "statement_acceptance"):
            for right in ("UPDATE", "DELETE", "TRUNCATE"):
                assert connection.execute("SELECT has_table_privilege(%s, %s)", (table, right)).fetchone() == (False,)


def test_the_relay_sees_that_work_waits_but_not_what_is_in_it(urls: Urls) -> None:
    with psycopg.connect(libpq(urls.relay)) as connection:
        connection.execute("SELECT organization_id, id, kind, due_at FROM outbox")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT body FROM outbox")


@pytest.mark.parametrize("role", ["owner", "backup"])
def test_serving_as_a_role_that_could_go_around_the_wall_is_refused(urls: Urls, database: Database, role: str) -> None:
    engine = make_engine(getattr(urls, role))
    with pytest.raises(BypassRefusedError):
        refuse_bypass(engine)
    engine.dispose()
    refuse_bypass(database.engine)
