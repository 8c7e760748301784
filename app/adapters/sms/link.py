"""A connection to an SMSC on which we are signed in. No thread: whoever uses it reads it.

The SMSC's own questions (is the link alive, sign off) are answered while reading. `probe` asks ours: an SMSC that says nothing at all for
`PROBE_S` after it is taken for gone.
"""

import time
from collections.abc import Iterable
from contextlib import suppress
from socket import socket
from typing import Final, Self

from app.adapters.outbound import Wall
from app.adapters.sms.pdu import ANSWER, Command, Garbled, Pdu, Status, Stream, bind_body
from app.config import Settings, SmppProvider

BIND_S: Final = 5.0
PROBE_S: Final = 3.0
WRITE_S: Final = 5.0
_READ_BYTES: Final = 65_536
_LAST_SEQUENCE: Final = 0x7FFF_FFFF


class Lost(Exception):
    """The connection is over: closed, broken, silent, out of step, or the SMSC signed off."""


class Refused(Exception):
    """The SMSC does not let us in."""

    def __init__(self, status: int) -> None:
        super().__init__(f"bind 0x{status:02x}")
        self.status = status


def wall_of(smsc: SmppProvider, settings: Settings) -> Wall:
    """Who may be called for it: itself, and in networks that are not public only where the settings allow that."""
    return Wall((smsc.host,), settings.outbound_private, ca=settings.outbound_ca)


class Link:
    """Signed in from `open` on. Not for several threads at once."""

    def __init__(self, plain: socket) -> None:
        self._socket = plain
        self._stream = Stream()
        self._sequence = 0
        self._over: Lost | None = None
        self._early: list[Pdu] = []
        """What came right behind the answer to the sign-in."""
        self.heard_at = time.monotonic()
        self._probed_at: float | None = None

    @classmethod
    def open(cls, smsc: SmppProvider, command: Command, wall: Wall) -> Self:
        """Connect and sign in. Raises `Unreachable`, `Refused` or `Lost`."""
        link = cls(wall.connect(smsc.host, smsc.port, tls=smsc.tls))
        try:
            link._bind(command, bind_body(smsc.system_id, smsc.password, smsc.system_type))
        except BaseException:
            link._socket.close()
            raise
        return link

    def _bind(self, command: Command, body: bytes) -> None:
        request = Pdu(command, self.number(), body=body)
        self.write([request])
        ends = time.monotonic() + BIND_S
        while (left := ends - time.monotonic()) > 0:
            pdus = self.read(left)
            for place, pdu in enumerate(pdus, 1):
                if pdu.sequence == request.sequence and pdu.command in {command | ANSWER, Command.NACK}:
                    if pdu.status or pdu.command == Command.NACK:
                        raise Refused(pdu.status)
                    self._early = pdus[place:]
                    return
        raise Lost("no answer to bind")

    def number(self) -> int:
        """The sequence number of the next request."""
        self._sequence = self._sequence % _LAST_SEQUENCE + 1
        return self._sequence

    def write(self, pdus: Iterable[Pdu]) -> None:
        """Send. Raises `Lost`; then any of them may have arrived."""
        try:
            self._socket.settimeout(WRITE_S)
            self._socket.sendall(b"".join(pdu.encode() for pdu in pdus))
        except OSError as error:
            raise self.end(type(error).__name__) from error

    def read(self, wait_s: float) -> list[Pdu]:
        """What has come, at the latest after `wait_s`; perhaps nothing. Raises `Lost` once all that came before the end was read."""
        if self._early:
            early, self._early = self._early, []
            return early
        if self._over:
            raise self._over
        if self._probed_at is not None:
            wait_s = min(wait_s, self._probed_at + PROBE_S - time.monotonic())
        try:
            self._socket.settimeout(max(wait_s, 0.001))
            data = self._socket.recv(_READ_BYTES)
        except TimeoutError:
            return self._quiet()
        except OSError as error:
            raise self.end(type(error).__name__) from error
        if not data:
            raise self.end("closed")
        self.heard_at, self._probed_at = time.monotonic(), None
        return self._cut(data)

    def _quiet(self) -> list[Pdu]:
        if self._probed_at is not None and time.monotonic() >= self._probed_at + PROBE_S:
            raise self.end("silent")
        return []

    def _cut(self, data: bytes) -> list[Pdu]:
        found = []
        try:
            for pdu in self._stream.feed(data):
                if pdu.command == Command.ENQUIRE_LINK:
                    self.write([pdu.answer()])
                elif pdu.command == Command.UNBIND:
                    self.write([pdu.answer()])
                    self.end("unbind")
                elif pdu.command & ANSWER or pdu.command == Command.DELIVER:
                    found.append(pdu)
                else:
                    self.write([Pdu(Command.NACK, pdu.sequence, Status.INVALID_COMMAND)])
        except (Garbled, Lost) as error:
            self.end(str(error))
        return found

    @property
    def doubtful(self) -> bool:
        """Whether the SMSC owes us a sign of life."""
        return self._probed_at is not None

    def probe(self) -> None:
        """Ask for a sign of life. Raises `Lost`."""
        if self._probed_at is None:
            self.write([Pdu(Command.ENQUIRE_LINK, self.number())])
            self._probed_at = time.monotonic()

    def close(self) -> None:
        """Sign off, if the SMSC still listens."""
        if self._over is None:
            with suppress(Lost):
                self.write([Pdu(Command.UNBIND, self.number())])
                self.end("closed by us")

    def end(self, why: str) -> Lost:
        """Close without a word. What it gives is to be raised."""
        self._over = self._over or Lost(why)
        self._socket.close()
        return self._over
