"""The numbers that judge and fold: defaults, bounds, and one version of a geofence with the policy that holds for it."""

from dataclasses import dataclass

from shapely.geometry import MultiPolygon, Polygon

from app.core.fix import ACCURACY_CLASSES_M, FenceId


@dataclass(frozen=True, slots=True)
class Policy:
    """How evidence about one geofence becomes crossings. Units in the names; sources in docs/attendance.md."""

    enter_after_s: int = 0
    leave_after_pings: int = 2
    leave_after_s: int = 120
    leave_margin_m: float = 25.0
    max_accuracy_m: int = 200
    unknown_after_s: int = 1_800
    assume_left_after_s: int = 43_200
    window_margin_s: int = 3_600

    def __post_init__(self) -> None:
        """Refuse values that would break a law (a leave on one sighting, an accuracy bound that is no class)."""
        if self.leave_after_pings < 2:
            raise ValueError("leave_after_pings: at least 2")
        if self.leave_after_s < 30:
            raise ValueError("leave_after_s: at least 30")
        if self.max_accuracy_m not in ACCURACY_CLASSES_M:
            raise ValueError(f"max_accuracy_m: one of {', '.join(map(str, ACCURACY_CLASSES_M))}")
        if min(self.enter_after_s, self.leave_margin_m, self.unknown_after_s, self.window_margin_s) < 0:
            raise ValueError("policy: no negative numbers")
        if self.assume_left_after_s < max(self.unknown_after_s, self.leave_after_s):
            raise ValueError("assume_left_after_s: at least unknown_after_s and leave_after_s")


@dataclass(frozen=True, slots=True)
class Circle:
    """A geodesic circle on WGS 84."""

    latitude: float
    longitude: float
    radius_m: float


Shape = Polygon | MultiPolygon | Circle


@dataclass(frozen=True, slots=True)
class FenceVersion:
    """One geofence as it was during [valid_from_ms, valid_until_ms): shape and policy together. State belongs to `fence`, not to the version."""

    fence: FenceId
    shape: Shape
    policy: Policy = Policy()
    valid_from_ms: int = 0
    valid_until_ms: int | None = None
    counts_as_work: bool = True
