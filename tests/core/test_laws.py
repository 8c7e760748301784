"""The laws of docs/attendance.md that the fold must keep, and an oracle that reads them differently: slowly, per fence, from the whole past.

What opting out must not tell has laws of its own, in `test_opt_out_laws.py`.
"""

from itertools import groupby, pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from app.core.fix import Sighting
from app.core.fold import Crossing, Cut, CutKind, Result, State, Stay, fold, is_late, open_stays
from app.core.policy import FenceVersion, Policy
from app.core.presence import presence, stays_as_of
from app.core.rules import OrganizationRules, PersonRules
from app.core.stays import amend, from_json, to_json

SHAPE = box(0, 0, 1, 1)
FENCES = ("gate", "site")
END_MS = 10**9
POLICY = Policy(enter_after_s=40, leave_after_pings=2, leave_after_s=60, max_accuracy_m=50, unknown_after_s=100, assume_left_after_s=300)
HASTY = Policy(leave_after_pings=3, leave_after_s=30, max_accuracy_m=50, unknown_after_s=100, assume_left_after_s=200)
CUTS: tuple[CutKind, ...] = ("window_end", "switch_off", "pause", "instruction_withdrawn", "fence_retired")


@st.composite
def sightings(draw: st.DrawFn) -> list[Sighting]:
    """Up to 30 sightings, mostly 20 s apart; ties and long silences happen. Identities are unique."""
    steps = draw(st.lists(st.sampled_from([0, 0, 0, 10, 20, 20, 30, 60, 250, 400]), max_size=30))
    result, at_s = [], 0
    for number, step in enumerate(steps):
        at_s += step
        verdicts = draw(st.tuples(*[st.sampled_from("ioou")] * len(FENCES)))
        inside, unclear = (tuple(f for f, v in zip(FENCES, verdicts, strict=True) if v == sign) for sign in "iu")
        device = draw(st.sampled_from(["a", "b"]))
        result.append(Sighting(at_s * 1000, device, f"{number:02}", inside, unclear, draw(st.sampled_from([5, 50, 50, 100]))))
    return result


cuts = st.lists(
    st.builds(Cut, st.integers(0, 30).map(lambda n: n * 10_000), st.sampled_from(CUTS), st.sampled_from([None, *FENCES])), max_size=3
)
edits = st.lists(st.integers(1, 60).map(lambda n: n * 10_000), max_size=2, unique=True).map(sorted)


def rules_with(edited_at: list[int]) -> PersonRules:
    """Both fences, their policy changing to and fro at the given moments."""
    borders = [0, *edited_at, None]
    return PersonRules(
        OrganizationRules.for_everyone(
            FenceVersion(fence, SHAPE, HASTY if (number + place) % 2 else POLICY, start or 0, end)
            for place, fence in enumerate(FENCES)
            for number, (start, end) in enumerate(pairwise(borders))
        )
    )


def from_empty(facts: list[Sighting], cut: list[Cut], edited_at: list[int], now_ms: int = END_MS) -> Result:
    return fold(State(), facts, cut, rules_with(edited_at), now_ms)


def told(crossings: list[Crossing] | tuple[Crossing, ...], stays: list[Stay] | tuple[Stay, ...]) -> tuple[set[object], set[object]]:
    return (
        {(c.fence, c.kind, c.at_ms, c.decided_by) for c in crossings},
        {(s.fence, s.entered_at_ms, s.left_at_ms, s.ended, s.last_inside_at_ms) for s in stays},
    )


def oracle(facts: list[Sighting], cut: list[Cut], edited_at: list[int]) -> tuple[set[object], set[object]]:
    """Crossings and stays, one fence at a time: at each fact look back over all evidence since the last thing that happened."""
    crossings: set[object] = set()
    stays: set[object] = set()
    for fence in FENCES:
        entered: int | None = None
        past: list[tuple[Sighting, str]] = []
        for sighting in marks(fence, facts, cut, edited_at):
            if sighting is None:
                if entered is not None:
                    stays.add((fence, entered, last_inside(past), "assumed", last_inside(past)))
                entered, past = None, []
                continue
            policy = policy_at(fence, sighting, edited_at)
            past.append((sighting, verdict(fence, sighting, policy)))
            said = [pair for pair in past if pair[1] != "unclear"]
            run = [s for s, _ in next((list(group) for _, group in groupby(reversed(said), key=lambda pair: pair[1])), [])][::-1]
            span_s = (run[-1].recorded_at_ms - run[0].recorded_at_ms) / 1000 if run else 0
            if entered is None and past[-1][1] == "in" and span_s >= policy.enter_after_s:
                entered, past = run[0].recorded_at_ms, [past[-1]]
                crossings.add((fence, "enter", entered, sighting.key))
            enough = span_s >= policy.leave_after_s and len({s.recorded_at_ms for s in run}) >= policy.leave_after_pings
            if entered is not None and past[-1][1] == "out" and enough:
                crossings.add((fence, "leave", run[0].recorded_at_ms, sighting.key))
                stays.add((fence, entered, run[0].recorded_at_ms, "confirmed", last_inside(past)))
                entered, past = None, []
        if entered is not None:
            stays.add((fence, entered, None, None, last_inside(past)))
    return crossings, stays


