"""CAP over HTTP: out as documents and a feed, in as drafts."""

from datetime import timedelta
from pathlib import Path
from time import process_time
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from app.core import cap
from app.messaging.models import Message
from tests.factories import NOW, World
from tests.messaging.alarm import TEXTS, Alarm

CAP = {"Content-Type": "application/cap+xml"}
ATOM = "{http://www.w3.org/2005/Atom}"
POLYGON = "52.0,5.0 52.2,5.0 52.2,5.3 52.0,5.0"
SCHEMA = Path(__file__).parents[2].parent / "shared/data/CAP-v1.2.xsd"


def document(
    identifier: str = "KNMI-1", kind: str = "Alert", references: str = "", area: str = f"<polygon>{POLYGON}</polygon>", **words: str
) -> str:
    said = {"status": "Exercise", "headline": "Storm", "description": "Blijf binnen.", "severity": "Extreme", "language": "nl-NL"} | words
    refers = f"<references>{references}</references>" if references else ""
    info = (
        f"<info><language>{said['language']}</language><category>Met</category><event>Storm</event><urgency>Immediate</urgency>"
        f"<severity>{said['severity']}</severity><certainty>Likely</certainty>"
        f"<headline>{said['headline']}</headline><description>{said['description']}</description>"
        f"<area><areaDesc>Utrecht</areaDesc>{area}</area></info>"
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
        f"<identifier>{identifier}</identifier><sender>knmi@example.org</sender><sent>2026-06-03T11:59:00-00:00</sent>"
        f"<status>{said['status']}</status><msgType>{kind}</msgType><scope>Public</scope>{refers}{info if kind != 'Cancel' else ''}</alert>"
    )


def receive(alarm: Alarm, body: str | bytes, status: int = 201, **headers: str) -> Any:
    answer = alarm.sender.client.post("/api/v1/cap", data=body, headers={**CAP, **headers})
    assert answer.status_code == status, answer.text
    return answer.get_json()


def shown(alarm: Alarm, alert: str) -> cap.Alert:
    answer = alarm.sender.client.get(f"/api/v1/alerts/{alert}/cap")
    assert (answer.status_code, answer.mimetype) == (200, "application/cap+xml"), answer.text
    return cap.read(ET.fromstring(answer.data))


def test_what_went_out_is_a_cap_message_and_its_updates_refer_to_it(alarm: Alarm) -> None:
    fence = alarm.world.circle()
    sent = alarm.send(target={"fence": str(fence)}, exercise="exercise")["id"]
    assert alarm.sender.get(f"/alerts/{sent}/cap", 409)["detail"].startswith("This is about to go out")
    alarm.later(seconds=11)
    first = shown(alarm, sent)
    assert (first.identifier, first.status, first.kind, first.references) == (sent, "Exercise", "Alert", ())
    assert {info.language: (info.severity, info.headline) for info in first.infos} == {
        "nl-NL": ("Severe", "OEFENING: Brand"), "en-GB": ("Severe", "EXERCISE: Fire"),
    }  # fmt: skip
    assert [area.description for area in first.infos[0].areas] == ["HQ"]
    alarm.do(sent, "updates", 202, body={"kind": "all_clear", "texts": TEXTS})
    last = shown(alarm, sent)
    assert (last.identifier, last.kind, [one.identifier for one in last.references]) == (f"{sent}.1", "Update", [sent])
    assert last.infos[0].responses == ("AllClear",)


@pytest.mark.skipif(not SCHEMA.exists(), reason="the OASIS schema is not at hand")
def test_it_is_valid_against_the_schema_of_oasis(alarm: Alarm) -> None:
    import xmlschema  # noqa: PLC0415

    sent = alarm.active(target={"fence": str(alarm.world.circle())})
    alarm.do(sent, "updates", 202, body={"kind": "cancel", "texts": TEXTS})
    xmlschema.XMLSchema(str(SCHEMA)).validate(alarm.sender.client.get(f"/api/v1/alerts/{sent}/cap").data.decode())


def test_without_its_words_there_is_no_document_and_the_feed_goes_on(alarm: Alarm) -> None:
    sent = alarm.active(target={"people": [str(alarm.person())]})
    with alarm.world.database.tenant(alarm.world.organization_id) as session:
        session.query(Message).update({"sealed_texts": None})
    assert alarm.sender.get(f"/alerts/{sent}/cap", 410)["type"] == "/problems/unreadable"
    assert alarm.sender.client.get("/api/v1/cap").status_code == 200
    assert alarm.read(sent)["texts"] == {}


def test_the_feed_lists_what_went_out(alarm: Alarm) -> None:
    person = {"people": [str(alarm.person())]}
    alarm.send(target=person, draft=True)
    sent = alarm.active(target=person)
    answer = alarm.sender.client.get("/api/v1/cap")
    assert answer.mimetype == "application/atom+xml"
    (entry,) = ET.fromstring(answer.data).iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{sent}"
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert link.attrib["href"].endswith(f"/api/v1/alerts/{sent}/cap")


def test_a_cap_message_becomes_a_draft_that_nobody_gets_before_a_person_sends_it(alarm: Alarm) -> None:
    here = alarm.inside(alarm.world.circle())
    draft = receive(alarm, document(area="<polygon>52.0,5.0 52.2,5.0 52.2,5.3 52.0,5.3 52.0,5.0</polygon>"))
    assert (draft["stage"], draft["exercise"], draft["severity"], draft["cap_identifier"]) == (
        "draft",
        "exercise",
        "extreme",
        "knmi@example.org,KNMI-1",
    )
    alarm.later(minutes=5)
    assert alarm.peer.parcels == []
    alarm.do(draft["id"], "activation", 202)
    alarm.later(seconds=11)
    assert set(alarm.recipients()) == {here}
    assert alarm.texts() == ["OEFENING: Storm|Blijf binnen."]


