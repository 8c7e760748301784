"""Alerts as other systems exchange them: CAP 1.2 out, as a document and a feed, and in, as a draft that a person looks at before it is sent.

In: the same message twice is one draft. An update or a cancellation says by its references what it is about; it takes back a draft that nobody sent
yet, and never touches an alert that went out: that is for a person.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID, uuid5
from xml.etree import ElementTree as ET

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from shapely import GeometryCollection, MultiPolygon, get_parts, union_all
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.actor import Actor
from app.core import cap
from app.core import target as core
from app.core.fault import Fault
from app.core.fence import is_tangled
from app.core.policy import Circle, Shape
from app.db.types import uuid7
from app.errors import FieldError, Invalid, NotFound, Unreadable
from app.geofences import service as geofences
from app.messaging import alert_rows, alerts, areas
from app.messaging.alert_views import opened
from app.messaging.models import Message
from app.messaging.resolve import ALL_KINDS
from app.messaging.stages import BEFORE, refused
from app.messaging.texts import MAX_BODY, MAX_SUBJECT, Text, Texts
from app.ports import Deps

MAX_BYTES: Final = 256 * 1024
MAX_NAME: Final = 200
STATUS: Final = {"actual": "Actual", "exercise": "Exercise", "test": "Test"}
SEVERITY: Final = {"minor": "Minor", "moderate": "Moderate", "severe": "Severe", "extreme": "Extreme"}
LANGUAGES: Final = {"nl": "nl-NL", "en": "en-GB"}
EVENT: Final = 80
FEED: Final = 50
SHARED_BORDER: Final = 9
"""Edges that an edge of a border between areas meets: itself, its twin, their neighbours, and where a third area begins."""
ATOM: Final = "http://www.w3.org/2005/Atom"
ATOM_TYPE: Final = "application/atom+xml"
_TITLES: Final = {"nl": "Alarmen van {}", "en": "Alerts of {}"}


def document(session: Session, organization_id: int, message: Message, deps: Deps) -> bytes:
    """The alert as it stands, as a CAP document. Raises `Conflict` for one that did not go out, `Unreadable` once its words are gone."""
    if message.active_at is None:
        raise refused(message.stage)
    sender = _sender(session, organization_id, deps)
    earlier = [cap.Reference(sender, str(message.id), message.active_at)]
    texts, kind, sent, identifier = opened(session, organization_id, message, deps), "Alert", message.active_at, str(message.id)
    responses: tuple[str, ...] = ()
    for update in alert_rows.updates(session, organization_id, message.id):
        texts, sent, identifier = opened(session, organization_id, update, deps), update.created_at, f"{message.id}.{update.number}"
        kind = "Cancel" if update.kind == "cancel" else "Update"
        responses = ("AllClear",) if update.kind == "all_clear" else ()
        earlier.append(cap.Reference(sender, identifier, sent))
    if not texts:
        raise Unreadable("The words of this alert were deleted when their term was over. They cannot be brought back.")
    places = _areas(session, organization_id, message)
    infos = tuple(_info(message, locale, text, responses, places) for locale, text in texts.items())
    references = tuple(earlier[:-1])
    return cap.serialized(cap.build(cap.Alert(identifier, sender, sent, STATUS[message.exercise], kind, infos, references)))


def feed(session: Session, organization_id: int, locale: str, now: datetime, deps: Deps) -> bytes:
    """An Atom feed of the alerts that went out, the newest first, each with the address of its document."""
    organization = accounts.get_organization(session, organization_id)
    shown = alert_rows.gone_out(session, organization_id, FEED)
    root = ET.Element("feed", {"xmlns": ATOM})
    address = f"{deps.settings.public_url.rstrip('/')}/api/v1"
    _add(root, "id", f"{address}/cap")
    _add(root, "title", _TITLES[locale].format(organization.name))
    _add(root, "updated", max([message.ended_at or message.active_at or now for message in shown], default=now).isoformat())
    _add(ET.SubElement(root, "author"), "name", organization.name)
    for message in shown:
        entry = ET.SubElement(root, "entry")
        texts = opened(session, organization_id, message, deps)
        text = texts.get(locale) or next(iter(texts.values()), Text("", "-"))
        _add(entry, "id", f"urn:uuid:{message.id}")
        _add(entry, "title", text.subject or text.body[:EVENT])
        _add(entry, "updated", (message.ended_at or message.active_at or now).isoformat())
        link = {"rel": "alternate", "type": cap.MEDIA_TYPE, "href": f"{address}/alerts/{message.id}/cap"}
        ET.SubElement(entry, "link", link)
    made: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def receive(session: Session, actor: Actor, raw: bytes, now: datetime, deps: Deps) -> Message:
    """A draft of a CAP message; of a cancellation, the draft it took back. Raises `Invalid` naming the element, `NotFound`, `Conflict`."""
    try:
        taken = cap.read(_parsed(raw))
        name = _named(taken.sender, taken.identifier)
        known = alert_rows.of_cap(session, actor.tenant, name)
        if known is not None:
            return known
        about = _about(session, actor, taken)
        if taken.kind == "Cancel":
            return alerts.cancel(session, actor, _one(about), now)
        fallback = accounts.get_organization(session, actor.tenant).locale
        draft = _draft(taken, name, fallback, now)
    except Fault as fault:
        raise Invalid(errors=[FieldError(fault.field("cap"), fault.message, fault.next_step)]) from None
    for message in about:
        if message.stage in BEFORE:
            alerts.cancel(session, actor, message, now)
    return alerts.create(session, actor, draft, now, deps)


def _parsed(raw: bytes) -> ET.Element:
    try:
        return fromstring(raw, forbid_dtd=True)
    except (ET.ParseError, DefusedXmlException, ValueError, LookupError):
        raise Fault("", "This is not XML that we read", "Send one CAP 1.2 document in UTF-8, without a DTD and without entities.") from None


def _named(sender: str, identifier: str) -> str:
    """A message's name in the world. Too long for us: made short by what nobody else has."""
    name = f"{sender},{identifier}"
    return name if len(name) <= MAX_NAME else str(uuid5(UUID(int=0), name))


