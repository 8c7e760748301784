"""Everybody believed on site at this moment: the organization's people and visitors, in one list. Nobody who may be there is left out.

`left_assumed` are those whose presence or visit was ended by the clock today; `unknown` those whose phone is silent. They are shown apart, never dropped.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from app.accounts import service as accounts
from app.ports import Deps, OnSite
from app.visitors.onsite import today

FEW = 1_000
"""Up to so many names are looked up one by one; for more, reading everybody's is faster."""


class Known(TypedDict):
    """Somebody for a roll call, a person or a visit; ids as text. `basis`: why they are believed here; `site_id`: where, if that is known."""

    person_id: str | None
    visit_id: str | None
    name: str
    basis: str
    site_id: str | None


def present(session: Session, organization_id: int, site_ids: Collection[UUID] | None, now: datetime, deps: Deps) -> list[Known]:
    """At these sites, or at any; by name."""
    since = today(session, organization_id, now)
    people = deps.who_is_inside.believed(session, organization_id, now, since=since, site_ids=site_ids)
    names = accounts.names_as_text(session, organization_id, list(people) if len(people) <= FEW else None)
    found: list[Known] = [
        {"person_id": person, "visit_id": None, "name": names[person], "basis": one.basis, "site_id": one.site_id}
        for person, one in people.items()
        if person in names
    ]
    found += [of_visit(visit) for visit in deps.visits.on_site(session, organization_id, now, site_ids=site_ids)]
    return sorted(found, key=lambda one: (one["name"].casefold(), one["person_id"] or "", one["visit_id"] or ""))


def of_visit(visit: OnSite) -> Known:
    """A visitor for the list."""
    basis = "visit" if visit.state == "on_site" else visit.state
    return {"person_id": None, "visit_id": str(visit.visit_id), "name": visit.name, "basis": basis, "site_id": str(visit.site_id)}
