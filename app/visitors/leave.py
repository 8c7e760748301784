"""Somebody leaves: by the kiosk, a code, their host, their own link, the reception, or the clock. Leaving twice is leaving once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy.orm import Session

from app.core.visits import OPEN
from app.errors import Conflict
from app.outbox import publish
from app.visitors.models import Visit

LEFT: Final = "visitors.left"
NEWS: Final = "visit"

_log = structlog.get_logger(area="visitors")


def leave(session: Session, visit: Visit, way: str, at: datetime, now: datetime) -> bool:
    """They left at that moment (`clock`: as is assumed). False: that was known. Raises `Conflict` for whoever has not arrived. The row is locked."""
    confirmed = visit.state == "left_confirmed" or (visit.state == "left_assumed" and way == "clock")
    if confirmed:
        return False
    if visit.state not in (*OPEN, "left_assumed"):
        raise Conflict("This visitor has not arrived. Only somebody who is on site can leave.")
    _leave(session, [visit], way, at, now)
    return True


def end(session: Session, visits: Sequence[Visit], now: datetime) -> None:
    """The clock ends these, whose visitors are at the site: it is assumed that they left. The rows are locked."""
    if visits:
        _leave(session, visits, "clock", now, now)


def _leave(session: Session, visits: Sequence[Visit], way: str, at: datetime, now: datetime) -> None:
    for visit in visits:
        visit.left_at = max(at, visit.arrived_at or at)
        visit.left_by = way
        visit.state = "left_assumed" if way == "clock" else "left_confirmed"
    changed(session, *visits)
    organization_id, state = visits[0].organization_id, visits[0].state
    work = [(LEFT, {"visit": str(visit.id), "site": str(visit.site_id)}, now) for visit in visits]
    publish.publish_all(session, organization_id, work)
    _log.info("left", organization_id=organization_id, state=state, way=way, count=len(visits))


def changed(session: Session, *visits: Visit) -> None:
    """Another revision of each, and news for the screens."""
    for visit in visits:
        visit.revision += 1
    session.flush()
    told(session, *visits)


def told(session: Session, *visits: Visit) -> None:
    """News for the screens: of everybody who receives, and of the host."""
    news = [(NEWS, visit.host_id, {"visit": str(visit.id), "revision": visit.revision}) for visit in visits]
    if news:
        publish.live_all(session, visits[0].organization_id, news)
