"""Hours that can say where they come from. Times are local, in Amsterdam."""

from datetime import date, datetime
from itertools import pairwise
from random import Random
from typing import Literal
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.fix import to_ms
from app.core.fold import Stay
from app.core.schedule import Occurrence
from app.core.workday import BreakRule, Correction, Facts, Punch, Question, Workday, workdays

ZONE = "Europe/Amsterdam"
MONDAY = date(2026, 6, 1)
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS


def t(text: str) -> int:
    """`1 09:30` is half past nine on 1 June 2026; `2026-03-29T02:00` any other time."""
    if "T" not in text:
        day, clock = text.split()
        text = f"2026-06-{int(day):02}T{clock}"
    return to_ms(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)))


def stay(entered: str, left: str | None, *, ended: Literal["confirmed", "assumed"] = "confirmed", last: str | None = None) -> Stay:
    left_at_ms = None if left is None else t(left)
    return Stay("site", t(entered), left_at_ms, None if left is None else ended, t(last or left or entered))


def clock_in(when: str) -> Punch:
    return Punch(f"in {when}", "clock_in", t(when))


def clock_out(when: str) -> Punch:
    return Punch(f"out {when}", "clock_out", t(when))


def shift(name: str, starts: str, ends: str, day: int = 1) -> Occurrence:
    return Occurrence(name, date(2026, 6, day), t(starts), t(ends))


def hours(facts: Facts) -> dict[int, float]:
    return {day.worked_on.day: day.worked_ms / HOUR_MS for day in workdays(facts)}


def only(facts: Facts) -> Workday:
    (day,) = workdays(facts)
    return day


def test_overlapping_stays_and_punches_count_once() -> None:
    facts = Facts(
        ZONE,
        [stay("1 09:00", "1 12:00"), stay("1 11:00", "1 13:00"), stay("1 14:00", "1 17:00")],
        [clock_in("1 13:30"), clock_out("1 14:00")],
    )
    day = only(facts)
    assert day.worked_ms == 7.5 * HOUR_MS
    assert day.breaks == ((t("1 13:00"), t("1 13:30")),)


def test_a_punch_inside_a_stay_moves_that_edge() -> None:
    worked = Facts(
        ZONE, [stay("1 08:40", "1 17:30")], [clock_in("1 09:00"), clock_out("1 12:00"), clock_in("1 13:00"), clock_out("1 17:00")]
    )
    assert only(worked).spans == ((t("1 09:00"), t("1 12:00")), (t("1 13:00"), t("1 17:00")))
    assert only(worked).questions == ()
    early = Facts(ZONE, [stay("1 08:40", "1 17:30")], [clock_out("1 17:00")])
    assert only(early).spans == ((t("1 08:40"), t("1 17:00")),)
    assert only(early).questions == ()


def test_what_a_punch_takes_off_a_stay_it_takes_off_the_stays_within_it() -> None:
    campus, building = stay("1 08:40", "1 17:30"), stay("1 08:45", "1 08:55")
    assert only(Facts(ZONE, [campus, building], [clock_in("1 09:00"), clock_out("1 17:00")])).worked_ms == 8 * HOUR_MS


def test_a_clock_out_at_the_edge_of_the_next_stay_takes_nothing_off_it() -> None:
    facts = Facts(ZONE, [stay("1 14:00", "1 17:00")], [clock_in("1 13:30"), clock_out("1 14:00")])
    assert only(facts).spans == ((t("1 13:30"), t("1 17:00")),)


def test_a_pair_that_reaches_beyond_the_stay_counts_whole() -> None:
    facts = Facts(ZONE, [stay("1 09:00", "1 17:00")], [clock_in("1 08:30"), clock_out("1 16:45")])
    assert only(facts).spans == ((t("1 08:30"), t("1 16:45")),)


