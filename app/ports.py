"""What one domain may ask of another, or of the world, without importing it. Joined in `wiring.py`."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from app.actor import Actor, DeviceClaim, SessionClaim
from app.config import Settings
from app.db.transaction import Database


class Clock(Protocol):
    """What time it is."""

    def now(self) -> datetime:
        """Now, aware, UTC."""


class Identity(Protocol):
    """Who holds a credential. Implemented by accounts. Each answers None when the credential is unknown, ended, revoked or too old."""

    def session(self, token: str, now: datetime) -> SessionClaim | None:
        """The user session this cookie names. Opens its own short identity transaction; global tables only."""

    def member(self, session: Session, claim: SessionClaim, now: datetime) -> Actor | None:
        """The member, with roles and modules, inside the tenant transaction of the claimed organization."""

    def watchers(self, session: Session, organization_id: int, session_ids: Collection[UUID], now: datetime) -> Mapping[UUID, Actor]:
        """The members behind those of the user sessions that are still live, in one query inside the tenant transaction. Not counted as use."""

    def operator(self, session: Session, claim: SessionClaim, now: datetime) -> Actor | None:
        """The operator, inside an identity transaction."""

    def device(self, session: Session, claim: DeviceClaim, now: datetime) -> Actor | None:
        """The device that holds this token, with modules and scopes, inside the tenant transaction of the claimed organization."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery, ready to be handed to a channel. Everything in it is for the recipient's eyes, so none of it may be logged."""

    delivery_id: UUID
    address: str = field(repr=False)
    """E.164, an e-mail address, an Apprise URL, or a push subscription as JSON: {"endpoint", "p256dh", "auth"}."""
    subject: str = field(repr=False)
    text: str = field(repr=False)
    locale: str
    urgent: bool
    expires_at: datetime
    sender_name: str = ""
    reply_url: str | None = field(default=None, repr=False)
    leave_url: str | None = field(default=None, repr=False)
    """Where the recipient stops ordinary messages (RFC 8058)."""
    replaces: str | None = None
    """Deliveries of one message have the same: a push that shows it again replaces the former."""
    reference: str = ""
    """`<organization id>-<delivery id in hex>`: for providers that give a reference of ours back with their receipts, even when their answer to us was lost."""
    calendar: str | None = field(default=None, repr=False)
    """An iCalendar object (RFC 5546), for e-mail."""
    qr: str | None = field(default=None, repr=False)
    """What a QR code in an e-mail holds."""


