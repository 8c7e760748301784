"""How sightings become crossings and stays: the heart of the product.

1. The facts are sightings (what one ping says about the fences) and cuts (dated facts that end things: switch off, the end of
   a working window). They are taken in the order in which they happened, never in the order in which they arrived: `Sighting.key`;
   a cut comes before the sightings of its moment.
2. A person starts outside every fence. What is known is sparse: a `Standing` exists only for a fence with an open stay or a run
   of evidence.
3. Each sighting is judged by the version, policy and assignment valid at its own time (`Rules.at`). Inside is said; outside is
   implied for a fence in neither list, if that fence holds for the person at that time and the fix was accurate enough for it;
   unclear moves nothing.
4. Entering: inside evidence that has lasted `enter_after_s`, with no outside evidence between, is an enter, dated back to the
   first sighting of the run.
5. Leaving: outside sightings at `leave_after_pings` or more different times that span `leave_after_s`, with no inside evidence
   between, are a leave, dated back to the first of the run. One outside sighting never ends a stay, however far away.
6. A cut drops every run and ends an open stay as *assumed* at its last inside sighting. So does a gap of more than
   `assume_left_after_s` between two sightings of the person, which nobody needs to report: the fold sees it when the next
   sighting comes. Silence itself ends nothing here; `app.core.presence` projects it.
7. To others a switch off or a pause is silence. So an opt-out parts the story in two: the person's own, which it cuts, and the one
   told to others, which goes on from the same sightings as if it had never been. Where both come to the same again they are one.
8. The state after any fact is a checkpoint. Newer facts continue from it (`fold`); older ones (`is_late`) refold from an earlier
   checkpoint, and `app.core.stays.amend` says what changed. Both give exactly what folding everything from the beginning gives.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, Protocol

from app.core.fix import FenceId, Sighting
from app.core.intervals import FOREVER
from app.core.policy import FenceVersion, Policy

Key = tuple[int, str, str]
"""The place of a fact in the order of evaluation: (at_ms, device, ping id); a cut has neither device nor ping."""

CutKind = Literal["window_end", "switch_off", "pause", "instruction_withdrawn", "assignment_ended", "fence_retired", "gap"]
OPT_OUTS: Final = frozenset({"switch_off", "pause"})
"""What a person does for themselves; others must not be able to tell it from silence."""

EVIDENCE_MOST: Final = 256
"""A run keeps this many sightings as evidence: its first ones and its newest. Its count and its span stay exact."""

LEAST_SILENCE_MS: Final = 30_000
"""No policy can call a shorter silence a gap (`assume_left_after_s` >= `leave_after_s` >= 30), so no shorter one is looked at."""


class Rules(Protocol):
    """What the fold asks about a fence; `app.core.rules.PersonRules` answers."""

    def at(self, fence: FenceId, at_ms: int) -> FenceVersion | None:
        """Return the version that holds for this person at that moment; None if none is valid or the fence is not theirs then."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A dated fact that ends runs and open stays, of one fence or (None) of all."""

    at_ms: int
    kind: CutKind
    fence: FenceId | None = None


class Seen(NamedTuple):
    """One sighting as evidence."""

    at_ms: int
    device: str
    ping_id: str
    accuracy_class_m: int

    @property
    def key(self) -> Key:
        """The sighting's place in the order of evaluation."""
        return self[:3]


class Standing(NamedTuple):
    """How a person stands to one fence. Outside a stay the run is inside evidence; within a stay it is outside evidence."""

    entered_at_ms: int | None
    last_inside: Seen | None
    run: tuple[Seen, ...] = ()
    run_times: int = 0


@dataclass(frozen=True, slots=True)
class Crossing:
    """A confirmed enter or leave. `evidence` is its run in order, inside sightings or outside sightings; the last one decided.

    `policy_from_ms` names the fence version that decided, by the moment it became valid.
    """

    fence: FenceId
    kind: Literal["enter", "leave"]
    at_ms: int
    decided_by: Key
    evidence: tuple[Seen, ...]
    policy_from_ms: int


@dataclass(frozen=True, slots=True)
class Stay:
    """From enter to leave; open while `ended` is None. `decided_by` is the fact that ended it; `cut` says which kind, when the end is assumed.

    `last_inside` is the sighting behind `last_inside_at_ms`, where it is still known; it makes no difference between stays.
    """

    fence: FenceId
    entered_at_ms: int
    left_at_ms: int | None
    ended: Literal["confirmed", "assumed", "manual"] | None
    last_inside_at_ms: int
    cut: CutKind | None = None
    decided_by: Key | None = None
    last_inside: Seen | None = field(default=None, compare=False)


class Told(NamedTuple):
    """What one telling of the story decided, in order: crossings, and stays that ended."""

    crossings: tuple[Crossing, ...]
    stays: tuple[Stay, ...]


