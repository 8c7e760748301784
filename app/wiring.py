"""The composition root: settings become the real things that routes, jobs and commands work with, and domains join each other's hooks."""

from sqlalchemy.engine import Engine

from app.accounts.service import hooks
from app.accounts.service.identity import AccountsIdentity
from app.adapters.channels import build_channels, build_receipt_readers
from app.adapters.clock import SystemClock
from app.adapters.demo_outbox import DemoOutbox
from app.adapters.hints import RedisHints
from app.adapters.webhooks import WebPoster
from app.attendance.inside import AttendanceInside
from app.config import Settings
from app.db.transaction import Database, make_engine
from app.geofences.service import FencesInUse
from app.messaging import late, preferences, push_subscriptions
from app.messaging.notify import MessagingNotifier
from app.outbox import publish
from app.ports import Deps
from app.privacy.service.keys import OrganizationKeyring
from app.privacy.service.projection import on_groups_changed
from app.privacy.service.switches import on_device_enrolled, on_people_left
from app.visitors.onsite import VisitorsOnSite


def join_hooks() -> None:
    """Tell accounts what must happen above it in the same transaction."""
    hooks.groups_changed.join(on_groups_changed)
    hooks.people_left.join(on_people_left)
    hooks.device_enrolled.join(on_device_enrolled)
    publish.heard_while("attendance.entered", late.HEARD)
    hooks.people_left.join(preferences.forget)
    hooks.sessions_ended.join(push_subscriptions.on_sessions_ended)
    hooks.session_renewed.join(push_subscriptions.on_session_renewed)


def build(settings: Settings, engine: Engine | None = None) -> Deps:
    """The real things, unconnected: the first request or job connects them. `engine`: the web process's; others get one of their own."""
    join_hooks()
    engine = engine or make_engine(settings.url_of("app"), pool_size=settings.web_threads)
    database = Database(engine, RedisHints(settings.redis_url))
    clock = SystemClock()
    return Deps(
        settings=settings,
        database=database,
        clock=clock,
        identity=AccountsIdentity(database, settings),
        keyring=OrganizationKeyring(settings),
        fences=FencesInUse(),
        who_is_inside=AttendanceInside(),
        visits=VisitorsOnSite(),
        notifier=MessagingNotifier(),
        poster=WebPoster(settings),
        channels=build_channels(settings, clock),
        receipt_readers=build_receipt_readers(settings),
        arrivals=DemoOutbox(settings.demo_outbox) if settings.demo_outbox else None,
    )
