"""Write down what must follow a change, in the transaction of the change: work for a handler, and news for the screens.

Work is `(kind, body, due_at)`: the kind names its one handler in `app/subscriptions.py`; a handler may run twice, so it must not mind.
News is `(kind, person_id, body)`: whoever may do `<kind>.read` in `app/authority.py` sees it, for everybody or for the own person. A body
says how things stand, not what to add, because a stream that broke off may show it again.
Bodies are plain JSON. After the commit the relay and the streams are woken (`app.db.transaction`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.authority import ACTIONS
from app.db.transaction import has_news
from app.db.types import uuid7
from app.outbox.models import LiveEvent, Outbox

Body = Mapping[str, Any]
Work = tuple[str, Body, datetime]
News = tuple[str, UUID | None, Body]

OUTBOX_INSERT: Final = """
    INSERT INTO outbox (organization_id, id, kind, body, due_at)
    SELECT %(organization_id)s, w.id, w.kind, w.body, w.due_at
    FROM jsonb_to_recordset(%(work)s) AS w(id uuid, kind text, body jsonb, due_at timestamptz)
"""
_HEARD: Final[dict[str, set[str]]] = {}
LIVE_INSERT: Final = """
    INSERT INTO live_event (organization_id, kind, person_id, body)
    SELECT %(organization_id)s, n.kind, n.person_id, n.body
    FROM jsonb_to_recordset(%(news)s) AS n(kind text, person_id uuid, body jsonb)
"""


def heard_while(kind: str, condition: str) -> None:
    """Work of this kind that the hot path publishes is written only while somebody listens: SQL that is true of `%(organization_id)s`.

    Of several listeners one is enough. Joined in `wiring.py`. Who begins to listen looks for what came in the moment before (`messaging.late`).
    """
    _HEARD.setdefault(kind, set()).add(condition)


def action_of(kind: str) -> str:
    """What one must be allowed to do to see news of this kind. `LookupError` when the authority table has no such row: nobody could see it."""
    action = f"{kind}.read"
    if action not in ACTIONS:
        raise LookupError(f"news of kind {kind!r}: action {action!r} has no row in app/authority.py")
    return action


def publish(session: Session, organization_id: int, kind: str, body: Body, *, due_at: datetime) -> UUID:
    """One piece of work, not before `due_at`; its id."""
    return publish_all(session, organization_id, [(kind, body, due_at)])[0]


def publish_all(session: Session, organization_id: int, work: Sequence[Work]) -> list[UUID]:
    """Many pieces of work in one statement; their ids."""
    ids = [uuid7() for _ in work]
    if work:
        row = {"organization_id": organization_id}
        rows = [{**row, "id": id_, "kind": kind, "body": body, "due_at": due} for id_, (kind, body, due) in zip(ids, work, strict=True)]
        session.execute(insert(Outbox), rows)
        has_news(session)
    return ids


def publish_once(session: Session, organization_id: int, kind: str, body: Body, *, due_at: datetime, key: UUID) -> None:  # noqa: PLR0913 (as `publish`)
    """One piece of work, unless work with this key waits already."""
    row = {"organization_id": organization_id, "id": key, "kind": kind, "body": body, "due_at": due_at}
    session.execute(upsert(Outbox).values(row).on_conflict_do_nothing())
    has_news(session)


def live(session: Session, organization_id: int, kind: str, body: Body, *, person_id: UUID | None = None) -> None:
    """One piece of news, about a person or about none."""
    live_all(session, organization_id, [(kind, person_id, body)])


def live_all(session: Session, organization_id: int, news: Sequence[News]) -> None:
    """Many pieces of news in one statement."""
    if news:
        session.execute(insert(LiveEvent), [{"organization_id": organization_id, **row} for row in map(_news, news)])
        has_news(session)


def publish_hot(connection: "psycopg.Connection[Any]", organization_id: int, work: Sequence[Work]) -> None:
    """The same on the hot path: one statement for each kind, no answer waited for."""
    for kind in dict.fromkeys(kind for kind, _, _ in work):
        conditions = _HEARD.get(kind)
        heard = f" WHERE {' OR '.join(sorted(conditions))}" if conditions else ""
        rows = [
            {"id": str(uuid7()), "kind": kind, "body": body, "due_at": due_at.isoformat()} for named, body, due_at in work if named == kind
        ]
        connection.execute(OUTBOX_INSERT + heard, {"organization_id": organization_id, "work": Jsonb(rows)})
        has_news(connection)


def live_hot(connection: "psycopg.Connection[Any]", organization_id: int, news: Sequence[News]) -> None:
    """The same on the hot path."""
    if news:
        rows = [{**row, "person_id": row["person_id"] and str(row["person_id"])} for row in map(_news, news)]
        connection.execute(LIVE_INSERT, {"organization_id": organization_id, "news": Jsonb(rows)})
        has_news(connection)


def _news(news: News) -> dict[str, Any]:
    kind, person_id, body = news
    action_of(kind)
    return {"kind": kind, "person_id": person_id, "body": body}
