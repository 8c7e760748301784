"""The demo's window on the world: what arrived at its stand-ins for push, SMS and e-mail. No login and no script; elsewhere it does not exist."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from flask import Response, request
from markupsafe import Markup

from app.errors import NotFound
from app.ports import Arrived
from app.web.route import RawCall, Routes

routes = Routes("outbox_preview")
ZONE: Final = ZoneInfo("Europe/Amsterdam")
"""Of the demo's organizations."""
AGAIN_S: Final = "4"
CHANNELS: Final = ("push", "sms", "email")
FORM: Final = "application/x-www-form-urlencoded"
MAX_FORM: Final = 1_000
STYLE: Final = """
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 90rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.125rem; } h3 { font-size: 1rem; margin: 0; }
nav a { margin-right: 1rem; }
main { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); }
article { border: 1px solid #8886; border-radius: .5rem; padding: .75rem; margin: 0 0 .75rem; }
button { font: inherit; min-height: 2.75rem; margin: .25rem .25rem .25rem 0; padding: 0 .75rem; }
article p { margin: .25rem 0; white-space: pre-line; } small { opacity: .8; }
"""
WORDS: Final = {
    "nl": {
        "title": "Wat er aankwam",
        "intro": "De demo verstuurt niets naar buiten, behalve meldingen naar een browser waarin je dat zelf toestaat. Het nieuwste staat boven; ververst zichzelf.",
        "push": "Meldingen",
        "sms": "Sms",
        "email": "E-mail",
        "none": "Nog niets.",
        "to": "aan",
        "from": "van",
        "open": "Open de link",
        "answers": "JA HULP ONDERWEG STOP",
    },
    "en": {
        "title": "What arrived",
        "intro": "The demo sends nothing outside, but push messages to a browser where you allow them yourself. The newest come first; the page refreshes itself.",
        "push": "Push messages",
        "sms": "Text messages",
        "email": "E-mail",
        "none": "Nothing yet.",
        "to": "to",
        "from": "from",
        "open": "Open the link",
        "answers": "YES HELP COMING STOP",
    },
}
NAMES: Final = {"nl": "Nederlands", "en": "English"}


@routes.get("/outbox-preview", action="service.read", transaction="own", produces=("text/html",), problems=(NotFound,))
def outbox_preview(call: RawCall) -> Response:
    """What arrived at the demo's stand-ins. Only in the demo."""
    if call.deps.arrivals is None:
        raise NotFound
    asked = request.args.get("locale") or request.accept_languages.best_match(list(WORDS)) or "nl"
    page = html(call.deps.arrivals.recent(), asked if asked in WORDS else "nl")
    headers = {"Refresh": AGAIN_S, "Cache-Control": "no-store", "Vary": "Accept-Language"}
    return Response(page, headers=headers, content_type="text/html; charset=utf-8")


@routes.post("/outbox-preview", action="demo.answer", transaction="own", consumes=(FORM,), max_body_bytes=MAX_FORM, problems=(NotFound,))
def answer_in_demo(call: RawCall, body: bytes) -> Response:
    """Answer a text message, as its phone would. Only in the demo."""
    if call.deps.arrivals is None:
        raise NotFound
    said = parse_qs(body.decode("ascii", "replace"), max_num_fields=3)
    number, text, locale = (said.get(name, [""])[0] for name in ("number", "text", "locale"))
    if number and text in {answer for words in WORDS.values() for answer in words["answers"].split()}:
        call.deps.arrivals.answer(number, text)
    return Response(status=303, headers={"Location": f"outbox-preview?locale={locale if locale in WORDS else 'nl'}"})


@routes.get("/outbox-preview.css", action="service.read", transaction="own", produces=("text/css",), problems=(NotFound,))
def outbox_style(call: RawCall) -> Response:
    """The style sheet of the page."""
    if call.deps.arrivals is None:
        raise NotFound
    return Response(STYLE, content_type="text/css; charset=utf-8")


def html(arrived: Sequence[Arrived], locale: str) -> str:
    """The whole page. Every value is escaped by Markup."""
    words = WORDS[locale]
    head = Markup(
        '<!doctype html><html lang="{}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{}</title>'
        '<link rel="stylesheet" href="outbox-preview.css"><header><h1>{}</h1><p>{}</p>'
    ).format(locale, words["title"], words["title"], words["intro"])
    links = Markup().join(Markup('<a href="?locale={}" lang="{}">{}</a>').format(other, other, name) for other, name in NAMES.items())
    columns = Markup().join(_column(channel, [one for one in arrived if one.channel == channel], locale) for channel in CHANNELS)
    return head + Markup("<nav>{}</nav></header><main>{}</main></html>").format(links, columns)


def _column(channel: str, arrived: Sequence[Arrived], locale: str) -> Markup:
    words = WORDS[locale]
    shown = Markup().join(_article(one, locale) for one in arrived) or Markup("<p>{}</p>").format(words["none"])
    return Markup("<section><h2>{} ({})</h2>{}</section>").format(words[channel], len(arrived), shown)


def _article(one: Arrived, locale: str) -> Markup:
    words = WORDS[locale]
    link = one.link if one.link and one.link.startswith(("https://", "http://")) else None
    opened = Markup('<p><a href="{}">{}</a></p>').format(link, words["open"]) if link else Markup()
    title = Markup("<h3>{}</h3>").format(one.title) if one.title else Markup()
    about = f"{words['to']} {one.recipient}" + (f", {words['from']} {one.sender}" if one.sender else "")
    at = Markup('<time datetime="{}">{}</time>').format(one.at.isoformat(), _clock(one.at))
    form = _answers(one.recipient, locale) if one.channel == "sms" else Markup()
    return Markup("<article>{}<p>{}</p>{}<small>{} {}</small>{}</article>").format(title, one.text, opened, at, about, form)


def _answers(number: str, locale: str) -> Markup:
    """What the phone may answer. Buttons alone: the page refreshes itself, so what somebody typed would be lost."""
    buttons = Markup().join(
        Markup('<button name="text" value="{}">{}</button>').format(text, text) for text in WORDS[locale]["answers"].split()
    )
    hidden = Markup('<input type="hidden" name="number" value="{}"><input type="hidden" name="locale" value="{}">').format(number, locale)
    return Markup('<form method="post" action="outbox-preview">{}{}</form>').format(hidden, buttons)


def _clock(at: datetime) -> str:
    return at.astimezone(ZONE).strftime("%H:%M:%S")
