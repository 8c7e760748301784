"""SQL of the roll call. Five thousand entries travel as columns, not as objects."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

import psycopg
from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from app.visitors.models import RollCall, RollCallEntry, Visit, Visitor, VisitSettings
from app.visitors.rows import WITH_VISITOR

ENTRIES_INSERT: Final = """
INSERT INTO roll_call_entry (organization_id, id, roll_call_id, person_id, visit_id, sealed_name, basis, site_id, same_as, revision)
SELECT %s, e.id, %s, e.person_id, e.visit_id, e.sealed_name, e.basis, e.site_id, e.same_as, %s
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::bytea[], %s::text[], %s::uuid[], %s::uuid[])
  AS e(id, person_id, visit_id, sealed_name, basis, site_id, same_as)
ON CONFLICT DO NOTHING
"""
MARKS_INSERT: Final = """
INSERT INTO roll_call_mark
  (organization_id, id, roll_call_id, entry_id, mark, withdraws, marked_by, responder_id, said_at, sealed_note, revision)
SELECT %s, m.id, %s, m.entry_id, m.mark, m.withdraws, m.marked_by, m.responder_id, m.said_at, m.sealed_note, %s
FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::uuid[], %s::text[], %s::uuid[], %s::timestamptz[], %s::bytea[])
  AS m(id, entry_id, mark, withdraws, marked_by, responder_id, said_at, sealed_note)
ON CONFLICT DO NOTHING
"""
ENTRIES: Final = """
SELECT id, person_id, visit_id, sealed_name, basis, site_id FROM roll_call_entry
WHERE organization_id = %s AND roll_call_id = %s AND revision > %s AND same_as IS NULL
"""
ENTRY_IDS: Final = "SELECT id FROM roll_call_entry WHERE organization_id = %s AND roll_call_id = %s AND same_as IS NULL"
MARKS: Final = """
SELECT id, entry_id, mark, withdraws, marked_by, responder_id, said_at, created_at, sealed_note, revision FROM roll_call_mark
WHERE organization_id = %s AND roll_call_id = %s ORDER BY created_at, id
"""
TALLIES: Final = """
SELECT e.roll_call_id, coalesce(first.mark, 'open'), count(*) FROM roll_call_entry e
LEFT JOIN (
  SELECT DISTINCT ON (m.roll_call_id, m.entry_id) m.roll_call_id, m.entry_id, m.mark FROM roll_call_mark m
  WHERE m.organization_id = %(organization_id)s AND m.roll_call_id = ANY(%(ids)s) AND m.mark <> 'withdrawn' AND NOT EXISTS (
    SELECT FROM roll_call_mark w WHERE w.organization_id = m.organization_id AND w.entry_id = m.entry_id AND w.withdraws = m.id)
  ORDER BY m.roll_call_id, m.entry_id, m.mark = 'safe' DESC, m.said_at DESC, m.id DESC
) first ON first.roll_call_id = e.roll_call_id AND first.entry_id = e.id
WHERE e.organization_id = %(organization_id)s AND e.roll_call_id = ANY(%(ids)s) AND e.same_as IS NULL
GROUP BY 1, 2
"""
"""What `core.rollcall` makes of many roll calls at once, for a list of them: a test compares the two."""
NOTES: Final = """
SELECT id, sealed_text, responder_id, said_at FROM roll_call_note
WHERE organization_id = %s AND roll_call_id = %s AND revision > %s ORDER BY said_at, id
"""
LISTED: Final = """
SELECT coalesce(person_id, visit_id)::text FROM roll_call_entry
WHERE organization_id = %s AND roll_call_id = %s AND num_nonnulls(person_id, visit_id) = 1
"""
REPLIES: Final = """
SELECT m.id, m.said_at FROM roll_call_mark m
WHERE m.organization_id = %s AND m.entry_id = %s AND m.marked_by = 'reply' AND m.mark <> 'withdrawn' AND NOT EXISTS (
  SELECT FROM roll_call_mark w WHERE w.organization_id = m.organization_id AND w.entry_id = m.entry_id AND w.withdraws = m.id)
"""
SELF_SAFE: Final = """
SELECT DISTINCT m.entry_id FROM roll_call_mark m
WHERE m.organization_id = %s AND m.entry_id = ANY(%s) AND m.marked_by = 'self' AND NOT EXISTS (
  SELECT FROM roll_call_mark w WHERE w.organization_id = m.organization_id AND w.entry_id = m.entry_id AND w.withdraws = m.id)
