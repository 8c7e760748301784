"""Receipts: raw first, matched after; late, early, twice, in any order, in parts, for one of several organizations."""

import base64
import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from app.messaging import references
from app.messaging.models import Receipt, Reply, StrayReceipt
from app.messaging.receipts import TRIED_FOR, match_waiting, place_strays, take
from app.ports import Incoming, Outcome
from tests.factories import NOW, World
from tests.messaging.road import CANARY, Road


def receipt(ref: str | None, status: str | None, **more: str) -> Incoming:
    return Incoming("peer", "receipt", f"id:{ref} stat:{status} {CANARY}".encode(), ref, status=status, **more)


def sent(road: Road, *refs: str, kind: str = "message") -> None:
    road.sms.answers = lambda _: Outcome("accepted", "peer", provider_ids=refs, parts=len(refs))
    road.message(road.person("sms", "email"), kind=kind)
    road.work()


@pytest.fixture
def other(road: Road) -> World:
    """A second organization, so that nothing is anybody's for want of others; no strays of earlier tests; and the database's time, by which strays go."""
    with road.deps.database.identity() as session:
        session.execute(text("DELETE FROM stray_receipt"))
    road.clock.moment = later(road, minutes=0)
    return World(road.deps.database)


def test_a_receipt_makes_its_delivery_climb_and_never_fall(road: Road) -> None:
    sent(road, "ref-1")
    for status, expected in (
        ("accepted", "accepted"),
        ("delivered", "delivered"),
        ("failed", "delivered"),
        (None, "delivered"),
        ("delivered", "delivered"),
    ):
        take(road.deps, receipt("ref-1", status))
        road.work()
        assert [one.status for one in road.deliveries()] == [expected]
    assert [one.status for one in road.traffic()] == ["delivered"]
    assert all(one.matched_at is not None for one in road.world.rows(Receipt))


def test_what_came_is_kept_and_cannot_be_read_in_the_database(road: Road) -> None:
    sent(road, "ref-2")
    take(road.deps, receipt("ref-2", "delivered"))
    [kept] = road.world.rows(Receipt)
    assert CANARY.encode() not in kept.sealed_raw
    with road.deps.database.tenant(road.organization_id) as session:
        opened = json.loads(road.deps.keyring.open(session, road.organization_id, kept.sealed_raw, b"receipt.sealed_raw"))
    assert CANARY.encode() in base64.b64decode(opened["raw"])


def test_a_receipt_that_overtakes_our_own_outcome_is_matched_afterwards(road: Road, other: World) -> None:
    early = []

    def answer(_: object) -> Outcome:
        take(road.deps, receipt("ref-3", "delivered"))
        early.append(place_strays(road.deps, later(road)))
        return Outcome("accepted", "peer", provider_ids=("ref-3",))

    road.sms.answers = answer
    road.message(road.person("sms"))
    road.work()
    assert (early, [one.status for one in road.deliveries()]) == ([0], ["accepted"])
    assert place_strays(road.deps, later(road, 10)) == 1
    road.later(minutes=11)
    assert [one.status for one in road.deliveries()] == ["delivered"]
    assert place_strays(road.deps, later(road)) == 0


def later(road: Road, minutes: int = 2) -> datetime:
    """By the database's clock."""
    with road.deps.database.identity() as session:
        now: datetime = session.execute(text("SELECT now()")).scalar_one()
    return now + timedelta(minutes=minutes)


def test_a_text_of_several_parts_is_delivered_when_all_of_them_are(road: Road) -> None:
    sent(road, "p-1", "p-2", "p-3")
    for ref, expected in (("p-3", "accepted"), ("p-1", "accepted"), ("p-1", "accepted"), ("p-2", "delivered")):
        take(road.deps, receipt(ref, "delivered"))
        road.work()
        assert [one.status for one in road.deliveries()] == [expected]


def test_a_text_with_a_hole_has_failed_and_an_alert_goes_on(road: Road) -> None:
    sent(road, "q-1", "q-2", kind="alert")
    for ref, status in (("q-1", "failed"), ("q-2", "delivered")):
        take(road.deps, receipt(ref, status))
        road.work()
    assert road.statuses() == [("sms", "failed", "receipt"), ("email", "accepted", None)]


