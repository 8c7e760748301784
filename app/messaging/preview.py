"""What sending would mean: how many people by which channel, what it costs, and who cannot be reached and why.

Counted over the same `Reach` and in the same order as the pipeline sends (`queue`), from the very text a phone shows.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.core.sms import measure
from app.messaging.links import reply_url
from app.messaging.preferences import Reach, reach
from app.messaging.texts import Texts, as_sms, in_locale
from app.ports import Deps

SHOWN_UNREACHABLE: Final = 100


@dataclass(frozen=True, slots=True)
class Said:
    """What would be sent: words, channels in their order, whether an answer is asked for, and whether it overrides opting out.

    `planned`: an alert goes by the order of its plan, whatever people chose.
    """

    texts: Texts
    channels: Sequence[str]
    asks_reply: bool = False
    overrides: bool = False
    planned: bool = False


@dataclass(frozen=True, slots=True)
class Sms:
    """All text messages together. `encoding` is ucs2 when any of them is; `cost_cents` None when the installation knows no price."""

    people: int
    parts: int
    encoding: str
    costly_characters: list[str]
    cost_cents: int | None


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Somebody who gets nothing, and why: no_address, opted_out."""

    person_id: UUID
    name: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Preview:
    """`people` are all who are meant, those who cannot be reached included. `unreachable` are the first of `unreachable_count`, or nobody (`nameless`)."""

    people: int
    by_channel: Mapping[str, int]
    sms: Sms | None
    unreachable: list[Unreachable]
    unreachable_count: int


def nameless(found: Preview) -> Preview:
    """For people who are meant because of where they are: by their names one would see who is there."""
    return replace(found, unreachable=[])


def of_people(session: Session, organization_id: int, person_ids: Collection[UUID], said: Said, deps: Deps) -> Preview:
    """What it would mean for these people."""
    ways = reach(session, organization_id, person_ids)
    by_channel: dict[str, list[Reach]] = defaultdict(list)
    nowhere: list[Unreachable] = []
    for way in ways.values():
        reason = "opted_out" if way.opted_out and not said.overrides else None
        order = said.channels if said.planned else way.order(said.channels)
        channel = next((each for each in order if each in deps.channels and way.has(each)), None)
        if reason or channel is None:
            nowhere.append(Unreachable(way.person_id, way.name or way.telephone, reason or "no_address"))
        else:
            by_channel[channel].append(way)
    nowhere.sort(key=lambda one: ((one.name or "").casefold(), one.person_id))
    fallback = accounts.get_organization(session, organization_id).locale
    texters = Counter(way.locale for way in by_channel.get("sms", ()))
    return Preview(
        people=len(ways),
        by_channel={channel: len(people) for channel, people in by_channel.items()},
        sms=_sms(texters, organization_id, said, fallback, deps) if texters else None,
        unreachable=nowhere[:SHOWN_UNREACHABLE],
        unreachable_count=len(nowhere),
    )


def _sms(texters: Mapping[str, int], organization_id: int, said: Said, fallback: str, deps: Deps) -> Sms | None:
    link = reply_url(deps.settings, organization_id, UUID(int=0)) if said.asks_reply else None
    measured = {locale: measure(as_sms(in_locale(said.texts, locale, fallback), link)) for locale in texters}
    parts = sum(len(measured[locale].parts) * people for locale, people in texters.items())
    price = deps.settings.sms_part_cents
    return Sms(
        people=sum(texters.values()),
        parts=parts,
        encoding="ucs2" if any(one.encoding == "ucs2" for one in measured.values()) else "gsm",
        costly_characters=list(dict.fromkeys(character for one in measured.values() for character in one.costly_characters)),
        cost_cents=None if price is None else round(parts * price),
    )
