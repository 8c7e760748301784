"""The gate of one person as it is kept: from the ledger to one small document, and from the document to `core.consent.Gate`.

1. `body` replays the person's ledger and the windows that apply to them into the document that stands in `gate.body`. It is a pure
   function: whoever changes the ledger, a window or a group rewrites the document from scratch, so it can never drift.
2. What ended more than `KEPT` ago is left out; the ledger keeps everything. (The longest lateness window an installation can set, and two days.)
3. `read` makes a gate of the document at a moment. Weekly windows become intervals, which costs a millisecond, so they are kept per
   UTC day: the next ping pays a look-up.

The document: `on` and `paused` are lists of [from_ms, until_ms or null]; `tracking` of [device, from_ms, until_ms or null]; `windows` of
[weekdays, starts, ends, zone, valid_from, valid_until or null, from_ms, until_ms or null], weekdays as ISO digits ("12345"). A window counts
during [from_ms, until_ms), and from its first day on: since it was set, or since the person joined the group it was set for; so a change never
rewrites the past. While no window counts, always is allowed. A window past its last day still counts: it allows nothing, until somebody ends it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from app.core.consent import Evaluation, Gate, Instruction, Tracking
from app.core.fix import to_ms
from app.core.intervals import FOREVER, Interval, difference, intersection, union, widened
from app.core.schedule import Weekly, moment_ms, windows

DAY_MS: Final = 86_400_000
KEPT: Final = timedelta(days=32)

Body = dict[str, Any]
FlatWindow = tuple[str, str, str, str, str, str | None, int, int | None]


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the switch ledger, as far as the gate cares."""

    kind: str
    at: datetime
    until: datetime | None = None
    device_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """A weekly window that applies to a person during [since, until): set and not ended, and in the group at the time."""

    weekdays: Sequence[int]
    starts_at: time
    ends_at: time
    timezone: str
    valid_from: date
    valid_until: date | None
    since: datetime
    until: datetime | None

    def flat(self) -> FlatWindow:
        """As it stands in the document."""
        return (
            "".join(map(str, sorted(self.weekdays))),
            f"{self.starts_at:%H:%M:%S}",
            f"{self.ends_at:%H:%M:%S}",
            self.timezone,
            self.valid_from.isoformat(),
            None if self.valid_until is None else self.valid_until.isoformat(),
            to_ms(self.since),
            None if self.until is None else to_ms(self.until),
        )


def body(events: Iterable[Event], applied: Iterable[Applied], now: datetime) -> Body:
    """The document, from the whole ledger of a person (any order; times differ within a kind) and the windows that apply to them."""
    horizon_ms = to_ms(now - KEPT)
    ordered = sorted(events, key=lambda event: event.at)
    flat = sorted({window.flat() for window in applied}, key=repr)
    return {
        "on": _kept(_switched_on(ordered), horizon_ms),
        "paused": _kept(_paused(ordered), horizon_ms),
        "tracking": _kept(_tracking(ordered), horizon_ms),
        "windows": _kept(map(list, flat), horizon_ms),
    }


