"""An organization of its own for every test, on a real database."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import create_engine

from app.accounts.models import Device, Person
from app.accounts.service.organizations import NewOrganization, next_organization_id
from app.config import Settings, libpq
from app.core.consent import Gate
from app.core.fix import to_ms
from app.db.transaction import Database
from app.embedded.provision import Urls
from app.privacy import service, texts
from app.privacy.service.instructions import NewInstruction

NOW = datetime(2026, 6, 10, 12, 0, tzinfo=UTC)
"""A Wednesday, 14:00 in Amsterdam."""
MARGIN_S = 3600
SIGNED = NewInstruction("A. Boss", "director", ["attendance"], "legitimate_interest", "1", ["button"], dpia_reference="DPIA-7")


@dataclass(frozen=True)
class House:
    """An organization and a way into it."""

    database: Database
    organization_id: int

    def person(self, *, phones: int = 1) -> UUID:
        with self.database.tenant(self.organization_id) as session:
            person = Person(organization_id=self.organization_id, name="Somebody")
            session.add(person)
            session.flush()
        for number in range(phones):
            self.phone(person.id, f"phone {number}")
        return person.id

    def phone(self, person_id: UUID, name: str = "phone") -> UUID:
        with self.database.tenant(self.organization_id) as session:
            device = Device(
                organization_id=self.organization_id,
                person_id=person_id,
                kind="phone",
                client="native",
                name=name,
                token_hash=uuid4().bytes * 2,
                scopes=["pings", "punches"],
            )
            session.add(device)
            session.flush()
            return device.id

    def gate(self, person_id: UUID, now: datetime = NOW) -> Gate:
        """As the hot path reads it."""
        with self.database.hot(self.organization_id) as connection:
            asked = service.ask_gate(connection, {"organization_id": self.organization_id, "person_id": person_id}, "%(person_id)s")
            return service.read_gate(asked, to_ms(now), MARGIN_S)


@pytest.fixture(scope="session")
def published(urls: Urls) -> None:
    engine = create_engine(urls.owner)
    with engine.begin() as connection:
        service.register_statements(connection)
    engine.dispose()


@pytest.fixture
def new_house(database: Database, settings: Settings, published: None) -> Callable[[], House]:
    def make() -> House:
        with database.identity() as session:
            organization_id = next_organization_id(session)
        accepted = service.AcceptedStatement(texts.current("statement", "en").version, "en", "A. Boss")
        new = NewOrganization(f"House {uuid4().hex[:10]}", "A. Boss", "Street 1", "+31201234567", "boss@example.org")
        with database.tenant(organization_id) as session:
            service.register_organization(session, organization_id, new, accepted, NOW, settings)
        return House(database, organization_id)

    return make


@pytest.fixture
def house(new_house: Callable[[], House]) -> House:
    return new_house()


@pytest.fixture
def app_connection(urls: Urls) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """A plain connection as the run-time role."""
    with psycopg.connect(libpq(urls.app)) as connection:
        yield connection
