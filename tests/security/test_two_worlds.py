"""Two worlds: whatever one organization does, another one's rows stay as they are, and what it is told does not depend on the other.

1. Anything at all is sent as everybody of ours, and committed. Every row of theirs, and everything global that names them, is the same as before.
2. The same script runs for a new organization alone, and again for another new one while a third one is busy beside it. The answers are the same,
   once ids and secrets are taken out.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import psycopg
import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from redis import Redis
from schemathesis import Case
from schemathesis.core.result import Ok

from app import wiring
from app.adapters.clock import SetClock
from app.config import Settings
from app.db.transaction import Database
from app.extensions import limiter
from app.factory import create_app
from app.tables import GLOBAL_TABLES, metadata
from tests.security.callers import Caller, Door, bytes_of, none_of, path_of
from tests.security.examples import Examples
from tests.security.houses import NOW, House, build

OURS = ("owner", "employee", "device")
NEVER = {
    "enter_organization",
    "join_account",
    "create_session",
    "end_own_session",
    "end_session",
    "change_password",
    "end_sessions",
    "end_member",
    "leave",
    "revoke_device",
}
"""Routes that would end the caller's own credential, and the test with it; they are sent once, at the end."""


@pytest.fixture(scope="module")
def app(published: None, database: Database, settings: Settings) -> Iterator[Flask]:
    """The application, committing for real."""
    with Redis.from_url(settings.redis_url) as redis:
        redis.flushdb()
    deps = wiring.build(settings)
    limiter.enabled = False
    yield create_app(settings, deps=replace(deps, database=database, clock=SetClock(NOW)))
    limiter.enabled = True
    deps.database.engine.dispose()


def _callers(door: Door, house: House) -> list[Caller]:
    found = []
    for role in OURS:
        someone = house.people["employee" if role == "device" else role]
        kind, credential = ("device", someone.token) if role == "device" else ("member", someone.cookie)
        found.append(door.admit(Caller(role, kind, role, credential, someone.ids)))  # type: ignore[arg-type]
    return found


def rows_of(pg: "psycopg.Connection[Any]", organization_id: int) -> dict[str, str]:
    """Table -> hash of every row of an organization, read behind the walls."""
    found = {}
    for table in metadata.sorted_tables:
        name, key = table.name, "id" if table.name == "organization" else "organization_id"
        if table.name in GLOBAL_TABLES and key not in table.columns:
            continue
        query = f"SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '') FROM {name} t WHERE {key} = %s"
        row = pg.execute(query.encode(), (organization_id,)).fetchone()
        found[name] = hashlib.sha256(row[0].encode()).hexdigest() if row else ""
    pg.rollback()
    return found


@pytest.mark.parametrize("examples_each", [1, pytest.param(40, marks=pytest.mark.long)])
def test_nothing_we_send_changes_a_row_of_theirs(
    app: Flask, database: Database, settings_: Settings, pg: "psycopg.Connection[Any]", examples_each: int
) -> None:
    ours, theirs = build(database, settings_), build(database, settings_)
    before, own_before = rows_of(pg, theirs.organization_id), rows_of(pg, ours.organization_id)
    door = Door(app)
    foreign = {name: list(someone.ids.values()) for name, someone in theirs.people.items()}
    pool = sorted({value for values in foreign.values() for value in values})
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    operations = {found.ok().definition.raw["operationId"]: found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)}
    callers = _callers(door, ours)
    ending = []
    for name, operation in operations.items():
        entry = door.mounted[name]
        for caller in callers:
            if isinstance(caller.expected(entry), int):
                continue
            if name.rpartition(".")[2] in NEVER:
                ending.append((caller, entry))
            else:
                _send_some(door, caller, operation, pool, examples_each)
    examples = Examples(door.client.get("/api/v1/openapi.json").get_json())
    for caller, entry in ending:
        for ids in (theirs.people["owner"].ids, theirs.people["employee"].ids, caller.ids):
            door.send(caller, entry, path_of(entry, caller, ids), **examples.request(entry, ids))
    assert rows_of(pg, ours.organization_id) != own_before, "nothing happened at all"
    assert rows_of(pg, theirs.organization_id) == before


