"""Real processes: the live process alone, and behind the web process's address."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic
from typing import NamedTuple
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import wiring
from app.accounts.models import Member, OrganizationModule, UserSession
from app.accounts.queries import identity
from app.accounts.service import members, organizations, people, sessions
from app.config import Settings, libpq
from app.db.transaction import Database
from app.embedded.provision import Urls
from app.outbox.publish import live, live_hot
from app.serve import answers
from tests.factories import World
from tests.live.conftest import Reader, SignedIn, Start, free_port, sign_in
from tests.processes import until

NOW = datetime.now(UTC)
SETTINGS = Settings(
    database_url="postgresql://nobody@127.0.0.1:1/none",
    redis_url="redis://127.0.0.1:1/0",
    secret_key="any that has forty characters, or some more",
)


class House(NamedTuple):
    """Ports of the processes."""

    web: int
    live: int
    deaf: int
    """A live process whose Redis is away."""


@pytest.fixture(scope="module")
def house(start: Start) -> House:
    house = House(free_port(), free_port(), free_port())
    start("live", live_bind=f"127.0.0.1:{house.live}")
    start("live", live_bind=f"127.0.0.1:{house.deaf}", redis_url="redis://127.0.0.1:1/0")
    start("web", bind=f"127.0.0.1:{house.web}", live_bind=f"127.0.0.1:{house.live}", web_workers=1, web_threads=2)
    for port in house:
        until(partial(answers, f"127.0.0.1:{port}"), within_s=90)
    return house


@pytest.fixture(scope="module")
def manager(world: World, settings: Settings) -> SignedIn:
    return sign_in(world, settings, "manager")


def tell(world: World, person_id: UUID | None, **body: object) -> None:
    with world.database.tenant(world.organization_id) as session:
        live(session, world.organization_id, "presence", body, person_id=person_id)


def bodies(reader: Reader, count: int) -> list[object]:
    return [json.loads(reader.event()["data"])["body"] for _ in range(count)]


@pytest.fixture
def opened() -> Iterator[list[Reader]]:
    readers: list[Reader] = []
    yield readers
    for reader in readers:
        reader.close()


def test_a_manager_sees_everybody_and_an_employee_only_what_is_about_them(
    house: House, world: World, manager: SignedIn, settings: Settings
) -> None:
    employee = sign_in(world, settings, "employee")
    everything, own = Reader(house.web, manager), Reader(house.live, employee)
    assert (everything.ready(), own.ready()) == (False, False)
    tell(world, manager.person_id, n=1)
    tell(world, employee.person_id, n=2)
    tell(world, None, n=3)
    tell(world, employee.person_id, n=4)
    assert bodies(everything, 4) == [{"n": 1}, {"n": 2}, {"n": 3}, {"n": 4}]
    assert bodies(own, 2) == [{"n": 2}, {"n": 4}]
    everything.close()
    own.close()


def test_the_answer_is_a_stream_that_nobody_may_keep(house: House, manager: SignedIn) -> None:
    reader = Reader(house.web, manager)
    headers = reader.response.headers
    assert (reader.response.status, headers["Content-Type"], headers["Cache-Control"]) == (
        200,
        "text/event-stream",
        "no-store",
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    reader.close()


def test_who_may_not_look_is_told_as_everywhere(house: House, world: World, settings: Settings, database: Database) -> None:
    elsewhere = World(database)
    with database.tenant(elsewhere.organization_id) as session:
        session.delete(session.get_one(OrganizationModule, (elsewhere.organization_id, "attendance")))
    fresh, off = sign_in(world, settings, "owner", must_change_password=True), sign_in(elsewhere, settings, "owner")
    found = [Reader(house.web, member) for member in (None, fresh, off)]
    assert [reader.response.status for reader in found] == [401, 403, 404]
    assert {reader.response.headers["Content-Type"] for reader in found} == {"application/problem+json"}


def test_a_stream_goes_on_where_it_broke_off_and_hears_what_committed_late(
    house: House, world: World, manager: SignedIn, urls: Urls
) -> None:
    first = Reader(house.web, manager)
    first.ready()
    tell(world, None, n=1)
    assert bodies(first, 1) == [{"n": 1}]
    with psycopg.connect(libpq(urls.app)) as slow:
        slow.execute(f"SET LOCAL app.organization_id = {world.organization_id:d}")
        live_hot(slow, world.organization_id, [("presence", None, {"n": "late"})])
        tell(world, None, n=2)
        assert bodies(first, 1) == [{"n": 2}]
        first.frame()
        cursor = first.last_event_id
        first.close()
        tell(world, None, n=3)
        slow.commit()
    second = Reader(house.web, manager, cursor)
    assert second.ready()
    told = bodies(second, 2)
    assert {"n": "late"} in told
    assert {"n": 3} in told
    second.close()


@pytest.mark.parametrize("last_event_id", ["nonsense", "A" * 300])
def test_a_cursor_that_is_none_begins_anew(house: House, manager: SignedIn, last_event_id: str) -> None:
    reader = Reader(house.live, manager, last_event_id)
    assert not reader.ready()
    reader.close()


def test_without_redis_news_comes_within_seconds(house: House, world: World, manager: SignedIn) -> None:
    reader = Reader(house.deaf, manager)
    reader.ready()
    tell(world, None, n=1)
    assert bodies(reader, 1) == [{"n": 1}]
    reader.close()


def test_streams_hold_no_thread_of_the_web_process_and_a_kept_connection_may_turn_into_one(
    house: House, world: World, settings: Settings, opened: list[Reader]
) -> None:
    for _ in range(3):
        member = sign_in(world, settings, "manager")
        opened += [Reader(house.web, member) for _ in range(4)]
    kept = HTTPConnection("127.0.0.1", house.web, timeout=10)
    for _ in range(5):
        kept.request("GET", "/healthz")
        assert kept.getresponse().read() == b'{"status":"ok"}'
    kept.request("GET", "/api/v1/stream", headers={"Cookie": sign_in(world, settings, "manager").cookie})
    assert kept.getresponse().readline().startswith(b"retry: ")
    kept.close()
    tell(world, None, n=9)
    for reader in opened:
        reader.ready()
        assert bodies(reader, 1) == [{"n": 9}]


def end(session: Session, world: World, member: SignedIn, how: str) -> None:
    """Take the right to a stream away."""
    own = session.scalars(select(UserSession.public_id).where(UserSession.user_account_id == member.user_id)).one()
    as_member = session.scalars(select(Member.id).where(Member.person_id == member.person_id)).one()
    match how:
        case "signed out":
            sessions.end_session(session, member.user_id, own, NOW)
        case "a new cookie":
            sessions.rotate_session(session, own, NOW, SETTINGS)
        case "signed out by an owner":
            members.end_member_sessions(session, world.organization_id, as_member, NOW)
        case "a new password by an owner":
            members.reset_password(session, world.organization_id, as_member, NOW, SETTINGS)
        case "other roles":
            members.set_roles(session, world.organization_id, as_member, ["employee"])
        case "no member":
            members.end_member(session, world.organization_id, as_member, NOW)
        case "left":
            people.leave(session, people.get_person(session, world.organization_id, member.person_id, lock=True), NOW)
        case "module off":
            organizations.set_modules(session, world.organization_id, ["geofence"])


@pytest.mark.parametrize(
    "how",
    [
        "signed out",
        "a new cookie",
        "signed out by an owner",
        "a new password by an owner",
        "other roles",
        "no member",
        "left",
        "module off",
    ],
)
def test_a_stream_ends_at_once_with_the_right_to_it(
    house: House, settings: Settings, database: Database, opened: list[Reader], how: str
) -> None:
    """Far sooner than the question of every 30 seconds would find out, and without waiting for news."""
    world = World(database)
    sign_in(world, settings, "owner")
    member = sign_in(world, settings, "manager")
    opened.append(Reader(house.web, member))
    opened[0].ready()
    with wiring.build(settings, database.engine).database.tenant(world.organization_id) as session:
        end(session, world, member, how)
    changed = monotonic()
    assert opened[0].event() == {}
    assert monotonic() - changed < 15


def test_a_session_that_ends_outside_of_any_organization_ends_its_streams_too(
    house: House, world: World, settings: Settings, database: Database, opened: list[Reader]
) -> None:
    """As an operator's command does it, in a transaction on global tables."""
    member = sign_in(world, settings, "manager")
    opened.append(Reader(house.live, member))
    opened[0].ready()
    with wiring.build(settings, database.engine).database.identity() as session:
        identity.end_sessions(session, NOW, member.user_id)
    changed = monotonic()
    assert opened[0].event() == {}
    assert monotonic() - changed < 15


