"""Kinds of work for tests, whose effect can be counted. `python -m tests.outbox.effects` is a real worker that knows them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import text
from sqlalchemy.orm import Session

import app.subscriptions
from app.config import load_settings
from app.outbox.carry import Handlers, Long
from app.ports import Deps
from app.worker import run

TABLE = "CREATE TABLE effect (organization_id bigint NOT NULL, name text NOT NULL)"


def leave_effect(session: Session, organization_id: int, body: Mapping[str, Any], now: datetime, deps: Deps) -> None:
    session.execute(text("INSERT INTO effect VALUES (:organization_id, :name)"), {"organization_id": organization_id, "name": body["name"]})


def wait_at_gate(session: Session, organization_id: int, body: Mapping[str, Any], now: datetime, deps: Deps) -> None:
    """Leaves its effect, then waits for whoever holds the gate: the test, which meanwhile does its worst."""
    leave_effect(session, organization_id, body, now, deps)
    session.execute(text("SELECT pg_advisory_xact_lock(:gate)"), {"gate": body["gate"]})


def break_down(session: Session, organization_id: int, body: Mapping[str, Any], now: datetime, deps: Deps) -> None:
    leave_effect(session, organization_id, body, now, deps)
    raise ValueError(f"what nobody may read: {body['name']}")


def take_long(organization_id: int, body: Mapping[str, Any], now: datetime, deps: Deps) -> None:
    with deps.database.tenant(organization_id) as session:
        leave_effect(session, organization_id, body, now, deps)


HANDLERS: Handlers = {"test.effect": leave_effect, "test.gate": wait_at_gate, "test.broken": break_down, "test.long": Long(take_long)}

if __name__ == "__main__":
    cast("dict[str, Any]", app.subscriptions.HANDLERS).update(HANDLERS)
    run(load_settings())
