"""Web Push against a service that checks our signature and opens what it gets."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from structlog.testing import capture_logs

from app import vapid
from app.adapters.clock import SystemClock
from app.adapters.push import PAYLOAD_MAX_BYTES, PushChannel, payload, topic
from app.config import Settings
from tests.channels.conftest import SECRET, parcel, sent, settings_with
from tests.peers.http import Fault, nobody
from tests.peers.push import PushPeer


@pytest.fixture(scope="module")
def push_settings(certificate: Path) -> Settings:
    return settings_with(outbound_ca=certificate / "certificate.pem", email_from="Muster <alarm@example.org>")


@pytest.fixture
def peer(certificate: Path, push_settings: Settings) -> Iterator[PushPeer]:
    with PushPeer(certificate, vapid.public_key(push_settings)) as running:
        yield running


@pytest.fixture
def channel(push_settings: Settings) -> Iterator[PushChannel]:
    made = PushChannel(push_settings, SystemClock(), timeout_s=1.0)
    yield made
    made.close()


def test_a_push_arrives_signed_and_sealed(peer: PushPeer, channel: PushChannel) -> None:
    given = parcel(peer.subscription(), reply_url="https://muster.example/r/x", replaces="message-1")
    [outcome] = sent(channel, given)
    assert (outcome.verdict, outcome.provider) == ("accepted", "127.0.0.1")
    [push] = peer.pushes
    assert push.shown == {
        "title": "Brand in hal 3",
        "body": "Verlaat het gebouw via de noordzijde.",
        "url": "https://muster.example/r/x",
        "tag": "message-1",
        "locale": "nl",
    }
    assert push.claims["sub"] == "mailto:alarm@example.org"
    assert (push.headers["urgency"], push.headers["content-encoding"]) == ("high", "aes128gcm")
    assert 3500 < int(push.headers["ttl"]) <= 3600
    assert len(push.headers["topic"]) == 32
    assert b"noordzijde" not in peer.requests[0].body


def test_an_ordinary_push_is_not_urgent_and_has_no_topic_of_its_own(peer: PushPeer, channel: PushChannel) -> None:
    sent(channel, parcel(peer.subscription(), urgent=False))
    assert peer.pushes[0].headers["urgency"] == "normal"
    assert "topic" not in peer.pushes[0].headers


def test_a_topic_does_not_tell_a_service_who_got_the_same() -> None:
    assert topic("https://push/a", "m") != topic("https://push/b", "m")
    assert topic("https://push/a", "m") == topic("https://push/a", "m") != topic("https://push/a", "n")


@pytest.mark.parametrize(
    ("status", "verdict", "reason"),
    [
        (404, "gone", "gone"),
        (410, "gone", "gone"),
        (413, "rejected", "too_large"),
        (429, "retry", "throttled"),
        (400, "rejected", "our_key"),
        (401, "rejected", "our_key"),
        (403, "rejected", "our_key"),
        (500, "retry", "service_error"),
        (503, "retry", "service_error"),
        (302, "rejected", "status_302"),
    ],
)
def test_each_answer_of_a_service_has_its_meaning(peer: PushPeer, channel: PushChannel, status: int, verdict: str, reason: str) -> None:
    peer.faults.append(Fault(status, {"Retry-After": "7", "Location": f"{peer.url}/elsewhere"}))
    with capture_logs() as lines:
        [outcome] = sent(channel, parcel(peer.subscription()))
    assert (outcome.verdict, outcome.reason) == (verdict, reason)
    assert outcome.retry_after_s == (7.0 if verdict == "retry" else None)
    assert [line["event"] for line in lines] == (["push_service_refuses_our_key"] if reason == "our_key" else [])
    assert len(peer.requests) == 1, "nobody follows where it points"


def test_a_wrong_key_is_refused_by_the_service_and_the_subscription_stays(certificate: Path, peer: PushPeer) -> None:
    other = PushChannel(settings_with(secret_key="another " * 5, outbound_ca=certificate / "certificate.pem"), SystemClock())
    assert sent(other, parcel(peer.subscription()))[0].reason == "our_key"
    other.close()
    assert not peer.pushes


@pytest.mark.parametrize("fault", [Fault(silent=True), Fault(hangs_up=True), Fault(drips_s=0.1)])
def test_a_service_that_took_it_and_says_nothing_may_have_sent_it(peer: PushPeer, channel: PushChannel, fault: Fault) -> None:
    peer.faults.append(fault)
    began = monotonic()
    assert sent(channel, parcel(peer.subscription()))[0].verdict == "unknown"
    assert monotonic() - began < 10


def test_a_service_that_takes_no_connection_is_tried_later(peer: PushPeer, channel: PushChannel) -> None:
    with nobody() as address:
        away = json.dumps(json.loads(peer.subscription()) | {"endpoint": f"https://{address}/push/1"})
        outcomes = sent(channel, parcel(away), parcel(peer.subscription()), parcel(away))
    assert [outcome.verdict for outcome in outcomes] == ["retry", "accepted", "retry"]


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": "https://169.254.169.254/latest"},
        {"endpoint": "https://[::1]:443/"},
        {"endpoint": "https://push.example.com/"},
        {"endpoint": "https://127.0.0.1@push.example.com/"},
    ],
)
def test_a_browser_cannot_send_us_elsewhere(peer: PushPeer, channel: PushChannel, change: dict[str, str]) -> None:
    address = json.dumps(json.loads(peer.subscription()) | change)
    assert sent(channel, parcel(address))[0].reason == "host_not_allowed"


def test_a_push_in_clear_is_refused(push_settings: Settings, channel: PushChannel) -> None:
    with PushPeer(None, vapid.public_key(push_settings)) as plain:
        assert sent(channel, parcel(plain.subscription()))[0].reason == "host_not_allowed"
        assert plain.connections == 0


def test_a_certificate_of_somebody_else_is_not_trusted(peer: PushPeer) -> None:
    channel = PushChannel(settings_with(), SystemClock())
    assert sent(channel, parcel(peer.subscription()))[0].reason == "unreachable"
    channel.close()
    assert not peer.requests


@pytest.mark.parametrize(
    "change",
    [
        {"p256dh": "AAAA"},
        {"p256dh": 5},
        {"auth": "AAAA"},
        {"endpoint": "https://127.0.0.1/\r\nX: y"},
        {"endpoint": "https://[/"},
        {"auth": "é"},
    ],
)
def test_what_is_no_subscription_is_gone(peer: PushPeer, channel: PushChannel, change: dict[str, Any]) -> None:
    good = json.loads(peer.subscription())
    assert [outcome.reason for outcome in sent(channel, parcel(json.dumps(good | change)), parcel("{"), parcel("[]"))] == [
        "bad_subscription"
    ] * 3


def test_an_expired_parcel_is_not_pushed(peer: PushPeer, channel: PushChannel) -> None:
    late = parcel(peer.subscription(), expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert sent(channel, late)[0].reason == "expired"
    assert not peer.requests


@pytest.mark.parametrize("letter", ["a", "ë", "🔥", '"', "\n"])
def test_a_long_text_is_cut_with_an_ellipsis_so_that_every_service_takes_it(peer: PushPeer, channel: PushChannel, letter: str) -> None:
    [outcome] = sent(channel, parcel(peer.subscription(), text=letter * 5000 + "."))
    assert outcome.verdict == "accepted"
    [push] = peer.pushes
    assert push.shown["body"].endswith("…")
    assert push.body_bytes < 2744
    assert push.body_bytes > 2700 or letter == "\n", "no more is cut than must be"


def test_a_text_that_fits_is_not_cut() -> None:
    room = PAYLOAD_MAX_BYTES - len(payload(parcel("", text="")))
    assert json.loads(payload(parcel("", text="x" * room)))["body"] == "x" * room
    assert json.loads(payload(parcel("", text="x" * (room + 1))))["body"].endswith("x…")


def test_connections_are_kept(peer: PushPeer, channel: PushChannel) -> None:
    began = monotonic()
    outcomes = [outcome for _ in range(4) for outcome in sent(channel, *(parcel(peer.subscription()) for _ in range(50)))]
    took_s = monotonic() - began
    assert {outcome.verdict for outcome in outcomes} == {"accepted"}
    assert len({push.headers["authorization"] for push in peer.pushes}) == 1, "signed once"
    assert peer.connections <= 8
    assert took_s < 120


def test_what_is_not_begun_in_time_waits(peer: PushPeer, channel: PushChannel) -> None:
    assert {outcome.verdict for outcome in sent(channel, *(parcel(peer.subscription()) for _ in range(3)), deadline_s=0)} == {"retry"}
    assert not peer.requests


def test_the_key_is_derived_from_the_secret_unless_it_is_given() -> None:
    one, same, other = settings_with(), settings_with(), settings_with(secret_key="x" * 40)
    assert vapid.public_key(one) == vapid.public_key(same) != vapid.public_key(other)
    number = vapid.private_key(one).private_numbers().private_value
    given = settings_with(secret_key="x" * 40, vapid_private_key=vapid.base64url(number.to_bytes(32)))
    assert vapid.public_key(given) == vapid.public_key(one)
    assert SECRET not in repr(vapid.contact(one))
