"""Each wall holds with the other removed."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from app.accounts.lists import ALL, PeopleFilter
from app.accounts.models import Organization, Person
from app.accounts.queries import devices, people
from app.attendance import lookups
from app.attendance.lists import Slice
from app.attendance.models import Punch, Shift
from app.attendance.service import record_pings
from app.config import libpq
from app.db.transaction import BypassRefusedError, Database, make_engine, refuse_bypass
from app.embedded.provision import Urls
from app.geofences import queries as fences
from app.geofences.facts import FencesWanted
from app.tables import GLOBAL_TABLES, metadata
from tests.factories import NOW, Phone, World

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


@dataclass
class Rows:
    """What one organization has, as rows of each kind."""

    world: World
    fence: UUID
    phone: Phone

    @classmethod
    def fill(cls, database: Database) -> "Rows":
        world = World(database)
        world.instruction()
        fence, phone = world.circle(), world.phone()
        world.group("night", phone.person_id)
        record_pings(database, phone.claim, [phone.ping(NOW)], NOW, timedelta(days=7))
        hours = {"starts_at": NOW.time(), "ends_at": NOW.time(), "timezone": "UTC", "valid_from": NOW.date()}
        world.add(
            Punch(person_id=phone.person_id, kind="in", at=NOW, method="button"),
            Shift(person_id=phone.person_id, name="early", weekdays=[1], **hours),
        )
        return cls(world, fence, phone)


Asked = Callable[[Session, int, list[UUID], list[UUID]], Iterable[object]]
"""Asks for an organization with the people and the fences of both; gives what identifies the rows found."""

SINCE, UNTIL = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
PERIOD = Slice(SINCE, UNTIL)
PEOPLE_OF: dict[str, Asked] = {
    "people": lambda s, o, _p, _f: [one.id for one in people.people(s, o, PeopleFilter(), ALL)],
    "person": lambda s, o, p, _f: [one.id for each in p if (one := people.person(s, o, each))],
    "people_of_ids": lambda s, o, p, _f: [one.id for one in people.people_of_ids(s, o, p)],
    "names": lambda s, o, p, _f: people.names(s, o, p),
    "names_as_text": lambda s, o, _p, _f: map(UUID, people.names_as_text(s, o, None)),
    "everybody": lambda s, o, _p, _f: people.everybody(s, o),
    "memberships": lambda s, o, p, _f: [one.person_id for one in people.memberships(s, o, p)],
    "devices": lambda s, o, _p, _f: [one.person_id for one in devices.devices(s, o, own=None, revoked=False, window=ALL)],
    "presence_to_others": lambda s, o, _p, _f: [UUID(row[0]) for row in lookups.presence_to_others(s, o)],
    "last_seen": lambda s, o, p, _f: map(UUID, {**lookups.last_seen(s, o, None), **lookups.last_seen(s, o, list(map(str, p)))}),
    "own_presence": lambda s, o, p, _f: [each for each in p if lookups.own_presence(s, o, each)],
    "stays": lambda s, o, _p, _f: [one.person_id for one in lookups.stays(s, o, None, PERIOD, person_id=None, fence_id=None)],
    "stays of a reader": lambda s, o, p, _f: [
        one.person_id for reader in p for one in lookups.stays(s, o, reader, PERIOD, person_id=None, fence_id=None)
    ],
    "stays_overlapping": lambda s, o, p, _f: [one.person_id for one in lookups.stays_overlapping(s, o, None, p, SINCE, UNTIL)],
    "standings": lambda s, o, p, _f: [row[0] for row in lookups.standings(s, o, p)],
    "last_crossings": lambda s, o, p, _f: [one.person_id for each in p for one in lookups.last_crossings(s, o, each, 9)],
    "punches": lambda s, o, _p, _f: [one.person_id for one in lookups.punches(s, o, PERIOD, people=None)],
    "punches_around": lambda s, o, p, _f: [row.person_id for row in lookups.punches_around(s, o, p, SINCE, UNTIL)],
    "clock_out_missing": lambda s, o, _p, _f: [row.person_id for row in lookups.clock_out_missing(s, o, PERIOD, UNTIL)],
    "shifts_between": lambda s, o, p, _f: [one.person_id for one in lookups.shifts_between(s, o, p, NOW.date(), NOW.date())],
}
FENCES_OF: dict[str, Asked] = {
    "fence": lambda s, o, _p, f: [row[0].id for each in f if (row := fences.fence(s, o, each, None))],
    "fences": lambda s, o, _p, _f: [row[0].id for row in fences.fences(s, o, None, FencesWanted())],
    "current_fences": lambda s, o, _p, _f: [row[0].id for row in fences.current_fences(s, o)],
    "versions": lambda s, o, _p, f: [one.fence_id for each in f for one in fences.versions(s, o, each, before=9, limit=9)],
    "assignments": lambda s, o, _p, f: [one.fence_id for one in fences.assignments(s, o, f)],
    "fence names": lambda s, o, _p, _f: [row[0] for row in fences.names(s, o)],
}


@pytest.fixture(scope="module")
def unwalled(urls: Urls) -> Iterator[Database]:
    """Sessions of the backup role, which no policy binds: only what a query says itself keeps organizations apart."""
    engine = make_engine(urls.backup)
    yield Database(engine)
    engine.dispose()


@pytest.fixture(scope="module")
def both(database: Database) -> tuple[Rows, Rows]:
    """Two organizations with a row of each kind."""
    return Rows.fill(database), Rows.fill(database)


@pytest.mark.parametrize("query", [*PEOPLE_OF, *FENCES_OF])
def test_without_row_level_security_the_key_in_each_query_still_holds(query: str, unwalled: Database, both: tuple[Rows, Rows]) -> None:
    people_asked, fences_asked = [one.phone.person_id for one in both], [one.fence for one in both]
    for one in both:
        with unwalled.tenant(one.world.organization_id) as session:
            assert set(session.scalars(select(Person.id).where(Person.id.in_(people_asked)))) == set(people_asked), "the policy binds"
            ask = PEOPLE_OF.get(query) or FENCES_OF[query]
            found = set(ask(session, one.world.organization_id, people_asked, fences_asked))
        assert found == {one.phone.person_id if query in PEOPLE_OF else one.fence}


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
