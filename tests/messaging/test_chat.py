"""Chat and the rest through Apprise: only addresses that the operator allows, and the same road as every other channel."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.adapters.apprise import AppriseChannel
from app.messaging.models import ContactPreference
from app.ports import Deps
from tests.attendance.desk import Desk
from tests.factories import World
from tests.messaging.alarm import Alarm
from tests.messaging.road import CANARY, Road
from tests.messaging.test_contacts import person
from tests.peers.http import HttpPeer, Request

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Apprise's own
ALLOWED = "json://chat.example.org/"


class Chat(HttpPeer):
    def answer(self, _request: Request) -> tuple[int, dict[str, str], bytes]:
        return 200, {}, b""


@pytest.fixture
def chat() -> Iterator[Chat]:
    with Chat() as running:
        yield running


def test_an_alert_arrives_in_somebodys_chat_and_the_traffic_record_does_not_hold_the_address(road: Road, chat: Chat) -> None:
    allowed = chat.url.replace("http://", "json://") + "/"
    settings = road.deps.settings.model_copy(update={"apprise_urls": (allowed,)})
    road.deps = replace(road.deps, settings=settings, channels={**road.deps.channels, "apprise": AppriseChannel(settings, road.clock)})
    who = road.person("sms")
    road.world.add(ContactPreference(person_id=who, channels=["apprise", "sms"], apprise=f"{allowed}anna"))
    plan = {"channels": ["apprise", "sms"], "seconds_between": 60, "rounds": 1}
    road.message(who, kind="alert", channels=["apprise", "sms"], plan=plan)
    road.work()
    [request] = chat.requests
    assert (request.path, CANARY in json.loads(request.body)["message"]) == ("/anna", True)
    assert road.statuses() == [("apprise", "accepted", None)]
    assert [record.address for record in road.traffic()] == [str(who)]


def test_only_an_allowed_address_can_be_chosen(world: World, deps: Deps) -> None:
    desk = Desk(world, replace(deps, settings=deps.settings.model_copy(update={"apprise_urls": (ALLOWED,)})))
    owner = desk.member("owner")
    path = f"/contacts/{person(world, 'Anna')}/preference"
    wish = {"channels": ["apprise", "sms"], "apprise": f"{ALLOWED}anna"}
    assert owner.send("PUT", path, wish, match=owner.etag(path))["apprise"] == f"{ALLOWED}anna"
    for wrong in ("json://elsewhere.example.org/anna", f"{ALLOWED}../x", f"{ALLOWED}a?to=b"):
        refused = owner.send("PUT", path, {**wish, "apprise": wrong}, 422, match=owner.etag(path))
        assert refused["errors"][0]["field"] == "apprise"
    assert owner.get(path)["apprise"] == f"{ALLOWED}anna"


def test_an_alert_by_chat_alone_is_refused(alarm: Alarm) -> None:
    refused = alarm.send(422, target={"people": [str(alarm.person())]}, plan={"channels": ["apprise"], "seconds_between": 60, "rounds": 1})
    assert "chat" in str(refused["errors"])
