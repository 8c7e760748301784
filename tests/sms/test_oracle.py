"""smpplib, which others wrote, reads our PDUs as we mean them, and we read its."""

from typing import Any

import pytest
from smpplib import consts, smpp

from app.adapters.sms.pdu import Address, Command, Delivered, Pdu, Stream, Submit, bind_body, message_id


def theirs(pdu: Pdu) -> Any:
    return smpp.parse_pdu(pdu.encode(), client=_Numbers(), allow_unknown_opt_params=True)


def test_it_reads_our_sign_in() -> None:
    read = theirs(Pdu(Command.BIND_TRANSMITTER, 7, body=bind_body("muster", "secret", "VMA")))
    assert (read.command, read.sequence, read.interface_version) == ("bind_transmitter", 7, 0x34)
    assert (read.system_id, read.password, read.system_type) == (b"muster", b"secret", b"VMA")


@pytest.mark.parametrize("data", [b"", b"JA", bytes(range(140)), b"x" * 160])
def test_it_reads_our_text(data: bytes) -> None:
    submit = Submit(Address.of("Harbour"), Address.of("+31612345678"), data, 8, has_header=True, valid_until="261123083000000+")
    read = theirs(Pdu(Command.SUBMIT, 9, body=submit.body()))
    assert (read.command, read.source_addr_ton, read.source_addr) == ("submit_sm", consts.SMPP_TON_ALNUM, b"Harbour")
    assert (read.dest_addr_ton, read.dest_addr_npi, read.destination_addr) == (consts.SMPP_TON_INTL, consts.SMPP_NPI_ISDN, b"31612345678")
    assert (read.esm_class, read.data_coding, read.registered_delivery) == (consts.SMPP_GSMFEAT_UDHI, 8, 1)
    assert (read.validity_period, read.short_message or b"") == (b"261123083000000+", data)


def test_we_read_its_delivery_with_optional_fields() -> None:
    made = smpp.make_pdu(
        "deliver_sm", client=_Numbers(), source_addr_ton=1, source_addr="31612345678", destination_addr="1008", esm_class=4,
        short_message=b"id:1 stat:DELIVRD", receipted_message_id="77", message_state=2,
    )  # fmt: skip
    made.sequence = 5
    (pdu,) = Stream().feed(made.generate())
    read = Delivered.read(pdu.body)
    assert (pdu.sequence, read.sender, read.recipient, read.esm_class, read.data) == (5, "+31612345678", "1008", 4, b"id:1 stat:DELIVRD")
    assert (read.extras[0x001E].rstrip(b"\0"), read.extras[0x0427]) == (b"77", b"\2")


def test_we_read_its_answer() -> None:
    made = smpp.make_pdu("submit_sm_resp", client=_Numbers(), message_id="0000AB")
    made.sequence = 5
    (pdu,) = Stream().feed(made.generate())
    assert message_id(pdu.body) == "0000AB"


class _Numbers:
    """What smpplib asks of a client."""

    sequence = 5

    def next_sequence(self) -> int:
        return 5
