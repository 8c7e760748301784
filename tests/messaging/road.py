"""A message on its way: written as rows, its work done as a worker would do it, its channels programmable."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from app.accounts.models import Person
from app.adapters.clock import SetClock
from app.messaging.models import Delivery, Message, PushSubscription, Recipient, TrafficRecord
from app.messaging.texts import Text, seal_texts
from app.outbox.carry import carry
from app.outbox.models import Outbox
from app.outbox.publish import publish
from app.ports import Deps, Outcome, Parcel
from app.subscriptions import HANDLERS
from tests.factories import World

ACCEPTED = Outcome("accepted", "peer")
CANARY = "The canary sings in the boiler room"


class Killed(BaseException):
    """As `kill -9`: nothing of ours runs any more."""


@dataclass
class Line:
    """A channel and its far end. `answers`: what it says of a parcel; raising there is a fault, `Killed` a death, before the parcel has left."""

    answers: Callable[[Parcel], Outcome] = lambda _: ACCEPTED
    had: list[Parcel] = field(default_factory=list)
    dies_after: int | None = None
    """Killed once so many have arrived, before anybody is told of the last one."""

    def send(self, parcels: Sequence[Parcel], _deadline_s: float) -> Iterator[tuple[UUID, Outcome]]:
        for parcel in parcels:
            outcome = self.answers(parcel)
            if outcome.verdict in {"accepted", "unknown"}:
                self.had.append(parcel)
            if self.dies_after is not None and len(self.had) >= self.dies_after:
                self.dies_after = None
                raise Killed
            yield parcel.delivery_id, outcome


def dead(_: Parcel) -> Outcome:
    raise Killed


@dataclass
class Road:
    """Everything between a message and its recipients."""

    world: World
    deps: Deps
    clock: SetClock
    push: Line = field(default_factory=Line)
    sms: Line = field(default_factory=Line)
    email: Line = field(default_factory=Line)

    def __post_init__(self) -> None:
        self.deps = replace(self.deps, channels={"push": self.push, "sms": self.sms, "email": self.email})

    @property
    def organization_id(self) -> int:
        return self.world.organization_id

    def person(self, *ways: str, **facts: Any) -> UUID:
        """Somebody who can be reached by these: sms, email, push (twice: two browsers)."""
        id_ = uuid4()
        number = f"+316{id_.int % 10**8:08d}" if "sms" in ways else None
        self.world.add(
            Person(id=id_, name="Somebody", telephone=number, email=f"{id_.hex}@example.org" if "email" in ways else None, **facts)
        )
        for _ in range(ways.count("push")):
            self.world.add(
                PushSubscription(
                    person_id=id_, endpoint=f"https://push.example/{uuid4()}", endpoint_hash=uuid4().bytes * 2, p256dh="-", auth="-"
                )
            )
        return id_

    def message(self, *people: UUID, kind: str = "message", **facts: Any) -> UUID:
        """Written, and to be activated now."""
        id_ = uuid4()
        with self.deps.database.tenant(self.organization_id) as session:
            texts = {"nl": Text("", f"{CANARY} (nl)"), "en": Text("", f"{CANARY} (en)")}
            row: dict[str, Any] = {
                "kind": kind,
                "exercise": "actual",
                "severity": "severe" if kind == "alert" else "minor",
                "stage": "countdown" if kind == "alert" else "scheduled",
                "target": {"people": list(map(str, people))},
                "channels": ["push", "sms", "email"],
                "plan": {},
                "asks_reply": kind == "alert",
                "late_entry": False,
                "due_at": self.clock.now(),
                "sealed_texts": seal_texts(session, self.organization_id, texts, Message, self.deps.keyring),
            }
            row |= facts
            session.add(Message(organization_id=self.organization_id, id=id_, **row))
            publish(session, self.organization_id, "messaging.activate", {"message": str(id_)}, due_at=row["due_at"])
        return id_

    def waiting(self, kind: str | None = None) -> list[Outbox]:
        """Work, due or not, in order."""
        with self.deps.database.tenant(self.organization_id) as session:
            query = select(Outbox).where(Outbox.organization_id == self.organization_id).order_by(Outbox.due_at, Outbox.id)
            return [row for row in session.scalars(query) if kind is None or row.kind.startswith(kind)]

    def work(self, *, rounds: int = 20, but: Sequence[str] = ("messaging.tally",)) -> list[str]:
        """Do what is due, and what comes of it at once; the outcomes. A death leaves the rest for the next time."""
        done: list[str] = []
        for _ in range(rounds):
            due = [row for row in self.waiting() if row.due_at <= self.clock.now() and row.kind not in but]
            if not due:
                break
            for row in due:
                with suppress(Killed):
                    done.append(carry(self.deps, HANDLERS, self.organization_id, row.id))
                    continue
                return [*done, "killed"]
        return done

    def later(self, **by: float) -> None:
        """Time passes, and what became due is done."""
        self.clock.move(timedelta(**by))
        self.work()

    def deliveries(self, message_id: UUID | None = None) -> list[Delivery]:
        with self.deps.database.tenant(self.organization_id) as session:
            query = select(Delivery).where(Delivery.organization_id == self.organization_id).order_by(Delivery.step, Delivery.id)
            return [one for one in session.scalars(query) if message_id is None or one.message_id == message_id]

    def statuses(self) -> list[tuple[str, str, str | None]]:
        return [(one.channel, one.status, one.reason) for one in self.deliveries()]

    def recipients(self) -> list[Recipient]:
        return self.world.rows(Recipient)

    def traffic(self) -> list[TrafficRecord]:
        return self.world.rows(TrafficRecord)

    def change(self, message_id: UUID, **facts: object) -> None:
        with self.deps.database.tenant(self.organization_id) as session:
            found = session.get_one(Message, (self.organization_id, message_id))
            for name, value in facts.items():
                setattr(found, name, value)