def marks(fence: str, facts: list[Sighting], cut: list[Cut], edited_at: list[int]) -> list[Sighting | None]:
    """The sightings in order, with None where everything at this fence is cut."""
    ordered = sorted(facts, key=lambda s: s.key)
    ends = [c.at_ms for c in cut if c.fence in (None, fence)]
    found: list[Sighting | None] = []
    for before, after in pairwise([None, *ordered, None]):
        start_ms, end_ms = (before.recorded_at_ms if before else -1), (after.recorded_at_ms if after else END_MS)
        gap = (
            before is not None and after is not None and end_ms - start_ms > policy_at(fence, before, edited_at).assume_left_after_s * 1000
        )
        found += [None] * (gap or any(start_ms < end <= end_ms for end in ends))
        found += [after] * (after is not None)
    return found


def verdict(fence: str, sighting: Sighting, policy: Policy) -> str:
    if fence in sighting.inside:
        return "in"
    return "unclear" if fence in sighting.unclear or sighting.accuracy_class_m > policy.max_accuracy_m else "out"


def policy_at(fence: str, sighting: Sighting, edited_at: list[int]) -> Policy:
    edits_before = sum(edit <= sighting.recorded_at_ms for edit in edited_at)
    return (POLICY, HASTY)[(FENCES.index(fence) + edits_before) % 2]


def last_inside(past: list[tuple[Sighting, str]]) -> int:
    return max(s.recorded_at_ms for s, said in past if said == "in")


@given(sightings(), cuts, edits)
@settings(max_examples=40, deadline=None)
def test_the_fold_says_what_the_oracle_says(facts: list[Sighting], cut: list[Cut], edited_at: list[int]) -> None:
    result = from_empty(facts, cut, edited_at)
    assert told(result.crossings, [*result.stays, *open_stays(result.state.standings)]) == oracle(facts, cut, edited_at)