"""
BY_POSTER: Final = """
SELECT count(DISTINCT e.id) FROM roll_call_entry e
JOIN roll_call_mark m ON m.organization_id = e.organization_id AND m.roll_call_id = e.roll_call_id AND m.entry_id = e.id
WHERE e.organization_id = %s AND e.roll_call_id = %s AND e.basis = 'added' AND m.marked_by = 'self'
"""
KEPT_OPEN: Final = timedelta(days=1)
"""So long after the end, marks of phones that had no network are still taken."""
Plain = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class NewEntry:
    """Somebody for the list."""

    id: UUID
    person_id: UUID | None
    visit_id: UUID | None
    sealed_name: bytes = field(repr=False)
    basis: str
    site_id: UUID | None
    same_as: UUID | None = None


@dataclass(frozen=True, slots=True)
class NewMark:
    """What is to be said of an entry."""

    id: UUID
    entry_id: UUID
    mark: str
    withdraws: UUID | None
    marked_by: str
    responder_id: UUID | None
    said_at: datetime
    sealed_note: bytes | None = field(default=None, repr=False)


def roll_call(session: Session, organization_id: int, roll_call_id: UUID, *, lock: bool = False) -> RollCall | None:
    """By id; that which it joined, if it did."""
    query = select(RollCall).where(RollCall.organization_id == organization_id)
    found = session.scalars(query.where(RollCall.id == roll_call_id)).one_or_none()
    if found is None or not (lock or found.joined_id):
        return found
    wanted = query.where(RollCall.id == (found.joined_id or found.id)).execution_options(populate_existing=True)
    return session.scalars(wanted.with_for_update() if lock else wanted).one()


def open_ones(session: Session, organization_id: int, *, lock: bool = False) -> Sequence[RollCall]:
    """Those that go on, the oldest first."""
    query = select(RollCall).where(RollCall.organization_id == organization_id, RollCall.ended_at.is_(None), RollCall.joined_id.is_(None))
    query = query.order_by(RollCall.id).execution_options(populate_existing=True)
    return session.scalars(query.with_for_update() if lock else query).all()


def of_message(session: Session, organization_id: int, message_id: UUID, ended_since: datetime) -> Sequence[RollCall]:
    """Those with this alert that go on or ended since then, locked."""
    query = select(RollCall).where(
        RollCall.organization_id == organization_id,
        RollCall.message_id == message_id,
        RollCall.joined_id.is_(None),
        or_(RollCall.ended_at.is_(None), RollCall.ended_at > ended_since),
    )
    return session.scalars(query.order_by(RollCall.id).with_for_update()).all()


def joined(session: Session, organization_id: int, roll_call_id: UUID) -> Sequence[RollCall]:
    """Those that became part of this one."""
    return session.scalars(select(RollCall).where(RollCall.organization_id == organization_id, RollCall.joined_id == roll_call_id)).all()


def page(session: Session, organization_id: int, before: UUID | None, limit: int) -> Sequence[RollCall]:
    """The newest first."""
    query = select(RollCall).where(RollCall.organization_id == organization_id, RollCall.joined_id.is_(None))
    if before is not None:
        query = query.where(RollCall.id < before)
    return session.scalars(query.order_by(RollCall.id.desc()).limit(limit)).all()


def entries_about(session: Session, organization_id: int, roll_call_id: UUID, ids: Collection[UUID]) -> Sequence[RollCallEntry]:
    """Entries with one of these ids, or about a person or visit with one."""
    query = select(RollCallEntry).where(RollCallEntry.organization_id == organization_id, RollCallEntry.roll_call_id == roll_call_id)
    of = (RollCallEntry.id, RollCallEntry.person_id, RollCallEntry.visit_id)
    return session.scalars(query.where(or_(*(column.in_(list(ids)) for column in of)))).all()


def listed(session: Session, roll_call: RollCall) -> frozenset[str]:
    """The people and visits on the list, ids as text."""
    found = plain(session).execute(LISTED, (roll_call.organization_id, roll_call.id)).fetchall()
    return frozenset(id_ for (id_,) in found)


def replies_about(session: Session, organization_id: int, entry_id: UUID) -> Plain:
    """(mark, when) of somebody's replies that nothing took back."""
    return plain(session).execute(REPLIES, (organization_id, entry_id)).fetchall()


