from contextlib import suppress
from datetime import UTC, datetime
from time import monotonic
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from redis import Redis

from app.adapters.hints import NEWS, RedisHints
from app.db.transaction import Database, Nobody
from app.outbox.publish import live, live_all, live_hot, publish, publish_all, publish_hot
from tests.factories import World

NOW = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)
Owner = psycopg.Connection[Any]


@pytest.fixture(scope="module")
def world(database: Database) -> World:
    return World(database)


class Stopped(Exception):
    pass


def test_work_and_news_are_written_with_the_change_or_not_at_all(world: World, database: Database, owner: Owner) -> None:
    with suppress(Stopped), database.tenant(world.organization_id) as session:
        publish(session, world.organization_id, "test.effect", {}, due_at=NOW)
        live(session, world.organization_id, "presence", {})
        raise Stopped
    assert owner.execute("SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM live_event)").fetchone() == (0, 0)


def test_the_hot_path_writes_what_the_session_writes(world: World, database: Database, owner: Owner) -> None:
    person, body = uuid4(), {"a": [1, None], "é": "'"}
    with database.tenant(world.organization_id) as session:
        publish_all(session, world.organization_id, [("test.effect", body, NOW)])
        live_all(session, world.organization_id, [("presence", person, body), ("presence", None, {})])
    with database.hot(world.organization_id) as connection:
        publish_hot(connection, world.organization_id, [("test.effect", body, NOW)])
        live_hot(connection, world.organization_id, [("presence", person, body), ("presence", None, {})])
    rows = owner.execute("SELECT organization_id, kind, body, due_at, attempts, lease_until FROM outbox").fetchall()
    assert rows == [(world.organization_id, "test.effect", body, NOW, 0, None)] * 2
    news = owner.execute("SELECT organization_id, kind, person_id, body FROM live_event ORDER BY id").fetchall()
    assert news[:2] == news[2:] == [(world.organization_id, "presence", person, body), (world.organization_id, "presence", None, {})]


class Listening(Nobody):
    """Writes down whose news there is."""

    def __init__(self) -> None:
        self.heard: list[int] = []

    def news(self, organization_id: int) -> None:
        self.heard.append(organization_id)


@pytest.mark.parametrize("hot", [False, True])
def test_hints_follow_commits_that_brought_something_and_nothing_else(world: World, database: Database, owner: Owner, *, hot: bool) -> None:
    listener = Listening()
    hinted, waking = listener.heard, Database(database.engine, listener)
    ways: tuple[Any, Any] = (live_hot, waking.hot) if hot else (live_all, waking.tenant)
    write, open_ = ways
    with open_(world.organization_id) as holder:
        write(holder, world.organization_id, [])
    with suppress(Stopped), open_(world.organization_id) as holder:
        write(holder, world.organization_id, [("presence", None, {})])
        raise Stopped
    with open_(world.organization_id) as holder:
        write(holder, world.organization_id, [])
    assert hinted == []
    with open_(world.organization_id) as holder:
        write(holder, world.organization_id, [("presence", None, {})])
        assert hinted == []
    assert hinted == [world.organization_id]


def test_news_that_nobody_could_see_is_refused(world: World, database: Database, owner: Owner) -> None:
    with pytest.raises(LookupError, match="gossip"), database.tenant(world.organization_id) as session:
        live(session, world.organization_id, "gossip", {})


def test_a_hint_reaches_who_listens(redis: Redis) -> None:
    with redis.pubsub(ignore_subscribe_messages=True) as listener:  # type: ignore[no-untyped-call]
        listener.subscribe(NEWS)
        listener.get_message(timeout=1)
        RedisHints(f"unix://{redis.connection_pool.connection_kwargs['path']}").news(42)
        message = listener.get_message(timeout=5)
    assert message
    assert message["data"] == b"42"


def test_hints_to_nowhere_raise_nothing_and_cost_little() -> None:
    hints = RedisHints("redis://127.0.0.1:1/0")
    started = monotonic()
    for _ in range(1000):
        hints.news(1)
    assert monotonic() - started < 10.0
