"""Parcels for the tests of SMS, and what was said of them."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from app.ports import Channel, Outcome, Parcel

UNTIL = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def parcel(text: str = "Meet at the gate", address: str = "+31612345678", **options: Any) -> Parcel:
    fields = {"subject": "", "locale": "en", "urgent": True, "expires_at": UNTIL, **options}
    return Parcel(delivery_id=fields.pop("delivery_id", uuid4()), address=address, text=text, **fields)


def parcels(count: int) -> list[Parcel]:
    """One each to as many numbers."""
    return [parcel(address=f"+316{number:08d}") for number in range(1, count + 1)]


def sent(channel: Channel, given: list[Parcel], deadline_s: float = 10.0) -> dict[UUID, Outcome]:
    """Each parcel's outcome; exactly one for each."""
    said = list(channel.send(given, deadline_s))
    assert sorted(id_ for id_, _ in said) == sorted(one.delivery_id for one in given)
    return dict(said)


def verdicts(outcomes: dict[UUID, Outcome]) -> Counter[tuple[str, str | None]]:
    """How many of each verdict and reason."""
    return Counter((one.verdict, one.reason) for one in outcomes.values())
