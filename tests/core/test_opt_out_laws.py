"""The laws of opting out: others are told what they would be told had the phone fallen silent, whatever they knew before and whatever comes late."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.fix import Sighting
from app.core.fold import OPT_OUTS, Crossing, Cut, State, Stay, fold, is_late, open_stays
from app.core.intervals import difference, union
from app.core.presence import presence
from app.core.stays import Retold, T, ToldTo, from_json, retell, to_json
from tests.core.test_laws import END_MS, FENCES, cuts, edits, from_empty, rules_with, sightings

opt_outs = st.lists(st.builds(Cut, st.integers(0, 100).map(lambda n: n * 5_000), st.sampled_from(sorted(OPT_OUTS))), min_size=1, max_size=4)
known = count()


def without_opt_outs(cut: Sequence[Cut]) -> list[Cut]:
    return [one for one in cut if one.kind not in OPT_OUTS]


@given(sightings(), cuts, opt_outs, edits)
@settings(max_examples=20, deadline=None)
def test_others_are_told_what_they_would_be_told_without_the_opt_outs(
    facts: list[Sighting], cut: list[Cut], opted: list[Cut], edited_at: list[int]
) -> None:
    result, silent = from_empty(facts, cut + opted, edited_at), from_empty(facts, without_opt_outs(cut), edited_at)
    assert result.to_others == (silent.crossings, silent.stays)
    assert result.state.to_others == silent.state.standings
    rules = rules_with(edited_at)
    for now_ms in range(0, 800_000, 100_000):
        then, quiet = from_empty(facts, cut + opted, edited_at, now_ms), from_empty(facts, without_opt_outs(cut), edited_at, now_ms)
        assert presence(then.state, rules, now_ms, to_others=True) == presence(quiet.state, rules, now_ms)


@given(sightings(), opt_outs, edits)
@settings(max_examples=15, deadline=None)
def test_the_person_is_told_that_every_stay_of_theirs_ended_when_they_opted_out(
    facts: list[Sighting], opted: list[Cut], edited_at: list[int]
) -> None:
    result = from_empty(facts, opted, edited_at)
    for stay in [*result.stays, *open_stays(result.state.standings)]:
        until_ms = END_MS if stay.left_at_ms is None else stay.left_at_ms
        assert not any(stay.entered_at_ms < cut.at_ms < until_ms for cut in opted)


@given(sightings(), cuts, opt_outs, edits)
@settings(max_examples=20, deadline=None)
def test_what_others_are_told_credits_every_moment_that_the_truth_credits(
    facts: list[Sighting], cut: list[Cut], opted: list[Cut], edited_at: list[int]
) -> None:
    """So hours that follow what others are told never punish an opt-out."""
    result = from_empty(facts, cut + opted, edited_at)
    own = [*result.stays, *open_stays(result.state.standings)]
    others = [*result.to_others.stays, *open_stays(result.state.to_others)]
    for fence in FENCES:
        credited, true = ([_span(stay) for stay in stays if stay.fence == fence] for stays in (others, own))
        assert difference(union(true), union(credited)) == []


def _span(stay: Stay) -> tuple[int, int]:
    return (stay.entered_at_ms, stay.last_inside_at_ms if stay.left_at_ms is None else stay.left_at_ms)


@dataclass
class Book:
    """The record as `app.attendance.record` keeps it: rows by id with their revision, what others see of them, and the news they got."""

    edited_at: list[int]
    state: State = field(default_factory=State)
    crossings: dict[int, tuple[Crossing, ToldTo]] = field(default_factory=dict)
    stays: dict[int, tuple[Stay, ToldTo]] = field(default_factory=dict)
    revisions: dict[int, int] = field(default_factory=dict)
    facts: list[Sighting] = field(default_factory=list)

    def take(self, sightings: list[Sighting], cut: list[Cut], now_ms: int) -> bool:
        """Fold on, or from the beginning when something is late; whether others got news."""
        self.facts += sightings
        late = is_late(self.state, sightings, cut, now_ms)
        result = fold(State() if late else self.state, self.facts if late else sightings, cut, rules_with(self.edited_at), now_ms)
        own, others = (open_stays(standings) for standings in (result.state.standings, result.state.to_others))
        before = self.stays if late else {row: one for row, one in self.stays.items() if one[0].ended is None}
        news = self._write(
            self.crossings, retell(self.crossings if late else {}, result.crossings, result.to_others.crossings)
        ) | self._write(self.stays, retell(before, [*result.stays, *own], [*result.to_others.stays, *others]))
        self.state = from_json(to_json(result.state), str)
        return news

    def _write(self, rows: dict[int, tuple[T, ToldTo]], changes: Retold[int, T]) -> bool:
        for row in changes.withdrawn:
            del rows[row]
        for row in changes.parted:
            rows[row] = (rows[row][0], "others")
        for row, thing in changes.revised.items():
            rows[row] = (thing, rows[row][1])
            self.revisions[row] += 1
        for one in changes.added:
            row = next(known)
            rows[row], self.revisions[row] = one, 1
        return bool(changes.seen.revised or changes.seen.added or changes.seen.withdrawn)

    def told(self, hide: ToldTo) -> list[object]:
        """The rows as others are told them (`hide` person), or the person (`hide` others), without what silence alone still moves."""
        return sorted((_plain(thing) for _, (thing, told_to) in self._rows() if told_to != hide), key=repr)

    def seen(self) -> dict[int, object]:
        """What others can see, by id, with the revision."""
        return {row: (_plain(thing), self.revisions[row]) for row, (thing, told_to) in self._rows() if told_to != "person"}

    def _rows(self) -> Iterator[tuple[int, tuple[Crossing | Stay, ToldTo]]]:
        yield from self.crossings.items()
        yield from self.stays.items()


def _plain(thing: Crossing | Stay) -> object:
    if isinstance(thing, Crossing):
        return thing
    left = (thing.left_at_ms, thing.ended, thing.cut, thing.decided_by, thing.last_inside_at_ms)
    return (thing.fence, thing.entered_at_ms, *(left if thing.ended else ()))


@given(sightings(), cuts, opt_outs, edits, st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_an_opt_out_changes_no_row_that_others_see_and_brings_them_no_news_then_or_later(
    facts: list[Sighting], cut: list[Cut], opted: list[Cut], edited_at: list[int], random: Random
) -> None:
    """Whatever arrives in whatever order: rows, revisions and news of the two are the same, id by id, and each is told the whole story."""
    moments = sorted({0, *(one.at_ms for one in opted), *random.sample(range(0, 600_000, 5_000), 4), 700_000})
    arrives = {fact.key: random.choice([moment for moment in moments if moment >= fact.recorded_at_ms] or [END_MS]) for fact in facts}
    quiet, silent = Book(edited_at), Book(edited_at)
    same: dict[int, int] = {}
    for now_ms in [*moments, END_MS]:
        batch = [fact for fact in facts if arrives[fact.key] == now_ms]
        news = quiet.take(batch, cut + opted, now_ms)
        assert silent.take(batch, without_opt_outs(cut), now_ms) == news
        ours, theirs = quiet.seen(), silent.seen()
        fresh = [row for row in ours if row not in same]
        for row in fresh:
            same[row] = next(other for other, what in theirs.items() if what == ours[row] and other not in same.values())
        assert {same[row]: what for row, what in ours.items()} == theirs
        if not batch:
            assert not news or any(one.at_ms <= now_ms for one in without_opt_outs(cut))
    whole = from_empty(facts, cut + opted, edited_at)
    own: list[Crossing | Stay] = [*whole.crossings, *whole.stays, *open_stays(whole.state.standings)]
    assert quiet.told("others") == sorted(map(_plain, own), key=repr)
