"""Passwords: judged, hashed at the real cost, compared exactly."""

import time
from collections.abc import Iterator
from statistics import median

import pytest
from argon2 import PasswordHasher

from app.accounts.service import passwords
from app.errors import Invalid


@pytest.fixture(autouse=True)
def _real_cost(cheap_hashing: PasswordHasher, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(passwords, "_hasher", cheap_hashing)
    passwords._decoy.cache_clear()
    yield
    passwords._decoy.cache_clear()


@pytest.mark.parametrize("password", ["short", "password1", "qwertyuiop", "aaaaaaaaaaaa", "acme2026", "12345678", "olga owner"])
def test_a_password_that_is_short_known_or_made_of_ones_own_names_is_refused(password: str) -> None:
    with pytest.raises(Invalid):
        passwords.refuse_weak(password, ["Acme", "Olga Owner", "owner@acme"], "new_password")


@pytest.mark.parametrize(
    "password", ["veilig wachtwoord", "ωραία μέρα σήμερα", "0" * 40 + "the quick brown fox", "k" * 3 + "waliteitsmoes " * 8]
)
def test_a_long_password_of_any_characters_is_taken(password: str) -> None:
    passwords.refuse_weak(password[:128], ["Acme"], "new_password")


def test_a_password_of_128_characters_is_compared_to_its_last_one() -> None:
    password = "x" * 127 + "y"
    hashed = passwords.hash_password(password)
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.verify_password(password, hashed)
    assert not passwords.verify_password("x" * 128, hashed)


def test_names_that_exist_and_names_that_do_not_take_equally_long() -> None:
    hashed = passwords.hash_password("a password")

    def took_s(password_hash: str | None) -> float:
        began = time.process_time()
        assert not passwords.verify_password("another one", password_hash)
        return time.process_time() - began

    took_s(None)
    known, unknown = median(took_s(hashed) for _ in range(5)), median(took_s(None) for _ in range(5))
    assert 0.2 < known / unknown < 5
