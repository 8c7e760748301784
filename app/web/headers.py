"""Headers of every response, errors included; the request id; the log line and the counters of every request."""

import secrets
import time
from collections.abc import Callable, Iterable
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIEnvironment

import structlog
from flask import Flask, Request, Response, g, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.values import MutexValue, ValueClass

from app.config import Settings

SECURITY: Final = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",  # browsers ignore it on plain HTTP
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def csp(tile_host: str | None) -> str:
    """The content security policy. A foreign host is named only where the settings name a tile server."""
    tiles = f" {tile_host}" if tile_host else ""
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:{tiles}; connect-src 'self'{tiles}; manifest-src 'self'; "
        "worker-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'"
    )


class Sessions(SecureCookieSessionInterface):
    """Flask's signed cookie. Devices send none: for them no signer is made (a tenth of the cost of a ping's request)."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session in the cookie, or an empty one."""
        return super().open_session(app, request) if self._is_sent(app, request) else self.session_class()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """What is the same for everybody shall not vary with the cookie, although Flask-Login looks into the session after each request."""
        if session.modified or (self._is_sent(app, request) and response.cache_control.no_store):
            super().save_session(app, session, response)

    def _is_sent(self, app: Flask, request: Request) -> bool:
        return "HTTP_COOKIE" in request.environ and self.get_cookie_name(app) in request.cookies


class Plain(Flask):
    """Flask without what takes time for each request and is always the same. `register` attaches the rest."""

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """With the headers that all answers have: above, Flask would read and write them anew several times."""
        fixed: list[tuple[str, str]] = self.extensions["fixed_headers"]

        def start(status: str, own: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:  # noqa: ANN401  (as WSGI passes it)
            return start_response(status, own + fixed, *error)

        return super().wsgi_app(environ, start)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """As it is: no view and no hook here is a coroutine, which Flask would ask of each, nine times a request."""
        return func


METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_log = structlog.get_logger(area="request")


def cookie_config(settings: Settings) -> dict[str, object]:
    """The one cookie: signed, out of reach of scripts. `__Host-` needs Secure, so plain HTTP (loopback, demo) has a plain name."""
    return {
        "SESSION_COOKIE_NAME": "__Host-muster" if settings.secure else "muster",
        "SESSION_COOKIE_SECURE": settings.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "SESSION_REFRESH_EACH_REQUEST": False,
    }


def register(app: Plain, settings: Settings) -> CollectorRegistry:
    """Attach the hooks. Returns the registry of the counters: this app's, or (started by `app.servers.web`) those of all web processes."""
    app.session_interface = Sessions()
    app.extensions["fixed_headers"] = [*SECURITY.items(), ("Content-Security-Policy", csp(settings.tile_host))]
    registry = CollectorRegistry()
    together = ValueClass is not MutexValue  # prometheus_client saw PROMETHEUS_MULTIPROC_DIR: each process counts in a file of its own
    own = None if together else registry
    requests = Counter("muster_requests_total", "Requests answered.", ("method", "rule", "status"), registry=own)
    seconds = Histogram("muster_request_seconds", "Time to answer.", ("rule",), registry=own)
    tells_all = settings.log_level == "DEBUG"
    if together:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]

    @app.before_request
    def _begin() -> None:
        g.request_id = secrets.token_hex(16)
        g.began = time.perf_counter()

    @app.after_request
    def _finish(response: Response) -> Response:
        rule = request.url_rule.rule if request.url_rule else "(none)"
        took_s, actor_kind = time.perf_counter() - g.began, g.get("actor_kind")
        response.headers["X-Request-ID"] = g.request_id
        response.headers.setdefault("Cache-Control", "no-store")
        method = request.method if request.method in METHODS else "other"
        requests.labels(method, rule, response.status_code).inc()
        seconds.labels(rule).observe(took_s)
        # What phones report well is counted above. Written down too, it would be all of the log, and a tenth of the work of a ping.
        usual = actor_kind == "device" and response.status_code < 400
        if tells_all or not usual:
            (_log.debug if usual else _log.info)(
                "request",
                request_id=g.request_id,
                method=method,
                rule=rule,
                status=response.status_code,
                duration_ms=round(took_s * 1000, 2),
                organization_id=g.get("organization_id"),
                actor_kind=actor_kind,
            )
        return response

    return registry
