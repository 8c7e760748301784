"""What goes in and out of the routes of contacts, templates and messages."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from app.messaging.preferences import Wish
from app.messaging.preview import Preview
from app.messaging.texts import MAX_BODY, MAX_SUBJECT, Text
from app.web.fields import Locale, Name
from app.web.paging import PageQuery
from app.web.parsing import Answer, Day, Moment, Strict, TimeOfDay

Channel = Literal["push", "sms", "email", "apprise"]


def _reaching(channels: list[Channel]) -> list[Channel]:
    if set(channels) == {"apprise"}:
        raise ValueError("Few people have the address of a chat. Name push, sms or email too")
    return channels


Channels = Annotated[list[Channel], Field(min_length=1, max_length=4), AfterValidator(_reaching)]


class TextIn(Strict):
    """Words in one language. The subject is shown by e-mail and push."""

    subject: Annotated[str, Field(max_length=MAX_SUBJECT)] = ""
    body: Annotated[str, Field(max_length=MAX_BODY)]


class WordsOut(Answer):
    """Words in one language."""

    subject: str
    body: str


Texts = Annotated[dict[Locale, TextIn], Field(min_length=1, max_length=2)]
TextsOut = dict[str, WordsOut]


def texts_of(given: dict[Locale, TextIn]) -> dict[str, Text]:
    """As the services take them."""
    return {locale: Text(text.subject.strip(), text.body.strip()) for locale, text in given.items()}


class PreferenceIn(Strict):
    """How somebody wants to be reached. Quiet hours are local times of the organization and may span midnight; both or neither."""

    channels: Annotated[Channels | None, Field(description="In their order; null: the organization's.")] = None
    apprise: Annotated[
        str | None,
        Field(min_length=5, max_length=500, description="An address of a chat as Apprise writes it, of those the operator allows."),
    ] = None
    quiet_from: TimeOfDay | None = None
    quiet_until: TimeOfDay | None = None
    opted_out: Annotated[bool, Field(description="No ordinary messages. Severe actual alerts come all the same.")] = False

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.quiet_from is None) != (self.quiet_until is None):
            raise ValueError("Quiet hours need a beginning and an end")
        if self.quiet_from is not None and self.quiet_from == self.quiet_until:
            raise ValueError("Quiet hours must not end when they begin")
        if self.channels is not None and len(set(self.channels)) != len(self.channels):
            raise ValueError("A channel is named twice")
        return self

    def wish(self) -> Wish:
        """As the service takes it."""
        quiet = (self.quiet_from, self.quiet_until) if self.quiet_from is not None and self.quiet_until is not None else None
        return Wish(None if self.channels is None else tuple(self.channels), quiet, self.opted_out, self.apprise)


class PreferenceOut(Answer):
    """How somebody wants to be reached."""

    channels: list[Channel] | None
    apprise: str | None
    quiet_from: TimeOfDay | None
    quiet_until: TimeOfDay | None
    opted_out_at: datetime | None
    opted_out_by: Literal["person", "stop", "link", "manager"] | None


class ReachOut(Answer):
    """By which channels somebody can be reached at all."""

    push: bool
    sms: bool
    email: bool


class ContactOut(PreferenceOut):
    """Somebody, how they want to be reached and how they can be."""

    id: UUID
    name: str | None
    telephone: str | None
    email: str | None
    locale: str | None
    reach: ReachOut


class ContactsQuery(PageQuery):
    """Whom to list."""

    search: Annotated[str, Field(min_length=1, max_length=100, description="In name, employee number, telephone or e-mail.")] | None = None
    group_id: UUID | None = None
    reach: Annotated[
        Literal["push", "sms", "email", "none"] | None, Field(description="Only who can be reached so; none: by nothing at all.")
    ] = None


class PushKey(Answer):
    """What a browser needs to subscribe: `applicationServerKey`, base64url."""

    public_key: str


class SubscriptionIn(Strict):
    """What `PushSubscription.toJSON()` says, and the browser's name for its owner to know it by."""

    endpoint: Annotated[str, Field(min_length=1, max_length=1_000)]
    p256dh: Annotated[str, Field(min_length=1, max_length=100)]
    auth: Annotated[str, Field(min_length=1, max_length=50)]
    browser: Annotated[str, Field(max_length=100)] = ""


class SubscriptionOut(Answer):
    """A browser that takes pushes."""

    id: UUID
    browser: str
    created_at: datetime
    last_ok_at: datetime | None


class TemplateIn(Strict):
    """A text prepared ahead, with its fields filled in."""

    id: UUID
    fields: Annotated[
        dict[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=1_000)]], Field(max_length=50, default_factory=dict)
    ]


class MessageIn(Strict):
    """An ordinary message. Either words or a template; words in one language are enough.

    `id`: the sender's own, so that sending it again is the same message for ever. `due_at`: when it goes; with `in_their_zone` what clocks show at
    each recipient's site when the organization's show `due_at`.
    """

    id: UUID | None = None
    texts: Texts | None = None
    template: TemplateIn | None = None
    target: Annotated[dict[str, Any], Field(max_length=1, description='Whom it is for, as `{"group": "<id>"}` or `{"any": [...]}`.')]
    channels: Annotated[Channels | None, Field(description="In their order; null: the organization's.")] = None
    due_at: Moment | None = None
    in_their_zone: bool = False
    asks_reply: bool = False

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.texts is None) == (self.template is None):
            raise ValueError("Give either the words or a template")
        return self


class AcceptedOut(Answer):
    """A message that was accepted; everything that must happen is written down."""

    id: UUID
    stage: str
    due_at: datetime | None
    revision: int


