"""What every phone measures and sends on one day, and what happens to it. Pure: the same day is the same to the last digit, on any machine.

An ordinary day: at home, on the way between 08:50 and 09:10, at work, home again around half past five. On top of that, by part:

- `lunch`: half an hour in the restaurant, a fence of its own that does not count as work.
- `drift`: twice one "accurate" fix kilometres away. One outside sighting ends nothing.
- `tunnel`: no signal for two and a half hours. Silence is not absence: the stay goes on, unknown since.
- `dies`: the battery is empty in the afternoon. The stay ends as assumed when the working window has passed.
- `queued`: no connection from before arrival for four hours; then everything at once, shuffled. The stay begins when the person did.
- `opts_out`: switches off at noon. The phone still sends, and every ping is refused; to others it looks like silence.
- `night`: works from 22:00 to 06:00, every night of the week.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random
from typing import Final, NamedTuple

from app.core.schedule import DAY, moment_ms
from app.demo.cast import Role
from app.demo.places import DESKS, RESTAURANT, Spot

ZONE: Final = "Europe/Amsterdam"
MINUTE_MS: Final = 60_000
HOUR_MS: Final = 3_600_000
MOVING_MS, STILL_MS, HOME_MS = 2 * MINUTE_MS, 8 * MINUTE_MS, 40 * MINUTE_MS
DRIFT: Final = Spot(2600, 1900)
HOMES: Final = {
    "Kantoor Kade": ((-5200, -1800), (-3000, 400)),
    "Fabriek Oost": ((3500, 6000), (500, 3000)),
    "Laadplein": ((3500, 6000), (-4000, -1200)),
    "Laboratorium A en B": ((2000, 4000), (2500, 4500)),
}
"""Metres east and north between which people live, so that nobody's way to work leads through another fence."""


@dataclass(frozen=True, slots=True)
class Fix:
    """One fix of one phone: measured at `recorded_at_ms`, sent at `sent_at_ms`, which is later where the phone had no connection."""

    recorded_at_ms: int
    sent_at_ms: int
    spot: Spot
    accuracy_m: float


class Note(NamedTuple):
    """What the audience should know, from this moment on."""

    at_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class Day:
    """One person's day. `fixes` are in the order of sending; `opts_out_at_ms`: when the switch is turned off."""

    role: Role
    fixes: tuple[Fix, ...]
    notes: tuple[Note, ...] = ()
    opts_out_at_ms: int | None = None


class _Leg(NamedTuple):
    """From one spot to another during [from_ms, until_ms), a fix every `every_ms`."""

    from_ms: int
    until_ms: int
    start: Spot
    end: Spot
    every_ms: int


