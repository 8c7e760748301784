"""The life of an alert: draft -> (approval by a second person) -> countdown -> active -> updated* -> ended, cancelled or expired.

1. An alert is written as a draft and sent in the same transaction unless only a draft was asked for. A draft can be changed, in all but its kind, until
   it is sent; whoever sends it is its sender, and what has become of those it names meanwhile is looked at again.
2. Where the organization wants it, an actual alert waits for a second person. Exercises and tests never do.
   An update and the all clear need nobody else: the alert itself was agreed to, and who is in danger must not wait for a second person.
3. The countdown is a row of the outbox: `messaging.activate`, due at its end. A cancellation and the activation both lock the alert; whoever is
   first wins, and the other is told how it stands.
4. Activation (`activate.py`) decides who it is for. From then on whoever enters becomes a recipient too (`late.py`).
5. An update, the all clear and a cancellation with words go to everybody who had it, and to latecomers. The all clear ends it.
6. What was forgotten ends by itself: every alert expires.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.actor import MEMBER_ROLES, Actor
from app.authority import ACTIONS
from app.core import escalation
from app.core.fault import Fault
from app.core.policy import Shape
from app.core.quiet import breaks_through
from app.core.target import Target
from app.db.flush import flush
from app.errors import AlertTooOld, Conflict, FieldError, Forbidden, Invalid, NotFound
from app.messaging import alert_rows, areas, drafts, notices, preview, queue, resolve, settings, visiting
from app.messaging.activate import ACTIVATE
from app.messaging.alert_rows import Listed
from app.messaging.drafts import FromTemplate
from app.messaging.marks import marked
from app.messaging.models import Message, MessageUpdate
from app.messaging.settings import Choices
from app.messaging.stages import BEFORE, move, refused
from app.messaging.tally import tell
from app.messaging.texts import Texts, require_texts, seal_texts
from app.outbox.publish import publish
from app.ports import Deps

Alert = Message
"""A message of kind alert, for routes to name."""
UpdateKind = Literal["update", "all_clear", "cancel"]
EXPIRE: Final = "messaging.expire"
"""Kind of outbox rows {message}: end it, if nobody did."""
SENDERS: Final = tuple(role for role in MEMBER_ROLES if role in ACTIONS["alert.send"])
"""Among whom the second person is."""
WRITTEN_MOST: Final = timedelta(seconds=60)
LASTS: Final = timedelta(hours=24)
"""An alert that says nothing about its end."""
LASTS_MOST: Final = timedelta(days=7)
_SAME_CAP: Final = "A draft of this CAP message exists. Look for it among the drafts."
_OWN: Final = "You sent this alert yourself. Somebody else must approve or refuse it."
_SAME_ADDRESS: Final = (
    "You have the same telephone number or e-mail address as who sent this alert, so nobody can tell that you are two people. "
    "Let somebody else approve or refuse it."
)


@dataclass(frozen=True, slots=True)
class AlertDraft:
    """What somebody wants to send. `target`: a document of `core.target`, in which `{"area": "drawn"}` is `area`. `plan`: of `core.escalation`."""

    id: UUID
    target: Mapping[str, Any] | None
    texts: Texts = field(default_factory=dict)
    template: FromTemplate | None = None
    exercise: str = "actual"
    severity: str = "severe"
    area: Shape | None = None
    channels: tuple[str, ...] | None = None
    plan: Mapping[str, Any] | None = None
    asks_reply: bool = True
    late_entry: bool = True
    expires_at: datetime | None = None
    cap_identifier: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """When the sender wrote it, as their own clock says, and whether they looked at it again."""

    at: datetime | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class _Checked:
    texts: Texts
    version_id: UUID | None
    target: Mapping[str, Any]
    read: Target
    plan: escalation.Plan


@dataclass(frozen=True, slots=True)
class Look:
    """What sending would mean. `possibly`: people whose fence only touches the area; `unknown`: people who may have left since they were seen."""

    preview: preview.Preview
    possibly: int
    unknown: int
    visitors: int


def create(session: Session, actor: Actor, draft: AlertDraft, now: datetime, deps: Deps) -> Message:
    """A draft; the same for ever for the same id. Raises `Invalid`, `NotFound`, `PurposeMissing`, `Conflict` when the id is something else's."""
    known = drafts.known(session, actor, draft.id, "alert")
    if known is not None:
        return known
    message = Message(
        organization_id=actor.tenant,
        id=draft.id,
        kind="alert",
        stage="draft",
        sender_id=actor.person_id,
        exercise=draft.exercise,
        cap_identifier=draft.cap_identifier,
        revision=1,
    )
    _write(session, actor, message, draft, now, deps)
    session.add(message)
    flush(session, {"uq_message_cap": _SAME_CAP})
    session.refresh(message)
    tell(session, actor.tenant, message)
    return message


