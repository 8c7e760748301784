"""What can go wrong, said once.

An exception knows its own status. Its docstring is what the caller reads: what is wrong, and what to do. `type` is stable: clients may compare it.
Raise the class itself, or an instance with details: `Conflict("A site with this name exists. Choose another name.")`.
Never put a name, number, position or token into a message.
"""

import inspect
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one field. `field` is a dotted path: `pings.3.latitude`, `query.limit`."""

    field: str
    message: str
    next_step: str | None = None


class MusterError(Exception):
    """Something went wrong on the server. Try again; if it stays, give the request id to the operator."""

    status: ClassVar[int] = 500
    headers: Mapping[str, str]
    errors: Sequence[FieldError]

    def __init__(self, detail: str | None = None, *, errors: Sequence[FieldError] = (), headers: Mapping[str, str] | None = None) -> None:
        self.detail = detail or inspect.cleandoc(type(self).__doc__ or "")
        self.errors = errors
        self.headers = headers or {}
        super().__init__(self.detail)

    @classmethod
    def type_name(cls) -> str:
        """`NotFound` -> `not-found`; the last part of the problem's `type`."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", cls.__name__.removesuffix("Error")).lower()

    @classmethod
    def title(cls) -> str:
        """`NotFound` -> `Not found`."""
        return cls.type_name().replace("-", " ").capitalize()

    def document(self) -> dict[str, Any]:
        """The problem document (RFC 9457), without the request id."""
        document: dict[str, Any] = {
            "type": f"/problems/{self.type_name()}",
            "title": self.title(),
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            document["errors"] = [
                {key: getattr(e, key) for key in ("field", "message", "next_step") if getattr(e, key)} for e in self.errors
            ]
        return document


class Malformed(MusterError):
    """The body is not JSON. Send one JSON document in UTF-8, without NaN or Infinity."""

    status = 400


class BadRequest(MusterError):
    """The request cannot be understood. Check its headers and address."""

    status = 400


class Unauthorized(MusterError):
    """Nobody is signed in, or the credential is wrong, expired or revoked. Sign in again, or enrol the device again."""

    status = 401


class Forbidden(MusterError):
    """Your role may not do this. Ask an owner of your organization."""

    status = 403


class CsrfRefused(MusterError):
    """The request did not prove that it came from this site. Fetch a new token from /api/v1/csrf-token and send it as X-CSRF-Token."""

    status = 403


class PasswordChangeRequired(MusterError):
    """The password was made by somebody else. Choose your own first, then go on."""

    status = 403


class NotFound(MusterError):
    """There is nothing here, or not for you. Check the address."""

    status = 404


class ModuleOff(NotFound):
    """There is nothing here, or not for you. Check the address."""

    @classmethod
    def type_name(cls) -> str:
        """A module that is off cannot be told from one that does not exist."""
        return NotFound.type_name()


class MethodNotAllowed(MusterError):
    """This address does not take that method. The Allow header names those it takes."""

    status = 405


class Conflict(MusterError):
    """This clashes with what is already there. Load it again, look, and choose."""

    status = 409


class PurposeMissing(MusterError):
    """No instruction that holds names the purpose safety, so who is inside may not be used. Let an owner sign one, or choose groups or roles."""

    status = 409


class AlertTooOld(MusterError):
    """This alert was written more than a minute ago and was not sent. Look whether it still holds, then send it again with `confirmed`."""

    status = 409


class VisitOver(MusterError):
    """This visit has ended, so its code opens nothing any more. Ask at the reception, or arrive without a code."""

    status = 409


class VisitNotNow(MusterError):
    """This visit is not for today, or it was cancelled. Look at the date in the invitation, or ask at the reception."""

    status = 409


class AlreadyDone(MusterError):
    """This was done already under this Idempotency-Key; its answer is not kept (it held a secret, or a day has passed). Load what it made, or make a new secret."""

    status = 409


class Unreadable(MusterError):
    """This text can no longer be read: its key was destroyed, or somebody changed it in the database. Nothing brings it back."""

    status = 410


class Stale(MusterError):
    """Somebody changed this since you loaded it. Load it again and repeat your change with the new ETag in If-Match."""

    status = 412


class TooLarge(MusterError):
    """The body is too large. Send less at once."""

    status = 413


class WrongContentType(MusterError):
    """The body has the wrong Content-Type. The detail names those that are taken."""

    status = 415


class Invalid(MusterError):
    """Some fields are wrong; each is named in `errors` with what to do. Nothing was changed."""

    status = 422

    @classmethod
    def of(cls, field: str, message: str, next_step: str | None = None) -> "Invalid":
        """One wrong field."""
        return cls(errors=[FieldError(field, message, next_step)])


class KeyReused(MusterError):
    """This Idempotency-Key was used before with another request. Use a fresh key for a new request."""

    status = 422


class MatchRequired(MusterError):
    """An edit must say which version it changes. Send the ETag you loaded as If-Match."""

    status = 428


class TooMany(MusterError):
    """Too many requests. Wait as long as Retry-After says."""

    status = 429


class Unavailable(MusterError):
    """The database cannot be reached at the moment. Nothing was lost; try again after Retry-After seconds."""

    status = 503
