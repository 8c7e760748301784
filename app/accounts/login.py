"""Flask-Security, headless: the engine for second factors and recovery, on our accounts and our sessions. None of its routes or pages.

1. Its hashes are ours: argon2id, once, without a pepper (see `service/passwords.py`), so either side verifies what the other made.
2. `current_user` is whoever our own user session says. Flask-Login's own cookie entries are never written, so an ended session is ended here too.
3. Its datastore commits by itself; ours only flushes: transactions end in `app/db/transaction.py`.
4. Flask-Principal would look up the caller before every request, pings included. Guards do that; its loaders are taken off.
"""

from typing import Any, Final

from flask import Flask, Request
from flask import session as cookie
from flask_security import RoleMixin, Security, UserDatastore, UserMixin
from sqlalchemy.orm import Session

from app.accounts.service import sessions
from app.web.guards import SESSION_KEY
from app.web.route import current_deps

CONFIG: Final = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
    "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
    "SECURITY_PASSWORD_SALT": "unused: argon2id salts by itself",
    "SECURITY_SEND_REGISTER_EMAIL": False,
}


class Account(UserMixin):
    """An account as Flask-Security knows one. It has no roles there: roles belong to an organization."""

    fs_uniquifier = ""

    def __init__(self, account: Any) -> None:  # noqa: ANN401 (a row of accounts, whose tables are private to its services)
        self.id = account.id
        self.fs_uniquifier = account.fs_uniquifier
        self.password = account.password_hash
        self.active = account.active
        self.roles: list[RoleMixin] = []


class FlushOnly(UserDatastore):
    """What Flask-Security may do with our tables: write within a transaction that somebody else ends."""

    def __init__(self, session: Session | None = None) -> None:
        super().__init__(Account, RoleMixin)
        self._session = session

    def commit(self) -> None:
        """Flush."""
        if self._session:
            self._session.flush()


def attach(app: Flask) -> None:
    """Put Flask-Security under the application."""
    app.config.update(CONFIG)
    security = Security()
    security.init_app(app, FlushOnly(), register_blueprint=False)
    security.principal.identity_loaders.clear()

    def load(_request: Request) -> Account | None:
        token, deps = cookie.get(SESSION_KEY), current_deps()
        claim = deps.identity.session(token, deps.clock.now()) if isinstance(token, str) else None
        if claim is None:
            return None
        with deps.database.identity() as session:
            return Account(sessions.get_account(session, claim.user_id))

    security.login_manager.request_loader(load)
