"""CAP 1.2: what is written has the elements of the standard in their order, what is read is judged by them, and both agree with the schema."""

import copy
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from defusedxml.ElementTree import fromstring
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, box

from app.core.cap import RESTRICTION, Alert, Area, Info, Reference, build, read, serialized
from app.core.capschema import CHILDREN, NAMESPACE, WORDS
from app.core.fault import Fault
from app.core.policy import Circle

SCHEMA = Path(__file__).parents[3] / "shared" / "data" / "CAP-v1.2.xsd"
SENT = datetime(2026, 6, 1, 8, 0, 5, tzinfo=UTC)
HQ = box(4.0, 52.0, 4.01, 52.01)
DUTCH = Info(
    language="nl",
    event="Brand",
    urgency="Immediate",
    severity="Severe",
    certainty="Observed",
    headline="Brand in gebouw A & B",
    description="Rook op de eerste <verdieping>.",
    instruction="Verlaat het pand.",
    responses=("Evacuate", "Avoid"),
    effective=SENT,
    expires=SENT + timedelta(hours=5),
    areas=(Area("HQ", (HQ, Circle(52.02, 4.02, 300.0))),),
)
ENGLISH = Info("en", "Fire", "Immediate", "Severe", "Observed")
ALERT = Alert("muster-1", "muster@example.org", SENT, "Actual", "Alert", (DUTCH, ENGLISH))
UPDATE = Alert(
    "muster-2", "muster@example.org", SENT, "Exercise", "Update", (ENGLISH,), (Reference("a@b", "1", SENT), Reference("a@b", "2", SENT))
)

names = st.from_regex(r"[a-z0-9@.-]{1,40}", fullmatch=True)
words = {name: st.sampled_from(allowed.split()) for name, allowed in WORDS.items()}
texts = st.text(max_size=40)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- the zone is given beside it
seconds = moments.map(lambda moment: moment.replace(microsecond=0))
boxes = st.builds(lambda west, south: box(west, south, west + 0.5, south + 0.5), st.integers(-180, 179), st.integers(-90, 89))
circles = st.builds(Circle, st.integers(-80, 80).map(float), st.integers(-179, 179).map(float), st.integers(1, 9000).map(float))
areas = st.builds(Area, texts, st.tuples(boxes) | st.tuples(boxes, circles) | st.tuples(circles))
infos = st.builds(
    Info,
    language=st.sampled_from(["nl", "en-GB", "de"]),
    event=texts.map(lambda text: "x" + text),
    urgency=words["urgency"],
    severity=words["severity"],
    certainty=words["certainty"],
    headline=texts,
    description=texts,
    instruction=texts,
    responses=st.lists(words["responseType"], max_size=3).map(tuple),
    effective=st.none() | seconds,
    expires=st.none() | seconds,
    areas=st.lists(areas, max_size=2).map(tuple),
)
references = st.lists(st.builds(Reference, names, names, seconds), min_size=1, max_size=3).map(tuple)
alerts = st.builds(
    Alert,
    identifier=names,
    sender=names,
    sent=seconds,
    status=st.sampled_from(["Actual", "Exercise", "Test"]),
    kind=st.sampled_from(["Alert", "Update", "Cancel"]),
    infos=st.lists(infos, min_size=1, max_size=2).map(tuple),
    references=references,
)
SLOWLY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


