"""Small types that every table uses."""

import secrets
import time
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import UUID as PG_UUID

Moment = DateTime(timezone=True)
Json = JSONB(none_as_null=True)
Uuid = PG_UUID(as_uuid=True)
Uuids: Any = ARRAY(Uuid)


def uuid7() -> UUID:
    """A time-ordered id (RFC 9562, 5.7): 48 bits of Unix milliseconds, then random bits. Made in the app, so that a row knows its key before it is written."""
    value = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    return UUID(int=value & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62)
