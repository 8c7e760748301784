"""What goes in and out of the routes of invitations and visits."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from app.core.visits import deletes_on
from app.db.types import uuid7
from app.visitors.agreements import Agreed, Lacking
from app.visitors.invitations import Guest, Invited, NewInvitation, Shown
from app.visitors.kiosk_schemas import AgreedIn, FieldName, FieldsIn, Said, State
from app.visitors.listing import Cell, Line
from app.visitors.models import AgreementVersion
from app.web.fields import Locale, Name
from app.web.paging import PageQuery
from app.web.parsing import Answer, Day, Moment, Query, Strict

Subject = Annotated[str, Field(min_length=1, max_length=300, pattern=r"\S")]
Rule = Annotated[str, Field(min_length=1, max_length=500)]
Way = Literal["kiosk", "code", "reception", "host", "link", "webhook", "clock"]
StateFilter = Annotated[list[State], Field(max_length=7)]


class GuestIn(Strict):
    """Somebody who is invited: the name, and where they are told of it."""

    model_config = ConfigDict(hide_input_in_errors=True)

    name: Name
    locale: Locale = "nl"
    email: Annotated[str, Field(max_length=254)] | None = None
    telephone: Annotated[str, Field(max_length=40)] | None = None
    fields: FieldsIn = Field(default_factory=FieldsIn)

    def guest(self) -> Guest:
        """As the service takes it."""
        reached = {name: value for name, value in (("email", self.email), ("telephone", self.telephone)) if value}
        return Guest(self.name, self.locale, self.fields.values() | reached)


class GuestsIn(Strict):
    """More visitors for an invitation."""

    visitors: Annotated[list[GuestIn], Field(min_length=1, max_length=200)]
    tell: bool = True


class InvitationIn(GuestsIn):
    """Planned visits. `host_id` left out: oneself. `rule`: an RRULE of RFC 5545 with an end; the first time is `starts_at`."""

    id: UUID | None = None
    site_id: UUID
    visit_type_id: UUID
    host_id: UUID | None = None
    subject: Subject | None = None
    starts_at: Moment
    ends_at: Moment
    rule: Rule | None = None

    def new(self, person_id: UUID | None) -> NewInvitation:
        """As the service takes it; the host is that person unless another is named."""
        return NewInvitation(
            self.id or uuid7(), self.site_id, self.visit_type_id, self.host_id or person_id, self.subject, self.starts_at, self.ends_at,
            self.rule, [one.guest() for one in self.visitors], self.tell,
        )  # fmt: skip


class InvitationChange(Strict):
    """What is to be otherwise; what is left out stays."""

    site_id: UUID | None = None
    host_id: UUID | None = None
    subject: Subject | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    rule: Rule | None = None
    tell: bool = True

    def changes(self) -> dict[str, Any]:
        """Those that were named. A host, a subject and a rule can be taken away."""
        given = {name: getattr(self, name) for name in self.model_fields_set - {"tell"}}
        return {name: value for name, value in given.items() if value is not None or name in {"subject", "rule"}}


class InvitationOut(Answer):
    """Planned visits. `visitors` and `times`: how many."""

    id: UUID
    site_id: UUID
    visit_type_id: UUID
    host_id: UUID | None
    invited_by: UUID | None
    subject: str | None
    starts_at: datetime
    ends_at: datetime
    timezone: str
    rule: str | None
    visitors: int
    times: int
    sequence: int
    revision: int
    cancelled_at: datetime | None
    deletes_on: date


class InvitedOut(Answer):
    """A visitor of an invitation, and what is known of them beyond the name; a photo is not shown here."""

    id: UUID
    name: str
    locale: Locale
    fields: dict[str, str]
    deletes_on: date


class VisitPeriodQuery(PageQuery):
    """`until` is not included."""

    from_: Annotated[Moment, Field(alias="from")]
    until: Moment


class VisitDayQuery(PageQuery):
    """A local day of the site, or today."""

    site_id: UUID | None = None
    on: Day | None = None
    state: StateFilter = Field(default_factory=list)


class PastQuery(PageQuery):
    """Local days, both included; `name`: a part of it."""

    from_: Annotated[Day, Field(alias="from")]
    until: Day
    site_id: UUID | None = None
    name: Annotated[str, Field(min_length=1, max_length=200)] | None = None


class StatisticsQuery(Query):
    """Local days, both included."""

    from_: Annotated[Day, Field(alias="from")]
    until: Day
    site_id: UUID | None = None


class UnsignedOut(Answer):
    """An agreement that the visitor did not agree to, in the version that counted when they came, or counts now."""

    agreement_id: UUID
    name: str
    number: int


class UnsignedTextOut(Answer):
    """What is still to be signed: the newest text, by language, and the SHA-256 of each."""

    version_id: UUID
    name: str
    number: int
    texts: dict[Locale, str]
    sha256: dict[Locale, str]


class SignaturesIn(Strict):
    """What a visitor read at the desk and agreed to."""

    agreed: Annotated[list[AgreedIn], Field(min_length=1, max_length=20)]

    def signed(self) -> list[Agreed]:
        """As the service takes it."""
        return [Agreed(one.version_id, one.locale, one.sha256) for one in self.agreed]


class VisitOut(Answer):
    """One visit. Told only to those who receive: `stopped`, the deny list has the name; `unsigned`, what the visitor was asked to agree to and did not."""

    id: UUID
    visitor_id: UUID
    invitation_id: UUID | None
    visit_type_id: UUID
    type_name: str
    name: str
    site_id: UUID
    host_id: UUID | None
    host_name: str | None
    state: State
    stopped: bool | None
    unsigned: list[UnsignedOut] | None
    expected_from: datetime
    expected_until: datetime
    arrived_at: datetime | None
    arrived_by: Way | None
    left_at: datetime | None
    left_by: Way | None
    badge_number: int | None
    host_said: Said | None
    revision: int
    deletes_on: date


class VisitWhole(VisitOut):
    """With what they told beyond the name. `fields_delete_on`: also of a photo, which is asked for by itself."""

    fields: dict[FieldName, str]
    fields_delete_on: dict[FieldName, date]


class ReceptionWalkInIn(Strict):
    """Somebody the reception lets in without an invitation. `id`: the client's own."""

    id: UUID | None = None
    site_id: UUID
    visit_type_id: UUID
    name: Name
    locale: Locale = "nl"
    host_id: UUID | None = None
    fields: FieldsIn = Field(default_factory=FieldsIn)


