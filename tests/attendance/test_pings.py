"""Pings through the service on a real database: gate, sight, fold, amend."""

import json
import random
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import text

from app.actor import DeviceClaim
from app.attendance.board import Narrowed, boards
from app.attendance.jobs import close_outlived_stays
from app.attendance.models import AttendanceState, Checkpoint, Crossing, Sighting, Stay
from app.attendance.service import PingResult, forget_before, record_pings, refold_person
from app.attendance.views import own
from app.core.fix import Ping, to_ms
from app.db.transaction import Database
from app.errors import Unauthorized
from app.outbox.models import LiveEvent
from app.ports import Deps
from app.privacy.models import Gate, RefusalCount
from tests.factories import LONG_AGO, NOW, Phone, World, every

LATENESS = timedelta(days=7)
MORNING = NOW - timedelta(hours=4)


def send(world: World, phone: Phone, pings: list[Ping], now: Any = NOW) -> list[PingResult]:
    return record_pings(world.database, phone.claim, pings, now, LATENESS)


def stays_of(world: World, phone: Phone) -> list[tuple[Any, ...]]:
    """As the person is told them."""
    rows = [row for row in world.rows(Stay) if row.person_id == phone.person_id and row.withdrawn_at is None and row.told_to != "others"]
    return sorted((row.fence_id, row.entered_at, row.left_at, row.ended, row.cut) for row in rows)


def crossings_of(world: World, phone: Phone) -> list[tuple[Any, ...]]:
    rows = [row for row in world.rows(Crossing) if row.person_id == phone.person_id and row.withdrawn_at is None]
    return sorted((row.fence_id, row.at, row.kind) for row in rows)


def walk(phone: Phone) -> list[Ping]:
    """Arrive at 08:00, out for lunch at 10:00 for half an hour, back; a drift in between; gone for good at 11:30."""
    inside = [phone.ping(at) for at in every(300, MORNING, 24)]
    drift = [phone.ping(MORNING + timedelta(minutes=32), 900, accuracy_m=2)]
    lunch = [phone.ping(at, 800) for at in every(120, MORNING + timedelta(hours=2), 15)]
    back = [phone.ping(at) for at in every(300, MORNING + timedelta(hours=2, minutes=30), 12)]
    gone = [phone.ping(at, 2_000) for at in every(60, MORNING + timedelta(hours=3, minutes=30), 10)]
    return inside + drift + lunch + back + gone


def test_arriving_opens_a_stay_and_leaving_ends_it_at_the_first_sighting_outside(world: World) -> None:
    fence, phone = world.circle(), world.phone()
    results = send(world, phone, walk(phone))
    assert Counter(result.status for result in results) == {"accepted": 62}
    assert stays_of(world, phone) == [
        (fence, MORNING, MORNING + timedelta(hours=2), "confirmed", None),
        (fence, MORNING + timedelta(hours=2, minutes=30), MORNING + timedelta(hours=3, minutes=30), "confirmed", None),
    ]
    assert len(world.rows(Sighting)) == 62


def test_a_repeat_is_answered_and_changes_nothing(world: World) -> None:
    world.circle()
    phone = world.phone()
    send(world, phone, walk(phone))
    before = (stays_of(world, phone), len(world.rows(Crossing)), world.rows(AttendanceState)[0].revision)
    assert {result.status for result in send(world, phone, walk(phone))} == {"repeat"}
    assert (stays_of(world, phone), len(world.rows(Crossing)), world.rows(AttendanceState)[0].revision) == before


def test_the_first_content_of_a_ping_stands(world: World) -> None:
    world.circle()
    phone = world.phone()
    near, far = phone.ping(MORNING, ping_id="same"), phone.ping(MORNING, 5_000, ping_id="same")
    assert [result.status for result in send(world, phone, [near, far])] == ["accepted", "repeat"]
    assert [result.status for result in send(world, phone, [far])] == ["repeat"]
    assert len(stays_of(world, phone)) == 1


