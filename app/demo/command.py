"""`muster demo`: everything at once, to look at. See the story in `app/demo/__init__.py`."""

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import click
from rich.console import Console
from sqlalchemy import text

from app import logs, wiring
from app.accounts import service as accounts
from app.adapters.outbound import Peer
from app.config import Settings, load_settings
from app.core.fix import from_ms, to_ms
from app.core.schedule import DAY
from app.demo import notes as keeping
from app.demo import seed as seeding
from app.demo.cast import CAST
from app.demo.door import door
from app.demo.notes import Notes
from app.demo.paper import Desk
from app.demo.plan import MINUTE_MS, Day, clock_ms, day_of, first_and_last_ms, is_working_day, last_working_day
from app.demo.play import STEP_MS, Player, moments, steps
from app.demo.screen import Frame, Screen, screen
from app.demo.seen import Seen, local_day
from app.demo.serving import serving
from app.demo.standins import StandIns, standing_in
from app.errors import NotFound
from app.ports import Deps
from app.setup import set_up

PLAYED_IN_S = 45.0
LIVE_STEP_S = 2.0
STEPS_AN_HOUR = 60 * MINUTE_MS // STEP_MS
HISTORY = timedelta(days=7)
TOLD = {"drift", "tunnel", "dies", "queued", "opts_out", "night"}


@dataclass
class Show:
    """What a performance needs."""

    deps: Deps
    notes: Notes
    path: Path
    screen: Screen
    player: Player
    seen: Seen
    desk: Desk

    @property
    def now_ms(self) -> int:
        """The clock on the wall."""
        return to_ms(self.deps.clock.now())

    def save(self) -> None:
        """Write the notes."""
        keeping.write(self.path, self.notes)


@click.command
@click.option("--once", is_flag=True, help="End after the day, with a summary.")
@click.option("--seconds", default=PLAYED_IN_S, show_default=True, type=click.FloatRange(min=0), help="How long the day shall take.")
def demo(*, once: bool, seconds: float) -> None:
    """Show a demo organization on a working day: 25 phones, in fast motion. Ctrl-C ends it; the data stay."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console = Console()
    try:
        settings = load_settings()
        run(settings, console, once=once, seconds=seconds)
    except KeyboardInterrupt:
        console.print("Ended. The data stay: `.venv/bin/muster serve` serves them, `make demo` goes on.", highlight=False)
    sys.exit(0)


def run(settings: Settings, console: Console, *, once: bool, seconds: float = PLAYED_IN_S) -> None:
    """The whole performance. Raises `KeyboardInterrupt` when somebody ends it, `click.ClickException` when it cannot begin."""
    logs.configure("WARNING")
    set_up(settings)
    deps = wiring.build(settings)
    path = settings.var_dir / "demo.json"
    say(console, "Preparing the demo organization ...")
    notes = prepared(deps, path)
    say(console, "Starting muster serve ...")
    with standing_in(settings, notes.push_port) as stand_ins, serving(settings, stand_ins.settings) as url, Peer(url) as peer:
        notes.push_port = stand_ins.push_port
        notes.base_url, notes.log_dir, notes.redis_url = url, str(settings.var_dir / "log"), settings.redis_url
        notes.database_url = reading_url(settings)
        seen, shown = Seen(deps, notes.main_id), screen(console, told(notes))
        desk, player = Desk(deps, notes.main_id, seen.people), Player(deps, peer, notes, seen.people)
        show = Show(deps, notes, path, shown, player, seen, desk)
        show.save()
        take_pushes(stand_ins, peer, notes)
        for line in door(url):
            say(console, line)
        for line in perform(show, once=once, seconds=seconds):
            say(console, line)
    deps.database.engine.dispose()


def take_pushes(stand_ins: StandIns, peer: Peer, notes: Notes) -> None:
    """The demo's browser takes pushes for everybody who signs in, but those who changed their password."""
    for user in notes.users:
        with suppress(LookupError):
            stand_ins.browser.subscribe(peer, user, stand_ins.push_url)


