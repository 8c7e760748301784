"""`muster evaluate` on files: what it prints, and what it says to bad files."""

import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.index import FenceIndex
from app.core.policy import Policy
from app.evaluate import evaluate_command, read_fences
from app.pingfiles import read_pings

WALKS = Path(__file__).parents[3] / "shared" / "data" / "walks"
UTC_ZONE = ZoneInfo("UTC")
RING = [[4.0, 52.0], [4.01, 52.0], [4.01, 52.01], [4.0, 52.01], [4.0, 52.0]]
SITE = {"type": "Feature", "id": "site", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [RING]}}
DISC = {"type": "Feature", "id": 7, "properties": {"radius_m": 300}, "geometry": {"type": "Point", "coordinates": [5.0, 52.0]}}
HEADER = "recorded_at,lat,lon,accuracy_m,id"
DAY = [
    "2026-06-01T08:00:00Z,52.005,4.005,10,a",
    "2026-06-01T09:00:00Z,52.005,4.005,,b",
    "2026-06-01T09:10:00Z,52.5,4.5,10,c",
    "2026-06-01T09:12:00.500Z,52.5,4.5,10,d",
    "2026-06-01T10:00:00+00:00,52.0,5.0,5,e",
]


def put(folder: Path, name: str, content: object) -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def muster(folder: Path, pings: str, *options: str, fences: object = None) -> Result:
    collection = {"type": "FeatureCollection", "features": [SITE, DISC]} if fences is None else fences
    files = ["--fences", str(put(folder, "fences.geojson", collection)), "--pings", str(put(folder, "pings.txt", pings))]
    return CliRunner().invoke(evaluate_command, [*files, *options])


