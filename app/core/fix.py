"""What a phone measured, and what is kept of it.

A `Ping` lives in memory only. A `Sighting` is all that may be stored: it holds neither coordinates nor distances.
Times inside core are integer milliseconds since 1970-01-01T00:00:00Z (`*_ms`), so that they sort, hash and compare exactly.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND: Final = timedelta(milliseconds=1)
ACCURACY_CLASSES_M: Final = (5, 10, 25, 50, 100, 200, 500)
WORSE: Final = 32_000
"""The accuracy class of a fix worse than 500 m. Fits a smallint; larger than every `max_accuracy_m`."""
UNKNOWN_ACCURACY_M: Final = 50.0

FenceId = UUID | str
"""UUID on the server; on files (`muster evaluate`) the feature's `id`."""
DeviceId = UUID | str


@dataclass(frozen=True, slots=True)
class Ping:
    """One fix as a phone sent it. `accuracy_m` None means unknown (absent, zero and negative mean the same).

    Its repr leaves the place out: reprs end up in logs and error reports.
    """

    device: DeviceId
    id: str
    recorded_at_ms: int
    latitude: float = field(repr=False)
    longitude: float = field(repr=False)
    accuracy_m: float | None = None
    source: str = "native"
    mocked: bool = False
    restated: bool = False
    """The phone repeated its last fix under a new time ("I am alive"): presence goes on, but one drifted fix must not count as two."""

    def sent_by(self, device: DeviceId) -> "Ping":
        """The same of this device. `dataclasses.replace` takes five times as long, for every ping."""
        return Ping(
            device, self.id, self.recorded_at_ms, self.latitude, self.longitude, self.accuracy_m, self.source, self.mocked, self.restated
        )


@dataclass(frozen=True, slots=True)
class Claimed:
    """A sighting as a phone made it itself and sent it. It is trusted about where the phone was, not about which fences are the person's.

    `fence_set` names the fences it was judged by: (version, a moment at which they were so, in milliseconds).
    """

    device: DeviceId
    id: str
    recorded_at_ms: int
    inside: tuple[FenceId, ...]
    unclear: tuple[FenceId, ...]
    accuracy_class_m: int
    fence_set: tuple[int, int]
    source: str = "on_device"
    mocked: bool = False
    restated: bool = False

    def sent_by(self, device: DeviceId) -> "Claimed":
        """The same of this device."""
        return replace(self, device=device)


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one ping says. A fence in neither list was outside if `accuracy_class_m` is within that fence's `max_accuracy_m`, else unclear."""

    recorded_at_ms: int
    device: DeviceId
    ping_id: str
    inside: tuple[FenceId, ...]
    unclear: tuple[FenceId, ...]
    accuracy_class_m: int

    @property
    def key(self) -> tuple[int, str, str]:
        """The order of evaluation, whatever the order of arrival."""
        return (self.recorded_at_ms, str(self.device), self.ping_id)


def accuracy_class_m(accuracy_m: float | None) -> int:
    """The smallest class bound that holds the accuracy, in metres; `WORSE` beyond the last."""
    accuracy_m = UNKNOWN_ACCURACY_M if accuracy_m is None or accuracy_m <= 0 else accuracy_m
    return next((bound for bound in ACCURACY_CLASSES_M if accuracy_m <= bound), WORSE)


def to_ms(moment: datetime) -> int:
    """Milliseconds since the epoch of an aware moment, exactly (no float in between)."""
    return (moment - EPOCH) // MILLISECOND


def from_ms(milliseconds: int) -> datetime:
    """The aware UTC moment of `milliseconds` since the epoch."""
    return EPOCH + timedelta(milliseconds=milliseconds)
