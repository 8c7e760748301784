"""Structured logs: one JSON object a line, in UTC, with the request id. Free of names, numbers, positions, texts and tokens.

Log only ids, counts, words from our own code, and durations. Messages of exceptions are never logged: they may quote data.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from flask import g, has_request_context


def _request_id(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if has_request_context() and "request_id" in g:
        event.setdefault("request_id", g.request_id)
    return event


def _no_message(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Of an exception only its kind is kept."""
    if (info := event.pop("exc_info", None)) is not None:
        error = info[0] if isinstance(info, tuple) else type(info) if isinstance(info, BaseException) else sys.exc_info()[0]
        event["error"] = error.__name__ if error else None
    return event


def configure(level: str) -> None:
    """Set up structlog, and lead the standard library's warnings into the same stream."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _request_id,
        _no_message,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))
    for chatty in ("werkzeug", "sqlalchemy", "rq", "urllib3", "flask-limiter"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
