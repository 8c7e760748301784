"""The visitor's own page and the host's, as HTML: no login, no script, in the language of whom they are for.

A link is opened by mail scanners too, so opening it changes nothing: only the buttons (a POST) do. The token itself proves that a form is meant:
whoever has it could do the same anyway, so there is nothing to forge. Every link that is none of ours gets one and the same page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

import segno
from markupsafe import Markup

from app.core.visits import OPEN
from app.visitors.texts import moment

STYLE: Final = """
:root { color-scheme: light dark; background: Canvas; color: CanvasText; font: 1.0625rem/1.5 system-ui, sans-serif; }
body { max-width: 34rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.375rem; line-height: 1.25; margin: .5rem 0; }
h2 { font-size: 1.125rem; margin: 1.5rem 0 .5rem; }
p { margin: .5rem 0; white-space: pre-line; }
form { display: grid; gap: .75rem; margin: 1rem 0; }
label { display: grid; gap: .25rem; font-weight: 600; }
label small { font-weight: 400; opacity: .85; }
input, button { font: inherit; min-height: 3rem; padding: .5rem .75rem; border-radius: .5rem; border: 2px solid currentColor; }
input { background: Field; color: FieldText; }
button { font-weight: 600; cursor: pointer; background: none; color: inherit; }
button.erase { border-color: #c5221f; color: light-dark(#b3140f, #ff8a80); }
input:focus-visible, button:focus-visible, summary:focus-visible, a:focus-visible { outline: 3px solid #1a73e8; outline-offset: 2px; }
summary { cursor: pointer; min-height: 2.75rem; display: flex; align-items: center; font-weight: 600; }
a { display: inline-block; min-height: 2.75rem; line-height: 2.75rem; }
.qr { width: 11rem; padding: .5rem; background: #fff; border-radius: .5rem; } .qr svg { display: block; width: 100%; height: auto; }
.code { font-size: 1.75rem; font-weight: 700; letter-spacing: .15em; } .said { font-weight: 700; }
"""
WORDS: Final = {
    "nl": {
        "title": "Je bezoek aan {organization}",
        "hello": "Dag {name}.",
        "host": "Bij: {host}",
        "code": "Je zes cijfers:",
        "qr": "Je QR-code. Houd hem bij aankomst en vertrek voor de camera.",
        "directions": "Route",
        "rules": "Huisregels",
        "when": "{from_} tot {until}, {site}",
        "expected": "verwacht",
        "waiting": "je wacht op toegang",
        "on_site": "je bent aangemeld",
        "left_confirmed": "afgemeld",
        "left_assumed": "voorbij",
        "refused": "geen toegang",
        "cancelled": "gaat niet door",
        "visits": "Wanneer",
        "calendar": "Zet in je agenda",
        "leave": "Ik ben vertrokken",
        "data": "Je gegevens",
        "deletes": "Wij wissen je gegevens uiterlijk op {date}.",
        "name": "Naam",
        "company": "Bedrijf",
        "telephone": "Telefoonnummer",
        "email": "E-mailadres",
        "plate": "Kenteken",
        "photo": "Foto",
        "photo_kept": "Er is een foto van je bewaard.",
        "to_reach": "Om je te bereiken over je bezoek.",
        "goes": "Gewist op {date}.",
        "empty": "Maak een vak leeg om dat gegeven te laten wissen.",
        "save": "Bewaar",
        "take_photo": "Wis mijn foto",
        "erase_title": "Alles wissen",
        "erase": "Je naam, je gegevens en je bezoeken verdwijnen meteen. Je code en deze link werken dan niet meer.",
        "erase_button": "Wis alles",
        "saved": "Bewaard.",
        "left": "Je bent afgemeld. Tot ziens!",
        "erased": "Alles over je is gewist.",
        "erased_signed": "Wat je hebt ondertekend houdt zijn eigen termijn; daarin staat niet meer bij welk bezoek het hoorde.",
        "here": "Je bent nog aangemeld. Meld je eerst af, dan kan alles gewist worden.",
        "wrong": "Dit kon niet bewaard worden. Kijk of alles klopt; een naam is nodig.",
        "host_title": "Bezoek: {name}",
        "host_here": "{name} is sinds {at} bij {site}.",
        "host_ask": "Kom je?",
        "coming": "Ik kom",
        "send_someone": "Stuur iemand anders",
        "not_today": "Vandaag niet",
        "host_said": "Genoteerd: {said}.",
        "host_over": "Dit bezoek is voorbij. Er is niets meer te antwoorden.",
        "nothing_title": "Deze link werkt niet",
        "nothing": "Kijk of je de hele link hebt. Zijn je gegevens al gewist, dan werkt de link niet meer.",
    },
    "en": {
        "title": "Your visit to {organization}",
        "hello": "Hello {name}.",
        "host": "With: {host}",
        "code": "Your six digits:",
        "qr": "Your QR code. Hold it before the camera when you arrive and when you leave.",
        "directions": "How to get there",
        "rules": "House rules",
        "when": "{from_} until {until}, {site}",
        "expected": "expected",
        "waiting": "you wait to be let in",
        "on_site": "you are signed in",
        "left_confirmed": "signed out",
        "left_assumed": "over",
        "refused": "no access",
        "cancelled": "will not take place",
        "visits": "When",
        "calendar": "Add to your calendar",
        "leave": "I have left",
        "data": "Your data",
        "deletes": "We delete your data on {date} at the latest.",
        "name": "Name",
        "company": "Company",
        "telephone": "Telephone number",
        "email": "E-mail address",
        "plate": "Number plate",
        "photo": "Photo",
        "photo_kept": "A photo of you is kept.",
        "to_reach": "To reach you about your visit.",
        "goes": "Deleted on {date}.",
        "empty": "Empty a box to have that deleted.",
        "save": "Save",
        "take_photo": "Delete my photo",
        "erase_title": "Erase everything",
        "erase": "Your name, your data and your visits disappear at once. Your code and this link stop working.",
        "erase_button": "Erase everything",
        "saved": "Saved.",
        "left": "You are signed out. Goodbye!",
        "erased": "Everything about you was erased.",
        "erased_signed": "What you signed keeps its own term; it no longer says which visit it was for.",
        "here": "You are still signed in. Sign out first, then everything can be erased.",
        "wrong": "This could not be saved. Check what you filled in; a name is needed.",
        "host_title": "Visitor: {name}",
        "host_here": "{name} has been at {site} since {at}.",
        "host_ask": "Are you coming?",
        "coming": "I am coming",
        "send_someone": "Send someone else",
        "not_today": "Not today",
        "host_said": "Noted: {said}.",
        "host_over": "This visit is over. There is nothing to answer any more.",
        "nothing_title": "This link does not work",
        "nothing": "Check that you have the whole link. If your data was erased already, the link stops working.",
    },
}
ANSWERS: Final = ("coming", "send_someone", "not_today")


@dataclass(frozen=True, slots=True)
class Time:
    """One of a visitor's visits."""

    state: str
    expected_from: datetime
    expected_until: datetime
    site: str


@dataclass(frozen=True, slots=True)
class Own:
    """What a visitor sees. `asked`: field -> why, of those they may fill in; `told`: what they told; `deletes`: when each is gone; `has_photo`: one is kept.

    `qr`: what the code holds, as long as there is something to arrive for or to leave. `directions` and `rules` are what the site says to visitors.
    """

    organization: str
    zone: str
    locale: str
    name: str = field(repr=False)
    host: str | None = field(repr=False)
    code: str | None = field(repr=False)
    qr: str | None = field(repr=False)
    address: str | None
    directions: str | None
    rules: str | None
    times: Sequence[Time]
    asked: Mapping[str, str]
    told: Mapping[str, str] = field(repr=False)
    deletes: Mapping[str, date]
    has_photo: bool
    has_calendar: bool
    deletes_on: date


@dataclass(frozen=True, slots=True)
class Asked:
    """What a host sees of a visit. `at`: since when; None: it is over."""

    zone: str
    locale: str
    name: str = field(repr=False)
    site: str
    at: datetime | None
    said: str | None


def own_page(shown: Own, link: str, said: str | None = None) -> str:
    """The visitor's page. `said`: what was just done, a key of the words."""
    words = WORDS[shown.locale]
    title = words["title"].format(organization=shown.organization)
    parts = [_said(words, said), _tag("h1", title), _tag("p", words["hello"].format(name=shown.name))]
    if shown.host:
        parts.append(_tag("p", words["host"].format(host=shown.host)))
    if shown.code:
        parts.append(Markup('<p>{} <span class="code">{}</span></p>').format(words["code"], shown.code))
    if shown.qr:
        parts += [_tag("p", words["qr"]), _qr(shown.qr, words["qr"])]
    parts += [_tag("h2", words["visits"]), *(_time(one, shown.zone, words) for one in shown.times)]
    if shown.has_calendar:
        parts.append(Markup('<p><a href="/v/{}/visit.ics" download="visit.ics">{}</a></p>').format(link, words["calendar"]))
    if any(one.state in OPEN for one in shown.times):
        parts.append(_button(words["leave"], "leave"))
    how = "\n".join(text for text in (shown.address, shown.directions) if text)
    for name, text in (("directions", how), ("rules", shown.rules)):
        parts += [_tag("h2", words[name]), _tag("p", text)] if text else []
    parts += [_tag("h2", words["data"]), _tag("p", words["deletes"].format(date=f"{shown.deletes_on:%d-%m-%Y}")), _fields(shown, words)]
    if shown.has_photo:
        parts += [_tag("p", " ".join((words["photo_kept"], *_goes(shown, "photo", words)))), _button(words["take_photo"], "photo")]
    erase = Markup('<form method="post"><button name="do" value="erase" class="erase">{}</button></form>').format(words["erase_button"])
    parts.append(Markup("<details><summary>{}</summary><p>{}</p>{}</details>").format(words["erase_title"], words["erase"], erase))
    return _page(shown.locale, title, parts)


def erased_page(locale: str) -> str:
    """After everything was erased."""
    words = WORDS[locale]
    return _page(locale, words["erased"], [_tag("h1", words["erased"]), _tag("p", words["erased_signed"])])


def host_page(shown: Asked) -> str:
    """The host's page: who is here, and the three answers."""
    words = WORDS[shown.locale]
    if shown.at is None:
        return _page(shown.locale, words["host_over"], [_tag("h1", words["host_over"])])
    title = words["host_title"].format(name=shown.name)
    parts = [_tag("h1", title), _tag("p", words["host_here"].format(name=shown.name, at=moment(shown.at, shown.zone), site=shown.site))]
    if shown.said:
        parts.append(Markup('<p class="said" role="status">{}</p>').format(words["host_said"].format(said=words[shown.said])))
    buttons = Markup().join(Markup('<button name="answer" value="{}">{}</button>').format(one, words[one]) for one in ANSWERS)
    return _page(shown.locale, title, [*parts, _tag("h2", words["host_ask"]), Markup('<form method="post">{}</form>').format(buttons)])


def nothing_page() -> str:
    """For every link that is none of ours, in both languages."""
    both = [(_tag("h1", words["nothing_title"]), _tag("p", words["nothing"])) for words in WORDS.values()]
    return _page("nl", WORDS["nl"]["nothing_title"], [part for parts in both for part in parts])


def _fields(shown: Own, words: Mapping[str, str]) -> Markup:
    inputs = [_input("name", words["name"], "", shown.name, required=True)]
    inputs += [
        _input(name, words[name], " ".join((why, *_goes(shown, name, words))), shown.told.get(name, ""), required=False)
        for name, why in shown.asked.items()
    ]
    note = _tag("p", words["empty"]) if shown.asked else Markup("")
    save = Markup('<button name="do" value="correct">{}</button>').format(words["save"])
    return Markup('<form method="post">{}{}{}</form>').format(Markup().join(inputs), note, save)


def _goes(shown: Own, name: str, words: Mapping[str, str]) -> list[str]:
    return [words["goes"].format(date=f"{shown.deletes[name]:%d-%m-%Y}")] if name in shown.deletes else []


def _input(name: str, label: str, why: str, value: str, *, required: bool) -> Markup:
    return Markup('<label>{}<small>{}</small><input name="{}" value="{}" maxlength="200" autocomplete="off"{}></label>').format(
        label, why, name, value, Markup(" required") if required else ""
    )


def _qr(text: str, alt: str) -> Markup:
    """As squares in the page itself, on white whatever the colours of the screen are."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(omitsize=True, light="#fff", svgclass=None, lineclass=None)
    return Markup('<div class="qr" role="img" aria-label="{}">{}</div>').format(alt, Markup(drawn))  # noqa: S704 (ours)


def _time(one: Time, zone: str, words: Mapping[str, str]) -> Markup:
    when = words["when"].format(from_=moment(one.expected_from, zone), until=moment(one.expected_until, zone), site=one.site)
    return Markup("<p>{}: <b>{}</b></p>").format(when, words[one.state])


def _said(words: Mapping[str, str], said: str | None) -> Markup:
    return Markup('<p class="said" role="status">{}</p>').format(words[said]) if said else Markup("")


def _button(text: str, do: str) -> Markup:
    return Markup('<form method="post"><button name="do" value="{}">{}</button></form>').format(do, text)


def _tag(tag: str, text: str) -> Markup:
    return Markup("<{0}>{1}</{0}>").format(Markup(tag), text)  # noqa: S704 (ours)


def _page(locale: str, title: str, parts: Sequence[Markup]) -> str:
    head = Markup(
        '<!doctype html><html lang="{}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        '<meta name="robots" content="noindex"><title>{}</title><link rel="stylesheet" href="/visit.css"><main>'
    ).format(locale, title)
    return head + Markup().join(parts) + Markup("</main></html>")
