"""From activation to the far end and back: who gets what by which channel, and what follows each outcome."""

from dataclasses import replace
from datetime import time, timedelta
from uuid import UUID

from app.messaging.models import ContactPreference, Message, PushSubscription
from app.messaging.outcomes import FIRST_PAUSE_S, JITTER, PAUSE_MAX_S, TRIES_MAX, pause_after_s
from app.outbox.publish import publish
from app.ports import Outcome, Parcel
from tests.factories import NOW
from tests.messaging.road import CANARY, Road


def test_an_ordinary_message_goes_by_one_channel_each_and_is_done(road: Road) -> None:
    both, mail, nothing = road.person("sms", "email", locale="en"), road.person("email"), road.person()
    message = road.message(both, mail, nothing)
    road.work()
    assert sorted(road.statuses(), key=str) == [("email", "accepted", None), ("sms", "accepted", None)]
    (sms,), (letter,) = road.sms.had, road.email.had
    assert (sms.text, letter.text) == (f"{CANARY} (en)", f"{CANARY} (nl)")
    assert sms.reply_url is None
    assert letter.leave_url is not None
    assert {one.person_id: one.unreachable for one in road.recipients()} == {both: None, mail: None, nothing: "no_address"}
    with road.deps.database.tenant(road.organization_id) as session:
        assert session.get_one(Message, (road.organization_id, message)).stage == "ended"


def test_a_second_activation_changes_nothing(road: Road) -> None:
    message = road.message(road.person("sms"))
    road.work()
    with road.deps.database.tenant(road.organization_id) as session:
        publish(session, road.organization_id, "messaging.activate", {"message": str(message)}, due_at=NOW)
    road.work()
    assert (len(road.sms.had), len(road.recipients()), len(road.deliveries())) == (1, 1, 1)


def test_a_message_that_was_cancelled_or_moved_does_not_go(road: Road) -> None:
    for facts in ({"stage": "cancelled"}, {"due_at": NOW + timedelta(hours=1)}):
        road.change(road.message(road.person("sms")), **facts)
    road.work()
    assert road.deliveries() == []


def test_whoever_opted_out_gets_alerts_and_no_messages(road: Road) -> None:
    out = road.person("sms")
    road.world.add(ContactPreference(person_id=out, opted_out_at=NOW, opted_out_by="stop"))
    road.message(out)
    road.work()
    assert (road.sms.had, [one.unreachable for one in road.recipients()]) == ([], ["opted_out"])
    road.message(out, kind="alert", exercise="exercise")
    road.work()
    assert road.sms.had == []
    road.message(out, kind="alert")
    road.work()
    assert len(road.sms.had) == 1


def test_quiet_hours_hold_a_message_back_until_they_end_and_never_an_alert(road: Road) -> None:
    asleep = road.person("sms")
    road.world.add(ContactPreference(person_id=asleep, quiet_from=time(13), quiet_until=time(15)))  # it is 14:00 in Amsterdam
    road.message(asleep)
    road.message(asleep, kind="alert")
    road.work()
    assert [parcel.urgent for parcel in road.sms.had] == [True]
    road.later(hours=1, seconds=1)
    assert [parcel.urgent for parcel in road.sms.had] == [True, False]


def test_a_text_message_ends_with_the_link_to_answer_by_and_what_was_deleted_is_not_sent(road: Road) -> None:
    road.message(road.person("sms"), kind="alert")
    road.work()
    [parcel] = road.sms.had
    assert parcel.reply_url is not None
    assert parcel.text == f"{CANARY} (nl)\n{parcel.reply_url}"
    road.message(road.person("sms"), sealed_texts=None)
    road.work()
    assert (road.statuses()[1:], len(road.sms.had)) == ([("sms", "failed", "no_text")], 1)


def test_every_browser_of_a_person_gets_the_push(road: Road) -> None:
    road.message(road.person("push", "push", "sms"))
    road.work()
    assert (len(road.push.had), len(road.sms.had)) == (2, 0)
    assert len({parcel.address for parcel in road.push.had}) == 2
    assert len({parcel.replaces for parcel in road.push.had}) == 1


def test_a_browser_that_is_gone_is_forgotten_and_the_last_one_leads_on(road: Road) -> None:
    person = road.person("push", "push", "sms")
    road.message(person)
    first = road.world.rows(PushSubscription)[0]
    road.push.answers = lambda parcel: Outcome("gone" if first.endpoint in parcel.address else "accepted", "peer")
    road.work()
    assert [one.id for one in road.world.rows(PushSubscription)] != [first.id]
    assert len(road.world.rows(PushSubscription)) == 1
    assert sorted(road.statuses()) == [("push", "accepted", None), ("push", "failed", "gone")]
    road.push.answers = lambda _: Outcome("gone", "peer")
    road.message(person)
    road.work()
    assert road.world.rows(PushSubscription) == []
    assert len(road.sms.had) == 1


def test_an_alert_goes_on_by_the_next_channel_when_one_rejects_it_and_a_message_stops(road: Road) -> None:
    road.sms.answers = lambda _: Outcome("rejected", "peer", "too_long")
    person = road.person("sms", "email")
    road.message(person)
    road.work()
    assert (road.statuses(), road.email.had) == ([("sms", "failed", "too_long")], [])
    road.message(person, kind="alert")
    road.work()
    assert len(road.email.had) == 1
    assert [one.may_be_double for one in road.deliveries()] == [False] * 3


def test_a_channel_that_is_not_set_up_is_passed_over(road: Road) -> None:
    road.deps = replace(road.deps, channels={"email": road.email})
    road.message(road.person("sms", "email"))
    road.work()
    assert (road.statuses(), len(road.email.had)) == ([("sms", "failed", "channel_off"), ("email", "accepted", None)], 1)


