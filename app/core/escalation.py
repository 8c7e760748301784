"""What happens with an alert when nobody answers.

1. A plan has channels in their order and a number of rounds through them. Step n is channel n mod len(channels) in round n div len(channels).
   Step 0 goes out at activation, the next ones `seconds_between` later each, to those who have not replied by then.
2. Not everybody has every channel. In each round a person is tried by each channel they have, once, in the plan's order, from the first step of the
   round on: somebody with only a telephone is not left waiting while others get a push.
3. After the last step the plan is done with; `on_silence` happens once, one pause later: the sender is told, or another group is alerted.
4. A reply ends it for the one who replied. A quorum is told to the sender; it never ends it for others.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, cast
from uuid import UUID

from app.core.delivery import CHANNELS
from app.core.fault import Fault
from app.core.reply import REPLIES

SECONDS_BETWEEN: Final = (15, 3600)
ROUNDS: Final = (1, 10)
COUNT: Final = (1, 10_000)
KEYS: Final = ("channels", "seconds_between", "rounds", "on_silence", "quorum")


@dataclass(frozen=True, slots=True)
class Quorum:
    """`count` people who give `reply` are enough."""

    reply: str
    count: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan, checked. `silence_group`: who is alerted when silence outlasts the plan; None: only the sender is told."""

    channels: tuple[str, ...]
    seconds_between: int = 60
    rounds: int = 2
    silence_group: UUID | None = None
    quorum: Quorum | None = None

    @property
    def steps(self) -> int:
        """How many steps it has. The step of this number is the one that finds the silence has outlasted the plan."""
        return len(self.channels) * self.rounds


def parse(document: object, channels: Sequence[str] = ("push", "sms", "email")) -> Plan:
    """The plan a document describes. What it leaves out takes its default; `channels`: the organization's own. Raises `Fault` with the place."""
    if not isinstance(document, Mapping):
        raise Fault("", "A plan is an object", f"It may have: {', '.join(KEYS)}.")
    for key in document:
        if key not in KEYS:
            raise Fault(f"/{key}", "A plan has nothing of this name", f"It may have: {', '.join(KEYS)}.")
    return Plan(
        _channels(document.get("channels", list(channels))),
        _number(document.get("seconds_between", 60), SECONDS_BETWEEN, "/seconds_between"),
        _number(document.get("rounds", 2), ROUNDS, "/rounds"),
        _silence(document.get("on_silence", {"tell_sender": True})),
        _quorum(document.get("quorum")),
    )


def channel_at(plan: Plan, step: int, has: Collection[str]) -> str | None:
    """By which channel a person who `has` these is tried in a step; None when they have had all of theirs in this round."""
    own = [channel for channel in plan.channels if channel in has]
    nth = step % len(plan.channels)
    return own[nth] if step < plan.steps and nth < len(own) else None


def _channels(value: object) -> tuple[str, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        raise Fault("/channels", "The plan has no channels", f"List at least one of: {', '.join(CHANNELS)}.")
    for number, channel in enumerate(value):
        if channel not in CHANNELS:
            raise Fault(f"/channels/{number}", "This is not a channel", f"Use: {', '.join(CHANNELS)}.")
    for number, (one, other) in enumerate(pairwise(sorted(value))):
        if one == other:
            raise Fault(
                f"/channels/{number + 1}", "A channel is listed twice", "List each once; `rounds` says how often they are gone through."
            )
    return tuple(value)


def _number(value: object, limits: tuple[int, int], at: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not limits[0] <= value <= limits[1]:
        raise Fault(at, "This number cannot be used", f"Give a whole number from {limits[0]} to {limits[1]}.")
    return value


def _silence(value: object) -> UUID | None:
    if value == {"tell_sender": True}:
        return None
    if isinstance(value, Mapping) and list(value) == ["group"]:
        try:
            return UUID(str(value["group"]))
        except ValueError:
            raise Fault("/on_silence/group", "This is not an id", "Give the id of a group of this organization.") from None
    raise Fault("/on_silence", "This cannot happen on silence", 'Use {"tell_sender": true} or {"group": "<id>"}.')


def _quorum(value: object) -> Quorum | None:
    if value is None:
        return None
    if not isinstance(value, Mapping) or set(value) != {"reply", "count"}:
        raise Fault("/quorum", "A quorum has a reply and a count", 'Use for example {"reply": "on_my_way", "count": 5}, or null for none.')
    if value["reply"] not in REPLIES:
        raise Fault("/quorum/reply", "This is not a reply", f"Use one of: {', '.join(REPLIES)}.")
    return Quorum(cast("str", value["reply"]), _number(value["count"], COUNT, "/quorum/count"))
