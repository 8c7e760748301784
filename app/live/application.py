"""The event stream over HTTP: `gunicorn --worker-class gevent 'app.live.application:create_live_app()'`."""

from flask import Flask, Response, request

from app import logs, wiring
from app.actor import Actor
from app.config import Settings, load_settings
from app.errors import ModuleOff, PasswordChangeRequired, Unauthorized
from app.live import STREAM_PATH
from app.live.hub import MODULE, Hub
from app.ports import Deps
from app.web import headers, problems
from app.web.guards import member


def create_live_app(settings: Settings | None = None, *, deps: Deps | None = None) -> Flask:
    """The stream's application: one address, with the cookie, the headers and the problems of the web application."""
    settings = settings or load_settings()
    logs.configure(settings.log_level)
    app = headers.Plain(__name__, static_folder=None)
    app.config.update(SECRET_KEY=settings.secret_key, PROVIDE_AUTOMATIC_OPTIONS=False, **headers.cookie_config(settings))
    headers.register(app, settings)
    problems.register(app)
    deps = deps or wiring.build(settings)
    hub = Hub(deps)

    @app.get(STREAM_PATH)
    def stream() -> Response:
        joined = hub.join(_viewer(deps), request.headers.get("Last-Event-ID"))
        response = Response(joined.frames(), content_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
        response.call_on_close(lambda: hub.leave(joined))
        return response

    @app.get("/healthz")
    def alive() -> Response:
        return Response('{"status":"ok"}', content_type="application/json")

    return app


def _viewer(deps: Deps) -> Actor:
    """Who is calling. Raises `Unauthorized`, `PasswordChangeRequired`, `ModuleOff`."""
    now = deps.clock.now()
    found = member.read(deps, now)
    if found is None:
        raise Unauthorized(headers={"WWW-Authenticate": member.challenge})
    guard, claim = found
    with guard.opened(deps.database, claim) as session:
        actor = guard.settle(deps, session, claim, now)
    if actor is None:
        raise Unauthorized(headers={"WWW-Authenticate": member.challenge})
    if actor.must_change_password:
        raise PasswordChangeRequired
    if MODULE not in actor.modules:
        raise ModuleOff
    return actor
