"""The web application: the order of start-up, and nothing else.

Not in `app/__init__.py`, so that the pure core and the commands on files load no framework.
"""

from collections.abc import Iterable
from typing import Final

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import blueprints, logs, wiring
from app.accounts import login
from app.config import Settings, load_settings
from app.db.transaction import engine_options
from app.extensions import csrf, db
from app.outbox.report import OutboxCollector
from app.ports import Deps
from app.web import csrf as csrf_rules
from app.web import headers, limits, problems, pwa
from app.web.mount import Mount, Muster, mount

STATEMENT_TIMEOUT_S: Final = 30
"""No request may keep the database busy for longer; its answer would come too late anyway."""


def create_app(settings: Settings | None = None, *, deps: Deps | None = None, table: Iterable[Mount] = blueprints.TABLE) -> Flask:
    """The web application. Tests hand in their own `deps` and `table`."""
    settings = settings or load_settings()
    logs.configure(settings.log_level)
    app = headers.Plain(__name__, static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.url_of("app"),
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.web_threads, statement_timeout_s=STATEMENT_TIMEOUT_S),
        PROVIDE_AUTOMATIC_OPTIONS=False,
        **headers.cookie_config(settings),
        **csrf_rules.CONFIG,
    )
    app.url_map.merge_slashes = False
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    db.init_app(app)
    if deps is None:
        with app.app_context():
            deps = wiring.build(settings, db.engine)
    registry = headers.register(app, settings)
    registry.register(OutboxCollector(settings.redis_url))
    app.extensions["muster"] = Muster(deps, registry)
    csrf.init_app(app)
    login.attach(app)
    limits.attach(app, settings)
    problems.register(app)
    pwa.attach(app)
    mount(app, table)
    return app
