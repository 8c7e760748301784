"""SQL of attendance for screens: stays, punches, shifts, corrections, workdays. Every statement serves any number of people at once.

The hot path's statements are in `queries.py`. People travel as one array; nothing here is asked once per person.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Row, and_, any_, bindparam, delete, literal, or_, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.actor import Actor
from app.attendance.lists import Slice
from app.attendance.models import Approval, AttendanceState, Correction, Crossing, Export, PresenceView, Punch, Shift, Stay, Workday
from app.db.transaction import plain
from app.db.types import Uuid, uuid7

OPEN: Final = """
SELECT person_id::text, fence_id::text, entered_at FROM stay
WHERE organization_id = %(organization_id)s AND left_at IS NULL AND withdrawn_at IS NULL AND told_to <> 'person'
"""
SEEN: Final = "SELECT person_id::text, last_seen_at FROM attendance_state WHERE organization_id = %(organization_id)s"
ASSUMED: Final = """
SELECT person_id::text, fence_id::text FROM stay
WHERE organization_id = %(organization_id)s AND ended = 'assumed' AND last_inside_at >= %(since)s AND withdrawn_at IS NULL AND told_to <> 'person'
"""
CLOCKED_IN_WHERE: Final = """
SELECT person_id::text, site_id::text FROM (
  SELECT DISTINCT ON (person_id) person_id, site_id, kind FROM punch
  WHERE organization_id = %(organization_id)s AND at BETWEEN %(since)s AND %(until)s ORDER BY person_id, at DESC, id DESC
) last WHERE kind = 'in'
"""
OF_THESE: Final = " AND person_id = ANY(%(people)s::uuid[])"
LONGEST_STAY: Final = timedelta(days=31)
"""A stay that began longer ago than this before a period does not reach into it; the silence rule ends every real one long before."""
PUNCHES_AROUND: Final = text("""
SELECT id, person_id, kind, at, method FROM punch
WHERE organization_id = :organization_id AND person_id = ANY(:people) AND at BETWEEN :since AND :until
UNION ALL
SELECT e.* FROM unnest(:people) AS u(person) CROSS JOIN LATERAL (
  SELECT id, person_id, kind, at, method FROM punch
  WHERE organization_id = :organization_id AND person_id = u.person AND at < :since ORDER BY at DESC, id DESC LIMIT 1) e
UNION ALL
SELECT e.* FROM unnest(:people) AS u(person) CROSS JOIN LATERAL (
  SELECT id, person_id, kind, at, method FROM punch
  WHERE organization_id = :organization_id AND person_id = u.person AND at > :until ORDER BY at, id LIMIT 1) e
""").bindparams(bindparam("people", type_=ARRAY(Uuid)))
"""With the last punch before and the first after, so that a pair that reaches beyond the period is still a pair."""
CLOCKED_IN: Final = text("""
SELECT person_id FROM (
  SELECT DISTINCT ON (person_id) person_id, kind FROM punch
  WHERE organization_id = :organization_id AND at BETWEEN :since AND :until ORDER BY person_id, at DESC, id DESC
) last WHERE kind = 'in'
""")
LEFT_SINCE: Final = text("""
SELECT person_id FROM stay
WHERE organization_id = :organization_id AND person_id = ANY(:people) AND left_at BETWEEN :since AND :until AND ended = 'confirmed'
  AND withdrawn_at IS NULL AND told_to <> 'person'
UNION
SELECT person_id FROM punch WHERE organization_id = :organization_id AND person_id = ANY(:people) AND at BETWEEN :since AND :until AND kind = 'out'
""").bindparams(bindparam("people", type_=ARRAY(Uuid)))
CLOCK_OUT_MISSING: Final = text("""
SELECT p.id, p.person_id, p.at, p.method FROM (
  SELECT id, person_id, kind, at, method, lead(kind) OVER (PARTITION BY person_id ORDER BY at, kind, id) AS next_kind
  FROM punch WHERE organization_id = :organization_id AND at >= :since
) p
WHERE p.kind = 'in' AND p.next_kind IS DISTINCT FROM 'out' AND p.at < :until AND (p.next_kind IS NOT NULL OR p.at < :waited_since)
  AND (cast(:after_at AS timestamptz) IS NULL OR (p.at, p.id) < (:after_at, :after_id))
  AND NOT EXISTS (
    SELECT FROM correction c WHERE c.organization_id = :organization_id AND c.person_id = p.person_id AND c.status IN ('proposed', 'approved')
    AND c.change -> 'about' ->> 'kind' = 'clock_out_missing' AND (c.change -> 'about' ->> 'at')::timestamptz = p.at)
