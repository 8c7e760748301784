"""A photo of twenty megabytes is refused in words, on every road it can take; and whoever brought it still gets in."""

import base64
import io
import json
import random
from http.client import HTTPConnection
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from PIL import Image

from app.visitors.models import Visit, VisitorField
from tests.attendance.desk import API, Desk
from tests.factories import World
from tests.live.conftest import Start, free_port, start
from tests.processes import until
from tests.visitors.test_kiosk import desk, kind, site_and_kiosk, walk_in, world

__all__ = ["desk", "site_and_kiosk", "start", "world"]
ASKED = {"photo": {"purpose": {"en": "the pass"}, "days": 1, "required": False}}
MEGABYTE = 1 << 20


def picture(bytes_: int) -> str:
    """A real JPEG that is so long, as base64: a small one, and what a camera may write behind it."""
    raw = io.BytesIO()
    Image.new("RGB", (40, 40), "blue").save(raw, "JPEG")
    return base64.b64encode(raw.getvalue() + random.Random(1).randbytes(bytes_ - raw.tell())).decode()


def is_refused(answer: Any) -> None:
    assert (answer.status_code, answer.get_json()["type"]) == (413, "/problems/too-large")
    assert "photo is too large" in answer.get_json()["detail"]


@pytest.mark.parametrize("megabytes", [2.1, 2.2, 20])
def test_a_large_photo_is_refused_in_words_and_without_it_they_come_in(
    desk: Desk, world: World, site_and_kiosk: tuple[UUID, FlaskClient], megabytes: float
) -> None:
    site, kiosk = site_and_kiosk
    of, photo, reception = kind(world, fields=ASKED), picture(int(megabytes * MEGABYTE)), desk.member("reception")
    body: dict[str, Any] = {"id": str(uuid4()), "locale": "nl", "walk_in": {"name": "Bob Walker", "visit_type_id": str(of)}}
    is_refused(kiosk.post(f"{API}/kiosk/visits/arrival", json=body | {"fields": {"photo": photo}}))
    known = {"site_id": str(site), "visit_type_id": str(of), "name": "Ann Visitor"}
    is_refused(reception.client.post(f"{API}/visits", json=known | {"fields": {"photo": photo}}))
    assert world.rows(Visit) == []
    assert kiosk.post(f"{API}/kiosk/visits/arrival", json=body).get_json()["state"] == "on_site"
    made = reception.post("/visits", known)
    path = f"/visits/{made['id']}"
    is_refused(reception.client.patch(API + path, json={"fields": {"photo": photo}}, headers={"If-Match": reception.etag(path)}))
    assert world.rows(VisitorField) == []


def test_a_photo_of_almost_two_megabytes_is_kept_small(desk: Desk, world: World, site_and_kiosk: tuple[UUID, FlaskClient]) -> None:
    walk_in(site_and_kiosk[1], kind(world, fields=ASKED), fields={"photo": picture(2 * MEGABYTE)})
    (kept,) = world.rows(VisitorField)
    assert len(kept.sealed_value) < 10_000


def test_a_real_server_says_so_before_it_has_read_twenty_megabytes_and_goes_on(start: Start, desk: Desk, world: World) -> None:
    port, (_, kiosk) = free_port(), desk.kiosk()
    start("web", bind=f"127.0.0.1:{port}", web_workers=1, web_threads=2)
    until(lambda: answers(port))
    of = kind(world, fields=ASKED)
    body: dict[str, Any] = {"id": str(uuid4()), "locale": "nl", "walk_in": {"name": "Bob Walker", "visit_type_id": str(of)}}
    headers = {"Authorization": kiosk.environ_base["HTTP_AUTHORIZATION"], "Content-Type": "application/json"}
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    for photo, status in ((picture(20 * MEGABYTE), 413), (picture(MEGABYTE), 201)):
        connection.request("POST", f"{API}/kiosk/visits/arrival", json.dumps(body | {"fields": {"photo": photo}}), headers)
        answer = connection.getresponse()
        said = json.loads(answer.read())
        assert answer.status == status, said
        assert status == 201 or "photo is too large" in said["detail"]
    connection.close()


def answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
