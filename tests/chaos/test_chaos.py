"""Kill -9 at random while phones report: every ping that was accepted is there once, and says what it would have said in peace."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from time import monotonic
from typing import Any
from uuid import UUID

import pytest

from app.core.fix import Ping, to_ms
from app.core.fold import State, fold, open_stays
from app.core.index import FenceIndex
from app.core.policy import Circle, FenceVersion, Policy
from app.core.rules import OrganizationRules, PersonRules
from app.db.transaction import Database, make_engine
from tests.chaos.house import House
from tests.chaos.walkers import Walker, queued, walk
from tests.factories import HQ, World
from tests.processes import until

PHONES = 8
RADIUS_M = 150.0
POLICY: dict[str, Any] = {"assume_left_after_s": 7200, "unknown_after_s": 1800}
WHO = ("web", "web", "worker", "relay", "live", "backend", "backend", "redis", "postgres")
"""Killed in random order, each of them once before any is killed again."""

Told = Counter[tuple[Any, ...]]


@pytest.fixture
def world(house: House) -> Iterator[World]:
    engine = make_engine(house.settings.url_of("app"))
    world = World(Database(engine))
    world.instruction()
    yield world
    engine.dispose()


@pytest.mark.parametrize("seconds", [15, pytest.param(300, marks=pytest.mark.long)])
def test_whatever_is_killed_nothing_is_lost_and_nothing_doubled(house: House, world: World, seconds: int) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")  # noqa: T201
    chance = random.Random(seed)
    fence = world.circle(radius_m=RADIUS_M, **POLICY)
    walks = _walks(world, chance, pings_each=seconds * 10)
    walkers = [Walker(phone, batches, owntracks) for phone, _, batches, owntracks in walks]
    killed = _replayed(house, walkers, chance, seconds)
    print(f"killed {dict(killed)}; answers {dict(sum((walker.answers for walker in walkers), Counter()))}")  # noqa: T201

    assert [wrong for walker in walkers for wrong in walker.wrong] == []
    assert killed.total() >= seconds / 4
    assert _kept(house, world) == Counter(_key(ping) for _, pings, _, _ in walks for ping in pings)
    stays, crossings = _in_peace(fence, {phone.person_id: pings for phone, pings, _, _ in walks})
    assert _stays(house, world) == stays
    assert _crossings(house, world) == crossings
    _drained(house)


def test_while_postgresql_is_away_the_web_says_so_and_recovers_by_itself(house: House) -> None:
    until(lambda: house.ask("/api/v1/me/views") == (401, "application/problem+json"))
    assert house.stop("postgres")
    until(lambda: house.ask("/readyz")[0] == 503)
    phone = "m1." + "x" * 43
    assert house.ask("/api/v1/ingest/traccar/" + phone, method="POST") == (503, "application/problem+json")
    house.start_again("postgres")
    # One failure empties the pool of a web process; there are two of them.
    until(lambda: house.ask("/api/v1/ingest/traccar/" + phone, method="POST") == (401, "application/problem+json"))
    until(lambda: house.ask("/readyz")[0] == 200)


def _walks(world: World, chance: random.Random, pings_each: int) -> list[tuple[Any, list[Ping], list[list[Ping]], bool]]:
    begin = datetime.now(tz=UTC).replace(microsecond=0) - timedelta(days=6)
    found = []
    for number in range(PHONES):
        phone, owntracks = world.phone(), number < 3
        pings = walk(phone, begin, pings_each, chance)
        pings = [ping for ping in pings if ping.recorded_at_ms < to_ms(datetime.now(tz=UTC))]
        batches = queued(pings, chance)
        found.append((phone, pings, [[ping] for batch in batches for ping in batch] if owntracks else batches, owntracks))
    return found


def _replayed(house: House, walkers: list[Walker], chance: random.Random, seconds: int) -> Counter[str]:
    """Send everything while killing for `seconds`; then let everything be sent."""
    pause, killed = Event(), Counter[str]()
    threads = [Thread(target=walker.send_all, args=(house.address, pause), daemon=True) for walker in walkers]
    for thread in threads:
        thread.start()
    end = monotonic() + seconds
    turn: list[str] = []
    while monotonic() < end:
        pause.wait(chance.uniform(0.3, 2.0))
        turn = turn or chance.sample(WHO, len(WHO))
        name = turn.pop()
        killed[name] += house.kill(name, chance)
    end = monotonic() + 60 + seconds
    for thread in threads:
        thread.join(max(0.0, end - monotonic()))
    assert not any(thread.is_alive() for thread in threads), "some pings were never answered"
    return killed


def _key(ping: Ping) -> tuple[str, int, str]:
    return (str(ping.device), ping.recorded_at_ms, ping.id)


def _kept(house: House, world: World) -> Counter[tuple[str, int, str]]:
    with house.administrator() as connection:
        rows = connection.execute(
            "SELECT device_id::text, (extract(epoch FROM recorded_at) * 1000)::bigint, ping_id FROM sighting WHERE organization_id = %s",
            [world.organization_id],
        ).fetchall()
    return Counter((device, at_ms, ping_id) for device, at_ms, ping_id in rows)


def _in_peace(fence: UUID, walks: dict[UUID, list[Ping]]) -> tuple[Told, Told]:
    """What the pure engine says of the same pings, each person's in one go."""
    version = FenceVersion(fence, Circle(*HQ, RADIUS_M), Policy(**POLICY))
    index = FenceIndex([version])
    stays, crossings = Told(), Told()
    for person, pings in walks.items():
        rules = PersonRules(OrganizationRules.for_everyone([version]))
        result = fold(State(), index.sight(pings), [], rules, to_ms(datetime.now(tz=UTC)))
        stays += Told(
            (person, stay.entered_at_ms, stay.left_at_ms, stay.ended) for stay in [*result.stays, *open_stays(result.state.standings)]
        )
        crossings += Told((person, crossing.kind, crossing.at_ms) for crossing in result.crossings)
    return stays, crossings


def _stays(house: House, world: World) -> Told:
    with house.administrator() as connection:
        rows = connection.execute(
            "SELECT person_id, (extract(epoch FROM entered_at) * 1000)::bigint, (extract(epoch FROM left_at) * 1000)::bigint, ended"
            " FROM stay WHERE organization_id = %s AND withdrawn_at IS NULL",
            [world.organization_id],
        ).fetchall()
    return Told(rows)


def _crossings(house: House, world: World) -> Told:
    with house.administrator() as connection:
        rows = connection.execute(
            "SELECT person_id, kind, (extract(epoch FROM at) * 1000)::bigint FROM crossing"
            " WHERE organization_id = %s AND withdrawn_at IS NULL",
            [world.organization_id],
        ).fetchall()
    return Told(rows)


def _drained(house: House) -> None:
    """All work is done, none of it given up. What a killed worker held comes back with its lease; here the leases are over at once."""

    def empty() -> bool:
        with house.administrator() as connection:
            connection.execute("UPDATE outbox SET lease_until = now() WHERE lease_until > now() + interval '2 seconds'")
            return connection.execute("SELECT count(*) FROM outbox").fetchone() == (0,)

    until(empty, within_s=60)
