"""The organization itself, its modules and its sites, over HTTP."""

from uuid import UUID

from app.accounts.routes import window
from app.accounts.schemas import (
    KioskRulesIn,
    KioskRulesOut,
    ModulesIn,
    ModulesOut,
    OrganizationIn,
    OrganizationOut,
    RetirableQuery,
    SiteIn,
    SiteOut,
)
from app.accounts.service import organizations, sites
from app.errors import Conflict
from app.web.paging import Page, page
from app.web.route import Call, Created, Routes

routes = Routes("organization")
site_routes = Routes("sites")


@routes.get("/organization", action="organization.read")
def read_organization(call: Call) -> OrganizationOut:
    """The organization of the caller."""
    return _organization(call)


@routes.put("/organization", action="organization.edit", edits=True)
def edit_organization(call: Call, body: OrganizationIn) -> OrganizationOut:
    """Change the organization's facts and settings."""
    found = organizations.get_organization(call.session, call.actor.tenant, lock=True)
    call.check_match(_organization(call))
    organizations.edit_organization(call.session, found, body.model_dump())
    return _organization(call)


@routes.get("/organization/modules", action="organization.read")
def read_modules(call: Call) -> ModulesOut:
    """Which modules are on."""
    return ModulesOut(modules=organizations.modules_of(call.session, call.actor.tenant))


@routes.put("/organization/modules", action="module.edit", edits=True)
def edit_modules(call: Call, body: ModulesIn) -> ModulesOut:
    """Switch modules on and off. A module that is off answers 404."""
    organizations.get_organization(call.session, call.actor.tenant, lock=True)
    call.check_match(ModulesOut(modules=organizations.modules_of(call.session, call.actor.tenant)))
    return ModulesOut(modules=organizations.set_modules(call.session, call.actor.tenant, body.modules))


@routes.get("/organization/kiosk", action="organization.read")
def read_kiosk_rules(call: Call) -> KioskRulesOut:
    """What kiosks ask."""
    return _kiosk_rules(call)


@routes.put("/organization/kiosk", action="organization.edit", edits=True)
def edit_kiosk_rules(call: Call, body: KioskRulesIn) -> KioskRulesOut:
    """Whether kiosks ask a PIN. Who has none yet sets one first, or a manager does."""
    found = organizations.get_organization(call.session, call.actor.tenant, lock=True)
    call.check_match(_kiosk_rules(call))
    organizations.edit_organization(call.session, found, {"kiosk_asks_pin": body.asks_pin})
    return _kiosk_rules(call)


@site_routes.get("/sites", action="site.read")
def list_sites(call: Call, query: RetirableQuery) -> Page[SiteOut]:
    """The sites of the organization."""
    rows = sites.list_sites(call.session, call.actor.tenant, retired=query.retired, window=window(query))
    return page(rows, query, key=lambda site: (site.id,), show=SiteOut.model_validate)


@site_routes.post("/sites", action="site.edit", problems=(Conflict,))
def create_site(call: Call, body: SiteIn) -> Created[SiteOut]:
    """Add a site."""
    site = sites.create_site(call.session, call.actor.tenant, body.name, address=body.address, timezone=body.timezone)
    return Created(SiteOut.model_validate(site))


@site_routes.get("/sites/<uuid:site_id>", action="site.read")
def read_site(call: Call, site_id: UUID) -> SiteOut:
    """One site."""
    return SiteOut.model_validate(sites.get_site(call.session, call.actor.tenant, site_id))


@site_routes.put("/sites/<uuid:site_id>", action="site.edit", edits=True, problems=(Conflict,))
def edit_site(call: Call, site_id: UUID, body: SiteIn) -> SiteOut:
    """Change a site."""
    site = sites.get_site(call.session, call.actor.tenant, site_id, lock=True)
    call.check_match(SiteOut.model_validate(site))
    sites.edit_site(call.session, site, body.model_dump())
    return SiteOut.model_validate(site)


@site_routes.post("/sites/<uuid:site_id>/retire", action="site.edit", edits=True, problems=(Conflict,))
def retire_site(call: Call, site_id: UUID) -> SiteOut:
    """Take a site out of use. Its past stays."""
    site = sites.get_site(call.session, call.actor.tenant, site_id, lock=True)
    call.check_match(SiteOut.model_validate(site))
    sites.retire_site(call.session, site, call.now)
    return SiteOut.model_validate(site)


@site_routes.post("/sites/<uuid:site_id>/restore", action="site.edit", edits=True, problems=(Conflict,))
def restore_site(call: Call, site_id: UUID) -> SiteOut:
    """Take a retired site back into use."""
    site = sites.get_site(call.session, call.actor.tenant, site_id, lock=True)
    call.check_match(SiteOut.model_validate(site))
    sites.restore_site(call.session, site)
    return SiteOut.model_validate(site)


def _kiosk_rules(call: Call) -> KioskRulesOut:
    return KioskRulesOut(asks_pin=organizations.get_organization(call.session, call.actor.tenant).kiosk_asks_pin)


def _organization(call: Call) -> OrganizationOut:
    return OrganizationOut.model_validate(organizations.get_organization(call.session, call.actor.tenant))
