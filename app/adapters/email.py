"""E-mail over SMTP, with TLS: several connections for a batch, each for many mails.

What a server may have taken is told apart from what it certainly has not: until the dot that ends a mail has left us, it has not. After the dot,
no answer, or one that means nothing, is `unknown`.
"""

import smtplib
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final, cast
from urllib.parse import urlsplit
from uuid import UUID

import structlog

from app.adapters.email_text import compose, mailbox, sender_of
from app.adapters.lanes import Send, spread
from app.adapters.outbound import DOWN_S, Line, Unreachable, Wall
from app.config import Settings, SmtpProvider
from app.ports import Clock, Outcome, Parcel

LANES, PARCELS_A_LANE = 4, 8
SETUP_S, TALK_S, AFTER_DOT_S, GOODBYE_S = 5.0, 5.0, 8.0, 1.0
"""Of patience for a connection that is signed in; for a mail until its last dot; for the answer to it (some servers look for viruses first); for QUIT.
With the deadline of a batch they stay below the lease of a delivery."""
CLOSING: Final = 421
REFUSES_US: Final = frozenset({530, 534, 535, 538})

_log = structlog.get_logger("email")


class NotTaken(Exception):
    """The server has not taken the mail. Its code: 4xx for now, 5xx for ever."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class AfterDot(Exception):
    """The whole mail has left us, and the server said nothing that means yes or no."""


class _Upgrade:
    """TLS within an open connection, as `smtplib` asks for it."""

    def __init__(self, wall: Wall) -> None:
        self._wall = wall

    def wrap_socket(self, line: Line, server_hostname: str) -> Line:
        secured = Line(self._wall.secured(line.plain, server_hostname))
        secured.allow(line.left_s)
        return secured


class Connection(smtplib.SMTP):
    """One connection to one server, signed in."""

    def __init__(self, provider: SmtpProvider, wall: Wall, greeting: str) -> None:
        """Raises `OSError`, `smtplib.SMTPException` or `Unreachable`."""
        super().__init__(local_hostname=greeting)
        self._provider, self._wall = provider, wall
        self._host = provider.host  # what the certificate must say after STARTTLS
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        code, _ = self.connect(self._provider.host, self._provider.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, b"")
        if self._provider.tls == "start":
            self.starttls(context=cast("ssl.SSLContext", _Upgrade(self._wall)))
        if self._provider.user is not None:
            self.login(self._provider.user, self._provider.password or "")
        else:
            self.ehlo_or_helo_if_needed()

    def _get_socket(self, host: str, port: int, timeout: float) -> Line:  # noqa: ARG002  (as `connect` calls it)
        ends = time.monotonic() + SETUP_S
        line = Line(self._wall.connect(host, port, tls=self._provider.tls == "implicit", timeout_s=SETUP_S))
        line.allow(ends - time.monotonic())
        return line

    @property
    def line(self) -> Line:
        """What it speaks over."""
        return cast("Line", self.sock)

    def hand_over(self, sender: str, recipient: str, mail: bytes) -> None:
        """One mail. Raises `NotTaken`, `AfterDot`, or (with nothing taken) `OSError` or `smtplib.SMTPException`."""
        self.line.allow(TALK_S)
        self._say(self.mail(sender)[0], "sender")
        self._say(self.rcpt(recipient)[0], "recipient")
        self._say(self.docmd("data")[0], "data", 354)
        self.send(b"".join(b"." * line.startswith(b".") + line for line in mail.splitlines(keepends=True)) + b".\r\n")
        self.line.allow(AFTER_DOT_S)
        try:
            code, _ = self.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise AfterDot from error
        if not 400 <= code < 600:
            if not 200 <= code < 300:
                raise AfterDot
            return
        raise NotTaken(code, "mail")

    def _say(self, code: int, reason: str, wanted: int = 250) -> None:
        if code != wanted and not (wanted == 250 and code == 251):
            raise NotTaken(code, reason)


class EmailChannel:
    """Mails through one server."""

    def __init__(self, provider: SmtpProvider, settings: Settings, clock: Clock) -> None:
        self._provider, self._clock = provider, clock
        self._from = settings.email_from or ""
        self._wall = Wall((provider.host,), settings.outbound_private, ca=settings.outbound_ca)
        host = urlsplit(settings.public_url).hostname or "localhost"
        self._greeting = f"[{host}]" if host.replace(".", "").isdigit() else host
        self._down_until = 0.0

    def send(self, parcels: Sequence[Parcel], deadline_s: float) -> Iterator[tuple[UUID, Outcome]]:
        """Each parcel's outcome, as soon as it is known."""
        lanes = min(LANES, -(-len(parcels) // PARCELS_A_LANE))
        return spread(parcels, deadline_s, lanes, self._lane, Outcome("retry", self._provider.name, "deadline"))

    @contextmanager
    def _lane(self) -> Iterator[Send]:
        lane = _Lane(self)
        try:
            yield lane.mail
        finally:
            lane.close()

    def connect(self) -> Connection:
        """A connection, signed in. Raises `Unreachable`; at once when there was none a moment ago."""
        if self._down_until > time.monotonic():
            raise Unreachable("down", sent=False)
        try:
            return Connection(self._provider, self._wall, self._greeting)
        except smtplib.SMTPAuthenticationError as error:
            _log.error("mail_server_refuses_our_account", provider=self._provider.name, status=error.smtp_code)
            why = "our_account"
        except (OSError, smtplib.SMTPException, Unreachable) as error:
            _log.warning("mail_server_away", provider=self._provider.name, error=type(error).__name__)
            why = "unreachable"
        self._down_until = time.monotonic() + DOWN_S
        raise Unreachable(why, sent=False)

    def letter(self, parcel: Parcel) -> tuple[str, str, bytes]:
        """Sender, recipient and the mail. Raises `ValueError` for an address that is none."""
        sender, recipient = sender_of(self._from, parcel.sender_name), mailbox(parcel.address)
        return sender.addr_spec, recipient.addr_spec, compose(parcel, sender, recipient, self._clock.now())

    def outcome(self, error: NotTaken) -> Outcome:
        """What a server's no means."""
        if error.code in REFUSES_US or (error.reason == "sender" and error.code >= 500):
            _log.error("mail_server_refuses_our_account", provider=self._provider.name, status=error.code)
            return Outcome("retry", self._provider.name, "our_account")
        reason = f"{error.reason}_{error.code}" if 400 <= error.code < 600 else "nonsense"
        return Outcome("rejected" if 500 <= error.code < 600 else "retry", self._provider.name, reason)

    def said(self, parcel: Parcel, lane: "_Lane") -> Outcome:
        """What became of one parcel."""
        if parcel.expires_at <= self._clock.now():
            return Outcome("rejected", self._provider.name, "expired")
        try:
            letter = self.letter(parcel)
        except (ValueError, UnicodeError):
            return Outcome("rejected", self._provider.name, "invalid_address")
        try:
            lane.connection().hand_over(*letter)
        except NotTaken as error:
            lane.after(closing=error.code == CLOSING or not 400 <= error.code < 600)
            return self.outcome(error)
        except AfterDot:
            lane.after(closing=True)
            return Outcome("unknown", self._provider.name, "no_answer")
        except (OSError, smtplib.SMTPException, Unreachable):
            lane.after(closing=True)
            return Outcome("retry", self._provider.name, "unreachable")
        lane.after(closing=False)
        return Outcome("accepted", self._provider.name)


class _Lane:
    """A thread's own connection, opened when it is needed."""

    def __init__(self, channel: EmailChannel) -> None:
        self._channel, self._connection = channel, cast("Connection | None", None)

    def mail(self, parcel: Parcel) -> Outcome:
        return self._channel.said(parcel, self)

    def connection(self) -> Connection:
        if self._connection is None:
            self._connection = self._channel.connect()
        return self._connection

    def after(self, *, closing: bool) -> None:
        """Be ready for the next mail."""
        if self._connection is None:
            return
        try:
            if closing or self._connection.rset()[0] != 250:
                self._drop()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def close(self) -> None:
        if self._connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._connection.line.allow(GOODBYE_S)
                self._connection.quit()
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