def test_counters_are_those_of_all_web_processes_whichever_answers(start: Start, house: House, tmp_path: Path) -> None:
    port, sent, counters = free_port(), 0, tmp_path / "metrics"
    counters.mkdir()
    (counters / "counter_1.db").write_bytes(b"of a process of long ago")
    start("web", bind=f"127.0.0.1:{port}", live_bind=f"127.0.0.1:{house.live}", web_workers=2, web_threads=1, var_dir=tmp_path)
    until(lambda: answers(f"127.0.0.1:{port}"), within_s=90)

    def both_answered() -> bool:
        nonlocal sent
        with ThreadPoolExecutor(8) as browsers:
            sent += len(list(browsers.map(lambda _: got(port, "/api/v1/csrf-token"), range(8))))
        return sum(b"csrf-token" in file.read_bytes() for file in counters.glob("counter_*.db")) == 2

    until(both_answered, within_s=90)
    counted = {line for _ in range(12) for line in got(port, "/metrics").splitlines() if line.startswith(CSRF_TOKENS)}
    assert counted == {CSRF_TOKENS + b" %d.0" % sent}


CSRF_TOKENS = b'muster_requests_total{method="GET",rule="/api/v1/csrf-token",status="200"}'


def got(port: int, path: str) -> bytes:
    """The body, over a connection of its own, so that any of the processes may answer."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", path)
        return connection.getresponse().read()


def test_a_live_process_that_is_away_is_no_fault_of_the_caller(start: Start, house: House, world: World, manager: SignedIn) -> None:
    port = free_port()
    start("web", bind=f"127.0.0.1:{port}", live_bind="127.0.0.1:1", web_workers=1)
    until(lambda: answers(f"127.0.0.1:{port}"), within_s=90)
    reader = Reader(port, manager)
    assert (reader.response.status, reader.response.headers["Content-Type"]) == (503, "application/problem+json")
