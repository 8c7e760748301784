"""Reads the news once for each organization and hands it to all its streams."""

from collections import Counter
from typing import Any, Final

import gevent
import structlog
from gevent.event import Event as Signal
from redis import Redis
from redis.exceptions import RedisError

from app.actor import Actor
from app.adapters.hints import NEWS, VIEWERS
from app.errors import TooMany
from app.live.cursor import Cursors
from app.live.stream import Batch, Stream
from app.outbox import journal
from app.outbox.journal import EVERYTHING, Event, Seen
from app.ports import Deps

POLL_S: Final = 1.0
GATHER_S: Final = 0.01
"""Between two reads of one organization, so that a burst of hints is one read."""
CHECK_EVERY_S: Final = 30.0
REDIS_AWAY_S: Final = 1.0
STREAMS_PER_USER_MAX: Final = 8
STREAMS_PER_ORGANIZATION_MAX: Final = 2000
MODULE: Final = "attendance"
"""The module whose news there is; switched off, its streams end."""

_log = structlog.get_logger("live")


class Room:
    """The streams of one organization, and what has been read for them."""

    def __init__(self, organization_id: int) -> None:
        self.organization_id = organization_id
        self.streams: set[Stream] = set()
        self.seen: Seen | None = None
        self.wake = Signal()
        self.check_due = False


class Hub:
    """All streams of this process. Greenlets only: nothing here is touched by two threads."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._cursors = Cursors(deps.settings.secret_key)
        self._rooms: dict[int, Room] = {}
        self._started = False

    def join(self, actor: Actor, last_event_id: str | None) -> Stream:
        """A stream for this viewer, going on where the last one broke off. Raises `TooMany`."""
        self._start()
        room = self._room(actor)
        stream = Stream(actor)
        room.streams.add(stream)
        try:
            self._begin(room, stream, last_event_id)
        except BaseException:
            room.streams.discard(stream)
            raise
        return stream

    @property
    def organizations(self) -> int:
        """How many organizations are looking on."""
        return len(self._rooms)

    def leave(self, stream: Stream) -> None:
        """The viewer is gone."""
        if room := self._rooms.get(stream.actor.tenant):
            room.streams.discard(stream)
            room.wake.set()

    def _start(self) -> None:
        if not self._started:
            self._started = True
            gevent.spawn(self._listen)
            gevent.spawn(self._keep_checking)

    def _room(self, actor: Actor) -> Room:
        room = self._rooms.get(actor.tenant)
        if room is None:
            room = self._rooms[actor.tenant] = Room(actor.tenant)
            gevent.spawn(self._follow, room)
        by_user = Counter(stream.actor.user_id for stream in room.streams)
        if by_user[actor.user_id] >= STREAMS_PER_USER_MAX or len(room.streams) >= STREAMS_PER_ORGANIZATION_MAX:
            raise TooMany(headers={"Retry-After": "30"})
        return room

    def _begin(self, room: Room, stream: Stream, last_event_id: str | None) -> None:
        """The stream is in the room already, so what the room reads from here on is not lost to it."""
        since = self._cursors.open(last_event_id, room.organization_id, self._deps.clock.now())
        seen, missed = self._read(room.organization_id, since or EVERYTHING)
        if since and since.end > seen.end:  # of a database that has been restored to an earlier day
            since, missed = None, []
        room.seen = room.seen or seen
        stream.begin(seen, Batch(missed, self._seal(room, seen)), resumed=since is not None)

    def _follow(self, room: Room) -> None:
        """Read whenever there may be something, as long as somebody looks."""
        while True:
            room.wake.wait(POLL_S)
            room.wake.clear()
            if not room.streams:
                del self._rooms[room.organization_id]
                return
            if room.check_due:
                room.check_due = False
                self._check(room)
            if room.seen is not None:
                self._hand_out(room, room.seen)
            gevent.sleep(GATHER_S)

    def _hand_out(self, room: Room, since: Seen) -> None:
        try:
            seen, events = self._read(room.organization_id, since)
        except Exception as error:  # noqa: BLE001  (whatever keeps us from reading, the next second may be better)
            _log.warning("news_not_read", error=type(error).__name__)
            return
        room.seen = seen
        if events is None or events:
            batch = Batch(events, self._seal(room, seen))
            for stream in room.streams:
                stream.take(batch)

    def _read(self, organization_id: int, since: Seen) -> tuple[Seen, list[Event] | None]:
        with self._deps.database.hot(organization_id) as connection:
            return journal.read(connection, organization_id, since)

    def _seal(self, room: Room, seen: Seen) -> str:
        return self._cursors.seal(room.organization_id, seen, self._deps.clock.now())

    def _listen(self) -> None:
        """Hints from Redis. While it is away the poll of each room does."""
        while True:
            try:
                redis: Any = Redis.from_url(self._deps.settings.redis_url, socket_connect_timeout=2)
                with redis, redis.pubsub(ignore_subscribe_messages=True) as hints:
                    hints.subscribe(NEWS, VIEWERS)
                    for message in hints.listen():
                        room = self._rooms.get(int(message["data"]))
                        if room:
                            room.check_due |= message["channel"] == VIEWERS.encode()
                            room.wake.set()
            except (RedisError, OSError, ValueError) as error:
                _log.warning("hints_interrupted", error=type(error).__name__)
                gevent.sleep(REDIS_AWAY_S)

    def _keep_checking(self) -> None:
        while True:
            gevent.sleep(CHECK_EVERY_S)
            self.check()

    def check(self) -> None:
        """End the streams of everybody whose session, membership or roles are not what they were, or whose module is off."""
        for room in list(self._rooms.values()):
            self._check(room)

    def _check(self, room: Room) -> None:
        try:
            self._check_room(room)
        except Exception as error:  # noqa: BLE001  (asked again in 30 s)
            _log.warning("viewers_not_checked", error=type(error).__name__)

    def _check_room(self, room: Room) -> None:
        streams = list(room.streams)
        sessions = {stream.actor.session_id for stream in streams if stream.actor.session_id}
        with self._deps.database.tenant(room.organization_id) as session:
            actors = self._deps.identity.watchers(session, room.organization_id, sessions, self._deps.clock.now())
        for stream in streams:
            actor = actors.get(stream.actor.session_id) if stream.actor.session_id else None
            if actor != stream.actor or not may_look(actor):
                stream.end()


def may_look(actor: Actor | None) -> bool:
    """Whether this viewer may have a stream at all."""
    return actor is not None and MODULE in actor.modules and not actor.must_change_password
