"""Sending a day: phones of people on call through the HTTP API, as late pings that nothing forbids; the others through the services, at their time.

Why not all through the API? It judges a ping by the clock on the wall: a switch that is off now, or a window that has ended, refuses what the
morning would have accepted. Today's pings all go through it.
"""

import json
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from urllib.parse import urlencode
from uuid import UUID

from app.actor import DeviceClaim
from app.adapters.outbound import Peer
from app.attendance.jobs import close_outlived_stays
from app.attendance.phones import lateness_of
from app.attendance.service import record_pings
from app.core.fix import Ping, from_ms
from app.demo.cast import CAST, Role
from app.demo.notes import Notes
from app.demo.plan import MINUTE_MS, Day, Fix, day_of
from app.ports import Deps
from app.privacy import texts
from app.privacy.service import switches
from app.replay import Phone, insist

STEP_MS = 5 * MINUTE_MS
ANSWERED = "answered"
"""What OwnTracks and Traccar Client are told, whatever became of a ping."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that a phone does: it sends a fix, or (None) its owner switches it off."""

    at_ms: int
    role: Role
    fix: Fix | None


@dataclass
class Tally:
    """What was sent, by way, and what became of it, by result."""

    ways: Counter[str] = field(default_factory=Counter)
    results: Counter[str] = field(default_factory=Counter)


def moments(days: Iterable[Day]) -> list[Moment]:
    """Everything that happens on these days, in order of time; of one moment in the order of the phone's queue."""
    found = [Moment(fix.sent_at_ms, day.role, fix) for day in days for fix in day.fixes]
    found += [Moment(day.opts_out_at_ms, day.role, None) for day in days if day.opts_out_at_ms is not None]
    return sorted(found, key=lambda moment: moment.at_ms)


def steps(found: Sequence[Moment], from_ms_: int, until_ms: int, step_ms: int = STEP_MS) -> Iterator[tuple[int, list[Moment]]]:
    """(end of the step, what happens in it), for every step from `from_ms_` until `until_ms`."""
    waiting = [moment for moment in reversed(found) if from_ms_ <= moment.at_ms < until_ms]
    for end_ms in range(from_ms_ + step_ms, until_ms + step_ms, step_ms):
        due = []
        while waiting and waiting[-1].at_ms < end_ms:
            due.append(waiting.pop())
        yield min(end_ms, until_ms), due


