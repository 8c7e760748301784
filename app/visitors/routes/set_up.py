"""How an organization receives, over HTTP: kinds of visits, what a site does, who stands in for whom."""

from uuid import UUID

from app.errors import Conflict, NotFound
from app.visitors import set_up
from app.visitors.schemas import (
    DelegateIn,
    DelegateOut,
    TypesQuery,
    VisitSettingsIn,
    VisitSettingsOut,
    VisitTypeChange,
    VisitTypeIn,
    VisitTypeOut,
)
from app.web.route import Call, Created, Routes

routes = Routes("visit_set_up", module="visitors")


@routes.get("/visit-types", action="visit.read")
def list_types(call: Call, query: TypesQuery) -> list[VisitTypeOut]:
    """The kinds of visits in use, or the retired ones."""
    return [VisitTypeOut.model_validate(kind) for kind in set_up.types(call.session, call.actor.tenant, retired=query.retired)]


@routes.post("/visit-types", action="visit.set_up", problems=(Conflict,))
def create_type(call: Call, body: VisitTypeIn) -> Created[VisitTypeOut]:
    """Add a kind of visit."""
    return Created(VisitTypeOut.model_validate(set_up.create_type(call.session, call.actor.tenant, body.facts())))


@routes.get("/visit-types/<uuid:type_id>", action="visit.read", problems=(NotFound,))
def read_type(call: Call, type_id: UUID) -> VisitTypeOut:
    """One kind of visit."""
    return VisitTypeOut.model_validate(set_up.get_type(call.session, call.actor.tenant, type_id))


@routes.patch("/visit-types/<uuid:type_id>", action="visit.set_up", edits=True, problems=(Conflict, NotFound))
def edit_type(call: Call, type_id: UUID, body: VisitTypeChange) -> VisitTypeOut:
    """Change a kind of visit. Visits that were planned keep their terms."""
    kind = set_up.get_type(call.session, call.actor.tenant, type_id, lock=True)
    call.check_match(VisitTypeOut.model_validate(kind))
    set_up.edit_type(call.session, kind, body.facts())
    return VisitTypeOut.model_validate(kind)


@routes.post("/visit-types/<uuid:type_id>/retirement", action="visit.set_up", problems=(Conflict, NotFound))
def retire_type(call: Call, type_id: UUID) -> VisitTypeOut:
    """Take a kind of visit out of use. Visits that were planned stay."""
    kind = set_up.get_type(call.session, call.actor.tenant, type_id, lock=True)
    set_up.retire_type(call.session, kind, call.now)
    return VisitTypeOut.model_validate(kind)


@routes.post("/visit-types/<uuid:type_id>/restoration", action="visit.set_up", problems=(Conflict, NotFound))
def restore_type(call: Call, type_id: UUID) -> VisitTypeOut:
    """Take a kind of visit back into use."""
    kind = set_up.get_type(call.session, call.actor.tenant, type_id, lock=True)
    set_up.restore_type(call.session, kind)
    return VisitTypeOut.model_validate(kind)


@routes.get("/sites/<uuid:site_id>/visit-settings", action="visit.receive", problems=(NotFound,))
def read_settings(call: Call, site_id: UUID) -> VisitSettingsOut:
    """How a site receives: whom it tells, directions and house rules."""
    return VisitSettingsOut.model_validate(set_up.settings(call.session, call.actor.tenant, site_id))


@routes.put("/sites/<uuid:site_id>/visit-settings", action="visit.set_up", edits=True, problems=(NotFound,))
def set_settings(call: Call, site_id: UUID, body: VisitSettingsIn) -> VisitSettingsOut:
    """Say how a site receives."""
    call.check_match(VisitSettingsOut.model_validate(set_up.settings(call.session, call.actor.tenant, site_id)))
    return VisitSettingsOut.model_validate(set_up.set_settings(call.session, call.actor.tenant, site_id, body.model_dump()))


@routes.get("/people/<uuid:person_id>/delegate", action="visit.read", problems=(NotFound,))
def read_delegate(call: Call, person_id: UUID) -> DelegateOut:
    """Who receives somebody's visitors in their stead."""
    return DelegateOut.model_validate(set_up.delegate(call.session, call.actor.tenant, _whose(call, person_id)))


@routes.put("/people/<uuid:person_id>/delegate", action="visit.invite", edits=True, problems=(NotFound,))
def set_delegate(call: Call, person_id: UUID, body: DelegateIn) -> DelegateOut:
    """Say who receives somebody's visitors in their stead: everybody for themselves."""
    whose = _whose(call, person_id)
    call.check_match(DelegateOut.model_validate(set_up.delegate(call.session, call.actor.tenant, whose)))
    return DelegateOut.model_validate(set_up.set_delegate(call.session, call.actor.tenant, whose, body.delegate_id, body.department_id))


def _whose(call: Call, person_id: UUID) -> UUID:
    if call.own() not in (None, person_id):
        raise NotFound
    return person_id
