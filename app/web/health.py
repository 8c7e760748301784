"""Is it alive, is it ready, and how busy is it. Says nothing about anybody."""

from functools import cache
from typing import Literal

import redis
from flask import Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.db.migrate import current, head
from app.web.csrf import new_token
from app.web.mount import current_muster
from app.web.parsing import Answer
from app.web.route import RawCall, Routes

routes = Routes("health")
metrics_routes = Routes("metrics")
csrf_routes = Routes("csrf")


class Alive(Answer):
    """The process answers."""

    status: Literal["ok"]


class Ready(Answer):
    """Whether requests can be served. Redis may be away: then hints and limits are slower, and nothing is lost."""

    database: Literal["ok", "away"]
    migrations: Literal["ok", "behind", "unknown"]
    redis: Literal["ok", "away"]


class CsrfToken(Answer):
    """Send it back as X-CSRF-Token with every write."""

    csrf_token: str


@routes.get("/healthz", action="service.read", transaction="own")
def alive(_call: RawCall) -> Alive:
    """Is the process alive?"""
    return Alive(status="ok")


@routes.get("/readyz", action="service.read", transaction="own")
def ready(call: RawCall) -> Response:
    """Can it serve? 503 while the database is away or not migrated."""
    database, migrations = "ok", "unknown"
    try:
        with call.deps.database.identity() as session:
            migrations = _migrations(session)
    except SQLAlchemyError:
        database = "away"
    found = Ready.model_validate({"database": database, "migrations": migrations, "redis": _redis(call.deps.settings.redis_url)})
    status = 200 if (database, migrations) == ("ok", "ok") else 503
    return Response(found.model_dump_json(), status, content_type="application/json")


@metrics_routes.get("/metrics", action="service.read", transaction="own", produces=("text/plain",))
def metrics(_call: RawCall) -> Response:
    """Counters for Prometheus, of all web processes together. For this machine, or with METRICS_TOKEN."""
    return Response(generate_latest(current_muster().registry), content_type=CONTENT_TYPE_LATEST)


@csrf_routes.get("/csrf-token", action="service.read", transaction="own")
def csrf_token(_call: RawCall) -> CsrfToken:
    """A token for the writes of this browser's session."""
    return CsrfToken(csrf_token=new_token())


def _migrations(session: Session) -> Literal["ok", "behind"]:
    return "ok" if current(session.connection()) == newest() else "behind"


@cache
def newest() -> str:
    """The newest revision this process knows."""
    return head()


def _redis(url: str) -> Literal["ok", "away"]:
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=0.5) as client:
            client.ping()
    except redis.RedisError:
        return "away"
    return "ok"
