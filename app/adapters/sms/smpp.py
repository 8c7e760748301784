"""SMS over SMPP 3.4: one account at one SMSC, as a channel.

1. `send` fills a window: so many short messages are under way at once, each known by its sequence number. Answers come in any order; a
   parcel is settled when all its parts are answered.
2. What was never written to the connection is `retry`. What was written and not answered, because time ran out or the connection ended, is
   `unknown`: it may have been sent. So the connection may break at any moment without a message being lost or silently doubled.
3. An SMSC that asks for less (throttled, queue full) gets a pause that grows, and after it half as much at once; each message it takes
   widens the window a little.
4. The connection stays open between calls of the worker. One that was idle is asked for a sign of life before it is trusted again.
   One that did not answer a message in time gets nothing more before it has given one.
5. After a failed connection or sign-in nobody tries again for a pause that grows: parcels are answered `retry` at once, and whoever has
   another provider uses it.
"""

import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Final
from uuid import UUID

import structlog

from app.adapters.outbound import Unreachable
from app.adapters.sms.letters import SLOWER, Letter
from app.adapters.sms.link import PROBE_S, Link, Lost, Refused, wall_of
from app.adapters.sms.pause import PAUSE_MIN_S, Pause
from app.adapters.sms.pdu import ANSWER, Command, Pdu, Status
from app.config import Settings, SmppProvider
from app.ports import Outcome, Parcel

ANSWER_S: Final = 8.0
"""So long a message may go unanswered. Deadline and this together stay below the lease of a delivery."""
IDLE_S: Final = 15.0
ANSWERS: Final = frozenset({Command.SUBMIT | ANSWER, Command.NACK})

_log = structlog.get_logger("smpp")


@dataclass(frozen=True, slots=True)
class Flight:
    """A short message under way, and until when its answer is waited for."""

    letter: Letter
    ends: float


