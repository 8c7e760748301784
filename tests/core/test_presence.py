"""Now, as it looks to the person and to others."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis.strategies import integers, lists, sampled_from
from shapely import box

from app.core.fix import EPOCH, Sighting, to_ms
from app.core.fold import Cut, CutKind, Result, State, fold
from app.core.policy import FenceVersion, Policy
from app.core.presence import presence, standing_now, standings_now, stays_as_of
from app.core.rules import OrganizationRules, PersonRules

HOUR_MS = 3_600_000
RULES = PersonRules(OrganizationRules.for_everyone([FenceVersion("site", box(0, 0, 1, 1))]))


def after(*cuts: Cut, now_ms: int = HOUR_MS) -> Result:
    inside = Sighting(0, "phone", "p0", ("site",), (), 10)
    unclear = Sighting(60_000, "phone", "p1", (), ("site",), 10)
    return fold(State(), [inside, unclear], cuts, RULES, now_ms)


@pytest.mark.parametrize(
    ("now_ms", "standing"),
    [
        (60_000, "inside"),
        (60_000 + 1_800_000, "inside"),
        (60_000 + 1_800_001, "unknown"),
        (60_000 + 12 * HOUR_MS, "unknown"),
        (60_001 + 12 * HOUR_MS, "assumed_left"),
    ],
)
def test_silence_makes_unknown_and_only_much_later_an_assumed_end(now_ms: int, standing: str) -> None:
    (one,) = presence(after().state, RULES, now_ms)
    assert (one.standing, one.since_ms, one.last_seen_ms, one.last_inside_at_ms) == (standing, 0, 60_000, 0)


def test_a_silence_means_what_the_fence_said_when_it_began_whoever_the_fence_is_for() -> None:
    patient = FenceVersion("site", box(0, 0, 1, 1), Policy(unknown_after_s=3600), valid_until_ms=HOUR_MS)
    hasty = FenceVersion("site", box(0, 0, 1, 1), Policy(unknown_after_s=60), valid_from_ms=HOUR_MS)
    rules = OrganizationRules([patient, hasty], [])
    edit_ms = HOUR_MS
    assert standing_now(rules, "site", edit_ms - 1, edit_ms + 1_800_000) == "inside"
    assert standing_now(rules, "site", edit_ms, edit_ms + 1_800_000) == "unknown"


@given(
    seen_us=lists(integers(0, 30 * HOUR_MS * 1000), min_size=1, max_size=5),
    edit_ms=sampled_from([-1, HOUR_MS, 12 * HOUR_MS, 40 * HOUR_MS]),
    now_ms=integers(0, 60 * HOUR_MS),
)
def test_many_stand_as_each_of_them_alone(seen_us: list[int], edit_ms: int, now_ms: int) -> None:
    first = FenceVersion("site", box(0, 0, 1, 1), Policy(unknown_after_s=3600), valid_until_ms=edit_ms)
    second = FenceVersion(
        "site", box(0, 0, 1, 1), Policy(unknown_after_s=60, assume_left_after_s=7200), valid_from_ms=edit_ms, valid_until_ms=50 * HOUR_MS
    )
    rules = OrganizationRules([first, second], [])
    seen = [EPOCH + timedelta(microseconds=one) for one in (*seen_us, *((now_ms - 60_000) * 1000 + more for more in (-1, 0)))]
    assert standings_now(rules, "site", seen, now_ms) == [standing_now(rules, "site", to_ms(one), now_ms) for one in seen]


def test_an_assumed_end_is_at_the_last_inside_sighting_and_a_late_ping_withdraws_it() -> None:
    state, night = after().state, 13 * HOUR_MS
    (stay,) = stays_as_of(state, RULES, night)
    assert (stay.left_at_ms, stay.ended, stay.cut) == (0, "assumed", "gap")
    late = Sighting(8 * HOUR_MS, "phone", "p2", ("site",), (), 10)
    again = fold(state, [late], [], RULES, night)
    assert [one.ended for one in stays_as_of(again.state, RULES, night)] == [None]


@pytest.mark.parametrize("kind", ["pause", "switch_off"])
def test_an_opt_out_shows_to_others_only_when_silence_would_have(kind: CutKind) -> None:
    result = after(Cut(120_000, kind), now_ms=120_000)
    assert presence(result.state, RULES, 120_000) == []
    told = [presence(result.state, RULES, now_ms, to_others=True)[0].standing for now_ms in (120_000, 12 * HOUR_MS, 13 * HOUR_MS)]
    assert told == ["inside", "unknown", "assumed_left"]


def test_the_end_of_the_working_window_shows_to_everyone_even_after_a_pause() -> None:
    result = after(Cut(120_000, "pause"), Cut(600_000, "window_end"), now_ms=600_000)
    assert presence(result.state, RULES, 600_000, to_others=True) == []


def test_others_cannot_tell_a_pause_from_silence_once_sharing_resumes() -> None:
    back = Sighting(HOUR_MS, "phone", "p3", ("site",), (), 10)
    paused = after(Cut(120_000, "pause"), now_ms=HOUR_MS - 1)
    quiet = after(now_ms=HOUR_MS - 1)
    resumed, silent = (fold(one.state, [back], [], RULES, HOUR_MS).state for one in (paused, quiet))
    assert presence(resumed, RULES, HOUR_MS, to_others=True) == presence(silent, RULES, HOUR_MS, to_others=True)
    assert [one.since_ms for one in presence(resumed, RULES, HOUR_MS)] == [HOUR_MS]
