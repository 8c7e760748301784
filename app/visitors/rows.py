"""Visits, visitors and what they hang on, as rows."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Row, Select, and_, bindparam, exists, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core.visits import OPEN
from app.db.types import any_of
from app.errors import NotFound
from app.visitors.models import AgreementSignature, HostDelegate, Invitation, Visit, VisitNotice, Visitor, VisitSettings, VisitType

WITH_VISITOR = and_(Visitor.organization_id == Visit.organization_id, Visitor.id == Visit.visitor_id)
WITH_TYPE = and_(VisitType.organization_id == Visit.organization_id, VisitType.id == Visit.visit_type_id)
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:what, :organization_id))")

# Made once: to make a statement takes as long as to run it, and whoever arrives waits for that.
_VISITS_TO_COME_IN: Final = (
    select(Visit, VisitType)
    .join(VisitType, WITH_TYPE)
    .where(Visit.organization_id == bindparam("organization_id"), Visit.visitor_id == bindparam("visitor_id"))
    .order_by(Visit.expected_from, Visit.id)
    .with_for_update(of=Visit)
)
_VISITOR_OF_LINK: Final = select(Visitor).where(
    Visitor.organization_id == bindparam("organization_id"), Visitor.link_hash == bindparam("hash")
)
_VISITOR_OF_CODE: Final = select(Visitor).where(
    Visitor.organization_id == bindparam("organization_id"), Visitor.code_hash == bindparam("hash")
)
_ADD_VISITOR: Final = insert(Visitor).on_conflict_do_nothing(index_elements=["organization_id", "id"]).returning(Visitor)
_NEXT_BADGE: Final = select(func.coalesce(func.max(Visit.badge_number), 0) + 1).where(
    Visit.organization_id == bindparam("organization_id"), Visit.site_id == bindparam("site_id"), Visit.arrived_at >= bindparam("since")
)


def visit(session: Session, organization_id: int, visit_id: UUID, *, lock: bool = False) -> Visit:
    """Raises `NotFound`."""
    query = select(Visit).where(Visit.organization_id == organization_id, Visit.id == visit_id)
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFound
    return found


def visitor(session: Session, organization_id: int, visitor_id: UUID, *, lock: bool = False) -> Visitor:
    """Raises `NotFound`."""
    query = select(Visitor).where(Visitor.organization_id == organization_id, Visitor.id == visitor_id)
    found = session.scalars(query.with_for_update(key_share=True) if lock else query).one_or_none()
    if found is None:
        raise NotFound
    return found


def visitor_of_link(session: Session, organization_id: int, link_hash: bytes, *, lock: bool = False) -> Visitor | None:
    """Whose link that is."""
    query = _VISITOR_OF_LINK.with_for_update(key_share=True) if lock else _VISITOR_OF_LINK
    return session.scalars(query, {"organization_id": organization_id, "hash": link_hash}).one_or_none()


def visitor_of_code(session: Session, organization_id: int, code_hash: bytes, *, lock: bool = False) -> Visitor | None:
    """Whose six digits these are."""
    query = _VISITOR_OF_CODE.with_for_update(key_share=True) if lock else _VISITOR_OF_CODE
    return session.scalars(query, {"organization_id": organization_id, "hash": code_hash}).one_or_none()


def visits_of(session: Session, organization_id: int, visitor_id: UUID, *, lock: bool = False) -> Sequence[Visit]:
    """All visits of a visitor, by time. Who locks has locked the visitor before, in a way that lets others refer to them: the reception locks a visit alone."""
    query = select(Visit).where(Visit.organization_id == organization_id, Visit.visitor_id == visitor_id)
    query = query.order_by(Visit.expected_from, Visit.id)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True) if lock else query).all()


def visits_to_come_in(session: Session, organization_id: int, visitor_id: UUID) -> Sequence[Row[Visit, VisitType]]:
    """The same, locked, with the kind of each."""
    given = {"organization_id": organization_id, "visitor_id": visitor_id}
    return session.execute(_VISITS_TO_COME_IN, given, execution_options={"populate_existing": True}).all()


def told_of(organization_id: int, person_id: UUID) -> Select[UUID]:
    """The visits of which somebody was told, in the host's stead too."""
    return select(VisitNotice.visit_id).where(VisitNotice.organization_id == organization_id, VisitNotice.person_id == person_id)


def visit_type(session: Session, organization_id: int, visit_type_id: UUID, *, lock: bool = False) -> VisitType:
    """Raises `NotFound`."""
    query = select(VisitType).where(VisitType.organization_id == organization_id, VisitType.id == visit_type_id)
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFound
    return found


def visit_types(session: Session, organization_id: int, *, retired: bool = False) -> Sequence[VisitType]:
    """Those in use, or the retired ones, by name."""
    query = select(VisitType).where(VisitType.organization_id == organization_id, VisitType.retired_at.is_not(None) == retired)
    return session.scalars(query.order_by(VisitType.name, VisitType.id)).all()


def settings_of(session: Session, organization_id: int, site_id: UUID) -> VisitSettings | None:
    """How a site receives; None: as it comes."""
    return session.get(VisitSettings, (organization_id, site_id))


