"""An organization of one's own for a journey: everybody who can sign in, a site with two fences, phones, a kiosk, a signed instruction."""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final
from uuid import UUID

import shapely
from sqlalchemy.orm import Session

from app.accounts.models import UserAccount
from app.accounts.service import devices, groups, members, organizations, people, sites
from app.accounts.service.passwords import hash_password
from app.actor import Actor
from app.core.policy import Circle, Shape
from app.geofences import service as geofences
from app.geofences.facts import Assigned, FenceFacts
from app.geofences.service import policies
from app.ports import Deps
from app.privacy import texts
from app.privacy.service import instructions, switches
from app.privacy.service.statements import AcceptedStatement, register_organization
from bench import town

PASSWORD: Final = "een paard eet geen komkommersla"
CIRCLE: Final = Circle(52.2508, 6.1557, 150)
SQUARE: Final = shapely.box(6.1600, 52.2500, 6.1630, 52.2520)
OWNER: Final = "Olga Eigenaar"
MEMBERS: Final = {
    "manager": "Mark de Manager",
    "sender": "Sasha Sender",
    "responder": "Ria Responder",
    "reception": "Rob Receptie",
    "employee": "Emma Jansen",
    "privacy_officer": "Piet Privacy",
    "colleague": "Cas Collega",
}
NEWCOMER: Final = "Nina Nieuw"
_numbers: Final = count(1)


@dataclass
class Furnishing:
    """One organization in the making, inside its transaction. `began`: since when everything holds; `now`: the clock."""

    session: Session
    deps: Deps
    organization_id: int
    slug: str
    now: datetime

    @property
    def began(self) -> datetime:
        """Yesterday, so that pings of the last hours find everything in place."""
        return self.now - timedelta(days=1)

    def furnish(self, locale: str, extra_people: int) -> dict[str, Any]:
        """Make it; what opens it."""
        owner = self.register(locale)
        site = sites.create_site(self.session, self.organization_id, "Hoofdkantoor", address="Kadeweg 12, Deventer").id
        group = groups.create_group(self.session, self.organization_id, "Kantoor").id
        found = {"owner": owner, **{role: self.member(role, name, site, group) for role, name in MEMBERS.items()}}
        found["newcomer"] = self.newcomer(site)
        fences = self.fences(owner["person_id"], site)
        self.sign()
        return {
            "id": self.organization_id,
            "slug": self.slug,
            "locale": locale,
            "site_id": str(site),
            "group_id": str(group),
            "fences": fences,
            "people": found,
            "phone": self.phone(UUID(found["colleague"]["person_id"])),
            "kiosk": self.device(devices.NewEnrolment("Balie", site_id=site)),
            "extra_people": [self.extra(number, site) for number in range(1, extra_people + 1)],
        }

    def register(self, locale: str) -> dict[str, str]:
        """The organization and its owner."""
        facts = organizations.NewOrganization(
            "IJsselzicht Techniek", OWNER, "Kadeweg 12, 7411 AA Deventer", "+31570123456", "info@example.org", self.slug, locale=locale
        )
        accepted = AcceptedStatement(texts.current("statement", "nl").version, "nl", OWNER)
        made = register_organization(self.session, self.organization_id, facts, accepted, self.now, self.deps.settings)
        know_password(self.session, made.sign_in_name)
        return self.someone(OWNER, made.owner_person_id, made.sign_in_name)

    def member(self, role: str, name: str, site: UUID, group: UUID) -> dict[str, str]:
        """Somebody who can sign in at once. The colleague is a second employee."""
        person = people.create_person(self.session, self.organization_id, {"name": name, "site_id": site})
        groups.join_group(self.session, self.organization_id, group, person.id, self.began)
        roles = ("employee",) if role == "colleague" else (role,)
        added = members.add_member(
            self.session, self.organization_id, members.NewMember(person.id, roles, role), self.now, self.deps.settings
        )
        know_password(self.session, added.sign_in_name)
        return self.someone(name, person.id, added.sign_in_name)

    def newcomer(self, site: UUID) -> dict[str, str]:
        """Somebody who must change the one-time password first."""
        person = people.create_person(self.session, self.organization_id, {"name": NEWCOMER, "site_id": site})
        new = members.NewMember(person.id, ("employee",), "newcomer")
        added = members.add_member(self.session, self.organization_id, new, self.now, self.deps.settings)
        return {**self.someone(NEWCOMER, person.id, added.sign_in_name), "password": added.one_time_password}

    def extra(self, number: int, site: UUID) -> str:
        """Somebody without a sign-in."""
        return str(people.create_person(self.session, self.organization_id, {"name": f"Persoon {number:04}", "site_id": site}).id)

    def fences(self, owner: str, site: UUID) -> dict[str, str]:
        """A circle and a square, beside each other, for everyone."""
        actor = Actor("member", frozenset({"owner"}), self.organization_id, UUID(owner))
        policies.lock_defaults(self.session, self.organization_id)
        shapes: dict[str, tuple[str, Shape]] = {"circle": ("Kantoor Kade", CIRCLE), "square": ("Laadplein", SQUARE)}
        return {
            kind: str(geofences.create_fence(self.session, actor, FenceFacts(name, shape, site), Assigned(), self.began).fence.id)
            for kind, (name, shape) in shapes.items()
        }

    def sign(self) -> None:
        """Locations may be asked for, for attendance and safety."""
        new = instructions.NewInstruction(
            signed_by=OWNER,
            signed_role="Directeur",
            purposes=("attendance", "safety"),
            legal_basis="legitimate_interest",
            notice_version=texts.current("notice", "nl").version,
            alternatives=("button", "kiosk", "manager"),
        )
        instructions.sign_instruction(self.session, self.organization_id, new, self.began)

    def phone(self, person: UUID) -> dict[str, str]:
        """A phone that may report at once: the switch is on."""
        made = self.device(devices.NewEnrolment("Telefoon", person_id=person))
        accepted = switches.Acceptance(texts.current("notice", "nl").version, "nl")
        switches.switch_on(self.session, switches.Whose(self.organization_id, person), accepted, self.began)
        return {**made, "person_id": str(person)}

    def device(self, enrolment: devices.NewEnrolment) -> dict[str, str]:
        """A device and its token."""
        _, code = devices.create_enrolment(self.session, self.organization_id, enrolment, self.began)
        made = devices.activate(self.session, self.organization_id, code, self.began, self.deps.settings.secret_key)
        return {"device_id": str(made.device.id), "token": made.token}

    def someone(self, name: str, person_id: UUID, sign_in_name: str) -> dict[str, str]:
        """As the journeys know people."""
        return {"name": name, "person_id": str(person_id), "sign_in": sign_in_name, "password": PASSWORD}


