"""The life of an alert: which stage may follow which, and what is said when one may not."""

from collections.abc import Mapping
from typing import Final

from app.errors import Conflict
from app.messaging.models import Message

ALLOWED: Final[Mapping[str, frozenset[str]]] = {
    "draft": frozenset({"approval", "countdown", "cancelled"}),
    "approval": frozenset({"countdown", "refused", "cancelled", "expired"}),
    "scheduled": frozenset({"ended", "cancelled"}),
    "countdown": frozenset({"active", "cancelled"}),
    "active": frozenset({"ended", "cancelled", "expired"}),
    "ended": frozenset(),
    "cancelled": frozenset(),
    "expired": frozenset(),
    "refused": frozenset(),
}
"""`scheduled` is for ordinary messages, which are over once they went out."""
BEFORE: Final = frozenset({"draft", "approval", "scheduled", "countdown"})
"""Nobody was told anything yet."""


def move(message: Message, to: str) -> None:
    """On to the next stage of a locked message. Raises `Conflict` that says how it stands."""
    if to not in ALLOWED[message.stage]:
        raise refused(message.stage)
    message.stage = to
    message.revision += 1


def refused(stage: str) -> Conflict:
    """Why this cannot be done to an alert that stands so."""
    match stage:
        case "draft":
            return Conflict("This is still a draft. Send it first.")
        case "approval":
            return Conflict("This waits for a second person. Let somebody else approve or refuse it.")
        case "scheduled" | "countdown":
            return Conflict("This is about to go out. Wait until it has, or cancel it.")
        case "active":
            return Conflict("This went out already. Send an update, the all clear, or a cancellation with words for those who have it.")
    return Conflict("This is over. Nothing more can be done to it; make a new one.")
