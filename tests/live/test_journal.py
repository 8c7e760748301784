"""Nothing that commits late is missed, nothing is told twice."""

import random
from collections.abc import Iterator
from threading import Thread
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config import libpq
from app.db.transaction import Database
from app.embedded.provision import Urls
from app.outbox import journal
from app.outbox.journal import AT_ONCE_MAX, EVERYTHING, Event, Seen
from app.outbox.publish import live_all, live_hot
from tests.factories import World

Connection = psycopg.Connection[Any]


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


@pytest.fixture
def writers(urls: Urls, world: World) -> Iterator[list[Connection]]:
    """Connections that write as the app does, each with a transaction of its own that ends when the test says so."""
    opened = [psycopg.connect(libpq(urls.app)) for _ in range(3)]
    for connection in opened:
        connection.execute(f"SET app.organization_id = {world.organization_id:d}")
        connection.commit()
    yield opened
    for connection in opened:
        connection.close()


def tell(connection: Connection, world: World, *numbers: int) -> None:
    live_hot(connection, world.organization_id, [("presence", None, {"n": number}) for number in numbers])


def read(world: World, since: Seen) -> tuple[Seen, list[int]]:
    with world.database.hot(world.organization_id) as connection:
        seen, events = journal.read(connection, world.organization_id, since)
    assert events is not None
    return seen, [event.body["n"] for event in events]


def test_what_commits_late_is_told_when_it_commits_although_its_id_is_older(world: World, writers: list[Connection]) -> None:
    slow, quick, _ = writers
    start, _old = read(world, EVERYTHING)
    tell(slow, world, 1)
    tell(quick, world, 2)
    quick.commit()
    seen, news = read(world, start)
    assert news == [2]
    slow.commit()
    seen, news = read(world, seen)
    assert news == [1]
    assert read(world, seen)[1] == []


def test_a_transaction_that_takes_for_ever_holds_up_nobody(world: World, writers: list[Connection]) -> None:
    stuck, quick, _ = writers
    tell(stuck, world, 0)
    seen, _ = read(world, EVERYTHING)
    for number in (1, 2, 3):
        tell(quick, world, number)
        quick.commit()
        seen, news = read(world, seen)
        assert news == [number]


def test_what_is_rolled_back_is_never_told(world: World, writers: list[Connection]) -> None:
    start, _ = read(world, EVERYTHING)
    tell(writers[0], world, 1)
    writers[0].rollback()
    assert read(world, start)[1] == []


def test_news_of_another_organization_is_not_told(world: World, writers: list[Connection]) -> None:
    other = World(world.database)
    start, _ = read(other, EVERYTHING)
    tell(writers[0], world, 1)
    writers[0].commit()
    assert read(other, start)[1] == []


def test_in_any_order_of_beginnings_and_ends_each_reader_is_told_everything_once(world: World, writers: list[Connection]) -> None:
    chance = random.Random(7)
    readers = [read(world, EVERYTHING)[0] for _ in range(3)]
    told: list[list[int]] = [[], [], []]
    open_: list[list[int]] = [[], [], []]
    committed: list[int] = []
    for number in range(150):
        writer, reader = chance.randrange(3), chance.randrange(3)
        tell(writers[writer], world, number)
        open_[writer].append(number)
        if chance.random() < 0.4:
            keep = chance.random() < 0.8
            (writers[writer].commit if keep else writers[writer].rollback)()
            committed += open_[writer] if keep else []
            open_[writer] = []
        readers[reader], news = read(world, readers[reader])
        told[reader] += news
    for connection in writers:
        connection.rollback()
    for reader in range(3):
        told[reader] += read(world, readers[reader])[1]
    assert [sorted(one) for one in told] == [sorted(committed)] * 3


def test_writers_and_a_reader_side_by_side(world: World) -> None:
    def write(first: int) -> None:
        for number in range(first, first + 100):
            with world.database.tenant(world.organization_id) as session:
                live_all(session, world.organization_id, [("presence", None, {"n": number})])

    seen, told = read(world, EVERYTHING)[0], list[int]()
    threads = [Thread(target=write, args=(first,)) for first in (0, 100, 200, 300)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        seen, news = read(world, seen)
        told += news
    told += read(world, seen)[1]
    assert sorted(told) == list(range(400))


def test_more_than_anybody_should_be_sent_is_not_sent(world: World) -> None:
    start, _ = read(world, EVERYTHING)
    with world.database.tenant(world.organization_id) as session:
        live_all(session, world.organization_id, [("presence", None, {"n": number}) for number in range(AT_ONCE_MAX + 1)])
    with world.database.hot(world.organization_id) as connection:
        assert journal.read(connection, world.organization_id, start)[1] is None


def test_an_event_is_read_as_it_was_written(world: World) -> None:
    phone = world.phone()
    start, _ = read(world, EVERYTHING)
    with world.database.tenant(world.organization_id) as session:
        live_all(session, world.organization_id, [("presence", phone.person_id, {"n": 1, "é": None})])
    with world.database.hot(world.organization_id) as connection:
        seen, events = journal.read(connection, world.organization_id, start)
    assert events is not None
    [event] = events
    assert event == Event(event.transaction_id, "presence", phone.person_id, {"n": 1, "é": None}, event.at)
    assert seen.has(event.transaction_id)
    assert not start.has(event.transaction_id)


@given(st.integers(1, 2**62), st.frozensets(st.integers(0, 2**62), max_size=20))
def test_a_snapshot_is_written_and_read_as_postgresql_does(end: int, open_: frozenset[int]) -> None:
    seen = Seen(end, frozenset(number for number in open_ if number < end))
    assert Seen.read(str(seen)) == seen


@pytest.mark.parametrize("text", ["", "1:2", "1:2:3,", "1:2:x", "a", "1:2:3 ", "1:99999999999999999999:"])
def test_what_is_no_snapshot_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a snapshot"):
        Seen.read(text)


def test_postgresql_writes_snapshots_so(world: World, writers: list[Connection]) -> None:
    tell(writers[0], world, 1)
    tell(writers[2], world, 2)
    writers[2].commit()
    text = writers[1].execute("SELECT pg_current_snapshot()::text").fetchone()
    assert text
    assert str(Seen.read(text[0])) == text[0]
    assert not text[0].endswith(":")
