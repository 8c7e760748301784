"""A message, its receipt and an answer over SMPP: our channel, our process that receives, and an SMSC between them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy.engine import make_url

from app.adapters.sms.smpp import SmppChannel
from app.config import Settings, libpq
from app.embedded.provision import Urls
from app.messaging.models import Message, Receipt, Reply
from app.messaging.receipts import match_waiting, place_strays
from app.messaging.texts import Text, seal_texts
from tests.messaging.road import CANARY, Road
from tests.peers.smsc import Fault, Smsc, deliver_body, receipt_body
from tests.processes import until
from tests.shape.source import ROOT
from tests.sms.conftest import SETTINGS, provider

Start = Callable[[], "subprocess.Popen[bytes]"]
MUSTER_SMS = (sys.executable, "-c", "from app.cli import main; main(['sms'])")


@pytest.fixture
def smsc() -> Iterator[Smsc]:
    """Its ids are used once, as on a real one."""
    with Smsc() as running:
        running.answer_id = lambda _: uuid4().hex
        yield running


@pytest.fixture
def forms() -> dict[str, str]:
    """How this SMSC writes ids."""
    return {}


@pytest.fixture
def road(road: Road, smsc: Smsc, forms: dict[str, str]) -> Iterator[Road]:
    """Today, because the process that receives has the time from the machine; and SMS goes over SMPP."""
    road.clock.moment = datetime.now(UTC)
    channel = SmppChannel(provider(smsc.port, **forms), SETTINGS, answer_s=0.5)
    road.deps = replace(road.deps, channels={"sms": channel, "email": road.email})
    yield road
    channel.close()


@pytest.fixture
def receive(settings: Settings, smsc: Smsc, forms: dict[str, str]) -> Iterator[Start]:
    """Start `muster sms`. Killed at the end."""
    names = ("database_url", "database_role_prefix", "redis_url", "secret_key", "var_dir")
    given = {name.upper(): str(getattr(settings, name)) for name in names}
    carrier = {"name": "carrier", "kind": "smpp", "host": "127.0.0.1", "port": smsc.port, "system_id": "muster", "password": "secret"}
    environment = {
        **os.environ,
        **given,
        "OUTBOUND_PRIVATE": "127.0.0.1/32",
        "SMS_PROVIDERS": json.dumps([carrier | forms]),
        "PYTHONPATH": str(ROOT),
    }
    running: list[subprocess.Popen[bytes]] = []

    def start() -> "subprocess.Popen[bytes]":
        running.append(subprocess.Popen(MUSTER_SMS, env=environment, cwd=ROOT))
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.wait()


def test_a_message_is_delivered_and_answered(road: Road, smsc: Smsc, receive: Start) -> None:
    receive()
    road.message(road.person("sms"), kind="alert")
    road.work()
    (arrived,) = smsc.accepted
    assert arrived.text.decode().startswith(CANARY)
    assert road.statuses() == [("sms", "accepted", None)]
    smsc.bring(receipt_body(arrived.id, "DELIVRD"))
    smsc.bring(deliver_body(arrived.recipient, "1008", b"JA"))
    smsc.wait(lambda: smsc.answered == [0, 0])
    at(road, datetime.now(UTC))
    assert road.statuses() == [("sms", "delivered", None)]
    assert [one.kind for one in road.world.rows(Reply)] == ["safe"]


def test_a_receipt_before_the_answer_to_the_message_is_matched_all_the_same(road: Road, smsc: Smsc, receive: Start) -> None:
    receive()
    smsc.wait(lambda: any(one.mode for one in smsc.connections))
    smsc.receipt_before_answer = lambda id_: receipt_body(id_, "DELIVRD")
    road.message(road.person("sms"))
    road.work()
    smsc.wait(lambda: smsc.answered == [0])
    soon = datetime.now(UTC) + timedelta(minutes=2)
    place_strays(road.deps, soon)
    match_waiting(road.deps, road.organization_id, soon)
    at(road, soon)
    assert road.statuses() == [("sms", "delivered", None)]


@pytest.mark.parametrize("forms", [{"answer_ids": "hex", "receipt_ids": "decimal"}])
def test_receipts_of_parts_in_the_wrong_order_and_with_ids_in_another_form(road: Road, smsc: Smsc, receive: Start) -> None:
    receive()
    first = uuid4().int % 10**9 + 1
    smsc.answer_id = lambda number: f"{first + number:012X}"
    text = f"{CANARY}, and this goes on and on for longer than one part can hold. " * 3
    with road.deps.database.tenant(road.organization_id) as session:
        sealed = seal_texts(session, road.organization_id, {"en": Text("", text)}, Message, road.deps.keyring)
    road.message(road.person("sms"), sealed_texts=sealed)
    road.work()
    parts = len(smsc.accepted)
    for number, state in ((2, "DELIVRD"), (2, "ENROUTE"), (1, "ACCEPTD"), (1, "DELIVRD")):
        assert [one.status for one in road.deliveries()] == ["accepted"]
        smsc.bring(receipt_body(f"{first + number:012d}", state))
        smsc.wait(lambda: smsc.unacknowledged == 0)
        at(road, datetime.now(UTC))
    assert (parts, [(one.status, one.parts) for one in road.deliveries()]) == (2, [("delivered", 2)])


def test_an_alert_that_may_have_been_sent_goes_on_and_says_so(road: Road, smsc: Smsc) -> None:
    smsc.on_submit = lambda _: Fault.ACCEPT_THEN_SILENT
    road.message(road.person("sms", "email"), kind="alert", channels=["sms", "email"])
    road.work()
    assert road.statuses() == [("sms", "unknown", "no_answer"), ("email", "accepted", None)]
    assert [one.may_be_double for one in road.deliveries()] == [False, True]


def test_killed_while_it_keeps_a_receipt_it_is_brought_again_and_not_lost(
    road: Road, smsc: Smsc, receive: Start, urls: Urls, admin_url: str
) -> None:
    road.message(road.person("sms"))
    road.work()
    with locked(urls, admin_url) as waiting:
        first = receive()
        smsc.bring(receipt_body(smsc.accepted[0].id, "DELIVRD"))
        until(waiting)
        first.kill()
        first.wait()
        assert smsc.answered == []
    receive()
    smsc.wait(lambda: smsc.answered == [0])
    at(road, datetime.now(UTC))
    assert road.statuses() == [("sms", "delivered", None)]
    assert len(road.world.rows(Receipt)) == 1


@contextmanager
def locked(urls: Urls, admin_url: str) -> Iterator[Callable[[], bool]]:
    """Nobody can keep a receipt; gives whether somebody waits to."""
    query = "SELECT count(*) FROM pg_locks WHERE relation = 'receipt'::regclass AND NOT granted"
    with psycopg.connect(libpq(make_url(admin_url).set(database=urls.owner.database))) as connection:
        connection.execute("LOCK TABLE receipt")
        yield lambda: bool(connection.execute(query).fetchone() != (0,))


def at(road: Road, moment: datetime) -> None:
    """What is due by then is done."""
    road.clock.moment = moment
    road.work()
