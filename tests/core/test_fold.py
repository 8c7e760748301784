"""The fold, scene by scene. Times are seconds; `at(0, IN)` is a sighting at second 0 inside the site."""

import pytest
from shapely import box

from app.core.fix import WORSE, Sighting
from app.core.fold import EVIDENCE_MOST, Crossing, Cut, CutKind, Result, State, Stay, Told, fold, is_late, open_stays
from app.core.policy import FenceVersion, Policy
from app.core.rules import Assignment, OrganizationRules, PersonRules
from app.core.stays import from_json, to_json

SHAPE = box(0, 0, 1, 1)
HOUR = 3600
IN, OUT, UNCLEAR = "in", "out", "unclear"


def version(policy: Policy | None = None, from_s: int = 0, until_s: int | None = None, fence: str = "site") -> FenceVersion:
    return FenceVersion(fence, SHAPE, policy or Policy(), from_s * 1000, None if until_s is None else until_s * 1000)


def rules(*versions: FenceVersion) -> PersonRules:
    return PersonRules(OrganizationRules.for_everyone(versions or (version(),)))


def at(second: float, verdict: str, ping: str = "", accuracy_class_m: int = 10, device: str = "phone") -> Sighting:
    inside = ("site",) if verdict == IN else ()
    unclear = ("site",) if verdict == UNCLEAR else ()
    return Sighting(int(second * 1000), device, ping or f"p{second}", inside, unclear, accuracy_class_m)


def run(*sightings: Sighting, cuts: tuple[Cut, ...] = (), now_s: int = 10**9, by: PersonRules | None = None) -> Result:
    return fold(State(), sightings, cuts, by or rules(), now_s * 1000)


