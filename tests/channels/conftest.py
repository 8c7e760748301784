"""Parcels, settings without a database, and a certificate that peers show."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.config import Settings
from app.ports import Channel, Outcome, Parcel
from tests.peers.http import make_certificate

SECRET = "a secret key that is only good for tests"


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"))


def settings_with(**given: Any) -> Settings:
    """Settings of an installation that may call this machine."""
    chosen: dict[str, Any] = {
        "database_url": "postgresql://nobody@127.0.0.1:1/none",
        "redis_url": "redis://127.0.0.1:1/0",
        "secret_key": SECRET,
        "outbound_private": "127.0.0.0/8",
        "push_hosts": "127.0.0.1",
    }
    return Settings(**(chosen | given))


def parcel(address: str, **given: Any) -> Parcel:
    """A parcel, urgent unless told otherwise."""
    delivery_id = uuid4()
    chosen: dict[str, Any] = {
        "delivery_id": delivery_id,
        "address": address,
        "subject": "Brand in hal 3",
        "text": "Verlaat het gebouw via de noordzijde.",
        "locale": "nl",
        "urgent": True,
        "expires_at": datetime.now(UTC) + timedelta(hours=1),
        "sender_name": "Havenbedrijf",
        "reference": f"7-{delivery_id.hex}",
    }
    return Parcel(**(chosen | given))


def sent(channel: Channel, *parcels: Parcel, deadline_s: float = 10.0) -> list[Outcome]:
    """The outcomes, in the order of the parcels; exactly one each."""
    found: dict[UUID, Outcome] = {}
    for delivery_id, outcome in channel.send(parcels, deadline_s):
        assert delivery_id not in found, "told twice"
        found[delivery_id] = outcome
    return [found[each.delivery_id] for each in parcels]
