"""The composition root: settings become the real things that routes, jobs and commands work with. Only here may a function import."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.actor import Actor, DeviceClaim, SessionClaim
from app.adapters.clock import SystemClock
from app.adapters.hints import RedisHints
from app.config import Settings
from app.db.transaction import Database, make_engine
from app.ports import Deps


class NobodyKnown:
    """An identity that knows nobody; stands in until accounts is joined."""

    def session(self, token: str, now: datetime) -> SessionClaim | None:
        """See `ports.Identity`."""

    def member(self, session: Session, claim: SessionClaim, now: datetime) -> Actor | None:
        """See `ports.Identity`."""

    def operator(self, session: Session, claim: SessionClaim, now: datetime) -> Actor | None:
        """See `ports.Identity`."""

    def device(self, session: Session, claim: DeviceClaim, now: datetime) -> Actor | None:
        """See `ports.Identity`."""


def build(settings: Settings) -> Deps:
    """The real things, unconnected: the first request or job connects them."""
    return Deps(
        settings=settings,
        database=Database(make_engine(settings.url_of("app"), pool_size=settings.web_threads), RedisHints(settings.redis_url).hint),
        clock=SystemClock(),
        identity=NobodyKnown(),
    )
