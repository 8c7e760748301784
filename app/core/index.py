"""Which fences is a ping in? Answers for one ping or for a million fences, without a database.

1. Around each part of each fence version lies a box, grown by the farthest distance at which the fence's policy can still tell inside, outside and unclear
   apart. Boxes beyond the antimeridian are folded back. A static tree holds them (Shapely's STRtree; it reads only the box of what it holds, so a diagonal will do).
2. A ping asks the tree for the boxes it lies in. Most pings lie in none, and are outside of everything.
3. Of those, the versions valid at the ping's own time whose policy admits its accuracy are kept.
4. Only now are margins measured: in the plane around the ping (border.py), for circles along the ellipsoid.
5. Margins become verdicts (judge.py), verdicts become sightings. Margins never leave memory: three of them are a position.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import floor
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from app.core.border import Borders, Ints
from app.core.fix import UNKNOWN_ACCURACY_M, FenceId, Ping, Sighting, accuracy_class_m
from app.core.judge import Verdict, assumed_accuracy_m, judge, judge_one, reach_m
from app.core.plane import Floats, geodesic_m, metres_per_degree
from app.core.policy import Circle, FenceVersion

FOREVER_MS: Final = 2**63 - 1
SHORTEST_DEGREE_M: Final = 110_500.0
"""A little less than any degree of latitude, so that boxes are grown by enough."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """One row per pair of ping and fence version that is not outside: four arrays of one length, sorted by ping, then version."""

    ping: Ints
    version: Ints
    margin_m: Floats
    verdict: NDArray[np.int8]


class FenceIndex:
    """All versions of an organization's fences. Immutable, so safe to share between threads."""

    def __init__(self, versions: Sequence[FenceVersion]) -> None:
        """Index versions whose shapes passed `fence.checked`. Their Shapely objects are not kept."""
        self.fences = [version.fence for version in versions]
        self._from_ms = np.array([version.valid_from_ms for version in versions], np.int64)
        self._until_ms = np.array(
            [FOREVER_MS if version.valid_until_ms is None else version.valid_until_ms for version in versions], np.int64
        )
        self._leave_margin_m = np.array([version.policy.leave_margin_m for version in versions], np.float64)
        self._max_accuracy_m = np.array([version.policy.max_accuracy_m for version in versions], np.float64)
        circles = [(i, s.latitude, s.longitude, s.radius_m) for i, version in enumerate(versions) if isinstance(s := version.shape, Circle)]
        areas = [(i, s) for i, version in enumerate(versions) if not isinstance(s := version.shape, Circle)]
        self._circles = np.array([circle[1:] for circle in circles], np.float64).reshape(-1, 3)
        self._borders = Borders([area for _, area in areas])
        circle_version, area_version = np.array([i for i, *_ in circles], np.int64), np.array([i for i, _ in areas], np.int64)
        self._is_circle = np.zeros(len(versions), np.bool_)
        self._is_circle[circle_version] = True
        self._place = np.empty(len(versions), np.int64)  # of a version among the circles, or among the borders
        self._place[circle_version], self._place[area_version] = np.arange(len(circles)), np.arange(len(areas))
        version = np.concatenate([circle_version, area_version[self._borders.part_owner]])
        beyond_m = reach_m(self._max_accuracy_m, self._leave_margin_m)[version]
        beyond_m[: len(circles)] += self._circles[:, 2]
        centre = self._circles[:, [1, 0, 1, 0]]
        box, entry = _folded(_grown(np.concatenate([centre, self._borders.part_box]), beyond_m))
        self._entry_version = version[entry]
        self._tree = shapely.STRtree(np.asarray(shapely.linestrings(box.reshape(-1, 2, 2))))

    def sight(self, pings: Sequence[Ping], assigned: Callable[[Ping, FenceId], bool] | None = None) -> list[Sighting]:
        """What each ping says, in the order given; a fence for which `assigned` is false at the ping's time is left out."""
        if len(pings) == 1:
            return [self._sight_one(pings[0], assigned)]
        known_m = assumed_accuracy_m(np.array([np.nan if ping.accuracy_m is None else ping.accuracy_m for ping in pings], np.float64))
        named: dict[tuple[int, int], set[FenceId]] = {}
        for nth, version, verdict in self._judged(pings, known_m):
            fence = self.fences[version]
            if assigned is None or assigned(pings[nth], fence):
                named.setdefault((nth, verdict), set()).add(fence)
        return [
            Sighting(
                recorded_at_ms=ping.recorded_at_ms,
                device=ping.device,
                ping_id=ping.id,
                inside=_in_order(named.get((nth, Verdict.INSIDE))),
                unclear=_in_order(named.get((nth, Verdict.UNCLEAR))),
                accuracy_class_m=accuracy_class_m(accuracy_m),
            )
            for nth, (ping, accuracy_m) in enumerate(zip(pings, known_m.tolist(), strict=True))
        ]

    def verdicts(self, recorded_at_ms: Ints, latitude: Floats, longitude: Floats, accuracy_m: Floats) -> Verdicts:
        """Judge pings given as four arrays of one length (degrees, metres; NaN is an unknown accuracy).

        A pair that is missing was outside, or the accuracy was worse than the fence's `max_accuracy_m`. `version` counts as `fences` does.
        """
        known_m = assumed_accuracy_m(accuracy_m)
        # A hair west of 180 the sum rounds up to a whole turn: without the maximum the ping would lie west of every box.
        x = np.maximum(longitude - 360.0 * np.floor((longitude + 180.0) / 360.0), -180.0)
        ping, entry = self._tree.query(shapely.points(x, latitude))
        version = self._entry_version[entry]
        at_ms = recorded_at_ms[ping]
        kept = (self._from_ms[version] <= at_ms) & (at_ms < self._until_ms[version]) & (known_m[ping] <= self._max_accuracy_m[version])
        pairs = np.unique(ping[kept] * len(self.fences) + version[kept])
        ping, version = np.divmod(pairs, max(len(self.fences), 1))
        margin_m = self._margins_m(version, latitude[ping], x[ping], known_m[ping])
        verdict = judge(margin_m, known_m[ping], self._leave_margin_m[version], self._max_accuracy_m[version])
        kept = verdict != Verdict.OUTSIDE
        return Verdicts(ping[kept], version[kept], margin_m[kept], verdict[kept])

    def _judged(self, pings: Sequence[Ping], known_m: Floats) -> Iterable[tuple[int, int, int]]:
        """Place of the ping, version and verdict of all that is not outside."""
        found = self.verdicts(
            np.array([ping.recorded_at_ms for ping in pings], np.int64),
            np.array([ping.latitude for ping in pings], np.float64),
            np.array([ping.longitude for ping in pings], np.float64),
            known_m,
        )
        return zip(found.ping.tolist(), found.version.tolist(), found.verdict.tolist(), strict=True)

    def _sight_one(self, ping: Ping, assigned: Callable[[Ping, FenceId], bool] | None) -> Sighting:
        """The same for a single ping, which arrays would cost four times as much."""
        known_m = float(ping.accuracy_m) if ping.accuracy_m and ping.accuracy_m > 0 else UNKNOWN_ACCURACY_M
        x = max(ping.longitude - 360.0 * floor((ping.longitude + 180.0) / 360.0), -180.0)
        inside, unclear = set[FenceId](), set[FenceId]()
        for version in set(self._entry_version[self._tree.query(shapely.Point(x, ping.latitude))].tolist()):
            fence = self.fences[version]
            if assigned is None or assigned(ping, fence):
                verdict = self._verdict_one(version, ping, x, known_m)
                if verdict != Verdict.OUTSIDE:
                    (inside if verdict == Verdict.INSIDE else unclear).add(fence)
        return Sighting(ping.recorded_at_ms, ping.device, ping.id, _in_order(inside), _in_order(unclear), accuracy_class_m(known_m))

    def _verdict_one(self, version: int, ping: Ping, x: float, known_m: float) -> int:
        leave_margin_m = float(self._leave_margin_m[version])
        if known_m > self._max_accuracy_m[version] or not self._from_ms[version] <= ping.recorded_at_ms < self._until_ms[version]:
            return Verdict.OUTSIDE
        place = int(self._place[version])
        if self._is_circle[version]:
            latitude, longitude, radius_m = self._circles[place].tolist()
            margin_m = radius_m - float(geodesic_m(latitude, longitude, ping.latitude, x))
        else:
            margin_m = self._borders.margin_m(place, ping.latitude, x, float(reach_m(known_m, leave_margin_m)))
        return judge_one(margin_m, known_m, leave_margin_m)

    def _margins_m(self, version: Ints, latitude: Floats, longitude: Floats, accuracy_m: Floats) -> Floats:
        margin_m = np.empty(len(version))
        circle = self._is_circle[version]
        centre_latitude, centre_longitude, radius_m = self._circles[self._place[version[circle]]].T
        margin_m[circle] = radius_m - geodesic_m(centre_latitude, centre_longitude, latitude[circle], longitude[circle])
        area = ~circle
        far_m = reach_m(accuracy_m[area], self._leave_margin_m[version[area]])
        margin_m[area] = self._borders.margins_m(self._place[version[area]], latitude[area], longitude[area], far_m)
        return margin_m


