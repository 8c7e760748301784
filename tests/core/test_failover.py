"""Which of several providers takes the next parcel."""

from hypothesis import given
from hypothesis import strategies as st

from app.core.failover import FAITH, HALF_LIFE_S, LEAST, Health, Sign, faded, noted, pick, weight

SIGNS = st.lists(st.tuples(st.sampled_from(["good", "slow", "error"]), st.floats(0, 300)), max_size=60)


GOOD: Sign = "good"
SLOW: Sign = "slow"
ERROR: Sign = "error"


def after(*signs: Sign, every_s: float = 0.0) -> Health:
    health = Health()
    for number, sign in enumerate(signs):
        health = noted(health, sign, number * every_s)
    return health


def test_a_provider_nobody_tried_has_its_resting_weight() -> None:
    assert weight(10, Health(), 5) == 10


def test_one_that_only_fails_falls_to_the_least_and_not_to_nothing() -> None:
    assert weight(10, after(*[ERROR] * 50), 0) == 10 * LEAST


def test_one_error_among_many_hardly_matters() -> None:
    assert weight(10, after(*[GOOD] * 50, ERROR), 0) > 9.5


def test_slow_is_bad_and_failing_is_worse() -> None:
    slow, failing = (weight(10, after(*[sign] * 10), 0) for sign in ("slow", ERROR))
    assert failing < slow < 10


def test_half_of_it_failing_is_about_a_quarter_of_the_work() -> None:
    assert 2.4 < weight(10, after(*[GOOD, ERROR] * 500), 0) < 2.6


def test_a_weight_drifts_back_when_nothing_happens() -> None:
    bad = after(*[ERROR] * 20)
    seen = [weight(10, bad, minutes * 60) for minutes in range(12)]
    assert seen == sorted(seen)
    assert seen[0] < 0.3
    assert seen[3] < 5 < seen[5]
    assert seen[-1] > 9.8


def test_one_that_works_again_is_trusted_again_sooner() -> None:
    bad = after(*[ERROR] * 20)
    better = noted(noted(bad, "good", 60), "good", 60)
    assert weight(10, better, 60) > weight(10, bad, 60)


@given(SIGNS)
def test_whatever_happened_a_weight_stays_between_the_least_and_the_resting_one(signs: list[tuple[Sign, float]]) -> None:
    health, now_s = Health(), 0.0
    for sign, later_s in signs:
        now_s += later_s
        health = noted(health, sign, now_s)
    assert 10 * LEAST <= weight(10, health, now_s) <= 10


@given(SIGNS, st.floats(0, 1000))
def test_time_never_lowers_a_weight(signs: list[tuple[Sign, float]], later_s: float) -> None:
    health, now_s = Health(), 0.0
    for sign, step_s in signs:
        now_s += step_s
        health = noted(health, sign, now_s)
    assert weight(10, health, now_s + later_s) >= weight(10, health, now_s) - 1e-9


def test_a_half_life_halves_and_a_clock_that_stands_still_changes_nothing() -> None:
    health = Health(8, 4, 100)
    assert faded(health, 100 + HALF_LIFE_S) == Health(4, 2, 100 + HALF_LIFE_S)
    assert faded(health, 50) == health
    assert FAITH > 0


@given(st.lists(st.floats(0, 100), min_size=1, max_size=5).filter(lambda weights: sum(weights) > 0), st.floats(0, 1, exclude_max=True))
def test_dice_fall_on_somebody_who_has_a_weight(weights: list[float], dice: float) -> None:
    assert weights[pick(weights, dice)] > 0


def test_shares_are_as_the_weights() -> None:
    found = [pick([3, 0, 1], number / 1000) for number in range(1000)]
    assert (found.count(0), found.count(1), found.count(2)) == (750, 0, 250)
