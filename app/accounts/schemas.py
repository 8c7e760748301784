"""What goes in and out of the routes of accounts."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from app.accounts.service import contact
from app.actor import MemberRole
from app.web.fields import Label, Locale, Name, Prose, Zone
from app.web.paging import PageQuery
from app.web.parsing import Answer, Query, Strict

Telephone = Annotated[str, Field(max_length=40), AfterValidator(contact.telephone)]
Email = Annotated[str, Field(max_length=254), AfterValidator(contact.email)]
Module = Literal["attendance", "geofence", "messages", "alerts", "visitors", "calls"]
Roles = Annotated[list[MemberRole], Field(min_length=1, max_length=7)]
Client = Literal["native", "owntracks", "traccar"]
Password = Annotated[str, Field(min_length=1, max_length=128)]


class SignInIn(Strict):
    """By sign-in name (`name@organization`) or e-mail address."""

    sign_in: Annotated[str, Field(min_length=1, max_length=254)]
    password: Password
    organization: Annotated[str, Field(max_length=63, description="Slug of the one to enter, for an account with several.")] | None = None
    shared_computer: Annotated[bool, Field(description="Others use this computer: the session ends soon, and with the browser.")] = False


class ProofIn(Strict):
    """Another account of the same person."""

    sign_in: Annotated[str, Field(min_length=1, max_length=254)]
    password: Password


class PasswordIn(Strict):
    """The present password, and the person's own new one."""

    current_password: Password
    new_password: Annotated[str, Field(min_length=8, max_length=128)]


class EnterIn(Strict):
    """The slug of another organization of the same account."""

    organization: Annotated[str, Field(max_length=63)]


class SignedIn(Answer):
    """A session began. The cookie carries it; writes need the token as X-CSRF-Token."""

    csrf_token: str


class OrganizationRef(Answer):
    """An organization the account may enter."""

    id: int
    slug: str
    name: str


class MeOut(Answer):
    """Who is signed in, where, and as what."""

    session_id: UUID
    sign_in_name: str
    person_id: UUID | None
    organization_id: int | None
    organizations: list[OrganizationRef]
    roles: list[str]
    modules: list[str]
    must_change_password: bool
    name: Annotated[str | None, Field(description="The person's name; null for an operator.")]
    locale: Annotated[str | None, Field(description="The person's language, where one is known.")]
    timezone: Annotated[str | None, Field(description="The organization's; null for an operator.")]
    shared_computer: bool
    may: Annotated[dict[str, Literal["own", "all"]], Field(description="What the roles allow: action to how far. See docs/authority.md.")]


class SessionOut(Answer):
    """A signed-in browser."""

    id: UUID
    browser: str
    address_prefix: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    shared_computer: bool
    current: bool


class OrganizationIn(Strict):
    """The five mandatory facts, and the settings."""

    name: Name
    contact_name: Name
    billing_address: Prose
    telephone: Telephone
    email: Email
    timezone: Zone
    locale: Locale


class OrganizationOut(Answer):
    """The organization itself."""

    id: int
    slug: str
    name: str
    contact_name: str
    billing_address: str
    telephone: str
    email: str
    timezone: str
    locale: str


class ModulesIn(Strict):
    """Exactly these are on; the others answer 404."""

    modules: Annotated[list[Module], Field(max_length=6)]


class ModulesOut(Answer):
    """Modules that are on."""

    modules: list[str]


class KioskRulesIn(Strict):
    """What a kiosk asks of whoever stands before it."""

    asks_pin: bool


class KioskRulesOut(Answer):
    """What a kiosk asks of whoever stands before it."""

    asks_pin: bool


class PinIn(Strict):
    """Four to eight digits, to be typed at a kiosk."""

    pin: Annotated[str, Field(pattern=r"^[0-9]{4,8}$", max_length=8)]


class KioskPassOut(Answer):
    """The personal code to show at a kiosk, as text and as a QR code (SVG). A PIN is never shown again."""

    person_id: UUID
    has_pin: bool
    code: str
    qr_svg: str


class SiteIn(Strict):
    """A place of work. Without a time zone the organization's holds."""

    name: Name
    address: Prose | None = None
    timezone: Zone | None = None


class SiteOut(Answer):
    """A place of work."""

    id: UUID
    name: str
    address: str | None
    timezone: str | None
    retired_at: datetime | None


class RetirableQuery(PageQuery):
    """In use, or retired."""

    retired: bool = False


class GroupsQuery(RetirableQuery):
    """Which groups."""

    person_id: Annotated[UUID | None, Field(description="Only those that this person is in.")] = None


class MembersQuery(PageQuery):
    """Which members."""

    person_id: Annotated[UUID | None, Field(description="Only this person, who may be no member.")] = None


