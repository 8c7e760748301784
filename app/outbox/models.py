"""Tables of the outbox and the event stream: written in the transaction of the change that they tell of."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped

from app.db.base import Created, Keyed, Model, Tenant, found_by
from app.db.tags import DAY, KEY, PLAIN, TRANSIENT, tagged
from app.db.types import Json, Moment, Uuid


class Outbox(Model, Keyed, Created):
    """Work that must happen, once per handler. Done rows are deleted; a row that failed too often is dead and the operator is told."""

    __tablename__ = "outbox"
    kind: Mapped[str] = tagged(PLAIN, String(60))
    body: Mapped[dict[str, Any]] = tagged(TRANSIENT, Json)
    due_at: Mapped[datetime] = tagged(PLAIN, Moment)
    attempts: Mapped[int] = tagged(PLAIN, SmallInteger, server_default="0")
    lease_until: Mapped[datetime | None] = tagged(PLAIN, Moment)
    dead_at: Mapped[datetime | None] = tagged(PLAIN, Moment)
    problem: Mapped[str | None] = tagged(PLAIN, Text)
    __table_args__ = (found_by("ix_outbox_due", "due_at", where="dead_at IS NULL"),)


class LiveEvent(Model, Tenant, Created):
    """What a screen must learn at once. Kept for a day, so that a stream can resume where it broke off.

    Ids are given out before the commit, so they do not tell what a reader has seen; the writing transaction's id does (`outbox/journal.py`).
    """

    __tablename__ = "live_event"
    id: Mapped[int] = tagged(KEY, BigInteger, Identity(always=True), primary_key=True)
    transaction_id: Mapped[int] = tagged(PLAIN, BigInteger, server_default=text("(pg_current_xact_id()::text)::bigint"))
    kind: Mapped[str] = tagged(PLAIN, String(40))
    person_id: Mapped[UUID | None] = tagged(DAY, Uuid)
    body: Mapped[dict[str, Any]] = tagged(DAY, Json)
    __table_args__ = (found_by("ix_live_event_transaction", "transaction_id"),)
