"""`muster replay`: a recording becomes a device's pings. Pure parts here, and the command against a small server that answers as told."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any

import pytest
import shapely
from click.testing import CliRunner
from shapely.geometry.base import BaseGeometry

from app.actor import new_device_token
from app.adapters.outbound import Peer, Unreachable
from app.core.fix import Ping, to_ms
from app.replay import paced, replay, shifted

END = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)
TOKEN = new_device_token(7)[0]


def pings(count: int, step_s: float = 5, **changes: Any) -> list[Ping]:
    return [
        Ping("file", f"2009-06-29T07:00:00Z,{n / 1000!r},5.0", 1_246_258_800_000 + int(n * step_s * 1000), n / 1000, 5.0, **changes)
        for n in range(count)
    ]


@dataclass
class Server:
    """Keeps what it was sent; answers with the statuses given, then with 200 as the product would."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    batches: list[list[dict[str, Any]]] = field(default_factory=list)
    known: set[tuple[str, str]] = field(default_factory=set)
    refuse: dict[str, str] = field(default_factory=dict)
    fences: list[dict[str, Any]] | None = None

    def answer(self, body: dict[str, Any]) -> dict[str, Any]:
        results = []
        for index, item in enumerate(body["pings"]):
            key = (item["recorded_at"], item["id"])
            reason = self.refuse.get(item["id"])
            status = "refused" if reason else "repeat" if key in self.known else "accepted"
            self.known.add(key)
            results.append({"index": index, "id": item["id"], "status": status, "reason": reason})
        self.batches.append(body["pings"])
        return {"results": results}