class PersonIn(Strict):
    """A name or a telephone number is enough."""

    name: Name | None = None
    telephone: Annotated[
        str | None,
        Field(max_length=40, description="Kept as E.164; one without a country code is taken to be of the organization's country."),
    ] = None
    email: Email | None = None
    employee_number: Annotated[str, Field(min_length=1, max_length=50, pattern=r"\S")] | None = None
    locale: Locale | None = None
    site_id: UUID | None = None

    @model_validator(mode="after")
    def _reachable(self) -> "PersonIn":
        if self.name is None and self.telephone is None:
            raise ValueError("A person needs a name or a telephone number")
        return self


class PersonOut(Answer):
    """Somebody the organization communicates with."""

    id: UUID
    name: str | None
    telephone: str | None
    email: str | None
    employee_number: str | None
    locale: str | None
    site_id: UUID | None
    left_at: datetime | None


class PeopleQuery(PageQuery):
    """Whom to list."""

    left: Annotated[bool, Field(description="Those who left, instead of those who are here.")] = False
    q: Annotated[str, Field(min_length=1, max_length=100, description="In name, employee number, telephone or e-mail.")] | None = None
    group_id: UUID | None = None
    site_id: UUID | None = None


class PeopleImportQuery(Query):
    """Preview, or do what the preview said."""

    confirm: Annotated[str, Field(max_length=64, description="`confirm` of the preview of the same file.")] | None = None


class ImportLine(Answer):
    """What one line of the file does."""

    line: int
    action: Literal["create", "change", "same", "wrong"]
    fields: list[str]
    groups: list[str]
    problem: str | None


class ImportOut(Answer):
    """How the file was read and what each line does. `done` is false in a preview."""

    done: bool
    confirm: str
    encoding: Literal["utf-8", "latin-1"]
    delimiter: str
    counts: dict[str, int]
    lines: list[ImportLine]


class GroupIn(Strict):
    """A group of people: listed, or by rule."""

    name: Name
    rule: Annotated[
        dict[str, Any] | None,
        Field(
            max_length=1,
            description='Whoever meets it when somebody asks, as `{"any": [{"role": "responder"}, {"site": "<id>"}]}`; also `all`, `not`, '
            "`fence` and `on_site`. Without: the people are listed, and in an edit the rule stays as it is.",
        ),
    ] = None


class GroupOut(Answer):
    """A group of people; `rule` is null when they are listed."""

    id: UUID
    name: str
    rule: dict[str, Any] | None
    retired_at: datetime | None


class GroupLine(GroupOut):
    """A group in a list, with how many people are in it; null for a group by rule, which is counted when somebody asks."""

    people: int | None


class MemberIn(Strict):
    """Who shall be able to sign in, as what, and by which name before the @."""

    person_id: UUID
    roles: Roles
    sign_in: Annotated[str, Field(min_length=1, max_length=60)] | None = None


class RolesIn(Strict):
    """Exactly these."""

    roles: Roles


class MemberOut(Answer):
    """Somebody who can sign in. `sign_in_name` is null for an account that is named after another organization."""

    id: UUID
    person_id: UUID
    name: str | None
    sign_in_name: str | None
    roles: list[str]
    must_change_password: bool


class OneTimePassword(Answer):
    """A sign-in that works once, shown once."""

    member_id: UUID
    sign_in_name: str
    one_time_password: str
    expires_at: datetime


class EnrolmentIn(Strict):
    """A phone (of oneself, or of `person_id`) or a kiosk (of `site_id`)."""

    name: Label
    client: Client = "native"
    person_id: UUID | None = None
    site_id: UUID | None = None


class EnrolmentOut(Answer):
    """A code that makes one device, within 15 minutes; as text, as a link, and as a QR code (SVG) of that link."""

    id: UUID
    code: str
    expires_at: datetime
    link: str
    qr_svg: str


class ActivateIn(Strict):
    """The code as shown; case, spaces and dashes do not count."""

    code: Annotated[str, Field(min_length=8, max_length=40)]


class DeviceOut(Answer):
    """A phone of a person or a kiosk of a site."""

    id: UUID
    kind: Literal["phone", "kiosk"]
    client: Client
    name: str
    person_id: UUID | None
    site_id: UUID | None
    scopes: list[str]
    health: dict[str, Any] | None
    created_at: datetime
    revoked_at: datetime | None


class SetupOut(Answer):
    """How to set up another app with this device's token: open the link or scan the code. A passphrase is typed in by hand."""

    link: str
    qr_svg: str
    file: str | None
    file_name: str | None
    passphrase: str | None


class ActivatedOut(Answer):
    """A new device and its token, shown once."""

    device: DeviceOut
    token: str
    setup: SetupOut | None


class DevicesQuery(PageQuery):
    """In use, or revoked."""

    revoked: bool = False
    person_id: Annotated[UUID | None, Field(description="Only the phones of this person.")] = None


class DeviceEdit(Strict):
    """Another name."""

    name: Label
