"""An SMSC of our own, and a channel to it."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, Protocol

import pytest

from app.adapters.sms.smpp import SmppChannel
from app.config import SmppProvider
from tests.channels.conftest import settings_with
from tests.peers.smsc import Smsc

SETTINGS = settings_with()


class MakeChannel(Protocol):
    """Makes a channel to the SMSC, with other options of the provider or other patience."""

    def __call__(self, *, answer_s: float = 5.0, idle_s: float = 15.0, **options: Any) -> SmppChannel: ...


def provider(port: int, **options: Any) -> SmppProvider:
    settings = {"name": "carrier", "kind": "smpp", "host": "127.0.0.1", "port": port, "system_id": "muster", "password": "secret"}
    return SmppProvider.model_validate({**settings, **options})


@pytest.fixture
def smsc() -> Iterator[Smsc]:
    with Smsc() as running:
        yield running


@pytest.fixture
def channel_to(smsc: Smsc) -> Iterator[MakeChannel]:
    with ExitStack() as stack:

        def make(*, answer_s: float = 5.0, idle_s: float = 15.0, **options: Any) -> SmppChannel:
            made = SmppChannel(provider(smsc.port, **options), SETTINGS, answer_s=answer_s, idle_s=idle_s)
            stack.callback(made.close)
            return made

        yield make


@pytest.fixture
def channel(channel_to: MakeChannel) -> SmppChannel:
    return channel_to()
