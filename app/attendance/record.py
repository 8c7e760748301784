"""What a fold brings, written down: news after what is known, amendments where the past came out differently.

A story is folded day by day (UTC), so that a checkpoint can be taken before each day's first sighting: late data then refolds at most
a day more than it must.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from app.attendance import queries
from app.core.fix import Sighting, from_ms
from app.core.fold import Crossing, Cut, State, Stay, fold, open_stays
from app.core.rules import PersonRules
from app.core.stays import Retold, retell, to_json
from app.outbox import publish

DAY_MS: Final = 86_400_000
ASK: Final = "attendance.ask_to_confirm"
AMENDED: Final = "attendance.amended"
ENTERED: Final = "attendance.entered"
"""Kinds of outbox rows: a stay ended by assumption, so the person is asked; a stay changed on a day that was approved already; somebody came in
somewhere, as others are told it."""


@dataclass
class Telling:
    """What a story brought, as the person or as others are told it."""

    crossings: list[Crossing] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)

    def add(self, crossings: Iterable[Crossing], stays: Iterable[Stay]) -> None:
        """What followed."""
        self.crossings += crossings
        self.stays += [_dated(stay) for stay in stays]


@dataclass
class Story:
    """A fold in progress: where it started, where it is, and what it brought, to the person and to others."""

    state: State
    rules: PersonRules
    own: Telling = field(default_factory=Telling)
    others: Telling = field(default_factory=Telling)
    checkpoints: list[tuple[int, State]] = field(default_factory=list)

    def told(self, sightings: Iterable[Sighting], cuts: list[Cut], now_ms: int) -> "Story":
        """Fold everything up to `now_ms`."""
        ordered = sorted(sightings, key=lambda sighting: sighting.key)
        for day, of_day in groupby(ordered, key=lambda sighting: sighting.recorded_at_ms // DAY_MS):
            if self.state.last_seen_ms is not None and self.state.last_seen_ms // DAY_MS < day:
                self._take([], cuts, day * DAY_MS - 1)
                self.checkpoints.append((day * DAY_MS, self.state))
            self._take(list(of_day), cuts, min(now_ms, (day + 1) * DAY_MS - 1))
        if self.state.cuts_until_ms < now_ms:
            self._take([], cuts, now_ms)
        return self

    def _take(self, sightings: list[Sighting], cuts: list[Cut], until_ms: int) -> None:
        result = fold(self.state, sightings, cuts, self.rules, until_ms)
        self.state = result.state
        self.own.add(result.crossings, result.stays)
        self.others.add(*result.to_others)

    @property
    def brought_something(self) -> bool:
        """Whether anything was decided, in either telling."""
        return any((self.own.crossings, self.own.stays, self.others.crossings, self.others.stays))

    def crossings_against(self, known: queries.Crossings) -> Retold[UUID, Crossing]:
        """How they differ from what was written."""
        return retell(known, self.own.crossings, self.others.crossings)

    def stays_against(self, known: queries.Stays) -> Retold[UUID, Stay]:
        """How the ended stays, and those still open, differ from what was written."""
        own, others = open_stays(self.state.standings), open_stays(self.state.to_others)
        return retell(known, self.own.stays + own, self.others.stays + others)

    def ended_against(self, known: queries.Stays) -> Retold[UUID, Stay]:
        """How the ended stays alone differ from what was written."""
        return retell(known, self.own.stays, self.others.stays)


def _dated(stay: Stay) -> Stay:
    """Of the deciding fact only its time is kept with a stay; the crossing beside it keeps the rest."""
    return stay if stay.decided_by is None else replace(stay, decided_by=(stay.decided_by[0], "", ""))


def write_news(
    connection: queries.Connection, person: dict[str, Any], sightings: list[dict[str, Any]], story: Story, now: datetime
) -> None:
    """Write what followed the state that was there: sightings, the state, and (rarely) new crossings, new and ended stays."""
    queries.keep(connection, person, sightings, story.state)
    _checkpoint(connection, person, story)
    if story.brought_something:
        stays = story.stays_against(queries.open_stays(connection, person))
        _write(connection, person, (story.crossings_against({}), stays), now)


def write_amendments(connection: queries.Connection, person: dict[str, Any], story: Story, since: datetime, now: datetime) -> None:
    """Write how the retold story differs from what was written from `since` on, and say so to whoever approved something."""
    crossings = story.crossings_against(queries.crossings_since(connection, person, since))
    stays = story.stays_against(queries.stays_since(connection, person, since))
    connection.execute(queries.FORGET_CHECKPOINTS, {**person, "since": since})
    queries.save_state(connection, person, story.state)
    _checkpoint(connection, person, story)
    _write(connection, person, (crossings, stays), now)


def write_mended(
    connection: queries.Connection, person: dict[str, Any], story: Story, span: tuple[datetime, datetime], now: datetime
) -> None:
    """`write_amendments` for a story that came to the known state again at the end of [since, until): nothing after it is different."""
    since, until = span
    crossings = story.crossings_against(queries.crossings_since(connection, person, since, until))
    stays = story.ended_against(queries.stays_ended(connection, person, since, until))
    _checkpoint(connection, person, story)
    _write(connection, person, (crossings, stays), now)


def _checkpoint(connection: queries.Connection, person: dict[str, Any], story: Story) -> None:
    for at_ms, state in story.checkpoints:
        connection.execute(queries.ADD_CHECKPOINT, {**person, "at": from_ms(at_ms), "state": queries.as_json(to_json(state))})


def _write(
    connection: queries.Connection,
    person: dict[str, Any],
    changes: tuple[Retold[UUID, Crossing], Retold[UUID, Stay]],
    now: datetime,
) -> None:
    """Write the changes, and tell them, but only as others see them: an opt-out must bring no news, no question and no correction."""
    crossings, stays = changes
    queries.amend_crossings(connection, person, crossings, now)
    added = queries.amend_stays(connection, person, stays, now)
    touched = {**stays.seen.revised, **added}
    if not touched and not stays.seen.withdrawn:
        return
    live: list[publish.News] = [("presence", person["person_id"], _standing(stay)) for stay in touched.values()]
    live += [("presence", person["person_id"], {"stay": str(stay_id), "standing": "withdrawn"}) for stay_id in stays.seen.withdrawn]
    publish.live_hot(connection, person["organization_id"], live)
    _announce(connection, person, added, now)
    ask(connection, person, touched, now)


def _announce(connection: queries.Connection, person: dict[str, Any], added: Mapping[UUID, Stay], now: datetime) -> None:
    """Whoever must know that somebody came in hears it: an alert that is active there (`publish.heard_while`: while there is none, nothing is written)."""
    fences = sorted({str(stay.fence) for stay in added.values() if stay.ended is None})
    if fences:
        body = {"person": str(person["person_id"]), "fences": fences, "at": now.isoformat()}
        publish.publish_hot(connection, person["organization_id"], [(ENTERED, body, now)])


def ask(connection: queries.Connection, person: dict[str, Any], touched: Mapping[UUID, Stay], now: datetime) -> None:
    """What must follow a change: the person who must confirm is asked, and whoever approved the day already looks again."""
    organization_id, person_id = person["organization_id"], person["person_id"]
    asks: list[publish.Work] = [
        (ASK, {"stay": str(stay_id), "person": str(person_id)}, now) for stay_id, stay in touched.items() if stay.ended == "assumed"
    ]
    moments = [moment for stay in touched.values() for moment in (stay.entered_at_ms, stay.left_at_ms or stay.entered_at_ms)]
    if moments and queries.approved_between(connection, person, from_ms(min(moments)), from_ms(max(moments))):
        span = {"person": str(person_id), "from_ms": min(moments), "until_ms": max(moments)}
        asks.append((AMENDED, span, now))
    publish.publish_hot(connection, organization_id, asks)


def _standing(stay: Stay) -> dict[str, Any]:
    """What a screen learns: which fence, in or out, since when. Times in UTC milliseconds."""
    standing = "inside" if stay.ended is None else "left" if stay.ended == "confirmed" else "assumed_left"
    return {"fence": str(stay.fence), "standing": standing, "entered_ms": stay.entered_at_ms, "left_ms": stay.left_at_ms}
