"""What visitors and hosts are told, in their language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.ports import Words

LOCALES: Final = ("nl", "en")
_VISITOR: Final = {
    "nl": {
        "invited": "Uitnodiging: {organization}, {when}",
        "changed": "Gewijzigd: bezoek aan {organization}, {when}",
        "cancelled": "Vervallen: bezoek aan {organization}, {when}",
        "hello": "Dag {name},",
        "why_invited": "Je bent uitgenodigd bij {organization}.",
        "why_changed": "Je bezoek aan {organization} is gewijzigd. Dit geldt nu:",
        "why_cancelled": "Je bezoek aan {organization} op {when} gaat niet door.",
        "when": "Wanneer: {when} tot {until}",
        "repeats": "Dit bezoek komt vaker terug; alle keren staan op je eigen pagina.",
        "place": "Waar: {place}",
        "host": "Bij: {host}",
        "about": "Onderwerp: {about}",
        "arrive": "Meld je aan met de QR-code in deze mail, of met deze zes cijfers: {code}",
        "directions": "Route:\n{directions}",
        "rules": "Huisregels:\n{rules}",
        "page": "Je gegevens bekijken, verbeteren of wissen: {link}",
        "deletes": "Wij wissen je gegevens uiterlijk op {deletes}.",
        "short_invited": "{organization}: je bent uitgenodigd op {when}, {place}. Je code: {code}. {link}",
        "short_changed": "{organization}: je bezoek is gewijzigd. Nu: {when}, {place}. Je code: {code}. {link}",
        "short_cancelled": "{organization}: je bezoek van {when} gaat niet door.",
        "calendar": "Bezoek aan {organization}",
    },
    "en": {
        "invited": "Invitation: {organization}, {when}",
        "changed": "Changed: your visit to {organization}, {when}",
        "cancelled": "Cancelled: your visit to {organization}, {when}",
        "hello": "Hello {name},",
        "why_invited": "You are invited to {organization}.",
        "why_changed": "Your visit to {organization} has changed. This is what holds now:",
        "why_cancelled": "Your visit to {organization} on {when} will not take place.",
        "when": "When: {when} until {until}",
        "repeats": "This visit returns; all times are on your own page.",
        "place": "Where: {place}",
        "host": "With: {host}",
        "about": "Subject: {about}",
        "arrive": "Sign in with the QR code in this mail, or with these six digits: {code}",
        "directions": "How to get there:\n{directions}",
        "rules": "House rules:\n{rules}",
        "page": "See, correct or erase your data: {link}",
        "deletes": "We delete your data on {deletes} at the latest.",
        "short_invited": "{organization}: you are invited on {when}, {place}. Your code: {code}. {link}",
        "short_changed": "{organization}: your visit has changed. Now: {when}, {place}. Your code: {code}. {link}",
        "short_cancelled": "{organization}: your visit of {when} will not take place.",
        "calendar": "Visit to {organization}",
    },
}
_HOST: Final = {
    "nl": {
        "arrived": ("Je bezoek is er: {name}", "{name} is aangekomen bij {site}. Zeg of je komt."),
        "arrived_for": ("Bezoek voor {host}: {name}", "{name} is aangekomen bij {site} voor {host}. Kun jij het bezoek ontvangen?"),
        "arrived_nobody": (
            "Bezoek: {name}",
            "{name} is aangekomen bij {site}. Niemand anders is bekend als gastheer. Kun jij het bezoek ontvangen?",
        ),
        "waits": ("Bezoek wacht: {name}", "{name} wacht bij {site} tot iemand toegang geeft. Open Bezoek om dat te doen of te weigeren."),
        "overstays": (
            "Is je bezoek er nog? {name}",
            "{name} zou om {until} vertrekken bij {site} en is nog niet afgemeld. Open Bezoek om af te melden.",
        ),
    },
    "en": {
        "arrived": ("Your visitor is here: {name}", "{name} has arrived at {site}. Say whether you are coming."),
        "arrived_for": ("Visitor for {host}: {name}", "{name} has arrived at {site} for {host}. Can you receive them?"),
        "arrived_nobody": ("Visitor: {name}", "{name} has arrived at {site}. Nobody else is known as host. Can you receive them?"),
        "waits": (
            "A visitor waits: {name}",
            "{name} waits at {site} until somebody lets them in. Open Visits to let them in or to refuse.",
        ),
        "overstays": (
            "Is your visitor still here? {name}",
            "{name} was to leave {site} at {until} and has not signed out. Open Visits to sign them out.",
        ),
    },
}


@dataclass(frozen=True, slots=True)
class Facts:
    """Of one visitor's invitation. Texts are in any language: those that the site wrote, by language."""

    organization: str
    name: str = field(repr=False)
    place: str
    host: str | None = field(repr=False)
    about: str | None = field(repr=False)
    starts_at: datetime
    ends_at: datetime
    zone: str
    repeats: bool
    code: str | None = field(repr=False)
    link: str = field(repr=False)
    deletes_on: date
    directions: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)


def visitor(kind: str, facts: Facts, locale: str) -> Words:
    """Of kind invited, changed or cancelled."""
    words = _VISITOR[locale]
    given = _given(facts)
    lines = ["hello", f"why_{kind}"]
    if kind != "cancelled":
        lines += ["when", *(["repeats"] if facts.repeats else []), "place"]
        lines += [name for name, there in (("host", facts.host), ("about", facts.about), ("arrive", facts.code)) if there]
    said = [words[name].format(**given) for name in lines]
    if kind != "cancelled":
        said += [
            words[name].format(**{name: text})
            for name, text in (("directions", local(facts.directions, locale)), ("rules", local(facts.rules, locale)))
            if text
        ]
    said += [words["page"].format(**given), words["deletes"].format(**given)]
    return Words(words[kind].format(**given), "\n\n".join(said), words[f"short_{kind}"].format(**given))


def title(facts: Facts, locale: str) -> str:
    """In the visitor's calendar."""
    return _VISITOR[locale]["calendar"].format(organization=facts.organization)


def host(kind: str, **facts: str) -> dict[str, Words]:
    """Of kind arrived, arrived_for, arrived_nobody, waits or overstays; in all languages."""
    return {locale: Words(*(text.format(**facts) for text in words[kind])) for locale, words in _HOST.items()}


def moment(at: datetime, zone: str) -> str:
    """As people read it, in local time."""
    return f"{at.astimezone(ZoneInfo(zone)):%d-%m-%Y %H:%M}"


def _given(facts: Facts) -> dict[str, str]:
    same_day = facts.starts_at.astimezone(ZoneInfo(facts.zone)).date() == facts.ends_at.astimezone(ZoneInfo(facts.zone)).date()
    until = moment(facts.ends_at, facts.zone)
    return {
        "organization": facts.organization,
        "name": facts.name,
        "place": facts.place,
        "host": facts.host or "",
        "about": facts.about or "",
        "when": moment(facts.starts_at, facts.zone),
        "until": until[-5:] if same_day else until,
        "code": facts.code or "-",
        "link": facts.link,
        "deletes": f"{facts.deletes_on:%d-%m-%Y}",
    }


def local(texts: Mapping[str, str], locale: str) -> str | None:
    """A text that the site wrote, in this language or the next best."""
    return next((texts[one] for one in (locale, *LOCALES) if texts.get(one)), None)