def test_a_clock_in_without_clock_out_counts_nothing_and_asks_and_the_next_never_closes_it() -> None:
    forgot, again, out = clock_in("1 09:00"), clock_in("2 09:00"), clock_out("2 17:00")
    first, second = workdays(Facts(ZONE, punches=[again, out, forgot]))
    assert (first.worked_on, first.worked_ms, first.questions) == (MONDAY, 0, (Question("clock_out_missing", t("1 09:00"), forgot),))
    assert (second.worked_ms, second.questions) == (8 * HOUR_MS, ())


def test_a_lone_clock_out_asks() -> None:
    assert [one.kind for one in only(Facts(ZONE, punches=[clock_out("1 17:00")])).questions] == ["clock_in_missing"]


def test_an_assumed_end_counts_to_the_last_inside_sighting_and_asks() -> None:
    day = only(Facts(ZONE, [stay("1 09:00", "1 15:00", ended="assumed")]))
    assert (day.worked_ms, [one.kind for one in day.questions]) == (6 * HOUR_MS, ["left_assumed"])


def test_an_open_stay_counts_as_far_as_it_is_known_and_says_so() -> None:
    day = only(Facts(ZONE, [stay("1 09:00", None, last="1 11:00")]))
    assert (day.worked_ms, day.is_open) == (2 * HOUR_MS, True)


def test_without_shifts_a_stay_is_split_at_local_midnight() -> None:
    assert hours(Facts(ZONE, [stay("1 22:00", "2 06:00")])) == {1: 2, 2: 6}


def test_a_stay_belongs_whole_to_the_shift_it_overlaps_most() -> None:
    shifts = [shift("late", "1 14:00", "1 22:00"), shift("night", "1 22:00", "2 06:00")]
    assert hours(Facts(ZONE, [stay("1 21:00", "2 06:10")], shifts=shifts)) == {1: 9 + 1 / 6}
    night = only(Facts(ZONE, [stay("1 21:00", "2 06:10")], shifts=shifts))
    assert night.lines[0].shift == shifts[1]


def test_a_tie_between_shifts_goes_to_the_earlier() -> None:
    shifts = [shift("second", "2 00:00", "2 08:00", day=2), shift("first", "1 16:00", "2 00:00")]
    assert hours(Facts(ZONE, [stay("1 22:00", "2 02:00")], shifts=shifts)) == {1: 4}


def test_what_overlaps_no_shift_is_split_at_midnight_though_there_are_shifts() -> None:
    assert hours(Facts(ZONE, [stay("5 23:00", "6 01:00")], shifts=[shift("day", "1 09:00", "1 17:00")])) == {5: 1, 6: 1}


def test_an_hour_claimed_by_two_dates_counts_for_the_earlier() -> None:
    shifts = [shift("night", "1 22:00", "2 06:00"), shift("day", "2 06:00", "2 14:00", day=2)]
    facts = Facts(ZONE, [stay("1 22:00", "2 07:00"), stay("2 06:00", "2 14:00")], shifts=shifts)
    assert hours(facts) == {1: 9, 2: 7}
    assert [line.kind for line in workdays(facts)[1].lines] == ["stay", "counted_before"]


def test_night_shifts_last_seven_hours_in_spring_and_nine_in_autumn() -> None:
    spring = Occurrence("night", date(2026, 3, 28), t("2026-03-28T22:00"), t("2026-03-29T06:00"))
    autumn = Occurrence("night", date(2026, 10, 24), t("2026-10-24T22:00"), t("2026-10-25T06:00"))
    stays = [stay("2026-03-28T22:00", "2026-03-29T06:00"), stay("2026-10-24T22:00", "2026-10-25T06:00")]
    assert [day.worked_ms / HOUR_MS for day in workdays(Facts(ZONE, stays, shifts=[spring, autumn]))] == [7, 9]


