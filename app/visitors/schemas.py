"""What goes in and out of the routes of visits: how an organization receives."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from app.core.delivery import CHANNELS
from app.web.fields import Label, Locale
from app.web.parsing import Answer, Query, Strict

FieldName = Literal["company", "telephone", "email", "plate", "photo"]
Kind = Literal["visitor", "contractor", "delivery"]
Step = Literal["host", "delegate", "department", "default_host", "reception"]
Channel = Literal["push", "sms", "email"]
Texts = Annotated[dict[Locale, Annotated[str, Field(max_length=4_000)]], Field(max_length=2)]
Purpose = Annotated[dict[Locale, Annotated[str, Field(min_length=1, max_length=300, pattern=r"\S")]], Field(min_length=1, max_length=2)]


class AskIn(Strict):
    """One thing asked beyond the name: why, for how many days after the expected end it is kept, and whether it must be told."""

    purpose: Purpose
    days: Annotated[int, Field(ge=1, le=400)]
    required: bool = False


class VisitTypeFacts(Strict):
    """What can be said of a kind of visit beside its name. What is not in `fields` is not asked."""

    kind: Kind = "visitor"
    fields: dict[FieldName, AskIn] = Field(default_factory=dict)
    agreement_ids: Annotated[list[UUID], Field(max_length=10)] = Field(default_factory=list)
    ends_after_min: Annotated[int, Field(ge=5, le=10_080)] = 480
    assumed_after_min: Annotated[int, Field(ge=0, le=2_880)] = 240
    overstay_after_min: Annotated[int, Field(ge=0, le=2_880)] | None = None
    walk_in: bool = True
    approval: bool = False
    badge: bool = True
    keep_days: Annotated[int, Field(ge=1, le=400)] = 30


class VisitTypeIn(VisitTypeFacts):
    """A kind of visit."""

    name: Label

    def facts(self) -> dict[str, Any]:
        """As columns."""
        return self.model_dump()


class VisitTypeChange(VisitTypeFacts):
    """What is to be otherwise; what is left out stays."""

    name: Label | None = None

    def facts(self) -> dict[str, Any]:
        """The columns that were named."""
        return {name: value for name, value in self.model_dump(exclude_unset=True).items() if (name, value) != ("name", None)}


class AskOut(TypedDict):
    """See `AskIn`."""

    purpose: dict[Locale, str]
    days: int
    required: bool


class VisitTypeOut(Answer):
    """A kind of visit."""

    id: UUID
    name: str
    kind: Kind
    fields: dict[FieldName, AskOut]
    agreement_ids: list[UUID]
    ends_after_min: int
    assumed_after_min: int
    overstay_after_min: int | None
    walk_in: bool
    approval: bool
    badge: bool
    keep_days: int
    retired_at: datetime | None


class TypesQuery(Query):
    """Those in use, or the retired ones."""

    retired: bool = False


class ChainStepIn(Strict):
    """Who is told, how, and how long their answer is waited for."""

    who: Step
    seconds: Annotated[int, Field(ge=10, le=3_600)]
    channels: Annotated[list[Channel], Field(min_length=1, max_length=len(CHANNELS))]


class VisitSettingsIn(Strict):
    """How a site receives. An empty chain: host, delegate, default host, reception, a minute each."""

    default_host_id: UUID | None = None
    reception_group_id: UUID | None = None
    chain: Annotated[list[ChainStepIn], Field(max_length=10)] = Field(default_factory=list)
    directions: Texts = Field(default_factory=dict)
    house_rules: Texts = Field(default_factory=dict)


class ChainStepOut(TypedDict):
    """See `ChainStepIn`."""

    who: Step
    seconds: int
    channels: list[Channel]


class VisitSettingsOut(Answer):
    """How a site receives. `assembly_number`: of the poster that counts."""

    site_id: UUID
    default_host_id: UUID | None
    reception_group_id: UUID | None
    chain: list[ChainStepOut]
    directions: dict[Locale, str]
    house_rules: dict[Locale, str]
    assembly_number: int


class DelegateIn(Strict):
    """Who receives somebody's visitors when they do not come, and which group is their department."""

    delegate_id: UUID | None = None
    department_id: UUID | None = None


class DelegateOut(Answer):
    """See `DelegateIn`."""

    person_id: UUID
    delegate_id: UUID | None
    department_id: UUID | None
