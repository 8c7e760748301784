"""Idempotency-Key: the same request sent twice is done once.

1. The key's row is inserted in the request's own transaction. A second request with the same key waits on the unique key until the first one ends.
2. First here: the view runs and its answer is written into the row. An error rolls the row back too, so the request may be repeated.
3. Not first: same request, same answer, byte for byte; another request under the same key is refused.
Rows are walled in by organization and kept by actor. After a day the tick forgets the answer, as it may name people (`forget_answers`); the key and
the hash stay for two months, so that what a phone sends again after a long absence is still not done twice: it is told `AlreadyDone`.
Routes whose body may hold a position must not use keys (`idempotent=False`): not even the hash of a position is kept.
Routes whose answer holds a secret say `secret_answer=True`: the answer is not kept, a repetition is 409.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import AlreadyDone, Invalid, KeyReused
from app.web.models import IdempotencyKey

KEPT: Final = timedelta(days=1)
KEY_KEPT: Final = timedelta(days=60)
MAX_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class Kept:
    """The answer that was given before."""

    status: int
    body: bytes


def claim(session: Session, actor: Actor, key: str, asked: bytes, now: datetime) -> Kept | None:
    """None: this request is the first under its key. Otherwise what was answered. Raises `KeyReused`, `AlreadyDone`, `Invalid`."""
    if not (key.isascii() and key.isprintable() and 1 <= len(key) <= MAX_LENGTH):
        raise Invalid.of("Idempotency-Key", f"Must be 1 to {MAX_LENGTH} printable ASCII characters", "Send a fresh UUID.")
    asked_hash = hashlib.sha256(asked).digest()
    row = {"organization_id": actor.tenant, "actor_id": _id(actor), "key": key, "request_hash": asked_hash, "expires_at": now + KEPT}
    if session.execute(insert(IdempotencyKey).values(row).on_conflict_do_nothing().returning(IdempotencyKey.key)).first():
        return None
    before = session.execute(select(IdempotencyKey.request_hash, IdempotencyKey.status, IdempotencyKey.body).where(*_row(actor, key))).one()
    if before.request_hash != asked_hash:
        raise KeyReused
    if before.body is None or before.status is None:
        raise AlreadyDone
    return Kept(before.status, before.body)


def keep(session: Session, actor: Actor, key: str, status: int, body: bytes | None) -> None:
    """Remember the answer; `body` None when it holds a secret."""
    session.execute(update(IdempotencyKey).where(*_row(actor, key)).values(status=status, body=body))


def forget_answers(session: Session, organization_id: int, now: datetime) -> int:
    """Forget the answers that are older than a day, and the keys that are older than two months; how many rows. Joined in `app/subscriptions.py`."""
    mine = IdempotencyKey.organization_id == organization_id
    gone = delete(IdempotencyKey).where(mine, IdempotencyKey.expires_at < now + KEPT - KEY_KEPT)
    old = update(IdempotencyKey).where(mine, IdempotencyKey.expires_at < now, IdempotencyKey.status.is_not(None))
    return sum(
        len(session.execute(statement.returning(IdempotencyKey.key)).all()) for statement in (gone, old.values(status=None, body=None))
    )


def _id(actor: Actor) -> UUID:
    found = actor.device_id or actor.user_id
    if found is None:
        raise LookupError("an actor of an organization has a user or a device")
    return found


def _row(actor: Actor, key: str) -> tuple[ColumnElement[bool], ...]:
    return (IdempotencyKey.organization_id == actor.tenant, IdempotencyKey.actor_id == _id(actor), IdempotencyKey.key == key)
