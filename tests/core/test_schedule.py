"""Local time, on ordinary days and on the two days when it is hard."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.fix import from_ms, to_ms
from app.core.schedule import Weekly, local_days, moment_ms, occurrences, windows, worked_on

AMSTERDAM = "Europe/Amsterdam"
EVERY_DAY = frozenset(range(7))
HOUR_MS = 3_600_000


def utc(text: str) -> int:
    return to_ms(datetime.fromisoformat(text).replace(tzinfo=UTC))


def weekly(starts: str, ends: str, valid_until: date | None = None, weekdays: frozenset[int] = EVERY_DAY, zone: str = AMSTERDAM) -> Weekly:
    return Weekly("w", weekdays, time.fromisoformat(starts), time.fromisoformat(ends), zone, date(2026, 1, 1), valid_until)


@pytest.mark.parametrize(
    ("day", "clock", "zone", "moment"),
    [
        (date(2026, 3, 29), "01:59", AMSTERDAM, "2026-03-29T00:59"),
        (date(2026, 3, 29), "02:00", AMSTERDAM, "2026-03-29T01:00"),
        (date(2026, 3, 29), "02:30", AMSTERDAM, "2026-03-29T01:00"),
        (date(2026, 3, 29), "03:00", AMSTERDAM, "2026-03-29T01:00"),
        (date(2026, 10, 25), "02:30", AMSTERDAM, "2026-10-25T00:30"),
        (date(2026, 10, 25), "03:00", AMSTERDAM, "2026-10-25T02:00"),
        (date(2026, 10, 4), "02:15", "Australia/Lord_Howe", "2026-10-03T15:30"),
    ],
)
def test_a_time_that_does_not_exist_is_the_jump_and_one_that_comes_twice_is_the_first(
    day: date, clock: str, zone: str, moment: str
) -> None:
    assert from_ms(moment_ms(day, time.fromisoformat(clock), zone)) == from_ms(utc(moment))


@pytest.mark.parametrize(("day", "hours"), [("2026-03-28", 7), ("2026-10-24", 9), ("2026-06-01", 8)])
def test_a_night_shift_lasts_as_long_as_people_really_work(day: str, hours: int) -> None:
    start = utc(f"{day}T12:00")
    (night,) = occurrences([weekly("22:00", "06:00")], start, start + 12 * HOUR_MS)
    assert night.until_ms - night.from_ms == hours * HOUR_MS
    assert night.worked_on == date.fromisoformat(day)


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)])
def test_local_days_are_split_at_midnight_and_last_23_to_25_hours(day: str, hours: int) -> None:
    whole = date.fromisoformat(day)
    noon = utc(f"{day}T10:00")
    parts = dict(local_days((noon - 30 * HOUR_MS, noon + 40 * HOUR_MS), AMSTERDAM))
    assert parts[whole][1] - parts[whole][0] == hours * HOUR_MS
    assert sum(end - start for start, end in parts.values()) == 70 * HOUR_MS


def test_a_day_whose_midnight_does_not_exist_begins_at_the_jump() -> None:
    jump = utc("2018-11-04T03:00")
    assert worked_on(jump - 1, "America/Sao_Paulo") == date(2018, 11, 3)
    assert [day for day, _ in local_days((jump - 1, jump + 1), "America/Sao_Paulo")] == [date(2018, 11, 3), date(2018, 11, 4)]


def test_occurrences_are_whole_and_keep_to_their_weekdays_and_validity() -> None:
    monday_nights = weekly("22:00", "06:00", valid_until=date(2026, 6, 8), weekdays=frozenset({0}))
    found = windows([monday_nights], utc("2026-06-02T01:00"), utc("2026-06-30T00:00"))
    assert found == (
        (utc("2026-06-01T20:00"), utc("2026-06-02T04:00")),
        (utc("2026-06-08T20:00"), utc("2026-06-09T04:00")),
    )


def test_equal_start_and_end_are_a_whole_day() -> None:
    (whole,) = occurrences([weekly("08:00", "08:00")], utc("2026-06-01T08:00"), utc("2026-06-01T09:00"))
    assert whole.until_ms - whole.from_ms == 24 * HOUR_MS


@given(
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.times(),
    st.times(),
    st.sampled_from([AMSTERDAM, "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu"]),
)
@settings(max_examples=40, deadline=None)
def test_clock_times_keep_their_order(day: date, one: time, other: time, zone: str) -> None:
    early, late = sorted((one.replace(microsecond=0), other.replace(microsecond=0)))
    assert moment_ms(day, early, zone) <= moment_ms(day, late, zone)
