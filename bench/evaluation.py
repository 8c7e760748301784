"""`muster evaluate`: a million pings of one person against a thousand fences, on files, on one core."""

import json
import random
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from time import perf_counter

from shapely.geometry import mapping

from bench import town
from bench.server import MUSTER, Server

PINGS = 1_000_000
FENCES = 1_000
PLAINLY = 1_000
COVERS = """
SELECT fence_id FROM geofence_version WHERE organization_id = %s AND valid_until IS NULL
AND ST_Covers(geometry, ST_SetSRID(ST_MakePoint(%s, %s), 4326))
"""


def measure(server: Server, directory: Path) -> tuple[float, float, float]:
    """Seconds, processor seconds, and the seconds of a million `ST_Covers` queries (a thousand, times a thousand)."""
    place = town.build(server.database, server.settings, fences=FENCES, people=1)
    fences, pings = directory / "fences.geojson", directory / "pings.csv"
    features = [{"type": "Feature", "id": str(one.fence), "properties": {}, "geometry": mapping(town.area(one))} for one in place.places]
    fences.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    with pings.open("w") as file:
        file.write("recorded_at,lat,lon,accuracy_m,id\n")
        file.writelines(_walk(place))
    before, begun = getrusage(RUSAGE_CHILDREN), perf_counter()
    command = [*MUSTER, "evaluate", "--fences", str(fences), "--pings", str(pings), "--format", "ndjson"]
    out = subprocess.run(command, check=True, capture_output=True).stdout
    took_s, after = perf_counter() - begun, getrusage(RUSAGE_CHILDREN)
    if out.count(b'"stay"') < 100:
        raise SystemExit("The walk gave no stays: nothing was measured.")
    plain_s = _plainly(server, place) * PINGS / PLAINLY
    pings.unlink()
    return took_s, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, plain_s


def _walk(place: town.Town) -> Iterator[str]:
    """Five minutes of somebody's day at each place in turn, then on to the next."""
    chance, at = random.Random(3), datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(PINGS):
        here = place.places[number // 300 % len(place.places)]
        aside = 0.003 if number % 300 < 60 else 0.0
        latitude, longitude = here.latitude + aside + chance.gauss(0, 1e-4), here.longitude + aside + chance.gauss(0, 1e-4)
        moment = (at + timedelta(seconds=5 * number)).isoformat()
        yield f"{moment},{latitude:.6f},{longitude:.6f},{chance.choice((8, 12, 20, 45))},p{number}\n"


def _plainly(server: Server, place: town.Town) -> float:
    begun = perf_counter()
    with server.database.hot(place.organization_id) as connection:
        for number in range(PLAINLY):
            here = place.places[number % len(place.places)]
            connection.execute(COVERS, [place.organization_id, here.longitude, here.latitude]).fetchall()
    return perf_counter() - begun
