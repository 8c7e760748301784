"""From a signed margin in metres to inside, outside or unclear: the Judge step of docs/attendance.md.

A phone's accuracy is the radius that holds 68 % of its fixes, so sigma = max(accuracy_m, 5) / 1.515 (each axis normal), and the chance of being inside is
p = Phi(margin_m / sigma). Phi grows with its argument, so p >= 0.75 is the same as margin_m >= z * sigma with z = Phi^-1(0.75), and p <= 0.25 the mirror image.
Comparing metres instead of chances is exact, and tells how far around a ping fences can matter at all.
"""

from enum import IntEnum
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.core.fix import UNKNOWN_ACCURACY_M
from app.core.plane import Floats, Number

INSIDE_FROM_CHANCE: Final = 0.75
ACCURACY_PER_SIGMA: Final = 1.515
BEST_ACCURACY_M: Final = 5.0
CLEARANCE_PER_ACCURACY: Final = NormalDist().inv_cdf(INSIDE_FROM_CHANCE) / ACCURACY_PER_SIGMA


class Verdict(IntEnum):
    """What one ping says about one fence."""

    OUTSIDE = -1
    UNCLEAR = 0
    INSIDE = 1


def assumed_accuracy_m(accuracy_m: Floats) -> Floats:
    """The accuracy to judge by: NaN, zero and negative mean unknown, which counts as 50 m."""
    return np.where(accuracy_m > 0, accuracy_m, UNKNOWN_ACCURACY_M)


def clearance_m(accuracy_m: Number) -> Number:
    """How far inside a fence a fix of known accuracy must lie to be judged inside, in metres."""
    clearance: Number = np.maximum(accuracy_m, BEST_ACCURACY_M) * CLEARANCE_PER_ACCURACY
    return clearance


def reach_m(accuracy_m: Number, leave_margin_m: Number) -> Number:
    """How far outside a fence a fix of known accuracy must lie to be judged outside, in metres."""
    reach: Number = np.maximum(clearance_m(accuracy_m), leave_margin_m)
    return reach


def judge_one(margin_m: float, accuracy_m: float, leave_margin_m: float) -> int:
    """The same verdict for one ping that is accurate enough for the fence, without the cost of arrays."""
    clear_m = max(accuracy_m, BEST_ACCURACY_M) * CLEARANCE_PER_ACCURACY
    return int(margin_m >= clear_m) - int(margin_m <= -max(clear_m, leave_margin_m))


def judge(margin_m: Number, accuracy_m: Number, leave_margin_m: Number, max_accuracy_m: Number) -> NDArray[np.int8]:
    """The `Verdict` of each margin (positive inside) and known accuracy under the fence's two bounds, all in metres; elementwise."""
    inside, outside = margin_m >= clearance_m(accuracy_m), margin_m <= -reach_m(accuracy_m, leave_margin_m)
    verdict: NDArray[np.int8] = np.subtract(inside, outside, dtype=np.int8) * (accuracy_m <= max_accuracy_m)
    return verdict
