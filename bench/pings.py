"""Pings over HTTP: single ones as OwnTracks posts them, and native batches; and proof that they took the whole way.

A ping that was refused, known already or late is answered as fast as a good one, or faster. So after every run the database is asked:
each ping sent must be a sighting of its own, written in the order of its time, and nothing may have been refused.
"""

import json
import random
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from time import process_time, time

from bench.load import Generator, Outcome, post
from bench.machine import busy_s, cpu_s
from bench.server import Server
from bench.town import Phone, Place, Town

STEP_S = 60
"""Between two pings of one person, on the clocks of the phones: they replay the last hours."""
MOVES = 0.01
"""How many pings in a hundred bring their person to another place."""
BATCH = 100


class Walkers:
    """Everybody's place and clock. Half of the people are in a fence, half are between fences."""

    def __init__(self, town: Town, hours: float = 6.0) -> None:
        self.chance = random.Random(1)
        self.town = town
        self.clock_s = int(time() - hours * 3600)
        self.at = [self._anywhere() for _ in town.phones]
        self.walked = 0

    def fix(self, number: int, moves: float) -> tuple[float, float]:
        """Latitude and longitude of somebody's next fix."""
        if self.chance.random() < moves:
            self.at[number] = self._anywhere()
        latitude, longitude = self.at[number]
        return latitude + self.chance.uniform(-1e-4, 1e-4), longitude + self.chance.uniform(-1e-4, 1e-4)

    def _anywhere(self) -> tuple[float, float]:
        place: Place = self.chance.choice(self.town.places)
        aside = 0.003 if self.chance.random() < 0.5 else 0.0
        return place.latitude + aside, place.longitude + aside


def owntracks(walkers: Walkers, count: int) -> list[bytes]:
    """Single posts, everybody in turn."""
    made = []
    phones = walkers.town.phones
    for nth in range(walkers.walked, walkers.walked + count):
        number = nth % len(phones)
        latitude, longitude = walkers.fix(number, MOVES)
        message = {"_type": "location", "lat": latitude, "lon": longitude, "acc": 12, "tst": walkers.clock_s + nth // len(phones) * STEP_S}
        message |= {"tid": "ab", "t": "u", "batt": 80, "vel": 3, "conn": "m"}
        made.append(post("/api/v1/ingest/owntracks", json.dumps(message).encode(), basic(phones[number])))
    walkers.walked += count
    return made


def batches(walkers: Walkers, count: int) -> list[bytes]:
    """Batches of a hundred pings of one person, everybody in turn; ten seconds from ping to ping."""
    made = []
    phones = walkers.town.phones
    for nth in range(walkers.walked, walkers.walked + count):
        number = nth % len(phones)
        begun = walkers.clock_s + nth // len(phones) * BATCH * 10
        pings = []
        for k in range(BATCH):
            latitude, longitude = walkers.fix(number, MOVES)
            moment = datetime.fromtimestamp(begun + k * 10, UTC).isoformat()
            pings.append(
                {"id": f"p{begun + k * 10}", "recorded_at": moment, "latitude": latitude, "longitude": longitude, "accuracy_m": 12}
            )
        made.append(post("/api/v1/pings", json.dumps({"pings": pings}).encode(), f"Bearer {phones[number].token}"))
    walkers.walked += count
    return made


def basic(phone: Phone) -> str:
    """OwnTracks signs in with the token as password."""
    return "Basic " + b64encode(f"phone:{phone.token}".encode()).decode()


class Run:
    """One run of pings against a server: the outcome, the processor time of a ping, and the proof."""

    def __init__(self, server: Server, town: Town, pings_each: int = 1) -> None:
        self.server, self.town, self.pings_each = server, town, pings_each

    def closed(self, requests: list[bytes], connections: int, seconds: float) -> tuple[Outcome, dict[str, float]]:
        """As fast as it goes."""
        return self._measured(requests, connections, lambda generator, each: generator.closed(each, seconds))

    def open(self, requests: list[bytes], connections: int, rate: float, seconds: float) -> tuple[Outcome, dict[str, float]]:
        """At a fixed rate."""
        return self._measured(requests, connections, lambda generator, each: generator.open(each, rate, seconds))

    def _measured(
        self, requests: list[bytes], connections: int, run: "Callable[[Generator, Iterator[bytes]], Outcome]"
    ) -> tuple[Outcome, dict[str, float]]:
        before, used, others_s = self._kept(), cpu_s(self.server.roots), busy_s() - process_time()
        with Generator(self.server.address, connections) as generator:
            outcome = run(generator, iter(requests))
        now, others_s = cpu_s(self.server.roots), busy_s() - process_time() - others_s
        outcome.disturbed_cores = max(0.0, others_s - sum(now.values()) + sum(used.values())) / outcome.seconds
        pings = len(outcome.latencies_s) * self.pings_each
        check(outcome, self._kept() - before, self.pings_each)
        late = self.server.rows(OUT_OF_ORDER, self.town.organization_id)[0][0]
        refused = self.server.rows(
            "SELECT coalesce(sum(count), 0) FROM refusal_count WHERE organization_id = %s", self.town.organization_id
        )
        if late or refused[0][0]:
            raise SystemExit(f"Not the normal path: {late} pings were late, {refused[0][0]} refused.")
        return outcome, {name: (now[name] - used[name]) / pings * 1e6 for name in used}

    def _kept(self) -> int:
        found = self.server.rows("SELECT count(*) FROM sighting WHERE organization_id = %s", self.town.organization_id)
        return int(found[0][0])


OUT_OF_ORDER = """
SELECT count(*) FROM (
  SELECT recorded_at, max(recorded_at) OVER (PARTITION BY person_id ORDER BY xmin::text::bigint GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS newest
  FROM sighting WHERE organization_id = %s
) s WHERE recorded_at < newest
"""
"""Sightings written after a newer one of the same person: those went the slow way."""


def check(outcome: Outcome, kept: int, pings_each: int) -> None:
    """Every ping answered, 200, and kept as a sighting of its own. What was sent and not answered in time may have been kept."""
    if outcome.bad:
        raise SystemExit(f"Not every answer was 200: {outcome.bad[0].decode(errors='replace')}")
    answered, unanswered = len(outcome.latencies_s) * pings_each, outcome.unanswered * pings_each
    if not answered <= kept <= answered + unanswered:
        raise SystemExit(f"Not the normal path: {answered} pings were answered, {unanswered} were not, {kept} sightings were written.")
