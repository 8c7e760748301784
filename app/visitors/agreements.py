"""What visitors agree to: texts with versions, signed once per version. Which text, in which language, and when is kept with the signature."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from app.db.flush import flush
from app.db.types import uuid7
from app.errors import Conflict, Invalid, NotFound
from app.ports import Deps
from app.visitors.models import Agreement, AgreementSignature, AgreementVersion, Visitor

ABOUT_NAME: Final = b"agreement_signature.name"
_CLASHES: Final = {"uq_agreement_organization_id_name": "An agreement with this name exists. Choose another name."}


@dataclass(frozen=True, slots=True)
class Agreed:
    """A text as somebody read it and agreed to it. `sha256`: of the text in that language, as hex."""

    version_id: UUID
    locale: str
    sha256: str


def current(session: Session, organization_id: int, agreement_ids: Collection[UUID]) -> list[AgreementVersion]:
    """The newest version of each of these that is in use."""
    if not agreement_ids:
        return []
    of = and_(Agreement.organization_id == AgreementVersion.organization_id, Agreement.id == AgreementVersion.agreement_id)
    query = select(AgreementVersion).join(Agreement, of).ext(distinct_on(AgreementVersion.agreement_id))
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


def sign(session: Session, organization_id: int, visitor: Visitor, agreed: Sequence[Agreed], at: datetime, deps: Deps) -> None:  # noqa: PLR0913, PLR0917 (who agreed to what, when)
    """Keep that they agreed. Raises `Invalid` when a text is not one of ours as it was shown."""
    of = and_(Agreement.organization_id == AgreementVersion.organization_id, Agreement.id == AgreementVersion.agreement_id)
    query = select(AgreementVersion, Agreement.keep_days).join(Agreement, of)
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
    of = and_(Agreement.organization_id == AgreementVersion.organization_id, Agreement.id == AgreementVersion.agreement_id)
    query = select(Agreement, AgreementVersion).join(AgreementVersion, of).ext(distinct_on(Agreement.name, Agreement.id))
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


def create(
    session: Session, organization_id: int, name: str, keep_days: int, texts: Mapping[str, str]
) -> tuple[Agreement, AgreementVersion]:
    """With its first version. Raises `Conflict` when the name is taken."""
    agreement = Agreement(id=uuid7(), organization_id=organization_id, name=name, keep_days=keep_days)
    session.add(agreement)
    flush(session, _CLASHES)
    return agreement, _publish(session, agreement, 1, texts)


def edit(session: Session, agreement: Agreement, newest: AgreementVersion, changes: Mapping[str, Any]) -> AgreementVersion:
    """`changes`: name, keep_days (of what is signed from now on), texts. Other texts are a new version, that everybody signs anew."""
    for name in {"name", "keep_days"} & set(changes):
        setattr(agreement, name, changes[name])
    flush(session, _CLASHES)
    texts = changes.get("texts")
    return newest if texts is None or texts == newest.texts else _publish(session, agreement, newest.number + 1, texts)


def retire(session: Session, agreement: Agreement, now: datetime) -> None:
    """Nobody is asked to agree to it any more. Raises `Conflict` when it is retired already."""
    if agreement.retired_at is not None:
        raise Conflict("This agreement is retired already.")
    agreement.retired_at = now
    session.flush()


def _publish(session: Session, agreement: Agreement, number: int, texts: Mapping[str, str]) -> AgreementVersion:
    sha256 = {locale: hashlib.sha256(said.encode()).hexdigest() for locale, said in texts.items()}
    version = AgreementVersion(
        id=uuid7(), organization_id=agreement.organization_id, agreement_id=agreement.id, number=number, texts=dict(texts), sha256=sha256
    )
    session.add(version)
    session.flush()
    return version
