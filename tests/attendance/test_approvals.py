"""Approving a period for many people: asked for once, done in pieces, with the progress to be read."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.attendance.approvals import PEOPLE_AT_ONCE, carry_on, fail_given_up, forget
from app.attendance.models import Approval, Workday
from app.outbox.models import Outbox
from app.subscriptions import HANDLERS
from tests.attendance.desk import Desk, Who
from tests.factories import NOW, World

CROWD = 2 * PEOPLE_AT_ONCE + 3
PERIOD = {"first": "2026-06-01", "last": "2026-06-03"}
MORNING = datetime(2026, 6, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def crowd(desk: Desk, world: World) -> Who:
    """A manager, and so many people with a day to approve that one piece is not enough."""
    fence = world.circle()
    for _ in range(CROWD):
        desk.stay(world.phone().person_id, fence, MORNING, MORNING + timedelta(hours=4))
    return desk.member("manager")


def standing(manager: Who, approval: Any) -> tuple[str, int, int]:
    found = manager.get(f"/approvals/{approval['id']}")
    return found["status"], found["people_done"], found["approved"]


def test_of_many_people_the_first_are_done_at_once_and_the_others_in_pieces(desk: Desk, world: World, crowd: Who) -> None:
    asked = crowd.post("/approvals", PERIOD)
    assert (asked["status"], asked["people"], asked["people_done"]) == ("running", CROWD + 1, PEOPLE_AT_ONCE)
    seen = []
    while world.rows(Outbox):
        assert desk.work() == ["done"], "one piece waits at a time"
        seen.append(standing(crowd, asked)[:2])
    assert seen == [("running", 2 * PEOPLE_AT_ONCE), ("done", CROWD + 1)]
    days = world.rows(Workday)
    assert len(days) == CROWD == len({day.person_id for day in days}) == standing(crowd, asked)[2]
    assert {day.approved_by for day in days} == {crowd.person_id}


def test_approving_again_changes_nothing_even_while_the_first_runs(desk: Desk, world: World, crowd: Who) -> None:
    first, second = crowd.post("/approvals", PERIOD), crowd.post("/approvals", PERIOD)
    while world.rows(Outbox):
        assert set(desk.work()) == {"done"}
    assert [standing(crowd, asked)[0] for asked in (first, second)] == ["done", "done"]
    assert standing(crowd, first)[2] + standing(crowd, second)[2] == CROWD == len(world.rows(Workday))
    assert max(Counter(day.person_id for day in world.rows(Workday)).values()) == 1


def test_a_piece_that_comes_twice_does_nothing_the_second_time(desk: Desk, world: World, crowd: Who) -> None:
    asked = crowd.post("/approvals", PERIOD)
    (piece,) = world.rows(Outbox)
    while world.rows(Outbox):
        desk.work()
    before = crowd.get(f"/approvals/{asked['id']}")
    with world.database.tenant(world.organization_id) as session:
        carry_on(session, world.organization_id, piece.body, NOW, desk.deps)
    assert (crowd.get(f"/approvals/{asked['id']}"), world.rows(Outbox)) == (before, [])


def test_an_approval_that_nobody_carries_on_ends_as_failed_and_keeps_what_it_did(desk: Desk, world: World, crowd: Who) -> None:
    asked = crowd.post("/approvals", PERIOD)
    assert fail_given_up(desk.deps, world.organization_id, NOW) == 0
    with world.database.tenant(world.organization_id) as session:
        session.query(Outbox).update({"dead_at": NOW})
    assert [fail_given_up(desk.deps, world.organization_id, NOW) for _ in range(2)] == [1, 0]
    assert standing(crowd, asked) == ("failed", PEOPLE_AT_ONCE, len(world.rows(Workday)))


def test_it_is_forgotten_after_its_term_and_what_it_approved_stays(world: World, crowd: Who) -> None:
    crowd.post("/approvals", PERIOD)
    with world.database.tenant(world.organization_id) as session:
        assert [forget(session, world.organization_id, NOW + timedelta(days=days)) for days in (2, 4)] == [0, 1]
    assert (world.rows(Approval), len(world.rows(Workday)) > 0) == ([], True)


def test_no_piece_needs_more_statements_for_more_people(desk: Desk, world: World, crowd: Who) -> None:
    counts = []
    crowd.post("/approvals", PERIOD)
    while waiting := world.rows(Outbox):
        with desk.statements() as sent, world.database.tenant(world.organization_id) as session:
            HANDLERS["attendance.approve"](session, world.organization_id, waiting[0].body, NOW, desk.deps)  # type: ignore[operator]
            session.delete(session.get_one(Outbox, (world.organization_id, waiting[0].id)))
        counts.append(len(sent))
    assert max(counts) < 30
