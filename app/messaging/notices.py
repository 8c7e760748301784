"""What the server itself must tell people: nobody sends it, so it is an ordinary message without a sender, on the same road as all others."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.db.types import uuid7
from app.messaging import settings
from app.messaging.activate import ACTIVATE
from app.messaging.models import Message
from app.messaging.texts import Text, Texts, seal_texts
from app.outbox.publish import publish
from app.ports import Deps

WORDS: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "quorum_reached": {
        "nl": ("Genoeg mensen", "Op je alarm hebben {count} mensen geantwoord: {reply}. Dat zijn er genoeg."),
        "en": ("Enough people", "{count} people have answered your alert: {reply}. That is enough."),
    },
    "quorum_lost": {
        "nl": ("Niet meer genoeg mensen", "Op je alarm zijn er nu nog {count} met het antwoord: {reply}. Je vroeg er {wanted}."),
        "en": ("No longer enough people", "{count} people now answer your alert with: {reply}. You asked for {wanted}."),
    },
    "silence": {
        "nl": (
            "Nog geen antwoord",
            "Van {people} bekende mensen hebben er {silent} niet geantwoord op je alarm. Open het alarm om te zien wie.",
        ),
        "en": ("No answer yet", "Of {people} known people, {silent} have not answered your alert. Open the alert to see who."),
    },
    "silence_group": {
        "nl": (
            "Nog geen antwoord",
            "Van {people} bekende mensen hebben er {silent} niet geantwoord op je alarm. De volgende groep krijgt het nu ook.",
        ),
        "en": ("No answer yet", "Of {people} known people, {silent} have not answered your alert. The next group gets it now too."),
    },
    "approval": {
        "nl": ("Een alarm wacht", "Een alarm wacht op een tweede persoon. Open Alarmen om het goed te keuren of te weigeren."),
        "en": ("An alert waits", "An alert waits for a second person. Open Alerts to approve or refuse it."),
    },
    "below": {
        "nl": ("Te weinig bezetting", "{rule}: er zijn er nu {present} zeker binnen, van de {wanted} die er moeten zijn."),
        "en": ("Too few people", "{rule}: {present} are inside for certain now, of the {wanted} that must be."),
    },
    "recovered": {
        "nl": ("Weer genoeg bezetting", "{rule}: er zijn er weer {present} binnen; {wanted} moeten het er zijn."),
        "en": ("Enough people again", "{rule}: {present} are inside again; {wanted} must be."),
    },
}
REPLIES: Final = {
    "nl": {"safe": "veilig", "need_help": "hulp nodig", "on_my_way": "onderweg"},
    "en": {"safe": "safe", "need_help": "need help", "on_my_way": "on my way"},
}


def texts(kind: str, **facts: str | int) -> Texts:
    """The words of a notice in every language. `reply` is put into words."""
    said = {}
    for locale, (subject, body) in WORDS[kind].items():
        given = facts | ({"reply": REPLIES[locale][str(facts["reply"])]} if "reply" in facts else {})
        said[locale] = Text(subject, body.format(**given))
    return said


def notify(session: Session, organization_id: int, target: Mapping[str, Any], said: Texts, now: datetime, deps: Deps) -> UUID:  # noqa: PLR0913, PLR0917
    """Send at once; the message's id."""
    message = Message(
        organization_id=organization_id,
        id=uuid7(),
        kind="message",
        exercise="actual",
        severity="severe",
        stage="scheduled",
        target=dict(target),
        channels=list(settings.read(session, organization_id).channels),
        plan={},
        sealed_texts=seal_texts(session, organization_id, said, Message, deps.keyring),
        asks_reply=False,
        late_entry=False,
        due_at=now,
    )
    session.add(message)
    session.flush()
    publish(session, organization_id, ACTIVATE, {"message": str(message.id)}, due_at=now)
    return message.id


def notify_sender(session: Session, message: Message, said: Texts, now: datetime, deps: Deps) -> None:
    """Tell whoever sent an alert how it goes."""
    if message.sender_id is not None:
        notify(session, message.organization_id, {"people": [str(message.sender_id)]}, said, now, deps)
