"""Where domains meet sideways: which handler does which kind of work, and what every minute and every day ask for.

A handler takes (session, organization_id, body, now, deps); work too long for one transaction is wrapped in `Long`, and what comes in numbers in
`Together`: its handler takes all the bodies that one job brings.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from app.accounts.service.devices import forget_enrolments
from app.accounts.service.sessions import forget_ended
from app.attendance import approvals, exports
from app.attendance import jobs as attendance
from app.attendance.questions import ask_to_confirm
from app.messaging import (
    activate,
    alerts,
    deliver,
    escalate,
    late,
    outcomes,
    push_subscriptions,
    push_test,
    queue,
    receipts,
    replied,
    retention,
    staffing,
    tally,
)
from app.messaging import chores as messaging
from app.outbox.carry import Handlers, Long, Together
from app.outbox.tick import Chores, in_identity, in_tenant, outbox_chores, partitions_ahead, partitions_behind
from app.ports import Deps
from app.privacy.service.windows import forget_windows
from app.visitors import chain, ending, invitations, roll_calls, roll_events, webhooks
from app.visitors import retention as visit_retention
from app.web.idempotency import forget_answers


def each(*handlers: Together) -> Together:
    """One handler that does the work of several, in order, in one transaction."""

    def handle(session: Session, organization_id: int, bodies: Sequence[Mapping[str, Any]], now: datetime, deps: Deps) -> None:
        for handler in handlers:
            handler.run(session, organization_id, bodies, now, deps)

    return Together(handle)


HANDLERS: Final[Handlers] = {
    "privacy.gate_changed": Long(attendance.refold_after_consent),
    "geofences.changed": Long(attendance.refold_after_fence),
    "attendance.amended": attendance.amended,
    "attendance.approve": approvals.carry_on,
    "attendance.ask_to_confirm": ask_to_confirm,
    "attendance.export": exports.BUILD,
    activate.ACTIVATE: activate.on_due,
    queue.DELIVER: deliver.DELIVER,
    queue.DELIVER_URGENT: deliver.DELIVER,
    outcomes.SETTLE: outcomes.settle,
    receipts.MATCH: receipts.match,
    "attendance.entered": late.on_entered,
    activate.SECOND_LOOK: late.on_second_look,
    push_test.KIND: push_test.RUN,
    "messaging.escalate": escalate.on_step,
    "messaging.expire": alerts.on_expire,
    "messaging.tally": tally.on_tally,
    "visitors.arrived": each(
        Together(late.on_visitors), Together(roll_events.on_arrived), Together(chain.on_arrived), Together(webhooks.on_arrived)
    ),
    "visitors.left": Together(webhooks.on_left),
    webhooks.POST: webhooks.RUN,
    chain.STEP: Together(chain.on_step),
    chain.WAITS: chain.on_waits,
    replied.REPLIED: roll_events.on_replied,
    "roll_call.with_alert": replied.on_roll_call,
}

URGENT: Final = frozenset(
    {activate.ACTIVATE, activate.ESCALATE, queue.DELIVER_URGENT, "attendance.entered", "visitors.arrived", chain.STEP, chain.WAITS}
)
"""Kinds of work that go before all others."""

CHORES: Final = Chores(
    each_minute={"partitions_ahead": partitions_ahead, "receipts_placed": messaging.place_strays},
    each_minute_last={"partitions_behind": partitions_behind},
    each_day={"sessions_forgotten": in_identity(forget_ended), "references_forgotten": in_identity(messaging.forget_references)},
    each_minute_and_organization={
        **dict(outbox_chores()),
        "push_subscriptions_forgotten": in_tenant(push_subscriptions.forget_gone),
        "deliveries_resumed": in_tenant(messaging.resume),
        "receipts_matched": messaging.match_waiting,
        "stays_closed": attendance.close_outlived_stays,
        "sightings_forgotten": attendance.forget_sightings,
        "exports_failed": exports.fail_given_up,
        "approvals_failed": approvals.fail_given_up,
        "staffing": staffing.look_each_minute,
        "roll_calls_filled": roll_events.take_in,
        "roll_calls_ended": roll_calls.end_forgotten,
        "visits_ended": ending.end_assumed,
        "overstays_told": ending.tell_overstays,
        "visits_forgotten": visit_retention.forget_expired,
    },
    each_day_and_organization={
        "enrolments_forgotten": in_tenant(forget_enrolments),
        "windows_forgotten": in_tenant(forget_windows),
        "answers_forgotten": in_tenant(forget_answers),
        "evidence_forgotten": attendance.forget_old_evidence,
        "attendance_forgotten": in_tenant(attendance.forget_old_attendance),
        "words_forgotten": in_tenant(retention.forget_words),
        "messages_forgotten": in_tenant(retention.forget_messages),
        "traffic_forgotten": in_tenant(retention.forget_traffic),
        "exports_expired": exports.expire,
        "approvals_forgotten": in_tenant(approvals.forget),
        "visit_codes_forgotten": in_tenant(invitations.forget_codes),
    },
)
