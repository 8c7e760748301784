"""What goes in and out of the routes of a kiosk that receives visitors."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import segno
from pydantic import ConfigDict, Field

from app.ports import Deps
from app.visitors import photo as photos
from app.visitors import tokens
from app.visitors.agreements import Agreed
from app.visitors.arrive import Told
from app.visitors.kiosk import Form, Found, Key, NewArrival, Seen
from app.visitors.models import FIELDS
from app.web.fields import Locale, Name
from app.web.parsing import Answer, Moment, Strict

FieldName = Literal["company", "telephone", "email", "plate", "photo"]
State = Literal["expected", "waiting", "on_site", "left_confirmed", "left_assumed", "refused", "cancelled"]
Said = Literal["coming", "send_someone", "not_today"]
Words = dict[Locale, str]


class FieldsIn(Strict):
    """What a visitor told beyond their name. `photo`: a JPEG as base64. An empty text takes it back."""

    model_config = ConfigDict(hide_input_in_errors=True)

    company: Annotated[str, Field(max_length=200)] | None = None
    telephone: Annotated[str, Field(max_length=40)] | None = None
    email: Annotated[str, Field(max_length=254)] | None = None
    plate: Annotated[str, Field(max_length=20)] | None = None
    photo: Annotated[str, Field(max_length=photos.MOST_BODY_BYTES)] | None = None

    def values(self) -> dict[str, str]:
        """Those that were told."""
        return {name: value for name in FIELDS if (value := getattr(self, name)) is not None}


class AgreedIn(Strict):
    """A text that somebody read and agreed to: which version, in which language, and its SHA-256 as it was shown."""

    version_id: UUID
    locale: Locale
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", max_length=64)]


class KeyIn(Strict):
    """By what a visitor is known: what was scanned, or six digits."""

    model_config = ConfigDict(hide_input_in_errors=True)

    token: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    code: Annotated[str, Field(min_length=1, max_length=20)] | None = None

    def key(self) -> Key:
        """Exactly one. Raises `Invalid`."""
        return Key(self.token, self.code)


class DepartureIn(KeyIn):
    """Somebody leaves; `at` when it was told without a network."""

    id: UUID | None = None
    visit_id: UUID | None = None
    name: Name | None = None
    at: Moment | None = None

    def key(self) -> Key:
        """Exactly one. Raises `Invalid`."""
        return Key(self.token, self.code, self.visit_id, self.name)


class WalkInIn(Strict):
    """Somebody who was not announced. `host_name`: the whole name of whom they come for."""

    name: Name
    visit_type_id: UUID
    host_name: Name | None = None


class ArrivalIn(KeyIn):
    """Somebody arrives, once per `id`: with what they scanned or typed, as the visit that was found, or without being announced.

    `at`: when it happened, for what was told without a network. Then a code and a `walk_in` may come together: the code counts if it opens a visit.
    """

    id: UUID
    visit_id: UUID | None = None
    walk_in: WalkInIn | None = None
    at: Moment | None = None
    locale: Locale = "nl"
    fields: FieldsIn = FieldsIn()
    agreed: Annotated[list[AgreedIn], Field(max_length=20, default_factory=list)]

    def new(self) -> NewArrival:
        """As the service takes it. Raises `Invalid`."""
        key, who = Key(self.token, self.code, self.visit_id), self.walk_in
        told = Told(self.fields.values(), [Agreed(one.version_id, one.locale, one.sha256) for one in self.agreed])
        if who is None:
            return NewArrival(self.id, key, self.at, self.locale, told=told)
        return NewArrival(self.id, key, self.at, self.locale, who.name, who.visit_type_id, who.host_name, told)


class AskedOut(Answer):
    """One thing asked beyond the name: why, and for how many days it is kept."""

    field: FieldName
    purpose: Words
    days: int
    required: bool


class KioskTypeOut(Answer):
    """A kind of visit. `agreements`: versions, by id."""

    id: UUID
    name: str
    kind: Literal["visitor", "contractor", "delivery"]
    walk_in: bool
    badge: bool
    keep_days: int
    fields: list[AskedOut]
    agreements: list[UUID]


class KioskAgreementOut(Answer):
    """One version of a text that visitors agree to, by language; and the SHA-256 of each."""

    version_id: UUID
    name: str
    texts: Words
    sha256: Words


class FormOut(Answer):
    """What this site asks of whom."""

    types: list[KioskTypeOut]
    agreements: list[KioskAgreementOut]
    house_rules: Words


class FoundOut(Answer):
    """A visit that was found, and what is still asked."""

    visit_id: UUID
    name: str
    visit_type_id: UUID
    state: State
    host: str | None
    asks: list[FieldName]
    agreements: list[UUID]
    deletes_on: date


class ArrivedOut(Answer):
    """What became of an arrival. `host_known`: whether the name of a host named one person; null: none was given."""

    visit_id: UUID
    state: State
    already: bool
    name: str
    host: str | None
    host_known: bool | None
    badge: bool
    badge_number: int | None
    expected_until: datetime
    deletes_on: date


class VisitStandingOut(Answer):
    """How it stands with somebody who arrived. `qr`: what the badge holds, as a picture; only for somebody on site."""

    visit_id: UUID
    state: State
    host: str | None
    host_said: Said | None
    badge_number: int | None
    qr: str | None


class DepartedOut(Answer):
    """They left."""

    left: bool
    name: str


class HostIn(Strict):
    """The whole name of somebody who works here."""

    model_config = ConfigDict(hide_input_in_errors=True)

    name: Name


class HostOut(Answer):
    """Whether exactly one person has that name."""

    known: bool


def found(one: Found) -> FoundOut:
    """As it is shown."""
    return FoundOut.model_validate({
        "visit_id": one.visit.id, "name": one.name, "visit_type_id": one.visit.visit_type_id, "state": one.visit.state, "host": one.host,
        "asks": one.asks, "agreements": one.agreements, "deletes_on": one.deletes_on,
    })  # fmt: skip


def arrived(one: Seen) -> ArrivedOut:
    """As it is shown."""
    return ArrivedOut.model_validate({
        "visit_id": one.visit.id, "state": one.visit.state, "already": one.already, "name": one.name, "host": one.host,
        "host_known": one.host_known, "badge": one.badge, "badge_number": one.visit.badge_number,
        "expected_until": one.visit.expected_until, "deletes_on": one.deletes_on,
    })  # fmt: skip


def standing(one: Seen, organization_id: int, deps: Deps) -> VisitStandingOut:
    """As it is shown."""
    qr = None
    if one.badge:
        made = segno.make(tokens.qr_text(deps.settings, organization_id, one.visit.visitor_id), error="m", micro=False)
        qr = made.svg_data_uri(scale=8)
    return VisitStandingOut.model_validate({
        "visit_id": one.visit.id, "state": one.visit.state, "host": one.host, "host_said": one.visit.host_said,
        "badge_number": one.visit.badge_number, "qr": qr,
    })  # fmt: skip


def form(one: Form) -> FormOut:
    """As it is shown."""
    newest = {version.agreement_id: version.id for version in one.versions}
    types = [
        {
            "id": kind.id, "name": kind.name, "kind": kind.kind, "walk_in": kind.walk_in, "badge": kind.badge, "keep_days": kind.keep_days,
            "fields": [{"field": name, "purpose": kind.fields[name]["purpose"], "days": kind.fields[name]["days"],
                        "required": kind.fields[name].get("required", False)} for name in FIELDS if name in kind.fields],
            "agreements": [newest[of] for of in kind.agreement_ids if of in newest],
        }
        for kind in one.types
    ]  # fmt: skip
    texts = [
        {"version_id": version.id, "name": one.names[version.agreement_id], "texts": version.texts, "sha256": version.sha256}
        for version in one.versions
    ]
    return FormOut.model_validate({"types": types, "agreements": texts, "house_rules": one.house_rules})
