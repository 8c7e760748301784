"""How a ping becomes attendance: gate, sight, fold, write. Read with `app/core/fold.py`, it is the whole story.

1. **Open**, one round trip and one statement, to which each domain gives its own piece: who holds the token, what the gate knows, which
   fences are current, the person's groups, and the person's state row, locked, so that one person is folded one at a time.
2. **Gate**: a ping that may not be looked at is counted by its reason, and nothing else of it is kept.
3. **Sight**: coordinates become verdicts about the person's fences, and are dropped here. Where the organization chose that phones judge
   (`sightings.py`), positions are refused in step 2 and the phone's own verdicts enter here.
4. **Fold**: pings newer than everything before continue from the state. Anything older takes the slow path: repeats are recognised by key,
   late pings refold the person from the last checkpoint before them, and the difference is written as amendments.
5. **Write**, the second round trip: sightings, state, and (rarely) crossings, stays, events; then commit.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Generic, TypeVar
from uuid import UUID
from zlib import crc32

from app.accounts import service as accounts
from app.actor import DeviceClaim
from app.attendance import queries
from app.attendance.record import Story, write_amendments, write_mended, write_news
from app.core.consent import Evaluation, Gate, refusals
from app.core.consent import cuts as gate_cuts
from app.core.fix import WORSE, Claimed, Ping, Sighting, from_ms, to_ms
from app.core.fold import Cut, Key, State, is_late
from app.core.rules import PersonRules, memberships
from app.core.stays import from_json, to_json
from app.db.transaction import Database
from app.errors import ModuleOff, Unauthorized
from app.geofences import fence_set
from app.privacy import service as privacy


@dataclass(frozen=True, slots=True)
class PingResult:
    """What became of one ping: `accepted`, `repeat`, or `refused` with the reason."""

    status: str
    reason: str | None = None


ACCEPTED, REPEAT = PingResult("accepted"), PingResult("repeat")


@dataclass(frozen=True, slots=True)
class Person:
    """One person as the hot path sees them, after the first round trip."""

    organization_id: int
    person_id: UUID
    device: accounts.DeviceFacts | None
    gate: Gate
    fences: fence_set.FenceSnapshot
    rules: PersonRules
    state: State
    fences_key: str
    fences_told: str | None

    @property
    def parameters(self) -> dict[str, Any]:
        """The key of this person's rows."""
        return {"organization_id": self.organization_id, "person_id": self.person_id}

    @property
    def device_id(self) -> UUID:
        """The device that speaks; `LookupError` when the person was opened by id."""
        if self.device is None:
            raise LookupError("nobody's device")
        return self.device.device_id

    @property
    def module_on(self) -> bool:
        """Whether the organization has attendance switched on."""
        return self.device is not None and "attendance" in self.device.modules

    def cuts(self, after_ms: int, until_ms: int) -> list[Cut]:
        """Every dated fact in (after, until] that ends runs and stays of this person."""
        return gate_cuts(self.gate, after_ms, until_ms) + self.rules.cuts(after_ms, until_ms)


Report = TypeVar("Report", Ping, Claimed)
"""What a phone sends: a position to be judged, or what it found itself."""


@dataclass(frozen=True)
class Judged(Generic[Report]):
    """Who judged a report: what else may be refused of it, and how reports become sightings. All the rest is the same for both."""

    where: Evaluation
    refusal: Callable[[Person, Report], str | None]
    sight: Callable[[Person, Sequence[Report]], list[Sighting]]


ON_SERVER: Final = Judged[Ping]("on_server", lambda _person, _ping: None, lambda person, pings: person.fences.index.sight(pings))


def record_pings(database: Database, claim: DeviceClaim, pings: Sequence[Ping], now: datetime, lateness: timedelta) -> list[PingResult]:
    """Evaluate a device's pings and answer each one, in the order given, after everything is committed.

    A ping's `device` is set here. Raises `Unauthorized` when the token is unknown, revoked or not for pings; `ModuleOff`.
    """
    with database.hot(claim.organization_id) as connection:
        person = open_by_token(connection, claim, now)
        if not person.module_on:
            raise ModuleOff
        return record(connection, person, pings, now, lateness)


def require_device(database: Database, claim: DeviceClaim, now: datetime) -> None:
    """Raises `Unauthorized` unless the token is a live device's that may send pings."""
    with database.hot(claim.organization_id) as connection:
        open_by_token(connection, claim, now)


def open_by_token(connection: queries.Connection, claim: DeviceClaim, now: datetime) -> Person:
    """Step 1. Raises `Unauthorized`."""
    parameters = {"organization_id": claim.organization_id, "token_hash": claim.token_sha256}
    row = connection.execute(queries.OPEN_BY_TOKEN, parameters).fetchone()
    if row is None:
        raise Unauthorized
    device = accounts.device_of(row[5:])
    return _person(connection, (claim.organization_id, device.person_id), device, now, row)


def open_by_id(connection: queries.Connection, organization_id: int, person_id: UUID, now: datetime) -> Person:
    """Step 1 for whoever already knows the person: the tick, a change of consent, a rehearsal."""
    parameters = {"organization_id": organization_id, "person_id": person_id}
    row = connection.execute(queries.OPEN_BY_ID, parameters).fetchone()
    return _person(connection, (organization_id, person_id), None, now, row)


