"""An exercise says so in every text, whoever reads only a part of it."""

from typing import Final

from app.messaging.texts import Text, Texts

WORDS: Final = {
    "exercise": {"nl": "OEFENING", "en": "EXERCISE"},
    "test": {"nl": "TEST", "en": "TEST"},
}


def marked(texts: Texts, exercise: str) -> dict[str, Text]:
    """The texts, beginning with what kind of exercise they are for; those of an actual alert as they are."""
    if exercise == "actual":
        return dict(texts)
    return {locale: _marked(text, WORDS[exercise][locale]) for locale, text in texts.items()}


def _marked(text: Text, word: str) -> Text:
    """Once: before the subject, with which a text message begins as well, or else before the words themselves."""
    front = f"{word}: "
    if (text.subject or text.body).startswith(front):
        return text
    return Text(front + text.subject, text.body) if text.subject else Text("", front + text.body)