ORDER BY p.at DESC, p.id DESC LIMIT :limit
""").bindparams(bindparam("after_id", type_=Uuid))


def _mine(column: Any, people: Sequence[UUID]) -> Any:  # noqa: ANN401 (a mapped column)
    return column == any_(literal(list(people), ARRAY(Uuid)))


def told(row: type[Stay | Crossing], reader: UUID | None) -> ColumnElement[bool]:
    """What the reader is told: the truth of their own, and of others what others are told."""
    if reader is None:
        return row.told_to != "person"
    return or_(row.told_to == "all", (row.told_to == "person") == (row.person_id == reader))


def presence_to_others(session: Session, organization_id: int, people: Sequence[str] | None = None) -> list[tuple[str, str, datetime]]:
    """(person, fence, since) of open stays as others are told them, ids as text; of these people, or of all."""
    parameters = {"organization_id": organization_id, "people": people}
    return plain(session).execute(OPEN if people is None else OPEN + OF_THESE, parameters).fetchall()


def last_seen(session: Session, organization_id: int, people: Sequence[str] | None) -> dict[str, datetime | None]:
    """The last sighting of these people (None: of all), ids as text."""
    parameters = {"organization_id": organization_id, "people": people}
    return dict(plain(session).execute(SEEN if people is None else SEEN + OF_THESE, parameters).fetchall())


def assumed_since(session: Session, organization_id: int, since: datetime) -> list[tuple[str, str]]:
    """(person, fence) of stays that were last inside since then and assumed to have ended, as others are told them; ids as text."""
    return plain(session).execute(ASSUMED, {"organization_id": organization_id, "since": since}).fetchall()


def clocked_in_where(session: Session, organization_id: int, since: datetime, until: datetime) -> list[tuple[str, str | None]]:
    """(person, site) whose last punch between two moments is a clock-in; ids as text."""
    return plain(session).execute(CLOCKED_IN_WHERE, {"organization_id": organization_id, "since": since, "until": until}).fetchall()


def own_presence(session: Session, organization_id: int, person_id: UUID) -> Sequence[Row[UUID, datetime, datetime | None]]:
    """(fence, since, last sighting) of a person's open stays."""
    query = select(Stay.fence_id, Stay.entered_at, AttendanceState.last_seen_at).join(
        AttendanceState,
        and_(AttendanceState.organization_id == Stay.organization_id, AttendanceState.person_id == Stay.person_id),
    )
    mine = query.where(Stay.organization_id == organization_id, Stay.person_id == person_id, told(Stay, person_id))
    return session.execute(mine.where(Stay.left_at.is_(None), Stay.withdrawn_at.is_(None)).order_by(Stay.entered_at, Stay.id)).all()


def stays_overlapping(  # noqa: PLR0913, PLR0917 (who looks, at whom, when)
    session: Session, organization_id: int, reader: UUID | None, people: Sequence[UUID], since: datetime, until: datetime
) -> Sequence[Stay]:
    """The stays of these people that have a moment in [since, until), as the reader is told them."""
    query = select(Stay).where(
        Stay.organization_id == organization_id,
        told(Stay, reader),
        _mine(Stay.person_id, people),
        Stay.withdrawn_at.is_(None),
        Stay.entered_at.between(since - LONGEST_STAY, until),
        or_(Stay.left_at.is_(None), Stay.left_at >= since),
    )
    return session.scalars(query.order_by(Stay.entered_at, Stay.id)).all()


def stays(  # noqa: PLR0913 (a page and its filters)
    session: Session, organization_id: int, reader: UUID | None, wanted: Slice, *, person_id: UUID | None, fence_id: UUID | None
) -> Sequence[Stay]:
    """Stays that began in the slice's time, as the reader is told them."""
    query = select(Stay).where(
        Stay.organization_id == organization_id,
        told(Stay, reader),
        Stay.withdrawn_at.is_(None),
        Stay.entered_at >= wanted.since,
        Stay.entered_at < wanted.until,
    )
    if person_id is not None:
        query = query.where(Stay.person_id == person_id)
    if fence_id is not None:
        query = query.where(Stay.fence_id == fence_id)
    return session.scalars(_newest_first(query, Stay.entered_at, Stay.id, wanted)).all()