def _about(session: Session, actor: Actor, taken: cap.Alert) -> list[Message]:
    """What its references name, locked; empty for a new alert. Raises `NotFound` when it names nothing of ours."""
    names = {_named(one.sender, one.identifier) for one in taken.references}
    found = [known for name in sorted(names) if (known := alert_rows.of_cap(session, actor.tenant, name)) is not None]
    if taken.kind != "Alert" and not found:
        raise NotFound("The element references names no message that we have. Check it, or send the alert itself first.")
    return [alerts.locked(session, actor, message.id) for message in found]


def _one(about: Sequence[Message]) -> Message:
    if len(about) > 1:
        raise Fault("/references", "The element references names several messages", "Cancel them one by one.")
    return about[0]


def _draft(taken: cap.Alert, name: str, fallback: str, now: datetime) -> alerts.AlertDraft:
    if not taken.infos:
        raise Fault("/info", "The message says nothing", "Add an info with event, urgency, severity and certainty.")
    ends = [info.expires for info in taken.infos if info.expires is not None and now < info.expires <= now + alerts.LASTS_MOST]
    severities = [ours for ours, theirs in SEVERITY.items() if theirs in {info.severity for info in taken.infos}]
    return alerts.AlertDraft(
        uuid7(),
        {"area": areas.PLACEHOLDER},
        _texts(taken, fallback),
        exercise=next(ours for ours, theirs in STATUS.items() if theirs == taken.status),
        severity=severities[-1] if severities else "severe",
        area=_drawn(taken),
        expires_at=max(ends, default=None),
        cap_identifier=name,
    )


def _texts(taken: cap.Alert, fallback: str) -> Texts:
    """By language; where none of ours is there, the first one stands for the organization's."""
    found: dict[str, Text] = {}
    for number, info in enumerate(taken.infos):
        locale = info.language[:2].lower()
        if locale in LANGUAGES and locale not in found:
            found[locale] = _text(info, number)
    return found or {fallback: _text(taken.infos[0], 0)}


def _text(info: cap.Info, number: int) -> Text:
    subject = info.headline or info.event
    body = "\n\n".join(part for part in (info.description, info.instruction) if part) or subject
    if len(subject) > MAX_SUBJECT:
        raise Fault(f"/info/{number}/headline", "The element headline is too long", f"Use {MAX_SUBJECT} characters at most.")
    if len(body) > MAX_BODY:
        raise Fault(
            f"/info/{number}/description", "The elements description and instruction are too long", f"Use {MAX_BODY} characters at most."
        )
    return Text(subject, body)


def _drawn(taken: cap.Alert) -> Shape:
    shapes = list(dict.fromkeys(shape for info in taken.infos for area in info.areas for shape in area.shapes))
    if not shapes:
        raise Fault("/info/0/area", "The message has no polygon and no circle", "Give the area that people must be warned in.")
    circles = [shape for shape in shapes if isinstance(shape, Circle)]
    if circles and len(shapes) > 1:
        raise Fault("/info/0/area", "A circle beside other shapes cannot be drawn as one area", "Send polygons, or one circle.")
    if circles:
        return geofences.drawn({"type": "Point", "coordinates": [circles[0].longitude, circles[0].latitude]}, circles[0].radius_m)
    polygons = [part for shape in shapes if not isinstance(shape, Circle) for part in get_parts(shape)]
    if is_tangled(MultiPolygon(polygons), meetings_each=SHARED_BORDER):  # joining them would take minutes
        raise Fault("/info/0/area", "The polygons cross each other too often to be drawn as one area", "Send their outline.")
    joined = union_all(polygons)
    if isinstance(joined, GeometryCollection) and joined.geom_type == "GeometryCollection":
        raise Fault("/info/0/area", "These polygons cannot be drawn as one area", "Correct the shapes.")
    return geofences.drawn(joined.__geo_interface__, None)


def _sender(session: Session, organization_id: int, deps: Deps) -> str:
    organization = accounts.get_organization(session, organization_id)
    return f"{organization.slug}@{urlsplit(deps.settings.public_url).hostname}"


def _info(message: Message, locale: str, text: Text, responses: tuple[str, ...], places: tuple[cap.Area, ...]) -> cap.Info:
    return cap.Info(
        language=LANGUAGES[locale],
        event=(text.subject or text.body)[:EVENT].strip() or "Alert",
        urgency="Past" if responses else "Immediate",
        severity=SEVERITY[message.severity],
        certainty="Observed",
        headline=text.subject,
        description=text.body,
        responses=responses,
        effective=message.active_at,
        expires=message.expires_at,
        areas=places,
    )


def _areas(session: Session, organization_id: int, message: Message) -> tuple[cap.Area, ...]:
    """The fences that the target names; those it takes away from are no area."""
    found = []
    for leaf in sorted(set(_named_by(core.parse(message.target, ALL_KINDS))), key=str):
        if leaf.kind in {"fence", "area"} and isinstance(leaf.value, UUID):
            view = geofences.get_fence(session, organization_id, leaf.value)
            found.append(cap.Area(view.version.name, (view.shape,)))
    return tuple(found)


def _named_by(target: core.Target) -> Iterator[core.Leaf]:
    if isinstance(target, core.Leaf):
        yield target
    else:
        for part in target.of:
            yield from _named_by(part)


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = cap.NOT_XML.sub("\ufffd", text)