@dataclass(frozen=True, slots=True)
class State:
    """Everything the fold must remember of one person. A value: `fold` never changes the one it was given.

    `head` is the last fact folded; `cuts_until_ms` the moment up to which cuts are in; `last_seen_ms` the time of the last sighting.
    `others`: the standings as others are told them, after an opt-out; None: the same.
    """

    head: Key = (-FOREVER, "", "")
    cuts_until_ms: int = -FOREVER
    last_seen_ms: int | None = None
    standings: dict[FenceId, Standing] = field(default_factory=dict)
    others: dict[FenceId, Standing] | None = None

    @property
    def to_others(self) -> dict[FenceId, Standing]:
        """The standings as others are told them."""
        return self.standings if self.others is None else self.others


@dataclass(frozen=True, slots=True)
class Result:
    """What new facts brought: the state after them, the crossings they decided and the stays they ended (open ones: `open_stays`).

    `to_others`: the same as others are told it.
    """

    state: State
    crossings: tuple[Crossing, ...]
    stays: tuple[Stay, ...]
    to_others: Told


def fold(state: State, sightings: Iterable[Sighting], cuts: Iterable[Cut], rules: Rules, now_ms: int) -> Result:
    """Continue `state` with facts in any order; `State()` starts from nothing. Sightings at or before the head count as repeats.

    Of the cuts, those after `state.cuts_until_ms` and not after `now_ms` are used, so callers may pass more.
    Raises ValueError when such a cut lies before the head: ask `is_late` first and refold from an earlier checkpoint.
    """
    waiting = _new_cuts(state, cuts, now_ms)
    if waiting and _cut_key(waiting[-1]) < state.head:
        raise ValueError("a cut before the head: refold from an earlier checkpoint")
    own = _Telling(state.standings, rules)
    others = own if state.others is None else _Telling(state.others, rules)
    head, last_seen_ms = state.head, state.last_seen_ms
    for sighting in _in_order(sightings):
        key = sighting.key
        if key <= head:
            continue
        while waiting and waiting[-1].at_ms <= key[0]:
            others = _cut(waiting.pop(), own, others)
        seen = Seen(*key, sighting.accuracy_class_m)
        own.see(sighting, seen, last_seen_ms)
        if others is not own:
            others.see(sighting, seen, last_seen_ms)
        head, last_seen_ms = key, key[0]
    for cut in reversed(waiting):
        others = _cut(cut, own, others)
        head = max(head, _cut_key(cut))
    parted = None if others is own or others.standings == own.standings else others.standings
    after = State(head, max(now_ms, state.cuts_until_ms), last_seen_ms, own.standings, parted)
    told = own.told()
    return Result(after, *told, told if others is own else others.told())


def is_late(state: State, sightings: Iterable[Sighting], cuts: Iterable[Cut], now_ms: int) -> bool:
    """Whether one of these new facts happened before something already folded, so that `fold` cannot continue from `state`."""
    if any(sighting.key <= state.head for sighting in sightings):
        return True
    return any(_cut_key(cut) < state.head for cut in _new_cuts(state, cuts, now_ms))


def open_stays(standings: Mapping[FenceId, Standing]) -> list[Stay]:
    """The stays that have not ended, by time and fence, of `State.standings` or `State.to_others`."""
    stays = [
        Stay(fence, standing.entered_at_ms, None, None, standing.last_inside.at_ms, last_inside=standing.last_inside)
        for fence, standing in standings.items()
        if standing.entered_at_ms is not None and standing.last_inside is not None
    ]
    return sorted(stays, key=lambda stay: (stay.entered_at_ms, str(stay.fence)))


def end_assumed(fence: FenceId, standing: Standing, cut: CutKind, decided_by: Key | None) -> Stay | None:
    """The stay of `standing`, ended at its last inside sighting because nobody knows better; None when there was only a run."""
    if standing.entered_at_ms is None or standing.last_inside is None:
        return None
    seen = standing.last_inside
    return Stay(fence, standing.entered_at_ms, seen.at_ms, "assumed", seen.at_ms, cut, decided_by, seen)


