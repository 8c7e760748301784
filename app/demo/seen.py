"""What the product made of it: read back through the services, as the organization may see it."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.accounts import service as accounts
from app.attendance.corrections import Wanted, list_corrections
from app.attendance.lists import Slice
from app.attendance.stays import Look, StaySeen, list_stays
from app.attendance.workdays import Period, days
from app.core.fix import from_ms, to_ms
from app.core.schedule import worked_on
from app.demo.cast import CAST, Role
from app.demo.plan import ZONE, Day
from app.geofences import service as geofences
from app.ports import Deps

UNKNOWN_AFTER_MS = 1_800_000
SILENCE = timedelta(hours=12)
BACK = timedelta(hours=20)
MOST_STAYS = 1_000


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `standing`: inside, unknown, left or away; `since_ms`: entered, last heard of, or left."""

    name: str
    group: str
    place: str
    standing: str
    since_ms: int | None
    heard_ms: int | None
    note: str


class Seen:
    """Looks at one organization."""

    def __init__(self, deps: Deps, organization_id: int) -> None:
        self._deps, self.organization_id = deps, organization_id
        with deps.database.tenant(organization_id) as session:
            names = accounts.names_of(session, organization_id, accounts.everybody(session, organization_id))
            self._fences = geofences.fence_names(session, organization_id)
        self.people: dict[str, UUID] = {name: person for person, name in names.items()}

    def stays(self, at_ms: int, back: timedelta = BACK) -> dict[UUID, list[StaySeen]]:
        """The stays that began in the hours before a moment, by person, the newest first."""
        now = from_ms(at_ms)
        wanted = Slice(now - back, now + timedelta(milliseconds=1), limit=MOST_STAYS)
        found: dict[UUID, list[StaySeen]] = {}
        with self._deps.database.tenant(self.organization_id) as session:
            for stay in list_stays(session, Look(self.organization_id, now), wanted, person_id=None, fence_id=None):
                found.setdefault(stay.person_id, []).append(stay)
        return found

    def table(self, at_ms: int, heard_ms: dict[str, int], plans: dict[str, Day]) -> list[Row]:
        """Everybody of the cast at a moment, whoever something happens to first."""
        stays = self.stays(at_ms)
        rows = [
            self._row(role, stays.get(self.people[role.name], []), at_ms, heard_ms.get(role.name), plans.get(role.name)) for role in CAST
        ]
        return sorted(rows, key=lambda row: not row.note)

    def _row(self, role: Role, stays: list[StaySeen], at_ms: int, heard_ms: int | None, plan: Day | None) -> Row:
        note = next((note.text for note in reversed(plan.notes) if note.at_ms <= at_ms), "") if plan else ""
        if not stays:
            return Row(role.name, role.group, "", "away", None, heard_ms, note)
        stay = next((stay for stay in stays if is_open(stay, at_ms)), stays[0])
        place, since_ms = self._fences.get(stay.fence_id, ""), to_ms(stay.entered_at)
        if not is_open(stay, at_ms):
            return Row(role.name, role.group, place, "left", to_ms(stay.left_at or stay.last_inside_at), heard_ms, note)
        if (inside_ms := to_ms(stay.last_inside_at)) <= at_ms:  # somebody else may speak for this phone
            heard_ms = max(heard_ms or 0, inside_ms)
        if heard_ms is not None and at_ms - heard_ms > UNKNOWN_AFTER_MS:
            return Row(role.name, role.group, place, "unknown", heard_ms, heard_ms, note)
        return Row(role.name, role.group, place, "inside", since_ms, heard_ms, note)

    def became(self, name: str, day: date, at_ms: int) -> str:
        """What is on record of somebody's stays on a day, in a few words."""
        stays = self.stays(at_ms, timedelta(days=8)).get(self.people[name], [])
        of_day = [stay for stay in reversed(stays) if local_day(to_ms(stay.entered_at)) == day]
        return "; ".join(_told(stay, self._fences.get(stay.fence_id, "")) for stay in of_day) or "no stay"

    def corrections(self) -> Counter[str]:
        """How many corrections there are of all days, by what became of them."""
        with self._deps.database.tenant(self.organization_id) as session:
            found = list_corrections(session, self.organization_id, Wanted(), None, MOST_STAYS)
            return Counter(row.status for row in found)

    def counts(self, day: date, at_ms: int) -> Counter[str]:
        """Stays, crossings, workdays and questions of a day."""
        found: Counter[str] = Counter()
        for of_person in self.stays(at_ms, timedelta(days=8)).values():
            for stay in (stay for stay in of_person if local_day(to_ms(stay.entered_at)) == day):
                found["stays"] += 1
                found["crossings"] += 1 + (stay.ended == "confirmed")
        with self._deps.database.tenant(self.organization_id) as session:
            of_day = days(session, Look(self.organization_id, from_ms(at_ms)), list(self.people.values()), Period(day, day))
        for one in (one for of_person in of_day.values() for one in of_person):
            found["workdays"] += 1
            found["questions to people"] += len(one.result["questions"])
        return found


def is_open(stay: StaySeen, at_ms: int) -> bool:
    """Whether the stay was open at a moment, as far as was known then: what ended it may have been decided later, silence after its term."""
    ended_at = stay.decided_at or (stay.left_at and stay.left_at + SILENCE if stay.cut == "gap" else stay.left_at)
    return to_ms(stay.entered_at) <= at_ms and (ended_at is None or to_ms(ended_at) > at_ms)


def clock(at_ms: int | None, now_ms: int | None = None) -> str:
    """A local clock time; with its weekday when it is long before `now_ms`."""
    if at_ms is None:
        return ""
    is_old = now_ms is not None and now_ms - at_ms > BACK / timedelta(milliseconds=1)
    return f"{from_ms(at_ms).astimezone(ZoneInfo(ZONE)):{'%a %H:%M' if is_old else '%H:%M'}}"


def local_day(at_ms: int) -> date:
    """The local date."""
    return worked_on(at_ms, ZONE)


def _told(stay: StaySeen, fence: str) -> str:
    end = "still there" if stay.left_at is None else f"{clock(to_ms(stay.left_at))} ({stay.ended})"
    return f"{fence} {clock(to_ms(stay.entered_at))} - {end}"
