"""Kill -9 at random, and cut and stop the wires, while messages and alerts leave: each arrives once, or says that it failed or may be double."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from app.accounts.models import Person
from app.accounts.service import AccountsIdentity
from app.adapters.clock import SetClock
from app.db.transaction import Database, make_engine
from app.messaging.models import PushSubscription
from tests.chaos.house import House
from tests.factories import World, deps_of
from tests.messaging.road import Road
from tests.peers.smsc import receipt_body
from tests.peers.world_outside import WorldOutside
from tests.processes import until

WHO = ("worker", "worker", "worker", "relay", "web", "sms", "backend", "backend", "redis", "postgres")
"""Killed in random order, each of them once before any is killed again; a wire is cut or stopped as often."""
SETTLED = ("accepted", "delivered", "failed", "expired", "withdrawn")
SETTLED_WITHIN_S = 180
IN_FLIGHT_S = 3.0
MESSAGES = 10
PLAN = {"channels": ["push", "sms", "email"], "seconds_between": 3600, "rounds": 1}


@pytest.fixture
def road(house: House) -> Iterator[Road]:
    engine = make_engine(house.settings.url_of("app"))
    database, clock = Database(engine), SetClock(datetime.now(UTC))
    deps = deps_of(settings=house.settings, database=database, clock=clock, identity=AccountsIdentity(database, house.settings))
    yield Road(World(database), deps, clock)
    engine.dispose()


@pytest.mark.parametrize(("seconds", "people"), [(10, 300), pytest.param(60, 2000, marks=pytest.mark.long)])
def test_whatever_dies_a_message_arrives_once_or_says_otherwise(
    house: House, road: Road, outside: WorldOutside, seconds: int, people: int
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")  # noqa: T201
    chance = random.Random(seed)
    addresses = _people(road, outside, people)
    each = people // MESSAGES
    reached = list(addresses)
    for number in range(MESSAGES):
        due_at = datetime.now(UTC) + timedelta(seconds=1 + number * seconds / MESSAGES)
        kind, some = ("alert", "message")[number % 2], reached[number * each : (number + 1) * each]
        road.message(*some, kind=kind, plan=PLAN if kind == "alert" else {}, due_at=due_at)
    over = Event()
    carrier = Thread(target=_bring_receipts, args=(outside, over), daemon=True)
    carrier.start()
    done = _chaos(house, outside, chance, seconds)
    began = monotonic()
    try:
        until(lambda: _is_settled(house, people, hurry=seconds < 60), within_s=SETTLED_WITHIN_S)
    except AssertionError:
        _stands(house)
        raise
    took_s = monotonic() - began
    over.set()
    carrier.join()

    deliveries, arrived = _deliveries(house), _arrived(outside, addresses)
    statuses = Counter((one["channel"], one["status"], one["reason"]) for many in deliveries.values() for one in many)
    print(f"killed {dict(done)}; settled after {took_s:.0f} s; {dict(statuses)}")  # noqa: T201
    assert _lost(deliveries, arrived, reached[: each * MESSAGES]) == []
    assert _doubled(deliveries, arrived) == []
    assert done.total() >= seconds / 4


def _people(road: Road, outside: WorldOutside, count: int) -> dict[UUID, dict[str, str]]:
    """Everybody has e-mail; a third have a telephone, a third a browser."""
    addresses: dict[UUID, dict[str, str]] = {}
    rows: list[Any] = []
    for number in range(count):
        person = uuid4()
        found = {"email": f"{person.hex}@example.org"}
        if number % 3 == 0:
            found["sms"] = f"+316{number:08d}"
        if number % 3 == 1:
            found["push"] = person.hex
        addresses[person] = found
        rows.append(Person(id=person, name="Somebody", email=found["email"], telephone=found.get("sms")))
        if "push" in found:
            given = outside.subscription(person.hex)
            rows.append(PushSubscription(person_id=person, endpoint_hash=uuid4().bytes * 2, **given))
    road.world.add(*rows)
    return addresses


def _chaos(house: House, outside: WorldOutside, chance: random.Random, seconds: int) -> Counter[str]:
    done, pause, end = Counter[str](), Event(), monotonic() + seconds
    turn: list[str] = []
    while monotonic() < end:
        pause.wait(chance.uniform(0.3, 2.0))
        turn = turn or chance.sample(WHO, len(WHO))
        name = turn.pop()
        if name == "worker":
            done["in flight"] += _in_flight(house, outside)
        done[name] += house.kill(name, chance)
        wire = chance.choice(sorted(outside.wires))
        if chance.random() < 0.5:
            outside.wires[wire].reset()
        else:
            outside.wires[wire].stall(chance.uniform(0.5, 12.0))
        done["wires"] += 1
    return done


def _in_flight(house: House, outside: WorldOutside) -> bool:
    """Hold every wire until a worker has something in hand, for that is the worst moment to die."""
    for wire in outside.wires.values():
        wire.stall(IN_FLIGHT_S)
    with suppress(AssertionError, psycopg.Error), house.administrator() as connection:
        until(lambda: connection.execute("SELECT 1 FROM delivery WHERE status = 'submitting' LIMIT 1").fetchone(), IN_FLIGHT_S)
        return True
    return False


def _bring_receipts(outside: WorldOutside, over: Event) -> None:
    """A receipt for each text, a little later, and for every fifth a second one."""
    told = 0
    while not over.wait(0.5):
        texts = outside.texts()
        for text in texts[told:]:
            for _ in range(1 + (told % 5 == 0)):
                outside.smsc.bring(receipt_body(text.id, "DELIVRD"))
            told += 1


def _is_settled(house: House, people: int, *, hurry: bool) -> bool:
    """`hurry`: the minute in which a receipt may come is over at once."""
    query = "SELECT count(*) FILTER (WHERE status = ANY(%s)), count(*), count(DISTINCT recipient_id) FROM delivery"
    work = "SELECT count(*) FROM outbox WHERE kind ~ '^messaging.(activate|deliver|settle)'"
    try:
        with house.administrator() as connection:
            if hurry:
                connection.execute("UPDATE outbox SET due_at = now() WHERE kind = 'messaging.settle' AND due_at > now()")
            settled, deliveries, recipients = connection.execute(query, [list(SETTLED)]).fetchone() or (0, 0, 0)
            return (recipients, settled) == (people // MESSAGES * MESSAGES, deliveries) and connection.execute(work).fetchone() == (0,)
    except psycopg.OperationalError:
        return False


def _stands(house: House) -> None:
    """For whoever must find out why."""
    with house.administrator() as connection:
        for query in (
            "SELECT kind, attempts, problem, dead_at, lease_until - now(), due_at - now() FROM outbox ORDER BY kind, due_at LIMIT 60",
            "SELECT channel, status, reason, count(*), max(tries), max(due_at) - now(), max(submitted_at) - now() FROM delivery GROUP BY 1, 2, 3",
            "SELECT stage, kind, count(*) FROM message GROUP BY 1, 2",
        ):
            for row in connection.execute(query).fetchall():
                print(*row)  # noqa: T201


def _deliveries(house: House) -> dict[UUID, list[dict[str, Any]]]:
    query = "SELECT r.person_id, d.channel, d.status, d.reason, d.may_be_double FROM delivery d JOIN recipient r ON r.id = d.recipient_id"
    found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    with house.administrator() as connection:
        for person, channel, status, reason, double in connection.execute(query).fetchall():
            found[person].append({"channel": channel, "status": status, "reason": reason, "may_be_double": double})
    return found


def _arrived(outside: WorldOutside, addresses: dict[UUID, dict[str, str]]) -> Counter[tuple[UUID, str]]:
    """How often somebody got it by a channel."""
    whose = {(channel, address): person for person, ways in addresses.items() for channel, address in ways.items()}
    came = [("sms", f"+{text.recipient.lstrip('+')}") for text in outside.texts()]
    came += [("email", mail.recipient) for mail in list(outside.smtp.mails)]
    came += [("push", push.browser) for push in list(outside.push.pushes)]
    return Counter((whose[one], one[0]) for one in came)


def _lost(deliveries: dict[UUID, list[dict[str, Any]]], arrived: Counter[tuple[UUID, str]], reached: list[UUID]) -> list[Any]:
    """Who should have got it and neither did nor is shown as failed; and what is shown as handed over but never arrived."""
    silent = [person for person in reached if not deliveries.get(person)]
    claimed = [
        (person, one) for person, many in deliveries.items() for one in many
        if one["status"] in {"accepted", "delivered"} and not arrived[person, one["channel"]]
    ]  # fmt: skip
    return [*silent, *claimed]


def _doubled(deliveries: dict[UUID, list[dict[str, Any]]], arrived: Counter[tuple[UUID, str]]) -> list[Any]:
    """Who got it twice by one channel, or by two of which none is marked."""
    twice = [key for key, times in arrived.items() if times > 1]
    by_person = Counter(person for person, _ in arrived)
    unmarked = [person for person, ways in by_person.items() if ways > 1 and not any(one["may_be_double"] for one in deliveries[person])]
    return [*twice, *unmarked]
