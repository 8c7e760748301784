"""The demo's day is a pure function of the date, and it looks right."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from app.core.fence import area_m2
from app.core.fix import Ping
from app.core.index import FenceIndex
from app.core.policy import FenceVersion
from app.core.schedule import worked_on
from app.demo.cast import CAST, SECOND, Role
from app.demo.door import door
from app.demo.places import DESKS, PLACES
from app.demo.plan import HOUR_MS, ZONE, Day, clock_ms, day_of, is_working_day, last_working_day

WEDNESDAY, SUNDAY = date(2026, 6, 3), date(2026, 6, 7)
INDEX = FenceIndex([FenceVersion(place.name, place.shape) for place in PLACES])


def of_part(part: str) -> Role:
    return next(role for role in CAST if role.part == part)


def where(day: Day) -> list[tuple[int, tuple[str, ...]]]:
    """Each fix in order of measuring: when, and inside which fences."""
    fixes = sorted(day.fixes, key=lambda fix: fix.recorded_at_ms)
    pings = [Ping("p", str(fix.recorded_at_ms), fix.recorded_at_ms, fix.spot.latitude, fix.spot.longitude, fix.accuracy_m) for fix in fixes]
    return [(sighting.recorded_at_ms, tuple(map(str, sighting.inside))) for sighting in INDEX.sight(pings)]


def test_there_are_25_phones_of_which_8_are_always_open() -> None:
    assert len(CAST) == len({role.name for role in CAST}) == 25
    assert [role.always_open for role in CAST] == [True] * 8 + [False] * 17
    assert {role.client for role in CAST[:8]} == {"native", "owntracks", "traccar"} == {role.client for role in SECOND}
    assert {"owner", *(role.signs_in_as for role in CAST)} >= {"owner", "manager", "reception", "employee", "privacy_officer"}


def test_the_same_day_is_the_same_again_and_another_day_another() -> None:
    for role in CAST:
        assert day_of(role, WEDNESDAY) == day_of(role, WEDNESDAY)
        assert day_of(role, WEDNESDAY).fixes != day_of(role, WEDNESDAY + timedelta(days=1)).fixes


@pytest.mark.parametrize("role", [role for role in CAST if role.part in {"usual", "lunch"}], ids=lambda role: role.name)
def test_people_arrive_around_nine_and_leave_after_five(role: Role) -> None:
    at_work = [at_ms for at_ms, inside in where(day_of(role, WEDNESDAY)) if role.place in inside]
    assert clock_ms(WEDNESDAY, 8, 49) <= at_work[0] <= clock_ms(WEDNESDAY, 9, 25)
    assert clock_ms(WEDNESDAY, 16, 50) <= at_work[-1] <= clock_ms(WEDNESDAY, 17, 45)


@pytest.mark.parametrize("role", CAST, ids=lambda role: role.name)
def test_nobody_comes_through_a_fence_that_is_not_theirs(role: Role) -> None:
    theirs = {role.place, "Bedrijfsrestaurant"} | ({"Laboratorium A en B"} if role.group != "Laboratorium" else set())
    for day in (WEDNESDAY + timedelta(days=number) for number in range(14)):
        assert {fence for _, inside in where(day_of(role, day)) for fence in inside} <= theirs


def test_every_desk_is_well_inside_and_every_fence_large_enough_for_phones() -> None:
    for place in PLACES:
        pings = [Ping("p", "", 0, spot.latitude, spot.longitude, 30.0) for spot in DESKS[place.name]]
        assert all(place.name in sighting.inside for sighting in INDEX.sight(pings))
        assert area_m2(place.shape) > 12_000


def test_lunch_is_in_the_restaurant_and_back() -> None:
    seen = where(day_of(of_part("lunch"), WEDNESDAY))
    eating = [at_ms for at_ms, inside in seen if inside == ("Bedrijfsrestaurant",)]
    assert clock_ms(WEDNESDAY, 12, 10) < eating[0] < eating[-1] < clock_ms(WEDNESDAY, 13, 10)


def test_drift_is_one_fix_between_two_good_ones() -> None:
    role = of_part("drift")
    seen = [
        role.place in inside
        for at_ms, inside in where(day_of(role, WEDNESDAY))
        if clock_ms(WEDNESDAY, 10) < at_ms < clock_ms(WEDNESDAY, 16)
    ]
    assert seen.count(False) == 2
    assert (False, False) not in set(pairwise(seen))


def test_a_tunnel_is_silent_and_a_dead_phone_stays_silent() -> None:
    times = [at_ms for at_ms, _ in where(day_of(of_part("tunnel"), WEDNESDAY))]
    assert any(
        later - earlier > 1.5 * HOUR_MS for earlier, later in pairwise(times) if clock_ms(WEDNESDAY, 10) < earlier < clock_ms(WEDNESDAY, 16)
    )
    assert max(fix.recorded_at_ms for fix in day_of(of_part("dies"), WEDNESDAY).fixes) < clock_ms(WEDNESDAY, 14, 30)


def test_the_queue_holds_four_hours_from_before_arrival_shuffled_and_sent_at_once() -> None:
    day = day_of(of_part("queued"), WEDNESDAY)
    late = [fix for fix in day.fixes if fix.sent_at_ms - fix.recorded_at_ms > 60_000]
    assert len({fix.sent_at_ms for fix in late}) == 1
    measured = [fix.recorded_at_ms for fix in late]
    assert measured != sorted(measured)
    assert min(measured) < clock_ms(WEDNESDAY, 8, 50)
    assert 3.5 * HOUR_MS < max(measured) - min(measured) <= 4 * HOUR_MS


def test_who_opts_out_does_so_at_noon_and_the_phone_goes_on() -> None:
    day = day_of(of_part("opts_out"), WEDNESDAY)
    assert day.opts_out_at_ms == clock_ms(WEDNESDAY, 12)
    assert max(fix.recorded_at_ms for fix in day.fixes) > clock_ms(WEDNESDAY, 17)


def test_guards_work_at_night_every_night() -> None:
    role = of_part("night")
    for day in (WEDNESDAY, SUNDAY):
        at_work = [at_ms for at_ms, inside in where(day_of(role, day)) if role.place in inside]
        assert worked_on(at_work[0], ZONE) == day
        assert worked_on(at_work[-1], ZONE) == day + timedelta(days=1)


def test_an_ordinary_day_has_nothing_special_and_sunday_is_free() -> None:
    for role in CAST:
        day = day_of(role, WEDNESDAY, special=False)
        assert day.notes == ()
        assert day.opts_out_at_ms is None
        assert all(fix.sent_at_ms - fix.recorded_at_ms < 60_000 for fix in day.fixes)
        assert role.part == "night" or not day_of(role, SUNDAY).fixes


def test_the_last_working_day_is_over_and_no_weekend() -> None:
    for number in range(14):
        today = WEDNESDAY + timedelta(days=number)
        day = last_working_day(today)
        assert is_working_day(day)
        assert timedelta(0) < today - day <= timedelta(days=3)


def test_the_demos_code_says_where_it_is_and_the_words_beneath_what_will_not_work_there() -> None:
    *code, address, warning, _ = door("http://127.0.0.1:8000")
    assert (address, "this machine only" in warning) == ("http://127.0.0.1:8000", True)
    assert {len(line) for line in code[1:]} == {29}, "21 or 25 modules, and two of border on each side"
    assert set("".join(code)) <= set(" █▀▄")
    assert door("https://muster.example")[-2] == "https://muster.example"
