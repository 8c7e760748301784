"""A real server for the journeys of the web app, and somebody who furnishes it.

`python -m app.embedded run --throwaway VAR -- python -m tests.journeys.house FILE`

1. `muster serve` runs as it would for a customer, but for one thing: passwords are hashed cheaply, so that no journey waits for them.
2. FILE then says where: {"url", "control"}. `control` is for the tests alone and listens on this machine only:
   POST /organizations {"locale": "nl", "extra_people": 0} makes an organization of one's own, and tells what opens it;
   POST /towns {"people": 10000, "fences": 100} makes a large one with everybody on site;
   POST /server {"up": false} ends the server, {"up": true} starts it again at the same address;
   POST /sms {"to": "+31612345678"} tells which texts arrived there, the oldest first: a provider of SMS runs beside it;
   POST /retention {"organization_id": 7, "days": 2} deletes what of visits is past its term by then, as the clock does each night.
3. SIGTERM ends everything.
"""

import json
import os
import signal
import sys
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import text

from app import logs, wiring
from app.accounts.service import passwords
from app.config import Settings, load_settings
from app.demo.serving import serving
from app.embedded.server import free_port
from app.ports import Deps
from app.setup import set_up
from app.visitors import retention
from tests.journeys.furnish import new_organization, new_town
from tests.peers.http_sms import HttpSmsPeer


class Server:
    """`muster serve`, up or down, always at one address."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._running = settings, ExitStack()

    def turn(self, *, up: bool) -> None:
        """Start or end it; wait until it is so."""
        self._running.close()
        if up:
            self._running.enter_context(serving(self._settings))


class Control(BaseHTTPRequestHandler):
    """What journeys may ask for."""

    def __init__(self, deps: Deps, server: Server, sms: HttpSmsPeer, *given: Any) -> None:
        self.deps, self.serving, self.sms = deps, server, sms
        super().__init__(*given)

    def do_POST(self) -> None:
        """One wish."""
        wanted = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or "{}")
        if self.path == "/organizations":
            self.answer(201, new_organization(self.deps, **wanted))
        elif self.path == "/towns":
            self.answer(201, new_town(self.deps, **wanted))
        elif self.path == "/server":
            self.serving.turn(**wanted)
            self.answer(200, wanted)
        elif self.path == "/sms":
            with self.sms.lock:
                texts = [said["text"] for said in self.sms.sent.values() if said["to"] == wanted["to"]]
            self.answer(200, {"texts": texts})
        elif self.path == "/retention":
            at = self.deps.clock.now() + timedelta(days=wanted["days"])
            self.answer(200, {"deleted": retention.forget_expired(self.deps, wanted["organization_id"], at)})
        else:
            self.answer(404, {})

    def answer(self, status: int, body: dict[str, Any]) -> None:
        """As JSON."""
        said = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Nothing."""


def at_an_address(settings: Settings) -> Settings:
    """On free ports of this machine."""
    bind = f"127.0.0.1:{free_port()}"
    return settings.model_copy(update={"bind": bind, "live_bind": f"127.0.0.1:{free_port()}", "public_url": f"http://{bind}"})


def main(file: Path) -> None:
    """Until SIGTERM."""
    logs.configure("WARNING")
    # One proxy is believed: so each test can come from an address of its own, with rate limits of its own.
    sms = HttpSmsPeer()
    providers = json.dumps([sms.provider().model_dump(mode="json")])
    os.environ.update(TRUSTED_PROXIES="1", WEB_WORKERS="1", SMS_PROVIDERS=providers, OUTBOUND_PRIVATE="127.0.0.1/32")
    settings = at_an_address(load_settings())
    set_up(settings)
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)  # type: ignore[misc]
    deps, server, ended = wiring.build(settings), Server(settings), Event()
    with deps.database.identity() as session:
        today = deps.clock.now().date()
        session.execute(
            text("SELECT make_sighting_partitions(:first, :last)"), {"first": today - timedelta(days=8), "last": today + timedelta(days=1)}
        )
    # One thread answers all: the kernel ends a server when the thread that started it ends.
    control = HTTPServer(("127.0.0.1", 0), partial(Control, deps, server, sms))
    Thread(target=control.serve_forever, daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    with sms:
        server.turn(up=True)
        draft = file.with_suffix(".new")
        draft.write_text(json.dumps({"url": settings.public_url, "control": f"http://127.0.0.1:{control.server_port}"}))
        draft.replace(file)
        ended.wait()
        control.shutdown()
        server.turn(up=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
