"""From a ping to the screens: how long until a signed-in viewer sees that somebody entered a fence.

Counted from the moment the ping leaves the phone, which is earlier than its acceptance. The plain way is a screen that asks for presence
every second.
"""

import json
import re
import socket
from collections.abc import Callable, Iterable, Iterator
from http.client import HTTPConnection
from time import perf_counter

from bench.load import CHUNK_BYTES, Generator, Outcome, post
from bench.pings import Walkers, basic
from bench.server import Server
from bench.town import Town

LENGTH = re.compile(rb"(?i)content-length: (\d+)")
POLL_S = 1.0
SETTLE_S = 3.0
PASSWORD = "een paard eet geen komkommersla"


def sign_in(server: Server, town: Town) -> str:
    """The owner's cookie, after the first sign-in and the change of password."""
    connection = HTTPConnection(*server.address)
    cookie, token = _posted(connection, "session", {"sign_in": town.sign_in, "password": town.password}, {})
    headers = {"Cookie": cookie, "X-CSRF-Token": token}
    return _posted(connection, "password", {"current_password": town.password, "new_password": PASSWORD}, headers)[0]


def _posted(connection: HTTPConnection, path: str, body: dict[str, str], headers: dict[str, str]) -> tuple[str, str]:
    connection.request("POST", f"/api/v1/{path}", json.dumps(body), {"Content-Type": "application/json", **headers})
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path}: {text.decode()}")
    return (answer.getheader("Set-Cookie") or "").partition(";")[0], json.loads(text)["csrf_token"]


Entry = tuple[str, str]
"""Person and fence."""


class Entering:
    """Everybody in turn enters the next fence; `sent_at` says when each was sent off, `seen_s` how long it took to be seen."""

    def __init__(self, walkers: Walkers) -> None:
        self.walkers = walkers
        self.sent_at: dict[Entry, float] = {}
        self.seen_s: dict[Entry, float] = {}

    def requests(self, count: int) -> Iterator[bytes]:
        """One ping each, made beforehand."""
        town = self.walkers.town
        made = []
        for nth in range(self.walkers.walked, self.walkers.walked + count):
            turn, number = divmod(nth, len(town.phones))
            phone, place = town.phones[number], town.places[(number * 7 + turn) % len(town.places)]
            if self.walkers.at[number] == (place.latitude, place.longitude):  # there already, so there would be no news
                place = town.places[(number * 7 + turn + 1) % len(town.places)]
            self.walkers.at[number] = (place.latitude, place.longitude)
            message = {
                "_type": "location",
                "lat": place.latitude,
                "lon": place.longitude,
                "acc": 12,
                "tst": self.walkers.clock_s + turn * 60,
            }
            request = post("/api/v1/ingest/owntracks", json.dumps(message).encode(), basic(phone))
            made.append(((str(phone.person_id), str(place.fence)), request))
        self.walkers.walked += count
        for entry, request in made:
            self.sent_at[entry] = perf_counter()
            yield request

    def saw(self, entries: Iterable[Entry]) -> None:
        """The viewer learns that these people are in these fences."""
        now = perf_counter()
        for entry in entries:
            if entry in self.sent_at and entry not in self.seen_s:
                self.seen_s[entry] = now - self.sent_at[entry]


def by_stream(server: Server, walkers: Walkers, cookie: str, rate: float, seconds: float) -> Outcome:
    """A viewer with an event stream."""
    entering, viewer = Entering(walkers), _viewer(server, cookie, "stream")
    rest = b""
    while b"event: ready" not in rest:
        rest += viewer.recv(CHUNK_BYTES)

    def read() -> None:
        nonlocal rest
        rest += viewer.recv(CHUNK_BYTES)
        *lines, rest = rest.split(b"\n")
        news = [json.loads(line[6:]) for line in lines if line.startswith(b'data: {"person_id"')]
        entering.saw((one["person_id"], one["body"]["fence"]) for one in news if one["body"].get("standing") == "inside")

    return _watched(server, entering, (viewer, read), (rate, seconds))


def by_polling(server: Server, walkers: Walkers, cookie: str, rate: float, seconds: float) -> Outcome:
    """A viewer who loads presence, and again a second after the last time."""
    entering, viewer = Entering(walkers), _viewer(server, cookie, "presence")
    answer, asked_at = b"", perf_counter()

    def read() -> None:
        nonlocal answer, asked_at
        answer += viewer.recv(CHUNK_BYTES)
        head, _, body = answer.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if length and len(body) >= int(length[1]):
            entering.saw((one["person_id"], fence["fence_id"]) for fence in json.loads(body)["fences"] for one in fence["people"])
            answer = b""

    def paced(requests: Iterator[bytes]) -> Iterator[bytes]:
        nonlocal asked_at
        for request in requests:
            if not answer and perf_counter() - asked_at >= POLL_S:
                asked_at = perf_counter()
                viewer.sendall(_get(cookie, "presence"))
            yield request

    return _watched(server, entering, (viewer, read), (rate, seconds), paced)


def _watched(
    server: Server,
    entering: Entering,
    viewer: tuple[socket.socket, Callable[[], None]],
    pace: tuple[float, float],
    paced: Callable[[Iterator[bytes]], Iterator[bytes]] = iter,
) -> Outcome:
    """Entries of the last seconds are left out: their news may still be on its way."""
    rate, seconds = pace
    settled = int(rate * (seconds - SETTLE_S))
    with Generator(server.address, 32) as generator:
        generator.watch(*viewer)
        sent = generator.open(paced(entering.requests(int(rate * seconds))), rate, seconds)
    viewer[0].close()
    if sent.bad or sent.unanswered:
        raise SystemExit(f"Pings were not taken: {sent.bad[:1]}, {sent.unanswered} unanswered.")
    counted = list(entering.sent_at)[:settled]
    seen = [entering.seen_s[entry] for entry in counted if entry in entering.seen_s]
    return Outcome(seconds, seen, [], len(counted) - len(seen))


def _viewer(server: Server, cookie: str, what: str) -> socket.socket:
    viewer = socket.create_connection(server.address, 10)
    viewer.sendall(_get(cookie, what))
    return viewer


def _get(cookie: str, what: str) -> bytes:
    return f"GET /api/v1/{what} HTTP/1.1\r\nHost: bench\r\nCookie: {cookie}\r\n\r\n".encode()
