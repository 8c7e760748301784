"""Kannel, which others wrote, between our HTTP adapter and our SMSC peer: it reads our requests as we mean them, and our peer speaks as it expects."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from app.adapters.clock import SystemClock
from app.adapters.sms.kannel import KannelChannel, KannelReceipts
from app.config import KannelProvider
from app.ports import Incoming, Parcel
from tests.channels.conftest import settings_with
from tests.peers.http import HttpPeer, Request
from tests.peers.kannel import INSTALLED, Kannel
from tests.peers.smsc import BIND_FAILED, OK, THROTTLED, Smsc, deliver_body, receipt_body
from tests.processes import until
from tests.sms.letters import parcel, sent

pytestmark = pytest.mark.skipif(not INSTALLED, reason="Kannel is not installed (deploy/install-packages kannel)")


class Ear(HttpPeer):
    """Hears what Kannel tells us."""

    def answer(self, request: Request) -> tuple[int, dict[str, str], bytes]:  # noqa: ARG002
        return 200, {"Content-Type": "text/plain"}, b""


@dataclass
class House:
    smsc: Smsc
    ear: Ear
    kannel: Kannel
    provider: KannelProvider
    channel: KannelChannel

    def receipts(self) -> list[Incoming]:
        """What Kannel told of messages, as the application reads it."""
        reader = KannelReceipts(self.provider)
        asked = [urlsplit(request.path) for request in self.ear.requests if "/receipts/" in request.path]
        return [one for each in asked for one in reader.read({}, dict(parse_qsl(each.query)), b"", datetime.now(UTC))]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with Smsc() as smsc, Ear() as ear, Kannel(tmp_path_factory.mktemp("kannel"), smsc.port, f"{ear.url}/inbound") as kannel:
        provider = KannelProvider(name="kannel", kind="kannel", url=kannel.url, user="muster", password=kannel.password, secret="s" * 16)
        channel = KannelChannel(provider, settings_with(public_url=ear.url), SystemClock())
        until(kannel.online)
        yield House(smsc, ear, kannel, provider, channel)
        channel.close()


@pytest.fixture(autouse=True)
def _fresh(house: House) -> None:
    house.smsc.on_submit, house.smsc.bind_status = lambda _: OK, OK
    house.smsc.accepted.clear()
    house.ear.requests.clear()
    until(house.kannel.online)


def letter(text: str) -> Parcel:
    given = parcel(text, sender_name="Harbour", expires_at=datetime.now(UTC) + timedelta(hours=1))
    return parcel(
        text, delivery_id=given.delivery_id, sender_name="Harbour", expires_at=given.expires_at, reference=f"7-{given.delivery_id.hex}"
    )


def test_a_text_goes_through_and_its_receipt_comes_back_as_ours(house: House) -> None:
    given = letter("Café à 5€?")
    assert sent(house.channel, [given])[given.delivery_id].verdict == "accepted"
    house.smsc.wait(lambda: len(house.smsc.accepted) == 1)
    (arrived,) = house.smsc.accepted
    assert (arrived.recipient, arrived.sender, arrived.sender_kind, arrived.text) == ("31612345678", "Harbour", 5, b"Caf\x05 \x7f 5\x1be?")
    house.smsc.bring(receipt_body(arrived.id, "DELIVRD", number=arrived.recipient))
    until(lambda: "delivered" in [one.status for one in house.receipts()])
    assert {one.reference for one in house.receipts()} == {given.reference}


def test_a_long_text_arrives_in_parts_that_belong_together(house: House) -> None:
    given = letter("geïnd " * 30)
    outcome = sent(house.channel, [given])[given.delivery_id]
    house.smsc.wait(lambda: len(house.smsc.accepted) == outcome.parts == 3)
    parts = sorted(house.smsc.accepted, key=lambda part: part.header[-1])
    assert [part.header[-2:] for part in parts] == [bytes([3, number]) for number in (1, 2, 3)]
    assert b"".join(part.text for part in parts).decode("utf-16-be") == "geïnd " * 30


def test_an_smsc_that_asks_for_less_gets_it_a_little_later(house: House) -> None:
    before = house.smsc.submits
    house.smsc.on_submit = lambda number: THROTTLED if number == before + 1 else OK
    given = letter("Later")
    assert sent(house.channel, [given])[given.delivery_id].verdict == "accepted"
    house.smsc.wait(lambda: len(house.smsc.accepted) == 1)
    assert house.smsc.submits == before + 2


def test_queued_while_the_smsc_is_away_is_taken_and_sent_when_it_is_back(house: House) -> None:
    house.smsc.bind_status = BIND_FAILED
    house.smsc.drop_all()
    until(lambda: not house.kannel.online())
    given = letter("Queued")
    assert sent(house.channel, [given])[given.delivery_id].verdict == "accepted"
    assert house.smsc.accepted == []
    house.smsc.bind_status = OK
    house.smsc.wait(lambda: len(house.smsc.accepted) == 1)


def test_a_wrong_password_keeps_everything_for_later(house: House) -> None:
    wrong = house.provider.model_copy(update={"password": "wrong"})
    channel = KannelChannel(wrong, settings_with(public_url=house.ear.url), SystemClock())
    outcome = sent(channel, [given := letter("Refused")])[given.delivery_id]
    channel.close()
    assert (outcome.verdict, outcome.reason) == ("retry", "our_account")
    assert house.smsc.accepted == []


def test_what_our_peer_brings_is_read_by_others_as_it_is_meant(house: House) -> None:
    house.smsc.bring(deliver_body("31612345678", "1008", b"JA graag"))
    until(lambda: any(request.path.startswith("/inbound") for request in house.ear.requests))
    (asked,) = [request.path for request in house.ear.requests if request.path.startswith("/inbound")]
    assert dict(parse_qsl(urlsplit(asked).query))["text"] == "JA graag"
    house.smsc.wait(lambda: house.smsc.unacknowledged == 0)
