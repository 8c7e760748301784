"""From stays and punches to workdays: hours that can say where they come from.

1. Punches are paired: a clock-in with the next clock-out. A clock-in without clock-out counts nothing and asks; the next clock-in never closes it.
2. A stay counts from enter to leave, an open one as far as the person was last seen inside. A punch inside a stay moves that edge: nothing before
   a first clock-in, nothing after a clock-out until the next clock-in.
3. Each stay and each pair belongs to the shift it overlaps most (ties: the earlier), and so to the local date on which that shift starts, night or
   not. What overlaps no shift is split at local midnight of the organization's zone.
4. A workday is the union of what belongs to its date; a moment counts once, for the earlier date when two dates claim it.
5. Approved corrections add or remove time on top, in the order in which they were proposed. Nothing below them is overwritten.
6. Breaks: the holes between what counts. A `BreakRule` deducts what they fall short of.
7. Every step leaves a `Line` with its effect in milliseconds and the facts that made it. The lines add up to `worked_ms`, exactly.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from app.core.fold import Stay
from app.core.intervals import FOREVER, Interval, difference, intersection, length_ms, union
from app.core.schedule import Occurrence, local_days

QuestionKind = Literal["clock_out_missing", "clock_in_missing", "left_assumed"]


@dataclass(frozen=True, slots=True)
class Punch:
    """A clock-in or clock-out made by hand; `way`: button, kiosk, qr or manager."""

    id: str
    kind: Literal["clock_in", "clock_out"]
    at_ms: int
    way: str = "button"


@dataclass(frozen=True, slots=True)
class Correction:
    """A proposed change to the workday of `worked_on`: add or remove the time [from_ms, until_ms). It counts once `approved_by` is set."""

    id: str
    worked_on: date
    kind: Literal["add", "remove"]
    from_ms: int
    until_ms: int
    proposed_at_ms: int
    author: str
    reason: str
    approved_by: str | None = None


@dataclass(frozen=True, slots=True)
class BreakRule:
    """Who works more than `worked_more_than_s` has a break of `break_s`; what was not taken is deducted, never below the threshold.

    With `weekly` it holds only on days with time in an occurrence of that shift.
    """

    worked_more_than_s: int
    break_s: int
    weekly: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What makes one person's workdays, each in any order. `stays`: those in fences that count as work; `zone`: the organization's."""

    zone: str
    stays: Sequence[Stay] = ()
    punches: Sequence[Punch] = ()
    shifts: Sequence[Occurrence] = ()
    corrections: Sequence[Correction] = ()
    break_rules: Sequence[BreakRule] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What the person is asked, because evaluation must not guess."""

    kind: QuestionKind
    at_ms: int
    punch: Punch | None = None
    stay: Stay | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One answer to "why?": what it is, the time it is about, what it adds to (or takes from) the result, and the facts behind it.

    A stay's sightings and cut are named by the stay itself: its crossings at `entered_at_ms` and `left_at_ms`, its `cut` and `decided_by`.
    """

    kind: Literal["stay", "punches", "counted_before", "correction", "correction_pending", "break_rule"]
    spans: tuple[Interval, ...]
    effect_ms: int
    stay: Stay | None = None
    punches: tuple[Punch, ...] = ()
    shift: Occurrence | None = None
    correction: Correction | None = None
    break_rule: BreakRule | None = None


