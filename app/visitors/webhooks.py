"""Doors and printers are told of arrivals and departures: a signed POST.

1. An event writes work for each webhook that wants its kind, in one transaction with nothing but ids. What is posted is read when it is posted.
2. It is signed: `Muster-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<id>.<body>">`. `Muster-Id` stays the same when it is posted again, so
   that the other side can tell.
3. Anything but 2xx is tried again, later each time, for a day. A webhook that took nothing for a day is paused until somebody goes on with it.
4. The secret is shown once, when it is made, and kept sealed.
"""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.flush import flush
from app.db.types import uuid7
from app.errors import Conflict, Invalid, NotFound
from app.outbox.carry import Long
from app.outbox.publish import Work, publish_all
from app.ports import Deps
from app.visitors import rows
from app.visitors.models import Visit, VisitWebhook

POST: Final = "visitors.webhook"
TEST: Final = "test"
GIVES_UP_AFTER: Final = timedelta(days=1)
FIRST_PAUSE: Final = timedelta(seconds=10)
PAUSE_MAX: Final = timedelta(hours=1)
MOST: Final = 20
_ABOUT: Final = b"visit_webhook.secret"
_WRITTEN: Final = re.compile(r"[!-~]+")
"""What an address is written with: no space, and nothing that ends a line."""
_CLASHES: Final = {"uq_visit_webhook_organization_id_name": "A webhook with this name exists. Choose another name."}
_log = structlog.get_logger(area="visitors")


@dataclass(frozen=True, slots=True)
class _Ready:
    """What goes over the line."""

    url: str
    body: bytes
    headers: Mapping[str, str]


def listed(session: Session, organization_id: int) -> Sequence[VisitWebhook]:
    """By name."""
    query = select(VisitWebhook).where(VisitWebhook.organization_id == organization_id)
    return session.scalars(query.order_by(VisitWebhook.name, VisitWebhook.id)).all()


def one(session: Session, organization_id: int, webhook_id: UUID, *, lock: bool = False) -> VisitWebhook:
    """Raises `NotFound`."""
    query = select(VisitWebhook).where(VisitWebhook.organization_id == organization_id, VisitWebhook.id == webhook_id)
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFound
    return found


def create(session: Session, organization_id: int, facts: Mapping[str, Any], deps: Deps) -> tuple[VisitWebhook, str]:
    """`facts`: name, url, kinds. With its secret, which nobody sees again. Raises `Invalid`, `Conflict`."""
    if len(listed(session, organization_id)) >= MOST:
        raise Conflict("There are 20 webhooks already. Delete one first.")
    secret = secrets.token_urlsafe(32)
    sealed = deps.keyring.seal(session, organization_id, secret.encode(), _ABOUT)
    made = VisitWebhook(
        organization_id=organization_id, sealed_secret=sealed, name=facts["name"], url=_address(facts["url"]), kinds=list(facts["kinds"])
    )
    session.add(made)
    flush(session, _CLASHES)
    return made, secret


def change(session: Session, webhook: VisitWebhook, changes: Mapping[str, Any], now: datetime) -> None:
    """`changes`: name, url, kinds, paused. Raises `Invalid`, `Conflict`."""
    for name in {"name", "kinds"} & set(changes):
        setattr(webhook, name, changes[name])
    if "url" in changes:
        webhook.url = _address(changes["url"])
    if "paused" in changes:
        webhook.paused_at = (webhook.paused_at or now) if changes["paused"] else None
        webhook.tries_again_at = None
        webhook.last_ok_at = webhook.last_ok_at if changes["paused"] else now  # from here on a day counts anew
    flush(session, _CLASHES)


def delete(session: Session, webhook: VisitWebhook) -> None:
    """Nothing is posted to it any more."""
    session.delete(webhook)
    session.flush()


def test(session: Session, webhook: VisitWebhook, now: datetime) -> None:
    """Post something without a visit; what became of it stands with the webhook."""
    publish_all(session, webhook.organization_id, [_work(webhook.id, TEST, None, uuid7(), now)])


def on_arrived(session: Session, organization_id: int, bodies: Sequence[Mapping[str, Any]], now: datetime, _deps: Deps) -> None:
    """A handler of `visitors.arrived`."""
    _tell(session, organization_id, "arrived", bodies, now)


def on_left(session: Session, organization_id: int, bodies: Sequence[Mapping[str, Any]], now: datetime, _deps: Deps) -> None:
    """The handler of `visitors.left`."""
    _tell(session, organization_id, "left", bodies, now)


