"""A roll call: everybody believed on site, to be accounted for by many at once, with or without a network.

1. It begins with the list of that moment. Whoever arrives later, or is added, comes upon it; nobody is ever taken off.
2. Responders' phones send marks and additions with ids of their own, in any order, any number of times, also after the end for a day.
   Nothing is overwritten: what they amount to is `core.rollcall`.
3. Every change raises `revision` under the roll call's lock and is written with it, so a phone asks for what is newer than it has.
4. Begun twice without a network for the same sites, the second becomes part of the first: what is said in either is said in both.
5. Who begins one, or has everybody at hand for one, has looked at everybody's presence: that is written down, and everybody can read it.
6. One that nobody ends ends itself three days after it began, and says so in a note: so each has a day of deletion from its first moment.
7. An id that a phone made for somebody who is on the list already counts for that entry. Names are kept sealed, as they were at the time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, Literal
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.service.sites import get_site
from app.actor import Actor
from app.core.one_line import one_line
from app.core.rollcall import WITHDRAWN
from app.core.visits import purge_after
from app.db.flush import flush
from app.db.types import uuid7
from app.errors import Conflict, NotFound
from app.outbox import publish
from app.ports import Deps
from app.visitors import roll_rows as rows
from app.visitors.believed import Known, present
from app.visitors.models import RollCall, RollCallNote

KEPT_DAYS: Final = 90
"""After its end, a roll call is deleted."""
RUNS_FOR: Final = timedelta(days=3)
"""Longer than any evacuation, so that what nobody ended is forgotten."""
WITH_ALERT: Final = "roll_call.with_alert"
"""Work: what was answered to its alert so far must be told."""
NO_MESSAGE: Final = {"fk_roll_call_organization_id_message_id": "There is no such alert. Choose one that is there, or begin without."}
ENDED_ITSELF: Final = {
    "nl": "Dit appel is vanzelf geëindigd: drie dagen lang heeft niemand het beëindigd.",
    "en": "This roll call ended by itself: for three days nobody ended it.",
}
ABOUT_NAME: Final = b"roll_call_entry.sealed_name"
ABOUT_NOTE: Final = b"roll_call_note.sealed_text"
ABOUT_MARK: Final = b"roll_call_mark.sealed_note"

_log = structlog.get_logger(area="visitors")


@dataclass(frozen=True, slots=True)
class NewRollCall:
    """What is begun. `id`: the phone's own, if it has one."""

    id: UUID | None
    site_ids: Sequence[UUID]
    exercise: Literal["actual", "exercise"]
    message_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A mark as a phone sent it. `entry_id`: an entry's, or that of a person or visit on the list."""

    id: UUID
    entry_id: UUID
    mark: str
    said_at: datetime
    withdraws: UUID | None = None
    note: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Added:
    """Somebody put on the list by hand; `person_id` or `visit_id` when they are known."""

    id: UUID
    name: str = field(repr=False)
    site_id: UUID | None = None
    person_id: UUID | None = None
    visit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """What a responder wrote down."""

    id: UUID | None
    text: str = field(repr=False)
    said_at: datetime | None = None


def start(session: Session, actor: Actor, new: NewRollCall, now: datetime, deps: Deps) -> RollCall:
    """Begin one, or become part of the open one of these sites. The same id again is the same. Raises `NotFound` for an unknown site."""
    organization_id = actor.tenant
    for site_id in sorted(set(new.site_ids)):  # locked: two that begin at once are not two
        get_site(session, organization_id, site_id, lock=True)
    known = new.id and rows.roll_call(session, organization_id, new.id)
    if known:
        return known
    other = next((one for one in rows.open_ones(session, organization_id, lock=True) if _same(one, new)), None)
    begun = RollCall(
        id=new.id or uuid7(),
        organization_id=organization_id,
        exercise=new.exercise,
        site_ids=sorted(set(new.site_ids)),
        message_id=new.message_id,
        joined_id=other and other.id,
        purge_after=_purge_after(session, organization_id, now + RUNS_FOR),
        started_by=actor.person_id,
        created_at=now,
        revision=1,
    )
    session.add(begun)
    flush(session, NO_MESSAGE)
    deps.who_is_inside.looked(session, actor, now)
    return _list(session, begun, now, deps) if other is None else _join(session, other, new, now, deps)


def get(session: Session, organization_id: int, roll_call_id: UUID, *, lock: bool = False) -> RollCall:
    """By id; that which it joined, if it did. Raises `NotFound`."""
    found = rows.roll_call(session, organization_id, roll_call_id, lock=lock)
    if found is None:
        raise NotFound
    return found


