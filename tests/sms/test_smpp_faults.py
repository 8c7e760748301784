"""What is said of a message when the SMSC misbehaves: never "accepted" without an answer, never a second hand-over of what may have been taken."""

from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from app.adapters.sms import link
from app.adapters.sms.smpp import SmppChannel
from tests.peers.smsc import (
    BIND_FAILED,
    DELIVER,
    HEADER,
    INVALID_NUMBER,
    OK,
    QUEUE_FULL,
    SYSTEM_ERROR,
    THROTTLED,
    Fault,
    Smsc,
    receipt_body,
)
from tests.sms.conftest import MakeChannel
from tests.sms.letters import parcel, parcels, sent, verdicts


def only(number: int, fault: int | Fault) -> Callable[[int], int | Fault]:
    return lambda current: fault if current == number else OK


@pytest.mark.parametrize(
    ("status", "verdict", "reason"),
    [
        (THROTTLED, "retry", "throttled"),
        (QUEUE_FULL, "retry", "queue_full"),
        (SYSTEM_ERROR, "retry", "provider_error"),
        (0x45, "retry", "provider_error"),
        (INVALID_NUMBER, "rejected", "invalid_number"),
        (0x0A, "rejected", "invalid_sender"),
        (0x62, "rejected", "expired"),
        (0x33, "rejected", "smpp_33"),
        (0x0400, "rejected", "smpp_400"),
        (Fault.NACK, "rejected", "smpp_03"),
    ],
)
def test_each_error_is_final_or_for_later(smsc: Smsc, channel: SmppChannel, status: int | Fault, verdict: str, reason: str) -> None:
    smsc.on_submit = only(1, status)
    (outcome,) = sent(channel, [parcel()]).values()
    assert (outcome.verdict, outcome.reason) == (verdict, reason)
    assert (outcome.retry_after_s is not None) == (verdict == "retry")
    assert outcome.provider_ids == ()


def test_an_smsc_that_asks_for_less_gets_a_pause_and_then_less_at_once(smsc: Smsc, channel: SmppChannel) -> None:
    smsc.on_submit = only(1, THROTTLED)
    given = parcels(20)
    outcomes = sent(channel, given)
    assert verdicts(outcomes) == {("retry", "throttled"): 1, ("accepted", None): 19}
    assert outcomes[given[0].delivery_id].retry_after_s == pytest.approx(1.0, abs=0.1)


def test_what_does_not_fit_before_the_pause_ends_is_for_later_and_not_sent(smsc: Smsc, channel: SmppChannel) -> None:
    smsc.on_submit = lambda _: THROTTLED
    outcomes = sent(channel, parcels(30), 0.5)
    assert {verdict for verdict, _ in verdicts(outcomes)} == {"retry"}
    assert smsc.submits == 10
    again = sent(channel, parcels(5), 0.2)
    assert verdicts(again) == {("retry", "throttled"): 5}
    assert smsc.submits == 10


def test_a_submit_that_times_out_after_it_was_taken_may_have_been_sent(smsc: Smsc, channel_to: MakeChannel) -> None:
    smsc.on_submit = only(2, Fault.ACCEPT_THEN_SILENT)
    given = parcels(5)
    outcomes = sent(channel_to(answer_s=0.2), given)
    assert verdicts(outcomes) == {("accepted", None): 4, ("unknown", "no_answer"): 1}
    assert outcomes[given[1].delivery_id].verdict == "unknown"
    assert len(smsc.accepted) == 5


def test_after_an_answer_that_failed_to_come_a_sign_of_life_is_asked_for_before_more_is_sent(smsc: Smsc, channel_to: MakeChannel) -> None:
    smsc.on_submit = only(1, Fault.SILENT)
    assert verdicts(sent(channel_to(answer_s=0.2, window=1), parcels(3))) == {("unknown", "no_answer"): 1, ("accepted", None): 2}
    assert (smsc.enquiries, smsc.binds) == (1, 1)


def test_an_smsc_that_gives_no_sign_of_life_gets_nothing_more(smsc: Smsc, channel_to: MakeChannel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link, "PROBE_S", 0.2)
    smsc.on_submit, smsc.answers_enquiries = lambda _: Fault.SILENT, False
    assert verdicts(sent(channel_to(answer_s=0.2, window=2), parcels(6))) == {("unknown", "no_answer"): 2, ("retry", "unreachable"): 4}
    assert smsc.submits == 2