def edit(session: Session, actor: Actor, message: Message, draft: AlertDraft, now: datetime, deps: Deps) -> Message:  # noqa: PLR0913, PLR0917 (what, of what)
    """A locked draft as it shall be from now on; its kind stays what it was made as. Raises as `create`, `Conflict` when it was sent already."""
    if message.stage != "draft":
        raise refused(message.stage)
    if draft.exercise != message.exercise:
        raise Invalid.of(
            "exercise", "Whether an alert is actual cannot be changed once it is kept", "Discard this draft and make a new alert."
        )
    _write(session, actor, message, draft, now, deps)
    message.revision += 1
    return _told(session, message)


def look(session: Session, actor: Actor, draft: AlertDraft, now: datetime, deps: Deps) -> Look:
    """What sending it would mean. Nothing is written. Raises as `create`."""
    checked = _checked(session, actor, draft, now, deps)
    asking = _asking(session, actor, draft, now, deps)
    found = resolve.resolved(asking, checked.read)
    surely = resolve.resolved(replace(asking, surely=True), checked.read)
    overrides = breaks_through("alert", draft.exercise, draft.severity)
    said = preview.Said(checked.texts, checked.plan.channels, draft.asks_reply, overrides, planned=True)
    unknown = found.people - surely.people - found.possibly
    shown = preview.of_people(session, actor.tenant, found.people, said, deps)
    if resolve.asks_presence(session, actor.tenant, checked.read):
        shown = preview.nameless(shown)
    return Look(shown, len(found.possibly), len(unknown), len(visiting.meant(asking, checked.read)))


def require_fresh(written: Written, now: datetime) -> None:
    """Raises `AlertTooOld` for what waited somewhere for more than a minute and was not looked at again."""
    if written.at is not None and not written.confirmed and now - written.at > WRITTEN_MOST:
        raise AlertTooOld


def begin(session: Session, actor: Actor, message: Message, now: datetime, deps: Deps) -> Message:
    """Send a locked draft: to the second person, or into the countdown. Raises `Conflict`, `Invalid` when its end has passed."""
    if message.stage != "draft":
        raise refused(message.stage)
    _require_ends(message.expires_at, now)
    message.sender_id, message.expires_at = actor.person_id, message.expires_at or now + LASTS
    publish(session, actor.tenant, EXPIRE, {"message": str(message.id)}, due_at=message.expires_at)
    choices = settings.read(session, actor.tenant)
    if choices.approval and message.exercise == "actual":
        move(message, "approval")
        others: Mapping[str, Any] = {"all": [{"any": [{"role": role} for role in SENDERS]}, {"not": {"people": [str(actor.person_id)]}}]}
        notices.notify(session, actor.tenant, others, notices.texts("approval"), now, deps)
        return _told(session, message)
    return _count_down(session, actor, message, choices, now)


def begin_kept(session: Session, actor: Actor, message: Message, now: datetime, deps: Deps) -> Message:
    """Send a locked draft that was kept. Raises as `begin`, and `Invalid` when what it names is not there any more or nobody is meant by it."""
    if message.stage == "draft":
        target = resolve.read(session, actor.tenant, message.target, resolve.ALL_KINDS)
        _require_somebody(resolve.Asking(session, actor.tenant, now, deps), target, late_entry=message.late_entry)
        _require_silence_group(session, actor, escalation.parse(message.plan))
    return begin(session, actor, message, now, deps)


def approve(session: Session, actor: Actor, message: Message, now: datetime) -> Message:
    """Let a locked alert go. Raises `Conflict`, `Forbidden` for its sender, also by another account of theirs."""
    _require_second(session, actor, message)
    message.approved_by = actor.person_id
    return _count_down(session, actor, message, settings.read(session, actor.tenant), now)


