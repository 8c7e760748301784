"""A kiosk that receives visitors: who is let in, what it tells, and that nobody is lost."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from app.accounts.models import OrganizationModule, Person
from app.accounts.service import AccountsIdentity, guessing
from app.adapters.clock import SetClock
from app.config import Settings
from app.core.visits import purge_after
from app.db.transaction import Database
from app.outbox.models import Outbox
from app.visitors import deny, tokens
from app.visitors.models import DenyEntry, Visit, Visitor, VisitSettings, VisitType
from tests.attendance.desk import API, Desk
from tests.factories import NOW, World, deps_of

ZONE = "Europe/Amsterdam"


@pytest.fixture
def world(database: Database) -> World:
    """An organization that receives visitors."""
    world = World(database)
    world.add(OrganizationModule(module="visitors"))
    return world


@pytest.fixture
def desk(world: World, settings: Settings, database: Database) -> Desk:
    return Desk(world, deps_of(settings=settings, database=database, clock=SetClock(NOW), identity=AccountsIdentity(database, settings)))


@pytest.fixture
def site_and_kiosk(desk: Desk) -> tuple[UUID, FlaskClient]:
    return desk.kiosk()


@pytest.fixture
def site(site_and_kiosk: tuple[UUID, FlaskClient]) -> UUID:
    return site_and_kiosk[0]


@pytest.fixture
def kiosk(site_and_kiosk: tuple[UUID, FlaskClient]) -> FlaskClient:
    return site_and_kiosk[1]


def kind(world: World, **facts: Any) -> UUID:
    found = uuid4()
    world.add(VisitType(id=found, **{"name": f"Kind {found}", "kind": "visitor", **facts}))
    return found


def invited(desk: Desk, site: UUID, of: UUID, name: str = "Ann Visitor", *, days: int = 0, **more: Any) -> tuple[UUID, str, str]:
    """(visitor, token, six digits) of somebody expected today from 13:00 to 15:00 UTC, or some days later."""
    who, starts = uuid4(), NOW + timedelta(days=days, hours=1)
    until = starts + timedelta(hours=2)
    organization = desk.world.organization_id
    token = tokens.visit_token(desk.deps.settings, organization, who)
    code = next(tokens.codes(desk.deps.settings, organization, who))
    kept = purge_after(until, 30, ZONE)
    desk.world.add(
        Visitor(
            id=who, name=name, locale="nl", link_hash=tokens.token_hash(token),
            code_hash=tokens.code_hash(desk.deps.settings, organization, code), purge_after=kept,
        ),
        Visit(**{
            "visitor_id": who, "visit_type_id": of, "site_id": site, "state": "expected", "expected_from": starts, "expected_until": until,
            "purge_after": kept, **more,
        }),
    )  # fmt: skip
    return who, token, code


def say(kiosk: FlaskClient, path: str, status: int = 200, **body: Any) -> Any:
    answer = kiosk.post(f"{API}/kiosk/visits/{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.get_json()


def arrive(kiosk: FlaskClient, status: int = 201, **body: Any) -> Any:
    return say(kiosk, "arrival", status, **{"id": str(uuid4()), "locale": "nl", **body})


def walk_in(kiosk: FlaskClient, of: UUID, name: str = "Bob Walker", status: int = 201, **more: Any) -> Any:
    who = {"name": name, "visit_type_id": str(of)} | ({"host_name": more.pop("host_name")} if "host_name" in more else {})
    return arrive(kiosk, status, walk_in=who, **more)


def visits(world: World) -> list[Visit]:
    return sorted(world.rows(Visit), key=lambda one: (one.expected_from, one.id))


def work(world: World, kind: str) -> list[Any]:
    return [row.body for row in world.rows(Outbox) if row.kind == kind]


@pytest.mark.parametrize("way", ["token", "qr", "code"])
def test_an_invited_visitor_arrives_once_however_often_it_is_told(desk: Desk, site: UUID, kiosk: FlaskClient, way: str) -> None:
    who, token, code = invited(desk, site, kind(desk.world))
    key: dict[str, Any] = {"token": {"token": token}, "qr": {"token": f"muster:visit:{token}"}, "code": {"code": f"{code[:3]} {code[3:]}"}}[
        way
    ]
    found = say(kiosk, "find", **key)
    assert (found["name"], found["state"], found["asks"], found["deletes_on"]) == ("Ann Visitor", "expected", [], "2026-07-04")
    first = arrive(kiosk, **key)
    assert (first["state"], first["already"], first["badge_number"], first["host"]) == ("on_site", False, 1, None)
    assert arrive(kiosk, **key) == first | {"already": True}
    (visit,) = visits(desk.world)
    assert (visit.arrived_at, visit.arrived_by, visit.visitor_id) == (NOW, "code", who)
    assert work(desk.world, "visitors.arrived") == [{"visit": str(visit.id), "site": str(site), "at": NOW.isoformat()}]
    standing = kiosk.get(f"{API}/kiosk/visits/{visit.id}").get_json()
    assert (standing["state"], standing["badge_number"]) == ("on_site", 1)
    assert standing["qr"].startswith("data:image/svg+xml")


def test_codes_that_open_nothing_are_told_apart(desk: Desk, site: UUID, kiosk: FlaskClient) -> None:
    of = kind(desk.world)
    _, later, later_code = invited(desk, site, of, days=1)
    _, cancelled, _ = invited(desk, site, of, state="cancelled")
    _, used, used_code = invited(desk, site, of)
    arrive(kiosk, token=used)
    say(kiosk, "departure", token=used)
    forged = tokens.visit_token(desk.deps.settings, desk.world.organization_id, uuid4())
    elsewhere = tokens.visit_token(desk.deps.settings, World(desk.world.database).organization_id, uuid4())
    answers = [
        ({"token": forged}, 404, "not-found"), ({"token": elsewhere}, 404, "not-found"), ({"token": "v1-nonsense"}, 404, "not-found"),
        ({"code": "12345"}, 404, "not-found"), ({"code": "x" * 20}, 404, "not-found"),
        ({"token": later}, 409, "visit-not-now"), ({"code": later_code}, 409, "visit-not-now"), ({"token": cancelled}, 409, "visit-not-now"),
        ({"token": used}, 409, "visit-over"), ({"code": used_code}, 409, "visit-over"),
    ]  # fmt: skip
    for key, status, problem in answers:
        assert say(kiosk, "find", status, **key)["type"] == f"/problems/{problem}", key
        assert arrive(kiosk, status, **key)["type"] == f"/problems/{problem}", key
    say(kiosk, "find", 422)
    say(kiosk, "find", 422, token=used, code=used_code)
    arrive(kiosk, 422)


def test_six_digits_cannot_be_tried_out(desk: Desk, site: UUID, kiosk: FlaskClient) -> None:
    _, _, code = invited(desk, site, kind(desk.world))
    wrong = next(text for number in range(20) if (text := f"{number:06d}") != code)
    statuses = [kiosk.post(f"{API}/kiosk/visits/find", json={"code": wrong}).status_code for _ in range(14)]
    assert statuses[:10] == [404] * 10
    assert statuses[-1] == 429
    assert say(kiosk, "find", 429, code=code)["type"] == "/problems/too-many"
    desk.at(NOW + timedelta(minutes=30))
    for _ in range(30):
        say(kiosk, "find", code=code)


def test_a_walk_in_is_received_once_and_their_host_is_found_by_the_whole_name(desk: Desk, site: UUID, kiosk: FlaskClient) -> None:
    host, fallback, of = uuid4(), uuid4(), kind(desk.world)
    desk.world.add(Person(id=host, name="Héloïse de Groot"), Person(id=fallback, name="Front Desk"))
    desk.world.add(VisitSettings(site_id=site, default_host_id=fallback))
    same = str(uuid4())
    first = walk_in(kiosk, of, "张伟 🎉 Ñandú", id=same, host_name="heloise DE groot")
    assert (first["state"], first["host"], first["host_known"], first["name"]) == ("on_site", "Héloïse de Groot", True, "张伟 🎉 Ñandú")
    assert walk_in(kiosk, of, "张伟 🎉 Ñandú", id=same) == first | {"already": True, "host_known": None}
    second = walk_in(kiosk, of, host_name="Heloise")
    assert (second["host"], second["host_known"], second["badge_number"]) == ("Front Desk", False, 2)
    assert {visit.host_id for visit in visits(desk.world)} == {host, fallback}
    assert say(kiosk, "host", name="Heloise de Groot") == {"known": True}
    assert say(kiosk, "host", name="Heloise") == {"known": False}


def test_whom_the_deny_list_stops_cannot_be_told_from_who_waits_for_approval(desk: Desk, site: UUID, kiosk: FlaskClient) -> None:
    of, strict = kind(desk.world), kind(desk.world, approval=True)
    person = desk.member("manager").person_id
    desk.world.add(
        DenyEntry(
            name_hash=deny.name_hash(desk.deps.settings, desk.world.organization_id, "Mal Adroit"), sound_hash=b"\0" * 32, reason="theft",
            approved_by=person, approved_at=NOW, expires_on=(NOW + timedelta(days=9)).date(),
        )
    )  # fmt: skip
    denied, waits = walk_in(kiosk, of, "Adroit, Mal"), walk_in(kiosk, strict)
    mine = ("visit_id", "name")
    assert {key: value for key, value in denied.items() if key not in mine} == {
        key: value for key, value in waits.items() if key not in mine
    }
    assert denied["state"] == "waiting"
    assert [visit.stopped for visit in visits(desk.world) if visit.id == UUID(denied["visit_id"])] == [True]
    assert work(desk.world, "visitors.arrived") == []
    _, token, _ = invited(desk, site, of, "mal adroit")
    assert arrive(kiosk, token=token)["state"] == "waiting"


def test_what_was_told_without_a_network_is_not_lost(desk: Desk, site: UUID, kiosk: FlaskClient) -> None:
    of = kind(desk.world, fields={"company": {"purpose": {"en": "doors"}, "days": 3, "required": True}})
    _, _, code = invited(desk, site, of)
    early = NOW - timedelta(hours=2)
    who = {"name": "Ann Visitor", "visit_type_id": str(of)}
    by_code = arrive(kiosk, code=code, walk_in=who, at=early.isoformat())
    assert (by_code["state"], len(visits(desk.world))) == ("on_site", 1)
    unknown = arrive(kiosk, code="000000", walk_in=who | {"name": "Cas Unknown"}, at=early.isoformat())
    assert (unknown["state"], unknown["name"]) == ("on_site", "Cas Unknown")
    ahead = walk_in(kiosk, of, "Dee Ahead", at=(NOW + timedelta(days=2)).isoformat(), fields={"company": "ACME"})
    arrivals = {str(visit.id): visit.arrived_at for visit in visits(desk.world)}
    assert (arrivals[by_code["visit_id"]], arrivals[ahead["visit_id"]]) == (early, NOW)
    walk_in(kiosk, of, "Long Ago", 422, at=(NOW - timedelta(days=60)).isoformat())
    assert walk_in(kiosk, of, "Eve Now", 422)["errors"][0]["field"] == "fields.company"
    assert walk_in(kiosk, of, "Eve Now", 422, fields={"plate": "X"})["errors"][0]["field"] == "fields.plate"


def test_visitors_leave_by_code_by_name_and_twice(desk: Desk, site: UUID, kiosk: FlaskClient) -> None:
    of = kind(desk.world)
    _, token, _ = invited(desk, site, of)
    assert "not arrived" in say(kiosk, "departure", 409, token=token)["detail"]
    arrive(kiosk, token=token)
    desk.at(NOW + timedelta(hours=1))
    assert say(kiosk, "departure", token=token) == {"left": True, "name": "Ann Visitor"}
    assert say(kiosk, "departure", token=token) == {"left": True, "name": "Ann Visitor"}
    assert len(work(desk.world, "visitors.left")) == 1
    for _ in range(2):
        walk_in(kiosk, of, "Same Name")
    walk_in(kiosk, of, "Lone Name")
    say(kiosk, "departure", 409, name="same name")
    say(kiosk, "departure", 404, name="lone")
    desk.at(NOW + timedelta(hours=2))
    at = (NOW + timedelta(minutes=90)).isoformat()
    assert [say(kiosk, "departure", name="name LONE", at=at) for _ in range(2)] == [{"left": True, "name": "Lone Name"}] * 2
    assert len(work(desk.world, "visitors.left")) == 2


def test_who_left_an_earlier_day_of_a_long_visit_may_come_again(desk: Desk, site: UUID, kiosk: FlaskClient) -> None:
    _, token, _ = invited(desk, site, kind(desk.world), expected_until=NOW + timedelta(days=3))
    arrive(kiosk, token=token)
    say(kiosk, "departure", token=token)
    arrive(kiosk, 409, token=token)
    desk.at(NOW + timedelta(days=1))
    assert arrive(kiosk, token=token)["state"] == "on_site"
    assert [visit.state for visit in visits(desk.world)] == ["left_confirmed", "on_site"]


def test_the_form_holds_what_is_asked_of_whom(desk: Desk, site: UUID, kiosk: FlaskClient) -> None:
    of = kind(desk.world, fields={"plate": {"purpose": {"nl": "parkeren"}, "days": 2, "required": False}})
    desk.world.add(VisitSettings(site_id=site, house_rules={"nl": "Niet rennen"}))
    form = kiosk.get(f"{API}/kiosk/visits/form").get_json()
    assert form["house_rules"] == {"nl": "Niet rennen"}
    assert [(one["id"], one["fields"]) for one in form["types"]] == [
        (str(of), [{"field": "plate", "purpose": {"nl": "parkeren"}, "days": 2, "required": False}])
    ]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Zoë de Vries-Bakker", "vries bakker DE zoe"), ("Zoe Smit_Jr", "ZOË smit_jr"), ("Gross Fink", "Groß ﬁnk"), ("Groß", "gross"),
        ("Мария Петрова", "петрова мария"), ("100% Percent", "100% percent"),
    ],
)  # fmt: skip
def test_a_host_is_found_by_the_whole_name_in_whatever_letters(desk: Desk, kiosk: FlaskClient, name: str, typed: str) -> None:
    desk.world.add(Person(id=uuid4(), name=name), Person(id=uuid4(), name=f"{name} Other"))
    assert say(kiosk, "host", name=typed) == {"known": True}
    assert say(kiosk, "host", name=typed[:-1]) == {"known": False}


def test_attempts_at_the_same_moment_need_not_be_looked_at_in_the_order_of_their_time(settings: Settings, database: Database) -> None:
    one = {guessing.key_of(settings, "test", str(uuid4())): guessing.Patience(free=10, weight=timedelta(minutes=2))}
    with database.identity() as session:
        guessing.count(session, one, NOW, settings)
    with database.identity() as session:
        guessing.count(session, one, NOW - timedelta(milliseconds=5), settings)