def test_an_idle_connection_without_a_sign_of_life_is_replaced(
    smsc: Smsc, channel_to: MakeChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = channel_to(idle_s=0.0)
    sent(channel, parcels(1))
    monkeypatch.setattr(link, "PROBE_S", 0.2)
    smsc.answers_enquiries = False
    assert verdicts(sent(channel, parcels(2))) == {("accepted", None): 2}
    assert smsc.binds == 2


@pytest.mark.parametrize("fault", [Fault.ACCEPT_THEN_DROP, Fault.DROP, Fault.CORRUPT_LENGTH, Fault.UNBIND, Fault.NACK_NOBODY])
def test_a_connection_lost_in_the_middle_of_a_window(smsc: Smsc, channel_to: MakeChannel, fault: Fault) -> None:
    """What was under way may have been sent; what was not begun is for later, and is tried over a new connection."""
    smsc.on_submit = lambda number: Fault.HOLD if number in {1, 2} else fault if number == 3 else OK
    channel = channel_to(window=3)
    given = parcels(8)
    outcomes = sent(channel, given)
    assert verdicts(outcomes) == {("unknown", "connection_lost"): 3, ("retry", "unreachable"): 5}
    assert {one.delivery_id for one in given[:3]} == {id_ for id_, outcome in outcomes.items() if outcome.verdict == "unknown"}
    assert smsc.submits == 3
    smsc.wait(lambda: smsc.binds == 1)


def test_after_a_lost_connection_there_is_a_pause_and_then_a_new_one(
    smsc: Smsc, channel: SmppChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    smsc.on_submit = only(1, Fault.DROP)
    assert verdicts(sent(channel, parcels(1))) == {("unknown", "connection_lost"): 1}
    assert verdicts(sent(channel, parcels(2))) == {("retry", "unreachable"): 2}
    channel._away._until = 0.0
    assert verdicts(sent(channel, parcels(2))) == {("accepted", None): 2}
    assert smsc.binds == 2


@pytest.mark.parametrize("fault", [Fault.TWICE, Fault.NO_ID])
def test_an_answer_that_comes_twice_or_without_an_id_is_still_one_acceptance(smsc: Smsc, channel: SmppChannel, fault: Fault) -> None:
    smsc.on_submit = lambda _: fault
    for _ in range(2):
        assert verdicts(sent(channel, parcels(3))) == {("accepted", None): 3}


def test_an_answer_that_comes_too_late_is_not_taken_for_another_s(smsc: Smsc, channel_to: MakeChannel) -> None:
    smsc.on_submit = only(1, Fault.HOLD)
    channel = channel_to(answer_s=0.2)
    assert verdicts(sent(channel, [parcel()])) == {("unknown", "no_answer"): 1}
    smsc.on_submit = only(2, INVALID_NUMBER)
    smsc.release()
    assert verdicts(sent(channel, [parcel()])) == {("rejected", "invalid_number"): 1}


@pytest.mark.parametrize("status", [BIND_FAILED, 0x05])
def test_a_refused_sign_in_hands_nothing_over_and_is_not_repeated_at_once(smsc: Smsc, channel: SmppChannel, status: int) -> None:
    smsc.bind_status = status
    for _ in range(2):
        outcomes = sent(channel, parcels(3))
        assert verdicts(outcomes) == {("retry", "unreachable"): 3}
        assert all(outcome.retry_after_s for outcome in outcomes.values())
    assert (smsc.binds, smsc.submits) == (1, 0)


def test_an_smsc_that_is_not_there_hands_nothing_over(smsc: Smsc, channel: SmppChannel) -> None:
    smsc.stop_listening()
    assert verdicts(sent(channel, parcels(3))) == {("retry", "unreachable"): 3}


def test_a_wrong_password_is_in_no_log(smsc: Smsc, channel_to: MakeChannel) -> None:
    with capture_logs() as lines:
        sent(channel_to(password="canary-7"), [parcel("canary text", "+31698765432")])
    assert "smsc_lost" in [line["event"] for line in lines]
    assert not any(secret in str(lines) for secret in ("canary", "98765432"))


def test_parts_already_taken_do_not_make_a_text_accepted_when_another_part_was_not(smsc: Smsc, channel: SmppChannel) -> None:
    smsc.on_submit = only(2, THROTTLED)
    (outcome,) = sent(channel, [parcel("x" * 300)]).values()
    assert (outcome.verdict, outcome.provider_ids) == ("retry", ("1",))


def test_a_text_sent_again_has_the_same_reference_so_that_the_phone_shows_it_once(smsc: Smsc, channel: SmppChannel) -> None:
    given = parcel("x" * 300)
    smsc.on_submit = only(2, SYSTEM_ERROR)
    sent(channel, [given])
    sent(channel, [given])
    assert [part.header for part in smsc.accepted] == [smsc.accepted[0].header, smsc.accepted[0].header, smsc.accepted[2].header]
    assert smsc.accepted[0].text == smsc.accepted[1].text


def test_one_part_without_answer_makes_the_whole_text_unknown(smsc: Smsc, channel_to: MakeChannel) -> None:
    smsc.on_submit = only(1, Fault.ACCEPT_THEN_SILENT)
    (outcome,) = sent(channel_to(answer_s=0.2), [parcel("x" * 300)]).values()
    assert (outcome.verdict, outcome.provider_ids) == ("unknown", ("2",))


def test_the_parts_left_of_a_refused_text_are_not_sent(smsc: Smsc, channel_to: MakeChannel) -> None:
    smsc.on_submit = lambda _: INVALID_NUMBER
    outcomes = sent(channel_to(window=1), [parcel("x" * 700), parcel()])
    assert verdicts(outcomes) == {("rejected", "invalid_number"): 2}
    assert smsc.submits == 2


def test_a_receipt_that_comes_where_messages_are_handed_over_is_put_off_for_the_receiver(smsc: Smsc, channel: SmppChannel) -> None:
    sent(channel, parcels(1))
    body = receipt_body("1", "DELIVRD")
    smsc.garble(HEADER.pack(16 + len(body), DELIVER, 0, 9) + body)
    sent(channel, parcels(1))
    smsc.wait(lambda: smsc.answered == [0x64])