def test_the_same_message_is_the_same_draft(alarm: Alarm) -> None:
    assert receive(alarm, document())["id"] == receive(alarm, document())["id"]
    assert len(alarm.world.rows(Message)) == 1


def test_a_cancellation_takes_back_a_draft_and_never_what_went_out(alarm: Alarm) -> None:
    reference = "knmi@example.org,KNMI-1,2026-06-03T11:59:00-00:00"
    draft = receive(alarm, document())
    assert receive(alarm, document("KNMI-2", "Cancel", reference))["stage"] == "cancelled"
    other = receive(alarm, document("KNMI-3"))["id"]
    alarm.do(other, "activation", 202)
    alarm.later(seconds=11)
    answer = receive(alarm, document("KNMI-4", "Cancel", reference.replace("KNMI-1", "KNMI-3")), 409)
    assert answer["detail"].startswith("This went out already")
    receive(alarm, document("KNMI-5", "Cancel", reference.replace("KNMI-1", "nobody")), 404)
    both = f"{reference} {reference.replace('KNMI-1', 'KNMI-3')}"
    assert receive(alarm, document("KNMI-6", "Cancel", both), 422)["errors"][0]["field"] == "cap.references"
    assert alarm.read(draft["id"])["stage"] == "cancelled"


def test_an_update_replaces_the_draft_it_names(alarm: Alarm) -> None:
    first = receive(alarm, document())["id"]
    reference = "knmi@example.org,KNMI-1,2026-06-03T11:59:00-00:00"
    second = receive(alarm, document("KNMI-2", "Update", reference, headline="Orkaan"))
    assert (alarm.read(first)["stage"], second["stage"], second["subject"]) == ("cancelled", "draft", "OEFENING: Orkaan")


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (BOMB, "cap"),
        (OUTSIDE, "cap"),
        ("<alert", "cap"),
        (b"\xff\xfe\x00", "cap"),
        ("<other/>", "cap"),
        (document(area="<polygon>52.0,5.0 52.2,5.0 52.0,5.0</polygon>"), "cap.info.0.area.0.polygon.0"),
        (document(area="<polygon>52.0,5.0 52.2,5.0 52.2,5.3 52.1,5.1</polygon>"), "cap.info.0.area.0.polygon.0"),
        (document(area=""), "cap.info.0.area"),
        (document(area="<circle>52.1,5.1 1</circle><circle>52.2,5.1 1</circle>"), "cap.info.0.area"),
        (document(severity="Terrible"), "cap.info.0.severity"),
        (document(status="System"), "cap.status"),
        (document(kind="Update"), "cap.references"),
        (document(kind="Ack"), "cap.msgType"),
        (document(headline="x" * 201), "cap.info.0.headline"),
        (document(description="x" * 4001), "cap.info.0.description"),
    ],
)
def test_what_is_no_alert_is_refused_at_its_element(alarm: Alarm, body: str | bytes, field: str) -> None:
    (error,) = receive(alarm, body, 422)["errors"]
    assert error["field"] == field
    assert alarm.world.rows(Message) == []


def test_other_types_and_too_much_are_refused(alarm: Alarm) -> None:
    receive(alarm, document(), 415, **{"Content-Type": "application/xml"})
    receive(alarm, document(description="x" * 300_000), 413)


def test_a_circle_is_an_area(alarm: Alarm) -> None:
    draft = receive(alarm, document(area="<circle>52.0907,5.1214 1.5</circle>"))
    assert "area" in alarm.message(draft["id"]).target


def test_cap_is_for_senders_and_needs_the_purpose_safety(alarm: Alarm, world: World) -> None:
    alarm.sender = alarm.desk.member("employee")
    receive(alarm, document(), 403)
    alarm.sender.get("/cap", 403)
    alarm.desk.at(NOW + timedelta(hours=1))
    other = World(world.database)
    other.instruction()
    from app.accounts.models import OrganizationModule  # noqa: PLC0415

    other.add(OrganizationModule(module="alerts"))
    alarm.desk.world = other
    alarm.sender = alarm.desk.member("sender")
    assert receive(alarm, document(), 409)["type"] == "/problems/purpose-missing"


def test_polygons_that_cross_each_other_thousands_of_times_are_refused_at_once(alarm: Alarm) -> None:
    """Joining them would take minutes and all memory: this is 24 kB."""
    across = [f"52.{row:03d},5.0 52.{1000 - row:03d},6.0 52.{1000 - row:03d}1,6.0 52.{row:03d},5.0" for row in range(100, 250)]
    along = [f"52.0,5.{row:03d} 53.0,5.{1000 - row:03d} 53.0,5.{1000 - row:03d}1 52.0,5.{row:03d}" for row in range(100, 250)]
    area = "".join(f"<polygon>{one}</polygon>" for one in across + along)
    began = process_time()
    refused = receive(alarm, document(area=area), 422)
    assert refused["errors"][0]["field"] == "cap.info.0.area"
    assert process_time() - began < 20


def test_neighbours_with_a_long_border_in_common_are_one_area(alarm: Alarm) -> None:
    border = [f"{52 + row / 1000:.3f},5.{500 + row % 2}" for row in range(1000)]
    west = " ".join([*border, "52.999,5.0", "52.0,5.0", border[0]])
    east = " ".join([*border, "52.999,6.0", "52.0,6.0", border[0]])
    draft = receive(alarm, document(area=f"<polygon>{west}</polygon><polygon>{east}</polygon>"))
    assert alarm.message(draft["id"]).area_fence_id is not None
