"""The organization's choices for messages and alerts."""

from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.core.escalation import parse
from app.core.fault import Fault
from app.errors import Invalid
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


def read(session: Session, organization_id: int, *, lock: bool = False) -> Choices:
    """What was chosen, or what holds when nothing was. `lock`: nobody else changes it meanwhile."""
    if lock:
        accounts.get_organization(session, organization_id, lock=True)
    found = session.scalars(select(MessagingSettings).where(MessagingSettings.organization_id == organization_id)).one_or_none()
    if found is None:
        return Choices()
    return Choices(tuple(found.channels), found.sender_name, found.approval, found.countdown_s, found.plan, found.content_days)


def write(session: Session, organization_id: int, chosen: Choices) -> None:
    """Replace what was chosen. Raises `Invalid` for a plan that cannot be followed."""
    if chosen.plan:
        try:
            parse(chosen.plan, chosen.channels)
        except Fault as fault:
            raise Invalid.of(fault.field("plan"), fault.message, fault.next_step) from None
    row = {**asdict(chosen), "channels": list(chosen.channels)}
    made = insert(MessagingSettings).values(organization_id=organization_id, **row)
    session.execute(made.on_conflict_do_update(index_elements=["organization_id"], set_=row))
    session.expire_all()
