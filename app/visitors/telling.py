"""Visitors are told that they are invited, that something changed, or that it is off: by e-mail with a calendar entry, or by SMS.

Each visitor of a group has words, links and a calendar entry of their own. Told twice of the same change, they hear it once. Who left no address is
told nothing: whoever invited them does that.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.core.visits import deletes_on
from app.ports import Deps, GuestAddress, Notice
from app.visitors import calendar, fields, rows, texts, tokens
from app.visitors.models import Invitation, Visit, Visitor

CHANNELS: Final = ("email", "sms")
TRIED_FOR: Final = timedelta(days=3)
LEAST: Final = timedelta(hours=1)
ABOUT_SUBJECT: Final = b"invitation.subject"


def invited(session: Session, organization_id: int, visitor_ids: Collection[UUID], now: datetime, deps: Deps) -> None:
    """Invite these visitors, all of one invitation."""
    _tell(session, organization_id, visitor_ids, "invited", now, deps)


def changed(session: Session, organization_id: int, visitor_ids: Collection[UUID], now: datetime, deps: Deps) -> None:
    """Tell them what holds now. Once for each sequence of the invitation."""
    _tell(session, organization_id, visitor_ids, "changed", now, deps)


def cancelled(session: Session, organization_id: int, visitor_ids: Collection[UUID], now: datetime, deps: Deps) -> None:
    """Tell them not to come."""
    _tell(session, organization_id, visitor_ids, "cancelled", now, deps)


@dataclass(frozen=True, slots=True)
class Planned:
    """A visitor's invitation as they may see it: what their texts, page and calendar are made of."""

    visitor: Visitor
    invitation: Invitation
    facts: texts.Facts


def planned(session: Session, organization_id: int, visitors: Collection[Visitor], deps: Deps) -> list[Planned]:
    """What these visitors of one invitation may see of it."""
    invitation = session.get_one(Invitation, (organization_id, next(iter(visitors)).invitation_id))
    organization = accounts.get_organization(session, organization_id)
    site = accounts.get_site(session, organization_id, invitation.site_id)
    kept = rows.settings_of(session, organization_id, site.id)
    host = accounts.names_of(session, organization_id, [invitation.host_id]).get(invitation.host_id) if invitation.host_id else None
    place = ", ".join(part for part in (site.name, " ".join((site.address or "").split())) if part)
    about = None
    if invitation.sealed_subject is not None:
        about = deps.keyring.open(session, organization_id, invitation.sealed_subject, ABOUT_SUBJECT).decode()
    return [
        Planned(
            one,
            invitation,
            texts.Facts(
                organization=organization.name,
                name=one.name,
                place=place,
                host=host,
                about=about,
                starts_at=invitation.starts_at,
                ends_at=invitation.ends_at,
                zone=invitation.timezone,
                repeats=invitation.rule is not None,
                code=tokens.code_of(deps.settings, organization_id, one.id, one.code_hash),
                link=tokens.visit_url(deps.settings, organization_id, one.id),
                deletes_on=deletes_on(one.purge_after),
                directions=kept.directions if kept else {},
                rules=kept.house_rules if kept else {},
            ),
        )
        for one in visitors
    ]


def calendar_of(one: Planned, method: calendar.Method, now: datetime, deps: Deps, email: str | None = None) -> str:
    """The entry of their calendar. Of a cancelled invitation it says so."""
    facts, invitation = one.facts, one.invitation
    host = urlsplit(deps.settings.public_url).hostname or "localhost"
    entry = calendar.Entry(
        uid=f"{invitation.id}-{one.visitor.id}@{host}",
        sequence=invitation.sequence,
        starts_at=facts.starts_at,
        ends_at=facts.ends_at,
        zone=facts.zone,
        rule=invitation.rule,
        title=texts.title(facts, one.visitor.locale),
        text=facts.link,
        place=facts.place,
        link=facts.link,
        organizer=parseaddr(deps.settings.email_from or "")[1] or None,
        organizer_name=facts.organization,
        attendee=email,
    )
    return calendar.written(entry, method, now)


def _tell(session: Session, organization_id: int, visitor_ids: Collection[UUID], kind: str, now: datetime, deps: Deps) -> None:  # noqa: PLR0913, PLR0917 (whom, of what, when)
    query = select(Visitor).where(Visitor.organization_id == organization_id, Visitor.id.in_(list(visitor_ids)))
    visitors = session.scalars(query.order_by(Visitor.id), execution_options={"populate_existing": True}).all()
    reached = fields.read(session, organization_id, [one.id for one in visitors], deps)
    who = [one for one in visitors if reached.get(one.id, {}).get("email") or reached.get(one.id, {}).get("telephone")]
    if not who:
        return
    last = session.execute(
        select(func.max(Visit.expected_until)).where(
            Visit.organization_id == organization_id, Visit.visitor_id.in_([one.id for one in who])
        )
    ).scalar()
    expires_at = max(now + LEAST, min(now + TRIED_FOR, last or now))
    notices = [_notice(one, kind, reached[one.visitor.id], expires_at, now, deps) for one in planned(session, organization_id, who, deps)]
    deps.notifier.notify(session, organization_id, notices, now, deps)


def _notice(one: Planned, kind: str, reached: Mapping[str, str], expires_at: datetime, now: datetime, deps: Deps) -> Notice:  # noqa: PLR0913, PLR0917 (to whom, of what, when)
    visitor, email = one.visitor, reached.get("email")
    said = f"{kind} {one.invitation.sequence:d} {one.invitation.id} {visitor.id}"
    off = kind == "cancelled"
    return Notice(
        id=UUID(bytes=hashlib.sha256(said.encode()).digest()[:16]),
        to=GuestAddress(visitor.id, visitor.name, visitor.locale, reached.get("telephone"), email),
        words={visitor.locale: texts.visitor(kind, one.facts, visitor.locale)},
        channels=CHANNELS,
        expires_at=expires_at,
        calendar=calendar_of(one, "CANCEL" if off else "REQUEST", now, deps, email) if email else None,
        qr=None if off else tokens.qr_text(deps.settings, visitor.organization_id, visitor.id),
    )