def perform(show: Show, *, once: bool, seconds: float) -> list[str]:
    """The week before, the day, and what came since; then the summary, or (not `once`) on and on."""
    day = last_working_day(local_day(show.now_ms))
    with closing(show.screen):
        past_week(show, day)
        play(show, day, seconds)
        until_now(show, day)
        if not once:
            live(show)
    return summary(show, day)


def prepared(deps: Deps, path: Path) -> Notes:
    """The notes of an earlier run whose organizations are still there; else new organizations."""
    notes, now = keeping.read(path), deps.clock.now()
    began = from_ms(clock_ms(local_day(to_ms(now)) - HISTORY - DAY, 0))
    with deps.database.identity() as session:
        session.execute(text("SELECT make_sighting_partitions(:first, :last)"), {"first": began.date(), "last": now.date() + DAY})
    if notes is not None and is_there(deps, notes):
        return notes
    notes = Notes()
    seeding.seed(deps, notes, began, now)
    keeping.write(path, notes)
    return notes


def is_there(deps: Deps, notes: Notes) -> bool:
    """Whether the database is the one the notes are about."""
    try:
        for slug, organization_id in notes.organizations.items():
            with deps.database.tenant(organization_id) as session:
                if accounts.get_organization(session, organization_id).slug != slug:
                    return False
    except NotFound:
        return False
    return bool(notes.organizations)


def past_week(show: Show, until: date) -> None:
    """What was not played yet of the week before; a batch a phone and day."""
    today = local_day(show.now_ms)
    days = [today - HISTORY + number * DAY for number in range((until - today + HISTORY).days)]
    fresh = [day for day in days if not show.notes.is_played(day)]
    for day in fresh:
        show.screen.say(f"{day:%A %d %B}: {batch_day(show, day):,} pings ...")
    for day in [day for day in fresh if is_working_day(day)][:1]:
        show.desk.correct(day, show.deps.clock.now())
        approved = show.desk.approve(day, show.deps.clock.now())
        show.screen.say(f"{day:%A %d %B}: {approved} workdays approved; one correction approved, one waits")


def batch_day(show: Show, day: date) -> int:
    """One day of history; how many pings."""
    before = show.player.tally.ways.total()
    show.player.history(day)
    show.desk.punches(day)
    show.notes.played(day)
    show.save()
    return show.player.tally.ways.total() - before


def play(show: Show, day: date, seconds: float) -> None:
    """The day, in about so many seconds; slower where the machine is."""
    again = show.notes.is_played(day)
    plans = plans_of(day)
    start_ms, end_ms = first_and_last_ms(day)
    end_ms = min(end_ms, show.now_ms)
    if again:
        show.screen.say(f"{day:%A %d %B} was played before: the same pings again, and each is answered as a repeat.")
    else:
        show.player.switch_on(start_ms)
    happening, began, pace_s = moments(plans.values()), time.monotonic(), seconds / ((end_ms - start_ms) / STEP_MS)
    for number, (at_ms, due) in enumerate(steps(happening, start_ms, end_ms), 1):
        show.player.step(due, acts=not again)
        if number % STEPS_AN_HOUR == 0 and not again:
            show.player.close_outlived(at_ms)
        picture(show, at_ms, (at_ms - start_ms) / (end_ms - start_ms), plans)
        time.sleep(max(0.0, began + number * pace_s - time.monotonic()))
    show.desk.punches(day)
    show.notes.played(day)
    show.save()