def lines(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def csv(*rows: str) -> str:
    return "\n".join([HEADER, *rows]) + "\n"


def test_a_day_becomes_crossings_and_stays_sorted_by_time(tmp_path: Path) -> None:
    assert lines(muster(tmp_path, csv(*DAY), "--format", "ndjson")) == [
        {"type": "crossing", "fence": "site", "kind": "enter", "at": "2026-06-01T08:00:00Z", "evidence": ["a"]},
        {"type": "stay", "fence": "site", "entered_at": "2026-06-01T08:00:00Z", "left_at": "2026-06-01T09:10:00Z", "ended": "confirmed"},
        {"type": "crossing", "fence": "site", "kind": "leave", "at": "2026-06-01T09:10:00Z", "evidence": ["c", "d"]},
        {"type": "crossing", "fence": 7, "kind": "enter", "at": "2026-06-01T10:00:00Z", "evidence": ["e"]},
        {"type": "stay", "fence": 7, "entered_at": "2026-06-01T10:00:00Z", "left_at": None, "ended": None},
    ]


def test_now_far_after_the_last_ping_assumes_a_leave_at_the_last_inside_sighting(tmp_path: Path) -> None:
    found = lines(muster(tmp_path, csv(*DAY[:2]), "--format", "ndjson", "--now", "2026-06-02T08:00:00Z"))
    assert found[1:] == [
        {"type": "stay", "fence": "site", "entered_at": "2026-06-01T08:00:00Z", "left_at": "2026-06-01T09:00:00Z", "ended": "assumed"},
        {"type": "crossing", "fence": "site", "kind": "leave", "at": "2026-06-01T09:00:00Z", "evidence": ["b"]},
    ]


def test_ndjson_gpx_and_csv_say_the_same(tmp_path: Path) -> None:
    rows = [row.split(",") for row in DAY]
    ndjson = "\n".join(json.dumps({"recorded_at": t, "lat": float(lat), "lon": float(lon)}) for t, lat, lon, *_ in rows)
    points = "".join(f'<trkpt lat="{lat}" lon="{lon}"><ele>1</ele><time>{t}</time></trkpt>' for t, lat, lon, *_ in rows)
    gpx = f'<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>{points}</trkseg></trk></gpx>'
    plain = "recorded_at,lat,lon\n" + "\n".join(",".join(row[:3]) for row in rows)
    said = [muster(tmp_path, text, "--format", "ndjson").stdout for text in (ndjson, gpx, plain)]
    assert said[0] == said[1] == said[2]
    assert json.loads(said[0].splitlines()[0])["evidence"] == ["2026-06-01T08:00:00Z,52.005,4.005"]


def test_the_table_shows_local_time_and_naive_times_are_local(tmp_path: Path) -> None:
    result = muster(tmp_path, "recorded_at,lat,lon\n2026-06-01T10:00:00,52.005,4.005\n", "--timezone", "Europe/Amsterdam")
    assert result.stdout.splitlines()[1].split() == ["site", "2026-06-01", "10:00:00", "CEST", "still", "inside"]
    assert result.stdout.splitlines()[2] == "1 stay, 1 crossing"


def test_a_policy_file_replaces_defaults(tmp_path: Path) -> None:
    policy = put(tmp_path, "policy.json", {"leave_after_pings": 3})
    found = lines(muster(tmp_path, csv(*DAY[:4]), "--policy", str(policy), "--format", "ndjson"))
    assert [line["kind"] for line in found if line["type"] == "crossing"] == ["enter"]


@pytest.mark.parametrize(
    ("pings", "says"),
    [
        ("", "empty"),
        ("recorded_at,lat\n", "line 1: missing lon"),
        ("recorded_at,lat,lon,speed\n", "line 1: unknown speed"),
        (csv(DAY[0], "yesterday,52,4,,x"), "line 3: recorded_at: 'yesterday'"),
        (csv(DAY[0], "2026-06-01T08:00:00Z,99,4,,x"), "line 3: lat: 99 lies beyond"),
        (csv(DAY[0], "2026-06-01T08:00:00Z,nan,4,,x"), "line 3: lat: 'nan'"),
        (csv(DAY[0], "2026-06-01T08:00:00Z,52,,,x"), "line 3: lon: ''"),
        (csv(DAY[0], "2026-06-01T08:00:00Z,52,4,far,x"), "line 3: accuracy_m: 'far'"),
        (csv(DAY[0], "2026-06-01T08:00:00Z,52"), "line 3: 2 fields"),
        ('{"recorded_at": "2026-06-01T08:00:00Z", "lat": true, "lon": 4}', "line 1: lat: True"),
        ('{"recorded_at": 5, "lat": 52, "lon": 4}', "line 1: recorded_at: 5"),
        ('{"lat": 52, "lon": 4', "line 1"),
        ("<gpx><trkpt lat='52' lon='4'></trkpt></gpx>", "point 1: recorded_at"),
        ("<gpx><trkpt", "line 1: not well-formed"),
        ('<!DOCTYPE gpx [<!ENTITY a "b">]><gpx/>', "DOCTYPE"),
    ],
)
def test_a_bad_ping_file_is_told_where_and_what(tmp_path: Path, pings: str, says: str) -> None:
    result = muster(tmp_path, pings)
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr


@pytest.mark.parametrize(
    ("fences", "says"),
    [
        ("[", "not JSON"),
        ({"type": "FeatureCollection", "features": []}, "at least one feature"),
        ({"type": "FeatureCollection", "features": [SITE, SITE]}, "feature 2: id 'site' stands twice"),
        ({"type": "FeatureCollection", "features": [{**SITE, "id": None}]}, "feature 1: id: missing"),
        ({"type": "FeatureCollection", "features": [{**DISC, "properties": None}]}, "feature 1: geometry: A Point needs a radius"),
        ({**SITE, "geometry": {"type": "LineString", "coordinates": RING}}, "feature 1: geometry: A LineString is no area"),
        ({**SITE, "geometry": {"type": "Polygon", "coordinates": [["a"]]}}, "feature 1: geometry: "),
        (
            {**SITE, "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}},
            "feature 1: geometry: Self-intersection",
        ),
    ],
)
def test_a_bad_fence_file_is_told_where_and_what(tmp_path: Path, fences: object, says: str) -> None:
    result = muster(tmp_path, csv(*DAY), fences=fences)
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        ({"leave_after_pings": 1}, "leave_after_pings: at least 2"),
        ({"leave_after_s": "120"}, "leave_after_s: '120' is no whole number"),
        ({"leave": 1}, "unknown key leave"),
        ([], "expected an object"),
    ],
)
def test_a_bad_policy_file_is_told_what(tmp_path: Path, policy: object, says: str) -> None:
    result = muster(tmp_path, csv(*DAY), "--policy", str(put(tmp_path, "policy.json", policy)))
    assert result.exit_code == 2
    assert says in result.stderr