def test_unknown_and_urgent_goes_on_at_once_and_says_that_it_may_be_double(road: Road) -> None:
    road.sms.answers = lambda _: Outcome("unknown", "peer", "no_answer")
    road.message(road.person("sms", "email"), kind="alert")
    road.work()
    assert [(one.channel, one.status, one.may_be_double) for one in road.deliveries()] == [
        ("sms", "unknown", False),
        ("email", "accepted", True),
    ]


def test_unknown_and_ordinary_waits_for_a_receipt_and_then_stops(road: Road) -> None:
    road.sms.answers = lambda _: Outcome("unknown", "peer", "no_answer")
    road.message(road.person("sms", "email"))
    road.work()
    assert road.statuses() == [("sms", "unknown", "no_answer")]
    road.later(seconds=61)
    assert (road.statuses(), road.email.had) == ([("sms", "failed", "unknown")], [])
    assert [one.status for one in road.traffic()] == ["failed"]


def test_what_should_be_tried_again_is_later_each_time_until_it_works(road: Road) -> None:
    road.sms.answers = lambda _: Outcome("retry", "peer", "throttled")
    road.message(road.person("sms"))
    road.work()
    [waits] = road.deliveries()
    assert (waits.status, waits.tries) == ("retry", 1)
    assert FIRST_PAUSE_S * (1 - JITTER) <= (waits.due_at - NOW).total_seconds() <= FIRST_PAUSE_S * (1 + JITTER)
    road.work()
    assert road.deliveries()[0].tries == 1
    road.later(seconds=10)
    assert road.deliveries()[0].tries == 2
    road.sms.answers = lambda _: Outcome("accepted", "peer", provider_ids=("a1",), parts=1)
    road.later(seconds=20)
    [done] = road.deliveries()
    assert (done.status, done.tries, done.provider_ids, len(road.sms.had)) == ("accepted", 3, ["a1"], 1)


def test_pauses_double_up_to_ten_minutes() -> None:
    for tries, pause_s in ((1, 5), (2, 10), (5, 80), (8, PAUSE_MAX_S), (TRIES_MAX, PAUSE_MAX_S)):
        assert pause_s * (1 - JITTER) <= pause_after_s(tries) <= pause_s * (1 + JITTER)
    assert len({pause_after_s(3) for _ in range(10)}) > 1


def test_a_provider_that_says_when_to_come_back_is_believed(road: Road) -> None:
    road.sms.answers = lambda _: Outcome("retry", "peer", "throttled", retry_after_s=300.0)
    road.message(road.person("sms"))
    road.work()
    assert (road.deliveries()[0].due_at - NOW).total_seconds() == 300


def test_tries_end_and_so_does_the_time_of_a_message(road: Road) -> None:
    road.sms.answers = lambda _: Outcome("retry", "peer", "provider_error")
    short = road.message(road.person("sms"), expires_at=NOW + timedelta(seconds=3))
    endless = road.message(road.person("sms"), expires_at=NOW + timedelta(days=2))
    road.work()
    for _ in range(TRIES_MAX):
        road.later(seconds=PAUSE_MAX_S * 1.3)
    assert [(one.status, one.reason) for one in road.deliveries(short)] == [("expired", "provider_error")]
    assert [(one.status, one.reason, one.tries) for one in road.deliveries(endless)] == [("failed", "gave_up", TRIES_MAX)]


def test_what_waits_past_its_time_expires_unsent(road: Road) -> None:
    message = road.message(road.person("sms"), expires_at=NOW + timedelta(minutes=5))
    road.work(rounds=1)
    road.later(minutes=6)
    assert [(one.status, one.reason) for one in road.deliveries(message)] == [("expired", "too_old")]
    assert road.sms.had == []


def test_a_cancelled_message_is_withdrawn_where_it_still_waits(road: Road) -> None:
    message = road.message(road.person("sms"))
    road.work(rounds=1)
    road.change(message, stage="cancelled")
    road.work()
    assert (road.statuses(), road.sms.had) == ([("sms", "withdrawn", "cancelled")], [])


def test_every_text_that_leaves_is_recorded_without_a_word_of_it(road: Road) -> None:
    person = road.person("sms", "push")
    road.message(person, kind="alert")
    road.push.answers = lambda _: Outcome("rejected", "peer", "no")
    road.work()
    records = {one.channel: one for one in road.traffic()}
    assert (records["push"].address, records["push"].status) == (str(person), "failed")
    assert (records["sms"].address, records["sms"].status) == (road.sms.had[0].address, "accepted")
    assert (records["sms"].sender, records["sms"].purge_after.isoformat()) == ("staffing", "2026-12-03")
    assert CANARY not in str([vars(one) for one in road.traffic()])


def test_a_channel_that_breaks_leaves_its_parcels_unknown(road: Road) -> None:
    def broken(parcel: Parcel) -> Outcome:
        raise ValueError(parcel.text)

    road.sms.answers = broken
    road.message(road.person("sms"))
    road.work()
    assert road.statuses() == [("sms", "unknown", "no_outcome")]


def test_an_alert_queues_the_next_step_of_its_plan(road: Road) -> None:
    message: UUID = road.message(road.person("sms"), kind="alert", plan={"channels": ["sms"], "seconds_between": 30, "rounds": 2})
    road.work(rounds=1)
    [escalation] = road.waiting("messaging.escalate")
    assert (escalation.body, escalation.due_at) == ({"message": str(message), "step": 1}, NOW + timedelta(seconds=30))
