"""Groups of people, over HTTP."""

from uuid import UUID

from app.accounts.lists import PeopleFilter
from app.accounts.routes import whose, window
from app.accounts.schemas import GroupIn, GroupLine, GroupOut, GroupsQuery, PersonOut
from app.accounts.service import groups, people
from app.errors import Conflict, NotFound
from app.web.paging import Page, PageQuery, page
from app.web.route import Call, Created, Routes

routes = Routes("groups")


@routes.get("/groups", action="group.read", problems=(NotFound,))
def list_groups(call: Call, query: GroupsQuery) -> Page[GroupLine]:
    """The groups of the organization; an employee sees the ones they are in."""
    rows = groups.list_groups(
        call.session, call.actor.tenant, retired=query.retired, of_person=whose(call, query.person_id), window=window(query)
    )
    return page(
        rows,
        query,
        key=lambda row: (row[0].id,),
        show=lambda row: GroupLine(**GroupOut.model_validate(row[0]).model_dump(), people=None if row[0].rule else row[1]),
    )


@routes.post("/groups", action="group.edit", problems=(Conflict,))
def create_group(call: Call, body: GroupIn) -> Created[GroupOut]:
    """Add a group."""
    group = groups.create_group(call.session, call.actor.tenant, body.name, _rule(call, body))
    return Created(GroupOut.model_validate(group))


@routes.get("/groups/<uuid:group_id>", action="group.read")
def read_group(call: Call, group_id: UUID) -> GroupOut:
    """One group."""
    return GroupOut.model_validate(groups.get_group(call.session, call.actor.tenant, group_id, of_person=call.own()))


@routes.put("/groups/<uuid:group_id>", action="group.edit", edits=True, problems=(Conflict,))
def edit_group(call: Call, group_id: UUID, body: GroupIn) -> GroupOut:
    """Rename a group, or give it another rule."""
    group = groups.get_group(call.session, call.actor.tenant, group_id, lock=True)
    call.check_match(GroupOut.model_validate(group))
    groups.edit_group(call.session, group, body.name, _rule(call, body))
    return GroupOut.model_validate(group)


@routes.post("/groups/<uuid:group_id>/retire", action="group.edit", edits=True, problems=(Conflict,))
def retire_group(call: Call, group_id: UUID) -> GroupOut:
    """Take a group out of use. Its memberships end."""
    group = groups.get_group(call.session, call.actor.tenant, group_id, lock=True)
    call.check_match(GroupOut.model_validate(group))
    groups.retire_group(call.session, group, call.now)
    return GroupOut.model_validate(group)


@routes.post("/groups/<uuid:group_id>/restore", action="group.edit", edits=True, problems=(Conflict,))
def restore_group(call: Call, group_id: UUID) -> GroupOut:
    """Take a retired group back into use, empty."""
    group = groups.get_group(call.session, call.actor.tenant, group_id, lock=True)
    call.check_match(GroupOut.model_validate(group))
    groups.restore_group(call.session, group)
    return GroupOut.model_validate(group)


@routes.get("/groups/<uuid:group_id>/people", action="group.read")
def list_people_in_group(call: Call, group_id: UUID, query: PageQuery) -> Page[PersonOut]:
    """Who is in the group; an employee sees only themselves."""
    groups.get_group(call.session, call.actor.tenant, group_id, of_person=call.own())
    rows = people.list_people(call.session, call.actor.tenant, PeopleFilter(group_id=group_id, only=call.own()), window(query))
    return page(rows, query, key=lambda person: (person.id,), show=PersonOut.model_validate)


@routes.put("/groups/<uuid:group_id>/people/<uuid:person_id>", action="group.edit", problems=(Conflict,))
def join_group(call: Call, group_id: UUID, person_id: UUID) -> None:
    """Put a person into the group, from now on."""
    groups.join_group(call.session, call.actor.tenant, group_id, person_id, call.now)


@routes.delete("/groups/<uuid:group_id>/people/<uuid:person_id>", action="group.edit")
def leave_group(call: Call, group_id: UUID, person_id: UUID) -> None:
    """Take a person out of the group, from now on."""
    groups.leave_group(call.session, call.actor.tenant, group_id, person_id, call.now)


def _rule(call: Call, body: GroupIn) -> groups.Rule | None:
    return None if body.rule is None else groups.Rule(body.rule, call.deps.fences)
