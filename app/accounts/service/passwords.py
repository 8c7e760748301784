"""Passwords: made, hashed and judged.

Hashes are argon2id in the form, and with the cost, that Flask-Security uses; so it can verify ours and we can verify its own.
"""

import secrets
from collections.abc import Iterable
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from app.errors import Invalid

MIN_LENGTH: Final = 8
MAX_LENGTH: Final = 128
ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"
"""No character that can be read as another one."""
_GUESSABLE: Final = 1
_JUDGED_LENGTH: Final = 64
"""zxcvbn grows slow beyond; a longer password is judged by its beginning."""
_hasher: Final = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4)


def hash_password(password: str) -> str:
    """argon2id; the exact text, nothing cut off."""
    return _hasher.hash(password)


def verify_password(password: str, password_hash: str | None) -> bool:
    """Whether it is right. Takes as long for an account that does not exist (`password_hash` None) as for one that does."""
    decoy = _decoy()
    try:
        _hasher.verify(password_hash or decoy, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def new_code(length: int, group: int) -> str:
    """Random characters in groups: `k7qm-p3xw`. Five bits each, nearly."""
    text = "".join(secrets.choice(ALPHABET) for _ in range(length))
    return "-".join(text[start : start + group] for start in range(0, length, group))


def new_one_time_password() -> str:
    """Nearly 80 random bits, easy to read out."""
    return new_code(16, 4)


def refuse_weak(password: str, words: Iterable[str | None], field: str) -> None:
    """Raises `Invalid` for a password that is too short, too long, well known, or made of the context's own words. No composition rules."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise Invalid.of(field, f"The password must have {MIN_LENGTH} to {MAX_LENGTH} characters", "Three or four words together do well.")
    context = sorted(
        {
            part
            for word in words
            if word
            for part in [word.lower(), *word.lower().replace("@", " ").replace("-", " ").split()]
            if len(part) > 2
        }
    )
    result = zxcvbn(password[:_JUDGED_LENGTH], user_inputs=["muster", *context])
    if result["score"] <= _GUESSABLE:
        raise Invalid.of(
            field, "The password is too easy to guess", "Leave out names, dates and well-known passwords; put three or four words together."
        )


@cache
def _decoy() -> str:
    return _hasher.hash(secrets.token_urlsafe())