def _in_order(fences: set[FenceId] | None) -> tuple[FenceId, ...]:
    """As a sighting lists them. Most pings are in no fence or in one, and there is nothing to put in order."""
    return () if not fences else tuple(fences) if len(fences) == 1 else tuple(sorted(fences, key=str))


def _grown(box: Floats, metres: Floats) -> Floats:
    """Boxes in degrees (west, south, east, north), grown by at least `metres` on each side."""
    south, north = box[:, 1] - metres / SHORTEST_DEGREE_M, box[:, 3] + metres / SHORTEST_DEGREE_M
    narrowest_m, _ = metres_per_degree(np.minimum(np.maximum(-south, north), 90.0))
    beside = np.minimum(metres / np.maximum(narrowest_m, 1e-3), 360.0)
    return np.column_stack([box[:, 0] - beside, south, box[:, 2] + beside, north])


def _folded(box: Floats) -> tuple[Floats, Ints]:
    """Boxes within +-180 degrees, cut in two at the antimeridian where needed, and the row each came from."""
    west, south, east, north = box.T
    turns = 360.0 * np.floor((west + 180.0) / 360.0)
    west, east = west - turns, east - turns
    whole = east - west >= 360.0
    west, east = np.where(whole, -180.0, west), np.where(whole, 180.0, east)
    over = np.flatnonzero(east > 180.0)
    main = np.column_stack([west, south, np.minimum(east, 180.0), north])
    rest = np.column_stack([np.full(len(over), -180.0), south[over], east[over] - 360.0, north[over]])
    return np.concatenate([main, rest]), np.concatenate([np.arange(len(box)), over])
