"""Which rules hold for a person at a fence at a moment.

`OrganizationRules` is built once per organization (and fence-set version) and shared; `PersonRules` costs next to nothing to make:
it works a fence out when it is first asked for, from the versions, the dated assignments and the person's dated group memberships.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from app.core.fix import FenceId, Sighting
from app.core.fold import Cut
from app.core.intervals import FOREVER, Interval, Intervals, intersection, union
from app.core.policy import FenceVersion

GroupId = UUID | str


@dataclass(frozen=True, slots=True)
class Assignment:
    """During [from_ms, until_ms) a fence is meant for the members of a group, or (None) for everyone."""

    fence: FenceId
    group: GroupId | None = None
    from_ms: int = -FOREVER
    until_ms: int = FOREVER


class OrganizationRules:
    """An organization's fence versions and assignments, in the shape the questions need. Immutable; safe to share between threads."""

    def __init__(self, versions: Iterable[FenceVersion], assignments: Iterable[Assignment]) -> None:
        """Sort once. Versions of one fence must not overlap in time; touching versions are edits, a hole between them is a retirement."""
        self.versions: dict[FenceId, list[FenceVersion]] = defaultdict(list)
        self.assignments: dict[FenceId, list[Assignment]] = defaultdict(list)
        self.fences_of_group: dict[GroupId, set[FenceId]] = defaultdict(set)
        ends: list[tuple[int, FenceId]] = []
        for version in sorted(versions, key=lambda version: version.valid_from_ms):
            self.versions[version.fence].append(version)
            if version.valid_until_ms is not None:
                ends.append((version.valid_until_ms, version.fence))
        for assignment in assignments:
            self.assignments[assignment.fence].append(assignment)
            if assignment.group is not None:
                self.fences_of_group[assignment.group].add(assignment.fence)
            if assignment.until_ms < FOREVER:
                ends.append((assignment.until_ms, assignment.fence))
        self.ends = ends
        self._turns: list[tuple[int, FenceId]] | None = None

    @property
    def turns(self) -> list[tuple[int, FenceId]]:
        """When which fence began, ended or changed for somebody, by time. Worked out when it is first asked for: the hot path never does."""
        if self._turns is None:
            spans = [(fence, *_span(version)) for fence, versions in self.versions.items() for version in versions]
            spans += [(fence, given.from_ms, given.until_ms) for fence, all_given in self.assignments.items() for given in all_given]
            self._turns = sorted(((at_ms, fence) for fence, *span in spans for at_ms in span), key=lambda turn: turn[0])
        return self._turns

    @classmethod
    def for_everyone(cls, versions: Iterable[FenceVersion]) -> "OrganizationRules":
        """Rules under which every fence is everyone's, always (files and rehearsals)."""
        versions = list(versions)
        return cls(versions, [Assignment(fence) for fence in {version.fence for version in versions}])

    def at(self, fence: FenceId, at_ms: int) -> FenceVersion | None:
        """Return the version valid at that moment, whoever the fence is meant for; None if there is none."""
        for version in self.versions.get(fence, ()):
            if version.valid_from_ms <= at_ms and (version.valid_until_ms is None or at_ms < version.valid_until_ms):
                return version
        return None


