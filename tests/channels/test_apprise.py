"""Apprise: an extra, for addresses that the operator allows."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from app.adapters.apprise import AppriseChannel
from app.adapters.channels import build_channels
from app.adapters.clock import SystemClock
from app.core.chat import allows
from tests.channels.conftest import parcel, sent, settings_with
from tests.peers.http import Fault, HttpPeer, Request

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Apprise's own


class ChatPeer(HttpPeer):
    def answer(self, _request: Request) -> tuple[int, dict[str, str], bytes]:
        return 200, {}, b""


@pytest.fixture
def peer() -> Iterator[ChatPeer]:
    with ChatPeer() as running:
        yield running


@pytest.fixture
def address(peer: ChatPeer) -> str:
    return peer.url.replace("http://", "json://") + "/"


def test_an_allowed_address_is_notified(peer: ChatPeer, address: str) -> None:
    channel = AppriseChannel(settings_with(apprise_urls=address), SystemClock())
    assert sent(channel, parcel(address + "bhv", reply_url="https://muster.example/r/x"))[0].verdict == "accepted"
    [request] = peer.requests
    said = json.loads(request.body)
    assert (request.path, said["title"], said["type"]) == ("/bhv", "Brand in hal 3", "warning")
    assert said["message"] == "Verlaat het gebouw via de noordzijde.\n\nhttps://muster.example/r/x"


def test_another_address_is_not(peer: ChatPeer, address: str) -> None:
    channel = AppriseChannel(settings_with(apprise_urls="json://chat.example.org/"), SystemClock())
    assert sent(channel, parcel(address))[0].reason == "address_not_allowed"
    assert not peer.requests


@pytest.mark.parametrize("fault", [Fault(500), Fault(hangs_up=True), Fault(302, {"Location": "/elsewhere"})])
def test_a_no_may_have_been_sent_and_nobody_is_redirected(peer: ChatPeer, address: str, fault: Fault) -> None:
    peer.faults.append(fault)
    channel = AppriseChannel(settings_with(apprise_urls=address), SystemClock())
    assert sent(channel, parcel(address))[0].verdict == "unknown"
    assert len(peer.requests) == 1


def test_what_is_no_address_or_too_late_is_refused() -> None:
    channel = AppriseChannel(settings_with(apprise_urls="nothing://x"), SystemClock())
    assert sent(channel, parcel("nothing://x"))[0].reason == "invalid_address"
    assert sent(channel, parcel("nothing://x", expires_at=datetime.now(UTC) - timedelta(seconds=1)))[0].reason == "expired"


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("ntfys://chat.example/bhv", True),
        ("ntfys://chat.example/a/b-c_d", True),
        ("ntfys://chat.example/", True),
        ("ntfys://chat.example/x?verify=no", False),
        ("ntfys://chat.example/../admin", False),
        ("ntfys://chat.example.evil.example/", False),
        ("ntfys://chat.example@evil.example/", False),
        ("slack://a/b/c", True),
        ("slack://a/b/c/d", False),
    ],
)
def test_an_address_is_allowed_when_it_is_listed_or_plainly_below_one_that_is(address: str, *, allowed: bool) -> None:
    assert allows(("ntfys://chat.example/", "slack://a/b/c"), address) is allowed


def test_it_is_off_unless_addresses_are_allowed_and_says_when_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "apprise" not in build_channels(settings_with(), SystemClock())
    assert "apprise" in build_channels(settings_with(apprise_urls="json://x/"), SystemClock())
    monkeypatch.delitem(sys.modules, "app.adapters.apprise")
    monkeypatch.setitem(sys.modules, "apprise", None)
    with capture_logs() as lines:
        assert "apprise" not in build_channels(settings_with(apprise_urls="json://x/"), SystemClock())
    assert [line["event"] for line in lines] == ["apprise_is_not_installed"]
