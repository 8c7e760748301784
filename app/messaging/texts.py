"""What a message says, in the languages it was written in; sealed before it reaches the database, opened when it is shown or handed over."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Final

from sqlalchemy.orm import Session

from app.errors import Invalid
from app.messaging.models import Message, MessageUpdate, TemplateVersion
from app.ports import Deps, Keyring

LOCALES: Final = ("nl", "en")
MAX_SUBJECT: Final = 200
MAX_BODY: Final = 4_000
"""Characters. A text message of this length would be 26 parts."""


@dataclass(frozen=True, slots=True)
class Text:
    """One language's words. The subject is shown by e-mail and push; a text message begins with it when there is one."""

    subject: str = field(repr=False)
    body: str = field(repr=False)
    calendar: str | None = field(default=None, repr=False)
    """An iCalendar object, and what a QR code holds: with e-mail."""
    qr: str | None = field(default=None, repr=False)
    link: str | None = field(default=None, repr=False)
    """Where to answer, when not by a reply link; and what a text message says instead of all this."""
    short: str | None = field(default=None, repr=False)


Texts = Mapping[str, Text]
"""Locale -> words."""


def seal_texts(
    session: Session, organization_id: int, texts: Texts, about: type[Message | MessageUpdate | TemplateVersion], keyring: Keyring
) -> bytes:
    """For a `sealed_texts` column of this model."""
    said = {locale: {name: value for name, value in asdict(text).items() if value is not None} for locale, text in texts.items()}
    plain = json.dumps(said, ensure_ascii=False).encode()
    return keyring.seal(session, organization_id, plain, _about(about))


def open_texts(session: Session, organization_id: int, holder: Message | MessageUpdate | TemplateVersion, deps: Deps) -> dict[str, Text]:
    """The words; empty when they were deleted at the end of their term. Raises `Unreadable`."""
    if holder.sealed_texts is None:
        return {}
    plain = deps.keyring.open(session, organization_id, holder.sealed_texts, _about(type(holder)))
    return {locale: Text(**words) for locale, words in json.loads(plain).items()}


def in_locale(texts: Texts, wanted: str, fallback: str) -> Text:
    """The words for somebody: in their language, else in the organization's, else in the one there is. `LookupError` when there are none."""
    locale = next((each for each in (wanted, fallback, *LOCALES) if each in texts), None)
    if locale is None:
        raise LookupError("the words of this message were deleted")
    return texts[locale]


def require_texts(texts: Texts) -> None:
    """Something must be said in every language that is there. Raises `Invalid`."""
    for locale, text in texts.items():
        if not text.body:
            raise Invalid.of(f"texts.{locale}.body", "There are no words in this language", "Write them, or leave the language out.")


def as_sms(text: Text, reply_url: str | None = None) -> str:
    """What a phone shows: the subject, the words, and where to answer. The preview counts exactly this."""
    said = (text.short,) if text.short else (text.subject, text.body)
    return "\n".join(part for part in (*said, reply_url) if part)


def _about(model: type[Message | MessageUpdate | TemplateVersion]) -> bytes:
    return f"{model.__tablename__}.sealed_texts".encode()
