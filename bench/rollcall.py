"""A roll call of five thousand people at one organization, over HTTP as a responder's phone asks for it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from statistics import median
from time import perf_counter
from typing import Any, Final

from app.accounts.models import OrganizationModule, Site
from app.db.types import uuid7
from bench import town
from bench.server import Server
from bench.watching import sign_in

PEOPLE: Final = 5_000
LOOKS: Final = 12


def measure(server: Server) -> tuple[float, float, float]:
    """Seconds: to begin one; to open it, median; to read who is at hand, median."""
    place = town.build(server.database, server.settings, fences=20, people=PEOPLE, purposes=("attendance", "safety"))
    now, site = datetime.now(tz=UTC), uuid7()
    town.enter_everybody(server.database, place, now - timedelta(hours=3), now - timedelta(minutes=4))
    with server.database.tenant(place.organization_id) as session:
        session.add(Site(organization_id=place.organization_id, id=site, name="Everywhere"))
        session.merge(OrganizationModule(organization_id=place.organization_id, module="visitors"))
    cookie, connection = sign_in(server, place), HTTPConnection(*server.address)
    headers = {"Cookie": cookie, "Content-Type": "application/json"}
    headers["X-CSRF-Token"] = _asked(connection, "GET", "/csrf-token", headers)[1]["csrf_token"]
    begun_s, begun = _asked(connection, "POST", "/roll-calls", headers, {"site_ids": [str(site)], "exercise": "exercise"})
    opened = [_asked(connection, "GET", f"/roll-calls/{begun['id']}", headers) for _ in range(LOOKS)]
    at_hand = [_asked(connection, "GET", "/roll-call/snapshot", headers) for _ in range(LOOKS)]
    counts = {len(seen["entries"]) for _, seen in opened} | {len(seen["people"]) for _, seen in at_hand}
    if counts != {PEOPLE}:
        raise SystemExit(f"The roll call shows {counts} of {PEOPLE} people.")
    return begun_s, median(took for took, _ in opened[2:]), median(took for took, _ in at_hand[2:])


def _asked(connection: HTTPConnection, method: str, path: str, headers: Mapping[str, str], body: Any = None) -> tuple[float, Any]:  # noqa: ANN401 (JSON)
    begun = perf_counter()
    connection.request(method, f"/api/v1{path}", None if body is None else json.dumps(body), dict(headers))
    answer = connection.getresponse()
    text = answer.read()
    took_s = perf_counter() - begun
    if answer.status not in {200, 201}:
        raise SystemExit(f"{path}: {text.decode()}")
    return took_s, json.loads(text)
