"""People behind screens: members of a world, signed in, each with a browser of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.accounts.models import Device, Member, Person, Site, UserAccount, UserOrganization
from app.accounts.service.sessions import Browser, Holder, open_session
from app.actor import new_device_token
from app.adapters.clock import SetClock
from app.attendance.models import Stay
from app.outbox.carry import carry
from app.outbox.models import Outbox
from app.ports import Deps
from app.subscriptions import HANDLERS
from app.web.guards import SESSION_KEY
from tests.factories import World, application

API = "/api/v1"


@dataclass
class Who:
    """A member at their screen."""

    person_id: UUID
    client: FlaskClient

    def get(self, path: str, expected: Any = 200, **query: Any) -> Any:
        answer = self.client.get(API + path, query_string=query or None)
        assert answer.status_code == expected, answer.text
        return answer.get_json()

    def send(self, method: str, path: str, body: Any = None, status: int = 200, match: Any = None) -> Any:
        headers = {"If-Match": match} if match else {}
        answer = self.client.open(API + path, method=method, json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.get_json(silent=True)

    def post(self, path: str, body: Any = None, status: int = 201) -> Any:
        return self.send("POST", path, body, status)

    def etag(self, path: str) -> str:
        return self.client.get(API + path).headers["ETag"]

    def decide(self, correction_id: str, status: str, expected: int = 200) -> Any:
        path = f"/corrections/{correction_id}"
        return self.send("PATCH", path, {"status": status, "reason": "seen it"}, expected, self.etag(path))


@dataclass
class Desk:
    """The real application over one world, at a time that tests move."""

    world: World
    deps: Deps
    app: Flask = field(init=False)

    def __post_init__(self) -> None:
        self.app = application(self.deps)

    @property
    def clock(self) -> SetClock:
        assert isinstance(self.deps.clock, SetClock)
        return self.deps.clock

    def at(self, moment: datetime) -> None:
        self.clock.moment = moment

    def member(self, *roles: str, person_id: UUID | None = None, name: str = "Somebody") -> Who:
        """A new person (or one who is there) with a login, signed in."""
        person, account = person_id or uuid4(), uuid4()
        if person_id is None:
            self.world.add(Person(id=person, name=name))
        with self.world.database.identity() as session:
            session.add(
                UserAccount(
                    id=account, sign_in_name=f"n{account.hex}", password_hash="-", must_change_password=False, fs_uniquifier=account.hex
                )
            )
            session.flush()
            session.add(UserOrganization(user_account_id=account, organization_id=self.world.organization_id))
            holder = Holder(account, self.world.organization_id)
            token = open_session(session, holder, Browser("test", "127.0.0.0"), self.clock.now(), self.deps.settings)
        self.world.add(Member(person_id=person, user_account_id=account, roles=list(roles)))
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie[SESSION_KEY] = token
        client.environ_base["HTTP_X_CSRF_TOKEN"] = client.get(f"{API}/csrf-token").get_json()["csrf_token"]
        return Who(person, client)

    def kiosk(self) -> tuple[UUID, FlaskClient]:
        """A kiosk at a new site, ready to be used."""
        site, (token, token_hash) = uuid4(), new_device_token(self.world.organization_id)
        self.world.add(
            Site(id=site, name=f"Site {site}"),
            Device(site_id=site, kind="kiosk", client="native", name="Kiosk", token_hash=token_hash, scopes=["kiosk", "visitors"]),
        )
        client = self.app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return site, client

    def stay(self, person_id: UUID, fence_id: UUID, entered: datetime, left: datetime | None, **more: Any) -> Stay:
        """As evaluation would have written it."""
        ended: dict[str, Any] = {"left_at": left, "ended": left and "confirmed", "last_inside_at": left or entered, "decided_at": left}
        stay = Stay(id=uuid4(), person_id=person_id, fence_id=fence_id, entered_at=entered, **{**ended, **more})
        self.world.add(stay)
        return stay

    def work(self) -> list[str]:
        """Do all the work that waits; its outcomes."""
        waiting = self.world.rows(Outbox)
        return [carry(self.deps, HANDLERS, self.world.organization_id, row.id) for row in waiting]

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """Every statement that the application sends meanwhile."""
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            seen.append(statement)

        event.listen(self.world.database.engine, "before_cursor_execute", note)
        yield seen
        event.remove(self.world.database.engine, "before_cursor_execute", note)