def record(  # noqa: PLR0913, PLR0917 (who says what)
    session: Session, actor: Actor, roll_call_id: UUID, said: Sequence[Said], added: Sequence[Added], now: datetime, deps: Deps
) -> list[str | None]:
    """Add entries and marks; for each mark, why it was refused (None: it counts, now or before).

    Raises `NotFound`, and `Conflict` a day after the end.
    """
    roll_call = _to_be_marked(session, actor.tenant, roll_call_id, now)
    add(session, roll_call, added, deps)
    entries = _entries(session, roll_call, {one.entry_id for one in said})
    good = [
        rows.NewMark(
            id=one.id,
            entry_id=entries[one.entry_id],
            mark=one.mark,
            withdraws=one.withdraws,
            marked_by="responder",
            responder_id=actor.person_id,
            said_at=min(one.said_at, now),
            sealed_note=None if one.note is None else deps.keyring.seal(session, actor.tenant, one.note.encode(), ABOUT_MARK),
        )
        for one in said
        if one.entry_id in entries and (one.mark == WITHDRAWN) == (one.withdraws is not None)
    ]
    mark(session, roll_call, good)
    return [_fault(one, entries) for one in said]


def add(session: Session, roll_call: RollCall, added: Sequence[Added], deps: Deps) -> None:
    """Put people on the list by hand, once per id. The roll call is locked."""
    organization_id = roll_call.organization_id
    ids = {id_ for one in added for id_ in (one.id, one.person_id, one.visit_id) if id_ is not None}
    known = dict(_entries(session, roll_call, ids)) if ids else {}
    people = accounts.names_of(session, organization_id, [one.person_id for one in added if one.person_id])
    visits = rows.names_of_visits(session, organization_id, [one.visit_id for one in added if one.visit_id])
    new: list[rows.NewEntry] = []
    for one in (one for one in added if one.id not in known):
        person_id, visit_id = one.person_id if one.person_id in people else None, one.visit_id
        about = known.get(person_id or visit_id or one.id)
        name = people[person_id] if person_id else visits.get(visit_id) if visit_id else None
        name = name or one_line(one.name) or "?"
        sealed = b"" if about else deps.keyring.seal(session, organization_id, name.encode(), ABOUT_NAME)
        nobody = about is not None
        new.append(
            rows.NewEntry(
                one.id, None if nobody else person_id, None if nobody or person_id else visit_id, sealed, "added", one.site_id, about
            )
        )
        known |= {id_: about or one.id for id_ in (one.id, person_id, visit_id) if id_ is not None}
    if new and rows.add_entries(session, roll_call, roll_call.revision + 1, new):
        changed(session, roll_call)


def mark(session: Session, roll_call: RollCall, marks: Sequence[rows.NewMark]) -> None:
    """Add marks that are known to be right. The roll call is locked."""
    if marks and rows.add_marks(session, roll_call, roll_call.revision + 1, marks):
        changed(session, roll_call)


def note(session: Session, actor: Actor, roll_call_id: UUID, said: Noted, now: datetime, deps: Deps) -> None:  # noqa: PLR0913, PLR0917 (who writes what where)
    """Write something down, once per id. Raises as `record` does."""
    roll_call = _to_be_marked(session, actor.tenant, roll_call_id, now)
    if said.id is not None and session.get(RollCallNote, (actor.tenant, said.id)) is not None:
        return
    _write(session, roll_call, said.id or uuid7(), said.text, actor.person_id, min(said.said_at or now, now), deps)
    changed(session, roll_call)


def end(session: Session, actor: Actor, roll_call_id: UUID, now: datetime) -> RollCall:
    """It is over; again: it stays as it ended. Raises `NotFound`."""
    roll_call = get(session, actor.tenant, roll_call_id, lock=True)
    if roll_call.ended_at is None:
        roll_call.ended_by = actor.person_id
        roll_call.purge_after = min(roll_call.purge_after, _purge_after(session, actor.tenant, now))
        _end(session, roll_call, now)
    return roll_call


def end_forgotten(deps: Deps, organization_id: int, now: datetime) -> int:
    """Each minute: end those that nobody ended for three days, with a note that says so; how many. Their day of deletion is known since they began."""
    with deps.database.tenant(organization_id) as session:
        due = [one for one in rows.open_ones(session, organization_id, lock=True) if one.created_at + RUNS_FOR <= now]
        for roll_call in due:
            text = ENDED_ITSELF[accounts.get_organization(session, organization_id).locale]
            _write(session, roll_call, uuid7(), text, None, now, deps)
            _end(session, roll_call, now)
            _log.info("roll_call_ended_itself", organization_id=organization_id)
        return len(due)


