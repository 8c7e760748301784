"""The table behind Idempotency-Key."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped

from app.db.base import Created, Model, Tenant
from app.db.tags import DAY, KEY, PLAIN, tagged
from app.db.types import Moment, Uuid


class IdempotencyKey(Model, Tenant, Created):
    """What was answered to a key, so that the same request is answered the same. The answer is kept for a day, the key for two months."""

    __tablename__ = "idempotency_key"
    actor_id: Mapped[UUID] = tagged(KEY, Uuid, primary_key=True)
    key: Mapped[str] = tagged(KEY, String(200), primary_key=True)
    request_hash: Mapped[bytes] = tagged(PLAIN, LargeBinary(32))
    status: Mapped[int | None] = tagged(PLAIN, SmallInteger)
    body: Mapped[bytes | None] = tagged(DAY, LargeBinary)
    expires_at: Mapped[datetime] = tagged(PLAIN, Moment)
