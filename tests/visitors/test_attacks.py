"""Who attacks the reception: hostile links, kiosks, posters, webhooks and files; and what is refused."""

import contextlib
import csv
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.actor import Actor
from app.visitors import deny, rows
from app.visitors import desk as desk_of
from app.visitors.models import DenyEntry, RollCallMark
from tests.attendance.desk import API, Desk
from tests.factories import NOW, World
from tests.visitors.test_assembly import poster, scan, scan_in_english, states
from tests.visitors.test_kiosk import arrive as arrives
from tests.visitors.test_kiosk import desk, invited, kind, kiosk, site, site_and_kiosk, visits, walk_in, work, world
from tests.visitors.test_roll_call import begin, by_name, clocked_in, said
from tests.visitors.test_roll_call import site as site_of
from tests.visitors.test_roll_call import visitor as visitor_of
from tests.visitors.test_visits import plan

__all__ = ["desk", "kiosk", "site", "site_and_kiosk", "world"]


def denied(desk: Desk, name: str) -> None:
    """A name that two people put on the deny list."""
    organization, settings = desk.world.organization_id, desk.deps.settings
    desk.world.add(
        DenyEntry(
            name_hash=deny.name_hash(settings, organization, name), sound_hash=deny.sound_hash(settings, organization, name),
            reason="theft", approved_by=desk.member("manager").person_id, approved_at=NOW, expires_on=(NOW + timedelta(days=9)).date(),
        )
    )  # fmt: skip


HOSTILE = ["a\x00b", "a\x1b[2Jb", "x@y.org\r\nBcc: all@example.org", "x\u202eb", "x\x85y", "x\u2028y", "\u200bx\xady"]
UNWANTED = set("\x00\x1b\r\n\u202e\x85\u2028\u200b\xad")


def is_clean(shown: str, hostile: str) -> bool:
    """Nothing unwanted is left, and all the rest is."""
    return not UNWANTED & set(shown) and "".join(shown.split()) == "".join(
        "".join(set_ for set_ in hostile if set_ not in UNWANTED).split()
    )


@pytest.mark.parametrize("field", ["name", "email", "company"])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_link_keeps_no_text_that_breaks_a_row_a_mail_or_a_calendar(desk: Desk, site: UUID, field: str, hostile: str) -> None:
    ask = {"purpose": {"en": "x"}, "days": 3, "required": False}
    _, token, _ = invited(desk, site, kind(desk.world, fields={"email": ask, "company": ask}))
    answer = desk.app.test_client().post(f"/v/{token}", data={"do": "correct", "name": "Ann Visitor", field: hostile})
    assert answer.status_code == 200
    [visit], reception = visits(desk.world), desk.member("reception")
    shown = reception.get(f"/visits/{visit.id}")
    assert is_clean(shown["name"] if field == "name" else shown["fields"][field], hostile)


@pytest.mark.parametrize("hostile", HOSTILE[1:])
def test_no_way_in_keeps_a_name_that_nobody_can_read_as_it_is(desk: Desk, site: UUID, kiosk: FlaskClient, hostile: str) -> None:
    of, reception = kind(desk.world), desk.member("reception")
    ask = {"site_id": str(site), "visit_type_id": str(of), "name": hostile}
    names = [walk_in(kiosk, of, hostile)["name"], reception.post("/visits", ask)["name"]]
    made = reception.post("/invitations", plan(site, of, hostile))
    names.append(reception.get(f"/invitations/{made['id']}/visitors")[0]["name"])
    path = f"/visits/{visits(desk.world)[0].id}"
    names.append(reception.send("PATCH", path, {"name": hostile}, match=reception.etag(path))["name"])
    call = begin(reception, site)
    reception.post(f"/roll-calls/{call['id']}/marks", {"added": [{"id": str(uuid4()), "name": hostile}]}, status=200)
    names += [one["name"] for one in reception.get(f"/roll-calls/{call['id']}")["entries"] if one["basis"] == "added"]
    assert len(names) == 5
    assert [name for name in names if not is_clean(name, hostile)] == []
    walk_in(kiosk, of, "\x01\u202e", 422)


