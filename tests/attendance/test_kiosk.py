"""A kiosk: who it knows, what it tells, how guessing is slowed down, and what a person shows there."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from flask.testing import FlaskClient

from app.accounts.models import Person
from app.accounts.service import organizations
from app.attendance.models import Punch
from app.core.names import words_of
from app.db.transaction import Database
from tests.attendance.desk import API, Desk, Who
from tests.factories import NOW, World

PIN = "2580"


@pytest.fixture
def kiosk(desk: Desk) -> FlaskClient:
    return desk.kiosk()[1]


def see(kiosk: FlaskClient, status: int = 200, **shown: Any) -> Any:
    answer = kiosk.post(f"{API}/kiosk/person", json=shown)
    assert answer.status_code == status, answer.text
    return answer.get_json()


def tap(kiosk: FlaskClient, kind: str = "in", status: int = 201, **shown: Any) -> Any:
    answer = kiosk.post(f"{API}/kiosk/punches", json={"kind": kind, "client_id": uuid4().hex, **shown})
    assert answer.status_code == status, answer.text
    return answer.get_json()


def person(world: World, name: str = "Zoë de Vries-Bakker", **more: Any) -> UUID:
    found = uuid4()
    world.add(Person(id=found, name=name, **more))
    return found


def ask_pins(desk: Desk) -> None:
    owner = desk.member("owner")
    assert owner.send("PUT", "/organization/kiosk", {"asks_pin": True}, match=owner.etag("/organization/kiosk")) == {"asks_pin": True}


def a_pass(who: Who, person_id: UUID) -> Any:
    return who.get(f"/people/{person_id}/kiosk-pass")


def set_pin(who: Who, person_id: UUID, pin: str = PIN, status: int = 200) -> Any:
    return who.send("PUT", f"/people/{person_id}/kiosk-pass/pin", {"pin": pin}, status)


def test_a_kiosk_knows_where_it_stands(desk: Desk) -> None:
    site, kiosk = desk.kiosk()
    facts = kiosk.get(f"{API}/kiosk").get_json()
    assert (facts["organization"], facts["site"], facts["timezone"], facts["locale"], facts["asks_pin"]) == (
        "World",
        f"Site {site}",
        "Europe/Amsterdam",
        "nl",
        False,
    )
    ask_pins(desk)
    assert kiosk.get(f"{API}/kiosk").get_json()["asks_pin"] is True


def test_a_kiosk_for_visitors_alone_knows_where_it_stands_and_clocks_nobody(kiosk: FlaskClient, world: World, database: Database) -> None:
    for modules in (["attendance", "visitors"], ["visitors"]):
        with database.tenant(world.organization_id) as session:
            organizations.set_modules(session, world.organization_id, modules)
        assert kiosk.get(f"{API}/kiosk").get_json()["modules"] == modules
    see(kiosk, 404, name="Zoe de Vries Bakker")


@pytest.mark.parametrize("typed", ["zoe DE vries bakker", "De Vries-Bakker,  Zoë", "Zoë de Vries-Bakker"])
def test_a_whole_name_is_enough_however_it_is_written(kiosk: FlaskClient, world: World, typed: str) -> None:
    found = person(world)
    assert see(kiosk, name=typed) == {"name": "Zoë de Vries-Bakker", "suggested": "in"}
    done = tap(kiosk, name=typed)
    assert (done["kind"], done["at"], done["repeat"], done["already"]) == ("in", "2026-06-03T12:00:00Z", False, False)
    (row,) = world.rows(Punch)
    assert (row.person_id, row.method, row.made_by) == (found, "kiosk", None)
    assert row.site_id is not None
    assert row.device_id is not None


@pytest.mark.parametrize("typed", ["Zoë", "de Vries", "Zoë de Vries", "Zoë de Vries-Bakker Jansen", "z", "%", "-", "Zoe de Vries-Bakke"])
def test_a_part_of_a_name_finds_nobody(kiosk: FlaskClient, world: World, typed: str) -> None:
    person(world)
    assert "errors" not in see(kiosk, 404, name=typed)
    tap(kiosk, status=404, name=typed)


def test_who_is_called_something_else_now_is_found_by_that(kiosk: FlaskClient, world: World, desk: Desk) -> None:
    found = person(world, "Jan Jansen")
    owner = desk.member("owner")
    owner.send("PUT", f"/people/{found}", {"name": "Jan Pietersen-Jansen"}, match=owner.etag(f"/people/{found}"))
    see(kiosk, 404, name="Jan Jansen")
    assert see(kiosk, name="jansen PIETERSEN Jan")["name"] == "Jan Pietersen-Jansen"


def test_a_name_as_long_as_a_name_can_be_is_found_though_its_letters_are_spelled_out(kiosk: FlaskClient, world: World) -> None:
    """One letter may become eighteen: what is looked up is cut off, what is compared is not."""
    long = "\ufdfa" * 199
    person(world, f"{long}a")
    see(kiosk, 404, name=f"{long}b")
    see(kiosk, name=f"{long}a")


def test_who_left_and_who_works_elsewhere_is_nobody(kiosk: FlaskClient, world: World, desk: Desk) -> None:
    person(world, "Gone Already", left_at=NOW)
    elsewhere = World(world.database)
    person(elsewhere, "Else Where")
    stranger = Desk(elsewhere, desk.deps).member("employee", name="Stranger Danger")
    code = stranger.get(f"/people/{stranger.person_id}/kiosk-pass")["code"]
    nobody = see(kiosk, 404, name="No Body")["detail"]
    for shown in ({"name": "Gone Already"}, {"name": "Else Where"}, {"code": code}, {"code": "muster:me:"}, {"code": "é" * 60}):
        assert see(kiosk, 404, **shown)["detail"] == nobody
    see(kiosk, 422, name="Else Where", code=code)
    see(kiosk, 422)


def test_people_with_one_name_are_told_apart_by_their_number(kiosk: FlaskClient, world: World) -> None:
    person(world, "Jan Jansen", employee_number="1")
    second = person(world, "jan  JANSEN", employee_number="2")
    see(kiosk, 409, name="Jan Jansen")
    tap(kiosk, name="Jan Jansen", employee_number="2")
    see(kiosk, 404, name="Jan Jansen", employee_number="3")
    assert [row.person_id for row in world.rows(Punch)] == [second]


def test_where_a_pin_is_asked_nobody_learns_that_several_have_a_name(kiosk: FlaskClient, world: World, desk: Desk) -> None:
    manager, second = desk.member("manager"), person(world, "Jan Jansen", employee_number="2")
    person(world, "Jan Jansen", employee_number="1")
    set_pin(manager, second)
    ask_pins(desk)
    nobody = see(kiosk, 404, name="No Body", pin=PIN)["detail"]
    for number in range(4):
        assert see(kiosk, 404, name="Jan Jansen", pin=f"000{number}")["detail"] == nobody
    see(kiosk, 409, name="Jan Jansen", pin=PIN)
    tap(kiosk, name="Jan Jansen", employee_number="2", pin=PIN)
    see(kiosk, 404, name="Jan Jansen", employee_number="1", pin=PIN)
    for _ in range(5):
        see(kiosk, 404, name="Jan Jansen", pin="0000")
    see(kiosk, 429, name="Jan Jansen", pin=PIN)
    assert [row.person_id for row in world.rows(Punch)] == [second]


def test_what_is_suggested_follows_the_last_punch_of_today(kiosk: FlaskClient, world: World, desk: Desk) -> None:
    person(world)
    shown: dict[str, Any] = {"name": "Zoe de Vries Bakker"}
    tap(kiosk, **shown)
    assert see(kiosk, **shown)["suggested"] == "out"
    assert tap(kiosk, **shown)["already"] is True
    desk.at(NOW + timedelta(hours=17))
    assert see(kiosk, **shown)["suggested"] == "in"
    tap(kiosk, "out", **shown)
    assert see(kiosk, **shown)["suggested"] == "in"


def test_a_punch_made_offline_counts_once_at_its_own_time(kiosk: FlaskClient, world: World) -> None:
    person(world)
    made: dict[str, Any] = {"name": "Zoe de Vries Bakker", "client_id": "k1", "at": (NOW - timedelta(hours=3)).isoformat()}
    first, again = tap(kiosk, **made), tap(kiosk, "out", **made)
    assert (first["at"], first["repeat"], again["at"], again["kind"], again["repeat"]) == (
        "2026-06-03T09:00:00Z",
        False,
        "2026-06-03T09:00:00Z",
        "in",
        True,
    )
    assert tap(kiosk, status=422, name="Zoe de Vries Bakker", at=(NOW + timedelta(hours=1)).isoformat())["errors"][0]["field"] == "at"
    assert len(world.rows(Punch)) == 1


def test_a_personal_code_opens_until_there_is_a_new_one(kiosk: FlaskClient, desk: Desk) -> None:
    me = desk.member("employee", name="Code Carrier")
    first = a_pass(me, me.person_id)
    assert first["qr_svg"].startswith("<svg")
    assert see(kiosk, code=first["code"])["name"] == "Code Carrier"
    second = me.post(f"/people/{me.person_id}/kiosk-pass/code", status=200)
    assert second == a_pass(me, me.person_id)
    see(kiosk, 404, code=first["code"])
    see(kiosk, code=second["code"])
    flipped = "A" if second["code"][-1] != "A" else "Q"
    see(kiosk, 404, code=second["code"][:-1] + flipped)


def test_leaving_makes_code_and_pin_worthless_for_good(kiosk: FlaskClient, world: World, desk: Desk) -> None:
    manager, found = desk.member("manager"), person(world)
    set_pin(manager, found)
    code = a_pass(manager, found)["code"]
    manager.post(f"/people/{found}/leave", status=200)
    manager.post(f"/people/{found}/return", status=200)
    see(kiosk, 404, code=code)
    assert a_pass(manager, found)["has_pin"] is False


def test_where_a_pin_is_asked_everything_wrong_is_one_answer(kiosk: FlaskClient, world: World, desk: Desk) -> None:
    me = desk.member("employee", name="Pin Setter")
    person(world, "Pin Less")
    set_pin(me, me.person_id)
    ask_pins(desk)
    code = a_pass(me, me.person_id)["code"]
    assert see(kiosk, 422, name="Pin Setter")["errors"][0]["field"] == "pin"
    see(kiosk, name="Pin Setter", pin=PIN)
    see(kiosk, code=code, pin=PIN)
    tap(kiosk, name="pin setter", pin=PIN)
    wrong = (
        {"name": "Pin Setter", "pin": "2581"},
        {"name": "Pin Less", "pin": PIN},
        {"name": "No Body", "pin": PIN},
        {"code": code, "pin": "1"},
    )
    assert len({see(kiosk, 404, **shown)["detail"] for shown in wrong}) == 1
    tap(kiosk, status=404, **wrong[0])
    assert len(world.rows(Punch)) == 1


def test_wrong_pins_make_a_person_wait_longer_and_a_right_one_forgets_them(kiosk: FlaskClient, desk: Desk) -> None:
    me = desk.member("employee", name="Pin Setter")
    set_pin(me, me.person_id)
    ask_pins(desk)
    shown: dict[str, Any] = {"name": "Pin Setter", "pin": PIN}
    for _ in range(5):
        see(kiosk, 404, name="Pin Setter", pin="0000")
    answer = kiosk.post(f"{API}/kiosk/person", json=shown)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "2")
    desk.at(NOW + timedelta(seconds=3))
    see(kiosk, 404, name="PIN setter", pin="0000")
    answer = kiosk.post(f"{API}/kiosk/punches", json={"kind": "in", "client_id": "k", **shown})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "4")
    desk.at(NOW + timedelta(seconds=8))
    tap(kiosk, **shown)
    for _ in range(5):
        see(kiosk, 404, name="Pin Setter", pin="0000")


def test_a_joker_at_the_kiosk_keeps_nobody_waiting_for_long(kiosk: FlaskClient, desk: Desk, world: World) -> None:
    person(world, "Honest Worker")
    moment = NOW
    for number in range(40):
        answer = kiosk.post(f"{API}/kiosk/person", json={"name": f"Joker {number}"})
        if answer.status_code == 429:
            assert int(answer.headers["Retry-After"]) <= 8
            moment += timedelta(seconds=8)
            desk.at(moment)
    assert moment > NOW, "names cannot be tried out quickly"
    desk.at(moment + timedelta(seconds=9))
    see(kiosk, name="Honest Worker")


def test_a_pin_that_anybody_would_try_is_refused_and_no_pin_is_stored(desk: Desk, pg: "psycopg.Connection[tuple[Any, ...]]") -> None:
    me = desk.member("employee")
    for pin in ("0000", "1234", "98765", "123", "12345678901", "12a4", "١٢٨٣"):
        assert set_pin(me, me.person_id, pin, 422)["errors"][0]["field"] == "pin"
    assert a_pass(me, me.person_id)["has_pin"] is False
    assert set_pin(me, me.person_id, "83519264")["has_pin"] is True
    (row,) = pg.execute("SELECT t::text FROM kiosk_pass t WHERE person_id = %s", (me.person_id,)).fetchall()
    assert "$argon2id$" in row[0]
    assert "83519264" not in row[0]
    assert a_pass(me, me.person_id)["code"] not in row[0]


def test_a_pass_is_ones_own_or_a_managers_business(desk: Desk) -> None:
    me, other, manager = desk.member("employee"), desk.member("employee"), desk.member("manager")
    other.get(f"/people/{me.person_id}/kiosk-pass", 404)
    set_pin(other, me.person_id, status=404)
    other.post(f"/people/{me.person_id}/kiosk-pass/code", status=404)
    assert set_pin(manager, me.person_id)["has_pin"] is True


def test_a_kiosk_opens_nothing_else_and_a_phone_is_no_kiosk(kiosk: FlaskClient, desk: Desk, world: World) -> None:
    found, phone = person(world), world.phone()
    assert kiosk.post(f"{API}/punches", json={"kind": "in", "client_id": "k", "person_id": str(found)}).status_code == 403
    client = desk.app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {phone.token}"
    assert client.get(f"{API}/kiosk").status_code == 403
    see(client, 403, name="Zoe de Vries Bakker")
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer m{world.organization_id}.{'x' * 43}"
    see(client, 401, name="Zoe de Vries Bakker")


def test_the_words_of_a_name() -> None:
    assert words_of("  Zoë de\tVries-Bakker ") == ["bakker", "de", "vries", "zoe"]
    assert words_of("ẞ ﬁ Çelik") == ["celik", "fi", "ss"]
    assert words_of("-- '") == []
