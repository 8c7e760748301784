"""`muster replay FILE --device TOKEN`: send a file of pings through a running server, as that device would.

1. The file's times are shifted so that its last ping is at `--end`. A ping keeps its own id; without one it is named by its original time,
   never by its place. So the same file sent again to the same end is answered "repeat", ping by ping.
2. `--speed 0` sends batches as fast as the server takes them; `--speed N` sends each ping when N times real time has reached it.
3. A server that is away or busy is asked again, later and later, for two minutes. Nothing is doubled by that: ids are kept.
4. Afterwards it looks whether any ping lies in a geofence of the person, and says so when none does.
5. The exit status is 0 only when every ping was answered.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Self

import click
import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from shapely import intersects_xy
from shapely.geometry import shape

from app.actor import DeviceClaim
from app.adapters.outbound import Answer, Peer, Unreachable
from app.core.fix import Ping, from_ms, to_ms
from app.core.plane import geodesic_m
from app.ingest.faults import is_ping_id
from app.pingfiles import BadFile, parse_moment_ms, read_pings

BATCH: Final = 500
PATIENCE_S: Final = 120.0
PAUSE_FIRST_S: Final = 0.2
PAUSE_MOST_S: Final = 8.0
BUSY: Final = frozenset({429, 502, 503, 504})
LINE_EVERY_S: Final = 5.0
PING: Final = "/api/v1/pings"
FENCES: Final = "/api/v1/me/fences"


class NotTaken(click.ClickException):
    """The server does not take these pings, and asking again would change nothing."""


@dataclass
class Tally:
    """What became of the pings so far. `results` counts accepted, repeat, and `refused: <reason>`."""

    results: Counter[str] = field(default_factory=Counter)

    @property
    def answered(self) -> int:
        """How many pings have their answer."""
        return self.results.total()

    def add(self, answers: Iterable[dict[str, Any]]) -> None:
        """Count the answers to one batch."""
        self.results.update(f"refused: {one['reason']}" if one["status"] == "refused" else one["status"] for one in answers)

    def __str__(self) -> str:
        """`accepted 880, repeat 12, refused: outside_window 6`."""
        return ", ".join(f"{name} {count:,}" for name, count in sorted(self.results.items())) or "nothing yet"


class Phone:
    """A device that reports to one server, and does not give up soon."""

    def __init__(self, peer: Peer, token: str) -> None:
        self._peer = peer
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def report(self, items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Send one batch (at most 1,000) and return the answer to each ping, in order. Raises `NotTaken`."""
        return _results(insist(self._peer, PING, json.dumps({"pings": items}).encode(), self._headers))

    def fences(self) -> list[dict[str, Any]] | None:
        """The geofences that hold for the person now; None when the server does not say."""
        try:
            answer = self._peer.send("GET", FENCES, headers=self._headers)
        except Unreachable:
            return None
        found: list[dict[str, Any]] | None = json.loads(answer.body)["fences"] if answer.status == 200 else None
        return found


def insist(peer: Peer, path: str, body: bytes, headers: Mapping[str, str], patience_s: float = PATIENCE_S) -> Answer:
    """Post until there is an answer that is not "later". Only for what is idempotent. Raises `NotTaken`."""
    deadline, pause_s = time.monotonic() + patience_s, PAUSE_FIRST_S
    while True:
        try:
            answer = peer.send("POST", path, body, headers)
            if answer.status not in BUSY:
                return answer
            problem = f"answers {answer.status}"
        except Unreachable as error:
            problem = f"does not answer ({error})"
        if time.monotonic() + pause_s > deadline:
            raise NotTaken(f"{peer.base_url} {problem}. Is `muster serve` running there? Send the file again: nothing is doubled.")
        time.sleep(pause_s)
        pause_s = min(pause_s * 2, PAUSE_MOST_S)


