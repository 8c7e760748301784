"""Flask-Security under our accounts, passwords and sessions."""

import flask_security
from flask import Flask
from flask.testing import FlaskClient
from flask_security import current_user

from app.accounts.service import passwords
from tests.accounts.scene import Tenant


def test_flask_security_verifies_our_hashes_and_we_verify_its_own(app: Flask) -> None:
    with app.app_context():
        assert flask_security.verify_password("een paard", passwords.hash_password("een paard"))
        made = flask_security.hash_password("een paard")
        assert made.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
        assert passwords.verify_password("een paard", made)


def test_the_current_user_is_whoever_our_own_session_says_until_it_ends(owner: FlaskClient, tenant: Tenant) -> None:
    with owner:
        owner.get("/api/v1/session")
        assert current_user.is_authenticated
        assert not current_user.roles
    with owner:
        owner.delete("/api/v1/session")
        assert not current_user.is_authenticated


def test_flask_security_brings_no_routes_of_its_own(app: Flask) -> None:
    assert not [rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("security")]
