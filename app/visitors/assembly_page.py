"""The page behind the poster at an assembly point: one question, one answer. No login, no script; in the language of the phone.

Whoever has the poster's link may use it, so there is nothing to forge; opening it changes nothing.
"""

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from app.visitors.assembly import Point

STYLE: Final = """
:root { color-scheme: light dark; font: 1.125rem/1.5 system-ui, sans-serif; }
body { max-width: 34rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0; }
form { display: grid; gap: .75rem; margin: 1.5rem 0; }
label { font-weight: 600; }
input, button { font: inherit; min-height: 3.25rem; padding: .5rem .75rem; border-radius: .5rem; border: 2px solid currentColor; }
button { font-weight: 700; background: #146c2e; color: #fff; border-color: #146c2e; cursor: pointer; }
input:focus-visible, button:focus-visible { outline: 3px solid #1a73e8; outline-offset: 2px; }
.safe { font-weight: 700; font-size: 1.25rem; }
"""
_WORDS: Final = {
    "nl": {
        "title": "Verzamelplaats",
        "ask": "Wie ben je?",
        "who": "Je hele naam, of de zes cijfers van je bezoek",
        "button": "Ik ben veilig",
        "thanks": "Dank je. Er is genoteerd dat je veilig bent.",
        "stay": "Blijf bij de verzamelplaats en ga niet terug naar binnen. Is er nog iemand bij je zonder telefoon? Vul dan ook die naam in.",
        "none": "Er is hier nu geen appel. Is er toch iets aan de hand? Zeg het tegen een hulpverlener.",
        "code": "Deze zes cijfers horen bij niemand die hier nu is. Vul je hele naam in.",
        "wait": "Er is te vaak geprobeerd. Vul je hele naam in, of wacht een halve minuut.",
        "full": "Hier hebben zich heel veel namen gemeld. Zeg ook zelf tegen een hulpverlener dat je veilig bent.",
        "empty": "Vul je naam in.",
        "old_title": "Deze poster geldt niet meer",
        "old": "Zeg tegen een hulpverlener dat je veilig bent.",
    },
    "en": {
        "title": "Assembly point",
        "ask": "Who are you?",
        "who": "Your full name, or the six digits of your visit",
        "button": "I am safe",
        "thanks": "Thank you. It was noted that you are safe.",
        "stay": "Stay at the assembly point and do not go back inside. Is somebody without a phone with you? Then fill in their name as well.",
        "none": "There is no roll call here now. Is something wrong all the same? Tell a responder.",
        "code": "These six digits are nobody's who is here now. Fill in your full name.",
        "wait": "There were too many attempts. Fill in your full name, or wait half a minute.",
        "full": "Very many names were filled in here. Please also tell a responder yourself that you are safe.",
        "empty": "Fill in your name.",
        "old_title": "This poster counts no longer",
        "old": "Tell a responder that you are safe.",
    },
}


def page(point: Point, locale: str, said: str | None = None) -> str:
    """Where this is, and the question. `said`: thanks, code, full, wait or empty, after an answer."""
    words = _WORDS[locale]
    parts = [Markup("<p>{} · {}</p>").format(point.organization, point.site), _h1(words["title"])]
    if not point.is_open:
        return _page(locale, words["title"], [*parts, _p(words["none"])])
    if said == "thanks":
        parts += [Markup('<p class="safe" role="status">{}</p>').format(words["thanks"]), _p(words["stay"])]
    elif said is not None:
        parts.append(Markup('<p role="alert">{}</p>').format(words[said]))
    return _page(locale, words["title"], [*parts, Markup("<h2>{}</h2>").format(words["ask"]), _form(words)])


def old_page() -> str:
    """For a poster that counts no longer, and every link that is none of ours: in both languages."""
    both = [(_h1(words["old_title"]), _p(words["old"])) for words in _WORDS.values()]
    return _page("nl", _WORDS["nl"]["old_title"], [part for parts in both for part in parts])


def _form(words: dict[str, str]) -> Markup:
    return Markup(
        '<form method="post"><label for="who">{}</label>'
        '<input id="who" name="who" required maxlength="200" autocomplete="name"><button>{}</button></form>'
    ).format(words["who"], words["button"])


def _page(locale: str, title: str, parts: Sequence[Markup]) -> str:
    head = Markup(
        '<!doctype html><html lang="{}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        '<meta name="robots" content="noindex"><title>{}</title><link rel="stylesheet" href="/assembly.css"><main>'
    ).format(locale, title)
    return head + Markup().join(parts) + Markup("</main></html>")


def _h1(text: str) -> Markup:
    return Markup("<h1>{}</h1>").format(text)


def _p(text: str) -> Markup:
    return Markup("<p>{}</p>").format(text)