def qualified(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def at(root: ET.Element, path: str) -> ET.Element:
    found = root.find("/".join(qualified(step) for step in path.split("/")))
    assert found is not None
    return found


@pytest.fixture(scope="session")
def schema() -> Any:
    if not SCHEMA.exists():
        pytest.skip("the OASIS schema is not part of the repository")
    return xmlschema.XMLSchema(str(SCHEMA))


def readable(text: str) -> str:
    """A text as XML can carry it: without what XML 1.0 forbids, with its line ends made plain."""
    kept = "".join(
        one if one in "\t\n\r" or "\x20" <= one <= "\ud7ff" or "\ue000" <= one <= "\ufffd" or one > "\uffff" else "\ufffd" for one in text
    )
    return kept.replace("\r\n", "\n").replace("\r", "\n")


def test_a_radius_is_kept_to_the_metre() -> None:
    circles = tuple(Circle(52.0, 4.0, float(radius_m)) for radius_m in range(1, 9001))
    alert = replace(ALERT, infos=(replace(ENGLISH, areas=(Area("", circles),)),))
    assert read(build(alert)).infos[0].areas[0].shapes == circles


@given(alerts)
@SLOWLY
def test_what_is_written_is_read_again_the_same(alert: Alert) -> None:
    again = read(fromstring(serialized(build(alert))))
    assert (again.identifier, again.sender, again.sent, again.status, again.kind, again.references) == (
        *(alert.identifier, alert.sender, alert.sent, alert.status, alert.kind, alert.references),
    )
    for info, written in zip(again.infos, alert.infos, strict=True):
        for name in ("language", "urgency", "severity", "certainty", "responses", "effective", "expires"):
            assert getattr(info, name) == getattr(written, name)
        for name in ("headline", "description", "instruction"):
            assert getattr(info, name) == readable(getattr(written, name))
        assert info.event == readable(written.event).strip()
        assert [area.description for area in info.areas] == [readable(area.description) for area in written.areas]
        for area, drawn in zip(info.areas, written.areas, strict=True):
            for shape, original in zip(area.shapes, drawn.shapes, strict=True):
                if isinstance(shape, Circle) or isinstance(original, Circle):
                    assert shape == original
                else:
                    assert shape.equals(original)


@given(alerts)
@SLOWLY
def test_what_is_written_is_valid_by_the_schema(schema: Any, alert: Alert) -> None:
    schema.validate(serialized(build(alert)).decode())


def order(element: ET.Element) -> str:
    return " ".join(local(one) for one in element)


def test_elements_stand_in_the_order_of_the_standard() -> None:
    root = build(UPDATE)
    assert order(root) == "identifier sender sent status msgType scope restriction references info"
    info = at(build(ALERT), "info")
    assert order(info) == (
        "language category event responseType responseType urgency severity certainty effective expires headline description instruction area"
    )
    assert order(at(info, "area")) == "areaDesc polygon circle"
    assert at(root, "scope").text == "Restricted"
    assert at(root, "restriction").text == RESTRICTION
    assert at(root, "references").text == "a@b,1,2026-06-01T08:00:05-00:00 a@b,2,2026-06-01T08:00:05-00:00"
    assert at(info, "category").text == "Safety"


def test_latitude_comes_first_rings_are_closed_and_radii_are_kilometres() -> None:
    area = at(build(ALERT), "info/area")
    pairs = (at(area, "polygon").text or "").split()
    assert pairs[0] == pairs[-1]
    assert set(pairs) == {
        f"{latitude},{longitude}" for latitude in ("52.0000000", "52.0100000") for longitude in ("4.0000000", "4.0100000")
    }
    assert at(area, "circle").text == "52.0200000,4.0200000 0.300"


def test_times_are_utc_without_a_letter() -> None:
    zone = datetime.fromisoformat("2026-06-01T10:00:05+02:00")
    assert at(build(Alert("1", "a", zone, "Test", "Alert", (ENGLISH,))), "sent").text == "2026-06-01T08:00:05-00:00"


def test_parts_and_holes_become_polygons_without_holes_and_the_antimeridian_is_crossed_the_short_way() -> None:
    hole = Polygon(HQ.exterior.coords, [box(4.004, 52.004, 4.006, 52.006).exterior.coords])
    shapes = (MultiPolygon([hole, box(179, -20, 181, -19)]),)
    document = build(Alert("1", "a", SENT, "Test", "Alert", (Info("en", "x", "Past", "Minor", "Likely", areas=(Area("", shapes),)),)))
    assert "-179.0000000" in (document.findall(f".//{qualified('polygon')}")[1].text or "")
    first, second = read(document).infos[0].areas[0].shapes
    assert isinstance(first, Polygon)
    assert isinstance(second, Polygon)
    assert first.equals(HQ)
    assert second.bounds in ((179, -20, 181, -19), (-181, -20, -179, -19))


def test_characters_that_xml_cannot_carry_are_replaced() -> None:
    info = Info("nl", "a\x00b", "Past", "Minor", "Likely", headline="x\x1by\ud800z\uffff")
    document = serialized(build(Alert("1", "a", SENT, "Test", "Alert", (info,))))
    (again,) = read(fromstring(document)).infos
    assert (again.event, again.headline) == ("a\ufffdb", "x\ufffdy\ufffdz\ufffd")


Change = Callable[[ET.Element], object]


def text(path: str, value: str) -> Change:
    return lambda root: setattr(at(root, path), "text", value)


def without(path: str, name: str) -> Change:
    def change(root: ET.Element) -> None:
        parent = at(root, path) if path else root
        parent.remove(at(parent, name))

    return change


def twice(path: str, name: str) -> Change:
    def change(root: ET.Element) -> None:
        parent = at(root, path) if path else root
        parent.insert(list(parent).index(at(parent, name)), copy.deepcopy(at(parent, name)))

    return change


def inside(path: str, name: str) -> Change:
    return lambda root: ET.SubElement(at(root, path) if path else root, name)


NOT_VALID: list[tuple[Change, str]] = [
    (lambda root: setattr(root, "tag", "alert"), ""),
    (lambda root: setattr(root, "tag", "{urn:oasis:names:tc:emergency:cap:1.1}alert"), ""),
    (without("", "sender"), "/sender"),
    (without("", "scope"), "/scope"),
    (without("info", "event"), "/info/0/event"),
    (without("info", "category"), "/info/0/category"),
    (without("info/area", "areaDesc"), "/info/0/area/0/areaDesc"),
    (twice("", "sent"), "/status"),
    (twice("info", "headline"), "/info/0"),
    (lambda root: root.insert(0, root[-1]), "/identifier"),
    (inside("", qualified("nonsense")), ""),
    (inside("info", "area"), "/info/0"),
    (inside("identifier", qualified("b")), "/identifier"),
    (text("status", "actual"), "/status"),
    (text("msgType", " Alert"), "/msgType"),
    (text("scope", ""), "/scope"),
    (text("info/category", "Weather"), "/info/0/category/0"),
    (text("info/responseType", "Run"), "/info/0/responseType/0"),
    (text("info/urgency", "Now"), "/info/0/urgency"),
    (text("info/severity", "severe"), "/info/0/severity"),
    (text("info/certainty", "Very Likely"), "/info/0/certainty"),
    (text("info/language", "nederlands!"), "/info/0/language"),
    (text("sent", "2026-06-01T08:00:00Z"), "/sent"),
    (text("sent", "2026-06-01 08:00:00+00:00"), "/sent"),
    (text("sent", "2026-13-01T08:00:00+00:00"), "/sent"),
    (text("sent", "2026-06-01T08:00:00+15:00"), "/sent"),
    (text("info/expires", "tomorrow"), "/info/0/expires"),
    (lambda root: setattr(root, "text", "hello"), ""),
    (lambda root: setattr(at(root, "info/area"), "tail", "hello"), "/info/0"),
    (lambda root: at(root, "info").set("lang", "nl"), "/info/0"),
]
NOT_SENSIBLE: list[tuple[Change, str]] = [
    (text("identifier", "a b"), "/identifier"),
    (text("identifier", ""), "/identifier"),
    (text("sender", "a,b"), "/sender"),
    (text("status", "System"), "/status"),
    (text("status", "Draft"), "/status"),
    (text("msgType", "Ack"), "/msgType"),
    (text("msgType", "Cancel"), "/references"),
    (text("info/event", "  "), "/info/0/event"),
    (text("sent", "0001-01-01T00:00:00+14:00"), "/sent"),
    (text("info/area/polygon", "52,4 52,5 53,5"), "/info/0/area/0/polygon/0"),
    (text("info/area/polygon", "52,4 52,5 53,5 53,4"), "/info/0/area/0/polygon/0"),
    (text("info/area/polygon", "52,4 52,5 53;5 52,4"), "/info/0/area/0/polygon/0"),
    (text("info/area/polygon", "91,4 52,5 53,5 91,4"), "/info/0/area/0/polygon/0"),
    (text("info/area/polygon", "52,4 53,5 52,5 53,4 52,4"), "/info/0/area/0/polygon/0"),
    (text("info/area/polygon", "nan,4 52,5 53,5 nan,4"), "/info/0/area/0/polygon/0"),
    (text("info/area/circle", "52,4"), "/info/0/area/0/circle/0"),
    (text("info/area/circle", "52,4 0"), "/info/0/area/0/circle/0"),
    (text("info/area/circle", "52,4 -1"), "/info/0/area/0/circle/0"),
    (text("info/area/circle", "52 4 1"), "/info/0/area/0/circle/0"),
]


def changed(change: Change) -> ET.Element:
    root = build(ALERT)
    change(root)
    return root


@pytest.mark.parametrize(("change", "pointer"), [*NOT_VALID, *NOT_SENSIBLE])
def test_a_fault_names_the_element_and_what_to_do(change: Change, pointer: str) -> None:
    with pytest.raises(Fault) as fault:
        read(changed(change))
    assert fault.value.pointer == pointer
    assert not fault.value.message.endswith(".")
    assert "repaired" not in str(fault.value), "nobody offers a repair here"
    assert fault.value.next_step.endswith(".")


@pytest.mark.parametrize(("change", "pointer"), NOT_VALID)
def test_the_schema_refuses_the_same_documents_as_invalid(schema: Any, change: Change, pointer: str) -> None:
    root = changed(change)
    assert not schema.is_valid(root)


@pytest.mark.parametrize("reference", ["a,b", "a,b,c,d", "a,,2026-06-01T08:00:00-00:00", "a,b,yesterday"])
def test_a_reference_has_three_parts(reference: str) -> None:
    root = build(UPDATE)
    at(root, "references").text = reference
    with pytest.raises(Fault) as fault:
        read(root)
    assert fault.value.pointer == "/references"


FULL = f"""<alert xmlns="{NAMESPACE}"><identifier>1</identifier><sender>a</sender><sent>2026-06-01T10:00:00+02:00</sent><status>Test</status>
<msgType>Alert</msgType><source>s</source><scope>Public</scope><restriction>r</restriction><addresses>x y</addresses><code>1</code><code>2</code>
<note>n</note><references>a,0,2026-06-01T09:00:00+02:00</references><incidents>i</incidents>
<info><category>Met</category><category>Fire</category><event>Storm</event><urgency>Future</urgency><severity>Unknown</severity>
<certainty>Possible</certainty><audience>all</audience><eventCode><valueName>n</valueName><value>v</value></eventCode>
<effective>2026-06-01T10:00:00+02:00</effective><onset>2026-06-01T10:00:00-05:00</onset><senderName>S</senderName><web>https://example.org/</web><contact>c</contact>
<parameter><valueName>n</valueName><value/></parameter><resource><resourceDesc>d</resourceDesc><mimeType>image/png</mimeType><size>7</size>
<uri>x.png</uri><derefUri>eA==</derefUri><digest>00</digest></resource>
<area><areaDesc>d</areaDesc><geocode><valueName>n</valueName><value>v</value></geocode><altitude>10.5</altitude><ceiling>-3</ceiling></area></info>
<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo/></Signature></alert>"""


def test_every_element_of_the_standard_is_read() -> None:
    alert = read(fromstring(FULL))
    assert (alert.sent, alert.infos[0].language, alert.infos[0].event) == (datetime(2026, 6, 1, 8, tzinfo=UTC), "en-US", "Storm")
    assert alert.infos[0].areas == (Area("d"),)
    known = {name.rstrip("?*+") for children in CHILDREN.values() for name in children.split()}
    there = {local(one) for one in fromstring(FULL).iter()} | {local(one) for one in build(ALERT).iter()}
    assert known <= there


def test_the_schema_knows_the_same_elements(schema: Any) -> None:
    assert [str(error.reason) for error in schema.iter_errors(FULL) if "Signature" not in str(error.path)] == []


@given(st.data())
@SLOWLY
def test_what_is_taken_is_always_valid_by_the_schema(schema: Any, data: st.DataObject) -> None:
    root = fromstring(FULL)
    root.remove(root[-1])
    for _ in range(data.draw(st.integers(1, 3))):
        every = list(root.iter())
        element, other = data.draw(st.sampled_from(every)), data.draw(st.sampled_from(every))
        match data.draw(st.sampled_from(["drop", "text", "word", "copy", "rename"])):
            case "drop" if len(element):
                element.remove(data.draw(st.sampled_from(list(element))))
            case "text":
                element.text = data.draw(st.sampled_from(["", "x", " ", "2026-06-01T10:00:00+02:00", "1", "Safety"]))
            case "word":
                element.text = other.text
            case "copy" if not list(other):
                element.insert(data.draw(st.integers(0, len(element))), copy.deepcopy(other))
            case "rename":
                element.tag = other.tag
    try:
        read(root)
    except Fault:
        return
    schema.validate(root)