class VisitChange(Strict):
    """What is to be otherwise; what is left out stays."""

    name: Name | None = None
    host_id: UUID | None = None
    fields: FieldsIn = Field(default_factory=FieldsIn)


class SeenIn(Strict):
    """`at`: when it was seen, by a device that had no network meanwhile; left out: now. What lies ahead is now, too."""

    at: Moment | None = None


class HostAnswerIn(Strict):
    """What a host says."""

    answer: Said


class CellOut(Answer):
    """How many visits and visitors: never of fewer than five visitors."""

    key: str
    visits: int
    visitors: int


class StatisticsOut(Answer):
    """What can be said without telling of anybody: cells of fewer than five visitors are left out, so sums of these are no totals."""

    days: list[CellOut]
    hours: list[CellOut]
    types: list[CellOut]
    sites: list[CellOut]


def invitation(one: Shown) -> InvitationOut:
    """As it is shown."""
    kept = one.invitation
    copied = {
        name: getattr(kept, name) for name in InvitationOut.model_fields if name not in {"subject", "visitors", "times", "deletes_on"}
    }
    return InvitationOut(**copied, subject=one.subject, visitors=one.visitors, times=one.times, deletes_on=deletes_on(kept.purge_after))


def invited(one: Invited) -> InvitedOut:
    """As it is shown."""
    who = one.visitor
    return InvitedOut.model_validate(
        {"id": who.id, "name": who.name, "locale": who.locale, "fields": dict(one.values), "deletes_on": deletes_on(who.purge_after)}
    )


def unsigned(name: str, version: AgreementVersion) -> UnsignedTextOut:
    """As it is shown."""
    return UnsignedTextOut(version_id=version.id, name=name, number=version.number, texts=version.texts, sha256=version.sha256)


def facts(line: Line, lacks: Mapping[UUID, Sequence[Lacking]] | None) -> dict[str, Any]:
    """Of one visit. `lacks`: visit -> what is not signed; None for somebody who does not receive."""
    visit = line.visit
    made = {"name", "type_name", "host_name", "stopped", "unsigned", "deletes_on"}
    copied = {name: getattr(visit, name) for name in VisitOut.model_fields if name not in made}
    return copied | {
        "name": line.name, "type_name": line.type_name, "host_name": line.host_name, "stopped": visit.stopped if lacks is not None else None,
        "unsigned": [UnsignedOut.model_validate(one) for one in lacks.get(visit.id, ())] if lacks is not None else None,
        "deletes_on": deletes_on(visit.purge_after),
    }  # fmt: skip


def visit(line: Line, lacks: Mapping[UUID, Sequence[Lacking]] | None) -> VisitOut:
    """As it is shown."""
    return VisitOut.model_validate(facts(line, lacks))


def cells(found: dict[str, list[Cell]]) -> StatisticsOut:
    """As they are shown."""
    return StatisticsOut.model_validate({name: [CellOut.model_validate(one) for one in some] for name, some in found.items()})
