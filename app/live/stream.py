"""One viewer's stream: what it may show, and the frames that wait to be sent."""

import json
import random
from collections.abc import Iterator, Sequence
from typing import Final

from gevent.queue import Empty, Full, Queue

from app.actor import Actor
from app.authority import ACTIONS, Scope
from app.outbox.journal import Event, Seen

HEARTBEAT_S: Final = 15.0
FRAMES_WAITING_MAX: Final = 256
RETRY_MIN_MS: Final = 1000
RETRY_MAX_MS: Final = 5000
_END: Final = b""


def scope_of(actor: Actor, kind: str) -> Scope | None:
    """Whose news of this kind the actor may see: everybody's, the own, or (None) nobody's."""
    granted = ACTIONS.get(f"{kind}.read", {})
    scopes = {granted[role] for role in actor.roles if role in granted}
    return "all" if "all" in scopes else "own" if scopes else None


def may_see(scope: Scope | None, actor: Actor, event: Event) -> bool:
    """Whether this event is for a viewer with this scope."""
    return scope == "all" or (scope == "own" and event.person_id is not None and event.person_id == actor.person_id)


def frame(event: Event) -> bytes:
    """The event as a frame; its kind is the event's name."""
    data = {"person_id": event.person_id and str(event.person_id), "at": event.at.isoformat(), "body": event.body}
    return f"event: {event.kind}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


def ready(*, resumed: bool) -> bytes:
    """The first frame. Not resumed: load the present state, then go on with what follows here. When a process ends, not all come back at once."""
    retry_ms = random.randint(RETRY_MIN_MS, RETRY_MAX_MS)  # noqa: S311  (spreads load, keeps no secret)
    return f'retry: {retry_ms}\nevent: ready\ndata: {{"resumed":{str(resumed).lower()}}}\n\n'.encode()


def position(cursor: str) -> bytes:
    """Moves Last-Event-ID on, without an event."""
    return f"id: {cursor}\n\n".encode()


class Batch:
    """What one read brought, made into frames once for all streams. `events` None: more than anybody should be sent."""

    def __init__(self, events: Sequence[Event] | None, cursor: str) -> None:
        self.fresh_start = events is None
        self.framed = [(event, frame(event)) for event in events or ()]
        self.cursor = cursor
        self.whole = b"".join(chunk for _, chunk in self.framed) + position(cursor)


class Stream:
    """Frames on their way to one viewer. A viewer too slow to take them is cut off, comes back, and resumes."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self._frames: Queue[bytes] = Queue(FRAMES_WAITING_MAX)
        self._joined: Seen | None = None
        self._held: list[Batch] = []
        self._scopes: dict[str, Scope | None] = {}
        self._cursor = ""
        self.ended = False

    def begin(self, seen: Seen, missed: Batch, *, resumed: bool) -> None:
        """What was missed, then what the hub read meanwhile."""
        self._put(ready(resumed=resumed and not missed.fresh_start))
        if not self._show(missed):
            self._put(position(missed.cursor))
        self._joined = seen
        held, self._held = self._held, []
        for batch in held:
            self.take(batch)

    def take(self, batch: Batch) -> None:
        """What the hub read. What this stream saw when it joined is left out; what comes before it joined is held."""
        if self._joined is None:
            self._held.append(batch)
        elif batch.fresh_start:
            self._put(ready(resumed=False) + batch.whole)
        else:
            self._show(batch)

    def _show(self, batch: Batch) -> bool:
        """Send what is for this viewer, and where to go on from; whether there was anything."""
        self._cursor = batch.cursor
        chunks = [chunk for event, chunk in batch.framed if self._wants(event)]
        if len(chunks) == len(batch.framed):
            chunks = [batch.whole] if chunks else []
        elif chunks:
            chunks.append(position(batch.cursor))
        if chunks:
            self._put(b"".join(chunks))
        return bool(chunks)

    def _wants(self, event: Event) -> bool:
        if event.kind not in self._scopes:
            self._scopes[event.kind] = scope_of(self.actor, event.kind)
        known = self._joined is not None and self._joined.has(event.transaction_id)
        return not known and may_see(self._scopes[event.kind], self.actor, event)

    @property
    def waiting(self) -> int:
        """Chunks not yet taken."""
        return self._frames.qsize()

    def end(self) -> None:
        """No more frames: the response ends and the browser comes back, if it may."""
        self.ended = True
        self._frames.queue.clear()
        self._frames.put_nowait(_END)

    def frames(self) -> Iterator[bytes]:
        """Until the end. A comment and the position every 15 seconds, so that proxies keep the line and a resume has little to do."""
        while True:
            try:
                chunk = self._frames.get(timeout=HEARTBEAT_S)
            except Empty:
                chunk = b":\n" + position(self._cursor)
            if chunk == _END:
                return
            yield chunk

    def _put(self, chunk: bytes) -> None:
        if not self.ended:
            try:
                self._frames.put_nowait(chunk)
            except Full:
                self.end()
