"""From weekly windows to moments, without a database."""

from datetime import UTC, date, datetime, time
from uuid import uuid4

from app.core.consent import Gate, Refusal, refusal
from app.core.consent import cuts as gate_cuts
from app.core.fix import to_ms
from app.core.intervals import FOREVER
from app.privacy.gates import Applied, Event, body, counted_until, instruction, read

LATENESS_MS = 7 * 86_400_000
PHONE = uuid4()


def at(day: int, hour: int, minute: int = 0, month: int = 6) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def window(
    since: datetime, *, starts: int = 9, ends: int = 17, until: datetime | None = None, weekdays: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
) -> Applied:
    return Applied(weekdays, time(starts), time(ends), "Europe/Amsterdam", date(2026, 1, 1), None, since, until)


def gate_of(*windows: Applied, now: datetime, margin_s: int = 0) -> Gate:
    events = [Event("on", at(1, 0, month=1)), Event("device", at(1, 0, month=1), device_id=PHONE)]
    given = [instruction(["attendance"], at(1, 0, month=1), None)]
    return read(body(events, windows, now), given, to_ms(now), margin_s)


def asked(gate: Gate, moment: datetime) -> Refusal | None:
    return refusal(gate, PHONE, to_ms(moment), to_ms(moment), LATENESS_MS)


def test_without_a_window_every_hour_is_allowed() -> None:
    gate = gate_of(now=at(10, 12))
    assert gate.windows is None
    assert asked(gate, at(10, 3)) is None


def test_a_window_allows_its_hours_in_its_own_zone_and_the_margin() -> None:
    gate = gate_of(window(at(1, 0, month=1)), now=at(10, 12), margin_s=3600)
    allowed = [asked(gate, moment) is None for moment in (at(10, 5, 59), at(10, 6), at(10, 15, 59), at(10, 16))]
    assert allowed == [False, True, True, False], "09:00-17:00 in Amsterdam is 07:00-15:00 UTC in summer, an hour longer on both sides"


def test_before_a_window_was_set_everything_was_allowed_and_the_change_works_at_once() -> None:
    gate = gate_of(window(at(10, 20)), now=at(10, 20), margin_s=3600)
    assert asked(gate, at(10, 19, 59)) is None
    assert asked(gate, at(10, 20)) == "outside_window"
    assert asked(gate, at(11, 7)) is None


def test_an_edit_leaves_the_morning_as_it_was() -> None:
    gate = gate_of(window(at(1, 0), until=at(10, 10)), window(at(10, 10), starts=13), now=at(10, 12))
    assert [asked(gate, moment) for moment in (at(10, 8), at(10, 10, 30), at(10, 11))] == [None, "outside_window", None]


def test_a_window_that_was_ended_limits_nothing_afterwards() -> None:
    gate = gate_of(window(at(1, 0), until=at(10, 18)), now=at(10, 20))
    assert [asked(gate, moment) for moment in (at(10, 17), at(10, 19))] == ["outside_window", None]


def test_a_window_past_its_last_day_allows_nothing() -> None:
    past = Applied((1, 2, 3, 4, 5, 6, 7), time(0), time(0), "Europe/Amsterdam", date(2026, 1, 1), date(2026, 6, 8), at(1, 0, month=1), None)
    gate = gate_of(past, now=at(10, 12))
    assert [asked(gate, moment) for moment in (at(8, 12), at(10, 12))] == [None, "outside_window"]


def test_a_window_that_begins_later_limits_nothing_yet() -> None:
    coming = Applied((1,), time(9), time(10), "Europe/Amsterdam", date(2026, 6, 11), None, at(1, 0), None)
    gate = gate_of(coming, now=at(10, 12))
    assert [asked(gate, moment) for moment in (at(10, 21, 59), at(10, 22))] == [None, "outside_window"], (
        "midnight in Amsterdam is 22:00 UTC"
    )


def test_the_night_shift_is_an_hour_shorter_when_clocks_jump_and_an_hour_longer_when_they_fall_back() -> None:
    for now, expected_h in ((at(29, 12, month=3), 7), (at(25, 12, month=10), 9), (at(10, 12), 8)):
        night = window(at(1, 0, month=1), starts=22, ends=6)
        lengths_h = {
            (end - start) / 3_600_000 for start, end in gate_of(night, now=now).windows or () if start <= to_ms(now) - 10 * 3_600_000 <= end
        }
        assert lengths_h == {expected_h}


def test_the_end_of_a_window_is_a_cut_and_an_edit_within_it_is_none() -> None:
    gate = gate_of(window(at(1, 0), until=at(10, 10)), window(at(10, 10)), now=at(10, 20), margin_s=3600)
    found = [cut.at_ms for cut in gate_cuts(gate, to_ms(at(10, 0)), to_ms(at(10, 20)))]
    assert found == [to_ms(at(10, 16))]


def test_a_pause_ends_by_itself_by_resume_and_by_any_other_act() -> None:
    on = Event("on", at(1, 0))
    for ending, expected in (
        ([], at(10, 12)),
        ([Event("resume", at(10, 9))], at(10, 9)),
        ([Event("off", at(10, 10)), Event("on", at(10, 11))], at(10, 10)),
        ([Event("pause", at(10, 9), until=at(10, 15))], at(10, 15)),
    ):
        document = body([on, Event("pause", at(10, 8), until=at(10, 12)), *ending], (), at(10, 16))
        assert max(end for _, end in document["paused"]) == to_ms(expected)


def test_what_ended_long_ago_is_left_out_and_what_lasts_stays() -> None:
    events = [Event("on", at(1, 0, month=1)), Event("off", at(2, 0, month=1)), Event("on", at(3, 0, month=1))]
    assert body(events, (), at(10, 0))["on"] == [[to_ms(at(3, 0, month=1)), None]]
    assert len(body(events, (), at(10, 0, month=1))["on"]) == 2


def test_nothing_known_of_a_person_means_off() -> None:
    given = [instruction(["attendance"], at(1, 0, month=1), None)]
    assert asked(read(None, given, to_ms(at(10, 12)), 0), at(10, 12)) == "not_tracking_device"


def test_without_an_instruction_or_after_it_was_withdrawn_everything_is_refused() -> None:
    document = body([Event("on", at(1, 0)), Event("device", at(1, 0), device_id=PHONE)], (), at(10, 0))
    assert asked(read(document, [], to_ms(at(10, 12)), 0), at(10, 12)) == "no_instruction"
    withdrawn = [instruction(["attendance"], at(1, 0), at(10, 12))]
    gate = read(document, withdrawn, to_ms(at(10, 13)), 0)
    assert [asked(gate, moment) for moment in (at(10, 11, 59), at(10, 12))] == [None, "no_instruction"]
    assert asked(read(document, [instruction(["safety"], at(1, 0), None)], to_ms(at(10, 12)), 0), at(10, 12)) == "no_instruction"


def test_the_earlier_of_two_ends_counts() -> None:
    assert counted_until(None, None) is None
    assert counted_until(at(2, 0), at(1, 0)) == at(1, 0)
    assert gate_of(window(at(1, 0)), now=at(10, 0)).tracking[0].until_ms == FOREVER
