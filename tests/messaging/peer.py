"""The far end of every channel: takes what is sent, and says what the test wants."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.ports import Outcome, Parcel


@dataclass
class Peer:
    """Implements `ports.Channel`. `says`: the verdict on whatever comes."""

    says: Outcome = field(default_factory=lambda: Outcome("accepted", "peer"))
    parcels: list[Parcel] = field(default_factory=list)

    def send(self, parcels: Sequence[Parcel], deadline_s: float) -> Iterator[tuple[UUID, Outcome]]:  # noqa: ARG002 (a channel)
        """Every parcel's outcome."""
        for parcel in parcels:
            self.parcels.append(parcel)
            yield parcel.delivery_id, self.says
