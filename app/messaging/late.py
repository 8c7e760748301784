"""Whoever enters while an alert is active gets it too: once, ever.

1. Attendance writes `attendance.entered` with every enter that others are told of, while an alert that takes latecomers waits or is active, or
   staffing is watched (`HEARD`). Who entered in the moment in which an alert began was perhaps seen by neither: so the whole target is asked once
   more shortly after (`on_second_look`).
2. The handler waits for an activation that is just running: whoever entered during it is counted by one of the two.
3. The whole target is asked again, about this one person: "in the hall, and not of the fire brigade" holds for latecomers as well.
4. A latecomer gets the alert as it was written, and what was said last.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import target as core
from app.messaging import alert_rows, queue, resolve, rows, staffing, visiting
from app.messaging.activate import admit, welcome
from app.messaging.models import Message
from app.messaging.tally import tell_soon
from app.ports import Deps

HEARD: Final = """EXISTS (
  SELECT FROM message
  WHERE organization_id = %(organization_id)s AND kind = 'alert' AND stage IN ('scheduled', 'countdown', 'active') AND late_entry
) OR EXISTS (SELECT FROM staffing_rule WHERE organization_id = %(organization_id)s AND retired_at IS NULL)"""
"""While this holds, somebody must hear of whoever enters."""


def on_second_look(session: Session, organization_id: int, body: Mapping[str, Any], now: datetime, deps: Deps) -> None:
    """The handler of `messaging.second_look` {message}: whoever is meant by now and was not when it became active."""
    message = rows.lock_message(session, organization_id, UUID(body["message"]))
    if message is not None and message.stage == "active" and message.late_entry:
        meant = resolve.meant(resolve.Asking(session, organization_id, now, deps), message)
        known = rows.known(session, organization_id, message.id)
        include(session, organization_id, message, {who: possibly for who, possibly in meant.items() if who not in known}, now, deps)
        visitors = visiting.of_message(session, organization_id, message, now, deps)
        include_visitors(session, organization_id, message, {who: it for who, it in visitors.items() if who not in known}, now, deps)


def on_entered(session: Session, organization_id: int, body: Mapping[str, Any], now: datetime, deps: Deps) -> None:
    """The handler of `attendance.entered` {person, fences, at}."""
    person_id = UUID(body["person"])
    for message in alert_rows.watching(session, organization_id):
        asking = resolve.Asking(session, organization_id, now, deps, frozenset({person_id}))
        include(session, organization_id, message, resolve.meant(asking, message), now, deps)
    staffing.look(session, organization_id, now, deps, fence_ids=[UUID(fence) for fence in body["fences"]])


def on_visitors(session: Session, organization_id: int, bodies: Sequence[Mapping[str, Any]], now: datetime, deps: Deps) -> None:
    """A handler of `visitors.arrived` {visit, site, at}."""
    came = {UUID(body["visit"]) for body in bodies}
    for message in alert_rows.watching(session, organization_id):
        asking, target = resolve.Asking(session, organization_id, now, deps), core.parse(message.target, resolve.ALL_KINDS)
        include_visitors(session, organization_id, message, visiting.meant(asking, target, among=came), now, deps)


def include_visitors(  # noqa: PLR0913, PLR0917 (whom, in what)
    session: Session, organization_id: int, message: Message, meant: Mapping[UUID, bool], now: datetime, deps: Deps
) -> None:
    """Make recipients of those of these visitors (id -> only possibly meant) who are none yet."""
    added = welcome(session, organization_id, message, meant, deps, late=True)
    send(session, organization_id, message, added, now)
    if meant:
        tell_soon(session, organization_id, message.id, now)


def include(session: Session, organization_id: int, message: Message, meant: Mapping[UUID, bool], now: datetime, deps: Deps) -> None:  # noqa: PLR0913, PLR0917
    """Make recipients of those of these people (id -> only possibly meant) who are none yet. Who was only possibly meant may be certain now."""
    added = admit(session, organization_id, message, meant, deps.settings, late=True)
    send(session, organization_id, message, added, now)
    alert_rows.decided(session, organization_id, message.id, [person_id for person_id, possibly in meant.items() if not possibly])
    if meant:
        tell_soon(session, organization_id, message.id, now)


def send(session: Session, organization_id: int, message: Message, recipient_ids: Iterable[UUID], now: datetime) -> None:
    """The alert, and the last that was said about it."""
    added = list(recipient_ids)
    if not added:
        return
    queue.deliver(session, organization_id, message, added, now=now)
    said = alert_rows.updates(session, organization_id, message.id)
    if said:
        queue.deliver(session, organization_id, message, added, now=now, update_number=said[-1].number)
