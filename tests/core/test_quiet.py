"""Quiet hours, over midnight and on the two days when clocks are set."""

from datetime import UTC, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.quiet import breaks_through, goes_at, same_clock

AMSTERDAM = "Europe/Amsterdam"
ZONES = [AMSTERDAM, "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu"]
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 -- the zone is given beside it
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def held(at: str, start: str = "22:00", end: str = "07:00") -> str:
    return f"{goes_at(utc(at), AMSTERDAM, time.fromisoformat(start), time.fromisoformat(end)):%Y-%m-%dT%H:%M}"


@pytest.mark.parametrize(
    ("at", "start", "end", "goes"),
    [
        ("2026-06-01T12:00", "22:00", "07:00", "2026-06-01T12:00"),
        ("2026-06-01T19:59", "22:00", "07:00", "2026-06-01T19:59"),
        ("2026-06-01T20:00", "22:00", "07:00", "2026-06-02T05:00"),
        ("2026-06-02T01:00", "22:00", "07:00", "2026-06-02T05:00"),
        ("2026-06-02T05:00", "22:00", "07:00", "2026-06-02T05:00"),
        ("2026-06-01T11:00", "12:00", "14:00", "2026-06-01T12:00"),
        ("2026-03-28T22:00", "22:00", "07:00", "2026-03-29T05:00"),
        ("2026-10-24T22:00", "22:00", "07:00", "2026-10-25T06:00"),
        ("2026-03-29T00:30", "01:00", "02:30", "2026-03-29T01:00"),
        ("2026-10-25T00:15", "01:00", "02:30", "2026-10-25T00:30"),
        ("2026-10-25T01:15", "01:00", "02:30", "2026-10-25T01:15"),
        ("2026-10-25T01:15", "02:15", "03:00", "2026-10-25T02:00"),
        ("2026-03-28T12:00", "02:40", "02:20", "2026-03-30T00:20"),
    ],
)
def test_quiet_hours_hold_a_message_until_they_end_also_when_clocks_are_set(at: str, start: str, end: str, goes: str) -> None:
    assert held(at, start, end) == goes


@given(moments, st.sampled_from(ZONES), clocks, clocks)
def test_a_message_goes_once_never_early_never_in_quiet_hours_and_within_two_days(at: datetime, zone: str, start: time, end: time) -> None:
    goes = goes_at(at, zone, start, end)
    assert at <= goes <= at + timedelta(hours=49)
    assert goes_at(goes, zone, start, end) == goes


@given(moments, clocks, clocks)
def test_where_clocks_are_never_set_quiet_is_what_the_wall_clock_says(at: datetime, start: time, end: time) -> None:
    local = at.astimezone(ZoneInfo("Asia/Kathmandu")).time()
    quiet = start <= local < end if start < end else start != end and (local >= start or local < end)
    goes = goes_at(at, "Asia/Kathmandu", start, end)
    assert (goes != at) == quiet
    if quiet:
        assert goes.astimezone(ZoneInfo("Asia/Kathmandu")).time() == end


def test_no_quiet_hours_or_equal_times_hold_nothing() -> None:
    at = utc("2026-06-01T23:00")
    assert goes_at(at, AMSTERDAM, None, None) == goes_at(at, AMSTERDAM, time(8), time(8)) == at


def test_only_a_severe_or_extreme_actual_alert_breaks_through() -> None:
    every = product(("message", "alert"), ("actual", "exercise", "test"), ("minor", "moderate", "severe", "extreme"))
    assert [one for one in every if breaks_through(*one)] == [("alert", "actual", "severe"), ("alert", "actual", "extreme")]


@pytest.mark.parametrize(
    ("at", "theirs", "moment"),
    [
        ("2026-06-01T07:00", "America/New_York", "2026-06-01T13:00"),
        ("2026-03-29T07:00", "Europe/London", "2026-03-29T08:00"),
        ("2026-03-10T08:00", "America/New_York", "2026-03-10T13:00"),
        ("2026-03-08T01:30", "America/New_York", "2026-03-08T07:00"),
    ],
)
def test_the_same_clock_elsewhere(at: str, theirs: str, moment: str) -> None:
    assert same_clock(utc(at), AMSTERDAM, theirs) == utc(moment)


@given(moments)
def test_the_same_clock_at_home_is_the_same_moment_or_the_first_of_two(at: datetime) -> None:
    assert at - same_clock(at, AMSTERDAM, AMSTERDAM) in (
        timedelta(microseconds=at.microsecond % 1000),
        timedelta(hours=1, microseconds=at.microsecond % 1000),
    )
