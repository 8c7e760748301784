"""The whole chain, as a site writes it: host, delegate, department, the site's own host, reception; each with seconds of its own."""

from datetime import timedelta
from uuid import UUID

import pytest

from app.accounts.models import GroupMember, Person
from app.attendance.models import Punch
from app.visitors.models import HostDelegate, Visit, VisitNotice
from tests.factories import NOW
from tests.messaging.road import Road
from tests.visitors.test_telling import House, road

__all__ = ["road"]
SECONDS = {"host": 30, "delegate": 45, "department": 120, "default_host": 20, "reception": 600}
"""Of each step another number, so that no step can pass with the seconds of its neighbour."""


class Chain:
    """A site whose chain has every step, and who is behind each."""

    def __init__(self, road: Road) -> None:
        self.road = road
        self.host, self.delegate, self.default = (road.person("sms") for _ in range(3))
        self.department = sorted((road.person("sms") for _ in range(3)), key=lambda one: one.int)
        self.reception = sorted((road.person("sms") for _ in range(2)), key=lambda one: one.int)
        group = road.world.group("Sales", *self.department)
        chain = [{"who": who, "seconds": seconds, "channels": ["sms"]} for who, seconds in SECONDS.items()]
        receive = road.world.group("Desk", *self.reception)
        self.house = House(road, chain=chain, default_host_id=self.default, reception_group_id=receive)
        road.world.add(HostDelegate(person_id=self.host, delegate_id=self.delegate, department_id=group))

    def steps(self) -> list[tuple[int, list[UUID]]]:
        """(number of the step, who was told), in order."""
        told: dict[int, list[UUID]] = {}
        for notice in self.road.world.rows(VisitNotice):
            told.setdefault(notice.step, []).append(notice.person_id)
        return [(step, sorted(people, key=lambda one: one.int)) for step, people in sorted(told.items())]

    def whole(self) -> list[tuple[int, list[UUID]]]:
        """Every step with whoever is behind it."""
        return [(0, [self.host]), (1, [self.delegate]), (2, self.department), (3, [self.default]), (4, self.reception)]


@pytest.fixture
def chain(road: Road) -> Chain:
    return Chain(road)


def test_every_step_is_told_in_order_each_after_its_own_seconds_and_no_second_earlier(road: Road, chain: Chain) -> None:
    chain.house.arrives(chain.host)
    whole = chain.whole()
    for number, seconds in enumerate(list(SECONDS.values())[:-1]):
        road.later(seconds=seconds - 1)
        assert chain.steps() == whole[: number + 1]
        road.later(seconds=1)
        assert chain.steps() == whole[: number + 2]
    road.later(seconds=SECONDS["reception"] + 3600)
    assert chain.steps() == whole
    assert len(road.sms.had) == sum(len(people) for _, people in whole)


def test_what_one_of_the_department_says_counts_and_who_cannot_come_passes_it_on_at_once(road: Road, chain: Chain) -> None:
    visit = chain.house.arrives(chain.host)
    for who in (chain.host, chain.delegate):
        chain.house.answer(visit, "not_today", who)
    assert chain.steps() == chain.whole()[:3]
    one, another, _ = chain.department
    chain.house.answer(visit, "coming", one)
    road.later(seconds=SECONDS["department"] + 60)
    chain.house.answer(visit, "send_someone", another)
    assert chain.steps() == chain.whole()[:3], "while one comes, nobody else is called"
    [kept] = road.world.rows(Visit)
    assert kept.host_said == "coming"
    chain.house.answer(visit, "not_today", one)
    assert chain.steps() == chain.whole()[:4]


def away(road: Road, *people: UUID) -> None:
    for person in people:
        road.world.add(Punch(person_id=person, kind="out", at=NOW - timedelta(hours=1), method="button"))


def test_who_is_away_is_left_out_of_the_department_and_a_step_where_all_are_away_is_passed_over(road: Road, chain: Chain) -> None:
    road.world.instruction(purposes=("attendance", "safety"))
    first, *others = chain.department
    away(road, chain.delegate, first)
    chain.house.arrives(chain.host)
    assert chain.steps() == [(0, [chain.host])]
    road.later(seconds=SECONDS["host"])
    assert chain.steps() == [(0, [chain.host]), (2, others)]
    road.later(seconds=SECONDS["department"])
    assert [step for step, _ in chain.steps()] == [0, 2, 3]


def test_a_department_that_is_all_away_is_passed_over_and_nobody_is_told_twice(road: Road, chain: Chain) -> None:
    road.world.instruction(purposes=("attendance", "safety"))
    away(road, chain.host, *chain.department)
    chain.house.arrives(chain.host)
    assert chain.steps() == [(1, [chain.delegate])]
    road.later(seconds=SECONDS["delegate"])
    assert chain.steps() == [(1, [chain.delegate]), (3, [chain.default])]
    road.later(seconds=SECONDS["default_host"])
    assert chain.steps() == [(1, [chain.delegate]), (3, [chain.default]), (4, chain.reception)]


def test_who_left_the_organization_or_the_department_is_not_told_for_it(road: Road, chain: Chain) -> None:
    gone, moved, stays = chain.department
    with road.deps.database.tenant(road.organization_id) as session:
        session.get_one(Person, (road.organization_id, gone)).left_at = NOW - timedelta(days=1)
        session.query(GroupMember).filter(GroupMember.person_id == moved).one().valid_until = NOW - timedelta(days=1)
    chain.house.arrives(chain.host)
    road.later(seconds=SECONDS["host"])
    road.later(seconds=SECONDS["delegate"])
    assert chain.steps() == [(0, [chain.host]), (1, [chain.delegate]), (2, [stays])]
