"""The demo's stand-ins, reached as the world outside would be: by the channels of the settings they give."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

import pytest

from app.adapters.channels import build_channels, build_receipt_readers
from app.adapters.clock import SystemClock
from app.adapters.demo_outbox import DemoOutbox
from app.config import Settings
from app.demo.standins import StandIns, standing_in
from tests.channels.conftest import parcel, sent, settings_with
from tests.processes import until


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return settings_with(var_dir=tmp_path_factory.mktemp("var"))


@pytest.fixture
def running(home: Settings) -> Iterator[StandIns]:
    with standing_in(home, 0) as stand_ins:
        yield stand_ins


def told(home: Settings, stand_ins: StandIns, **more: Any) -> Settings:
    """The settings as a process of the demo reads them."""
    return settings_with(**{name.lower(): value for name, value in stand_ins.settings.items()}, var_dir=home.var_dir, **more)


def test_what_is_sent_by_each_channel_arrives_and_can_be_read(home: Settings, running: StandIns) -> None:
    settings = told(home, running)
    channels = build_channels(settings, SystemClock())
    subscription = running.browser.subscription(running.push_url, "sanne@demo")
    for channel, address in (("email", "anna@x.example"), ("sms", "+31612340001"), ("push", json.dumps(subscription))):
        link = "https://muster.example/r/x" if channel != "sms" else None
        [outcome] = sent(channels[channel], parcel(address, subject="Brand é", text="Ga\n.\n..naar buiten", reply_url=link))
        assert outcome.verdict == "accepted", (channel, outcome)
    arrived = DemoOutbox(settings.demo_outbox or "").recent()
    assert [one.channel for one in arrived] == ["push", "sms", "email"], "the newest first"
    push, sms, mail = arrived
    assert (push.recipient, push.title, push.text, push.link) == (
        "sanne@demo",
        "Brand é",
        "Ga\n.\n..naar buiten",
        "https://muster.example/r/x",
    )
    assert (sms.recipient, sms.sender, sms.text) == ("+31612340001", "+3197010580", "Ga\n.\n..naar buiten")
    assert (mail.recipient, mail.title, mail.link) == ("anna@x.example", "Brand é", "https://muster.example/r/x")
    assert mail.text.replace("\r\n", "\n").startswith("Ga\n.\n..naar buiten")
    channels["push"].close()  # type: ignore[attr-defined]
    channels["sms"].close()  # type: ignore[attr-defined]


def test_the_sms_provider_tells_what_became_of_a_message_and_what_was_answered(home: Settings, running: StandIns) -> None:
    posted: SimpleQueue[tuple[dict[str, str], bytes]] = SimpleQueue()

    class Ours(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            posted.put((headers, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ours)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    settings = told(home, running, public_url=f"http://127.0.0.1:{server.server_address[1]}")
    channel = build_channels(settings, SystemClock())["sms"]
    mine = parcel("+31612340001")
    sent(channel, mine)
    until(lambda: not posted.empty())
    reader = build_receipt_readers(settings)["demo-sms"]
    headers, body = posted.get()
    [receipt] = reader.read(headers, {}, body, SystemClock().now())
    assert (receipt.reference, receipt.status) == (mine.reference, "delivered")
    DemoOutbox(settings.demo_outbox or "").answer("+31612340001", "JA")
    until(lambda: not posted.empty())
    headers, body = posted.get()
    [answer] = reader.read(headers, {}, body, SystemClock().now())
    assert (answer.kind, answer.sender, answer.text) == ("inbound", "+31612340001", "JA")
    channel.close()  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_browser_of_an_earlier_run_still_takes_pushes(home: Settings) -> None:
    with standing_in(home, 0) as first:
        before = first.browser.subscription(first.push_url, "anna")
        port, certificate = first.push_port, Path(first.settings["OUTBOUND_CA"]).read_bytes()
    with standing_in(home, port) as second:
        assert second.push_port == port
        assert Path(second.settings["OUTBOUND_CA"]).read_bytes() == certificate
        channel = build_channels(told(home, second), SystemClock())["push"]
        assert sent(channel, parcel(json.dumps(before)))[0].verdict == "accepted"
        channel.close()  # type: ignore[attr-defined]


def test_its_key_is_readable_by_its_owner_alone(home: Settings, running: StandIns) -> None:
    assert (home.var_dir / "demo-tls" / "key.pem").stat().st_mode & 0o77 == 0


def test_when_the_demo_has_ended_nothing_is_shown() -> None:
    assert DemoOutbox("http://127.0.0.1:1").recent() == []
