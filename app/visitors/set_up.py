"""How an organization receives: its kinds of visits, what each site does, and who stands in for whom."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.core.fault import Fault
from app.core.hostchain import parse
from app.db.flush import flush
from app.errors import Conflict, Invalid
from app.visitors import rows
from app.visitors.models import Agreement, HostDelegate, VisitSettings, VisitType

_CLASHES: Final = {
    "uq_visit_type_organization_id_name": "A kind of visit with this name exists. Choose another name, or restore the retired one."
}


def types(session: Session, organization_id: int, *, retired: bool) -> Sequence[VisitType]:
    """Those in use, or the retired ones, by name."""
    return rows.visit_types(session, organization_id, retired=retired)


def get_type(session: Session, organization_id: int, type_id: UUID, *, lock: bool = False) -> VisitType:
    """Raises `NotFound`."""
    return rows.visit_type(session, organization_id, type_id, lock=lock)


def create_type(session: Session, organization_id: int, facts: Mapping[str, Any]) -> VisitType:
    """`facts` are columns. Raises `Conflict` (the name is taken), `Invalid` (an agreement that is not in use)."""
    _check_agreements(session, organization_id, facts)
    kind = VisitType(organization_id=organization_id, **facts)
    session.add(kind)
    flush(session, _CLASHES)
    return kind


def edit_type(session: Session, kind: VisitType, changes: Mapping[str, Any]) -> None:
    """Set the columns named. Visits that were planned keep their terms. Raises as `create_type`."""
    _check_agreements(session, kind.organization_id, changes)
    for name, value in changes.items():
        setattr(kind, name, value)
    flush(session, _CLASHES)


def retire_type(session: Session, kind: VisitType, now: datetime) -> None:
    """Out of use: for no new visit. Raises `Conflict` when it is already."""
    if kind.retired_at is not None:
        raise Conflict("This kind of visit is retired already.")
    kind.retired_at = now
    session.flush()


def restore_type(session: Session, kind: VisitType) -> None:
    """Back into use. Raises `Conflict` when it is in use."""
    if kind.retired_at is None:
        raise Conflict("This kind of visit is in use. Only a retired one can be restored.")
    kind.retired_at = None
    session.flush()


def settings(session: Session, organization_id: int, site_id: UUID) -> VisitSettings:
    """How a site receives, as it comes when nobody said. Raises `NotFound` for a site of others."""
    accounts.get_site(session, organization_id, site_id)
    kept = rows.settings_of(session, organization_id, site_id)
    return kept or VisitSettings(
        organization_id=organization_id, site_id=site_id, chain=[], directions={}, house_rules={}, assembly_number=1
    )


def set_settings(session: Session, organization_id: int, site_id: UUID, facts: Mapping[str, Any]) -> VisitSettings:
    """These from now on; the number of the assembly point's poster stays.

    Raises `Invalid` for people and groups that are not here, and for a chain that nobody could follow when somebody stands at the door.
    """
    try:
        parse(facts.get("chain", []))
    except Fault as fault:
        raise Invalid.of(fault.field("chain"), fault.message, fault.next_step) from None
    require_people(session, organization_id, {"default_host_id": facts.get("default_host_id")})
    require_group(session, organization_id, "reception_group_id", facts.get("reception_group_id"))
    made = insert(VisitSettings).values(organization_id=organization_id, site_id=site_id, **facts)
    session.execute(made.on_conflict_do_update(index_elements=["organization_id", "site_id"], set_=dict(facts)))
    session.expire_all()
    return settings(session, organization_id, site_id)


def delegate(session: Session, organization_id: int, person_id: UUID) -> HostDelegate:
    """Who stands in for somebody; nobody when that was never said. Raises `NotFound`."""
    accounts.get_person(session, organization_id, person_id)
    kept = session.get(HostDelegate, (organization_id, person_id))
    return kept or HostDelegate(organization_id=organization_id, person_id=person_id)


def set_delegate(
    session: Session, organization_id: int, person_id: UUID, delegate_id: UUID | None, department_id: UUID | None
) -> HostDelegate:
    """These from now on. Raises `NotFound`; `Invalid` for oneself, and for people and groups that are not here."""
    accounts.get_person(session, organization_id, person_id)
    if delegate_id == person_id:
        raise Invalid.of("delegate_id", "Nobody stands in for themselves", "Choose somebody else, or nobody.")
    require_people(session, organization_id, {"delegate_id": delegate_id})
    require_group(session, organization_id, "department_id", department_id)
    facts = {"delegate_id": delegate_id, "department_id": department_id}
    made = insert(HostDelegate).values(organization_id=organization_id, person_id=person_id, **facts)
    session.execute(made.on_conflict_do_update(index_elements=["organization_id", "person_id"], set_=facts))
    session.expire_all()
    return delegate(session, organization_id, person_id)


def require_people(session: Session, organization_id: int, named: Mapping[str, UUID | None]) -> None:
    """Raises `Invalid` for who is not here, or left."""
    here = accounts.still_here(session, organization_id, [person for person in named.values() if person])
    for field, person_id in named.items():
        if person_id is not None and person_id not in here:
            raise Invalid.of(field, "There is nobody here by that id", "Choose somebody of GET /api/v1/people.")


def require_group(session: Session, organization_id: int, field: str, group_id: UUID | None) -> None:
    """Raises `Invalid` for a group that is not in use, and for one by rule: of that nobody is listed, so nobody would be told of who stands at the door."""
    if group_id is not None:
        accounts.require_groups(session, organization_id, [group_id], field)
        if accounts.rules_of_groups(session, organization_id, [group_id])[group_id] is not None:
            raise Invalid.of(
                field, "This group is made by a rule, so nobody is listed who can be told", "Choose a group whose people are listed."
            )


def _check_agreements(session: Session, organization_id: int, facts: Mapping[str, Any]) -> None:
    wanted = set(facts.get("agreement_ids", ()))
    query = select(func.count()).where(
        Agreement.organization_id == organization_id, Agreement.id.in_(wanted), Agreement.retired_at.is_(None)
    )
    if wanted and session.execute(query).scalar_one() != len(wanted):
        raise Invalid.of("agreement_ids", "There is no such agreement in use", "Choose from GET /api/v1/agreements.")
