"""May this ping be looked at, at all? And what does saying no later end?

The gate is a value: dated facts about one person, gathered by the server. A ping passes when

1. the device was the person's tracking device at `recorded_at` (a phone in a drawer would never leave). This is asked before the switch: whoever
   holds another phone that was enrolled for the person must not learn from its answers when they are off or paused,
2. the organization's instruction for the purpose, the person's switch and no pause hold at receipt (nothing is looked at after a no),
3. the clock is believable: at most 120 s in the future, and inside the lateness window,
4. instruction, switch and pause allow it at `recorded_at` as well (nothing is collected afterwards for a time of no),
5. the instruction lets it be judged this way: a position only while the server judges, a phone's own verdict only for a time when phones judge,
6. `recorded_at` lies within a working window, give or take its margin.

A refused ping is counted by its reason and nothing of it is kept. The same facts give the cuts of the fold.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from app.core.fix import DeviceId
from app.core.fold import Cut, CutKind
from app.core.intervals import FOREVER, Interval, Intervals, difference, holds, intersection, union, widened

FUTURE_MOST_MS: Final = 120_000
"""How far a phone's clock may be ahead."""

Evaluation = Literal["on_server", "on_device"]
"""Who judges: the server, to whom the phone sends its positions; or the phone, which keeps them and sends what it found."""

Refusal = Literal[
    "no_instruction",
    "switched_off",
    "paused",
    "in_the_future",
    "too_late",
    "judged_on_device",
    "judged_on_server",
    "not_tracking_device",
    "outside_window",
]


@dataclass(frozen=True, slots=True)
class Instruction:
    """The organization asked for locations to be processed, for these purposes, during [from_ms, until_ms)."""

    purposes: frozenset[str]
    from_ms: int
    until_ms: int = FOREVER
    evaluation: Evaluation = "on_server"


@dataclass(frozen=True, slots=True)
class Tracking:
    """During [from_ms, until_ms) this device spoke for the person."""

    device: DeviceId
    from_ms: int
    until_ms: int = FOREVER


@dataclass(frozen=True, slots=True)
class Gate:
    """Everything that decides whether one person may be located. Intervals in UTC milliseconds, half open.

    `windows` None means: no working window set, so always; an empty tuple means never. Give them whole, over the period in question.
    """

    instructions: tuple[Instruction, ...]
    switched_on: Intervals
    paused: Intervals
    windows: Intervals | None
    tracking: tuple[Tracking, ...]
    window_margin_s: int
    purpose: str = "attendance"


def refusal(  # noqa: PLR0913, PLR0917 (which report, when, of whom)
    gate: Gate, device: DeviceId, recorded_at_ms: int, received_at_ms: int, lateness_ms: int, judged: Evaluation = "on_server"
) -> Refusal | None:
    """The first reason to refuse a ping (or, `judged` on the device, a sighting); None: it may be looked at."""
    if holds(_instructed(gate), received_at_ms) and not _speaks(gate, device, recorded_at_ms):
        return "not_tracking_device"
    return (
        _refused_at(gate, received_at_ms)
        or _unbelievable(recorded_at_ms, received_at_ms, lateness_ms)
        or _refused_at(gate, recorded_at_ms)
        or _wrong_judge(gate, judged, recorded_at_ms, received_at_ms)
        or (None if within_window(gate, recorded_at_ms) else "outside_window")
    )


def refusals(
    gate: Gate, device: DeviceId, received_at_ms: int, lateness_ms: int, judged: Evaluation = "on_server"
) -> Callable[[int], Refusal | None]:
    """`refusal` of one device's reports by `recorded_at_ms`, for many of them: the moments at which nothing speaks against one are found once."""
    welcome = _welcome(gate, device, received_at_ms, lateness_ms) if judged == "on_server" else []

    def of(recorded_at_ms: int) -> Refusal | None:
        return None if holds(welcome, recorded_at_ms) else refusal(gate, device, recorded_at_ms, received_at_ms, lateness_ms, judged)

    return of


def _welcome(gate: Gate, device: DeviceId, received_at_ms: int, lateness_ms: int) -> list[Interval]:
    """When every condition of a ping holds. Only where nobody judges on the device, so that the first reason to refuse needs no order here."""
    if _refused_at(gate, received_at_ms) or any(given.evaluation == "on_device" for given in gate.instructions):
        return []
    found = intersection(_instructed(gate), [(received_at_ms - lateness_ms, received_at_ms + FUTURE_MOST_MS + 1)])
    found = difference(intersection(found, gate.switched_on), gate.paused)
    found = intersection(found, [(one.from_ms, one.until_ms) for one in gate.tracking if one.device == device])
    return found if gate.windows is None else intersection(found, widened(gate.windows, gate.window_margin_s * 1000))


def evaluation_at(gate: Gate, at_ms: int) -> Evaluation | None:
    """Who judges at that moment; None: no instruction holds."""
    for given in gate.instructions:
        if gate.purpose in given.purposes and given.from_ms <= at_ms < given.until_ms:
            return given.evaluation
    return None


def within_window(gate: Gate, at_ms: int) -> bool:
    """Whether the moment lies in a working window, `window_margin_s` before and after included."""
    if gate.windows is None:
        return True
    margin_ms = gate.window_margin_s * 1000
    return holds(((start - margin_ms, end + margin_ms) for start, end in gate.windows), at_ms)


def cuts(gate: Gate, after_ms: int, until_ms: int) -> list[Cut]:
    """The cuts of the fold in (after_ms, until_ms], by time: where a permission ends and none of its kind goes on."""
    margin_ms = gate.window_margin_s * 1000
    ends: list[tuple[CutKind, list[int]]] = [
        ("instruction_withdrawn", [end for _, end in union(_instructed(gate))]),
        ("switch_off", [end for _, end in union(gate.switched_on)]),
        ("pause", [start for start, _ in union(gate.paused)]),
        ("window_end", [end for _, end in widened(gate.windows or (), margin_ms)]),
    ]
    found = [Cut(at_ms, kind) for kind, moments in ends for at_ms in moments if after_ms < at_ms <= until_ms]
    return sorted(found, key=lambda cut: (cut.at_ms, cut.kind))


def _refused_at(gate: Gate, at_ms: int) -> Refusal | None:
    if not holds(_instructed(gate), at_ms):
        return "no_instruction"
    if not holds(gate.switched_on, at_ms):
        return "switched_off"
    return "paused" if holds(gate.paused, at_ms) else None


def _unbelievable(recorded_at_ms: int, received_at_ms: int, lateness_ms: int) -> Refusal | None:
    if recorded_at_ms - received_at_ms > FUTURE_MOST_MS:
        return "in_the_future"
    return "too_late" if received_at_ms - recorded_at_ms > lateness_ms else None


def _wrong_judge(gate: Gate, judged: Evaluation, recorded_at_ms: int, received_at_ms: int) -> Refusal | None:
    """A position is not looked at where phones judge, now or when it was recorded. A phone's verdict counts for when it was the phone's to give."""
    then = evaluation_at(gate, recorded_at_ms)
    if judged == "on_device":
        return None if then == "on_device" else "judged_on_server"
    return "judged_on_device" if "on_device" in (then, evaluation_at(gate, received_at_ms)) else None


def _speaks(gate: Gate, device: DeviceId, at_ms: int) -> bool:
    return any(tracking.device == device and tracking.from_ms <= at_ms < tracking.until_ms for tracking in gate.tracking)


def _instructed(gate: Gate) -> list[Interval]:
    return [(given.from_ms, given.until_ms) for given in gate.instructions if gate.purpose in given.purposes]
