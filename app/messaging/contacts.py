"""The address book: people, how they want to be reached, and how they can be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.service import PeopleFilter, Window
from app.accounts.service.groups import get_group
from app.core.target import Leaf
from app.messaging import resolve
from app.messaging.models import ContactPreference, PushSubscription
from app.ports import Deps

ReachFilter = Literal["push", "sms", "email", "none"]
COLUMN_OF = {"sms": "telephone", "email": "email"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One person of the address book. `preference` None: nothing was chosen."""

    id: UUID
    name: str | None
    telephone: str | None
    email: str | None
    locale: str | None
    preference: ContactPreference | None
    has_push: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people: with this text, in this group (listed or by rule), who can be reached so."""

    text: str | None = None
    group_id: UUID | None = None
    reach: ReachFilter | None = None


def contacts(  # noqa: PLR0913, PLR0917 (a list, its filters and its page)
    session: Session, organization_id: int, wanted: Wanted, window: Window, now: datetime, deps: Deps
) -> list[Entry]:
    """In order of creation, up to `limit + 1`. Raises `NotFound` for a group that is not there."""
    with_push = _with_push(session, organization_id) if wanted.reach in ("push", "none") else frozenset()
    among = with_push if wanted.reach == "push" else None
    group_id = wanted.group_id
    if group_id is not None and get_group(session, organization_id, group_id).rule is not None:
        found = resolve.people_of_group(session, organization_id, group_id, now, deps)
        among, group_id = found if among is None else among & found, None
    people = accounts.list_people(
        session,
        organization_id,
        PeopleFilter(
            text=wanted.text and _as_kept(wanted.text),
            group_id=group_id,
            has=tuple(COLUMN_OF[way] for way in COLUMN_OF if way == wanted.reach),
            lacks=tuple(COLUMN_OF.values()) if wanted.reach == "none" else (),
            among=among,
            but=with_push if wanted.reach == "none" else frozenset(),
        ),
        window,
    )
    ids = [person.id for person in people]
    wishes = _preferences(session, organization_id, ids)
    browsers = _with_push(session, organization_id, ids)
    return [Entry(p.id, p.name, p.telephone, p.email, p.locale, wishes.get(p.id), p.id in browsers) for p in people]


def tells_presence(session: Session, organization_id: int, group_id: UUID) -> bool:
    """Whether who is in the group says who is inside somewhere."""
    return resolve.asks_presence(session, organization_id, Leaf("group", group_id))


def _as_kept(text: str) -> str:
    """A number is kept with its country code, so the 0 that it is dialled with at home is left out: what is left is found in it."""
    digits = "".join(text.split()).replace("-", "")
    return digits[1:] if digits.isdecimal() and digits.startswith("0") and len(digits) > 1 else text


def _preferences(session: Session, organization_id: int, person_ids: Sequence[UUID]) -> dict[UUID, ContactPreference]:
    query = select(ContactPreference).where(
        ContactPreference.organization_id == organization_id, ContactPreference.person_id.in_(person_ids)
    )
    return {row.person_id: row for row in session.scalars(query)}


def _with_push(session: Session, organization_id: int, person_ids: Sequence[UUID] | None = None) -> frozenset[UUID]:
    query = select(PushSubscription.person_id).where(PushSubscription.organization_id == organization_id)
    return frozenset(session.scalars(query if person_ids is None else query.where(PushSubscription.person_id.in_(person_ids))))