class CountOut(Answer):
    """How many people a channel reaches."""

    people: int


class SmsOut(CountOut):
    """All text messages together: `parts` in all, and what they cost. No price is known when `cost_cents` is null."""

    parts: int
    encoding: Literal["gsm", "ucs2"]
    costly_characters: list[str]
    cost_cents: int | None


class ChannelsOut(Answer):
    """Those by which nobody is reached are null."""

    push: CountOut | None = None
    sms: SmsOut | None = None
    email: CountOut | None = None
    apprise: CountOut | None = None


class UnreachableOut(Answer):
    """Somebody who gets nothing, and why."""

    person_id: UUID
    name: str | None
    reason: Literal["no_address", "opted_out"]


class MessagePreviewOut(Answer):
    """What sending would mean. `unreachable` are the first hundred of `unreachable_count`."""

    people: int
    channels: ChannelsOut
    unreachable: list[UnreachableOut]
    unreachable_count: int


def preview_out(found: Preview) -> MessagePreviewOut:
    """As it is answered."""
    counts = {channel: CountOut(people=people) for channel, people in found.by_channel.items() if channel != "sms"}
    return MessagePreviewOut(
        people=found.people,
        channels=ChannelsOut(**counts, sms=None if found.sms is None else SmsOut.model_validate(found.sms)),
        unreachable=[UnreachableOut.model_validate(one) for one in found.unreachable],
        unreachable_count=found.unreachable_count,
    )


class ArchiveQuery(PageQuery):
    """Which messages: to this number or address, between these local days (both included), of this kind."""

    search_number: Annotated[str, Field(min_length=1, max_length=254)] | None = None
    from_: Annotated[Day | None, Field(alias="from")] = None
    until: Day | None = None
    kind: Literal["message", "alert"] | None = None


class MessageLineOut(Answer):
    """A message or alert of a list. `subject`: its first words; null once its words were deleted. `people` null: not yet decided."""

    id: UUID
    kind: Literal["message", "alert"]
    exercise: Literal["actual", "exercise", "test"]
    stage: str
    subject: str | None
    sender: str | None
    created_at: datetime
    due_at: datetime | None
    active_at: datetime | None
    people: int | None


class RepliesCountOut(Answer):
    """How many gave which answer last."""

    safe: int
    need_help: int
    on_my_way: int


class CountsOut(Answer):
    """Numbers of people, of the known people it is for. `handed_over`: a channel took it; `unknown`: it may have been sent."""

    people: int
    handed_over: int
    delivered: int
    failed: int
    unknown: int
    silent: int
    replies: RepliesCountOut


class MessageOut(MessageLineOut):
    """A message with its words and what became of it."""

    texts: TextsOut
    target: dict[str, Any]
    channels: list[Channel]
    in_their_zone: bool
    asks_reply: bool
    ended_at: datetime | None
    counts: CountsOut


class DeliveriesQuery(PageQuery):
    """Of one status only; `not_sent`: to whom nothing could be sent."""

    status: (
        Literal["queued", "submitting", "retry", "unknown", "accepted", "delivered", "failed", "expired", "withdrawn", "not_sent"] | None
    ) = None


class MessageDeliveryOut(Answer):
    """One delivery to one person or one guest, or why there is none."""

    person_id: UUID | None
    guest_id: UUID | None
    name: str | None
    channel: Channel | None
    status: str | None
    reason: str | None
    at: datetime | None
    may_be_double: bool


class TrafficQuery(PageQuery):
    """Which records: to this number or address, between these local days (both included)."""

    address: Annotated[str, Field(min_length=1, max_length=254)] | None = None
    from_: Annotated[Day | None, Field(alias="from")] = None
    until: Day | None = None


class TrafficOut(Answer):
    """Who sent when, by which channel, to which number or address. Never what was said."""

    id: UUID
    at: datetime
    message_id: UUID
    sender: str
    channel: Channel
    address: str
    status: str
    purge_after: date


class TemplatesQuery(PageQuery):
    """In use, or retired."""

    retired: bool = False


class TemplateNew(Strict):
    """Words prepared ahead; `{name}` is a field that is filled in when they are sent, `{{` and `}}` are braces."""

    name: Name
    texts: Texts


class TemplateEdit(Strict):
    """What changes: the name, the words (a new version), or both."""

    name: Name | None = None
    texts: Texts | None = None


class TemplateLineOut(Answer):
    """A template of a list; `number` counts its versions."""

    id: UUID
    name: str
    number: int
    retired_at: datetime | None


class TemplateOut(TemplateLineOut):
    """A template with its newest words and the names of their fields."""

    texts: TextsOut
    fields: list[str]


class TemplateVersionOut(Answer):
    """What a template said at a time."""

    number: int
    texts: TextsOut
    created_at: datetime
    changed_by: UUID | None


class MessagingSettingsIn(Strict):
    """How the organization sends. `plan`: of escalation, empty for the product's own. `content_days`: how long words are kept."""

    channels: Channels
    sender_name: Annotated[str, Field(pattern=r"^[A-Za-z0-9 ]{1,11}$")] | None = None
    approval: bool = False
    countdown_s: Annotated[int, Field(ge=0, le=60)] = 10
    plan: Annotated[dict[str, Any], Field(max_length=8, default_factory=dict)]
    content_days: Annotated[int, Field(ge=1, le=400)] = 90


class MessagingSettingsOut(Answer):
    """How the organization sends."""

    channels: list[Channel]
    sender_name: str | None
    approval: bool
    countdown_s: int
    plan: dict[str, Any]
    content_days: int
