"""Idempotency-Key: the same request sent twice is done once.

1. The key's row is inserted in the request's own transaction. A second request with the same key waits on the unique key until the first one ends.
2. First here: the view runs and its answer is written into the row. An error rolls the row back too, so the request may be repeated.
3. Not first: same request, same answer, byte for byte; another request under the same key is refused.
Rows are walled in by organization and kept by actor, for a day; then the tick forgets them (`forget_answers`), as an answer may name people.
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
    session.execute(delete(IdempotencyKey).where(*_row(actor, key), IdempotencyKey.expires_at < now))
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
    """Delete what is older than a day; how many. Joined in `app/subscriptions.py`."""
    old = delete(IdempotencyKey).where(IdempotencyKey.organization_id == organization_id, IdempotencyKey.expires_at < now)
    return len(session.execute(old.returning(IdempotencyKey.key)).all())


def _id(actor: Actor) -> UUID:
    found = actor.device_id or actor.user_id
    if found is None:
        raise LookupError("an actor of an organization has a user or a device")
    return found


def _row(actor: Actor, key: str) -> tuple[ColumnElement[bool], ...]:
    return (IdempotencyKey.organization_id == actor.tenant, IdempotencyKey.actor_id == _id(actor), IdempotencyKey.key == key)
