"""People and their import, over HTTP."""

from uuid import UUID

from app.accounts.lists import PeopleFilter
from app.accounts.routes import window
from app.accounts.schemas import ImportLine, ImportOut, PeopleImportQuery, PeopleQuery, PersonIn, PersonOut
from app.accounts.service import people, people_import
from app.authority import require
from app.errors import Conflict, Forbidden, NotFound
from app.web.paging import Page, page
from app.web.route import Call, Created, Routes

routes = Routes("people")
MAX_FILE_BYTES = 4 * 1024 * 1024
GUARDIANS = ("owner", "privacy_officer")
"""Whom a manager must not put out of the organization."""


@routes.get("/people", action="person.read")
def list_people(call: Call, query: PeopleQuery) -> Page[PersonOut]:
    """The people of the organization; an employee sees only themselves."""
    wanted = PeopleFilter(query.left, query.q, query.group_id, query.site_id, call.own())
    rows = people.list_people(call.session, call.actor.tenant, wanted, window(query))
    return page(rows, query, key=lambda person: (person.id,), show=PersonOut.model_validate)


@routes.post("/people", action="person.edit", problems=(Conflict,))
def create_person(call: Call, body: PersonIn) -> Created[PersonOut]:
    """Add a person. A login is given apart, as a member."""
    person = people.create_person(call.session, call.actor.tenant, body.model_dump())
    return Created(PersonOut.model_validate(person))


@routes.post(
    "/people/import",
    action="person.edit",
    consumes=("text/csv", "text/vcard", "text/x-vcard", "text/directory"),
    max_body_bytes=MAX_FILE_BYTES,
    limit="30 per minute",
    problems=(Conflict,),
)
def import_people(call: Call, body: bytes, query: PeopleImportQuery) -> ImportOut:
    """Add and change people from a CSV or vCard (3.0, 4.0) file.

    Without `confirm` nothing is changed: the answer says what each line would do. Send the same file with the preview's `confirm` to do it.
    Headings of a CSV: name, telephone, email, employee_number, locale, site, groups (several with |). Lines that are wrong are left out.
    """
    result = people_import.import_people(call.session, call.actor.tenant, body, query.confirm, call.now)
    lines = [
        ImportLine(line=line.line, action=line.action, fields=list(line.fields), groups=list(line.groups), problem=line.problem)
        for line in result.lines
    ]
    encoding, delimiter = result.file.encoding, result.file.delimiter
    return ImportOut(done=result.done, confirm=result.confirm, encoding=encoding, delimiter=delimiter, counts=result.counts, lines=lines)


@routes.get("/people/<uuid:person_id>", action="person.read")
def read_person(call: Call, person_id: UUID) -> PersonOut:
    """One person."""
    if call.own() not in (None, person_id):
        raise NotFound
    return PersonOut.model_validate(people.get_person(call.session, call.actor.tenant, person_id))


@routes.put("/people/<uuid:person_id>", action="person.edit", edits=True, problems=(Conflict,))
def edit_person(call: Call, person_id: UUID, body: PersonIn) -> PersonOut:
    """Change a person."""
    person = people.get_person(call.session, call.actor.tenant, person_id, lock=True)
    call.check_match(PersonOut.model_validate(person))
    people.edit_person(call.session, person, body.model_dump())
    return PersonOut.model_validate(person)


@routes.post("/people/<uuid:person_id>/leave", action="person.edit", problems=(Conflict, Forbidden))
def leave(call: Call, person_id: UUID) -> PersonOut:
    """The person no longer works here: login, sessions, devices and groups end at once. Of an owner or privacy officer only an owner says so."""
    person = people.get_person(call.session, call.actor.tenant, person_id, lock=True)
    if person_id in people.people_with_roles(call.session, call.actor.tenant, GUARDIANS):
        require(call.actor, "member.edit")
    people.leave(call.session, person, call.now)
    return PersonOut.model_validate(person)


@routes.post("/people/<uuid:person_id>/return", action="person.edit")
def come_back(call: Call, person_id: UUID) -> PersonOut:
    """The person works here again. Login, devices and groups are given anew."""
    person = people.get_person(call.session, call.actor.tenant, person_id, lock=True)
    people.come_back(call.session, person)
    return PersonOut.model_validate(person)
