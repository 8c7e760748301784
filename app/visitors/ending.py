"""What the clock does to visits, each minute: ask whoever receives about those who stay too long, and end those who were never signed out.

About who stays too long the host is asked; where there is none, the site's own host; where there is none either, the reception.

A visit that the clock ended is an assumption. It takes nobody off a roll call: `left_assumed` stays on it all that day.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.accounts import service as accounts
from app.core.visits import OPEN
from app.db.types import uuid7
from app.ports import Deps, Notice
from app.visitors import chain, rows, texts
from app.visitors.leave import changed, leave
from app.visitors.models import Visit, VisitType

AT_ONCE: Final = 500
CHANNELS: Final = ("push", "sms", "email")
COUNTS_FOR: Final = timedelta(hours=4)


def end_assumed(deps: Deps, organization_id: int, now: datetime) -> int:
    """Each minute: end visits so long after their expected end that they are assumed to be over; how many."""
    with deps.database.tenant(organization_id) as session:
        query = select(Visit).join(VisitType, rows.WITH_TYPE).where(
            Visit.organization_id == organization_id, Visit.state.in_(OPEN), _over(VisitType.assumed_after_min, now)
        )  # fmt: skip
        due = session.scalars(query.order_by(Visit.id).limit(AT_ONCE).with_for_update(of=Visit, skip_locked=True)).all()
        for visit in due:
            leave(session, visit, "clock", now, now)
        return len(due)


def tell_overstays(deps: Deps, organization_id: int, now: datetime) -> int:
    """Each minute: ask whoever receives, once, about a visitor who stays longer than was expected; of how many visitors."""
    with deps.database.tenant(organization_id) as session:
        query = select(Visit).join(VisitType, rows.WITH_TYPE).where(
            Visit.organization_id == organization_id, Visit.state == "on_site", Visit.overstay_told_at.is_(None),
            VisitType.overstay_after_min.is_not(None), _over(VisitType.overstay_after_min, now),
        )  # fmt: skip
        due = session.scalars(query.order_by(Visit.id).limit(AT_ONCE).with_for_update(of=Visit, skip_locked=True)).all()
        notices = [notice for visit in due for notice in _notices(session, visit, now)]
        if notices:
            deps.notifier.notify(session, organization_id, notices, now, deps)
        _told(session, due, now)
        return len(due)


def _over(minutes: InstrumentedAttribute[int] | InstrumentedAttribute[int | None], now: datetime) -> ColumnElement[bool]:
    """Whether the expected end was that long ago."""
    return Visit.expected_until + func.make_interval(0, 0, 0, 0, 0, minutes) <= literal(now)


def _told(session: Session, visits: Sequence[Visit], now: datetime) -> None:
    for visit in visits:
        visit.overstay_told_at = now
        changed(session, visit)


def _notices(session: Session, visit: Visit, now: datetime) -> list[Notice]:
    """None: nobody receives here at all, so it stands on the day list alone."""
    who = chain.candidates(session, visit.organization_id, [visit])[visit.id]
    people = who["host"] or who["default_host"] or who["reception"]
    if not people:
        return []
    site = accounts.get_site(session, visit.organization_id, visit.site_id)
    zone = site.timezone or accounts.get_organization(session, visit.organization_id).timezone
    name = rows.visitor(session, visit.organization_id, visit.visitor_id).name
    words = texts.host("overstays", name=name, site=site.name, until=texts.moment(visit.expected_until, zone))
    return [Notice(id=uuid7(), to=one, words=words, channels=CHANNELS, expires_at=now + COUNTS_FOR) for one in sorted(set(people))]
