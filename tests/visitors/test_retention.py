"""What is kept of visitors goes on the day that was promised, whether or not anybody signed out; and the clock takes nobody off a roll call."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from app.accounts.models import Group, GroupMember, OrganizationModule, Person, Site
from app.accounts.service import AccountsIdentity
from app.actor import Actor
from app.adapters.clock import SetClock
from app.config import Settings
from app.core.visits import deletes_on, purge_after
from app.db.base import Model
from app.db.transaction import Database
from app.messaging import guests
from app.messaging.models import Guest, Message, Recipient
from app.outbox.models import Outbox
from app.ports import Deps, GuestAddress
from app.visitors import agreements, fields, retention, roll_calls
from app.visitors.agreements import Agreed
from app.visitors.ending import end_assumed, tell_overstays
from app.visitors.models import (
    Agreement,
    AgreementSignature,
    AgreementVersion,
    DenyEntry,
    RollCall,
    RollCallNote,
    Visit,
    Visitor,
    VisitorField,
    VisitRetention,
    VisitSettings,
    VisitType,
)
from app.visitors.roll_calls import NewRollCall
from tests.attendance.desk import Desk
from tests.factories import NOW, World, deps_of

ZONE = "Europe/Amsterdam"
CANARY = "Canary Vogelvrij 4711"


@pytest.fixture
def world(database: Database) -> World:
    world = World(database)
    world.add(OrganizationModule(module="visitors"))
    return world


@pytest.fixture
def deps(settings: Settings, database: Database) -> Deps:
    return deps_of(settings=settings, database=database, clock=SetClock(NOW), identity=AccountsIdentity(database, settings))


@pytest.fixture
def site(world: World) -> UUID:
    found = uuid4()
    world.add(Site(id=found, name="Dock", timezone=ZONE))
    return found


def kind(world: World, **facts: Any) -> UUID:
    found = uuid4()
    world.add(VisitType(id=found, **{"name": f"Kind {found}", "kind": "visitor", **facts}))
    return found


def came(world: World, site: UUID, of: UUID, until: datetime, *, days: int = 30, name: str = CANARY, **facts: Any) -> UUID:
    """Somebody who arrived three hours before they are expected to leave, and never signed out."""
    who = uuid4()
    kept = purge_after(until, days, ZONE)
    given = {"state": "on_site", "arrived_at": until - timedelta(hours=3), "arrived_by": "kiosk", **facts}
    world.add(
        Visitor(id=who, name=name, locale="nl", link_hash=who.bytes * 2, purge_after=kept),
        Visit(
            id=who, visitor_id=who, visit_type_id=of, site_id=site, expected_from=until - timedelta(hours=3), expected_until=until,
            purge_after=kept, **given,
        ),
    )  # fmt: skip
    return who


def host_of(world: World) -> UUID:
    found = uuid4()
    world.add(Person(id=found, name="Hanna Host"))
    return found


def forget(deps: Deps, world: World, at: datetime) -> int:
    return retention.forget_expired(deps, world.organization_id, at)


@pytest.mark.parametrize(
    ("until", "days", "kept"),
    [
        (datetime(2028, 2, 27, 16, tzinfo=UTC), 2, date(2028, 2, 29)),
        (datetime(2028, 2, 28, 16, tzinfo=UTC), 2, date(2028, 3, 1)),
        (datetime(2027, 2, 27, 16, tzinfo=UTC), 2, date(2027, 3, 1)),
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), 1, date(2026, 3, 30)),  # half past midnight on the day the clocks go forward
        (datetime(2026, 10, 24, 22, 30, tzinfo=UTC), 1, date(2026, 10, 26)),  # and on the day they go back
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), 1, date(2027, 1, 2)),
    ],
)
def test_a_visit_that_was_never_signed_out_is_gone_on_the_day_that_was_promised(  # noqa: PLR0917 (a row of the table)
    world: World, deps: Deps, site: UUID, until: datetime, days: int, kept: date
) -> None:
    came(world, site, kind(world), until, days=days)
    midnight = datetime(kept.year, kept.month, kept.day, tzinfo=UTC) + timedelta(days=1) - timedelta(hours=2)
    # 22:00 UTC: midnight in Amsterdam in summer, an hour before it in winter.
    before, after = midnight - timedelta(minutes=1), midnight + timedelta(hours=1, minutes=1)
    assert deletes_on(kept) == kept + timedelta(days=1)
    forget(deps, world, before)
    assert len(world.rows(Visitor)) == 1
    forget(deps, world, after)
    assert (world.rows(Visitor), world.rows(Visit)) == ([], [])


def test_each_field_goes_on_its_own_day_and_the_visitor_after_them(world: World, deps: Deps, site: UUID) -> None:
    ask = {"purpose": {"en": "parking"}, "required": False}
    of = kind(world, fields={"plate": ask | {"days": 1}, "company": ask | {"days": 5}})
    who = came(world, site, of, NOW, days=10)
    with deps.database.tenant(world.organization_id) as session:
        type_ = session.get_one(VisitType, (world.organization_id, of))
        fields.keep(session, world.organization_id, who, type_, {"plate": "GZ-99-XX", "company": CANARY}, NOW, ZONE, deps)
    for days, left in ((1, {"plate", "company"}), (2, {"company"}), (5, {"company"}), (6, set())):
        forget(deps, world, NOW + timedelta(days=days))
        assert {one.field for one in world.rows(VisitorField)} == left, days
    assert len(world.rows(Visitor)) == 1
    forget(deps, world, NOW + timedelta(days=11))
    assert world.rows(Visitor) == []


def test_a_canary_visitor_is_gone_everywhere_and_what_they_signed_names_nobody(world: World, deps: Deps, site: UUID) -> None:
    organization, of, version = world.organization_id, kind(world), uuid4()
    who = came(world, site, of, NOW, days=3)
    agreement = uuid4()
    world.add(
        Agreement(id=agreement, name="Safety", keep_days=20),
        AgreementVersion(id=version, agreement_id=agreement, number=1, texts={"en": "Be careful"}, sha256={"en": "a" * 64}),
    )
    with deps.database.tenant(organization) as session:
        visitor = session.get_one(Visitor, (organization, who))
        agreements.sign(session, organization, visitor, [Agreed(version, "en", "a" * 64)], NOW, deps)
        guests.keep(session, organization, [GuestAddress(who, CANARY, "nl", email="canary@example.test")], deps)
    assert world.rows(Guest)
    forget(deps, world, NOW + timedelta(days=4))
    assert holding(deps, world, (CANARY, str(who))) == []
    (signature,) = world.rows(AgreementSignature)
    assert signature.visitor_id is None
    forget(deps, world, NOW + timedelta(days=20))
    assert world.rows(AgreementSignature)
    forget(deps, world, NOW + timedelta(days=21))
    assert world.rows(AgreementSignature) == []
    assert world.rows(AgreementVersion)


def holding(deps: Deps, world: World, words: tuple[str, ...]) -> list[str]:
    """The tables that still hold one of these."""
    found = []
    with deps.database.tenant(world.organization_id) as session:
        for table in Model.metadata.sorted_tables:
            if "organization_id" not in table.columns:
                continue
            for word in words:
                query = text(f"SELECT count(*) FROM {table.name} t WHERE t.organization_id = :o AND t::text LIKE :w")
                if session.scalar(query, {"o": world.organization_id, "w": f"%{word}%"}):
                    found.append(table.name)
    return found


def test_a_run_is_recorded_once_a_day_and_entries_and_roll_calls_go_too(world: World, deps: Deps) -> None:
    world.add(
        DenyEntry(name_hash=b"n" * 32, sound_hash=b"s" * 32, reason="theft", expires_on=NOW.date()),
        RollCall(id=uuid4(), exercise="exercise", site_ids=[], ended_at=NOW, purge_after=NOW.date() + timedelta(days=1)),
        RollCall(
            id=uuid4(), exercise="exercise", site_ids=[], created_at=NOW - timedelta(days=91), purge_after=NOW.date() - timedelta(days=1)
        ),
    )
    assert forget(deps, world, NOW) == 1
    assert forget(deps, world, NOW + timedelta(minutes=1)) == 0
    assert forget(deps, world, NOW + timedelta(days=1)) == 1
    assert forget(deps, world, NOW + timedelta(days=2)) == 1
    runs = sorted(world.rows(VisitRetention), key=lambda one: one.ran_at)
    assert [(one.cutoff, one.counts["denied"], one.counts["roll_calls"]) for one in runs] == [
        (NOW.date(), 0, 1),
        (NOW.date() + timedelta(days=1), 1, 0),
        (NOW.date() + timedelta(days=2), 0, 1),
    ]


def test_the_clock_ends_a_visit_and_it_stays_on_the_roll_call_of_that_day(world: World, deps: Deps, site: UUID) -> None:
    of = kind(world, assumed_after_min=60)
    who = came(world, site, of, NOW)
    organization = world.organization_id
    assert end_assumed(deps, organization, NOW + timedelta(minutes=59)) == 0
    ended = NOW + timedelta(minutes=60)
    assert end_assumed(deps, organization, ended) == 1
    assert end_assumed(deps, organization, ended) == 0
    (visit,) = world.rows(Visit)
    assert (visit.state, visit.left_by, visit.left_at) == ("left_assumed", "clock", ended)
    with deps.database.tenant(organization) as session:
        assert [(one.visit_id, one.state) for one in deps.visits.on_site(session, organization, ended)] == [(who, "left_assumed")]
        later = [bool(deps.visits.on_site(session, organization, ended + timedelta(hours=hours))) for hours in (12, 36)]
        assert later == [True, False], "the date alone takes nobody off, also when midnight lies between"
    assert [row.body for row in world.rows(Outbox) if row.kind == "visitors.left"] == [{"visit": str(who), "site": str(site)}]


def test_a_host_is_asked_once_about_somebody_who_stays_too_long(world: World, deps: Deps, site: UUID) -> None:
    host = host_of(world)
    came(world, site, kind(world, overstay_after_min=15), NOW, host_id=host)
    came(world, site, kind(world), NOW, host_id=host, name="Nobody Minds")
    assert tell_overstays(deps, world.organization_id, NOW + timedelta(minutes=14)) == 0
    assert tell_overstays(deps, world.organization_id, NOW + timedelta(minutes=15)) == 1
    assert tell_overstays(deps, world.organization_id, NOW + timedelta(minutes=30)) == 0
    (notice,) = [one for one in world.rows(Message) if one.kind == "notice"]
    (recipient,) = world.rows(Recipient)
    assert (recipient.person_id, recipient.message_id) == (host, notice.id)
    assert sorted(one.overstay_told_at is None for one in world.rows(Visit)) == [False, True]


def test_whom_nobody_receives_is_told_to_the_reception_when_they_stay_too_long(world: World, deps: Deps, site: UUID) -> None:
    screens, elsewhere, guard = Desk(world, deps), uuid4(), host_of(world)
    world.add(Site(id=elsewhere, name="Elsewhere"))
    desk, second, gone, other = (screens.member("reception").person_id for _ in range(4))
    screens.member("manager")
    with deps.database.tenant(world.organization_id) as session:
        session.get_one(Person, (world.organization_id, gone)).left_at = NOW - timedelta(days=1)
        session.get_one(Person, (world.organization_id, second)).site_id = site
        session.get_one(Person, (world.organization_id, other)).site_id = elsewhere
    of = kind(world, overstay_after_min=15)
    came(world, site, of, NOW)
    assert tell_overstays(deps, world.organization_id, NOW + timedelta(minutes=15)) == 1
    assert told(world) == sorted([desk, second])
    world.add(Group(id=(group := uuid4()), name="Gate"), GroupMember(group_id=group, person_id=guard, valid_from=NOW))
    world.add(VisitSettings(site_id=site, reception_group_id=group))
    came(world, site, of, NOW, name="Second", host_id=gone)  # a host who left the organization is no host
    assert tell_overstays(deps, world.organization_id, NOW + timedelta(minutes=16)) == 1
    assert told(world) == sorted([desk, second, guard])


def told(world: World) -> list[UUID]:
    return sorted(one.person_id for one in world.rows(Recipient) if one.person_id)


def test_a_roll_call_that_nobody_ended_ends_itself_says_so_and_is_deleted_on_the_day_known_at_its_start(
    world: World, deps: Deps, site: UUID
) -> None:
    organization, actor = world.organization_id, Actor("member", frozenset({"responder"}), world.organization_id, host_of(world))
    began = datetime(
        2027, 12, 28, 22, 30, tzinfo=UTC
    )  # the local date is the 28th; three days and ninety later is 30 March 2028: a leap day, and a change of the clocks
    with deps.database.tenant(organization) as session:
        one = roll_calls.start(session, actor, NewRollCall(None, [site], "exercise"), began, deps)
        roll_calls.start(session, actor, NewRollCall(uuid4(), [site], "exercise"), began + timedelta(hours=1), deps)
        main = one.id
    assert {row.purge_after for row in world.rows(RollCall) if row.id == main} == {date(2028, 3, 30)}
    due = began + roll_calls.RUNS_FOR
    assert roll_calls.end_forgotten(deps, organization, due - timedelta(seconds=1)) == 0
    assert roll_calls.end_forgotten(deps, organization, due) == 1
    assert roll_calls.end_forgotten(deps, organization, due) == 0
    assert {(row.ended_at, row.ended_by, row.purge_after) for row in world.rows(RollCall)} == {(due, None, date(2028, 3, 30))}
    (note,) = world.rows(RollCallNote)
    assert note.responder_id is None
    with deps.database.tenant(organization) as session:
        said = deps.keyring.open(session, organization, note.sealed_text, roll_calls.ABOUT_NOTE).decode()
    assert said in roll_calls.ENDED_ITSELF.values()
    forget(deps, world, datetime(2028, 3, 30, 21, 59, tzinfo=UTC))
    assert world.rows(RollCall)
    forget(deps, world, datetime(2028, 3, 30, 22, 1, tzinfo=UTC))
    assert (world.rows(RollCall), world.rows(RollCallNote)) == ([], [])


def test_a_roll_call_that_was_ended_is_deleted_ninety_days_later(world: World, deps: Deps, site: UUID) -> None:
    actor = Actor("member", frozenset({"responder"}), world.organization_id, host_of(world))
    with deps.database.tenant(world.organization_id) as session:
        one = roll_calls.start(session, actor, NewRollCall(None, [site], "actual"), NOW, deps)
        roll_calls.end(session, actor, one.id, NOW + timedelta(hours=1))
    (row,) = world.rows(RollCall)
    assert row.purge_after == NOW.date() + timedelta(days=90)
