"""Browsers that take pushes. One lives as long as the session that made it, and no longer than its push service says."""

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.accounts.service import sessions
from app.actor import Actor
from app.db.types import uuid7
from app.errors import Conflict, Invalid, NotFound
from app.messaging.models import PushSubscription

MAX_BROWSERS: Final = 20
_POINT_BYTES: Final = 65
_SECRET_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class NewSubscription:
    """What a browser says of itself. `p256dh` and `auth` are base64url, as `PushSubscription.toJSON()` gives them."""

    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)
    browser: str


def subscribe(session: Session, actor: Actor, new: NewSubscription) -> PushSubscription:
    """Take pushes on this browser. Known already: it is the caller's from now on. Raises `Invalid`, `Conflict` (a shared computer; too many)."""
    _check(new)
    if actor.person_id is None or actor.session_id is None:
        raise NotFound
    if sessions.is_shared(session, actor.session_id):
        raise Conflict("You said that others use this computer, so it takes no pushes. Sign in on a browser of your own.")
    columns = {"person_id": actor.person_id, "session_id": actor.session_id, "p256dh": new.p256dh, "auth": new.auth, "browser": new.browser}
    endpoint_hash = hashlib.sha256(new.endpoint.encode()).digest()
    row = {"organization_id": actor.tenant, "id": uuid7(), "endpoint": new.endpoint, "endpoint_hash": endpoint_hash, **columns}
    made = insert(PushSubscription).values(row)
    again = made.on_conflict_do_update(constraint="uq_push_subscription_organization_id_endpoint_hash", set_=columns)
    found = session.scalars(again.returning(PushSubscription), execution_options={"populate_existing": True}).one()
    if len(list_own(session, actor.tenant, actor.person_id)) > MAX_BROWSERS:
        raise Conflict("Too many browsers take your pushes. Remove one that you no longer use.")
    return found


def list_own(session: Session, organization_id: int, person_id: UUID) -> Sequence[PushSubscription]:
    """A person's browsers, oldest first."""
    query = select(PushSubscription).where(PushSubscription.organization_id == organization_id, PushSubscription.person_id == person_id)
    return session.scalars(query.order_by(PushSubscription.id)).all()


def get_own(session: Session, organization_id: int, person_id: UUID, subscription_id: UUID) -> PushSubscription:
    """Raises `NotFound`, also for somebody else's."""
    query = select(PushSubscription).where(PushSubscription.organization_id == organization_id, PushSubscription.id == subscription_id)
    found = session.scalars(query.where(PushSubscription.person_id == person_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def address(subscription: PushSubscription) -> str:
    """As the push channel takes it (`Parcel.address`)."""
    return json.dumps({"endpoint": subscription.endpoint, "p256dh": subscription.p256dh, "auth": subscription.auth})


def unsubscribe(session: Session, subscription: PushSubscription) -> None:
    """No pushes on this browser any more."""
    session.delete(subscription)
    session.flush()


def on_sessions_ended(session: Session, organization_id: int, session_ids: Sequence[UUID], _now: datetime) -> None:
    """Who signed out gets no pushes on that browser. Joined to `accounts.service.hooks.sessions_ended`."""
    session.execute(
        delete(PushSubscription).where(PushSubscription.organization_id == organization_id, PushSubscription.session_id.in_(session_ids))
    )


def on_session_renewed(session: Session, organization_id: int, session_ids: Sequence[UUID], _now: datetime) -> None:
    """The same browser under a new session goes on taking pushes. Joined to `accounts.service.hooks.session_renewed`."""
    old, new = session_ids
    session.execute(
        update(PushSubscription)
        .where(PushSubscription.organization_id == organization_id, PushSubscription.session_id == old)
        .values(session_id=new)
    )


def forget_gone(session: Session, organization_id: int, _now: datetime) -> int:
    """Delete what a session left behind that ended from elsewhere (another organization of the account, the command line); how many. A chore."""
    mine = PushSubscription.organization_id == organization_id
    kept = select(PushSubscription.session_id).where(mine, PushSubscription.session_id.is_not(None)).distinct()
    gone = sessions.gone_sessions(session, [found for found in session.scalars(kept) if found is not None])
    query = delete(PushSubscription).where(mine, PushSubscription.session_id.in_(gone)).returning(PushSubscription.id)
    return len(session.scalars(query).all())


def _check(new: NewSubscription) -> None:
    if not _is_push_service(new.endpoint):
        raise Invalid.of("endpoint", "Not the address of a push service", "Send what PushSubscription.endpoint says.")
    if len(_bytes(new.p256dh)) != _POINT_BYTES or _bytes(new.p256dh)[:1] != b"\x04":
        raise Invalid.of("p256dh", "Not a public key of a browser", "Send what getKey('p256dh') gives, as base64url.")
    if len(_bytes(new.auth)) != _SECRET_BYTES:
        raise Invalid.of("auth", "Not an authentication secret of a browser", "Send what getKey('auth') gives, as base64url.")


def _is_push_service(endpoint: str) -> bool:
    try:
        url = urlsplit(endpoint)
        return url.scheme == "https" and bool(url.hostname) and url.port != 0 and url.username is None and endpoint.isascii()
    except ValueError:
        return False


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
