"""An opt-out and a phone that fell silent are told alike: two people with the same sightings, one of whom used the switch.

`Twins` plays the same moments for both. Whoever opts out keeps a phone that sends on, and every ping of that time is refused; the other's phone
is silent meanwhile. After every step everything that others can learn about the two must be the same, to the id and the revision.
"""

import csv
import io
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.attendance.jobs import close_outlived_stays, forget_old_attendance
from app.attendance.models import Stay
from app.attendance.service import record_pings
from app.authority import ACTIONS
from app.outbox.models import LiveEvent
from app.privacy import texts
from app.privacy.models import RefusalCount
from app.privacy.service import switches
from app.privacy.service.windows import Holder, Weekly, create_window
from tests.attendance.desk import API, Desk, Who
from tests.factories import LONG_AGO, NOW, Phone

Step = tuple[float, str]
"""Minutes after DAWN, and what happens: a ping inside, outside or unclear, an act at the switch, or just the passing of time."""
LATENESS = timedelta(days=7)
DAWN = NOW.replace(hour=6) - timedelta(days=1)
HOUR = 60
RETURNS = {"off": "on", "pause": "resume"}
PLACES = {"in": (0.0, 10.0), "out": (3_000.0, 10.0), "near": (150.0, 60.0)}
PERIOD = {"since": LONG_AGO.isoformat(), "until": (NOW + timedelta(days=30)).isoformat()}
DAYS = {"first": "2026-06-01", "last": "2026-06-06"}


@dataclass
class Twins:
    """`quiet` opts out, `silent` has a phone that falls silent. `ids` gives what others see of each a number, by first sight."""

    desk: Desk
    shares: bool = True
    ids: dict[UUID, dict[str, int]] = field(default_factory=dict)
    manager: Who | None = None
    """Who looks, signed in again after an hour: many hours pass here."""
    since: datetime = DAWN

    def __post_init__(self) -> None:
        self.desk.at(DAWN - timedelta(hours=1))
        self.quiet, self.silent = self.both = self.desk.world.phone(), self.desk.world.phone()
        for phone in self.both:
            self._act(phone, "on")
        self.desk.work()

    def play(self, *steps: Step) -> None:
        """After every step compare what changes by itself; after the last one everything."""
        for number, (minutes, act) in enumerate(steps, 1):
            self.desk.at(DAWN + timedelta(minutes=minutes))
            if act in PLACES:
                self._send(self.quiet, act)
                if self.shares:
                    self._send(self.silent, act)
            elif act != "tick":
                self.shares = act in {"on", "resume"}
                self._act(self.quiet, act)
            self.desk.work()
            close_outlived_stays(self.desk.deps, self.desk.world.organization_id, self.desk.clock.now())
            self.compare(f"{minutes} {act}", deep=number == len(steps))

    def compare(self, when: str, *, deep: bool) -> None:
        if self.manager is None or self.desk.clock.now() - self.since > timedelta(hours=1):
            self.manager, self.since = self.desk.member("manager"), self.desk.clock.now()
        quiet, silent = (self.told(self.manager, phone, deep=deep) for phone in self.both)
        assert quiet == silent, when

    def told(self, manager: Who, phone: Phone, *, deep: bool) -> Any:
        """Everything a manager can learn of a person now."""
        person = str(phone.person_id)
        stays = sorted(manager.get("/stays", person_id=person, **PERIOD)["items"], key=lambda stay: (stay["entered_at"], stay["fence_id"]))
        (days,) = manager.get("/workdays", person_id=person, **DAYS)["items"]
        found = {
            "stays": stays,
            "presence": [(fence["fence_id"], fence["people"]) for fence in manager.get("/presence", person_id=person)["fences"]],
            "days": days["days"],
            "news": self._news(phone),
        }
        if deep:
            found["why"] = [manager.get(f"/stays/{stay['id']}") for stay in stays]
            found["lines"] = [manager.get(f"/workdays/{person}", on=day["worked_on"])["lines"] for day in days["days"]]
            found["corrections"] = manager.get("/corrections", person_id=person)["items"]
            found["files"] = [self._file(manager, kind, person) for kind in ("stays", "workdays")]
        return self._plain(self.ids.setdefault(phone.person_id, {person: -1}), found)

    def _file(self, who: Who, kind: str, person: str) -> list[Any]:
        rows = exported(self.desk, who, kind, person_id=person)
        return sorted([list(row.values()) for row in rows], key=str)

    def _news(self, phone: Phone) -> list[Any]:
        """The news that managers get: an event at the moment of an opt-out would tell it."""
        with self.desk.world.database.tenant(self.desk.world.organization_id) as session:
            rows = session.scalars(
                select(LiveEvent).where(LiveEvent.person_id == phone.person_id).order_by(LiveEvent.transaction_id, LiveEvent.id)
            )
            news = [(row.kind, row.body) for row in rows if ACTIONS[f"{row.kind}.read"].get("manager") == "all"]
        return sorted(news, key=lambda one: str(one[1].get("fence")))

    def _plain(self, known: dict[str, int], thing: Any) -> Any:
        """Ids of the person and of what is theirs as numbers, in order of first sight; a number that changes is an id that changed."""
        if isinstance(thing, dict):
            for key in {"id", "stay", "correction"} & thing.keys():
                if isinstance(thing[key], str):
                    known.setdefault(thing[key], len(known))
            return {key: self._plain(known, value) for key, value in thing.items()}
        if isinstance(thing, list | tuple):
            return [self._plain(known, one) for one in thing]
        return known.get(thing, thing) if isinstance(thing, str) else thing

    def _send(self, phone: Phone, where: str) -> None:
        now = self.desk.clock.now()
        record_pings(self.desk.world.database, phone.claim, [phone.ping(now, *PLACES[where])], now, LATENESS)

    def _act(self, phone: Phone, act: str) -> None:
        now, accepted = self.desk.clock.now(), switches.Acceptance(texts.current("notice", "nl").version, "nl")
        whose = switches.Whose(self.desk.world.organization_id, phone.person_id)
        with self.desk.world.database.tenant(whose.organization_id) as session:
            match act:
                case "on":
                    switches.switch_on(session, whose, accepted, now)
                case "off":
                    switches.switch_off(session, whose, now)
                case "pause":
                    switches.pause(session, whose, now + timedelta(days=2), now)
                case "resume":
                    switches.resume(session, whose, now)


