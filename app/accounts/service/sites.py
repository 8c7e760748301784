"""Sites: named places of work."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.lists import ALL, Window
from app.accounts.models import Site
from app.accounts.queries import people as queries
from app.db.flush import flush
from app.errors import Invalid, NotFound

_CLASHES = {"uq_site_organization_id_name": "A site with this name exists. Choose another name, or take the retired one back into use."}


def list_sites(session: Session, organization_id: int, *, retired: bool = False, window: Window = ALL) -> Sequence[Site]:
    """In use, or retired; up to `limit + 1`."""
    return queries.sites(session, organization_id, retired=retired, window=window)


def get_site(session: Session, organization_id: int, site_id: UUID, *, lock: bool = False) -> Site:
    """Raises `NotFound`."""
    found = queries.site(session, organization_id, site_id, lock=lock)
    if found is None:
        raise NotFound
    return found


def create_site(session: Session, organization_id: int, name: str, *, address: str | None = None, timezone: str | None = None) -> Site:
    """Raises `Conflict` when the name is taken. Without a time zone the organization's holds."""
    site = Site(organization_id=organization_id, name=name, address=address, timezone=timezone)
    session.add(site)
    flush(session, _CLASHES)
    return site


def edit_site(session: Session, site: Site, changes: Mapping[str, Any], now: datetime) -> None:
    """Set the fields named; `retired` True takes it out of use, False back into use. Raises `Conflict`."""
    for name, value in changes.items():
        if name == "retired":
            site.retired_at = (site.retired_at or now) if value else None
        else:
            setattr(site, name, value)
    flush(session, _CLASHES)


def require_site(session: Session, organization_id: int, site_id: UUID | None) -> None:
    """Raises `Invalid` when the site is not one of the organization, or retired."""
    if site_id is None:
        return
    site = queries.site(session, organization_id, site_id)
    if site is None or site.retired_at is not None:
        raise Invalid.of("site_id", "There is no such site in use", "Choose one of GET /api/v1/sites.")
