"""Links that work without login: `/r/<token>` answers a message, `/u/<token>` ends ordinary messages.

A token carries its organization in clear and 128 bits that only this installation can make. That of a reply names a recipient by what is stored of
it (its SHA-256); that of leaving names the person itself, because there is no row to find it by.
"""

import base64
import hashlib
import hmac
import re
from functools import cache
from typing import Final
from uuid import UUID

from app.config import Settings

_BYTES: Final = 16
_REPLY: Final = re.compile(r"r([1-9][0-9]{0,17})-[A-Za-z0-9_-]{22}", re.ASCII)
_LEAVE: Final = re.compile(r"u([1-9][0-9]{0,17})-([A-Za-z0-9_-]{22})([A-Za-z0-9_-]{22})", re.ASCII)


def reply_token(settings: Settings, organization_id: int, recipient_id: UUID) -> str:
    """`r<organization_id>-<22 base64url>`: the same for the same recipient, so that it need not be kept."""
    return f"r{organization_id:d}-{_text(_keyed(settings, 'reply', organization_id, recipient_id))}"


def reply_hash(token: str) -> bytes:
    """What is stored of a reply token."""
    return hashlib.sha256(token.encode()).digest()


def reply_url(settings: Settings, organization_id: int, recipient_id: UUID) -> str:
    """The address that a recipient is sent."""
    return f"{settings.public_url.rstrip('/')}/r/{reply_token(settings, organization_id, recipient_id)}"


def organization_of_reply(token: str) -> int | None:
    """The organization a reply token says it is of; None when it has not the form of one."""
    found = _REPLY.fullmatch(token)
    return int(found[1]) if found else None


def leave_token(settings: Settings, organization_id: int, person_id: UUID) -> str:
    """`u<organization_id>-<22 base64url: the person><22 base64url>`."""
    return f"u{organization_id:d}-{_text(person_id.bytes)}{_text(_keyed(settings, 'leave', organization_id, person_id))}"


def leave_url(settings: Settings, organization_id: int, person_id: UUID) -> str:
    """The address for List-Unsubscribe (RFC 8058)."""
    return f"{settings.public_url.rstrip('/')}/u/{leave_token(settings, organization_id, person_id)}"


def leaver(settings: Settings, token: str) -> tuple[int, UUID] | None:
    """Whose token it is, (organization, person); None when we did not make it."""
    found = _LEAVE.fullmatch(token)
    if found is None:
        return None
    organization_id, person_id = int(found[1]), UUID(bytes=base64.urlsafe_b64decode(found[2] + "=="))
    expected = leave_token(settings, organization_id, person_id)
    return (organization_id, person_id) if hmac.compare_digest(expected.encode(), token.encode()) else None


def _keyed(settings: Settings, what: str, organization_id: int, of: UUID) -> bytes:
    return hmac.digest(_key(settings.secret_key, what), f"{organization_id:d} {of}".encode(), "sha256")[:_BYTES]


@cache
def _key(secret: str, what: str) -> bytes:
    """Once for all, not once for each of ten thousand."""
    return hmac.digest(secret.encode(), f"{what} link".encode(), "sha256")


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