def exported(desk: Desk, who: Who, kind: str, **whose: str) -> list[dict[str, str]]:
    """What somebody exports."""
    made = who.post("/exports", {"kind": kind, "format": "csv", **DAYS, **whose})
    desk.work()
    data = who.client.get(f"{API}/exports/{made['id']}/file", buffered=True).get_data()
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.fixture
def twins(desk: Desk) -> Twins:
    desk.world.circle()
    return Twins(desk)


MORNING: tuple[Step, ...] = ((0, "in"), (10, "in"), (60, "in"))
DOCTOR: tuple[Step, ...] = ((65, "pause"), (70, "in"), (120, "tick"), (125, "resume"), (126, "in"), (200, "in"))
GONE: tuple[Step, ...] = ((300, "out"), (303, "out"), (360, "tick"))
DAYS_OFF: dict[str, tuple[Step, ...]] = {
    "a pause at the doctor's, and back": (*MORNING, *DOCTOR, *GONE),
    "two pauses": (*MORNING, *DOCTOR, (210, "pause"), (240, "resume"), (241, "in"), *GONE),
    "switched off, and gone when back": (*MORNING, (61, "off"), (65, "in"), (180, "on"), (181, "out"), (184, "out"), (240, "in")),
    "switched off for good": (*MORNING, (61, "off"), (70, "out"), (100, "tick"), (14 * HOUR, "tick"), (40 * HOUR, "tick")),
    "off until the next day": (*MORNING, (61, "off"), (24 * HOUR, "on"), (24 * HOUR + 1, "in"), (25 * HOUR, "out"), (26 * HOUR, "out")),
    "paused on the way out": (*MORNING, (90, "out"), (90.5, "pause"), (100, "resume"), (101, "out"), (140, "in"), *GONE),
    "a step outside before the pause": (*MORNING, (90, "out"), (91, "pause"), (95, "resume"), (96, "in"), *GONE),
    "off while elsewhere": ((0, "out"), (5, "off"), (8, "in"), (60, "on"), (61, "in"), *GONE),
    "unclear when back": (*MORNING, (62, "pause"), (90, "resume"), (91, "near"), (100, "in"), *GONE),
}


