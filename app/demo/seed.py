"""The demo's organizations, made through the services in one transaction each: whole, or not at all.

Everything is dated before the first day of history, so that fences, windows, switches and the instruction hold for all of it.
Accounts alone are dated now, as their one-time passwords are used at once to choose the ones that go into the notes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from itertools import count
from unicodedata import normalize
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.service import devices, groups, members, organizations, people, sessions, sign_in, sites
from app.accounts.service.passwords import new_one_time_password
from app.actor import Actor
from app.attendance.shifts import NewShift, create_shift
from app.config import Settings
from app.core.policy import Circle
from app.demo import cast
from app.demo.cast import Role
from app.demo.notes import DeviceKey, Notes, User
from app.demo.places import PLACES, SITES, Place
from app.demo.plan import ZONE
from app.demo.reception import receive
from app.errors import Conflict
from app.geofences import service as geofences
from app.geofences.facts import Assigned, FenceFacts
from app.geofences.service import policies
from app.ports import Deps
from app.privacy import texts
from app.privacy.service import instructions, switches, windows
from app.privacy.service.statements import AcceptedStatement, register_organization

MODULES = ("attendance", "geofence", "messages", "alerts", "visitors")
EVERY_DAY, WORKING_DAYS = (1, 2, 3, 4, 5, 6, 7), (1, 2, 3, 4, 5)
ADDRESS = "127.0.0.1"


@dataclass(frozen=True)
class Scene:
    """One organization as it shall be."""

    name: str
    owner: str
    billing_address: str
    telephone: str
    sites: dict[str, str]
    places: Sequence[Place]
    roles: Sequence[Role]
    without_phone: Sequence[str] = ()
    host: str | None = None
    """Whom visitors come for; None: nobody comes."""


MAIN = Scene(
    "IJsselzicht Techniek",
    cast.OWNER,
    "Kadeweg 12, 7411 AA Deventer",
    "+31570123456",
    SITES,
    PLACES,
    cast.CAST,
    cast.WITHOUT_PHONE,
    host="Sanne de Wit",
)
SECOND = Scene(
    "Atelier Noorderlicht",
    cast.SECOND_OWNER,
    "Havenstraat 3, 9401 BB Assen",
    "+31592123456",
    {"Atelier": "Havenstraat 3, Assen"},
    (Place("Atelier", "Atelier", Circle(52.9952, 6.5621, 110), ()),),
    cast.SECOND,
)


@dataclass
class _Making:
    """An organization in the making, inside its transaction. `began`: from when everything holds; `now`: the clock."""

    session: Session
    settings: Settings
    organization_id: int
    slug: str
    began: datetime
    now: datetime
    notes: Notes
    groups: dict[str, UUID] = field(default_factory=dict)
    sites: dict[str, UUID] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def person(self, name: str, site_id: UUID) -> dict[str, object]:
        """Somebody who can be reached, at addresses that are invented; the demo's stand-ins take whatever is sent there."""
        written = "".join(letter for letter in normalize("NFD", name.lower()) if letter.isascii())
        address = f"{written.replace(' ', '.')}@{self.slug}.example"
        return {"name": name, "site_id": site_id, "telephone": f"+316123400{next(self.numbers):02d}", "email": address}


def seed(deps: Deps, notes: Notes, began: datetime, now: datetime) -> None:
    """Make both organizations and add what opens them to the notes."""
    for scene in (MAIN, SECOND):
        _make_free(deps, notes, scene, (began, now))


def _make_free(deps: Deps, notes: Notes, scene: Scene, dates: tuple[datetime, datetime]) -> None:
    """Under the first short name that is free: an earlier demo whose notes are lost keeps its own."""
    base = scene.name.lower().replace(" ", "-")
    for number in range(1, 100):
        try:
            return _make(deps, notes, scene, base if number == 1 else f"{base}-{number}", dates)
        except Conflict:
            if number == 99:
                raise
    return None


def _make(deps: Deps, notes: Notes, scene: Scene, slug: str, dates: tuple[datetime, datetime]) -> None:
    began, now = dates
    with deps.database.identity() as session:
        organization_id = organizations.next_organization_id(session)
    with deps.database.tenant(organization_id) as session:
        making = _Making(session, deps.settings, organization_id, slug, began, now, Notes())
        owner = _register(making, scene)
        _draw(making, scene, owner)
        _expect(making, scene)
        _sign(making, scene)
        for role in scene.roles:
            person_id = _enter(making, role)
            if role.name == scene.host:
                receive(session, deps, owner, (next(iter(making.sites.values())), person_id), now)
        for name in scene.without_phone:
            people.create_person(session, organization_id, making.person(name, next(iter(making.sites.values()))))
    notes.organizations[slug] = organization_id
    notes.users += making.notes.users
    notes.devices += making.notes.devices


