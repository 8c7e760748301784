"""The address book over HTTP."""

from uuid import UUID

from app.accounts.service import Window
from app.authority import require
from app.errors import Forbidden, NotFound, PurposeMissing
from app.messaging import contacts as service
from app.messaging import preferences
from app.messaging.routes import MESSAGES
from app.messaging.schemas import ContactOut, ContactsQuery, PreferenceIn, PreferenceOut, ReachOut
from app.web.paging import Page, page
from app.web.route import Call, Routes

routes = Routes("contacts", module=MESSAGES)


@routes.get("/contacts", action="contact.read", problems=(Forbidden, NotFound, PurposeMissing))
def list_contacts(call: Call, query: ContactsQuery) -> Page[ContactOut]:
    """The people of the organization: how they want to be reached, and how they can be.

    A group by rule may mean whoever is inside: it is listed only for those who may see that.
    """
    of_presence = query.group_id is not None and service.tells_presence(call.session, call.actor.tenant, query.group_id)
    if of_presence and require(call.actor, "presence.read") != "all":
        raise Forbidden
    wanted = service.Wanted(query.search, query.group_id, query.reach)
    rows = service.contacts(call.session, call.actor.tenant, wanted, Window(query.after_id(), query.limit), call.now, call.deps)
    return page(rows, query, key=lambda entry: (entry.id,), show=_shown)


@routes.get("/contacts/<uuid:person_id>/preference", action="preference.read")
def read_preference(call: Call, person_id: UUID) -> PreferenceOut:
    """How a person wants to be reached."""
    return PreferenceOut.model_validate(preferences.get(call.session, call.actor.tenant, _theirs(call, person_id)))


@routes.put("/contacts/<uuid:person_id>/preference", action="preference.edit", edits=True)
def write_preference(call: Call, person_id: UUID, body: PreferenceIn) -> PreferenceOut:
    """Change how a person wants to be reached."""
    return _written(call, _theirs(call, person_id), body)


@routes.get("/me/preference", action="preference.read")
def read_own_preference(call: Call) -> PreferenceOut:
    """How I want to be reached."""
    return PreferenceOut.model_validate(preferences.get(call.session, call.actor.tenant, _me(call)))


@routes.put("/me/preference", action="preference.edit", edits=True)
def write_own_preference(call: Call, body: PreferenceIn) -> PreferenceOut:
    """Change how I want to be reached."""
    return _written(call, _me(call), body)


def _written(call: Call, person_id: UUID, body: PreferenceIn) -> PreferenceOut:
    preference = preferences.get(call.session, call.actor.tenant, person_id, lock=True)
    call.check_match(PreferenceOut.model_validate(preference))
    by: preferences.OptedOutBy = "person" if person_id == call.actor.person_id else "manager"
    preferences.write(call.session, preference, body.wish(), by, call.now, call.deps.settings.apprise_urls)
    return PreferenceOut.model_validate(preference)


def _theirs(call: Call, person_id: UUID) -> UUID:
    if call.own() not in (None, person_id):
        raise NotFound
    return person_id


def _me(call: Call) -> UUID:
    if call.actor.person_id is None:
        raise NotFound
    return call.actor.person_id


def _shown(entry: service.Entry) -> ContactOut:
    wish = entry.preference
    return ContactOut(
        id=entry.id,
        name=entry.name,
        telephone=entry.telephone,
        email=entry.email,
        locale=entry.locale,
        channels=wish and wish.channels,
        apprise=wish and wish.apprise,
        quiet_from=wish and wish.quiet_from,
        quiet_until=wish and wish.quiet_until,
        opted_out_at=wish and wish.opted_out_at,
        opted_out_by=wish and wish.opted_out_by,
        reach=ReachOut(push=entry.has_push, sms=entry.telephone is not None, email=entry.email is not None),
    )