def run(organization_id: int, body: Mapping[str, Any], now: datetime, deps: Deps) -> None:
    """The handler of `visitors.webhook` {webhook, kind, visit, id, since, tries}. No transaction is open while it posts."""
    with deps.database.tenant(organization_id) as session:
        ready = _ready(session, organization_id, body, now, deps)
    if ready is None:
        return
    said = deps.poster.post(ready.url, ready.body, ready.headers)
    with deps.database.tenant(organization_id) as session:
        _note(session, organization_id, body, said, deps.clock.now())


RUN: Final = Long(run, lease=timedelta(seconds=60))


def signature(secret: str, id_: str, body: bytes, at: datetime) -> str:
    """What the other side computes as well."""
    seconds = int(at.timestamp())
    mac = hmac.new(secret.encode(), f"{seconds:d}.{id_}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds:d},v1={mac}"


def _tell(session: Session, organization_id: int, kind: str, bodies: Sequence[Mapping[str, Any]], now: datetime) -> None:
    query = select(VisitWebhook.id).where(
        VisitWebhook.organization_id == organization_id, VisitWebhook.paused_at.is_(None), VisitWebhook.kinds.contains([kind])
    )
    wanting = session.scalars(query).all()
    publish_all(session, organization_id, [_work(one, kind, body["visit"], uuid7(), now) for body in bodies for one in wanting])


def _work(webhook_id: UUID, kind: str, visit: str | None, id_: UUID, now: datetime) -> Work:
    return POST, {"webhook": str(webhook_id), "kind": kind, "visit": visit, "id": str(id_), "since": now.isoformat(), "tries": 1}, now


def _ready(session: Session, organization_id: int, body: Mapping[str, Any], now: datetime, deps: Deps) -> _Ready | None:
    """None when the webhook or the visit is gone, or it is paused."""
    webhook = session.get(VisitWebhook, (organization_id, UUID(body["webhook"])))
    if webhook is None or (webhook.paused_at is not None and body["kind"] != TEST):
        return None
    said: dict[str, Any] = {"id": body["id"], "kind": body["kind"], "at": body["since"]}
    if body["visit"] is not None:
        visit = session.get(Visit, (organization_id, UUID(body["visit"])))
        if visit is None:
            return None
        said |= _visit(session, visit)
    text = json.dumps(said, ensure_ascii=False).encode()
    secret = deps.keyring.open(session, organization_id, webhook.sealed_secret, _ABOUT).decode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Muster",
        "Muster-Id": body["id"],
        "Muster-Signature": signature(secret, body["id"], text, now),
    }
    return _Ready(webhook.url, text, headers)


def _visit(session: Session, visit: Visit) -> dict[str, Any]:
    """What a door or a printer needs, and no more."""
    return {
        "visit_id": str(visit.id),
        "site_id": str(visit.site_id),
        "visit_type_id": str(visit.visit_type_id),
        "name": rows.visitor(session, visit.organization_id, visit.visitor_id).name,
        "badge_number": visit.badge_number,
        "state": visit.state,
        "arrived_at": visit.arrived_at and visit.arrived_at.isoformat(),
        "left_at": visit.left_at and visit.left_at.isoformat(),
        "expected_until": visit.expected_until.isoformat(),
    }


def _note(session: Session, organization_id: int, body: Mapping[str, Any], said: int | str, now: datetime) -> None:
    query = select(VisitWebhook).where(VisitWebhook.organization_id == organization_id, VisitWebhook.id == UUID(body["webhook"]))
    webhook = session.scalars(query.with_for_update()).one_or_none()
    if webhook is None:
        return
    webhook.last_tried_at = now
    if isinstance(said, int) and 200 <= said < 300:
        webhook.last_ok_at, webhook.last_failure, webhook.tries_again_at = now, None, None
        return
    webhook.last_failure = f"status_{said:d}" if isinstance(said, int) else said
    if body["kind"] == TEST:
        return
    if webhook.paused_at is None and (webhook.last_ok_at or webhook.created_at) <= now - GIVES_UP_AFTER:
        webhook.paused_at = now
        _log.warning("webhook_paused", organization_id=organization_id, webhook_id=str(webhook.id))
    due_at = now + min(FIRST_PAUSE * 2.0 ** min(body["tries"] - 1, 20), PAUSE_MAX)
    is_tried_again = webhook.paused_at is None and due_at < datetime.fromisoformat(body["since"]) + GIVES_UP_AFTER
    webhook.tries_again_at = due_at if is_tried_again else None
    if is_tried_again:
        publish_all(session, organization_id, [(POST, {**body, "tries": body["tries"] + 1}, due_at)])


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"https", "http"} and parts.hostname and parts.port != 0 and not parts.username and not parts.fragment
    except ValueError:  # half an IPv6 address, or a port that is none
        good = False
    if not good or not _WRITTEN.fullmatch(url):
        raise Invalid.of("url", "This is not an address that can be posted to", "Write it whole, as https://door.example.org/muster.")
    return url
