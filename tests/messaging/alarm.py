"""People, places and alerts of one world, over HTTP, with the work done as a worker would do it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from app.accounts.models import Person
from app.messaging.links import reply_token
from app.messaging.models import Delivery, Message, MessagingSettings, Recipient
from app.outbox.carry import carry
from app.outbox.models import LiveEvent, Outbox
from app.ports import Parcel
from app.subscriptions import HANDLERS
from tests.attendance.desk import Desk, Who
from tests.factories import NOW, World
from tests.messaging.peer import Peer

TEXTS: dict[str, Any] = {"nl": {"subject": "Brand", "body": "Verlaat de hal."}, "en": {"subject": "Fire", "body": "Leave the hall."}}
SQUARE = {"type": "Polygon", "coordinates": [[[5.0, 52.0], [5.3, 52.0], [5.3, 52.2], [5.0, 52.2], [5.0, 52.0]]]}
"""Around HQ."""


@dataclass
class Alarm:
    """A sender at their desk."""

    desk: Desk
    peer: Peer
    sender: Who = field(init=False)

    def __post_init__(self) -> None:
        self.sender = self.desk.member("sender", name="Sender")

    @property
    def world(self) -> World:
        return self.desk.world

    def choose(self, **choices: Any) -> None:
        """The organization's settings."""
        self.world.add(MessagingSettings(**{"channels": ["push", "sms", "email"], "plan": {}, "countdown_s": 10} | choices))

    def person(self, name: str = "Somebody", *, sms: bool = True, **facts: Any) -> UUID:
        id_ = uuid4()
        self.world.add(Person(id=id_, name=name, telephone=f"+316{id_.int % 10**8:08d}" if sms else None, **facts))
        return id_

    def inside(self, fence: UUID, name: str = "Somebody", since: datetime = NOW - timedelta(minutes=10), **facts: Any) -> UUID:
        """Somebody who is in the fence."""
        person = self.person(name)
        self.desk.stay(person, fence, since, None, **facts)
        return person

    def body(self, **facts: Any) -> dict[str, Any]:
        return {"texts": TEXTS, "severity": "severe", "channels": ["sms"], **facts}

    def send(self, status: int = 202, who: Who | None = None, **facts: Any) -> Any:
        return (who or self.sender).post("/alerts", self.body(**facts), status)

    def active(self, **facts: Any) -> str:
        """Sent, and the countdown is over."""
        sent: str = self.send(**facts)["id"]
        self.later(seconds=11)
        return sent

    def read(self, alert: str) -> Any:
        return self.sender.get(f"/alerts/{alert}")

    def do(self, alert: str, what: str, status: int = 200, who: Who | None = None, body: Any = None) -> Any:
        return (who or self.sender).post(f"/alerts/{alert}/{what}", body, status)

    def work(self) -> list[str]:
        """Everything that is due, and what comes of it."""
        done: list[str] = []
        for _ in range(20):
            due = [row for row in self.waiting() if row.due_at <= self.desk.clock.now()]
            if not due:
                break
            done += [carry(self.desk.deps, HANDLERS, self.world.organization_id, row.id) for row in due]
        assert set(done) <= {"done"}, done
        return done

    def later(self, **by: float) -> None:
        self.desk.at(self.desk.clock.now() + timedelta(**by))
        self.work()

    def waiting(self) -> list[Outbox]:
        with self.desk.deps.database.tenant(self.world.organization_id) as session:
            return list(session.scalars(select(Outbox).where(Outbox.dead_at.is_(None)).order_by(Outbox.due_at, Outbox.id)))

    def recipients(self) -> dict[UUID, Recipient]:
        """Of alerts, not of what the server itself said."""
        alerts = {row.id for row in self.world.rows(Message) if row.kind == "alert"}
        return {row.person_id: row for row in self.world.rows(Recipient) if row.message_id in alerts}

    def deliveries(self) -> list[Delivery]:
        return sorted(self.world.rows(Delivery), key=lambda row: (row.update_number, row.step, row.id))

    def message(self, alert: str) -> Message:
        found: Message = next(row for row in self.world.rows(Message) if str(row.id) == alert)
        return found

    def notices(self) -> list[Message]:
        """What the server itself said."""
        return [row for row in self.world.rows(Message) if row.kind == "message" and row.sender_id is None]

    def news(self) -> list[dict[str, Any]]:
        return [row.body for row in sorted(self.world.rows(LiveEvent), key=lambda row: row.id) if row.kind == "alert"]

    def link(self, person: UUID) -> str:
        return reply_token(self.desk.deps.settings, self.world.organization_id, self.recipients()[person].id)

    def texts(self) -> list[str]:
        """What came by SMS, without the link to answer."""
        return ["|".join(line for line in parcel.text.split("\n") if not line.startswith("http")) for parcel in self.peer.parcels]

    def last(self) -> Parcel:
        return self.peer.parcels[-1]
