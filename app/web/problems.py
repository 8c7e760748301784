"""The only error handlers. Every error leaves as `application/problem+json` (RFC 9457) and is generic about what broke inside."""

import json
import time
from collections.abc import Mapping
from typing import Final

import psycopg
import sqlalchemy.exc
import structlog
from flask import Flask, Response, g
from flask_limiter import RateLimitExceeded
from werkzeug.exceptions import HTTPException

from app.errors import BadRequest, MethodNotAllowed, MusterError, NotFound, TooLarge, TooMany, Unavailable, WrongContentType
from app.extensions import limiter

PROBLEM_JSON: Final = "application/problem+json"
_BY_STATUS: Final[Mapping[int, type[MusterError]]] = {
    404: NotFound,
    405: MethodNotAllowed,
    413: TooLarge,
    415: WrongContentType,
}
_DATABASE_AWAY: Final = (
    sqlalchemy.exc.OperationalError,
    sqlalchemy.exc.InterfaceError,
    sqlalchemy.exc.TimeoutError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
)
_log = structlog.get_logger(area="problems")


def response_of(error: MusterError) -> Response:
    """The problem document of an error, with the request id."""
    document = error.document() | {"request_id": g.get("request_id", "")}
    return Response(json.dumps(document, ensure_ascii=False).encode(), error.status, error.headers, content_type=PROBLEM_JSON)


def _known(error: MusterError) -> Response:
    if error.status >= 500:
        _log.error("failed", error=type(error).__name__)
    return response_of(error)


def _http(error: HTTPException) -> Response:
    headers = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}}
    kind = _BY_STATUS.get(error.code or 500, BadRequest if 400 <= (error.code or 500) < 500 else MusterError)
    return response_of(kind(headers=headers))


def _limited(_error: RateLimitExceeded) -> Response:
    current = limiter.current_limit
    wait_s = max(1, int(current.reset_at - time.time()) + 1) if current else 60
    return response_of(TooMany(headers={"Retry-After": str(wait_s)}))


def _away(error: Exception) -> Response:
    _log.error("database away", error=type(error).__name__)
    return response_of(Unavailable(headers={"Retry-After": "2"}))


def _unknown(error: Exception) -> Response:
    _log.error("fault", error=type(error).__name__, frames=frames(error))
    return response_of(MusterError())


def frames(error: BaseException) -> list[str]:
    """Where it happened: file, line and function. Never the message: it may hold a name or a position."""
    found, trace = [], error.__traceback__
    while trace:
        code = trace.tb_frame.f_code
        found.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return found[-12:]


def register(app: Flask) -> None:
    """Attach the handlers."""
    app.register_error_handler(MusterError, _known)
    app.register_error_handler(RateLimitExceeded, _limited)
    app.register_error_handler(HTTPException, _http)
    for kind in _DATABASE_AWAY:
        app.register_error_handler(kind, _away)
    app.register_error_handler(Exception, _unknown)
