"""The pages behind links: a visitor's own, and a host's."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import icalendar
import pytest
from flask.testing import FlaskClient

from app.messaging.models import Guest
from app.visitors import invitations, tokens
from app.visitors.models import Invitation, Visit, VisitNotice, Visitor, VisitorField, VisitType
from app.visitors.retention import forget_expired
from tests.factories import NOW, application
from tests.messaging.road import Road
from tests.visitors.test_telling import House, road

__all__ = ["road"]


@pytest.fixture
def browser(road: Road) -> FlaskClient:
    return application(road.deps).test_client()


def link(road: Road, who: UUID) -> str:
    return "/v/" + tokens.visit_token(road.deps.settings, road.organization_id, who)


def host_link(road: Road) -> str:
    [notice] = road.world.rows(VisitNotice)
    return "/h/" + tokens.host_token(road.deps.settings, road.organization_id, notice.id)


def post(browser: FlaskClient, path: str, status: int = 200, **form: Any) -> str:
    answer = browser.post(path, data=form)
    assert answer.status_code == status, answer.text
    return answer.text


def test_a_visitor_sees_their_visit_their_code_their_data_and_when_it_is_deleted(road: Road, browser: FlaskClient) -> None:
    house = House(road)
    who = house.invite(road.person("sms"))
    answer = browser.get(link(road, who))
    code = next(tokens.codes(road.deps.settings, road.organization_id, who))
    for words in ("Jane Guest", "Somebody", "HQ", code, "jane@example.org", "We delete your data on", "To reach you"):
        assert words in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "script" not in answer.text.lower().replace("description", "")


def test_who_was_invited_by_sms_finds_the_way_the_rules_and_a_code_to_scan_on_the_page(road: Road, browser: FlaskClient) -> None:
    house = House(road, directions={"en": "Through the gate"})
    who = house.invite(road.person("sms"), {"telephone": "+31612345678"})
    [visit] = road.world.rows(Visit)
    text = browser.get(link(road, who)).text
    for words in ("How to get there", "Kade 1 Rotterdam\nThrough the gate", "House rules", "Wear a helmet", "<svg", "Your QR code"):
        assert words in text
    with road.deps.database.tenant(road.organization_id) as session:
        session.get_one(Visit, (road.organization_id, visit.id)).state = "cancelled"
    assert "<svg" not in browser.get(link(road, who)).text, "nothing is left to arrive for"


def test_what_a_visitor_corrects_is_corrected_and_what_they_empty_is_gone(road: Road, browser: FlaskClient) -> None:
    house = House(road)
    who = house.invite()
    house.tell("invited", who)
    said = post(browser, link(road, who), do="correct", name="  Jané   O'Guest <b>", email="", telephone="0612345678")
    assert "Saved." in said
    assert "Jané O&#39;Guest &lt;b&gt;" in said
    assert [one.field for one in road.world.rows(VisitorField)] == ["telephone"]
    assert road.world.rows(Guest) == [], "messages do not know the old address any longer"
    assert "could not be saved" in post(browser, link(road, who), do="correct", name=" ")


def test_a_visitor_who_is_on_site_signs_out_and_may_then_erase_everything(road: Road, browser: FlaskClient) -> None:
    house = House(road)
    house.arrives(road.person("sms"))
    [visitor] = road.world.rows(Visitor)
    mine = link(road, visitor.id)
    assert "still signed in" in post(browser, mine, do="erase")
    assert "You are signed out" in post(browser, mine, do="leave")
    assert [(one.state, one.left_by) for one in road.world.rows(Visit)] == [("left_confirmed", "link")]
    assert "erased" in post(browser, mine, do="erase")
    assert (road.world.rows(Visitor), road.world.rows(Visit), road.world.rows(VisitNotice)) == ([], [], [])
    post(browser, mine, 404, do="leave")


def test_the_calendar_file_has_the_entry_of_the_invitation(road: Road, browser: FlaskClient) -> None:
    house = House(road)
    who = house.invite(rule="FREQ=WEEKLY;COUNT=3")
    house.tell("invited", who)
    answer = browser.get(link(road, who) + "/visit.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    mailed = icalendar.Calendar.from_ical(road.email.had[0].calendar or "")
    assert icalendar.Calendar.from_ical(answer.text).events[0]["UID"] == mailed.events[0]["UID"]


def test_a_host_answers_by_the_link_and_opening_it_answers_nothing(road: Road, browser: FlaskClient) -> None:
    house = House(road)
    house.arrives(road.person("sms", locale="nl"))
    asked = browser.get(host_link(road)).text
    assert "Jane Guest" in asked
    assert "Kom je?" in asked
    assert road.world.rows(Visit)[0].host_said is None
    assert "Genoteerd: Ik kom" in post(browser, host_link(road), answer="coming")
    post(browser, host_link(road), answer="nonsense")
    assert road.world.rows(Visit)[0].host_said == "coming"


def test_once_the_visit_is_over_a_host_is_told_nothing_of_it(road: Road, browser: FlaskClient) -> None:
    house = House(road)
    house.arrives(road.person("sms", locale="en"))
    [visitor] = road.world.rows(Visitor)
    post(browser, link(road, visitor.id), do="leave")
    said = post(browser, host_link(road), answer="coming")
    assert "This visit is over" in said
    assert "Jane" not in said


@pytest.mark.parametrize(
    "path", ["/v/x", "/h/x", "/v/v1-AAAAAAAAAAAAAAAAAAAAAA", "/h/h999999-AAAAAAAAAAAAAAAAAAAAAA", "/v/v1-AAAAAAAAAAAAAAAAAAAAAA/visit.ics"]
)
def test_every_link_that_is_none_of_ours_gets_the_same_page(road: Road, browser: FlaskClient, path: str) -> None:
    answer = browser.get(path)
    assert (answer.status_code, answer.text) == (404, browser.get("/v/y").text)


def test_nothing_of_a_link_is_logged(road: Road, browser: FlaskClient, capfd: pytest.CaptureFixture[str]) -> None:
    house = House(road)
    house.arrives(road.person("sms"))
    [visitor] = road.world.rows(Visitor)
    for path in (link(road, visitor.id), host_link(road), link(road, visitor.id) + "x"):
        browser.get(path)
        browser.post(path, data={"do": "correct", "name": "Jane Canary", "answer": "coming"})
    written = capfd.readouterr()
    said = written.out + written.err
    assert not any(text in said for text in (link(road, visitor.id)[5:], host_link(road)[5:], "Canary", "Jane"))


def asks(road: Road, house: House, fields: dict[str, Any]) -> None:
    with road.deps.database.tenant(road.organization_id) as session:
        session.get_one(VisitType, (road.organization_id, house.kind)).fields = fields


def test_an_address_that_the_kind_of_visit_does_not_ask_for_goes_at_the_expected_end_and_the_page_says_so(
    road: Road, browser: FlaskClient
) -> None:
    house = House(road)
    asks(road, house, {"telephone": {"purpose": {"en": "Door bell"}, "days": 3}})
    who = house.invite(values={"email": "jane@example.org", "telephone": "0612345678"})
    house.tell("invited", who)
    text = browser.get(link(road, who)).text
    assert "To reach you about your visit. Deleted on 05-06-2026." in text
    assert "Door bell Deleted on 08-06-2026." in text
    for day, left in ((4, {"email", "telephone"}), (5, {"telephone"}), (7, {"telephone"}), (8, set())):
        forget_expired(road.deps, road.organization_id, datetime(2026, 6, day, 12, tzinfo=UTC))
        assert {one.field for one in road.world.rows(VisitorField)} == left, day
        assert bool(road.world.rows(Guest)) == (day < 5), "nor do messages know the address any longer"
    assert "Deleted on" not in browser.get(link(road, who)).text


def test_who_is_put_off_is_reached_as_long_as_the_new_date_asks(road: Road) -> None:
    house = House(road)
    asks(road, house, {})
    who, later = house.invite(), datetime(2026, 9, 1, 8, tzinfo=UTC)
    with road.deps.database.tenant(road.organization_id) as session:
        (invitation,) = session.query(Invitation)
        changes = {"starts_at": later, "ends_at": later + timedelta(hours=1)}
        invitations.change(session, invitation, changes, NOW, road.deps, tell=False)
    (kept,) = road.world.rows(VisitorField)
    assert (kept.visitor_id, kept.purge_after) == (who, date(2026, 9, 1))
