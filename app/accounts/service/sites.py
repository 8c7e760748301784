"""Sites: named places of work."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.lists import ALL, Window
from app.accounts.models import Site
from app.accounts.queries import people as queries
from app.db.flush import flush
from app.errors import Conflict, Invalid, NotFound

_CLASHES = {"uq_site_organization_id_name": "A site with this name exists. Choose another name, or restore the retired one."}


def list_sites(session: Session, organization_id: int, *, retired: bool = False, window: Window = ALL) -> Sequence[Site]:
    """In use, or retired; up to `limit + 1`."""
    return queries.sites(session, organization_id, retired=retired, window=window)


def zones_of_sites(session: Session, organization_id: int) -> dict[UUID, str]:
    """The time zones of the sites, retired ones too, that have one of their own. For domains above."""
    sites = [site for retired in (False, True) for site in list_sites(session, organization_id, retired=retired)]
    return {site.id: site.timezone for site in sites if site.timezone}


def names_of_sites(session: Session, organization_id: int, site_ids: Collection[UUID] | None) -> dict[UUID, str]:
    """The names of these sites, retired or not; None: of all that are in use. For domains above."""
    found = list_sites(session, organization_id) if site_ids is None else queries.sites_of_ids(session, organization_id, site_ids)
    return {site.id: site.name for site in found}


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


def edit_site(session: Session, site: Site, changes: Mapping[str, Any]) -> None:
    """Set the fields named. Raises `Conflict` when the name is taken."""
    for name, value in changes.items():
        setattr(site, name, value)
    flush(session, _CLASHES)


def retire_site(session: Session, site: Site, now: datetime) -> None:
    """Out of use. Raises `Conflict` when it is already."""
    if site.retired_at is not None:
        raise Conflict("The site is retired already.")
    site.retired_at = now
    session.flush()


def restore_site(session: Session, site: Site) -> None:
    """Back into use. Raises `Conflict` when it is in use."""
    if site.retired_at is None:
        raise Conflict("The site is in use. Only a retired one can be restored.")
    site.retired_at = None
    session.flush()


def require_site(session: Session, organization_id: int, site_id: UUID | None, field: str = "site_id") -> None:
    """Raises `Invalid` when the site is not one of the organization, or retired."""
    if site_id is None:
        return
    site = queries.site(session, organization_id, site_id)
    if site is None or site.retired_at is not None:
        raise Invalid.of(field, "There is no such site in use", "Choose one of GET /api/v1/sites.")
