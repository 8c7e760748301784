from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import update

from app.db.transaction import Database
from app.outbox.carry import Handlers, Long, Together, carry, carry_together, given_up
from app.outbox.models import Outbox
from app.outbox.publish import publish
from app.ports import Deps
from tests.factories import World
from tests.outbox.effects import HANDLERS, leave_effect

NOW = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)
Owner = psycopg.Connection[Any]


@pytest.fixture(scope="module")
def world(database: Database) -> World:
    return World(database)


def work(world: World, kind: str, **body: object) -> UUID:
    with world.database.tenant(world.organization_id) as session:
        return publish(session, world.organization_id, kind, {"name": "n", **body}, due_at=NOW)


def effects(owner: Owner) -> int:
    row = owner.execute("SELECT count(*) FROM effect").fetchone()
    assert row
    return int(row[0])


def left(owner: Owner) -> list[Any]:
    return owner.execute("SELECT id, problem FROM outbox").fetchall()


def test_work_is_done_once_and_then_gone(world: World, deps: Deps, owner: Owner) -> None:
    id_ = work(world, "test.effect")
    assert [carry(deps, HANDLERS, world.organization_id, id_) for _ in range(3)] == ["done", "gone", "gone"]
    assert (effects(owner), left(owner)) == (1, [])


def test_an_error_undoes_everything_and_leaves_the_row_with_no_more_than_the_errors_name(world: World, deps: Deps, owner: Owner) -> None:
    id_ = work(world, "test.broken")
    assert carry(deps, HANDLERS, world.organization_id, id_) == "failed"
    assert (effects(owner), left(owner)) == (0, [(id_, "ValueError")])


def test_work_without_a_handler_says_so(world: World, deps: Deps, owner: Owner) -> None:
    id_ = work(world, "test.nobody")
    assert carry(deps, HANDLERS, world.organization_id, id_) == "failed"
    assert left(owner) == [(id_, "UnknownKindError")]


def test_work_that_somebody_else_is_at_is_left_to_them(world: World, deps: Deps, owner: Owner) -> None:
    id_ = work(world, "test.effect")
    with owner.transaction():
        owner.execute("SELECT FROM outbox FOR UPDATE")
        assert carry(deps, HANDLERS, world.organization_id, id_) == "gone"
    assert (effects(owner), len(left(owner))) == (0, 1)


def test_dead_work_is_not_done(world: World, deps: Deps, owner: Owner) -> None:
    id_ = work(world, "test.effect")
    owner.execute("UPDATE outbox SET dead_at = now()")
    assert carry(deps, HANDLERS, world.organization_id, id_) == "gone"


def test_work_of_another_organization_cannot_be_reached(world: World, deps: Deps, owner: Owner) -> None:
    id_ = work(world, "test.effect")
    assert carry(deps, HANDLERS, World(world.database).organization_id, id_) == "gone"
    assert effects(owner) == 0


def test_work_that_comes_in_numbers_is_handed_over_together_and_other_work_is_left(world: World, deps: Deps, owner: Owner) -> None:
    seen: list[list[str]] = []

    def note(session: Any, organization_id: int, bodies: Any, now: datetime, deps: Deps) -> None:
        seen.append([body["name"] for body in bodies])

    handlers: Handlers = {"test.many": Together(note), "test.effect": leave_effect}
    many, other = [work(world, "test.many", name=name) for name in "abc"], work(world, "test.effect")
    strange = World(world.database)
    foreign = work(strange, "test.many")
    assert carry_together(deps, handlers, world.organization_id, [*many, other, foreign]) == set(many)
    assert carry_together(deps, handlers, world.organization_id, [*many, other, foreign]) == set()
    assert seen == [["a", "b", "c"]]
    assert {id_ for id_, _ in left(owner)} == {other, foreign}
    assert [carry(deps, handlers, strange.organization_id, foreign), seen[-1]] == ["done", ["n"]], "alone it is one of one"