def stay(session: Session, organization_id: int, stay_id: UUID) -> Stay | None:
    """By id, unless late data withdrew it."""
    return session.scalars(
        select(Stay).where(Stay.organization_id == organization_id, Stay.id == stay_id, Stay.withdrawn_at.is_(None))
    ).one_or_none()


def crossings_of_stay(session: Session, stay: Stay) -> Sequence[Crossing]:
    """The enter, and the leave of a confirmed end, as whoever is told of the stay is told them."""
    moments = [(stay.entered_at, "enter"), (stay.left_at or stay.entered_at, "leave" if stay.ended == "confirmed" else "enter")]
    query = select(Crossing).where(
        Crossing.organization_id == stay.organization_id,
        Crossing.person_id == stay.person_id,
        Crossing.fence_id == stay.fence_id,
        Crossing.withdrawn_at.is_(None),
        told(Crossing, stay.person_id if stay.told_to == "person" else None),
        tuple_(Crossing.at, Crossing.kind).in_(moments),
    )
    return session.scalars(query.order_by(Crossing.at, Crossing.id)).all()


def last_crossings(session: Session, organization_id: int, person_id: UUID, limit: int) -> Sequence[Crossing]:
    """The newest crossings of a person, as others are told them."""
    query = select(Crossing).where(
        Crossing.organization_id == organization_id,
        Crossing.person_id == person_id,
        Crossing.withdrawn_at.is_(None),
        told(Crossing, None),
    )
    return session.scalars(query.order_by(Crossing.at.desc(), Crossing.id.desc()).limit(limit)).all()


def standings(session: Session, organization_id: int, people: Sequence[UUID]) -> Sequence[Row[*tuple[Any, ...]]]:
    """(person, last seen at, standings, standings as others are told them or null: the same) of these people, as `core.stays.to_json` wrote them."""
    query = select(
        AttendanceState.person_id, AttendanceState.last_seen_at, AttendanceState.state["standings"], AttendanceState.state["others"]
    )
    return session.execute(query.where(AttendanceState.organization_id == organization_id, _mine(AttendanceState.person_id, people))).all()


def punches_around(session: Session, organization_id: int, people: Sequence[UUID], since: datetime, until: datetime) -> Sequence[Row[Any]]:
    """(id, person, kind, at, method) of the period, and of each person the neighbours just outside it."""
    parameters = {"organization_id": organization_id, "people": list(people), "since": since, "until": until}
    return session.execute(PUNCHES_AROUND, parameters).all()


def punches(session: Session, organization_id: int, wanted: Slice, *, people: Sequence[UUID] | None) -> Sequence[Punch]:
    """Punches in the slice's time."""
    query = select(Punch).where(Punch.organization_id == organization_id, Punch.at >= wanted.since, Punch.at < wanted.until)
    if people is not None:
        query = query.where(_mine(Punch.person_id, people))
    return session.scalars(_newest_first(query, Punch.at, Punch.id, wanted)).all()


def punch_before(session: Session, organization_id: int, person_id: UUID, at: datetime, but: UUID | None = None) -> Punch | None:
    """The person's last punch up to a moment; `but` this one."""
    query = select(Punch).where(Punch.organization_id == organization_id, Punch.person_id == person_id, Punch.at <= at)
    if but is not None:
        query = query.where(Punch.id != but)
    return session.scalars(query.order_by(Punch.at.desc(), Punch.id.desc()).limit(1)).one_or_none()


def punch_of_client(session: Session, organization_id: int, person_id: UUID, client_id: str) -> Punch | None:
    """What was recorded under this id of the client."""
    query = select(Punch).where(Punch.organization_id == organization_id, Punch.person_id == person_id, Punch.client_id == client_id)
    return session.scalars(query).one_or_none()


def clocked_in(session: Session, organization_id: int, since: datetime, until: datetime) -> list[UUID]:
    """Whose last punch between two moments is a clock-in."""
    return list(session.scalars(CLOCKED_IN, {"organization_id": organization_id, "since": since, "until": until}))


