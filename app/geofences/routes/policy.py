"""The organization's policy, and what holds for one geofence."""

from uuid import UUID

from app.geofences.schemas import FencePolicyOut, PolicyIn, PolicyOut, PolicyVersion
from app.geofences.service import fences
from app.geofences.service import policies as service
from app.web.paging import Page, PageQuery, page
from app.web.route import Call, Routes

routes = Routes("policy", module="geofence")


@routes.get("/policy", action="fence.read")
def read_policy(call: Call) -> PolicyOut:
    """How evidence becomes crossings unless a geofence says otherwise."""
    return _shown(service.defaults(call.session, call.actor.tenant))


@routes.get("/policy/versions", action="fence.read")
def list_policies(call: Call, query: PageQuery) -> Page[PolicyVersion]:
    """The defaults that held when, the newest first."""
    rows = service.organization_policies(call.session, call.actor.tenant, query.after_moment(), query.limit + 1)
    return page(rows, query, key=lambda row: (row.valid_from.isoformat(), row.id), show=PolicyVersion.model_validate)


@routes.put("/policy", action="fence.edit", edits=True)
def set_policy(call: Call, body: PolicyIn) -> PolicyOut:
    """Change the organization's defaults from now on. What is left out follows the product."""
    call.check_match(_shown(service.lock_defaults(call.session, call.actor.tenant)))
    return _shown(service.set_defaults(call.session, call.actor, body.said(), call.now))


@routes.get("/fences/<uuid:fence_id>/policy", action="fence.read")
def read_fence_policy(call: Call, fence_id: UUID) -> FencePolicyOut:
    """Every number that holds for a geofence, and where it comes from."""
    view = fences.get_fence(call.session, call.actor.tenant, fence_id, only=call.own())
    defaults = service.defaults(call.session, call.actor.tenant).policy
    overrides = view.version.policy
    return FencePolicyOut(organization=defaults, fence=overrides, effective=service.effective(defaults, overrides))


def _shown(own_policy: service.Defaults) -> PolicyOut:
    said = own_policy.policy
    return PolicyOut(policy=said, effective=service.effective(said, {}), valid_from=own_policy.valid_from)
