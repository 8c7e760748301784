"""Killed at every point of handing over, and run again as the relay would: nothing is lost, and nothing is doubled without saying so.

The points: before the claim is committed; after it, before the provider is called; after the call, before the outcome is written; after that.
"""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest

from app.messaging import attempts, chores, outcomes
from app.messaging.outcomes import RECEIPT_AWAITED
from app.outbox.models import Outbox
from app.ports import Outcome
from tests.messaging.road import ACCEPTED, Killed, Road, dead

ATTEMPT_DEAD = timedelta(seconds=attempts.DEAD_AFTER_S + 1)


def queued(road: Road, kind: str, people: int = 1) -> UUID:
    """A message, activated; its first work waits."""
    message = road.message(*(road.person("sms", "email") for _ in range(people)), kind=kind)
    road.work(rounds=1)
    return message


def by_sms(road: Road) -> list[tuple[str, str | None]]:
    return [(one.status, one.reason) for one in road.deliveries() if one.channel == "sms"]


def delivers(road: Road) -> list[Outbox]:
    return road.waiting("messaging.deliver")


@pytest.mark.parametrize("kind", ["message", "alert"])
def test_killed_before_the_claim_is_committed_nothing_has_happened(road: Road, kind: str) -> None:
    queued(road, kind)
    ids = [one.id for one in road.deliveries()]
    with suppress(Killed), road.deps.database.tenant(road.organization_id) as session:
        assert attempts.claim(session, road.organization_id, ids, road.clock.now(), road.deps).parcels
        raise Killed
    assert (by_sms(road), road.traffic()) == ([("queued", None)], [])
    road.work()
    assert (by_sms(road), len(road.sms.had), road.email.had) == ([("accepted", None)], 1, [])


def test_killed_between_claim_and_call_a_message_was_perhaps_sent_and_is_not_sent_twice(road: Road) -> None:
    queued(road, "message")
    road.sms.answers = dead
    assert road.work() == ["killed"]
    road.sms.answers = lambda _: ACCEPTED
    assert (by_sms(road), len(delivers(road))) == ([("submitting", None)], 1)
    road.clock.move(ATTEMPT_DEAD)
    road.work()
    assert by_sms(road) == [("unknown", "attempt_died")]
    assert delivers(road) == []
    road.later(seconds=RECEIPT_AWAITED.total_seconds() + 1)
    assert (by_sms(road), road.sms.had, road.email.had) == ([("failed", "unknown")], [], [])


def test_killed_between_claim_and_call_an_alert_goes_by_the_next_channel_and_says_that_it_may_be_double(road: Road) -> None:
    queued(road, "alert")
    road.sms.answers = dead
    road.work()
    road.clock.move(ATTEMPT_DEAD)
    road.work()
    assert by_sms(road) == [("unknown", "attempt_died")]
    assert [(one.channel, one.status, one.may_be_double) for one in road.deliveries()][1:] == [("email", "accepted", True)]
    assert (road.sms.had, len(road.email.had)) == ([], 1)


@pytest.mark.parametrize("kind", ["message", "alert"])
def test_killed_after_the_call_what_had_its_outcome_keeps_it_and_the_rest_is_unknown(road: Road, kind: str) -> None:
    queued(road, kind, people=40)
    road.sms.dies_after = 30
    road.work()
    assert (len(road.sms.had), [status for status, _ in by_sms(road)].count("accepted")) == (30, 25)
    road.clock.move(ATTEMPT_DEAD)
    road.work()
    statuses = [status for status, _ in by_sms(road)]
    assert (statuses.count("accepted"), statuses.count("unknown"), len(road.sms.had)) == (25, 15, 30)
    again = [one for one in road.deliveries() if one.channel == "email"]
    assert (len(again), all(one.may_be_double for one in again)) == (15 if kind == "alert" else 0, True)


@pytest.mark.parametrize("kind", ["message", "alert"])
def test_killed_after_the_outcome_was_written_there_is_nothing_left_to_do(road: Road, kind: str) -> None:
    queued(road, kind)
    [row] = delivers(road)
    road.work()
    with road.deps.database.tenant(road.organization_id) as session:  # the end of the work was not committed, its effects were
        session.add(Outbox(organization_id=road.organization_id, id=row.id, kind=row.kind, body=row.body, due_at=row.due_at))
    road.clock.move(ATTEMPT_DEAD)
    assert road.work() == ["done"]
    assert (by_sms(road), len(road.sms.had), road.email.had) == ([("accepted", None)], 1, [])


def test_what_another_attempt_has_in_hand_is_left_alone_and_its_work_stays(road: Road) -> None:
    queued(road, "alert")
    road.sms.answers = dead
    road.work()
    road.clock.move(timedelta(seconds=attempts.DEAD_AFTER_S - 1))
    assert road.work(rounds=1) == ["failed"]
    assert (by_sms(road), road.email.had, [one.problem for one in delivers(road)]) == ([("submitting", None)], [], ["StillAtWork"])


def test_an_attempt_that_was_only_slow_adds_its_outcome_and_nothing_else(road: Road) -> None:
    queued(road, "alert")
    ids = [one.id for one in road.deliveries()]
    with road.deps.database.tenant(road.organization_id) as session:
        attempts.claim(session, road.organization_id, ids, road.clock.now(), road.deps)
    road.clock.move(ATTEMPT_DEAD)
    road.work()
    assert by_sms(road) == [("unknown", "attempt_died")]
    for outcome, expected in ((Outcome("retry", "peer"), "unknown"), (ACCEPTED, "accepted")):
        with road.deps.database.tenant(road.organization_id) as session:
            outcomes.record(session, road.organization_id, dict.fromkeys(ids, outcome), road.clock.now())
        assert by_sms(road)[0][0] == expected
    assert len(road.email.had) == 1


def test_a_browser_that_failed_while_the_other_was_lost_leads_on_once(road: Road) -> None:
    road.message(road.person("push", "push", "sms"), kind="alert")
    road.work(rounds=1)
    road.push.answers = lambda parcel: Outcome("rejected" if road.deliveries()[0].id == parcel.delivery_id else "unknown", "peer", "x")
    road.work()
    assert sorted(status for _, status, _ in road.statuses()) == ["accepted", "failed", "unknown"]
    assert (len(road.sms.had), len(road.push.had)) == (1, 1)


def test_deliveries_whose_work_is_gone_are_offered_again(road: Road) -> None:
    message = queued(road, "message", people=3)
    with road.deps.database.tenant(road.organization_id) as session:
        for row in delivers(road):
            session.delete(session.merge(row))
    road.clock.move(chores.STUCK_AFTER + timedelta(seconds=1))
    with road.deps.database.tenant(road.organization_id) as session:
        assert chores.resume(session, road.organization_id, road.clock.now()) == 3
    road.work()
    assert len(road.sms.had) == 3
    assert {one.status for one in road.deliveries(message)} == {"accepted"}