def until_now(show: Show, day: date) -> None:
    """The days since, and today so far, the latter through the API. People on call have these days off: their phones are yours to try."""
    today = local_day(show.now_ms)
    while (day := day + DAY) < today:
        if not show.notes.is_played(day):
            batch_day(show, day)
    if show.now_ms > (since_ms := clock_ms(today, 5)):
        show.player.switch_on(since_ms)
    show.desk.punches(today)
    off = plans_today(today)
    show.player.step([moment for moment in moments(off.values()) if moment.at_ms <= show.now_ms], live=True)
    picture(show, show.now_ms, None, off)


def live(show: Show) -> None:
    """Phones go on reporting at their own pace, until somebody ends it."""
    show.screen.say("The day is over; the phones go on in real time. Ctrl-C ends.")
    at_ms = show.now_ms
    while True:
        time.sleep(LIVE_STEP_S)
        before_ms, at_ms = at_ms, show.now_ms
        plans = plans_today(local_day(at_ms))
        show.player.step([moment for moment in moments(plans.values()) if before_ms < moment.at_ms <= at_ms], live=True)
        picture(show, at_ms, None, plans)


def plans_of(day: date) -> dict[str, Day]:
    """Everybody's day, and what is left of the guards' night before, by name."""
    return {role.name: day_of(role, day) for role in CAST}


def plans_today(today: date) -> dict[str, Day]:
    """Today without the people on call, with the night before."""
    plans = {role.name: day_of(role, today) for role in CAST if not role.always_open}
    for role in (role for role in CAST if role.part == "night"):
        plans[role.name] = Day(role, day_of(role, today - DAY).fixes + plans[role.name].fixes)
    return plans


def picture(show: Show, at_ms: int, part: float | None, plans: dict[str, Day]) -> None:
    """Show everybody at a moment."""
    sent = f"{show.player.tally.ways.total():,} pings"
    show.screen.show(Frame(at_ms, part, show.seen.table(at_ms, show.player.last_sign_ms, plans), sent))


def summary(show: Show, day: date) -> list[str]:
    """What was sent, what became of it, and of the phones that had a hard day."""
    tally, at_ms = show.player.tally, show.now_ms
    found = show.seen.counts(day, at_ms)
    lines = ["", f"{tally.ways.total():,} pings sent: " + listed(tally.ways), "Answers: " + listed(tally.results)]
    lines.append(f"On record of {day:%A %d %B}: " + listed(found))
    lines.append("Corrections of the week: " + listed(show.seen.corrections()))
    width = max(len(role.name) for role in CAST)
    special = [role for role in CAST if role.part in TOLD]
    became = [f"  {role.name:<{width}}  {role.part.replace('_', ' '):<9} {show.seen.became(role.name, day, at_ms)}" for role in special]
    return [*lines, *became, "", "The data stay: `.venv/bin/muster serve` serves them again."]


def listed(counts: "dict[str, int]") -> str:
    """`accepted 880, repeat 12`."""
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items())) or "nothing"


def told(notes: Notes) -> list[str]:
    """Where it is and how to enter."""
    users = [user for user in notes.users if user.organization == notes.main_slug]
    width = max((len(user.username) for user in users), default=0)
    lines = [
        f"{notes.base_url}  sign-ins, tokens: var/demo.json  Ctrl-C ends",
        f"{notes.base_url}/outbox-preview  what arrives by push, SMS and e-mail",
    ]
    return lines + [f"  {user.role:<16} {user.username:<{width}}  {user.password}" for user in users]


def reading_url(settings: Settings) -> str:
    """The backup role's URL, over TCP, as any PostgreSQL client reads it."""
    url = settings.url_of("backup").set(drivername="postgresql")
    port = url.query.get("port")
    if str(url.query.get("host", "")).startswith("/"):
        url = url.set(host="127.0.0.1", port=int(str(port)) if port else 5432, query={})
    return url.render_as_string(hide_password=False)


def say(console: Console, line: str) -> None:
    """A plain line."""
    console.print(line, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def closing(shown: Screen) -> Iterator[None]:
    """Leave the terminal as it was, whatever happens."""
    try:
        yield
    finally:
        shown.close()
