"""Visitors are invited, and somebody comes for them when they arrive."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import icalendar
import pytest
from sqlalchemy import event

from app import wiring
from app.accounts.models import OrganizationModule, Site
from app.accounts.service import AccountsIdentity
from app.adapters.clock import SetClock
from app.attendance.models import Punch
from app.config import Settings
from app.core.visits import purge_after
from app.db.transaction import Database
from app.outbox.carry import carry_together
from app.outbox.publish import publish
from app.ports import Parcel
from app.subscriptions import HANDLERS
from app.visitors import chain, fields, telling, tokens
from app.visitors.models import HostDelegate, Invitation, Visit, VisitNotice, Visitor, VisitSettings, VisitType
from tests.factories import NOW, World, deps_of
from tests.messaging.road import Road

ZONE = "Europe/Amsterdam"
STARTS = NOW + timedelta(days=1)


@pytest.fixture
def road(database: Database, settings: Settings) -> Road:
    wiring.join_hooks()
    world, clock = World(database), SetClock(NOW)
    world.add(*(OrganizationModule(module=module) for module in ("visitors", "messages")))
    deps = deps_of(settings=settings, database=database, clock=clock, identity=AccountsIdentity(database, settings))
    return Road(world, replace(deps, settings=settings.model_copy(update={"email_from": "Muster <muster@example.org>"})), clock)


class House:
    """A site that receives, with a kind of visit."""

    def __init__(self, road: Road, **kept: object) -> None:
        self.road, self.site, self.kind = road, uuid4(), uuid4()
        road.world.add(
            Site(id=self.site, name="HQ", address="Kade 1\nRotterdam"),
            VisitType(
                id=self.kind,
                name="Visitor",
                kind="visitor",
                fields={name: {"purpose": {"en": "To reach you"}, "days": 1} for name in ("email", "telephone")},
            ),
        )
        road.world.add(
            VisitSettings(
                site_id=self.site, **({"chain": [], "directions": {}, "house_rules": {"nl": "Helm op", "en": "Wear a helmet"}} | kept)
            )
        )

    def invite(self, host: UUID | None = None, values: dict[str, str] | None = None, rule: str | None = None, locale: str = "en") -> UUID:
        """An invited visitor, on their way."""
        world, who, about = self.road.world, uuid4(), uuid4()
        kept, until = purge_after(STARTS + timedelta(hours=2), 30, ZONE), STARTS + timedelta(hours=2)
        code = next(tokens.codes(self.road.deps.settings, world.organization_id, who))
        token = tokens.visit_token(self.road.deps.settings, world.organization_id, who)
        world.add(
            Invitation(
                id=about,
                site_id=self.site,
                visit_type_id=self.kind,
                host_id=host,
                starts_at=STARTS,
                ends_at=until,
                timezone=ZONE,
                rule=rule,
                purge_after=kept,
            )
        )
        world.add(
            Visitor(
                id=who, invitation_id=about, name="Jane Guest", locale=locale, purge_after=kept, link_hash=tokens.token_hash(token),
                code_hash=tokens.code_hash(self.road.deps.settings, world.organization_id, code),
            ),
            Visit(
                visitor_id=who, invitation_id=about, visit_type_id=self.kind, site_id=self.site, host_id=host, state="expected", expected_from=STARTS,
                expected_until=until, purge_after=kept,
            ),
        )  # fmt: skip
        with self.road.deps.database.tenant(world.organization_id) as session:
            kind = session.get_one(VisitType, (world.organization_id, self.kind))
            given = {"email": "jane@example.org"} if values is None else values
            fields.keep(session, world.organization_id, who, kind, given, until, ZONE, self.road.deps, invited=True)
        return who

    def tell(self, what: str, *who: UUID, sequence: int = 0) -> None:
        with self.road.deps.database.tenant(self.road.organization_id) as session:
            for invitation in session.query(Invitation):
                invitation.sequence = sequence
            session.flush()
            getattr(telling, what)(session, self.road.organization_id, who, self.road.clock.now(), self.road.deps)
        self.road.work()

    def arrives(self, host: UUID | None, state: str = "on_site", *, stopped: bool = False) -> UUID:
        """Somebody is at the door, and who must know is told; the visit."""
        found = self.comes(host, state, stopped=stopped)
        self.road.work()
        return found

    def comes(self, host: UUID | None, state: str = "on_site", *, stopped: bool = False) -> UUID:
        """Somebody is at the door; the visit."""
        self.invite(host, {})
        with self.road.deps.database.tenant(self.road.organization_id) as session:
            visit = session.query(Visit).order_by(Visit.id.desc()).first()
            assert visit is not None
            visit.state, visit.arrived_at, visit.arrived_by, visit.stopped = state, NOW, "kiosk", stopped
            body = {"visit": str(visit.id), "site": str(visit.site_id), "at": NOW.isoformat()}
            publish(session, self.road.organization_id, "visitors.arrived" if state == "on_site" else chain.WAITS, body, due_at=NOW)
            return visit.id

    def answer(self, visit_id: UUID, said: str, person: UUID) -> None:
        with self.road.deps.database.tenant(self.road.organization_id) as session:
            chain.answer(
                session, session.get_one(Visit, (self.road.organization_id, visit_id)), said, person, self.road.clock.now(), self.road.deps
            )
        self.road.work()

    def told(self) -> list[UUID]:
        """Who was told, in order."""
        return [one.person_id for one in sorted(self.road.world.rows(VisitNotice), key=lambda one: (one.step, one.id))]


def entry(parcel: Parcel) -> tuple[str, icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(parcel.calendar or "")
    return str(calendar["METHOD"]), calendar.events[0]


def test_an_invitation_says_where_when_with_whom_by_which_code_and_until_when_it_is_kept(road: Road) -> None:
    house, host = House(road), road.person("sms")
    who = house.invite(host)
    house.tell("invited", who)
    [parcel] = road.email.had
    code = next(tokens.codes(road.deps.settings, road.organization_id, who))
    link = tokens.visit_url(road.deps.settings, road.organization_id, who)
    for words in ("Jane Guest", "HQ, Kade 1 Rotterdam", "Somebody", "Wear a helmet", code, link, "We delete your data on"):
        assert words in parcel.text
    assert parcel.qr == f"muster:visit:{link.rsplit('/', 1)[1]}"
    method, event = entry(parcel)
    assert (method, event["ATTENDEE"], event["ORGANIZER"]) == ("REQUEST", "mailto:jane@example.org", "mailto:muster@example.org")


def test_a_change_and_a_cancellation_are_of_the_same_entry_and_each_is_told_once(road: Road) -> None:
    house = House(road)
    who = house.invite()
    house.tell("invited", who)
    house.tell("changed", who, sequence=1)
    house.tell("changed", who, sequence=1)
    house.tell("cancelled", who, sequence=2)
    found = [entry(parcel) for parcel in road.email.had]
    assert [(method, event["SEQUENCE"]) for method, event in found] == [("REQUEST", 0), ("REQUEST", 1), ("CANCEL", 2)]
    assert len({event["UID"] for _, event in found}) == 1
    assert road.email.had[-1].qr is None


def test_by_sms_the_invitation_is_short(road: Road) -> None:
    house = House(road)
    house.tell("invited", house.invite(values={"telephone": "+31612345678"}, locale="nl"))
    [parcel] = road.sms.had
    assert ": je bent uitgenodigd op" in parcel.text
    assert "Helm op" not in parcel.text
    assert len(parcel.text) < 306


def test_who_left_no_address_is_told_nothing(road: Road) -> None:
    house = House(road)
    house.tell("invited", house.invite(values={}))
    assert road.email.had + road.sms.had == []


def test_a_crowd_is_told_of_in_as_many_statements_as_one_visitor(road: Road) -> None:
    house = House(road)
    hosts = [road.person("sms") for _ in range(13)]
    counted: list[int] = []
    for some in (hosts[:1], hosts[1:2], hosts[2:]):
        came = [house.comes(host) for host in some]
        seen: list[object] = []

        def note(*_: object, seen: list[object] = seen) -> None:
            seen.append(None)

        event.listen(road.deps.database.engine, "before_cursor_execute", note)
        done = carry_together(road.deps, HANDLERS, road.organization_id, [row.id for row in road.waiting("visitors.arrived")])
        event.remove(road.deps.database.engine, "before_cursor_execute", note)
        assert len(done) == len(came)
        counted.append(len(seen))
    assert counted[1] == counted[2], f"the first makes the organization's key, {counted}"
    assert sorted(house.told()) == sorted(hosts)
    road.work()
    assert len(road.sms.had) == len(hosts)


def test_the_host_is_told_and_then_whoever_is_next_until_somebody_comes(road: Road) -> None:
    host, delegate, default = (road.person("sms") for _ in range(3))
    house = House(road, default_host_id=default)
    road.world.add(HostDelegate(person_id=host, delegate_id=delegate))
    visit = house.arrives(host)
    assert house.told() == [host]
    assert "/h/h" in road.sms.had[0].text
    road.later(seconds=61)
    assert house.told() == [host, delegate]
    house.answer(visit, "not_today", delegate)
    assert house.told() == [host, delegate, default]
    house.answer(visit, "coming", default)
    road.later(seconds=300)
    assert house.told() == [host, delegate, default]
    assert len(road.sms.had) == 3


def test_work_for_a_step_that_was_taken_already_does_nothing(road: Road) -> None:
    host, default = road.person("sms"), road.person("sms")
    house = House(road, default_host_id=default)
    visit = house.arrives(host)
    house.answer(visit, "send_someone", host)
    road.later(seconds=61)
    assert house.told() == [host, default]


def test_who_clocked_out_is_passed_over_where_the_instruction_names_safety_and_told_where_it_does_not(road: Road) -> None:
    host, default = road.person("sms"), road.person("sms")
    house = House(road, default_host_id=default)
    for person, kind, at in ((host, "out", NOW - timedelta(hours=1)), (default, "in", NOW - timedelta(hours=2))):
        road.world.add(Punch(person_id=person, kind=kind, at=at, method="button"))
    house.arrives(host)
    assert house.told() == [host]
    road.world.instruction(purposes=("attendance", "safety"))
    house.arrives(host)
    assert house.told() == [host, default]


def test_who_waits_because_of_the_deny_list_is_told_to_the_reception_alone(road: Road) -> None:
    host, default = road.person("sms"), road.person("sms")
    house = House(road, default_host_id=default)
    house.arrives(host, "waiting")
    assert len(road.sms.had) == 1
    house.arrives(host, "waiting", stopped=True)
    assert len(road.sms.had) == 1