def know_password(session: Session, sign_in_name: str) -> None:
    """As if it had been changed at a first sign-in."""
    account = session.query(UserAccount).filter_by(sign_in_name=sign_in_name).one()
    account.password_hash, account.must_change_password, account.password_expires_at = hash_password(PASSWORD), False, None
    session.flush()


def new_town(deps: Deps, people: int, fences: int = 100) -> dict[str, Any]:
    """A large organization, everybody of it in one of its fences (Utrecht, a grid of 600 by 400 metres); the owner can sign in."""
    now = deps.clock.now()
    place = town.build(deps.database, deps.settings, fences=fences, people=people, purposes=("attendance", "safety"))
    town.enter_everybody(deps.database, place, now - timedelta(hours=3), now - timedelta(minutes=4))
    with deps.database.identity() as session:
        know_password(session, place.sign_in)
    return {"id": place.organization_id, "people": {"owner": {"name": "Owner", "sign_in": place.sign_in, "password": PASSWORD}}}


def new_organization(deps: Deps, locale: str = "nl", extra_people: int = 0) -> dict[str, Any]:
    """Whole, or not at all."""
    with deps.database.identity() as session:
        organization_id = organizations.next_organization_id(session)
    with deps.database.tenant(organization_id) as session:
        slug = f"journey-{os.getpid()}-{next(_numbers)}"
        return Furnishing(session, deps, organization_id, slug, deps.clock.now()).furnish(locale, extra_people)
