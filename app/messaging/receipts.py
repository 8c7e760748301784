"""What providers send by themselves: kept as it came, first; matched after.

1. `take`: find out which organization it is for (`references`), and keep it there, sealed. What nobody can be found for yet is a stray.
2. `match`, soon after: a receipt finds its delivery, whose status climbs, or does not; a text goes to `replies`.
3. A receipt may overtake our own outcome, which says under which id the provider knows the message: then it waits, and is tried again, each
   time later, for three days. So is a stray.
4. A text of several parts is delivered when every part of it is. A receipt that comes twice changes nothing twice. One
   provider's receipt says nothing of a message that another one has.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

import structlog
from nacl.secret import SecretBox
from sqlalchemy import ColumnElement, delete, literal_column, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.accounts.service.organizations import only_organization, organization_exists
from app.config import Settings
from app.core.delivery import RANK, Status, together
from app.db.types import Moment, uuid7
from app.messaging import outcomes, references, replies, rows
from app.messaging.models import Delivery, Receipt, StrayReceipt
from app.messaging.outcomes import Change
from app.outbox.publish import publish
from app.ports import Deps, Incoming

MATCH: Final = "messaging.receipts"
TRIED_FOR: Final = timedelta(days=3)
AT_ONCE: Final = 500
_ABOUT: Final = b"receipt.sealed_raw"
_again_at: ColumnElement[datetime] = literal_column("created_at + interval '15 seconds' * 2 ^ least(tries, 12)", Moment)
"""When to try again: after 15 s, half a minute, a minute, up to 17 hours."""

_log = structlog.get_logger("messaging")


def take(deps: Deps, incoming: Incoming, id_: UUID | None = None) -> None:
    """Keep what a provider sent. When this returns it is committed, and the provider may be told so. `id_`: what comes under one id again is kept once."""
    now = deps.clock.now()
    with deps.database.identity() as session:
        found = _whose(session, incoming, now, deps.settings)
        if found is None:
            row = {"id": id_ or uuid7(), "sealed": _box(deps.settings).encrypt(_packed(incoming))}
            session.execute(insert(StrayReceipt).values(row).on_conflict_do_nothing())
            _log.info("receipt_stray", provider=incoming.provider, kind=incoming.kind)
            return
    with deps.database.tenant(found[0]) as session:
        store(session, found[0], incoming, deps, now, delivery_id=found[1], id_=id_)


def id_of(*parts: bytes) -> UUID:
    """The id of something that a provider posted: the same for the same post, so that one that is sent again, by it or by a thief, is known."""
    return UUID(bytes=hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).digest()[:16])


def store(  # noqa: PLR0913  (where it is kept, and under which id)
    session: Session,
    organization_id: int,
    incoming: Incoming,
    deps: Deps,
    now: datetime,
    *,
    delivery_id: UUID | None = None,
    id_: UUID | None = None,
) -> None:
    """Keep it in its organization, and have it matched. `id_`: so that it is kept once."""
    row = {
        "organization_id": organization_id,
        "id": id_ or uuid7(),
        "provider": incoming.provider,
        "kind": incoming.kind,
        "sealed_raw": deps.keyring.seal(session, organization_id, _packed(incoming), _ABOUT),
        "message_ref": incoming.ref,
        "status": incoming.status,
        "delivery_id": delivery_id if incoming.kind == "receipt" else None,
    }
    made = session.scalars(insert(Receipt).values(row).on_conflict_do_nothing().returning(Receipt.id)).one_or_none()
    if made is not None:
        publish(session, organization_id, MATCH, {"receipts": [str(made)]}, due_at=now)


def match(session: Session, organization_id: int, body: Mapping[str, Any], now: datetime, deps: Deps) -> None:
    """The handler of `messaging.receipts` {"receipts"}."""
    _match_all(session, organization_id, Receipt.id.in_([UUID(id_) for id_ in body["receipts"]]), now, deps)


def match_waiting(deps: Deps, organization_id: int, now: datetime) -> int:
    """A chore: try again those that found nothing yet; how many found something."""
    with deps.database.tenant(organization_id) as session:
        return _match_all(session, organization_id, (Receipt.created_at > now - TRIED_FOR) & (_again_at <= now), now, deps)


def _match_all(session: Session, organization_id: int, which: Any, now: datetime, deps: Deps) -> int:  # noqa: ANN401  (a condition)
    query = (
        select(Receipt).where(Receipt.organization_id == organization_id, Receipt.matched_at.is_(None), which).order_by(Receipt.created_at)
    )
    matched = 0
    for receipt in session.scalars(query.limit(AT_ONCE).with_for_update(skip_locked=True)).all():
        found = _inbound(session, receipt, now, deps) if receipt.kind == "inbound" else _receipt(session, receipt, now)
        receipt.tries += 1
        receipt.matched_at = now if found else None
        matched += found
        session.flush()
    return matched


def _inbound(session: Session, receipt: Receipt, now: datetime, deps: Deps) -> bool:
    incoming = _unpacked(deps.keyring.open(session, receipt.organization_id, receipt.sealed_raw, _ABOUT))
    said = replies.Inbound(incoming.sender, incoming.text, receipt.created_at)
    replies.inbound(session, receipt.organization_id, said, now, deps)
    return True


def _receipt(session: Session, receipt: Receipt, now: datetime) -> bool:
    if receipt.delivery_id is None and receipt.message_ref is not None:
        found = references.find(session, receipt.provider, receipt.message_ref, now)
        receipt.delivery_id = found[1] if found and found[0] == receipt.organization_id else None
    locked = rows.lock_deliveries(session, receipt.organization_id, [receipt.delivery_id]) if receipt.delivery_id else []
    if not locked or (locked[0][0].provider or receipt.provider) != receipt.provider:
        return False
    session.flush()
    delivery = locked[0][0]
    status = _status(session, delivery, receipt)
    if status is not None:
        message = rows.get_message(session, receipt.organization_id, delivery.message_id)
        outcomes.write(session, message, [(delivery, Change(status, None if status in {"accepted", "delivered"} else "receipt"))], now)
    return True


def _status(session: Session, delivery: Delivery, receipt: Receipt) -> Status | None:
    """What this receipt says, together with what came of the other parts. A receipt of no part in particular speaks for all."""
    parts = delivery.provider_ids or []
    if receipt.status is None or len(parts) < 2 or receipt.message_ref not in parts:
        return cast("Status | None", receipt.status)
    query = select(Receipt.message_ref, Receipt.status).where(
        Receipt.organization_id == delivery.organization_id, Receipt.delivery_id == delivery.id, Receipt.status.is_not(None)
    )
    known: dict[str, Status] = dict.fromkeys(parts, "accepted")
    for ref, found in session.execute(query):
        part, status = str(ref), cast("Status", found)
        known[part] = max(known.get(part, "accepted"), status, key=RANK.__getitem__)
    return together(known[part] for part in parts)


def place_strays(deps: Deps, now: datetime) -> int:
    """A chore: strays whose organization is known by now go there; those of more than three days are deleted. How many were placed."""
    with deps.database.identity() as session:
        session.execute(delete(StrayReceipt).where(StrayReceipt.created_at <= now - TRIED_FOR))
        query = select(StrayReceipt).where(_again_at <= now).order_by(StrayReceipt.created_at).limit(AT_ONCE)
        strays = session.scalars(query.with_for_update(skip_locked=True)).all()
        for stray in strays:
            stray.tries += 1
    placed = 0
    for stray in strays:
        incoming = _unpacked(_box(deps.settings).decrypt(stray.sealed))
        with deps.database.identity() as session:
            found = _whose(session, incoming, now, deps.settings)
        if found is not None:
            with deps.database.tenant(found[0]) as session:
                store(session, found[0], incoming, deps, now, delivery_id=found[1], id_=stray.id)
            with deps.database.identity() as session:
                session.execute(delete(StrayReceipt).where(StrayReceipt.id == stray.id))
            placed += 1
    return placed


def _whose(session: Session, incoming: Incoming, now: datetime, settings: Settings) -> tuple[int, UUID | None] | None:
    """The organization and, of a receipt, the delivery. What names nobody is the only organization's, where there is but one."""
    named = references.ours(incoming.reference)
    if named is not None and organization_exists(session, named[0]):
        return named
    found = None
    if incoming.kind == "inbound":
        found = references.find(session, references.NUMBER, references.hash_of_number(settings, incoming.sender), now)
    elif incoming.ref is not None:
        found = references.find(session, incoming.provider, incoming.ref, now)
    if found is not None:
        return found
    only = only_organization(session)
    return None if only is None else (only, None)


def _packed(incoming: Incoming) -> bytes:
    return json.dumps(asdict(incoming) | {"raw": base64.b64encode(incoming.raw).decode()}).encode()


def _unpacked(packed: bytes) -> Incoming:
    kept = json.loads(packed)
    return Incoming(**kept | {"raw": base64.b64decode(kept["raw"])})


def _box(settings: Settings) -> SecretBox:
    return SecretBox(hmac.new(settings.secret_key.encode(), b"receipts of no organization yet", hashlib.sha256).digest())
