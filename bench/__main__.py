"""`python -m bench [what ...]`: measure, print a table, write var/bench.json and bench/results.md.

`what`: pings, batches, fences, watching, presence, evaluation, messages, rollcall, arrivals; without, everything. Only a whole run rewrites bench/results.md.
"""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from rich.console import Console
from rich.table import Table

from bench import arrivals, evaluation, fence_index, messages, pings, presence, rollcall, town, watching
from bench.load import Outcome
from bench.machine import describe
from bench.server import ROOT, Server, plain_beside, serving
from tests.peers.world_outside import WorldOutside

RUNS: Final = 3
SECONDS: Final = 8.0
PEOPLE: Final = 2_000
CONNECTIONS: Final = 16
DISTURBED_MOST: Final = 0.1
ARRIVING_S: Final = 12.0
ALERTED: Final = 10_000
HANDED_OVER: Final = 1_000


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `at_least` says which way is better; `plain` is the same work done the plain way, in the same unit."""

    what: str
    figure: float
    unit: str
    target: float
    plain: float | None = None
    at_least: bool = False
    more: dict[str, float] = field(default_factory=dict)

    @property
    def met(self) -> bool:
        """Whether the target is reached."""
        return self.figure >= self.target if self.at_least else self.figure <= self.target

    @property
    def times(self) -> float | None:
        """How many times better than the plain way."""
        if not self.plain or not self.figure:
            return None
        return self.figure / self.plain if self.at_least else self.plain / self.figure


def measure_pings(server: Server, console: Console) -> list[Row]:
    """OwnTracks posts: closed loop for the rate, open loop for the latency."""
    place = town.build(server.database, server.settings, fences=100, people=PEOPLE)
    walkers, run = pings.Walkers(place), pings.Run(server, place)
    run.closed(pings.owntracks(walkers, PEOPLE), CONNECTIONS, 600)
    rates, used, disturbed = [], [], []
    for _ in range(RUNS):
        outcome, cpu = run.closed(pings.owntracks(walkers, int(2_000 * SECONDS)), CONNECTIONS, SECONDS)
        rates.append(outcome.rate)
        used.append(cpu)
        disturbed.append(outcome.disturbed_cores)
        console.log(f"pings: {outcome.rate:.0f}/s, p99 {outcome.percentile_ms(99):.0f} ms, CPU {_us(cpu)}, {_others(outcome)}")
    opened = []
    for _ in range(RUNS):
        outcome, _ = run.open(pings.owntracks(walkers, int(300 * SECONDS)), 64, 300, SECONDS)
        opened.append(outcome)
        console.log(f"pings at 300/s: p50 {outcome.percentile_ms(50):.1f} ms, p99 {outcome.percentile_ms(99):.1f} ms, {_others(outcome)}")
    with plain_beside(server) as plain:
        run.server = plain
        plainly, plain_cpu = run.closed(pings.owntracks(walkers, int(1_000 * SECONDS)), CONNECTIONS, SECONDS)
        slow, _ = run.open(pings.owntracks(walkers, int(300 * SECONDS)), 64, 300, SECONDS)
    console.log(f"pings the plain way: {plainly.rate:.0f}/s, CPU {_us(plain_cpu)}")
    more = {f"cpu_us_{name}": median(one[name] for one in used) for name in used[0]}
    more |= {f"plain_cpu_us_{name}": value for name, value in plain_cpu.items()} | {"disturbed_cores": median(disturbed)}
    p99 = median(one.percentile_ms(99) for one in opened)
    return [
        Row("OwnTracks posts, one ping each, 100 fences, 2,000 people", median(rates), "/s", 600, plainly.rate, at_least=True, more=more),
        Row(
            "the same at 300/s, p99 from the scheduled time",
            p99,
            "ms",
            100,
            slow.percentile_ms(99),
            more={"p50_ms": median(one.percentile_ms(50) for one in opened)},
        ),
    ]


def measure_batches(server: Server, console: Console) -> list[Row]:
    """Native batches of a hundred."""
    place = town.build(server.database, server.settings, fences=100, people=PEOPLE)
    walkers, run = pings.Walkers(place, hours=100), pings.Run(server, place, pings.BATCH)
    run.closed(pings.batches(walkers, 100), CONNECTIONS, 600)
    rates, used, disturbed = [], [], []
    for _ in range(RUNS):
        outcome, cpu = run.closed(pings.batches(walkers, int(250 * SECONDS)), CONNECTIONS, SECONDS)
        rates.append(outcome.rate * pings.BATCH)
        used.append(cpu)
        disturbed.append(outcome.disturbed_cores)
        console.log(f"batches: {rates[-1]:.0f} pings/s, CPU {_us(cpu)}, {_others(outcome)}")
    with plain_beside(server) as plain:
        run.server = plain
        plainly, _ = run.closed(pings.batches(walkers, 200), CONNECTIONS, SECONDS)
    more = {f"cpu_us_{name}": median(one[name] for one in used) for name in used[0]} | {"disturbed_cores": median(disturbed)}
    return [
        Row(
            "native batches of 100, of one person each",
            median(rates),
            "pings/s",
            15_000,
            plainly.rate * pings.BATCH,
            at_least=True,
            more=more,
        )
    ]


def measure_watching(server: Server, console: Console) -> list[Row]:
    """Ping to screen."""
    place = town.build(server.database, server.settings, fences=100, people=PEOPLE)
    walkers, run, cookie = pings.Walkers(place), pings.Run(server, place), watching.sign_in(server, place)
    run.closed(pings.owntracks(walkers, PEOPLE), CONNECTIONS, 600)
    seen = watching.by_stream(server, walkers, cookie, 100, 2 * SECONDS)
    polled = watching.by_polling(server, walkers, cookie, 100, 2 * SECONDS)
    console.log(f"watching: p50 {seen.percentile_ms(50):.0f} ms, p95 {seen.percentile_ms(95):.0f} ms of {len(seen.latencies_s)}")
    if seen.unanswered:
        raise SystemExit(f"{seen.unanswered} entries were never seen.")
    return [
        Row(
            "ping sent -> seen by an SSE client, 100 pings/s, every one an entry, p95 (plain: polling each second)",
            seen.percentile_ms(95),
            "ms",
            300,
            polled.percentile_ms(95),
            more={"p50_ms": seen.percentile_ms(50)},
        )
    ]


def measure_presence(server: Server, console: Console) -> list[Row]:
    """One look at everybody."""
    look_s, plain_s = presence.measure(server)
    console.log(f"presence: {look_s * 1000:.0f} ms")
    return [Row("presence of 10,000 people at one organization, over HTTP", look_s * 1000, "ms", 100, plain_s * 1000)]


def measure_evaluation(server: Server, console: Console) -> list[Row]:
    """Files."""
    took_s, cpu_s, plain_s = evaluation.measure(server, server.settings.var_dir)
    console.log(f"evaluate: {took_s:.1f} s, CPU {cpu_s:.1f} s")
    return [Row("muster evaluate: a million pings, 1,000 fences", took_s, "s", 30, plain_s, more={"cpu_s": cpu_s})]


def measure_fences(_server: Server, console: Console) -> list[Row]:
    """The index alone."""
    rows = []
    for found in fence_index.run():
        figure, target, times = float(found["median"] or 0), found["target"], found["times_faster"]
        console.log(f"{found['what']}: {figure} {found['unit']}")
        if target is not None:
            rows.append(Row(f"FenceIndex, {found['what']}", figure, str(found["unit"]), float(target), times and figure * float(times)))
    return rows


def measure_messages(server: Server, console: Console) -> list[Row]:
    """Alerts and messages to far ends on this machine."""
    many = messages.build(server, ALERTED)
    many.reach_by("sms", [phone.person_id for phone in many.town.phones])
    plain_s = messages.plainly_s(many)
    activated = [messages.activation_s(many) for _ in range(RUNS)]
    console.log(f"activation: {', '.join(f'{one:.2f}' for one in activated)} s; row by row {plain_s:.1f} s")
    first = sorted(messages.first_hand_overs_s(many, 20, 50))
    console.log(f"first hand-over: median {median(first) * 1000:.0f} ms, most {first[-1] * 1000:.0f} ms")
    rows = [
        Row("alert to 10,000 people: from activation to all deliveries committed", median(activated), "s", 2, plain_s),
        Row("activation of an alert -> its first delivery is with the carrier, p95 of 20", first[18] * 1000, "ms", 1000),
    ]
    for channel, target in (("sms", 150), ("email", 100), ("push", 100)):
        alone = median(messages.rate(many, channel, HANDED_OVER) for _ in range(RUNS))
        with messages.another_worker(server):
            both = median(messages.rate(many, channel, HANDED_OVER) for _ in range(RUNS))
        console.log(f"{channel}: {alone:.0f}/s, with two workers {both:.0f}/s")
        rows.append(Row(f"hand-over by {channel}, one worker", alone, "/s", target, at_least=True, more={"two_workers": both}))
        rows.append(Row(f"hand-over by {channel}, two workers", both, "/s", alone, at_least=True))
    late = sorted(messages.late_entries_s(messages.build(server, 40), 40))
    console.log(f"late entry: median {median(late) * 1000:.0f} ms, most {late[-1] * 1000:.0f} ms")
    return [*rows, Row("somebody walks into an active alert: ping -> with the carrier, p95 of 40", late[37] * 1000, "ms", 2000)]


def measure_roll_call(server: Server, console: Console) -> list[Row]:
    """Everybody on one list."""
    begun_s, opened_s, at_hand_s = rollcall.measure(server)
    console.log(f"roll call: begun in {begun_s * 1000:.0f} ms, opened in {opened_s * 1000:.0f} ms, at hand in {at_hand_s * 1000:.0f} ms")
    return [
        Row("roll call of 5,000 people opens, over HTTP", opened_s * 1000, "ms", 500, more={"begun_ms": begun_s * 1000}),
        Row("who is at hand: 5,000 people for a responder's phone, over HTTP", at_hand_s * 1000, "ms", 500),
    ]


def measure_arrivals(server: Server, console: Console) -> list[Row]:
    """Visitors at kiosks."""
    building = arrivals.build(server)
    building.measured(building.invited(arrivals.RATE))
    rows = []
    for what, made in (
        ("invited, with a QR code or six digits", building.invited),
        ("walk-ins, each for a host by name", building.walk_ins),
    ):
        outcomes = [building.measured(made(int(arrivals.RATE * ARRIVING_S))) for _ in range(RUNS)]
        p50, p99 = (median(one.percentile_ms(percent) for one in outcomes) for percent in (50, 99))
        console.log(f"arrivals, {what}: p50 {p50:.0f} ms, p99 {', '.join(f'{one.percentile_ms(99):.0f}' for one in outcomes)} ms")
        rows.append(Row(f"arrivals at kiosks, 50/s ({what}), p99 from the scheduled time", p99, "ms", 150, more={"p50_ms": p50}))
    return rows


PARTS: Final[dict[str, Callable[[Server, Console], list[Row]]]] = {
    "pings": measure_pings,
    "batches": measure_batches,
    "fences": measure_fences,
    "watching": measure_watching,
    "presence": measure_presence,
    "evaluation": measure_evaluation,
    "messages": measure_messages,
    "rollcall": measure_roll_call,
    "arrivals": measure_arrivals,
}


def main(chosen: list[str]) -> None:
    """Measure what was chosen, or everything."""
    console = Console(width=170)
    with TemporaryDirectory(prefix="muster") as directory, WorldOutside(Path(directory)) as outside, serving(outside=outside) as server:
        machine = describe(str(server.rows("SELECT current_setting('server_version')")[0][0]))
        settings = {name: server.rows(f"SHOW {name}")[0][0] for name in ("fsync", "synchronous_commit")}
        if settings != {"fsync": "on", "synchronous_commit": "on"}:
            raise SystemExit(f"PostgreSQL does not wait for the disk ({settings}): the figures would mean nothing.")
        rows = [row for name in chosen or PARTS for row in PARTS[name](server, console)]
    load = os.getloadavg()[0]
    _print(console, machine, rows, load)
    found = {"at": datetime.now(tz=UTC).isoformat(timespec="seconds"), "machine": machine, "load": load}
    found |= {"rows": [{**asdict(row), "met": row.met, "times": row.times} for row in rows]}
    (ROOT / "var").mkdir(exist_ok=True)
    (ROOT / "var" / "bench.json").write_text(json.dumps(found, indent=2) + "\n")
    if not chosen:
        (ROOT / "bench" / "results.md").write_text(_markdown(machine, rows))


def _others(outcome: Outcome) -> str:
    return f"others kept {outcome.disturbed_cores:.1f} processors busy"


def _us(cpu: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.0f} us" for name, value in cpu.items())


def _cells(row: Row) -> tuple[str, str, str, str, str]:
    times = "" if row.times is None else f"{row.times:,.1f} x"
    target = f"{'>=' if row.at_least else '<='} {_number(row.target)} {row.unit}"
    return row.what, f"{_number(row.figure)} {row.unit}", target, "yes" if row.met else "no", times


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.1f}"


HEAD: Final = ("what", "figure", "target", "met", "than the plain way")


def _print(console: Console, machine: dict[str, str], rows: list[Row], load: float) -> None:
    table = Table(*HEAD, title="Muster on " + machine["processor"])
    for row in rows:
        table.add_row(*_cells(row), style=None if row.met else "red")
    console.print(table)
    console.print(", ".join(f"{name} {value}" for name, value in machine.items()), f"load at the end {load:.1f}", sep="; ")


def _markdown(machine: dict[str, str], rows: list[Row]) -> str:
    lines = ["# The figures of the last whole run of `make bench`", "", f"{datetime.now(tz=UTC):%Y-%m-%d}, on:", ""]
    lines += [f"- {name}: {value}" for name, value in machine.items()]
    lines += ["", "Load generator included; `synchronous_commit` and `fsync` on; every gate and wall on; medians.", ""]
    disturbed = max(row.more.get("disturbed_cores", 0.0) for row in rows)
    if disturbed > DISTURBED_MOST:
        lines += [f"**The machine was not quiet:** other work kept up to {disturbed:.1f} of its processors busy. Read the ratios.", ""]
    lines += ["| " + " | ".join(HEAD) + " |", "|" + "---|" * len(HEAD)]
    lines += ["| " + " | ".join(_cells(row)) + " |" for row in rows]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main(sys.argv[1:])
