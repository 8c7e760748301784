"""Who is calling, and the form of a device's credential."""

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from typing import Final, Literal, get_args
from uuid import UUID

Kind = Literal["member", "device", "operator", "anonymous"]
MemberRole = Literal["owner", "manager", "sender", "responder", "reception", "employee", "privacy_officer"]
Role = Literal[MemberRole, "device", "operator", "anonymous"]
"""Roles of a member, then the three pseudo roles."""
MEMBER_ROLES: Final[tuple[MemberRole, ...]] = get_args(MemberRole)

_TOKEN: Final = re.compile(r"m([1-9][0-9]{0,17})\.([A-Za-z0-9_-]{43})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is calling: a claim that was checked inside the transaction. `organization_id` is None for operators and anonymous callers only."""

    kind: Kind
    roles: frozenset[Role] = frozenset()
    organization_id: int | None = None
    person_id: UUID | None = None
    user_id: UUID | None = None
    session_id: UUID | None = None
    device_id: UUID | None = None
    modules: frozenset[str] = frozenset()
    """Modules that are on for the organization."""
    scopes: frozenset[str] = frozenset()
    """What a device's token is for; empty for everybody else."""
    must_change_password: bool = False

    @property
    def tenant(self) -> int:
        """The organization; `LookupError` for callers that belong to none (a fault of the route's guard)."""
        if self.organization_id is None:
            raise LookupError("this actor belongs to no organization")
        return self.organization_id


ANONYMOUS: Final = Actor("anonymous", frozenset({"anonymous"}))


@dataclass(frozen=True, slots=True)
class SessionClaim:
    """A live user session: whose it is and which organization it entered (None: an operator's). Roles are not known yet."""

    session_id: UUID
    user_id: UUID
    organization_id: int | None


@dataclass(frozen=True, slots=True)
class DeviceClaim:
    """What a device says it is, not yet believed: its organization, and the SHA-256 of its token."""

    organization_id: int
    token_sha256: bytes = field(repr=False)

    @classmethod
    def read(cls, token: str) -> "DeviceClaim | None":
        """The claim in a token's text, or None when it does not have the form of a token."""
        match = _TOKEN.fullmatch(token)
        return cls(int(match[1]), hashlib.sha256(token.encode()).digest()) if match else None


def new_device_token(organization_id: int) -> tuple[str, bytes]:
    """A fresh token `m<organization_id>.<256 random bits in base64url>`, shown once, and its SHA-256, which is stored."""
    token = f"m{organization_id:d}.{secrets.token_urlsafe(32)}"
    return token, hashlib.sha256(token.encode()).digest()
