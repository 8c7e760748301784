"""Real workers and relays, killed without warning, with Redis and database connections: nothing is lost, nothing is doubled."""

import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Any

import psycopg
import pytest
from redis import Redis

from app.db.transaction import Database
from app.outbox.publish import publish_all
from tests.factories import World
from tests.outbox.conftest import Connect, Start
from tests.processes import OwnRedis, until

DUE = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)
GATE = 4711
WORKER = ("-m", "tests.outbox.effects")
RELAY = ("-c", "from app.cli import main; main(['relay'])")
pytestmark = pytest.mark.usefixtures("redis")
Owner = psycopg.Connection[Any]


@pytest.fixture(scope="module")
def world(database: Database) -> World:
    return World(database)


def publish(world: World, kind: str, count: int = 1) -> list[str]:
    names = [f"effect {number}" for number in range(count)]
    with world.database.tenant(world.organization_id) as session:
        publish_all(session, world.organization_id, [(kind, {"name": name, "gate": GATE}, DUE) for name in names])
    return names


def done(owner: Owner) -> list[str]:
    return [name for (name,) in owner.execute("SELECT name FROM effect ORDER BY length(name), name").fetchall()]


def waiting(owner: Owner, *, hurry: bool = False) -> int:
    if hurry:
        end_leases(owner)
    row = owner.execute("SELECT count(*) FROM outbox").fetchone()
    assert row
    return int(row[0])


def at_gate(owner: Owner) -> list[int]:
    """Server processes that wait for the gate."""
    return [pid for (pid,) in owner.execute("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted", [GATE])]


def end_leases(owner: Owner) -> None:
    """As if the time of every lease had passed."""
    owner.execute("UPDATE outbox SET lease_until = now() WHERE lease_until > now()")


@contextmanager
def gate_closed(connect: Connect) -> Iterator[None]:
    with connect() as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [GATE])
        yield


def test_a_worker_killed_in_the_middle_of_its_work_leaves_no_trace_and_another_does_it(
    world: World, owner: Owner, start: Start, connect: Connect
) -> None:
    names = publish(world, "test.gate")
    with gate_closed(connect):
        start(*RELAY)
        worker = start(*WORKER)
        until(lambda: at_gate(owner))
        worker.kill()
        worker.wait()
        for pid in at_gate(owner):
            owner.execute("SELECT pg_terminate_backend(%s)", [pid])  # the server would notice by itself when it next writes to the socket
        until(lambda: not at_gate(owner))
    assert (done(owner), waiting(owner)) == ([], 1)
    start(*WORKER)
    end_leases(owner)
    until(lambda: not waiting(owner))
    assert done(owner) == names


def test_relay_and_worker_outlive_redis_and_their_connections_and_end_when_asked(
    world: World, owner: Owner, own_redis: OwnRedis, redis: Redis, start: Start
) -> None:
    relay = start(*RELAY)
    names = publish(world, "test.effect", 120)
    until(lambda: redis.llen("rq:queue:muster"))
    own_redis.kill()  # with all jobs in it
    own_redis.start()
    worker = start(*WORKER)
    end_leases(owner)
    until(lambda: not waiting(owner))
    assert done(owner) == names

    others = "FROM pg_stat_activity WHERE datname = current_database() AND usename <> current_user"
    pids = [pid for (pid, _) in owner.execute(f"SELECT pid, pg_terminate_backend(pid) {others}").fetchall()]
    until(lambda: owner.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(%s)", [pids]).fetchone() == (0,))
    own_redis.kill()
    own_redis.start()
    world.database.engine.dispose()  # our own connections were among them
    publish(world, "test.effect", 2)
    until(lambda: not waiting(owner, hurry=True))
    assert len(done(owner)) == len(names) + 2
    assert (relay.poll(), worker.poll()) == (None, None)

    relay.send_signal(signal.SIGTERM)
    worker.send_signal(signal.SIGINT)
    assert (relay.wait(20), worker.wait(20)) == (0, 0)


def test_whatever_is_killed_in_whatever_order_every_piece_of_work_is_done_once(
    world: World, owner: Owner, own_redis: OwnRedis, start: Start, connect: Connect
) -> None:
    chance = random.Random(2)
    over = Event()

    def impatience() -> None:
        """Leases end far too early, so that rows are offered again while somebody is at them."""
        with connect() as connection:
            while not over.wait(0.2):
                end_leases(connection)
                connection.execute("UPDATE outbox SET attempts = 0")

    hurry = Thread(target=impatience)
    hurry.start()
    try:
        names = publish(world, "test.effect", 600)
        processes = {kind: start(*kind) for kind in (RELAY, WORKER)}
        for _ in range(4):
            until(lambda: waiting(owner) < 600)
            over.wait(chance.uniform(0.0, 0.4))
            if chance.random() < 0.3:
                own_redis.kill()
                own_redis.start()
            else:
                kind = chance.choice([RELAY, WORKER])
                processes[kind].kill()
                processes[kind] = start(*kind)
        for kind, process in processes.items():
            if process.poll() is not None:
                start(*kind)
        until(lambda: not waiting(owner), within_s=60)
    finally:
        over.set()
        hurry.join()
    assert done(owner) == names
