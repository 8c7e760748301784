"""The statements of the hot path find their rows by key, as the role that row-level security binds, and are prepared once."""

from datetime import timedelta
from typing import Any

import pytest

from app.attendance import queries, service
from app.core.fold import State
from app.db.transaction import Database, make_engine
from app.embedded.provision import Urls
from tests.factories import NOW, World, every

PARAMETERS: dict[str, Any] = {
    "token_hash": b"\0" * 32,
    "at": NOW,
    "since": NOW,
    "until": NOW + timedelta(days=1),
    "first": NOW,
    "last": NOW,
    "before": NOW,
    "recorded_at": NOW,
    "device": "018f0000-0000-7000-8000-000000000001",
    "person_id": "018f0000-0000-7000-8000-000000000002",
    "ping": "p",
    "inside": [],
    "unclear": [],
    "class": 25,
    "source": "native",
    "mocked": False,
    **queries._state_values(State()),
}
FEW_EACH = {"organization", "organization_module", "fence_set", "instruction"}
"""Of these an organization has one row or a handful, and all are wanted."""
STATEMENTS = {
    name: getattr(queries, name)
    for name in (
        "OPEN_BY_TOKEN",
        "OPEN_BY_ID",
        "KEEP",
        "KNOWN_PINGS",
        "CHECKPOINT_BEFORE",
        "SIGHTINGS_SINCE",
        "CROSSINGS_SINCE",
        "STAYS_SINCE",
        "OPEN_STAYS",
        "APPROVED_BETWEEN",
    )
}


@pytest.fixture(scope="module")
def world(database: Database) -> World:
    return World(database)


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", []) for node in nodes(child))]


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_hot_statement_finds_its_rows_by_key(world: World, name: str) -> None:
    """Tables of a test are small, so reading them whole is made dear; whatever is then read by the organization alone has no better index."""
    with world.database.hot(world.organization_id) as connection:
        connection.execute("SET LOCAL enable_seqscan = off")
        explain = b"EXPLAIN (FORMAT JSON) " + STATEMENTS[name].encode()
        row = connection.execute(explain, {**PARAMETERS, "organization_id": world.organization_id}).fetchone()
    assert row is not None
    read = [node for node in nodes(row[0][0]["Plan"]) if "Relation Name" in node and node["Node Type"] != "ModifyTable"]
    assert read
    for node in read:
        if node["Relation Name"] not in FEW_EACH:
            assert node["Node Type"] in {"Index Scan", "Index Only Scan"}
            assert any(key in node["Index Cond"] for key in ("person_id", "token_hash", "worked_on"))


def test_what_every_ping_needs_is_prepared_and_planned_once(urls: Urls) -> None:
    engine = make_engine(urls.app, pool_size=1)
    world = World(Database(engine))
    world.instruction()
    world.circle()
    phone = world.phone()
    for at in every(60, NOW, 12):
        service.record_pings(world.database, phone.claim, [phone.ping(at)], at, timedelta(days=7))
    with world.database.hot(world.organization_id) as connection:
        rows = connection.execute("SELECT statement, generic_plans, custom_plans FROM pg_prepared_statements").fetchall()
    engine.dispose()
    plans = {statement.split("(")[0].strip(): (generic, custom) for statement, generic, custom in rows}
    for begins in ("WITH holder AS", "WITH kept AS"):
        generic, custom = plans[begins]
        assert generic >= 4
        assert custom == 5  # PostgreSQL tries five plans made to measure before it keeps one
