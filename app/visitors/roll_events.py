"""What fills an open roll call by itself: visitors who arrive, whoever comes to be believed on site, and replies to its alert.

A reply is a mark of its own kind. A later reply of the same person takes their earlier one back: who wrote "safe" and then "need help" needs help.
`on_my_way` says nothing of where somebody is. Who is not on the list is put on it only when they need help.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.core.rollcall import WITHDRAWN
from app.ports import Deps
from app.visitors import roll_rows as rows
from app.visitors.believed import Known, of_visit, present
from app.visitors.models import RollCall
from app.visitors.roll_calls import mark, put_on

MARK_OF: Final = {"safe": "safe", "need_help": "need_help"}
Body = Mapping[str, Any]


def on_arrived(session: Session, organization_id: int, bodies: Sequence[Body], now: datetime, deps: Deps) -> None:
    """A handler of `visitors.arrived` {visit, site, at}: whoever arrives during a roll call comes upon its list."""
    came = {UUID(body["visit"]) for body in bodies}
    sites = {UUID(body["site"]) for body in bodies}
    open_ones = [one for one in rows.open_ones(session, organization_id, lock=True) if sites & set(one.site_ids)]
    if open_ones:
        here = [visit for visit in deps.visits.on_site(session, organization_id, now, site_ids=sites) if visit.visit_id in came]
        for one in open_ones:
            put_on(session, one, [of_visit(visit) for visit in here if visit.site_id in one.site_ids], deps)


def take_in(deps: Deps, organization_id: int, now: datetime) -> int:
    """Each minute: put whoever is believed on site by now on the open roll calls; how many."""
    with deps.database.tenant(organization_id) as session:
        return sum(_take_in(session, one, now, deps) for one in rows.open_ones(session, organization_id, lock=True))


def on_replied(session: Session, organization_id: int, body: Body, now: datetime, deps: Deps) -> None:
    """The handler of `messaging.replied` {message, reply_id, person or guest, reply, at}."""
    person_id, guest_id = (UUID(body[who]) if body.get(who) else None for who in ("person", "guest"))
    for roll_call in rows.of_message(session, organization_id, UUID(body["message"]), now - rows.KEPT_OPEN):
        about = [person_id] if person_id else [visit_id for visit_id, _ in rows.visits_of_guest(session, organization_id, guest_id)]
        entries = rows.entries_about(session, organization_id, roll_call.id, about) if about else []
        if not entries and body["reply"] == "need_help":
            put_on(session, roll_call, _unlisted(session, organization_id, person_id, guest_id), deps)
            entries = rows.entries_about(session, organization_id, roll_call.id, about)
        _mark(session, roll_call, [entry.id for entry in entries], body, now)


def _take_in(session: Session, roll_call: RollCall, now: datetime, deps: Deps) -> int:
    listed = rows.listed(session, roll_call)
    new = [
        one
        for one in present(session, roll_call.organization_id, roll_call.site_ids, now, deps)
        if (one["person_id"] or one["visit_id"]) not in listed
    ]
    put_on(session, roll_call, new, deps)
    return len(new)


def _mark(session: Session, roll_call: RollCall, entry_ids: Sequence[UUID], body: Body, now: datetime) -> None:
    said_at, reply_id, said = datetime.fromisoformat(body["at"]), UUID(body["reply_id"]), MARK_OF.get(body["reply"])
    marks: list[rows.NewMark] = []
    for entry_id in entry_ids if said else ():
        own = uuid5(reply_id, str(entry_id))
        earlier = rows.replies_about(session, roll_call.organization_id, entry_id)
        marks += [
            rows.NewMark(uuid5(own, str(id_)), entry_id, WITHDRAWN, id_, "reply", None, said_at)
            for id_, at in earlier
            if id_ != own and at <= said_at
        ]
        overtaken = next((id_ for id_, at in earlier if id_ != own and at > said_at), None)
        marks.append(rows.NewMark(own, entry_id, said or "", None, "reply", None, min(said_at, now)))
        if overtaken:
            marks.append(rows.NewMark(uuid5(overtaken, str(own)), entry_id, WITHDRAWN, own, "reply", None, said_at))
    mark(session, roll_call, marks)


def _unlisted(session: Session, organization_id: int, person_id: UUID | None, guest_id: UUID | None) -> list[Known]:
    if person_id is not None:
        names = accounts.names_of(session, organization_id, [person_id])
        return [{"person_id": str(id_), "visit_id": None, "name": name, "basis": "added", "site_id": None} for id_, name in names.items()]
    visits = rows.visits_of_guest(session, organization_id, guest_id)[-1:]
    return [{"person_id": None, "visit_id": str(id_), "name": name, "basis": "added", "site_id": None} for id_, name in visits]
