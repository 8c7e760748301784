"""What goes over the wire when all is well, and what stays open between calls."""

from uuid import UUID

import pytest

from app.adapters.sms.smpp import SmppChannel
from tests.peers.smsc import OK, Fault, Smsc
from tests.sms.conftest import MakeChannel
from tests.sms.letters import parcel, parcels, sent, verdicts


def test_a_text_arrives_with_sender_number_end_and_a_receipt_asked_for(smsc: Smsc, channel: SmppChannel) -> None:
    given = parcel("Caffè at 5€?", sender_name="Harbour")
    outcome = sent(channel, [given])[given.delivery_id]
    (arrived,) = smsc.accepted
    assert (outcome.verdict, outcome.provider, outcome.provider_ids, outcome.parts) == ("accepted", "carrier", ("1",), 1)
    assert (arrived.recipient, arrived.sender, arrived.sender_kind) == ("31612345678", "Harbour", 5)
    assert (arrived.coding, arrived.esm_class, arrived.text) == (0, 0, b"Caff\x04 at 5\x1be?")
    assert (arrived.validity, arrived.registered) == ("261123083000000+", 1)


@pytest.mark.parametrize(
    ("sender", "kind", "text"), [("+31201234567", 1, "31201234567"), ("1008", 3, "1008"), ("Muster", 5, "Muster"), ("", 0, "")]
)
def test_the_provider_s_sender_stands_where_no_name_was_chosen(
    smsc: Smsc, channel_to: MakeChannel, sender: str, kind: int, text: str
) -> None:
    sent(channel_to(sender=sender), [parcel()])
    assert (smsc.accepted[0].sender_kind, smsc.accepted[0].sender) == (kind, text)


def test_a_text_outside_the_alphabet_goes_as_utf_16(smsc: Smsc, channel: SmppChannel) -> None:
    sent(channel, [parcel("geïnd 🔥")])
    assert (smsc.accepted[0].coding, smsc.accepted[0].text.decode("utf-16-be")) == (8, "geïnd 🔥")


def test_a_long_text_goes_in_numbered_parts_that_share_a_reference_and_all_ask_for_a_receipt(smsc: Smsc, channel: SmppChannel) -> None:
    given = parcel("x" * 400, delivery_id=UUID(int=0xABCD))
    outcome = sent(channel, [given])[given.delivery_id]
    assert [part.header for part in smsc.accepted] == [bytes([6, 8, 4, 0xAB, 0xCD, 3, number]) for number in (1, 2, 3)]
    assert b"".join(part.text for part in smsc.accepted) == b"x" * 400
    assert {part.registered for part in smsc.accepted} == {1}
    assert (outcome.verdict, outcome.parts, outcome.provider_ids) == ("accepted", 3, ("1", "2", "3"))
    assert all(len(part.header) * 8 + len(part.text) * 7 <= 140 * 8 for part in smsc.accepted)


def test_a_text_that_fills_its_parts_needs_no_part_more_than_was_counted(smsc: Smsc, channel: SmppChannel) -> None:
    given = parcel("x" * 306, delivery_id=UUID(int=0xABCD))
    assert sent(channel, [given])[given.delivery_id].parts == 2
    assert [part.header for part in smsc.accepted] == [bytes([5, 0, 3, 0xCD, 2, number]) for number in (1, 2)]
    assert [len(part.text) for part in smsc.accepted] == [153, 153]


def test_a_text_of_more_parts_than_can_be_numbered_is_refused_before_anything_is_sent(smsc: Smsc, channel: SmppChannel) -> None:
    assert verdicts(sent(channel, [parcel("x" * 153 * 256)])) == {("rejected", "too_long"): 1}
    assert smsc.accepted == []


def test_never_more_than_the_window_is_under_way(smsc: Smsc, channel_to: MakeChannel) -> None:
    smsc.on_submit = lambda _: Fault.HOLD
    assert verdicts(sent(channel_to(window=4, answer_s=0.3), parcels(10), 0.1)) == {("unknown", "no_answer"): 4, ("retry", "deadline"): 6}
    assert smsc.submits == 4


def test_answers_may_come_in_any_order(smsc: Smsc, channel: SmppChannel) -> None:
    given = parcels(4)

    def holds_three(number: int) -> int | Fault:
        if number < 4:
            return Fault.HOLD
        smsc.release()
        return OK

    smsc.on_submit = holds_three
    outcomes = sent(channel, given)
    assert verdicts(outcomes) == {("accepted", None): 4}
    by_number = {part.recipient: part.id.lstrip("0") for part in smsc.accepted}
    assert {one.address.lstrip("+"): outcomes[one.delivery_id].provider_ids[0] for one in given} == by_number


def test_the_connection_is_kept_between_calls(smsc: Smsc, channel: SmppChannel) -> None:
    for _ in range(3):
        sent(channel, parcels(2))
    assert (smsc.binds, len(smsc.accepted)) == (1, 6)


def test_an_idle_connection_is_asked_for_a_sign_of_life_first(smsc: Smsc, channel_to: MakeChannel) -> None:
    channel = channel_to(idle_s=0.0)
    sent(channel, parcels(1))
    assert smsc.enquiries == 0
    sent(channel, parcels(1))
    assert (smsc.enquiries, smsc.binds, len(smsc.accepted)) == (1, 1, 2)


def test_a_connection_that_ended_while_idle_is_replaced_without_loss(smsc: Smsc, channel: SmppChannel) -> None:
    sent(channel, parcels(1))
    smsc.drop_all()
    assert verdicts(sent(channel, parcels(3))) == {("accepted", None): 3}
    assert smsc.binds == 2


@pytest.mark.parametrize(
    ("form", "written", "kept"),
    [("text", "00AB3F", "ab3f"), ("hex", "00AB3F", "43839"), ("decimal", "0043839", "43839"), ("hex", "x-1", "x-1")],
)
def test_ids_are_kept_in_one_form_whatever_the_smsc_writes(smsc: Smsc, channel_to: MakeChannel, form: str, written: str, kept: str) -> None:
    smsc.answer_id = lambda _: written
    given = parcel()
    assert sent(channel_to(answer_ids=form), [given])[given.delivery_id].provider_ids == (kept,)
