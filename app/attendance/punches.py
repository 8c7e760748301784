"""Punches: clock-ins and clock-outs made by hand. Location is never needed.

1. Who: a person for themselves (button, or a site's code), a kiosk for whoever stands before it (`kiosk`), a manager for anybody, with a note.
2. When: now, or the time the client gives when it was offline. Not in the future, and not later than the lateness window (a manager: a year).
3. A client's id makes a repetition recognisable: the first content stands.
4. A one-shot fix that comes along passes the same gate as a ping, is judged in memory at once, and is dropped: at most the fence is kept. A fix
   that may not be looked at, or says nothing, never stops the punch.
5. A second clock-in is kept too, and the answer says so; `core.workday` asks about it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

import structlog
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.actor import Actor
from app.attendance import lookups
from app.attendance.lists import Slice
from app.attendance.models import Punch
from app.attendance.oneshot import FixVerdict, When, judge
from app.attendance.record import AMENDED
from app.attendance.sitecode import make_code, read_code, svg
from app.attendance.workdays import approved_near
from app.core.consent import FUTURE_MOST_MS
from app.core.fix import from_ms, to_ms
from app.db.types import uuid7
from app.errors import Forbidden, Invalid, NotFound
from app.ingest.native import Fix
from app.outbox import publish
from app.ports import Deps

MANAGER_LATENESS: Final = timedelta(days=366)

_log = structlog.get_logger(area="attendance")


@dataclass(frozen=True, slots=True)
class NewPunch:
    """What the client sent. `person_id` or `personal_code` (the employee number) names somebody else; `site_code` was scanned.

    For a kiosk `person_id` is who it turned out to be (`attendance.kiosk`).
    """

    kind: Literal["in", "out"]
    client_id: str
    at: datetime | None = None
    person_id: UUID | None = None
    personal_code: str | None = None
    site_code: str | None = None
    note: str | None = None
    fix: Fix | None = None


@dataclass(frozen=True, slots=True)
class Punched:
    """What the punch did. `already`: the person's punch before this one, when it was of the same kind."""

    punch: Punch
    repeat: bool
    already: Punch | None
    fix: FixVerdict | None


@dataclass(frozen=True, slots=True)
class _Who:
    person_id: UUID
    method: Literal["button", "kiosk", "qr", "manager"]
    site_id: UUID | None = None


def record_punch(session: Session, actor: Actor, new: NewPunch, now: datetime, deps: Deps, *, anybody: bool) -> Punched:  # noqa: PLR0913 (who, what, when, for whom)
    """Record it and say what it did. `anybody`: the actor may punch for others. Raises `NotFound`, `Invalid`, `Forbidden`."""
    who = _who(session, actor, new, deps, anybody=anybody)
    lateness = timedelta(days=deps.settings.lateness_days)
    at = _when(new, who, now, lateness)
    known = lookups.punch_of_client(session, actor.tenant, who.person_id, new.client_id)
    when = When(at, now, lateness, actor.device_id)
    verdict = None if new.fix is None or known is not None else judge(session, actor.tenant, who.person_id, new.fix, when)
    row = {
        "organization_id": actor.tenant,
        "id": uuid7(),
        "person_id": who.person_id,
        "kind": new.kind,
        "at": at,
        "method": who.method,
        "site_id": who.site_id,
        "fence_id": verdict and verdict.fence_id,
        "device_id": actor.device_id,
        "made_by": actor.person_id,
        "client_id": new.client_id,
        "note": new.note,
        "created_at": now,
    }
    added = known is None and bool(session.execute(insert(Punch).on_conflict_do_nothing().returning(Punch.id), [row]).first())
    punch = lookups.punch_of_client(session, actor.tenant, who.person_id, new.client_id)
    if punch is None:
        raise LookupError("a punch that was written is not there")
    if added:
        _tell(session, punch, now)
    before = lookups.punch_before(session, actor.tenant, punch.person_id, punch.at, punch.id)
    return Punched(punch, not added, before if before is not None and before.kind == punch.kind else None, verdict)