def settings_of_sites(session: Session, organization_id: int, site_ids: Collection[UUID]) -> dict[UUID, VisitSettings]:
    """How each of these sites receives, where it says so."""
    query = select(VisitSettings).where(VisitSettings.organization_id == organization_id, VisitSettings.site_id == any_of(site_ids))
    return {one.site_id: one for one in session.scalars(query)}


def delegates_of(session: Session, organization_id: int, host_ids: Collection[UUID]) -> dict[UUID, HostDelegate]:
    """Host -> who stands in."""
    query = select(HostDelegate).where(HostDelegate.organization_id == organization_id, HostDelegate.person_id == any_of(host_ids))
    return {one.person_id: one for one in session.scalars(query)} if host_ids else {}


def names_of(session: Session, organization_id: int, visitor_ids: Collection[UUID]) -> dict[UUID, str]:
    """Visitor -> name."""
    query = select(Visitor.id, Visitor.name).where(Visitor.organization_id == organization_id, Visitor.id == any_of(visitor_ids))
    return dict(session.execute(query).all())


def on_site(session: Session, organization_id: int, site_id: UUID) -> Sequence[Row[Visit, str]]:
    """(visit, name) of who is on a site or waits there."""
    query = select(Visit, Visitor.name).join(Visitor, WITH_VISITOR)
    return session.execute(query.where(Visit.organization_id == organization_id, Visit.site_id == site_id, Visit.state.in_(OPEN))).all()


def left_at(session: Session, organization_id: int, site_id: UUID, moment: datetime) -> Sequence[str]:
    """The names of who left a site at exactly this moment: a departure told again."""
    query = select(Visitor.name).join(Visit, WITH_VISITOR)
    return session.scalars(query.where(Visit.organization_id == organization_id, Visit.site_id == site_id, Visit.left_at == moment)).all()


def taken_codes(session: Session, organization_id: int, hashes: Collection[bytes]) -> set[bytes]:
    """Those of these codes that somebody has."""
    query = select(Visitor.code_hash).where(Visitor.organization_id == organization_id, Visitor.code_hash.in_(list(hashes)))
    return {found for found in session.scalars(query) if found is not None}


def one_at_a_time(session: Session, organization_id: int, what: str) -> None:
    """Whoever else does this in the organization waits until this transaction ends."""
    session.execute(_ONE_AT_A_TIME, {"what": what, "organization_id": organization_id})


def next_badge(session: Session, organization_id: int, site_id: UUID, since: datetime) -> int:
    """The number of the next badge of this day at the site. Under `one_at_a_time`."""
    given = {"organization_id": organization_id, "site_id": site_id, "since": since}
    return session.execute(_NEXT_BADGE, given).scalar_one() or 1


def add_visitor(session: Session, row: dict[str, object]) -> Visitor | None:
    """None: it was there already, so somebody told the same thing again."""
    return session.scalars(_ADD_VISITOR, row).one_or_none()


def keep_longer(session: Session, organization_id: int, visit: Visit) -> None:
    """A visit ends later than was expected: the visitor and their invitation are kept at least as long as it."""
    for model, row_id in ((Visitor, visit.visitor_id), (Invitation, visit.invitation_id)):
        query = update(model).where(model.organization_id == organization_id, model.id == row_id, model.purge_after < visit.purge_after)
        session.execute(query.values(purge_after=visit.purge_after).execution_options(synchronize_session=False))


def free_code(session: Session, organization_id: int, visitor_ids: Collection[UUID]) -> None:
    """Take the six digits of those who have no visit to come or on."""
    to_come = exists().where(
        Visit.organization_id == organization_id, Visit.visitor_id == Visitor.id, or_(Visit.state == "expected", Visit.state.in_(OPEN))
    )
    query = update(Visitor).where(Visitor.organization_id == organization_id, Visitor.id == any_of(visitor_ids), ~to_come)
    session.execute(query.values(code_hash=None).execution_options(synchronize_session=False))


def forget_visitor(session: Session, visitor: Visitor) -> None:
    """The visitor, their visits and what they told. What they signed stays for its own term, without saying whose visit it was."""
    signed = update(AgreementSignature).where(
        AgreementSignature.organization_id == visitor.organization_id, AgreementSignature.visitor_id == visitor.id
    )
    session.execute(signed.values(visitor_id=None).execution_options(synchronize_session=False))
    session.delete(visitor)
    session.flush()


def forget_codes(session: Session, organization_id: int, before: datetime) -> int:
    """How many were freed. Six digits are few: those of who has no visit to come or on, and whose last was expected to end before, may be somebody else's again."""
    mine = (Visit.organization_id == organization_id, Visit.visitor_id == Visitor.id)
    needed = exists().where(*mine, or_(Visit.state.in_(("expected", *OPEN)), Visit.expected_until >= before))
    query = update(Visitor).where(Visitor.organization_id == organization_id, Visitor.code_hash.is_not(None), ~needed).returning(Visitor.id)
    return len(session.execute(query.values(code_hash=None).execution_options(synchronize_session=False)).all())
