"""Writing an ordinary message: everything that can be wrong is said before anything is sent.

1. The id may be the sender's own: a second click, today or next year, is the same message and sends nothing again.
2. The words come from the body or from a template whose fields are all filled in. Whoever reads another language gets the organization's, else
   the one there is; so words in one language are enough, and none are refused.
3. Somebody must be meant now, and the target must exist. A message that is scheduled is resolved again when it goes.
4. Message and work (`messaging.activate`) are written in one transaction: when the answer is out, everything that must happen is in PostgreSQL.
5. A time is a moment, or (`in_their_zone`) what clocks show at each recipient's site: then work begins when the first of those clocks shows it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.service.sites import zones_of_sites
from app.actor import Actor
from app.core import target as core
from app.core.quiet import same_clock
from app.errors import Conflict, Invalid, NotFound
from app.messaging import drafts, preview, resolve, settings, stages
from app.messaging.activate import ACTIVATE
from app.messaging.drafts import FromTemplate
from app.messaging.marks import marked
from app.messaging.models import Message
from app.messaging.texts import Texts, seal_texts
from app.outbox.publish import publish
from app.ports import Deps

LATE_AT_MOST: Final = timedelta(minutes=1)
"""A time in the past by no more than this is now: clocks differ."""
AHEAD_AT_MOST: Final = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Draft:
    """A message as somebody wrote it. Either `texts` or `template`. `due_at` None: now. `channels` None: the organization's."""

    id: UUID
    target: Mapping[str, Any]
    texts: Texts = field(default_factory=dict)
    template: FromTemplate | None = None
    channels: Sequence[str] | None = None
    due_at: datetime | None = None
    in_their_zone: bool = False
    asks_reply: bool = False
    exercise: str = "actual"


@dataclass(frozen=True, slots=True)
class _Checked:
    texts: Texts
    version_id: UUID | None
    people: frozenset[UUID]
    channels: tuple[str, ...]
    asks_presence: bool


def create(session: Session, actor: Actor, draft: Draft, now: datetime, deps: Deps) -> Message:
    """Accept it; the message that this id made before, if it did. Raises `Invalid`, `NotFound`, `Conflict`, `PurposeMissing`."""
    known = drafts.known(session, actor, draft.id, "message")
    if known is not None:
        return known
    checked = _checked(session, actor, draft, now, deps)
    message = Message(
        organization_id=actor.tenant,
        id=draft.id,
        kind="message",
        exercise=draft.exercise,
        severity="minor",
        stage="scheduled",
        target=dict(draft.target),
        channels=list(checked.channels),
        sealed_texts=seal_texts(session, actor.tenant, marked(checked.texts, draft.exercise), Message, deps.keyring),
        template_version_id=checked.version_id,
        plan={},
        asks_reply=draft.asks_reply,
        late_entry=False,
        in_their_zone=draft.in_their_zone,
        sender_id=actor.person_id,
        due_at=draft.due_at or now,
        revision=1,
    )
    session.add(message)
    session.flush()
    publish(session, actor.tenant, ACTIVATE, {"message": str(message.id)}, due_at=_begins(session, message, now))
    session.refresh(message)
    return message


def to_self(actor: Actor, draft: Draft) -> Draft:
    """The same, now, for its sender alone, and marked as a test. Raises `NotFound` for a caller who is nobody's person."""
    if actor.person_id is None:
        raise NotFound
    return replace(draft, target={"people": [str(actor.person_id)]}, due_at=None, in_their_zone=False, exercise="test")


def look(session: Session, actor: Actor, draft: Draft, now: datetime, deps: Deps) -> preview.Preview:
    """What sending it would mean. Raises as `create`."""
    checked = _checked(session, actor, draft, now, deps)
    said = preview.Said(marked(checked.texts, draft.exercise), checked.channels, draft.asks_reply)
    found = preview.of_people(session, actor.tenant, checked.people, said, deps)
    return preview.nameless(found) if checked.asks_presence else found


def cancel(session: Session, organization_id: int, message_id: UUID, actor: Actor, now: datetime) -> Message:
    """Before it is due. Raises `NotFound`, `Conflict` when it went out already."""
    query = select(Message).where(Message.organization_id == organization_id, Message.id == message_id, Message.kind == "message")
    message = session.scalars(query.with_for_update()).one_or_none()
    if message is None:
        raise NotFound
    if message.stage != "scheduled":
        raise Conflict("This went out or was cancelled already. Look at it again.")
    stages.move(message, "cancelled")
    message.ended_at, message.ended_by = now, actor.person_id
    session.flush()
    return message


def _checked(session: Session, actor: Actor, draft: Draft, now: datetime, deps: Deps) -> _Checked:
    texts, version_id = drafts.words(session, actor, draft.texts, draft.template, deps)
    target = resolve.read(session, actor.tenant, draft.target, core.MESSAGE, "target")
    _require_time(draft, now)
    people = resolve.resolved(resolve.Asking(session, actor.tenant, now, deps), target).people
    if not people:
        raise Invalid.of("target", "Nobody is meant by this now", "Choose other groups, places or people.")
    channels = draft.channels or settings.read(session, actor.tenant).channels
    asks_presence = resolve.asks_presence(session, actor.tenant, target)
    return _Checked(texts, version_id, people, tuple(dict.fromkeys(channels)), asks_presence)


def _require_time(draft: Draft, now: datetime) -> None:
    if draft.due_at is None:
        if draft.in_their_zone:
            raise Invalid.of("due_at", "A message at everybody's own time needs one", "Choose a day and a time.")
        return
    if not now - LATE_AT_MOST <= draft.due_at <= now + AHEAD_AT_MOST:
        raise Invalid.of(
            "due_at", "The time has passed, or is more than 400 days away", "Choose a later time, or leave it out to send now."
        )


def _begins(session: Session, message: Message, now: datetime) -> datetime:
    """When the work must begin: for local times, when the first clock of the organization shows it; never in the past."""
    due_at = message.due_at or now
    if not message.in_their_zone:
        return max(now, due_at)
    own = accounts.get_organization(session, message.organization_id).timezone
    zones = {own, *zones_of_sites(session, message.organization_id).values()}
    return max(now, min(same_clock(due_at, own, zone) for zone in zones))
