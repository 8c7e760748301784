"""What the audience sees: a live table in a terminal, plain lines elsewhere (a log, a pipe, TERM=dumb)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from rich.console import Console, Group
from rich.live import Live
from rich.padding import Padding
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from app.core.fix import from_ms
from app.demo.plan import ZONE
from app.demo.seen import Row, clock

COLOURS = {"inside": "green", "unknown": "yellow", "left": "dim", "away": "dim"}
AROUND_THE_TABLE = 6
"""Lines of clock, bar, column names and their rule, how many more, and one spare."""
WIDE = 94
"""Columns from which the group has room beside the rest; 80 are enough for the rest."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture: the clock, how far the day is (0 to 1; None: it is now), and everybody."""

    at_ms: int
    part: float | None
    rows: Sequence[Row]
    sent: str


class Screen(Protocol):
    """Shows frames and says things."""

    def say(self, text: str) -> None:
        """One line that stays."""

    def show(self, frame: Frame) -> None:
        """The picture now."""

    def close(self) -> None:
        """Leave the terminal as it was."""


def screen(console: Console, footer: Sequence[str]) -> Screen:
    """The screen that fits the console. `footer`: lines to keep in sight."""
    return Plain(console, footer) if not console.is_terminal or console.is_dumb_terminal else LiveTable(console, footer)


class Plain:
    """A line for every hour, and one for everything that happens."""

    def __init__(self, console: Console, footer: Sequence[str]) -> None:
        self._console = console
        for line in footer:
            self.say(line)
        self._hour = ""
        self._told: set[tuple[str, str]] = set()

    def say(self, text: str) -> None:
        """See `Screen`."""
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    def show(self, frame: Frame) -> None:
        """See `Screen`."""
        for row in frame.rows:
            if row.note and (row.name, row.note) not in self._told:
                self._told.add((row.name, row.note))
                self.say(f"{clock(frame.at_ms)}  {row.name}: {row.note}")
        hour = clock(frame.at_ms)[:2]
        if hour != self._hour:
            self._hour = hour
            self.say(f"{clock(frame.at_ms)}  {_counted(frame.rows)}; {frame.sent}")

    def close(self) -> None:
        """See `Screen`."""


class LiveTable:
    """The live table."""

    def __init__(self, console: Console, footer: Sequence[str]) -> None:
        self._console, self._footer = console, footer
        for line in footer:
            self.say(line)
        self._live: Live | None = None

    def say(self, text: str) -> None:
        """See `Screen`."""
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    def show(self, frame: Frame) -> None:
        """See `Screen`."""
        if self._live is None:
            self._live = Live(console=self._console, auto_refresh=False, screen=False, vertical_overflow="crop")
            self._live.start()
        self._live.update(self._picture(frame), refresh=True)

    def close(self) -> None:
        """See `Screen`."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _picture(self, frame: Frame) -> Group:
        now = f"{from_ms(frame.at_ms).astimezone(ZoneInfo(ZONE)):%A %d %B, %H:%M}"
        head = Text.assemble((now, "bold"), "   ", _counted(frame.rows), "   ", (frame.sent, "dim"))
        width = min(self._console.width, 100)
        bar = Padding(ProgressBar(total=1, completed=frame.part, width=width), 0) if frame.part is not None else Text("live", "green")
        notes = [Text(f"{row.name}: {row.note}", "yellow", no_wrap=True, overflow="ellipsis") for row in frame.rows if row.note]
        room = self._console.height - AROUND_THE_TABLE - len(notes)
        footer = self._footer[: len(self._footer) if room >= len(frame.rows) + len(self._footer) else 1]
        shown = frame.rows[: max(3, room - len(footer))]
        more = len(frame.rows) - len(shown)
        rest = [Text(f"... and {more} more; a taller terminal shows them", "dim")] if more > 0 else []
        return Group(
            head,
            bar,
            _table(frame.at_ms, shown, is_wide=self._console.width >= WIDE),
            *rest,
            *notes,
            *(Text(line, "cyan", no_wrap=True, overflow="ellipsis") for line in footer),
        )


def _table(at_ms: int, rows: Sequence[Row], *, is_wide: bool) -> Table:
    """A line for each; columns keep their widths from picture to picture."""
    table = Table(expand=False, show_edge=False, pad_edge=False)
    for name, width in (("person", 17), ("group", 14), ("where", 19), ("standing", 8), ("since", 9), ("last sign", 9)):
        if is_wide or name != "group":
            table.add_column(name, width=width, no_wrap=True, overflow="ellipsis")
    for row in rows:
        who = (row.name, row.group) if is_wide else (row.name,)
        seen = (row.place, Text(row.standing, COLOURS[row.standing]))
        table.add_row(*who, *seen, clock(row.since_ms, at_ms), clock(row.heard_ms, at_ms))
    return table


def _counted(rows: Sequence[Row]) -> str:
    found = Counter(row.standing for row in rows)
    return f"{found['inside']} inside, {found['unknown']} unknown, {found['left'] + found['away']} elsewhere"
