"""Which of several providers takes the next parcel.

1. Each has a resting weight, its share when all is well.
2. What it did lately, good and bad, fades: after `HALF_LIFE_S` it counts half. Errors count as bad, slow answers as half bad.
3. Its weight is its resting weight times the square of its good share, so one that fails half of the time gets a quarter. A start in
   good faith (`FAITH` good ones that never fade) keeps a single error from mattering.
4. What fades takes the blame with it, so a weight drifts back by itself. It never falls below a small part: somebody must find out that
   the provider works again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Sign = Literal["good", "slow", "error"]
HALF_LIFE_S: Final = 60.0
FAITH: Final = 2.0
LEAST: Final = 0.02
BAD: Final[dict[Sign, float]] = {"good": 0.0, "slow": 0.5, "error": 1.0}


@dataclass(frozen=True, slots=True)
class Health:
    """What a provider did lately, faded up to `at_s` (any clock that only goes forward)."""

    good: float = 0.0
    bad: float = 0.0
    at_s: float = 0.0


def faded(health: Health, now_s: float) -> Health:
    """The same, a while later."""
    left = 0.5 ** (max(0.0, now_s - health.at_s) / HALF_LIFE_S)
    return Health(health.good * left, health.bad * left, max(health.at_s, now_s))


def noted(health: Health, sign: Sign, now_s: float) -> Health:
    """With one more thing seen."""
    before = faded(health, now_s)
    return Health(before.good + 1 - BAD[sign], before.bad + BAD[sign], before.at_s)


def weight(resting: float, health: Health, now_s: float) -> float:
    """How much of the work it gets, beside the others' weights. Above 0 for a resting weight above 0."""
    lately = faded(health, now_s)
    good_share = (lately.good + FAITH) / (lately.good + lately.bad + FAITH)
    return resting * max(LEAST, good_share**2)


def pick(weights: Sequence[float], dice: float) -> int:
    """The index whose share of all weights the dice (0 up to 1) fall into. Needs a weight above 0."""
    target, last = dice * sum(weights), 0
    for index, each in enumerate(weights):
        if each > 0:
            last = index
            if target < each:
                return index
        target -= each
    return last
