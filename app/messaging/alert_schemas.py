"""What goes in and out of the routes of alerts, answers and staffing."""

from datetime import datetime, time
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.core.escalation import COUNT, ROUNDS, SECONDS_BETWEEN
from app.core.policy import Circle, Shape
from app.geofences.service import geojson_of
from app.messaging.alert_views import Line, Mine, OfRecipient, Whole
from app.messaging.preview import Preview
from app.messaging.replies import MAX_TEXT, Shown
from app.messaging.schemas import (
    Channel,
    Channels,
    CountsOut,
    MessagePreviewOut,
    RepliesCountOut,
    TemplateIn,
    Texts,
    TextsOut,
    WordsOut,
    preview_out,
)
from app.messaging.staffing import RuleFacts
from app.messaging.texts import Text
from app.web.fields import Name, Weekdays
from app.web.paging import PageQuery
from app.web.parsing import Answer, Moment, Query, Strict, TimeOfDay

ReplyKind = Literal["safe", "need_help", "on_my_way"]
Exercise = Literal["actual", "exercise", "test"]
Severity = Literal["minor", "moderate", "severe", "extreme"]
Stage = Literal["draft", "approval", "scheduled", "countdown", "active", "ended", "cancelled", "expired", "refused"]
State = Literal["silent", "safe", "need_help", "on_my_way", "failed", "unknown", "late", "possibly"]
Document = Annotated[dict[str, Any], Field(max_length=8)]


class AreaIn(Strict):
    """An area drawn for this alert: GeoJSON (longitude first); a circle is a Point with a radius."""

    geometry: dict[str, Any]
    radius_m: Annotated[float | None, Field(gt=0, le=1_000_000)] = None


class QuorumIn(Strict):
    """So many people who answer so are enough."""

    reply: ReplyKind
    count: Annotated[int, Field(ge=COUNT[0], le=COUNT[1])]


class SilenceIn(Strict):
    """What happens when silence outlasts the plan: one of both."""

    tell_sender: Literal[True] | None = None
    group: UUID | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.tell_sender is None) == (self.group is None):
            raise ValueError("Choose one of both")
        return self


class PlanIn(Strict):
    """How an alert goes on while nobody answers; what is left out follows the organization, then the product."""

    channels: Channels | None = None
    seconds_between: Annotated[int | None, Field(ge=SECONDS_BETWEEN[0], le=SECONDS_BETWEEN[1])] = None
    rounds: Annotated[int | None, Field(ge=ROUNDS[0], le=ROUNDS[1])] = None
    on_silence: SilenceIn | None = None
    quorum: QuorumIn | None = None

    def said(self) -> dict[str, Any]:
        """As a document of `core.escalation`, without what was left out."""
        return self.model_dump(mode="json", exclude_none=True)


class DraftIn(Strict):
    """An alert as it is written.

    `target`: leaves {fence}, {area}, {group}, {role}, {site}, {people}, {on_site: true}, {visitors: true or site}, joined by {any: [...]},
    {all: [...]} and {not}.
    """

    exercise: Exercise = "actual"
    severity: Severity = "severe"
    texts: Texts | None = None
    template: TemplateIn | None = None
    target: Annotated[
        Document | None,
        Field(description='`{"area": "drawn"}` is the area sent with it; without one, whoever is in the area is meant beside the target.'),
    ] = None
    area: AreaIn | None = None
    channels: Channels | None = None
    plan: PlanIn | None = None
    asks_reply: bool = True
    late_entry: Annotated[bool, Field(description="Whoever enters while it is active gets it too.")] = True
    expires_at: Annotated[Moment | None, Field(description="Left out: a day after it is sent. A week at most.")] = None


class AlertIn(DraftIn):
    """An alert that is sent, or kept as a `draft`."""

    id: Annotated[UUID | None, Field(description="The client's own: the same id is the same alert for ever.")] = None
    draft: bool = False
    written_at: Annotated[Moment | None, Field(description="More than a minute ago and not `confirmed`: it is not sent.")] = None
    confirmed: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if (self.texts is None) == (self.template is None):
            raise ValueError("An alert has either texts or a template")
        return self


class AlertPreviewOut(MessagePreviewOut):
    """What sending would mean. Of `people`, how many are only `possibly` in the area, and of how many it is `unknown` whether they are still there.

    `visitors`: how many visitors get it besides.
    """

    possibly: int
    unknown: int
    visitors: int


class UpdateIn(Strict):
    """What everybody who had the alert must hear. `all_clear` ends it, `cancel` takes it back."""

    kind: Literal["update", "all_clear", "cancel"] = "update"
    texts: Texts


