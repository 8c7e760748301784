"""The PDUs of SMPP 3.4 that a sender and a receiver of short messages need, as bytes and back.

1. A PDU is a header of four 32-bit numbers (length, command, status, sequence) and a body of C strings, single bytes and
   optional tag-length-value fields.
2. `Stream` cuts what a socket gives into PDUs and keeps what is not whole yet. A length that cannot be means that we no longer know where
   PDUs begin: `Garbled`, and the connection has to end.
3. Bodies of answers are read leniently: SMSCs leave fields out and add their own.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

HEADER: Final = struct.Struct(">4I")
MAX_PDU_BYTES: Final = 70_000
"""A message_payload may have 64 KiB; nothing else comes near."""
ANSWER: Final = 0x8000_0000
RECEIPTED_MESSAGE_ID, MESSAGE_PAYLOAD, MESSAGE_STATE = 0x001E, 0x0424, 0x0427
_TLV: Final = struct.Struct(">2H")
VERSION: Final = 0x34
LONG: Final = 9
"""Digits from which on a number of unknown kind, without a leading zero, is taken for an international one."""


class Garbled(Exception):
    """What came is not SMPP, or no longer in step."""


class Command(IntEnum):
    """What we send or understand. An answer has the number of its request with the highest bit set."""

    BIND_RECEIVER = 0x01
    BIND_TRANSMITTER = 0x02
    SUBMIT = 0x04
    DELIVER = 0x05
    UNBIND = 0x06
    BIND_TRANSCEIVER = 0x09
    ENQUIRE_LINK = 0x15
    NACK = ANSWER


class Status(IntEnum):
    """The command_status values that mean something of their own to us (5.1.3)."""

    OK = 0x00
    INVALID_COMMAND = 0x03
    WRONG_BIND_STATE = 0x04
    SYSTEM_ERROR = 0x08
    INVALID_SENDER = 0x0A
    INVALID_NUMBER = 0x0B
    QUEUE_FULL = 0x14
    SUBMIT_FAILED = 0x45
    THROTTLED = 0x58
    EXPIRED = 0x62
    TEMPORARY = 0x64


@dataclass(frozen=True, slots=True)
class Pdu:
    """One PDU. The body is what somebody says to somebody, or a password: never logged."""

    command: int
    sequence: int
    status: int = 0
    body: bytes = field(default=b"", repr=False)

    def encode(self) -> bytes:
        """As it goes over the wire."""
        return HEADER.pack(HEADER.size + len(self.body), self.command, self.status, self.sequence) + self.body

    def answer(self, status: int = Status.OK, body: bytes = b"") -> "Pdu":
        """The answer to this request."""
        return Pdu(self.command | ANSWER, self.sequence, status, body)


class Stream:
    """Bytes in, whole PDUs out."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> Iterator[Pdu]:
        """Each PDU that is whole now. Raises `Garbled`."""
        self._rest += data
        while len(self._rest) >= HEADER.size:
            length, command, status, sequence = HEADER.unpack_from(self._rest)
            if not HEADER.size <= length <= MAX_PDU_BYTES:
                raise Garbled("length")
            if len(self._rest) < length:
                return
            body = bytes(self._rest[HEADER.size : length])
            del self._rest[:length]
            yield Pdu(command, sequence, status, body)


def bind_body(user: str, password: str, system_type: str) -> bytes:
    """Sign in. Address range and its kinds stay open: the SMSC knows which are ours."""
    return _text(user) + _text(password) + _text(system_type) + bytes([VERSION, 0, 0]) + b"\0"


@dataclass(frozen=True, slots=True)
class Address:
    """A number or name with its type of number and numbering plan."""

    kind: int
    plan: int
    text: str = field(repr=False)

    @classmethod
    def of(cls, text: str) -> "Address":
        """International for a number, national short code for up to 6 digits, alphanumeric for a name, unknown for nothing."""
        digits = text.removeprefix("+")
        if not text:
            return cls(0, 0, "")
        if not (digits.isascii() and digits.isdigit()):
            return cls(5, 0, text)
        return cls(3, 0, digits) if len(digits) <= 6 else cls(1, 1, digits)

    def encode(self) -> bytes:
        """Type, plan and text."""
        return bytes([self.kind, self.plan]) + _text(self.text)


@dataclass(frozen=True, slots=True)
class Submit:
    """One short message: at most 140 octets of 8, or 160 of 7 bits written one an octet. With `has_header` it begins with a user data header."""

    sender: Address
    recipient: Address
    data: bytes = field(repr=False)
    data_coding: int
    has_header: bool
    valid_until: str
    """`YYMMDDhhmmss000+`, UTC."""

    def body(self) -> bytes:
        """With a receipt asked for the final outcome, whatever it is."""
        return b"".join(
            (
                b"\0",
                self.sender.encode(),
                self.recipient.encode(),
                bytes([0x40 if self.has_header else 0, 0, 0]),
                b"\0" + _text(self.valid_until),
                bytes([1, 0, self.data_coding, 0, len(self.data)]),
                self.data,
            )
        )


@dataclass(frozen=True, slots=True)
class Delivered:
    """What an SMSC brought: a receipt, or what somebody sent."""

    sender: str = field(repr=False)
    recipient: str = field(repr=False)
    esm_class: int
    data_coding: int
    data: bytes = field(repr=False)
    extras: Mapping[int, bytes] = field(repr=False)

    @classmethod
    def read(cls, body: bytes) -> "Delivered":
        """A deliver_sm. Raises `Garbled` when the fields before the text are cut off; what is wrong after it is left out."""
        try:
            _, at = _string(body, 0)
            sender, at = _number(body, at)
            recipient, at = _number(body, at)
            esm_class = body[at]
            _, at = _string(body, at + 3)
            _, at = _string(body, at)
            data_coding, length = body[at + 2], body[at + 4]
        except (IndexError, ValueError):
            raise Garbled("deliver_sm") from None
        at += 5
        extras = _extras(body, at + length)
        data = body[at : at + length] or extras.get(MESSAGE_PAYLOAD, b"")
        return cls(sender, recipient, esm_class, data_coding, data, extras)


def message_id(body: bytes) -> str:
    """The SMSC's id of a message it took, as it writes it; empty when it gave none."""
    return body.split(b"\0", 1)[0].decode("ascii", "replace")


def _string(body: bytes, at: int) -> tuple[str, int]:
    end = body.index(0, at)
    return body[at:end].decode("latin-1"), end + 1


def _number(body: bytes, at: int) -> tuple[str, int]:
    """An address; a number as E.164, if it is said to be international or long enough for it."""
    text, end = _string(body, at + 2)
    if body[at] != 1 and (body[at] != 0 or len(text) < LONG or text.startswith("0")):
        return text, end
    return (f"+{text}" if text.isascii() and text.isdigit() else text), end


def _extras(body: bytes, at: int) -> dict[int, bytes]:
    found = {}
    while at + _TLV.size <= len(body):
        tag, length = _TLV.unpack_from(body, at)
        at += _TLV.size + length
        if at > len(body):
            break
        found[tag] = body[at - length : at]
    return found


def _text(value: str) -> bytes:
    return value.encode("ascii", "replace") + b"\0"
