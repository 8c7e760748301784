"""What people do by hand: punches of those who carry no phone, a correction, an approval. Through the services, at the time it was done."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from random import Random
from typing import Final, Literal
from uuid import UUID

from app.actor import Actor
from app.attendance import corrections, workdays
from app.attendance.corrections import Change, NewCorrection, Verdict
from app.attendance.punches import NewPunch, record_punch
from app.attendance.stays import Look
from app.core.fix import from_ms
from app.core.schedule import DAY
from app.demo.cast import CAST, OWNER, WITHOUT_PHONE
from app.demo.plan import clock_ms, is_working_day
from app.ports import Deps

BY_HAND: Final = next(role.name for role in CAST if role.signs_in_as == "manager")
HELPER: Final = next(role.name for role in CAST if role.signs_in_as == "employee")


class Desk:
    """Acts for the people of one organization."""

    def __init__(self, deps: Deps, organization_id: int, people: Mapping[str, UUID]) -> None:
        self._deps, self._organization_id, self._people = deps, organization_id, people

    def punches(self, day: date) -> None:
        """In before nine and out after five, by button. Somebody forgets the second on Wednesdays, and will be asked."""
        if not is_working_day(day):
            return
        for name in WITHOUT_PHONE:
            dice = Random(f"{name} {day.isoformat()}")  # noqa: S311  (a play, not a secret)
            self._punch(name, "in", from_ms(clock_ms(day, 8, dice.uniform(48, 66))))
            leaves_at = from_ms(clock_ms(day, 17, dice.uniform(0, 30)))
            if not (name == WITHOUT_PHONE[-1] and day.isoweekday() == 3):
                self._punch(name, "out", leaves_at)

    def correct(self, day: date, now: datetime) -> None:
        """One correction that was approved, and one that still waits."""
        evening = [from_ms(clock_ms(day, hour)) for hour in (19, 21)]
        wanted = NewCorrection(self._people[HELPER], day, Change("add", evening[0], evening[1]), "Storing verholpen vanuit huis.")
        with self._deps.database.tenant(self._organization_id) as session:
            found = corrections.propose(session, self._actor(HELPER, "employee"), wanted, evening[1] + timedelta(hours=1))
            corrections.decide(session, self._actor(BY_HAND, "manager"), found, Verdict("approved", "Klopt."), evening[1] + DAY)
            early = [from_ms(clock_ms(day, 8)), from_ms(clock_ms(day, 8, 45))]
            waiting = NewCorrection(
                self._people[WITHOUT_PHONE[0]], day, Change("add", early[0], early[1]), "Eerder begonnen voor een levering."
            )
            corrections.propose(session, self._actor(WITHOUT_PHONE[0], "employee"), waiting, now)

    def approve(self, day: date, now: datetime) -> int:
        """The owner approves everybody's day; how many were ready."""
        with self._deps.database.tenant(self._organization_id) as session:
            look = Look(self._organization_id, now, self._people[OWNER])
            period = workdays.Period(day, day)
            done = workdays.approve(session, look, list(self._people.values()), period, self._people[OWNER], despite_questions=False)
        return done.approved

    def _punch(self, name: str, kind: Literal["in", "out"], at: datetime) -> None:
        if at > self._deps.clock.now():
            return
        new = NewPunch(kind, f"demo-{kind}-{at:%Y%m%d}")
        with self._deps.database.tenant(self._organization_id) as session:
            record_punch(session, self._actor(name, "employee"), new, at, self._deps, anybody=False)

    def _actor(self, name: str, role: Literal["employee", "manager", "owner"]) -> Actor:
        return Actor("member", frozenset({role}), self._organization_id, self._people[name], modules=frozenset({"attendance", "geofence"}))
