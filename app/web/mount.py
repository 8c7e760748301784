"""Attaching routes: blueprint, prefix and guard become Flask rules and a list of what is mounted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Flask, current_app
from prometheus_client import CollectorRegistry

from app.authority import ACTIONS
from app.extensions import limiter
from app.ports import Deps
from app.web.guards import Guard
from app.web.limits import by_address, by_credential
from app.web.route import Operation, Routes, pipeline


@dataclass(frozen=True, slots=True)
class Mount:
    """One row of the security map."""

    routes: Routes
    prefix: str
    guard: Guard


@dataclass(frozen=True, slots=True)
class Mounted:
    """One operation where it hangs, and the guard in front of it."""

    operation: Operation
    guard: Guard
    rule: str


@dataclass(frozen=True, slots=True)
class Muster:
    """What the app holds: `app.extensions["muster"]`."""

    deps: Deps
    registry: CollectorRegistry
    mounted: dict[str, Mounted] = field(default_factory=dict)
    described: dict[str, Any] = field(default_factory=dict)
    """The API's description, once somebody has asked for it."""
    page: list[str] = field(default_factory=list)
    """And the page made from it."""


def mount(app: Flask, table: Iterable[Mount]) -> None:
    """Attach every row of the table."""
    muster: Muster = app.extensions["muster"]
    for row in table:
        blueprint = Blueprint(row.routes.name, __name__)
        for operation in row.routes.operations:
            _check(operation, row.guard)
            blueprint.add_url_rule(operation.rule, operation.view.__name__, _view(operation, row.guard), methods=[operation.method])
            muster.mounted[operation.name] = Mounted(operation, row.guard, row.prefix + operation.rule)
        app.register_blueprint(blueprint, url_prefix=row.prefix or None)


def _check(operation: Operation, guard: Guard) -> None:
    """A view that opens its own transaction is admitted here, once for all: its action must be free to the guard's pseudo role."""
    if operation.transaction == "own" and not all(single.role in ACTIONS[operation.action] for single in guard.singles):
        raise LookupError(f"{operation.name}: transaction='own' needs guards whose pseudo role may do {operation.action!r}")


def _view(operation: Operation, guard: Guard) -> Callable[..., Any]:
    endpoint = pipeline(operation, guard)
    if operation.limit is None:
        return endpoint
    limited: Callable[..., Any] = limiter.limit(operation.limit, key_func=by_credential(guard) if guard.schemes else by_address)(endpoint)
    return limited


def current_muster() -> Muster:
    """What the current app holds."""
    muster: Muster = current_app.extensions["muster"]
    return muster
