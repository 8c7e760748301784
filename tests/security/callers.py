"""Everybody who may knock: a credential, sent the way the route's guard reads it, and what is theirs."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.actor import Role
from app.authority import ACTIONS, BEFORE_PASSWORD_CHANGE, Scope
from app.web.guards import SESSION_KEY
from app.web.mount import Mounted

GUARDS = {"member": {"member"}, "operator": {"operator"}, "device": {"device", "device_basic", "device_path"}, "anonymous": set[str]()}
_addresses = count(1)


@dataclass
class Caller:
    """One caller. `kind` says which guards let them in; `usable` is False when the credential has ended."""

    name: str
    kind: str
    role: Role
    credential: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)
    usable: bool = True
    must_change_password: bool = False
    device_scopes: tuple[str, ...] = ("pings", "punches")
    headers: dict[str, str] = field(default_factory=dict)
    address: str = ""

    def expected(self, entry: Mounted) -> Scope | int:
        """How far the caller may go with this route, or the status they must be refused with: straight from the authority table."""
        guards = {single.name for single in entry.guard.singles}
        if "anonymous" in guards:
            return "all"
        if "metrics" in guards:
            return 404
        if not guards & GUARDS[self.kind] or not self.usable:
            return 401
        scope = ACTIONS[entry.operation.action].get(self.role)
        if scope is None or (self.must_change_password and entry.operation.action not in BEFORE_PASSWORD_CHANGE):
            return 403
        if self.kind == "device" and entry.operation.device_scope and entry.operation.device_scope not in self.device_scopes:
            return 403
        return scope


class Door:
    """The application, and how a caller goes through it. Cookies are sent by hand, so no answer changes the next request."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client(use_cookies=False)
        self.mounted: dict[str, Mounted] = app.extensions["muster"].mounted

    def admit(self, caller: Caller) -> Caller:
        """Give a caller their headers: the signed cookie and its CSRF token, or the device's token."""
        number = next(_addresses)
        caller.address = f"10.9.{number >> 8 & 255}.{number & 255}"
        if caller.kind in {"member", "operator"}:
            browser = self.app.test_client()
            with browser.session_transaction() as cookie:
                cookie[SESSION_KEY] = caller.credential
            token = browser.get("/api/v1/csrf-token").get_json()["csrf_token"]
            kept = browser.get_cookie("muster")
            assert kept is not None
            caller.headers = {"Cookie": f"muster={kept.value}", "X-CSRF-Token": token}
        elif caller.kind == "device":
            caller.headers = {"Authorization": f"Bearer {caller.credential}"}
        return caller

    def headers_for(self, caller: Caller, entry: Mounted) -> dict[str, str]:
        """OwnTracks sends the token as a password."""
        if caller.kind == "device" and any(single.name == "device_basic" for single in entry.guard.singles):
            return {"Authorization": "Basic " + base64.b64encode(f"phone:{caller.credential}".encode()).decode()}
        return dict(caller.headers)

    def send(self, caller: Caller, entry: Mounted, path: str, **more: Any) -> TestResponse:
        """One request."""
        headers = {**self.headers_for(caller, entry), **more.pop("headers", {})}
        return self.client.open(
            path, method=entry.operation.method, headers=headers, environ_base={"REMOTE_ADDR": caller.address}, buffered=True, **more
        )


def path_of(entry: Mounted, caller: Caller, ids: Mapping[str, str]) -> str:
    """The route's address with these ids in it."""

    def fill(found: "re.Match[str]") -> str:
        name = found[1]
        return (caller.credential if caller.kind == "device" else "nobody") if name == "token" else ids[name]

    return re.sub(r"<(?:[^:>]+:)?(\w+)>", fill, entry.rule)


def parameters(entry: Mounted) -> list[str]:
    """Names in the route's address that are ids."""
    return [name for name in re.findall(r"<(?:[^:>]+:)?(\w+)>", entry.rule) if name != "token"]


def bytes_of(answer: TestResponse) -> tuple[int, bytes, list[tuple[str, str]]]:
    """All that an answer says, apart from its request id and when it was given."""
    request_id = answer.headers.get("X-Request-ID", "-").encode()
    headers = sorted((name, value) for name, value in answer.headers.items() if name not in {"Date", "X-Request-ID"})
    return answer.status_code, answer.data.replace(request_id, b""), headers


def none_of(wrong: list[str]) -> None:
    """Fail with every line of what is wrong."""
    if wrong:
        pytest.fail(f"{len(wrong)} wrong:\n" + "\n".join(wrong), pytrace=False)
