"""The organization's choices for messages and alerts."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.messaging.models import MessagingSettings


@dataclass(frozen=True, slots=True)
class Choices:
    """How the organization sends. `plan`: a document of `core.escalation`, empty for the plan of the product. `content_days`: how long texts are kept."""

    channels: tuple[str, ...] = ("push", "sms", "email")
    sender_name: str | None = None
    approval: bool = False
    countdown_s: int = 10
    plan: dict[str, Any] = field(default_factory=dict)
    content_days: int = 90


def read(session: Session, organization_id: int) -> Choices:
    """What was chosen, or what holds when nothing was."""
    found = session.scalars(select(MessagingSettings).where(MessagingSettings.organization_id == organization_id)).one_or_none()
    if found is None:
        return Choices()
    return Choices(tuple(found.channels), found.sender_name, found.approval, found.countdown_s, found.plan, found.content_days)
