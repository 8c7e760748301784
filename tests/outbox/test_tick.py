from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from app.config import libpq
from app.db.transaction import Database
from app.embedded.provision import Urls
from app.outbox.publish import live_all, publish
from app.outbox.tick import (
    PARTITION_DAYS_AHEAD,
    Chores,
    Tick,
    forget_dead_work,
    forget_news,
    in_identity,
    in_tenant,
    leads,
    partitions_ahead,
    partitions_behind,
)
from app.ports import Deps
from tests.factories import World
from tests.processes import until

NOW = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)
Owner = psycopg.Connection[Any]


def one(*_: object) -> int:
    return 1


@pytest.fixture(scope="module")
def worlds(database: Database) -> list[World]:
    return [World(database), World(database)]


def tick(deps: Deps, chores: Chores) -> Tick:
    return Tick(deps, chores, lambda: pytest.fail("not asked for"), Event())


def partitions(owner: Owner) -> list[str]:
    query = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'sighting'::regclass ORDER BY 1"
    return [name for (name,) in owner.execute(query).fetchall()]


def test_every_organization_has_its_turn_in_a_transaction_of_its_own(worlds: list[World], deps: Deps) -> None:
    seen: list[tuple[int, str]] = []

    def look(session: Any, organization_id: int, now: datetime) -> int:
        seen.append((organization_id, session.execute(text("SHOW app.organization_id")).scalar_one()))
        return 1

    done = tick(deps, Chores(each_minute_and_organization={"look": in_tenant(look)})).once(NOW, daily=False)
    assert seen == [(world.organization_id, str(world.organization_id)) for world in worlds]
    assert done["look"] == 2


def test_a_chore_that_fails_keeps_nobody_waiting_and_says_no_more_than_its_name(worlds: list[World], deps: Deps) -> None:
    def fail(deps: Deps, organization_id: int, now: datetime) -> int:
        raise ValueError("what nobody may read")

    chores = Chores(
        each_minute_and_organization={"bad": fail, "good": one},
        each_minute_last={"last": one},
    )
    with capture_logs() as logs:
        done = tick(deps, chores).once(NOW, daily=False)
    assert (done["bad:failed"], done["good"], done["last"]) == (2, 2, 1)
    assert "what nobody may read" not in str(logs)
    [line] = [line for line in logs if line["event"] == "tick"]
    assert line["done"] == {"bad:failed": 2, "good": 2, "last": 1}


def test_daily_chores_run_daily(deps: Deps) -> None:
    chores = Chores(each_minute={"often": in_identity(one)}, each_day={"seldom": in_identity(one)})
    assert tick(deps, chores).once(NOW, daily=False) == {"often": 1, "organizations": 0}
    assert tick(deps, chores).once(NOW, daily=True) == {"often": 1, "seldom": 1, "organizations": 0}


def test_there_is_a_partition_for_every_day_a_ping_may_come_from_and_none_much_older(deps: Deps, owner: Owner) -> None:
    today, late = datetime(2027, 3, 1, 0, 30, tzinfo=UTC), deps.settings.lateness_days
    partitions_ahead(deps, today)
    partitions_behind(deps, today)
    days = [today.date() + timedelta(days=number) for number in range(-late, PARTITION_DAYS_AHEAD + 1)]
    assert partitions(owner) == [f"sighting_{day:%Y%m%d}" for day in days]
    assert (partitions_ahead(deps, today), partitions_behind(deps, today)) == (0, 0)
    tomorrow = today + timedelta(days=1)
    assert (partitions_ahead(deps, tomorrow), partitions_behind(deps, tomorrow)) == (1, 0)


def test_news_lasts_a_day_and_dead_work_a_week(worlds: list[World], deps: Deps, owner: Owner) -> None:
    world, other = worlds
    for one in worlds:
        with one.database.tenant(one.organization_id) as session:
            live_all(session, one.organization_id, [("presence", None, {"n": number}) for number in range(3)])
            for _ in range(3):
                publish(session, one.organization_id, "test.effect", {}, due_at=NOW)
    owner.execute("UPDATE live_event SET created_at = %s WHERE body->>'n' = '0'", [NOW - timedelta(hours=25)])
    owner.execute("UPDATE live_event SET created_at = %s WHERE body->>'n' = '1'", [NOW - timedelta(hours=23)])
    owner.execute(
        "UPDATE outbox SET dead_at = %s WHERE id IN (SELECT min(id::text)::uuid FROM outbox GROUP BY organization_id)",
        [NOW - timedelta(days=8)],
    )
    with world.database.tenant(world.organization_id) as session:
        assert forget_news(session, world.organization_id, NOW) == 1
        assert forget_dead_work(session, world.organization_id, NOW) == 1
    counted = owner.execute(
        "SELECT organization_id, (SELECT count(*) FROM outbox o WHERE o.organization_id = e.organization_id), count(*) FROM live_event e GROUP BY 1 ORDER BY 1"
    )
    assert counted.fetchall() == [(world.organization_id, 2, 2), (other.organization_id, 3, 3)]


def test_one_leads_until_its_connection_is_gone(urls: Urls) -> None:
    with psycopg.connect(libpq(urls.relay), autocommit=True) as second:
        with psycopg.connect(libpq(urls.relay), autocommit=True) as first:
            assert [leads(first), leads(second), leads(first), leads(second)] == [True, False, True, False]
        until(lambda: leads(second))