Verdict = Literal["accepted", "rejected", "retry", "unknown", "gone"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a channel says of one parcel. `unknown`: it may have been sent. `gone`: the address will never work again (a push subscription).

    `provider_ids`: the provider's own ids, one a part, normalized. `reason`: a short code, never what the provider wrote.
    """

    verdict: Verdict
    provider: str
    reason: str | None = None
    provider_ids: tuple[str, ...] = ()
    parts: int = 1
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a provider sent by itself: a receipt, or a text that somebody wrote (`sender`, E.164, and `text`). `raw`: as it came.

    `ref`: the provider's id of our message, normalized like `Outcome.provider_ids`; `reference`: `Parcel.reference`, where it gives that back.
    `status`: accepted, delivered, failed or expired; None when the receipt says nothing new. Taken by `messaging.receipts.take`.
    """

    provider: str
    kind: Literal["receipt", "inbound"]
    raw: bytes = field(repr=False)
    ref: str | None = None
    reference: str = ""
    status: str | None = None
    sender: str = field(default="", repr=False)
    text: str = field(default="", repr=False)


class Channel(Protocol):
    """A way to reach people. May be slow; is never called inside a transaction. Raises nothing but for our own faults."""

    def send(self, parcels: Sequence[Parcel], deadline_s: float) -> Iterator[tuple[UUID, Outcome]]:
        """Each parcel's outcome as soon as it is known, in any order; exactly one for each, `retry` for those not begun after `deadline_s`."""


class ReceiptReader(Protocol):
    """Reads what one provider posts to `/receipts/<its name>`."""

    def read(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes, now: datetime) -> Sequence[Incoming]:
        """What it says. Header names in lower case. Raises `Unauthorized` when its signature is wrong or too old, `Invalid` for nonsense."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """What a stand-in of the demo was handed, opened."""

    channel: str
    at: datetime
    recipient: str
    sender: str
    title: str
    text: str
    link: str | None = None


class Arrivals(Protocol):
    """What arrived at the demo's stand-ins for mail, SMS and push."""

    def recent(self) -> Sequence[Arrived]:
        """The newest first. Empty when the demo has ended."""

    def answer(self, number: str, text: str) -> None:
        """Send a text from one of the numbers that got one."""


class Keyring(Protocol):
    """Seals what an organization's people said, so that only the organization's own requests and deliveries open it (XChaCha20-Poly1305)."""

    def seal(self, session: Session, organization_id: int, plain: bytes, about: bytes) -> bytes:
        """Under the organization's current key, which is made when there is none. `about` (table and column) must be the same when opened."""

    def open(self, session: Session, organization_id: int, sealed: bytes, about: bytes) -> bytes:
        """Raises `Unreadable` when the key was destroyed or the text was tampered with."""


class Fences(Protocol):
    """Which geofences there are, for groups whose people are found by a rule. Implemented by geofences."""

    def in_use(self, session: Session, organization_id: int) -> Collection[UUID]:
        """Those that are not retired."""


Basis = Literal["inside", "clocked_in", "unknown", "left_assumed"]
"""Why somebody is believed on site; the first that holds is said."""


@dataclass(frozen=True, slots=True)
class Believed:
    """Why somebody is believed on site, and at which (its id as text; None: not known where)."""

    basis: Basis
    site_id: str | None


class WhoIsInside(Protocol):
    """Yes or no per fence, for alerts and roll calls. Implemented by attendance; refuses without the purpose safety."""

    def inside(  # noqa: PLR0913 (where, when, who)
        self,
        session: Session,
        organization_id: int,
        fence_ids: Collection[UUID],
        now: datetime,
        *,
        only: Collection[UUID] | None = None,
        surely: bool = False,
    ) -> Mapping[UUID, frozenset[UUID]]:
        """Fence -> people inside or unknown there now (`surely`: inside), as others may see it; `only`: nobody but these is asked about."""

    def on_site(self, session: Session, organization_id: int, now: datetime, *, only: Collection[UUID] | None = None) -> frozenset[UUID]:
        """Everybody believed on any site now: inside or unknown at a fence, or clocked in today and not out."""

    def away(self, session: Session, organization_id: int, person_ids: Collection[UUID], now: datetime) -> frozenset[UUID]:
        """Those of these people who are known to have left and not come back. Of whom nothing is known is not away. Refuses as `inside`."""

    def believed(
        self, session: Session, organization_id: int, now: datetime, *, since: datetime, site_ids: Collection[UUID] | None = None
    ) -> Mapping[str, Believed]:
        """Person (id as text) -> why and where, for a roll call of these sites or of all; `since`: when today began, for who is assumed to have left.

        Without the purpose safety: only who clocked in and not out.
        """

    def looked(self, session: Session, actor: Actor, now: datetime) -> None:
        """Write down, once for each of their sessions, that this member saw who is there: everybody can read that."""


@dataclass(frozen=True, slots=True)
class OnSite:
    """A visitor who is on a site now, or was assumed to have left today."""

    visit_id: UUID
    visitor_id: UUID
    name: str = field(repr=False)
    site_id: UUID
    since: datetime
    state: Literal["on_site", "left_assumed"]


class Visits(Protocol):
    """Which visitors are on site, for alerts. Implemented by visitors. Empty while the module is off."""

    def on_site(
        self, session: Session, organization_id: int, now: datetime, *, site_ids: Collection[UUID] | None = None
    ) -> Sequence[OnSite]:
        """Visitors on these sites (or any) who have arrived and not left; those assumed to have left today are said so."""

    def addresses(self, session: Session, organization_id: int, visitor_ids: Collection[UUID], deps: "Deps") -> Sequence["GuestAddress"]:
        """How these visitors can be reached, whether they can be or not."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is said in one language. `short`: what a text message says instead."""

    subject: str = field(repr=False)
    body: str = field(repr=False)
    short: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class GuestAddress:
    """Somebody who is none of the organization's people, and how they can be reached. `id`: the visitor's."""

    id: UUID
    name: str = field(repr=False)
    locale: str
    telephone: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """What another domain has to tell one person or one guest. `id` makes telling it again the same notice.

    `channels`: in order; the first that the recipient has, and the next at once when it fails. `calendar`: an iCalendar object, `qr`: what a QR code
    holds; both for e-mail. `link`: where to answer. `urgent`: neither quiet hours nor having opted out of ordinary messages hold it back.
    """

    id: UUID
    to: UUID | GuestAddress
    words: Mapping[str, Words]
    channels: Sequence[str]
    expires_at: datetime
    urgent: bool = False
    calendar: str | None = field(default=None, repr=False)
    qr: str | None = field(default=None, repr=False)
    link: str | None = field(default=None, repr=False)
    sender_id: UUID | None = None


class Notifier(Protocol):
    """Tells people and guests, by the road of all messages. Implemented by messaging."""

    def notify(self, session: Session, organization_id: int, notices: Sequence[Notice], now: datetime, deps: "Deps") -> None:
        """Queue them, set-based, in this transaction. A notice that exists is left as it is."""

    def handed_over(self, session: Session, organization_id: int, notice_ids: Collection[UUID]) -> Mapping[UUID, str]:
        """Notice -> how far it came: queued, handed_over, delivered, failed, unreachable."""

    def forget(self, session: Session, organization_id: int, guest_ids: Collection[UUID]) -> None:
        """Delete what is known of these guests, with the notices only they had. Traffic records stay for their own term."""


class Poster(Protocol):
    """Posts to addresses that an organization chose."""

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int | str:
        """The status of the answer; or why there is none: unreachable, refused (by our own wall)."""


@dataclass(frozen=True, slots=True)
class Deps:
    """What routes, jobs and commands need besides a session, an actor and the time."""

    settings: Settings
    database: Database
    clock: Clock
    identity: Identity
    keyring: Keyring
    fences: Fences
    who_is_inside: WhoIsInside
    visits: Visits
    notifier: Notifier
    poster: Poster
    channels: Mapping[str, Channel] = field(default_factory=dict)
    """By name (`core.delivery.CHANNELS`): those that this installation can use."""
    receipt_readers: Mapping[str, ReceiptReader] = field(default_factory=dict)
    """By the provider's name: of those that tell us over HTTP what became of a message."""
    arrivals: Arrivals | None = None
    """In the demo only."""