def left_since(session: Session, organization_id: int, people: Sequence[UUID], since: datetime, until: datetime) -> list[UUID]:
    """Those of these people who left a fence, as others are told it for certain, or clocked out, between two moments."""
    given = {"organization_id": organization_id, "people": list(people), "since": since, "until": until}
    return list(session.scalars(LEFT_SINCE, given))


def clock_out_missing(session: Session, organization_id: int, wanted: Slice, waited_since: datetime) -> Sequence[Row[Any]]:
    """(id, person, at, method) of clock-ins that no clock-out followed, nobody answered for, and that wait long enough; newest first."""
    return session.execute(
        CLOCK_OUT_MISSING,
        {
            "organization_id": organization_id,
            "since": wanted.since,
            "until": wanted.until,
            "waited_since": waited_since,
            "after_at": wanted.after and wanted.after[0],
            "after_id": wanted.after and wanted.after[1],
            "limit": wanted.limit,
        },
    ).all()


def shifts_between(session: Session, organization_id: int, people: Sequence[UUID], first: date, last: date) -> Sequence[Shift]:
    """Shifts of these people, and of any group, that may start between two dates."""
    query = select(Shift).where(
        Shift.organization_id == organization_id,
        or_(_mine(Shift.person_id, people), Shift.group_id.is_not(None)),
        Shift.valid_from <= last,
        or_(Shift.valid_until.is_(None), Shift.valid_until >= first),
    )
    return session.scalars(query.order_by(Shift.id)).all()


def shifts(  # noqa: PLR0913 (a page and its filters)
    session: Session,
    organization_id: int,
    *,
    person_id: UUID | None,
    group_ids: Sequence[UUID] | None,
    ended_before: date,
    after: UUID | None,
    limit: int,
) -> Sequence[Shift]:
    """Shifts that did not end before a date, by id; of the person or of these groups, where one of both is given."""
    query = select(Shift).where(
        Shift.organization_id == organization_id, or_(Shift.valid_until.is_(None), Shift.valid_until >= ended_before)
    )
    if person_id is not None or group_ids is not None:
        query = query.where(or_(Shift.person_id == person_id, Shift.group_id.in_(group_ids or ())))
    if after is not None:
        query = query.where(Shift.id > after)
    return session.scalars(query.order_by(Shift.id).limit(limit)).all()


def shift(session: Session, organization_id: int, shift_id: UUID, *, lock: bool = False) -> Shift | None:
    """By id."""
    query = select(Shift).where(Shift.organization_id == organization_id, Shift.id == shift_id)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def corrections_between(session: Session, organization_id: int, people: Sequence[UUID], first: date, last: date) -> Sequence[Correction]:
    """The corrections about these days that were neither refused nor withdrawn."""
    query = select(Correction).where(
        Correction.organization_id == organization_id,
        _mine(Correction.person_id, people),
        Correction.worked_on.between(first, last),
        Correction.status.in_(("proposed", "approved")),
    )
    return session.scalars(query.order_by(Correction.created_at, Correction.id)).all()


def corrections_of_day(session: Session, organization_id: int, person_id: UUID, worked_on: date, source: str) -> Sequence[Correction]:
    """All of one source about one day, whatever became of them."""
    query = select(Correction).where(
        Correction.organization_id == organization_id,
        Correction.person_id == person_id,
        Correction.worked_on == worked_on,
        Correction.source == source,
    )
    return session.scalars(query.order_by(Correction.id)).all()


def corrections(  # noqa: PLR0913 (a page and its filters)
    session: Session,
    organization_id: int,
    *,
    person_id: UUID | None,
    status: str | None,
    first: date | None,
    last: date | None,
    before: UUID | None,
    limit: int,
) -> Sequence[Correction]:
    """Corrections, the newest first."""
    query = select(Correction).where(Correction.organization_id == organization_id)
    for column, wanted in ((Correction.person_id, person_id), (Correction.status, status)):
        if wanted is not None:
            query = query.where(column == wanted)
    if first is not None:
        query = query.where(Correction.worked_on >= first)
    if last is not None:
        query = query.where(Correction.worked_on <= last)
    if before is not None:
        query = query.where(Correction.id < before)
    return session.scalars(query.order_by(Correction.id.desc()).limit(limit)).all()


