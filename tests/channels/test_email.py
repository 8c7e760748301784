"""E-mail against a real mail server over TLS."""

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from structlog.testing import capture_logs

from app.adapters.clock import SystemClock
from app.adapters.email import EmailChannel
from app.adapters.email_text import compose, mailbox, sender_of
from app.config import Settings, SmtpProvider
from tests.channels.conftest import parcel, sent, settings_with
from tests.peers.http import nobody
from tests.peers.smtp import SmtpPeer

NOW = datetime(2026, 6, 3, 12, tzinfo=UTC)
ANNA = "anna@example.org"


@pytest.fixture(scope="module")
def mail_settings(certificate: Path) -> Settings:
    return settings_with(outbound_ca=certificate / "certificate.pem", email_from="Muster <alarm@muster.example>")


@pytest.fixture
def peer(certificate: Path) -> Iterator[SmtpPeer]:
    with SmtpPeer(certificate) as running:
        yield running


@pytest.fixture
def channel(peer: SmtpPeer, mail_settings: Settings) -> EmailChannel:
    return EmailChannel(peer.provider(), mail_settings, SystemClock())


def test_a_mail_arrives_over_tls_as_text_and_as_html(peer: SmtpPeer, channel: EmailChannel) -> None:
    mail = parcel(
        ANNA, subject="Zoë: brand", text="Eerste <b>regel</b>\n.\n\nTweede alinea", reply_url="https://muster.example/r/x?a=1&b=2"
    )
    [outcome] = sent(channel, mail)
    assert (outcome.verdict, outcome.provider) == ("accepted", "mail")
    [got] = peer.mails
    assert (got.sender, got.recipient, got.over_tls) == ("alarm@muster.example", ANNA, True)
    parsed = got.parsed
    assert (parsed["From"], parsed["To"], parsed["Subject"]) == ("Havenbedrijf <alarm@muster.example>", ANNA, "Zoë: brand")
    assert parsed["Message-ID"] == f"<{mail.delivery_id.hex}@muster.example>"
    assert (parsed["Auto-Submitted"], parsed["Content-Language"], parsed["Importance"]) == ("auto-generated", "nl", "high")
    assert parsed["List-Unsubscribe"] is None, "nobody leaves an alert"
    plain, html = parsed.get_body(("plain",)), parsed.get_body(("html",))
    assert plain
    assert html
    assert (
        plain.get_content().replace("\r\n", "\n")
        == "Eerste <b>regel</b>\n.\n\nTweede alinea\n\nAntwoorden: https://muster.example/r/x?a=1&b=2\n"
    )
    assert "<p>Eerste &lt;b&gt;regel&lt;/b&gt;<br>\n.</p>" in html.get_content().replace("\r\n", "\n")
    assert '<a href="https://muster.example/r/x?a=1&amp;b=2">Antwoorden</a>' in html.get_content()