def read(document: Body | None, instructions: Iterable[Instruction], now_ms: int, window_margin_s: int) -> Gate:
    """The gate at a moment; no document: switched off. The margin is worked into the windows already, so the gate's own is 0."""
    document = document or {}
    flat = tuple(map(tuple, document.get("windows", ())))
    return Gate(
        instructions=tuple(instructions),
        switched_on=_intervals(document.get("on", ())),
        paused=_intervals(document.get("paused", ())),
        windows=allowed(flat, now_ms // DAY_MS, window_margin_s) if flat else None,
        tracking=tuple(
            Tracking(UUID(device), start, FOREVER if end is None else end) for device, start, end in document.get("tracking", ())
        ),
        window_margin_s=0,
    )


@lru_cache(maxsize=8192)
def allowed(flat: tuple[FlatWindow, ...], utc_day: int, margin_s: int) -> tuple[Interval, ...]:
    """When the windows allow a look, from `KEPT` before the UTC day until a day after it, margins included; sorted and apart."""
    start_ms, end_ms = (utc_day - KEPT.days) * DAY_MS - margin_s * 1000, (utc_day + 2) * DAY_MS + margin_s * 1000
    counting = [_counting(window) for window in flat]
    found = difference([(0, FOREVER)], (interval for one in counting for interval in one))
    for window, counts in zip(flat, counting, strict=True):
        found += intersection(widened(windows([_weekly(window)], start_ms, end_ms), margin_s * 1000), counts)
    return tuple(union(found))


def _counting(window: FlatWindow) -> list[Interval]:
    _, _, _, zone, valid_from, _, since, until = window
    return [(max(since, moment_ms(date.fromisoformat(valid_from), time(), zone)), FOREVER if until is None else until)]


def _weekly(window: FlatWindow) -> Weekly:
    weekdays, starts, ends, zone, valid_from, valid_until, _, _ = window
    return Weekly(
        id="",
        weekdays=frozenset(int(day) - 1 for day in weekdays),
        starts=time.fromisoformat(starts),
        ends=time.fromisoformat(ends),
        zone=zone,
        valid_from=date.fromisoformat(valid_from),
        valid_until=None if valid_until is None else date.fromisoformat(valid_until),
    )


def _intervals(pairs: Iterable[list[Any]]) -> tuple[Interval, ...]:
    return tuple((start, FOREVER if end is None else end) for start, end in pairs)


def _kept(rows: Iterable[list[Any]], horizon_ms: int) -> list[list[Any]]:
    """Every row ends in its end, or null: what ended before the horizon goes, and what never lasted."""
    return [row for row in rows if row[-1] is None or (row[-1] > horizon_ms and row[-1] > row[-2])]


def _switched_on(ordered: Sequence[Event]) -> list[list[Any]]:
    found: list[list[Any]] = []
    for event in ordered:
        is_on = bool(found) and found[-1][1] is None
        if event.kind == "on" and not is_on:
            found.append([to_ms(event.at), None])
        elif event.kind == "off" and is_on:
            found[-1][1] = to_ms(event.at)
    return found


def _paused(ordered: Sequence[Event]) -> list[list[Any]]:
    """A pause lasts until its end, or until anything else is said: another pause, resume, on or off."""
    found: list[list[Any]] = []
    for event in ordered:
        at_ms = to_ms(event.at)
        if event.kind in {"pause", "resume", "on", "off"} and found and found[-1][1] > at_ms:
            found[-1][1] = at_ms
        if event.kind == "pause" and event.until is not None:
            found.append([at_ms, to_ms(event.until)])
    return found


def _tracking(ordered: Sequence[Event]) -> list[list[Any]]:
    found: list[list[Any]] = []
    for event in ordered:
        if event.kind == "device" and event.device_id is not None:
            if found:
                found[-1][2] = to_ms(event.at)
            found.append([str(event.device_id), to_ms(event.at), None])
    return found


def instruction(
    purposes: Iterable[str], signed_at: datetime, withdrawn_at: datetime | None, evaluation: Evaluation = "on_server"
) -> Instruction:
    """The organization's instruction as the gate wants it."""
    return Instruction(frozenset(purposes), to_ms(signed_at), FOREVER if withdrawn_at is None else to_ms(withdrawn_at), evaluation)


def counted_from(window_set_at: datetime, joined_at: datetime | None) -> datetime:
    """Since when a window counts for a person: since it was set, and not before they joined its group."""
    return window_set_at if joined_at is None else max(window_set_at, joined_at)


def counted_until(window_ended_at: datetime | None, left_at: datetime | None) -> datetime | None:
    """Until when it counts: the earlier of its end and of leaving the group."""
    return min((moment for moment in (window_ended_at, left_at) if moment is not None), default=None)