def _send_some(door: Door, caller: Caller, operation: Any, foreign: list[str], examples: int) -> None:
    entry = door.mounted[operation.definition.raw["operationId"]]

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), data=st.data())
    def run(case: Case[Any], data: st.DataObject) -> None:
        pick = st.sampled_from(foreign)
        case.path_parameters.update({name: data.draw(pick) for name in case.path_parameters if name.endswith("_id")})
        if isinstance(case.body, dict):
            case.body = {key: data.draw(pick) if key.endswith("_id") else value for key, value in case.body.items()}
        case.call(headers={**door.headers_for(caller, entry), **({"If-Match": "*"} if entry.operation.edits else {})})

    run()


def test_what_we_are_told_does_not_depend_on_them(app: Flask, database: Database, settings_: Settings) -> None:
    alone = _told(app, build(database, settings_), None)
    busy = build(database, settings_)
    beside = _told(app, build(database, settings_), busy)
    pairs = [(name, one, other) for (name, one), (_, other) in zip(alone, beside, strict=True) if one != other]
    wrong = [
        f"{name}: {one[at - 80 : at + 80]!r} is now {other[at - 80 : at + 80]!r}"
        for name, one, other in pairs
        if (at := _apart(one, other))
    ]
    none_of(wrong)


def _told(app: Flask, house: House, busy: House | None) -> list[tuple[str, str]]:
    """Every answer to the script. With `busy`, its owner does the same before each step."""
    door = Door(app)
    examples = Examples(door.client.get("/api/v1/openapi.json").get_json())
    others = _callers(door, busy) if busy else []
    answers = []
    for position, caller in enumerate(_callers(door, house)):
        for entry in door.mounted.values():
            if entry.operation.name.rpartition(".")[2] in NEVER or isinstance(caller.expected(entry), int):
                continue
            if others:
                _once(door, examples, others[position], entry)
            answers.append((f"{caller.name} {entry.operation.name}", _plain(_once(door, examples, caller, entry), house)))
    return answers


def _once(door: Door, examples: Examples, caller: Caller, entry: Any) -> tuple[int, bytes, list[tuple[str, str]]]:
    return bytes_of(door.send(caller, entry, path_of(entry, caller, caller.ids), **examples.request(entry, caller.ids)))


IDS = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|m\d+\.[\w-]{43}")
SECRETS = re.compile(
    r"""("(?:csrf_token|code|link|qr_svg|svg|personal_code|one_time_password|preview_hash|confirm|slug)":\s?")"""
    r"""(?:[^"'\\]|\\.)+"""
)
WHEN_WRITTEN = re.compile(r"(?<=[_\"]at\":\")2026-(?!06)[^\"]+")
"""Rows are stamped by the database's own clock."""


def _apart(one: str, other: str) -> int:
    """Where two texts begin to differ, at least 80."""
    return max(80, next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), min(len(one), len(other))))


def _plain(answer: tuple[int, bytes, list[tuple[str, str]]], house: House) -> str:
    """An answer without ids, secrets and the order of lists: ids of one millisecond fall at random."""
    status, body, headers = answer
    text = IDS.sub("<id>", SECRETS.sub(r"\1<secret>", body.decode(errors="replace")))
    text = WHEN_WRITTEN.sub("<when>", text).replace(house.slug, "<house>")
    for name in ("organization_id", "id"):
        text = text.replace(f'"{name}":{house.organization_id},', f'"{name}":"<house>",')
    with suppress(ValueError):
        text = json.dumps(_sorted(json.loads(text)))
    said = [(name, value) for name, value in headers if name not in {"Content-Length", "ETag", "Set-Cookie", "Vary"}]
    return f"{status} {text} {said}"


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(inner) for key, inner in value.items()}
    return sorted(map(_sorted, value), key=json.dumps) if isinstance(value, list) else value