class _Telling:
    """One telling of a person's story: the standings so far, and what was decided on the way."""

    def __init__(self, standings: dict[FenceId, Standing], rules: Rules) -> None:
        self.standings = dict(standings)
        self.rules = rules
        self.crossings: list[Crossing] = []
        self.stays: list[Stay] = []

    def see(self, sighting: Sighting, seen: Seen, last_seen_ms: int | None) -> None:
        """Take one sighting: the gap before it, then inside as said, then outside as implied."""
        if last_seen_ms is not None and seen.at_ms - last_seen_ms > LEAST_SILENCE_MS and self.standings:
            self._gap(seen, last_seen_ms)
        for fence in sighting.inside:
            version = self.rules.at(fence, seen.at_ms)
            if version is not None:
                self._inside(fence, seen, version)
        named = {*sighting.inside, *sighting.unclear}
        for fence in [fence for fence in self.standings if fence not in named]:
            version = self.rules.at(fence, seen.at_ms)
            if version is not None and seen.accuracy_class_m <= version.policy.max_accuracy_m:
                self._outside(fence, seen, version)

    def cut(self, cut: Cut) -> None:
        """End what the cut is about."""
        for fence in [fence for fence in self.standings if cut.fence in (None, fence)]:
            self.drop(fence, cut.kind, _cut_key(cut))

    def parted(self) -> "_Telling":
        """The same story, to be told on by itself."""
        twin = _Telling(self.standings, self.rules)
        twin.crossings, twin.stays = list(self.crossings), list(self.stays)
        return twin

    def told(self) -> Told:
        """What was decided."""
        return Told(tuple(self.crossings), tuple(self.stays))

    def drop(self, fence: FenceId, cut: CutKind, decided_by: Key) -> None:
        """End what there is of one fence: the run is forgotten, the stay ends assumed."""
        stay = end_assumed(fence, self.standings.pop(fence), cut, decided_by)
        if stay is not None:
            self.stays.append(stay)

    def _gap(self, seen: Seen, last_seen_ms: int) -> None:
        for fence in list(self.standings):
            policy = silence_policy(self.rules, fence, last_seen_ms)
            if seen.at_ms - last_seen_ms > policy.assume_left_after_s * 1000:
                self.drop(fence, "gap", seen.key)

    def _inside(self, fence: FenceId, seen: Seen, version: FenceVersion) -> None:
        standing = self.standings.get(fence)
        if standing is not None and standing.entered_at_ms is not None:
            self.standings[fence] = Standing(standing.entered_at_ms, seen)
            return
        run, times = _longer(standing, seen)
        if seen.at_ms - run[0].at_ms < version.policy.enter_after_s * 1000:
            self.standings[fence] = Standing(None, None, run, times)
            return
        self.standings[fence] = Standing(run[0].at_ms, seen)
        self.crossings.append(Crossing(fence, "enter", run[0].at_ms, seen.key, run, version.valid_from_ms))

    def _outside(self, fence: FenceId, seen: Seen, version: FenceVersion) -> None:
        standing = self.standings[fence]
        if standing.entered_at_ms is None or standing.last_inside is None:
            del self.standings[fence]
            return
        run, times = _longer(standing, seen)
        policy = version.policy
        if times < policy.leave_after_pings or seen.at_ms - run[0].at_ms < policy.leave_after_s * 1000:
            self.standings[fence] = Standing(standing.entered_at_ms, standing.last_inside, run, times)
            return
        del self.standings[fence]
        left_at_ms, inside = run[0].at_ms, standing.last_inside
        self.crossings.append(Crossing(fence, "leave", left_at_ms, seen.key, run, version.valid_from_ms))
        self.stays.append(Stay(fence, standing.entered_at_ms, left_at_ms, "confirmed", inside.at_ms, None, seen.key, inside))


def silence_policy(rules: Rules, fence: FenceId, last_seen_ms: int) -> Policy:
    """The policy that says what a silence means: the one valid at the sighting before it. An edit during a silence changes nothing."""
    version = rules.at(fence, last_seen_ms)
    return Policy() if version is None else version.policy


def _longer(standing: Standing | None, seen: Seen) -> tuple[tuple[Seen, ...], int]:
    """The run with one more sighting, and at how many different times it now has sightings."""
    if standing is None or not standing.run:
        return (seen,), 1
    run = standing.run if len(standing.run) < EVIDENCE_MOST else standing.run[:-1]
    return (*run, seen), standing.run_times + (standing.run[-1].at_ms != seen.at_ms)


def _cut(cut: Cut, own: _Telling, others: _Telling) -> _Telling:
    """Cut the person's own story, and the one told to others unless the cut is an opt-out. Returns the latter: an opt-out may part the two."""
    if cut.kind in OPT_OUTS:
        if others is own:
            others = own.parted()
    elif others is not own:
        others.cut(cut)
    own.cut(cut)
    return others


def _cut_key(cut: Cut) -> Key:
    return (cut.at_ms, "", "")


def _new_cuts(state: State, cuts: Iterable[Cut], now_ms: int) -> list[Cut]:
    """The cuts not folded yet, latest first, to be popped. Of one moment an opt-out comes last: what ends anyway ends so for everyone."""
    new = [cut for cut in cuts if state.cuts_until_ms < cut.at_ms <= now_ms]
    return sorted(new, key=lambda cut: (cut.at_ms, cut.kind in OPT_OUTS, cut.kind, str(cut.fence)), reverse=True)


def _in_order(sightings: Iterable[Sighting]) -> Sequence[Sighting]:
    sightings = list(sightings)
    return sightings if len(sightings) < 2 else sorted(sightings, key=lambda sighting: sighting.key)