def test_a_bad_zone_or_now_is_told(tmp_path: Path) -> None:
    assert "--timezone" in muster(tmp_path, csv(*DAY), "--timezone", "Mars/Base").stderr
    assert "no ISO 8601 time" in muster(tmp_path, csv(*DAY), "--now", "soon").stderr


def test_a_fence_over_the_antimeridian_is_small_and_found_from_both_sides(tmp_path: Path) -> None:
    ring = [[179.9, -17.0], [-179.9, -17.0], [-179.9, -16.8], [179.9, -16.8], [179.9, -17.0]]
    fence = {**SITE, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    rows = [f"2026-06-01T08:{minute:02}:00Z,-16.9,{lon},10,{minute}" for minute, lon in enumerate([179.95, -179.95, 180.05])]
    found = lines(
        muster(
            tmp_path,
            csv(*rows, "2026-06-01T09:00:00Z,-16.9,0,10,x", "2026-06-01T09:09:00Z,-16.9,0,10,y"),
            "--format",
            "ndjson",
            fences=fence,
        )
    )
    assert [line["at"] for line in found if line["type"] == "crossing"] == ["2026-06-01T08:00:00Z", "2026-06-01T09:00:00Z"]


@given(
    st.lists(
        st.tuples(st.integers(0, 3600), st.sampled_from([52.005, 52.0001, 52.02]), st.sampled_from([None, 4.0, 60.0, 900.0])),
        min_size=1,
        max_size=8,
    )
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_shot_a_ping_seen_alone_and_replayed_from_an_export_gives_the_same_sighting(
    tmp_path: Path, fixes: list[tuple[int, float, float | None]]
) -> None:
    exported = [
        {
            "recorded_at": f"2026-06-01T08:{s // 60 % 60:02}:{s % 60:02}Z",
            "lat": lat,
            "lon": 4.005,
            "accuracy_m": accuracy_m,
            "id": str(number),
        }
        for number, (s, lat, accuracy_m) in enumerate(fixes)
    ]
    pings = read_pings(put(tmp_path, "export.ndjson", "\n".join(map(json.dumps, exported))), UTC_ZONE)
    index = FenceIndex(read_fences(put(tmp_path, "fences.geojson", SITE), Policy()))
    assert [sighting for ping in pings for sighting in index.sight([ping])] == index.sight(pings)


@pytest.mark.skipif(not WALKS.exists(), reason="the real walks are not part of the repository")
def test_real_walks_stay_where_they_dwell_and_say_the_same_shuffled_and_doubled(tmp_path: Path) -> None:
    files = ["--fences", str(WALKS / "fences.geojson"), "--format", "ndjson"]
    for walk, dwelt in (
        ("walk-2.csv", ["walk-2-airport", "walk-2-campus", "walk-2-park"]),
        ("walk-3.csv", ["walk-3-office", "walk-3-office", "walk-3-home"]),
    ):
        straight = CliRunner().invoke(evaluate_command, [*files, "--pings", str(WALKS / walk)])
        assert [line["fence"] for line in lines(straight) if line["type"] == "stay"] == dwelt
        header, *rows = (WALKS / walk).read_text().splitlines()
        mixed = put(tmp_path, "mixed.csv", "\n".join([header, *rows[::-1], *rows[::3]]))
        assert CliRunner().invoke(evaluate_command, [*files, "--pings", str(mixed)]).stdout == straight.stdout