@pytest.mark.parametrize("seed", range(6))
def test_shuffled_repeated_and_split_pings_give_what_perfect_ones_give(world: World, seed: int) -> None:
    world.circle()
    perfect, messy = world.phone(), world.phone()
    send(world, perfect, walk(perfect))
    chance = random.Random(seed)
    pings = walk(messy) + chance.sample(walk(messy), 20)
    chance.shuffle(pings)
    cuts = sorted(chance.sample(range(1, len(pings)), 8))
    for start, end in pairwise([0, *cuts, len(pings)]):
        send(world, messy, pings[start:end])
    assert stays_of(world, messy) == stays_of(world, perfect)
    assert crossings_of(world, messy) == crossings_of(world, perfect)


def test_late_pings_of_days_ago_amend_what_was_written_and_keep_the_ids(world: World) -> None:
    world.circle()
    phone = world.phone()
    day = timedelta(days=1)
    for days in (3, 2, 1):
        moments = every(600, MORNING - days * day, 6)
        send(world, phone, [phone.ping(at) for at in moments], moments[-1])
        send(
            world,
            phone,
            [phone.ping(at, 900) for at in every(100, moments[-1] + timedelta(minutes=5), 3)],
            moments[-1] + timedelta(minutes=15),
        )
    assert len(world.rows(Checkpoint)) == 2
    before = {row.id: (row.entered_at, row.left_at, row.revision) for row in world.rows(Stay)}
    assert len(before) == 3
    earlier = MORNING - 2 * day - timedelta(minutes=20)
    send(world, phone, [phone.ping(earlier)])
    after = {row.id: (row.entered_at, row.left_at, row.revision) for row in world.rows(Stay)}
    assert after.keys() == before.keys()
    changed = [(before[key], after[key]) for key in before if before[key] != after[key]]
    ((entered, left, revision), amended) = changed[0]
    assert len(changed) == 1
    assert entered == MORNING - 2 * day
    assert amended == (earlier, left, revision + 1)


@pytest.mark.parametrize("seed", range(6))
def test_days_of_pings_in_any_order_give_what_perfect_ones_give(world: World, seed: int) -> None:
    world.circle()
    perfect, messy = world.phone(), world.phone()
    chance = random.Random(seed)
    moments = sorted(chance.sample(every(420, NOW - timedelta(days=4), 800), 120))
    walked = [(at, chance.choice([0.0, 0.0, 900.0, 3_000.0]), f"{nth}") for nth, at in enumerate(moments)]
    for at, metres, ping_id in walked:
        send(world, perfect, [perfect.ping(at, metres, ping_id=ping_id)])
    held = sorted(chance.sample(range(len(walked)), 25))
    prompt = [one for nth, one in enumerate(walked[:-5]) if nth not in held]
    tardy = [walked[nth] for nth in held if nth < len(walked) - 5] + walked[-5:]
    send(world, messy, [messy.ping(at, metres, ping_id=ping_id) for at, metres, ping_id in prompt])
    chance.shuffle(tardy)
    for start in range(0, len(tardy), 3):
        send(world, messy, [messy.ping(at, metres, ping_id=ping_id) for at, metres, ping_id in tardy[start : start + 3]])
    assert stays_of(world, messy) == stays_of(world, perfect)
    assert crossings_of(world, messy) == crossings_of(world, perfect)
    states = {row.person_id: json.dumps(row.state["standings"]) for row in world.rows(AttendanceState)}
    assert states[messy.person_id].replace(str(messy.device_id), str(perfect.device_id)) == states[perfect.person_id]


def test_a_late_ping_costs_the_days_it_changes_and_not_all_since(world: World) -> None:
    world.circle()
    phone = world.phone()
    day = timedelta(days=1)
    for days in (4, 3, 2, 1):
        start = MORNING - days * day
        send(
            world,
            phone,
            [phone.ping(start), phone.ping(start + timedelta(minutes=5), 3_000), phone.ping(start + timedelta(minutes=20), 3_000)],
        )
    with world.database.hot(world.organization_id) as connection:  # what is not read again cannot be missed
        connection.execute("DELETE FROM sighting WHERE organization_id = %s AND recorded_at > %s", (world.organization_id, NOW - 2 * day))
    send(world, phone, [phone.ping(MORNING - 4 * day - timedelta(minutes=5))])
    assert [entered for _, entered, *_ in stays_of(world, phone)] == [
        MORNING - 4 * day - timedelta(minutes=5), *(MORNING - days * day for days in (3, 2, 1))
    ]  # fmt: skip


