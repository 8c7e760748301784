"""What goes wrong at a kiosk: a code that expired or never was, two tablets at once, a host who is gone. Each a clear answer, and nobody lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.accounts.models import OrganizationModule, Person
from app.messaging.models import Recipient
from app.visitors import rows
from app.visitors.arrive import Manner, Place, Told, WalkIn
from app.visitors.arrive import walk_in as walks_in
from app.visitors.models import Visit, VisitSettings
from tests.attendance.desk import API, Desk
from tests.factories import NOW, World
from tests.visitors.test_kiosk import arrive, desk, invited, kind, say, site, site_and_kiosk, walk_in, work, world

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


class Tablets:
    """Two tablets of one site, and what the database lets them do at the same moment."""

    def __init__(self, desk: Desk, site: UUID, kiosk: FlaskClient) -> None:
        self.desk, self.site, self.headers = desk, site, {"Authorization": kiosk.environ_base["HTTP_AUTHORIZATION"]}

    def at_once(self, *bodies: dict[str, Any]) -> list[Any]:
        """The answers to arrivals of which none is done before every one has begun and waits: all of them stop at the badge, which is held until then."""
        organization_id = self.desk.world.organization_id
        with ThreadPoolExecutor(len(bodies)) as tablets:
            with self.desk.deps.database.tenant(organization_id) as session:
                rows.one_at_a_time(session, organization_id, f"badge {self.site}")
                answers = [tablets.submit(self.told, {"id": str(uuid4()), "locale": "nl"} | body) for body in bodies]
                end = monotonic() + 30
                while len(waiting(session)) < len(bodies) and not any(answer.done() for answer in answers):
                    assert monotonic() < end, "they neither wait nor are done"
            return [answer.result(timeout=30) for answer in answers]

    def told(self, body: dict[str, Any]) -> Any:
        answer = self.desk.app.test_client().post(f"{API}/kiosk/visits/arrival", json=body, headers=self.headers)
        assert answer.status_code == 201, answer.text
        return answer.get_json()


def waiting(session: Session) -> set[int]:
    """The connections that wait for this one, or for one that does."""
    blocked = session.execute(text("SELECT pid, pg_blocking_pids(pid) FROM pg_locks WHERE NOT granted")).all()
    mine = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
    found, grown = {mine}, True
    while grown:
        more = {pid for pid, by in blocked if found & set(by)} - found
        found, grown = found | more, bool(more)
    return found - {mine}


@pytest.fixture
def tablets(desk: Desk, site_and_kiosk: tuple[UUID, FlaskClient]) -> Tablets:
    return Tablets(desk, *site_and_kiosk)


def test_two_tablets_at_once_receive_an_invited_visitor_once(desk: Desk, world: World, tablets: Tablets) -> None:
    _, token, code = invited(desk, tablets.site, kind(world))
    answers = tablets.at_once({"token": token}, {"code": code})
    assert sorted(answer["already"] for answer in answers) == [False, True]
    assert [visit.badge_number for visit in world.rows(Visit)] == [1]
    assert len(work(world, "visitors.arrived")) == 1


def test_two_tablets_at_once_let_a_long_visit_go_on_once(desk: Desk, world: World, tablets: Tablets) -> None:
    yesterday = NOW - timedelta(days=1)
    left: dict[str, Any] = {
        "state": "left_confirmed",
        "arrived_at": yesterday,
        "arrived_by": "code",
        "left_at": yesterday,
        "left_by": "code",
    }
    _, token, _ = invited(desk, tablets.site, kind(world), **left, expected_from=yesterday, expected_until=NOW + timedelta(days=2))
    answers = tablets.at_once({"token": token}, {"token": token})
    assert sorted(answer["already"] for answer in answers) == [False, True]
    assert sorted(visit.state for visit in world.rows(Visit)) == ["left_confirmed", "on_site"]


def test_two_tablets_at_once_receive_a_walk_in_once_however_often_it_is_told(world: World, tablets: Tablets) -> None:
    body = {"id": str(uuid4()), "walk_in": {"name": "Bob Walker", "visit_type_id": str(kind(world))}}
    answers = tablets.at_once(body, body)
    assert sorted(answer["already"] for answer in answers) == [False, True]
    assert [visit.badge_number for visit in world.rows(Visit)] == [1]


def test_two_who_arrive_at_once_never_get_the_same_badge(desk: Desk, world: World, tablets: Tablets) -> None:
    of, organization_id = kind(world), world.organization_id
    place, new = Place(organization_id, tablets.site, "Europe/Amsterdam"), WalkIn(uuid4(), "Ann", of, "nl")
    with ThreadPoolExecutor(1) as tablet:
        with desk.deps.database.tenant(organization_id) as session:
            walks_in(session, place, new, Told(), Manner("reception", NOW, strict=False, trusted=True), desk.deps, NOW)
            body = {"id": str(uuid4()), "locale": "nl", "walk_in": {"name": "Bob", "visit_type_id": str(of)}}
            other = tablet.submit(tablets.told, body)
            end = monotonic() + 30
            while not waiting(session) and not other.done():
                assert monotonic() < end, "it neither waits nor is done"
        other.result(timeout=30)
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
