"""How a person stands to each fence now. A projection of the state, never stored: silence is not a fact.

1. Inside, while the person's last sighting is not older than `unknown_after_s`.
2. Then unknown since that sighting. Silence is not absence, so nobody has left.
3. After `assume_left_after_s` of silence the stay is assumed to have ended, at the last inside sighting. A late ping that breaks the silence
   withdraws this by itself, because nothing was written. An assumed end removes nobody from a roll call of that day: it is still in the list.
4. To others a switch off or a pause is silence: they are told the story without it (`State.to_others`), so it appears when silence would have.

Bring the state up to `now_ms` first (`fold` with the cuts until now): an end of the working window is a fact, not a projection.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.core.fix import FenceId, from_ms, to_ms
from app.core.fold import Rules, Standing, State, Stay, end_assumed, open_stays, silence_policy
from app.core.policy import Policy

StandingNow = Literal["inside", "unknown", "assumed_left"]


@dataclass(frozen=True, slots=True)
class Presence:
    """One person at one fence. `since_ms`: when they came in; `last_seen_ms`: their last sighting anywhere, the `since` of unknown."""

    fence: FenceId
    standing: StandingNow
    since_ms: int
    last_seen_ms: int
    last_inside_at_ms: int


def presence(state: State, rules: Rules, now_ms: int, *, to_others: bool = False) -> list[Presence]:
    """Every fence the person is believed in, by time of entering and fence; fences that are not listed: outside."""
    standings = state.to_others if to_others else state.standings
    present = [
        Presence(fence, _standing(state, fence, rules, now_ms), standing.entered_at_ms, state.last_seen_ms, standing.last_inside.at_ms)
        for fence, standing in standings.items()
        if standing.entered_at_ms is not None and standing.last_inside is not None and state.last_seen_ms is not None
    ]
    return sorted(present, key=lambda one: (one.since_ms, str(one.fence)))


def stays_as_of(state: State, rules: Rules, now_ms: int) -> list[Stay]:
    """The open stays as they look now: those that silence has outlasted are ended, assumed, at their last inside sighting."""
    return [_as_of(stay, state, state.standings[stay.fence], rules, now_ms) for stay in open_stays(state.standings)]


def standing_now(rules: Rules, fence: FenceId, last_seen_ms: int, now_ms: int) -> StandingNow:
    """What the silence since a person's last sighting says about somebody believed in this fence. The only place that says it."""
    unknown_before_ms, assumed_left_before_ms = _bounds(silence_policy(rules, fence, last_seen_ms), now_ms)
    if last_seen_ms < assumed_left_before_ms:
        return "assumed_left"
    return "unknown" if last_seen_ms < unknown_before_ms else "inside"


def standings_now(rules: Rules, fence: FenceId, last_seen: Sequence[datetime], now_ms: int) -> list[StandingNow]:
    """The same for many people believed in one fence, ten times as fast when one version of it was valid at all their sightings."""
    version = rules.at(fence, to_ms(min(last_seen)))
    if version is None or rules.at(fence, to_ms(max(last_seen))) is not version:
        return [standing_now(rules, fence, to_ms(seen), now_ms) for seen in last_seen]
    unknown_before, assumed_left_before = map(from_ms, _bounds(version.policy, now_ms))
    return ["assumed_left" if seen < assumed_left_before else "unknown" if seen < unknown_before else "inside" for seen in last_seen]


def _bounds(policy: Policy, now_ms: int) -> tuple[int, int]:
    """Who was seen last before the first is unknown now; before the second, assumed to have left."""
    return now_ms - policy.unknown_after_s * 1000, now_ms - policy.assume_left_after_s * 1000


def _standing(state: State, fence: FenceId, rules: Rules, now_ms: int) -> StandingNow:
    return standing_now(rules, fence, now_ms if state.last_seen_ms is None else state.last_seen_ms, now_ms)


def _as_of(stay: Stay, state: State, standing: Standing, rules: Rules, now_ms: int) -> Stay:
    if _standing(state, stay.fence, rules, now_ms) != "assumed_left":
        return stay
    return end_assumed(stay.fence, standing, "gap", None) or stay