@pytest.mark.parametrize("day", DAYS_OFF)
def test_an_opt_out_is_told_as_silence_at_every_moment_of(twins: Twins, day: str) -> None:
    twins.play(*DAYS_OFF[day])


def test_an_enter_that_a_pause_interrupted_is_told_as_if_nothing_had_been(desk: Desk) -> None:
    desk.world.circle(enter_after_s=1_200)
    Twins(desk).play((0, "in"), (5, "pause"), (10, "resume"), (11, "in"), (21, "in"), (32, "in"), *GONE)


def test_a_working_window_ends_for_who_opted_out_when_it_ends_for_who_is_silent(desk: Desk) -> None:
    world = desk.world
    world.circle()
    twins = Twins(desk)
    for phone in (twins.quiet, twins.silent):
        with world.database.tenant(world.organization_id) as session:
            weekly = Weekly((1, 2, 3, 4, 5, 6, 7), DAWN.time(), (DAWN + timedelta(hours=4)).time(), valid_from=LONG_AGO.date())
            create_window(session, world.organization_id, Holder(person_id=phone.person_id), weekly, DAWN - timedelta(hours=2))
    desk.work()
    twins.play(*MORNING, (70, "pause"), (4 * HOUR, "tick"), (6 * HOUR, "tick"), (6.5 * HOUR, "resume"), (24 * HOUR, "in"))


def any_day(chance: random.Random) -> list[Step]:
    """Whatever may happen to a phone and its switch."""
    steps: list[Step] = []
    minutes, opted_out = 0.0, ""
    for _ in range(22):
        minutes += chance.choice([1, 2, 3, 5, 20, 40, 150])
        act = chance.choice(["in", "in", "in", "out", "out", "near", "switch"])
        if act == "switch":
            act, opted_out = (RETURNS[opted_out], "") if opted_out else (chance.choice(list(RETURNS)),) * 2
        steps.append((minutes, act))
    return steps


@pytest.mark.parametrize("seed", range(4))
def test_an_opt_out_is_told_as_silence_on_any_day(desk: Desk, seed: int) -> None:
    chance = random.Random(seed)
    desk.world.circle(assume_left_after_s=7_200, enter_after_s=chance.choice([0, 0, 600]))
    desk.world.circle(radius_m=3_200)
    Twins(desk).play(*any_day(chance))


def test_the_person_goes_on_seeing_the_truth(twins: Twins) -> None:
    me = twins.desk.member("employee", person_id=twins.quiet.person_id)
    twins.play(*MORNING, *DOCTOR)
    stays = [(stay["entered_at"], stay["left_at"], stay["ended"], stay["cut"]) for stay in me.get("/stays", **PERIOD)["items"]]
    assert stays == [
        ("2026-06-02T08:06:00Z", None, None, None),
        ("2026-06-02T06:00:00Z", "2026-06-02T07:00:00Z", "assumed", "pause"),
    ]
    (shown,) = me.get("/presence")["fences"]
    assert shown["people"][0]["since"] == "2026-06-02T08:06:00Z"
    assert [(one["kind"], one["at"]) for one in me.get("/me/crossings")] == [("enter", "2026-06-02T06:00:00Z")]


