"""The rules of the OASIS schema of CAP 1.2, for a parsed document: which elements, in which order, how often, and what may stand in them.

Stricter than the schema in a few places where that keeps surprises out: no white space around a word of an enumeration, no attributes but the
schema's own. So what is accepted here is valid, and what we build is checked by the same rules.
"""

import re
from typing import Final
from xml.etree import ElementTree as ET

from app.core.fault import Fault

NAMESPACE: Final = "urn:oasis:names:tc:emergency:cap:1.2"
SIGNATURE: Final = "{http://www.w3.org/2000/09/xmldsig#}"
INSTANCE: Final = "{http://www.w3.org/2001/XMLSchema-instance}"
PAIR: Final = "valueName value"
CHILDREN: Final = {
    "alert": "identifier sender sent status msgType source? scope restriction? addresses? code* note? references? incidents? info*",
    "info": "language? category+ event responseType* urgency severity certainty audience? eventCode* effective? onset? expires? senderName? "
    "headline? description? instruction? web? contact? parameter* resource* area*",
    "resource": "resourceDesc mimeType size? uri? derefUri? digest?",
    "area": "areaDesc polygon* circle* geocode* altitude? ceiling?",
    **dict.fromkeys(("eventCode", "parameter", "geocode"), PAIR),
}
"""The children of each element that has any, in their order: `?` at most once, `*` any number, `+` at least once, else exactly once."""
WORDS: Final = {
    "status": "Actual Exercise System Test Draft",
    "msgType": "Alert Update Cancel Ack Error",
    "scope": "Public Restricted Private",
    "category": "Geo Met Safety Security Rescue Fire Health Env Transport Infra CBRNE Other",
    "responseType": "Shelter Evacuate Prepare Execute Avoid Monitor Assess AllClear None",
    "urgency": "Immediate Expected Future Past Unknown",
    "severity": "Extreme Severe Moderate Minor Unknown",
    "certainty": "Observed Likely Possible Unlikely Unknown",
}
_TIME: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+](?:(?:0\d|1[0-3]):[0-5]\d|14:00)"
_DECIMAL: Final = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)"
FORMS: Final = {
    **dict.fromkeys(("sent", "effective", "onset", "expires"), (_TIME, "a time with its offset, like 2026-06-01T08:00:00+02:00")),
    **dict.fromkeys(("altitude", "ceiling"), (_DECIMAL, "a number of feet")),
    "language": (r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*", "a language, like nl or en-US"),
    "size": (r"[-+]?\d+", "a whole number of bytes"),
}


def check(root: ET.Element) -> None:
    """Raise `Fault` at the first element that the schema would refuse."""
    if root.tag != f"{{{NAMESPACE}}}alert":
        raise Fault("", "This is not a CAP 1.2 alert", f"Send a document whose root is alert in the namespace {NAMESPACE}.")
    _check(root, "alert", "")


def _check(element: ET.Element, name: str, at: str) -> None:
    if any(not key.startswith(INSTANCE) for key in element.keys()):  # noqa: SIM118 -- an element is no mapping
        raise Fault(at, f"The element {name} has an attribute", "Leave it out: CAP has none.")
    if name not in CHILDREN:
        _check_text(element, name, at)
        return
    if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
        raise Fault(at, f"The element {name} has text beside its elements", "Put the text into one of them.")
    _check_children(element, name, at)


def _check_children(element: ET.Element, name: str, at: str) -> None:
    children = list(element)
    while name == "alert" and children and str(children[-1].tag).startswith(SIGNATURE):
        children.pop()
    for allowed in CHILDREN[name].split():
        child_name, often = (allowed[:-1], allowed[-1]) if allowed[-1] in "?*+" else (allowed, "")
        found = 0
        while children and children[0].tag == f"{{{NAMESPACE}}}{child_name}" and (found == 0 or often in ("*", "+")):
            _check(children.pop(0), child_name, f"{at}/{child_name}/{found}" if often in ("*", "+") else f"{at}/{child_name}")
            found += 1
        if not found and often in ("", "+"):
            raise Fault(f"{at}/{child_name}", f"The element {child_name} of {name} is missing or not in its place", _order(name))
    if children:
        raise Fault(at, f"The element {name} has one that is unknown, there twice or not in its place", _order(name))


def _order(name: str) -> str:
    return f"The order is: {re.sub('[?*+]', '', CHILDREN[name]).replace(' ', ', ')}."


def _check_text(element: ET.Element, name: str, at: str) -> None:
    text = element.text or ""
    if len(element):
        raise Fault(at, f"The element {name} has elements inside", "It holds only text.")
    if name in WORDS and text not in WORDS[name].split():
        raise Fault(at, f"The element {name} has an unknown word", f"Use one of: {WORDS[name].replace(' ', ', ')}.")
    if name in FORMS and not re.fullmatch(FORMS[name][0], text, re.ASCII):
        raise Fault(at, f"The element {name} cannot be read", f"Write {FORMS[name][1]}.")
