"""The two pages that somebody opens from a message: to answer, and to stop ordinary messages. No login, no script, one form.

A link is opened by mail scanners too, so opening it changes nothing: only the button (a POST) does. The token itself proves that the form is meant:
whoever has it could answer anyway, so there is nothing to forge. Unknown, malformed and foreign tokens get one and the same page.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

from app.core.reply import REPLIES
from app.messaging.alert_views import Mine
from app.messaging.marks import WORDS as MARKS

STYLE: Final = """
:root { color-scheme: light dark; font: 1.0625rem/1.5 system-ui, sans-serif; }
body { max-width: 34rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.375rem; line-height: 1.25; margin: .5rem 0; }
p { margin: .75rem 0; white-space: pre-line; }
form { display: grid; gap: .75rem; margin: 1.5rem 0; }
button { font: inherit; font-weight: 600; min-height: 3.25rem; padding: .5rem 1rem; cursor: pointer; }
button { border-radius: .5rem; border: 2px solid currentColor; background: none; color: inherit; }
button.need_help { border-color: #c5221f; color: light-dark(#b3140f, #ff8a80); }
button:focus-visible { outline: 3px solid #1a73e8; outline-offset: 2px; }
.mark { font-weight: 700; } .said { font-weight: 600; } .note { opacity: .8; font-size: .9375rem; }
section { border-top: 1px solid #8886; margin-top: 1rem; }
"""
_WORDS: Final = {
    "nl": {
        "safe": "Ik ben veilig",
        "need_help": "Ik heb hulp nodig",
        "on_my_way": "Ik ben onderweg",
        "ask": "Wat is je antwoord?",
        "said": "Je antwoord van {at}: {reply}.",
        "thanks": "Dank je. Je antwoord is vastgelegd.",
        "again": "Is er iets veranderd? Geef dan een ander antwoord; het laatste telt.",
        "over": "Dit alarm is voorbij. Je kunt nog antwoorden: dan weten ze hoe het met je is.",
        "update": "Later gemeld",
        "all_clear": "Einde alarm",
        "cancel": "Ingetrokken",
        "gone": "De tekst van dit bericht is niet meer te lezen.",
        "exercise": "Dit is een oefening.",
        "test": "Dit is een test.",
        "leave_title": "Geen berichten meer",
        "leave": "Wil je geen gewone berichten meer van {organization}? Ernstige alarmen krijg je altijd.",
        "leave_button": "Stop gewone berichten",
        "left": "Je krijgt geen gewone berichten meer van {organization}. Ernstige alarmen krijg je nog wel. In de app kun je dit terugdraaien.",
        "nothing_title": "Deze link werkt niet",
        "nothing": "Kijk of je de hele link hebt, of open het bericht opnieuw.",
    },
    "en": {
        "safe": "I am safe",
        "need_help": "I need help",
        "on_my_way": "I am on my way",
        "ask": "What is your answer?",
        "said": "Your answer of {at}: {reply}.",
        "thanks": "Thank you. Your answer was recorded.",
        "again": "Has anything changed? Answer again; the last answer counts.",
        "over": "This alert is over. You can still answer: then they know how you are.",
        "update": "Said later",
        "all_clear": "All clear",
        "cancel": "Taken back",
        "gone": "The text of this message can no longer be read.",
        "exercise": "This is an exercise.",
        "test": "This is a test.",
        "leave_title": "No more messages",
        "leave": "Do you want no more ordinary messages from {organization}? Severe alerts always come.",
        "leave_button": "Stop ordinary messages",
        "left": "You get no more ordinary messages from {organization}. Severe alerts still come. You can undo this in the app.",
        "nothing_title": "This link does not work",
        "nothing": "Check that you have the whole link, or open the message again.",
    },
}
_OVER: Final = frozenset({"ended", "cancelled", "expired"})


def reply_page(shown: Mine, locale: str, zone: str, *, thanks: bool = False) -> str:
    """What was said, and the three answers."""
    words, message, text = _WORDS[locale], shown.message, shown.text
    parts = [_h1(text.subject) if text and text.subject else Markup(""), _p(text.body if text else words["gone"])]
    if message.exercise in MARKS:
        parts.insert(0, Markup('<p class="mark">{}</p>').format(words[message.exercise]))
    parts += [
        Markup("<section><h2>{}</h2>{}{}</section>").format(words[kind], _h1(said.subject) if said.subject else "", _p(said.body))
        for kind, said, _ in shown.updates
    ]
    if message.kind == "alert" and message.stage in _OVER:
        parts.append(_p(words["over"]))
    parts += _answer(shown, words, zone, thanks=thanks)
    return _page(locale, text.subject if text and text.subject else words["ask"], parts)


def leave_page(organization: str, locale: str, *, left: bool) -> str:
    """Whether to stop ordinary messages; `left`: it is done."""
    words = _WORDS[locale]
    button = Markup('<form method="post"><button>{}</button></form>').format(words["leave_button"])
    said = words["left" if left else "leave"].format(organization=organization)
    return _page(locale, words["leave_title"], [_h1(words["leave_title"]), _p(said), Markup("") if left else button])


def nothing_page() -> str:
    """For every link that is none of ours, in both languages: nobody is known whose language it could be."""
    both = [(_h1(words["nothing_title"]), _p(words["nothing"])) for words in _WORDS.values()]
    return _page("nl", _WORDS["nl"]["nothing_title"], [part for parts in both for part in parts])


def _answer(shown: Mine, words: dict[str, str], zone: str, *, thanks: bool) -> list[Markup]:
    if not shown.message.asks_reply:
        return []
    reply, at = shown.recipient.reply, shown.recipient.replied_at
    parts = [Markup('<p role="status">{}</p>').format(words["thanks"])] if thanks else []
    if reply is not None and at is not None:
        said = words["said"].format(at=_local(at, zone), reply=words[reply])
        parts += [Markup('<p class="said">{}</p>').format(said), Markup('<p class="note">{}</p>').format(words["again"])]
    else:
        parts.append(Markup("<h2>{}</h2>").format(words["ask"]))
    buttons = Markup().join(Markup('<button name="reply" value="{0}" class="{0}">{1}</button>').format(one, words[one]) for one in REPLIES)
    return [*parts, Markup('<form method="post">{}</form>').format(buttons)]


def _page(locale: str, title: str, parts: Sequence[Markup]) -> str:
    head = Markup(
        '<!doctype html><html lang="{}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        '<meta name="robots" content="noindex"><title>{}</title><link rel="stylesheet" href="/reply.css"><main>'
    ).format(locale, title)
    return head + Markup().join(parts) + Markup("</main></html>")


def _h1(text: str) -> Markup:
    return Markup("<h1>{}</h1>").format(text)


def _p(text: str) -> Markup:
    return Markup("<p>{}</p>").format(text)


def _local(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%d-%m-%Y %H:%M}"
