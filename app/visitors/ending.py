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
from app.accounts.service.sites import names_of_sites, zones_of_sites
from app.core.visits import OPEN
from app.db.types import uuid7
from app.ports import Deps, Notice
from app.visitors import chain, rows, texts
from app.visitors.leave import changed, end
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
        end(session, due, now)
        return len(due)


def tell_overstays(deps: Deps, organization_id: int, now: datetime) -> int:
    """Each minute: ask whoever receives, once, about a visitor who stays longer than was expected; of how many visitors."""
    with deps.database.tenant(organization_id) as session:
        query = select(Visit).join(VisitType, rows.WITH_TYPE).where(
            Visit.organization_id == organization_id, Visit.state == "on_site", Visit.overstay_told_at.is_(None),
            VisitType.overstay_after_min.is_not(None), _over(VisitType.overstay_after_min, now),
        )  # fmt: skip
        due = session.scalars(query.order_by(Visit.id).limit(AT_ONCE).with_for_update(of=Visit, skip_locked=True)).all()
        notices = _notices(session, organization_id, due, now) if due else []
        if notices:
            deps.notifier.notify(session, organization_id, notices, now, deps)
        for visit in due:
            visit.overstay_told_at = now
        changed(session, *due)
        return len(due)


def _over(minutes: InstrumentedAttribute[int] | InstrumentedAttribute[int | None], now: datetime) -> ColumnElement[bool]:
    """Whether the expected end was that long ago."""
    return Visit.expected_until + func.make_interval(0, 0, 0, 0, 0, minutes) <= literal(now)


def _notices(session: Session, organization_id: int, visits: Sequence[Visit], now: datetime) -> list[Notice]:
    """Of a visit none: nobody receives there at all, so it stands on the day list alone."""
    who = chain.candidates(session, organization_id, visits)
    names = rows.names_of(session, organization_id, {visit.visitor_id for visit in visits})
    sites = names_of_sites(session, organization_id, {visit.site_id for visit in visits})
    zones, zone = zones_of_sites(session, organization_id), accounts.get_organization(session, organization_id).timezone
    found = []
    for visit in visits:
        until = texts.moment(visit.expected_until, zones.get(visit.site_id, zone))
        words = texts.host("overstays", name=names[visit.visitor_id], site=sites[visit.site_id], until=until)
        people = who[visit.id]["host"] or who[visit.id]["default_host"] or who[visit.id]["reception"]
        found += [Notice(id=uuid7(), to=one, words=words, channels=CHANNELS, expires_at=now + COUNTS_FOR) for one in sorted(set(people))]
    return found
