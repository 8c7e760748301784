"""Messages and alerts: from activation to the last delivery written, to the first and the last hand-over, and to whoever walks in.

The far ends are real ones on this machine (`tests/peers`): an SMSC over SMPP, a mail server over TLS, a push service that opens what it gets.
"""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, text, update

from app.accounts.models import Person
from app.adapters.hints import RedisHints
from app.db.transaction import Database
from app.db.types import uuid7
from app.messaging.models import Delivery, Message, PushSubscription, Recipient
from app.messaging.texts import Text, seal_texts
from app.outbox.publish import publish
from app.privacy.service.keys import OrganizationKeyring
from bench import town
from bench.pings import basic
from bench.server import MUSTER, Server, started
from tests.peers.world_outside import WorldOutside

PLAN = {"channels": ["sms"], "seconds_between": 3600, "rounds": 1}
PATIENCE_S = 120.0
POLL_S = 0.005


@dataclass(frozen=True)
class Scene:
    """An organization whose people can be reached by a channel, and the far ends."""

    server: Server
    outside: WorldOutside
    town: town.Town

    def reach_by(self, channel: str, people: list[UUID]) -> None:
        """Give these people an address, and take any other away."""
        organization_id = self.town.organization_id
        with self.server.database.tenant(organization_id) as session:
            ours = (Person.organization_id == organization_id, Person.id.in_(people))
            number = text("'+316' || lpad((('x' || substr(md5(id::text), 1, 7))::bit(28)::int % 100000000)::text, 8, '0')")
            facts: dict[str, Any] = {
                "telephone": number if channel == "sms" else None,
                "email": text("replace(id::text, '-', '') || '@example.org'") if channel == "email" else None,
            }
            session.execute(update(Person).where(*ours).values(facts).execution_options(synchronize_session=False))
            session.execute(text("DELETE FROM push_subscription WHERE organization_id = :id"), {"id": organization_id})
            if channel == "push":
                given = self.outside.subscription("browser")
                rows = [
                    {"id": uuid7(), "organization_id": organization_id, "person_id": person, "endpoint_hash": uuid4().bytes * 2, **given}
                    for person in people
                ]
                session.execute(insert(PushSubscription), rows)

    def send(self, people: list[UUID] | None, *, kind: str = "alert", **facts: object) -> tuple[UUID, float]:
        """Have a message activated now; its id and the moment of the commit. Without `people` for everybody."""
        organization_id, id_, now = self.town.organization_id, uuid7(), datetime.now(tz=UTC)
        with Database(self.server.database.engine, RedisHints(self.server.settings.redis_url)).tenant(organization_id) as session:
            words = {"nl": Text("", "Verlaat het gebouw via de noordzijde.")}
            row: dict[str, Any] = {
                "organization_id": organization_id,
                "id": id_,
                "kind": kind,
                "exercise": "actual",
                "severity": "severe",
                "stage": "countdown" if kind == "alert" else "scheduled",
                "target": {"people": list(map(str, people))} if people and len(people) <= 1000 else {"everyone": True},
                "channels": ["push", "sms", "email"],
                "plan": PLAN if kind == "alert" else {},
                "asks_reply": kind == "alert",
                "late_entry": False,
                "due_at": now,
                "sealed_texts": seal_texts(session, organization_id, words, Message, OrganizationKeyring(self.server.settings)),
            }
            session.add(Message(**(row | facts)))
            publish(session, organization_id, "messaging.activate", {"message": str(id_)}, due_at=now)
        return id_, time.monotonic()

    def withdraw(self, message_id: UUID) -> None:
        """Nothing more of it leaves."""
        with self.server.database.tenant(self.town.organization_id) as session:
            session.get_one(Message, (self.town.organization_id, message_id)).stage = "cancelled"
        self.quiet()

    def quiet(self) -> None:
        """Until no work is left but what is for later."""
        self.until(lambda: not self.server.rows("SELECT 1 FROM outbox WHERE due_at <= now() LIMIT 1"), 0.1)

    def until(self, true: Callable[[], object], poll_s: float = POLL_S) -> float:
        """The moment at which it came true."""
        end = time.monotonic() + PATIENCE_S
        while not true():
            if time.monotonic() > end:
                raise SystemExit("It did not come true in time.")
            time.sleep(poll_s)
        return time.monotonic()

    def arrived(self, channel: str) -> int:
        """How many are at the far end."""
        came = {"sms": self.outside.smsc.accepted, "email": self.outside.smtp.mails, "push": self.outside.push.pushes}
        return len(came[channel])


def build(server: Server, people: int) -> Scene:
    """People with phones, and a fence."""
    if server.outside is None:
        raise SystemExit("There is nobody to send to.")
    made = town.build(server.database, server.settings, fences=1, people=people, purposes=("attendance", "safety"))
    return Scene(server, server.outside, made)


