"""What visitors agree to: texts with versions, signed once per version. Which text, in which language, and when is kept with the signature.

Who came in without having signed is nowhere written down: it is what asked agreements less signatures leave (`lacking`).
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from app.core.visits import OPEN
from app.db.flush import flush
from app.db.types import any_of, uuid7
from app.errors import Conflict, Invalid, NotFound
from app.ports import Deps
from app.visitors.models import Agreement, AgreementSignature, AgreementVersion, Visit, Visitor, VisitType

ABOUT_NAME: Final = b"agreement_signature.name"
LEFT: Final = ("left_confirmed", "left_assumed")
_OF: Final = and_(Agreement.organization_id == AgreementVersion.organization_id, Agreement.id == AgreementVersion.agreement_id)
_CLASHES: Final = {"uq_agreement_organization_id_name": "An agreement with this name exists. Choose another name."}


@dataclass(frozen=True, slots=True)
class Agreed:
    """A text as somebody read it and agreed to it. `sha256`: of the text in that language, as hex."""

    version_id: UUID
    locale: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Lacking:
    """What somebody should have agreed to and did not: its number is that of the version that counted when they came, or counts now."""

    agreement_id: UUID
    name: str
    number: int


@dataclass(frozen=True, slots=True)
class _Asked:
    agreement_id: UUID
    name: str
    keep_days: int
    number: int
    since: datetime


def current(session: Session, organization_id: int, agreement_ids: Collection[UUID]) -> list[AgreementVersion]:
    """The newest version of each of these that is in use."""
    if not agreement_ids:
        return []
    query = select(AgreementVersion).join(Agreement, _OF).ext(distinct_on(AgreementVersion.agreement_id))
    query = query.where(
        AgreementVersion.organization_id == organization_id, Agreement.id.in_(list(agreement_ids)), Agreement.retired_at.is_(None)
    )
    return list(session.scalars(query.order_by(AgreementVersion.agreement_id, AgreementVersion.number.desc())))


def names(session: Session, organization_id: int, agreement_ids: Collection[UUID]) -> dict[UUID, str]:
    """What they are called."""
    query = select(Agreement.id, Agreement.name).where(Agreement.organization_id == organization_id, Agreement.id.in_(list(agreement_ids)))
    return dict(session.execute(query).all())


def unsigned(session: Session, organization_id: int, visitor_id: UUID, agreement_ids: Collection[UUID]) -> list[UUID]:
    """The newest versions that a visitor has not agreed to."""
    query = select(AgreementSignature.version_id).where(
        AgreementSignature.organization_id == organization_id, AgreementSignature.visitor_id == visitor_id
    )
    signed = set(session.scalars(query))
    return [version.id for version in current(session, organization_id, agreement_ids) if version.id not in signed]


def lacking(session: Session, organization_id: int, visits: Collection[Visit], now: datetime) -> dict[UUID, list[Lacking]]:
    """Visit -> what its visitor did not agree to, by name: of those who are to come, of those who are here, and of those who left.

    A version that is newer than an arrival was not asked of it. Of who left it is said as long as a signature of theirs would still be kept.
    """
    query = select(VisitType.id, VisitType.agreement_ids).where(
        VisitType.organization_id == organization_id, VisitType.id == any_of({visit.visit_type_id for visit in visits})
    )
    kinds = {id_: set(wanted) for id_, wanted in session.execute(query) if wanted}
    visits = [visit for visit in visits if visit.visit_type_id in kinds and visit.state in ("expected", *OPEN, *LEFT)]
    if not visits:
        return {}
    asked = _asked(session, organization_id, set().union(*kinds.values()))
    since_when = select(Visitor.id, Visitor.created_at).where(Visitor.organization_id == organization_id)
    since_when = since_when.where(Visitor.id == any_of({visit.visitor_id for visit in visits}))
    known: dict[UUID, datetime] = dict(session.execute(since_when).all())
    signed = _signed(session, organization_id, known)
    found: dict[UUID, list[Lacking]] = {}
    for visit in visits:
        came = visit.arrived_at or now
        counted = {one.agreement_id: one for one in asked if one.agreement_id in kinds[visit.visit_type_id] and one.since <= came}
        since = min(came, known[visit.visitor_id])
        found[visit.id] = [
            Lacking(one.agreement_id, one.name, one.number)
            for one in sorted(counted.values(), key=lambda one: one.name)
            if signed.get((visit.visitor_id, one.agreement_id), 0) < one.number
            and (visit.state not in LEFT or since + timedelta(days=one.keep_days) > now)
        ]
    return found


def texts_of(session: Session, organization_id: int, lacks: Sequence[Lacking]) -> list[tuple[str, AgreementVersion]]:
    """(name, newest version) of each: what is shown to be signed now."""
    newest = {version.agreement_id: version for version in current(session, organization_id, [one.agreement_id for one in lacks])}
    return [(one.name, newest[one.agreement_id]) for one in lacks]


def sign(session: Session, organization_id: int, visitor: Visitor, agreed: Sequence[Agreed], at: datetime, deps: Deps) -> None:  # noqa: PLR0913, PLR0917 (who agreed to what, when)
    """Keep that they agreed. Raises `Invalid` when a text is not one of ours as it was shown."""
    query = select(AgreementVersion, Agreement.keep_days).join(Agreement, _OF)
    query = query.where(AgreementVersion.organization_id == organization_id, AgreementVersion.id.in_([one.version_id for one in agreed]))
    versions = {version.id: (version, days) for version, days in session.execute(query).all()}
    for one in agreed:
        version, days = versions.get(one.version_id, (None, 0))
        if version is None or version.sha256.get(one.locale) != one.sha256:
            raise Invalid.of("agreed", "This is not the text as it stands here", "Show the newest text and ask again.")
        row = {
            "organization_id": organization_id, "id": uuid7(), "version_id": version.id, "visitor_id": visitor.id, "locale": one.locale,
            "sha256": one.sha256, "sealed_name": deps.keyring.seal(session, organization_id, visitor.name.encode(), ABOUT_NAME),
            "signed_at": at, "purge_after": (at + timedelta(days=days)).date(),
        }  # fmt: skip
        session.execute(insert(AgreementSignature).values(row).on_conflict_do_nothing())


def listed(session: Session, organization_id: int) -> list[tuple[Agreement, AgreementVersion]]:
    """All agreements by name, each with its newest version."""
    query = select(Agreement, AgreementVersion).join(AgreementVersion, _OF).ext(distinct_on(Agreement.name, Agreement.id))
    query = query.where(Agreement.organization_id == organization_id)
    return [(one, newest) for one, newest in session.execute(query.order_by(Agreement.name, Agreement.id, AgreementVersion.number.desc()))]


def get(session: Session, organization_id: int, agreement_id: UUID, *, lock: bool = False) -> tuple[Agreement, AgreementVersion]:
    """With its newest version. Raises `NotFound`."""
    query = select(Agreement).where(Agreement.organization_id == organization_id, Agreement.id == agreement_id)
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFound
    return found, versions(session, organization_id, agreement_id)[0]


def versions(session: Session, organization_id: int, agreement_id: UUID) -> Sequence[AgreementVersion]:
    """All there ever were, the newest first."""
    query = select(AgreementVersion).where(
        AgreementVersion.organization_id == organization_id, AgreementVersion.agreement_id == agreement_id
    )
    return session.scalars(query.order_by(AgreementVersion.number.desc())).all()


def create(  # noqa: PLR0913, PLR0917 (what, how long, since when)
    session: Session, organization_id: int, name: str, keep_days: int, texts: Mapping[str, str], now: datetime
) -> tuple[Agreement, AgreementVersion]:
    """With its first version. Raises `Conflict` when the name is taken."""
    agreement = Agreement(id=uuid7(), organization_id=organization_id, name=name, keep_days=keep_days)
    session.add(agreement)
    flush(session, _CLASHES)
    return agreement, _publish(session, agreement, 1, texts, now)


def edit(session: Session, agreement: Agreement, newest: AgreementVersion, changes: Mapping[str, Any], now: datetime) -> AgreementVersion:
    """`changes`: name, keep_days (of what is signed from now on), texts. Other texts are a new version, that everybody signs anew."""
    for name in {"name", "keep_days"} & set(changes):
        setattr(agreement, name, changes[name])
    flush(session, _CLASHES)
    texts = changes.get("texts")
    return newest if texts is None or texts == newest.texts else _publish(session, agreement, newest.number + 1, texts, now)


def retire(session: Session, agreement: Agreement, now: datetime) -> None:
    """Nobody is asked to agree to it any more. Raises `Conflict` when it is retired already."""
    if agreement.retired_at is not None:
        raise Conflict("This agreement is retired already.")
    agreement.retired_at = now
    session.flush()


def _publish(session: Session, agreement: Agreement, number: int, texts: Mapping[str, str], now: datetime) -> AgreementVersion:
    sha256 = {locale: hashlib.sha256(said.encode()).hexdigest() for locale, said in texts.items()}
    version = AgreementVersion(
        id=uuid7(), organization_id=agreement.organization_id, agreement_id=agreement.id, number=number, texts=dict(texts), sha256=sha256,
        created_at=now,
    )  # fmt: skip
    session.add(version)
    session.flush()
    return version


def _asked(session: Session, organization_id: int, agreement_ids: Collection[UUID]) -> list[_Asked]:
    """All versions of these that are in use, the oldest first; without their texts."""
    version = AgreementVersion
    query = select(version.agreement_id, Agreement.name, Agreement.keep_days, version.number, version.created_at).join(Agreement, _OF)
    query = query.where(version.organization_id == organization_id, Agreement.id == any_of(agreement_ids), Agreement.retired_at.is_(None))
    return [_Asked(*row) for row in session.execute(query.order_by(version.number))]


def _signed(session: Session, organization_id: int, visitor_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], int]:
    """(visitor, agreement) -> the newest version that they agreed to."""
    of = and_(AgreementVersion.organization_id == AgreementSignature.organization_id, AgreementVersion.id == AgreementSignature.version_id)
    query = select(AgreementSignature.visitor_id, AgreementVersion.agreement_id, func.max(AgreementVersion.number)).join(
        AgreementVersion, of
    )
    mine = (AgreementSignature.organization_id == organization_id, AgreementSignature.visitor_id == any_of(visitor_ids))
    query = query.where(*mine).group_by(AgreementSignature.visitor_id, AgreementVersion.agreement_id)
    return {(visitor_id, agreement_id): number for visitor_id, agreement_id, number in session.execute(query) if visitor_id}
