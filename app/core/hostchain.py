"""Who is told that a visitor has arrived, and who next.

1. A chain has steps in order; each names who, how many seconds they have, and by which channels they are told.
2. Of each step, those are told who were not told before and are not known to be away. A step that leaves nobody is passed over at once.
3. When everybody of the whole chain is known to be away, that is ignored: a visitor who stands at the door is never nobody's.
4. `coming` ends it. `send_someone` and `not_today` are for the next one at once; so is silence, when its seconds are over.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast
from uuid import UUID

from app.core.delivery import CHANNELS
from app.core.fault import Fault

WHO: Final = ("host", "delegate", "department", "default_host", "reception")
SECONDS: Final = (10, 3600)
STEPS_MAX: Final = 10
ENDS: Final = "coming"
CHANNELS_DEFAULT: Final = ("push", "sms", "email")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a chain."""

    who: str
    seconds: int = 60
    channels: tuple[str, ...] = CHANNELS_DEFAULT


DEFAULT: Final = (Step("host"), Step("delegate"), Step("default_host"), Step("reception"))


@dataclass(frozen=True, slots=True)
class Next:
    """The step of this number is next, for these people, in order of their ids."""

    number: int
    people: tuple[UUID, ...]


def parse(document: object) -> tuple[Step, ...]:
    """A site's chain; an empty one is the default. Raises `Fault` with the place."""
    if not isinstance(document, Sequence) or isinstance(document, str) or len(document) > STEPS_MAX:
        raise Fault("", "A chain is a list of at most 10 steps", 'Write each as {"who": "host", "seconds": 60, "channels": ["push"]}.')
    steps = tuple(_step(one, f"/{number}") for number, one in enumerate(document))
    return steps or DEFAULT


def next_step(
    chain: Sequence[Step], after: int, candidates: Mapping[str, Collection[UUID]], away: Collection[UUID], told: Collection[UUID]
) -> Next | None:
    """The first step behind number `after` (-1: from the beginning) that leaves somebody to tell; None when there is nobody any more."""
    everybody = {one for step in chain for one in candidates.get(step.who, ())}
    absent = frozenset() if everybody <= set(away) else frozenset(away)
    for number in range(after + 1, len(chain)):
        people = set(candidates.get(chain[number].who, ())) - absent - set(told)
        if people:
            return Next(number, tuple(sorted(people, key=lambda one: one.int)))
    return None


def _step(value: object, at: str) -> Step:
    if not isinstance(value, Mapping) or not set(value) <= {"who", "seconds", "channels"}:
        raise Fault(at, "A step has who, seconds and channels", 'Write {"who": "host", "seconds": 60, "channels": ["push"]}.')
    if value.get("who") not in WHO:
        raise Fault(f"{at}/who", "Nobody is called that here", f"Use one of: {', '.join(WHO)}.")
    seconds = value.get("seconds", 60)
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not SECONDS[0] <= seconds <= SECONDS[1]:
        raise Fault(f"{at}/seconds", "This number cannot be used", f"Give a whole number from {SECONDS[0]} to {SECONDS[1]}.")
    channels = value.get("channels") or CHANNELS_DEFAULT
    if not isinstance(channels, Sequence) or isinstance(channels, str) or any(one not in CHANNELS for one in channels):
        raise Fault(f"{at}/channels", "This is not a list of channels", f"Use: {', '.join(CHANNELS)}.")
    return Step(cast("str", value["who"]), seconds, tuple(dict.fromkeys(channels)))
