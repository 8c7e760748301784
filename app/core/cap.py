"""The Common Alerting Protocol 1.2 (OASIS, 2010): an alert as other systems exchange it, out and in.

1. Out: `build` makes the element from an `Alert`, its children in the order the schema wants, and `serialized` the bytes.
2. In: somebody else parsed the bytes safely; `read` takes the element. It first checks the whole tree as the schema would (names, order, how often,
   enumerations, times), then what the schema cannot say: names without spaces, references of an update, closed polygons. The first fault is raised,
   as a `Fault` with the place ("/info/0/area/0/polygon/1") and a message that names the element.
3. What we have no use for (resources, parameters, geocodes, a signature) is checked and dropped. Not taken at all: messages between systems (status
   System and Draft, msgType Ack and Error), for a person is to be shown a draft.

CAP writes latitude before longitude, shapes here are longitude first as everywhere in geometry code. A polygon of CAP has no holes: they are filled,
for it is better to warn too many.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final
from xml.etree import ElementTree as ET

import numpy as np
from shapely import get_parts
from shapely.geometry import Polygon

from app.core.capschema import NAMESPACE, check
from app.core.fault import Fault
from app.core.fence import ShapeRefused, checked
from app.core.plane import wrapped
from app.core.policy import Circle, Shape

MEDIA_TYPE: Final = "application/cap+xml"
RESTRICTION: Final = "Only for the people it was sent to by the organization."
NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NAME: Final = re.compile(r"[^\s,<&]{1,200}")
PLACE: Final = re.compile(r"(-?\d{1,2}(?:\.\d{1,20})?),(-?\d{1,3}(?:\.\d{1,20})?)", re.ASCII)
RADIUS_KM: Final = re.compile(r"\d{1,5}(?:\.\d{1,20})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Area:
    """Where it holds: a description and shapes. `MultiPolygon`s come back from reading as their polygons."""

    description: str
    shapes: tuple[Shape, ...] = ()


@dataclass(frozen=True, slots=True)
class Info:
    """What is said in one language. The words of the standard: `severity` Extreme, Severe, Moderate, Minor or Unknown, and so on."""

    language: str
    event: str
    urgency: str
    severity: str
    certainty: str
    headline: str = ""
    description: str = ""
    instruction: str = ""
    responses: tuple[str, ...] = ()
    effective: datetime | None = None
    expires: datetime | None = None
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """An earlier message that this one is about."""

    sender: str
    identifier: str
    sent: datetime


@dataclass(frozen=True, slots=True)
class Alert:
    """A CAP message. `status`: Actual, Exercise or Test. `kind`: Alert, Update or Cancel (msgType); the latter two have references."""

    identifier: str
    sender: str
    sent: datetime
    status: str
    kind: str
    infos: tuple[Info, ...]
    references: tuple[Reference, ...] = ()


def build(alert: Alert) -> ET.Element:
    """The alert as an element tree, of scope Restricted and category Safety. Raises `Fault` for what the standard does not allow."""
    _judge(alert)
    root = ET.Element(f"{{{NAMESPACE}}}alert")
    _add(root, "identifier", alert.identifier)
    _add(root, "sender", alert.sender)
    _add(root, "sent", _time(alert.sent))
    _add(root, "status", alert.status)
    _add(root, "msgType", alert.kind)
    _add(root, "scope", "Restricted")
    _add(root, "restriction", RESTRICTION)
    if alert.references:
        _add(root, "references", " ".join(f"{one.sender},{one.identifier},{_time(one.sent)}" for one in alert.references))
    for info in alert.infos:
        _add_info(root, info)
    check(root)
    return root


def serialized(root: ET.Element) -> bytes:
    """The document in UTF-8."""
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True, default_namespace=NAMESPACE)
    return document


def read(root: ET.Element) -> Alert:
    """The alert of a document. Raises `Fault` that names the element and what to do."""
    check(root)
    alert = Alert(
        _text(root, "identifier"),
        _text(root, "sender"),
        _moment(_text(root, "sent"), "/sent"),
        _text(root, "status"),
        _text(root, "msgType"),
        tuple(_info(one, f"/info/{number}") for number, one in enumerate(_all(root, "info"))),
        tuple(_references(_text(root, "references"))),
    )
    _judge(alert)
    return alert


def _judge(alert: Alert) -> None:
    """What the schema cannot say."""
    for name, text in (("identifier", alert.identifier), ("sender", alert.sender)):
        if not NAME.fullmatch(text):
            raise Fault(
                f"/{name}", f"The element {name} is empty, too long, or has a space, a comma, < or &", "Give it 1 to 200 other characters."
            )
    if alert.status not in ("Actual", "Exercise", "Test"):
        raise Fault("/status", "A message between systems is not for people", "Send one whose status is Actual, Exercise or Test.")
    if alert.kind not in ("Alert", "Update", "Cancel"):
        raise Fault("/msgType", "A receipt is not for people", "Send one whose msgType is Alert, Update or Cancel.")
    if alert.kind != "Alert" and not alert.references:
        raise Fault("/references", "An Update or Cancel must name what it is about", "Add references: sender,identifier,sent.")
    if alert.kind == "Alert" and not alert.infos:
        raise Fault("/info", "The alert says nothing", "Add an info with event, urgency, severity and certainty.")


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = NOT_XML.sub("\ufffd", text)


def _time(moment: datetime) -> str:
    """UTC, which CAP wants written -00:00. Part of the key of a message, so to the second only."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}-00:00"


