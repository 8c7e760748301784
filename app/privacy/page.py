"""The privacy statement as a page: the little Markdown our texts use (headings, paragraphs, lists), escaped, and the table of terms."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from markupsafe import Markup

from app.privacy.texts import LOCALES, PublishedText

STYLE: Final = """
:root { color-scheme: light dark; font: 1rem/1.6 system-ui, sans-serif; }
body { max-width: 44rem; margin: 0 auto; padding: 1rem; }
h1 { line-height: 1.2; } h2 { margin-top: 2rem; font-size: 1.2rem; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; vertical-align: top; padding: .4rem 1rem .4rem 0; border-top: 1px solid #8886; }
nav a { margin-right: 1rem; }
"""
_WORDS: Final = {
    "nl": {
        "title": "Privacyverklaring",
        "terms": "Bewaartermijnen",
        "what": "Wat",
        "long": "Hoe lang",
        "older": "Andere versies",
        "version": "Versie",
    },
    "en": {
        "title": "Privacy statement",
        "terms": "How long we keep what",
        "what": "What",
        "long": "How long",
        "older": "Other versions",
        "version": "Version",
    },
}
_LANGUAGES: Final = {"nl": "Nederlands", "en": "English"}


def html(shown: PublishedText, others: Sequence[PublishedText], terms: Sequence[tuple[str, str]]) -> str:
    """The whole page; the date stands first."""
    words = _WORDS[shown.locale]
    head = Markup(
        '<!doctype html><html lang="{}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{}</title>'
        '<link rel="stylesheet" href="privacy.css"><main>'
    ).format(shown.locale, words["title"])
    rows = Markup().join(Markup("<tr><td>{}<td>{}").format(*row) for row in terms)
    table = Markup("<h2>{}</h2><table><tr><th>{}<th>{}{}</table>").format(words["terms"], words["what"], words["long"], rows)
    versions = Markup("<p><small>{} {} &middot; SHA-256 <code>{}</code></small></p>").format(words["version"], shown.version, shown.sha256)
    return head + Markup().join(_blocks(shown.text)) + table + versions + _links(shown.locale, others) + Markup("</main></html>")


def _links(locale: str, others: Sequence[PublishedText]) -> Markup:
    languages = Markup().join(
        Markup('<a href="?locale={}" lang="{}" hreflang="{}">{}</a>').format(other, other, other, _LANGUAGES[other])
        for other in LOCALES
        if other != locale
    )
    older = Markup().join(
        Markup('<li><a href="?locale={}&amp;version={}">{} ({})</a>').format(locale, text.version, text.version, text.changed_on)
        for text in others
    )
    return Markup("<nav>{}</nav>").format(languages) + (
        Markup("<h2>{}</h2><ul>{}</ul>").format(_WORDS[locale]["older"], older) if older else Markup()
    )


def _blocks(text: str) -> Iterator[Markup]:
    for block in re.split(r"\n{2,}", text.strip()):
        if block.startswith("- "):
            yield Markup("<ul>{}</ul>").format(
                Markup().join(Markup("<li>{}").format(line.removeprefix("- ")) for line in block.splitlines())
            )
        elif heading := re.match(r"(#{1,2}) (.*)", block):
            yield Markup("<h{0}>{1}</h{0}>").format(len(heading[1]), heading[2])
        else:
            yield Markup("<p>{}</p>").format(block)
