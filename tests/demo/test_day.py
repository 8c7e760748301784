"""A day of the demo's special phones, on a real database and beside real processes."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from app import wiring
from app.adapters.outbound import Peer
from app.attendance.stays import StaySeen
from app.config import Settings, load_settings
from app.core.fix import from_ms, to_ms
from app.demo import command
from app.demo.cast import CAST, Role
from app.demo.plan import HOUR_MS, clock_ms, day_of, first_and_last_ms, last_working_day
from app.demo.play import Player, moments, steps
from app.demo.seen import Seen, local_day
from app.demo.serving import serving
from app.embedded.server import free_port
from app.ports import Deps
from app.setup import set_up

SPECIAL = [next(role for role in CAST if role.part == part) for part in ("queued", "drift", "opts_out", "dies", "night")]
SPECIAL += [role for role in CAST if role.client != "native" and role.always_open][::2]


@dataclass
class Played:
    """What is left after the day."""

    seen: Seen
    player: Player
    day: date
    during: dict[int, dict[str, str]]
    """Standing by name, at full hours (ms)."""

    def stays(self, role: Role) -> list[StaySeen]:
        found = self.seen.stays(to_ms(from_ms(clock_ms(self.day, 0)) + timedelta(days=3)), timedelta(days=3))
        return [stay for stay in found.get(self.seen.people[role.name], []) if local_day(to_ms(stay.entered_at)) == self.day]

    def standing(self, role: Role, hours: int) -> str:
        return self.during[clock_ms(self.day, hours)][role.name]


def of_part(part: str) -> Role:
    return next(role for role in SPECIAL if role.part == part)


@pytest.fixture(scope="module")
def env(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The settings as a command finds them in its environment."""
    values = {
        "DATABASE_URL": settings.database_url,
        "DATABASE_ROLE_PREFIX": settings.database_role_prefix,
        "REDIS_URL": settings.redis_url,
        "SECRET_KEY": settings.secret_key,
        "VAR_DIR": str(tmp_path_factory.mktemp("demo")),
        "WEB_WORKERS": "1",
        "BIND": f"127.0.0.1:{free_port()}",
        "LIVE_BIND": f"127.0.0.1:{free_port()}",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in values.items():
            patch.setenv(name, value)
        loaded = load_settings()
        set_up(loaded)
        yield loaded


@pytest.fixture(scope="module")
def deps(env: Settings) -> Iterator[Deps]:
    built = wiring.build(env)
    yield built
    built.database.engine.dispose()


@pytest.fixture(scope="module")
def played(env: Settings, deps: Deps) -> Iterator[Played]:
    notes = command.prepared(deps, env.var_dir / "demo.json")
    day = last_working_day(local_day(to_ms(deps.clock.now())))
    plans = [day_of(role, day) for role in SPECIAL]
    with serving(env) as url, Peer(url) as peer:
        seen = Seen(deps, notes.main_id)
        player = Player(deps, peer, notes, seen.people)
        during = {}
        end_ms = first_and_last_ms(day)[1]
        end_ms = min(end_ms, to_ms(deps.clock.now()))
        for at_ms, due in steps(moments(plans), clock_ms(day, 5), end_ms, HOUR_MS):
            player.step(due)
            player.close_outlived(at_ms)
            during[at_ms] = {row.name: row.standing for row in seen.table(at_ms, player.last_sign_ms, {})}
        yield Played(seen, player, day, during)


def test_a_late_shuffled_batch_gives_the_stay_its_true_beginning(played: Played) -> None:
    role = of_part("queued")
    assert played.standing(role, 12) == "away"
    assert played.standing(role, 13) == "inside"
    stay = played.stays(role)[0]
    assert to_ms(stay.entered_at) < clock_ms(played.day, 9, 15)
    assert stay.ended == "confirmed"


def test_drift_ends_nothing(played: Played) -> None:
    stays = played.stays(of_part("drift"))
    assert [stay.ended for stay in stays] == ["confirmed"]
    assert to_ms(stays[0].left_at or stays[0].entered_at) > clock_ms(played.day, 17)


def test_opting_out_at_noon_looks_like_silence_and_nothing_later_is_taken(played: Played) -> None:
    role = of_part("opts_out")
    assert played.standing(role, 12) == "inside"
    assert played.standing(role, 13) == "unknown"
    assert played.player.last_sign_ms[role.name] < clock_ms(played.day, 12)
    assert played.player.tally.results["refused: switched_off"] > 10
    stay = played.stays(role)[0]
    assert to_ms(stay.left_at or stay.last_inside_at) < clock_ms(played.day, 12)
    assert stay.cut not in {"switch_off", "pause"}


def test_a_phone_that_dies_is_unknown_and_its_stay_ends_assumed(played: Played) -> None:
    role = of_part("dies")
    assert played.standing(role, 16) == "unknown"
    assert [stay.ended for stay in played.stays(role)] == ["assumed"]


def test_a_guard_stays_over_midnight(played: Played) -> None:
    stay = played.stays(of_part("night"))[0]
    assert played.standing(of_part("night"), 23) == "inside"
    assert local_day(to_ms(stay.entered_at)) == played.day


@pytest.mark.parametrize("client", ["owntracks", "traccar"])
def test_other_apps_phones_have_their_day_too(played: Played, client: str) -> None:
    role = next(role for role in SPECIAL if role.client == client)
    assert played.player.tally.ways[f"{client} by HTTP"] > 30
    assert to_ms(played.stays(role)[-1].entered_at) < clock_ms(played.day, 9, 15)


def test_the_same_day_again_is_all_repeats_and_changes_nothing(played: Played, env: Settings, deps: Deps) -> None:
    before = {role.name: played.stays(role) for role in SPECIAL}
    role = of_part("drift")
    notes = command.prepared(deps, env.var_dir / "demo.json")
    assert (notes.main_id, len(notes.devices)) == (played.seen.organization_id, 28)
    again = Player(deps, played.player.peer, notes, played.seen.people)
    again.step(moments([day_of(role, played.day)]), acts=False)
    assert set(again.tally.results) == {"repeat"}
    assert {role.name: played.stays(role) for role in SPECIAL} == before


def test_the_notes_open_what_they_say(played: Played, env: Settings) -> None:
    file = env.var_dir / "demo.json"
    assert file.stat().st_mode & 0o777 == 0o600
    notes = json.loads(file.read_text())
    assert len(notes["organizations"]) == 2
    assert {user["role"] for user in notes["users"]} == {"owner", "manager", "reception", "employee", "privacy_officer"}
    for user in notes["users"]:
        body = json.dumps({"sign_in": user["username"], "password": user["password"]}).encode()
        token = json.loads(played.player.peer.send("GET", "/api/v1/csrf-token").body)
        assert token
        answer = played.player.peer.send("POST", "/api/v1/session", body, {"Content-Type": "application/json"})
        assert answer.status in {200, 201}, answer.body
    with psycopg.connect(command.reading_url(env)) as connection:
        assert connection.execute("SELECT count(*) FROM organization WHERE slug = ANY(%s)", [list(notes["organizations"])]).fetchone() == (
            2,
        )
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute("DELETE FROM stay")


def test_visitors_are_expected_and_two_are_in(played: Played, env: Settings) -> None:
    notes = json.loads((env.var_dir / "demo.json").read_text())
    reception = next(user for user in notes["users"] if user["role"] == "reception")
    peer = played.player.peer
    body = json.dumps({"sign_in": reception["username"], "password": reception["password"]}).encode()
    opened = peer.send("POST", "/api/v1/session", body, {"Content-Type": "application/json"})
    cookie = {"Cookie": opened.headers["set-cookie"].split(";")[0]}
    on = datetime.now(tz=UTC).date() - timedelta(days=1)
    days = [json.loads(peer.send("GET", f"/api/v1/visits?on={on + timedelta(days=n)}", b"", cookie).body)["items"] for n in range(3)]
    # Who may stay past midnight stands on two days.
    assert sorted({(line["state"], line["name"]) for day in days for line in day}) == [
        ("expected", "Jasper Tuinstra"),
        ("expected", "Mohamed Haddou"),
        ("expected", "Priya Raman"),
        ("on_site", "Roos Veldkamp"),
        ("on_site", "Stefan Nowak"),
    ]


@pytest.mark.long
def test_the_command_plays_once_and_again_and_reuses_what_is_there(env: Settings, tmp_path: Path) -> None:
    environment = {**os.environ, "VAR_DIR": str(tmp_path), "TERM": "dumb"}
    argv = [sys.executable, "-c", "from app.cli import main; main()", "demo", "--once", "--seconds", "0"]
    devices = []
    for word in ("accepted", "repeat"):
        done = subprocess.run(argv, env=environment, capture_output=True, text=True, timeout=300, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        assert "\x1b" not in done.stdout
        answers = next(line for line in done.stdout.splitlines() if line.startswith("Answers: "))
        assert word in answers
        devices.append(json.loads((tmp_path / "demo.json").read_text())["devices"])
    assert devices[0] == devices[1]