def activation_s(scene: Scene) -> float:
    """From the commit that asks for it until all recipients and deliveries are committed, which is one transaction."""
    message, began = scene.send(None, target={"everyone": True})
    query = "SELECT 1 FROM delivery WHERE message_id = %s LIMIT 1"
    took_s = scene.until(lambda: scene.server.rows(query, message)) - began
    [(recipients, deliveries)] = scene.server.rows(
        "SELECT (SELECT count(*) FROM recipient WHERE message_id = %s), (SELECT count(*) FROM delivery WHERE message_id = %s)",
        message,
        message,
    )
    if recipients < len(scene.town.phones) or deliveries < len(scene.town.phones):
        raise SystemExit(f"Not everybody was reached: {recipients} recipients, {deliveries} deliveries.")
    scene.withdraw(message)
    return took_s


def plainly_s(scene: Scene) -> float:
    """The same rows one by one through the ORM, and nothing else."""
    organization_id = scene.town.organization_id
    message, _ = scene.send([scene.town.phones[0].person_id])
    began = time.monotonic()
    with scene.server.database.tenant(organization_id) as session:
        for phone in scene.town.phones[1:]:
            recipient = Recipient(
                organization_id=organization_id, id=uuid7(), message_id=message, person_id=phone.person_id, reply_hash=uuid4().bytes * 2
            )
            session.add(recipient)
            session.flush()
            given = {"organization_id": organization_id, "message_id": message, "due_at": datetime.now(tz=UTC) + timedelta(days=1)}
            session.add(Delivery(id=uuid7(), recipient_id=recipient.id, step=0, channel="sms", **given))
            session.flush()
            person = session.get_one(Person, (organization_id, phone.person_id))
            publish(session, organization_id, "messaging.deliver", {"deliveries": [], "to": person.telephone}, due_at=given["due_at"])
    return time.monotonic() - began


def first_hand_overs_s(scene: Scene, alerts: int, people: int) -> list[float]:
    """Of so many alerts: from the commit that asks for activation to the first arrival."""
    took = []
    for number in range(alerts):
        some = [phone.person_id for phone in scene.town.phones[number * people : (number + 1) * people]]
        before = scene.arrived("sms")
        _, began = scene.send(some)
        took.append(scene.until(lambda before=before: scene.arrived("sms") > before) - began)  # type: ignore[misc]
        scene.until(lambda before=before: scene.arrived("sms") >= before + people)  # type: ignore[misc]
        scene.quiet()
    return took


def rate(scene: Scene, channel: str, people: int) -> float:
    """Hand-overs a second of one message to so many, from the first arrival to the last."""
    some = [phone.person_id for phone in scene.town.phones[:people]]
    scene.reach_by(channel, some)
    before = scene.arrived(channel)
    scene.send(some, kind="message")
    first = scene.until(lambda: scene.arrived(channel) > before)
    seen = scene.arrived(channel)
    last = scene.until(lambda: scene.arrived(channel) >= before + people)
    scene.quiet()
    return (before + people - seen) / (last - first)


def late_entries_s(scene: Scene, entries: int) -> list[float]:
    """From the ping that takes somebody into the area of an active alert to the arrival of their text, one after the other."""
    place, phones = scene.town.places[0], scene.town.phones[:entries]
    scene.reach_by("sms", [phone.person_id for phone in phones])
    message, _ = scene.send([], target={"fence": str(place.fence)}, late_entry=True)
    scene.until(lambda: scene.server.rows("SELECT 1 FROM message WHERE id = %s AND stage = 'active'", message))
    took = []
    for phone in phones:
        fix = {"_type": "location", "lat": place.latitude, "lon": place.longitude, "acc": 12, "tst": int(time.time())}
        before = scene.arrived("sms")
        began = time.monotonic()
        _post(scene.server, phone, fix)
        took.append(scene.until(lambda before=before: scene.arrived("sms") > before) - began)  # type: ignore[misc]
    scene.withdraw(message)
    return took


def _post(server: Server, phone: town.Phone, fix: dict[str, Any]) -> None:
    connection = HTTPConnection(*server.address, timeout=10)
    connection.request(
        "POST", "/api/v1/ingest/owntracks", json.dumps(fix), {"Authorization": basic(phone), "Content-Type": "application/json"}
    )
    answer = connection.getresponse()
    if answer.status != 200:
        raise SystemExit(f"A ping was not taken: {answer.status} {answer.read().decode(errors='replace')}")
    connection.close()


@contextmanager
def another_worker(server: Server) -> Iterator[None]:
    """Beside the one there is."""
    process: subprocess.Popen[bytes] = started([*MUSTER, "worker"], server.settings)
    try:
        time.sleep(3.0)
        yield
    finally:
        process.terminate()
        process.wait(30)
