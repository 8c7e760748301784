"""What one domain may ask of another, or of the world, without importing it. Joined in `wiring.py`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
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
class Deps:
    """What routes, jobs and commands need besides a session, an actor and the time."""

    settings: Settings
    database: Database
    clock: Clock
    identity: Identity