def _person(
    connection: queries.Connection,
    key: tuple[int, UUID],
    device: accounts.DeviceFacts | None,
    now: datetime,
    row: Any,  # noqa: ANN401 (of OPEN)
) -> Person:
    state, fences_told, gate, groups, fence_set_version = row[:5]
    organization_id, person_id = key
    snapshot = fence_set.snapshot(connection, organization_id, fence_set_version, now)
    member_of = memberships(accounts.groups_of(groups))
    rules = PersonRules(snapshot.rules, member_of)
    if state is None:
        state, fences_told = _first_state(connection, organization_id, person_id)
    consent = privacy.gate_of(gate, to_ms(now), snapshot.policy.window_margin_s)
    # Which fences the phone should watch: told again once a day, because a reply may be lost.
    fences_key = f"{now:%Y%m%d}-{snapshot.version}-{crc32(repr(member_of).encode()):x}"
    return Person(organization_id, person_id, device, consent, snapshot, rules, from_json(state), fences_key, fences_told)


def _first_state(connection: queries.Connection, organization_id: int, person_id: UUID) -> Any:  # noqa: ANN401 (a row)
    """Make and lock the row of somebody never seen before. Two first pings race for the insert; the loser waits and reads."""
    parameters = {"organization_id": organization_id, "person_id": person_id}
    connection.execute(queries.FIRST_STATE, {**parameters, "state": queries.as_json(to_json(State()))})
    return connection.execute(queries.LOCK_STATE, parameters).fetchone()


def record(connection: queries.Connection, person: Person, pings: Sequence[Ping], now: datetime, lateness: timedelta) -> list[PingResult]:
    """Steps 2 to 5, for a device that was opened by its token."""
    return record_reports(connection, person, pings, (now, lateness), ON_SERVER)


def record_reports(
    connection: queries.Connection, person: Person, reports: Sequence[Report], when: tuple[datetime, timedelta], judged: Judged[Report]
) -> list[PingResult]:
    """Steps 2 to 5, whoever judged. `when`: now, and how late a report may come."""
    now, lateness = when
    device = str(person.device_id)  # made text once, as keys compare it
    reports = [report.sent_by(device) for report in reports]
    results, accepted = _gated(person, reports, (to_ms(now), int(lateness.total_seconds()) * 1000), judged)
    refused = Counter(result.reason for result in results if result.reason)
    if refused:
        privacy.count_refusals(connection, person.organization_id, now.date(), refused)
    if accepted:
        for key in _evaluate(connection, person, {key: report for key, (_, report) in accepted.items()}, now, judged):
            results[accepted[key][0]] = REPEAT
    return results


def _gated(
    person: Person, reports: Sequence[Report], when_ms: tuple[int, int], judged: Judged[Report]
) -> tuple[list[PingResult], dict[Key, tuple[int, Report]]]:
    """Step 2: the result of every report, and those that may be looked at, each with its index. The first content of a key stands."""
    results: list[PingResult] = []
    accepted: dict[Key, tuple[int, Report]] = {}
    refused = refusals(person.gate, person.device_id, *when_ms, judged.where)
    for index, report in enumerate(reports):
        reason = refused(report.recorded_at_ms) or judged.refusal(person, report)
        key = key_of(report)
        if reason is not None:
            results.append(PingResult("refused", reason))
        elif key in accepted:
            results.append(REPEAT)
        else:
            results.append(ACCEPTED)
            accepted[key] = (index, report)
    return results, accepted


def key_of(report: Ping | Claimed) -> Key:
    """A report's identity and place in the order of evaluation."""
    return (report.recorded_at_ms, str(report.device), report.id)


def _evaluate(
    connection: queries.Connection, person: Person, reports: dict[Key, Report], now: datetime, judged: Judged[Report]
) -> set[Key]:
    """Steps 3 to 5. Returns the keys that were known already. A repeat is never looked at again."""
    now_ms, head = to_ms(now), person.state.head
    old = {key for key in reports if key <= head}
    repeats = _repeats(connection, person, old) if old else set()
    fresh = [report for key, report in reports.items() if key not in repeats]
    if not fresh:
        return repeats
    sightings = [_kept_of(person, sighting, report) for sighting, report in zip(judged.sight(person, fresh), fresh, strict=True)]
    rows = [queries.sighting_row(seen, report.source, mocked=report.mocked) for seen, report in zip(sightings, fresh, strict=True)]
    cuts = person.cuts(person.state.cuts_until_ms, now_ms)
    if is_late(person.state, sightings, cuts, now_ms):
        queries.add_sightings(connection, person.parameters, rows)
        late = [report.recorded_at_ms for report in fresh if key_of(report) <= head]
        if is_late(person.state, [], cuts, now_ms) or not _mended(connection, person, late, now):
            refold(connection, person, min(report.recorded_at_ms for report in fresh), now)
        elif len(late) < len(fresh):
            story = Story(person.state, person.rules).told([seen for seen in sightings if seen.key > head], cuts, now_ms)
            write_news(connection, person.parameters, [], story, now)
    else:
        story = Story(person.state, person.rules).told(sightings, cuts, now_ms)
        write_news(connection, person.parameters, rows, story, now)
    return repeats


