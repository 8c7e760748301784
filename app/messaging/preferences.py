"""How people want to be reached, and how they can be."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Literal
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.core.chat import allows
from app.db.types import any_of
from app.errors import Invalid
from app.messaging import guests
from app.messaging.models import ContactPreference, PushSubscription

OptedOutBy = Literal["person", "stop", "link", "manager"]


@dataclass(frozen=True, slots=True)
class Reach:
    """How one person can be reached. `locale` is theirs or the organization's; `channels` what they chose, in their order, empty when nothing.

    `quiet`: local times of the organization's zone, from and until. `subscriptions`: ids of their browsers that take pushes. `guest`: none of the
    organization's people; `person_id` is theirs all the same, and of their addresses only the channels are known until something is sent.
    """

    person_id: UUID
    name: str | None
    locale: str
    telephone: str | None = field(repr=False)
    email: str | None = field(repr=False)
    site_id: UUID | None
    subscriptions: tuple[UUID, ...] = ()
    channels: tuple[str, ...] = ()
    quiet: tuple[time, time] | None = None
    opted_out: bool = False
    apprise: str | None = field(default=None, repr=False)
    guest: frozenset[str] | None = None

    def has(self, channel: str) -> bool:
        """Whether there is an address for this channel at all."""
        if self.guest is not None:
            return channel in self.guest
        return bool({"push": self.subscriptions, "sms": self.telephone, "email": self.email, "apprise": self.apprise}.get(channel))

    def order(self, allowed: Sequence[str]) -> list[str]:
        """The channels that a message may use: first those the person chose, in their order, then the others."""
        chosen = [channel for channel in self.channels if channel in allowed]
        return [*chosen, *(channel for channel in allowed if channel not in chosen)]


def reach(session: Session, organization_id: int, person_ids: Collection[UUID]) -> dict[UUID, Reach]:
    """How those of these people who have not left, and of these guests, can be reached: three queries for ten thousand people."""
    ids = list(person_ids)
    fallback = accounts.get_organization(session, organization_id).locale
    wishes = _wishes(session, organization_id, ids)
    browsers = _browsers(session, organization_id, ids)
    found = {}
    for contact in accounts.contacts_of(session, organization_id, ids):
        channels, quiet_from, quiet_until, opted_out, apprise = wishes.get(contact.person_id, ((), None, None, False, None))
        found[contact.person_id] = Reach(
            contact.person_id,
            contact.name,
            contact.locale or fallback,
            contact.telephone,
            contact.email,
            contact.site_id,
            tuple(browsers.get(contact.person_id, ())),
            tuple(channels or ()),
            (quiet_from, quiet_until) if quiet_from is not None and quiet_until is not None else None,
            opted_out,
            apprise,
        )
    if len(found) < len(ids):
        for guest in guests.known(session, organization_id, [id_ for id_ in ids if id_ not in found]):
            found[guest.id] = Reach(guest.id, None, guest.locale, None, None, None, guest=frozenset(guest.channels))
    return found


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody chose. `channels` None: the organization's order."""

    channels: tuple[str, ...] | None
    quiet: tuple[time, time] | None
    opted_out: bool
    apprise: str | None = field(default=None, repr=False)


def get(session: Session, organization_id: int, person_id: UUID, *, lock: bool = False) -> ContactPreference:
    """What the person chose; an unsaved row of defaults when nothing. Raises `NotFound` for nobody of the organization."""
    accounts.get_person(session, organization_id, person_id, lock=lock)
    query = select(ContactPreference).where(ContactPreference.organization_id == organization_id, ContactPreference.person_id == person_id)
    found = session.scalars(query).one_or_none()
    return found or ContactPreference(organization_id=organization_id, person_id=person_id)


def write(  # noqa: PLR0913, PLR0917  (who chose what, and what may be chosen)
    session: Session, preference: ContactPreference, wish: Wish, by: OptedOutBy, now: datetime, allowed: Sequence[str]
) -> None:
    """Replace what the person chose. `by`: who said so. `allowed`: addresses of chats that the operator allows (`core.chat`).

    Raises `Invalid` when a manager would undo what the person decided, and for another address.
    """
    if wish.apprise is not None and not allows(allowed, wish.apprise):
        raise Invalid.of(
            "apprise", "This address may not be notified", "Use one of those that whoever runs this installation allows (APPRISE_URLS)."
        )
    if not wish.opted_out and by == "manager" and preference.opted_out_by not in {None, "manager"}:
        raise Invalid.of("opted_out", "This person opted out themselves", "Only they can opt in again: in the app, or by texting START.")
    preference.channels = None if wish.channels is None else list(wish.channels)
    preference.apprise = wish.apprise
    preference.quiet_from, preference.quiet_until = wish.quiet or (None, None)
    if not wish.opted_out:
        preference.opted_out_at = preference.opted_out_by = None
    elif preference.opted_out_at is None:
        preference.opted_out_at, preference.opted_out_by = now, by
    session.add(preference)
    session.flush()


def opt_out(session: Session, organization_id: int, person_id: UUID, by: OptedOutBy, now: datetime) -> None:
    """No ordinary messages any more. Who is out already stays out since then."""
    preference = get(session, organization_id, person_id, lock=True)
    if preference.opted_out_at is None:
        preference.opted_out_at, preference.opted_out_by = now, by
        session.add(preference)
        session.flush()


def opt_in(session: Session, organization_id: int, person_id: UUID) -> None:
    """Ordinary messages again."""
    preference = get(session, organization_id, person_id, lock=True)
    preference.opted_out_at = preference.opted_out_by = None
    session.add(preference)
    session.flush()


def forget(session: Session, organization_id: int, person_ids: Sequence[UUID], _now: datetime) -> None:
    """Who left has no preferences and no browsers any more. Joined to `accounts.service.hooks.people_left`."""
    for model in (ContactPreference, PushSubscription):
        session.execute(delete(model).where(model.organization_id == organization_id, model.person_id.in_(person_ids)))


_Wish = tuple[Sequence[str] | None, time | None, time | None, bool, str | None]


def _wishes(session: Session, organization_id: int, person_ids: Sequence[UUID]) -> dict[UUID, _Wish]:
    query = select(
        ContactPreference.person_id,
        ContactPreference.channels,
        ContactPreference.quiet_from,
        ContactPreference.quiet_until,
        ContactPreference.opted_out_at.is_not(None),
        ContactPreference.apprise,
    ).where(ContactPreference.organization_id == organization_id, ContactPreference.person_id == any_of(person_ids))
    return {row[0]: (row[1], row[2], row[3], row[4], row[5]) for row in session.execute(query)}


def _browsers(session: Session, organization_id: int, person_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    query = select(PushSubscription.person_id, PushSubscription.id).where(
        PushSubscription.organization_id == organization_id, PushSubscription.person_id == any_of(person_ids)
    )
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for person_id, subscription_id in session.execute(query.order_by(PushSubscription.id)):
        found[person_id].append(subscription_id)
    return found
