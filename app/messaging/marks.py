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
    return Text(_begun(text.subject, word) if text.subject else "", _begun(text.body, word))


def _begun(words: str, word: str) -> str:
    return words if words.startswith(f"{word}: ") else f"{word}: {words}"
