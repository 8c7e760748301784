"""Guests: visitors whom a message may be for. What is known of them is sealed; only by which channels they can be reached is not."""

import json
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.db.types import any_of
from app.messaging.models import Guest, Message, Recipient
from app.ports import Deps, GuestAddress

_ABOUT: Final = b"guest.sealed"


def keep(session: Session, organization_id: int, guests: Iterable[GuestAddress], deps: Deps) -> None:
    """Know these guests, or know them anew: what is told now counts. Two queries for two hundred."""
    rows = [_row(session, organization_id, guest, deps) for guest in {guest.id: guest for guest in guests}.values()]
    if rows:
        made = insert(Guest).values(rows)
        anew = {name: made.excluded[name] for name in ("locale", "channels", "sealed")}
        session.execute(made.on_conflict_do_update(index_elements=["organization_id", "id"], set_=anew))


def known(session: Session, organization_id: int, guest_ids: Sequence[UUID | None]) -> Sequence[Guest]:
    """Those of these who are guests: their language and channels, still sealed."""
    ids = [id_ for id_ in guest_ids if id_ is not None]
    query = select(Guest).where(Guest.organization_id == organization_id, Guest.id == any_of(ids))
    return session.scalars(query, execution_options={"populate_existing": True}).all() if ids else ()


def opened(session: Session, organization_id: int, guest_ids: Sequence[UUID], deps: Deps) -> dict[UUID, GuestAddress]:
    """Who they are and how they are reached."""
    found = {}
    for guest in known(session, organization_id, guest_ids):
        plain = json.loads(deps.keyring.open(session, organization_id, guest.sealed, _ABOUT))
        found[guest.id] = GuestAddress(guest.id, plain["name"], guest.locale, plain["telephone"], plain["email"])
    return found


def forget(session: Session, organization_id: int, guest_ids: Sequence[UUID]) -> None:
    """Delete them, their part of every message, and the notices that only they had."""
    theirs = select(Recipient.message_id).where(Recipient.organization_id == organization_id, Recipient.guest_id == any_of(guest_ids))
    mine = (Message.organization_id == organization_id, Message.kind == "notice", Message.id.in_(theirs))
    session.execute(delete(Message).where(*mine).execution_options(synchronize_session=False))
    gone = delete(Guest).where(Guest.organization_id == organization_id, Guest.id == any_of(guest_ids))
    session.execute(gone.execution_options(synchronize_session=False))


def _row(session: Session, organization_id: int, guest: GuestAddress, deps: Deps) -> dict[str, object]:
    plain = {"name": guest.name, "telephone": guest.telephone, "email": guest.email}
    return {
        "organization_id": organization_id,
        "id": guest.id,
        "locale": guest.locale,
        "channels": [channel for channel, address in (("sms", guest.telephone), ("email", guest.email)) if address],
        "sealed": deps.keyring.seal(session, organization_id, json.dumps(plain, ensure_ascii=False).encode(), _ABOUT),
    }