def refuse(session: Session, actor: Actor, message: Message, now: datetime) -> Message:
    """Do not let a locked alert go. Raises `Conflict`, `Forbidden` for its sender, who cancels it instead."""
    _require_second(session, actor, message)
    move(message, "refused")
    return _over(session, actor, message, now)


def cancel(session: Session, actor: Actor, message: Message, now: datetime) -> Message:
    """Take back a locked alert that nobody was told of. Raises `Conflict` when it went out already: then `update` takes it back, with words."""
    if message.stage not in BEFORE:
        raise refused(message.stage)
    move(message, "cancelled")
    return _over(session, actor, message, now)


def update(  # noqa: PLR0913, PLR0917 (what is said, of what, by whom)
    session: Session, actor: Actor, message: Message, kind: UpdateKind, texts: Texts, now: datetime, deps: Deps
) -> MessageUpdate:
    """Tell everybody who had a locked alert. The all clear ends it, a cancellation takes it back. Raises `Conflict` unless it is active."""
    if message.stage != "active":
        raise refused(message.stage)
    require_texts(texts)
    sent = _send(session, actor, message, kind, texts, now, deps)
    if kind == "update":
        message.revision += 1
        _told(session, message)
    else:
        move(message, "ended" if kind == "all_clear" else "cancelled")
        _over(session, actor, message, now)
    return sent


def end(session: Session, actor: Actor, message: Message, now: datetime) -> Message:
    """No more latecomers, no more escalation; nobody is told. Raises `Conflict` unless it is active."""
    move(message, "ended")
    return _over(session, actor, message, now)


def on_expire(session: Session, organization_id: int, body: Mapping[str, Any], now: datetime, _deps: Deps) -> None:
    """The handler of `messaging.expire`."""
    message = alert_rows.alert(session, organization_id, UUID(body["message"]), lock=True)
    if message is None or message.stage not in {"active", "approval"} or message.expires_at is None or message.expires_at > now:
        return
    move(message, "expired")
    _over(session, Actor("member", organization_id=organization_id), message, now)


def locked(session: Session, actor: Actor, alert_id: UUID) -> Message:
    """The alert, nobody else changing it. Raises `NotFound`."""
    return _found(alert_rows.alert(session, actor.tenant, alert_id, lock=True))


def one(session: Session, organization_id: int, alert_id: UUID) -> Message:
    """The alert as it stands. Raises `NotFound`."""
    return _found(alert_rows.alert(session, organization_id, alert_id))


def listed(session: Session, organization_id: int, wanted: Listed) -> Sequence[Message]:
    """The newest first."""
    return alert_rows.alerts(session, organization_id, wanted)


def plan_of(document: Mapping[str, Any] | None, channels: tuple[str, ...] | None, choices: Choices) -> escalation.Plan:
    """The plan that holds: what was said, else the organization's. `channels` alone says by which. Raises `Invalid`."""
    said = dict(choices.plan if document is None else document)
    if channels is not None:
        said["channels"] = list(channels)
    try:
        return escalation.parse(said, choices.channels)
    except Fault as fault:
        raise Invalid(errors=[FieldError(fault.field("plan"), fault.message, fault.next_step)]) from None


def plan_document(plan: escalation.Plan) -> dict[str, Any]:
    """A plan as it is stored: every word of it said."""
    return {
        "channels": list(plan.channels),
        "seconds_between": plan.seconds_between,
        "rounds": plan.rounds,
        "on_silence": {"group": str(plan.silence_group)} if plan.silence_group else {"tell_sender": True},
        "quorum": asdict(plan.quorum) if plan.quorum else None,
    }


def _found(message: Message | None) -> Message:
    if message is None:
        raise NotFound
    return message


def _require_ends(expires_at: datetime | None, now: datetime) -> None:
    if expires_at is not None and not now < expires_at <= now + LASTS_MOST:
        raise Invalid.of("expires_at", "An alert must end within seven days from now", "Choose a later time, or leave it out for a day.")