def test_an_ordinary_mail_can_be_left_with_one_click(peer: SmtpPeer, channel: EmailChannel) -> None:
    sent(channel, parcel(ANNA, urgent=False, locale="en", leave_url="https://muster.example/u/7"))
    mail = peer.mails[0].parsed
    assert (mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"]) == ("<https://muster.example/u/7>", "List-Unsubscribe=One-Click")
    body = mail.get_body(("plain",))
    assert body
    assert "Stop receiving ordinary messages: https://muster.example/u/7" in body.get_content()


@pytest.mark.parametrize("tls", ["implicit", "none"])
def test_tls_from_the_first_byte_and_a_relay_of_our_own(certificate: Path, mail_settings: Settings, tls: Any) -> None:
    with SmtpPeer(certificate, tls, account=False) as peer:
        assert (
            sent(EmailChannel(peer.provider(user=None, password=None), mail_settings, SystemClock()), parcel(ANNA))[0].verdict == "accepted"
        )
        assert peer.mails[0].over_tls is (tls == "implicit")


def test_a_server_that_offers_no_tls_gets_nothing(certificate: Path, mail_settings: Settings) -> None:
    with SmtpPeer(certificate, "none", account=False) as peer:
        outcomes = sent(EmailChannel(peer.provider(tls="start"), mail_settings, SystemClock()), parcel(ANNA))
        assert (outcomes[0].verdict, outcomes[0].reason) == ("retry", "unreachable")
        assert not peer.mails


def test_a_server_with_somebody_elses_certificate_gets_nothing(peer: SmtpPeer) -> None:
    stranger = EmailChannel(peer.provider(), settings_with(email_from="alarm@muster.example"), SystemClock())
    assert sent(stranger, parcel(ANNA))[0].reason == "unreachable"
    assert not peer.mails


@pytest.mark.parametrize(
    ("answer", "verdict", "reason"),
    [("450 later", "retry", "recipient_450"), ("550 nobody here", "rejected", "recipient_550"), ("hello", "retry", "nonsense")],
)
def test_an_answer_about_one_recipient_is_about_that_recipient(
    peer: SmtpPeer, channel: EmailChannel, answer: str, verdict: str, reason: str
) -> None:
    peer.recipients.append(answer)
    first, second = sent(channel, parcel(ANNA), parcel("bram@example.org"))
    assert (first.verdict, first.reason) == (verdict, reason)
    assert second.verdict == "accepted"
    assert [mail.recipient for mail in peer.mails] == ["bram@example.org"]


@pytest.mark.parametrize(
    ("fault", "verdict", "reason"),
    [
        ("drop_after_dot", "unknown", "no_answer"),
        ("hello there", "unknown", "no_answer"),
        ("452 full", "retry", "mail_452"),
        ("552 too large", "rejected", "mail_552"),
        ("421 closing", "retry", "mail_421"),
    ],
)
def test_after_the_last_dot_only_an_answer_tells(peer: SmtpPeer, channel: EmailChannel, fault: str, verdict: str, reason: str) -> None:
    peer.faults.append(fault)
    first, second = sent(channel, parcel(ANNA), parcel("bram@example.org"))
    assert (first.verdict, first.reason) == (verdict, reason)
    assert second.verdict == "accepted", "the next one goes over a connection that works"


def test_a_server_that_falls_silent_after_the_dot_may_have_sent_it(
    peer: SmtpPeer, channel: EmailChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.adapters.email.AFTER_DOT_S", 0.3)
    peer.faults.append("silent_after_dot")
    began = monotonic()
    assert sent(channel, parcel(ANNA))[0].verdict == "unknown"
    assert monotonic() - began < 8, "as long as it would have waited untold"


def test_a_server_that_takes_the_connection_and_says_nothing_is_tried_later(
    mail_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.adapters.email.SETUP_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        provider = SmtpProvider(name="deaf", host="127.0.0.1", port=deaf.getsockname()[1])
        began = monotonic()
        assert sent(EmailChannel(provider, mail_settings, SystemClock()), parcel(ANNA), parcel(ANNA))[1].verdict == "retry"
        assert monotonic() - began < 5, "as long as it would have waited untold"


def test_an_account_that_is_refused_is_told_to_the_operator_and_nothing_is_lost(peer: SmtpPeer, mail_settings: Settings) -> None:
    channel = EmailChannel(peer.provider(password="wrong"), mail_settings, SystemClock())
    with capture_logs() as lines:
        assert [outcome.verdict for outcome in sent(channel, parcel(ANNA), parcel(ANNA))] == ["retry", "retry"]
    assert [line["event"] for line in lines] == ["mail_server_refuses_our_account"], "once, not for each mail"


def test_a_server_that_is_away_is_tried_later_and_not_for_each_mail(mail_settings: Settings) -> None:
    with nobody() as address:
        host, _, port = address.partition(":")
        settings = settings_with(email_from="a@b.example", email_providers=json.dumps([{"name": "m", "host": host, "port": int(port)}]))
    channel = EmailChannel(settings.email_providers[0], settings, SystemClock())
    with capture_logs() as lines:
        assert {outcome.verdict for outcome in sent(channel, *(parcel(ANNA) for _ in range(5)))} == {"retry"}
    assert len(lines) == 1


def test_a_server_inside_the_house_is_not_called_unless_it_may_be(peer: SmtpPeer, certificate: Path) -> None:
    settings = settings_with(outbound_ca=certificate / "certificate.pem", outbound_private="10.0.0.0/8", email_from="a@b.example")
    assert sent(EmailChannel(peer.provider(), settings, SystemClock()), parcel(ANNA))[0].verdict == "retry"
    assert peer.sessions == 0


@pytest.mark.parametrize(
    "address", ["anna", "anna@", "anna@x y", "a@b\r\nBcc: c@d", "anna@example.org, bram@example.org", "<a@b>", "a@" + "x" * 70 + ".nl"]
)
def test_an_address_that_is_none_is_refused(peer: SmtpPeer, channel: EmailChannel, address: str) -> None:
    assert sent(channel, parcel(address))[0].reason == "invalid_address"
    assert not peer.mails


def test_a_domain_with_an_accent_is_written_as_the_dns_knows_it() -> None:
    assert mailbox("anna@bücher.example").addr_spec == "anna@xn--bcher-kva.example"


def test_an_expired_mail_is_not_sent(peer: SmtpPeer, channel: EmailChannel) -> None:
    assert sent(channel, parcel(ANNA, expires_at=datetime.now(UTC) - timedelta(seconds=1)))[0].reason == "expired"
    assert not peer.mails


def test_a_batch_goes_over_few_connections(peer: SmtpPeer, channel: EmailChannel) -> None:
    began = monotonic()
    outcomes = sent(channel, *(parcel(f"p{number}@example.org") for number in range(100)))
    took_s = monotonic() - began
    assert {outcome.verdict for outcome in outcomes} == {"accepted"}
    assert sorted(mail.recipient for mail in peer.mails) == sorted(f"p{number}@example.org" for number in range(100))
    assert peer.sessions <= 8, "each says EHLO before and after STARTTLS"
    assert took_s < 120


ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)


@given(subject=ANY, name=ANY, text=ANY)
def test_no_text_can_add_a_header_or_markup(subject: str, name: str, text: str) -> None:
    raw = compose(parcel(ANNA, subject=subject, sender_name=name, text=text), sender_of("alarm@muster.example", name), mailbox(ANNA), NOW)
    mail = message_from_bytes(raw, policy=default)
    expected = {
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "Content-Language",
        "Importance",
        "MIME-Version",
        "Content-Type",
    }
    assert set(mail.keys()) == expected
    assert len(mail.keys()) == len(expected)
    assert mail["From"].addresses[0].addr_spec == "alarm@muster.example"
    assert len(mail["From"].addresses) == 1


def test_markup_in_a_text_is_shown_and_not_obeyed() -> None:
    raw = compose(parcel(ANNA, text="<script>x</script>", subject="</title><b>"), Address("", "a", "b.example"), mailbox(ANNA), NOW)
    mail = message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    body = mail.get_body(("html",))
    assert body
    html = body.get_content()
    assert "<script>" not in html
    assert "<b>" not in html


def test_settings_need_a_sender_and_names_of_their_own() -> None:
    server = {"name": "one", "host": "mail.example.org"}
    with pytest.raises(ValidationError, match="EMAIL_FROM"):
        settings_with(email_providers=[server])
    with pytest.raises(ValidationError, match="name of its own"):
        settings_with(email_providers=[server, server], email_from="a@b.example")
    with pytest.raises(ValidationError, match="must be JSON"):
        settings_with(email_providers="mail.example.org", email_from="a@b.example")
