"""One viewer's stream: what it may show, and the frames that wait to be sent."""

import json
from collections.abc import Iterator, Sequence
from typing import Final

from gevent.queue import Empty, Full, Queue

from app.actor import Actor
from app.authority import ACTIONS, Scope
from app.outbox.journal import Event, Seen

HEARTBEAT_S: Final = 15.0
FRAMES_WAITING_MAX: Final = 256
RETRY_MS: Final = 2000
_END: Final = b""


def scope_of(actor: Actor, kind: str) -> Scope | None:
    """Whose news of this kind the actor may see: everybody's, the own, or (None) nobody's."""
    granted = ACTIONS.get(f"{kind}.read", {})
    scopes = {granted[role] for role in actor.roles if role in granted}
    return "all" if "all" in scopes else "own" if scopes else None


def may_see(actor: Actor, event: Event) -> bool:
    """Whether this event is for this viewer."""
    scope = scope_of(actor, event.kind)
    return scope == "all" or (scope == "own" and event.person_id is not None and event.person_id == actor.person_id)


def frame(event: Event) -> bytes:
    """The event as a frame; its kind is the event's name."""
    data = {"person_id": event.person_id and str(event.person_id), "at": event.at.isoformat(), "body": event.body}
    return f"event: {event.kind}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


def ready(*, resumed: bool) -> bytes:
    """The first frame. Not resumed: load the present state, then go on with what follows here."""
    return f'retry: {RETRY_MS}\nevent: ready\ndata: {{"resumed":{str(resumed).lower()}}}\n\n'.encode()


def position(cursor: str) -> bytes:
    """Moves Last-Event-ID on, without an event."""
    return f"id: {cursor}\n\n".encode()


class Stream:
    """Frames on their way to one viewer. A viewer too slow to take them is cut off, comes back, and resumes."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self._frames: Queue[bytes] = Queue(FRAMES_WAITING_MAX)
        self._joined: Seen | None = None
        self._held: list[Event] = []
        self._cursor = ""
        self.ended = False

    def begin(self, seen: Seen, missed: Sequence[Event] | None, cursor: str, *, resumed: bool) -> None:
        """What was missed, then what the hub read meanwhile. `missed` None: too much, load anew."""
        self._joined = seen
        self._put(ready(resumed=resumed and missed is not None))
        held, self._held = self._held, []
        self.show([*(missed or ()), *(event for event in held if not seen.has(event.transaction_id))], cursor, since=None)

    def take(self, events: Sequence[Event] | None, cursor: str) -> None:
        """What the hub read. What this stream saw when it joined is left out; what comes before it joined is held."""
        if events is None:
            self._put(ready(resumed=False) + position(cursor))
        elif self._joined is None:
            self._held += events
        else:
            self.show(events, cursor, since=self._joined)

    def show(self, events: Sequence[Event], cursor: str, *, since: Seen | None) -> None:
        """Send what is for this viewer, and where to go on from."""
        self._cursor = cursor
        frames = [frame(event) for event in events if may_see(self.actor, event) and not (since and since.has(event.transaction_id))]
        if frames or since is None:
            self._put(b"".join(frames) + position(cursor))

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