def correction(session: Session, organization_id: int, correction_id: UUID, *, lock: bool = False) -> Correction | None:
    """By id."""
    query = select(Correction).where(Correction.organization_id == organization_id, Correction.id == correction_id)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def approved_days(session: Session, organization_id: int, people: Sequence[UUID], first: date, last: date) -> Sequence[Workday]:
    """The approved workdays of these people between two dates."""
    query = select(Workday).where(
        Workday.organization_id == organization_id, _mine(Workday.person_id, people), Workday.worked_on.between(first, last)
    )
    return session.scalars(query).all()


def approved_day(session: Session, organization_id: int, person_id: UUID, worked_on: date) -> Workday | None:
    """One approved workday, locked."""
    query = select(Workday).where(
        Workday.organization_id == organization_id, Workday.person_id == person_id, Workday.worked_on == worked_on
    )
    return session.scalars(query.with_for_update()).one_or_none()


def looks(
    session: Session, organization_id: int, person_id: UUID, before: UUID | None, limit: int
) -> Sequence[Row[UUID, datetime, UUID, UUID | None]]:
    """(id, created_at, viewer, person) of others' looks at this person or at everybody, the newest first."""
    query = select(PresenceView.id, PresenceView.created_at, PresenceView.viewer_id, PresenceView.person_id).where(
        PresenceView.organization_id == organization_id,
        or_(PresenceView.person_id == person_id, PresenceView.person_id.is_(None)),
        PresenceView.viewer_id != person_id,
    )
    if before is not None:
        query = query.where(PresenceView.id < before)
    return session.execute(query.order_by(PresenceView.id.desc()).limit(limit)).all()


def exports(session: Session, organization_id: int, asker: UUID | None, before: UUID | None, limit: int) -> Sequence[Export]:
    """Those that this person asked for, the newest first."""
    query = select(Export).where(Export.organization_id == organization_id, Export.requested_by == asker)
    if before is not None:
        query = query.where(Export.id < before)
    return session.scalars(query.order_by(Export.id.desc()).limit(limit)).all()


def export(session: Session, organization_id: int, asker: UUID | None, export_id: UUID) -> Export | None:
    """By id, if this person asked for it."""
    query = select(Export).where(Export.organization_id == organization_id, Export.id == export_id, Export.requested_by == asker)
    return session.scalars(query).one_or_none()


def waiting_exports(session: Session, organization_id: int, among: Sequence[UUID]) -> Sequence[Export]:
    """Those of them that are still to be built, locked."""
    query = select(Export).where(Export.organization_id == organization_id, _mine(Export.id, among), Export.status == "waiting")
    return session.scalars(query.with_for_update()).all()


def approval(session: Session, organization_id: int, approval_id: UUID, *, lock: bool = False) -> Approval | None:
    """By id."""
    query = select(Approval).where(Approval.organization_id == organization_id, Approval.id == approval_id)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def running_approvals(session: Session, organization_id: int, among: Sequence[UUID]) -> Sequence[Approval]:
    """Those of them that are not done, locked."""
    query = select(Approval).where(Approval.organization_id == organization_id, _mine(Approval.id, among), Approval.status == "running")
    return session.scalars(query.with_for_update()).all()


def forget_approvals(session: Session, organization_id: int, before: datetime) -> int:
    """Delete those of before a moment; how many."""
    old = delete(Approval).where(Approval.organization_id == organization_id, Approval.created_at < before).returning(Approval.id)
    return len(session.execute(old).all())


def _newest_first(query: Any, moment: Any, key: Any, wanted: Slice) -> Any:  # noqa: ANN401 (any select, mapped columns)
    if wanted.after is not None:
        query = query.where(tuple_(moment, key) < wanted.after)
    return query.order_by(moment.desc(), key.desc()).limit(wanted.limit)


def write_down(session: Session, actor: Actor, person_id: UUID | None, now: datetime) -> None:
    """They looked at this person, or at everybody; once for each of their sessions."""
    if actor.session_id is None or actor.person_id is None or person_id == actor.person_id:
        return
    row = {
        "organization_id": actor.tenant,
        "id": uuid7(),
        "viewer_id": actor.person_id,
        "session_id": actor.session_id,
        "person_id": person_id,
        "created_at": now,
    }
    session.execute(insert(PresenceView).values(row).on_conflict_do_nothing())
