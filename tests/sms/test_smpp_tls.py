"""Who is let near a password: the SMSC of the settings, by its certificate and its address."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.adapters.sms.smpp import SmppChannel
from app.config import Settings
from tests.channels.conftest import settings_with
from tests.peers.http import make_certificate
from tests.peers.smsc import Smsc
from tests.sms.conftest import SETTINGS, provider
from tests.sms.letters import parcels, sent, verdicts


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def secure(certificate: Path) -> Iterator[Smsc]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "certificate.pem", certificate / "key.pem")
    with Smsc(context) as running:
        yield running


def outcomes(smsc: Smsc, settings: Settings, *, tls: bool = True) -> dict[tuple[str, str | None], int]:
    channel = SmppChannel(provider(smsc.port, tls=tls), settings)
    try:
        return verdicts(sent(channel, parcels(20)))
    finally:
        channel.close()


def test_texts_go_over_tls_to_an_smsc_whose_certificate_is_trusted(secure: Smsc, certificate: Path) -> None:
    assert outcomes(secure, settings_with(outbound_ca=certificate / "certificate.pem")) == {("accepted", None): 20}


def test_an_smsc_with_somebody_else_s_certificate_is_told_nothing(secure: Smsc) -> None:
    assert outcomes(secure, SETTINGS) == {("retry", "unreachable"): 20}
    assert secure.binds == 0


def test_an_smsc_without_tls_is_told_nothing_where_tls_is_set(smsc: Smsc) -> None:
    assert outcomes(smsc, SETTINGS) == {("retry", "unreachable"): 20}
    assert smsc.binds == 0


def test_an_smsc_inside_the_house_is_not_called_unless_it_may_be(smsc: Smsc) -> None:
    assert outcomes(smsc, settings_with(outbound_private=""), tls=False) == {("retry", "unreachable"): 20}
    assert smsc.binds == 0