def short(result: Result) -> list[tuple[str, int]]:
    return [(crossing.kind, crossing.at_ms // 1000) for crossing in result.crossings]


def ended(stay: Stay) -> tuple[int, int | None, str | None, CutKind | None]:
    return (stay.entered_at_ms // 1000, None if stay.left_at_ms is None else stay.left_at_ms // 1000, stay.ended, stay.cut)


def test_one_inside_sighting_enters_at_once_by_default() -> None:
    result = run(at(5, IN))
    assert short(result) == [("enter", 5)]
    assert [ended(stay) for stay in open_stays(result.state.standings)] == [(5, None, None, None)]


def test_an_enter_waits_until_inside_evidence_has_lasted_and_is_dated_back() -> None:
    slow = rules(version(Policy(enter_after_s=60)))
    assert short(run(at(0, IN), at(59, IN), by=slow)) == []
    result = run(at(0, IN), at(59, UNCLEAR), at(60, IN), by=slow)
    assert short(result) == [("enter", 0)]
    assert result.crossings[0].decided_by == (60_000, "phone", "p60")
    assert [seen.ping_id for seen in result.crossings[0].evidence] == ["p0", "p60"]


def test_outside_evidence_breaks_a_run_towards_an_enter() -> None:
    slow = rules(version(Policy(enter_after_s=60)))
    assert short(run(at(0, IN), at(30, OUT), at(61, IN), by=slow)) == []


def test_a_leave_needs_two_times_and_two_minutes_and_is_dated_back_to_the_first() -> None:
    assert short(run(at(0, IN), at(10, OUT), at(129, OUT))) == [("enter", 0)]
    result = run(at(0, IN), at(10, OUT), at(129, UNCLEAR), at(130, OUT))
    assert short(result) == [("enter", 0), ("leave", 10)]
    assert [ended(stay) for stay in result.stays] == [(0, 10, "confirmed", None)]
    assert result.state.standings == {}


def test_sightings_of_one_moment_count_as_one_time_towards_a_leave() -> None:
    three = rules(version(Policy(leave_after_pings=3)))
    same = [at(10, OUT, "a"), at(10, OUT, "b"), at(130, OUT, "c")]
    assert short(run(at(0, IN), *same, by=three)) == [("enter", 0)]
    assert short(run(at(0, IN), *same, at(131, OUT), by=three)) == [("enter", 0), ("leave", 10)]


def test_a_single_outside_sighting_between_inside_ones_ends_nothing() -> None:
    result = run(at(0, IN), at(600, OUT), at(1200, IN), at(1800, OUT), at(2400, IN))
    assert short(result) == [("enter", 0)]
    assert [ended(stay) for stay in open_stays(result.state.standings)] == [(0, None, None, None)]


def test_a_fix_too_inaccurate_for_the_fence_implies_nothing() -> None:
    assert short(run(at(0, IN), at(10, OUT, accuracy_class_m=500), at(200, OUT, accuracy_class_m=WORSE))) == [("enter", 0)]
    assert short(run(at(0, IN), at(10, OUT, accuracy_class_m=200), at(200, OUT, accuracy_class_m=200))) == [("enter", 0), ("leave", 10)]


@pytest.mark.parametrize("kind", ["window_end", "switch_off", "pause", "instruction_withdrawn"])
def test_a_cut_ends_the_stay_as_assumed_at_the_last_inside_sighting(kind: CutKind) -> None:
    result = run(at(0, IN), at(50, IN), at(60, OUT), at(300, IN), cuts=(Cut(100_000, kind),))
    assert [ended(stay) for stay in result.stays] == [(0, 50, "assumed", kind)]
    assert short(result) == [("enter", 0), ("enter", 300)]


def test_a_cut_comes_before_the_sightings_of_its_own_moment() -> None:
    result = run(at(0, IN), at(100, IN), cuts=(Cut(100_000, "pause"),))
    assert short(result) == [("enter", 0), ("enter", 100)]


def test_a_cut_of_one_fence_leaves_the_others_alone() -> None:
    both = rules(version(), version(fence="gate"))
    seen = Sighting(0, "phone", "p", ("site", "gate"), (), 5)
    result = fold(State(), [seen], [Cut(1000, "fence_retired", "gate")], both, 2000)
    assert [stay.fence for stay in result.stays] == ["gate"]
    assert [stay.fence for stay in open_stays(result.state.standings)] == ["site"]


def test_a_cut_that_has_not_come_yet_does_nothing() -> None:
    result = run(at(0, IN), cuts=(Cut(100_000, "pause"),), now_s=99)
    assert result.stays == ()
    later = fold(result.state, [], [Cut(100_000, "pause")], rules(), 100_000)
    assert [ended(stay) for stay in later.stays] == [(0, 0, "assumed", "pause")]


def test_a_gap_longer_than_twelve_hours_ends_the_stay_where_it_was_last_seen() -> None:
    kept = run(at(0, IN), at(12 * HOUR, IN))
    assert short(kept) == [("enter", 0)]
    result = run(at(0, IN), at(12 * HOUR + 1, IN))
    assert [ended(stay) for stay in result.stays] == [(0, 0, "assumed", "gap")]
    assert short(result) == [("enter", 0), ("enter", 12 * HOUR + 1)]


def test_a_gap_drops_outside_evidence_gathered_before_it() -> None:
    result = run(at(0, IN), at(10, OUT), at(13 * HOUR, OUT))
    assert short(result) == [("enter", 0)]
    assert [ended(stay) for stay in result.stays] == [(0, 0, "assumed", "gap")]


def test_an_unclear_sighting_breaks_a_silence() -> None:
    assert short(run(at(0, IN), at(8 * HOUR, UNCLEAR), at(16 * HOUR, IN))) == [("enter", 0)]


def test_an_edit_moves_nobody_and_runs_carry_over_it() -> None:
    edited = rules(version(until_s=15), version(Policy(leave_after_s=30), from_s=15))
    result = run(at(0, IN), at(10, OUT), at(40, OUT), by=edited)
    assert short(result) == [("enter", 0), ("leave", 10)]
    assert [crossing.policy_from_ms for crossing in result.crossings] == [0, 15_000]


def test_outside_is_not_implied_while_no_version_holds_or_the_fence_is_not_theirs() -> None:
    hole = rules(version(until_s=5), version(from_s=1000))
    assert short(run(at(0, IN), at(10, OUT), at(500, OUT), by=hole)) == [("enter", 0)]
    organization = OrganizationRules([version()], [Assignment("site", "crew")])
    visitor_from_s9 = PersonRules(organization, {"crew": [(0, 9_000)]})
    assert short(run(at(0, IN), at(10, OUT), at(500, OUT), by=visitor_from_s9)) == [("enter", 0)]
    assert short(run(at(10, IN), by=visitor_from_s9)) == []


def test_retiring_and_unassigning_are_cuts_but_an_edit_is_none() -> None:
    edited = rules(version(until_s=5), version(from_s=5, until_s=50))
    assert edited.cuts(0, 60_000) == [Cut(50_000, "fence_retired", "site")]
    assert edited.cuts(50_000, 60_000) == []
    organization = OrganizationRules([version()], [Assignment("site", "crew"), Assignment("site", "guards", until_ms=70_000)])
    moved = PersonRules(organization, {"crew": [(0, 20_000)], "guards": [(20_000, 90_000)]})
    assert moved.cuts(0, 100_000) == [Cut(70_000, "assignment_ended", "site")]


def test_a_sighting_keeps_only_fences_that_are_theirs() -> None:
    organization = OrganizationRules([version(), version(fence="vault")], [Assignment("site"), Assignment("vault", "guards")])
    seen = Sighting(0, "phone", "p", ("site", "vault"), ("vault",), 5)
    assert PersonRules(organization).only_theirs(seen) == Sighting(0, "phone", "p", ("site",), (), 5)


def test_a_repeat_changes_nothing_and_an_older_fact_is_late() -> None:
    result = run(at(0, IN), at(10, OUT), now_s=20)
    assert fold(result.state, [at(10, OUT), at(0, IN)], [], rules(), 20_000) == Result(result.state, (), (), Told((), ()))
    assert is_late(result.state, [at(5, IN)], [], 20_000)
    assert not is_late(result.state, [at(11, IN)], [Cut(21_000, "pause")], 30_000)


def test_a_cut_applied_before_a_late_ping_makes_the_ping_late() -> None:
    closed = run(at(0, IN), cuts=(Cut(100_000, "window_end"),), now_s=101)
    assert is_late(closed.state, [at(99, OUT)], [], 102_000)


def test_a_cut_before_the_head_asks_for_a_refold() -> None:
    ahead = run(at(60, IN), now_s=0)
    assert is_late(ahead.state, [], [Cut(10_000, "pause")], 20_000)
    with pytest.raises(ValueError, match="refold"):
        fold(ahead.state, [], [Cut(10_000, "pause")], rules(), 20_000)


def test_a_very_long_run_keeps_its_span_and_count_and_bounded_evidence() -> None:
    slow = rules(version(Policy(enter_after_s=2 * EVIDENCE_MOST)))
    result = run(*(at(second, IN) for second in range(2 * EVIDENCE_MOST + 1)), by=slow)
    (crossing,) = result.crossings
    assert len(crossing.evidence) == EVIDENCE_MOST
    assert (crossing.at_ms, crossing.evidence[0].at_ms, crossing.evidence[-1].key) == (0, 0, crossing.decided_by)


def told(result: Result) -> list[tuple[int, int | None, str | None, CutKind | None]]:
    """The stays as others are told them."""
    return [ended(stay) for stay in [*result.to_others.stays, *open_stays(result.state.to_others)]]


@pytest.mark.parametrize("kind", ["pause", "switch_off"])
def test_an_opt_out_parts_what_others_are_told_until_both_stories_come_to_the_same(kind: CutKind) -> None:
    paused = run(at(0, IN), at(50, IN), at(300, IN), cuts=(Cut(100_000, kind),), now_s=300)
    assert [ended(stay) for stay in paused.stays] == [(0, 50, "assumed", kind)]
    assert paused.state.standings["site"].entered_at_ms == 300_000
    assert told(paused) == [(0, None, None, None)]
    left = fold(paused.state, [at(400, OUT), at(600, OUT)], [], rules(), 10**12)
    assert [ended(stay) for stay in left.stays] == [(300, 400, "confirmed", None)]
    assert told(left) == [(0, 400, "confirmed", None)]
    assert left.state.others is None


def test_others_are_told_what_a_run_that_was_cut_would_have_become() -> None:
    slow = rules(version(Policy(enter_after_s=60)))
    result = run(at(0, IN), at(40, IN), at(70, IN), cuts=(Cut(20_000, "pause"),), by=slow)
    assert short(result) == []
    assert [(crossing.kind, crossing.at_ms) for crossing in result.to_others.crossings] == [("enter", 0)]


def test_a_silence_after_an_opt_out_ends_what_others_are_told_as_any_silence_does() -> None:
    result = run(at(0, IN), at(13 * HOUR, IN), cuts=(Cut(100_000, "switch_off"),))
    assert [ended(stay) for stay in result.stays] == [(0, 0, "assumed", "switch_off")]
    assert told(result) == [(0, 0, "assumed", "gap"), (13 * HOUR, None, None, None)]
    assert result.state.others is None


def test_what_ends_for_everyone_ends_so_for_who_opted_out() -> None:
    result = run(at(0, IN), cuts=(Cut(100_000, "pause"), Cut(100_000, "window_end")))
    assert result.state.others is None
    assert [stay.cut for stay in result.stays] == ["window_end"]
    assert result.to_others.stays == result.stays


def test_the_state_survives_json_exactly() -> None:
    state = run(at(0, IN), at(10, OUT), at(20, OUT), at(300, IN), cuts=(Cut(15_000, "pause"),)).state
    assert state.others is not None
    assert from_json(to_json(state), str) == state


def test_crossings_speak_of_the_run_that_made_them() -> None:
    leave = run(at(0, IN), at(10, OUT, accuracy_class_m=50), at(130, OUT)).crossings[1]
    assert isinstance(leave, Crossing)
    assert [(seen.at_ms, seen.ping_id, seen.accuracy_class_m) for seen in leave.evidence] == [(10_000, "p10", 50), (130_000, "p130", 10)]


def test_an_edit_made_during_a_silence_does_not_change_what_the_silence_means() -> None:
    edited = rules(version(until_s=100), version(Policy(unknown_after_s=60, leave_after_s=30, assume_left_after_s=60), from_s=100))
    assert short(run(at(0, IN), at(500, IN), by=edited)) == [("enter", 0)]
    assert short(run(at(0, IN), at(500, IN), at(600, IN), by=edited)) == [("enter", 0), ("enter", 600)]
