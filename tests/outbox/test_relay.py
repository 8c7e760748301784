import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.job import Job
from structlog.testing import capture_logs

from app.adapters.hints import NEWS
from app.config import Settings
from app.db.transaction import Database
from app.outbox.publish import Work, publish_all
from app.outbox.relay import ATTEMPTS_MAX, JOBS_WAITING_MAX, QUEUE, URGENT_JOBS_MAX, Connection, Relay, packed
from app.outbox.report import OutboxCollector, Report, read_report
from tests.factories import World

DUE = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)
SECRET = "the canary sings"
Owner = psycopg.Connection[Any]


@pytest.fixture(scope="module")
def world(database: Database) -> World:
    return World(database)


@pytest.fixture
def relay(redis: Redis) -> Relay:
    return Relay(lambda: pytest.fail("not asked for"), redis, NEWS, {"test.long"}, Event())


def publish(world: World, *work: Work) -> None:
    with world.database.tenant(world.organization_id) as session:
        publish_all(session, world.organization_id, work)


def jobs(redis: Redis) -> Iterator[list[Any]]:
    queue = Queue(QUEUE, connection=redis, serializer="json")
    for job_id in queue.job_ids:
        yield Job.fetch(job_id, connection=redis, serializer="json").args[0]


def test_due_work_of_all_organizations_is_offered_fifty_to_a_job_and_long_work_alone(
    world: World, relay: Relay, relay_connection: Connection, redis: Redis, owner: Owner
) -> None:
    other = World(world.database)
    publish(world, *[("test.effect", {"text": SECRET}, DUE)] * 70)
    publish(other, *[("test.effect", {"text": SECRET}, DUE)] * 40, *[("test.long", {"text": SECRET}, DUE)] * 2)
    publish(other, ("test.effect", {}, datetime.now(UTC) + timedelta(hours=1)))
    assert relay.step(relay_connection, 500) == 112
    offered = list(jobs(redis))
    assert sorted(map(len, offered)) == [1, 1, 10, 50, 50]
    rows = {(organization_id, work_id) for job in offered for organization_id, work_id in job}
    expected = owner.execute("SELECT organization_id, id::text FROM outbox WHERE due_at <= now()").fetchall()
    assert rows == set(expected)
    assert relay.step(relay_connection, 500) == 0


def test_redis_holds_ids_only(world: World, relay: Relay, relay_connection: Connection, redis: Redis, owner: Owner) -> None:
    publish(world, ("test.effect", {"text": SECRET}, DUE))
    relay.step(relay_connection, 500)
    kept = b"".join(redis.dump(key) or b"" for key in redis.keys("*"))
    assert kept
    assert SECRET.encode() not in kept


def test_the_relay_cannot_read_what_is_in_the_work(relay_connection: Connection) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        relay_connection.execute("SELECT body FROM outbox")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        relay_connection.execute("DELETE FROM outbox")


def test_a_lease_doubles_with_every_attempt_and_stops_growing_at_five_minutes(
    world: World, relay: Relay, relay_connection: Connection, redis: Redis, owner: Owner
) -> None:
    publish(world, ("test.effect", {}, DUE))
    leases = []
    while relay.step(relay_connection, 500):
        row = owner.execute("SELECT round(extract(epoch FROM lease_until - now()))::int, attempts FROM outbox").fetchone()
        leases.append(row)
        owner.execute("UPDATE outbox SET lease_until = now()")
    seconds = [20, 40, 80, 160, *[300] * (ATTEMPTS_MAX - 4)]
    assert leases == list(zip(seconds, range(1, ATTEMPTS_MAX + 1), strict=True))
    assert len(set(redis.keys("rq:job:*"))) == ATTEMPTS_MAX


