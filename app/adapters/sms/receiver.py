"""Signed in at an SMSC to receive: receipts, and what people send back.

1. What it brings is given to `take`, which keeps it. Only when that has returned is it acknowledged: the SMSC keeps it until then, and brings
   it again over the next connection.
2. When it cannot be kept (the database is away) nothing is acknowledged, the connection ends, and after a pause that grows there is another.
3. Nothing heard for a while: the SMSC is asked for a sign of life.
"""

import time
from collections.abc import Callable
from threading import Event
from typing import Final

import structlog

from app.adapters.outbound import Unreachable
from app.adapters.sms.link import Link, Lost, Refused, wall_of
from app.adapters.sms.pause import Pause
from app.adapters.sms.pdu import Command
from app.adapters.sms.receipts import incoming
from app.config import Settings, SmppProvider
from app.ports import Incoming

PROBE_AFTER_S: Final = 30.0
LOOK_S: Final = 1.0
"""So often whether to stop is looked at."""

_log = structlog.get_logger("smpp")


class Receiver:
    """One account at one SMSC. `take` may be called more than once with the same, should an acknowledgement be lost."""

    def __init__(self, smsc: SmppProvider, settings: Settings, take: Callable[[Incoming], None], stop: Event) -> None:
        self._smsc, self._wall = smsc, wall_of(smsc, settings)
        self._take = take
        self._stop = stop
        self._pause = Pause()

    def run(self) -> None:
        """Receive until told to stop, whatever the SMSC or the database do meanwhile."""
        while not self._stop.is_set():
            try:
                self._receive()
            except Exception as error:  # noqa: BLE001  (whatever it is, what was not acknowledged comes again)
                self._pause.begin()
                why = str(error) if isinstance(error, Unreachable | Refused | Lost) else ""
                _log.warning("smsc_lost", smsc=self._smsc.name, receiver=True, error=type(error).__name__, why=why)
                self._stop.wait(self._pause.left_s)

    def _receive(self) -> None:
        link = Link.open(self._smsc, Command.BIND_RECEIVER, self._wall)
        _log.info("smsc_receiving", smsc=self._smsc.name)
        try:
            while not self._stop.is_set():
                self._round(link)
        finally:
            link.close()

    def _round(self, link: Link) -> None:
        for pdu in link.read(LOOK_S):
            if pdu.command == Command.DELIVER:
                self._take(incoming(pdu.body, self._smsc))
                link.write([pdu.answer(body=b"\0")])
                self._pause.forget()
        if time.monotonic() - link.heard_at > PROBE_AFTER_S:
            link.probe()
