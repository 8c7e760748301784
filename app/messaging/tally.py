"""How an alert stands, in numbers: `N of M known people`. Nobody's name, and never "everyone".

Ten thousand people may answer within a minute, so an answer does not count them all: it asks for the numbers once for the second it falls in, and
the work that is done then counts and tells the screens.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.reply import REPLIES
from app.messaging import alert_rows
from app.messaging.models import Message
from app.outbox import publish
from app.ports import Deps

TALLY: Final = "messaging.tally"
"""Kind of outbox rows {message}: count, and tell the screens."""


def tally(session: Session, organization_id: int, message_id: UUID) -> dict[str, Any]:
    """{people, handed_over, delivered, failed, unknown, replies: {safe, need_help, on_my_way}, silent, late, possibly}, each a number of people."""
    row = alert_rows.tally(session, organization_id, message_id)._mapping  # noqa: SLF001 (SQLAlchemy's public name)
    return {key: value for key, value in row.items() if key not in REPLIES} | {"replies": {reply: row[reply] for reply in REPLIES}}


def tell(session: Session, organization_id: int, message: Message) -> None:
    """The screens: how the alert stands."""
    numbers = tally(session, organization_id, message.id)
    body = {"message": str(message.id), "revision": message.revision, "stage": message.stage, "tally": numbers}
    publish.live(session, organization_id, "alert", body)


def tell_soon(session: Session, organization_id: int, message_id: UUID, now: datetime) -> None:
    """Once for all that happens to it within a second."""
    due_at = now.replace(microsecond=0) + timedelta(seconds=1)
    key = UUID(bytes=sha256(f"{message_id} {due_at.isoformat()}".encode()).digest()[:16])
    publish.publish_once(session, organization_id, TALLY, {"message": str(message_id)}, due_at=due_at, key=key)


def on_tally(session: Session, organization_id: int, body: Mapping[str, Any], _now: datetime, _deps: Deps) -> None:
    """The handler of `messaging.tally`."""
    message = alert_rows.alert(session, organization_id, UUID(body["message"]), lock=True)
    if message is not None:
        message.revision += 1
        session.flush()
        tell(session, organization_id, message)
