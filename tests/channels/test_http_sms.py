"""SMS over HTTP, to a provider and to a Kannel, and what they tell us afterwards."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from app.adapters.channels import build_channels, build_receipt_readers
from app.adapters.clock import SystemClock
from app.adapters.failover import FailoverChannel
from app.adapters.sms.http import HttpReceipts, HttpSmsChannel
from app.adapters.sms.kannel import KannelChannel, KannelReceipts, signed
from app.adapters.sms.sender import sender
from app.config import HttpSmsProvider, KannelProvider
from app.errors import Invalid, Unauthorized
from app.ports import Incoming
from tests.channels.conftest import parcel, sent, settings_with
from tests.peers.http import Fault, nobody
from tests.peers.http_sms import SECRET, HttpSmsPeer, KannelPeer, posted

NOW = datetime(2026, 6, 3, 12, tzinfo=UTC)
ANNA = "+31612345678"
PROVIDER = HttpSmsProvider(kind="http", name="acme", url="https://sms.example.org/", token="t", secret=SECRET)


@pytest.fixture
def peer() -> Iterator[HttpSmsPeer]:
    with HttpSmsPeer() as running:
        yield running


@pytest.fixture
def channel(peer: HttpSmsPeer) -> Iterator[HttpSmsChannel]:
    made = HttpSmsChannel(peer.provider(), settings_with(public_url="https://muster.example"), SystemClock(), timeout_s=1.0)
    yield made
    made.close()


@pytest.fixture
def kannel() -> Iterator[KannelPeer]:
    with KannelPeer() as running:
        yield running


@pytest.fixture
def kannel_channel(kannel: KannelPeer) -> Iterator[KannelChannel]:
    made = KannelChannel(kannel.provider(), settings_with(public_url="https://muster.example"), SystemClock(), timeout_s=1.0)
    yield made
    made.close()


def test_a_provider_is_told_who_what_and_where_to_answer(peer: HttpSmsPeer, channel: HttpSmsChannel) -> None:
    mine = parcel(ANNA, text="Brand in hal 3, ga naar buiten. " * 6)
    [outcome] = sent(channel, mine)
    assert (outcome.verdict, outcome.provider, outcome.parts) == ("accepted", "acme", 2)
    assert outcome.provider_ids == (f"acme-{mine.reference[-6:]}",)
    assert peer.sent[mine.reference] == {
        "id": mine.reference,
        "to": ANNA,
        "from": "Muster",
        "text": mine.text,
        "callback": "https://muster.example/api/v1/receipts/acme",
    }


def test_asking_again_is_known_by_its_id(peer: HttpSmsPeer, channel: HttpSmsChannel) -> None:
    mine = parcel(ANNA)
    peer.faults.append(Fault(503))
    assert sent(channel, mine)[0].verdict == "retry"
    assert sent(channel, mine)[0].verdict == "accepted"
    again = sent(channel, mine)[0]
    assert (again.verdict, again.reason) == ("accepted", "had_it_already")
    assert len(peer.sent) == 1


@pytest.mark.parametrize(
    ("fault", "verdict", "reason"),
    [
        (Fault(429, {"Retry-After": "3"}), "retry", "throttled"),
        (Fault(503), "retry", "provider_error"),
        (Fault(400), "rejected", "status_400"),
        (Fault(422), "rejected", "status_422"),
        (Fault(302, {"Location": "/other"}), "rejected", "status_302"),
        (Fault(500), "unknown", "status_500"),
        (Fault(502), "unknown", "status_502"),
        (Fault(200), "unknown", "nonsense"),
        (Fault(200, body=b"<html>ok</html>"), "unknown", "nonsense"),
        (Fault(200, body=b'{"id": 7}'), "unknown", "nonsense"),
        (Fault(200, body=b"[]"), "unknown", "nonsense"),
        (Fault(200, body=b'{"id": "a b\\n"}'), "unknown", "nonsense"),
        (Fault(silent=True), "unknown", "no_answer"),
        (Fault(hangs_up=True), "unknown", "no_answer"),
    ],
)
def test_each_answer_of_a_provider_has_its_meaning(
    peer: HttpSmsPeer, channel: HttpSmsChannel, fault: Fault, verdict: str, reason: str
) -> None:
    peer.faults.append(fault)
    [outcome] = sent(channel, parcel(ANNA))
    assert (outcome.verdict, outcome.reason) == (verdict, reason)
    assert outcome.retry_after_s == (3.0 if reason == "throttled" else None)
    assert len(peer.requests) == 1


def test_an_account_that_is_refused_is_told_to_the_operator_and_nothing_is_lost(peer: HttpSmsPeer) -> None:
    channel = HttpSmsChannel(peer.provider(token="wrong"), settings_with(), SystemClock())
    with capture_logs() as lines:
        assert sent(channel, parcel(ANNA))[0].verdict == "retry"
    assert [line["event"] for line in lines] == ["provider_refuses_our_account"]
    channel.close()


def test_a_provider_that_is_away_or_behind_the_wall_is_tried_later() -> None:
    with nobody() as address:
        away = PROVIDER.model_copy(update={"url": f"http://{address}/"})
    assert sent(HttpSmsChannel(away, settings_with(), SystemClock()), parcel(ANNA))[0].reason == "unreachable"
    with capture_logs() as lines:
        assert sent(HttpSmsChannel(away, settings_with(outbound_private=""), SystemClock()), parcel(ANNA))[0].verdict == "retry"
    assert [line["event"] for line in lines] == ["provider_behind_the_wall"]


def test_several_go_at_once_over_connections_that_are_kept(peer: HttpSmsPeer, channel: HttpSmsChannel) -> None:
    began = monotonic()
    outcomes = sent(channel, *(parcel(ANNA) for _ in range(200)))
    assert {outcome.verdict for outcome in outcomes} == {"accepted"}
    assert len(peer.sent) == 200
    assert peer.connections <= 8
    assert monotonic() - began < 120


def test_an_expired_text_is_not_sent(peer: HttpSmsPeer, channel: HttpSmsChannel, kannel_channel: KannelChannel) -> None:
    old = parcel(ANNA, expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert sent(channel, old)[0].reason == sent(kannel_channel, old)[0].reason == "expired"
    assert not peer.requests


@pytest.mark.parametrize(
    ("name", "fallback", "shown"),
    [
        ("BHV Kade", "Muster", "BHV Kade"),
        ("Havenbedrijf Rotterdam", "Muster", "Muster"),
        ("Havenbedrijf Rotterdam", "", "Havenbedrij"),
        ("Zoë", "", "Zo"),
        ("+31201234567", "Muster", "+31201234567"),
        ("", "", ""),
    ],
)
def test_a_sender_is_what_networks_take(name: str, fallback: str, shown: str) -> None:
    assert sender(name, fallback) == shown


def read(said: object, at: datetime = NOW, now: datetime = NOW, secret: str = SECRET) -> list[Incoming]:
    headers, body = posted(said, at, secret)
    return list(HttpReceipts(PROVIDER).read(headers, {}, body, now))


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("delivered", "delivered"),
        ("DELIVERED", "delivered"),
        ("sent", "accepted"),
        ("rejected", "failed"),
        ("expired", "expired"),
        ("on fire", None),
    ],
)
def test_a_signed_receipt_names_our_message_and_what_became_of_it(said: str, status: str | None) -> None:
    [receipt] = read({"id": "7-abc", "provider_id": "acme-1", "status": said})
    assert (receipt.provider, receipt.kind, receipt.reference, receipt.ref, receipt.status) == (
        "acme",
        "receipt",
        "7-abc",
        "acme-1",
        status,
    )


def test_several_come_at_once_and_what_people_send_comes_too() -> None:
    text, receipt = read([{"from": ANNA, "to": "1234", "text": "JA \0\ud800ëé"}, {"id": "7-abc", "status": "failed"}])
    assert (text.kind, text.sender, text.text) == ("inbound", ANNA, "JA ?ëé")
    assert receipt.status == "failed"


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_receipt_with_an_old_signature_is_refused(minutes: int) -> None:
    with pytest.raises(Unauthorized):
        read({"id": "x"}, at=NOW + timedelta(minutes=minutes))


def test_a_receipt_that_somebody_else_signed_or_changed_is_refused() -> None:
    with pytest.raises(Unauthorized):
        read({"id": "x"}, secret="another secret of 16")
    headers, body = posted({"id": "x", "status": "failed"}, NOW)
    for other in ({}, {"x-signature": ""}, {"x-signature": "t=1,v1=é"}, {"x-signature": headers["x-signature"].upper()}):
        with pytest.raises(Unauthorized):
            HttpReceipts(PROVIDER).read(other, {}, body, NOW)
    with pytest.raises(Unauthorized):
        HttpReceipts(PROVIDER).read(headers, {}, body.replace(b"failed", b"sent"), NOW)


@pytest.mark.parametrize("said", [7, "x", None, [7], {}, {"status": "delivered"}, {"id": 7}, [{"id": "x"}] * 1001])
def test_signed_nonsense_is_refused_with_the_place(said: Any) -> None:
    with pytest.raises(Invalid):
        read(said)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
)


@given(ANYTHING | st.dictionaries(st.sampled_from(["id", "provider_id", "status", "from", "to", "text"]), ANYTHING))
def test_whatever_a_provider_posts_is_read_or_refused(said: Any) -> None:
    try:
        found = read(said)
    except Invalid:
        return
    for one in found:
        assert one.status in {None, "accepted", "delivered", "failed", "expired"}
        assert "\0" not in one.text + one.reference + one.sender
        (one.text + one.reference + one.sender).encode()


@pytest.mark.parametrize("says", [b"0: Accepted for delivery", b"3: Queued for later delivery"])
def test_a_kannel_says_yes_in_two_ways(kannel: KannelPeer, kannel_channel: KannelChannel, says: bytes) -> None:
    kannel.says = says
    mine = parcel(ANNA, text="Brand € {hal} & 3")
    [outcome] = sent(kannel_channel, mine)
    assert (outcome.verdict, outcome.provider, outcome.provider_ids) == ("accepted", "kannel", ())
    [got] = kannel.sent
    assert (got["to"], got["text"], got["coding"], got["charset"], got["dlr-mask"]) == (ANNA, mine.text, "0", "UTF-8", "31")
    url = urlsplit(got["dlr-url"])
    query = dict(parse_qsl(url.query))
    assert f"{url.scheme}://{url.netloc}{url.path}" == "https://muster.example/api/v1/receipts/kannel"
    assert (query["ref"], query["status"]) == (mine.reference, "%d")
    readers = build_receipt_readers(settings_with(sms_providers=[kannel.provider()]))
    [receipt] = readers["kannel"].read({}, query | {"status": "1"}, b"", NOW)
    assert (receipt.reference, receipt.status) == (mine.reference, "delivered")


def test_a_kannel_is_told_when_a_text_needs_ucs2(kannel: KannelPeer, kannel_channel: KannelChannel) -> None:
    assert sent(kannel_channel, parcel(ANNA, text="Zoë " * 30))[0].parts == 2
    assert kannel.sent[0]["coding"] == "2"


@pytest.mark.parametrize(
    ("fault", "verdict"),
    [
        (Fault(202, body=b"what?"), "unknown"),
        (Fault(202), "unknown"),
        (Fault(400, body=b"Empty receiver number not allowed, rejected"), "rejected"),
        (Fault(403, body=b"Authorization failed for sendsms"), "retry"),
        (Fault(503, body=b"Temporal failure, try again later."), "retry"),
        (Fault(hangs_up=True), "unknown"),
    ],
)
def test_other_answers_of_a_kannel(kannel: KannelPeer, kannel_channel: KannelChannel, fault: Fault, verdict: str) -> None:
    kannel.faults.append(fault)
    assert sent(kannel_channel, parcel(ANNA))[0].verdict == verdict


def test_a_receipt_of_kannel_needs_our_signature_and_a_status_of_its_own() -> None:
    reader = KannelReceipts(KannelProvider(kind="kannel", name="k", url="http://x.example/", user="u", password="p", secret=SECRET))
    good = {"ref": "7-abc", "sig": signed("7-abc", SECRET), "status": "2"}
    assert reader.read({}, good, b"", NOW)[0].status == "failed"
    for wrong in ({"ref": "7-abd"}, {"sig": ""}, {"sig": "é"}):
        with pytest.raises(Unauthorized):
            reader.read({}, good | wrong, b"", NOW)
    with pytest.raises(Invalid):
        reader.read({}, good | {"status": "3"}, b"", NOW)


def test_what_one_provider_throttles_another_takes(peer: HttpSmsPeer, kannel: KannelPeer) -> None:
    settings = settings_with(sms_providers=[peer.provider(weight=100), kannel.provider(weight=1)])
    channels = build_channels(settings, SystemClock())
    assert isinstance(channels["sms"], FailoverChannel)
    peer.faults.extend([Fault(429)] * 5)
    outcomes = sent(channels["sms"], *(parcel(ANNA) for _ in range(5)))
    assert {outcome.verdict for outcome in outcomes} == {"accepted"}
    assert len(kannel.sent) + len(peer.sent) == 5
    assert kannel.sent
    for each in (channels["push"], *(member.channel for member in channels["sms"]._members)):
        each.close()  # type: ignore[attr-defined]


def test_a_channel_that_is_not_set_up_is_absent() -> None:
    assert set(build_channels(settings_with(), SystemClock())) == {"push"}
