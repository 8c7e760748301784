"""Which visitors are on site: for alerts, asked sideways, and for the roll call."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.service.organizations import modules_of
from app.core.fix import to_ms
from app.core.schedule import midnight, worked_on
from app.core.visits import OPEN
from app.db.types import any_of
from app.ports import Deps, GuestAddress, OnSite
from app.visitors import fields, rows
from app.visitors.models import Visit, Visitor

AT_LEAST: Final = timedelta(hours=12)
"""So long whoever is assumed to have left stays on the lists, also over midnight."""


class VisitorsOnSite:
    """`app.ports.Visits`."""

    def on_site(
        self, session: Session, organization_id: int, now: datetime, *, site_ids: Collection[UUID] | None = None
    ) -> Sequence[OnSite]:
        """Who has arrived and not left, also who still waits to be let in, and whose visit was ended by the clock today: that removes nobody from a roll call."""
        if "visitors" not in modules_of(session, organization_id):
            return []
        here = or_(Visit.state.in_(OPEN), and_(Visit.state == "left_assumed", Visit.left_at >= today(session, organization_id, now)))
        query = select(Visit.id, Visitor.id, Visitor.name, Visit.site_id, Visit.arrived_at, Visit.state).join(Visitor, rows.WITH_VISITOR)
        query = query.where(Visit.organization_id == organization_id, Visit.arrived_at.is_not(None), here)
        if site_ids is not None:
            query = query.where(Visit.site_id.in_(list(site_ids)))
        return [
            OnSite(visit_id, visitor_id, name, site_id, arrived_at or now, "left_assumed" if state == "left_assumed" else "on_site")
            for visit_id, visitor_id, name, site_id, arrived_at, state in session.execute(query.order_by(Visit.id))
        ]

    def addresses(self, session: Session, organization_id: int, visitor_ids: Collection[UUID], deps: Deps) -> Sequence[GuestAddress]:
        """How they can be reached, as they or their host told."""
        told = fields.read(session, organization_id, visitor_ids, deps)
        query = select(Visitor).where(Visitor.organization_id == organization_id, Visitor.id == any_of(visitor_ids))
        return [
            GuestAddress(one.id, one.name, one.locale, told.get(one.id, {}).get("telephone"), told.get(one.id, {}).get("email"))
            for one in session.scalars(query)
        ]


def today(session: Session, organization_id: int, now: datetime) -> datetime:
    """When the organization's day began; just after midnight earlier, so that the date alone takes nobody off a list."""
    zone = accounts.get_organization(session, organization_id).timezone
    return min(midnight(worked_on(to_ms(now), zone), zone), now - AT_LEAST)