def _results(answer: Answer) -> list[dict[str, Any]]:
    try:
        document = json.loads(answer.body)
    except ValueError:
        document = {}
    if answer.status == 200 and "results" in document:
        results: list[dict[str, Any]] = document["results"]
        return results
    reasons = "; ".join(f"{one['field']}: {one['message']}" for one in document.get("errors", ())[:3])
    raise NotTaken(f"The server answers {answer.status}. {document.get('detail', 'Is this the address of a Muster?')} {reasons}".rstrip())


def shifted(pings: Iterable[Ping], end_ms: int) -> list[dict[str, Any]]:
    """The pings as `POST /api/v1/pings` takes them, by time, the last one at `end_ms`, exact repetitions left in."""
    ordered = sorted(pings, key=lambda ping: (ping.recorded_at_ms, ping.id))
    by_ms = end_ms - ordered[-1].recorded_at_ms if ordered else 0
    return [_item(ping, name, from_ms(ping.recorded_at_ms + by_ms)) for ping, name in zip(ordered, _names(ordered), strict=True)]


def _names(ordered: Iterable[Ping]) -> Iterator[str]:
    """An id of the file's own, else the original time, and a number where several different fixes share it."""
    of_moment: dict[str, int] = {}
    moment_ms = None
    for ping in ordered:
        if ping.recorded_at_ms != moment_ms:
            moment_ms, of_moment = ping.recorded_at_ms, {}
        number = of_moment.setdefault(ping.id, len(of_moment))
        yield ping.id if is_ping_id(ping.id) else f"replay:{moment_ms}" + (f".{number}" if number else "")


def _item(ping: Ping, name: str, recorded_at: datetime) -> dict[str, Any]:
    longitude = ping.longitude if abs(ping.longitude) <= 180 else (ping.longitude + 180) % 360 - 180
    item = {"id": name, "recorded_at": recorded_at.isoformat(), "latitude": ping.latitude, "longitude": longitude}
    return item if ping.accuracy_m is None else {**item, "accuracy_m": ping.accuracy_m}


def paced(items: Sequence[dict[str, Any]], speed: float, size: int = BATCH) -> Iterator[list[dict[str, Any]]]:
    """The items in batches: of `size` at once, or (speed above 0) as `speed` times real time reaches them."""
    started, waiting = time.monotonic(), list(reversed(items))
    first = datetime.fromisoformat(items[0]["recorded_at"]) if items else datetime.now(UTC)
    while waiting:
        batch: list[dict[str, Any]] = []
        while waiting and len(batch) < size and (speed <= 0 or _due_s(waiting[-1], first, speed) <= time.monotonic() - started):
            batch.append(waiting.pop())
        if batch:
            yield batch
        else:
            time.sleep(max(0.0, _due_s(waiting[-1], first, speed) - (time.monotonic() - started)))


def _due_s(item: dict[str, Any], first: datetime, speed: float) -> float:
    return (datetime.fromisoformat(item["recorded_at"]) - first).total_seconds() / speed


class Shown:
    """Progress, rate and results: a bar in a terminal, a line now and then elsewhere."""

    def __init__(self, console: Console, total: int) -> None:
        self._console, self._total = console, total
        self._started = self._told = time.monotonic()
        columns = (
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]:,.0f}/s"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[results]}"),
        )
        self._bar = Progress(*columns, console=console, disable=not console.is_terminal or console.is_dumb_terminal)
        self._task: TaskID = self._bar.add_task("pings", total=total, rate=0.0, results="")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def rate(self, tally: Tally) -> float:
        """Pings answered per second, from the start."""
        return tally.answered / max(time.monotonic() - self._started, 1e-3)

    def now(self, tally: Tally) -> None:
        """Show how far it is."""
        self._bar.update(self._task, completed=tally.answered, rate=self.rate(tally), results=str(tally))
        if self._bar.disable and time.monotonic() - self._told > LINE_EVERY_S:
            self._told = time.monotonic()
            self._console.print(f"{tally.answered:,} of {self._total:,} pings: {tally}", markup=False, highlight=False)


