"""Judged on the phone: what the phone needs for it, and what becomes of what it found. Only where the organization's instruction says `on_device`.

1. The phone is given the person's fences as they are now, under the name of a fence set: its version, and a moment at which they were so.
   The name stays the same while nothing changes, but for one step a minute after a change.
2. It judges each fix by `app/core`'s own rules (`pwa/src/geo`, held to the same golden vectors), drops the position and sends the verdicts.
3. The verdicts go through the gate, the fold and the record of a ping (`service.py`); a repeat is a repeat, and late is late.
4. The phone is believed about where it was. It is not believed about what is the person's: a fence that never was theirs refuses the
   sighting, one that is not theirs at that time does not count, and one that was not then what the phone judged by is unclear.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.actor import DeviceClaim
from app.attendance.oneshot import connection_of, gate_of, rules_of
from app.attendance.service import Judged, Person, PingResult, open_by_token, record_reports
from app.core.consent import Evaluation, evaluation_at
from app.core.fix import Claimed, FenceId, Sighting, to_ms
from app.core.policy import FenceVersion
from app.core.rules import PersonRules
from app.db.transaction import Database
from app.errors import ModuleOff
from app.geofences import fence_set

IN_FLIGHT_MS: Final = 60_000
"""No edit of a fence takes longer from its moment to its commit. In an older fence set, what changed so shortly before may be missing."""


@dataclass(frozen=True, slots=True)
class FencesNow:
    """What a phone judges by: id, number, name and version, by number. `evaluation` says whether it should; None while no instruction holds."""

    name: str
    evaluation: Evaluation | None
    fences: list[tuple[UUID, int, str, FenceVersion]]


def record_sightings(
    database: Database, claim: DeviceClaim, claimed: Sequence[Claimed], now: datetime, lateness: timedelta
) -> tuple[list[PingResult], str]:
    """Take what a phone judged itself and answer each one, in the order given, after everything is committed; and the fence set that holds now.

    Raises `Unauthorized` when the token is unknown, revoked or not for pings; `ModuleOff`.
    """
    with database.hot(claim.organization_id) as connection:
        person = open_by_token(connection, claim, now)
        if not person.module_on:
            raise ModuleOff
        return record_reports(connection, person, claimed, (now, lateness), ON_DEVICE), _name(person.fences.version, person.rules, now)


def fences_now(session: Session, organization_id: int, person_id: UUID, now: datetime) -> FencesNow:
    """The fences that hold for a person at this moment, with their shapes and the policies that hold."""
    snapshot = fence_set.of_session(session, organization_id, now)
    rules = rules_of(session, organization_id, person_id, snapshot)
    gate = gate_of(session, organization_id, person_id, now, snapshot.policy.window_margin_s)
    labels = fence_set.labels(connection_of(session), organization_id)
    held = ((fence, number, name, rules.at(fence, to_ms(now))) for fence, (number, name) in labels.items())
    fences = [(fence, number, name, version) for fence, number, name, version in held if version is not None]
    return FencesNow(_name(snapshot.version, rules, now), evaluation_at(gate, to_ms(now)), fences)


def _name(version: int, rules: PersonRules, now: datetime) -> str:
    since_ms = rules.unchanged_since(to_ms(now))
    settled = since_ms + IN_FLIGHT_MS <= to_ms(now)
    return f"{version}.{since_ms + IN_FLIGHT_MS * settled}"


def _refusal(person: Person, claimed: Claimed) -> str | None:
    """A fence that is nobody's, somebody else's or another organization's: all alike, and nothing is told about it."""
    return None if all(person.rules.knows(fence) for fence in (*claimed.inside, *claimed.unclear)) else "unknown_fence"


def _sight(person: Person, claimed: Sequence[Claimed]) -> list[Sighting]:
    return [_believed(person, one) for one in claimed]


def _believed(person: Person, claimed: Claimed) -> Sighting:
    """Step 4. What it may say, sorted as the server's own sightings are."""
    at_ms, rules = claimed.recorded_at_ms, person.rules
    version, told_ms = claimed.fence_set
    changed = rules.changed_between(told_ms - IN_FLIGHT_MS * (version != person.fences.version), at_ms)

    def counts(fence: FenceId) -> bool:
        held = rules.at(fence, at_ms)
        return held is not None and claimed.accuracy_class_m <= held.policy.max_accuracy_m

    inside = sorted((fence for fence in claimed.inside if counts(fence) and fence not in changed), key=str)
    unclear = sorted((fence for fence in {*claimed.unclear, *changed} if counts(fence)), key=str)
    return Sighting(at_ms, claimed.device, claimed.id, tuple(inside), tuple(unclear), claimed.accuracy_class_m)


ON_DEVICE: Final = Judged[Claimed]("on_device", _refusal, _sight)
