"""What goes in and out of the routes of contacts, templates and messages."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.messaging.preferences import Wish
from app.messaging.texts import MAX_BODY, MAX_SUBJECT, Text
from app.web.fields import Locale
from app.web.paging import PageQuery
from app.web.parsing import Answer, Strict, TimeOfDay

Channel = Literal["push", "sms", "email", "apprise"]
Channels = Annotated[list[Channel], Field(min_length=1, max_length=4)]


class TextIn(Strict):
    """Words in one language. The subject is shown by e-mail and push."""

    subject: Annotated[str, Field(max_length=MAX_SUBJECT)] = ""
    body: Annotated[str, Field(max_length=MAX_BODY)]


class TextOut(Answer):
    """Words in one language."""

    subject: str
    body: str


Texts = Annotated[dict[Locale, TextIn], Field(min_length=1, max_length=2)]
TextsOut = dict[str, TextOut]


def texts_of(given: dict[Locale, TextIn]) -> dict[str, Text]:
    """As the services take them."""
    return {locale: Text(text.subject.strip(), text.body.strip()) for locale, text in given.items()}


class PreferenceIn(Strict):
    """How somebody wants to be reached. Quiet hours are local times of the organization and may span midnight; both or neither."""

    channels: Annotated[Channels | None, Field(description="In their order; null: the organization's.")] = None
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
        return Wish(None if self.channels is None else tuple(self.channels), quiet, self.opted_out)


class PreferenceOut(Answer):
    """How somebody wants to be reached."""

    channels: list[Channel] | None
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