class SmppChannel:
    """Hands short messages to an SMSC. Callers on several threads take turns."""

    def __init__(self, smsc: SmppProvider, settings: Settings, *, answer_s: float = ANSWER_S, idle_s: float = IDLE_S) -> None:
        self._smsc, self._wall = smsc, wall_of(smsc, settings)
        self._answer_s, self._idle_s = answer_s, idle_s
        self._turn = Lock()
        self._link: Link | None = None
        self._away, self._slower = Pause(), Pause()
        self._allowed = float(smsc.window)

    def send(self, parcels: Sequence[Parcel], deadline_s: float) -> Iterator[tuple[UUID, Outcome]]:
        """Each parcel's outcome as soon as it is known, in any order. Takes up to `deadline_s` and one answer's time."""
        until = time.monotonic() + deadline_s
        with self._turn:
            waiting: deque[Letter] = deque()
            for parcel in parcels:
                try:
                    waiting.append(Letter.of(parcel, self._smsc))
                except ValueError:
                    yield parcel.delivery_id, Outcome("rejected", self._smsc.name, "too_long")
            reason = "deadline"
            while waiting and time.monotonic() < until:
                if self._slower.left_s >= until - time.monotonic():
                    reason = "throttled"
                    break
                if not (link := self._ready()):
                    reason = "unreachable"
                    break
                yield from self._exchange(link, waiting, until)
            for letter in waiting:
                letter.stop("retry", reason)
                yield self._told(letter)

    def close(self) -> None:
        """Sign off."""
        with self._turn:
            if self._link:
                self._link.close()
            self._link = None

    def _ready(self) -> Link | None:
        """A connection that can be trusted."""
        if self._link and not self._alive(self._link):
            self._link = None
        if self._link is None and not self._away.left_s:
            try:
                self._link = Link.open(self._smsc, Command.BIND_TRANSMITTER, self._wall)
            except (Unreachable, Refused, Lost) as error:
                self._gone(error)
        return self._link

    def _gone(self, error: Exception) -> None:
        self._link = None
        self._away.begin()
        _log.warning("smsc_lost", smsc=self._smsc.name, error=type(error).__name__, why=str(error), pause_s=round(self._away.left_s))

    def _alive(self, link: Link) -> bool:
        try:
            _put_off(link, link.read(0))
            if time.monotonic() - link.heard_at > self._idle_s:
                link.probe()
            while link.doubtful:
                _put_off(link, link.read(PROBE_S))
        except Lost:
            return False
        return True

    def _exchange(self, link: Link, waiting: deque[Letter], until: float) -> Iterator[tuple[UUID, Outcome]]:
        """Hand over what waits, until all is answered, time is up, or the connection is lost."""
        flying: dict[int, Flight] = {}
        try:
            while not self._over(waiting, flying, until):
                self._begin(link, waiting, flying, until)
                for letter in self._hear(link, flying, self._patience(flying)):
                    if waiting and waiting[0] is letter and not letter.submits:
                        waiting.popleft()
                    if letter.settled:
                        yield self._told(letter)
        except Lost as error:
            self._gone(error)
            for letter in {flight.letter.delivery_id: flight.letter for flight in flying.values()}.values():
                letter.lost()
                if letter.settled:
                    yield self._told(letter)

    def _over(self, waiting: deque[Letter], flying: Mapping[int, Flight], until: float) -> bool:
        if flying or not waiting:
            return not flying
        pause_s = self._slower.left_s
        return time.monotonic() + pause_s >= until and not (waiting[0].begun and not pause_s)

    def _begin(self, link: Link, waiting: deque[Letter], flying: dict[int, Flight], until: float) -> None:
        """Fill the window. What is written counts as under way even when writing fails."""
        now = time.monotonic()
        batch = []
        while waiting and len(flying) < int(self._allowed) and not link.doubtful and not self._slower.left_s:
            letter = waiting[0]
            if now >= until and not letter.begun:
                break
            request = Pdu(Command.SUBMIT, link.number(), body=letter.next().body())
            if not letter.submits:
                waiting.popleft()
            flying[request.sequence] = Flight(letter, now + self._answer_s)
            batch.append(request)
        if batch:
            link.write(batch)

    def _patience(self, flying: Mapping[int, Flight]) -> float:
        moments = [flight.ends for flight in flying.values()]
        pause_s = self._slower.left_s
        if pause_s:
            moments.append(time.monotonic() + pause_s)
        return min(moments, default=time.monotonic() + PROBE_S) - time.monotonic()

    def _hear(self, link: Link, flying: dict[int, Flight], wait_s: float) -> Iterator[Letter]:
        """The letters about which something became known."""
        pdus = link.read(wait_s)
        for pdu in pdus:
            flight = flying.pop(pdu.sequence, None) if pdu.command in ANSWERS else None
            if flight:
                flight.letter.read(pdu, self._smsc)
                self._learn(pdu)
                yield flight.letter
            elif pdu.command == Command.NACK:
                raise link.end("nack")
        _put_off(link, pdus)
        now = time.monotonic()
        for sequence in [sequence for sequence, flight in flying.items() if flight.ends <= now]:
            letter = flying.pop(sequence).letter
            letter.unanswered()
            yield letter
            link.probe()

    def _learn(self, pdu: Pdu) -> None:
        """How much the SMSC takes at once."""
        if pdu.status in SLOWER:
            if not self._slower.left_s:
                self._allowed = max(1.0, self._allowed / 2)
                self._slower.begin()
                _log.warning(
                    "smsc_slower", smsc=self._smsc.name, status=pdu.status, pause_s=round(self._slower.left_s), window=int(self._allowed)
                )
        elif pdu.status == Status.OK:
            self._allowed = min(float(self._smsc.window), self._allowed + 1 / self._allowed)
            self._slower.forget()
            self._away.forget()

    def _told(self, letter: Letter) -> tuple[UUID, Outcome]:
        return letter.delivery_id, letter.outcome(self._smsc, max(self._slower.left_s, self._away.left_s, PAUSE_MIN_S))


def _put_off(link: Link, pdus: Iterable[Pdu]) -> None:
    """Receipts are for `muster sms`; an SMSC that brings one here is asked to bring it later."""
    if late := [pdu.answer(Status.TEMPORARY, b"\0") for pdu in pdus if pdu.command == Command.DELIVER]:
        link.write(late)
