"""The `Identity` port: who holds a credential. Roles, modules and scopes are read anew in every request, so a change holds from the next one on."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.queries import identity as queries
from app.accounts.queries import watching
from app.accounts.service.sessions import SHARED_IDLE, claim_of
from app.actor import Actor, DeviceClaim, Role, SessionClaim
from app.config import Settings
from app.db.transaction import Database


class AccountsIdentity:
    """See `app.ports.Identity`."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    def session(self, token: str, now: datetime) -> SessionClaim | None:
        """See `ports.Identity`."""
        with self._database.identity() as session:
            return claim_of(session, token, now, self._settings)

    def member(self, session: Session, claim: SessionClaim, now: datetime) -> Actor | None:  # noqa: ARG002 (the port gives the time)
        """See `ports.Identity`."""
        if claim.organization_id is None:
            return None
        found = queries.member_actor(session, claim.organization_id, claim.user_id)
        if found is None:
            return None
        return Actor(
            "member",
            frozenset(cast("list[Role]", found.roles)),
            claim.organization_id,
            found.person_id,
            claim.user_id,
            claim.session_id,
            modules=frozenset(found.modules),
            must_change_password=found.must_change_password,
        )

    def watchers(self, session: Session, organization_id: int, session_ids: Collection[UUID], now: datetime) -> Mapping[UUID, Actor]:
        """See `ports.Identity`."""
        idle = (timedelta(minutes=self._settings.session_idle_minutes), SHARED_IDLE)
        return {
            row.session_id: Actor(
                "member",
                frozenset(cast("list[Role]", row.roles)),
                organization_id,
                row.person_id,
                row.user_id,
                row.session_id,
                modules=frozenset(row.modules),
                must_change_password=row.must_change_password,
            )
            for row in watching.watchers(session, organization_id, session_ids, now, idle)
        }

    def operator(self, session: Session, claim: SessionClaim, now: datetime) -> Actor | None:  # noqa: ARG002 (the port gives the time)
        """See `ports.Identity`."""
        account = queries.account(session, claim.user_id)
        if account is None or not account.operator or not account.active or claim.organization_id is not None:
            return None
        return Actor(
            "operator",
            frozenset({"operator"}),
            user_id=claim.user_id,
            session_id=claim.session_id,
            must_change_password=account.must_change_password,
        )

    def device(self, session: Session, claim: DeviceClaim, now: datetime) -> Actor | None:  # noqa: ARG002 (the port gives the time)
        """See `ports.Identity`."""
        found = queries.device_actor(session, claim.organization_id, claim.token_sha256)
        if found is None:
            return None
        return Actor(
            "device",
            frozenset({"device"}),
            claim.organization_id,
            found.person_id,
            device_id=found.id,
            modules=frozenset(found.modules),
            scopes=frozenset(found.scopes),
        )
