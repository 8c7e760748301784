"""What recipients answer: by the app, by the link, by SMS.

1. Everything that was said is kept; the latest (as the person's own clock says, but never in the future) is the one that counts.
2. An answer stops the escalation for the one who gave it, also after the alert is over: it says how somebody is.
3. When the answers that an alert asks for are enough, or no longer are, its sender is told: once each time.
4. A text message counts for what that number was asked last. STOP ends ordinary messages. What means nothing we know waits in the inbox for a
   person; what comes from nobody's number too, with the number sealed. Nothing is ever sent back, so no machine can keep us talking; what a
   machine repeats is kept as read.
Locks: the message first, then its recipient, as everywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.core import escalation
from app.core.reply import REPLIES, loops, understand
from app.errors import Conflict, NotFound
from app.messaging import alert_rows, alert_views, notices, preferences, replied
from app.messaging.links import reply_hash
from app.messaging.models import Message, Recipient, Reply
from app.messaging.tally import tell_soon
from app.ports import Deps

ASKED_WITHIN: Final = timedelta(days=7)
"""A text message answers nothing older."""
LOOKED_BACK: Final = timedelta(minutes=15)
ABOUT_TEXT: Final = b"reply.sealed_text"
ABOUT_SENDER: Final = b"reply.sealed_sender"
MAX_TEXT: Final = 1_000
_NOBODY: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Inbound:
    """A text message from a telephone. `sender` is E.164, or what the provider calls it."""

    sender: str = field(repr=False)
    text: str = field(repr=False)
    at: datetime


def reply(  # noqa: PLR0913, PLR0917 (who says what, how, when)
    session: Session,
    organization_id: int,
    recipient: Recipient,
    reply: str,
    text: str | None,
    channel: str,
    said_at: datetime,
    now: datetime,
    deps: Deps,
) -> Reply:
    """Record an answer (of `core.reply.REPLIES`) of a recipient. The same answer sent again is the same. Raises `Conflict` when none is asked."""
    message = session.get_one(Message, (organization_id, recipient.message_id))
    if not message.asks_reply:
        raise Conflict("This message asks for no answer.")
    quorum = escalation.parse(message.plan).quorum if message.kind == "alert" and message.plan.get("quorum") else None
    if quorum is not None:
        session.refresh(message, with_for_update=True)
    session.refresh(recipient, with_for_update=True)
    said = Reply(
        organization_id=organization_id,
        message_id=message.id,
        recipient_id=recipient.id,
        person_id=recipient.person_id,
        kind=reply,
        channel=channel,
        sealed_text=_sealed(session, organization_id, text, ABOUT_TEXT, deps),
        said_at=min(max(said_at, message.active_at or message.created_at), now),
    )
    known = alert_rows.same_reply(session, organization_id, said)
    if known is not None:
        return known
    session.add(said)
    before = recipient.reply
    if recipient.replied_at is None or said.said_at >= recipient.replied_at:
        recipient.reply, recipient.replied_at = reply, said.said_at
    session.flush()
    if quorum is not None and message.stage == "active" and before != recipient.reply:
        _judge_quorum(session, message, quorum, (before, recipient.reply), now, deps)
    tell_soon(session, organization_id, message.id, now)
    if message.kind == "alert":
        replied.tell(session, organization_id, said, recipient, now)
    return said


def stage_of(session: Session, said: Reply) -> str:
    """How that stands which was answered."""
    return session.get_one(Message, (said.organization_id, said.message_id)).stage


def own(session: Session, organization_id: int, message_id: UUID, person_id: UUID) -> Recipient:
    """Somebody's own part of a message. Raises `NotFound` when they have none."""
    found = alert_rows.recipient_of_person(session, organization_id, message_id, person_id)
    if found is None:
        raise NotFound
    return found


def by_link(session: Session, organization_id: int, token: str) -> Recipient | None:
    """Whose reply link this is; nobody's once they have left the organization."""
    found = alert_rows.recipient_of_hash(session, organization_id, reply_hash(token))
    if found is None or found.person_id is None:
        return found
    return found if accounts.still_here(session, organization_id, [found.person_id]) else None


def inbound(session: Session, organization_id: int, said: Inbound, now: datetime, deps: Deps) -> Reply:
    """Record a text message that came in, and let it count for what it means."""
    people = accounts.people_of_telephone(session, organization_id, said.sender)
    meaning = understand(said.text)
    recipient = _asked(session, organization_id, people, said.sender, now) if meaning in REPLIES else None
    if recipient is not None and meaning is not None:
        return reply(session, organization_id, recipient, meaning, said.text, "sms", said.at, now, deps)
    if meaning == "stop":
        for person_id in people:
            preferences.opt_out(session, organization_id, person_id, "stop", now)
    if meaning == "start":
        for person_id in people:
            preferences.opt_in(session, organization_id, person_id)
    kind = "unknown" if not people else meaning if meaning in {"stop", "start"} else "text"
    machine = loops(said.text, said.at, _earlier(session, organization_id, people, said, deps))
    kept = Reply(
        organization_id=organization_id,
        person_id=people[0] if people else None,
        kind=kind,
        channel="sms",
        sealed_text=_sealed(session, organization_id, said.text, ABOUT_TEXT, deps),
        sealed_sender=None if people else _sealed(session, organization_id, said.sender, ABOUT_SENDER, deps),
        said_at=min(said.at, now),
        read_at=now if machine or kind in {"stop", "start"} else None,
    )
    session.add(kept)
    session.flush()
    return kept