def _register(making: _Making, scene: Scene) -> Actor:
    statement = texts.current("statement", "nl")
    facts = organizations.NewOrganization(
        scene.name, scene.owner, scene.billing_address, scene.telephone, f"info@{making.slug}.example", making.slug, ZONE, modules=MODULES
    )
    accepted = AcceptedStatement(statement.version, "nl", scene.owner)
    made = register_organization(making.session, making.organization_id, facts, accepted, making.now, making.settings)
    _choose_password(making, made.sign_in_name, made.one_time_password, "owner")
    return Actor("member", frozenset({"owner"}), making.organization_id, made.owner_person_id)


def _draw(making: _Making, scene: Scene, owner: Actor) -> None:
    for name, address in scene.sites.items():
        making.sites[name] = sites.create_site(making.session, making.organization_id, name, address=address).id
    for name in dict.fromkeys(role.group for role in scene.roles):
        making.groups[name] = groups.create_group(making.session, making.organization_id, name).id
    policies.lock_defaults(making.session, making.organization_id)
    policies.set_defaults(making.session, owner, {"max_accuracy_m": 100, "leave_after_s": 180}, making.began)
    for place in scene.places:
        facts = FenceFacts(place.name, place.shape, making.sites[place.site], place.policy, place.counts_as_work)
        assigned = Assigned() if place.group is None else Assigned(everyone=False, group_ids=(making.groups[place.group],))
        geofences.create_fence(making.session, owner, facts, assigned, making.began)


def _expect(making: _Making, scene: Scene) -> None:
    """A shift for every group; a working window for all but those on call, whose phones may be looked at around the clock."""
    on_call = {role.group for role in scene.roles if role.always_open}
    for name, group_id in making.groups.items():
        at_night = name == cast.GUARDS
        weekdays = EVERY_DAY if at_night else WORKING_DAYS
        shift = (time(22), time(6)) if at_night else (time(9), time(17))
        new = NewShift("Nachtdienst" if at_night else "Dagdienst", weekdays, *shift, making.began.date(), break_minutes=30)
        create_shift(making.session, making.organization_id, (None, group_id), new)
        if name not in on_call:
            weekly = windows.Weekly(weekdays, *((time(21), time(7)) if at_night else (time(7), time(19))), valid_from=making.began.date())
            windows.create_window(making.session, making.organization_id, windows.Holder(group_id=group_id), weekly, making.began)


def _sign(making: _Making, scene: Scene) -> None:
    new = instructions.NewInstruction(
        signed_by=scene.owner,
        signed_role="Directeur",
        purposes=("attendance", "safety"),
        legal_basis="legitimate_interest",
        notice_version=texts.current("notice", "nl").version,
        alternatives=("button", "kiosk", "manager"),
        dpia_reference="DPIA 2026-01",
        works_council_reference="OR 2026-04",
    )
    instructions.sign_instruction(making.session, making.organization_id, new, making.began)


def _enter(making: _Making, role: Role) -> UUID:
    """A person in their group, with a phone, and the switch on; their id."""
    session, organization_id = making.session, making.organization_id
    site = making.sites[next((place.site for place in PLACES if place.name == role.place), next(iter(making.sites)))]
    person = people.create_person(session, organization_id, making.person(role.name, site))
    groups.join_group(session, organization_id, making.groups[role.group], person.id, making.began)
    if role.signs_in_as is not None:
        added = members.add_member(session, organization_id, members.NewMember(person.id, (role.signs_in_as,)), making.now, making.settings)
        _choose_password(making, added.sign_in_name, added.one_time_password, role.signs_in_as)
    enrolment = devices.NewEnrolment("Telefoon", role.client, person.id)
    _, code = devices.create_enrolment(session, organization_id, enrolment, making.began)
    token = devices.activate(session, organization_id, code, making.began, making.settings.secret_key).token
    making.notes.devices.append(DeviceKey(role.name, making.slug, role.client, token))
    accepted = switches.Acceptance(texts.current("notice", "nl").version, "nl")
    switches.switch_on(session, switches.Whose(organization_id, person.id), accepted, making.began)
    return person.id


def _choose_password(making: _Making, sign_in_name: str, one_time_password: str, role: str) -> None:
    """The first sign-in, as a person would do it, so that the password in the notes can be used at once."""
    session, settings, now = making.session, making.settings, making.now
    attempt = sign_in.begin(session, sign_in_name, ADDRESS, now, settings)
    user_id = sign_in.verified(attempt, one_time_password)
    token = sign_in.finish(session, attempt, sign_in.Entry(sessions.Browser("muster demo", "")), now, settings)
    claim = sessions.claim_of(session, token, now, settings)
    if claim is None:
        raise LookupError("a session that was just opened")
    password = new_one_time_password()
    change = sign_in.PasswordChange(password, (), claim.session_id)
    token = sign_in.change_password(session, attempt, change, now, settings)
    claim = sessions.claim_of(session, token, now, settings)
    if claim is not None:
        sessions.end_session(session, user_id, claim.session_id, now)
    making.notes.users.append(User(sign_in_name, password, role, making.slug))