def test_hours_are_one_number_for_the_person_and_for_the_organization(twins: Twins) -> None:
    me = twins.desk.member("employee", person_id=twins.quiet.person_id)
    twins.play(*MORNING, *DOCTOR, *GONE)
    manager, person = twins.desk.member("manager"), str(twins.quiet.person_id)
    mine = me.get(f"/workdays/{person}", on="2026-06-02")
    assert mine == manager.get(f"/workdays/{person}", on="2026-06-02")
    assert mine["worked_ms"] == 5 * 3_600_000
    line = mine["lines"][0]["stay"]
    assert me.get(f"/stays/{line['id']}")["stay"]["left_at"] == "2026-06-02T11:00:00Z"


def test_a_person_is_asked_only_what_silence_would_ask(twins: Twins) -> None:
    people = [twins.desk.member("employee", person_id=phone.person_id) for phone in twins.both]
    days: tuple[tuple[tuple[Step, ...], list[str]], ...] = (
        ((*MORNING, (61, "off"), (120, "tick")), []),
        (((795, "tick"),), ["left_assumed"]),
    )
    for steps, kinds in days:
        twins.play(*steps)
        assert [[one["kind"] for one in who.get("/me/questions")] for who in people] == [kinds, kinds]


def test_others_cannot_open_the_stays_that_only_the_person_is_told(twins: Twins) -> None:
    twins.play(*MORNING, *DOCTOR, *GONE)
    me, manager = twins.desk.member("employee", person_id=twins.quiet.person_id), twins.desk.member("manager")
    mine = {stay["id"] for stay in me.get("/stays", **PERIOD)["items"]}
    theirs = {stay["id"] for stay in manager.get("/stays", person_id=str(twins.quiet.person_id), **PERIOD)["items"]}
    assert len(mine) == 2
    assert len(theirs) == 1
    for stay_id in mine - theirs:
        manager.get(f"/stays/{stay_id}", 404)


def test_a_managers_file_tells_the_managers_own_opt_out_to_nobody_but_a_file_about_oneself_does(twins: Twins) -> None:
    twins.play(*MORNING, *DOCTOR, *GONE)
    me = twins.desk.member("manager", person_id=twins.quiet.person_id)

    assert "pause" not in {row["cut"] for row in exported(twins.desk, me, "stays")}
    assert "pause" in {row["cut"] for row in exported(twins.desk, me, "stays", person_id=str(me.person_id))}


def test_the_counts_of_refused_pings_tell_no_opt_out_then_or_later(twins: Twins) -> None:
    twins.play(*MORNING, (61, "off"), (65, "in"), (90, "on"), (91, "pause"), (95, "in"))
    counted = {row.reason: row.count for row in twins.desk.world.rows(RefusalCount)}
    assert counted == {"switched_off": 1, "paused": 1}
    for days in (0, 3):
        twins.desk.at(DAWN + timedelta(days=days, minutes=100))
        assert twins.desk.member("manager").get("/privacy/refusals", **{"from": "2026-06-01", "until": "2026-06-06"}) == []


def test_an_approved_day_is_corrected_by_late_data_after_a_pause_as_after_silence(twins: Twins) -> None:
    twins.play(*MORNING, (65, "pause"))
    twins.desk.at(DAWN + timedelta(days=2))
    period = {"first": "2026-06-02", "last": "2026-06-02", "despite_questions": True}
    assert twins.desk.member("manager").post("/approvals", period)["approved"] == 2
    twins.play((48 * HOUR, "resume"))
    for phone in twins.both:
        late = [phone.ping(DAWN + timedelta(minutes=minutes), 3_000.0, ping_id=f"late{minutes}") for minutes in (30, 35)]
        record_pings(twins.desk.world.database, phone.claim, late, twins.desk.clock.now(), LATENESS)
    twins.play((48 * HOUR + 1, "tick"))
    assert len(twins.desk.member("manager").get("/corrections")["items"]) == 2


def test_open_stays_of_who_never_came_back_are_deleted_after_their_term(twins: Twins) -> None:
    twins.play(*MORNING, (61, "off"))
    world = twins.desk.world
    for years, left in ((4.9, 3), (5.1, 0)):
        with world.database.tenant(world.organization_id) as session:
            forget_old_attendance(session, world.organization_id, NOW + timedelta(days=365.25 * years))
        assert len(world.rows(Stay)) == left
