"""What goes in and out of the routes of agreements, the deny list and runs of deletion."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from app.visitors.models import Agreement, AgreementVersion, VisitRetention
from app.web.fields import Label, Locale, Name
from app.web.paging import PageQuery
from app.web.parsing import Answer, Day, Query, Strict

AgreementTexts = Annotated[
    dict[Locale, Annotated[str, Field(min_length=1, max_length=20_000, pattern=r"\S")]], Field(min_length=1, max_length=2)
]
Days = Annotated[int, Field(ge=1, le=3_660)]
Reason = Literal["violence", "theft", "threat", "trespass", "other"]


class AgreementIn(Strict):
    """Something that visitors agree to, by language; and for how many days after signing it is kept who did."""

    name: Label
    keep_days: Days = 365
    texts: AgreementTexts


class AgreementChange(Strict):
    """What is to be otherwise; what is left out stays. Other texts are a new version, that everybody signs anew."""

    name: Label | None = None
    keep_days: Days | None = None
    texts: AgreementTexts | None = None

    def facts(self) -> dict[str, Any]:
        """What was named."""
        return self.model_dump(exclude_none=True)


class AgreementVersionOut(Answer):
    """One version of the texts, and the SHA-256 of each."""

    id: UUID
    number: int
    texts: dict[Locale, str]
    sha256: dict[Locale, str]
    created_at: datetime


class AgreementOut(Answer):
    """An agreement as it is now."""

    id: UUID
    name: str
    keep_days: int
    retired_at: datetime | None
    version_id: UUID
    number: int
    texts: dict[Locale, str]
    sha256: dict[Locale, str]


class DenyIn(Strict):
    """Who may not come in, why, and until when. The name is not kept."""

    model_config = ConfigDict(hide_input_in_errors=True)

    name: Name
    reason: Reason
    expires_on: Day


class DenyApprovalIn(Strict):
    """The name that is approved, as the first person wrote it."""

    model_config = ConfigDict(hide_input_in_errors=True)

    name: Name


class DenyOut(Answer):
    """An entry of the deny list. It names nobody: only a code of the name is kept."""

    id: UUID
    reason: Reason
    proposed_by: UUID | None
    approved_by: UUID | None
    approved_at: datetime | None
    expires_on: date
    hits: int
    created_at: datetime


class KindDeletedOut(Answer):
    """How many visits of one kind."""

    name: str
    visits: int


class RetentionOut(Answer):
    """One run of deletion: everything whose term ended before `cutoff`, and how many of what were deleted; of each field, and of each kind of visit."""

    id: UUID
    ran_at: datetime
    cutoff: date
    counts: dict[str, int]
    fields: dict[str, int]
    types: list[KindDeletedOut]


class RetentionQuery(PageQuery):
    """The newest first."""


class BadgeQuery(Query):
    """`pdf`: A6. `label`: for a printer of labels 62 mm wide."""

    format: Literal["pdf", "label"] = "pdf"


def deletion(run: VisitRetention, names: Mapping[str, str]) -> RetentionOut:
    """As it is shown. `names`: of kinds of visits, by id."""
    types = [KindDeletedOut(name=names[kind], visits=visits) for kind, visits in run.types.items() if kind in names]
    types.sort(key=lambda one: one.name)
    return RetentionOut(id=run.id, ran_at=run.ran_at, cutoff=run.cutoff, counts=run.counts, fields=run.fields, types=types)


def agreement(one: Agreement, newest: AgreementVersion) -> AgreementOut:
    """As it is shown."""
    return AgreementOut(
        id=one.id, name=one.name, keep_days=one.keep_days, retired_at=one.retired_at, version_id=newest.id, number=newest.number,
        texts=newest.texts, sha256=newest.sha256,
    )  # fmt: skip
