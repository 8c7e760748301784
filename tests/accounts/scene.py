"""Words that the tests of accounts share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from uuid import UUID

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts import service as accounts
from app.accounts.service import members
from app.config import Settings
from app.db.transaction import Database

NOW = datetime(2026, 5, 4, 8, 30, tzinfo=UTC)
PASSWORD = "een paard eet geen komkommersla"
_numbers = count(1)

AddMember = Callable[..., members.Added]
Enter = Callable[[str, str], FlaskClient]
SignIn = Callable[..., FlaskClient]


class Browser(FlaskClient):
    """At an address of its own, so that failures of one test slow no other one down."""

    def __init__(self, *given: object, **named: object) -> None:
        super().__init__(*given, **named)
        number = next(_numbers)
        self.environ_base["REMOTE_ADDR"] = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


@dataclass(frozen=True)
class Tenant:
    """A new organization: its id, its slug, its owner and how the owner signs in once."""

    id: int
    slug: str
    owner_id: UUID
    sign_in_name: str
    one_time_password: str


def new_tenant(database: Database, settings: Settings, now: datetime = NOW) -> Tenant:
    slug = f"acme-{next(_numbers)}"
    new = accounts.NewOrganization("Acme", "Olga Owner", "Kade 1, Rotterdam", "+31101234567", "office@acme.example", slug=slug)
    with database.identity() as session:
        organization_id = accounts.next_organization_id(session)
    with database.tenant(organization_id) as session:
        made = accounts.create_organization(session, organization_id, new, now, settings)
        return Tenant(organization_id, slug, made.owner_person_id, made.sign_in_name, made.one_time_password)


def without_id(answer: TestResponse) -> dict[str, object]:
    """The answer's body, without the one thing that is never the same twice."""
    return {key: value for key, value in answer.get_json().items() if key != "request_id"}
