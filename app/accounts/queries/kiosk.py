"""Who stands at a kiosk."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, and_, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.accounts.models import Device, KioskPass, Organization, Person, Site

_STANDS_AT: Final = (
    select(Site.id, func.coalesce(Site.timezone, Organization.timezone))
    .join(Device, and_(Device.organization_id == Site.organization_id, Device.site_id == Site.id))
    .join(Organization, Organization.id == Site.organization_id)
    .where(Site.organization_id == bindparam("organization_id"), Device.id == bindparam("device_id"))
)

_NAMED: Final = select(Person.id, Person.name).where(
    Person.organization_id == bindparam("organization_id"), Person.name_key == bindparam("key"), Person.left_at.is_(None)
)


def stands_at(session: Session, organization_id: int, device_id: UUID) -> Row[UUID, str] | None:
    """(site, its time zone) of a device that stands somewhere."""
    return session.execute(_STANDS_AT, {"organization_id": organization_id, "device_id": device_id}).one_or_none()


def named(session: Session, organization_id: int, key: str) -> Sequence[Row[UUID, str | None]]:
    """(person, name) of everybody here whose name has this key (`core.names.key_of`)."""
    return session.execute(_NAMED, {"organization_id": organization_id, "key": key}).all()


def person_with_pass(session: Session, organization_id: int, person_id: UUID) -> Row[*tuple[Any, ...]] | None:
    """(id, name, employee_number, pin_hash, code_number) of somebody who has not left."""
    number = func.coalesce(KioskPass.code_number, 1).label("code_number")
    return session.execute(
        select(Person.id, Person.name, Person.employee_number, KioskPass.pin_hash, number)
        .outerjoin(KioskPass, and_(KioskPass.organization_id == Person.organization_id, KioskPass.person_id == Person.id))
        .where(Person.organization_id == organization_id, Person.id == person_id, Person.left_at.is_(None))
    ).one_or_none()


def set_pin(session: Session, organization_id: int, person_id: UUID, pin_hash: str) -> None:
    """This one from now on."""
    row = {"organization_id": organization_id, "person_id": person_id, "pin_hash": pin_hash}
    made = insert(KioskPass).values(row)
    session.execute(made.on_conflict_do_update(index_elements=["organization_id", "person_id"], set_={"pin_hash": pin_hash}))


def next_code(session: Session, organization_id: int, person_id: UUID, *, forget_pin: bool = False) -> None:
    """The code of before opens nothing from now on."""
    made = insert(KioskPass).values({"organization_id": organization_id, "person_id": person_id, "code_number": 2})
    changes: dict[str, Any] = {"code_number": KioskPass.code_number + 1} | ({"pin_hash": None} if forget_pin else {})
    session.execute(made.on_conflict_do_update(index_elements=["organization_id", "person_id"], set_=changes))
