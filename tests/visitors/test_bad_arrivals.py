"""What goes wrong at a kiosk: a code that expired or never was, two tablets at once, a host who is gone. Each a clear answer, and nobody lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from flask.testing import FlaskClient

from app.accounts.models import OrganizationModule, Person
from app.messaging.models import Recipient
from app.visitors.models import Visit, VisitSettings
from tests.attendance.desk import API, Desk
from tests.factories import NOW, World
from tests.visitors.test_kiosk import arrive, desk, invited, kind, say, site, site_and_kiosk, walk_in, world

__all__ = ["desk", "site", "site_and_kiosk", "world"]


def test_an_expired_code_and_one_that_never_was_say_so_and_the_name_gets_in(
    desk: Desk, world: World, site_and_kiosk: tuple[UUID, FlaskClient]
) -> None:
    (site, kiosk), of = site_and_kiosk, kind(world)
    _, token, code = invited(desk, site, of, days=-1)
    unknown = next(text for number in range(20) if (text := f"{number:06d}") != code)
    for key, status, words in (
        ({"token": token}, 409, "not for today"), ({"code": code}, 409, "not for today"), ({"code": unknown}, 404, "No visit is known"),
    ):  # fmt: skip
        assert words in say(kiosk, "find", status, **key)["detail"]
        assert words in arrive(kiosk, status, **key)["detail"]
    assert [visit.state for visit in world.rows(Visit)] == ["expected"]
    came = arrive(kiosk, token=token, walk_in={"name": "Ann Visitor", "visit_type_id": str(of)})
    assert (came["state"], came["name"]) == ("on_site", "Ann Visitor")


def test_two_tablets_at_once_receive_somebody_once(desk: Desk, world: World, site_and_kiosk: tuple[UUID, FlaskClient]) -> None:
    (site, kiosk), of, walks = site_and_kiosk, kind(world), str(uuid4())
    _, token, _ = invited(desk, site, of)
    headers = {"Authorization": kiosk.environ_base["HTTP_AUTHORIZATION"]}

    def told(body: dict[str, Any]) -> tuple[int, Any]:
        answer = desk.app.test_client().post(f"{API}/kiosk/visits/arrival", json=body, headers=headers)
        return answer.status_code, answer.get_json()

    by_token = [{"id": str(uuid4()), "locale": "nl", "token": token} for _ in range(6)]
    walk_ins = [{"id": walks, "locale": "nl", "walk_in": {"name": "Bob Walker", "visit_type_id": str(of)}} for _ in range(6)]
    with ThreadPoolExecutor(6) as tablets:
        answers = list(tablets.map(told, by_token)) + list(tablets.map(told, walk_ins))
    assert {status for status, _ in answers} == {201}
    assert sorted(answer["already"] for _, answer in answers) == [False] * 2 + [True] * 10
    assert sorted(visit.badge_number or 0 for visit in world.rows(Visit)) == [1, 2]


def test_a_host_who_is_gone_is_no_host_and_somebody_else_is_told(
    desk: Desk, world: World, site_and_kiosk: tuple[UUID, FlaskClient]
) -> None:
    (site, kiosk), of, gone, default = site_and_kiosk, kind(world), uuid4(), uuid4()
    world.add(OrganizationModule(module="messages"))
    world.add(Person(id=gone, name="Gerda Gone", left_at=NOW - timedelta(days=1)), Person(id=default, name="Front Desk"))
    world.add(VisitSettings(site_id=site, default_host_id=default))
    _, token, _ = invited(desk, site, of, host_id=gone)
    assert arrive(kiosk, token=token)["state"] == "on_site"
    named = walk_in(kiosk, of, "Bob Walker", host_name="Gerda Gone")
    assert (named["state"], named["host"], named["host_known"]) == ("on_site", "Front Desk", False)
    desk.work()
    assert {one.person_id for one in world.rows(Recipient)} == {default}
    assert len(world.rows(Recipient)) == 2