def _checked(session: Session, actor: Actor, draft: AlertDraft, now: datetime, deps: Deps) -> _Checked:
    texts, version_id = drafts.words(session, actor, draft.texts, draft.template, deps)
    if draft.area is not None:
        areas.require_size(draft.area)
    target = areas.aimed(draft.target, drawn=draft.area is not None)
    read = resolve.read(session, actor.tenant, target)
    if resolve.asks_presence(session, actor.tenant, read):
        deps.who_is_inside.inside(session, actor.tenant, (), now)
    _require_ends(draft.expires_at, now)
    plan = plan_of(draft.plan, draft.channels, settings.read(session, actor.tenant))
    _require_silence_group(session, actor, plan)
    return _Checked(marked(texts, draft.exercise), version_id, target, read, plan)


def _write(session: Session, actor: Actor, message: Message, draft: AlertDraft, now: datetime, deps: Deps) -> None:  # noqa: PLR0913, PLR0917
    """What is wanted, once it is checked."""
    checked = _checked(session, actor, draft, now, deps)
    _require_somebody(_asking(session, actor, draft, now, deps), checked.read, late_entry=draft.late_entry)
    area = areas.draw(session, actor, draft.area, now, before=message.area_fence_id) if draft.area is not None else None
    message.target = dict(checked.target if area is None else areas.aimed(draft.target, drawn=True, area=area))
    message.severity = draft.severity
    message.channels, message.plan = list(checked.plan.channels), plan_document(checked.plan)
    message.sealed_texts = seal_texts(session, actor.tenant, checked.texts, Message, deps.keyring)
    message.template_version_id = checked.version_id
    message.asks_reply, message.late_entry = draft.asks_reply, draft.late_entry
    message.area_fence_id, message.expires_at = area, draft.expires_at


def _require_somebody(asking: resolve.Asking, target: Target, *, late_entry: bool) -> None:
    if not late_entry and not resolve.resolved(asking, target).people and not visiting.meant(asking, target):
        raise Invalid.of("target", "Nobody is meant by this now", "Choose others, or let whoever enters get it too.")


def _require_silence_group(session: Session, actor: Actor, plan: escalation.Plan) -> None:
    if plan.silence_group is not None:
        accounts.require_groups(session, actor.tenant, [plan.silence_group], "plan.on_silence.group")


def _asking(session: Session, actor: Actor, draft: AlertDraft, now: datetime, deps: Deps) -> resolve.Asking:
    return resolve.Asking(session, actor.tenant, now, deps, drawn=draft.area)


def _require_second(session: Session, actor: Actor, message: Message) -> None:
    if message.stage != "approval":
        raise refused(message.stage)
    if actor.person_id is None or actor.person_id == message.sender_id:
        raise Forbidden(_OWN)
    if message.sender_id is not None and accounts.share_an_address(session, actor.tenant, actor.person_id, message.sender_id):
        raise Forbidden(_SAME_ADDRESS)


def _count_down(session: Session, actor: Actor, message: Message, choices: Choices, now: datetime) -> Message:
    move(message, "countdown")
    message.due_at = now + timedelta(seconds=choices.countdown_s)
    if message.expires_at is not None and message.expires_at <= message.due_at:
        raise Conflict("This would be over before it goes out. Make a new one that lasts longer.")
    areas.begin(session, actor, message.area_fence_id, now)
    publish(session, actor.tenant, ACTIVATE, {"message": str(message.id)}, due_at=message.due_at)
    return _told(session, message)


def _send(  # noqa: PLR0913, PLR0917 (as `update`)
    session: Session, actor: Actor, message: Message, kind: str, texts: Texts, now: datetime, deps: Deps
) -> MessageUpdate:
    number = max((sent.number for sent in alert_rows.updates(session, actor.tenant, message.id)), default=0) + 1
    sealed = seal_texts(session, actor.tenant, marked(texts, message.exercise), MessageUpdate, deps.keyring)
    sent = MessageUpdate(
        organization_id=actor.tenant, message_id=message.id, number=number, kind=kind, sealed_texts=sealed, sender_id=actor.person_id
    )
    session.add(sent)
    session.flush()
    session.refresh(sent)
    everybody = alert_rows.all_recipients(session, actor.tenant, message.id)
    queue.deliver(session, actor.tenant, message, everybody, now=now, update_number=number)
    return sent


def _over(session: Session, actor: Actor, message: Message, now: datetime) -> Message:
    message.ended_at, message.ended_by = now, actor.person_id
    areas.end(session, actor, message.area_fence_id, now)
    return _told(session, message)


def _told(session: Session, message: Message) -> Message:
    session.flush()
    tell(session, message.organization_id, message)
    return message