@given(sightings(), cuts, edits, st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_order_any_permutation_and_repetition_gives_the_same(
    facts: list[Sighting], cut: list[Cut], edited_at: list[int], random: Random
) -> None:
    shuffled = facts + facts[::2]
    random.shuffle(shuffled)
    assert from_empty(shuffled, cut[::-1], edited_at) == from_empty(facts, cut, edited_at)


@given(sightings(), cuts, edits, st.integers(0, 30), st.integers(0, 30))
@settings(max_examples=20, deadline=None)
def test_continuing_from_a_stored_state_equals_folding_from_empty(
    facts: list[Sighting], cut: list[Cut], edited_at: list[int], first: int, second: int
) -> None:
    facts = sorted(facts, key=lambda s: s.key)
    whole = from_empty(facts, cut, edited_at)
    state = State()
    crossings: list[Crossing] = []
    stays: list[Stay] = []
    for start, end in zip([0, *sorted((first, second))], [*sorted((first, second)), len(facts)], strict=True):
        batch = facts[start:end]
        now_ms = END_MS if end >= len(facts) else max([state.cuts_until_ms, *(s.recorded_at_ms for s in facts[:end])])
        state = from_json(to_json(state), str)
        if not is_late(state, [], cut, now_ms):
            part = fold(state, batch, cut, rules_with(edited_at), now_ms)
            state = part.state
            crossings += part.crossings
            stays += part.stays
    assert (state, tuple(crossings), tuple(stays)) == (whole.state, whole.crossings, whole.stays)


@given(sightings(), cuts, edits, st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_refolding_late_facts_from_a_checkpoint_and_amending_equals_folding_from_empty(
    facts: list[Sighting], cut: list[Cut], edited_at: list[int], random: Random
) -> None:
    late = [sighting for sighting in facts if random.random() < 0.3]
    early = [sighting for sighting in facts if sighting not in late]
    until_ms = min([s.recorded_at_ms for s in late], default=0) - 1
    checkpoint = from_empty([s for s in early if s.recorded_at_ms <= until_ms], cut, edited_at, until_ms)
    written = fold(checkpoint.state, early, cut, rules_with(edited_at), END_MS)
    again = fold(checkpoint.state, facts, cut, rules_with(edited_at), END_MS)
    record = dict(enumerate([*written.stays, *open_stays(written.state.standings)]))
    changes = amend(record, [*again.stays, *open_stays(again.state.standings)])
    amended = {key: stay for key, stay in {**record, **changes.revised}.items() if key not in changes.withdrawn}
    whole = from_empty(facts, cut, edited_at)
    assert again.state == whole.state
    assert checkpoint.crossings + again.crossings == whole.crossings
    strip = {(s.fence, s.entered_at_ms, s.left_at_ms, s.ended) for s in [*checkpoint.stays, *amended.values(), *changes.added]}
    assert strip == {(s.fence, s.entered_at_ms, s.left_at_ms, s.ended) for s in [*whole.stays, *open_stays(whole.state.standings)]}
    crossings = dict(enumerate(written.crossings))
    moves = amend(crossings, again.crossings)
    rewritten = [c for key, c in {**crossings, **moves.revised}.items() if key not in moves.withdrawn] + moves.added
    assert sorted(rewritten, key=repr) == sorted(again.crossings, key=repr)


@given(sightings(), cuts)
@settings(max_examples=15, deadline=None)
def test_a_stored_state_is_read_back_exactly(facts: list[Sighting], cut: list[Cut]) -> None:
    state = from_empty(facts, cut, []).state
    assert from_json(to_json(state), str) == state


@given(sightings(), cuts, edits)
@settings(max_examples=20, deadline=None)
def test_silence_every_confirmed_leave_rests_on_outside_sightings_at_different_times(
    facts: list[Sighting], cut: list[Cut], edited_at: list[int]
) -> None:
    result = from_empty(facts, cut, edited_at)
    said = {sighting.key: sighting for sighting in facts}
    rules = rules_with(edited_at)
    for crossing in result.crossings:
        if crossing.kind == "leave":
            version = rules.at(crossing.fence, crossing.decided_by[0])
            assert version is not None
            assert len({seen.at_ms for seen in crossing.evidence}) >= version.policy.leave_after_pings
            assert crossing.evidence[-1].at_ms - crossing.evidence[0].at_ms >= version.policy.leave_after_s * 1000
            for seen in crossing.evidence:
                assert crossing.fence not in said[seen.key].inside + said[seen.key].unclear
                assert seen.accuracy_class_m <= version.policy.max_accuracy_m
    assert {(s.fence, s.left_at_ms) for s in result.stays if s.ended == "confirmed"} == {
        (c.fence, c.at_ms) for c in result.crossings if c.kind == "leave"
    }


@given(st.lists(st.integers(1, 200), min_size=1, max_size=20), st.sampled_from([5, 50]))
@settings(max_examples=15, deadline=None)
def test_drift_a_single_outside_sighting_between_inside_ones_never_ends_a_stay(steps: list[int], accuracy_class_m: int) -> None:
    facts, at_s = [], 0
    for number, step in enumerate([0, *steps, 1]):
        at_s += step
        inside = () if number % 2 else ("site",)
        facts.append(Sighting(at_s * 1000, "a", str(number), inside, (), accuracy_class_m))
    eager = PersonRules(OrganizationRules.for_everyone([FenceVersion("site", SHAPE, Policy(leave_after_s=30))]))
    result = fold(State(), facts, [], eager, END_MS)
    assert [crossing.kind for crossing in result.crossings] == ["enter"]


@given(sightings(), cuts, edits, st.integers(1, 600_000))
@settings(max_examples=15, deadline=None)
def test_version_an_edit_changes_no_crossing_whose_deciding_ping_precedes_it(
    facts: list[Sighting], cut: list[Cut], edited_at: list[int], edit_ms: int
) -> None:
    earlier = [moment for moment in edited_at if moment < edit_ms]
    before = from_empty(facts, cut, earlier).crossings
    after = from_empty(facts, cut, [*earlier, edit_ms]).crossings
    assert [c for c in before if c.decided_by[0] < edit_ms] == [c for c in after if c.decided_by[0] < edit_ms]


@given(sightings(), cuts, edits, st.integers(0, 30), st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_now_looking_early_changes_nothing_that_is_seen_later(
    facts: list[Sighting], cut: list[Cut], edited_at: list[int], known: int, glance_ms: int
) -> None:
    rules = rules_with(edited_at)
    glance = from_empty(facts[:known], cut, edited_at, glance_ms)
    presence(glance.state, rules, glance_ms)
    stays_as_of(glance.state, rules, glance_ms)
    late = facts[known:]
    late_or_ahead = is_late(glance.state, late, cut, END_MS)
    start = State() if late_or_ahead else glance.state
    after = fold(start, facts, cut, rules, END_MS)
    whole = from_empty(facts, cut, edited_at)
    assert after.state == whole.state
    assert stays_as_of(after.state, rules, END_MS) == stays_as_of(whole.state, rules, END_MS)
    assert presence(after.state, rules, END_MS, to_others=True) == presence(whole.state, rules, END_MS, to_others=True)
