"""A roll call as screens and reports see it: opened names, marks and what they amount to. As many statements for five thousand as for one."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from app.accounts import service as accounts
from app.accounts.service.sites import names_of_sites
from app.actor import Actor
from app.core import rollcall
from app.ports import Deps
from app.visitors import roll_rows as rows
from app.visitors.believed import Known, present
from app.visitors.models import RollCall
from app.visitors.roll_calls import ABOUT_MARK, ABOUT_NAME, ABOUT_NOTE

Tally = dict[rollcall.State, int]


class Named(TypedDict):
    """A site or a responder."""

    id: UUID
    name: str


class Entry(TypedDict):
    """Somebody on the list. `state`: what all marks of this answer's moment amount to."""

    id: UUID
    person_id: UUID | None
    visit_id: UUID | None
    name: str
    basis: str
    site_id: UUID | None
    state: rollcall.State


class Marked(TypedDict):
    """One mark. `said_at`: by the clock of who made it; `received_at`: when it reached the server."""

    id: UUID
    entry_id: UUID
    mark: str
    withdraws: UUID | None
    marked_by: str
    responder_id: UUID | None
    said_at: datetime
    received_at: datetime
    note: str | None


class Noted(TypedDict):
    """What was written down."""

    id: UUID
    text: str
    responder_id: UUID | None
    said_at: datetime


class Line(TypedDict):
    """One of the list."""

    id: UUID
    exercise: str
    site_ids: list[UUID]
    message_id: UUID | None
    started_by: UUID | None
    started_at: datetime
    ended_at: datetime | None
    revision: int
    tally: Tally


class Whole(Line):
    """With the entries, marks and notes after a revision; `tally` is of all."""

    sites: list[Named]
    responders: list[Named]
    entries: list[Entry]
    marks: list[Marked]
    notes: list[Noted]


class AtHand(TypedDict):
    """What a responder's phone keeps for when the network goes."""

    sites: list[Named]
    people: list[Known]
    open_roll_calls: list[UUID]


def at_hand(session: Session, actor: Actor, now: datetime, deps: Deps) -> AtHand:
    """Everybody believed on site now, and the roll calls that go on. Holds no time: while nothing changes it is the same. The look is written down."""
    organization_id = actor.tenant
    deps.who_is_inside.looked(session, actor, now)
    open_ones = [one.id for one in rows.open_ones(session, organization_id)]
    people = present(session, organization_id, None, now, deps)
    return {"sites": sites(session, organization_id, None), "people": people, "open_roll_calls": open_ones}


def lines(session: Session, organization_id: int, before: UUID | None, limit: int) -> list[Line]:
    """The newest first."""
    found = rows.page(session, organization_id, before, limit)
    counts = rows.tallies(session, organization_id, [one.id for one in found])
    return [_line(one, {state: counts[one.id].get(state, 0) for state in rollcall.STATES}) for one in found]


def whole(session: Session, roll_call: RollCall, deps: Deps, after: int = 0) -> Whole:
    """What came after a revision; 0: all."""
    organization_id = roll_call.organization_id
    marks = rows.marks_of(session, roll_call)
    states = rollcall.states(_judged(marks))
    shown = _marks(session, organization_id, [row for row in marks if row[9] > after], deps)
    notes = _notes(session, roll_call, deps, after)
    responders = {
        roll_call.started_by,
        roll_call.ended_by,
        *(one["responder_id"] for one in shown),
        *(one["responder_id"] for one in notes),
    }
    return {
        **_line(roll_call, rollcall.tally(rows.entry_ids(session, roll_call), states)),
        "sites": sites(session, organization_id, roll_call.site_ids),
        "responders": _named(accounts.names_of(session, organization_id, [one for one in responders if one is not None])),
        "entries": _entries(session, roll_call, states, deps, after),
        "marks": shown,
        "notes": notes,
    }


def sites(session: Session, organization_id: int, site_ids: Sequence[UUID] | None) -> list[Named]:
    """These sites, or all that are in use, by name."""
    return _named(names_of_sites(session, organization_id, site_ids))


def _named(names: dict[UUID, str]) -> list[Named]:
    return sorted(({"id": id_, "name": name} for id_, name in names.items()), key=lambda one: (one["name"].casefold(), one["id"]))


def _line(one: RollCall, tally: Tally) -> Line:
    return {
        "id": one.id,
        "exercise": one.exercise,
        "site_ids": one.site_ids,
        "message_id": one.message_id,
        "started_by": one.started_by,
        "started_at": one.created_at,
        "ended_at": one.ended_at,
        "revision": one.revision,
        "tally": tally,
    }


def _entries(session: Session, roll_call: RollCall, states: dict[UUID, rollcall.State], deps: Deps, after: int) -> list[Entry]:
    organization_id = roll_call.organization_id
    found: list[Entry] = [
        {
            "id": id_,
            "person_id": person_id,
            "visit_id": visit_id,
            "name": deps.keyring.open(session, organization_id, bytes(sealed), ABOUT_NAME).decode(),
            "basis": basis,
            "site_id": site_id,
            "state": states.get(id_, "open"),
        }
        for id_, person_id, visit_id, sealed, basis, site_id in rows.entries(session, roll_call, after)
    ]
    return sorted(found, key=lambda one: (one["name"].casefold(), one["id"]))


def _judged(marks: Iterable[tuple[Any, ...]]) -> Iterable[rollcall.Mark]:
    return (rollcall.Mark(row[0], row[1], row[2], row[6], row[3]) for row in marks)


def _marks(session: Session, organization_id: int, marks: Iterable[tuple[Any, ...]], deps: Deps) -> list[Marked]:
    return [
        {
            "id": id_,
            "entry_id": entry_id,
            "mark": mark,
            "withdraws": withdraws,
            "marked_by": marked_by,
            "responder_id": responder_id,
            "said_at": said_at,
            "received_at": received_at,
            "note": None if sealed is None else deps.keyring.open(session, organization_id, bytes(sealed), ABOUT_MARK).decode(),
        }
        for id_, entry_id, mark, withdraws, marked_by, responder_id, said_at, received_at, sealed, _revision in marks
    ]


def _notes(session: Session, roll_call: RollCall, deps: Deps, after: int) -> list[Noted]:
    return [
        {
            "id": id_,
            "text": deps.keyring.open(session, roll_call.organization_id, bytes(sealed), ABOUT_NOTE).decode(),
            "responder_id": responder_id,
            "said_at": said_at,
        }
        for id_, sealed, responder_id, said_at in rows.notes(session, roll_call, after)
    ]