def _add_info(root: ET.Element, info: Info) -> None:
    element = ET.SubElement(root, f"{{{NAMESPACE}}}info")
    _add(element, "language", info.language)
    _add(element, "category", "Safety")
    _add(element, "event", info.event)
    for response in info.responses:
        _add(element, "responseType", response)
    for name in ("urgency", "severity", "certainty"):
        _add(element, name, getattr(info, name))
    for name, moment in (("effective", info.effective), ("expires", info.expires)):
        if moment is not None:
            _add(element, name, _time(moment))
    for name in ("headline", "description", "instruction"):
        if text := getattr(info, name):
            _add(element, name, text)
    for area in info.areas:
        _add_area(element, area)


def _add_area(info: ET.Element, area: Area) -> None:
    element = ET.SubElement(info, f"{{{NAMESPACE}}}area")
    _add(element, "areaDesc", area.description)
    polygons = [part for shape in area.shapes if not isinstance(shape, Circle) for part in get_parts(shape)]
    for polygon in polygons:
        _add(element, "polygon", " ".join(_place(latitude, longitude) for longitude, latitude in polygon.exterior.coords))
    for circle in (shape for shape in area.shapes if isinstance(shape, Circle)):
        _add(element, "circle", f"{_place(circle.latitude, circle.longitude)} {circle.radius_m / 1000:.3f}")


def _place(latitude: float, longitude: float) -> str:
    return f"{latitude:.7f},{wrapped(longitude):.7f}"


def _all(element: ET.Element, name: str) -> list[ET.Element]:
    return element.findall(f"{{{NAMESPACE}}}{name}")


def _text(element: ET.Element, name: str, default: str = "") -> str:
    return element.findtext(f"{{{NAMESPACE}}}{name}") or default


def _moment(text: str, at: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Fault(at, "This is not a time", "Write it like 2026-06-01T08:00:00+02:00.") from None


def _references(text: str) -> Iterator[Reference]:
    for reference in text.split():
        parts = reference.split(",")
        if len(parts) != 3 or not all(NAME.fullmatch(part) for part in parts):
            raise Fault("/references", "A reference has three parts", "Write sender,identifier,sent, and a space between two references.")
        yield Reference(parts[0], parts[1], _moment(parts[2], "/references"))


def _info(element: ET.Element, at: str) -> Info:
    event = _text(element, "event").strip()
    if not event:
        raise Fault(f"{at}/event", "The element event is empty", "Say in a few words what happened.")
    return Info(
        language=_text(element, "language", "en-US"),
        event=event,
        urgency=_text(element, "urgency"),
        severity=_text(element, "severity"),
        certainty=_text(element, "certainty"),
        headline=_text(element, "headline"),
        description=_text(element, "description"),
        instruction=_text(element, "instruction"),
        responses=tuple(one.text or "" for one in _all(element, "responseType")),
        effective=_perhaps(element, "effective", at),
        expires=_perhaps(element, "expires", at),
        areas=tuple(_area(one, f"{at}/area/{number}") for number, one in enumerate(_all(element, "area"))),
    )


def _perhaps(element: ET.Element, name: str, at: str) -> datetime | None:
    text = _text(element, name)
    return _moment(text, f"{at}/{name}") if text else None


def _area(element: ET.Element, at: str) -> Area:
    polygons = [_polygon(one.text or "", f"{at}/polygon/{number}") for number, one in enumerate(_all(element, "polygon"))]
    circles = [_circle(one.text or "", f"{at}/circle/{number}") for number, one in enumerate(_all(element, "circle"))]
    return Area(_text(element, "areaDesc"), (*polygons, *circles))


def _polygon(text: str, at: str) -> Shape:
    pairs = text.split()
    if len(pairs) < 4 or pairs[0] != pairs[-1]:
        raise Fault(at, "The element polygon is not closed", "Give at least four pairs, the last the same as the first.")
    places = [PLACE.fullmatch(pair) for pair in pairs]
    numbers = [(float(place[1]), float(place[2])) for place in places if place]
    if len(numbers) < len(places):
        raise Fault(
            at, "The element polygon has a pair that is not a place", "Write latitude,longitude in degrees, and a space between two pairs."
        )
    latitudes, longitudes = np.array(numbers).T
    return _checked(Polygon(np.column_stack([np.unwrap(longitudes, period=360), latitudes])), at)


def _circle(text: str, at: str) -> Shape:
    centre, _, radius_km = text.strip().partition(" ")
    place = PLACE.fullmatch(centre)
    if not place or not RADIUS_KM.fullmatch(radius_km):
        raise Fault(
            at,
            "The element circle has no centre and radius",
            "Write latitude,longitude in degrees, a space, and the radius in kilometres.",
        )
    radius_m = float(Decimal(radius_km) * 1000)  # in binary 1.001 km would be 1000.9999999999999 m
    return _checked(Circle(float(place[1]), float(place[2]), radius_m), at)


def _checked(shape: Shape, at: str) -> Shape:
    try:
        return checked(shape)
    except ShapeRefused as refused:
        raise Fault(at, refused.reason.split(". ")[0].removesuffix("."), "Correct the shape.") from None