def _who(session: Session, actor: Actor, new: NewPunch, deps: Deps, *, anybody: bool) -> _Who:
    """For whom, and by which way."""
    if actor.person_id is None:
        return _at_kiosk(session, actor, new.person_id)
    if new.person_id not in (None, actor.person_id) or new.personal_code is not None:
        if not anybody:
            raise NotFound
        if not new.note:
            raise Invalid.of("note", "An entry for somebody else needs a note", "Say why you enter it.")
        if new.fix is not None:  # judging it would tell whether that person shares their location
            raise Invalid.of("fix", "A fix is of whoever holds the phone", "Leave it out when you enter for somebody else.")
        return _Who(_person(session, actor, new), "manager")
    if new.site_code is not None:
        site_id = read_code(deps.settings.secret_key, actor.tenant, new.site_code)
        if site_id is None:
            raise Invalid.of("site_code", "This is no code of a site of yours", "Scan the code on the wall again, or use the button.")
        accounts.require_site(session, actor.tenant, site_id)
        return _Who(actor.person_id, "qr", site_id)
    return _Who(actor.person_id, "button")


def _at_kiosk(session: Session, actor: Actor, person_id: UUID | None) -> _Who:
    if actor.device_id is None or person_id is None:
        raise Forbidden
    return _Who(person_id, "kiosk", accounts.get_device(session, actor.tenant, actor.device_id).site_id)


def _person(session: Session, actor: Actor, new: NewPunch) -> UUID:
    """The person named. Raises `NotFound`, also for those who left."""
    if new.personal_code is not None:
        found = accounts.person_of_number(session, actor.tenant, new.personal_code)
        if found is None or new.person_id not in (None, found):
            raise NotFound
        return found
    if new.person_id is None or accounts.get_person(session, actor.tenant, new.person_id).left_at is not None:
        raise NotFound
    return new.person_id


def _when(new: NewPunch, who: _Who, now: datetime, lateness: timedelta) -> datetime:
    at = new.at or now
    if to_ms(at) - to_ms(now) > FUTURE_MOST_MS:
        raise Invalid.of("at", "This time has not come yet", "Check the clock of the device.")
    if at < now - (MANAGER_LATENESS if who.method == "manager" else lateness):
        raise Invalid.of("at", "This was too long ago", "Propose a correction of that day instead.")
    # By a clock that is a little fast it was made now: one that lies ahead would not count yet, and the next one would be asked as if it were not there.
    return from_ms(to_ms(min(at, now)))


def _tell(session: Session, punch: Punch, now: datetime) -> None:
    """News for the screens; and whoever approved the day already must look again."""
    body = {"punch": str(punch.id), "kind": punch.kind, "at": punch.at.isoformat(), "method": punch.method}
    publish.live(session, punch.organization_id, "punch", body, person_id=punch.person_id)
    _log.info("punched", organization_id=punch.organization_id, kind=punch.kind, method=punch.method)
    if approved_near(session, punch.organization_id, punch.person_id, punch.at):
        span = {"person": str(punch.person_id), "from_ms": to_ms(punch.at), "until_ms": to_ms(punch.at)}
        publish.publish(session, punch.organization_id, AMENDED, span, due_at=now)


def list_punches(session: Session, organization_id: int, wanted: Slice, *, people: Sequence[UUID] | None) -> Sequence[Punch]:
    """Punches in the slice's time, the newest first."""
    return lookups.punches(session, organization_id, wanted, people=people)


def site_code(session: Session, actor: Actor, site_id: UUID, deps: Deps) -> tuple[str, str, str]:
    """The code of a site as text, as a link to the app, and that link as SVG. Raises `NotFound`."""
    code = make_code(deps.settings.secret_key, actor.tenant, accounts.get_site(session, actor.tenant, site_id).id)
    link = f"{deps.settings.public_url}/clock#{code}"  # behind the #, so that no server log ever sees it
    return code, link, svg(link)
