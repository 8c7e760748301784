from math import erf, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.judge import Verdict, assumed_accuracy_m, clearance_m, judge

metres = st.floats(-2_000, 2_000)
accuracies = st.floats(0.1, 2_000)
leave_margins = st.floats(0, 500)
bounds = st.sampled_from([5.0, 10.0, 25.0, 50.0, 100.0, 200.0, 500.0])


def chance_inside(margin_m: float, accuracy_m: float) -> float:
    sigma_m = max(accuracy_m, 5) / 1.515
    return (1 + erf(margin_m / sigma_m / sqrt(2))) / 2


@given(metres, accuracies, leave_margins, bounds)
def test_a_verdict_is_what_the_chance_of_being_inside_says(
    margin_m: float, accuracy_m: float, leave_margin_m: float, bound_m: float
) -> None:
    chance = chance_inside(margin_m, accuracy_m)
    if min(abs(chance - 0.75), abs(chance - 0.25)) < 1e-9:
        return
    expected = Verdict.UNCLEAR
    if accuracy_m <= bound_m and chance > 0.75:
        expected = Verdict.INSIDE
    if accuracy_m <= bound_m and chance < 0.25 and margin_m <= -leave_margin_m:
        expected = Verdict.OUTSIDE
    assert judge(margin_m, accuracy_m, leave_margin_m, bound_m) == expected


@given(metres, accuracies, st.floats(0, 2_000), leave_margins, bounds)
def test_worse_accuracy_only_ever_makes_a_verdict_unclear(
    margin_m: float, accuracy_m: float, worse_m: float, leave_m: float, bound_m: float
) -> None:
    before, after = judge(margin_m, accuracy_m, leave_m, bound_m), judge(margin_m, accuracy_m + worse_m, leave_m, bound_m)
    assert after in (before, Verdict.UNCLEAR)


@given(st.lists(st.tuples(metres, accuracies, leave_margins, bounds), min_size=1))
def test_a_batch_is_judged_as_its_rows_are(rows: list[tuple[float, float, float, float]]) -> None:
    columns = np.array(rows).T
    assert judge(*columns).tolist() == [int(judge(*row)) for row in rows]


@pytest.mark.parametrize("unknown", [np.nan, 0.0, -1.0])
def test_an_unknown_accuracy_counts_as_fifty_metres(unknown: float) -> None:
    assert assumed_accuracy_m(np.array([unknown, 7.0])).tolist() == [50.0, 7.0]


def test_a_phone_that_claims_one_metre_is_believed_to_five() -> None:
    assert clearance_m(1.0) == clearance_m(5.0) == pytest.approx(0.67449 * 5 / 1.515, rel=1e-5)


def test_far_outside_but_within_the_leave_margin_is_unclear() -> None:
    assert [int(judge(margin_m, 5.0, 25.0, 200.0)) for margin_m in (-24.9, -25.0)] == [Verdict.UNCLEAR, Verdict.OUTSIDE]
