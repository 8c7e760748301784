"""Mail on the road of all messages, through a real mail server: what it says of a recipient while it is spoken to is told of that recipient."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.adapters.email import EmailChannel
from tests.channels.conftest import settings_with
from tests.messaging.road import Road
from tests.peers.http import make_certificate
from tests.peers.smtp import SmtpPeer


@pytest.fixture
def mail(road: Road, tmp_path: Path) -> Iterator[SmtpPeer]:
    """A mail server between the road and its people; and SMS for whom it does not reach."""
    make_certificate(tmp_path)
    road.clock.moment = datetime.now(UTC)
    with SmtpPeer(tmp_path) as peer:
        settings = settings_with(outbound_ca=tmp_path / "certificate.pem", email_from="alarm@muster.example")
        channel = EmailChannel(peer.provider(), settings, road.clock)
        road.deps = replace(road.deps, channels={"email": channel, "sms": road.sms})
        yield peer


@pytest.mark.parametrize("kind", ["alert", "message"])
def test_a_mail_that_comes_back_at_once_has_failed_and_the_person_is_reached_by_the_next_channel(
    road: Road, mail: SmtpPeer, kind: str
) -> None:
    mail.recipients.append("550 nobody here")
    road.message(road.person("sms", "email"), kind=kind, channels=["email", "sms"])
    road.work()
    assert road.statuses() == [("email", "failed", "recipient_550"), ("sms", "accepted", None)]
    assert (len(mail.mails), len(road.sms.had)) == (0, 1)
    assert not any(one.may_be_double for one in road.deliveries())


def test_it_is_told_of_that_recipient_alone(road: Road, mail: SmtpPeer) -> None:
    mail.recipients.append("550 nobody here")
    road.message(*(road.person("email") for _ in range(3)), kind="alert")
    road.work()
    assert sorted(road.statuses(), key=str) == [
        ("email", "accepted", None),
        ("email", "accepted", None),
        ("email", "failed", "recipient_550"),
    ]
    assert len(mail.mails) == 2