def _asked(session: Session, organization_id: int, people: Sequence[UUID], number: str, now: datetime) -> Recipient | None:
    """What this number was asked last, as one of the people or as a guest."""
    since = now - ASKED_WITHIN
    own = alert_rows.last_asked(session, organization_id, people, since) if people else None
    guest = alert_rows.guest_asked(session, organization_id, number, since)
    return max((one for one in (own, guest) if one is not None), key=lambda one: one.created_at, default=None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the inbox: of one message; only from nobody's number; older than `before`."""

    message_id: UUID | None = None
    unmatched: bool = False
    before: tuple[datetime, UUID] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of the inbox, opened."""

    reply: Reply
    name: str | None
    text: str | None = field(repr=False)
    sender: str | None = field(repr=False)


def inbox(session: Session, organization_id: int, wanted: Wanted, deps: Deps) -> list[Shown]:
    """What came in, the newest first."""
    query = select(Reply).where(Reply.organization_id == organization_id)
    if wanted.message_id is not None:
        query = query.where(Reply.message_id == wanted.message_id)
    if wanted.unmatched:
        query = query.where(Reply.message_id.is_(None))
    if wanted.before is not None:
        query = query.where(tuple_(Reply.said_at, Reply.id) < wanted.before)
    rows = session.scalars(query.order_by(Reply.said_at.desc(), Reply.id.desc()).limit(wanted.limit)).all()
    names = accounts.names_of(session, organization_id, [row.person_id for row in rows if row.person_id])
    found = select(Recipient).where(Recipient.organization_id == organization_id, Recipient.guest_id.is_not(None))
    guests = session.scalars(
        found.where(Recipient.id.in_([row.recipient_id for row in rows if row.recipient_id and not row.person_id]))
    ).all()
    named = alert_views.names_of(session, organization_id, guests, deps)
    return [
        _shown(session, organization_id, row, names.get(row.person_id) if row.person_id else named.get(row.recipient_id or _NOBODY), deps)
        for row in rows
    ]


def mark_read(session: Session, organization_id: int, reply_id: UUID, now: datetime) -> None:
    """Somebody looked after it. Raises `NotFound`."""
    found = session.get(Reply, (organization_id, reply_id), with_for_update=True)
    if found is None:
        raise NotFound
    found.read_at = found.read_at or now
    session.flush()


def _shown(session: Session, organization_id: int, row: Reply, name: str | None, deps: Deps) -> Shown:
    text = _opened(session, organization_id, row.sealed_text, ABOUT_TEXT, deps)
    return Shown(row, name, text, _opened(session, organization_id, row.sealed_sender, ABOUT_SENDER, deps))


def _judge_quorum(  # noqa: PLR0913, PLR0917 (of what, what changed)
    session: Session, message: Message, quorum: escalation.Quorum, change: tuple[str | None, str | None], now: datetime, deps: Deps
) -> None:
    """Called under the message's lock after one answer changed, so each border is crossed by one answer alone."""
    if quorum.reply not in change:
        return
    count = alert_rows.answered(session, message.organization_id, message.id, quorum.reply)
    gained = change[1] == quorum.reply
    if count == (quorum.count if gained else quorum.count - 1):
        said = notices.texts("quorum_reached" if gained else "quorum_lost", count=count, wanted=quorum.count, reply=quorum.reply)
        notices.notify_sender(session, message, said, now, deps)


def _earlier(session: Session, organization_id: int, people: Sequence[UUID], said: Inbound, deps: Deps) -> list[tuple[datetime, str]]:
    query = select(Reply).where(Reply.organization_id == organization_id, Reply.said_at > said.at - LOOKED_BACK, Reply.channel == "sms")
    mine = query.where(Reply.person_id.in_(people) if people else Reply.person_id.is_(None)).order_by(Reply.said_at.desc()).limit(50)
    shown = [_shown(session, organization_id, row, None, deps) for row in session.scalars(mine)]
    return [(one.reply.said_at, one.text or "") for one in shown if people or one.sender == said.sender]


def _sealed(session: Session, organization_id: int, text: str | None, about: bytes, deps: Deps) -> bytes | None:
    return None if text is None else deps.keyring.seal(session, organization_id, text[:MAX_TEXT].encode(), about)


def _opened(session: Session, organization_id: int, sealed: bytes | None, about: bytes, deps: Deps) -> str | None:
    return None if sealed is None else deps.keyring.open(session, organization_id, sealed, about).decode()
