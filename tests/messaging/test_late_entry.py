"""Whoever walks in while an alert is active."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg

from app.attendance.service import record_pings
from app.messaging.models import Recipient
from app.outbox.carry import carry
from app.outbox.models import Outbox
from app.subscriptions import HANDLERS
from tests.factories import NOW, Phone, every
from tests.messaging.alarm import SQUARE, TEXTS, Alarm
from tests.processes import until

ARRIVES = NOW + timedelta(minutes=1)


def reachable(alarm: Alarm) -> Phone:
    phone = alarm.world.phone()
    with alarm.world.database.tenant(alarm.world.organization_id) as session:
        from app.accounts.models import Person  # noqa: PLC0415

        session.get_one(Person, (alarm.world.organization_id, phone.person_id)).telephone = "+31612345678"
    return phone


def arrives(alarm: Alarm, phone: Phone, at: Any = ARRIVES, metres_north: float = 0.0) -> None:
    """Their phone reports six times within two minutes and a half."""
    moments = every(30, at, 6)
    alarm.desk.at(moments[-1])
    record_pings(alarm.world.database, phone.claim, [phone.ping(one, metres_north) for one in moments], moments[-1], timedelta(days=7))
    alarm.work()


def people(alarm: Alarm) -> set[UUID]:
    return set(alarm.recipients())


def test_whoever_enters_while_it_is_active_gets_it_once(alarm: Alarm) -> None:
    fence, phone = alarm.world.circle(), reachable(alarm)
    here = alarm.inside(fence)
    alarm.active(target={"fence": str(fence)}, plan={"seconds_between": 3600, "rounds": 9})
    assert people(alarm) == {here}
    arrives(alarm, phone)
    assert people(alarm) == {here, phone.person_id}
    assert alarm.recipients()[phone.person_id].late
    assert [parcel.address for parcel in alarm.peer.parcels] == [f"+316{here.int % 10**8:08d}", "+31612345678"]
    arrives(alarm, phone, ARRIVES + timedelta(minutes=30), 2_000)
    arrives(alarm, phone, ARRIVES + timedelta(minutes=50))
    assert len(alarm.peer.parcels) == 2, "once, ever"


def test_a_latecomer_hears_what_was_said_last_and_the_all_clear(alarm: Alarm) -> None:
    fence, phone = alarm.world.circle(), reachable(alarm)
    sent = alarm.active(target={"fence": str(fence)}, plan={"seconds_between": 3600, "rounds": 9})
    for words in ("First.", "Second."):
        alarm.do(sent, "updates", 202, body={"kind": "update", "texts": {"nl": {"subject": "", "body": words}}})
    arrives(alarm, phone)
    assert alarm.texts() == ["Brand|Verlaat de hal.", "Second."]
    alarm.do(sent, "updates", 202, body={"kind": "all_clear", "texts": TEXTS})
    alarm.work()
    assert len(alarm.peer.parcels) == 3


def test_the_whole_target_holds_for_latecomers(alarm: Alarm) -> None:
    fence, phone = alarm.world.circle(), reachable(alarm)
    group = alarm.world.group("Fire brigade", phone.person_id)
    alarm.active(target={"all": [{"fence": str(fence)}, {"not": {"group": str(group)}}]})
    arrives(alarm, phone)
    assert people(alarm) == set()


def test_nobody_is_late_for_what_is_over_or_wants_no_latecomers(alarm: Alarm) -> None:
    fence, phone = alarm.world.circle(), reachable(alarm)
    here = alarm.inside(fence)
    over = alarm.active(target={"fence": str(fence)})
    alarm.do(over, "ending")
    alarm.active(target={"fence": str(fence)}, late_entry=False)
    arrives(alarm, phone)
    assert people(alarm) == {here}


def test_whoever_enters_a_drawn_area_is_late_too_and_somebody_possibly_there_becomes_certain(alarm: Alarm) -> None:
    phone = reachable(alarm)
    sent = alarm.active(area={"geometry": SQUARE})
    arrives(alarm, phone)
    assert people(alarm) == {phone.person_id}
    with alarm.world.database.tenant(alarm.world.organization_id) as session:
        session.query(Recipient).update({"possibly": True})
    arrives(alarm, phone, ARRIVES + timedelta(minutes=30), 60_000)
    arrives(alarm, phone, ARRIVES + timedelta(minutes=60))
    assert not alarm.recipients()[phone.person_id].possibly
    assert alarm.read(sent)["tally"]["late"] == 1


def test_whoever_enters_while_it_is_being_activated_is_missed_by_nobody(alarm: Alarm, pg: "psycopg.Connection[tuple[object, ...]]") -> None:
    """The enter is committed while the activation runs: it holds the alert, so the handler of the enter waits for it."""
    fence = alarm.world.circle()
    phone = reachable(alarm)
    alarm.send(target={"fence": str(fence)})
    organization_id = alarm.world.organization_id
    alarm.desk.at(NOW + timedelta(minutes=5))
    (activation,) = [row for row in alarm.waiting() if row.kind == "messaging.activate"]
    moments = every(30, NOW + timedelta(minutes=2), 6)
    with ThreadPoolExecutor(1) as pool:
        with alarm.desk.deps.database.tenant(organization_id) as session:
            from app.messaging import activate, rows  # noqa: PLC0415

            message = rows.lock_message(session, organization_id, UUID(activation.body["message"]))
            assert message is not None
            activate.activate(session, organization_id, message, alarm.desk.clock.now(), alarm.desk.deps)
            record_pings(alarm.world.database, phone.claim, [phone.ping(one) for one in moments], moments[-1], timedelta(days=7))
            (entered,) = [row for row in alarm.waiting() if row.kind == "attendance.entered"]
            handled = pool.submit(carry, alarm.desk.deps, HANDLERS, organization_id, entered.id)
            session.flush()
            until(lambda: handled.done() or pg.execute("SELECT FROM pg_locks WHERE NOT granted").fetchone() is not None)
            assert not handled.done(), "it waits for the activation"
        assert handled.result() == "done"
    assert people(alarm) == {phone.person_id}


def test_an_enter_writes_work_only_while_somebody_listens_and_nothing_more_than_the_fence(alarm: Alarm) -> None:
    fence, phone = alarm.world.circle(), reachable(alarm)
    arrives(alarm, phone)
    assert alarm.world.rows(Outbox) == []
    alarm.send(target={"fence": str(fence)})
    moments = every(30, ARRIVES + timedelta(minutes=60), 6)
    gone = every(30, ARRIVES + timedelta(minutes=30), 6)
    for at, north in ((gone, 2_000.0), (moments, 0.0)):
        alarm.desk.at(at[-1])
        record_pings(alarm.world.database, phone.claim, [phone.ping(one, north) for one in at], at[-1], timedelta(days=7))
    (row,) = [row for row in alarm.world.rows(Outbox) if row.kind == "attendance.entered"]
    assert (set(row.body), row.body["fences"]) == ({"person", "fences", "at"}, [str(fence)])


def test_who_entered_in_the_moment_in_which_it_began_is_found_by_a_second_look(alarm: Alarm) -> None:
    fence = alarm.world.circle()
    sent = alarm.active(target={"fence": str(fence)})
    missed = alarm.inside(fence)
    alarm.later(seconds=4)
    assert people(alarm) == set()
    alarm.later(seconds=2)
    assert people(alarm) == {missed}
    assert alarm.read(sent)["tally"]["late"] == 1