def test_a_late_ping_that_fills_a_silence_withdraws_nothing_else(world: World) -> None:
    fence, phone = world.circle(), world.phone()
    send(world, phone, [phone.ping(MORNING - timedelta(hours=14))], MORNING - timedelta(hours=14))
    send(world, phone, [phone.ping(MORNING)], MORNING)
    assert [stay[3:] for stay in stays_of(world, phone)] == [("assumed", "gap"), (None, None)]
    send(world, phone, [phone.ping(MORNING - timedelta(hours=7))], MORNING)
    assert stays_of(world, phone) == [(fence, MORNING - timedelta(hours=14), None, None, None)]


@pytest.mark.parametrize(
    ("reason", "moment"),
    [("in_the_future", NOW + timedelta(seconds=121)), ("too_late", NOW - LATENESS - timedelta(seconds=1))],
)
def test_an_impossible_time_is_refused_and_only_counted(world: World, reason: str, moment: Any) -> None:
    world.circle()
    phone = world.phone()
    assert send(world, phone, [phone.ping(moment)]) == [PingResult("refused", reason)]
    assert world.rows(Sighting) == []
    assert [(row.reason, row.count, row.day) for row in world.rows(RefusalCount)] == [(reason, 1, NOW.date())]


def test_without_an_instruction_nothing_is_kept(database: Database) -> None:
    world = World(database)
    world.circle()
    phone = world.phone()
    assert {result.reason for result in send(world, phone, walk(phone))} == {"no_instruction"}
    assert world.rows(Sighting) == []
    assert world.rows(AttendanceState)[0].last_seen_at is None


def test_switched_off_now_refuses_even_what_was_recorded_while_on(world: World) -> None:
    world.circle()
    phone = world.phone(on=[[to_ms(MORNING), to_ms(NOW - timedelta(minutes=1))]])
    assert send(world, phone, [phone.ping(MORNING + timedelta(minutes=5))]) == [PingResult("refused", "switched_off")]


def test_a_phone_in_a_drawer_does_not_speak_for_its_person(world: World) -> None:
    world.circle()
    phone = world.phone(tracking=False)
    assert send(world, phone, [phone.ping(MORNING)]) == [PingResult("refused", "not_tracking_device")]


def test_a_fence_for_a_group_says_nothing_about_others(world: World) -> None:
    member, other = world.phone(), world.phone()
    fence = world.circle(group=world.group("night shift", member.person_id))
    for phone in (member, other):
        send(world, phone, [phone.ping(MORNING)])
    assert [stay[0] for stay in stays_of(world, member)] == [fence]
    assert stays_of(world, other) == []
    assert {row.person_id: row.inside for row in world.rows(Sighting)} == {member.person_id: [fence], other.person_id: []}


def test_nothing_a_place_can_be_computed_from_is_written(world: World) -> None:
    world.circle()
    phone = world.phone()
    send(world, phone, walk(phone))
    place = str(phone.ping(MORNING, 900).latitude)[:9]
    for model in (Sighting, AttendanceState, Crossing, Stay, Checkpoint, LiveEvent):
        for row in world.rows(model):
            assert place not in repr(vars(row))


def test_a_revoked_or_invented_token_is_unauthorized(world: World) -> None:
    phone = world.phone()
    with pytest.raises(Unauthorized):
        record_pings(world.database, DeviceClaim(world.organization_id, b"0" * 32), [phone.ping(NOW)], NOW, LATENESS)


def test_a_token_is_good_in_its_own_organization_only(world: World, database: Database) -> None:
    phone, other = world.phone(), World(database)
    with pytest.raises(Unauthorized):
        record_pings(database, DeviceClaim(other.organization_id, phone.claim.token_sha256), [phone.ping(NOW)], NOW, LATENESS)


