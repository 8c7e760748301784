"""Phones whose queues outlive everything: each sends its pings until every one was answered, and says what it was told."""

import json
import random
from base64 import b64encode
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException
from threading import Event

from app.core.fix import Ping, from_ms
from tests.factories import Phone

Batch = list[Ping]


@dataclass
class Walker:
    """One phone. `batches` leave in this order, again and again until answered."""

    phone: Phone
    batches: list[Batch]
    owntracks: bool = False
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def send_all(self, address: tuple[str, int], pause: Event) -> None:
        for batch in self.batches:
            while not self._sent(address, batch):
                pause.wait(0.1)
            pause.wait(0.02)

    def _sent(self, address: tuple[str, int], batch: Batch) -> bool:
        connection = HTTPConnection(*address, timeout=15)
        try:
            connection.request("POST", *self._request(batch))
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, HTTPException):
            self.answers["none"] += 1
            return False
        finally:
            connection.close()
        self.answers[str(answer.status)] += 1
        if answer.status == 200:
            self._check(text)
            return True
        if answer.status != 503 or answer.getheader("Content-Type") != "application/problem+json":
            self.wrong.append(f"{answer.status} {text[:200]!r}")
        return False

    def _check(self, text: bytes) -> None:
        body = json.loads(text)
        if not self.owntracks:
            self.wrong += [str(one) for one in body["results"] if one["status"] not in {"accepted", "repeat"}]

    def _request(self, batch: Batch) -> tuple[str, bytes, dict[str, str]]:
        if self.owntracks:
            (ping,) = batch
            body = {"_type": "location", "_id": ping.id, "lat": ping.latitude, "lon": ping.longitude, "tst": ping.recorded_at_ms // 1000}
            basic = b64encode(f"phone:{self.phone.token}".encode()).decode()
            return "/api/v1/ingest/owntracks", json.dumps(body | {"acc": ping.accuracy_m}).encode(), {"Authorization": f"Basic {basic}"}
        pings = [
            {
                "id": ping.id,
                "recorded_at": from_ms(ping.recorded_at_ms).isoformat(),
                "latitude": ping.latitude,
                "longitude": ping.longitude,
                "accuracy_m": ping.accuracy_m,
            }
            for ping in batch
        ]
        headers = {"Authorization": f"Bearer {self.phone.token}", "Content-Type": "application/json"}
        return "/api/v1/pings", json.dumps({"pings": pings}).encode(), headers


def walk(phone: Phone, begin: datetime, count: int, chance: random.Random) -> Batch:
    """In and out of the fence at HQ, half an hour each, a minute from ping to ping; now and then the phone is silent for three hours."""
    pings, at = [], begin
    for number in range(count):
        inside = number // 30 % 2 == 0
        at += timedelta(hours=3) if chance.random() < 0.01 else timedelta(seconds=60)
        pings.append(phone.ping(at, chance.uniform(-40, 40) if inside else chance.uniform(400, 900), 10.0, f"p{number}"))
    return pings


def queued(pings: Batch, chance: random.Random) -> list[Batch]:
    """As a phone sends them: mostly one by one and in order; sometimes a bunch comes late, shuffled, or twice."""
    batches: list[Batch] = []
    held: Batch = []
    rest = list(pings)
    while rest:
        size = chance.choice((1, 1, 1, 2, 5))
        piece, rest = rest[:size], rest[size:]
        if chance.random() < 0.15:
            held += piece
            continue
        batches.append(piece)
        if held and chance.random() < 0.2:
            chance.shuffle(held)
            batches.append(held)
            held = []
        if chance.random() < 0.05:
            batches.append(piece)
    return [*batches, held] if held else batches
