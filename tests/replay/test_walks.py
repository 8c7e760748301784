"""Real tracks through the server: stays where they dwell, whatever the order and however they are split.

The tracks lie outside the repository (MUSTER_WALKS, or shared/data/walks beside it); without them this is skipped, and says so.
"""

import json
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import cast

import pytest
import shapely
from click.testing import CliRunner
from shapely.geometry import Polygon
from werkzeug.serving import make_server

from app.accounts.service import AccountsIdentity
from app.adapters.clock import SystemClock
from app.attendance.models import Stay
from app.config import Settings
from app.core.fix import Ping, from_ms, to_ms
from app.core.policy import FenceVersion
from app.db.transaction import Database
from app.evaluate import evaluate
from app.factory import create_app
from app.pingfiles import iso, read_pings
from app.replay import replay
from tests.factories import Phone, World, deps_of

WALKS = Path(os.environ.get("MUSTER_WALKS", Path(__file__).resolve().parents[3] / "shared/data/walks"))
pytestmark = pytest.mark.skipif(not WALKS.is_dir(), reason=f"no tracks at {WALKS}: set MUSTER_WALKS")
END = datetime.now(UTC).replace(microsecond=0)
StayKey = tuple[str, datetime, datetime | None, str | None]


@pytest.fixture(scope="module")
def url(settings: Settings, database: Database) -> Iterator[str]:
    """The real application, listening."""
    deps = deps_of(settings=settings, database=database, clock=SystemClock(), identity=AccountsIdentity(database, settings))
    server = make_server("127.0.0.1", 0, create_app(settings, deps=deps), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class Walker:
    """Somebody with a phone in an organization with the fences around the tracks."""

    def __init__(self, database: Database, url: str) -> None:
        self.world, self.url = World(database), url
        self.world.instruction()
        self.phone: Phone = self.world.phone()
        features = json.loads((WALKS / "fences.geojson").read_text())["features"]
        self.names = {self.world.fence(shapely.geometry.shape(each["geometry"])): str(each["id"]) for each in features}

    def sends(self, file: Path, end: datetime = END) -> None:
        """Replay a file as this phone."""
        done = CliRunner().invoke(replay, [str(file), "--device", self.phone.token, "--url", self.url, "--end", end.isoformat()])
        assert done.exit_code == 0, done.output

    def stays(self) -> set[StayKey]:
        rows = [stay for stay in self.world.rows(Stay) if stay.withdrawn_at is None]
        return {(self.names[stay.fence_id], stay.entered_at, stay.left_at, stay.ended) for stay in rows}


def engine_says(file: Path) -> set[StayKey]:
    """The stays that the pure engine finds in a file, moved to `END`."""
    pings = read_pings(file, UTC)
    by_ms = to_ms(END) - max(ping.recorded_at_ms for ping in pings)
    features = json.loads((WALKS / "fences.geojson").read_text())["features"]
    versions = [FenceVersion(str(each["id"]), cast("Polygon", shapely.geometry.shape(each["geometry"]))) for each in features]
    return {
        (
            str(stay.fence),
            from_ms(stay.entered_at_ms + by_ms),
            None if stay.left_at_ms is None else from_ms(stay.left_at_ms + by_ms),
            stay.ended,
        )
        for stay in evaluate(versions, pings).stays
    }


def written(path: Path, pings: list[Ping]) -> Path:
    """Pings as a file, in this order."""
    lines = [f"{iso(ping.recorded_at_ms)},{ping.latitude!r},{ping.longitude!r}" for ping in pings]
    path.write_text("\n".join(["recorded_at,lat,lon", *lines]) + "\n")
    return path


@pytest.fixture(params=["walk-2.csv", "walk-3.csv"])
def walk(request: pytest.FixtureRequest) -> Path:
    return WALKS / str(request.param)


def test_a_replayed_track_gives_the_stays_where_it_dwells(walk: Path, database: Database, url: str) -> None:
    walker = Walker(database, url)
    walker.sends(walk)
    assert {name for name, *_ in walker.stays()} == {name for name in walker.names.values() if name.startswith(walk.stem)}
    assert walker.stays() == engine_says(walk)


def test_shuffled_split_and_repeated_it_gives_exactly_the_same(walk: Path, database: Database, url: str, tmp_path: Path) -> None:
    pings, dice = read_pings(walk, UTC), Random(walk.name)
    whole_end_ms = max(ping.recorded_at_ms for ping in pings)
    dice.shuffle(pings)
    cuts = sorted(dice.sample(range(1, len(pings)), 4))
    walker = Walker(database, url)
    for number, (start, stop) in enumerate(zip([0, *cuts], [*cuts, None], strict=True)):
        part = pings[start:stop]
        own_end_ms = max(ping.recorded_at_ms for ping in part)
        file = written(tmp_path / f"part-{number}.csv", part + dice.sample(part, len(part) // 10))
        walker.sends(file, from_ms(to_ms(END) - whole_end_ms + own_end_ms))
    assert walker.stays() == engine_says(walk)


def test_the_same_file_again_changes_nothing(walk: Path, database: Database, url: str) -> None:
    walker = Walker(database, url)
    walker.sends(walk)
    before = walker.stays()
    walker.sends(walk)
    assert walker.stays() == before
