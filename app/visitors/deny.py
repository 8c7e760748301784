"""Who may not come in. Only keyed hashes are kept, so the list names nobody; it is asked for each name, and says yes or no.

1. Somebody proposes a name, with a reason of a short list and an end within twelve months.
2. A second person approves it by typing the same name: the list cannot show it to them. Only then does it count.
3. A name is on the list as it is written, and as it sounds. A hit only makes a visitor wait: people decide.
"""

import hmac
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import bindparam, case, delete, or_, select, update
from sqlalchemy.orm import Session

from app.actor import Actor
from app.config import Settings
from app.core.fix import to_ms
from app.core.names import words_of
from app.core.schedule import worked_on
from app.core.sound import code
from app.db.types import uuid7
from app.errors import Conflict, Invalid, NotFound
from app.ports import Deps
from app.visitors.models import DenyEntry

LONGEST: Final = timedelta(days=365)
_PURPOSE: Final = b"deny list"

_OF_NAMES: Final = (
    select(DenyEntry.id, DenyEntry.name_hash, DenyEntry.sound_hash)
    .where(
        DenyEntry.organization_id == bindparam("organization_id"),
        or_(DenyEntry.name_hash.in_(bindparam("names", expanding=True)), DenyEntry.sound_hash.in_(bindparam("sounds", expanding=True))),
        DenyEntry.approved_at.is_not(None),
        DenyEntry.expires_on >= bindparam("today"),
    )
    .order_by(DenyEntry.id)  # in one order: two who invite do not wait in a ring
    .with_for_update()
)

_log = structlog.get_logger(area="visitors")


def name_hash(settings: Settings, organization_id: int, name: str) -> bytes:
    """Of a name as it is compared: without regard to case, accents, hyphens and the order of its words."""
    return _hash(settings, organization_id, " ".join(words_of(name)))


def sound_hash(settings: Settings, organization_id: int, name: str) -> bytes:
    """Of a name as it sounds."""
    return _hash(settings, organization_id, f"sound {code(words_of(name))}")


def check(session: Session, organization_id: int, name: str, now: datetime, deps: Deps) -> bool:
    """Whether somebody of this name, or of one that sounds like it, may not come in; the hit is counted."""
    return check_all(session, organization_id, [name], now, deps)[0]


def check_all(session: Session, organization_id: int, names: Sequence[str], now: datetime, deps: Deps) -> list[bool]:
    """Of each name, in order, whether somebody of it may not come in; every hit is counted. As many statements for many names as for one."""
    asked = [(name_hash(deps.settings, organization_id, name), sound_hash(deps.settings, organization_id, name)) for name in names]
    given = {"organization_id": organization_id, "today": worked_on(to_ms(now), "UTC")}
    hashes = {"names": list({name for name, _ in asked}), "sounds": list({sound for _, sound in asked})}
    entries_ = session.execute(_OF_NAMES, given | hashes).all()
    hits = {id_: sum(name == by_name or sound == by_sound for name, sound in asked) for id_, by_name, by_sound in entries_}
    if hits:
        counted = update(DenyEntry).where(DenyEntry.organization_id == organization_id, DenyEntry.id.in_(list(hits)))
        counted = counted.values(hits=DenyEntry.hits + case(hits, value=DenyEntry.id, else_=0))
        session.execute(counted.execution_options(synchronize_session=False))
    by_names, by_sounds = {name for _, name, _ in entries_}, {sound for _, _, sound in entries_}
    return [name in by_names or sound in by_sounds for name, sound in asked]


def entries(session: Session, organization_id: int) -> Sequence[DenyEntry]:
    """All of them, the newest first. Expired ones are deleted by `retention`."""
    query = select(DenyEntry).where(DenyEntry.organization_id == organization_id)
    return session.scalars(query.order_by(DenyEntry.id.desc())).all()


def propose(session: Session, actor: Actor, name: str, reason: str, expires_on: date, now: datetime, deps: Deps) -> DenyEntry:  # noqa: PLR0913, PLR0917 (whom, why, until when)
    """Put a name forward; again: nothing. Raises `Invalid` for an end that has passed or is more than a year ahead, and for a name without letters."""
    today = worked_on(to_ms(now), "UTC")
    if not today < expires_on <= today + LONGEST:
        raise Invalid.of("expires_on", "An entry counts for a year at most", "Choose a day after today, within twelve months.")
    if not words_of(name):
        raise Invalid.of("name", "This is no name", "Write the whole name.")
    mine = select(DenyEntry).where(
        DenyEntry.organization_id == actor.tenant,
        DenyEntry.name_hash == name_hash(deps.settings, actor.tenant, name),
        DenyEntry.proposed_by == actor.person_id,
        DenyEntry.approved_at.is_(None),
    )
    known = session.scalars(mine.limit(1)).first()
    if known is not None:
        return known
    entry = DenyEntry(
        id=uuid7(), organization_id=actor.tenant, name_hash=name_hash(deps.settings, actor.tenant, name), reason=reason,
        sound_hash=sound_hash(deps.settings, actor.tenant, name), proposed_by=actor.person_id, expires_on=expires_on, hits=0,
    )  # fmt: skip
    session.add(entry)
    session.flush()
    _log.info("deny_proposed", organization_id=actor.tenant)
    return entry


def approve(session: Session, actor: Actor, entry_id: UUID, name: str, now: datetime, deps: Deps) -> DenyEntry:  # noqa: PLR0913, PLR0917 (who approves whom)
    """From now on it counts. Raises `NotFound`; `Conflict` for one's own proposal and one that counts already; `Invalid` for another name."""
    query = select(DenyEntry).where(DenyEntry.organization_id == actor.tenant, DenyEntry.id == entry_id)
    entry = session.scalars(query.with_for_update()).one_or_none()
    if entry is None:
        raise NotFound
    if entry.approved_at is not None:
        raise Conflict("This entry was approved already.")
    if actor.person_id is None or actor.person_id == entry.proposed_by:
        raise Conflict("A second person must approve this. Ask a colleague.")
    if not hmac.compare_digest(name_hash(deps.settings, actor.tenant, name), entry.name_hash):
        raise Invalid.of("name", "This is not the name that was proposed", "Ask whoever proposed it, and write it as they did.")
    entry.approved_by, entry.approved_at = actor.person_id, now
    session.flush()
    _log.info("deny_approved", organization_id=actor.tenant)
    return entry


def remove(session: Session, organization_id: int, entry_id: UUID) -> None:
    """It counts no more. Raises `NotFound`."""
    query = delete(DenyEntry).where(DenyEntry.organization_id == organization_id, DenyEntry.id == entry_id).returning(DenyEntry.id)
    if session.execute(query).first() is None:
        raise NotFound
    _log.info("deny_removed", organization_id=organization_id)


def _hash(settings: Settings, organization_id: int, what: str) -> bytes:
    key = hmac.digest(settings.secret_key.encode(), _PURPOSE, "sha256")
    return hmac.digest(key, f"{organization_id:d} {what}".encode(), "sha256")
