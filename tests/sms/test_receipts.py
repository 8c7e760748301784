"""What an SMSC brings, in the forms that vendors write it."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.sms.pdu import ANSWER, Garbled, Pdu, Stream
from app.adapters.sms.receipts import incoming, normal_id
from app.ports import Incoming
from tests.peers.smsc import deliver_body, receipt_body, tlv
from tests.sms.conftest import provider

ID, STATE = 0x001E, 0x0427


def read(body: bytes, **options: str) -> Incoming:
    return incoming(body, provider(2775, **options))


@pytest.mark.parametrize("digits", [10, 12])
@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("DELIVRD", "delivered"),
        ("Delivered", "delivered"),
        ("EXPIRED", "expired"),
        ("UNDELIV", "failed"),
        ("REJECTD", "failed"),
        ("DELETED", "failed"),
        ("ENROUTE", "accepted"),
        ("ACCEPTD", "accepted"),
        ("UNKNOWN", None),
        ("SOMETHING", None),
    ],
)
def test_a_receipt_says_what_became_of_which_message(digits: int, state: str, status: str | None) -> None:
    body = receipt_body("00123AB", state, digits=digits)
    assert read(body) == Incoming("carrier", "receipt", body, "123ab", status=status)


def test_fields_beside_the_text_count_for_more() -> None:
    found = read(receipt_body("1", "UNDELIV", extras=tlv(ID, b"77\0") + tlv(STATE, b"\2") + tlv(0x1400, b"own")))
    assert (found.ref, found.status) == ("77", "delivered")


def test_a_receipt_without_text_and_without_the_bit_is_known_by_its_fields() -> None:
    found = read(deliver_body("31612345678", "1008", b"", extras=tlv(ID, b"77\0") + tlv(STATE, b"\3")))
    assert (found.kind, found.ref, found.status) == ("receipt", "77", "expired")


def test_fields_that_are_cut_off_are_left_out() -> None:
    found = read(receipt_body("1", "DELIVRD", extras=tlv(ID, b"77\0")[:-2]))
    assert (found.ref, found.status) == ("1", "delivered")


def test_what_the_text_quotes_of_the_message_is_not_taken_for_the_receipt_s_own() -> None:
    body = deliver_body("31612345678", "1008", b"id:1 stat:DELIVRD err:000 text:stat:UNDELIV id:2", esm_class=4)
    assert (read(body).ref, read(body).status) == ("1", "delivered")


@pytest.mark.parametrize(
    ("form", "written", "kept"),
    [
        ("text", "00AbC", "abc"),
        ("text", "000", "0"),
        ("hex", "0001E240", "123456"),
        ("decimal", "0000123456", "123456"),
        ("decimal", "1E240", "1e240"),
    ],
)
def test_an_id_is_brought_to_one_form(form: str, written: str, kept: str) -> None:
    assert read(receipt_body(written, "DELIVRD"), receipt_ids=form).ref == kept


def test_hex_in_the_answer_and_decimal_in_the_receipt_meet() -> None:
    assert normal_id("0001E240", "hex") == normal_id("0123456", "decimal")


@pytest.mark.parametrize(
    ("data", "coding", "esm_class", "text"),
    [
        (b"JA", 0, 0, "JA"),
        (b"Caf\x05 \x1be", 0, 0, "Café €"),
        ("geïnd 🔥".encode("utf-16-be"), 8, 0, "geïnd 🔥"),
        ("geïnd".encode("latin-1"), 3, 0, "geïnd"),
        (b"\x05\x00\x03\x07\x02\x01JA", 0, 0x40, "JA"),
    ],
)
def test_a_text_from_a_phone_is_read_in_its_alphabet(data: bytes, coding: int, esm_class: int, text: str) -> None:
    found = read(deliver_body("31612345678", "1008", data, coding=coding, esm_class=esm_class))
    assert (found.kind, found.sender, found.text) == ("inbound", "+31612345678", text)


@given(st.binary(max_size=200))
def test_whatever_is_brought_is_kept(body: bytes) -> None:
    found = read(body)
    assert found.raw == body
    assert found.ref is None or (found.ref.isascii() and found.ref.isprintable())


PDUS = st.lists(
    st.builds(Pdu, st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1), st.binary(max_size=300)), max_size=8
)


@given(PDUS, st.randoms(use_true_random=False))
def test_pdus_come_out_as_they_went_in_however_the_bytes_are_cut(pdus: list[Pdu], random: Random) -> None:
    wire = b"".join(pdu.encode() for pdu in pdus)
    stream, found, at = Stream(), [], 0
    while at < len(wire):
        size = random.randint(1, 40)
        found += list(stream.feed(wire[at : at + size]))
        at += size
    assert found == pdus


@pytest.mark.parametrize("length", [0, 15, 70_001, 0xFFFF_FFFF])
def test_a_length_that_cannot_be_is_the_end(length: int) -> None:
    with pytest.raises(Garbled):
        list(Stream().feed(length.to_bytes(4, "big") + bytes(12)))


def test_nothing_that_somebody_said_stands_in_what_is_printed_of_a_pdu() -> None:
    assert "canary" not in repr(Pdu(4 | ANSWER, 1, body=b"canary"))
    assert "canary" not in repr(read(deliver_body("31612345678", "1008", b"canary")))
