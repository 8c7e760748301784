"""Doors and printers are told of arrivals and departures."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from app.adapters.webhooks import WebPoster
from app.config import Settings
from app.outbox.publish import publish
from app.visitors import webhooks
from app.visitors.models import VisitWebhook
from tests.messaging.road import Road
from tests.visitors.test_telling import House, road

__all__ = ["road"]


@dataclass
class Door:
    """The other side."""

    says: int | str = 204
    had: list[tuple[str, bytes, Mapping[str, str]]] = field(default_factory=list)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int | str:
        self.had.append((url, body, headers))
        return self.says


@pytest.fixture
def door(road: Road) -> Door:
    door = Door()
    road.deps = replace(road.deps, poster=door)
    return door


def made(road: Road, *kinds: str) -> str:
    with road.deps.database.tenant(road.organization_id) as session:
        facts: dict[str, Any] = {"name": "Door", "url": "https://door.example.org/x", "kinds": kinds or ("arrived", "left")}
        return webhooks.create(session, road.organization_id, facts, road.deps)[1]


def kept(road: Road) -> VisitWebhook:
    found: VisitWebhook
    [found] = road.world.rows(VisitWebhook)
    return found


def test_an_arrival_is_posted_signed_with_what_a_door_needs(road: Road, door: Door) -> None:
    secret = made(road)
    visit = House(road).arrives(road.person("sms"))
    [(url, body, headers)] = door.had
    said = json.loads(body)
    assert (url, said["kind"], said["visit_id"], said["name"], said["state"]) == (
        "https://door.example.org/x",
        "arrived",
        str(visit),
        "Jane Guest",
        "on_site",
    )
    seconds, mac = (part.partition("=")[2] for part in headers["Muster-Signature"].split(","))
    expected = hmac.new(secret.encode(), f"{seconds}.{headers['Muster-Id']}.".encode() + body, hashlib.sha256).hexdigest()
    assert (mac, said["id"]) == (expected, headers["Muster-Id"])
    assert (kept(road).last_ok_at, kept(road).last_failure) == (road.clock.now(), None)
    assert secret.encode() not in kept(road).sealed_secret


def test_only_what_a_webhook_wants_is_posted_to_it(road: Road, door: Door) -> None:
    made(road, "left")
    house = House(road)
    visit = house.arrives(None)
    assert door.had == []
    with road.deps.database.tenant(road.organization_id) as session:
        publish(session, road.organization_id, "visitors.left", {"visit": str(visit), "site": str(house.site)}, due_at=road.clock.now())
    road.work()
    assert [json.loads(body)["kind"] for _, body, _ in door.had] == ["left"]


def test_what_fails_is_posted_again_under_the_same_id_later_each_time(road: Road, door: Door) -> None:
    made(road)
    door.says = 503
    House(road).arrives(None)
    assert (kept(road).last_failure, kept(road).last_tried_at) == ("status_503", road.clock.now())
    assert kept(road).tries_again_at == road.clock.now() + webhooks.FIRST_PAUSE
    road.later(seconds=11)
    road.later(seconds=11)
    assert len(door.had) == 2
    door.says = 200
    road.later(seconds=10)
    assert len(door.had) == 3
    assert len({headers["Muster-Id"] for _, _, headers in door.had}) == 1
    assert (kept(road).last_failure, kept(road).tries_again_at) == (None, None)
    road.later(hours=2)
    assert len(door.had) == 3


def test_after_a_day_of_failures_it_is_paused_until_somebody_goes_on(road: Road, door: Door) -> None:
    made(road)
    door.says = "unreachable"
    house = House(road)
    with road.deps.database.tenant(road.organization_id) as session:
        session.query(VisitWebhook).one().created_at = road.clock.now()
    house.arrives(None)
    for _ in range(26):
        road.later(hours=1)
    assert len(door.had) > 10
    house.arrives(None)
    assert kept(road).paused_at is not None
    assert (kept(road).tries_again_at, kept(road).last_failure) == (None, "unreachable")
    posted = len(door.had)
    house.arrives(None)
    assert len(door.had) == posted
    with road.deps.database.tenant(road.organization_id) as session:
        webhooks.change(session, session.query(VisitWebhook).one(), {"paused": False}, road.clock.now())
    door.says = 204
    house.arrives(None)
    assert len(door.had) == posted + 1


def test_a_visitor_who_was_erased_is_posted_nowhere(road: Road, door: Door) -> None:
    made(road)
    with road.deps.database.tenant(road.organization_id) as session:
        body = {"visit": "01a20613-0000-7000-8000-000000000000", "site": "01a20613-0000-7000-8000-000000000000"}
        publish(session, road.organization_id, "visitors.left", body, due_at=road.clock.now())
    road.work()
    assert door.had == []


@pytest.mark.parametrize("url", ["https://127.0.0.1/x", "https://localhost/x", "https://169.254.169.254/latest", "http://example.org/"])
def test_nothing_is_posted_into_the_own_network_or_in_clear(settings: Settings, url: str) -> None:
    closed = WebPoster(settings.model_copy(update={"outbound_private": ()}))
    assert closed.post(url, b"{}", {}) == "refused"
