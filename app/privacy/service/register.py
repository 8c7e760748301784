"""The record of processing, made from the tags that stand on the columns; and the counts of refusals. Neither names anybody."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.config import Settings
from app.db.base import Model
from app.db.tags import Tag
from app.errors import Invalid
from app.privacy import queries

LONGEST_REPORT: Final = timedelta(days=366)
OWN_CHOICES: Final = frozenset({"switched_off", "paused", "not_tracking_device"})
"""Reasons that are a person's own doing. Counted and told to nobody: beside somebody's silence, on the day or later, a count would say why."""
RECIPIENTS: Final = {
    "operation": "Nobody: the server itself",
    "account": "The organization's owners and managers; colleagues see names",
    "attendance": "The person; the organization's owners and managers",
    "safety": "Those a message is for; hosts, of their own visitors; the organization's owners, managers, senders, responders and reception",
    "security": "The person; the organization's owners; the operator, without names",
    "evidence": "The organization's owner and privacy officer; of a switch, the person only",
    "billing": "The organization's owner; the operator",
}
_MESSAGES: Final = [
    (
        "content",
        {"en": "What messages, alerts and answers say", "nl": "Wat berichten, alarmen en antwoorden zeggen"},
        {
            "en": "90 days after they are over, unless the organization chose otherwise (400 days at most)",
            "nl": "90 dagen nadat ze voorbij zijn, tenzij de organisatie anders koos (hooguit 400 dagen)",
        },
    ),
    (
        "message",
        {"en": "Who was sent a message, how, and what they answered", "nl": "Wie een bericht kreeg, hoe, en wat zij antwoordden"},
        {"en": "2 years after the message is over", "nl": "2 jaar nadat het bericht voorbij is"},
    ),
    (
        "traffic",
        {
            "en": "Who sent when, by which channel, to which number or address",
            "nl": "Wie wanneer verzond, langs welke weg, naar welk nummer of adres",
        },
        {
            "en": "As many months as the accepted privacy statement says",
            "nl": "Zoveel maanden als de aanvaarde privacyverklaring zegt",
        },
    ),
]
"""Terms of messages and alerts, as in `_terms`."""
_VISITS: Final = [
    (
        "visit",
        {"en": "Visits: who came, for whom, when, and what they told", "nl": "Bezoeken: wie kwam, voor wie, wanneer, en wat zij opgaven"},
        {
            "en": "As many days after the expected end as the organization chose (400 at most), whether or not somebody signed out",
            "nl": "Zoveel dagen na het verwachte einde als de organisatie koos (hooguit 400), ook als iemand zich niet afmeldde",
        },
    ),
    (
        "signature",
        {"en": "Who agreed to which text, in which language, when", "nl": "Wie met welke tekst instemde, in welke taal, wanneer"},
        {
            "en": "As many days after signing as the organization chose (10 years at most)",
            "nl": "Zoveel dagen na het tekenen als de organisatie koos (hooguit 10 jaar)",
        },
    ),
    (
        "denied",
        {
            "en": "Who may not come in: coded names, that cannot be read back",
            "nl": "Wie niet binnen mag: gecodeerde namen, die niet terug te lezen zijn",
        },
        {"en": "Until the entry expires, 12 months at most", "nl": "Tot de vermelding vervalt, hooguit 12 maanden"},
    ),
    (
        "roll_call",
        {
            "en": "Roll calls: who was believed on site, and what was said of them",
            "nl": "Ontruimingslijsten: wie er vermoedelijk was, en wat over hen is gezegd",
        },
        {"en": "90 days after the roll call ended", "nl": "90 dagen nadat de lijst is afgesloten"},
    ),
]
"""Terms of visits and roll calls, as in `_terms`."""


@dataclass(frozen=True, slots=True)
class Processing:
    """Columns of one table that are kept for one purpose, as one class of data, for one term."""

    purpose: str
    data_class: str
    term: str
    table: str
    columns: list[str]
    recipients: str


@dataclass(frozen=True, slots=True)
class Refused:
    """How many pings were refused for a reason on a day (UTC)."""

    day: date
    reason: str
    count: int


def register() -> list[Processing]:
    """Everything personal that is kept, sorted by purpose, class, term and table. Columns of class `none` say nothing of anybody and are left out."""
    found: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for table in Model.metadata.tables.values():
        for column in table.columns:
            tag: Tag = column.info["privacy"]
            if tag.data_class != "none":
                found[tag.purpose, tag.data_class, tag.term, table.name].append(column.name)
    return [Processing(*key, columns, RECIPIENTS[key[0]]) for key, columns in sorted(found.items())]


def terms(settings: Settings, locale: str) -> list[tuple[str, str]]:
    """(what, how long) of every term in use, in Dutch or English, from the same settings by which the server deletes."""
    used = {entry.term for entry in register()}
    return [(what[locale], how_long[locale]) for term, what, how_long in _terms(settings) if term in used]


def refusals(session: Session, organization_id: int, first: date, last: date) -> Sequence[Refused]:
    """Counts by day and reason, both days included, without what people chose themselves. Raises `Invalid` for a period that is backwards or longer than a year."""
    if not first <= last <= first + LONGEST_REPORT:
        raise Invalid.of("query.until", "The period must run forwards, for a year at most", "Choose a day on or after `from`.")
    return [Refused(*row) for row in queries.refusals(session, organization_id, first, last) if row.reason not in OWN_CHOICES]


def _terms(settings: Settings) -> list[tuple[str, dict[str, str], dict[str, str]]]:
    lateness, evidence = settings.lateness_days, settings.evidence_days
    return [
        (
            "organization",
            {
                "en": "What the organization signed and accepted; switches; billing data",
                "nl": "Wat de organisatie tekende en aanvaardde; schakelaars; factuurgegevens",
            },
            {"en": "Until the organization leaves", "nl": "Tot de organisatie vertrekt"},
        ),
        (
            "person",
            {"en": "Names, numbers, groups, working windows", "nl": "Namen, nummers, groepen, werkvensters"},
            {"en": "Until the person leaves the organization", "nl": "Tot de persoon de organisatie verlaat"},
        ),
        (
            "lateness",
            {"en": "Sightings: inside which area, how accurate, when", "nl": "Waarnemingen: binnen welk gebied, hoe nauwkeurig, wanneer"},
            {"en": f"{lateness} days", "nl": f"{lateness} dagen"},
        ),
        (
            "evidence",
            {"en": "What a crossing rests on", "nl": "Waarop een overgang berust"},
            {"en": f"{evidence} days", "nl": f"{evidence} dagen"},
        ),
        (
            "payroll",
            {"en": "Stays, clock-ins, workdays, corrections", "nl": "Verblijven, in- en uitklokken, werkdagen, correcties"},
            {"en": "5 years", "nl": "5 jaar"},
        ),
        (
            "session",
            {"en": "Sign-ins and credentials", "nl": "Aanmeldingen en toegangsmiddelen"},
            {"en": "Until they end, and 30 days", "nl": "Tot ze eindigen, en 30 dagen"},
        ),
        (
            "delivery",
            {"en": "Work in progress", "nl": "Werk dat nog loopt"},
            {"en": "Until it is done, 7 days at most", "nl": "Tot het klaar is, hooguit 7 dagen"},
        ),
        *_MESSAGES,
        *_VISITS,
        (
            "day",
            {"en": "News for open screens", "nl": "Berichten voor open schermen"},
            {"en": "24 hours", "nl": "24 uur"},
        ),
    ]