class AlertsQuery(PageQuery):
    """Of one stage, or of all."""

    stage: Stage | None = None


class RecipientsQuery(PageQuery):
    """In one state, or all."""

    state: State | None = None


class AlertLineOut(Answer):
    """An alert in a list. `people`: how many have it."""

    id: UUID
    exercise: Exercise
    severity: Severity
    stage: Stage
    revision: int
    subject: str | None
    sender_id: UUID | None
    sender: str | None
    created_at: datetime
    due_at: datetime | None
    active_at: datetime | None
    expires_at: datetime | None
    ended_at: datetime | None
    cap_identifier: str | None
    people: int


class TallyOut(CountsOut):
    """The same for an alert, which goes on counting."""

    late: int
    possibly: int


class QuorumOut(Answer):
    """What the alert asks for, and how many gave it."""

    reply: ReplyKind
    count: int
    reached: int


class AreaOut(Answer):
    """An area as it was drawn: GeoJSON (longitude first); a circle is a Point with a radius."""

    geometry: dict[str, Any]
    radius_m: float | None


class UpdateOut(Answer):
    """What was sent later."""

    number: int
    kind: Literal["update", "all_clear", "cancel"]
    texts: TextsOut
    at: datetime
    sender: str | None


class AlertOut(AlertLineOut):
    """An alert with all that is known of it. `texts` are empty once their term is over."""

    texts: TextsOut
    target: dict[str, Any]
    channels: list[Channel]
    plan: dict[str, Any]
    asks_reply: bool
    late_entry: bool
    area_fence_id: UUID | None
    area: Annotated[AreaOut | None, Field(description="What was drawn, while it is a draft or waits for a second person.")]
    approved_by: UUID | None
    tally: TallyOut
    quorum: QuorumOut | None
    updates: list[UpdateOut]


class DeliveryOut(Answer):
    """One try to reach somebody. `at`: when that status began, as far as it is known."""

    channel: Channel
    status: str
    reason: str | None
    at: datetime
    may_be_double: bool
    update_number: int
    step: int


class RecipientOut(Answer):
    """Somebody who is meant. `possibly`: their geofence only touches the area. `unreachable`: why nothing could be sent at all."""

    person_id: UUID | None
    guest_id: UUID | None
    name: str | None
    reply: ReplyKind | None
    replied_at: datetime | None
    late: bool
    possibly: bool
    unreachable: str | None
    deliveries: list[DeliveryOut]


class ReplyIn(Strict):
    """My answer. `said_at`: when I gave it, by my own clock; left out: now."""

    reply: ReplyKind
    text: Annotated[str | None, Field(max_length=MAX_TEXT)] = None
    said_at: Moment | None = None


class ReplyOut(Answer):
    """An answer that was recorded. `stage`: how the alert stands; the answer counts however it does."""

    id: UUID
    reply: ReplyKind
    said_at: datetime
    stage: Stage


class MineUpdateOut(Answer):
    """What was said later."""

    kind: Literal["update", "all_clear", "cancel"]
    subject: str
    body: str
    at: datetime


class MineOut(Answer):
    """What I got, in my language; empty words once their term is over."""

    id: UUID
    kind: Literal["message", "alert"]
    exercise: Exercise
    severity: Severity
    stage: Stage
    subject: str
    body: str
    at: datetime
    asks_reply: bool
    reply: ReplyKind | None
    replied_at: datetime | None
    updates: list[MineUpdateOut]


class InboxQuery(PageQuery):
    """Everything, or only what belongs to no message, or to this one."""

    unmatched: bool = False
    message_id: UUID | None = None


class InboxOut(Answer):
    """What came in. `sender`: the number, when it is nobody's."""

    id: UUID
    message_id: UUID | None
    person_id: UUID | None
    name: str | None
    sender: str | None
    kind: Literal["safe", "need_help", "on_my_way", "text", "stop", "start", "unknown"]
    channel: Literal["app", "link", "sms", "email"]
    text: str | None
    said_at: datetime
    read_at: datetime | None


class RuleIn(Strict):
    """At least so many of a group inside a geofence during weekly hours. An end at or before the start is on the next day."""

    name: Name
    group_id: UUID
    fence_id: UUID
    at_least: Annotated[int, Field(ge=1, le=10_000)]
    weekdays: Weekdays
    starts_at: TimeOfDay
    ends_at: TimeOfDay
    warns_group_id: UUID

    def facts(self) -> RuleFacts:
        """As the service takes it."""
        return RuleFacts(**self.model_dump(exclude={"weekdays"}), weekdays=tuple(self.weekdays))