def test_work_that_used_up_its_attempts_is_dead_and_the_operator_is_told(
    world: World, relay: Relay, relay_connection: Connection, redis: Redis, owner: Owner
) -> None:
    publish(world, ("test.broken", {"text": SECRET}, DUE), ("test.effect", {}, DUE))
    owner.execute("UPDATE outbox SET attempts = %s, problem = 'ValueError', lease_until = now() WHERE kind = 'test.broken'", [ATTEMPTS_MAX])
    with capture_logs() as logs:
        relay.survey(relay_connection)
        relay.survey(relay_connection)
    dead = [line for line in logs if line["event"] == "work_dead"]
    assert [(line["log_level"], line["kind"], line["problem"]) for line in dead] == [("error", "test.broken", "ValueError")]
    assert SECRET not in json.dumps(logs)
    report = read_report(redis)
    assert report
    assert (report.waiting, report.dead) == (1, 1)
    assert report.oldest_due_s > 0
    assert relay.step(relay_connection, 500) == 1


def test_an_empty_outbox_reports_nothing_waiting(relay: Relay, relay_connection: Connection, redis: Redis, owner: Owner) -> None:
    assert read_report(redis) is None
    relay.survey(relay_connection)
    assert read_report(redis) == Report(waiting=0, dead=0, oldest_due_s=0.0)


def test_metrics_show_what_the_relay_counted_and_whether_there_is_one(
    world: World, relay: Relay, relay_connection: Connection, owner: Owner, settings: Settings
) -> None:
    def gauges(url: str) -> dict[str, float]:
        return {sample.name: sample.value for family in OutboxCollector(url).collect() for sample in family.samples}

    publish(world, ("test.effect", {}, DUE))
    relay.survey(relay_connection)
    found = gauges(settings.redis_url)
    assert found.pop("muster_outbox_oldest_due_seconds") > 0
    assert found == {"muster_relay_up": 1, "muster_outbox_waiting": 1, "muster_outbox_dead": 0}
    assert gauges("redis://127.0.0.1:1/0") == {"muster_relay_up": 0}


def test_two_relays_never_offer_the_same_row(world: World, relay: Relay, relay_connection: Connection, owner: Owner) -> None:
    publish(world, *[("test.effect", {}, DUE)] * 3)
    with owner.transaction():
        owner.execute("SELECT FROM outbox LIMIT 1 FOR UPDATE")
        assert relay.step(relay_connection, 500) == 2
    assert relay.step(relay_connection, 500) == 1


def test_without_redis_an_attempt_is_not_used_up(world: World, relay_connection: Connection, owner: Owner) -> None:
    away = Relay(lambda: pytest.fail("not asked for"), Redis.from_url("redis://127.0.0.1:1/0"), NEWS, (), Event())
    publish(world, ("test.effect", {}, DUE))
    with suppress(RedisError):
        away.step(relay_connection, 500)
    assert owner.execute("SELECT attempts, lease_until FROM outbox").fetchall() == [(0, None)]


def test_short_work_is_packed_in_order_before_long_work() -> None:
    rows = [(1, uuid4(), "long" if number % 30 == 0 else "short") for number in range(120)]
    made = packed(rows, {"long"})
    assert [len(job) for job in made] == [50, 50, 16, 1, 1, 1, 1]
    assert [row for job in made for row in job if row[2] == "short"] == [row for row in rows if row[2] == "short"]


def test_urgent_work_goes_to_the_front_and_has_room_when_there_is_none_for_the_rest(
    world: World, relay_connection: Connection, redis: Redis, owner: Owner
) -> None:
    relay = Relay(lambda: pytest.fail("not asked for"), redis, NEWS, {"test.long", "test.alarm"}, Event(), {"test.alarm"})
    publish(world, *[("test.long", {}, DUE)] * 30)
    assert relay.step(relay_connection, 500) == JOBS_WAITING_MAX
    publish(world, ("test.alarm", {}, DUE + timedelta(hours=1)), ("test.effect", {}, DUE))
    assert relay.step(relay_connection, 0) == 1
    first = next(jobs(redis))
    assert owner.execute("SELECT kind FROM outbox WHERE id = %s", [first[0][1]]).fetchall() == [("test.alarm",)]
    publish(world, *[("test.alarm", {}, DUE)] * 30)
    assert relay.step(relay_connection, 0) == URGENT_JOBS_MAX
    assert relay.step(relay_connection, -500) == 0


def test_a_room_of_jobs_bounds_what_waits() -> None:
    assert JOBS_WAITING_MAX * 50 <= 500, "more would wait in the queue than a slow worker does within the first lease"
