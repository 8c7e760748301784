"""An SMSC that speaks SMPP 3.4 and misbehaves as told. Standard library only, and nothing of ours: what it reads, it reads by the specification.

    with Smsc() as smsc:
        smsc.on_submit = lambda number: Fault.ACCEPT_THEN_SILENT if number == 3 else OK

One thread a connection. What it brings (receipts, texts from phones) it keeps until a receiver has acknowledged it, and brings it again to
the next one.
"""

import socket
import ssl
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from threading import Condition, Thread
from types import TracebackType
from typing import Self

HEADER = struct.Struct(">IIII")
BIND_RECEIVER, BIND_TRANSMITTER, SUBMIT, DELIVER, UNBIND, BIND_TRANSCEIVER, ENQUIRE = 1, 2, 4, 5, 6, 9, 0x15
ANSWER = 0x80000000
OK, THROTTLED, QUEUE_FULL, INVALID_NUMBER, SYSTEM_ERROR, BIND_FAILED, WRONG_PASSWORD = 0, 0x58, 0x14, 0x0B, 0x08, 0x0D, 0x0E
PATIENCE_S = 20.0


class Fault(Enum):
    """What may happen to a submit besides an answer with a status."""

    SILENT = auto()
    """Neither taken nor answered."""
    ACCEPT_THEN_SILENT = auto()
    ACCEPT_THEN_DROP = auto()
    DROP = auto()
    NACK = auto()
    """generic_nack with the sequence of the submit."""
    NACK_NOBODY = auto()
    CORRUPT_LENGTH = auto()
    """Taken; the answer's length cannot be."""
    UNBIND = auto()
    """Taken, and answered by signing off."""
    TWICE = auto()
    """Taken; answered two times."""
    HOLD = auto()
    """Taken; answered when `release` is called, the last first."""
    NO_ID = auto()
    """Taken; the answer has no body at all."""


@dataclass(frozen=True)
class Submitted:
    """A short message it took."""

    id: str
    sender: str
    sender_kind: int
    recipient: str
    esm_class: int
    validity: str
    registered: int
    coding: int
    data: bytes

    @property
    def header(self) -> bytes:
        return self.data[: self.data[0] + 1] if self.esm_class & 0x40 else b""

    @property
    def text(self) -> bytes:
        return self.data[len(self.header) :]


@dataclass(eq=False)
class Connection:
    """A connection and how it is signed in."""

    socket: socket.socket
    mode: int = 0
    credentials: tuple[str, ...] = ()
    sequence: int = 0
    held: list[bytes] = field(default_factory=list)

    def send(self, command: int, status: int, sequence: int, body: bytes = b"") -> None:
        self.socket.sendall(HEADER.pack(16 + len(body), command, status, sequence) + body)

    def drop(self) -> None:
        """End it without a word."""
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