def test_when_one_of_many_fails_nothing_of_them_is_done_until_each_is_tried_alone(world: World, deps: Deps, owner: Owner) -> None:
    def work_on(session: Any, organization_id: int, bodies: Any, now: datetime, deps: Deps) -> None:
        for body in bodies:
            leave_effect(session, organization_id, body, now, deps)
            if body["name"] == "bad":
                raise ValueError

    handlers = {"test.many": Together(work_on)}
    good, bad, fine = (work(world, "test.many", name=name) for name in ("good", "bad", "fine"))
    assert carry_together(deps, handlers, world.organization_id, [good, bad, fine]) == set()
    assert (effects(owner), len(left(owner))) == (0, 3)
    assert [carry(deps, handlers, world.organization_id, one) for one in (good, bad, fine)] == ["done", "failed", "done"]
    assert (effects(owner), left(owner)) == (2, [(bad, "ValueError")])


def test_of_many_what_somebody_else_is_at_is_left_to_them(world: World, deps: Deps, owner: Owner) -> None:
    def nothing(session: Any, organization_id: int, bodies: Any, now: datetime, deps: Deps) -> None:
        """It is enough that it was handed over."""

    one, other = work(world, "test.many"), work(world, "test.many")
    with owner.transaction():
        owner.execute("SELECT FROM outbox WHERE id = %s FOR UPDATE", [one])
        assert carry_together(deps, {"test.many": Together(nothing)}, world.organization_id, [one, other]) == {other}
    assert [id_ for id_, _ in left(owner)] == [one]


def test_long_work_runs_between_two_transactions_under_a_longer_lease(world: World, deps: Deps, owner: Owner) -> None:
    seen: list[Any] = []

    def look(organization_id: int, body: Any, now: datetime, deps: Deps) -> None:
        seen.append(owner.execute("SELECT lease_until FROM outbox FOR UPDATE NOWAIT").fetchall())

    id_ = work(world, "test.look")
    before = datetime.now(UTC)
    assert carry(deps, {"test.look": Long(look, timedelta(minutes=7))}, world.organization_id, id_) == "done"
    [[(lease_until,)]] = seen
    assert timedelta(minutes=6) < lease_until - before < timedelta(minutes=8)
    assert left(owner) == []


def attempted(world: World, work_id: UUID, times: int) -> None:
    """As the relay counts."""
    with world.database.tenant(world.organization_id) as session:
        session.execute(update(Outbox).where(Outbox.id == work_id).values(attempts=times))


def test_long_work_that_fails_is_tried_again_soon_and_given_up_after_its_attempts(world: World, deps: Deps, owner: Owner) -> None:
    def fail(organization_id: int, body: Any, now: datetime, deps: Deps) -> None:
        raise ValueError

    handlers = {"test.long": Long(fail, attempts_max=2)}
    id_, before = work(world, "test.long"), datetime.now(UTC)
    for attempt, dead in ((1, False), (2, True)):
        attempted(world, id_, attempt)
        assert carry(deps, handlers, world.organization_id, id_) == "failed"
        [(lease_until, dead_at)] = owner.execute("SELECT lease_until, dead_at FROM outbox").fetchall()
        assert lease_until - before < timedelta(minutes=2)
        assert (dead_at is not None) is dead
    assert carry(deps, handlers, world.organization_id, id_) == "gone"
    with world.database.tenant(world.organization_id) as session:
        assert given_up(session, world.organization_id, "test.long") == [{"name": "n"}]
        assert given_up(session, world.organization_id, "test.other") == []


def test_long_work_cut_off_in_the_middle_waits_for_its_next_turn(world: World, deps: Deps, owner: Owner) -> None:
    def die(organization_id: int, body: Any, now: datetime, deps: Deps) -> None:
        raise SystemExit

    id_ = work(world, "test.long")
    with pytest.raises(SystemExit):
        carry(deps, {"test.long": Long(die)}, world.organization_id, id_)
    assert len(left(owner)) == 1
    assert carry(deps, HANDLERS, world.organization_id, id_) == "done"
    assert (effects(owner), left(owner)) == (1, [])