def _end_ms(text: str) -> int:
    if text == "now":
        return to_ms(datetime.now(UTC))
    try:
        return parse_moment_ms(text, UTC)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--end") from None


@click.command
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--device", "token", required=True, envvar="DEVICE_TOKEN", help="Token of the device that shall have sent them.")
@click.option("--end", default="now", show_default=True, help="When the last ping was: now, or an ISO 8601 time.")
@click.option(
    "--speed", default=0.0, show_default=True, type=click.FloatRange(min=0), help="Times real time; 0: as fast as the server takes them."
)
@click.option("--url", envvar="PUBLIC_URL", default="http://127.0.0.1:8000", show_default=True, help="Address of the server.")
def replay(file: Path, token: str, end: str, speed: float, url: str) -> None:
    """Send a file of pings (CSV, NDJSON or GPX) through a running server, as a device."""
    if DeviceClaim.read(token) is None:
        raise click.BadParameter("this is no device token. It is shown once, when the device is enrolled.", param_hint="--device")
    try:
        items, peer = shifted(read_pings(file, UTC), _end_ms(end)), Peer(url)
    except BadFile as error:
        raise click.ClickException(str(error)) from None
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--url") from None
    console, tally, phone = Console(), Tally(), Phone(peer, token)
    with peer:
        with Shown(console, len(items)) as shown:
            try:
                for batch in paced(items, speed):
                    tally.add(phone.report(batch))
                    shown.now(tally)
            except KeyboardInterrupt:
                shown.now(tally)
            rate = shown.rate(tally)
        lines = [*summary(file.name, items, tally, rate), *hint(phone.fences(), items)]
    console.print("\n".join(lines), markup=False, highlight=False, soft_wrap=True)
    sys.exit(0 if tally.answered == len(items) else 1)


def hint(fences: Sequence[dict[str, Any]] | None, items: Sequence[dict[str, Any]]) -> list[str]:
    """What to say when nothing can come of these pings, because they touch no geofence."""
    if fences is None or not items:
        return []
    if not fences:
        return ["No geofence holds for this person now, so no stay comes of this file. Draw one, or assign one to the person."]
    if any(_touches(fence, items) for fence in fences):
        return []
    names = ", ".join(sorted(fence["name"] for fence in fences[:5])) + (", ..." if len(fences) > 5 else "")
    return [f"None of these pings lies in a geofence of this person ({names}), so no stay comes of them. Is it the right file and device?"]


def _touches(fence: dict[str, Any], items: Sequence[dict[str, Any]]) -> bool:
    latitudes, longitudes = (np.array([item[name] for item in items], float) for name in ("latitude", "longitude"))
    if fence["radius_m"] is None:
        return bool(intersects_xy(shape(fence["geometry"]), longitudes, latitudes).any())
    longitude, latitude = (np.full_like(latitudes, degrees) for degrees in fence["geometry"]["coordinates"])
    return bool((geodesic_m(latitudes, longitudes, latitude, longitude) <= fence["radius_m"]).any())


def summary(name: str, items: Sequence[dict[str, Any]], tally: Tally, rate: float) -> list[str]:
    """What to say at the end."""
    lines = [f"{name}: {tally.answered:,} of {len(items):,} pings answered, {rate:,.0f} per second."]
    lines += [f"  {result:<32}{count:>9,}" for result, count in sorted(tally.results.items())]
    if items:
        first, last = (datetime.fromisoformat(items[place]["recorded_at"]) for place in (0, -1))
        lines.append(f"The file now lasts from {first:%Y-%m-%d %H:%M:%S} to {last:%Y-%m-%d %H:%M:%S} UTC.")
        if tally.results["refused: too_late"]:
            days = (last - first) / timedelta(days=1)
            lines.append(f"It spans {days:.1f} days, and its early part is older than the server's lateness window: too_late.")
    return lines