def test_sightings_past_the_window_are_forgotten_and_late_pings_still_refold_to_the_same_story(world: World, deps: Deps) -> None:
    world.circle()
    kept, forgotten = world.phone(), world.phone()
    old = NOW - timedelta(days=8)
    for phone in (kept, forgotten):
        send(world, phone, [phone.ping(old), phone.ping(NOW - timedelta(days=7, hours=-1))], NOW - timedelta(days=6))
        send(world, phone, [phone.ping(NOW - timedelta(days=1), 3_000), phone.ping(NOW - timedelta(days=1, minutes=-9), 3_000)])
    forget_before(world.database, world.organization_id, forgotten.person_id, NOW - LATENESS, NOW)
    late = NOW - timedelta(days=3)
    for phone in (kept, forgotten):
        send(world, phone, [phone.ping(late)])
    assert stays_of(world, forgotten) == stays_of(world, kept)
    assert crossings_of(world, forgotten) == crossings_of(world, kept)
    assert [row.person_id for row in world.rows(Sighting) if row.recorded_at < NOW - LATENESS] == [kept.person_id]


def test_the_end_of_the_working_window_closes_the_stay_of_a_silent_phone(world: World, deps: Deps) -> None:
    world.circle()
    day = NOW.replace(hour=0)
    window = ["1234567", "06:00:00", "09:00:00", "UTC", "2026-01-01", None, to_ms(LONG_AGO), None]
    phone = world.phone(windows=[window])
    send(world, phone, [phone.ping(day + timedelta(hours=8))], day + timedelta(hours=8, minutes=1))
    assert close_outlived_stays(deps, world.organization_id, day + timedelta(hours=9, minutes=59)) == 0
    assert close_outlived_stays(deps, world.organization_id, day + timedelta(hours=10, minutes=1)) == 1
    assert [stay[2:] for stay in stays_of(world, phone)] == [(day + timedelta(hours=8), "assumed", "window_end")]
    assert close_outlived_stays(deps, world.organization_id, day + timedelta(hours=10, minutes=2)) == 0


def test_an_opt_out_ends_the_stay_in_the_record_and_looks_like_silence_to_others(world: World) -> None:
    fence, phone = world.circle(), world.phone()
    send(world, phone, [phone.ping(NOW - timedelta(minutes=20))], NOW - timedelta(minutes=20))
    off_at = NOW - timedelta(minutes=10)
    with world.database.tenant(world.organization_id) as session:
        gate = session.get_one(Gate, (world.organization_id, phone.person_id))
        gate.body = {**gate.body, "on": [[to_ms(LONG_AGO), to_ms(off_at)]]}
    refold_person(world.database, world.organization_id, phone.person_id, off_at, NOW)
    assert [stay[3:] for stay in stays_of(world, phone)] == [("assumed", "switch_off")]
    with world.database.tenant(world.organization_id) as session:
        seen, later = (
            [(board.fence_id, board.people[0]["standing"]) for board in boards(session, world.organization_id, Narrowed(), moment)]
            for moment in (NOW, NOW + timedelta(hours=1))
        )
        mine = own(session, world.organization_id, phone.person_id, NOW)
    assert (seen, later, mine) == ([(str(fence), "inside")], [(str(fence), "unknown")], [])


def test_a_long_lateness_window_lets_old_pings_through_the_working_windows_of_their_time(world: World) -> None:
    world.circle()
    window = ["1234567", "06:00:00", "18:00:00", "UTC", "2026-01-01", None, to_ms(LONG_AGO), None]
    phone = world.phone(windows=[window])
    with world.database.identity() as session:
        session.execute(text("SELECT make_sighting_partitions('2026-05-01', '2026-05-20')"))
    old = [phone.ping(NOW - timedelta(days=25)), phone.ping(NOW - timedelta(days=25, hours=-9))]
    results = record_pings(world.database, phone.claim, old, NOW, timedelta(days=30))
    assert [(result.status, result.reason) for result in results] == [("accepted", None), ("refused", "outside_window")]
