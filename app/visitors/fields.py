"""What visitors tell beyond their name: sealed, each with its own term, and only what the kind of visit asks."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core.one_line import one_line
from app.core.visits import purge_after
from app.errors import Invalid
from app.ports import Deps
from app.visitors import photo
from app.visitors.models import FIELDS, VisitorField, VisitType

ABOUT: Final = b"visitor_field.value"
REACHED_BY: Final = ("email", "telephone")
"""An inviter may give these although the kind of visit does not ask them: to reach the visitor, so they are kept to the expected end and no longer."""


def keep(  # noqa: PLR0913, PLR0917 (of whom, what, and until when)
    session: Session,
    organization_id: int,
    visitor_id: UUID,
    kind: VisitType,
    values: Mapping[str, str],
    ends_at: datetime,
    zone: str,
    deps: Deps,
    *,
    invited: bool = False,
) -> None:
    """Keep these, in the place of what was told before; an empty text takes it back. Raises `Invalid` for what is not asked."""
    keep_all(session, organization_id, kind, {visitor_id: values}, ends_at, zone, deps, invited=invited)


def keep_all(  # noqa: PLR0913, PLR0917 (of whom, what, and until when)
    session: Session,
    organization_id: int,
    kind: VisitType,
    told_by: Mapping[UUID, Mapping[str, str]],
    ends_at: datetime,
    zone: str,
    deps: Deps,
    *,
    invited: bool = False,
) -> None:
    """As `keep`, of many visitors of one kind of visit: visitor -> what they told. As many statements as for one."""
    kept, taken_back = [], []
    for visitor_id, name, text in ((visitor_id, *one) for visitor_id, values in told_by.items() for one in values.items()):
        if name not in kind.fields and not (invited and name in REACHED_BY):
            raise Invalid.of(f"fields.{name}", "This is not asked of visitors of this kind", "Leave it out.")
        told_ = text if name == "photo" else one_line(text)
        if not told_.strip():
            taken_back.append((visitor_id, name))
            continue
        plain = photo.small(told_) if name == "photo" else told_.encode()
        kept.append({
            "organization_id": organization_id, "visitor_id": visitor_id, "field": name,
            "sealed_value": deps.keyring.seal(session, organization_id, plain, ABOUT),
            "purge_after": purge_after(ends_at, days_of(kind, name), zone),
        })  # fmt: skip
    if taken_back:
        of = tuple_(VisitorField.visitor_id, VisitorField.field).in_(taken_back)
        session.execute(delete(VisitorField).where(VisitorField.organization_id == organization_id, of))
    if kept:
        made = insert(VisitorField).values(kept)
        newer = {"sealed_value": made.excluded.sealed_value, "purge_after": made.excluded.purge_after}
        session.execute(made.on_conflict_do_update(index_elements=["organization_id", "visitor_id", "field"], set_=newer))


def name_of(text: str) -> str:
    """A visitor's name as it is kept. Raises `Invalid` when nothing of it can be read."""
    name = one_line(text)
    if not name:
        raise Invalid.of("name", "This is no name", "Write the whole name.")
    return name


def days_of(kind: VisitType, name: str) -> int:
    """How long after the expected end it is kept; 0 for what serves to reach the visitor alone."""
    asked = kind.fields.get(name)
    return min(asked["days"], kind.keep_days) if asked else 0


def move(session: Session, organization_id: int, visitor_ids: Collection[UUID], kind: VisitType, ends_at: datetime, zone: str) -> None:  # noqa: PLR0913, PLR0917 (of whom, to when)
    """The expected end is another one, and with it each day of deletion: who was put off for months must still be reached."""
    for name in FIELDS:
        of = (VisitorField.organization_id == organization_id, VisitorField.visitor_id.in_(list(visitor_ids)), VisitorField.field == name)
        session.execute(update(VisitorField).where(*of).values(purge_after=purge_after(ends_at, days_of(kind, name), zone)))


def told(session: Session, organization_id: int, visitor_id: UUID) -> set[str]:
    """Which of them a visitor told."""
    query = select(VisitorField.field).where(VisitorField.organization_id == organization_id, VisitorField.visitor_id == visitor_id)
    return set(session.scalars(query))


def terms(session: Session, organization_id: int, visitor_id: UUID) -> dict[str, date]:
    """Which of them a visitor told (a photo, too), and the last day on which each is kept."""
    mine = (VisitorField.organization_id == organization_id, VisitorField.visitor_id == visitor_id)
    query = select(VisitorField.field, VisitorField.purge_after).where(*mine).order_by(VisitorField.field)
    return {name: last for name, last in session.execute(query)}  # noqa: C416 (a row is a tuple to Python, and not to its types)


def read(session: Session, organization_id: int, visitor_ids: Collection[UUID], deps: Deps) -> dict[UUID, dict[str, str]]:
    """Visitor -> what they told, opened; without a photo."""
    query = select(VisitorField).where(
        VisitorField.organization_id == organization_id, VisitorField.visitor_id.in_(list(visitor_ids)), VisitorField.field != "photo"
    )
    found: dict[UUID, dict[str, str]] = {}
    for row in session.scalars(query):
        found.setdefault(row.visitor_id, {})[row.field] = deps.keyring.open(session, organization_id, row.sealed_value, ABOUT).decode()
    return found


def photo_of(session: Session, organization_id: int, visitor_id: UUID, deps: Deps) -> bytes | None:
    """Their photo, a JPEG."""
    kept = session.get(VisitorField, (organization_id, visitor_id, "photo"))
    return deps.keyring.open(session, organization_id, kept.sealed_value, ABOUT) if kept else None
