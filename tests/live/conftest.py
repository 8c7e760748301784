"""Members with real sessions, and real processes to stream from."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from app.accounts.models import Member, Person, UserAccount, UserOrganization
from app.accounts.service.sessions import Browser, Holder, open_session
from app.config import Settings
from app.db.transaction import Database
from app.live import STREAM_PATH
from app.web.guards import SESSION_KEY
from tests.factories import World

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class SignedIn:
    """A member with a live session."""

    person_id: UUID
    user_id: UUID
    token: str
    cookie: str


def sign_in(world: World, settings: Settings, *roles: str, must_change_password: bool = False) -> SignedIn:
    person, user = uuid4(), uuid4()
    with world.database.identity() as session:
        session.add(
            UserAccount(
                id=user, sign_in_name=f"{user}@w", password_hash="-", fs_uniquifier=user.hex, must_change_password=must_change_password
            )
        )
        session.flush()
        session.add(UserOrganization(user_account_id=user, organization_id=world.organization_id))
    world.add(Person(id=person, name="Member"), Member(person_id=person, user_account_id=user, roles=list(roles)))
    with world.database.identity() as session:
        token = open_session(session, Holder(user, world.organization_id), Browser("test", ""), datetime.now(UTC), settings)
    signer = SecureCookieSessionInterface().get_signing_serializer(_flask(settings))
    assert signer
    return SignedIn(person, user, token, f"muster={signer.dumps({SESSION_KEY: token})}")


def _flask(settings: Settings) -> Flask:
    app = Flask("signer")
    app.secret_key = settings.secret_key
    return app


class Reader:
    """A browser's side of a stream."""

    def __init__(self, port: int, member: SignedIn | None, last_event_id: str | None = None) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=20)
        headers = ({"Cookie": member.cookie} if member else {}) | ({"Last-Event-ID": last_event_id} if last_event_id else {})
        self._connection.request("GET", STREAM_PATH, headers=headers)
        self.response: HTTPResponse = self._connection.getresponse()
        self.last_event_id = ""

    def frame(self) -> dict[str, str]:
        """The next frame's fields; positions move `last_event_id`."""
        fields: dict[str, str] = {}
        while line := self.response.readline():
            if line == b"\n" and fields:
                break
            name, _, value = line.decode().rstrip("\n").partition(": ")
            fields |= {name: value} if name.strip(":") else {}
        self.last_event_id = fields.get("id", self.last_event_id)
        return fields

    def event(self) -> dict[str, str]:
        """The next frame with an event; empty at the end of the stream."""
        while (fields := self.frame()) and "event" not in fields:
            pass
        return fields

    def ready(self) -> bool:
        """Read up to the first position; whether it resumed."""
        return self.event()["data"] == '{"resumed":true}'

    def close(self) -> None:
        self.response.close()
        self._connection.close()


Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture(scope="module")
def start(settings: Settings) -> Iterator[Start]:
    """Start a process of Muster with these settings and more: `start("live", live_bind="127.0.0.1:9")`."""
    names = ("database_url", "database_role_prefix", "redis_url", "secret_key", "var_dir")
    running: list[subprocess.Popen[bytes]] = []

    def run(command: str, **more: object) -> "subprocess.Popen[bytes]":
        given = {name: getattr(settings, name) for name in names} | more
        environment = {**os.environ, **{name.upper(): str(value) for name, value in given.items()}, "PYTHONPATH": str(ROOT)}
        argv = [sys.executable, "-c", f"from app.cli import main; main(['{command}'])"]
        process = subprocess.Popen(argv, env=environment, cwd=ROOT)
        running.append(process)
        return process

    yield run
    for process in running:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def world(database: Database) -> World:
    return World(database)