def said_by_themselves(session: Session, organization_id: int, entry_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those of these entries who said themselves that they are safe, which nobody took back."""
    found = plain(session).execute(SELF_SAFE, (organization_id, list(entry_ids))).fetchall()
    return frozenset(id_ for (id_,) in found)


def visits_of_guest(session: Session, organization_id: int, visitor_id: UUID | None) -> Sequence[Row[UUID, str]]:
    """(visit, name) of a visitor who came, in the order of coming."""
    query = select(Visit.id, Visitor.name).join(Visitor, WITH_VISITOR)
    query = query.where(Visit.organization_id == organization_id, Visit.visitor_id == visitor_id, Visit.arrived_at.is_not(None))
    return session.execute(query.order_by(Visit.arrived_at, Visit.id)).all()


def visits_of_code(session: Session, organization_id: int, code_hash: bytes | None) -> frozenset[UUID]:
    """The visits of whose six digits these are."""
    query = select(Visit.id).join(Visitor, WITH_VISITOR)
    return frozenset(session.scalars(query.where(Visit.organization_id == organization_id, Visitor.code_hash == code_hash)))


def names_of_visits(session: Session, organization_id: int, visit_ids: Collection[UUID]) -> dict[UUID, str]:
    """Visit -> the visitor's name, of those that are this organization's."""
    query = select(Visit.id, Visitor.name).join(Visitor, WITH_VISITOR)
    return dict(session.execute(query.where(Visit.organization_id == organization_id, Visit.id.in_(list(visit_ids)))).all())


def added_by_themselves(session: Session, roll_call: RollCall) -> int:
    """How many entries nobody but the poster speaks for."""
    return int(plain(session).execute(BY_POSTER, (roll_call.organization_id, roll_call.id)).fetchall()[0][0])


def assembly_number(session: Session, organization_id: int, site_id: UUID) -> int:
    """The poster that counts."""
    query = select(VisitSettings.assembly_number).where(VisitSettings.organization_id == organization_id, VisitSettings.site_id == site_id)
    return session.scalars(query).one_or_none() or 1


def add_entries(session: Session, roll_call: RollCall, revision: int, entries: Sequence[NewEntry]) -> int:
    """Put those on the list who are not on it; how many."""
    names = ("id", "person_id", "visit_id", "sealed_name", "basis", "site_id", "same_as")
    columns = [[getattr(entry, name) for entry in entries] for name in names]
    return plain(session).execute(ENTRIES_INSERT, (roll_call.organization_id, roll_call.id, revision, *columns)).rowcount


def add_marks(session: Session, roll_call: RollCall, revision: int, marks: Sequence[NewMark]) -> int:
    """Add marks that are not there yet; how many."""
    names = ("id", "entry_id", "mark", "withdraws", "marked_by", "responder_id", "said_at", "sealed_note")
    columns = [[getattr(mark, name) for mark in marks] for name in names]
    return plain(session).execute(MARKS_INSERT, (roll_call.organization_id, roll_call.id, revision, *columns)).rowcount


def entries(session: Session, roll_call: RollCall, after: int) -> Plain:
    """(id, person, visit, sealed name, basis, site) that came after a revision."""
    return plain(session).execute(ENTRIES, (roll_call.organization_id, roll_call.id, after)).fetchall()


def entry_ids(session: Session, roll_call: RollCall) -> list[UUID]:
    """Everybody on the list."""
    return [id_ for (id_,) in plain(session).execute(ENTRY_IDS, (roll_call.organization_id, roll_call.id)).fetchall()]


def marks_of(session: Session, roll_call: RollCall) -> Plain:
    """Every mark; the columns as in `MARKS`."""
    return plain(session).execute(MARKS, (roll_call.organization_id, roll_call.id)).fetchall()


def tallies(session: Session, organization_id: int, roll_call_ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    """Roll call -> how many stand how; states of nobody are left out."""
    found: defaultdict[UUID, dict[str, int]] = defaultdict(dict)
    given = {"organization_id": organization_id, "ids": list(roll_call_ids)}
    for roll_call_id, state, count in plain(session).execute(TALLIES, given).fetchall():
        found[roll_call_id][state] = count
    return found


def notes(session: Session, roll_call: RollCall, after: int) -> Plain:
    """(id, sealed text, responder, when) that came after a revision."""
    return plain(session).execute(NOTES, (roll_call.organization_id, roll_call.id, after)).fetchall()


def plain(session: Session) -> "psycopg.Connection[Any]":
    """What is below SQLAlchemy, after what the session still has to write."""
    session.flush()
    return cast("psycopg.Connection[Any]", session.connection().connection.driver_connection)