def _kept_of(person: Person, sighting: Sighting, report: Ping | Claimed) -> Sighting:
    """The sighting as it is stored: only this person's fences. A fix that a phone merely restated is no new evidence of being outside."""
    own = person.rules.only_theirs(sighting)
    return replace(own, accuracy_class_m=WORSE) if report.restated else own


def _repeats(connection: queries.Connection, person: Person, old: set[Key]) -> set[Key]:
    times = [at_ms for at_ms, _, _ in old]
    return old & queries.known_keys(connection, person.parameters, min(times), max(times))


def _mended(connection: queries.Connection, person: Person, late: list[int], now: datetime) -> bool:
    """Retell only until the story is again what a later checkpoint knew; False: it never is, and nothing was written.

    What follows a state follows from it alone. So a ping of Monday that arrives on Friday costs a day of refolding, not a week, each time.
    """
    start, start_ms = _checkpoint_before(connection, person, min(late))
    story, reached = Story(start, person.rules), from_ms(start_ms)
    for at, known in queries.checkpoints_after(connection, person.parameters, from_ms(max(late))):
        sightings, until_ms = queries.sightings_since(connection, person.parameters, reached, at), to_ms(at) - 1
        story.told(sightings, person.cuts(story.state.cuts_until_ms, until_ms), until_ms)
        if story.state == replace(known, cuts_until_ms=until_ms):  # of a later cut, if it was in, the head would tell
            write_mended(connection, person.parameters, story, (from_ms(start_ms), at), now)
            return True
        reached = at
    return False


def refold(connection: queries.Connection, person: Person, since_ms: int, now: datetime) -> None:
    """Tell the person's story again from the last checkpoint before `since_ms`, and write what came out differently."""
    start, start_ms, sightings = _from_checkpoint(connection, person, since_ms)
    now_ms = to_ms(now)
    story = Story(start, person.rules).told(sightings, person.cuts(start.cuts_until_ms, now_ms), now_ms)
    write_amendments(connection, person.parameters, story, from_ms(start_ms), now)


def _from_checkpoint(connection: queries.Connection, person: Person, at_ms: int) -> tuple[State, int, list[Sighting]]:
    """The last checkpoint at or before a moment, its time, and the sightings since. Without one the story begins with the first sighting kept."""
    start, start_ms = _checkpoint_before(connection, person, at_ms)
    sightings = queries.sightings_since(connection, person.parameters, from_ms(start_ms))
    if start_ms == 0:
        start_ms = min((sighting.recorded_at_ms for sighting in sightings), default=at_ms)
    return start, start_ms, sightings


def _checkpoint_before(connection: queries.Connection, person: Person, at_ms: int) -> tuple[State, int]:
    """The last checkpoint at or before a moment, and its time; without one, nothing at the beginning of time."""
    found = connection.execute(queries.CHECKPOINT_BEFORE, {**person.parameters, "at": from_ms(at_ms)}).fetchone()
    return (from_json(found[1]), to_ms(found[0])) if found else (State(), 0)


def forget_before(database: Database, organization_id: int, person_id: UUID, before: datetime, now: datetime) -> None:
    """Forget a person's sightings before a moment, after a checkpoint at that moment which holds what they said."""
    with database.hot(organization_id) as connection:
        person = open_by_id(connection, organization_id, person_id, now)
        before_ms = to_ms(before)
        start, _, sightings = _from_checkpoint(connection, person, before_ms)
        old = [sighting for sighting in sightings if sighting.recorded_at_ms < before_ms]
        story = Story(start, person.rules).told(old, person.cuts(start.cuts_until_ms, before_ms - 1), before_ms - 1)
        queries.forget_before(connection, person.parameters, before, story.state)


def refold_person(database: Database, organization_id: int, person_id: UUID, since: datetime, now: datetime) -> None:
    """After a change of consent, windows, groups or fences that may reach behind the last sighting: refold from before `since`."""
    with database.hot(organization_id) as connection:
        person = open_by_id(connection, organization_id, person_id, now)
        refold(connection, person, to_ms(since), now)


def close_outlived(database: Database, organization_id: int, people: Iterable[UUID], now: datetime) -> int:
    """End, as records, the open stays whose window or consent ended without a ping to say so.

    Returns how many people were brought up to `now`. Silence is no such end: it stays a projection until the next sighting.
    """
    closed = 0
    for person_id in people:
        with database.hot(organization_id) as connection:
            person = open_by_id(connection, organization_id, person_id, now)
            now_ms = to_ms(now)
            cuts = person.cuts(person.state.cuts_until_ms, now_ms)
            if is_late(person.state, [], cuts, now_ms):
                refold(connection, person, min(cut.at_ms for cut in cuts), now)
            else:
                write_news(connection, person.parameters, [], Story(person.state, person.rules).told([], cuts, now_ms), now)
            closed += 1
    return closed
