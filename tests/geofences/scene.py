"""Words that the tests of geofences share."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import HQ

FENCES = "/api/v1/fences"
CIRCLE: dict[str, Any] = {"name": "Head office", "geometry": {"type": "Point", "coordinates": [HQ[1], HQ[0]]}, "radius_m": 150.0}


def square(west: float, south: float, size: float = 0.01) -> dict[str, Any]:
    """A square in degrees."""
    east, north = west + size, south + size
    return {"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}


def yard(name: str = "Yard", west: float = 5.0, south: float = 52.0, size: float = 0.01) -> dict[str, Any]:
    """A square fence to draw."""
    return {"name": name, "geometry": square(west, south, size)}


def draw(client: FlaskClient, **facts: Any) -> dict[str, Any]:
    """Drawn; as answered."""
    answer = client.post(FENCES, json={**CIRCLE, **facts})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def read(client: FlaskClient, fence: dict[str, Any]) -> TestResponse:
    return client.get(f"{FENCES}/{fence['id']}")


def change(client: FlaskClient, fence: dict[str, Any], path: str = "", **facts: Any) -> TestResponse:
    """Edit what was just loaded: the whole fence by PUT, or one of its commands."""
    loaded = read(client, fence)
    headers = {"If-Match": loaded.headers["ETag"]}
    now = loaded.get_json()
    if path in ("/retire", "/restore"):
        return client.post(f"{FENCES}/{fence['id']}{path}", headers=headers)
    whole = {key: now[key] for key in ("name", "geometry", "radius_m", "site_id", "policy", "counts_as_work")}
    return client.put(f"{FENCES}/{fence['id']}{path}", json={**({} if path else whole), **facts}, headers=headers)


def problem(answer: TestResponse, status: int, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = answer.get_json()
    assert (answer.status_code, found["type"]) == (status, f"/problems/{kind}"), answer.text
    return found


def every_page(client: FlaskClient, path: str, limit: int = 50) -> list[dict[str, Any]]:
    """All the items of a list, page by page."""
    items: list[dict[str, Any]] = []
    query: dict[str, Any] = {"limit": limit}
    while True:
        found = client.get(path, query_string=query).get_json()
        items += found["items"]
        if found["next_cursor"] is None:
            return items
        query["cursor"] = found["next_cursor"]