class RuleChange(Strict):
    """The fields that change; `retired`: out of use, or back into use."""

    name: Name | None = None
    group_id: UUID | None = None
    fence_id: UUID | None = None
    at_least: Annotated[int | None, Field(ge=1, le=10_000)] = None
    weekdays: Weekdays | None = None
    starts_at: TimeOfDay | None = None
    ends_at: TimeOfDay | None = None
    warns_group_id: UUID | None = None
    retired: bool | None = None


class RulesQuery(PageQuery):
    """In use, or retired."""

    retired: bool = False


class RuleOut(Answer):
    """A staffing rule. `below_since`: since when there are too few."""

    id: UUID
    name: str
    group_id: UUID
    fence_id: UUID
    at_least: int
    weekdays: list[int]
    starts_at: time
    ends_at: time
    warns_group_id: UUID
    below_since: datetime | None
    retired_at: datetime | None


class CapQuery(Query):
    """In which language the feed is titled."""

    locale: Literal["nl", "en"] = "nl"


def line(shown: Line) -> AlertLineOut:
    """An alert of a list."""
    return AlertLineOut(**_line(shown))


def alert(shown: Whole) -> AlertOut:
    """One alert."""
    message = shown.line.message
    return AlertOut(
        **_line(shown.line),
        texts=_texts(shown.line.texts),
        **{name: getattr(message, name) for name in ("target", "channels", "plan", "asks_reply", "late_entry")},
        area_fence_id=message.area_fence_id,
        area=_area(shown.area) if shown.area else None,
        approved_by=message.approved_by,
        tally=TallyOut.model_validate(shown.tally | {"replies": RepliesCountOut(**shown.tally["replies"])}),
        quorum=QuorumOut(**shown.quorum) if shown.quorum else None,
        updates=[
            UpdateOut.model_validate(
                {
                    "number": sent.update.number,
                    "kind": sent.update.kind,
                    "texts": _texts(sent.texts),
                    "at": sent.update.created_at,
                    "sender": sent.sender,
                }
            )
            for sent in shown.updates
        ],
    )


def preview(found: Preview, possibly: int, unknown: int, visitors: int) -> AlertPreviewOut:
    """What sending would mean."""
    return AlertPreviewOut(**dict(preview_out(found)), possibly=possibly, unknown=unknown, visitors=visitors)


def recipient(shown: OfRecipient) -> RecipientOut:
    """One recipient."""
    row = shown.row
    return RecipientOut(
        **{name: getattr(row, name) for name in ("person_id", "guest_id", "reply", "replied_at", "late", "possibly", "unreachable")},
        name=shown.name,
        deliveries=[
            DeliveryOut.model_validate(
                {
                    **{name: getattr(one, name) for name in ("channel", "status", "reason", "may_be_double", "update_number", "step")},
                    "at": one.settled_at or one.handed_over_at or one.submitted_at or one.due_at,
                }
            )
            for one in shown.deliveries
        ],
    )


def mine(shown: Mine) -> MineOut:
    """What I got."""
    message, text = shown.message, shown.text or Text("", "")
    return MineOut(
        kind="alert" if message.kind == "alert" else "message",  # a notice is a message to its one reader
        **{name: getattr(message, name) for name in ("id", "exercise", "severity", "stage", "asks_reply")},
        subject=text.subject,
        body=text.body,
        at=shown.recipient.created_at,
        reply=shown.recipient.reply,
        replied_at=shown.recipient.replied_at,
        updates=[
            MineUpdateOut.model_validate({"kind": kind, "subject": words.subject, "body": words.body, "at": at})
            for kind, words, at in shown.updates
        ],
    )


def inbox(shown: Shown) -> InboxOut:
    """One line of the inbox."""
    fields = ("id", "message_id", "person_id", "kind", "channel", "said_at", "read_at")
    return InboxOut(**{name: getattr(shown.reply, name) for name in fields}, name=shown.name, sender=shown.sender, text=shown.text)


def _line(shown: Line) -> dict[str, Any]:
    fields = ("id", "exercise", "severity", "stage", "revision", "sender_id", "created_at", "due_at", "active_at", "expires_at", "ended_at")
    given = {name: getattr(shown.message, name) for name in (*fields, "cap_identifier")}
    return given | {"subject": shown.subject, "sender": shown.sender, "people": shown.people}


def _area(shape: Shape) -> AreaOut:
    return AreaOut(geometry=geojson_of(shape), radius_m=shape.radius_m if isinstance(shape, Circle) else None)


def _texts(texts: Any) -> TextsOut:  # noqa: ANN401 (locale -> words)
    return {locale: WordsOut(subject=text.subject, body=text.body) for locale, text in texts.items()}
