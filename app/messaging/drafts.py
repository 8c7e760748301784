"""What messages and alerts have in common while they are written: an id that stays theirs, and where their words come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import Conflict, Invalid
from app.messaging import templates
from app.messaging.models import Message
from app.messaging.texts import Texts, require_texts
from app.ports import Deps


@dataclass(frozen=True, slots=True)
class FromTemplate:
    """A template, and what goes into its fields."""

    id: UUID
    fields: Mapping[str, str]


def known(session: Session, actor: Actor, message_id: UUID, kind: Literal["message", "alert"]) -> Message | None:
    """What this member made under this id before. Whoever comes second with the same id waits for the first. Raises `Conflict`."""
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:id, :organization_id))"),
        {"id": str(message_id), "organization_id": actor.tenant},
    )
    found = session.get(Message, (actor.tenant, message_id))
    if found is not None and (found.kind != kind or found.sender_id != actor.person_id):
        raise Conflict("Something else has this id already. Choose a fresh one.")
    return found


def words(session: Session, actor: Actor, texts: Texts, template: FromTemplate | None, deps: Deps) -> tuple[Texts, UUID | None]:
    """What is said, and the version of the template it is made from. Raises `NotFound`, `Conflict` (retired), `Invalid`."""
    version_id = None
    if template is not None:
        texts, version_id = templates.filled(session, actor.tenant, template.id, template.fields, deps)
    if not texts:
        raise Invalid.of("texts", "The message says nothing", "Write it in at least one language, or choose a template.")
    require_texts(texts)
    return texts, version_id
