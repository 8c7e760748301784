"""Somebody leaves: by the kiosk, a code, their host, their own link, the reception, or the clock. Leaving twice is leaving once."""

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
    visit.left_at = max(at, visit.arrived_at or at)
    visit.left_by = way
    visit.state = "left_assumed" if way == "clock" else "left_confirmed"
    changed(session, visit)
    publish.publish(session, visit.organization_id, LEFT, {"visit": str(visit.id), "site": str(visit.site_id)}, due_at=now)
    _log.info("left", organization_id=visit.organization_id, state=visit.state, way=way)
    return True


def changed(session: Session, visit: Visit) -> None:
    """Another revision, and news for the screens."""
    visit.revision += 1
    session.flush()
    told(session, visit)


def told(session: Session, visit: Visit) -> None:
    """News for the screens: of everybody who receives, and of the host."""
    body = {"visit": str(visit.id), "revision": visit.revision}
    publish.live(session, visit.organization_id, NEWS, body, person_id=visit.host_id)
