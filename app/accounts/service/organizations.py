"""Organizations, their first owner, their modules; and operators."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.models import MODULES, Organization, Person
from app.accounts.queries import identity
from app.accounts.queries import people as queries
from app.accounts.service.members import NewMember, add_member, new_account, renew_password
from app.accounts.service.names import slug_of
from app.accounts.service.people import get_person
from app.actor import Actor
from app.config import Settings
from app.db.flush import flush
from app.db.transaction import viewers_changed
from app.errors import Conflict, NotFound


@dataclass(frozen=True, slots=True)
class NewOrganization:
    """The five facts that are mandatory, and what may be chosen. Without `slug` it is made from the name."""

    name: str
    contact_name: str
    billing_address: str
    telephone: str
    email: str
    slug: str | None = None
    timezone: str = "Europe/Amsterdam"
    locale: str = "nl"
    modules: tuple[str, ...] = ("attendance", "geofence")
    owner_sign_in: str = "owner"
    """The part before @ of the first owner's sign-in name."""


@dataclass(frozen=True, slots=True)
class CreatedOrganization:
    """The organization and how its first owner signs in, once."""

    organization: Organization
    owner_person_id: UUID
    sign_in_name: str
    one_time_password: str = field(repr=False)
    expires_at: datetime


class Home(NamedTuple):
    """Where a member stands: in which organization, as which person."""

    organization: Organization
    person: Person


def next_organization_id(session: Session) -> int:
    """The id for `create_organization`, which must run in the tenant transaction of that id, so that both walls stand from the first row on."""
    return queries.next_organization_id(session)


def create_organization(
    session: Session, organization_id: int, new: NewOrganization, now: datetime, settings: Settings
) -> CreatedOrganization:
    """Write the organization and its first owner, in `database.tenant(organization_id)`. Raises `Conflict` when the slug is taken.

    The caller records the acceptance of a privacy statement in the same transaction (privacy stands above accounts); without one it must not commit.
    """
    organization = Organization(
        id=organization_id,
        slug=new.slug or slug_of(new.name),
        name=new.name,
        contact_name=new.contact_name,
        billing_address=new.billing_address,
        telephone=new.telephone,
        email=new.email,
        timezone=new.timezone,
        locale=new.locale,
    )
    session.add(organization)
    flush(session, {"uq_organization_slug": "An organization with this short name exists. Choose another `slug`."})
    queries.set_modules(session, organization_id, new.modules)
    person = Person(organization_id=organization_id, name=new.contact_name)
    session.add(person)
    session.flush()
    added = add_member(session, organization_id, NewMember(person.id, ("owner",), new.owner_sign_in), now, settings)
    return CreatedOrganization(organization, person.id, added.sign_in_name, added.one_time_password, added.expires_at)


def create_operator(session: Session, sign_in_name: str, now: datetime, settings: Settings) -> str:
    """An account that runs the installation and belongs to no organization; its one-time password. Raises `Conflict` when the name is taken."""
    name = sign_in_name.strip().lower()
    if identity.names_taken(session, [name]):
        raise Conflict("An operator with this sign-in name exists. Choose another name.")
    account, password = new_account(session, name, None, now, settings)
    account.operator = True
    session.flush()
    return password


def reset_account(session: Session, sign_in_name: str, now: datetime, settings: Settings) -> str:
    """A new one-time password for any account. Only for the server's own command line: an operator must not become an owner. Raises `NotFound`."""
    account = identity.account_named(session, sign_in_name.strip().lower())
    if account is None:
        raise NotFound
    return renew_password(session, account, now, settings)


def get_organization(session: Session, organization_id: int, *, lock: bool = False) -> Organization:
    """Raises `NotFound`."""
    found = queries.organization(session, organization_id, lock=lock)
    if found is None:
        raise NotFound
    return found


def organization_exists(session: Session, organization_id: int) -> bool:
    """Whether there is one of this id, closed or not. In an identity transaction; for domains above."""
    return queries.organization(session, organization_id) is not None


def only_organization(session: Session) -> int | None:
    """The one organization that this installation has; None when there are more. In an identity transaction; for domains above."""
    found = queries.open_organizations(session, 2)
    return found[0] if len(found) == 1 else None


def home_of(session: Session, actor: Actor) -> Home | None:
    """None for an operator, who belongs to no organization."""
    if actor.organization_id is None or actor.person_id is None:
        return None
    return Home(get_organization(session, actor.organization_id), get_person(session, actor.organization_id, actor.person_id))


def edit_organization(session: Session, organization: Organization, changes: Mapping[str, Any]) -> None:
    """Set the fields named; the slug never changes, as sign-in names hold it."""
    for name, value in changes.items():
        setattr(organization, name, value)
    session.flush()


def modules_of(session: Session, organization_id: int) -> list[str]:
    """Modules that are on, sorted."""
    return queries.modules(session, organization_id)


def set_modules(session: Session, organization_id: int, wanted: Iterable[str]) -> list[str]:
    """Switch exactly these on. The next request sees it."""
    queries.set_modules(session, organization_id, [name for name in wanted if name in MODULES])
    viewers_changed(session, organization_id)
    return queries.modules(session, organization_id)
