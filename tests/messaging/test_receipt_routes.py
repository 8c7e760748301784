"""What providers post to us, over HTTP: signed or refused, kept once, and never a way to learn anything."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.adapters.sms.http import HttpReceipts
from app.config import HttpSmsProvider
from app.messaging.models import ContactPreference, Receipt
from app.ports import Outcome
from tests.factories import application
from tests.messaging.road import Road
from tests.peers.http_sms import SECRET, TOKEN, posted

ACME = HttpSmsProvider(kind="http", name="acme", url="https://sms.example/v1", token=TOKEN, secret=SECRET)
PATH = "/api/v1/receipts/acme"


@pytest.fixture
def client(road: Road) -> FlaskClient:
    road.deps = replace(road.deps, receipt_readers={"acme": HttpReceipts(ACME)})
    return application(road.deps).test_client()


def test_a_signed_receipt_makes_a_delivery_climb_and_a_second_one_changes_nothing(road: Road, client: FlaskClient) -> None:
    road.sms.answers = lambda _: Outcome("unknown", "acme", "no_answer")
    road.message(road.person("sms"))
    road.work()
    headers, body = posted({"id": road.sms.had[0].reference, "status": "delivered"}, road.clock.now())
    for _ in range(2):
        assert client.post(PATH, data=body, headers=headers).status_code == 204
        road.work()
        assert [one.status for one in road.deliveries()] == ["delivered"]


def test_a_stop_that_is_played_again_does_not_undo_what_was_said_since(road: Road, client: FlaskClient) -> None:
    person = road.person("sms")
    road.message(person)
    road.work()
    number = road.sms.had[0].address
    stop = posted({"from": number, "to": "31970", "text": "STOP"}, road.clock.now())
    road.clock.move(timedelta(seconds=2))
    start = posted({"from": number, "to": "31970", "text": "START"}, road.clock.now())
    for (headers, body), path in ((stop, PATH), (start, PATH), (stop, PATH), (stop, f"{PATH}?again=1")):
        assert client.post(path, data=body, headers=headers).status_code == 204
        road.work()
    assert len(road.world.rows(Receipt)) == 2
    assert [one.opted_out_at for one in road.world.rows(ContactPreference)] == [None]


def test_a_provider_says_nothing_of_what_another_one_has(road: Road, client: FlaskClient) -> None:
    road.sms.answers = lambda _: Outcome("accepted", "other", provider_ids=("o-1",))
    road.message(road.person("sms"))
    road.work()
    headers, body = posted({"id": road.sms.had[0].reference, "status": "failed"}, road.clock.now())
    assert client.post(PATH, data=body, headers=headers).status_code == 204
    road.work()
    assert [one.status for one in road.deliveries()] == ["accepted"]


def test_what_is_not_signed_by_a_provider_we_know_leaves_nothing(road: Road, client: FlaskClient) -> None:
    said = {"id": f"{road.organization_id}-{'0' * 32}", "status": "delivered"}
    headers, body = posted(said, road.clock.now())
    wrong, _ = posted(said, road.clock.now(), secret="another secret of somebody")
    for path, given, expected in ((PATH, wrong, 401), (PATH, {}, 401), ("/api/v1/receipts/nobody", headers, 404)):
        answer = client.post(path, data=body, headers=given)
        assert (answer.status_code, answer.content_type) == (expected, "application/problem+json")
    assert road.world.rows(Receipt) == []


def test_signed_nonsense_is_told_so(road: Road, client: FlaskClient) -> None:
    headers, body = posted(["what"], road.clock.now())
    answer = client.post(PATH, data=body, headers=headers)
    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, "body.0")