def test_our_own_reference_finds_a_delivery_whose_answer_was_lost(road: Road, other: World) -> None:
    road.sms.answers = lambda _: Outcome("unknown", "peer", "no_answer")
    road.message(road.person("sms"))
    road.work()
    take(road.deps, receipt("never-told", "delivered", reference=road.sms.had[0].reference))
    road.work()
    assert [one.status for one in road.deliveries()] == ["delivered"]


def test_a_receipt_after_the_wait_still_counts(road: Road) -> None:
    road.sms.answers = lambda _: Outcome("unknown", "peer", "no_answer")
    road.message(road.person("sms"))
    road.work()
    road.later(seconds=61)
    assert road.statuses() == [("sms", "failed", "unknown")]
    take(road.deps, receipt(None, "delivered", reference=road.sms.had[0].reference))
    road.work()
    assert road.statuses() == [("sms", "delivered", None)]


def test_a_receipt_of_nothing_we_know_is_kept_tried_again_and_given_up_after_three_days(road: Road, other: World) -> None:
    take(road.deps, receipt("nobody's", "delivered"))
    with road.deps.database.identity() as session:
        [stray] = session.query(StrayReceipt).all()
    assert CANARY.encode() not in stray.sealed
    assert place_strays(road.deps, later(road)) == 0
    assert place_strays(road.deps, later(road) + TRIED_FOR) == 0
    with road.deps.database.identity() as session:
        assert session.query(StrayReceipt).all() == []


def test_an_unmatched_receipt_of_the_organization_is_tried_again_later_each_time(road: Road, other: World) -> None:
    reference = f"{road.organization_id}-{'0' * 32}"
    take(road.deps, receipt("r-9", "delivered", reference=reference))
    road.work()
    assert [(one.matched_at, one.tries) for one in road.world.rows(Receipt)] == [(None, 1)]
    assert match_waiting(road.deps, road.organization_id, later(road)) == 0
    assert [one.tries for one in road.world.rows(Receipt)] == [2]
    assert match_waiting(road.deps, road.organization_id, later(road, 0)) == 0
    assert [one.tries for one in road.world.rows(Receipt)] == [2]


def test_receipts_of_two_organizations_by_one_provider_find_theirs(road: Road, other: World) -> None:
    sent(road, "one-1")
    theirs = Road(other, road.deps, road.clock)
    sent(theirs, "two-1")
    take(road.deps, receipt("two-1", "delivered"))
    road.work()
    theirs.work()
    assert ([one.status for one in road.deliveries()], [one.status for one in theirs.deliveries()]) == (["accepted"], ["delivered"])


def test_a_text_goes_to_the_organization_that_texted_that_number_last_within_three_days(road: Road, other: World) -> None:
    sent(road, "in-1", kind="alert")
    number = road.sms.had[0].address
    said = Incoming("peer", "inbound", b"raw", sender=number, text="JA")
    take(road.deps, said)
    road.work()
    assert [one.kind for one in road.world.rows(Reply)] == ["safe"]
    assert [one.reply for one in road.recipients()] == ["safe"]
    road.clock.move(references.KEPT + timedelta(minutes=1))
    take(road.deps, replace(said, text="NEE"))
    road.work()
    assert len(road.world.rows(Reply)) == 1
    with road.deps.database.identity() as session:
        assert len(session.query(StrayReceipt).all()) == 1
        kept = session.execute(text("SELECT ref FROM provider_reference WHERE provider = 'number'")).scalars().all()
        assert number not in str(kept)


def test_references_end(road: Road) -> None:
    sent(road, "old-1")
    with road.deps.database.identity() as session:
        assert references.find(session, "peer", "old-1", NOW) is not None
        assert references.find(session, "peer", "old-1", NOW + references.KEPT) is None
        assert references.forget(session, NOW + references.KEPT) >= 2
        assert references.find(session, "peer", "old-1", NOW) is None
