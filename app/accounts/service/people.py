"""People: with or without a login, one by one. A name or a telephone number is enough."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.lists import ALL, PeopleFilter, Window
from app.accounts.models import Person
from app.accounts.queries import people as queries
from app.accounts.service import contact
from app.accounts.service.hooks import groups_changed, people_left
from app.accounts.service.kiosk import end_pass
from app.accounts.service.members import end_member_of_person
from app.accounts.service.sites import require_site
from app.db.flush import flush
from app.errors import Invalid, NotFound

_CLASHES = {"uq_person_organization_id_employee_number": "Somebody has this employee number already. Correct it, or edit that person."}
_NEITHER = "A person needs a name or a telephone number"


def list_people(session: Session, organization_id: int, wanted: PeopleFilter, window: Window = ALL) -> Sequence[Person]:
    """In order of creation, up to `limit + 1`."""
    return queries.people(session, organization_id, wanted, window)


def get_person(session: Session, organization_id: int, person_id: UUID, *, lock: bool = False) -> Person:
    """Raises `NotFound`."""
    found = queries.person(session, organization_id, person_id, lock=lock)
    if found is None:
        raise NotFound
    return found


def people_of_ids(session: Session, organization_id: int, person_ids: Sequence[UUID]) -> dict[UUID, Person]:
    """These people by id; those of other organizations are left out. For domains above, to show names."""
    return {person.id: person for person in queries.people_of_ids(session, organization_id, person_ids)}


def names_of(session: Session, organization_id: int, person_ids: Sequence[UUID], *, text: str | None = None) -> dict[UUID, str]:
    """The names of these people by id, in one query; with `text` only of those it is found in. For domains above."""
    return queries.names(session, organization_id, person_ids, text=text)


def people_with_roles(session: Session, organization_id: int, roles: Sequence[str]) -> list[UUID]:
    """The people who can sign in as at least one of these roles. For domains above."""
    return queries.people_with_roles(session, organization_id, roles)


def everybody(session: Session, organization_id: int) -> list[UUID]:
    """The ids of everybody, those who left included, in order of creation. For domains above."""
    return queries.everybody(session, organization_id)


@dataclass(frozen=True, slots=True)
class Contact:
    """How somebody can be reached. `telephone` is E.164."""

    person_id: UUID
    name: str | None
    telephone: str | None = field(repr=False)
    email: str | None = field(repr=False)
    locale: str | None
    site_id: UUID | None


def contacts_of(session: Session, organization_id: int, person_ids: Collection[UUID]) -> list[Contact]:
    """Those of these people who have not left, in no order: one query for ten thousand. For domains above."""
    return [Contact(*row) for row in queries.contacts(session, organization_id, list(person_ids))]


def still_here(session: Session, organization_id: int, person_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of these people who belong to the organization and have not left. For domains above."""
    return queries.still_here(session, organization_id, list(person_ids))


def share_an_address(session: Session, organization_id: int, one: UUID, other: UUID) -> bool:
    """Whether these two have a telephone number or an e-mail address in common: they may be one, twice. For domains above."""
    first, second = (get_person(session, organization_id, person_id) for person_id in (one, other))
    return any(
        mine and theirs and mine.casefold() == theirs.casefold()
        for mine, theirs in ((first.telephone, second.telephone), (first.email, second.email))
    )


def people_of_rule_leaf(session: Session, organization_id: int, kind: str, value: object) -> frozenset[UUID]:
    """Who has not left and has a role, belongs to a site, or is anybody at all (`role`, `site`, `everyone`: leaves of `core.target`)."""
    match kind, value:
        case "role", str(role):
            return frozenset(queries.people_with_roles(session, organization_id, [role]))
        case "site", UUID() as site_id:
            return frozenset(queries.here(session, organization_id, site_id=site_id))
        case "everyone", _:
            return frozenset(queries.here(session, organization_id))
    raise LookupError(f"accounts knows no people by {kind}")


def person_of_number(session: Session, organization_id: int, employee_number: str) -> UUID | None:
    """Who has this employee number and has not left. For domains above."""
    return queries.person_of_number(session, organization_id, employee_number)


def people_of_telephone(session: Session, organization_id: int, telephone: str) -> list[UUID]:
    """Who has this number (E.164) and has not left. For domains above."""
    return queries.people_of_telephone(session, organization_id, telephone)


def names_as_text(session: Session, organization_id: int, person_ids: Sequence[str] | None, *, text: str | None = None) -> dict[str, str]:
    """As `names_of`, with ids as text and for everybody when None: for lists of thousands. For domains above."""
    return queries.names_as_text(session, organization_id, person_ids, text=text)


def create_person(session: Session, organization_id: int, facts: Mapping[str, Any]) -> Person:
    """`facts` are columns of a person. Raises `Invalid` (no name and no telephone; unknown site), `Conflict` (employee number taken)."""
    person = Person(organization_id=organization_id)
    session.add(person)
    _set(session, person, facts)
    return person


def edit_person(session: Session, person: Person, changes: Mapping[str, Any]) -> None:
    """Set the fields named. Raises as `create_person`."""
    _set(session, person, changes)


def _set(session: Session, person: Person, facts: Mapping[str, Any]) -> None:
    with session.no_autoflush:
        require_site(session, person.organization_id, facts.get("site_id"))
        for name, value in facts.items():
            known = name == "telephone" and value in (None, person.telephone)
            setattr(person, name, value if name != "telephone" or known else _telephone(session, person.organization_id, value))
        if person.name is None and person.telephone is None:
            raise Invalid.of("name", _NEITHER, "Give one of them.")
    flush(session, _CLASHES)


def home_region(session: Session, organization_id: int) -> str | None:
    """Where a number without a country code is taken to be: where the organization's own number is."""
    organization = queries.organization(session, organization_id)
    return None if organization is None else contact.region_of(organization.telephone)


def _telephone(session: Session, organization_id: int, text: str) -> str:
    try:
        return contact.telephone(text, home_region(session, organization_id))
    except ValueError as error:
        message, _, next_step = str(error).partition(". ")
        raise Invalid.of("telephone", message, next_step) from None


def leave(session: Session, person: Person, now: datetime) -> None:
    """The person no longer works here: login, sessions, devices and groups end at once. Raises `Conflict` for the last owner."""
    if person.left_at is not None:
        return
    end_member_of_person(session, person.organization_id, person.id, now)
    end_pass(session, person.organization_id, person.id)
    left_groups = queries.end_memberships(session, person.organization_id, now, person_id=person.id)
    person.left_at = now
    session.flush()
    groups_changed.call(session, person.organization_id, left_groups, now)
    people_left.call(session, person.organization_id, [person.id], now)


def come_back(session: Session, person: Person) -> None:
    """The person works here again. Login, devices and groups are given anew."""
    person.left_at = None
    session.flush()