class Smsc:
    """Listens on loopback from `with` on. Switches may be turned at any moment."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.on_submit: Callable[[int], int | Fault] = lambda _: OK
        """The number of the submit, from 1, says what is done with it."""
        self.answer_id: Callable[[int], str] = lambda number: f"{number:010d}"
        self.bind_status = OK
        self.answers_enquiries = True
        self.wants_password = "secret"
        self.receipt_before_answer: Callable[[str], bytes] | None = None
        """Given an id, the receipt (a deliver_sm body) that is brought before the submit is answered."""
        self.accepted: list[Submitted] = []
        self.answered: list[int] = []
        """The statuses of the answers to what it brought, in order."""
        self.binds = self.enquiries = self.submits = 0
        self.unbound = 0
        self.connections: list[Connection] = []
        self._waiting: list[bytes] = []
        self._brought: dict[tuple[Connection, int], bytes] = {}
        self.changed = Condition()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._tls = tls
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.stop_listening()
        self.drop_all()

    def stop_listening(self) -> None:
        """Refuse connections from now on."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def drop_all(self) -> None:
        """Cut every connection."""
        with self.changed:
            for connection in self.connections:
                connection.drop()
            self.connections.clear()

    def wait(self, true: Callable[[], bool], what: str = "what was waited for") -> None:
        """Until something is true of this peer."""
        with self.changed:
            assert self.changed.wait_for(true, PATIENCE_S), f"never happened: {what}"

    def release(self) -> None:
        """Send the answers that were held, the last first."""
        with self.changed:
            for connection in self.connections:
                for answer in reversed(connection.held):
                    connection.socket.sendall(answer)
                connection.held.clear()

    def bring(self, body: bytes) -> None:
        """Bring a deliver_sm to a receiver; one that is bound now, or the next."""
        with self.changed:
            self._waiting.append(body)
            self._offer()

    def garble(self, data: bytes) -> None:
        """Send these bytes, as they are, to everybody who is bound."""
        with self.changed:
            for connection in self.connections:
                if connection.mode:
                    connection.socket.sendall(data)

    @property
    def unacknowledged(self) -> int:
        return len(self._waiting) + len(self._brought)

    def _offer(self) -> None:
        receivers = [one for one in self.connections if one.mode in {BIND_RECEIVER, BIND_TRANSCEIVER}]
        while self._waiting and receivers:
            connection, body = receivers[0], self._waiting.pop(0)
            connection.sequence += 1
            self._brought[connection, connection.sequence] = body
            connection.send(DELIVER, 0, connection.sequence, body)

    def _accept(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            Thread(target=self._serve, args=(plain,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            connection = Connection(self._tls.wrap_socket(plain, server_side=True) if self._tls else plain)
        except OSError:
            plain.close()
            return
        with self.changed:
            self.connections.append(connection)
        try:
            while pdu := _read(connection.socket):
                with self.changed:
                    self._handle(connection, *pdu)
                    self.changed.notify_all()
        except OSError:
            pass
        finally:
            self._forget(connection)

    def _forget(self, connection: Connection) -> None:
        with self.changed:
            connection.socket.close()
            if connection in self.connections:
                self.connections.remove(connection)
            for key in [key for key in self._brought if key[0] is connection]:
                self._waiting.append(self._brought.pop(key))
            self._offer()
            self.changed.notify_all()

    def _handle(self, connection: Connection, command: int, status: int, sequence: int, body: bytes) -> None:
        if command in {BIND_RECEIVER, BIND_TRANSMITTER, BIND_TRANSCEIVER}:
            self._bind(connection, command, sequence, body)
        elif command == SUBMIT:
            self.submits += 1
            self._submit(connection, sequence, body, self.on_submit(self.submits))
        elif command == ENQUIRE:
            self.enquiries += 1
            if self.answers_enquiries:
                connection.send(ENQUIRE | ANSWER, 0, sequence)
        elif command == UNBIND:
            self.unbound += 1
            connection.send(UNBIND | ANSWER, 0, sequence)
        elif command == DELIVER | ANSWER:
            self._acknowledged(connection, status, sequence)
        elif not command & ANSWER:
            connection.send(ANSWER, 3, sequence)

    def _bind(self, connection: Connection, command: int, sequence: int, body: bytes) -> None:
        self.binds += 1
        connection.credentials = tuple(part.decode() for part in body.split(b"\0")[:3])
        status = self.bind_status or (OK if connection.credentials[1] == self.wants_password else WRONG_PASSWORD)
        connection.send(command | ANSWER, status, sequence, b"peer\0" if status == OK else b"")
        if status == OK:
            connection.mode = command
            self._offer()

    def _acknowledged(self, connection: Connection, status: int, sequence: int) -> None:
        self.answered.append(status)
        body = self._brought.pop((connection, sequence), None)
        if status and body is not None:
            self._waiting.append(body)

    def _submit(self, connection: Connection, sequence: int, body: bytes, does: int | Fault) -> None:
        if isinstance(does, int) and does:
            connection.send(SUBMIT | ANSWER, does, sequence)
        elif does in {Fault.SILENT, Fault.DROP, Fault.NACK, Fault.NACK_NOBODY}:
            self._refuse(connection, sequence, does)
        else:
            message = _submitted(self.answer_id(self.submits), body)
            self.accepted.append(message)
            if self.receipt_before_answer:
                self._waiting.append(self.receipt_before_answer(message.id))
                self._offer()
            self._take(connection, sequence, message, does)

    def _refuse(self, connection: Connection, sequence: int, does: object) -> None:
        if does is Fault.DROP:
            connection.drop()
        elif does is not Fault.SILENT:
            connection.send(ANSWER, 0x03, sequence if does is Fault.NACK else 0)

    def _take(self, connection: Connection, sequence: int, message: Submitted, does: int | Fault) -> None:
        body = message.id.encode() + b"\0"
        answer = HEADER.pack(16 + len(body), SUBMIT | ANSWER, OK, sequence) + body
        match does:
            case Fault.ACCEPT_THEN_SILENT:
                pass
            case Fault.ACCEPT_THEN_DROP:
                connection.drop()
            case Fault.CORRUPT_LENGTH:
                connection.socket.sendall(b"\xff\xff\xff\xff" + answer[4:])
            case Fault.UNBIND:
                connection.send(UNBIND, 0, 77)
            case Fault.HOLD:
                connection.held.append(answer)
            case Fault.NO_ID:
                connection.send(SUBMIT | ANSWER, OK, sequence)
            case _:
                connection.socket.sendall(answer * (2 if does is Fault.TWICE else 1))


def _read(plain: socket.socket) -> tuple[int, int, int, bytes] | None:
    head = _exactly(plain, 16)
    if head is None:
        return None
    length, command, status, sequence = HEADER.unpack(head)
    body = _exactly(plain, length - 16)
    return None if body is None else (command, status, sequence, body)


def _exactly(plain: socket.socket, count: int) -> bytes | None:
    data = b""
    while len(data) < count:
        more = plain.recv(count - len(data))
        if not more:
            return None
        data += more
    return data


def _submitted(id_: str, body: bytes) -> Submitted:
    """5.2 of the specification, field by field."""
    _service, rest = body.split(b"\0", 1)
    sender_kind, rest = rest[0], rest[2:]
    sender, rest = rest.split(b"\0", 1)
    recipient, rest = rest[2:].split(b"\0", 1)
    esm_class, rest = rest[0], rest[3:]
    _schedule, validity, rest = rest.split(b"\0", 2)
    registered, _replace, coding, _default, length = rest[:5]
    data = rest[5 : 5 + length]
    assert len(data) == length <= 254, "a short message's length is wrong"
    return Submitted(id_, sender.decode(), sender_kind, recipient.decode(), esm_class, validity.decode(), registered, coding, data)


def deliver_body(sender: str, recipient: str, data: bytes, *, esm_class: int = 0, coding: int = 0, extras: bytes = b"") -> bytes:
    """A deliver_sm."""
    return (
        b"\0\1\1" + sender.encode() + b"\0\1\1" + recipient.encode() + b"\0"
        + bytes([esm_class, 0, 0]) + b"\0\0" + bytes([0, 0, coding, 0, len(data)]) + data + extras
    )  # fmt: skip


def tlv(tag: int, value: bytes) -> bytes:
    """An optional field."""
    return struct.pack(">HH", tag, len(value)) + value


def receipt_body(id_: str, state: str, *, digits: int = 10, number: str = "31612345678", extras: bytes = b"") -> bytes:
    """A receipt as Appendix B shows it, with dates of 10 or 12 digits."""
    date = "261122120000"[:digits]
    text = f"id:{id_} sub:001 dlvrd:001 submit date:{date} done date:{date} stat:{state} err:000 text:id:7 stat:REJECTD"
    return deliver_body(number, "31600000000", text.encode(), esm_class=4, extras=extras)