class PersonRules:
    """The organization's rules as they hold for one person. `memberships` are the person's groups with the intervals of membership."""

    def __init__(self, organization: OrganizationRules, memberships: Mapping[GroupId, Intervals] | None = None) -> None:
        """Keep both; nothing is worked out before it is asked for."""
        self._organization = organization
        self._memberships = memberships or {}
        self._known: dict[FenceId, list[tuple[int, int, FenceVersion]]] = {}

    def at(self, fence: FenceId, at_ms: int) -> FenceVersion | None:
        """Return the version that holds for this person at that moment; None if none is valid or the fence is not theirs then."""
        pieces = self._known.get(fence)
        if pieces is None:
            pieces = self._known[fence] = self._pieces(fence)
        for from_ms, until_ms, version in pieces:
            if from_ms <= at_ms < until_ms:
                return version
        return None

    def only_theirs(self, sighting: Sighting) -> Sighting:
        """The sighting without fences that are not this person's at that time: nothing else may be stored."""
        if not sighting.inside and not sighting.unclear:
            return sighting
        at_ms = sighting.recorded_at_ms
        inside = tuple(fence for fence in sighting.inside if self.at(fence, at_ms) is not None)
        unclear = tuple(fence for fence in sighting.unclear if self.at(fence, at_ms) is not None)
        return Sighting(at_ms, sighting.device, sighting.ping_id, inside, unclear, sighting.accuracy_class_m)

    def knows(self, fence: FenceId) -> bool:
        """Whether the fence is or ever was this person's."""
        self.at(fence, 0)
        return bool(self._known[fence])

    def unchanged_since(self, at_ms: int) -> int:
        """Since when (0 at the earliest) the fences have been for this person what they are at that moment."""
        turns = self._organization.turns
        nth = bisect_right(turns, at_ms, key=lambda turn: turn[0])
        edges = [edge for intervals in self._memberships.values() for interval in intervals for edge in interval if edge <= at_ms]
        return max([0, *edges, *(turn[0] for turn in turns[max(nth - 1, 0) : nth])])

    def changed_between(self, one_ms: int, other_ms: int) -> set[FenceId]:
        """The fences that are not the same version to this person at both moments."""
        first, last = sorted((one_ms, other_ms))
        turns = self._organization.turns
        start, end = (bisect_right(turns, at_ms, key=lambda turn: turn[0]) for at_ms in (first, last))
        fences = {fence for _, fence in turns[start:end]}
        for group, intervals in self._memberships.items():
            if any(first < edge <= last for interval in intervals for edge in interval):
                fences |= self._organization.fences_of_group.get(group, set())
        return {fence for fence in fences if self.at(fence, first) is not self.at(fence, last)}

    def cuts(self, after_ms: int, until_ms: int) -> list[Cut]:
        """The retirements and the ends of assignment in (after_ms, until_ms]. An edit, or a move between groups without a pause, is none."""
        fences = {fence for end_ms, fence in self._organization.ends if after_ms < end_ms <= until_ms}
        for group, intervals in self._memberships.items():
            if any(after_ms < end_ms <= until_ms for _, end_ms in intervals):
                fences |= self._organization.fences_of_group.get(group, set())
        cuts = [Cut(end_ms, "fence_retired", fence) for fence in fences for _, end_ms in self._valid(fence)]
        cuts += [Cut(end_ms, "assignment_ended", fence) for fence in fences for _, end_ms in self._assigned(fence)]
        return sorted(
            (cut for cut in cuts if after_ms < cut.at_ms <= until_ms),
            key=lambda cut: (cut.at_ms, cut.kind, str(cut.fence)),
        )

    def _pieces(self, fence: FenceId) -> list[tuple[int, int, FenceVersion]]:
        assigned = self._assigned(fence)
        versions = self._organization.versions.get(fence, [])
        return [(start, end, version) for version in versions for start, end in intersection([_span(version)], assigned)]

    def _valid(self, fence: FenceId) -> list[Interval]:
        return union(_span(version) for version in self._organization.versions.get(fence, []))

    def _assigned(self, fence: FenceId) -> list[Interval]:
        assigned: list[Interval] = []
        for assignment in self._organization.assignments.get(fence, []):
            span = (assignment.from_ms, assignment.until_ms)
            assigned += [span] if assignment.group is None else intersection([span], self._memberships.get(assignment.group, ()))
        return union(assigned)


def memberships(rows: Iterable[tuple[GroupId, int, int | None]]) -> dict[GroupId, list[Interval]]:
    """A person's groups with the intervals of membership, of rows (group, from_ms, until_ms or None)."""
    found: dict[GroupId, list[Interval]] = {}
    for group, from_ms, until_ms in rows:
        found.setdefault(group, []).append((from_ms, FOREVER if until_ms is None else until_ms))
    return found


def _span(version: FenceVersion) -> Interval:
    return (version.valid_from_ms, FOREVER if version.valid_until_ms is None else version.valid_until_ms)