@pytest.fixture
def server() -> Iterator[Server]:
    told = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            assert (self.path, self.headers["Authorization"]) == ("/api/v1/me/fences", f"Bearer {TOKEN}")
            content = json.dumps({"fences": told.fences}).encode()
            self.send_response(404 if told.fences is None else 200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = told.statuses.pop(0) if told.statuses else 200
            answer: dict[str, Any] = {"detail": "Told to say so."}
            if status == 200:
                assert (self.path, self.headers["Authorization"]) == ("/api/v1/pings", f"Bearer {TOKEN}")
                answer = told.answer(body)
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        told.url = f"http://127.0.0.1:{listening.server_port}"
        yield told
        listening.shutdown()
        thread.join()


def run(file: Path, server: Server, *more: str) -> Any:
    return CliRunner().invoke(replay, [str(file), "--device", TOKEN, "--url", server.url, *more])


def csv(tmp_path: Path, count: int, name: str = "walk.csv") -> Path:
    start = datetime(2009, 6, 29, 7, 0, tzinfo=UTC)
    lines = [f"{(start + timedelta(seconds=5 * n)).isoformat()},{40 + n / 10_000},116.5" for n in range(count)]
    file = tmp_path / name
    file.write_text("\n".join(["recorded_at,lat,lon", *lines]))
    return file


def test_the_last_ping_is_at_the_end_and_distances_in_time_stay() -> None:
    items = shifted(pings(3), to_ms(END))
    assert [datetime.fromisoformat(item["recorded_at"]) for item in items] == [END - timedelta(seconds=10), END - timedelta(seconds=5), END]
    assert shifted([], to_ms(END)) == []


def test_an_id_names_the_original_time_and_nothing_of_the_place() -> None:
    items = shifted(pings(2), to_ms(END))
    assert [item["id"] for item in items] == ["replay:1246258800000", "replay:1246258805000"]


def test_several_fixes_of_one_moment_get_ids_of_their_own_whatever_the_order_of_the_file() -> None:
    same = pings(4, step_s=0)
    items = shifted(same, to_ms(END))
    assert len({item["id"] for item in items}) == 4
    Random(1).shuffle(same)
    assert shifted(same, to_ms(END)) == items


def test_an_id_of_the_file_is_kept_and_a_repetition_stays_one() -> None:
    own = Ping("file", "a-1", 1_246_258_800_000, 52.0, 5.0, 8.0)
    assert [item["id"] for item in shifted([own, own], to_ms(END))] == ["a-1", "a-1"]


def test_a_turn_beyond_the_antimeridian_is_written_as_the_api_takes_it() -> None:
    east = Ping("file", "a", 0, 0.0, 181.5)
    assert shifted([east], 0)[0]["longitude"] == pytest.approx(-178.5)


def test_as_fast_as_possible_means_full_batches() -> None:
    assert [len(batch) for batch in paced(shifted(pings(1200), to_ms(END)), 0)] == [500, 500, 200]


def test_at_many_times_real_time_every_ping_comes_once_and_in_order() -> None:
    items = shifted(pings(50, step_s=1), to_ms(END))
    assert [item for batch in paced(items, 1000) for item in batch] == items


def test_a_file_is_sent_and_again_all_are_repeats(tmp_path: Path, server: Server) -> None:
    file = csv(tmp_path, 620)
    first = run(file, server, "--end", END.isoformat())
    assert first.exit_code == 0, first.output
    assert "620 of 620 pings answered" in first.output
    assert [len(batch) for batch in server.batches] == [500, 120]
    second = run(file, server, "--end", END.isoformat())
    assert second.exit_code == 0
    assert "repeat" in second.output
    assert "accepted" not in second.output
    assert TOKEN not in first.output + second.output


def test_a_busy_server_is_asked_again(tmp_path: Path, server: Server) -> None:
    server.statuses = [503, 503]
    done = run(csv(tmp_path, 3), server)
    assert done.exit_code == 0
    assert "3 of 3" in done.output


@pytest.mark.parametrize("status", [401, 404, 302])
def test_a_server_that_says_no_is_not_asked_again(tmp_path: Path, server: Server, status: int) -> None:
    server.statuses = [status]
    done = run(csv(tmp_path, 3), server)
    assert done.exit_code == 1
    assert f"answers {status}" in done.output
    assert server.batches == []
    assert TOKEN not in done.output


def test_what_was_refused_as_too_late_is_explained(tmp_path: Path, server: Server) -> None:
    server.refuse = {"replay:1246258800000": "too_late"}
    done = run(csv(tmp_path, 3), server)
    assert done.exit_code == 0
    assert "refused: too_late" in done.output
    assert "lateness window" in done.output


def fence(geometry: BaseGeometry, radius_m: float | None = None) -> dict[str, Any]:
    return {"name": "Yard", "geometry": shapely.geometry.mapping(geometry), "radius_m": radius_m}


@pytest.mark.parametrize(
    ("fences", "says"),
    [
        ([], "No geofence holds for this person"),
        ([fence(shapely.box(116.6, 40.0, 116.7, 40.1)), fence(shapely.Point(116.5, 41.0), 500)], "None of these pings lies in"),
        ([fence(shapely.box(116.6, 40.0, 116.7, 40.1)), fence(shapely.box(116.4, 39.9, 116.6, 40.1))], None),
        ([fence(shapely.Point(116.5, 40.001), 500)], None),
        (None, None),
    ],
    ids=["no fence", "none touched", "one touched", "a circle touched", "a server that does not say"],
)
def test_pings_that_touch_no_geofence_come_with_a_hint(
    tmp_path: Path, server: Server, fences: list[dict[str, Any]] | None, says: str | None
) -> None:
    server.fences = fences
    done = run(csv(tmp_path, 3), server)
    assert done.exit_code == 0
    assert (says or "3 of 3") in done.output
    assert ("geofence" in done.output) is (says is not None)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--device", "secret-but-wrong"], "--device"),
        (["--device", TOKEN, "--end", "yesterday"], "--end"),
        (["--device", TOKEN, "--url", "ftp://x"], "--url"),
        (["--device", TOKEN, "--speed", "-1"], "--speed"),
    ],
)
def test_a_wrong_option_is_named(tmp_path: Path, arguments: list[str], says: str) -> None:
    done = CliRunner().invoke(replay, [str(csv(tmp_path, 1)), *arguments])
    assert done.exit_code == 2
    assert says in done.output
    assert "secret-but-wrong" not in done.output


def test_a_file_that_cannot_be_read_names_the_line(tmp_path: Path, server: Server) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("recorded_at,lat,lon\n2026-06-03T12:00:00Z,95,5\n")
    done = run(file, server)
    assert done.exit_code == 1
    assert "line 2: lat" in done.output


def test_a_peer_follows_no_redirect_and_says_when_nobody_answers(server: Server) -> None:
    server.statuses = [302]
    with Peer(server.url) as peer:
        assert peer.send("POST", "/x", b"{}").status == 302
    with Peer("http://127.0.0.1:1") as nobody, pytest.raises(Unreachable):
        nobody.send("GET", "/")
    for wrong in ("ftp://x", "http://", "http://name@host", "x"):
        with pytest.raises(ValueError, match="looks like"):
            Peer(wrong)
