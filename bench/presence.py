"""Presence of ten thousand people at one organization, over HTTP as a manager's screen asks for it."""

import json
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from statistics import median
from time import perf_counter

from sqlalchemy import select

from app.attendance.models import AttendanceState, Stay
from app.geofences.models import FenceVersion
from bench import town
from bench.server import Server
from bench.watching import sign_in

PEOPLE = 10_000
LOOKS = 15
PLAINLY = 500


def measure(server: Server) -> tuple[float, float]:
    """Median seconds of a look, and of the plain way: a query for each person's state and one for each stay's fence, through the ORM."""
    place = town.build(server.database, server.settings, fences=100, people=PEOPLE)
    now = datetime.now(tz=UTC)
    town.enter_everybody(server.database, place, now - timedelta(hours=3), now - timedelta(minutes=4))
    cookie = sign_in(server, place)
    connection = HTTPConnection(*server.address)
    times = [_look(connection, cookie) for _ in range(LOOKS)]
    plain_s = _plainly(server, place.organization_id) * PEOPLE / PLAINLY
    return median(times[2:]), plain_s


def _look(connection: HTTPConnection, cookie: str) -> float:
    begun = perf_counter()
    connection.request("GET", "/api/v1/presence", headers={"Cookie": cookie})
    answer = connection.getresponse()
    body = answer.read()
    took_s = perf_counter() - begun
    people = sum(fence["inside"] for fence in json.loads(body)["fences"]) if answer.status == 200 else 0
    if people != PEOPLE:
        raise SystemExit(f"Presence shows {people} of {PEOPLE} people: {body[:200]!r}")
    return took_s


def _plainly(server: Server, organization_id: int) -> float:
    """For the first few hundred people only; the rest would take as long each."""
    begun = perf_counter()
    with server.database.tenant(organization_id) as session:
        stays = session.scalars(select(Stay).where(Stay.organization_id == organization_id, Stay.left_at.is_(None)).limit(PLAINLY)).all()
        for stay in stays:
            session.get_one(AttendanceState, (organization_id, stay.person_id))
            session.scalars(
                select(FenceVersion).where(
                    FenceVersion.organization_id == organization_id,
                    FenceVersion.fence_id == stay.fence_id,
                    FenceVersion.valid_until.is_(None),
                )
            ).one()
    return perf_counter() - begun