def test_a_name_corrected_by_link_does_not_lead_past_the_deny_list(desk: Desk, site: UUID, kiosk: FlaskClient) -> None:
    denied(desk, "Mal Adroit")
    _, token, _ = invited(desk, site, kind(desk.world), "Mal Adroit", stopped=True)
    desk.app.test_client().post(f"/v/{token}", data={"do": "correct", "name": "Bon Garcon"})
    assert arrives(kiosk, token=token)["state"] == "waiting"


def test_whom_the_deny_list_has_since_the_invitation_waits_at_the_reception_too(desk: Desk, site: UUID) -> None:
    invited(desk, site, kind(desk.world), "Mal Adroit")
    denied(desk, "Mal Adroit")
    [visit], reception = visits(desk.world), desk.member("reception")
    for _ in range(2):
        seen = reception.post(f"/visits/{visit.id}/arrival", {}, status=200)
        assert (seen["state"], seen["stopped"]) == ("waiting", True)
    assert work(desk.world, "visitors.arrived") == []
    assert reception.post(f"/visits/{visit.id}/approval", status=200)["state"] == "on_site"


@pytest.mark.parametrize("badge", [False, True])
@pytest.mark.parametrize("tells", ["kiosk", "erasure", "link"])
def test_what_two_say_of_a_visit_at_the_same_moment_happens_once(
    desk: Desk, site: UUID, kiosk: FlaskClient, tells: str, monkeypatch: pytest.MonkeyPatch, *, badge: bool
) -> None:
    _, token, _ = invited(desk, site, kind(desk.world, badge=badge))
    if tells == "link":
        arrives(kiosk, token=token)
    [visit], said, read = visits(desk.world), [], rows.visits_of
    at_the_desk = desk_of.departure if tells == "link" else desk_of.arrival
    about = {"own": None} if tells == "link" else {"deps": desk.deps}

    def meanwhile(session: Session, *given: Any, **named: Any) -> Any:
        """After one has read how it stands, the reception says something of its own."""
        found = read(session, *given, **named)
        with contextlib.suppress(OperationalError), desk.deps.database.tenant(desk.world.organization_id) as other:
            other.execute(text("SET LOCAL lock_timeout = '100ms'"))
            said.append(
                at_the_desk(
                    other, Actor("member", frozenset(), desk.world.organization_id), visit.id, at=None, now=NOW, **about
                ).visit.state
            )
        return found

    monkeypatch.setattr(rows, "visits_of", meanwhile)
    if tells == "kiosk":
        arrives(kiosk, token=token)
    else:
        desk.app.test_client().post(f"/v/{token}", data={"do": "erase" if tells == "erasure" else "leave"})
    assert len(work(desk.world, "visitors.left" if tells == "link" else "visitors.arrived")) == (0 if tells == "erasure" else 1)
    assert len(visits(desk.world)) == (0 if tells == "erasure" else 1)


def test_the_staff_cannot_be_found_out_by_walking_in_to_guessed_hosts(desk: Desk, site: UUID, kiosk: FlaskClient) -> None:
    of, same = kind(desk.world), str(uuid4())
    desk.world.add(Person(id=uuid4(), name="Hanna Host"))
    who = {"name": "Bob", "visit_type_id": str(of)}
    statuses = []
    for number in range(14):
        body = {"id": same, "locale": "nl", "walk_in": {**who, "host_name": f"Guess {number}"}}
        statuses.append(kiosk.post(f"{API}/kiosk/visits/arrival", json=body).status_code)
    assert statuses[:10] == [201] * 10
    assert statuses[-1] == 429
    desk.at(NOW + timedelta(hours=1))
    for _ in range(20):
        assert walk_in(kiosk, of, host_name="hanna HOST")["host_known"] is True


def test_a_poster_cannot_fill_a_roll_call_with_marks(desk: Desk) -> None:
    hq, who = site_of(desk.world), desk.member("responder")
    clocked_in(desk.world, hq, "Anna Aalders")
    call, path = begin(who, hq), poster(desk, hq)
    for _ in range(3):
        scan(desk, path, "Anna Aalders"), scan(desk, path, "Nobody Knows")
    assert len(desk.world.rows(RollCallMark)) == 2
    seen = who.get(f"/roll-calls/{call['id']}")
    [anna] = [mark for mark in seen["marks"] if mark["entry_id"] == by_name(seen)["Anna Aalders"]["id"]]
    undo = said({"id": anna["entry_id"]}, "withdrawn", withdraws=anna["id"])
    who.post(f"/roll-calls/{call['id']}/marks", {"marks": [undo]}, status=200)
    assert states(desk, call)["Anna Aalders"] == "open"
    scan(desk, path, "Anna Aalders")
    assert states(desk, call)["Anna Aalders"] == "safe", "who was marked by mistake may still say so"