def is_working_day(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < 5


def day_of(role: Role, day: date, *, special: bool = True) -> Day:
    """One person's day. Without `special` nothing goes wrong (the week before). Guards' days end the next morning."""
    dice = Random(f"{role.name} {day.isoformat()}")  # noqa: S311  (a play, not a secret)
    home = Spot(*(dice.uniform(*bounds) for bounds in HOMES[role.place]))
    if role.part == "night":
        return Day(role, tuple(_sent(fix) for fix in _measured(_night(role, day, home, dice), dice)))
    if not is_working_day(day):
        return Day(role, ())
    legs = _ordinary(role, day, home, dice)
    fixes = tuple(_sent(fix) for fix in _measured(legs, dice))
    return _made_special(role, fixes, day, dice) if special else Day(role, fixes)


def clock_ms(day: date, hours: int, minutes: float = 0) -> int:
    """A local clock time of a day."""
    return moment_ms(day, time(hours), ZONE) + round(minutes * MINUTE_MS)


def _ordinary(role: Role, day: date, home: Spot, dice: Random) -> list[_Leg]:
    desk = dice.choice(DESKS[role.place])
    arrives, leaves = clock_ms(day, 8, dice.uniform(51, 69)), clock_ms(day, 17, dice.uniform(2, 42))
    departs, back = arrives - round(dice.uniform(14, 24)) * MINUTE_MS, leaves + round(dice.uniform(14, 24)) * MINUTE_MS
    legs = [_Leg(clock_ms(day, 5, dice.uniform(30, 59)), departs, home, home, HOME_MS), _Leg(departs, arrives, home, desk, MOVING_MS)]
    at_work = [(arrives, desk), (leaves, desk)]
    if role.part == "lunch":
        gone, again = clock_ms(day, 12, dice.uniform(10, 25)), clock_ms(day, 12, dice.uniform(52, 65))
        way = 6 * MINUTE_MS
        legs += [
            _Leg(arrives, gone, desk, desk, STILL_MS),
            _Leg(gone, gone + way, desk, RESTAURANT, MOVING_MS),
            _Leg(gone + way, again, RESTAURANT, RESTAURANT, 4 * MINUTE_MS),
            _Leg(again, again + way, RESTAURANT, desk, MOVING_MS),
        ]
        at_work[0] = (again + way, desk)
    legs.append(_Leg(at_work[0][0], leaves, desk, desk, STILL_MS))
    return [*legs, _Leg(leaves, back, desk, home, MOVING_MS), _Leg(back, clock_ms(day, 21, 30), home, home, HOME_MS)]


def _night(role: Role, day: date, home: Spot, dice: Random) -> list[_Leg]:
    desk, tomorrow = dice.choice(DESKS[role.place]), day + DAY
    arrives, leaves = clock_ms(day, 21, dice.uniform(46, 58)), clock_ms(tomorrow, 6, dice.uniform(3, 12))
    departs, back = arrives - 18 * MINUTE_MS, leaves + 18 * MINUTE_MS
    return [
        _Leg(departs, arrives, home, desk, MOVING_MS),
        _Leg(arrives, leaves, desk, desk, STILL_MS),
        _Leg(leaves, back, desk, home, MOVING_MS),
        _Leg(back, back + 10 * MINUTE_MS, home, home, 5 * MINUTE_MS),
    ]


def _measured(legs: list[_Leg], dice: Random) -> Iterator[tuple[int, Spot, float]]:
    """Fixes as phones have them: a few metres beside the place, with an honest accuracy."""
    for leg in legs:
        at_ms = leg.from_ms
        while at_ms < leg.until_ms:
            part = (at_ms - leg.from_ms) / (leg.until_ms - leg.from_ms)
            accuracy_m = dice.choice((6.0, 8.0, 12.0, 15.0, 20.0))
            off = [dice.gauss(0, accuracy_m / 3) for _ in range(2)]
            spot = Spot(
                leg.start.east_m + part * (leg.end.east_m - leg.start.east_m) + off[0],
                leg.start.north_m + part * (leg.end.north_m - leg.start.north_m) + off[1],
            )
            yield at_ms, spot, accuracy_m
            at_ms += leg.every_ms + round(dice.uniform(0, 30) * 1000)


def _sent(measured: tuple[int, Spot, float]) -> Fix:
    at_ms, spot, accuracy_m = measured
    return Fix(at_ms, at_ms + 1500, spot, accuracy_m)


def _made_special(role: Role, fixes: tuple[Fix, ...], day: date, dice: Random) -> Day:
    match role.part:
        case "drift":
            moments = [clock_ms(day, 10, dice.uniform(30, 50)), clock_ms(day, 15, dice.uniform(10, 30))]
            wrong = [Fix(at_ms, at_ms + 1500, DRIFT, 8.0) for at_ms in moments]
            notes = tuple(Note(at_ms, "one fix 3 km off: proves nothing, the stay goes on") for at_ms in moments)
            return Day(role, tuple(sorted((*fixes, *wrong), key=lambda fix: fix.sent_at_ms)), notes)
        case "tunnel":
            start, end = clock_ms(day, 11, dice.uniform(0, 40)), clock_ms(day, 13, dice.uniform(40, 59))
            notes = (Note(start, "no signal in the cellar: silence is not absence"), Note(end, "signal again: was there all the time"))
            return Day(role, tuple(fix for fix in fixes if not start <= fix.recorded_at_ms < end), notes)
        case "dies":
            end = clock_ms(day, 14, dice.uniform(10, 30))
            note = Note(end, "battery empty: unknown since, never 'left'")
            return Day(role, tuple(fix for fix in fixes if fix.recorded_at_ms < end), (note,))
        case "queued":
            return _queued(role, fixes, day, dice)
        case "opts_out":
            noon = clock_ms(day, 12)
            return Day(role, fixes, (Note(noon, "switched off: pings refused; others see silence"),), noon)
        case _:
            return Day(role, fixes)


def _queued(role: Role, fixes: tuple[Fix, ...], day: date, dice: Random) -> Day:
    """Four hours without connection, from before arrival."""
    start = clock_ms(day, 8, 20)
    end = start + 4 * HOUR_MS
    queue = [Fix(fix.recorded_at_ms, end, fix.spot, fix.accuracy_m) for fix in fixes if start <= fix.recorded_at_ms < end]
    dice.shuffle(queue)
    notes = (
        Note(start, "no connection: the phone keeps its pings"),
        Note(end, f"back: {len(queue)} pings at once, shuffled; dated as lived"),
    )
    before = tuple(fix for fix in fixes if fix.recorded_at_ms < start)
    after = tuple(fix for fix in fixes if fix.recorded_at_ms >= end)
    return Day(role, (*before, *queue, *after), notes)


def first_and_last_ms(day: date) -> tuple[int, int]:
    """From before the first alarm clock until the guards are home the next morning."""
    return clock_ms(day, 5, 30), clock_ms(day + DAY, 7)


def last_working_day(today: date) -> date:
    """The last one that is wholly over."""
    day = today - timedelta(days=1)
    while not is_working_day(day):
        day -= DAY
    return day