@dataclass(frozen=True, slots=True)
class Workday:
    """One person's attendance on one local date. `spans` is the time that counts before `break_deducted_ms`; `lines` say why."""

    worked_on: date
    worked_ms: int
    spans: tuple[Interval, ...]
    breaks: tuple[Interval, ...]
    break_deducted_ms: int
    lines: tuple[Line, ...]
    questions: tuple[Question, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class _Claim:
    """A stay or a pair of punches, and the time it claims."""

    spans: list[Interval]
    stay: Stay | None = None
    punches: tuple[Punch, ...] = ()
    shift: Occurrence | None = None


@dataclass(slots=True)
class _Day:
    claims: list[_Claim] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


def workdays(facts: Facts) -> list[Workday]:
    """One person's workdays, by date."""
    punches = sorted(facts.punches, key=lambda punch: (punch.at_ms, punch.kind, punch.id))
    stays = sorted(facts.stays, key=lambda stay: (*_extent(stay), str(stay.fence)))
    by_stay = _stay_claims(stays, punches)
    by_punch, questions = _paired(punches, by_stay)
    questions += [Question("left_assumed", stay.last_inside_at_ms, stay=stay) for stay in stays if stay.ended == "assumed"]
    shifts, zone = facts.shifts, facts.zone
    days = _by_date([*by_stay, *by_punch], shifts, zone)
    for question in questions:
        days[_date_of(question.at_ms, shifts, zone)].questions.append(question)
    on_top: Mapping[date, list[Correction]] = defaultdict(list)
    for correction in sorted(facts.corrections, key=lambda correction: (correction.proposed_at_ms, correction.id)):
        on_top[correction.worked_on].append(correction)
    result: list[Workday] = []
    counted: list[Interval] = []
    for day in sorted({*days, *on_top}):
        workday = _workday(day, days[day], on_top[day], facts.break_rules, counted)
        counted = union([*counted, *workday.spans])
        result.append(workday)
    return result


def _stay_claims(stays: Sequence[Stay], punches: Sequence[Punch]) -> list[_Claim]:
    """What of each stay counts. What punches take off a stay, they take off the stays within it too (a building on a campus)."""
    claims = [_stay_claim(stay, punches) for stay in stays]
    taken_off = [difference([(_extent(stay)[0], _known_end(stay))], claim.spans) for stay, claim in zip(stays, claims, strict=True)]
    result: list[_Claim] = []
    for stay, claim in zip(stays, claims, strict=True):
        (entered_ms, left_ms), around = _extent(stay), zip(stays, taken_off, strict=True)
        off = [span for other, spans in around if _extent(other)[0] <= entered_ms and left_ms <= _extent(other)[1] for span in spans]
        result.append(_Claim(difference(claim.spans, off), stay, claim.punches))
    return result


def _extent(stay: Stay) -> Interval:
    """The time between a stay's edges; an open stay has no later edge."""
    return (stay.entered_at_ms, FOREVER if stay.left_at_ms is None else stay.left_at_ms)


def _known_end(stay: Stay) -> int:
    """Up to when the person is known to have stayed."""
    return stay.last_inside_at_ms if stay.left_at_ms is None else stay.left_at_ms


def _stay_claim(stay: Stay, punches: Sequence[Punch]) -> _Claim:
    """What of the stay counts once the punches inside it have moved its edges."""
    entered_ms, left_ms = _extent(stay)
    inside = [punch for punch in punches if entered_ms < punch.at_ms < left_ms]
    start_ms: int | None = entered_ms
    spans: list[Interval] = []
    for number, punch in enumerate(inside):
        if punch.kind == "clock_in" and (start_ms is None or number == 0):
            start_ms = punch.at_ms
        elif punch.kind == "clock_out" and start_ms is not None:
            spans.append((start_ms, punch.at_ms))
            start_ms = None
    if start_ms is not None:
        spans.append((start_ms, _known_end(stay)))
    return _Claim(union(spans), stay, tuple(inside))


def _paired(punches: Sequence[Punch], by_stay: Sequence[_Claim]) -> tuple[list[_Claim], list[Question]]:
    """Clock-ins with the clock-outs that follow them; a lone punch asks, except a clock-out that ended what a stay had begun."""
    pairs: list[_Claim] = []
    questions: list[Question] = []
    waiting: Punch | None = None
    ended_a_stay = {end_ms for claim in by_stay for _, end_ms in claim.spans}
    for punch in punches:
        if punch.kind == "clock_in":
            if waiting is not None:
                questions.append(Question("clock_out_missing", waiting.at_ms, waiting))
            waiting = punch
        elif waiting is not None:
            pairs.append(_Claim(union([(waiting.at_ms, punch.at_ms)]), punches=(waiting, punch)))
            waiting = None
        elif punch.at_ms not in ended_a_stay:
            questions.append(Question("clock_in_missing", punch.at_ms, punch))
    if waiting is not None:
        questions.append(Question("clock_out_missing", waiting.at_ms, waiting))
    return pairs, questions


def _by_date(claims: Iterable[_Claim], shifts: Sequence[Occurrence], zone: str) -> defaultdict[date, _Day]:
    days: defaultdict[date, _Day] = defaultdict(_Day)
    for claim in claims:
        shift = _shift_of(claim.spans, shifts)
        if shift is not None:
            days[shift.worked_on].claims.append(_Claim(claim.spans, claim.stay, claim.punches, shift))
            continue
        parts: dict[date, list[Interval]] = defaultdict(list)
        for span in claim.spans:
            for day, part in local_days(span, zone):
                parts[day].append(part)
        for day, spans in parts.items():
            days[day].claims.append(_Claim(spans, claim.stay, claim.punches))
    return days


def _shift_of(spans: Sequence[Interval], shifts: Sequence[Occurrence]) -> Occurrence | None:
    """The shift that the spans overlap most, of equals the earlier; None when they overlap none."""
    overlaps = ((length_ms(intersection(spans, [shift.interval])), shift) for shift in shifts)
    best = max(overlaps, key=lambda pair: (pair[0], -pair[1].from_ms, -pair[1].until_ms, pair[1].weekly), default=None)
    return None if best is None or best[0] == 0 else best[1]


def _date_of(at_ms: int, shifts: Sequence[Occurrence], zone: str) -> date:
    """The date of a moment: of the shift it lies in, else the local one."""
    moment = (at_ms, at_ms + 1)
    shift = _shift_of([moment], shifts)
    return next(day for day, _ in local_days(moment, zone)) if shift is None else shift.worked_on


def _workday(
    worked_on: date, day: _Day, corrections: Iterable[Correction], break_rules: Sequence[BreakRule], counted: Sequence[Interval]
) -> Workday:
    lines: list[Line] = []
    spans: list[Interval] = []
    for claim in day.claims:
        more = union([*spans, *claim.spans])
        effect_ms = length_ms(more) - length_ms(spans)
        kind: Literal["stay", "punches"] = "punches" if claim.stay is None else "stay"
        lines.append(Line(kind, tuple(claim.spans), effect_ms, claim.stay, claim.punches, claim.shift))
        spans = more
    before = intersection(spans, counted)
    if before:
        lines.append(Line("counted_before", tuple(before), -length_ms(before)))
        spans = difference(spans, before)
    for correction in corrections:
        spans = _corrected(spans, correction, lines)
    breaks = difference([(spans[0][0], spans[-1][1])], spans) if spans else []
    shifts = {None, *(claim.shift.weekly for claim in day.claims if claim.shift)}
    deducted_ms = _deduct(spans, breaks, [rule for rule in break_rules if rule.weekly in shifts], lines)
    questions = tuple(sorted(day.questions, key=lambda question: (question.at_ms, question.kind)))
    is_open = any(claim.stay is not None and claim.stay.ended is None for claim in day.claims)
    worked_ms = length_ms(spans) - deducted_ms
    return Workday(worked_on, worked_ms, tuple(spans), tuple(breaks), deducted_ms, tuple(lines), questions, is_open)


def _corrected(spans: list[Interval], correction: Correction, lines: list[Line]) -> list[Interval]:
    """The spans with an approved correction on top; a pending one is only listed."""
    about: Interval = (correction.from_ms, correction.until_ms)
    if correction.approved_by is None:
        lines.append(Line("correction_pending", (about,), 0, correction=correction))
        return spans
    after = union([*spans, about]) if correction.kind == "add" else difference(spans, [about])
    lines.append(Line("correction", (about,), length_ms(after) - length_ms(spans), correction=correction))
    return after


def _deduct(spans: Sequence[Interval], breaks: Sequence[Interval], rules: Sequence[BreakRule], lines: list[Line]) -> int:
    """What the strictest break rule takes off, in milliseconds: what the breaks taken fall short of, and never more than the time beyond its threshold."""
    present_ms, taken_ms = length_ms(spans), length_ms(breaks)
    owed = [(min(rule.break_s * 1000 - taken_ms, present_ms - rule.worked_more_than_s * 1000), rule) for rule in rules]
    most_ms, rule = max(owed, key=lambda pair: (pair[0], pair[1].worked_more_than_s), default=(0, None))
    if rule is None or most_ms <= 0:
        return 0
    lines.append(Line("break_rule", tuple(breaks), -most_ms, break_rule=rule))
    return most_ms