def put_on(session: Session, roll_call: RollCall, people: Sequence[Known], deps: Deps) -> None:
    """Put those on the list who are not on it. The roll call is locked."""
    organization_id = roll_call.organization_id
    entries = [
        rows.NewEntry(
            id=uuid7(),
            person_id=UUID(one["person_id"]) if one["person_id"] else None,
            visit_id=UUID(one["visit_id"]) if one["visit_id"] else None,
            sealed_name=deps.keyring.seal(session, organization_id, one["name"].encode(), ABOUT_NAME),
            basis=one["basis"],
            site_id=UUID(one["site_id"]) if one["site_id"] else None,
        )
        for one in people
    ]
    if entries and rows.add_entries(session, roll_call, roll_call.revision + 1, entries):
        changed(session, roll_call)


def changed(session: Session, roll_call: RollCall) -> None:
    """What was just written bears the next revision; screens are told."""
    roll_call.revision += 1
    session.flush()
    publish.live(session, roll_call.organization_id, "roll_call", {"roll_call": str(roll_call.id), "revision": roll_call.revision})


def _write(session: Session, roll_call: RollCall, id_: UUID, said: str, responder_id: UUID | None, at: datetime, deps: Deps) -> None:  # noqa: PLR0913, PLR0917 (who writes what when)
    """A note of the next revision."""
    session.add(
        RollCallNote(
            id=id_,
            organization_id=roll_call.organization_id,
            roll_call_id=roll_call.id,
            sealed_text=deps.keyring.seal(session, roll_call.organization_id, said.encode(), ABOUT_NOTE),
            responder_id=responder_id,
            said_at=at,
            revision=roll_call.revision + 1,
        )
    )


def _end(session: Session, roll_call: RollCall, now: datetime) -> None:
    """It is over, and so are those that became part of it."""
    roll_call.ended_at = now
    for one in rows.joined(session, roll_call.organization_id, roll_call.id):
        one.ended_at, one.purge_after = now, roll_call.purge_after
    changed(session, roll_call)


def _purge_after(session: Session, organization_id: int, ends_at: datetime) -> date:
    return purge_after(ends_at, KEPT_DAYS, accounts.get_organization(session, organization_id).timezone)


def _same(one: RollCall, new: NewRollCall) -> bool:
    return one.exercise == new.exercise and not set(one.site_ids).isdisjoint(new.site_ids)


def _join(session: Session, other: RollCall, new: NewRollCall, now: datetime, deps: Deps) -> RollCall:
    more = set(new.site_ids) - set(other.site_ids)
    fresh = other.message_id is None and new.message_id is not None
    if fresh:
        other.message_id = new.message_id
    if more:
        other.site_ids = sorted({*other.site_ids, *more})
    return _list(session, other, now, deps) if more or fresh else other


def _list(session: Session, roll_call: RollCall, now: datetime, deps: Deps) -> RollCall:
    put_on(session, roll_call, present(session, roll_call.organization_id, roll_call.site_ids, now, deps), deps)
    if roll_call.message_id is not None:
        body = {"roll_call": str(roll_call.id), "message": str(roll_call.message_id)}
        publish.publish(session, roll_call.organization_id, WITH_ALERT, body, due_at=now)
    return roll_call


def _to_be_marked(session: Session, organization_id: int, roll_call_id: UUID, now: datetime) -> RollCall:
    roll_call = get(session, organization_id, roll_call_id, lock=True)
    if roll_call.ended_at is not None and roll_call.ended_at + rows.KEPT_OPEN < now:
        raise Conflict("This roll call ended more than a day ago. Nothing can be added to it any more.")
    return roll_call


def _entries(session: Session, roll_call: RollCall, ids: set[UUID]) -> Mapping[UUID, UUID]:
    """Each of these ids -> the entry it stands for; ids that stand for none are left out."""
    found = rows.entries_about(session, roll_call.organization_id, roll_call.id, ids) if ids else []
    entries: dict[UUID, UUID] = {}
    for row in found:
        for known in (row.id, row.person_id, row.visit_id):
            if known is not None:
                entries[known] = row.same_as or row.id
    return entries


def _fault(one: Said, entries: Mapping[UUID, UUID]) -> str | None:
    if one.entry_id not in entries:
        return "unknown-entry"
    return None if (one.mark == WITHDRAWN) == (one.withdraws is not None) else "withdraws"