class Player:
    """Speaks for all phones of the cast. `last_sign_ms`: when each phone was last heard of, by name."""

    def __init__(self, deps: Deps, peer: Peer, notes: Notes, people: Mapping[str, UUID]) -> None:
        self._deps, self.peer, self._people = deps, peer, people
        self._tokens = notes.tokens()
        self._organization_id = notes.main_id
        self.tally = Tally()
        self.last_sign_ms: dict[str, int] = {}

    def history(self, day: date) -> None:
        """An ordinary day of the past, a batch a phone."""
        for role in CAST:
            fixes = day_of(role, day, special=False).fixes
            if fixes:
                self._through_services(role, fixes)

    def step(self, due: Sequence[Moment], *, live: bool = False, acts: bool = True) -> None:
        """Let happen what is due. `live`: all through the API; without `acts` nobody touches a switch again."""
        for _, of_role in groupby(sorted(due, key=lambda moment: moment.role.name), key=lambda moment: moment.role.name):
            for is_act, run in groupby(of_role, key=lambda moment: moment.fix is None):
                happening = list(run)
                if is_act and acts:
                    self._switch_off(happening[0])
                elif not is_act:
                    self._send(happening[0].role, [moment.fix for moment in happening if moment.fix is not None], live=live)

    def close_outlived(self, at_ms: int) -> None:
        """What the server does every minute, at a moment of the past: stays whose working window ended in silence are closed."""
        close_outlived_stays(self._deps, self._organization_id, from_ms(at_ms))

    def switch_on(self, at_ms: int) -> None:
        """Whoever opted out shares again from this moment; nothing for those who do."""
        accepted = switches.Acceptance(texts.current("notice", "nl").version, "nl")
        for role in (role for role in CAST if role.part == "opts_out"):
            with self._deps.database.tenant(self._organization_id) as session:
                switches.switch_on(session, self._whose(role), accepted, from_ms(at_ms))

    def _switch_off(self, moment: Moment) -> None:
        with self._deps.database.tenant(self._organization_id) as session:
            switches.switch_off(session, self._whose(moment.role), from_ms(moment.at_ms))

    def _whose(self, role: Role) -> switches.Whose:
        return switches.Whose(self._organization_id, self._people[role.name])

    def _send(self, role: Role, fixes: Sequence[Fix], *, live: bool) -> None:
        if not (live or role.always_open):
            self._through_services(role, fixes)
        elif role.client == "native":
            self._native(role, fixes)
        else:
            for fix in fixes:
                self._other_app(role, fix)

    def _through_services(self, role: Role, fixes: Sequence[Fix]) -> None:
        claim = DeviceClaim.read(self._tokens[role.name])
        if claim is None:
            raise LookupError("a token of the notes")
        pings = [_ping(role, fix) for fix in fixes]
        now = from_ms(max(fix.sent_at_ms for fix in fixes))
        results = record_pings(self._deps.database, claim, pings, now, lateness_of(self._deps))
        outcomes = [f"refused: {result.reason}" if result.reason else result.status for result in results]
        self._count("past days by the services", role, fixes, outcomes)

    def _native(self, role: Role, fixes: Sequence[Fix]) -> None:
        items = [
            {
                "id": _id_of(fix),
                "recorded_at": from_ms(fix.recorded_at_ms).isoformat(),
                "latitude": fix.spot.latitude,
                "longitude": fix.spot.longitude,
                "accuracy_m": fix.accuracy_m,
            }
            for fix in fixes
        ]
        answers = Phone(self.peer, self._tokens[role.name]).report(items)
        outcomes = [f"refused: {one['reason']}" if one["status"] == "refused" else str(one["status"]) for one in answers]
        self._count("native by HTTP", role, fixes, outcomes)

    def _other_app(self, role: Role, fix: Fix) -> None:
        token = self._tokens[role.name]
        if role.client == "owntracks":
            headers = {"Authorization": "Basic " + b64encode(f"demo:{token}".encode()).decode(), "Content-Type": "application/json"}
            seen = {"lat": fix.spot.latitude, "lon": fix.spot.longitude, "tst": fix.recorded_at_ms // 1000, "acc": fix.accuracy_m}
            path, body = "/api/v1/ingest/owntracks", json.dumps({"_type": "location", **seen}).encode()
        else:
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            at = from_ms(fix.recorded_at_ms).isoformat()
            seen = {"lat": fix.spot.latitude, "lon": fix.spot.longitude, "accuracy": fix.accuracy_m}
            path, body = f"/api/v1/ingest/traccar/{token}", urlencode({**seen, "timestamp": at}).encode()
        answer = insist(self.peer, path, body, headers)
        self._count(f"{role.client} by HTTP", role, [fix], [ANSWERED if answer.status == 200 else f"refused: {answer.status}"])

    def _count(self, way: str, role: Role, fixes: Sequence[Fix], outcomes: Sequence[str]) -> None:
        self.tally.ways[way] += len(outcomes)
        self.tally.results.update(outcomes)
        heard = [fix.recorded_at_ms for fix, outcome in zip(fixes, outcomes, strict=True) if not outcome.startswith("refused")]
        self.last_sign_ms[role.name] = max([self.last_sign_ms.get(role.name, 0), *heard])


def _ping(role: Role, fix: Fix) -> Ping:
    return Ping(role.name, _id_of(fix), fix.recorded_at_ms, fix.spot.latitude, fix.spot.longitude, fix.accuracy_m, role.client)


def _id_of(fix: Fix) -> str:
    return f"demo:{fix.recorded_at_ms}"
