"""What a visitor's code means at a moment, and until when a visit is kept."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.core.visits import OPEN, deletes_on, opens, purge_after

ZONE = "Europe/Amsterdam"
NOW = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)
STATES = ("expected", "waiting", "on_site", "left_confirmed", "left_assumed", "refused", "cancelled")


@dataclass(frozen=True)
class Visit:
    state: str
    expected_from: datetime
    expected_until: datetime
    left_at: datetime | None = None


def visit(state: str, day: int = 0, *, days: int = 0, left_day: int | None = None) -> Visit:
    """From 14:00 local time, for an hour; `days` later it ends."""
    starts = NOW + timedelta(days=day)
    return Visit(state, starts, starts + timedelta(days=days, hours=1), None if left_day is None else NOW + timedelta(days=left_day))


@st.composite
def visits(draw: st.DrawFn) -> Visit:
    state = draw(st.sampled_from(STATES))
    left = draw(st.integers(-9, 0)) if state.startswith("left") else None
    return visit(state, draw(st.integers(-9, 9)), days=draw(st.integers(0, 5)), left_day=left)


def test_each_case_has_its_own_verdict() -> None:
    today, tomorrow = visit("expected"), visit("expected", 1)
    assert opens([today, tomorrow], NOW, ZONE) == ("comes", today)
    assert opens([tomorrow], NOW, ZONE) == ("not_now", None)
    assert opens([visit("cancelled")], NOW, ZONE) == ("not_now", None)
    assert opens([visit("on_site", -1), today], NOW, ZONE)[0] == "here"
    assert opens([visit("left_confirmed", left_day=0)], NOW, ZONE)[0] == "over"
    assert opens([visit("left_confirmed", -3, left_day=-3)], NOW, ZONE)[0] == "over"
    assert opens([visit("left_confirmed", -1, days=2, left_day=-1)], NOW, ZONE)[0] == "again"
    assert opens([visit("left_confirmed", -1, left_day=-1), tomorrow], NOW, ZONE)[0] == "not_now"
    assert opens([visit("refused")], NOW, ZONE)[0] == "over"
    assert opens([], NOW, ZONE) == ("not_now", None)


def test_a_visit_is_for_the_whole_local_day_and_for_no_other() -> None:
    late = Visit("expected", datetime(2026, 6, 3, 21, 30, tzinfo=UTC), datetime(2026, 6, 3, 21, 45, tzinfo=UTC))
    assert opens([late], datetime(2026, 6, 2, 22, 0, tzinfo=UTC), ZONE)[0] == "comes"
    assert opens([late], datetime(2026, 6, 2, 21, 59, tzinfo=UTC), ZONE)[0] == "not_now"
    assert opens([late], datetime(2026, 6, 3, 21, 59, tzinfo=UTC), ZONE)[0] == "comes"
    assert opens([late], datetime(2026, 6, 3, 22, 0, tzinfo=UTC), ZONE)[0] == "not_now"


@given(st.lists(visits(), max_size=6))
def test_a_code_opens_nothing_but_a_visit_of_today_that_nobody_ended(some: list[Visit]) -> None:
    verdict, found = opens(some, NOW, ZONE)
    assert (verdict == "here") == any(one.state in OPEN for one in some)
    if verdict == "comes":
        assert found is not None
        assert found.state == "expected"
        assert found.expected_from.date() <= NOW.date() <= found.expected_until.date()
    if verdict == "again":
        assert found is not None
        assert found.left_at is not None
        assert found.left_at.date() < NOW.date() <= found.expected_until.date()
    assert (found is None) == (verdict == "not_now")


def test_terms_are_counted_in_local_days_over_a_leap_day_and_when_clocks_change() -> None:
    assert purge_after(datetime(2028, 2, 27, 12, tzinfo=UTC), 2, ZONE) == date(2028, 2, 29)
    assert purge_after(datetime(2027, 2, 27, 12, tzinfo=UTC), 2, ZONE) == date(2027, 3, 1)
    assert purge_after(datetime(2026, 3, 28, 23, 30, tzinfo=UTC), 1, ZONE) == date(2026, 3, 30)
    assert purge_after(datetime(2026, 10, 24, 21, 59, tzinfo=UTC), 1, ZONE) == date(2026, 10, 25)
    assert deletes_on(date(2028, 2, 29)) == date(2028, 3, 1)