def test_a_poster_that_is_full_of_strangers_says_so_to_everybody(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.visitors.assembly.MOST_ADDED", 2)
    hq = site_of(desk.world)
    clocked_in(desk.world, hq, "Anna Aalders")
    call, path = begin(desk.member("responder"), hq), poster(desk, hq)
    assert "It was noted" in scan_in_english(desk, path, "Stranger One")
    answers = {scan_in_english(desk, path, name) for name in ("Stranger Two", "Stranger Three", "Anna Aalders")}
    assert len(answers) == 1, "nobody learns who is known"
    assert "tell a responder" in answers.pop()
    assert states(desk, call) == {"Anna Aalders": "safe", "Stranger One": "safe", "Stranger Two": "safe"}


def test_an_addition_gives_no_visit_another_name_and_loses_nobody_whose_visit_was_erased(desk: Desk) -> None:
    hq, who = site_of(desk.world), desk.member("responder")
    call = begin(who, hq)
    real, foreign = visitor_of(desk.world, hq, "Real Name"), World(desk.world.database)
    theirs = visitor_of(foreign, site_of(foreign), "Their Guest")
    added: list[dict[str, Any]] = [{"id": str(uuid4()), "name": "Forged", "visit_id": str(one)} for one in (real, theirs)]
    added.append({"id": str(uuid4()), "name": "Both", "visit_id": str(real), "person_id": str(who.person_id)})
    who.post(f"/roll-calls/{call['id']}/marks", {"added": added}, status=200)
    entries = {(one["name"], one["visit_id"]) for one in who.get(f"/roll-calls/{call['id']}")["entries"]}
    assert entries == {("Real Name", str(real)), ("Forged", str(theirs)), ("Somebody", None)}


@pytest.mark.parametrize(
    "url", ["https://[", "https://x:99999/", "https://x:ab/", "https://a b/", "https://x/\r\nHost: y", "https://x\u2028/", "//x/", "ftp://x/", "https://u:p@x/"]
)  # fmt: skip
def test_an_address_that_is_none_is_refused_by_name(desk: Desk, url: str) -> None:
    answer = desk.member("manager").post("/visit-webhooks", {"name": "Door", "url": url, "kinds": ["arrived"]}, 422)
    assert [error["field"] for error in answer["errors"]] == ["url"]


@pytest.mark.parametrize("name", ["=1+1", " =1+1", "\uff1d1+1", "x;=1+1", "+31", "@SUM(A1)", "-1;+2", 'a";=1'])
def test_no_name_becomes_a_formula_whatever_a_spreadsheet_takes_for_the_end_of_a_cell(
    desk: Desk, site: UUID, kiosk: FlaskClient, name: str
) -> None:
    walk_in(kiosk, kind(desk.world), name)
    day = NOW.date().isoformat()
    answer = desk.member("manager").client.get(f"{API}/visits/export?from={day}&until={day}")
    for separator in (",", ";", "\t"):
        for row in csv.reader(StringIO(answer.text.removeprefix("\ufeff")), delimiter=separator):
            assert not [cell for cell in row if cell.lstrip()[:1] in set("=+-@\uff1d\uff0b\uff0d\uff20")], separator


def test_who_watches_presence_by_the_roll_call_is_seen_watching(desk: Desk, site: UUID) -> None:
    worker, responder, starter = desk.member("employee"), desk.member("responder", name="Rosa"), desk.member("reception", name="Sam")
    for _ in range(2):
        responder.get("/roll-call/snapshot")
    begin(starter, site)
    looks = [(one["viewer"], one["at_everybody"]) for one in worker.get("/me/views")["items"]]
    assert sorted(looks) == [("Rosa", True), ("Sam", True)]