def test_corrections_lie_on_top_and_only_approved_ones_count() -> None:
    def correction(kind: Literal["add", "remove"], start: str, end: str, proposed: int, approved_by: str | None = "manager") -> Correction:
        return Correction(f"c{proposed}", MONDAY, kind, t(start), t(end), proposed, "anna", "forgot", approved_by)

    remove, add = correction("remove", "1 12:00", "1 14:00", 1), correction("add", "1 13:00", "1 13:30", 2)
    pending = correction("add", "1 17:00", "1 19:00", 3, None)
    day = only(Facts(ZONE, [stay("1 09:00", "1 17:00")], corrections=[pending, add, remove]))
    assert day.worked_ms == 6.5 * HOUR_MS
    assert [(line.kind, line.effect_ms / HOUR_MS) for line in day.lines] == [
        ("stay", 8),
        ("correction", -2),
        ("correction", 0.5),
        ("correction_pending", 0),
    ]


def test_the_break_of_a_shift_is_owed_only_on_days_in_that_shift() -> None:
    night, rules = shift("night", "1 22:00", "2 06:00"), [BreakRule(4 * 3600, 1800, weekly="night")]
    assert only(Facts(ZONE, [stay("1 09:00", "1 17:00")], shifts=[night], break_rules=rules)).break_deducted_ms == 0
    assert only(Facts(ZONE, [stay("1 22:00", "2 06:00")], shifts=[night], break_rules=rules)).break_deducted_ms == 30 * MINUTE_MS


def test_a_break_rule_deducts_only_what_was_not_taken_and_never_below_its_threshold() -> None:
    rules = [BreakRule(6 * 3600, 30 * 60), BreakRule(9 * 3600, 45 * 60)]

    def deducted_min(*stays: Stay) -> float:
        return only(Facts(ZONE, stays, break_rules=rules)).break_deducted_ms / MINUTE_MS

    assert deducted_min(stay("1 09:00", "1 17:00")) == 30
    assert deducted_min(stay("1 09:00", "1 12:00"), stay("1 12:20", "1 17:00")) == 10
    assert deducted_min(stay("1 09:00", "1 12:00"), stay("1 12:40", "1 17:00")) == 0
    assert deducted_min(stay("1 09:00", "1 15:10")) == 10
    assert deducted_min(stay("1 09:00", "1 15:00")) == 0
    assert deducted_min(stay("1 09:00", "1 19:00")) == 45


moments = st.integers(0, 4 * 24 * 4).map(lambda quarter: t("1 00:00") + quarter * 15 * MINUTE_MS)
spans = st.tuples(moments, moments).map(sorted).map(tuple)
stays_of = st.lists(spans.map(lambda s: Stay("site", s[0], s[1], "confirmed", s[1])), max_size=5)
punches_of = st.lists(
    st.builds(lambda kind, at_ms: Punch(f"{at_ms}", kind, at_ms), st.sampled_from(["clock_in", "clock_out"]), moments), max_size=6
)
shifts_of = st.lists(st.integers(1, 4), unique=True, max_size=3).map(
    lambda days: [shift(f"s{day}", f"{day} 20:00", f"{day + 1} 04:00", day) for day in days]
)


@given(stays_of, punches_of, shifts_of, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_order_does_not_matter_and_the_lines_always_add_up(
    stays: list[Stay], punches: list[Punch], shifts: list[Occurrence], random: Random
) -> None:
    rules = [BreakRule(6 * 3600, 1800)]
    days = workdays(Facts(ZONE, stays, punches, shifts, break_rules=rules))
    for day in days:
        assert day.worked_ms == sum(line.effect_ms for line in day.lines)
        assert day.worked_ms >= 0
    counted = sorted(span for day in days for span in day.spans)
    assert all(before[1] <= after[0] for before, after in pairwise(counted))
    random.shuffle(stays)
    random.shuffle(punches)
    random.shuffle(shifts)
    assert workdays(Facts(ZONE, stays, punches, shifts, break_rules=rules)) == days
